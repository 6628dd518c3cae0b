//! The discriminator: one trunk, three heads (the later code).

use burn::module::Module;
use burn::nn::Linear;
use burn::nn::conv::Conv2d;
use burn::tensor::{Device, Tensor};

use super::{chain, pooled};
use crate::error::Result;
use crate::nn::activation::leaky_relu;
use crate::nn::conv::{Source, convolve};
use crate::nn::linear::{dense, load_linear, product};

/// Slope of the leaky ReLU for negative inputs.
const SLOPE: f64 = 0.2;

/// Keeps the length of features finite (PyTorch's `normalize`).
const EPSILON: f64 = 1e-12;

#[derive(Debug, Clone, PartialEq)]
pub struct DiscriminatorConfig {
    /// Channels after each convolution of the trunk.
    pub channels: Vec<usize>,
    /// Of each convolution of the trunk. The first is 4x4 where it halves.
    pub strides: Vec<usize>,
    /// Channels after the convolutions of each head.
    pub head: Vec<usize>,
    /// Whom it tells apart.
    pub people: usize,
}

#[derive(Module, Debug)]
pub struct Discriminator {
    trunk: Vec<Conv2d>,
    identity: Head,
    yaw: Head,
    real: Head,
}

/// What it says of pictures, row by row.
#[derive(Debug, Clone)]
pub struct Opinion {
    /// Cosine with each of the people `[n, people]`.
    pub identity: Tensor<2>,
    /// Radians `[n, 1]`.
    pub yaw: Tensor<2>,
    /// Logit `[n, 1]`.
    pub real: Tensor<2>,
}

/// Convolutions, the mean over the map, and a linear layer.
#[derive(Module, Debug)]
struct Head {
    conv: Vec<Conv2d>,
    out: Linear,
}

impl DiscriminatorConfig {
    pub fn init_from(&self, source: &mut Source, device: &Device) -> Result<Discriminator> {
        let trunk = chain("discriminator.trunk", 3, &self.channels, &self.strides, source, device)?;
        let inputs = self.channels.last().copied().unwrap_or(3);
        let mut head = |name: &str, outputs, bias| {
            let name = format!("discriminator.{name}");
            let conv = chain(&name, inputs, &self.head, &vec![1; self.head.len()], source, device)?;
            let width = self.head.last().copied().unwrap_or(inputs);
            Ok(Head { conv, out: load_linear(&format!("{name}.out"), [width, outputs], bias, source, device)? })
        };
        let (identity, yaw, real) =
            (head("identity", self.people, false)?, head("yaw", 1, true)?, head("real", 1, true)?);
        Ok(Discriminator { trunk, identity, yaw, real })
    }
}

impl Discriminator {
    /// # Shapes
    /// pictures `[n, 3, side, side]` in [-1, 1]
    pub fn forward(&self, x: Tensor<4>) -> Opinion {
        let x = self.trunk.iter().fold(x, |x, conv| leaky_relu(convolve(conv, x), SLOPE));
        Opinion {
            identity: self.identity.cosines(x.clone()),
            yaw: self.yaw.forward(x.clone()),
            real: self.real.forward(x),
        }
    }
}

impl Head {
    /// The leaky ReLU follows every convolution but the last.
    fn pooled(&self, x: Tensor<4>) -> Tensor<2> {
        let Some((last, body)) = self.conv.split_last() else { return pooled(x) };
        pooled(convolve(last, body.iter().fold(x, |x, conv| leaky_relu(convolve(conv, x), SLOPE))))
    }

    fn forward(&self, x: Tensor<4>) -> Tensor<2> {
        dense(&self.out, self.pooled(x), 1.0)
    }

    /// Cosines of the features with the rows that stand for the people.
    fn cosines(&self, x: Tensor<4>) -> Tensor<2> {
        let unit = |x: Tensor<2>, dim: usize| {
            let length = (x.clone() * x.clone()).sum_dim(dim).add_scalar(EPSILON).sqrt();
            x / length
        };
        product(unit(self.pooled(x), 1), unit(self.out.weight.val(), 0))
    }
}
