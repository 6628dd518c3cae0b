//! Tables of numbers as people have them: text with separators of any kind, NumPy's arrays, the series of the UEA and UCR archives.
//!
//! A file becomes columns ([`Table`]), every column gets a [`columns::Role`], and one of the [`reading::Reading`]s makes series of
//! the rows. Where nobody prescribes roles and reading, the likeliest are taken, and said ([`reading::Taken`]).

mod arff;
pub mod arrays;
mod build;
mod cells;
mod choose;
mod classes;
pub mod columns;
mod lines;
mod number;
pub mod numbers;
pub mod points;
pub mod preview;
pub mod reading;
pub mod source;
mod text;
mod ts;
pub mod words;

use std::cell::OnceCell;

use crate::error::Result;
use columns::Facts;
use number::Cell;
use numbers::Numbers;
use words::Words;

/// From this many columns on, a row may be a series; with fewer it is a step of a recording.
pub const WIDE: usize = 8;

/// More columns than this are none of a table; the longest series of the archives have half as many steps.
pub const MOST_COLUMNS: usize = 1 << 15;

/// Rows that a preview shows.
const HEAD: usize = 8;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Number,
    Date,
    Word,
    /// Gaps only.
    Empty,
}

/// One column: numbers as numbers, anything else as text.
#[derive(Debug, Clone)]
pub struct Column<'a> {
    /// Empty where the file names none.
    pub name: String,
    pub kind: Kind,
    /// A number for each row, NaN where there is none.
    pub numbers: Numbers<'a>,
    /// The cells of a column that holds no numbers.
    pub words: Words,
    /// The first cell that cannot be learned as a number, and its line.
    pub odd: Option<(usize, String)>,
}

#[derive(Debug, Clone)]
pub struct Table<'a> {
    pub columns: Vec<Column<'a>>,
    pub rows: usize,
    /// Where the first rows stand in the file, from 1: at least one of them, and no more than are shown.
    pub lines: Vec<usize>,
    /// Where the last row stands.
    pub end: usize,
    /// The first rows as they are written.
    pub head: Vec<Vec<String>>,
    /// The first line of the table names its columns.
    pub named: bool,
    /// None for arrays.
    pub marks: Option<[char; 2]>,
    /// Lines of words before and behind the table, which are passed over.
    pub passed: usize,
    /// What the columns are like, once it was asked.
    facts: OnceCell<Vec<Facts>>,
}

impl Table<'_> {
    /// A table from text whose line ends are line feeds. The separator and the decimal mark can be prescribed.
    pub fn read(text: &str, separator: Option<char>, decimal: Option<char>) -> Result<Self> {
        build::table(text.into(), separator, decimal)
    }
}

impl Column<'_> {
    pub fn new(kind: Kind) -> Self {
        Self { name: String::new(), kind, numbers: Numbers::default(), words: Words::default(), odd: None }
    }

    pub fn rows(&self) -> usize {
        self.numbers.len().max(self.words.len())
    }

    fn push(&mut self, cell: &str, line: usize, decimal: char) {
        let start = |cell: &str| cell.chars().take(24).collect();
        if self.kind != Kind::Number {
            let word = cell.trim_matches('\'');
            if self.odd.is_none() && !number::is_gap(word) {
                self.odd = Some((line, start(word)));
            }
            return self.words.push(word);
        }
        let value = match Cell::read(cell, decimal) {
            // The networks compute with f32.
            Cell::Number(value) if (value as f32).is_finite() => value,
            Cell::Gap => f64::NAN,
            _ => {
                self.odd.get_or_insert_with(|| (line, start(cell)));
                f64::NAN
            }
        };
        self.numbers.push(value);
    }
}

#[cfg(test)]
mod tests;
