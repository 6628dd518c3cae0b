//! The leaky ReLU (Maas et al. 2013) with its own derivative, for gradients that are written as a forward pass.

use burn::tensor::Tensor;
use burn::tensor::activation::leaky_relu;

/// The activation, and its slope at every unit: 1 or `slope`, a constant almost everywhere.
pub fn leaky_relu_with_slope<const D: usize>(x: Tensor<D>, slope: f64) -> (Tensor<D>, Tensor<D>) {
    let rising = x.clone().detach().greater_equal_elem(0.0).float();
    (leaky_relu(x, slope), rising.mul_scalar(1.0 - slope).add_scalar(slope))
}
