//! How text becomes a table: which of its lines are rows, what its columns hold, and what they are called.

use std::borrow::Cow;
use std::cell::OnceCell;

use super::arff::arff;
use super::cells::Record;
use super::columns::distinct;
use super::lines::Lines;
use super::number::Cell;
use super::{Column, HEAD, Kind, MOST_COLUMNS, Table, WIDE};
use crate::error::{Error, Flaw, Place, Result};

/// Cells that rows may be short of the table's width altogether, or half the text's length.
const MOST_SPARED: usize = 1 << 24;
/// Rows that tell what a column holds.
const TOLD: usize = 2000;

pub(super) fn table<'a>(text: Cow<'_, str>, separator: Option<char>, decimal: Option<char>) -> Result<Table<'a>> {
    let lines = match arff(&text) {
        Some(data) => {
            drop(text);
            Lines::read(data.into(), Some(','), Some('.'))?
        }
        None => Lines::read(text, separator, decimal)?,
    };
    let width = table_width(&lines);
    let mut plan = Plan { lines: &lines, width, kinds: Vec::new() };
    plan.kinds = plan.kinds()?;
    if !plan.kinds.contains(&Kind::Number) {
        return Err(Error::flaw(Flaw::CsvEmpty, Place::Line(1)));
    }
    let (first, words) = plan.start();
    // A title padded with separators is no heading over one of numbers.
    let full = |record: &Record| record.cells().filter(|cell| !cell.is_empty()).count() * 2 >= width;
    let numbered = words.as_ref().is_none_or(|words| !full(words)) && plan.numbered_heading(first);
    let names = if numbered { lines.from(first).next().map(|(_, record)| record) } else { words };
    let body = Body { plan: &plan, from: first + usize::from(numbered), to: plan.end(first + usize::from(numbered)) };
    body.table(names)
}

/// What the records of a text have to be like to be rows.
struct Plan<'a> {
    lines: &'a Lines<'a>,
    width: usize,
    kinds: Vec<Kind>,
}

/// How many columns the table has.
fn table_width(lines: &Lines) -> usize {
    let usual = lines.widths.usual();
    let share = lines.widths.count(usual) as f64 / lines.count as f64;
    // Lines of many lengths are series of many lengths.
    if share < 0.5 && usual >= WIDE { lines.widest } else { usual }
}

