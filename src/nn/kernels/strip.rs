//! Some rows of a picture on their way through a generator. Between two convolutions a strip needs a few rows of its neighbours and
//! everybody's moments, and nothing else: strips can be computed anywhere.

use std::ops::Range;

use super::arena::Arena;
use super::generator::Generator;
use super::layer::Window;
use super::maps::Maps;
use super::norm::{Moments, Then, normalise};

pub struct Strip {
    /// Rows of the smallest maps that are this strip's, and all of them: a quarter of the picture's.
    quarters: Range<usize>,
    all: usize,
    /// Convolutions done.
    at: usize,
    x: Maps,
    /// What a convolution made, until its norm is known.
    made: Option<Maps>,
    /// What a residual block began with.
    kept: Option<Maps>,
    ends_block: bool,
    arena: Arena,
}

impl std::fmt::Debug for Strip {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(f, "Strip {:?} of {} after {} convolutions", self.quarters, self.all, self.at)
    }
}

impl Strip {
    /// # Shapes
    /// rows: `[4 quarters, width, 3]`, of a picture of four times `all` rows
    pub fn new(rows: Maps, quarters: Range<usize>, all: usize) -> Self {
        assert_eq!([rows.height, rows.channels, rows.width % 4], [4 * quarters.len(), 3, 0]);
        assert!(quarters.end <= all);
        Self { quarters, all, at: 0, x: rows, made: None, kept: None, ends_block: false, arena: Arena::default() }
    }

    /// A whole picture, of a height and width that four divides.
    pub fn whole(picture: Maps) -> Self {
        let all = picture.height / 4;
        Self::new(picture, 0..all, all)
    }

    /// Convolutions done.
    pub fn at(&self) -> usize {
        self.at
    }

    /// What the layers so far made of this strip; after the last what the head made, before it is bounded.
    pub fn maps(&self) -> &Maps {
        &self.x
    }

    /// The next convolution, from the neighbours' rows ([`Generator::reach`]; none beyond the picture).
    pub fn convolve(&mut self, generator: &Generator, above: &[f32], below: &[f32]) -> Moments {
        let layer = &generator.layers[self.at];
        let times = self.x.height / self.quarters.len();
        let (height, first) = (times * self.all, times * self.quarters.start);
        let [up, down] = layer.reach();
        let line = self.x.line();
        assert_eq!(above.len(), if self.quarters.start == 0 { 0 } else { up * line });
        assert_eq!(below.len(), if self.quarters.end == self.all { 0 } else { down * line });
        let rows = layer.output(first)..layer.output(first + self.x.height);
        let whole = above.is_empty() && below.is_empty();
        let joined = (!whole).then(|| {
            let borrowed = (above.len() + below.len()) / line;
            let mut joined = self.arena.take(self.x.height + borrowed, self.x.width, self.x.channels);
            let (start, rest) = joined.values.split_at_mut(above.len());
            let (middle, end) = rest.split_at_mut(self.x.values.len());
            start.copy_from_slice(above);
            middle.copy_from_slice(&self.x.values);
            end.copy_from_slice(below);
            joined
        });
        let maps = joined.as_ref().unwrap_or(&self.x);
        let made = layer.run(Window { maps, first: first - above.len() / line, height }, rows, &mut self.arena);
        let x = std::mem::take(&mut self.x);
        self.ends_block = self.kept.is_some();
        if generator.begins_block(self.at) {
            self.kept = Some(x);
        } else {
            self.arena.give(x);
        }
        if let Some(joined) = joined {
            self.arena.give(joined);
        }
        let normed = self.at + 1 < generator.layers.len();
        let moments = if normed { Moments::of(&made.values, made.channels) } else { Moments::default() };
        self.made = Some(made);
        moments
    }

    /// The norm over the whole picture and what follows it.
    ///
    /// # Shapes
    /// `moments` of all strips, from the top
    pub fn settle(&mut self, moments: &[Moments]) {
        let Some(mut made) = self.made.take() else { return };
        self.at += 1;
        let all = Moments::merged(moments);
        self.x = match self.kept.take_if(|_| self.ends_block) {
            _ if all.is_empty() => made,
            Some(mut sum) => {
                normalise(&mut made.values, &all, Then::Onto(&mut sum.values));
                self.arena.give(made);
                sum
            }
            None => {
                normalise(&mut made.values, &all, Then::Relu);
                made
            }
        };
    }

    /// Multiplications of the next convolution, none after the last.
    pub fn work(&self, generator: &Generator) -> f64 {
        let Some(layer) = generator.layers.get(self.at) else { return 0.0 };
        let places = layer.output(self.x.height) * layer.output(self.x.width);
        places as f64 * layer.work(self.x.channels)
    }

    /// Both, where this strip is the whole picture; false when nothing is left to do.
    pub fn advance(&mut self, generator: &Generator) -> bool {
        if self.at < generator.layers.len() {
            let moments = self.convolve(generator, &[], &[]);
            self.settle(&[moments]);
        }
        self.at < generator.layers.len()
    }
}
