//! The archive of UEA and UCR's own format (`.ts`): a head of lines with `@`, then a series a line, its values parted by colons, its steps
//! by commas, its class at the end.

use std::collections::HashMap;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};

use super::columns::MOST_CLASSES;
use super::number::{is_gap, number};
use super::numbers::{Numbers, bridged};
use crate::data::series::{MOST_DIMS, MOST_SERIES, MOST_VALUES, Series, resampled};
use crate::error::{Error, Flaw, Place, Result};

/// Numbers that are kept from the first time to the second, and as how many a series counts beside its own.
const SPARE: usize = 3_000_000;
const EACH: usize = 16;

pub fn is_ts(text: &str) -> bool {
    let first = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'));
    first.is_some_and(|line| line.starts_with('@') && !line.to_ascii_lowercase().starts_with("@relation"))
}

/// Series and how many gaps were closed; all are taken to `length` steps where they are longer, or of several lengths.
pub fn read(text: &str, length: usize) -> Result<(Series, usize)> {
    let (mut class, mut target) = (Class::None, false);
    let mut lines = text.lines().enumerate().map(|(at, line)| (at + 1, line.trim()));
    for (_, line) in lines.by_ref() {
        let mut words = line.split_whitespace();
        let key = words.next().map(str::to_ascii_lowercase);
        let mut is_so = || words.next().is_some_and(|word| word.eq_ignore_ascii_case("true"));
        match key.as_deref() {
            Some("@classlabel") if !target => class = if is_so() { Class::Last } else { Class::None },
            // A number to predict for each series, which is no class.
            Some("@targetlabel") if is_so() => (class, target) = (Class::LeftOut, true),
            Some("@data") if !target || line.eq_ignore_ascii_case("@data") => break,
            _ => {}
        }
    }
    build(lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#')), class, length)
}

/// What stands behind a series.
#[derive(Clone, Copy, PartialEq)]
enum Class {
    None,
    Last,
    LeftOut,
}

/// Twice over the lines: to see how many and how long the series are, and to take those that are kept to one length.
fn build<'a>(
    lines: impl Iterator<Item = (usize, &'a str)> + Clone,
    class: Class,
    length: usize,
) -> Result<(Series, usize)> {
    let lines = lines
        .map(|(at, line)| (at, parted(line, class)))
        .filter(|(_, (text, name))| !text.is_empty() || name.is_some());
    let (mut first, mut count, mut longest, mut gaps) = (None, 0usize, 0, 0);
    let (mut classes, mut kept, mut spare) = (Classes::default(), Vec::new(), SPARE);
    for (at, (text, name)) in lines.clone() {
        if let Some(name) = name {
            classes.add(name);
        } else if class == Class::Last {
            return Err(Error::flaw(Flaw::CsvColumns { found: 1, expected: 2 }, Place::Line(at)));
        }
        let mut dims = 0;
        for steps in values(text) {
            dims += 1;
            let mut numbers = Numbers::default();
            let keep = |number| numbers.push(number);
            let [steps, known] =
                if spare > 0 { measured(steps, at, dims, keep)? } else { measured(steps, at, dims, |_| ())? };
            spare = spare.saturating_sub(EACH + numbers.len());
            kept.push(numbers);
            if spare == 0 {
                kept = Vec::new();
            }
            longest = longest.max(steps);
            gaps += steps - known;
        }
        let expected = first.map_or(dims, |(_, expected)| expected);
        if dims > MOST_DIMS {
            return Err(Error::flaw(Flaw::SeriesDims { dims, most: MOST_DIMS }, Place::Line(at)));
        }
        if dims != expected {
            return Err(Error::flaw(Flaw::CsvColumns { found: dims, expected }, Place::Line(at)));
        }
        first.get_or_insert((at, dims));
        count += 1;
    }
    let Some((first, dims)) = first else {
        return Err(Error::flaw(Flaw::CsvEmpty, Place::Line(1)));
    };
    let target = longest.min(length.max(2));
    let most = MOST_SERIES.min(MOST_VALUES / (target * dims).max(1)).max(1);
    let stride = count.div_ceil(most);
    let brought = (stride > 1).then_some(count);
    let (found, names) = (classes.count(), classes.names());
    let place: HashMap<&str, usize> = names.iter().enumerate().map(|(at, name)| (*name, at)).collect();
    let size = target * dims;
    let (mut all, mut labels) = (vec![0.0; count.div_ceil(stride) * size], Vec::new());
    for (at, (line, (text, name))) in lines.step_by(stride).enumerate() {
        for (dim, text) in values(text).enumerate() {
            let again = || cells(text).map(|cell| read_cell(cell).unwrap_or(f64::NAN)).collect();
            let numbers = kept.get_mut(at * stride * dims + dim).map_or_else(again, std::mem::take);
            let steps =
                numbers.iter().enumerate().fold(0, |to, (at, value)| if value.is_finite() { at + 1 } else { to });
            if steps < 2 {
                return Err(Error::flaw(Flaw::SeriesSteps { steps: 1, least: 2 }, Place::Line(line)));
            }
            let closed = bridged(numbers.iter().take(steps)).map(|value| value as f32);
            let taken = resampled(closed, steps, target);
            taken.into_iter().enumerate().for_each(|(step, value)| all[at * size + step * dims + dim] = value);
        }
        labels.extend(name.and_then(|name| place.get(name).copied()));
    }
    if found > MOST_CLASSES {
        let flaw = Flaw::Classes { classes: found, least: 2, most: MOST_CLASSES };
        return Err(Error::flaw(flaw, Place::Line(first)));
    }
    let classes = names.into_iter().map(String::from).collect();
    let (values, count) = (all, count.div_ceil(stride));
    let series = Series { values, count, steps: target, dims, labels, classes, brought, ..Series::default() };
    Ok((series.checked(Place::Line(first))?, gaps))
}

/// A line's series, and its class where it has one.
fn parted(line: &str, class: Class) -> (&str, Option<&str>) {
    match line.rsplit_once(':') {
        Some((series, name)) if class == Class::Last => (series, Some(name.trim())),
        Some((series, _)) if class == Class::LeftOut => (series, None),
        // Some programs part where nothing follows.
        _ => (line.strip_suffix(':').unwrap_or(line), None),
    }
}

/// The names of classes, as many as are allowed; of others only what tells them apart.
#[derive(Default)]
struct Classes<'a> {
    names: Vec<&'a str>,
    others: Vec<u64>,
}

