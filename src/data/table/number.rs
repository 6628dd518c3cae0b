//! One cell of a table: a number as people write them, a gap, a date, or a word.

/// What a cell is. A number is in the unit it is written in: per cents stay per cents.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cell {
    Number(f64),
    Gap,
    Date,
    Word,
}

/// What stands where a number is missing, in small letters.
const GAPS: [&str; 18] = [
    "", "nan", "na", "n/a", "#n/a", "#na", "null", "none", "nil", "-", "--", "–", "—", "?", ".", "..", "...", "missing",
];

const CURRENCIES: [&str; 7] = ["NT$", "US$", "$", "€", "£", "¥", "元"];

/// Signs between groups of digits besides commas and full stops: spaces of several kinds, and Switzerland's apostrophe.
const GROUPERS: [char; 7] = [' ', '\u{a0}', '\u{202f}', '\u{2009}', '\'', '’', '_'];

impl Cell {
    /// `decimal` is the mark before the fraction: a full stop or a comma.
    pub fn read(text: &str, decimal: char) -> Self {
        // Some archives put words and times between single quotes.
        let text = text.trim().trim_matches('\'');
        if is_gap(text) {
            return Cell::Gap;
        }
        match number(text, decimal) {
            Some(value) => Cell::Number(value),
            None if is_date(text) => Cell::Date,
            None => Cell::Word,
        }
    }
}

pub fn is_gap(text: &str) -> bool {
    // No gap begins with a digit, as nearly all cells do.
    let short = text.len() <= 7 && !text.as_bytes().first().is_some_and(u8::is_ascii_digit);
    text.is_empty() || (short && GAPS.contains(&text.to_lowercase().as_str()))
}

/// A number with what people put around and into it: signs, currencies, per cents, thousands marks, the brackets of a loss, K, M and B.
pub fn number(text: &str, decimal: char) -> Option<f64> {
    let first = *text.as_bytes().first()?;
    if decimal == '.' && (first.is_ascii_digit() || b"-+.".contains(&first)) {
        // Nearly all cells of nearly all tables.
        if let Ok(value) = text.parse::<f64>() {
            return value.is_finite().then_some(value);
        }
    }
    let (text, bracketed) = match text.strip_prefix('(').and_then(|text| text.strip_suffix(')')) {
        Some(inner) => (inner.trim(), true),
        None => (text, false),
    };
    let (text, minus) = sign(text);
    let text = CURRENCIES.iter().find_map(|mark| text.strip_prefix(mark)).unwrap_or(text).trim_start();
    // The sign may stand behind the currency.
    let (text, minus) = if minus { (text, minus) } else { sign(text) };
    let text = text.strip_suffix('%').unwrap_or(text).trim_end();
    let text = CURRENCIES.iter().find_map(|mark| text.strip_suffix(mark)).unwrap_or(text).trim_end();
    let (text, times) = match text.as_bytes().split_last()? {
        (b'K' | b'k', _) => (&text[..text.len() - 1], 1e3),
        (b'M', _) => (&text[..text.len() - 1], 1e6),
        (b'B', _) => (&text[..text.len() - 1], 1e9),
        _ => (text, 1.0),
    };
    let value = plain(text, decimal)? * times;
    let value = if minus || bracketed { -value } else { value };
    value.is_finite().then_some(value)
}

fn sign(text: &str) -> (&str, bool) {
    match text.strip_prefix(['-', '−', '－']) {
        Some(rest) => (rest.trim_start(), true),
        None => (text.strip_prefix('+').unwrap_or(text), false),
    }
}

