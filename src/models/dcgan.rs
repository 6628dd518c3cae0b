//! DCGAN's generator and the body of its discriminator (Radford, Metz and Chintala 2015, "Unsupervised representation learning with deep
//! convolutional generative adversarial networks", section 3): strided convolutions instead of pooling, batch normalisation except at the
//! generator's output and the discriminator's input, ReLU in the one, leaky ReLU in the other. Kernels are 4 x 4 instead of the paper's
//! 5 x 5, so that every output pixel gets as many terms (Odena et al. 2016, "Deconvolution and checkerboard artifacts"), and the first map
//! has 7 or 8 pixels on a side instead of 4: a doubling less is what a tab has time for. The discriminator can do without norms. Names and
//! shapes are those of `training/dcgan_networks.py`; inside, channels come last.

use burn::module::Module;
use burn::nn::Linear;
use burn::tensor::{Device, Tensor};

use crate::nn::activation::{leaky_relu, leaky_relu_with_slope, tanh};
use crate::nn::linear::{dense, normal_linear};
use crate::nn::norm::{BatchNorm, Moments};
use crate::nn::patches::{Doubling, Halving};
use crate::rng::Stream;

/// Slope of the leaky ReLU for negative inputs (section 4).
const SLOPE: f64 = 0.2;
/// Deviation of the first weights (section 4).
pub(super) const DEVIATION: f32 = 0.02;

/// Sides of the pictures these networks know.
pub const SIDES: [usize; 3] = [28, 32, 64];

/// How often the smallest map's side doubles to the picture's.
pub fn doublings(side: usize) -> usize {
    if side == 64 { 3 } else { 2 }
}

#[derive(Debug, Clone, Copy)]
pub struct DcganConfig {
    /// Pixels on a side, one of [`SIDES`].
    pub side: usize,
    /// 1 (grey) or 3.
    pub channels: usize,
    /// Channels of the largest hidden maps; every halving doubles them.
    pub width: usize,
    /// Whether the discriminator has batch norms. Without them its gradient in a picture can be written as a forward pass, and penalised.
    pub discriminator_norm: bool,
}

/// From a latent to a picture.
#[derive(Module, Debug)]
pub struct Generator {
    project: Linear,
    norms: Vec<BatchNorm>,
    doublings: Vec<Doubling>,
    start: usize,
}

/// The discriminator's convolutions.
#[derive(Module, Debug)]
pub struct Body {
    halvings: Vec<Halving>,
    norms: Vec<BatchNorm>,
}

/// By which moments batch norms go.
#[derive(Debug)]
pub enum Mode<'a> {
    /// By the batch's own, as in training; they are handed out.
    Batch(&'a mut Vec<Moments>),
    /// By those gathered in training: each picture depends on its own input alone.
    Settled,
}

impl DcganConfig {
    /// Channels of the maps from the smallest to the picture.
    fn maps(&self) -> Vec<usize> {
        (0..doublings(self.side)).rev().map(|at| self.width << at).chain([self.channels]).collect()
    }

    /// Side of the smallest map: 7, or 8.
    fn start(&self) -> usize {
        self.side >> (self.maps().len() - 1)
    }

    pub fn init_generator(&self, latent: usize, stream: &mut Stream, device: &Device) -> Generator {
        let (maps, start) = (self.maps(), self.start());
        let last = maps.len() - 2;
        let project = normal_linear(latent, maps[0] * start * start, DEVIATION, stream, device);
        let norms =
            maps[..=last].iter().map(|channels| BatchNorm::init(*channels, DEVIATION, stream, device)).collect();
        let pairs = maps.windows(2).enumerate();
        let doublings =
            pairs.map(|(at, pair)| Doubling::init([pair[0], pair[1]], at == last, DEVIATION, stream, device)).collect();
        Generator { project, norms, doublings, start }
    }

    pub fn init_body(&self, stream: &mut Stream, device: &Device) -> Body {
        let maps: Vec<usize> = self.maps().into_iter().rev().collect();
        let pairs = maps.windows(2).enumerate();
        let halving = |(at, pair): (usize, &[usize])| {
            let bias = at == 0 || !self.discriminator_norm;
            let deviation = if self.discriminator_norm { DEVIATION } else { he(pair[0]) };
            Halving::init([pair[0], pair[1]], bias, deviation, stream, device)
        };
        let halvings = pairs.map(halving).collect();
        let normed = if self.discriminator_norm { &maps[2..] } else { &[] };
        let norms = normed.iter().map(|channels| BatchNorm::init(*channels, DEVIATION, stream, device)).collect();
        Body { halvings, norms }
    }

