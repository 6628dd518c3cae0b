//! What bends: exponentials of four numbers at once, and what is made of them.

use crate::lanes::Four;

/// Beyond these an exponential is as good as nothing, or as everything: it is held there, and stays a number.
const LIMIT: f32 = 87.0;

/// The exponential within two units in the last place: a power of two, and a polynomial within half an octave of one
/// (Moshier's Cephes library has the same coefficients for single precision).
#[inline(always)]
pub fn exp(x: Four) -> Four {
    let limit = Four::splat(LIMIT);
    let zero = Four::splat(0.0);
    // The smaller of two is the larger of both turned round.
    let held = zero.sub(zero.sub(x).max(zero.sub(limit)));
    let held = held.max(zero.sub(limit));
    let (whole, power) = held.mul(Four::splat(std::f32::consts::LOG2_E)).power();
    let rest = held.sub(whole.mul(Four::splat(0.693_359_4))).sub(whole.mul(Four::splat(-2.121_944_4e-4)));
    let mut sum = Four::splat(1.987_569_1e-4);
    for coefficient in [1.398_2e-3, 8.333_452e-3, 4.166_579_6e-2, 1.666_666_5e-1, 0.5] {
        sum = Four::splat(coefficient).plus(sum, rest);
    }
    rest.add(Four::splat(1.0)).plus(sum.mul(rest), rest).mul(power)
}

/// `1 / (1 + exp(-x))`.
#[inline(always)]
pub fn logistic(x: Four) -> Four {
    let one = Four::splat(1.0);
    one.div(one.add(exp(Four::splat(0.0).sub(x))))
}

/// `2 logistic(2 x) - 1`.
#[inline(always)]
pub fn tanh(x: Four) -> Four {
    let two = Four::splat(2.0);
    two.mul(logistic(x.mul(two))).sub(Four::splat(1.0))
}

/// An activation whose derivative can be told from what came out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Bend {
    /// With its slope for negative numbers, from 0 to 1 (Maas et al. 2013).
    LeakyRelu(f32),
    Tanh,
    /// Clevert et al. 2016, "Exponential linear units", equation 1 with alpha 1.
    Elu,
}

impl Bend {
    pub fn forward(&self, x: &[f32]) -> Vec<f32> {
        let (zero, one) = (Four::splat(0.0), Four::splat(1.0));
        match self {
            Self::LeakyRelu(slope) => each(x, x, |x, _| x.max(x.mul(Four::splat(*slope)))),
            Self::Tanh => each(x, x, |x, _| tanh(x)),
            Self::Elu => each(x, x, |x, _| x.choose(x, exp(x.choose(zero, x)).sub(one))),
        }
    }

    /// [`Bend::forward`] in place.
    pub fn apply(&self, x: &mut [f32]) {
        match self {
            Self::LeakyRelu(slope) => {
                for at in (0..x.len()).step_by(4) {
                    let four = Four::get(x, at);
                    four.max(four.mul(Four::splat(*slope))).put(x, at);
                }
            }
            _ => x.copy_from_slice(&self.forward(x)),
        }
    }

    /// The gradient in the input, from the output and the gradient there.
    pub fn backward(&self, y: &[f32], gradient: &[f32]) -> Vec<f32> {
        let one = Four::splat(1.0);
        match self {
            Self::LeakyRelu(slope) => each(y, gradient, |y, gradient| gradient.mul(y.choose(one, Four::splat(*slope)))),
            Self::Tanh => each(y, gradient, |y, gradient| gradient.mul(one.sub(y.mul(y)))),
            Self::Elu => each(y, gradient, |y, gradient| gradient.mul(y.choose(one, y.add(one)))),
        }
    }
}

/// 1 where a number is above zero, `slope` elsewhere.
pub fn slopes(x: &[f32], slope: f32) -> Vec<f32> {
    each(x, x, |x, _| x.choose(Four::splat(1.0), Four::splat(slope)))
}

#[inline(always)]
fn each(a: &[f32], b: &[f32], f: impl Fn(Four, Four) -> Four) -> Vec<f32> {
    let mut output = vec![0.0; a.len()];
    for at in (0..a.len()).step_by(4) {
        f(Four::get(a, at), Four::get(b, at)).put(&mut output, at);
    }
    output
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(f: fn(Four) -> Four, x: f32) -> f32 {
        f(Four::splat(x)).numbers()[2]
    }

    #[test]
    fn bends_as_the_library_does() {
        for at in -8000..=8000 {
            let x = at as f32 * 0.01;
            let (ours, theirs) = (one(exp, x), x.exp());
            assert!((ours - theirs).abs() <= 3e-7 * theirs, "exp({x}): {ours} against {theirs}");
            assert!((one(tanh, x) - x.tanh()).abs() < 4e-7, "tanh({x})");
        }
        for bend in [Bend::LeakyRelu(0.2), Bend::LeakyRelu(0.0), Bend::Tanh, Bend::Elu] {
            let x: Vec<f32> = (-11..12).map(|at| at as f32 * 0.37 + 0.1).collect();
            let y = bend.forward(&x);
            let shifted: Vec<f32> = x.iter().map(|x| x + 1e-2).collect();
            let expected =
                bend.forward(&shifted).into_iter().zip(bend.forward(&x.iter().map(|x| x - 1e-2).collect::<Vec<_>>()));
            let slopes = bend.backward(&y, &vec![1.0; x.len()]);
            assert!(
                expected.zip(slopes).all(|((above, below), slope)| ((above - below) / 2e-2 - slope).abs() < 1e-3),
                "{bend:?}"
            );
        }
        for far in [100.0f32, 1e30, f32::INFINITY] {
            assert_eq!(one(tanh, far), 1.0);
            assert_eq!(one(tanh, -far), -1.0);
        }
    }
}
