//! Maps with a margin of zeros, so that a window which reaches over the edge reads memory like any other.

/// `[n, height, width, channels]`, and a few numbers behind them that may be read, never used.
pub struct Padded {
    pub values: Vec<f32>,
    pub height: usize,
    pub width: usize,
    pub channels: usize,
}

/// Numbers that a kernel may read behind the last one.
pub const BEHIND: usize = 8;

impl Padded {
    /// `before` and `after`: rows, and columns, of zeros.
    pub fn new(maps: &[f32], [n, height, width, channels]: [usize; 4], before: usize, after: [usize; 2]) -> Self {
        let (tall, wide) = (before + height + after[0], before + width + after[1]);
        let mut values = vec![0.0; n * tall * wide * channels + BEHIND];
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