    /// Numbers that [`Body::forward`] makes of a picture.
    pub fn features(&self) -> usize {
        self.maps()[0] * self.start().pow(2)
    }
}

impl Generator {
    /// # Shapes
    /// `[n, latent]` -> `[n, side, side, channels]` in [-1, 1]
    pub fn forward(&self, latent: Tensor<2>, mut mode: Mode) -> Tensor<4> {
        let [n, start] = [latent.dims()[0] as isize, self.start as isize];
        let mut x = dense(&self.project, latent, 1.0).reshape([n, -1, start, start]).permute([0, 2, 3, 1]);
        for (norm, doubling) in self.norms.iter().zip(&self.doublings) {
            x = doubling.forward(mode.normalise(norm, x, 0.0));
        }
        tanh(x)
    }

    /// With a batch's moments gathered too.
    pub fn gather(self, moments: Vec<Moments>) -> Self {
        Self { norms: gather(self.norms, moments), ..self }
    }
}

impl Body {
    /// # Shapes
    /// `[n, side, side, channels]` -> `[n, features]`
    pub fn forward(&self, pictures: Tensor<4>, mut mode: Mode) -> Tensor<2> {
        let mut x = leaky_relu(self.halvings[0].forward(pictures), SLOPE);
        for (at, halving) in self.halvings[1..].iter().enumerate() {
            x = halving.forward(x);
            x = match self.norms.get(at) {
                Some(norm) => mode.normalise(norm, x, SLOPE),
                None => leaky_relu(x, SLOPE),
            };
        }
        rows(x)
    }

    /// Without norms: the features, and every layer's slope at every place, from which [`Body::input_gradient`] goes back.
    ///
    /// # Shapes
    /// `[n, side, side, channels]` -> `[n, features]`
    pub fn forward_with_slopes(&self, pictures: Tensor<4>) -> (Tensor<2>, Vec<Tensor<4>>) {
        debug_assert!(self.norms.is_empty(), "a batch norm's gradient is not written out");
        let mut slopes = Vec::with_capacity(self.halvings.len());
        let mut x = pictures;
        for halving in &self.halvings {
            let (active, slope) = leaky_relu_with_slope(halving.forward(x), SLOPE);
            slopes.push(slope);
            x = active;
        }
        (rows(x), slopes)
    }

    /// What a gradient in the features is in the picture; differentiable in the weights.
    ///
    /// # Shapes
    /// `[n, features]` -> `[n, side, side, channels]`
    pub fn input_gradient(&self, gradient: Tensor<2>, slopes: Vec<Tensor<4>>) -> Tensor<4> {
        let [n, side, _, channels] = slopes.last().expect("two or more halvings").dims();
        let mut gradient = gradient.reshape([n, channels, side, side]).permute([0, 2, 3, 1]);
        for (halving, slopes) in self.halvings.iter().zip(slopes).rev() {
            gradient = halving.input_gradient(gradient * slopes);
        }
        gradient
    }

    /// With a batch's moments gathered too.
    pub fn gather(self, moments: Vec<Moments>) -> Self {
        Self { norms: gather(self.norms, moments), ..self }
    }
}

/// Deviation that keeps the size of what passes a leaky ReLU (He et al. 2015, section 2.2): without norms nothing else does.
fn he(inputs: usize) -> f32 {
    (2.0 / ((1.0 + SLOPE * SLOPE) * (16 * inputs) as f64)).sqrt() as f32
}

/// PyTorch's order: channel after channel.
fn rows(maps: Tensor<4>) -> Tensor<2> {
    maps.permute([0, 3, 1, 2]).flatten(1, 3)
}

impl Mode<'_> {
    /// Norm and the leaky ReLU behind it.
    fn normalise(&mut self, norm: &BatchNorm, x: Tensor<4>, slope: f64) -> Tensor<4> {
        match self {
            Mode::Batch(found) => {
                let (x, moments) = norm.forward(x, slope);
                found.push(moments);
                x
            }
            Mode::Settled => norm.settled(x, slope),
        }
    }
}

fn gather(norms: Vec<BatchNorm>, moments: Vec<Moments>) -> Vec<BatchNorm> {
    norms.into_iter().zip(moments).map(|(norm, moments)| norm.gather(moments)).collect()
}
