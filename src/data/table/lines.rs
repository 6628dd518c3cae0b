//! A table's lines cut into cells: which separator, which decimal mark, which lines are words around the table.

use std::borrow::Cow;
use std::collections::HashMap;

use super::cells::{Record, Records};
use super::number::{Cell, leaning};
use crate::error::{Error, Flaw, Place, Result};

/// A table's text with what parts its cells; its records are cut anew whenever they are looked at.
pub struct Lines<'a> {
    /// With single spaces, where they are what parts the cells.
    text: Cow<'a, str>,
    /// The line that the text begins in.
    first: usize,
    pub separator: char,
    pub decimal: char,
    /// Where every [`BLOCK`]th record begins, and in which line.
    blocks: Vec<[usize; 2]>,
    /// Records.
    pub count: usize,
    pub widths: Widths,
    /// The most cells of a record, without the empty ones behind the last that is not.
    pub widest: usize,
}

/// In the order in which they win where a file says as much for either. A space stands for any run of them.
pub const SEPARATORS: [char; 5] = ['\t', ';', ',', '|', ' '];

/// Letters that are judged, from either end of a file: more would say the same.
const JUDGED: usize = 1 << 18;
/// Lines whose cells are looked at for the decimal mark, evenly spread.
const LOOKED_AT: usize = 20_000;
/// Records between two whose places are known.
const BLOCK: usize = 1024;

impl<'a> Lines<'a> {
    /// `text` has line feeds only; a separator and a decimal mark may be prescribed.
    pub fn read(text: Cow<'a, str>, separator: Option<char>, decimal: Option<char>) -> Result<Self> {
        let marked = text.split_once('\n').and_then(|(line, _)| Some((excels_mark(line)?, line.len() + 1)));
        let (said, start, first) = marked.map_or((None, 0, 1), |(mark, start)| (Some(mark), start, 2));
        let sample = sample(&text[start..]);
        let judge = || {
            SEPARATORS
                .into_iter()
                .map(|mark| (mark, score(&sample, mark)))
                .reduce(|best, next| if next.1 > best.1 { next } else { best })
        };
        let separator = separator.or(said).or_else(|| judge().map(|(mark, _)| mark)).unwrap_or(',');
        drop(sample);
        let text = match text {
            text if separator == ' ' => Cow::Owned(single_spaces(&text[start..])),
            Cow::Borrowed(text) => Cow::Borrowed(&text[start..]),
            Cow::Owned(mut text) => {
                text.drain(..start);
                Cow::Owned(text)
            }
        };
        let (blocks, widths) = (Vec::new(), Widths::default());
        let mut lines = Self { text, first, separator, decimal: '.', blocks, count: 0, widths, widest: 0 };
        lines.measure();
        if lines.count == 0 {
            return Err(Error::flaw(Flaw::CsvEmpty, Place::Line(1)));
        }
        lines.decimal = decimal.unwrap_or_else(|| {
            decimal_mark(lines.from(0).step_by(1 + lines.count / LOOKED_AT).map(|(_, record)| record), separator)
        });
        Ok(lines)
    }

    /// Bytes of the text.
    pub fn letters(&self) -> usize {
        self.text.len()
    }

    fn measure(&mut self) {
        let mut records = Records::new(&self.text, self.separator, 0, self.first);
        loop {
            let before = [records.at, records.line];
            let Some(record) = records.next() else { break };
            if self.count.is_multiple_of(BLOCK) {
                self.blocks.push(before);
            }
            let [cells, full] = record.lengths();
            self.widths.add(cells);
            self.widest = self.widest.max(full);
            self.count += 1;
        }
    }

    /// The records from one on, counted from 0, with their numbers.
    pub fn from(&self, at: usize) -> impl Iterator<Item = (usize, Record<'_>)> + Clone {
        let block = at / BLOCK;
        // Behind the last of them there is nothing.
        let [byte, line] = self.blocks.get(block).copied().unwrap_or([self.text.len(), 1]);
        let records = Records::new(&self.text, self.separator, byte, line);
        records.enumerate().map(move |(number, record)| (block * BLOCK + number, record)).skip(at - block * BLOCK)
    }