impl<'a> Classes<'a> {
    fn add(&mut self, name: &'a str) {
        if self.names.last() == Some(&name) || self.names.contains(&name) {
            return;
        }
        if self.names.len() < MOST_CLASSES {
            self.names.push(name);
            return;
        }
        if self.others.len() == self.others.capacity() {
            self.count();
        }
        self.others.push(BuildHasherDefault::<DefaultHasher>::default().hash_one(name));
    }

    fn count(&mut self) -> usize {
        self.others.sort_unstable();
        self.others.dedup();
        self.names.len() + self.others.len()
    }

    /// Numbers by size, then words; two ways to write one number are two names.
    fn names(&self) -> Vec<&'a str> {
        let key = |name: &str| name.parse::<f64>().unwrap_or(f64::INFINITY);
        let mut names = self.names.clone();
        names.sort_by(|one, other| key(one).total_cmp(&key(other)).then_with(|| one.cmp(other)));
        names
    }
}

/// The values of a series, each over its steps. A time stamp may hold colons of its own.
fn values(text: &str) -> impl Iterator<Item = &str> {
    text.split(if text.starts_with('(') { "):(" } else { ":" })
}

/// One value's cells; with time stamps each step is `(time,value)`.
fn cells(text: &str) -> impl Iterator<Item = &str> + Clone {
    let stamped = text.contains("),") || text.trim_start().starts_with('(');
    let cells = text.split(if stamped { ")," } else { "," });
    let value = move |cell: &str| if stamped { cell.rfind(',').map_or(0, |at| at + 1) } else { 0 };
    cells.map(move |cell| cell[value(cell)..].trim_matches(['(', ')', ' ']))
}

