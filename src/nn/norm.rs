//! Instance normalisation (Ulyanov et al. 2016, "Instance normalization: the missing ingredient for fast stylization") and batch
//! normalisation (Ioffe and Szegedy 2015, "Batch normalization").

use burn::module::{Module, Param};
use burn::tensor::{Device, Tensor, TensorData};

use super::activation::leaky_relu;
#[cfg(feature = "cpu")]
use super::by_hand;
#[cfg(feature = "webgpu")]
use super::on_card;
use crate::rng::Stream;

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

/// [`instance_norm`], then a leaky ReLU (slope 0: a ReLU, 1: none).
pub fn instance_norm_bent(x: Tensor<4>, slope: f64) -> Tensor<4> {
    #[cfg(feature = "cpu")]
    if by_hand::here(&x.device()) {
        return by_hand::instance_norm(x, slope as f32);
    }
    #[cfg(feature = "webgpu")]
    if on_card::here(&x.device()) {
        return on_card::instance_norm(x, slope as f32);
    }
    bend(instance_norm(x), slope)
}

/// [`instance_norm`] of `x`, added to `onto`.
///
/// # Shapes
/// `[batch, channels, height, width]`, all of them
pub fn instance_norm_onto(onto: Tensor<4>, x: Tensor<4>) -> Tensor<4> {
    #[cfg(feature = "webgpu")]
    if on_card::here(&x.device()) && !x.is_autodiff() {
        return on_card::instance_norm_onto(x, onto);
    }
    onto + instance_norm_bent(x, 1.0)
}

fn bend<const D: usize>(x: Tensor<D>, slope: f64) -> Tensor<D> {
    if slope < 1.0 { leaky_relu(x, slope) } else { x }
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

/// Share of a batch's moments in the gathered ones, PyTorch's default.
const MOMENTUM: f64 = 0.1;

/// Each channel to mean 0 and variance 1 over the batch, then by a learned scale and shift. Mean and variance gathered on the way are
/// parameters without a gradient: they are saved, and averaged, with the others.
#[derive(Module, Debug)]
pub struct BatchNorm {
    weight: Param<Tensor<1>>,
    bias: Param<Tensor<1>>,
    running_mean: Param<Tensor<1>>,
    running_var: Param<Tensor<1>>,
}

/// Mean and (biased) variance of each channel over a batch, without autodiff.
#[derive(Debug, Clone)]
pub struct Moments {
    pub mean: Tensor<1>,
    pub variance: Tensor<1>,
}

impl BatchNorm {
    /// The scale is `N(1, deviation)`.
    pub fn init(channels: usize, deviation: f32, stream: &mut Stream, device: &Device) -> Self {
        let scale: Vec<f32> = (0..channels).map(|_| 1.0 + deviation * stream.normal()).collect();
        let zeros = || Param::from_tensor(Tensor::zeros([channels], device));
        Self {
            weight: Param::from_data(TensorData::new(scale, [channels]), device),
            bias: zeros(),
            running_mean: zeros(),
            running_var: Param::from_tensor(Tensor::ones([channels], device)),
        }
    }

    /// By the batch's own moments, then a leaky ReLU (slope 0: a ReLU, 1: none).
    ///
    /// # Shapes
    /// `[n, height, width, channels]` -> the same
    pub fn forward(&self, x: Tensor<4>, slope: f64) -> (Tensor<4>, Moments) {
        let channels = x.dims()[3];
        #[cfg(feature = "cpu")]
        if by_hand::here(&x.device()) {
            let device = x.device().inner();
            let (x, moments) = by_hand::batch_norm(x, self.weight.val(), self.bias.val(), slope as f32);
            let [mean, variance] =
                moments.map(|values| Tensor::from_data(TensorData::new(values, [channels]), &device));
            return (x, Moments { mean, variance });
        }
        #[cfg(feature = "webgpu")]
        if on_card::here(&x.device()) {
            let (x, [mean, variance]) = on_card::batch_norm(x, self.weight.val(), self.bias.val(), slope as f32);
            return (x, Moments { mean, variance });
        }
        let mean = batch_mean(x.clone());
        let centred = x - mean.clone();
        let variance = batch_mean(centred.clone() * centred.clone());
        let normal = centred * variance.clone().add_scalar(EPSILON).sqrt().recip();
        let moments =
            Moments { mean: mean.inner().reshape([channels]), variance: variance.inner().reshape([channels]) };
        (bend(normal * self.weight.val().unsqueeze() + self.bias.val().unsqueeze(), slope), moments)
    }

    /// By the gathered moments, then the leaky ReLU.
    ///
    /// # Shapes
    /// `[n, height, width, channels]` -> the same
    pub fn settled(&self, x: Tensor<4>, slope: f64) -> Tensor<4> {
        let scale = self.weight.val() * self.running_var.val().add_scalar(EPSILON).sqrt().recip();
        let shift = self.bias.val() - self.running_mean.val() * scale.clone();
        bend(x * scale.unsqueeze() + shift.unsqueeze(), slope)
    }

    /// With a batch's moments gathered too; the variance as it is, where PyTorch takes `n / (n - 1)` of it, for n values a channel.
    pub fn gather(self, moments: Moments) -> Self {
        let mix = |old: Param<Tensor<1>>, new: Tensor<1>| {
            old.map(|old| {
                let mixed = old.clone().inner().mul_scalar(1.0 - MOMENTUM) + new.mul_scalar(MOMENTUM);
                if old.is_autodiff() { mixed.autodiff() } else { mixed }
            })
        };
        let (running_mean, running_var) =
            (mix(self.running_mean, moments.mean), mix(self.running_var, moments.variance));
        Self { running_mean, running_var, ..self }
    }
}

/// Pictures first, for the reason that [`instance_norm`] gives.
///
/// # Shapes
/// `[n, height, width, channels]` -> `[1, 1, 1, channels]`
fn batch_mean(x: Tensor<4>) -> Tensor<4> {
    let [n, h, w, c] = x.dims();
    x.reshape([n, h * w, c]).mean_dim(1).mean_dim(0).reshape([1, 1, 1, c])
}
