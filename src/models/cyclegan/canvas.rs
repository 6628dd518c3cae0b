//! What the generator paints on.

use burn::tensor::{Tensor, TensorData};
use serde::{Deserialize, Serialize};
use std::ops::Range;

use crate::nn::activation::tanh;
use crate::nn::halves::widened;
#[cfg(feature = "webgpu")]
use crate::nn::on_card;
use crate::nn::pad::gather;

/// Instance norms forget a picture's overall colours, and only a long training brings them back on an empty canvas.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Canvas {
    /// As published: tanh ends the network.
    Empty,
    /// The input itself, times a learned number. Details can be veiled, not replaced.
    Picture,
    /// The input's broad colours ([`underpainting`]), before tanh: every detail is the network's to paint.
    Underpainting,
}

impl Canvas {
    pub const ALL: [Self; 3] = [Self::Empty, Self::Picture, Self::Underpainting];
}

/// Side of the underpainting's blocks, pixels. A file of such a network holds it.
pub const BLOCK: usize = 8;

/// tanh never reaches 1, and its argument there would drown what the network adds.
pub const LIMIT: f64 = 0.96;

/// Rows above a pixel that its underpainting may come from, at most.
pub const REACH: usize = 2 * BLOCK;

/// The rows of a picture of this height that the underpainting of these rows comes from.
pub fn needs(rows: Range<usize>, height: usize) -> Range<usize> {
    let places = Places::of(rows, height.div_ceil(BLOCK));
    places.lower[0] as usize * BLOCK..(BLOCK * (places.upper[places.upper.len() - 1] as usize + 1)).min(height)
}

/// What the network gave for some rows, over their [`underpainting`]; `y` may be in half precision.
///
/// # Shapes
/// y: `[n, c, rows, width]`; window: `[n, c, needed rows, width]` in [-1, 1], of a picture of `height` rows -> `[n, c, rows, width]`
pub fn painted_over(window: Tensor<4>, rows: Range<usize>, height: usize, y: Tensor<4>) -> Tensor<4> {
    #[cfg(feature = "webgpu")]
    if on_card::here(&y.device()) && !y.is_autodiff() && !window.is_autodiff() && rows == (0..height) {
        return on_card::underpainted(y, window, BLOCK, LIMIT);
    }
    tanh(widened(y) + underpainting(window, rows, height))
}

/// The broad colours of a picture as tanh's argument: the mean of each block of 8 x 8 pixels (fewer at the right and bottom edge),
/// bilinear between the blocks' centres.
///
/// # Shapes
/// window: `[n, c, needed rows, width]` in [-1, 1], of a picture of `height` rows -> `[n, c, rows, width]`
pub fn underpainting(window: Tensor<4>, rows: Range<usize>, height: usize) -> Tensor<4> {
    let [batch, channels, seen, width] = window.dims();
    let first = needs(rows.clone(), height).start / BLOCK;
    let lines = means(window.reshape([batch * channels, seen, width]));
    let [_, down, _] = lines.dims();
    let blocks = means(lines.reshape([batch * channels * down, width, 1]));
    let [_, across, _] = blocks.dims();
    let blocks = blocks.reshape([batch, channels, down, across]);
    let down = Places::of(rows, height.div_ceil(BLOCK)).from(first as i32);
    let across = Places::of(0..width, across);
    let broad = across.between(|columns| down.between(|rows| gather(blocks.clone(), rows, columns), 2), 3);
    let broad = broad.clamp(-LIMIT, LIMIT);
    // atanh
    broad.clone().add_scalar(1.0).div(broad.neg().add_scalar(1.0)).log().mul_scalar(0.5)
}

/// Means of `BLOCK` neighbours along the middle axis, of the rest at its end.
///
/// # Shapes
/// `[n, length, m]` -> `[n, ceil(length / BLOCK), m]`
fn means(x: Tensor<3>) -> Tensor<3> {
    let [n, length, m] = x.dims();
    let whole = length / BLOCK;
    let mean = |from: usize, count: usize, of: usize| {
        x.clone().narrow(1, from, count * of).reshape([n * count, of, m]).mean_dim(1).reshape([n, count, m])
    };
    match (whole, length % BLOCK) {
        (_, 0) => mean(0, whole, BLOCK),
        (0, rest) => mean(0, 1, rest),
        (_, rest) => Tensor::cat(vec![mean(0, whole, BLOCK), mean(whole * BLOCK, 1, rest)], 1),
    }
}

/// Between which two blocks each pixel of a range lies, and how near to the second.
struct Places {
    lower: Vec<i32>,
    upper: Vec<i32>,
    share: Vec<f32>,
}

impl Places {
    fn of(pixels: Range<usize>, blocks: usize) -> Self {
        let centre = |pixel: usize| ((pixel as f32 + 0.5) / BLOCK as f32 - 0.5).max(0.0);
        let lower: Vec<i32> = pixels.clone().map(|pixel| centre(pixel) as i32).collect();
        Self {
            upper: lower.iter().map(|at| (at + 1).min(blocks as i32 - 1)).collect(),
            share: pixels.map(|pixel| centre(pixel).fract()).collect(),
            lower,
        }
    }

    /// Counted from another block than the first.
    fn from(mut self, first: i32) -> Self {
        self.lower.iter_mut().chain(&mut self.upper).for_each(|at| *at -= first);
        self
    }

    /// The picked pixels of `axis`, mixed.
    fn between(&self, picked: impl Fn(&[i32]) -> Tensor<4>, axis: usize) -> Tensor<4> {
        let (lower, upper) = (picked(&self.lower), picked(&self.upper));
        let mut shape = [1; 4];
        shape[axis] = self.share.len();
        let share = Tensor::from_data(TensorData::new(self.share.clone(), shape), &lower.device());
        lower.clone() + (upper - lower) * share
    }
}
