//! The generator's convolutions for some rows of their output: for pictures too large to hold whole between two layers.

use burn::nn::conv::{Conv2d, ConvTranspose2d};
use burn::tensor::{Tensor, activation::relu};
use std::ops::Range;

use super::form::{Borders, Form, Halving, Taps, blur_taps, doubled_places, doubling_taps, halving_places, tapped};
use super::quick::SHARE;
use super::{Doubling, ResnetGenerator};
use crate::nn::conv::{convolve, convolve_picked, convolve_transposed};
use crate::nn::norm::normalise;
use crate::nn::pad::mirror;

/// One convolution of the generator, with the way its borders are filled.
#[derive(Debug, Clone, Copy)]
pub enum Convolution<'a> {
    /// Over mirrored borders; keeps height and width.
    Mirrored(&'a Conv2d),
    /// Of 3, over a border of zeros; keeps height and width.
    Bordered(&'a Conv2d),
    /// With stride 2 over a border of zeros.
    Halving(&'a Conv2d),
    /// With stride 2 over mirrored borders.
    MirroredHalving(&'a Conv2d),
    /// The blur that halves, of these channels: nothing is learned, and no norm follows.
    Blur(usize),
    /// Over the doubled picture and its mirrored border.
    Resize(&'a Conv2d),
    /// Over the doubled picture in another form.
    Doubled(&'a Conv2d, Form),
    Transposed(&'a ConvTranspose2d),
}

impl ResnetGenerator {
    /// All convolutions as the data meets them: stem, two down, each with its blur where it has one, two for each block, two up, head.
    pub fn convolutions(&self) -> Vec<Convolution<'_>> {
        let form = self.form;
        let blocks = self.blocks.iter().flat_map(|block| [&block.conv_1, &block.conv_2]);
        let blocks = blocks.map(|conv| match form.blocks {
            Borders::Mirrored => Convolution::Mirrored(conv),
            Borders::Zeros => Convolution::Bordered(conv),
        });
        let up = self.up.iter().map(move |up| match up {
            Doubling::Resize(conv) if !form.smooth && form.doubling == Borders::Mirrored => Convolution::Resize(conv),
            Doubling::Resize(conv) => Convolution::Doubled(conv, form),
            Doubling::Transposed(conv) => Convolution::Transposed(conv),
        });
        let down = self.down.iter().flat_map(|conv| match form.halving {
            Halving::Strided => vec![Convolution::Halving(conv)],
            Halving::Mirrored => vec![Convolution::MirroredHalving(conv)],
            Halving::Blurred => vec![Convolution::Bordered(conv), Convolution::Blur(conv.weight.dims()[0])],
        });
        let early = [Convolution::Mirrored(&self.stem)].into_iter().chain(down);
        early.chain(blocks).chain(up).chain([Convolution::Mirrored(&self.head)]).collect()
    }

    /// How many of them come before the residual blocks.
    pub fn early(&self) -> usize {
        if self.form.halving == Halving::Blurred { 5 } else { 3 }
    }

    /// Multiplications for a picture.
    pub fn work(&self, width: usize, height: usize) -> f64 {
        self.work_by(width, height, |convolution| convolution.work())
    }

    /// The same by the processor's kernels.
    pub fn quick_work(&self, width: usize, height: usize) -> f64 {
        let share = |convolution: &Convolution| match convolution {
            Convolution::Mirrored(conv) if conv.kernel_size[0] == 3 => SHARE,
            Convolution::Resize(_) => SHARE,
            _ => 1.0,
        };
        self.work_by(width, height, |convolution| share(convolution) * convolution.work())
    }

    fn work_by(&self, width: usize, height: usize, each: impl Fn(&Convolution) -> f64) -> f64 {
        let mut pixels = (width, height);
        let work = |convolution: Convolution| {
            pixels = (convolution.output(pixels.0), convolution.output(pixels.1));
            each(&convolution) * (pixels.0 * pixels.1) as f64
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
            Self::Mirrored(conv) | Self::Bordered(conv) | Self::Halving(conv) | Self::MirroredHalving(conv) => of(conv),
            Self::Resize(conv) | Self::Doubled(conv, _) => of(conv),
            Self::Transposed(conv) => conv.channels,
            Self::Blur(channels) => [*channels; 2],
        }
    }

    /// Whether a norm and a ReLU follow.
    pub fn normed(&self) -> bool {
        !matches!(self, Self::Blur(_))
    }

    /// Height of the output for a height of the input; widths go the same way.
    pub fn output(&self, height: usize) -> usize {
        match self {
            Self::Mirrored(_) | Self::Bordered(_) => height,
            Self::Halving(_) | Self::MirroredHalving(_) | Self::Blur(_) => height / 2,
            Self::Resize(_) | Self::Doubled(..) | Self::Transposed(_) => 2 * height,
        }
    }

    /// Multiplications for each pixel of the output.
    pub fn work(&self) -> f64 {
        let [inputs, outputs] = self.channels();
        let taps = match self {
            Self::Mirrored(conv) => conv.kernel_size[0].pow(2) as f64,
            // Of the nine taps every fourth pixel meets four, two meet two and one meets one.
            Self::Transposed(_) => 2.25,
            // Along the height, and along the width of twice as many rows; every channel by itself.
            Self::Blur(_) => return 9.0 * outputs as f64,
            _ => 9.0,
        };
        taps * (inputs * outputs) as f64
    }

    /// The rows of an input of this height that these rows of the output come from.
    pub fn needs(&self, rows: Range<usize>, height: usize) -> Range<usize> {
        match self {
            Self::Mirrored(_) | Self::Resize(_) => ends(self.picked(rows, height), height),
            Self::Bordered(_) => rows.start.saturating_sub(1)..(rows.end + 1).min(height),
            Self::Halving(_) => (2 * rows.start).saturating_sub(1)..2 * rows.end,
            Self::MirroredHalving(_) | Self::Blur(_) => ends(halving_places(rows, height), height),
            Self::Doubled(_, form) => {
                let taps = doubling_taps(&doubled_places(rows, height, form.doubling), height, form.smooth);
                ends(taps.into_iter().flat_map(|(_, places)| places).collect(), height)
            }
            Self::Transposed(_) => rows.start / 2..(rows.end / 2 + 1).min(height),
        }
    }

    /// Rows of the output, before any norm, from the rows of the input that [`Convolution::needs`] names.
    ///
    /// # Shapes
    /// window: `[1, inputs, needed rows, width]` -> `[1, outputs, rows, output(width)]`
    pub fn rows(&self, window: Tensor<4>, rows: Range<usize>, height: usize) -> Tensor<4> {
        let first = self.needs(rows.clone(), height).start;
        let width = window.dims()[3];
        match self {
            Self::Mirrored(conv) | Self::Resize(conv) => {
                let columns = places(self.picked(0..self.output(width), width), 0);
                convolve_picked(conv, window, &places(self.picked(rows, height), first), &columns)
            }
            // Its own zeros lie around the window: right at the picture's edges, and of rows that are left out within it.
            Self::Bordered(conv) => convolve(conv, window).narrow(2, rows.start - first, rows.len()),
            Self::Halving(conv) if rows.start == 0 => convolve(conv, window),
            // Its own padding lies above the picture; within the picture the row above is there. What it makes of padding is left out.
            Self::Halving(conv) => {
                let above = window.clone().narrow(2, 0, 1);
                convolve(conv, Tensor::cat(vec![above, window], 2)).narrow(2, 1, rows.len())
            }
            Self::MirroredHalving(conv) => {
                let columns = places(halving_places(0..width / 2, width), 0);
                convolve_picked(conv, window, &places(halving_places(rows, height), first), &columns)
            }
            Self::Blur(_) => tapped(window, &within(blur_taps(rows, height), first), &blur_taps(0..width / 2, width)),
            Self::Doubled(conv, form) => {
                let taps = |places: &[usize], length| doubling_taps(places, length, form.smooth);
                let met = doubled_places(rows.clone(), height, form.doubling);
                let columns = taps(&doubled_places(0..2 * width, width, form.doubling), width);
                let y = convolve(conv, tapped(window, &within(taps(&met, height), first), &columns));
                // A convolution that pads with zeros gives a row for each that it meets.
                let above = if form.doubling == Borders::Zeros { rows.start - met[0] } else { 0 };
                y.narrow(2, above, rows.len())
            }
            Self::Transposed(conv) => convolve_transposed(conv, window).narrow(2, rows.start - 2 * first, rows.len()),
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

fn of(conv: &Conv2d) -> [usize; 2] {
    let [outputs, inputs, ..] = conv.weight.dims();
    [inputs, outputs]
}

/// From the first to the last of some places.
fn ends(places: Vec<usize>, length: usize) -> Range<usize> {
    let (first, end) = places.iter().fold((length, 0), |ends, at| (ends.0.min(*at), ends.1.max(at + 1)));
    first..end
}

fn places(picked: Vec<usize>, first: usize) -> Vec<i32> {
    picked.iter().map(|at| (at - first) as i32).collect()
}

/// Taps of a picture, in a window of it that begins with this row.
fn within(mut taps: Taps, first: usize) -> Taps {
    taps.iter_mut().flat_map(|(_, places)| places).for_each(|at| *at -= first);
    taps
}
