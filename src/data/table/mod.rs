//! Tables of numbers as people have them: text with separators of any kind, NumPy's arrays, the series of the UEA and UCR archives.
//!
//! A file becomes columns ([`Table`]), every column gets a [`columns::Role`], and one of the [`reading::Reading`]s makes series of
//! the rows. Where nobody prescribes roles and reading, the likeliest are taken, and said ([`reading::Taken`]).

pub mod arrays;
mod choose;
pub mod columns;
mod lines;
mod number;
pub mod points;
pub mod preview;
pub mod reading;
pub mod source;
mod text;
mod ts;

use csv::StringRecord;
use std::cell::OnceCell;

use crate::error::{Error, Flaw, Place, Result};
use columns::{Facts, distinct};
use lines::{Lines, usual_width};
use number::Cell;

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
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Empty where the file names none.
    pub name: String,
    pub kind: Kind,
    /// A number for each row, NaN where there is none.
    pub numbers: Vec<f64>,
    /// The cells of a column that holds no numbers.
    pub words: Vec<String>,
    /// The first cell that is neither number nor gap, and its line.
    pub odd: Option<(usize, String)>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    pub columns: Vec<Column>,
    /// Where each row stands in the file, from 1.
    pub lines: Vec<usize>,
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

impl Table {
    pub fn rows(&self) -> usize {
        self.lines.len()
    }

    /// A table from text whose line ends are line feeds. The separator and the decimal mark can be prescribed.
    pub fn read(text: &str, separator: Option<char>, decimal: Option<char>) -> Result<Self> {
        let Lines { mut records, separator, decimal } = match arff(text) {
            Some((names, data)) => {
                let mut lines = Lines::read(&data, Some(','), Some('.'))?;
                lines.records.insert(0, (0, names));
                lines
            }
            None => Lines::read(text, separator, decimal)?,
        };
        let width = table_width(&mut records);
        let kinds = kinds(&records, width, decimal);
        if !kinds.contains(&Kind::Number) {
            return Err(Error::flaw(Flaw::CsvEmpty, Place::Line(1)));
        }
        let all = records.len();
        let fits = |record: &StringRecord| {
            let is = |(kind, cell): (&Kind, &str)| {
                *kind != Kind::Number || matches!(Cell::read(cell, decimal), Cell::Number(_) | Cell::Gap)
            };
            let numbers = kinds
                .iter()
                .zip(record)
                .filter(|(kind, cell)| **kind == Kind::Number && matches!(Cell::read(cell, decimal), Cell::Number(_)));
            (record.len() == width || record.len() > 1) && kinds.iter().zip(record).all(is) && numbers.count() > 0
        };
        let first = records.iter().position(|(_, record)| fits(record)).unwrap_or(0);
        let mut body = records.split_off(first);
        let words = heading(&records, width, body[0].0);
        // A title padded with separators is no heading over one of numbers.
        let full = |at: &usize| records[*at].1.iter().filter(|cell| !cell.is_empty()).count() * 2 >= width;
        let names = match words.filter(full).is_none() && numbered_heading(&body, &kinds) {
            true => Some(body.remove(0).1),
            false => words.map(|at| records.swap_remove(at).1),
        };
        body.retain(|(_, record)| !record[0].starts_with('#') || fits(record));
        // Words behind the table: sources, sums, dates of issue.
        let undated = |record: &StringRecord| {
            let word = |(kind, cell): (&Kind, &str)| *kind == Kind::Date && Cell::read(cell, decimal) == Cell::Word;
            kinds.iter().zip(record).any(word)
        };
        let kept = body.iter().rposition(|(_, record)| fits(record) && !undated(record)).map_or(0, |at| at + 1);
        let words = body[kept..].iter().all(|(_, record)| record.len() < width || undated(record));
        let kept = if words { kept } else { body.len() };
        let body = &body[..kept];
        if body.is_empty() {
            return Err(Error::flaw(Flaw::CsvEmpty, Place::Line(1)));
        }
        let passed = all - body.len() - usize::from(names.is_some());
        Self::of(body, width, &kinds, names, [separator, decimal], passed)
    }

