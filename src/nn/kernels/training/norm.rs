//! Batch and instance norms with the leaky ReLU behind them, there and back. `nn::norm` says whose they are.

use crate::lanes::Four;

const EPSILON: f64 = 1e-5;

/// Rows whose sums are single; beyond, they are double.
const PORTION: usize = 256;

/// `[rows, channels]`: each channel to mean 0 and variance 1 over the rows, a scale and a shift, then the activation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BatchNorm {
    pub channels: usize,
    /// Of the leaky ReLU for negative numbers, from 0 (a ReLU) to 1 (none).
    pub slope: f32,
}

/// `[planes, pixels]`: each plane to mean 0 and variance 1, then the activation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct InstanceNorm {
    pub pixels: usize,
    pub slope: f32,
}

/// Two sums over rows of `channels` numbers each: `f(row, at)` gives four numbers of both.
fn sums(rows: usize, channels: usize, f: impl Fn(usize, usize) -> [Four; 2]) -> [Vec<f64>; 2] {
    let blocks = channels.div_ceil(4);
    let mut gathered = [vec![0.0f64; 4 * blocks], vec![0.0f64; 4 * blocks]];
    let mut single = vec![[Four::splat(0.0); 2]; blocks];
    for from in (0..rows).step_by(PORTION) {
        single.fill([Four::splat(0.0); 2]);
        for row in from..rows.min(from + PORTION) {
            for (block, single) in single.iter_mut().enumerate() {
                let [a, b] = f(row, 4 * block);
                *single = [single[0].add(a), single[1].add(b)];
            }
        }
        for (block, single) in single.iter().enumerate() {
            for (gathered, single) in gathered.iter_mut().zip(single) {
                for (at, value) in single.numbers().into_iter().enumerate() {
                    gathered[4 * block + at] += value as f64;
                }
            }
        }
    }
    gathered
}

impl BatchNorm {
    /// Of some rows: how many they are, each channel's mean, and each one's squared distances from it, added up.
    pub fn gathered(&self, x: &[f32]) -> Vec<f64> {
        let c = self.channels;
        let rows = x.len() / c;
        let row = |at: usize| &x[at * c..(at + 1) * c];
        // Around each channel's first number: what is squared stays small.
        let about = row(0);
        let [first, second] = sums(rows, c, |at, block| {
            let value = Four::get(row(at), block).sub(Four::get(about, block));
            [value, value.mul(value)]
        });
        let n = rows as f64;
        let means = (0..c).map(|at| first[at] / n + about[at] as f64);
        let squares = (0..c).map(|at| second[at] - first[at] * first[at] / n);
        [n].into_iter().chain(means).chain(squares).collect()
    }

    /// Mean and (biased) variance of each channel over all rows, from those of their parts (Chan, Golub and LeVeque 1983, "Algorithms for
    /// computing the sample variance", equations 2.1).
    pub fn merged(&self, parts: &[Vec<f64>]) -> [Vec<f32>; 2] {
        let c = self.channels;
        let (mut n, mut means, mut squares) = (0.0, vec![0.0; c], vec![0.0; c]);
        for part in parts {
            let more = part[0];
            for at in 0..c {
                let step = part[1 + at] - means[at];
                means[at] += step * (more / (n + more));
                squares[at] += part[1 + c + at] + step * step * (n * more / (n + more));
            }
            n += more;
        }
        let single = |numbers: Vec<f64>| numbers.into_iter().map(|number| number as f32).collect();
        [single(means), squares.into_iter().map(|sum| (sum / n).max(0.0) as f32).collect()]
    }

    pub fn forward(&self, x: &[f32], scale: &[f32], shift: &[f32], [mean, variance]: [&[f32]; 2]) -> Vec<f32> {
        let c = self.channels;
        let factor: Vec<f32> = (0..c).map(|at| scale[at] * steep(variance[at])).collect();
        let offset: Vec<f32> = (0..c).map(|at| shift[at] - mean[at] * factor[at]).collect();
        let mut output = vec![0.0; x.len()];
        let slope = Four::splat(self.slope);
        for (from, to) in x.chunks_exact(c).zip(output.chunks_exact_mut(c)) {
            for at in (0..c).step_by(4) {
                let value = Four::get(from, at).mul(Four::get(&factor, at)).add(Four::get(&offset, at));
                value.max(value.mul(slope)).put(to, at);
            }
        }
        output
    }

    /// Of some rows: the gradients in each channel's shift, then in its scale. `y` is what came out: its sign tells the activation's slope.
    pub fn slopes(&self, maps: [&[f32]; 3], moments: [&[f32]; 2]) -> Vec<f64> {
        let c = self.channels;
        let at_norm = self.at_norm(maps, moments);
        let [shift, turned] = sums(maps[0].len() / c, c, |row, block| {
            let (gradient, normal) = at_norm(row, block);
            [gradient, gradient.mul(normal)]
        });
        [&shift[..c], &turned[..c]].concat()
    }

