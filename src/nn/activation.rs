//! Activations, and the leaky ReLU's own derivative for gradients that are written as a forward pass.

use burn::tensor::{Tensor, activation};

#[cfg(feature = "cpu")]
use super::by_hand;
use super::kernels::training::Bend;
#[cfg(feature = "webgpu")]
use super::on_card;

/// Processor and graphics card have an operation of their own.
fn bend<const D: usize>(bend: Bend, x: &Tensor<D>) -> Option<Tensor<D>> {
    #[cfg(feature = "cpu")]
    if by_hand::here(&x.device()) {
        return Some(by_hand::bend(bend, x.clone()));
    }
    #[cfg(feature = "webgpu")]
    if on_card::here(&x.device()) {
        return Some(on_card::bend(bend, x.clone()));
    }
    None
}

/// With a slope for negative numbers from 0 (a ReLU) to 1 (Maas et al. 2013).
pub fn leaky_relu<const D: usize>(x: Tensor<D>, slope: f64) -> Tensor<D> {
    bend(Bend::LeakyRelu(slope as f32), &x)
        .unwrap_or_else(|| if slope == 0.0 { activation::relu(x) } else { activation::leaky_relu(x, slope) })
}

pub fn tanh<const D: usize>(x: Tensor<D>) -> Tensor<D> {
    // Some graphics cards make a large argument no number (the shading language allows it); from 10 on the result is 1.
    bend(Bend::Tanh, &x).unwrap_or_else(|| x.clamp(-10.0, 10.0).tanh())
}

/// On a graphics card of arguments whose exponential is a number above zero; others are taken for the nearest of them.
pub fn exp<const D: usize>(x: Tensor<D>) -> Tensor<D> {
    #[cfg(feature = "cpu")]
    if by_hand::here(&x.device()) {
        return x.exp();
    }
    x.clamp(-87.0, 88.0).exp()
}

pub fn sigmoid<const D: usize>(x: Tensor<D>) -> Tensor<D> {
    #[cfg(feature = "cpu")]
    if by_hand::here(&x.device()) {
        return activation::sigmoid(x);
    }
    activation::sigmoid(x.clamp(-87.0, 87.0))
}

/// Clevert et al. 2016, "Exponential linear units", equation 1, whose exponential never sees a positive number.
pub fn elu<const D: usize>(x: Tensor<D>) -> Tensor<D> {
    bend(Bend::Elu, &x).unwrap_or_else(|| activation::relu(x.clone()) + x.clamp(-87.0, 0.0).exp().sub_scalar(1.0))
}

/// log(1 + e^x) without overflow.
pub fn softplus(x: Tensor<2>) -> Tensor<2> {
    #[cfg(feature = "webgpu")]
    if on_card::here(&x.device()) {
        return on_card::softplus(x);
    }
    activation::relu(x.clone()) + exp(-x.abs()).log1p()
}

/// Logarithm of each row's softmax.
pub fn log_softmax(x: Tensor<2>) -> Tensor<2> {
    #[cfg(feature = "cpu")]
    if by_hand::here(&x.device()) {
        return by_hand::log_softmax(x);
    }
    #[cfg(feature = "webgpu")]
    if on_card::here(&x.device()) {
        return on_card::log_softmax(x);
    }
    activation::log_softmax(x, 1)
}

/// The activation, and its slope at every unit: 1 or `slope`, a constant almost everywhere.
pub fn leaky_relu_with_slope<const D: usize>(x: Tensor<D>, slope: f64) -> (Tensor<D>, Tensor<D>) {
    #[cfg(feature = "cpu")]
    if by_hand::here(&x.device()) {
        let slopes = by_hand::slopes(x.clone(), slope as f32);
        return (leaky_relu(x, slope), slopes);
    }
    #[cfg(feature = "webgpu")]
    if on_card::here(&x.device()) {
        let slopes = on_card::slopes(x.clone(), slope as f32);
        return (leaky_relu(x, slope), slopes);
    }
    let rising = x.clone().detach().greater_equal_elem(0.0).float();
    (activation::leaky_relu(x, slope), rising.mul_scalar(1.0 - slope).add_scalar(slope))
}
