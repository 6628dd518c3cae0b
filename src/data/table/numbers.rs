//! A column's numbers, kept small: whatever a table holds, a number takes little more than the letters it is written in.

use std::rc::Rc;

use crate::data::npy;

/// Rows that are kept together.
const CHUNK: usize = 64;
/// Stands for a number that is missing.
const GAP: i8 = i8::MIN;
/// Stands for a number that is kept as it is.
const OTHER: i8 = i8::MIN + 1;
/// What whole numbers of eight bits may be divided by.
const DIVISORS: [f64; 3] = [1.0, 10.0, 100.0];

/// A number for each row, NaN where there is none.
#[derive(Debug, Clone)]
pub enum Numbers<'a> {
    Own(Own),
    /// Of an array, every so many from the first on.
    Array {
        array: Rc<npy::Numbers<'a>>,
        first: usize,
        stride: usize,
        count: usize,
    },
}

#[derive(Debug, Clone, Default)]
pub struct Own {
    chunks: Vec<Chunk>,
    /// What fills no chunk yet.
    last: Vec<f64>,
}

/// Up to [`CHUNK`] numbers.
#[derive(Debug, Clone)]
enum Chunk {
    /// In their order: gaps, numbers to be divided, and marks of others.
    Small {
        divisor: u8,
        small: Box<[i8]>,
        others: Box<[f64]>,
    },
    Plain(Box<[f64]>),
}

impl Default for Numbers<'_> {
    fn default() -> Self {
        Self::Own(Own::default())
    }
}

impl FromIterator<f64> for Numbers<'_> {
    fn from_iter<I: IntoIterator<Item = f64>>(numbers: I) -> Self {
        let mut own = Own::default();
        numbers.into_iter().for_each(|number| own.push(number));
        Self::Own(own)
    }
}

impl Own {
    fn push(&mut self, number: f64) {
        self.last.push(number);
        if self.last.len() == CHUNK {
            self.chunks.push(Chunk::of(&self.last));
            self.last.clear();
        }
    }

    fn len(&self) -> usize {
        self.chunks.len() * CHUNK + self.last.len()
    }
}

/// A number as a whole one of eight bits over a divisor, where it is exactly that.
fn small(number: f64, divisor: f64) -> Option<i8> {
    if number.is_nan() {
        return Some(GAP);
    }
    let whole = (number * divisor).round();
    // There are two zeros.
    let exact = whole.abs() <= 126.0 && (f64::from(whole as i8) / divisor).to_bits() == number.to_bits();
    exact.then_some(whole as i8)
}

impl Chunk {
    fn of(numbers: &[f64]) -> Self {
        let others = |divisor: &f64| numbers.iter().filter(|number| small(**number, *divisor).is_none()).count();
        let (mut divisor, mut fewest) = (1.0, usize::MAX);
        for next in DIVISORS {
            let count = others(&next);
            if count < fewest {
                (divisor, fewest) = (next, count);
            }
            // Most tables' numbers are all small, or none of them is.
            if fewest == 0 || (next == DIVISORS[1] && fewest == numbers.len()) {
                break;
            }
        }
        if fewest * 8 >= numbers.len() * 7 {
            return Self::Plain(numbers.into());
        }
        let mut rest = Vec::with_capacity(fewest);
        let small = |number: &f64| {
            small(*number, divisor).unwrap_or_else(|| {
                rest.push(*number);
                OTHER
            })
        };
        let small = numbers.iter().map(small).collect();
        Self::Small { divisor: divisor as u8, small, others: rest.into() }
    }

    fn get(&self, at: usize) -> f64 {
        match self {
            Self::Plain(numbers) => numbers[at],
            Self::Small { divisor, small, others } => match small[at] {
                GAP => f64::NAN,
                OTHER => others[small[..at].iter().filter(|mark| **mark == OTHER).count()],
                number => f64::from(number) / f64::from(*divisor),
            },
        }
    }

    fn unpack(&self, into: &mut [f64; CHUNK]) -> usize {
        match self {
            Self::Plain(numbers) => {
                into[..numbers.len()].copy_from_slice(numbers);
                numbers.len()
            }
            Self::Small { divisor, small, others } => {
                let (divisor, mut others) = (f64::from(*divisor), others.iter());
                for (number, mark) in into.iter_mut().zip(small) {
                    *number = match *mark {
                        GAP => f64::NAN,
                        OTHER => others.next().copied().unwrap_or(f64::NAN),
                        small => f64::from(small) / divisor,
                    };
                }
                small.len()
            }
        }
    }
}