/// Digits in groups, a fraction, an exponent.
fn plain(text: &str, decimal: char) -> Option<f64> {
    let (mantissa, exponent) =
        text.split_once(['e', 'E']).map_or((text, "0"), |(mantissa, exponent)| (mantissa, exponent));
    let exponent: i32 = exponent.parse().ok()?;
    let (whole, fraction) = mantissa.rsplit_once(decimal).unwrap_or((mantissa, ""));
    if !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let other = if decimal == '.' { ',' } else { '.' };
    let mut digits = String::with_capacity(mantissa.len() + 8);
    match whole.chars().find(|c| *c == other || GROUPERS.contains(c)) {
        // Where a full stop cannot part groups, it is the fraction's after all: hand-made tables mix both.
        Some('.') if fraction.is_empty() && !grouped(whole, '.') => {
            return format!("{whole}e{exponent}").parse().ok().filter(|v: &f64| v.is_finite());
        }
        Some(mark) if !grouped(whole, mark) => return None,
        Some(mark) => digits.extend(whole.chars().filter(|c| *c != mark)),
        None => digits.push_str(whole),
    }
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) || (digits.is_empty() && fraction.is_empty()) {
        return None;
    }
    format!("{digits}.{fraction}0e{exponent}").parse().ok()
}

/// `1,234,567`; in India `12,34,567`.
fn grouped(whole: &str, mark: char) -> bool {
    let groups: Vec<&str> = whole.split(mark).collect();
    let digits = |group: &&str| group.bytes().all(|byte| byte.is_ascii_digit());
    let last = groups.len() - 1;
    groups.iter().all(digits)
        && (1..=3).contains(&groups[0].len())
        && groups[last].len() == 3
        && groups[1..last].iter().all(|group| group.len() == 3 || (group.len() == 2 && groups[0].len() < 3))
}

/// What a cell says about the mark before the fraction: for a comma (positive) or against it; 0 where it tells nothing.
pub fn leaning(text: &str) -> i32 {
    let (commas, stops) = (text.matches(',').count(), text.matches('.').count());
    let is = |decimal| number(text, decimal).is_some();
    match (commas, stops) {
        (0, 0) => 0,
        // A date or a word.
        _ if !is('.') && !is(',') => 0,
        (1.., 1..) => {
            if text.rfind(',') > text.rfind('.') {
                3
            } else {
                -3
            }
        }
        (1, 0) if !is('.') || text.trim_start_matches(['-', '+']).starts_with("0,") => 3,
        (0, 1) if !grouped(text.trim_start_matches(['-', '+']), '.') => -3,
        (0, 1) => -1,
        (2.., 0) => -3,
        (0, 2..) => 3,
        _ => 0,
    }
}

/// Months and days; at least three of their letters stand for them.
const CALENDAR: [&str; 19] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];
const MONTHS: usize = 12;
const BESIDE: [&str; 26] = [
    "t", "z", "am", "pm", "a", "p", "m", "utc", "gmt", "cst", "w", "q", "st", "nd", "rd", "th", "年", "月", "日", "時",
    "分", "秒", "上午", "下午", "民國", "週",
];