    fn of(
        body: &[(usize, StringRecord)],
        width: usize,
        kinds: &[Kind],
        names: Option<StringRecord>,
        marks: [char; 2],
        passed: usize,
    ) -> Result<Self> {
        if let [(line, record)] = body
            && names.is_none()
            && let Some(table) = Self::one_line(*line, record, kinds, marks, passed)
        {
            return Ok(table);
        }
        if width > MOST_COLUMNS {
            let flaw = Flaw::TableColumns { found: width, most: MOST_COLUMNS };
            return Err(Error::flaw(flaw, Place::Line(body[0].0)));
        }
        let mut columns: Vec<Column> = kinds
            .iter()
            .map(|kind| Column {
                name: String::new(),
                kind: *kind,
                numbers: Vec::with_capacity(body.len()),
                words: Vec::new(),
                odd: None,
            })
            .collect();
        for (line, record) in body {
            // A long row may end early: its series is shorter.
            if record.len() > width || (record.len() < width && width < WIDE) {
                return Err(Error::flaw(Flaw::CsvColumns { found: record.len(), expected: width }, Place::Line(*line)));
            }
            for (at, column) in columns.iter_mut().enumerate() {
                column.push(record.get(at).unwrap_or(""), *line, marks[1]);
            }
        }
        if let Some(names) = &names {
            // One name fewer than columns: R leaves out that of its row numbers. One more: a remark's own mark.
            let (spared, remark) = (usize::from(names.len() + 1 == width), usize::from(names.len() == width + 1));
            for (column, name) in columns[spared..].iter_mut().zip(names.iter().skip(remark)) {
                column.name = name.trim_start_matches('#').trim().trim_matches('\'').to_string();
            }
        }
        // What a separator at the end of every line leaves behind.
        while columns.last().is_some_and(|column| column.kind == Kind::Empty && column.name.is_empty()) {
            columns.pop();
        }
        let head = body[..body.len().min(HEAD)]
            .iter()
            .map(|(_, record)| record.iter().take(columns.len()).map(String::from).collect())
            .collect();
        let lines = body.iter().map(|(line, _)| *line).collect();
        Ok(Self { columns, lines, head, named: names.is_some(), marks: Some(marks), passed, facts: OnceCell::new() })
    }

    /// A single long line of numbers is a column that lies down.
    fn one_line(line: usize, record: &StringRecord, kinds: &[Kind], marks: [char; 2], passed: usize) -> Option<Self> {
        // A separator at the end of the line leaves something empty behind.
        let count = kinds.iter().rposition(|kind| *kind != Kind::Empty).map_or(0, |at| at + 1);
        if count < WIDE || kinds[..count].iter().any(|kind| *kind != Kind::Number) {
            return None;
        }
        let mut column = Column {
            name: String::new(),
            kind: Kind::Number,
            numbers: Vec::with_capacity(count),
            words: Vec::new(),
            odd: None,
        };
        record.iter().take(count).for_each(|cell| column.push(cell, line, marks[1]));
        let head = record.iter().take(HEAD.min(count)).map(|cell| vec![cell.to_string()]).collect();
        let (lines, marks) = (vec![line; count], Some(marks));
        Some(Self { columns: vec![column], lines, head, named: false, marks, passed, facts: OnceCell::new() })
    }
}

impl Column {
    /// The first cell that cannot be learned as a number, and its line.
    pub fn odd_cell(&self, lines: &[usize]) -> Option<(usize, String)> {
        match self.kind {
            Kind::Number => self.odd.clone(),
            _ => self
                .words
                .iter()
                .zip(lines)
                .find(|(word, _)| !number::is_gap(word))
                .map(|(word, line)| (*line, word.chars().take(24).collect())),
        }
    }

    fn push(&mut self, cell: &str, line: usize, decimal: char) {
        if self.kind != Kind::Number {
            return self.words.push(cell.trim_matches('\'').to_string());
        }
        let value = match Cell::read(cell, decimal) {
            // The networks compute with f32.
            Cell::Number(value) if (value as f32).is_finite() => value,
            Cell::Gap => f64::NAN,
            _ => {
                self.odd.get_or_insert_with(|| (line, cell.chars().take(24).collect()));
                f64::NAN
            }
        };
        self.numbers.push(value);
    }
}

/// How many columns the table has. Cells that are empty beyond them, as a few trailing separators leave them, are taken off.
fn table_width(records: &mut [(usize, StringRecord)]) -> usize {
    let usual = usual_width(records);
    let trimmed =
        |record: &StringRecord| (0..record.len()).rev().find(|at| !record[*at].is_empty()).map_or(0, |at| at + 1);
    let share = records.iter().filter(|(_, record)| record.len() == usual).count() as f64 / records.len() as f64;
    // Lines of many lengths are series of many lengths.
    let widest = records.iter().map(|(_, record)| trimmed(record)).max().unwrap_or(0);
    let width = if share < 0.5 && usual >= WIDE { widest } else { usual };
    for (_, record) in records.iter_mut().filter(|(_, record)| record.len() > width && trimmed(record) <= width) {
        record.truncate(width);
    }
    width
}