    /// The gradient in the input, from what [`BatchNorm::slopes`] adds up to over all rows, which are so many.
    pub fn backward(
        &self,
        maps: [&[f32]; 3],
        scale: &[f32],
        moments: [&[f32]; 2],
        slopes: &[f64],
        rows: usize,
    ) -> Vec<f32> {
        let c = self.channels;
        let at_norm = self.at_norm(maps, moments);
        let share = |sums: &[f64]| -> Vec<f32> { sums.iter().map(|sum| (sum / rows as f64) as f32).collect() };
        let (level, tilt) = (share(&slopes[..c]), share(&slopes[c..]));
        let factor: Vec<f32> = (0..c).map(|at| scale[at] * steep(moments[1][at])).collect();
        let mut input = vec![0.0; maps[0].len()];
        for (row, to) in input.chunks_exact_mut(c).enumerate() {
            for at in (0..c).step_by(4) {
                let (gradient, normal) = at_norm(row, at);
                let rest = gradient.sub(Four::get(&level, at)).sub(normal.mul(Four::get(&tilt, at)));
                rest.mul(Four::get(&factor, at)).put(to, at);
            }
        }
        input
    }

    /// Of four channels of a row: the gradient before the activation, and the number that was normalised.
    fn at_norm<'a>(
        &self,
        [x, y, gradient]: [&'a [f32]; 3],
        [mean, variance]: [&'a [f32]; 2],
    ) -> impl Fn(usize, usize) -> (Four, Four) + 'a {
        let c = self.channels;
        let steep: Vec<f32> = variance.iter().map(|variance| steep(*variance)).collect();
        let (one, slope) = (Four::splat(1.0), Four::splat(self.slope));
        move |row, block| {
            let all = row * c..(row + 1) * c;
            let gradient =
                Four::get(&gradient[all.clone()], block).mul(Four::get(&y[all.clone()], block).choose(one, slope));
            let normal = Four::get(&x[all], block).sub(Four::get(mean, block)).mul(Four::get(&steep, block));
            (gradient, normal)
        }
    }
}

impl InstanceNorm {
    /// A plane's two sums.
    fn sums(&self, f: impl Fn(usize) -> [Four; 2]) -> [f64; 2] {
        sums(self.pixels.div_ceil(4), 4, |row, _| f(4 * row)).map(|four| four.iter().sum())
    }

    /// Also one over each plane's deviation.
    pub fn forward(&self, x: &[f32]) -> (Vec<f32>, Vec<f32>) {
        let mut output = vec![0.0; x.len()];
        let n = self.pixels as f64;
        let slope = Four::splat(self.slope);
        let each = |(from, to): (&[f32], &mut [f32])| {
            let [sum, _] = self.sums(|at| [Four::get(from, at), Four::splat(0.0)]);
            let mean = (sum / n) as f32;
            let about = Four::splat(mean);
            // What lies behind the last pixel is no pixel: its square is taken off again.
            let [first, squares] = self.sums(|at| {
                let value = Four::get(from, at).sub(about);
                [value, value.mul(value)]
            });
            let beyond = (self.pixels.next_multiple_of(4) - self.pixels) as f64;
            let mean_left = first + beyond * mean as f64;
            let variance = ((squares - beyond * (mean as f64).powi(2) - mean_left * mean_left / n) / n).max(0.0);
            let steep = steep(variance as f32);
            for at in (0..self.pixels).step_by(4) {
                let value = Four::get(from, at).sub(about).mul(Four::splat(steep));
                value.max(value.mul(slope)).put(to, at);
            }
            steep
        };
        let steep = x.chunks_exact(self.pixels).zip(output.chunks_exact_mut(self.pixels)).map(each).collect();
        (output, steep)
    }

    /// The gradient in the input. `y` is what came out.
    pub fn backward(&self, [x, y, gradient]: [&[f32]; 3], steep: &[f32]) -> Vec<f32> {
        let n = self.pixels as f64;
        let (one, slope) = (Four::splat(1.0), Four::splat(self.slope));
        let mut input = vec![0.0; x.len()];
        for (plane, to) in input.chunks_exact_mut(self.pixels).enumerate() {
            let all = plane * self.pixels..(plane + 1) * self.pixels;
            let (x, y, gradient) = (&x[all.clone()], &y[all.clone()], &gradient[all]);
            let [sum, _] = self.sums(|at| [Four::get(x, at), Four::splat(0.0)]);
            let (mean, steep) = (Four::splat((sum / n) as f32), Four::splat(steep[plane]));
            let at_norm = |at: usize| {
                let gradient = Four::get(gradient, at).mul(Four::get(y, at).choose(one, slope));
                (gradient, Four::get(x, at).sub(mean).mul(steep))
            };
            // Behind the last pixel the gradient is zero.
            let [level, tilt] = self.sums(|at| {
                let (gradient, normal) = at_norm(at);
                [gradient, gradient.mul(normal)]
            });
            let (level, tilt) = (Four::splat((level / n) as f32), Four::splat((tilt / n) as f32));
            for at in (0..self.pixels).step_by(4) {
                let (gradient, normal) = at_norm(at);
                gradient.sub(level).sub(normal.mul(tilt)).mul(steep).put(to, at);
            }
        }
        input
    }
}

/// One over the deviation.
fn steep(variance: f32) -> f32 {
    (1.0 / (variance as f64 + EPSILON).sqrt()) as f32
}
