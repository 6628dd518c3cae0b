//! CycleGAN's networks (Zhu et al. 2017, "Unpaired image-to-image translation using cycle-consistent adversarial
//! networks", appendix 7.2): a residual generator; the discriminator is in `patches.rs`.
//!
//! Parameters are named as in the authors' published files, by layer number, so that those files and ours are one
//! format. Biases that an instance norm cancels do not exist here.

pub mod canvas;
pub mod form;
mod patches;
pub mod quick;
pub mod rows;

use burn::module::{Module, Param};
use burn::nn::conv::{Conv2d, ConvTranspose2d};
use burn::tensor::{Device, Tensor, TensorData};
use serde::{Deserialize, Serialize};
use std::ops::Range;

pub use canvas::Canvas;
pub use patches::{PatchDiscriminator, PatchDiscriminatorConfig};

use crate::error::Result;
use crate::nn::activation::tanh;
use crate::nn::batch::times;
use crate::nn::conv::{
    ConvConfig, Source, convolve, convolve_picked, convolve_transposed, init_doubling, normal_source,
};
use crate::nn::halves::{narrowed, widened};
use crate::nn::norm::{instance_norm_bent, instance_norm_onto};
use crate::nn::pad::{doubled, padded};
use crate::rng::Stream;
use form::{Borders, Form, Halving};

/// Standard deviation of initial weights (section 4 and the authors' code).
const DEVIATION: f32 = 0.02;

/// Our name for the one parameter that the published layout does not have.
pub const SKIP: &str = "skip.weight";

/// Our name for what a file of a generator with an underpainting says: the side of its blocks, one number. Without it and [`SKIP`], a file
/// means what it always meant.
pub const UNDERPAINTING: &str = "underpainting.block";

/// Up to this sum of a channel's weights its map is small enough for half precision before its norm: what it is made of has a mean square of at most some
/// ten, and a half may be 65,504.
const REACH: f32 = 300.0;

/// Numbers of a map from which on half precision saves a graphics card what its caches do not hold anyway.
const LARGE: usize = 1 << 18;

/// The published layer number of the first residual block.
const FIRST_BLOCK: usize = 10;

/// How the generator doubles height and width.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Upsample {
    /// Transposed convolution, as published.
    Transposed,
    /// Nearest neighbour, then a convolution: leaves no checkerboard (Odena et al. 2016).
    Resize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResnetGeneratorConfig {
    /// Channels of the first layer; the middle has four times as many.
    pub filters: usize,
    pub blocks: usize,
    pub upsample: Upsample,
    pub canvas: Canvas,
}

/// Translates pictures of one domain into the other's. It runs as `layers()` layers, one after another.
#[derive(Module, Debug)]
pub struct ResnetGenerator {
    stem: Conv2d,
    down: Vec<Conv2d>,
    blocks: Vec<ResnetBlock>,
    up: Vec<Doubling>,
    head: Conv2d,
    /// How much of the input the output starts from.
    skip: Option<Param<Tensor<1>>>,
    underpainting: bool,
    #[module(skip)]
    form: Form,
    /// The largest sum of one channel's weights, signs apart, in any layer when it was made.
    #[module(skip)]
    reach: f32,
}

#[derive(Module, Debug)]
struct ResnetBlock {
    conv_1: Conv2d,
    conv_2: Conv2d,
}

#[derive(Module, Debug)]
enum Doubling {
    Transposed(ConvTranspose2d),
    Resize(Conv2d),
}

impl ResnetGeneratorConfig {
    /// Random weights.
    pub fn init(&self, stream: &mut Stream, device: &Device) -> ResnetGenerator {
        let head = format!("model.{}.weight", self.late_layers()[2]);
        let mut normal = normal_source(stream, DEVIATION);
        let mut source = |name: &str, shape: &[usize]| match name {
            SKIP => Ok(vec![1.0]),
            // The first pictures are what is painted over, almost.
            _ if self.canvas != Canvas::Empty && name == head => {
                Ok(normal(name, shape)?.into_iter().map(|w| 0.1 * w).collect())
            }
            _ => normal(name, shape),
        };
        self.init_from(&mut source, device).expect("random numbers are never missing")
    }

    /// Weights by published name, asked for in the order of [`ResnetGenerator`]'s fields.
    pub fn init_from(&self, source: &mut Source, device: &Device) -> Result<ResnetGenerator> {
        self.init_as(&Form::default(), source, device)
    }

