//! Fully connected layers, initialised from the host's random numbers.

use burn::module::Param;
use burn::nn::Linear;
use burn::tensor::{Device, Tensor, TensorData};
use std::collections::BTreeMap;

use super::activation::leaky_relu;
#[cfg(feature = "cpu")]
use super::by_hand;
use super::conv::Source;
#[cfg(feature = "webgpu")]
use super::on_card;
use crate::error::Result;
use crate::rng::Stream;

/// `U(-k, k)` with `k = gain * sqrt(3 / inputs)` for the weights (He et al. 2015, section 2.2: `gain = sqrt(2 / (1 + slope^2))`
/// keeps the variance through a leaky ReLU), zero for the bias.
///
/// # Shapes
/// weight `[inputs, outputs]`, bias `[outputs]`
pub fn init_linear(inputs: usize, outputs: usize, gain: f32, stream: &mut Stream, device: &Device) -> Linear {
    let bound = gain * (3.0 / inputs as f32).sqrt();
    let weight: Vec<f32> = (0..inputs * outputs).map(|_| stream.range(-bound, bound)).collect();
    Linear {
        weight: Param::from_data(TensorData::new(weight, [inputs, outputs]), device),
        bias: Some(Param::from_tensor(Tensor::zeros([outputs], device))),
    }
}

/// A layer whose numbers come from a source, which has them as PyTorch does, `[outputs, inputs]`.
///
/// # Shapes
/// weight `[inputs, outputs]`, bias `[outputs]`
pub fn load_linear(
    name: &str,
    [inputs, outputs]: [usize; 2],
    bias: bool,
    source: &mut Source,
    device: &Device,
) -> Result<Linear> {
    let rows = source(&format!("{name}.weight"), &[outputs, inputs])?;
    let weight: Vec<f32> = (0..inputs * outputs).map(|at| rows[at % outputs * inputs + at / outputs]).collect();
    let bias = if bias { Some(source(&format!("{name}.bias"), &[outputs])?) } else { None };
    Ok(Linear {
        weight: Param::from_data(TensorData::new(weight, [inputs, outputs]), device),
        bias: bias.map(|values| Param::from_data(TensorData::new(values, [outputs]), device)),
    })
}

/// `N(0, deviation)` for the weights, zero for the bias.
///
/// # Shapes
/// weight `[inputs, outputs]`, bias `[outputs]`
pub fn normal_linear(inputs: usize, outputs: usize, deviation: f32, stream: &mut Stream, device: &Device) -> Linear {
    let weight: Vec<f32> = (0..inputs * outputs).map(|_| deviation * stream.normal()).collect();
    Linear {
        weight: Param::from_data(TensorData::new(weight, [inputs, outputs]), device),
        bias: Some(Param::from_tensor(Tensor::zeros([outputs], device))),
    }
}

/// A layer, and the leaky ReLU behind it (slope 1: none).
///
/// # Shapes
/// `[n, inputs]` -> `[n, outputs]`
pub fn dense(layer: &Linear, x: Tensor<2>, slope: f64) -> Tensor<2> {
    #[cfg(feature = "cpu")]
    if let (Some(bias), true) = (&layer.bias, by_hand::here(&x.device())) {
        return by_hand::Dense { slope: slope as f32 }.run(x, layer.weight.val(), bias.val());
    }
    #[cfg(feature = "webgpu")]
    if let (Some(bias), true) = (&layer.bias, on_card::here(&x.device())) {
        return on_card::Dense { slope: slope as f32 }.run(x, layer.weight.val(), bias.val());
    }
    let y = match &layer.bias {
        Some(_) => layer.forward(x),
        None => product(x, layer.weight.val()),
    };
    if slope < 1.0 { leaky_relu(y, slope) } else { y }
}

/// A product of matrices; processor and graphics card have an operation of their own.
///
/// # Shapes
/// `[n, inner]`, `[inner, outputs]` -> `[n, outputs]`
pub fn product(a: Tensor<2>, b: Tensor<2>) -> Tensor<2> {
    #[cfg(feature = "cpu")]
    if by_hand::here(&a.device()) {
        return by_hand::Dense { slope: 1.0 }.product(a, b);
    }
    #[cfg(feature = "webgpu")]
    if on_card::here(&a.device()) {
        return on_card::Dense { slope: 1.0 }.product(a, b);
    }
    a.matmul(b)
}

/// The gradient at a layer's input, from the one at its output.
///
/// # Shapes
/// `[batch, outputs]` -> `[batch, inputs]`
pub fn input_gradient(layer: &Linear, output: Tensor<2>) -> Tensor<2> {
    #[cfg(feature = "cpu")]
    if by_hand::here(&output.device()) {
        return by_hand::back(output, layer.weight.val());
    }
    product(output, layer.weight.val().transpose())
}

/// Each parameter's gradient by name, flat, from a layer's input and the gradient at its output.
///
/// # Shapes
/// `[batch, inputs]`, `[batch, outputs]`
pub fn gradients(input: Tensor<2>, output: Tensor<2>) -> BTreeMap<String, Tensor<1>> {
    let (inputs, outputs) = (input.dims()[1], output.dims()[1]);
    let weight = weight_gradient(input, output.clone()).reshape([inputs * outputs]);
    BTreeMap::from([("weight".into(), weight), ("bias".into(), output.sum_dim(0).reshape([outputs]))])
}

/// # Shapes
/// `[n, inputs]`, `[n, outputs]` -> `[inputs, outputs]`
pub fn weight_gradient(input: Tensor<2>, output: Tensor<2>) -> Tensor<2> {
    #[cfg(feature = "cpu")]
    if by_hand::here(&input.device()) {
        return by_hand::outer(input, output);
    }
    #[cfg(feature = "webgpu")]
    if on_card::here(&input.device()) {
        return on_card::outer(input, output);
    }
    input.transpose().matmul(output)
}
