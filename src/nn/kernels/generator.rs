//! CycleGAN's generator in these kernels: its convolutions one after another over maps whose channels come last.

use std::ops::Range;

use super::direct::Direct;
use super::ends::{Head, Stem};
use super::layer::{Layer, PHASES, Window};
use super::maps::Maps;
use super::winograd::Winograd;

/// Numbers of a layer as PyTorch has them.
pub struct Weights<'a> {
    /// `[filters, 3, 7, 7]`
    pub stem: &'a [f32],
    /// `[2 filters, filters, 3, 3]`, `[4 filters, 2 filters, 3, 3]`
    pub down: [&'a [f32]; 2],
    /// Two of `[4 filters, 4 filters, 3, 3]` each.
    pub blocks: Vec<[&'a [f32]; 2]>,
    /// `[4 filters, 2 filters, 3, 3]` and `[2 filters, filters, 3, 3]` where transposed, else outs first.
    pub up: [&'a [f32]; 2],
    pub transposed: bool,
    /// `[3, filters, 7, 7]`, `[3]`
    pub head: [&'a [f32]; 2],
}

/// What a generator consists of. Four divides the filters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    pub filters: usize,
    pub blocks: usize,
    pub transposed: bool,
}

impl Shape {
    /// Numbers of each layer's weights, in the order of [`Weights`].
    fn sizes(&self) -> Vec<usize> {
        let f = self.filters;
        let ends = [147 * f, 18 * f * f, 72 * f * f];
        let blocks = std::iter::repeat_n(144 * f * f, 2 * self.blocks);
        ends.into_iter().chain(blocks).chain([72 * f * f, 18 * f * f, 147 * f, 3]).collect()
    }

    /// Numbers of all weights.
    pub fn len(&self) -> usize {
        self.sizes().into_iter().sum()
    }

    pub fn is_empty(&self) -> bool {
        self.filters == 0
    }
}

pub struct Generator {
    pub(crate) layers: Vec<Layer>,
}

impl std::fmt::Debug for Generator {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(f, "Generator of {} convolutions", self.layers.len())
    }
}

/// How many convolutions come before the residual blocks.
const EARLY: usize = 3;

impl Generator {
    pub fn new(filters: usize, weights: &Weights) -> Self {
        let f = filters;
        let halving = |at: usize| {
            let (ins, outs) = (f << at, (2 * f) << at);
            let weight = weights.down[at];
            let conv = Direct::new(outs, [3, 3], ins, &[], |out, y, x, channel| {
                weight[((out * ins + channel) * 3 + y) * 3 + x]
            });
            Layer::Halving(conv, outs)
        };
        let doubling = |at: usize| {
            let (ins, outs, weight) = ((4 * f) >> at, (2 * f) >> at, weights.up[at]);
            if !weights.transposed {
                return Layer::Resize(Winograd::new(outs, ins, weight));
            }
            let phases = std::array::from_fn(|number| {
                let [down, across] = [PHASES[number / 2], PHASES[number % 2]];
                Direct::new(outs, [down.len(), across.len()], ins, &[], |out, y, x, channel| {
                    weight[((channel * outs + out) * 3 + down[y]) * 3 + across[x]]
                })
            });
            Layer::Transposed(Box::new(phases), outs)
        };
        let blocks = weights.blocks.iter().flatten().map(|weight| Layer::Same(Winograd::new(4 * f, 4 * f, weight)));
        let mut layers = vec![Layer::Stem(Stem::new(f, weights.stem), f), halving(0), halving(1)];
        layers.extend(blocks);
        layers.extend([doubling(0), doubling(1), Layer::Head(Head::new(f, weights.head[0], weights.head[1]))]);
        Self { layers }
    }

    /// From all weights one after another, as [`Weights`] has them.
    pub fn from_flat(shape: Shape, flat: &[f32]) -> Self {
        let mut rest = flat;
        let mut parts = shape.sizes().into_iter().map(|size| {
            let (part, after) = rest.split_at(size);
            rest = after;
            part
        });
        let mut next = || parts.next().unwrap_or(&[]);
        let (stem, down) = (next(), [next(), next()]);
        let blocks = (0..shape.blocks).map(|_| [next(), next()]).collect();
        let (up, head) = ([next(), next()], [next(), next()]);
        Self::new(shape.filters, &Weights { stem, down, blocks, up, transposed: shape.transposed, head })
    }

    pub fn convolutions(&self) -> usize {
        self.layers.len()
    }

    /// Rows above and below that a strip borrows from its neighbours for a convolution.
    pub fn reach(&self, at: usize) -> [usize; 2] {
        self.layers[at].reach()
    }

    /// Whether a convolution is the first of a residual block's two.
    pub(crate) fn begins_block(&self, at: usize) -> bool {
        (EARLY..self.layers.len() - EARLY).contains(&at) && (at - EARLY).is_multiple_of(2)
    }

    /// Rows of an input of this height that these rows of a convolution's output come from.
    pub fn needs(&self, at: usize, rows: Range<usize>, height: usize) -> Range<usize> {
        self.layers[at].needs(rows, height)
    }

    /// Rows of a convolution's output, before any norm, from a window that has the rows that they need.
    pub fn rows(&self, at: usize, window: Window, rows: Range<usize>) -> Maps {
        let layer = &self.layers[at];
        let mut made = Maps::new(rows.len(), layer.output(window.width), layer.outs());
        layer.run(window, rows, &mut made.values, &mut Vec::new());
        made
    }
}
