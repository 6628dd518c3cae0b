//! Operations of one input.

use burn::tensor::Tensor;
use std::ops::Range;
use std::sync::Arc;

use super::sequences::{made, plain};
use super::{ByHand, Made, Numbers, Wanted, run, slice, stacked};
use crate::nn::kernels::training::{Bend, planes};
use crate::nn::shards;

impl ByHand<1> for Bend {
    type Tape = ();

    fn forward(&self, [x]: [Numbers; 1]) -> (Made, ()) {
        ((Bend::forward(self, x.values), x.shape.to_vec()), ())
    }

    fn backward(
        &self,
        _: [Numbers; 1],
        output: &[f32],
        _: &(),
        gradient: &[f32],
        _: [Wanted; 1],
    ) -> [Option<Vec<f32>>; 1] {
        [Some(Bend::backward(self, output, gradient))]
    }
}

pub fn bend<const D: usize>(bend: Bend, x: Tensor<D>) -> Tensor<D> {
    run::<_, 1, D>(bend, [x.into()]).0
}

/// Rows and columns of planes, as often as they are named.
#[derive(Debug, Clone)]
struct Picking {
    rows: Arc<[u32]>,
    columns: Arc<[u32]>,
}

impl ByHand<1> for Picking {
    type Tape = ();

    fn forward(&self, [x]: [Numbers; 1]) -> (Made, ()) {
        let [batch, channels, height, width] = x.dims();
        let values = planes::picked(x.values, [height, width], &self.rows, &self.columns);
        ((values, vec![batch, channels, self.rows.len(), self.columns.len()]), ())
    }

    fn backward(
        &self,
        [x]: [Numbers; 1],
        _: &[f32],
        _: &(),
        gradient: &[f32],
        _: [Wanted; 1],
    ) -> [Option<Vec<f32>>; 1] {
        let [.., height, width] = x.dims::<4>();
        [Some(planes::unpicked(gradient, [height, width], &self.rows, &self.columns))]
    }
}

/// # Shapes
/// `[batch, channels, height, width]` -> `[batch, channels, rows, columns]`
pub fn pick(x: Tensor<4>, rows: &[i32], columns: &[i32]) -> Tensor<4> {
    let places = |places: &[i32]| places.iter().map(|at| *at as u32).collect();
    run::<_, 1, 4>(Picking { rows: places(rows), columns: places(columns) }, [x.into()]).0
}

/// Logarithm of each row's softmax.
#[derive(Debug, Clone, Copy)]
struct LogSoftmax;

impl ByHand<1> for LogSoftmax {
    type Tape = ();

    fn forward(&self, [x]: [Numbers; 1]) -> (Made, ()) {
        let mut values = x.values.to_vec();
        for row in values.chunks_exact_mut(x.dims::<2>()[1]) {
            let most = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
            let level = most + row.iter().map(|value| (value - most).exp()).sum::<f32>().ln();
            row.iter_mut().for_each(|value| *value -= level);
        }
        ((values, x.shape.to_vec()), ())
    }

    fn backward(
        &self,
        [x]: [Numbers; 1],
        output: &[f32],
        _: &(),
        gradient: &[f32],
        _: [Wanted; 1],
    ) -> [Option<Vec<f32>>; 1] {
        let mut found = gradient.to_vec();
        let columns = x.dims::<2>()[1];
        for (row, output) in found.chunks_exact_mut(columns).zip(output.chunks_exact(columns)) {
            let sum: f32 = row.iter().sum();
            row.iter_mut().zip(output).for_each(|(value, output)| *value -= output.exp() * sum);
        }
        [Some(found)]
    }
}

/// # Shapes
/// `[n, classes]` -> the same
pub fn log_softmax(x: Tensor<2>) -> Tensor<2> {
    run::<_, 1, 2>(LogSoftmax, [x.into()]).0
}

/// Over all numbers of a batch: each own shard's share of the mean.
#[derive(Debug, Clone, Copy)]
struct Mean;

impl Mean {
    /// Numbers of the whole batch.
    fn count(x: Numbers) -> usize {
        let rows = x.shape[0];
        x.values.len() / rows * shards::rows_of_all(rows)
    }
}

