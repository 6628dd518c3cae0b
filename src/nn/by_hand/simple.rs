//! Operations of one input.

use burn::tensor::Tensor;
use std::sync::Arc;

use super::{ByHand, Made, Numbers, run};
use crate::nn::kernels::training::{Bend, planes};

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
        _: [bool; 1],
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

    fn backward(&self, [x]: [Numbers; 1], _: &[f32], _: &(), gradient: &[f32], _: [bool; 1]) -> [Option<Vec<f32>>; 1] {
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
        _: [bool; 1],
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