impl Plan<'_> {
    /// How many cells a record has, without those that are empty beyond the table's width, as a few trailing separators leave them.
    fn length(&self, record: &Record) -> usize {
        let [cells, full] = record.lengths();
        if cells > self.width && full <= self.width { self.width } else { cells }
    }

    /// What each column holds, by most of its cells; the first line may be a heading.
    fn kinds(&self) -> Result<Vec<Kind>> {
        let lines = self.lines;
        let whole = || lines.from(0).map(|(_, record)| record).filter(|record| self.length(record) == self.width);
        // Without longer ones, whose ends may be empty, they are counted already.
        let count = if lines.widths.most() <= self.width { lines.widths.count(self.width) } else { whole().count() };
        if self.width > MOST_COLUMNS {
            return match (count, whole().next()) {
                // A recording that lies down, perhaps.
                (1, Some(record)) => {
                    Ok(record.cells().take(self.width).map(|cell| kind(&cell, self.lines.decimal)).collect())
                }
                (_, record) => {
                    let flaw = Flaw::TableColumns { found: self.width, most: MOST_COLUMNS };
                    Err(Error::flaw(flaw, Place::Line(record.map_or(1, |record| record.line))))
                }
            };
        }
        // A spread of rows tells what all would.
        let heading = usize::from(count > 1);
        let mut counts = vec![[0u32; 3]; self.width];
        for record in whole().skip(heading).step_by(1 + (count - heading) / TOLD) {
            for ([numbers, dates, words], cell) in counts.iter_mut().zip(record.cells()) {
                match Cell::read(&cell, self.lines.decimal) {
                    Cell::Number(_) => *numbers += 1,
                    Cell::Date => *dates += 1,
                    Cell::Word => *words += 1,
                    Cell::Gap => {}
                }
            }
        }
        let kind = |[numbers, dates, words]: [u32; 3]| match numbers + dates + words {
            0 => Kind::Empty,
            all if numbers * 2 >= all => Kind::Number,
            all if dates * 2 >= all => Kind::Date,
            _ => Kind::Word,
        };
        Ok(counts.into_iter().map(kind).collect())
    }

    fn fits(&self, record: &Record) -> bool {
        let (mut length, mut numbers) = (0, 0);
        for cell in record.cells() {
            if self.kinds.get(length) == Some(&Kind::Number) {
                match Cell::read(&cell, self.lines.decimal) {
                    Cell::Number(_) => numbers += 1,
                    Cell::Gap => {}
                    _ => return false,
                }
            }
            length += 1;
        }
        (length > 1 || length == self.width) && numbers > 0
    }

    /// A word where the others have dates.
    fn undated(&self, record: &Record) -> bool {
        let word = |(kind, cell): (&Kind, Cow<str>)| {
            *kind == Kind::Date && Cell::read(&cell, self.lines.decimal) == Cell::Word
        };
        self.kinds.iter().zip(record.cells()).any(word)
    }

    /// Whether it is no remark.
    fn said(&self, record: &Record) -> bool {
        !record.first().starts_with('#') || self.fits(record)
    }

    /// The first row, and the line that names the columns: of the lines right above the first row that are as wide as the table, the one
    /// with the most different words. Units or a second name may stand under the names.
    fn start(&self) -> (usize, Option<Record<'_>>) {
        let width = self.width;
        // One cell short where R leaves out a name, or one longer where a remark's mark stands by itself.
        let wide = |record: &Record| {
            let cells = self.length(record);
            cells == width || (width > 2 && cells == width - 1) || (cells == width + 1 && record.first() == "#")
        };
        let words = |record: &Record| distinct(record.cells().filter(|cell| !cell.is_empty()).collect());
        let (mut best, mut above): (Option<(usize, Record)>, usize) = (None, 0);
        for (at, record) in self.lines.from(0) {
            if self.fits(&record) {
                return (at, best.map(|(_, record)| record));
            }
            if width > MOST_COLUMNS || !wide(&record) {
                best = None;
                continue;
            }
            // An empty line ends the block, unless nothing was found below it.
            if record.line - above > 1 {
                best = None;
            }
            above = record.line;
            let words = words(&record);
            if best.as_ref().is_none_or(|(most, _)| words > *most) {
                best = Some((words, record));
            }
        }
        (0, None)
    }

    /// Numbers can be names too: 0, 1, 2, ..., or years, over columns whose numbers go otherwise.
    fn numbered_heading(&self, first: usize) -> bool {
        let steady = |record: Record| {
            let cells = record.cells().zip(&self.kinds).filter(|(_, kind)| **kind == Kind::Number);
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
        let mut body = self.lines.from(first).map(|(_, record)| record);
        self.lines.count - first > 2
            && self.width <= MOST_COLUMNS
            && body.next().is_some_and(steady)
            && !body.take(8).any(steady)
    }

    /// The record behind the last row. Words may stand behind the table: sources, sums, dates of issue.
    fn end(&self, from: usize) -> usize {
        let mut words = true;
        for block in self.lines.blocks_back() {
            let (mut last, mut behind) = (None, true);
            for (at, record) in block.filter(|(at, record)| *at >= from && self.said(record)) {
                let undated = self.undated(&record);
                if !undated && self.fits(&record) {
                    (last, behind) = (Some(at + 1), true);
                } else {
                    behind &= undated || self.length(&record) < self.width;
                }
            }
            words &= behind;
            match last {
                Some(last) if words => return last,
                // A row that cannot be read is no word behind the table.
                _ if !words => return self.lines.count,
                _ => {}
            }
        }
        from
    }
}

fn kind(cell: &str, decimal: char) -> Kind {
    match Cell::read(cell, decimal) {
        Cell::Number(_) => Kind::Number,
        Cell::Date => Kind::Date,
        Cell::Word => Kind::Word,
        Cell::Gap => Kind::Empty,
    }
}

/// The rows among the records.
struct Body<'a> {
    plan: &'a Plan<'a>,
    from: usize,
    to: usize,
}

