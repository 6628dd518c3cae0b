//! Where the maps of a strip lie: in one piece of memory, planned before anything is computed. What a layer reads and what it makes lie at
//! opposite ends, so that the piece is as large as the most that lives at once, and nothing is asked of the system between two layers.

use std::ops::Range;

use super::generator::Generator;

/// Rows above a map, and below it, for what is borrowed from neighbours: as many as the widest kernel reaches.
const MARGIN: usize = 3;

/// A map in the piece, with room for borrowed rows around it.
#[derive(Clone, Copy, PartialEq)]
pub struct Place {
    /// Of its first row.
    start: usize,
    pub height: usize,
    pub width: usize,
    pub channels: usize,
}

/// A layer's output, and what the next one reads: the same, or, after a residual block, what the block began with.
#[derive(Clone, Copy)]
pub struct Step {
    pub made: Place,
    pub next: Place,
}

pub struct Ground {
    values: Vec<f32>,
    pub first: Place,
    pub steps: Vec<Step>,
}

impl Place {
    pub fn line(&self) -> usize {
        self.width * self.channels
    }

    /// Its numbers, and as many borrowed ones before and after them.
    pub fn with(&self, above: usize, below: usize) -> Range<usize> {
        self.start - above..self.start + self.height * self.line() + below
    }

    pub fn range(&self) -> Range<usize> {
        self.with(0, 0)
    }

    /// Numbers that it takes, margins and all.
    fn room(&self) -> usize {
        (self.height + 2 * MARGIN) * self.line()
    }
}

/// A place counted from one of the two ends, before it is known how far they are apart.
#[derive(Clone, Copy)]
struct From {
    far: bool,
    place: Place,
}

impl From {
    fn new(far: bool, after: usize, [height, width, channels]: [usize; 3]) -> Self {
        Self { far, place: Place { start: after, height, width, channels } }
    }

    /// How far it reaches from its end.
    fn reach(&self) -> usize {
        self.place.start + self.place.room()
    }

    fn placed(&self, len: usize) -> Place {
        let outer = if self.far { len - self.reach() } else { self.place.start };
        Place { start: outer + MARGIN * self.place.line(), ..self.place }
    }
}

impl Ground {
    /// For a picture of three colours through all layers.
    pub fn new(generator: &Generator, height: usize, width: usize) -> Self {
        let first = From::new(true, 0, [height, width, 3]);
        let (mut x, mut kept, mut len) = (first, None::<From>, first.reach());
        let mut steps = Vec::with_capacity(generator.layers.len());
        for (at, layer) in generator.layers.iter().enumerate() {
            let ends_block = kept.is_some();
            if generator.begins_block(at) {
                kept = Some(x);
            }
            let sides = [layer.output(x.place.height), layer.output(x.place.width), layer.outs()];
            let after = kept.filter(|kept| kept.far != x.far).map_or(0, |kept| kept.reach());
            let made = From::new(!x.far, after, sides);
            len = len.max(x.reach() + made.reach());
            x = kept.take_if(|_| ends_block).unwrap_or(made);
            steps.push([made, x]);
        }
        let placed = |[made, next]: [From; 2]| Step { made: made.placed(len), next: next.placed(len) };
        Self { values: vec![0.0; len], first: first.placed(len), steps: steps.into_iter().map(placed).collect() }
    }

    pub fn at(&self, range: Range<usize>) -> &[f32] {
        &self.values[range]
    }

    pub fn at_mut(&mut self, range: Range<usize>) -> &mut [f32] {
        &mut self.values[range]
    }

    /// Two pieces that share nothing.
    pub fn two(&mut self, one: Range<usize>, other: Range<usize>) -> [&mut [f32]; 2] {
        if one.start < other.start {
            let (before, after) = self.values.split_at_mut(other.start);
            [&mut before[one], &mut after[..other.len()]]
        } else {
            let [other, one] = self.two(other, one);
            [one, other]
        }
    }
}

/// As many numbers of a room, which grows where it is too small.
pub fn room(room: &mut Vec<f32>, count: usize) -> &mut [f32] {
    if room.len() < count {
        *room = vec![0.0; count];
    }
    &mut room[..count]
}
