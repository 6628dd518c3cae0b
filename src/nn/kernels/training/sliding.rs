//! Convolutions, there and back: a product of windows, or of what they leave, with the weights. The gradient at the input is a convolution
//! of the one at the output by each of the kernel's phases, so that no inserted zero is multiplied; it is the transposed convolution too.

use super::dense::by;
use super::outer::outer;
use super::padded::{Maps, Padded};
use crate::panel::{ROWS, TURN};
use crate::product::{Product, spread};

/// A square convolution: kernel, stride (at most as large), and zeros on each side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sliding {
    pub kernel: usize,
    pub stride: usize,
    pub padding: usize,
}

/// Windows of `tall` by `wide` pixels, each where the last one was moved by `step`.
struct Windows<'a> {
    source: &'a Padded,
    tall: usize,
    wide: usize,
    /// Where the first one begins.
    from: [usize; 2],
    step: usize,
    /// Rows and columns of them in a picture.
    counts: [usize; 2],
}

impl Windows<'_> {
    /// All of them times the weights, to `output[to(picture, row, column)..]`.
    fn run(
        &self,
        pictures: usize,
        weights: &Product,
        to: impl Fn(usize, usize, usize) -> usize,
        output: &mut [f32],
        room: &mut Vec<f32>,
    ) {
        let [rows, columns] = self.counts;
        // Where each begins, and where what is made of it goes.
        let (mut froms, mut tos) =
            (Vec::with_capacity(pictures * rows * columns), Vec::with_capacity(pictures * rows * columns));
        for picture in 0..pictures {
            for y in 0..rows {
                for x in 0..columns {
                    froms.push(
                        self.source.at(picture, self.from[0] + y * self.step, self.from[1] + x * self.step) as u32
                    );
                    tos.push(to(picture, y, x) as u32);
                }
            }
        }
        let (run, line) = (self.wide * self.source.channels, self.source.width * self.source.channels);
        let mut window = vec![0.0f32; (self.tall * run).next_multiple_of(TURN)];
        let lay = |at: usize, row: usize, six: &mut [f32]| {
            let mut from = froms[at] as usize;
            if run.is_multiple_of(TURN) {
                let mut turn = 0;
                for _ in 0..self.tall {
                    spread(&self.source.values[from..from + run], &mut six[turn * ROWS * TURN..], row);
                    turn += run / TURN;
                    from += line;
                }
            } else {
                for to in window.chunks_exact_mut(run).take(self.tall) {
                    to.copy_from_slice(&self.source.values[from..from + run]);
                    from += line;
                }
                spread(&window, six, row);
            }
        };
        weights.run(froms.len(), lay, |at| tos[at] as usize, output, room);
    }
}

/// Channels below which a product of eight at once would make mostly what nobody asked for.
const FEW: usize = 5;
/// Numbers that a core's second cache holds beside what they are added to.
const NEAR: usize = 1 << 16;

impl Sliding {
    /// Height or width of what comes out.
    pub fn out(&self, side: usize) -> usize {
        (side + 2 * self.padding - self.kernel) / self.stride + 1
    }

    /// # Shapes
    /// x `[n, height, width, inputs]`, weight `[outputs, inputs, kernel, kernel]`, bias `[outputs]` or none ->
    /// `[n, out(height), out(width), outputs]`
    pub fn forward(&self, x: Maps, shape: [usize; 4], weight: &[f32], outputs: usize, bias: &[f32]) -> Vec<f32> {
        let [n, height, width, inputs] = shape;
        let (kernel, area) = (self.kernel, self.kernel * self.kernel);
        let (tall, wide) = (self.out(height), self.out(width));
        if outputs < FEW && self.stride == 1 && self.padding < self.kernel {
            return self.forward_to_few(x, shape, weight, outputs, bias);
        }
        let source = Padded::new(x, shape, self.padding, [self.padding; 2]);
        let numbers = area * inputs;
        let mut flat = vec![0.0f32; outputs * numbers];
        for (to, from) in flat.chunks_exact_mut(numbers).zip(weight.chunks_exact(numbers)) {
            for (input, taps) in from.chunks_exact(area).enumerate() {
                taps.iter().enumerate().for_each(|(tap, value)| to[tap * inputs + input] = *value);
            }
        }
        let weights = Product::new(outputs, numbers, bias, |out, number| flat[out * numbers + number]);
        let mut output = vec![0.0; n * tall * wide * outputs];
        let windows = Windows {
            source: &source,
            tall: kernel,
            wide: kernel,
            from: [0; 2],
            step: self.stride,
            counts: [tall, wide],
        };
        let to = |picture: usize, y: usize, x: usize| ((picture * tall + y) * wide + x) * outputs;
        windows.run(n, &weights, to, &mut output, &mut Vec::new());
        output
    }