impl Numbers<'_> {
    /// One more row; an array's numbers are all there.
    pub(super) fn push(&mut self, number: f64) {
        if let Self::Own(own) = self {
            own.push(number);
        }
    }

    pub fn len(&self) -> usize {
        match self {
            Self::Own(own) => own.len(),
            Self::Array { count, .. } => *count,
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn get(&self, row: usize) -> f64 {
        match self {
            Self::Own(own) => match own.chunks.get(row / CHUNK) {
                Some(chunk) => chunk.get(row % CHUNK),
                None => own.last.get(row - own.chunks.len() * CHUNK).copied().unwrap_or(f64::NAN),
            },
            Self::Array { array, first, stride, .. } => finite(array.get(first + row * stride)),
        }
    }

    pub fn iter(&self) -> Iter<'_> {
        Iter { numbers: self, chunk: [0.0; CHUNK], at: 0, held: 0, row: 0 }
    }
}

/// The networks compute with f32.
pub(super) fn finite(value: f64) -> f64 {
    if (value as f32).is_finite() { value } else { f64::NAN }
}

#[derive(Clone)]
pub struct Iter<'a> {
    numbers: &'a Numbers<'a>,
    chunk: [f64; CHUNK],
    /// The next number in the chunk, and how many it holds.
    at: usize,
    held: usize,
    /// The first row behind the chunk.
    row: usize,
}

impl Iterator for Iter<'_> {
    type Item = f64;

    fn next(&mut self) -> Option<f64> {
        if self.at == self.held {
            self.held = match self.numbers {
                Numbers::Own(own) => match own.chunks.get(self.row / CHUNK) {
                    Some(chunk) => chunk.unpack(&mut self.chunk),
                    None => {
                        let rest = &own.last[self.row - own.chunks.len() * CHUNK..];
                        self.chunk[..rest.len()].copy_from_slice(rest);
                        rest.len()
                    }
                },
                Numbers::Array { array, first, stride, count } => {
                    let held = CHUNK.min(count - self.row);
                    let chunk = &mut self.chunk[..held];
                    array.read(first + self.row * stride, *stride, chunk);
                    chunk.iter_mut().for_each(|number| *number = finite(*number));
                    held
                }
            };
            (self.at, self.row) = (0, self.row + self.held);
            if self.held == 0 {
                return None;
            }
        }
        self.at += 1;
        Some(self.chunk[self.at - 1])
    }
}

/// Numbers where there are none: in straight lines between neighbours, level at the ends.
#[derive(Clone)]
pub struct Bridged<I> {
    numbers: I,
    before: Option<f64>,
    gap: Option<Gap>,
}

#[derive(Clone, Copy)]
struct Gap {
    behind: Option<f64>,
    span: usize,
    step: usize,
}

pub fn bridged<I: Iterator<Item = f64> + Clone>(numbers: I) -> Bridged<I> {
    Bridged { numbers, before: None, gap: None }
}

impl<I: Iterator<Item = f64> + Clone> Iterator for Bridged<I> {
    type Item = f64;

    fn next(&mut self) -> Option<f64> {
        let number = self.numbers.next()?;
        if number.is_finite() {
            (self.before, self.gap) = (Some(number), None);
            return Some(number);
        }
        let numbers = &self.numbers;
        let gap = self.gap.get_or_insert_with(|| {
            let (mut span, mut behind) = (1, None);
            for number in numbers.clone() {
                span += 1;
                if number.is_finite() {
                    behind = Some(number);
                    break;
                }
            }
            Gap { behind, span, step: 0 }
        });
        gap.step += 1;
        Some(match (self.before, gap.behind) {
            (Some(from), Some(to)) => from + (to - from) * gap.step as f64 / gap.span as f64,
            (Some(level), None) | (None, Some(level)) => level,
            (None, None) => 0.0,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_out_as_they_went_in() {
        let kinds: [fn(usize) -> f64; 7] = [
            |at| at as f64 % 10.0,
            |at| (at as f64 % 19.0 - 9.0) / 10.0,
            |at| (at as f64 * 0.7).sin(),
            |at| if at % 9 == 4 { f64::NAN } else { (at % 3) as f64 },
            |at| if at % 5 == 1 { 1e30 } else { -0.25 },
            |at| if at % 2 == 0 { -0.0 } else { 0.0 },
            |at| at as f64 - 400.0,
        ];
        for (kind, number) in kinds.into_iter().enumerate() {
            let all: Vec<f64> = (0..777).map(number).collect();
            let kept: Numbers = all.iter().copied().collect();
            let same =
                |(at, found): (usize, f64)| found.to_bits() == all[at].to_bits() || found.is_nan() && all[at].is_nan();
            assert!(kept.iter().enumerate().all(same), "{kind}");
            assert!((0..777).map(|at| (at, kept.get(at))).all(same), "{kind}");
            assert_eq!((kept.len(), kept.iter().count()), (777, 777));
        }
    }

    #[test]
    fn gaps_are_bridged_in_straight_lines() {
        let gap = f64::NAN;
        let closed = |numbers: &[f64]| bridged(numbers.iter().copied()).collect::<Vec<f64>>();
        assert_eq!(closed(&[gap, 1.0, gap, gap, 4.0, gap, 6.0, gap]), [1.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 6.0]);
        assert_eq!(closed(&[gap, gap]), [0.0, 0.0]);
    }
}
