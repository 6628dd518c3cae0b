//! Convolutions of any kernel and stride.

use super::panel::{ROWS, TURN, lies};
use super::product::Product;

/// A convolution, or one of the four phases of a transposed one.
pub struct Direct {
    taps: [usize; 2],
    ins: usize,
    outs: usize,
    product: Product,
}

/// Where the taps of an output row or column lie in the input: as many tables as taps, each of as many places as the output has. A place
/// beyond the border is [`NOWHERE`].
pub type Places = Vec<Vec<usize>>;

/// Zeros are met there.
pub const NOWHERE: usize = usize::MAX;

/// The maps a convolution reads, channels last, and the places of its taps.
pub struct Input<'a> {
    pub maps: &'a [f32],
    pub width: usize,
    pub rows: &'a Places,
    pub columns: &'a Places,
}

/// Where the output goes: every `step`th row and column of a picture of this width, from the first.
#[derive(Clone, Copy)]
pub struct Onto {
    pub width: usize,
    pub step: usize,
    pub first: [usize; 2],
}

impl Direct {
    /// # Shapes
    /// `weight(out, row, column, in)`, bias `[outs]` or none; four divides `ins`
    pub fn new(
        outs: usize,
        taps: [usize; 2],
        ins: usize,
        bias: &[f32],
        weight: impl Fn(usize, usize, usize, usize) -> f32,
    ) -> Self {
        assert!(ins.is_multiple_of(TURN));
        let product = Product::new(outs, taps[0] * taps[1] * ins, bias, |out, number| {
            let tap = number / ins;
            weight(out, tap / taps[1], tap % taps[1], number % ins)
        });
        Self { taps, ins, outs, product }
    }

    /// # Shapes
    /// `[h, w, ins]` -> `[rows, columns, outs]` of the picture that `onto` says
    pub fn run(&self, input: &Input, onto: Onto, output: &mut [f32], room: &mut Vec<f32>) {
        assert_eq!([input.rows.len(), input.columns.len()], self.taps);
        for y in 0..input.rows[0].len() {
            let first = (onto.first[0] + y * onto.step) * onto.width + onto.first[1];
            let lay = |x: usize, row: usize, six: &mut [f32]| self.lay(input, [y, x], row, six);
            self.product.run(input.columns[0].len(), lay, |x| (first + x * onto.step) * self.outs, output, room);
        }
    }

    /// What the taps of a place meet, laid out as one of six.
    fn lay(&self, input: &Input, [y, x]: [usize; 2], row: usize, six: &mut [f32]) {
        let ins = self.ins;
        let taps = input.rows.iter().flat_map(|rows| input.columns.iter().map(move |columns| (rows[y], columns[x])));
        for (tap, (line, column)) in taps.enumerate() {
            let to = six[lies(row, tap * ins)..].chunks_mut(TURN * ROWS).take(ins / TURN);
            if line == NOWHERE || column == NOWHERE {
                to.for_each(|to| to[..TURN].fill(0.0));
            } else {
                let pixel = &input.maps[(line * input.width + column) * ins..][..ins];
                for (four, to) in pixel.chunks_exact(TURN).zip(to) {
                    to[..TURN].copy_from_slice(four);
                }
            }
        }
    }
}
