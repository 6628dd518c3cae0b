//! Guided upsampling: a painting made at a small size, lifted to the size of its photo, with edges where the photo has them.
//!
//! He, Sun and Tang 2013, "Guided image filtering" (equations 11 to 13, 19 to 21: a colour guide), and He and Sun 2015, "Fast guided
//! filter": around each small pixel the painting is fitted as an affine function of the photo's colours; the fits, averaged
//! and interpolated, are applied to the photo at its own size. What the fit leaves over, strokes that the photo does not know,
//! is interpolated and added, so that the painting is kept whole: at its own size it comes back unchanged.

use super::Size;
use crate::error::{Error, Result};

/// Windows reach this far, in pixels of the painting. Sums over 9 x 9 products of bytes are exact in 32 bits.
const RADIUS: usize = 4;

/// Of the ridge, in squared steps of 8 bits: contrasts below two steps are taken for noise rather than for a guide.
const RIDGE: f64 = 4.0;

/// Sums over a window: photo (3), painting (3), photo by photo (6), photo by painting (9).
type Sums = [i32; 21];

/// For red, green and blue: three slopes over the photo's channels and a constant.
type Fit = [f32; 12];

/// A fit, and what it leaves over in red, green and blue.
type Tap = [f32; 15];

/// A painting on its way to the size of its photo.
///
/// Memory: 56 bytes for each pixel of the painting, and nothing of the photo's size: its rows come and go.
#[derive(Debug)]
pub struct Lift {
    small: Size,
    full: Size,
    photo: Vec<u8>,
    painting: Vec<u8>,
    fits: Vec<Fit>,
}

impl Lift {
    /// `photo` is what was painted, `painting` what came of it, RGBA of the size `small`.
    pub fn new(photo: &[u8], painting: &[u8], small: Size, full: Size) -> Result<Self> {
        let pixels = small.width.checked_mul(small.height).filter(|pixels| *pixels > 0);
        let bytes = pixels.and_then(|pixels| pixels.checked_mul(4));
        if [photo, painting].iter().any(|picture| Some(picture.len()) != bytes) || full.width == 0 || full.height == 0 {
            let reason = format!(
                "{} and {} bytes for pictures of {} x {}",
                photo.len(),
                painting.len(),
                small.width,
                small.height
            );
            return Err(Error::data(reason, "picture"));
        }
        let fits = fits(photo, painting, small);
        Ok(Self { small, full, photo: photo.to_vec(), painting: painting.to_vec(), fits })
    }

    /// Paints whole rows of the photo at its own size, in place; `first` is the place of the first of them.
    pub fn paint_rows(&self, rows: &mut [u8], first: usize) -> Result<()> {
        let stride = 4 * self.full.width;
        let count = rows.len() / stride;
        if count * stride != rows.len() || first + count > self.full.height {
            let reason =
                format!("{} bytes from row {first} of a {} x {} photo", rows.len(), self.full.width, self.full.height);
            return Err(Error::data(reason, "picture"));
        }
        let down = places(self.small.height, self.full.height);
        let across = places(self.small.width, self.full.width);
        let mut pair: Option<(usize, [Vec<Tap>; 2])> = None;
        for (row, (upper, share)) in rows.chunks_exact_mut(stride).zip(&down[first..]) {
            let taps = match pair.take() {
                Some((at, taps)) if at == *upper => taps,
                Some((at, [_, lower])) if at + 1 == *upper => [lower, self.taps(upper + 1)],
                _ => [self.taps(*upper), self.taps(upper + 1)],
            };
            let between: Vec<Tap> = taps[0].iter().zip(&taps[1]).map(|(a, b)| mix(a, b, *share)).collect();
            paint_row(row, &between, &across);
            pair = Some((*upper, taps));
        }
        Ok(())
    }

    /// One row of averaged fits and of what they leave over; below the last row, the last.
    fn taps(&self, y: usize) -> Vec<Tap> {
        let Size { width, height } = self.small;
        let y = y.min(height - 1);
        let (top, bottom) = window(y, height);
        let mut columns = vec![[0.0; 12]; width];
        for row in self.fits.chunks_exact(width).take(bottom).skip(top) {
            columns.iter_mut().zip(row).for_each(|(sum, fit)| add(sum, fit));
        }
        let tap = |x: usize| {
            let (left, right) = window(x, width);
            let mut fit = [0.0; 12];
            columns[left..right].iter().for_each(|sum| add(&mut fit, sum));
            let share = 1.0 / ((bottom - top) * (right - left)) as f32;
            let fit = fit.map(|sum| sum * share);
            let at = 4 * (y * width + x);
            let fitted = apply(&fit, &self.photo[at..]);
            let mut tap = [0.0; 15];
            tap[..12].copy_from_slice(&fit);
            (0..3).for_each(|c| tap[12 + c] = self.painting[at + c] as f32 - fitted[c]);
            tap
        };
        (0..width).map(tap).collect()
    }
}

/// Where each of `full` pixels lies among `small` ones (centres on centres): the one before it, and the share of the next.
fn places(small: usize, full: usize) -> Vec<(usize, f32)> {
    let place = |at: usize| {
        let exact = (at as f32 + 0.5) * small as f32 / full as f32 - 0.5;
        let inside = exact.clamp(0.0, (small - 1) as f32);
        (inside as usize, inside.fract())
    };
    (0..full).map(place).collect()
}

