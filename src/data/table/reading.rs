//! What a row of a table is: a whole series, a moment of one long recording, or a moment of many series side by side.

use serde::{Deserialize, Serialize};
use std::iter::successors;
use std::ops::Range;

use super::classes::{alike, distinct, labels};
use super::columns::Role;
use super::numbers::bridged;
use super::{Column, Table};
use crate::data::series::{MOST_DIMS, MOST_SERIES, MOST_VALUES, Series, resampled};
use crate::error::{Error, Flaw, Place, Result};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reading {
    /// Each row is a series; of an array of three dimensions, `[series, step, value]`.
    Rows,
    /// The rows are one recording, which is cut into pieces.
    Recording,
    /// Each column is a series.
    Columns,
    /// Of an array of three dimensions, `[series, value, step]`.
    Channels,
}

/// What speaks for a reading; the page has a sentence for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// The caller said so.
    Asked,
    /// The format leaves no choice.
    Format,
    /// `count` classes in `column`.
    ClassBesideSeries,
    /// `column` says when each row was.
    TimeColumn,
    /// Only `count` values in a row.
    FewColumns,
    /// Only `count` rows: too few to cut a recording from.
    FewRows,
    /// `count` columns with names of their own.
    NamedColumns,
    /// From row to row the numbers go on, more than from column to column.
    SmoothDown,
    /// Along a row the numbers go on, more than from row to row.
    SmoothAlong,
    /// Of an array of three dimensions: there are more steps than values in each.
    LongerSide,
    /// Nothing in it says so.
    Unclear,
    /// `count` columns of one kind, more than a step may have values.
    ManyColumns,
}

/// What speaks for a reading, with the column and the number that are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Why {
    pub cause: Cause,
    /// From 0.
    pub column: Option<usize>,
    pub count: usize,
}

impl Why {
    pub fn plain(cause: Cause) -> Self {
        Self { cause, column: None, count: 0 }
    }

    pub fn of(cause: Cause, count: usize) -> Self {
        Self { cause, column: None, count }
    }

    pub fn by(cause: Cause, column: usize, count: usize) -> Self {
        Self { cause, column: Some(column), count }
    }
}

/// What was made of a file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Taken {
    pub reading: Reading,
    pub why: Cause,
    /// The column that says so, from 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<usize>,
    /// How many are meant: classes, values or rows.
    pub count: usize,
    /// Whether the file leaves little doubt.
    pub sure: bool,
    /// The columns with their roles; none where a file has no columns.
    pub columns: Vec<Named>,
    /// Missing numbers that were put in between their neighbours.
    pub gaps: usize,
    /// Series that the file has, where fewer could be kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub brought: Option<usize>,
}