    /// The same a block at a time, the last first.
    pub fn blocks_back(&self) -> impl Iterator<Item = impl Iterator<Item = (usize, Record<'_>)>> {
        (0..self.blocks.len()).rev().map(|block| self.from(block * BLOCK).take(BLOCK))
    }
}

/// How many records have how many cells.
#[derive(Default)]
pub struct Widths {
    counts: HashMap<usize, usize>,
    /// The last width, and how many in a row had it.
    last: [usize; 2],
}

impl Widths {
    fn add(&mut self, width: usize) {
        if self.last[0] != width {
            let [width, count] = std::mem::replace(&mut self.last, [width, 0]);
            *self.counts.entry(width).or_default() += count;
        }
        self.last[1] += 1;
    }

    pub fn count(&self, width: usize) -> usize {
        let last = if self.last[0] == width { self.last[1] } else { 0 };
        self.counts.get(&width).copied().unwrap_or(0) + last
    }

    /// The most cells of a record.
    pub fn most(&self) -> usize {
        self.counts.keys().copied().fold(self.last[0], usize::max)
    }

    /// The number of cells that most records have; of several, the larger.
    pub fn usual(&self) -> usize {
        let known = self.counts.keys().copied().chain([self.last[0]]);
        known.max_by_key(|width| (self.count(*width), *width)).unwrap_or(0)
    }
}

/// Excel's own first line, which says how the cells are parted.
fn excels_mark(line: &str) -> Option<char> {
    let line = line.trim_matches('"');
    let said = line.get(..4).filter(|start| start.eq_ignore_ascii_case("sep=")).map(|_| &line[4..])?;
    said.chars().next().filter(char::is_ascii)
}

/// The whole text, or as much of its start and of its end where there are many more.
fn sample(text: &str) -> Cow<'_, str> {
    if text.len() <= 3 * JUDGED {
        return text.into();
    }
    let line = |from: usize| {
        text[text.ceil_char_boundary(from)..].find('\n').map_or(text.len(), |at| text.ceil_char_boundary(from) + at + 1)
    };
    let (end, start) = (line(JUDGED), line(text.len() - JUDGED));
    [&text[..end], &text[start..]].concat().into()
}

/// Each run of spaces and tabs outside quotes as one space, none at the ends of a line.
fn single_spaces(text: &str) -> String {
    let mut spaced = String::with_capacity(text.len());
    let (mut quoted, mut pending) = (false, false);
    for c in text.chars() {
        quoted ^= c == '"';
        match c {
            ' ' | '\t' if !quoted => pending = !spaced.is_empty() && !spaced.ends_with('\n'),
            _ => {
                if pending && c != '\n' {
                    spaced.push(' ');
                }
                pending = false;
                spaced.push(c);
            }
        }
    }
    spaced
}

/// How well a separator fits: the share of lines of one width, times how much of them are numbers, dates and gaps.
fn score(sample: &str, separator: char) -> f64 {
    if !sample.contains(separator) && separator != ',' {
        return 0.0;
    }
    let spaced = if separator == ' ' { single_spaces(sample).into() } else { Cow::Borrowed(sample) };
    let records = || Records::new(&spaced, separator, 0, 1);
    let (mut widths, mut count) = (Widths::default(), 0);
    for record in records() {
        widths.add(record.cells().count());
        count += 1;
    }
    let width = widths.usual();
    if count == 0 {
        return 0.0;
    }
    if separator == ',' && decimals_in_one_column(records()) {
        return 0.0;
    }
    let word = |cell: &str| Cell::read(cell, '.') == Cell::Word && Cell::read(cell, ',') == Cell::Word;
    let worth = |cell: Cow<'_, str>| if word(&cell) { 0.2 } else { 1.0 };
    let fitting = records().filter(|record| record.cells().count() == width);
    let total: f64 = fitting.map(|record| record.cells().map(worth).sum::<f64>() / width as f64).sum();
    // One column is what is left where nothing parts the numbers.
    total / count as f64 * if width == 1 { 0.55 } else { 1.0 }
}

