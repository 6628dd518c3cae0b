//! A convolution of the generator for some rows of its output, over the borders that it has.

use std::ops::Range;

use super::direct::{Direct, Input, NOWHERE, Onto, Places};
use super::ends::{Head, Stem};
use super::winograd::{Source, Winograd};

pub enum Layer {
    /// 7 x 7 over mirrored borders, from colours.
    Stem(Stem, usize),
    /// 3 x 3 of stride 2 over a border of zeros.
    Halving(Direct, usize),
    /// 3 x 3 over mirrored borders.
    Same(Winograd),
    /// 3 x 3 transposed, of stride 2: its four phases.
    Transposed(Box<[Direct; 4]>, usize),
    /// Pixels doubled, then 3 x 3 over mirrored borders.
    Resize(Winograd),
    /// 7 x 7 over mirrored borders, to colours.
    Head(Head),
}

/// Some rows of a map.
#[derive(Clone, Copy)]
pub struct Window<'a> {
    /// `[rows, width, channels]`
    pub values: &'a [f32],
    pub width: usize,
    /// Which row of the map the first one is.
    pub first: usize,
    /// Rows of the map.
    pub height: usize,
}

/// A place of a mirrored border, as PyTorch's reflection: the edge is not repeated.
fn mirror(at: isize, length: usize) -> usize {
    let last = length as isize - 1;
    let period = 2 * last.max(1);
    let at = at.rem_euclid(period);
    (if at > last { period - at } else { at }).min(last) as usize
}

/// Tables of a kernel of seven over mirrored borders.
fn mirrored(places: Range<usize>, length: usize) -> Places {
    (-3..4).map(|tap| places.clone().map(|at| mirror(at as isize + tap, length)).collect()).collect()
}

/// Tables of three taps of stride 2 over a border of zeros.
fn halved(places: Range<usize>, length: usize) -> Places {
    let place = |at: isize| if (0..length as isize).contains(&at) { at as usize } else { NOWHERE };
    (-1..2).map(|tap| places.clone().map(|at| place(2 * at as isize + tap)).collect()).collect()
}

/// Tables of a phase of a doubling, and which place of those wanted is its first: even places come from one tap, odd ones from two.
fn phase(wanted: &Range<usize>, length: usize, odd: bool) -> (Places, usize) {
    let odd_as = usize::from(odd);
    let places = (wanted.start + 1 - odd_as) / 2..(wanted.end + 1 - odd_as) / 2;
    let first = 2 * places.start + odd_as - wanted.start;
    let next = |at: usize| if at + 1 < length { at + 1 } else { NOWHERE };
    let same: Vec<usize> = places.clone().collect();
    (if odd { vec![places.map(next).collect(), same] } else { vec![same] }, first)
}

/// Which taps of a kernel of three a phase takes, in the order of its tables.
pub const PHASES: [&[usize]; 2] = [&[1], &[0, 2]];

/// Padded places of a kernel of three over mirrored borders of a map that is `times` as long as what it is made from.
fn padded(places: Range<usize>, length: usize, times: usize) -> Vec<usize> {
    (places.start as isize - 1..places.end as isize + 1).map(|at| mirror(at, times * length) / times).collect()
}

/// Counted from the first row of a window.
fn within(mut rows: Places, first: usize) -> Places {
    rows.iter_mut().flatten().filter(|row| **row != NOWHERE).for_each(|row| *row -= first);
    rows
}

impl Layer {
    /// Rows beyond its own, above and below, that a part of the input needs for its part of the output.
    pub fn reach(&self) -> [usize; 2] {
        match self {
            Self::Stem(..) | Self::Head(_) => [3, 3],
            Self::Halving(..) => [1, 0],
            Self::Same(_) | Self::Resize(_) => [1, 1],
            Self::Transposed(..) => [0, 1],
        }
    }

    pub fn outs(&self) -> usize {
        match self {
            Self::Stem(_, outs) | Self::Halving(_, outs) | Self::Transposed(_, outs) => *outs,
            Self::Same(conv) | Self::Resize(conv) => conv.outs(),
            Self::Head(_) => 3,
        }
    }

    /// Multiplications of a place of the output as this layer makes it, padding of its kernels aside.
    pub fn work(&self, ins: usize) -> f64 {
        let each = (ins * self.outs()) as f64;
        match self {
            Self::Stem(..) | Self::Head(_) => 49.0 * each,
            Self::Halving(..) => 9.0 * each,
            // 36 for 16 places.
            Self::Same(_) | Self::Resize(_) => 2.25 * each,
            // Of the nine taps every fourth place meets four, two meet two and one meets one.
            Self::Transposed(..) => 2.25 * each,
        }
    }

    /// Length of the output for a length of the input.
    pub fn output(&self, length: usize) -> usize {
        match self {
            Self::Halving(..) => length.div_ceil(2),
            Self::Transposed(..) | Self::Resize(_) => 2 * length,
            _ => length,
        }
    }

    /// The rows of an input of this height that these rows of the output come from.
    pub fn needs(&self, rows: Range<usize>, height: usize) -> Range<usize> {
        let places: Vec<usize> = match self {
            Self::Stem(..) | Self::Head(_) => mirrored(rows, height).concat(),
            Self::Halving(..) => halved(rows, height).concat(),
            Self::Same(_) => padded(rows, height, 1),
            Self::Resize(_) => padded(rows, height, 2),
            Self::Transposed(..) => [false, true].map(|odd| phase(&rows, height, odd).0.concat()).concat(),
        };
        let inside = || places.iter().filter(|place| **place != NOWHERE);
        inside().min().copied().unwrap_or(0)..inside().max().map_or(0, |last| last + 1)
    }

    /// Rows of the output, before any norm, from a window that has the rows that they need. `room`: what it works in.
    ///
    /// # Shapes
    /// made: `[rows, output(width), outs]`
    pub fn run(&self, window: Window, rows: Range<usize>, made: &mut [f32], room: &mut Vec<f32>) {
        let Window { values, width, first, height } = window;
        let wide = self.output(width);
        match self {
            Self::Stem(conv, _) => {
                let rows = within(mirrored(rows, height), first);
                conv.run(values, width, [&rows, &mirrored(0..width, width)], made, room);
            }
            Self::Head(conv) => {
                let rows = within(mirrored(rows, height), first);
                conv.run(values, width, [&rows, &mirrored(0..width, width)], made, room);
            }
            Self::Halving(conv, _) => {
                let rows = within(halved(rows, height), first);
                let input = Input { maps: values, width, rows: &rows, columns: &halved(0..wide, width) };
                conv.run(&input, Onto { width: wide, step: 1, first: [0, 0] }, made, room);
            }
            Self::Transposed(phases, _) => {
                for (number, conv) in phases.iter().enumerate() {
                    let (lines, top) = phase(&rows, height, number / 2 == 1);
                    let (columns, left) = phase(&(0..wide), width, number % 2 == 1);
                    let input = Input { maps: values, width, rows: &within(lines, first), columns: &columns };
                    conv.run(&input, Onto { width: wide, step: 2, first: [top, left] }, made, room);
                }
            }
            Self::Same(conv) | Self::Resize(conv) => {
                let times = if matches!(self, Self::Same(_)) { 1 } else { 2 };
                let rows = within(vec![padded(rows, height, times)], first).remove(0);
                let source = Source { maps: values, width, rows: &rows, columns: &padded(0..wide, width, times) };
                conv.run(&source, made, room);
            }
        }
    }
}
