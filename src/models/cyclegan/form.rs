//! What other software builds otherwise than the paper, with the same layers in the same order: colours, borders, halving and doubling.
//!
//! The antialiased halving and doubling are those of CUT (Park et al. 2020, "Contrastive learning for unpaired image-to-image translation",
//! after Zhang 2019, "Making convolutional networks shift-invariant again"): a blur of 1 2 1 before every second pixel is dropped, and of
//! 1 3 3 1 after doubling, which is bilinear interpolation.

use burn::nn::conv::Conv2d;
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

use crate::nn::conv::{convolve, convolve_picked};
use crate::nn::pad::{gather, mirror};

/// BT.601: what red, green and blue give to a grey picture.
const LUMINANCE: [f64; 3] = [0.299, 0.587, 0.114];

/// What a convolution meets beyond the picture's edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Borders {
    #[default]
    Mirrored,
    Zeros,
}

/// How height and width are halved, twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Halving {
    /// By a convolution of stride 2 over a border of zeros, as published.
    #[default]
    Strided,
    /// The same over mirrored borders.
    Mirrored,
    /// By a convolution of stride 1, norm and ReLU, and then a blur of stride 2.
    Blurred,
}

/// A generator's form beside its sizes; the default is the published one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Form {
    /// Colours in and out: 3, or 1 for grey.
    pub channels: [usize; 2],
    pub halving: Halving,
    /// Of the residual blocks' convolutions.
    pub blocks: Borders,
    /// Where a doubling is not a transposed convolution: whether pixels are interpolated, or repeated.
    pub smooth: bool,
    /// Of the convolution behind such a doubling.
    pub doubling: Borders,
}

impl Default for Form {
    fn default() -> Self {
        Self {
            channels: [3, 3],
            halving: Halving::default(),
            blocks: Borders::Mirrored,
            smooth: false,
            doubling: Borders::Mirrored,
        }
    }
}

/// The published numbers of a generator's layers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layers {
    pub down: [usize; 2],
    pub first_block: usize,
    pub up: [usize; 2],
    pub head: usize,
}

impl Form {
    /// A blur is a layer of its own, and moves all that follow it by one.
    pub fn layers(&self, blocks: usize) -> Layers {
        let blur = usize::from(self.halving == Halving::Blurred);
        let grown = usize::from(self.smooth && self.doubling == Borders::Zeros);
        let first_block = 10 + 2 * blur;
        let up = first_block + blocks + grown;
        Layers { down: [4, 7 + blur], first_block, up: [up, up + 3 + grown], head: up + 7 + grown }
    }

    /// A picture as the first layer takes it.
    ///
    /// # Shapes
    /// `[n, 3, h, w]` -> `[n, channels in, h, w]`
    pub fn enter(&self, picture: Tensor<4>) -> Tensor<4> {
        if self.channels[0] == 3 {
            return picture;
        }
        let share = |at: usize| picture.clone().narrow(1, at, 1).mul_scalar(LUMINANCE[at]);
        share(0) + share(1) + share(2)
    }

    /// What the last layer gave, as a picture.
    ///
    /// # Shapes
    /// `[n, channels out, h, w]` -> `[n, 3, h, w]`
    pub fn leave(&self, y: Tensor<4>) -> Tensor<4> {
        if self.channels[1] == 3 { y } else { y.repeat_dim(1, 3) }
    }
}

/// Rows and columns of an input, each with its share: `sum of shares x gather(rows, columns)`, first along the height, then the width.
pub type Taps = Vec<(f64, Vec<usize>)>;

/// The taps of the blur before a halving, for some rows of its output: 1 2 1 over mirrored borders, every second place.
pub fn blur_taps(rows: std::ops::Range<usize>, length: usize) -> Taps {
    let tap = |(away, share): (isize, f64)| {
        (share, rows.clone().map(|row| mirror(2 * row as isize + away, length)).collect())
    };
    [(-1, 0.25), (0, 0.5), (1, 0.25)].map(tap).into()
}

