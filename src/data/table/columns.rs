//! What each column of a table is for: values to learn, classes, identities, times, or nothing.

use super::classes::unique;
use super::numbers::Numbers;
use super::reading::Reading;
use super::{Column, Kind, Table, WIDE};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Learned.
    Value,
    /// The class of each row.
    Class,
    /// Numbers rows, or says to which recording a row belongs: pieces never reach from one into another.
    Id,
    /// Says when a row was. Rows stand in their order already.
    Time,
    /// Left out.
    Out,
}

/// As many classes as a generator of a tab's size tells apart.
pub const MOST_CLASSES: usize = 64;

/// What the numbers of a column are like.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Facts {
    /// Different ones, at most one more than [`MOST_CLASSES`].
    distinct: usize,
    whole: bool,
    /// The same step upwards from row to row.
    steady: bool,
    /// The step is one.
    counting: bool,
    rising: bool,
    /// Upwards nearly always: over and over again, as the times of several recordings.
    climbing: bool,
    /// Most rows of one word or number in a row.
    run: usize,
    /// No number and no word occurs twice.
    unique: bool,
}

fn facts(column: &Column) -> Facts {
    if column.kind != Kind::Number {
        let mut seen: Vec<&str> = Vec::with_capacity(MOST_CLASSES + 1);
        for word in column.words.iter().filter(|word| !word.is_empty()) {
            if !seen.contains(&word) {
                seen.push(word);
            }
            if seen.len() > MOST_CLASSES {
                break;
            }
        }
        // Fewer words than can be counted here and more rows: some occur twice.
        let unique = (seen.len() > MOST_CLASSES || seen.len() == column.words.len()) && unique(column);
        return Facts { distinct: seen.len(), unique, run: longest(column.words.iter()), ..Facts::default() };
    }
    let (mut seen, mut full) = (Vec::with_capacity(MOST_CLASSES + 1), true);
    let (mut step, mut count, mut up, mut near, mut whole) = (0.0, 0usize, 0usize, 0usize, true);
    let mut before: Option<f64> = None;
    for value in column.numbers.iter() {
        if !value.is_finite() {
            full = false;
            continue;
        }
        if let Some(before) = before {
            let found = value - before;
            step = if count == 1 { found } else { step };
            up += usize::from(found > 0.0);
            near += usize::from((found - step).abs() <= 1e-3 * step.abs());
        }
        (before, count) = (Some(value), count + 1);
        whole &= value.fract() == 0.0;
        if seen.len() <= MOST_CLASSES && !seen.contains(&value) {
            seen.push(value);
        }
    }
    let pairs = count.saturating_sub(1);
    let whole_column = full && count > 2;
    let rising = whole_column && up == pairs;
    let steady = whole_column && step > 0.0 && near == pairs;
    let climbing = whole_column && up * 10 >= pairs * 9;
    let run = longest(column.numbers.iter());
    // Asked of identities only: many numbers take their time.
    let unique = rising || (is_id(&column.name) && unique(column));
    Facts { distinct: seen.len(), whole, steady, counting: steady && step == 1.0, rising, climbing, run, unique }
}

/// How many different ones there are.
pub fn distinct<T: Ord>(mut cells: Vec<T>) -> usize {
    cells.sort_unstable();
    cells.dedup();
    cells.len()
}

/// The length of the longest run of equal neighbours.
fn longest<T: PartialEq>(cells: impl Iterator<Item = T>) -> usize {
    let (mut longest, mut run, mut before) = (0, 0, None);
    for cell in cells {
        run = if before.as_ref() == Some(&cell) { run + 1 } else { 1 };
        longest = longest.max(run);
        before = Some(cell);
    }
    longest
}

/// Letters of a name that are looked at.
const SPOKEN: usize = 1000;

/// A name in small letters, without the marks that people put between words.
fn plain(name: &str) -> String {
    let name: String = name.chars().take(SPOKEN).collect();
    name.to_lowercase().chars().filter(|c| c.is_alphanumeric() || *c == '#').collect()
}

fn is_class(name: &str) -> bool {
    let name = plain(name);
    let within = ["class", "label", "類別", "標籤", "分類", "種類"].iter().any(|word| name.contains(word));
    within
        || ["target", "species", "category", "activity", "outcome", "kind", "y", "類", "目標"].contains(&name.as_str())
}