/// What each column holds, by most of its cells; the first line may be a heading.
fn kinds(records: &[(usize, StringRecord)], width: usize, decimal: char) -> Vec<Kind> {
    let whole: Vec<&StringRecord> =
        records.iter().map(|(_, record)| record).filter(|record| record.len() == width).collect();
    let whole = if whole.len() > 1 { &whole[1..] } else { &whole[..] };
    let kind = |at: usize| {
        let (mut numbers, mut dates, mut words) = (0usize, 0usize, 0usize);
        // A spread of rows tells what all would.
        for record in whole.iter().step_by(1 + whole.len() / 2000) {
            match Cell::read(&record[at], decimal) {
                Cell::Number(_) => numbers += 1,
                Cell::Date => dates += 1,
                Cell::Word => words += 1,
                Cell::Gap => {}
            }
        }
        match numbers + dates + words {
            0 => Kind::Empty,
            all if numbers * 2 >= all => Kind::Number,
            all if dates * 2 >= all => Kind::Date,
            _ => Kind::Word,
        }
    };
    (0..width).map(kind).collect()
}

/// The line that names the columns: of the lines right above the first row that are as wide as the table, the one with the most
/// different words. Units or a second name may stand under the names.
fn heading(before: &[(usize, StringRecord)], width: usize, first: usize) -> Option<usize> {
    // One cell short where R leaves out a name, or one longer where a remark's mark stands by itself.
    let wide = |record: &StringRecord| {
        let cells = record.len();
        cells == width || (width > 2 && cells == width - 1) || (cells == width + 1 && &record[0] == "#")
    };
    let words = |at: usize| -> Vec<&str> { before[at].1.iter().filter(|cell| !cell.is_empty()).collect() };
    let words = |at: usize| distinct(words(at));
    let mut below = first;
    let mut block = Vec::new();
    for (at, (line, record)) in before.iter().enumerate().rev() {
        // An empty line ends the block, unless nothing was found below it.
        if !wide(record) || (below - line > 1 && !block.is_empty()) {
            break;
        }
        below = *line;
        block.push(at);
    }
    block.into_iter().rev().reduce(|best, next| if words(next) > words(best) { next } else { best })
}

/// Numbers can be names too: 0, 1, 2, ..., or years, over columns whose numbers go otherwise.
fn numbered_heading(body: &[(usize, StringRecord)], kinds: &[Kind]) -> bool {
    let steady = |record: &StringRecord| {
        let cells = record.iter().zip(kinds).filter(|(_, kind)| **kind == Kind::Number);
        let (mut count, mut numbers) = (0, Vec::new());
        for (cell, _) in cells {
            count += 1;
            numbers.extend(cell.parse::<f64>());
        }
        let step = numbers.get(1).map_or(0.0, |second| second - numbers[0]);
        let near = |pair: &[f64]| (pair[1] - pair[0] - step).abs() < 1e-6 * step.abs().max(pair[1].abs());
        let even = numbers.len() > 2 && step > 0.0 && numbers.windows(2).all(near);
        let counts = step == 1.0 && (numbers[0] == 0.0 || numbers[0] == 1.0) && numbers.len() >= 4;
        // Row numbers and classes may stand beside them without a name.
        even && numbers.len() + 2 >= count && (counts || numbers.len() >= WIDE)
    };
    body.len() > 2 && steady(&body[0].1) && !body[1..].iter().take(8).any(|(_, record)| steady(record))
}

/// Weka's format, which the UCR archive has too: names in lines of their own, then a table. Lines keep their numbers.
fn arff(text: &str) -> Option<(StringRecord, String)> {
    let lower = |line: &str, word: &str| line.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
    let start = text.lines().find(|line| !line.trim().is_empty() && !line.starts_with('%'))?;
    if !lower(start.trim_start(), "@relation") {
        return None;
    }
    let (mut names, mut data, mut inside) = (StringRecord::new(), String::with_capacity(text.len()), false);
    for line in text.lines().map(str::trim) {
        if inside && !line.starts_with('%') {
            data.push_str(&line.replace('\'', "\""));
        } else if lower(line, "@attribute") {
            let rest = line["@attribute".len()..].trim_start();
            let name = match rest.strip_prefix(['\'', '"']) {
                Some(quoted) => quoted.split(['\'', '"']).next(),
                None => rest.split_whitespace().next(),
            };
            names.push_field(name.unwrap_or_default());
        }
        inside |= lower(line, "@data");
        data.push('\n');
    }
    Some((names, data))
}

#[cfg(test)]
mod tests;