/// The window around a place, cut off at the picture's borders.
fn window(at: usize, length: usize) -> (usize, usize) {
    (at.saturating_sub(RADIUS), (at + RADIUS + 1).min(length))
}

fn paint_row(row: &mut [u8], taps: &[Tap], across: &[(usize, f32)]) {
    for (pixel, (left, share)) in row.as_chunks_mut::<4>().0.iter_mut().zip(across) {
        let tap = mix(&taps[*left], &taps[(left + 1).min(taps.len() - 1)], *share);
        let fit = tap.first_chunk().expect("a tap begins with a fit");
        let fitted = apply(fit, pixel);
        (0..3).for_each(|c| pixel[c] = (fitted[c] + tap[12 + c]).round() as u8);
    }
}

fn mix(a: &Tap, b: &Tap, share: f32) -> Tap {
    std::array::from_fn(|at| a[at] + share * (b[at] - a[at]))
}

fn add(sum: &mut Fit, fit: &Fit) {
    sum.iter_mut().zip(fit).for_each(|(sum, value)| *sum += value);
}

fn apply(fit: &Fit, rgb: &[u8]) -> [f32; 3] {
    let [red, green, blue] = [0, 1, 2].map(|c| rgb[c] as f32);
    [0, 4, 8].map(|at| fit[at] * red + fit[at + 1] * green + fit[at + 2] * blue + fit[at + 3])
}

/// The fit around every pixel. Sums run down the columns and then along the row; in whole numbers nothing drifts.
fn fits(photo: &[u8], painting: &[u8], size: Size) -> Vec<Fit> {
    let Size { width, height } = size;
    let moment = |x: usize, y: usize| moments(&photo[4 * (y * width + x)..], &painting[4 * (y * width + x)..]);
    let mut columns: Vec<Sums> = vec![[0; 21]; width];
    let mut fits = Vec::with_capacity(width * height);
    let mut reached = (0, 0);
    for y in 0..height {
        let (top, bottom) = window(y, height);
        for (x, sums) in columns.iter_mut().enumerate() {
            (reached.1..bottom).for_each(|y| change(sums, &moment(x, y), 1));
            (reached.0..top).for_each(|y| change(sums, &moment(x, y), -1));
        }
        reached = (top, bottom);
        let (mut sums, mut seen) = ([0; 21], (0, 0));
        for x in 0..width {
            let (left, right) = window(x, width);
            columns[seen.1..right].iter().for_each(|column| change(&mut sums, column, 1));
            columns[seen.0..left].iter().for_each(|column| change(&mut sums, column, -1));
            seen = (left, right);
            fits.push(fit(&sums, ((bottom - top) * (right - left)) as f64));
        }
    }
    fits
}

/// The upper triangle of a symmetric 3 x 3 matrix, as it lies in [`Sums`].
const PAIRS: [(usize, usize); 6] = [(0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2)];

fn moments(photo: &[u8], painting: &[u8]) -> Sums {
    let [x, p] = [photo, painting].map(|picture| [0, 1, 2].map(|c| picture[c] as i32));
    let mut sums = [0; 21];
    sums[..3].copy_from_slice(&x);
    sums[3..6].copy_from_slice(&p);
    PAIRS.iter().enumerate().for_each(|(at, (i, j))| sums[6 + at] = x[*i] * x[*j]);
    (0..9).for_each(|at| sums[12 + at] = x[at % 3] * p[at / 3]);
    sums
}

fn change(sums: &mut Sums, by: &Sums, sign: i32) {
    sums.iter_mut().zip(by).for_each(|(sum, value)| *sum += sign * value);
}

/// Ridge regression of the painting's channels on the photo's, over the `n` pixels of a window.
fn fit(sums: &Sums, n: f64) -> Fit {
    let mean = sums.map(|sum| sum as f64 / n);
    let covariance = PAIRS.map(|(i, j)| {
        let at = 6 + PAIRS.iter().position(|pair| *pair == (i, j)).expect("one of the pairs");
        mean[at] - mean[i] * mean[j] + if i == j { RIDGE } else { 0.0 }
    });
    let inverse = inverse(covariance);
    let mut fit = [0.0; 12];
    for c in 0..3 {
        let with = [0, 1, 2].map(|i| mean[12 + 3 * c + i] - mean[i] * mean[3 + c]);
        let slopes = [0, 1, 2].map(|i| (0..3).map(|j| inverse[i][j] * with[j]).sum::<f64>());
        let constant = mean[3 + c] - (0..3).map(|i| slopes[i] * mean[i]).sum::<f64>();
        (0..3).for_each(|i| fit[4 * c + i] = slopes[i] as f32);
        fit[4 * c + 3] = constant as f32;
    }
    fit
}

/// Of a symmetric matrix by its cofactors; the ridge keeps the determinant above its cube.
fn inverse([a, b, c, d, e, f]: [f64; 6]) -> [[f64; 3]; 3] {
    let [p, q, r] = [d * f - e * e, c * e - b * f, b * e - c * d];
    let share = 1.0 / (a * p + b * q + c * r);
    let [s, t, u] = [a * f - c * c, b * c - a * e, a * d - b * b];
    [[p, q, r], [q, s, t], [r, t, u]].map(|row| row.map(|cofactor| cofactor * share))
}
