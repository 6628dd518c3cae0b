//! Instance normalisation (Ulyanov et al. 2016, "Instance normalization: the missing ingredient for fast stylization").

use burn::tensor::Tensor;

/// PyTorch's default.
const EPSILON: f64 = 1e-5;

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

/// # Shapes
/// `[batch, channels, height, width]` -> `[batch, channels, 1, 1]`
fn plane_mean(x: Tensor<4>) -> Tensor<4> {
    x.mean_dim(3).mean_dim(2)
}
