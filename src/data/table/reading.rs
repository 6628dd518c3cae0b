//! What a row of a table is: a whole series, a moment of one long recording, or a moment of many series side by side.

use serde::{Deserialize, Serialize};

use super::columns::Role;
use super::{Column, Kind, Table};
use crate::data::series::{MOST_DIMS, MOST_SERIES, MOST_VALUES, Series};
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

/// A class for each row, and the classes' names: numbers by size, words in the order in which they come.
pub fn labels(column: &Column) -> (Vec<usize>, Vec<String>) {
    let name = |row: usize| match column.kind {
        Kind::Number if column.numbers[row].is_nan() => "?".to_string(),
        // Classes are whole numbers, however they are written.
        Kind::Number => column.numbers[row].to_string(),
        _ => column.words[row].clone(),
    };
    let rows = column.numbers.len().max(column.words.len());
    let names: Vec<String> = (0..rows).map(name).collect();
    let mut classes: Vec<String> = Vec::new();
    let mut known = std::collections::HashMap::new();
    let labels = names.iter().map(|name| {
        *known.entry(name.clone()).or_insert_with(|| {
            classes.push(name.clone());
            classes.len() - 1
        })
    });
    let labels: Vec<usize> = labels.collect();
    if column.kind != Kind::Number {
        return (labels, classes);
    }
    let mut order: Vec<usize> = (0..classes.len()).collect();
    order.sort_by(|one, other| {
        classes[*one]
            .parse::<f64>()
            .unwrap_or(f64::INFINITY)
            .total_cmp(&classes[*other].parse().unwrap_or(f64::INFINITY))
    });
    let mut place = vec![0; order.len()];
    order.iter().enumerate().for_each(|(at, class)| place[*class] = at);
    (labels.into_iter().map(|class| place[class]).collect(), order.iter().map(|at| classes[*at].clone()).collect())
}

impl Table {
    /// Series of a reading with these roles, one for each column. Long ones are taken to `length` steps.
    pub fn series(&self, reading: Reading, roles: &[Role], length: usize) -> Result<(Series, usize)> {
        let mut values = Vec::new();
        for (at, column) in self.columns.iter().enumerate().filter(|(at, _)| roles[*at] == Role::Value) {
            if let Some((line, found)) = column.odd_cell(&self.lines) {
                return Err(Error::flaw(Flaw::CsvNumber { found, column: at + 1 }, Place::Line(line)));
            }
            values.push(column);
        }
        if values.is_empty() {
            return Err(Error::flaw(Flaw::CsvEmpty, Place::Line(self.lines.first().copied().unwrap_or(1))));
        }
        let of =
            |role: Role| self.columns.iter().zip(roles).find(|(_, is)| **is == role).map(|(column, _)| labels(column));
        let (labels, classes) = of(Role::Class).unwrap_or_default();
        match reading {
            Reading::Recording => self.pieces(&values, (labels, classes), of(Role::Id), length),
            Reading::Columns => {
                let lines = values.iter().map(|column| column.numbers.clone()).collect();
                self.lying(lines, Vec::new(), Vec::new(), length)
            }
            Reading::Rows | Reading::Channels => {
                let lines =
                    (0..self.rows()).map(|row| values.iter().map(|column| column.numbers[row]).collect()).collect();
                self.lying(lines, labels, classes, length)
            }
        }
    }

    /// Whole series, one after another. Missing ends make a series shorter; all come out with the same number of steps.
    fn lying(
        &self,
        lines: Vec<Vec<f64>>,
        labels: Vec<usize>,
        classes: Vec<String>,
        length: usize,
    ) -> Result<(Series, usize)> {
        let place = || Place::Line(self.lines[0]);
        let steps = lines.first().map_or(0, Vec::len);
        let target = steps.min(length.max(2));
        let most = MOST_SERIES.min(MOST_VALUES / target.max(1)).max(1);
        let brought = lines.len();
        let (mut values, mut kept, mut gaps) = (Vec::new(), Vec::new(), 0);
        let stride = brought.div_ceil(most);
        for (row, mut line) in lines.into_iter().enumerate().step_by(stride) {
            let from = line.iter().position(|value| value.is_finite()).unwrap_or(line.len());
            let to = line.iter().rposition(|value| value.is_finite()).map_or(from, |at| at + 1);
            if to - from < 2 {
                continue;
            }
            gaps += bridge(&mut line[from..to]);
            let series = line[from..to].iter().map(|value| *value as f32).collect();
            let series = Series { values: series, count: 1, steps: to - from, dims: 1, ..Series::default() };
            values.extend(series.resampled(target).values);
            kept.push(row);
        }
        if kept.is_empty() {
            return Err(Error::flaw(Flaw::SeriesSteps { steps: steps.min(1), least: 2 }, place()));
        }
        let (labels, classes) = present(&labels, classes, &kept);
        let brought = (kept.len() < brought && stride > 1).then_some(brought);
        let series =
            Series { values, count: kept.len(), steps: target, dims: 1, labels, classes, brought, ..Series::default() };
        Ok((series.checked(place())?, gaps))
    }