    /// From the gradient at the output; also the transposed convolution, with a bias then.
    ///
    /// # Shapes
    /// y `[n, out(height), out(width), outputs]`, weight `[outputs, inputs, kernel, kernel]`, bias `[inputs]` or none ->
    /// `[n, height, width, inputs]`
    pub fn backward(
        &self,
        y: Maps,
        [n, tall, wide, outputs]: [usize; 4],
        weight: &[f32],
        [height, width, inputs]: [usize; 3],
        bias: &[f32],
    ) -> Vec<f32> {
        let (kernel, stride, area) = (self.kernel, self.stride, self.kernel * self.kernel);
        if inputs < FEW {
            return self.backward_to_few(y, [n, tall, wide, outputs], weight, [height, width, inputs], bias);
        }
        // As many of a phase's taps as there may be, less the one that lies on the window's own pixel.
        let reach = kernel.div_ceil(stride) - 1;
        let last = |side: usize| (self.padding + side - 1) / stride;
        let after = [(last(height) + 1).saturating_sub(tall), (last(width) + 1).saturating_sub(wide)];
        let source = Padded::new(y, [n, tall, wide, outputs], reach, after);
        let mut output = vec![0.0; n * height * width * inputs];
        let mut room = Vec::new();
        for phase in 0..stride * stride {
            let phases = [phase / stride, phase % stride];
            let taps = phases.map(|phase| (kernel - phase.min(kernel)).div_ceil(stride));
            // The first pixel of a phase that the margin does not hold, and how many there are.
            let first = phases.map(|phase| self.padding.saturating_sub(phase).div_ceil(stride));
            let begins = [0, 1].map(|axis| first[axis] * stride + phases[axis] - self.padding);
            let count = |side: usize, begins: usize| side.saturating_sub(begins).div_ceil(stride);
            let counts = [count(height, begins[0]), count(width, begins[1])];
            let numbers = taps[0] * taps[1] * outputs;
            let mut flat = vec![0.0f32; inputs * numbers];
            for row in 0..taps[0] {
                for column in 0..taps[1] {
                    // The window begins with the pixel that lies farthest back: the last tap's.
                    let tap = (phases[0] + stride * (taps[0] - 1 - row)) * kernel
                        + phases[1]
                        + stride * (taps[1] - 1 - column);
                    let to = (row * taps[1] + column) * outputs;
                    for out in 0..outputs {
                        for input in 0..inputs {
                            flat[input * numbers + to + out] = weight[(out * inputs + input) * area + tap];
                        }
                    }
                }
            }
            let weights = Product::new(inputs, numbers, bias, |input, number| flat[input * numbers + number]);
            let from = [0, 1].map(|axis| first[axis] + reach + 1 - taps[axis].max(1));
            let windows = Windows { source: &source, tall: taps[0], wide: taps[1], from, step: 1, counts };
            let to = |picture: usize, row: usize, column: usize| {
                let (y, x) = (begins[0] + row * stride, begins[1] + column * stride);
                ((picture * height + y) * width + x) * inputs
            };
            windows.run(n, &weights, to, &mut output, &mut room);
        }
        output
    }