/// The networks compute with f32: what is none there is no number.
fn read_cell(cell: &str) -> Option<f64> {
    if is_gap(cell) { Some(f64::NAN) } else { number(cell, '.').filter(|value| (*value as f32).is_finite()) }
}

/// How many steps a value has, and how many of them are no gaps.
fn measured(text: &str, line: usize, dim: usize, mut keep: impl FnMut(f64)) -> Result<[usize; 2]> {
    let (mut steps, mut known) = (0, 0);
    for (at, cell) in cells(text).enumerate() {
        let wrong = || Flaw::CsvNumber { found: cell.chars().take(24).collect(), column: dim };
        let value = read_cell(cell).ok_or_else(|| Error::flaw(wrong(), Place::Line(line)))?;
        keep(value);
        // Series of several lengths may be filled up with gaps.
        if value.is_finite() {
            (steps, known) = (at + 1, known + 1);
        }
    }
    Ok([steps, known])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_archives_own_format_is_read() {
        let text = "# words\n@problemName Own\n@timeStamps false\n@univariate false\n@dimensions 2\n@classLabel true b a\n@data\n\n1,2,?,4:5,6,7,8:b\n1,1,1,1:2,2,2,2:a\n4,3,2,1:8,7:b\n";
        assert!(is_ts(text));
        let (series, gaps) = read(text, 8).unwrap();
        assert_eq!((series.count, series.steps, series.dims, gaps), (3, 4, 2, 1));
        assert_eq!(series.values[..8], [1.0, 5.0, 2.0, 6.0, 3.0, 7.0, 4.0, 8.0]);
        assert_eq!((series.labels, series.classes), (vec![1, 0, 1], vec!["a".into(), "b".into()]));
    }

    #[test]
    fn time_stamps_and_numbers_to_predict_are_left_out() {
        let stamped = "@timestamps true\n@classlabel false\n@data\n(2020-01-01 10:00:00,1.5),(1,2.5),(2,3.5)\n(0,3),(1,2),(2,1)\n";
        assert_eq!(read(stamped, 8).unwrap().0.values, [1.5, 2.5, 3.5, 3.0, 2.0, 1.0]);
        let target = "@problemName x\n@targetlabel true\n@data\n1,2,3:17.5\n3,2,1:18\n";
        let (series, _) = read(target, 8).unwrap();
        assert_eq!((series.values.len(), series.classes.len()), (6, 0));
    }

    #[test]
    fn what_is_not_there_is_not_left_out() {
        let of = |head: &str, lines: &str| read(&format!("@problemName x\n{head}\n@data\n{lines}"), 8).unwrap().0;
        for (head, end) in [
            ("@targetlabel false", ""),
            ("@targetlabel False", ":"),
            ("@classLabel false", ":"),
            ("@classLabel false", ""),
        ] {
            let series = of(head, &format!("1,2:3,4{end}\n5,6:7,8{end}\n"));
            assert_eq!((series.dims, &series.values[..4]), (2, &[1.0, 3.0, 2.0, 4.0][..]), "{head} {end}");
        }
        let both = of("@targetlabel false\n@classlabel true a b", "1,2:a\n2,1:b\n");
        assert_eq!((both.labels, both.classes), (vec![0, 1], vec!["a".into(), "b".into()]));
        assert_eq!(of("@classLabel True a b", "1,2:a\n2,1:b\n").labels, [0, 1]);
    }

    #[test]
    fn a_bad_line_is_named() {
        let wrong = |text: &str| match read(text, 8).unwrap_err() {
            Error::InvalidData { flaw, place } => (flaw, place),
            other => panic!("{other:?}"),
        };
        assert_eq!(wrong("@data\n1,2\n1,x\n"), (Flaw::CsvNumber { found: "x".into(), column: 1 }, Place::Line(3)));
        assert_eq!(wrong("@data\n1,2:3,4\n1,2\n"), (Flaw::CsvColumns { found: 1, expected: 2 }, Place::Line(3)));
        assert!(matches!(wrong("@classLabel true a\n@data\n").0, Flaw::CsvEmpty));
    }
}