impl Body<'_> {
    fn records(&self) -> impl Iterator<Item = Record<'_>> {
        let records = self.plan.lines.from(self.from).take(self.to - self.from).map(|(_, record)| record);
        records.filter(|record| self.plan.said(record))
    }

    fn table<'a>(&self, names: Option<Record>) -> Result<Table<'a>> {
        let Plan { lines, width, kinds } = self.plan;
        let Some(first) = self.records().next() else {
            return Err(Error::flaw(Flaw::CsvEmpty, Place::Line(1)));
        };
        let one = names.is_none() && self.records().nth(1).is_none();
        if one && let Some(table) = self.one_line(&first) {
            return Ok(table);
        }
        if *width > MOST_COLUMNS {
            let flaw = Flaw::TableColumns { found: *width, most: MOST_COLUMNS };
            return Err(Error::flaw(flaw, Place::Line(first.line)));
        }
        let mut columns: Vec<Column> = kinds.iter().map(|kind| Column::new(*kind)).collect();
        let (rows, end) = self.fill(&mut columns)?;
        if let Some(names) = &names {
            // One name fewer than columns: R leaves out that of its row numbers. One more: a remark's own mark.
            let count = self.plan.length(names);
            let (spared, remark) = (usize::from(count + 1 == *width), usize::from(count == width + 1));
            for (column, name) in columns[spared..].iter_mut().zip(names.cells().skip(remark)) {
                column.name = name.trim_start_matches('#').trim().trim_matches('\'').to_string();
            }
        }
        // What a separator at the end of every line leaves behind.
        while columns.last().is_some_and(|column| column.kind == Kind::Empty && column.name.is_empty()) {
            columns.pop();
        }
        let cells = |record: Record| record.cells().take(columns.len()).map(String::from).collect();
        Ok(Table {
            rows,
            lines: self.records().take(HEAD).map(|record| record.line).collect(),
            end,
            head: self.records().take(HEAD).map(cells).collect(),
            named: names.is_some(),
            marks: Some([lines.separator, lines.decimal]),
            passed: lines.count - rows - usize::from(names.is_some()),
            facts: OnceCell::new(),
            columns,
        })
    }

    /// Every row's cells into the columns; how many rows there are, and the line of the last.
    fn fill(&self, columns: &mut [Column]) -> Result<(usize, usize)> {
        let (width, decimal) = (columns.len(), self.plan.lines.decimal);
        let most = MOST_SPARED.max(self.plan.lines.letters() / 2);
        let (mut rows, mut end, mut spared) = (0, 0, 0);
        for record in self.records() {
            let (mut cells, mut found) = (record.cells(), 0);
            for column in columns.iter_mut() {
                let cell = cells.next();
                found += usize::from(cell.is_some());
                column.push(&cell.unwrap_or_default(), record.line, decimal);
            }
            let [beyond, full] =
                cells.fold([0, 0], |[all, full], cell| [all + 1, full + usize::from(!cell.is_empty())]);
            found += if full > 0 { beyond } else { 0 };
            spared += width.saturating_sub(found);
            // A long row may end early: its series is shorter.
            if found > width || (found < width && (width < WIDE || spared > most)) {
                return Err(Error::flaw(Flaw::CsvColumns { found, expected: width }, Place::Line(record.line)));
            }
            (rows, end) = (rows + 1, record.line);
        }
        Ok((rows, end))
    }

    /// A single long line of numbers is a column that lies down.
    fn one_line<'a>(&self, record: &Record) -> Option<Table<'a>> {
        let Plan { lines, kinds, .. } = self.plan;
        // A separator at the end of the line leaves something empty behind.
        let count = kinds.iter().rposition(|kind| *kind != Kind::Empty).map_or(0, |at| at + 1);
        if count < WIDE || kinds[..count].iter().any(|kind| *kind != Kind::Number) {
            return None;
        }
        let mut column = Column::new(Kind::Number);
        record.cells().take(count).for_each(|cell| column.push(&cell, record.line, lines.decimal));
        Some(Table {
            rows: column.rows(),
            columns: vec![column],
            lines: vec![record.line; HEAD.min(count)],
            end: record.line,
            head: record.cells().take(HEAD.min(count)).map(|cell| vec![cell.to_string()]).collect(),
            named: false,
            marks: Some([lines.separator, lines.decimal]),
            passed: lines.count - 1,
            facts: OnceCell::new(),
        })
    }
}