/// The taps of a doubling for these places of its output: three parts of the nearer pixel and one of the farther where it is smooth.
pub fn doubling_taps(places: &[usize], length: usize, smooth: bool) -> Taps {
    let near = places.iter().map(|at| at / 2).collect();
    if !smooth {
        return vec![(1.0, near)];
    }
    let far = |at: &usize| if at.is_multiple_of(2) { (at / 2).saturating_sub(1) } else { (at / 2 + 1).min(length - 1) };
    vec![(0.75, near), (0.25, places.iter().map(far).collect())]
}

/// # Shapes
/// `[n, c, h, w]` -> `[n, c, taps of rows, taps of columns]`
pub fn tapped(x: Tensor<4>, rows: &Taps, columns: &Taps) -> Tensor<4> {
    let along = |x: Tensor<4>, axis: usize, taps: &Taps| {
        let all: Vec<i32> = (0..x.dims()[5 - axis] as i32).collect();
        let tap = |(share, places): &(f64, Vec<usize>)| {
            let places: Vec<i32> = places.iter().map(|at| *at as i32).collect();
            let [rows, columns] = if axis == 2 { [&places, &all] } else { [&all, &places] };
            let picked = gather(x.clone(), rows, columns);
            if *share == 1.0 { picked } else { picked.mul_scalar(*share) }
        };
        let mut taps = taps.iter().map(tap);
        let first = taps.next().expect("there is a tap");
        taps.fold(first, |sum, each| sum + each)
    };
    along(along(x, 3, columns), 2, rows)
}

/// All of a picture through the blur.
///
/// # Shapes
/// `[n, c, h, w]` -> `[n, c, h/2, w/2]`
pub fn blur_halved(x: Tensor<4>) -> Tensor<4> {
    let [.., height, width] = x.dims();
    tapped(x, &blur_taps(0..height / 2, height), &blur_taps(0..width / 2, width))
}

/// All of a picture through a doubling and the convolution behind it, which pads with zeros itself where its borders are zeros.
///
/// # Shapes
/// `[n, c, h, w]` -> `[n, c/2, 2h, 2w]`
pub fn doubled(conv: &Conv2d, x: Tensor<4>, form: &Form) -> Tensor<4> {
    let [.., height, width] = x.dims();
    let taps =
        |length: usize| doubling_taps(&doubled_places(0..2 * length, length, form.doubling), length, form.smooth);
    convolve(conv, tapped(x, &taps(height), &taps(width)))
}

/// The places of a doubled row that a convolution of 3 meets for these places of its output. Zeros are not among them.
pub fn doubled_places(places: std::ops::Range<usize>, length: usize, borders: Borders) -> Vec<usize> {
    let reach = places.start as isize - 1..places.end as isize + 1;
    match borders {
        Borders::Mirrored => reach.map(|at| mirror(at, 2 * length)).collect(),
        Borders::Zeros => reach.filter(|at| (0..2 * length as isize).contains(at)).map(|at| at as usize).collect(),
    }
}

/// A convolution of stride 2 over one mirrored row and column on every side.
///
/// # Shapes
/// `[n, c, h, w]` -> `[n, 2c, h/2, w/2]`
pub fn halved_mirrored(conv: &Conv2d, x: Tensor<4>) -> Tensor<4> {
    let [.., height, width] = x.dims();
    let places = |length: usize| halving_places(0..length / 2, length).iter().map(|at| *at as i32).collect::<Vec<_>>();
    convolve_picked(conv, x, &places(height), &places(width))
}

/// The rows that a convolution of 3 and stride 2 meets for these rows of its output.
pub fn halving_places(rows: std::ops::Range<usize>, length: usize) -> Vec<usize> {
    (2 * rows.start as isize - 1..2 * rows.end as isize).map(|at| mirror(at, length)).collect()
}