    /// [`Sliding::forward`] with stride 1 to few channels: what the turned kernel leaves going back.
    fn forward_to_few(&self, x: Maps, shape: [usize; 4], weight: &[f32], outputs: usize, bias: &[f32]) -> Vec<f32> {
        let ([_, height, width, inputs], area) = (shape, self.kernel * self.kernel);
        let mut turned = vec![0.0f32; weight.len()];
        for (at, taps) in weight.chunks_exact(area).enumerate() {
            let to = &mut turned[(at % inputs * outputs + at / inputs) * area..][..area];
            to.iter_mut().zip(taps.iter().rev()).for_each(|(to, from)| *to = *from);
        }
        let back = Self { padding: self.kernel - 1 - self.padding, ..*self };
        back.backward_to_few(x, shape, &turned, [self.out(height), self.out(width), outputs], bias)
    }

    /// [`Sliding::backward`] to few channels: every pixel times all taps at once, each then added where it reaches.
    fn backward_to_few(
        &self,
        y: Maps,
        [n, tall, wide, outputs]: [usize; 4],
        weight: &[f32],
        [height, width, inputs]: [usize; 3],
        bias: &[f32],
    ) -> Vec<f32> {
        let (kernel, area) = (self.kernel, self.kernel * self.kernel);
        let all = area * inputs;
        let weights = Product::new(all, outputs, &[], |number, out| {
            weight[(out * inputs + number % inputs) * area + number / inputs]
        });
        let run = kernel * inputs;
        let (high, broad) = ((tall - 1) * self.stride + kernel, (wide - 1) * self.stride + kernel);
        let mut output = vec![0.0; n * height * width * inputs];
        // Some rows at a time: their taps stay near until they are added up.
        let rows = (NEAR / (wide * all)).clamp(1, tall);
        let (mut padded, mut taps, mut room) =
            (vec![0.0f32; high * broad * inputs], vec![0.0f32; rows * wide * all], Vec::new());
        for (picture, output) in output.chunks_exact_mut(height * width * inputs).enumerate() {
            let y = y.picture(picture, tall * wide * outputs, outputs);
            padded.fill(0.0);
            for (from, y) in y.chunks(rows * wide * outputs).enumerate() {
                by(y, outputs, &weights, all, &mut taps, &mut room);
                for (at, taps) in taps.chunks_exact(all).take(y.len() / outputs).enumerate() {
                    let (row, column) = ((from * rows + at / wide) * self.stride, at % wide * self.stride);
                    for (line, taps) in taps.chunks_exact(run).enumerate() {
                        let to = &mut padded[((row + line) * broad + column) * inputs..][..run];
                        to.iter_mut().zip(taps).for_each(|(to, from)| *to += from);
                    }
                }
            }
            for (row, to) in output.chunks_exact_mut(width * inputs).enumerate() {
                let line = row + self.padding;
                if line < high {
                    let from = &padded[(line * broad + self.padding) * inputs..(line + 1) * broad * inputs];
                    let count = from.len().min(to.len());
                    to[..count].copy_from_slice(&from[..count]);
                }
                if !bias.is_empty() {
                    to.chunks_exact_mut(inputs)
                        .for_each(|pixel| pixel.iter_mut().zip(bias).for_each(|(to, bias)| *to += bias));
                }
            }
        }
        output
    }

    /// The gradient in the weights.
    ///
    /// # Shapes
    /// x `[n, height, width, inputs]`, y `[n, out(height), out(width), outputs]` -> `[outputs, inputs, kernel, kernel]`
    pub fn weight(&self, x: Maps, shape: [usize; 4], y: &[f32], outputs: usize) -> Vec<f32> {
        let [n, height, width, inputs] = shape;
        let (kernel, area) = (self.kernel, self.kernel * self.kernel);
        let counts = [self.out(height), self.out(width)];
        let source = Padded::new(x, shape, self.padding, [self.padding; 2]);
        let mut weight = vec![0.0; outputs * inputs * area];
        for line in 0..kernel {
            // A row of a window is one run of memory.
            let sums = outer(&source, line, kernel * inputs, self.stride, n, counts, y, outputs);
            for (number, sums) in sums.chunks_exact(outputs.next_multiple_of(super::outer::WIDTH)).enumerate() {
                let (column, input) = (number / inputs, number % inputs);
                if column >= kernel {
                    break;
                }
                for (out, sum) in sums[..outputs].iter().enumerate() {
                    weight[(out * inputs + input) * area + line * kernel + column] = *sum;
                }
            }
        }
        weight
    }
}

#[cfg(test)]
mod tests;