impl Taken {
    pub fn new(
        (reading, why, sure): (Reading, Why, bool),
        columns: Vec<Named>,
        gaps: usize,
        brought: Option<usize>,
    ) -> Self {
        let Why { cause, column, count } = why;
        Self { reading, why: cause, column, count, sure, columns, gaps, brought }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Named {
    pub name: String,
    pub role: Role,
}

impl Table<'_> {
    /// Series of a reading with these roles, one for each column. Long ones are taken to `length` steps.
    pub fn series(&self, reading: Reading, roles: &[Role], length: usize) -> Result<(Series, usize)> {
        let mut values = Vec::new();
        for (at, column) in self.columns.iter().enumerate().filter(|(at, _)| roles[*at] == Role::Value) {
            if let Some((line, found)) = column.odd.clone() {
                return Err(Error::flaw(Flaw::CsvNumber { found, column: at + 1 }, Place::Line(line)));
            }
            values.push(column);
        }
        if values.is_empty() {
            return Err(Error::flaw(Flaw::CsvEmpty, Place::Line(self.lines[0])));
        }
        let of = |role: Role| self.columns.iter().zip(roles).find(|(_, is)| **is == role).map(|(column, _)| column);
        match reading {
            Reading::Recording => self.pieces(&values, of(Role::Class), of(Role::Id), length),
            Reading::Columns => self.lying([values.len(), self.rows], |at| values[at].numbers.iter(), None, length),
            Reading::Rows | Reading::Channels => {
                let line = |row| values.iter().map(move |column| column.numbers.get(row));
                self.lying([self.rows, values.len()], line, of(Role::Class), length)
            }
        }
    }

    /// Whole series, one after another: so many, of so many steps. Missing ends make a series shorter; all come out with the same number of
    /// steps.
    fn lying<I: Iterator<Item = f64> + Clone>(
        &self,
        [brought, steps]: [usize; 2],
        line: impl Fn(usize) -> I,
        class: Option<&Column>,
        length: usize,
    ) -> Result<(Series, usize)> {
        let place = || Place::Line(self.lines[0]);
        let target = steps.min(length.max(2));
        let most = MOST_SERIES.min(MOST_VALUES / target.max(1)).max(1);
        let (mut values, mut kept, mut gaps) = (Vec::new(), Vec::new(), 0);
        let stride = brought.div_ceil(most);
        for row in (0..brought).step_by(stride) {
            let (mut from, mut to, mut known) = (None, 0, 0);
            for (at, _) in line(row).enumerate().filter(|(_, value)| value.is_finite()) {
                from.get_or_insert(at);
                (to, known) = (at + 1, known + 1);
            }
            let steps = to - from.unwrap_or(to);
            if steps < 2 {
                continue;
            }
            gaps += steps - known;
            let series = bridged(line(row).skip(to - steps).take(steps)).map(|value| value as f32);
            values.extend(resampled(series, steps, target));
            kept.push(row);
        }
        if kept.is_empty() {
            return Err(Error::flaw(Flaw::SeriesSteps { steps: steps.min(1), least: 2 }, place()));
        }
        let (labels, classes) = class.map(|class| labels(class, kept.iter().copied())).unwrap_or_default();
        let brought = (kept.len() < brought && stride > 1).then_some(brought);
        let series =
            Series { values, count: kept.len(), steps: target, dims: 1, labels, classes, brought, ..Series::default() };
        Ok((series.checked(place())?, gaps))
    }

    /// A recording in pieces of `length` steps, each of one class and one identity; as many as may be kept, evenly spread.
    fn pieces(
        &self,
        columns: &[&Column],
        class: Option<&Column>,
        id: Option<&Column>,
        length: usize,
    ) -> Result<(Series, usize)> {
        let (rows, dims) = (self.rows, columns.len());
        let refused = Error::flaw(Flaw::SeriesDims { dims, most: MOST_DIMS }, Place::Line(self.lines[0]));
        if dims > MOST_DIMS {
            return Err(refused);
        }
        if rows < length {
            return Err(Error::flaw(Flaw::SeriesRows { rows, least: length }, Place::Line(self.end)));
        }
        // Numbers of rows part nothing.
        let id = id.filter(|id| distinct(id) * 2 <= rows);
        let most = (MOST_VALUES / (length * dims)).clamp(1, MOST_SERIES);
        let stride = (rows - length + 1).div_ceil(most);
        let one = |of: Option<&Column>, start: usize| {
            of.is_none_or(|of| (start..start + length).all(|row| alike(of, start, row)))
        };
        // The rows of each identity, which are all where there are none.
        let end = |from: usize| {
            let other = |id: &Column| (from + 1..rows).find(|row| !alike(id, from, *row));
            id.and_then(other).unwrap_or(rows)
        };
        let runs = || successors(Some(0..end(0)), |run| (run.end < rows).then(|| run.end..end(run.end)));
        // Whoever has no number at all in a column has no pieces.
        let mut silent: Vec<Range<usize>> = Vec::new();
        for column in columns.iter().filter(|_| id.is_some()) {
            let mut numbers = column.numbers.iter();
            silent
                .extend(runs().filter(|run| numbers.by_ref().take(run.len()).filter(|it| it.is_finite()).count() == 0));
        }
        silent.sort_unstable_by_key(|run| run.start);
        silent.dedup();
        let heard = |start: usize| {
            let next = silent.partition_point(|run| run.end <= start);
            silent.get(next).is_none_or(|run| run.start > start)
        };
        let whole = |start: &usize| one(class, *start) && one(id, *start) && heard(*start);
        let starts: Vec<usize> = (0..=rows - length).step_by(stride).filter(whole).collect();
        if starts.is_empty() {
            return Err(Error::flaw(Flaw::SeriesPieces { least: length }, Place::Line(self.lines[0])));
        }
        let (mut values, mut gaps) = (vec![0.0; starts.len() * length * dims], 0);
        for (dim, column) in columns.iter().enumerate() {
            gaps += column.numbers.iter().filter(|value| !value.is_finite()).count();
            // The pieces that the row is in.
            let mut open = 0..0;
            let mut numbers = column.numbers.iter();
            // Nothing is drawn from one identity's numbers to another's.
            for run in runs() {
                for (row, value) in run.clone().zip(bridged(numbers.clone().take(run.len()))) {
                    open.end += starts[open.end..].iter().take_while(|start| **start <= row).count();
                    open.start += starts[open.clone()].iter().take_while(|start| **start + length <= row).count();
                    for piece in open.clone() {
                        values[(piece * length + row - starts[piece]) * dims + dim] = value as f32;
                    }
                }
                if run.end < rows {
                    numbers.nth(run.len() - 1);
                }
            }
        }
        let (labels, classes) = class.map(|class| labels(class, starts.iter().copied())).unwrap_or_default();
        let series = Series { values, count: starts.len(), steps: length, dims, labels, classes, ..Series::default() };
        Ok((series.checked(Place::Line(self.lines[0]))?, gaps))
    }
}