/// A heading of one cell over rows of digits, a comma, digits: the commas stand inside the numbers.
fn decimals_in_one_column<'a>(mut records: impl Iterator<Item = Record<'a>> + Clone) -> bool {
    let digits =
        |cell: &str| !cell.is_empty() && cell.trim_start_matches('-').bytes().all(|byte| byte.is_ascii_digit());
    let two = |row: Record<'_>| row.cells().count() == 2 && row.cells().all(|cell| digits(&cell));
    let heading = records.next().is_some_and(|heading| heading.cells().count() == 1);
    heading && records.clone().next().is_some() && records.all(two)
}

/// The mark before the fraction, from all cells. Where every cell could be read either way, `1,234` is a thousand in a file whose cells are
/// parted by commas, and one and a bit in one of semicolons, unless other numbers show that thousands have marks.
fn decimal_mark<'a>(records: impl Iterator<Item = Record<'a>>, separator: char) -> char {
    let (mut leaned, mut open, mut small, mut large) = (0i64, 0usize, 0usize, 0usize);
    for cell in records.flat_map(|record| record.cells()) {
        if !cell.contains([',', '.']) {
            match cell.parse::<f64>().map(f64::abs) {
                Ok(1000.0..) => large += 1,
                Ok(..1000.0) => small += 1,
                _ => {}
            }
            continue;
        }
        let leaning = leaning(&cell);
        leaned += i64::from(leaning);
        open += usize::from(leaning == 0 && cell.contains(',') && super::number::number(&cell, ',').is_some());
    }
    match leaned {
        1.. => ',',
        ..0 => '.',
        0 if open == 0 || separator == ',' => '.',
        0 if small > 0 && large == 0 => '.',
        0 => ',',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (char, char, Vec<(usize, Vec<String>)>) {
        let lines = Lines::read(text.into(), None, None).unwrap();
        let cells = |record: Record<'_>| record.cells().map(String::from).collect();
        let records = lines.from(0).map(|(_, record)| (record.line, cells(record))).collect();
        (lines.separator, lines.decimal, records)
    }

    #[test]
    fn separator_and_decimal_mark_show() {
        let cases = [
            ("a,b\n1,2\n3,4\n", ',', '.'),
            ("a;b\n20,5;60\n21,5;61\n", ';', ','),
            ("a\tb\n1,5\t2\n", '\t', ','),
            ("1 2 3\n4 5 6\n", ' ', '.'),
            ("  1.0e+00   2.0e+00\n  3.0e+00  -4.0e+00\n", ' ', '.'),
            ("a|b\n1|2\n", '|', '.'),
            ("a, b, c\n1, 2, 3\n", ',', '.'),
            ("1;2.5\n3;4.5\n", ';', '.'),
            ("\"1,234.5\",\"2\"\n\"1,334.5\",\"3\"\n", ',', '.'),
            ("1.234,5;2\n2.234,5;3\n", ';', ','),
            ("x\n20,5\n21,6\n19,5\n", '\t', ','),
            ("a;b\n1,234;12\n2,345;13\n", ';', '.'),
            ("a;b\n1,234;1200\n2,345;1300\n", ';', ','),
            ("date;v\n2020-01-01 10:00;1\n2020-01-02 10:00;2\n", ';', '.'),
            ("when,v\n2020-01-01 10:00:00,5.0\n2020-01-01 11:00:00,6.0\n", ',', '.'),
            ("1,5 2,5 3,5\n2,5 3,5 1,5\n", ' ', ','),
        ];
        for (text, separator, decimal) in cases {
            let found = read(text);
            assert_eq!((found.0, found.1), (separator, decimal), "{text}");
        }
    }

    #[test]
    fn lines_keep_their_numbers_and_quotes_their_cells() {
        let (_, _, records) = read("sep=,\n\"a,1\",b\n\n\"two\nlines\",\"say \"\"x\"\"\"\n# a remark\n 7 ,8");
        assert_eq!(
            records,
            [
                (2, vec!["a,1".into(), "b".into()]),
                (5, vec!["two\nlines".into(), "say \"x\"".into()]),
                (6, vec!["# a remark".into()]),
                (7, vec!["7".into(), "8".into()])
            ]
        );
    }
}