    /// The same in another form, by the names that it has where it was published.
    pub fn init_as(&self, form: &Form, source: &mut Source, device: &Device) -> Result<ResnetGenerator> {
        let f = self.filters;
        let layers = form.layers(self.blocks);
        let mut reach = 0.0f32;
        let source: &mut Source = &mut |name, shape| {
            let values = source(name, shape)?;
            reach = reach.max(largest_sum(shape, &values));
            Ok(values)
        };
        let plain = ConvConfig { channels: [form.channels[0], f], kernel: 7, stride: 1, padding: 0, bias: false };
        let stride = if form.halving == Halving::Blurred { 1 } else { 2 };
        let padding = usize::from(form.halving != Halving::Mirrored);
        let half = |k: usize, source: &mut Source| {
            let channels = [f << k, f << (k + 1)];
            let name = format!("model.{}", layers.down[k]);
            ConvConfig { channels, kernel: 3, stride, padding, ..plain }.init(&name, source, device)
        };
        Ok(ResnetGenerator {
            stem: plain.init("model.1", source, device)?,
            down: vec![half(0, source)?, half(1, source)?],
            blocks: (0..self.blocks)
                .map(|k| format!("model.{}.conv_block", layers.first_block + k))
                .map(|name| ResnetBlock::init(4 * f, &name, form.blocks, source, device))
                .collect::<Result<_>>()?,
            up: vec![
                self.doubling([4 * f, 2 * f], layers.up[0], form, source, device)?,
                self.doubling([2 * f, f], layers.up[1], form, source, device)?,
            ],
            head: ConvConfig { channels: [f, form.channels[1]], bias: true, ..plain }.init(
                &format!("model.{}", layers.head),
                source,
                device,
            )?,
            form: *form,
            skip: match self.canvas {
                Canvas::Picture => Some(Param::from_data(TensorData::new(source(SKIP, &[1])?, [1]), device)),
                _ => None,
            },
            underpainting: self.canvas == Canvas::Underpainting,
            reach,
        })
    }

    /// The published layer numbers of both doublings and of the last convolution; 19, 22 and 26 with nine blocks.
    pub fn late_layers(&self) -> [usize; 3] {
        [0, 3, 7].map(|after| FIRST_BLOCK + self.blocks + after)
    }

    fn doubling(
        &self,
        channels: [usize; 2],
        layer: usize,
        form: &Form,
        source: &mut Source,
        device: &Device,
    ) -> Result<Doubling> {
        let name = format!("model.{layer}");
        Ok(match self.upsample {
            Upsample::Transposed => Doubling::Transposed(init_doubling(channels, &name, source, device)?),
            Upsample::Resize => {
                let padding = usize::from(form.doubling == Borders::Zeros);
                let conv = ConvConfig { channels, kernel: 3, stride: 1, padding, bias: false };
                Doubling::Resize(conv.init(&name, source, device)?)
            }
        })
    }
}

impl ResnetGenerator {
    /// The architecture.
    pub fn config(&self) -> ResnetGeneratorConfig {
        let upsample = match self.up[0] {
            Doubling::Transposed(_) => Upsample::Transposed,
            Doubling::Resize(_) => Upsample::Resize,
        };
        let filters = self.stem.weight.dims()[0];
        let canvas = match (&self.skip, self.underpainting) {
            (Some(_), _) => Canvas::Picture,
            (None, true) => Canvas::Underpainting,
            (None, false) => Canvas::Empty,
        };
        ResnetGeneratorConfig { filters, blocks: self.blocks.len(), upsample, canvas }
    }

    /// What it has otherwise than published.
    pub fn form(&self) -> Form {
        self.form
    }

    /// Channels of the widest map at a picture's full size, in filters.
    pub fn widest(&self) -> usize {
        if self.form.halving == Halving::Blurred { 2 } else { 1 }
    }

    /// How often [`ResnetGenerator::forward_layer`] is called for one translation.
    pub fn layers(&self) -> usize {
        self.blocks.len() + 6
    }

    /// A picture as the first layer may take it to be painted only: in half precision, where maps are large and have an even number of places.
    ///
    /// # Shapes
    /// `[n, 3, h, w]` -> the same
    pub fn narrowed(&self, picture: Tensor<4>) -> Tensor<4> {
        let [.., height, width] = picture.dims();
        let even = (height / 4 * (width / 4)).is_multiple_of(2);
        let large = self.config().filters * height * width >= LARGE;
        let narrow = large && even && self.form == Form::default() && self.reach <= REACH;
        if narrow { narrowed(picture) } else { picture }
    }

    /// One layer; `picture` is what the first one got. A caller may do something else between two: the whole of a
    /// large picture takes seconds on a CPU.
    ///
    /// # Shapes
    /// picture: `[n, 3, h, w]`; x: 0: `[n, 3, h, w]` -> `[n, f, h, w]`; 1, 2: to `[n, 4f, h/4, w/4]`; blocks keep that; then back to `[n, 3, h, w]`
    pub fn forward_layer(&self, layer: usize, picture: &Tensor<4>, x: Tensor<4>) -> Tensor<4> {
        let blocks = self.blocks.len();
        match layer {
            0 => instance_norm_bent(convolve_mirrored(&self.stem, self.form.enter(x), 3), 0.0),
            1 | 2 => self.halve(layer - 1, x),
            _ if layer < blocks + 3 => self.blocks[layer - 3].forward(x, self.form.blocks),
            _ if layer < blocks + 5 => instance_norm_bent(self.up[layer - blocks - 3].forward(x, &self.form), 0.0),
            _ => self.finish(picture, convolve_mirrored(&self.head, x, 3)),
        }
    }

