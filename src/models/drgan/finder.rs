//! The network that finds faces in a picture of any size.

use burn::module::Module;
use burn::nn::conv::Conv2d;
use burn::tensor::{Device, Tensor};

use crate::error::Result;
use crate::nn::activation::leaky_relu;
use crate::nn::conv::{ConvConfig, Source, convolve};

#[derive(Debug, Clone, PartialEq)]
pub struct FinderConfig {
    /// Channels after each convolution.
    pub channels: Vec<usize>,
}

#[derive(Module, Debug)]
pub struct Finder {
    conv: Vec<Conv2d>,
    out: Conv2d,
}

/// What a cell of the map says of the face around it: the aligned square's middle and side in pixels, roll and yaw in radians.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sighting {
    /// Probability that there is a face.
    pub score: f32,
    pub x: f32,
    pub y: f32,
    pub side: f32,
    pub roll: f32,
    pub yaw: f32,
}

impl FinderConfig {
    /// The first convolution is 4x4, the others 3x3.
    pub const STRIDES: [usize; 8] = [2, 2, 1, 2, 1, 1, 1, 1];
    /// Pixels between two cells.
    pub const STRIDE: usize = 8;
    /// Numbers a cell.
    pub const OUTPUTS: usize = 6;
    /// Side of a square whose logarithm is 0, in pixels; squares from 20 to 44 are known.
    pub const REFERENCE: f32 = 32.0;

    pub fn init_from(&self, source: &mut Source, device: &Device) -> Result<Finder> {
        let mut inputs = 3;
        let mut conv = Vec::with_capacity(self.channels.len());
        for (at, (outputs, stride)) in self.channels.iter().zip(Self::STRIDES).enumerate() {
            let kernel = if at == 0 { 4 } else { 3 };
            let config = ConvConfig { channels: [inputs, *outputs], kernel, stride, padding: 1, bias: true };
            conv.push(config.init(&format!("finder.conv.{at}"), source, device)?);
            inputs = *outputs;
        }
        let last = ConvConfig { channels: [inputs, Self::OUTPUTS], kernel: 1, stride: 1, padding: 0, bias: true };
        Ok(Finder { conv, out: last.init("finder.out", source, device)? })
    }
}

impl Finder {
    /// # Shapes
    /// `[1, 3, height, width]` in [-1, 1], sides multiples of 8 -> `[1, 6, height / 8, width / 8]`: logit, right and down of the cell's
    /// middle in [`FinderConfig::REFERENCE`], logarithm of the side over it, roll, yaw
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let x = self.conv.iter().fold(x, |x, conv| leaky_relu(convolve(conv, x), 0.0));
        convolve(&self.out, x)
    }
}

impl Sighting {
    /// What the cells say whose score is above a threshold, in pixels of the picture.
    ///
    /// # Shapes
    /// `6 rows columns` numbers, plane after plane
    pub fn of_map(map: &[f32], columns: usize, threshold: f32) -> Vec<Sighting> {
        let cells = map.len() / FinderConfig::OUTPUTS;
        let least = (threshold / (1.0 - threshold)).ln();
        let middle = |at: usize| (at as f32 + 0.5) * FinderConfig::STRIDE as f32;
        let sighting = |at: usize| {
            let [logit, right, down, side, roll, yaw] = std::array::from_fn(|number| map[number * cells + at]);
            Sighting {
                score: 1.0 / (1.0 + (-logit).exp()),
                x: middle(at % columns) + FinderConfig::REFERENCE * right,
                y: middle(at / columns) + FinderConfig::REFERENCE * down,
                side: FinderConfig::REFERENCE * side.exp(),
                roll,
                yaw,
            }
        };
        (0..cells).filter(|at| map[*at] > least).map(sighting).collect()
    }
}
