//! Points of the plane from a table of two columns, scaled into the frame.

use serde::Serialize;

use super::columns::Role;
use super::{Kind, Table};
use crate::data::points::Scale;
use crate::error::{Error, Flaw, Place, Result};

/// Points `x, y` of a table in the square from -1 to 1, and what takes them back.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Points {
    pub points: Vec<f32>,
    pub scale: Scale,
}

/// Points that are kept: each is a place of the distribution.
const MOST_POINTS: usize = 2_000;
const LEAST_POINTS: usize = 8;
/// The frame has some air around what is in it.
const FRAME: f64 = 0.95;

impl Points {
    pub(super) fn of(table: &Table, roles: &[Role], asked: bool) -> Result<Self> {
        let numbers: Vec<usize> =
            (0..table.columns.len()).filter(|at| table.columns[*at].kind == Kind::Number).collect();
        let values: Vec<usize> = numbers.iter().copied().filter(|at| roles[*at] == Role::Value).collect();
        // Two columns of numbers are points, whatever they are called.
        let chosen = if numbers.len() == 2 && !asked { numbers } else { values };
        let [x, y] = chosen[..] else {
            return Err(Error::flaw(Flaw::TablePoints { columns: chosen.len() }, Place::Line(table.lines[0])));
        };
        for at in [x, y] {
            if let Some((line, found)) = &table.columns[at].odd {
                return Err(Error::flaw(Flaw::CsvNumber { found: found.clone(), column: at + 1 }, Place::Line(*line)));
            }
        }
        let (xs, ys) = (&table.columns[x].numbers, &table.columns[y].numbers);
        let all = || xs.iter().zip(ys.iter()).filter(|(x, y)| x.is_finite() && y.is_finite()).map(|(x, y)| [x, y]);
        let count = all().count();
        if count < LEAST_POINTS {
            let flaw = Flaw::PointCount { points: count, least: LEAST_POINTS };
            return Err(Error::flaw(flaw, Place::Line(table.lines[0])));
        }
        let axes = [0, 1].map(|axis| {
            let [low, high] = all().fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], point| {
                [low.min(point[axis]), high.max(point[axis])]
            });
            let half = if high > low { (high - low) / 2.0 / FRAME } else { 1.0 };
            [(low + high) / 2.0, half]
        });
        let place =
            |point: &[f64; 2], axis: usize| ((point[axis] - axes[axis][0]) / axes[axis][1]).clamp(-1.0, 1.0) as f32;
        let stride = count.div_ceil(MOST_POINTS);
        let points = all().step_by(stride).flat_map(|point| [place(&point, 0), place(&point, 1)]).collect();
        let names = [x, y].map(|at| table.columns[at].name.clone());
        Ok(Self { points, scale: Scale { axes, names, brought: count } })
    }
}
