//! Which reading of a table is the likeliest: what its names, its times and the course of its numbers say.

use super::classes::distinct;
use super::columns::{Role, numbered, roles};
use super::reading::{Cause, Reading, Why};
use super::{Table, WIDE};
use crate::data::series::MOST_DIMS;

/// Rows and columns that are compared with their neighbours.
const COMPARED: usize = 400;

/// The likeliest reading of a table for sequences of `length` steps, why, and whether there is little doubt.
pub fn choose(table: &Table, length: usize) -> (Reading, Why, bool) {
    let as_rows = roles(table, Reading::Rows, length);
    let as_moments = roles(table, Reading::Recording, length);
    let with = |roles: &[Role], role: Role| (0..roles.len()).filter(|at| roles[*at] == role).collect::<Vec<_>>();
    let values = with(&as_moments, Role::Value);
    let rows = table.rows;
    let names: Vec<&str> = values.iter().map(|at| table.columns[*at].name.as_str()).collect();
    let counted = numbered(&names);
    let class = with(&as_rows, Role::Class).first().copied();
    let time = with(&as_moments, Role::Time).first().copied();
    let smooth = Smoothness::of(table, &values);
    if values.len() < WIDE {
        let why = match time {
            Some(at) => Why::by(Cause::TimeColumn, at, 0),
            None => Why::of(Cause::FewColumns, values.len()),
        };
        return (Reading::Recording, why, time.is_some() || smooth.down > 0.2);
    }
    if let (Some(at), None) = (class, time)
        && (counted || smooth.down < 0.5)
    {
        let classes = distinct(&table.columns[at]);
        return (Reading::Rows, Why::by(Cause::ClassBesideSeries, at, classes), true);
    }
    // Hours of a day or days of a year as names: a row is a day, a year, and its date does not make it a moment.
    let clock = counted && table.named && names.iter().all(|name| super::number::is_date(name));
    let alike = counted && same_scale(table, &values);
    let moments = |why: Why, sure: bool| {
        match rows < length || ((values.len() > MOST_DIMS || rows < 2 * length) && alike) {
            true if rows >= WIDE => (Reading::Columns, Why::of(Cause::ManyColumns, values.len()), false),
            true => (Reading::Rows, Why::of(Cause::FewRows, rows), false),
            // Columns that only count could each be a series too.
            false => (Reading::Recording, why, sure && !alike),
        }
    };
    // The date of a row that runs through a day does not make it a moment either.
    if time.is_some() && alike && smooth.along > smooth.down + 0.4 {
        return (Reading::Rows, Why::plain(Cause::SmoothAlong), clock);
    }
    if let Some(at) = time
        && !clock
    {
        return moments(Why::by(Cause::TimeColumn, at, 0), smooth.down > smooth.along - 0.2);
    }
    if rows < WIDE {
        return (Reading::Rows, Why::of(Cause::FewRows, rows), rows < 4 || smooth.along > 0.5);
    }
    if !counted && !clock && smooth.down > smooth.along - 0.4 {
        return moments(Why::of(Cause::NamedColumns, values.len()), smooth.down > 0.3);
    }
    match smooth.down > 0.4 && smooth.down > smooth.along - 0.15 && !clock {
        true => moments(Why::plain(Cause::SmoothDown), smooth.along < smooth.down - 0.3),
        // Names that are words and numbers in no order: as good as nothing to go by.
        false
            if smooth.along < 0.2
                && table.named
                && !clock
                && rows >= 2 * length
                && !names[0].starts_with(|c: char| c.is_ascii_digit()) =>
        {
            (Reading::Recording, Why::plain(Cause::Unclear), false)
        }
        false if smooth.along < 0.2 => (Reading::Rows, Why::plain(Cause::Unclear), false),
        false => (Reading::Rows, Why::plain(Cause::SmoothAlong), smooth.along > smooth.down + 0.3),
    }
}

/// How alike neighbours are, from -1 to 1: each column in its own deviations about its own mean, so that unlike units do not count.
struct Smoothness {
    down: f64,
    along: f64,
}

impl Smoothness {
    fn of(table: &Table, values: &[usize]) -> Self {
        let (height, width) = (table.rows, values.len());
        let scale = |at: &usize| {
            let numbers = table.columns[*at].numbers.iter().filter(|value| value.is_finite());
            let (count, sum, square) =
                numbers.fold((0.0, 0.0, 0.0), |(n, sum, square), value| (n + 1.0, sum + value, square + value * value));
            let mean = sum / f64::max(count, 1.0);
            [mean, (square / f64::max(count, 1.0) - mean * mean).max(0.0).sqrt()]
        };
        let scales: Vec<[f64; 2]> = values.iter().map(scale).collect();
        let at = |row: usize, column: usize| {
            let [mean, deviation] = scales[column];
            (deviation > 1e-9 * mean.abs())
                .then(|| (table.columns[values[column]].numbers.get(row) - mean) / deviation)
                .filter(|value| value.is_finite())
        };
        let (mut down, mut along) = ([0.0, 0.0], [0.0, 0.0]);
        for row in (0..height).step_by(1 + height / COMPARED) {
            for column in (0..width).step_by(1 + width / COMPARED) {
                let Some(here) = at(row, column) else { continue };
                let below = (row + 1 < height).then(|| at(row + 1, column)).flatten();
                let beside = (column + 1 < width).then(|| at(row, column + 1)).flatten();
                for (sum, other) in [(&mut down, below), (&mut along, beside)] {
                    if let Some(other) = other {
                        sum[0] += here * other;
                        sum[1] += (here * here + other * other) / 2.0;
                    }
                }
            }
        }
        let share = |[product, square]: [f64; 2]| if square > 0.0 { product / square } else { 0.0 };
        Self { down: share(down), along: share(along) }
    }
}

/// Whether all columns have about the same range, as series of one kind have.
fn same_scale(table: &Table, values: &[usize]) -> bool {
    let range = |at: &usize| {
        let numbers = table.columns[*at].numbers.iter().filter(|value| value.is_finite());
        numbers.fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], value| [low.min(value), high.max(value)])
    };
    let ranges: Vec<[f64; 2]> = values.iter().map(range).collect();
    let all = ranges
        .iter()
        .fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], range| [low.min(range[0]), high.max(range[1])]);
    let mean = ranges.iter().map(|[low, high]| high - low).sum::<f64>() / ranges.len() as f64;
    mean * 4.0 > all[1] - all[0]
}
