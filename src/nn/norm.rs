//! Instance normalisation (Ulyanov et al. 2016, "Instance normalization: the missing ingredient for fast stylization").

use burn::tensor::Tensor;

/// PyTorch's default.
pub const EPSILON: f64 = 1e-5;

/// Each channel of each picture to mean 0 and (biased) variance 1; no learned scale or shift.
///
/// The means are taken row by row first: without subgroups a browser's GPU runs one thread for each output of a
/// reduction, and one reduction over the plane would leave it with as many threads as there are channels.
///
/// # Shapes
/// `[batch, channels, height, width]` -> the same
pub fn instance_norm(x: Tensor<4>) -> Tensor<4> {
    let mean = plane_mean(x.clone());
    let centred = x - mean;
    let variance = plane_mean(centred.clone() * centred.clone());
    centred * variance.add_scalar(EPSILON).sqrt().recip()
}

/// [`instance_norm`] of a part of a picture, by moments of the whole.
///
/// # Shapes
/// x: `[batch, channels, height, width]` -> the same; mean, variance: `[batch, channels, 1, 1]`
pub fn normalise(x: Tensor<4>, mean: Tensor<4>, variance: Tensor<4>) -> Tensor<4> {
    (x - mean) * variance.add_scalar(EPSILON).sqrt().recip()
}

/// Mean and (biased) variance of each channel, to be merged with those of a picture's other parts.
///
/// # Shapes
/// `[batch, channels, height, width]` -> `[2, batch, channels, 1, 1]`
pub fn moments(x: Tensor<4>) -> Tensor<5> {
    let mean = plane_mean(x.clone());
    let centred = x - mean.clone();
    Tensor::stack(vec![mean, plane_mean(centred.clone() * centred)], 0)
}

/// # Shapes
/// `[batch, channels, height, width]` -> `[batch, channels, 1, 1]`
fn plane_mean(x: Tensor<4>) -> Tensor<4> {
    x.mean_dim(3).mean_dim(2)
}