/// `user_id`, `userId`, `USER-ID`; a word that ends so, as a grid does, is none.
fn ends_as_id(name: &str) -> bool {
    let letters: Vec<char> = name.trim().chars().collect();
    let [.., before, i, d] = letters[..] else { return false };
    let humps = before.is_lowercase() && i == 'I';
    i.eq_ignore_ascii_case(&'i') && d.eq_ignore_ascii_case(&'d') && (!before.is_alphabetic() || humps)
}

/// Names of identities, as `plain` leaves them.
const IDS: &str = "id userid patientid subjectid sampleid caseid recordid sessionid deviceid sensorid \
    customerid clientid studentid rowid objectid fid gid uid pid sid uuid idx index no nr # \
    row rows rownames unnamed0 編號 序號 subject patient case sample";

fn is_id(name: &str) -> bool {
    let ends = ends_as_id(name);
    let name = plain(name);
    ends || IDS.split_whitespace().any(|id| id == name)
}

fn is_time(name: &str) -> bool {
    let name = plain(name);
    let starts = ["date", "time", "timestamp", "datetime", "日期", "時間"].iter().any(|word| name.starts_with(word));
    starts
        || [
            "t", "day", "hour", "year", "month", "week", "second", "seconds", "sec", "s", "ms", "utc", "epoch", "年",
            "年份", "月份",
        ]
        .contains(&name.as_str())
}

fn is_calendar(name: &str) -> bool {
    ["year", "month", "day", "hour", "minute", "weekday", "年", "月", "日", "時", "分"].contains(&plain(name).as_str())
}

/// Names that only count the columns: none at all, numbers, or one stem with numbers.
pub fn numbered(names: &[&str]) -> bool {
    let stem =
        |name: &str| name.trim_end_matches(|c: char| c.is_ascii_digit() || ".:_- []()".contains(c)).to_lowercase();
    let Some(first) = names.first().map(|name| stem(name)) else { return true };
    let same = names.iter().all(|name| stem(name) == first);
    same && names.iter().all(|name| name.is_empty() || name.bytes().any(|byte| byte.is_ascii_digit()))
}

/// The roles that the columns of a table probably have, if it is read in one of the ways for sequences of `length` steps.
pub fn roles(table: &Table, reading: Reading, length: usize) -> Vec<Role> {
    let facts = table.facts.get_or_init(|| table.columns.iter().map(facts).collect());
    let rows = table.rows;
    let few = |at: usize| {
        (2..=MOST_CLASSES).contains(&facts[at].distinct)
            && (facts[at].distinct * 2 <= rows || facts[at].distinct < 3 && rows > 2)
    };
    let mut roles: Vec<Role> = Vec::with_capacity(facts.len());
    for (at, column) in table.columns.iter().enumerate() {
        let named = !column.name.is_empty();
        let fact = &facts[at];
        roles.push(match column.kind {
            Kind::Empty => Role::Out,
            Kind::Date => Role::Time,
            Kind::Word if is_id(&column.name) || (fact.unique && !is_class(&column.name)) => Role::Id,
            Kind::Word if few(at) || (is_class(&column.name) && (1..=MOST_CLASSES).contains(&fact.distinct)) => {
                Role::Class
            }
            Kind::Word => Role::Out,
            Kind::Number if named && is_id(&column.name) && fact.whole && (fact.unique || few(at)) => Role::Id,
            Kind::Number if named && is_time(&column.name) && (fact.rising || fact.climbing) => Role::Time,
            // Parts of a date that has a column for each.
            Kind::Number if named && is_calendar(&column.name) && fact.whole => Role::Time,
            Kind::Number if named && is_class(&column.name) && fact.whole && few(at) => Role::Class,
            // Row numbers, as pandas and R write them; times at one pace.
            Kind::Number if at == 0 && fact.counting && fact.whole => Role::Id,
            Kind::Number if at == 0 && !named && fact.steady => Role::Time,
            Kind::Number if at == 0 && fact.whole && fact.rising && days(&column.numbers) => Role::Time,
            Kind::Number => Role::Value,
        });
    }
    // Numbers alone are no classes of something else.
    if !roles.contains(&Role::Value) {
        for (role, column) in roles.iter_mut().zip(&table.columns) {
            if column.kind == Kind::Number {
                *role = Role::Value;
            }
        }
    }
    one_class(table, &mut roles);
    if matches!(reading, Reading::Rows | Reading::Channels)
        && !roles.contains(&Role::Class)
        && let Some(at) = class_at_an_edge(table, facts, &roles)
    {
        roles[at] = Role::Class;
    }
    // What changes before a piece is full is no class of whole pieces; `y` is a coordinate where rows are moments.
    if reading == Reading::Recording {
        for (at, role) in roles.iter_mut().enumerate().filter(|(_, role)| **role == Role::Class) {
            let number = table.columns[at].kind == Kind::Number;
            match facts[at].run < length || plain(&table.columns[at].name) == "y" {
                true if number => *role = Role::Value,
                true => *role = Role::Out,
                false => {}
            }
        }
    }
    if reading == Reading::Columns {
        roles.iter_mut().filter(|role| **role == Role::Class).for_each(|role| *role = Role::Out);
    }
    roles
}

