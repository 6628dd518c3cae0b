//! The classes of a column: how many there are, their names, and which row is of which.

use std::collections::HashMap;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};

use super::{Column, Kind};

/// Rows after which it is first looked whether one occurs twice.
const FIRST: usize = 4096;

/// What tells a row's class from others: 64 bits of it, in which two words of one file are not the same by chance.
fn marks<'a>(column: &'a Column) -> Box<dyn Iterator<Item = u64> + 'a> {
    let hash = BuildHasherDefault::<DefaultHasher>::default();
    match column.kind {
        Kind::Number => {
            Box::new(column.numbers.iter().map(|number| if number.is_nan() { u64::MAX } else { number.to_bits() }))
        }
        _ => Box::new(column.words.iter().map(move |word| hash.hash_one(word))),
    }
}

/// How many different words or numbers a column has; a missing number is one of them.
pub fn distinct(column: &Column) -> usize {
    super::columns::distinct(marks(column).collect())
}

/// Whether no word and no number occurs twice, and none is missing.
pub fn unique(column: &Column) -> bool {
    let gap = match column.kind {
        Kind::Number => column.numbers.iter().any(|number| !number.is_finite()),
        _ => column.words.iter().any(str::is_empty),
    };
    let (mut seen, mut look): (Vec<u64>, usize) = (Vec::new(), FIRST);
    let once = |seen: &mut Vec<u64>| {
        seen.sort_unstable();
        seen.is_sorted_by(|one, next| one < next)
    };
    // Where many do, a few tell.
    for mark in marks(column).take_while(|_| !gap) {
        if seen.len() == look {
            if !once(&mut seen) {
                return false;
            }
            look *= 2;
        }
        seen.push(mark);
    }
    !gap && once(&mut seen)
}

/// Whether two rows are of one class.
pub fn alike(column: &Column, one: usize, other: usize) -> bool {
    match column.kind {
        Kind::Number => {
            let [one, other] = [one, other].map(|row| column.numbers.get(row));
            one.to_bits() == other.to_bits() || (one.is_nan() && other.is_nan())
        }
        _ => column.words.get(one) == column.words.get(other),
    }
}

/// A number as the name of a class. Classes are whole numbers, however they are written.
fn name(number: f64) -> String {
    if number.is_nan() { "?".to_string() } else { number.to_string() }
}

/// A class for each of these rows, and the names of those that occur among them: numbers by size, words in the order in which the whole
/// column has them.
pub fn labels(column: &Column, rows: impl Iterator<Item = usize>) -> (Vec<usize>, Vec<String>) {
    if column.kind == Kind::Number {
        let bits = |number: f64| if number.is_nan() { u64::MAX } else { number.to_bits() };
        let mut found: HashMap<u64, (f64, usize)> = HashMap::new();
        let labels = rows.map(|row| column.numbers.get(row));
        let labels = labels.map(|number| {
            let next = found.len();
            found.entry(bits(number)).or_insert((number, next)).1
        });
        let labels: Vec<usize> = labels.collect();
        let mut order: Vec<(f64, usize)> = found.into_values().collect();
        let size = |number: f64| if number.is_nan() { f64::INFINITY } else { number };
        order.sort_by(|one, other| size(one.0).total_cmp(&size(other.0)).then(one.1.cmp(&other.1)));
        let names = order.iter().map(|(number, _)| name(*number)).collect();
        return (places(labels, order.into_iter().map(|(_, class)| class)), names);
    }
    let mut found: HashMap<&str, usize> = HashMap::new();
    let labels = rows.map(|row| {
        let next = found.len();
        *found.entry(column.words.get(row).unwrap_or_default()).or_insert(next)
    });
    let labels: Vec<usize> = labels.collect();
    let (mut order, mut names) = (Vec::new(), Vec::new());
    for word in column.words.iter() {
        if found.is_empty() {
            break;
        }
        if let Some(class) = found.remove(word) {
            order.push(class);
            names.push(word.to_string());
        }
    }
    (places(labels, order.into_iter()), names)
}

/// Every so manieth row, and instead of one of them the first row of each class that would have none; how many classes the column has, where
/// they are more than `most`.
pub fn spread(column: &Column, stride: usize, most: usize) -> Result<Vec<usize>, usize> {
    // A row of each class.
    let (mut seen, mut first) = (Vec::new(), Vec::new());
    for (row, mark) in marks(column).enumerate() {
        if !seen.contains(&mark) {
            seen.push(mark);
            first.push(row);
        }
        if seen.len() > most {
            return Err(distinct(column));
        }
    }
    let mut rows: Vec<usize> = (0..column.rows()).step_by(stride).collect();
    let class = |mark| seen.iter().position(|other| *other == mark).unwrap_or_default();
    let mut of: Vec<usize> = marks(column).step_by(stride).map(class).collect();
    let mut counts = vec![0; seen.len()];
    of.iter().for_each(|class| counts[*class] += 1);
    for (class, row) in first.into_iter().enumerate() {
        if counts[class] > 0 {
            continue;
        }
        let near = (0..rows.len()).map(|at| (row / stride + at) % rows.len());
        if let Some(at) = near.into_iter().find(|at| counts[of[*at]] > 1) {
            counts[of[at]] -= 1;
            counts[class] = 1;
            (of[at], rows[at]) = (class, row);
        }
    }
    Ok(rows)
}

/// Labels in another order of the classes.
fn places(labels: Vec<usize>, order: impl ExactSizeIterator<Item = usize>) -> Vec<usize> {
    let mut place = vec![0; order.len()];
    order.enumerate().for_each(|(at, class)| place[class] = at);
    labels.into_iter().map(|class| place[class]).collect()
}
