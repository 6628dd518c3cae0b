//! The generator by the processor's kernels (`nn/kernels`), which paint in a third of Burn's time. They know the published form and ours, in
//! widths that four divides: others are filled up with channels that stay zero. Every other network stays Burn's.

use burn::tensor::{Device, Tensor, TensorData};
use gan_atelier_kernels::{Generator, Maps, Shape, Window};
use std::ops::Range;

use super::form::Form;
use super::{Doubling, ResnetBlock, ResnetGenerator, Upsample};
use crate::error::{Error, Result};

/// Multiplications of a tap of 3 x 3 that Winograd's F(4 x 4, 3 x 3) needs: 36 for 16 places of nine.
pub const SHARE: f64 = 0.25;
/// The kernels' channels come in fours.
const TURN: usize = 4;

/// A generator as the kernels take it.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    pub shape: Shape,
    /// All weights, one layer after another, each as PyTorch has it; the head's bias last.
    pub weights: Vec<f32>,
}

impl Plan {
    pub fn open(&self) -> Generator {
        Generator::from_flat(self.shape, &self.weights)
    }
}

impl ResnetGenerator {
    /// The same network for the kernels; none where they do not know it.
    pub fn plan(&self) -> Option<Plan> {
        let config = self.config();
        if self.form != Form::default() || config.filters < TURN {
            return None;
        }
        let filters = config.filters.next_multiple_of(TURN);
        let doubling = |doubling: &Doubling| match doubling {
            Doubling::Transposed(conv) => conv.weight.val(),
            Doubling::Resize(conv) => conv.weight.val(),
        };
        let block = |block: &ResnetBlock| [block.conv_1.weight.val(), block.conv_2.weight.val()];
        let early = [self.stem.weight.val(), self.down[0].weight.val(), self.down[1].weight.val()];
        let late = [doubling(&self.up[0]), doubling(&self.up[1]), self.head.weight.val()];
        let layers = early.into_iter().chain(self.blocks.iter().flat_map(block)).chain(late);
        let mut weights = Vec::new();
        for layer in layers {
            weights.extend(widened(layer, config.filters, filters)?);
        }
        weights.extend(self.head.bias.as_ref()?.val().into_data().try_to_vec::<f32>().ok()?);
        let transposed = config.upsample == Upsample::Transposed;
        let shape = Shape { filters, blocks: self.blocks.len(), transposed };
        (shape.len() == weights.len()).then_some(Plan { shape, weights })
    }

    /// Whether the kernels' maps have this network's channels and no others.
    pub fn fits(&self) -> bool {
        self.config().filters.is_multiple_of(TURN)
    }

    /// What the kernels' last layer gave, on the canvas.
    ///
    /// # Shapes
    /// picture: `[1, 3, h, w]` -> the same
    pub fn finish_quick(&self, picture: &Tensor<4>, head: &Maps) -> Tensor<4> {
        self.finish(picture, to_tensor(head, &picture.device()))
    }
}

/// A convolution's weights where `from` filters have become `to`: nothing leads to the new channels or from them, so that they stay zero, behind
/// a norm too.
///
/// # Shapes
/// `[one side's channels, the other's, k, k]`, each a multiple of `from` or the three colours
fn widened(weight: Tensor<4>, from: usize, to: usize) -> Option<Vec<f32>> {
    let [first, second, height, width] = weight.dims();
    let wide = |channels: usize| if channels.is_multiple_of(from) { channels / from * to } else { channels };
    let line = second * height * width;
    let wide_line = wide(second) * height * width;
    let values = weight.into_data().try_to_vec::<f32>().ok()?;
    let mut made = vec![0.0; wide(first) * wide_line];
    for (row, wide_row) in values.chunks(line).zip(made.chunks_mut(wide_line)) {
        wide_row[..line].copy_from_slice(row);
    }
    Some(made)
}

/// Rows of a convolution's output by the kernels, as [`super::Convolution::rows`] gives them. What has been read is let go of at once: a band
/// is as large as memory allows.
///
/// # Shapes
/// window: `[1, inputs, needed rows, width]`, from row `first` on -> `[1, outputs, rows, output(width)]`
pub fn rows(
    generator: &Generator,
    at: usize,
    window: Tensor<4>,
    rows: Range<usize>,
    height: usize,
) -> Result<Tensor<4>> {
    let ([_, channels, seen, width], device) = (window.dims(), window.device());
    let planes = window.into_data().try_to_vec::<f32>().map_err(|e| Error::Internal { message: e.to_string() })?;
    let maps = Maps::from_planes(&planes, channels, seen, width);
    drop(planes);
    let first = generator.needs(at, rows.clone(), height).start;
    let made = generator.rows(at, Window { values: &maps.values, width, first, height }, rows);
    drop(maps);
    Ok(to_tensor(&made, &device))
}

fn to_tensor(maps: &Maps, device: &Device) -> Tensor<4> {
    let data = TensorData::new(maps.to_planes(), [1, maps.channels, maps.height, maps.width]);
    Tensor::from_data(data, device)
}
