//! The generator's two layers of 7 x 7, each between three colours and many channels: as they lie, a kernel of four or eight channels
//! would multiply by padding more than by numbers.

use super::direct::Places;
use super::panel::{ROWS, TURN, lies};
use super::product::Product;

const TAPS: usize = 7;
const COLOURS: usize = 3;
/// A kernel's row over one pixel after another, filled up to whole turns.
const RUN: usize = (TAPS * COLOURS).next_multiple_of(TURN);

/// Colours in: the numbers that a row of the kernel meets lie side by side already.
pub struct Stem {
    outs: usize,
    product: Product,
}

impl Stem {
    /// # Shapes
    /// weight `[outs, 3, 7, 7]`
    pub fn new(outs: usize, weight: &[f32]) -> Self {
        let product = Product::new(outs, TAPS * RUN, &[], |out, number| {
            let (y, x, colour) = (number / RUN, number % RUN / COLOURS, number % COLOURS);
            if x < TAPS { weight[((out * COLOURS + colour) * TAPS + y) * TAPS + x] } else { 0.0 }
        });
        Self { outs, product }
    }

    /// # Shapes
    /// `[h, width, 3]` -> `[rows, width, outs]`
    pub fn run(
        &self,
        maps: &[f32],
        width: usize,
        [rows, columns]: [&Places; 2],
        output: &mut [f32],
        room: &mut Vec<f32>,
    ) {
        let mirrored: Vec<usize> = (0..width + TAPS - 1)
            .map(|at| if at < width { columns[0][at] } else { columns[at - width + 1][width - 1] })
            .collect();
        let stride = mirrored.len() * COLOURS + RUN - TAPS * COLOURS;
        let mut padded = Vec::with_capacity(maps.len() / width / COLOURS * stride);
        for line in maps.chunks_exact(width * COLOURS) {
            padded.extend(mirrored.iter().flat_map(|x| &line[x * COLOURS..][..COLOURS]));
            padded.resize(padded.len().next_multiple_of(stride), 0.0);
        }
        for y in 0..rows[0].len() {
            let lay = |x: usize, row: usize, six: &mut [f32]| {
                for (tap, rows) in rows.iter().enumerate() {
                    let run = &padded[rows[y] * stride + x * COLOURS..][..RUN];
                    let to = six[lies(row, tap * RUN)..].chunks_mut(TURN * ROWS);
                    for (four, to) in run.chunks_exact(TURN).zip(to) {
                        to[..TURN].copy_from_slice(four);
                    }
                }
            };
            self.product.run(width, lay, |x| (y * width + x) * self.outs, output, room);
        }
    }
}

/// Colours out: each pixel is multiplied once for all the columns of the kernel that will meet it, which are then added up.
pub struct Head {
    ins: usize,
    product: Product,
    bias: [f32; COLOURS],
}

impl Head {
    /// # Shapes
    /// weight `[3, ins, 7, 7]`, bias `[3]`
    pub fn new(ins: usize, weight: &[f32], bias: &[f32]) -> Self {
        let product = Product::new(TAPS * COLOURS, TAPS * ins, &[], |out, number| {
            let (x, colour, y, channel) = (out / COLOURS, out % COLOURS, number / ins, number % ins);
            weight[((colour * ins + channel) * TAPS + y) * TAPS + x]
        });
        Self { ins, product, bias: std::array::from_fn(|colour| bias[colour]) }
    }

    /// # Shapes
    /// `[h, width, ins]` -> `[rows, width, 3]`
    pub fn run(
        &self,
        maps: &[f32],
        width: usize,
        [rows, columns]: [&Places; 2],
        output: &mut [f32],
        room: &mut Vec<f32>,
    ) {
        let (ins, wide) = (self.ins, TAPS * COLOURS);
        let mut parts = vec![0.0; width * wide];
        for (y, line) in output.chunks_exact_mut(width * COLOURS).enumerate().take(rows[0].len()) {
            let lay = |x: usize, row: usize, six: &mut [f32]| {
                for (tap, rows) in rows.iter().enumerate() {
                    let pixel = &maps[(rows[y] * width + x) * ins..][..ins];
                    let to = six[lies(row, tap * ins)..].chunks_mut(TURN * ROWS);
                    for (four, to) in pixel.chunks_exact(TURN).zip(to) {
                        to[..TURN].copy_from_slice(four);
                    }
                }
            };
            self.product.run(width, lay, |x| x * wide, &mut parts, room);
            for (x, pixel) in line.chunks_exact_mut(COLOURS).enumerate() {
                let mut sum = self.bias;
                for (tap, columns) in columns.iter().enumerate() {
                    let part = &parts[columns[x] * wide + tap * COLOURS..][..COLOURS];
                    sum.iter_mut().zip(part).for_each(|(sum, part)| *sum += part);
                }
                pixel.copy_from_slice(&sum);
            }
        }
    }
}