    /// A recording in pieces of `length` steps, each of one class and one identity; as many as may be kept, evenly spread.
    fn pieces(
        &self,
        values: &[&Column],
        (labels, classes): (Vec<usize>, Vec<String>),
        id: Option<(Vec<usize>, Vec<String>)>,
        length: usize,
    ) -> Result<(Series, usize)> {
        let (rows, dims) = (self.rows(), values.len());
        // Numbers of rows part nothing.
        let ids = id.filter(|(_, names)| names.len() * 2 <= rows).map(|(ids, _)| ids).unwrap_or_default();
        let short = |line: usize| Error::flaw(Flaw::SeriesRows { rows, least: length }, Place::Line(line));
        let refused = Error::flaw(Flaw::SeriesDims { dims, most: MOST_DIMS }, Place::Line(self.lines[0]));
        if dims > MOST_DIMS {
            return Err(refused);
        }
        if rows < length {
            return Err(short(self.lines.last().copied().unwrap_or(1)));
        }
        let mut gaps = 0;
        let bridged = values.iter().map(|column| {
            let mut numbers = column.numbers.clone();
            gaps += bridge(&mut numbers);
            numbers
        });
        let columns: Vec<Vec<f64>> = bridged.collect();
        let most = (MOST_VALUES / (length * dims)).clamp(1, MOST_SERIES);
        let stride = (rows - length + 1).div_ceil(most);
        let alike = |of: &[usize], start: usize| {
            of.is_empty() || of[start..start + length].iter().all(|label| *label == of[start])
        };
        let starts: Vec<usize> =
            (0..=rows - length).step_by(stride).filter(|start| alike(&labels, *start) && alike(&ids, *start)).collect();
        if starts.is_empty() {
            return Err(Error::flaw(Flaw::SeriesPieces { least: length }, Place::Line(self.lines[0])));
        }
        let piece = |start: &usize| {
            (*start..*start + length)
                .flat_map(|row| columns.iter().map(move |column| column[row] as f32))
                .collect::<Vec<f32>>()
        };
        let values = starts.iter().flat_map(piece).collect();
        let (labels, classes) = present(&labels, classes, &starts);
        let series = Series { values, count: starts.len(), steps: length, dims, labels, classes, ..Series::default() };
        Ok((series.checked(Place::Line(self.lines[0]))?, gaps))
    }
}

/// The labels of these rows, and the classes that occur among them.
fn present(labels: &[usize], classes: Vec<String>, rows: &[usize]) -> (Vec<usize>, Vec<String>) {
    if labels.is_empty() {
        return (Vec::new(), Vec::new());
    }
    let labels: Vec<usize> = rows.iter().map(|row| labels[*row]).collect();
    let mut occurs = vec![false; classes.len()];
    labels.iter().for_each(|label| occurs[*label] = true);
    let kept: Vec<usize> = (0..classes.len()).filter(|class| occurs[*class]).collect();
    let mut place = vec![0; classes.len()];
    kept.iter().enumerate().for_each(|(at, class)| place[*class] = at);
    (labels.into_iter().map(|label| place[label]).collect(), kept.iter().map(|class| classes[*class].clone()).collect())
}

/// Puts numbers where there are none: in straight lines between neighbours, level at the ends. How many.
pub fn bridge(numbers: &mut [f64]) -> usize {
    let known: Vec<usize> = (0..numbers.len()).filter(|at| numbers[*at].is_finite()).collect();
    let (Some(first), Some(last)) = (known.first().copied(), known.last().copied()) else {
        numbers.fill(0.0);
        return numbers.len();
    };
    let (low, high) = (numbers[first], numbers[last]);
    numbers[..first].fill(low);
    numbers[last + 1..].fill(high);
    for pair in known.windows(2) {
        let (from, to) = (numbers[pair[0]], numbers[pair[1]]);
        let (start, span) = (pair[0], (pair[1] - pair[0]) as f64);
        for (step, value) in numbers[start..pair[1]].iter_mut().enumerate().skip(1) {
            *value = from + (to - from) * step as f64 / span;
        }
    }
    numbers.len() - known.len()
}
