//! Some rows of a picture on their way through a generator. Between two convolutions a strip needs a few rows of its neighbours and
//! everybody's moments, and nothing else: strips can be computed anywhere.

use std::ops::Range;

use super::generator::Generator;
use super::ground::{Ground, Place, Step};
use super::layer::Window;
use super::maps::Maps;
use super::norm::{Moments, Then, normalise};

pub struct Strip {
    /// Rows of the smallest maps that are this strip's, and all of them: a quarter of the picture's.
    quarters: Range<usize>,
    all: usize,
    /// Convolutions done.
    at: usize,
    x: Place,
    /// What a convolution made, until its norm is known.
    made: Option<Step>,
    ground: Ground,
    /// What a convolution works in.
    room: Vec<f32>,
}

impl std::fmt::Debug for Strip {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(f, "Strip {:?} of {} after {} convolutions", self.quarters, self.all, self.at)
    }
}

impl Strip {
    /// # Shapes
    /// rows: `[4 quarters, width, 3]`, of a picture of four times `all` rows
    pub fn new(generator: &Generator, rows: &[f32], width: usize, quarters: Range<usize>, all: usize) -> Self {
        let height = 4 * quarters.len();
        assert_eq!([rows.len(), width % 4], [height * width * 3, 0]);
        assert!(quarters.end <= all);
        let mut ground = Ground::new(generator, height, width);
        let x = ground.first;
        ground.at_mut(x.range()).copy_from_slice(rows);
        Self { quarters, all, at: 0, x, made: None, ground, room: Vec::new() }
    }

    /// A whole picture, of a height and width that four divides.
    pub fn whole(generator: &Generator, picture: &Maps) -> Self {
        assert_eq!([picture.height % 4, picture.channels], [0, 3]);
        let all = picture.height / 4;
        Self::new(generator, &picture.values, picture.width, 0..all, all)
    }

    /// Convolutions done.
    pub fn at(&self) -> usize {
        self.at
    }

    /// What the layers so far made of this strip, `[height, line]`; after the last what the head made, before it is bounded.
    pub fn values(&self) -> &[f32] {
        self.ground.at(self.x.range())
    }

    pub fn height(&self) -> usize {
        self.x.height
    }

    /// Numbers of a row.
    pub fn line(&self) -> usize {
        self.x.line()
    }

    /// The same, to keep.
    pub fn to_maps(&self) -> Maps {
        let Place { height, width, channels, .. } = self.x;
        Maps { values: self.values().to_vec(), height, width, channels }
    }

    /// The next convolution, from the neighbours' rows ([`Generator::reach`]; none beyond the picture).
    pub fn convolve(&mut self, generator: &Generator, above: &[f32], below: &[f32]) -> Moments {
        let (layer, step, x) = (&generator.layers[self.at], self.ground.steps[self.at], self.x);
        let times = x.height / self.quarters.len();
        let (height, first) = (times * self.all, times * self.quarters.start);
        let [up, down] = layer.reach();
        let line = x.line();
        assert_eq!(above.len(), if self.quarters.start == 0 { 0 } else { up * line });
        assert_eq!(below.len(), if self.quarters.end == self.all { 0 } else { down * line });
        let read = x.with(above.len(), below.len());
        let joined = self.ground.at_mut(read.clone());
        joined[..above.len()].copy_from_slice(above);
        joined[read.len() - below.len()..].copy_from_slice(below);
        let rows = layer.output(first)..layer.output(first + x.height);
        let [values, made] = self.ground.two(read, step.made.range());
        let window = Window { values, width: x.width, first: first - above.len() / line, height };
        layer.run(window, rows, made, &mut self.room);
        self.made = Some(step);
        let normed = self.at + 1 < generator.layers.len();
        if normed { Moments::of(made, step.made.channels) } else { Moments::default() }
    }

    /// The norm over the whole picture and what follows it.
    ///
    /// # Shapes
    /// `moments` of all strips, from the top
    pub fn settle(&mut self, moments: &[Moments]) {
        let Some(Step { made, next }) = self.made.take() else { return };
        self.at += 1;
        self.x = next;
        let all = Moments::merged(moments);
        if all.is_empty() {
            return;
        }
        if next == made {
            normalise(self.ground.at_mut(made.range()), &all, Then::Relu);
        } else {
            let [made, sum] = self.ground.two(made.range(), next.range());
            normalise(made, &all, Then::Onto(sum));
        }
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
