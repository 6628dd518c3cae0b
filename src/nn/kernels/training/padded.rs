//! Maps with a margin of zeros, so that a window which reaches over the edge reads memory like any other.

use super::planes::turned;
use std::borrow::Cow;

/// `[n, height, width, channels]`, and a few numbers behind them that may be read, never used.
pub struct Padded {
    pub values: Vec<f32>,
    pub height: usize,
    pub width: usize,
    pub channels: usize,
}

/// Numbers that a kernel may read behind the last one.
pub const BEHIND: usize = 8;

/// Maps as they are given: channels last, or first.
#[derive(Clone, Copy)]
pub struct Maps<'a> {
    pub values: &'a [f32],
    pub planes: bool,
}

impl<'a> From<&'a [f32]> for Maps<'a> {
    fn from(values: &'a [f32]) -> Self {
        Self { values, planes: false }
    }
}

impl<'a> Maps<'a> {
    /// A picture of `size` numbers with its channels last.
    pub fn picture(&self, at: usize, size: usize, channels: usize) -> Cow<'a, [f32]> {
        let values = &self.values[at * size..(at + 1) * size];
        if self.planes { turned(values, channels, size / channels).into() } else { values.into() }
    }
}

impl Padded {
    /// `before` and `after`: rows, and columns, of zeros. The shape is that with channels last.
    pub fn new(maps: Maps, [n, height, width, channels]: [usize; 4], before: usize, after: [usize; 2]) -> Self {
        let (tall, wide) = (before + height + after[0], before + width + after[1]);
        let mut values = vec![0.0; n * tall * wide * channels + BEHIND];
        if maps.planes {
            for (at, row) in maps.values.chunks_exact(width.max(1)).enumerate() {
                let (picture, channel, y) = (at / (channels * height), at / height % channels, at % height);
                let from = ((picture * tall + before + y) * wide + before) * channels + channel;
                let to = values[from..].iter_mut().step_by(channels);
                to.zip(row).for_each(|(to, from)| *to = *from);
            }
            return Self { values, height: tall, width: wide, channels };
        }
        let maps = maps.values;
        let row = width * channels;
        if row > 0 {
            for (at, from) in maps.chunks_exact(row).enumerate() {
                let (picture, y) = (at / height, at % height);
                let to = ((picture * tall + before + y) * wide + before) * channels;
                values[to..to + row].copy_from_slice(from);
            }
        }
        Self { values, height: tall, width: wide, channels }
    }

    /// Where a pixel's channels begin.
    #[inline(always)]
    pub fn at(&self, picture: usize, y: usize, x: usize) -> usize {
        ((picture * self.height + y) * self.width + x) * self.channels
    }
}
