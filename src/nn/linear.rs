//! Fully connected layers, initialised from the host's random numbers.

use burn::module::Param;
use burn::nn::Linear;
use burn::tensor::{Device, Tensor, TensorData};

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