/// Days as numbers: 20240131.
fn days(numbers: &Numbers) -> bool {
    numbers.iter().all(|day| {
        (19_000_101.0..21_000_000.0).contains(&day)
            && (1.0..=31.0).contains(&(day % 100.0))
            && (1.0..=12.0).contains(&(day / 100.0 % 100.0).floor())
    })
}

/// Of several columns that may be the class, the one that is called so, or else the last.
fn one_class(table: &Table, roles: &mut [Role]) {
    let classes: Vec<usize> = (0..roles.len()).filter(|at| roles[*at] == Role::Class).collect();
    let called = classes.iter().copied().find(|at| is_class(&table.columns[*at].name));
    let Some(chosen) = called.or(classes.last().copied()) else { return };
    for at in classes.into_iter().filter(|at| *at != chosen) {
        roles[at] = if table.columns[at].kind == Kind::Number { Role::Value } else { Role::Out };
    }
}

/// The UCR archive's class stands in front of the series, other collections' behind it: a few whole numbers, again and again, where the
/// other columns go otherwise.
fn class_at_an_edge(table: &Table, facts: &[Facts], roles: &[Role]) -> Option<usize> {
    let values: Vec<usize> = (0..roles.len()).filter(|at| roles[*at] == Role::Value).collect();
    let [first, .., last] = values[..] else { return None };
    if values.len() <= WIDE {
        return None;
    }
    let rows = table.rows;
    let may = |at: usize| {
        facts[at].whole
            && (2..=MOST_CLASSES).contains(&facts[at].distinct)
            && (facts[at].distinct * 2 <= rows)
            && !table.columns[at].numbers.iter().any(f64::is_nan)
    };
    // In a table of whole numbers, fewer different ones than elsewhere.
    let inner = &values[1..values.len() - 1];
    let stands_out = |at: usize| {
        inner.iter().filter(|other| may(**other) && facts[**other].distinct <= facts[at].distinct).count() * 2
            <= values.len()
    };
    let mut found: Vec<usize> = [first, last].into_iter().filter(|at| may(*at) && stands_out(*at)).collect();
    found.sort_by_key(|at| facts[*at].distinct);
    found.first().copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identity_is_told_from_a_word_that_ends_like_one() {
        for name in ["id", "user_id", "userId", "USER-ID", "Patient ID", "sample.id", "patientid", "編號"] {
            assert!(is_id(name), "{name}");
        }
        for name in ["best_bid", "power_grid", "covid", "paid", "fluid", "humid", "HUMID", "value"] {
            assert!(!is_id(name), "{name}");
        }
    }

    #[test]
    fn names_say_what_they_say() {
        for name in ["class", "Label", "target", "class_label", "類別", "Species"] {
            assert!(is_class(name), "{name}");
        }
        assert!(!["load", "temperature", "x"].into_iter().any(is_class));
        assert!(is_id("Unnamed: 0") && is_id("patient_id") && is_id("編號") && !is_id("humid") && !is_id("width"));
        assert!(is_time("Date") && is_time("timestamp_ms") && is_time("t") && !is_time("tide"));
        assert!(
            numbered(&["0", "1", "2"])
                && numbered(&["t1", "t2", "t10"])
                && numbered(&["", ""])
                && numbered(&["T_0.5", "T_1.0"])
        );
        assert!(!numbered(&["Appliances", "lights", "T1"]) && !numbered(&["a", "b"]) && !numbered(&["x1", "y1"]));
    }
}