impl ByHand<1> for Mean {
    type Tape = ();

    fn forward(&self, [x]: [Numbers; 1]) -> (Made, ()) {
        let (size, count) = (x.values.len() / x.shape[0], Self::count(x) as f64);
        let share = |rows: Range<usize>| {
            let sum: f64 = x.values[rows.start * size..rows.end * size].iter().map(|value| *value as f64).sum();
            (sum / count) as f32
        };
        let shares: Vec<f32> = shards::parts(x.shape[0]).into_iter().map(share).collect();
        let shape = vec![shares.len()];
        ((shares, shape), ())
    }

    fn backward(
        &self,
        [x]: [Numbers; 1],
        _: &[f32],
        _: &(),
        gradient: &[f32],
        _: [Wanted; 1],
    ) -> [Option<Vec<f32>>; 1] {
        let (size, count) = (x.values.len() / x.shape[0], Self::count(x) as f32);
        let each = shards::parts(x.shape[0]).into_iter().zip(gradient);
        [Some(each.flat_map(|(rows, gradient)| std::iter::repeat_n(gradient / count, rows.len() * size)).collect())]
    }
}

/// # Shapes
/// `[batch, ..]` -> `[shards]`
pub fn mean<const D: usize>(x: Tensor<D>) -> Tensor<1> {
    run::<_, 1, 1>(Mean, [x.into()]).0
}

/// All numbers times one.
#[derive(Debug, Clone, Copy)]
struct Times;

impl ByHand<2> for Times {
    type Tape = ();

    fn forward(&self, [x, factor]: [Numbers; 2]) -> (Made, ()) {
        let values = x.values.iter().map(|value| value * factor.values[0]).collect();
        ((values, x.shape.to_vec()), ())
    }

    fn backward(
        &self,
        [x, factor]: [Numbers; 2],
        _: &[f32],
        _: &(),
        gradient: &[f32],
        wanted: [Wanted; 2],
    ) -> [Option<Vec<f32>>; 2] {
        let size = x.values.len() / x.shape[0];
        let sum = |rows: Range<usize>| {
            let part = rows.start * size..rows.end * size;
            let products = x.values[part.clone()].iter().zip(&gradient[part]);
            vec![products.map(|(value, gradient)| (value * gradient) as f64).sum::<f64>() as f32]
        };
        let sums = || shards::parts(x.shape[0]).into_iter().map(sum).collect();
        [wanted[0].then(|| gradient.iter().map(|value| value * factor.values[0]).collect()), stacked(wanted[1], sums)]
    }
}

/// # Shapes
/// `[batch, ..]`, `[1]` -> `[batch, ..]`
pub fn times(x: Tensor<4>, factor: Tensor<1>) -> Tensor<4> {
    run::<_, 2, 4>(Times, [x.into(), factor.into()]).0
}

/// Everybody's rows of a batch, from the own ones.
pub fn whole<const D: usize>(rows: Tensor<D>) -> Tensor<D> {
    let mut shape = rows.dims();
    let own = plain(rows);
    let values = shards::whole(slice(&own));
    shape[0] = values.len() / (shape.iter().product::<usize>() / shape[0]);
    made((values, shape.to_vec()))
}

/// Of losses, each as its shards' shares, what they are over the whole batch.
///
/// # Shapes
/// `[k shards]` each -> `[k]`
pub fn settled(losses: Vec<Tensor<1>>) -> Vec<Tensor<1>> {
    let own: Vec<_> = losses.into_iter().map(plain).collect();
    let count = shards::count();
    let of_shard =
        |shard: usize| own.iter().flat_map(|loss| slice(loss)[shard..].iter().step_by(count)).copied().collect();
    let mut total = shards::total((0..count).map(of_shard).collect::<Vec<Vec<f32>>>()).into_iter();
    own.iter()
        .map(|loss| slice(loss).len() / count)
        .map(|numbers| made((total.by_ref().take(numbers).collect(), vec![numbers])))
        .collect()
}
