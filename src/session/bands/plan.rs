//! Which convolutions run over which rows, and in what order.

use std::ops::Range;

use crate::image::Size;
use crate::models::cyclegan::rows::Convolution;

/// Where a pass takes its rows from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Source {
    Picture,
    /// The residual blocks' stream.
    Stream,
    /// Between a block's two convolutions, before the norm of this one.
    Inner(usize),
}

/// What a pass does with the output of its last convolution, besides measuring it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Sink {
    Nothing,
    Stream,
    Inner,
    Picture,
}

/// Once over all bands: convolutions `first..=last`, with the norms between them, whose moments are known by then.
#[derive(Debug, Clone)]
pub struct Pass {
    pub first: usize,
    pub last: usize,
    pub source: Source,
    pub sink: Sink,
    /// Rows of the output in one band.
    pub band: usize,
}

/// The passes over a picture.
#[derive(Debug)]
pub struct Plan {
    pub passes: Vec<Pass>,
    /// Height of each convolution's input.
    pub heights: Vec<usize>,
    padded: Size,
}

impl Plan {
    /// With bands of `rows` rows at full size, and as many rows of the residual blocks' smaller maps. `early`: convolutions before the blocks.
    pub fn new(convolutions: &[Convolution], early: usize, padded: Size, rows: usize) -> Self {
        let next = |height: &mut usize, convolution: &Convolution| {
            Some(std::mem::replace(height, convolution.output(*height)))
        };
        let heights: Vec<usize> = convolutions.iter().scan(padded.height, next).collect();
        let pass = |first: usize, last: usize, source, sink| {
            let output = convolutions[last].output(heights[last]);
            // The blocks' rows are as long in bytes as the picture's: as many make a band.
            let band = if output * 4 == padded.height && first == last { rows } else { rows * output / padded.height };
            Pass { first, last, source, sink, band: band.max(1) }
        };
        let up = convolutions.len() - 3;
        // Each norm needs a pass that measures; the last of them fills the stream.
        let measured = (0..early).filter(|at| convolutions[*at].normed() || at + 1 == early);
        let sink = |at: usize| if at + 1 == early { Sink::Stream } else { Sink::Nothing };
        let mut passes: Vec<Pass> = measured.map(|at| pass(0, at, Source::Picture, sink(at))).collect();
        for block in (early..up).step_by(2) {
            passes.push(pass(block, block, Source::Stream, Sink::Inner));
            passes.push(pass(block + 1, block + 1, Source::Inner(block), Sink::Inner));
        }
        passes.push(pass(up, up, Source::Stream, Sink::Nothing));
        passes.push(pass(up, up + 1, Source::Stream, Sink::Nothing));
        passes.push(pass(up, up + 2, Source::Stream, Sink::Picture));
        Self { passes, heights, padded }
    }

    /// Rows of a pass's output.
    pub fn end(&self, convolutions: &[Convolution], pass: &Pass) -> usize {
        convolutions[pass.last].output(self.heights[pass.last])
    }

    /// The band of a pass that begins with this row.
    pub fn band(&self, convolutions: &[Convolution], pass: &Pass, row: usize) -> Range<usize> {
        row..(row + pass.band).min(self.end(convolutions, pass))
    }

    /// Bands of all passes, and their multiplications with those for the rows around each.
    pub fn total(&self, convolutions: &[Convolution]) -> (usize, f64) {
        let bands = self.passes.iter().flat_map(|pass| {
            let starts = (0..self.end(convolutions, pass)).step_by(pass.band);
            starts.map(move |row| self.work(convolutions, pass, self.band(convolutions, pass, row)))
        });
        bands.fold((0, 0.0), |(count, sum), work| (count + 1, sum + work))
    }

    /// Multiplications of a band.
    pub fn work(&self, convolutions: &[Convolution], pass: &Pass, mut rows: Range<usize>) -> f64 {
        let mut work = 0.0;
        for at in (pass.first..=pass.last).rev() {
            let output = convolutions[at].output(self.heights[at]);
            let columns = self.padded.width * output / self.padded.height;
            work += convolutions[at].work() * (rows.len() * columns) as f64;
            rows = convolutions[at].needs(rows, self.heights[at]);
        }
        work
    }
}
