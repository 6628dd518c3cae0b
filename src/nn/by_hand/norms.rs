//! Batch and instance norms.

use burn::tensor::Tensor;
use std::ops::Range;

use super::{ByHand, Made, Numbers, Wanted, run};
use crate::nn::kernels::training as kernels;
use crate::nn::shards;

impl ByHand<3> for kernels::BatchNorm {
    /// Mean and variance of each channel.
    type Tape = [Vec<f32>; 2];

    fn forward(&self, [x, scale, shift]: [Numbers; 3]) -> (Made, Self::Tape) {
        let moments = |rows: Range<usize>| self.gathered(part(x, x.values, &rows));
        let gathered = shards::all(&shards::parts(x.shape[0]).into_iter().map(moments).collect::<Vec<_>>());
        let moments = self.merged(&gathered);
        let [mean, variance] = moments.each_ref().map(Vec::as_slice);
        let values = kernels::BatchNorm::forward(self, x.values, scale.values, shift.values, [mean, variance]);
        ((values, x.shape.to_vec()), moments)
    }

    fn backward(
        &self,
        [x, scale, _]: [Numbers; 3],
        output: &[f32],
        moments: &Self::Tape,
        gradient: &[f32],
        _: [Wanted; 3],
    ) -> [Option<Vec<f32>>; 3] {
        let moments = moments.each_ref().map(Vec::as_slice);
        let slopes = |rows: Range<usize>| {
            self.slopes([x.values, output, gradient].map(|values| part(x, values, &rows)), moments)
        };
        let slopes = shards::total(shards::parts(x.shape[0]).into_iter().map(slopes).collect());
        let rows = shards::rows_of_all(x.shape[0]) * (x.values.len() / x.shape[0] / self.channels);
        let input =
            kernels::BatchNorm::backward(self, [x.values, output, gradient], scale.values, moments, &slopes, rows);
        let single = |sums: &[f64]| Some(sums.iter().map(|sum| *sum as f32).collect());
        let (shift, turned) = slopes.split_at(self.channels);
        [Some(input), single(turned), single(shift)]
    }
}

/// What belongs to some rows of a batch, of numbers that lie as `x` does.
fn part<'a>(x: Numbers, values: &'a [f32], rows: &Range<usize>) -> &'a [f32] {
    let size = x.values.len() / x.shape[0];
    &values[rows.start * size..rows.end * size]
}

/// Also mean and (biased) variance of each channel.
///
/// # Shapes
/// `[n, height, width, channels]`, `[channels]`, `[channels]`
pub fn batch_norm(x: Tensor<4>, scale: Tensor<1>, shift: Tensor<1>, slope: f32) -> (Tensor<4>, [Vec<f32>; 2]) {
    let work = kernels::BatchNorm { channels: x.dims()[3], slope };
    run::<_, 3, 4>(work, [x.into(), scale.into(), shift.into()])
}

impl ByHand<1> for kernels::InstanceNorm {
    /// One over each plane's deviation.
    type Tape = Vec<f32>;

    fn forward(&self, [x]: [Numbers; 1]) -> (Made, Self::Tape) {
        let (values, steep) = kernels::InstanceNorm::forward(self, x.values);
        ((values, x.shape.to_vec()), steep)
    }

    fn backward(
        &self,
        [x]: [Numbers; 1],
        output: &[f32],
        steep: &Self::Tape,
        gradient: &[f32],
        _: [Wanted; 1],
    ) -> [Option<Vec<f32>>; 1] {
        [Some(kernels::InstanceNorm::backward(self, [x.values, output, gradient], steep))]
    }
}

/// # Shapes
/// `[batch, channels, height, width]` -> the same
pub fn instance_norm(x: Tensor<4>, slope: f32) -> Tensor<4> {
    let [.., height, width] = x.dims();
    run::<_, 1, 4>(kernels::InstanceNorm { pixels: height * width, slope }, [x.into()]).0
}