    /// # Shapes
    /// `[n, 3, h, w]` in [-1, 1] -> the same; h and w multiples of 4, at least 8
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        (0..self.layers()).fold(x.clone(), |y, layer| self.forward_layer(layer, &x, y))
    }

    /// # Shapes
    /// `[n, c, h, w]` -> `[n, 2c, h/2, w/2]`
    fn halve(&self, at: usize, x: Tensor<4>) -> Tensor<4> {
        let conv = &self.down[at];
        match self.form.halving {
            Halving::Strided => instance_norm_bent(convolve(conv, x), 0.0),
            Halving::Mirrored => instance_norm_bent(form::halved_mirrored(conv, x), 0.0),
            Halving::Blurred => form::blur_halved(instance_norm_bent(convolve(conv, x), 0.0)),
        }
    }

    /// What the head gave, as a picture.
    fn finish(&self, picture: &Tensor<4>, y: Tensor<4>) -> Tensor<4> {
        let height = picture.dims()[2];
        self.finish_rows(picture.clone(), 0..height, height, y)
    }

    /// The rows of a picture of this height that the last layer paints on, for these rows of the painting.
    pub fn canvas_needs(&self, rows: Range<usize>, height: usize) -> Range<usize> {
        if self.underpainting { canvas::needs(rows, height) } else { rows }
    }

    /// What the head gave for some rows, as rows of a picture.
    ///
    /// # Shapes
    /// window: `[n, 3, needed rows, w]`, of a picture of `height` rows; y: `[n, 3, rows, w]` -> the same
    pub fn finish_rows(&self, window: Tensor<4>, rows: Range<usize>, height: usize, y: Tensor<4>) -> Tensor<4> {
        match &self.skip {
            Some(skip) => (times(window, skip.val()) + self.form.leave(widened(y))).clamp(-1.0, 1.0),
            None if self.underpainting => canvas::painted_over(window, rows, height, self.form.leave(y)),
            None => tanh(self.form.leave(widened(y))),
        }
    }
}

/// The largest sum of one channel's weights, signs apart, whichever axis its channels are on.
fn largest_sum(shape: &[usize], values: &[f32]) -> f32 {
    let [first, second, area @ ..] = shape else { return 0.0 };
    let area: usize = area.iter().product();
    let mut sums = vec![0.0f32; first + second];
    for (at, value) in values.iter().enumerate() {
        sums[at / (second * area)] += value.abs();
        sums[first + at / area % second] += value.abs();
    }
    sums.into_iter().fold(0.0, f32::max)
}

/// A convolution over so many mirrored rows and columns on every side.
fn convolve_mirrored(conv: &Conv2d, x: Tensor<4>, margin: usize) -> Tensor<4> {
    let [.., height, width] = x.dims();
    convolve_picked(conv, x, &padded(height, margin), &padded(width, margin))
}

impl ResnetBlock {
    fn init(channels: usize, name: &str, borders: Borders, source: &mut Source, device: &Device) -> Result<Self> {
        let padding = usize::from(borders == Borders::Zeros);
        let conv = ConvConfig { channels: [channels; 2], kernel: 3, stride: 1, padding, bias: false };
        Ok(Self {
            conv_1: conv.init(&format!("{name}.1"), source, device)?,
            conv_2: conv.init(&format!("{name}.5"), source, device)?,
        })
    }

    /// No ReLU after the addition.
    fn forward(&self, x: Tensor<4>, borders: Borders) -> Tensor<4> {
        let convolved = |conv: &Conv2d, x: Tensor<4>| match borders {
            Borders::Mirrored => convolve_mirrored(conv, x, 1),
            Borders::Zeros => convolve(conv, x),
        };
        let y = instance_norm_bent(convolved(&self.conv_1, x.clone()), 0.0);
        instance_norm_onto(x, convolved(&self.conv_2, y))
    }
}

impl Doubling {
    /// # Shapes
    /// `[n, c, h, w]` -> `[n, c/2, 2h, 2w]`
    fn forward(&self, x: Tensor<4>, form: &Form) -> Tensor<4> {
        match self {
            Doubling::Transposed(conv) => convolve_transposed(conv, x),
            Doubling::Resize(conv) if !form.smooth && form.doubling == Borders::Mirrored => {
                let [.., height, width] = x.dims();
                convolve_picked(conv, x, &doubled(height, 1), &doubled(width, 1))
            }
            Doubling::Resize(conv) => form::doubled(conv, x, form),
        }
    }
}