/// A day, a month, a time of day, in the ways that tables have them.
pub fn is_date(text: &str) -> bool {
    if text.len() > 48 || !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let (mut numbers, mut letters, mut marks) = (Vec::new(), Vec::<String>::new(), String::new());
    let mut before = ' ';
    for c in text.chars() {
        match c {
            '0'..='9' if before.is_ascii_digit() => *numbers.last_mut().unwrap_or(&mut 0) += 1,
            '0'..='9' => numbers.push(1usize),
            _ if c.is_alphabetic() => match letters.last_mut() {
                Some(word) if before.is_alphabetic() && c.is_ascii() == before.is_ascii() => {
                    word.extend(c.to_lowercase())
                }
                _ => letters.push(c.to_lowercase().collect()),
            },
            _ => marks.push(c),
        }
        before = c;
    }
    let stands = |word: &str, names: &[&str]| word.len() >= 3 && names.iter().any(|name| name.starts_with(word));
    let month = letters.iter().any(|word| stands(word, &CALENDAR[..MONTHS]));
    let known = |word: &String| BESIDE.contains(&word.as_str()) || stands(word, &CALENDAR);
    let written = letters.iter().any(|word| ["年", "月", "日", "時"].contains(&word.as_str()));
    let quarter = letters.iter().any(|word| word == "q" || word == "w");
    let year = numbers.contains(&4);
    let clock = marks.contains(':') && numbers.len() >= 2 && numbers[0] <= 4;
    let dashed = marks.contains(['-', '/']) && (numbers.len() >= 3 || (numbers.len() == 2 && year));
    let dotted = marks.matches('.').count() == 2 && numbers.len() >= 3 && numbers[0] <= 4 && numbers[1] <= 2;
    let short = numbers.iter().enumerate().all(|(at, digits)| *digits <= 4 || at >= 3);
    letters.iter().all(known)
        && marks.chars().all(|c| "-/.:, +()".contains(c))
        && short
        && (month || written || clock || dashed || dotted || (quarter && year))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_write_them() {
        let cases = [
            ("12", '.', 12.0),
            ("-1.5e-3", '.', -0.0015),
            ("1,234.50", '.', 1234.5),
            ("1,234,567", '.', 1_234_567.0),
            ("12,34,567.5", '.', 1_234_567.5),
            ("20,0", ',', 20.0),
            ("1.234,5", ',', 1234.5),
            ("1 234,5", ',', 1234.5),
            ("1\u{a0}234,5", ',', 1234.5),
            ("1'234.5", '.', 1234.5),
            ("0.10%", '.', 0.1),
            ("−3", '.', -3.0),
            ("(1,200)", '.', -1200.0),
            ("$1,200.5", '.', 1200.5),
            ("-$3", '.', -3.0),
            ("$-3", '.', -3.0),
            ("3 €", ',', 3.0),
            ("12.5M", '.', 12.5e6),
            ("3K", '.', 3000.0),
            (".5", '.', 0.5),
            ("5.", '.', 5.0),
            ("+7", '.', 7.0),
            ("1,5E2", ',', 150.0),
            ("2.5", ',', 2.5),
            ("1.5e-3", ',', 0.0015),
        ];
        for (text, decimal, value) in cases {
            assert_eq!(number(text, decimal), Some(value), "{text}");
        }
        for text in
            ["", "inf", "1,23.4", "12,3456", "1,2,3", "abc", "1.2.3", "5 2", "M", "-", "1e", "0x10", "12a", "1,234,56"]
        {
            assert_eq!(number(text, '.'), None, "{text}");
        }
    }

    #[test]
    fn gaps_dates_and_words_are_told_apart() {
        for text in ["", " ", "NaN", "?", "-", "N/A", "null", "#N/A"] {
            assert_eq!(Cell::read(text, '.'), Cell::Gap, "{text}");
        }
        let dates = [
            "2016-07-01 00:00:00",
            "2016-07-01T00:00:00Z",
            "2016-07-01T00:00:00.000+08:00",
            "01/07/2016",
            "1.7.2016",
            "Jan 01, 2024",
            "1-Jan-24",
            "12:30",
            "00:00:01.25",
            "2019-01",
            "2024年1月5日",
            "2019 Q1",
            "2019-W05",
            "Mon, 3 June 2019",
            "2016/7/1 下午 3:05",
            "7/1/16 3:05 PM",
        ];
        for text in dates {
            assert_eq!(Cell::read(text, '.'), Cell::Date, "{text}");
        }
        for text in
            ["damp", "setosa", "sample 12", "v1.0", "3rd floor", "1/2", "A-12", "192.168.0.1", "Marta 3", "walking"]
        {
            assert_eq!(Cell::read(text, '.'), Cell::Word, "{text}");
        }
    }

    #[test]
    fn the_decimal_mark_shows() {
        let cases = [
            ("20,0", 3),
            ("1,234.5", -3),
            ("1.234,5", 3),
            ("1,234", 0),
            ("1.234", -1),
            ("0,125", 3),
            ("1,234,567", -3),
            ("1.5", -3),
            ("Jan 01, 2024", 0),
        ];
        for (text, expected) in cases {
            assert_eq!(leaning(text), expected, "{text}");
        }
    }
}
