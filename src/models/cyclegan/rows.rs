//! The generator's convolutions for some rows of their output: for pictures too large to hold whole between two layers.

use burn::nn::conv::{Conv2d, ConvTranspose2d};
use burn::tensor::module::conv2d;
use burn::tensor::ops::ConvOptions;
use burn::tensor::{Tensor, activation::relu};
use std::ops::Range;

use super::{Doubling, ResnetGenerator};
use crate::nn::norm::normalise;
use crate::nn::pad::{gather, mirror};

/// One convolution of the generator, with the way its borders are filled.
#[derive(Debug, Clone, Copy)]
pub enum Convolution<'a> {
    /// Over mirrored borders; keeps height and width.
    Mirrored(&'a Conv2d),
    /// With stride 2 over a border of zeros.
    Halving(&'a Conv2d),
    /// Over the doubled picture and its mirrored border.
    Resize(&'a Conv2d),
    Transposed(&'a ConvTranspose2d),
}

impl ResnetGenerator {
    /// All convolutions as the data meets them: stem, two down, two for each block, two up, head.
    pub fn convolutions(&self) -> Vec<Convolution<'_>> {
        let blocks = self.blocks.iter().flat_map(|block| [&block.conv_1, &block.conv_2]);
        let up = self.up.iter().map(|up| match up {
            Doubling::Resize(conv) => Convolution::Resize(conv),
            Doubling::Transposed(conv) => Convolution::Transposed(conv),
        });
        let early = [Convolution::Mirrored(&self.stem)].into_iter().chain(self.down.iter().map(Convolution::Halving));
        early.chain(blocks.map(Convolution::Mirrored)).chain(up).chain([Convolution::Mirrored(&self.head)]).collect()
    }

    /// Multiplications for a picture.
    pub fn work(&self, width: usize, height: usize) -> f64 {
        let mut pixels = (width, height);
        let work = |convolution: Convolution| {
            pixels = (convolution.output(pixels.0), convolution.output(pixels.1));
            convolution.work() * (pixels.0 * pixels.1) as f64
        };
        self.convolutions().into_iter().map(work).sum()
    }

    /// What stands between two convolutions: the norm over the whole picture, of which only the moments are here, and ReLU.
    ///
    /// # Shapes
    /// x: `[1, c, h, w]` -> the same; mean, variance: `[1, c, 1, 1]`
    pub fn activate(x: Tensor<4>, mean: Tensor<4>, variance: Tensor<4>) -> Tensor<4> {
        relu(normalise(x, mean, variance))
    }
}

impl Convolution<'_> {
    /// Channels in, channels out.
    pub fn channels(&self) -> [usize; 2] {
        match self {
            Self::Mirrored(conv) | Self::Halving(conv) | Self::Resize(conv) => {
                let [outputs, inputs, ..] = conv.weight.dims();
                [inputs, outputs]
            }
            Self::Transposed(conv) => conv.channels,
        }
    }

    /// Height of the output for a height of the input; widths go the same way.
    pub fn output(&self, height: usize) -> usize {
        match self {
            Self::Mirrored(_) => height,
            Self::Halving(_) => height / 2,
            Self::Resize(_) | Self::Transposed(_) => 2 * height,
        }
    }

    /// Multiplications for each pixel of the output.
    pub fn work(&self) -> f64 {
        let [inputs, outputs] = self.channels();
        let taps = match self {
            Self::Mirrored(conv) | Self::Halving(conv) | Self::Resize(conv) => conv.kernel_size[0].pow(2) as f64,
            // Of the nine taps every fourth pixel meets four, two meet two and one meets one.
            Self::Transposed(_) => 2.25,
        };
        taps * (inputs * outputs) as f64
    }

    /// The rows of an input of this height that these rows of the output come from.
    pub fn needs(&self, rows: Range<usize>, height: usize) -> Range<usize> {
        match self {
            Self::Mirrored(_) | Self::Resize(_) => {
                let picked = self.picked(rows, height);
                let ends = |ends: (usize, usize), at: &usize| (ends.0.min(*at), ends.1.max(at + 1));
                let (first, end) = picked.iter().fold((height, 0), ends);
                first..end
            }
            Self::Halving(_) => (2 * rows.start).saturating_sub(1)..2 * rows.end,
            Self::Transposed(_) => rows.start / 2..(rows.end / 2 + 1).min(height),
        }
    }

    /// Rows of the output, before any norm, from the rows of the input that [`Convolution::needs`] names.
    ///
    /// # Shapes
    /// window: `[1, inputs, needed rows, width]` -> `[1, outputs, rows, output(width)]`
    pub fn rows(&self, window: Tensor<4>, rows: Range<usize>, height: usize) -> Tensor<4> {
        let first = self.needs(rows.clone(), height).start;
        match self {
            Self::Mirrored(conv) | Self::Resize(conv) => {
                let width = window.dims()[3];
                let places =
                    |picked: Vec<usize>, first: usize| picked.iter().map(|at| (at - first) as i32).collect::<Vec<_>>();
                let columns = places(self.picked(0..self.output(width), width), 0);
                conv.forward(gather(window, &places(self.picked(rows, height), first), &columns))
            }
            // Its own padding lies above the picture; within the picture the row above is there.
            Self::Halving(conv) if rows.start == 0 => conv.forward(window),
            Self::Halving(conv) => conv2d(window, conv.weight.val(), None, ConvOptions::new([2, 2], [0, 1], [1, 1], 1)),
            Self::Transposed(conv) => conv.forward(window).narrow(2, rows.start - 2 * first, rows.len()),
        }
    }

    /// The input's rows, as the kernel meets them for these rows of the output, borders filled in.
    fn picked(&self, rows: Range<usize>, height: usize) -> Vec<usize> {
        let (margin, doubled) = match self {
            Self::Mirrored(conv) => (conv.kernel_size[0] as isize / 2, 1),
            _ => (1, 2),
        };
        let reach = rows.start as isize - margin..rows.end as isize + margin;
        reach.map(|at| mirror(at, doubled * height) / doubled).collect()
    }
}
