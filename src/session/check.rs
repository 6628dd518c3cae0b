//! Whether a device computes what it should: each kind of work once, on little, against its definition on the processor. Drivers and shader
//! compilers have been wrong without saying so; plausible numbers that are none would look like a GAN that does not learn.

use burn::nn::conv::Conv2d;
use burn::tensor::{Device, Tensor, TensorData, Transaction};
use serde::Serialize;

use super::read;
use crate::error::Result;
use crate::nn::activation::{exp, tanh};
use crate::nn::conv::{ConvConfig, TransposedConfig, convolve, convolve_transposed};
use crate::nn::halves::{narrowed, widened};
use crate::nn::linear::product;
use crate::nn::norm::{instance_norm, instance_norm_bent};
use crate::nn::pad::{mirror, reflection_pad};

/// One kind of work: its largest error, where, and what may be.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Finding {
    pub work: &'static str,
    pub error: f32,
    pub allowed: f32,
    /// Place in the result, what was made and what is right.
    pub at: usize,
    pub made: f32,
    pub right: f32,
}

impl Finding {
    /// An error that is no number is one, too.
    pub fn holds(&self) -> bool {
        self.error <= self.allowed
    }
}

/// Work on a device, and its result by definition.
struct Case {
    work: &'static str,
    made: Tensor<1>,
    right: Vec<f32>,
    allowed: f32,
}

/// Every case, in one readback.
pub async fn check(device: &Device) -> Result<Vec<Finding>> {
    let (registered, cases): (Vec<_>, Vec<_>) =
        cases(device)?.into_iter().map(|case| (case.made, (case.work, case.right, case.allowed))).unzip();
    let transaction = registered.into_iter().fold(Transaction::default(), Transaction::register);
    let made = read(transaction).await?;
    Ok(cases
        .into_iter()
        .zip(made)
        .map(|((work, right, allowed), made)| compare(work, &made, &right, allowed))
        .collect())
}

/// The shortest way there and back, where the whole check was passed before: shows that the device still answers.
pub async fn answers(device: &Device) -> Result<Finding> {
    let made = read(Transaction::default().register(Tensor::<1>::ones([4], device).sum())).await?;
    Ok(compare("sum", &made[0], &[4.0], 0.0))
}

fn compare(work: &'static str, made: &[f32], right: &[f32], allowed: f32) -> Finding {
    let mut worst = Finding { work, error: 0.0, allowed, at: 0, made: right[0], right: right[0] };
    if made.len() != right.len() {
        return Finding { error: f32::NAN, made: made.len() as f32, right: right.len() as f32, ..worst };
    }
    for (at, (made, right)) in made.iter().zip(right).enumerate() {
        let error = (made - right).abs();
        if error.is_nan() || error > worst.error {
            worst = Finding { error, at, made: *made, right: *right, ..worst };
            if error.is_nan() {
                break;
            }
        }
    }
    worst
}

/// Numbers of no pattern that a wrong stride would repeat, from -1 to 1.
fn numbers(count: usize, seed: usize) -> Vec<f32> {
    (0..count).map(|at| ((at * at * 7 + at * 31 + seed * 17) % 257) as f32 / 128.0 - 1.0).collect()
}

fn tensor<const D: usize>(values: &[f32], shape: [usize; D], device: &Device) -> Tensor<D> {
    Tensor::from_data(TensorData::new(values.to_vec(), shape), device)
}

fn flat<const D: usize>(x: Tensor<D>) -> Tensor<1> {
    let count = x.shape().num_elements();
    x.reshape([count])
}

/// What a sum of this many products of numbers up to 1 may be off by, relaxed orders and fused rounding included.
fn rounding(terms: usize) -> f32 {
    terms as f32 * 4.0 * f32::EPSILON
}

fn cases(device: &Device) -> Result<Vec<Case>> {
    Ok(vec![
        convolution("convolution", CHANNELS, 1, convolve, device)?,
        convolution("strided convolution", CHANNELS, 2, convolve, device)?,
        convolution("convolution to few channels", [CHANNELS[0], 3], 1, convolve, device)?,
        in_halves(device)?,
        weight_gradient(device)?,
        transposed(device)?,
        matrix_product(device),
        norm("norm of a large plane", |x| instance_norm_bent(x, 1.0), device),
        norm("norm in parts", instance_norm, device),
        norm_gradient(device),
        saturation(device),
        exponential(device),
        sum(device),
        padding(device),
    ])
}

const CHANNELS: [usize; 2] = [5, 8];
const SIDE: [usize; 2] = [9, 12];

/// Value of `x`, `[channels, height, width]`, zero outside.
fn value(x: &[f32], channel: usize, row: isize, column: isize) -> f32 {
    let [height, width] = SIDE;
    let inside = (0..height as isize).contains(&row) && (0..width as isize).contains(&column);
    if inside { x[(channel * height + row as usize) * width + column as usize] } else { 0.0 }
}

fn convolution(
    work: &'static str,
    channels: [usize; 2],
    stride: usize,
    convolved: fn(&Conv2d, Tensor<4>) -> Tensor<4>,
    device: &Device,
) -> Result<Case> {
    let ([inputs, outputs], [height, width]) = (channels, SIDE);
    let (x, weight) = (numbers(inputs * height * width, 1), numbers(outputs * inputs * 9, 2));
    let config = ConvConfig { channels, kernel: 3, stride, padding: 1, bias: false };
    let layer = config.init("", &mut |_, _| Ok(weight.clone()), device)?;
    let mut right = Vec::new();
    for output in 0..outputs {
        for (row, column) in (0..height).step_by(stride).flat_map(|r| (0..width).step_by(stride).map(move |c| (r, c))) {
            let terms = (0..inputs).flat_map(|input| (0..9).map(move |tap| (input, tap)));
            right.push(
                terms
                    .map(|(input, tap)| {
                        let [r, c] = [row + tap / 3, column + tap % 3].map(|place| place as isize - 1);
                        weight[(output * inputs + input) * 9 + tap] * value(&x, input, r, c)
                    })
                    .sum(),
            );
        }
    }
    let made = flat(convolved(&layer, tensor(&x, [1, inputs, height, width], device)));
    Ok(Case { work, made, right, allowed: rounding(inputs * 9) })
}

/// A convolution of many channels as a large picture is painted by a graphics card: a tile at a time, of maps in half precision.
fn in_halves(device: &Device) -> Result<Case> {
    let painted = |layer: &Conv2d, x: Tensor<4>| widened(convolve(layer, narrowed(x)));
    let case = convolution("convolution in half precision", [60, 32], 1, painted, device)?;
    let most = case.right.iter().fold(0.0f32, |most, value| most.max(value.abs()));
    // One unit in the last place of ten bits: WGSL leaves open which of its two neighbours a number becomes, and Direct3D takes the one towards zero.
    Ok(Case { allowed: case.allowed + most.log2().floor().exp2() / 1024.0, ..case })
}

/// A convolution's gradient in its weights, from one at its output.
fn weight_gradient(device: &Device) -> Result<Case> {
    let ([inputs, outputs], [height, width]) = (CHANNELS, SIDE);
    let (x, weight) = (numbers(inputs * height * width, 11), numbers(outputs * inputs * 9, 12));
    let config = ConvConfig { channels: CHANNELS, kernel: 3, stride: 2, padding: 1, bias: false };
    let layer = config.init("", &mut |_, _| Ok(weight.clone()), &device.clone().autodiff())?;
    let [tall, wide] = [height, width].map(|side| side.div_ceil(2));
    let gradient = numbers(outputs * tall * wide, 13);
    let places = || (0..tall).flat_map(|row| (0..wide).map(move |column| (row, column)));
    let mut right = Vec::new();
    for (output, (input, tap)) in
        (0..outputs).flat_map(|output| (0..inputs * 9).map(move |at| (output, (at / 9, at % 9))))
    {
        let under = |(row, column): (usize, usize)| {
            let [r, c] = [2 * row + tap / 3, 2 * column + tap % 3].map(|place| place as isize - 1);
            gradient[(output * tall + row) * wide + column] * value(&x, input, r, c)
        };
        right.push(places().map(under).sum());
    }
    let y = convolve(&layer, tensor(&x, [1, inputs, height, width], device).autodiff());
    let gradients = (y * tensor(&gradient, [1, outputs, tall, wide], device).autodiff()).sum().backward();
    let made = layer.weight.val().grad(&gradients).expect("a gradient for what learns");
    Ok(Case { work: "gradient of a convolution", made: flat(made), right, allowed: rounding(tall * wide) })
}

fn transposed(device: &Device) -> Result<Case> {
    let ([inputs, outputs], [height, width]) = (CHANNELS, SIDE);
    let (x, weight) = (numbers(inputs * height * width, 3), numbers(inputs * outputs * 16, 4));
    let config = TransposedConfig { channels: CHANNELS, kernel: 4, padding_out: 0, bias: false };
    let layer = config.init("", &mut |_, _| Ok(weight.clone()), device)?;
    let mut right = vec![0.0; outputs * 4 * height * width];
    for input in 0..inputs {
        for (row, column) in (0..height).flat_map(|row| (0..width).map(move |column| (row, column))) {
            for (output, tap) in (0..outputs).flat_map(|output| (0..16).map(move |tap| (output, tap))) {
                // Two times the place, less the padding.
                let (r, c) = (2 * row + tap / 4, 2 * column + tap % 4);
                if (1..=2 * height).contains(&r) && (1..=2 * width).contains(&c) {
                    right[(output * 2 * height + r - 1) * 2 * width + c - 1] +=
                        weight[(input * outputs + output) * 16 + tap] * x[(input * height + row) * width + column];
                }
            }
        }
    }
    let made = flat(convolve_transposed(&layer, tensor(&x, [1, inputs, height, width], device)));
    Ok(Case { work: "transposed convolution", made, right, allowed: rounding(inputs * 4) })
}

fn matrix_product(device: &Device) -> Case {
    let [rows, inner, columns] = [33, 70, 19];
    let (a, b) = (numbers(rows * inner, 5), numbers(inner * columns, 6));
    let right = (0..rows * columns)
        .map(|at| (0..inner).map(|k| a[at / columns * inner + k] * b[k * columns + at % columns]).sum())
        .collect();
    let made = flat(product(tensor(&a, [rows, inner], device), tensor(&b, [inner, columns], device)));
    Case { work: "matrix product", made, right, allowed: rounding(inner) }
}

/// A plane as large as a photo's, far from zero, where a norm's mean may go astray.
fn norm(work: &'static str, normed: fn(Tensor<4>) -> Tensor<4>, device: &Device) -> Case {
    let side = 192;
    let x: Vec<f32> = numbers(side * side, 7).into_iter().map(|value| 3.0 + value).collect();
    let count = x.len() as f64;
    let mean = x.iter().map(|value| *value as f64).sum::<f64>() / count;
    let variance = x.iter().map(|value| (*value as f64 - mean).powi(2)).sum::<f64>() / count;
    let scale = 1.0 / (variance + crate::nn::norm::EPSILON).sqrt();
    let right = x.iter().map(|value| ((*value as f64 - mean) * scale) as f32).collect();
    let made = flat(normed(tensor(&x, [1, 1, side, side], device)));
    Case { work, made, right, allowed: 1e-4 }
}

/// A norm's gradient in what it was given (Ioffe and Szegedy 2015, section 3).
fn norm_gradient(device: &Device) -> Case {
    let [height, width] = SIDE;
    let (x, gradient) = (numbers(height * width, 14), numbers(height * width, 15));
    let count = x.len() as f32;
    let mean = |values: &mut dyn Iterator<Item = f32>| values.sum::<f32>() / count;
    let middle = mean(&mut x.iter().copied());
    let steep =
        1.0 / (mean(&mut x.iter().map(|value| (value - middle).powi(2))) + crate::nn::norm::EPSILON as f32).sqrt();
    let normal: Vec<f32> = x.iter().map(|value| (value - middle) * steep).collect();
    let level = mean(&mut gradient.iter().copied());
    let tilt = mean(&mut gradient.iter().zip(&normal).map(|(gradient, value)| gradient * value));
    let right =
        gradient.iter().zip(&normal).map(|(gradient, value)| (gradient - level - value * tilt) * steep).collect();
    let given = tensor(&x, [1, 1, height, width], device).autodiff().require_grad();
    let y = instance_norm_bent(given.clone(), 1.0);
    let gradients = (y * tensor(&gradient, [1, 1, height, width], device).autodiff()).sum().backward();
    let made = given.grad(&gradients).expect("a gradient for what learns");
    Case { work: "gradient of a norm", made: flat(made), right, allowed: 1e-4 }
}

fn saturation(device: &Device) -> Case {
    let x: Vec<f32> = [-100.0, -20.0, 20.0, 100.0].into_iter().chain(numbers(60, 8)).collect();
    let made = tanh(tensor(&x, [x.len()], device));
    Case { work: "tanh", made, right: x.iter().map(|value| value.tanh()).collect(), allowed: 1e-4 }
}

fn exponential(device: &Device) -> Case {
    let x: Vec<f32> = [-200.0, -30.0].into_iter().chain(numbers(62, 9)).collect();
    let made = exp(tensor(&x, [x.len()], device));
    Case { work: "exp", made, right: x.iter().map(|value| value.exp()).collect(), allowed: 1e-4 }
}

/// As many ones as a large batch has numbers: every partial sum is exact.
fn sum(device: &Device) -> Case {
    let made = Tensor::<2>::ones([1 << 10, 1 << 10], device).sum();
    Case { work: "sum", made, right: vec![(1u32 << 20) as f32], allowed: 0.0 }
}

fn padding(device: &Device) -> Case {
    let ([height, width], margin) = (SIDE, 3);
    let x = numbers(height * width, 10);
    let at = |place: usize, length: usize| mirror(place as isize - margin as isize, length);
    let right = (0..height + 2 * margin)
        .flat_map(|row| (0..width + 2 * margin).map(move |column| (row, column)))
        .map(|(row, column)| x[at(row, height) * width + at(column, width)])
        .collect();
    let made = flat(reflection_pad(tensor(&x, [1, 1, height, width], device), margin));
    Case { work: "padding", made, right, allowed: 0.0 }
}

#[cfg(all(test, feature = "cpu", not(target_family = "wasm")))]
mod tests {
    use super::*;

    #[test]
    fn the_processor_passes() {
        let found = pollster::block_on(check(&Device::flex())).expect("a check");
        assert_eq!(found.len(), 14);
        assert!(found.iter().all(Finding::holds), "{found:?}");
        assert!(pollster::block_on(answers(&Device::flex())).expect("an answer").holds());
    }

    #[test]
    fn halves_may_be_rounded_to_either_neighbour() {
        let case = in_halves(&Device::flex()).expect("a case");
        // Of 23 bits behind the point, ten are left.
        let truncated: Vec<_> = case.right.iter().map(|value| f32::from_bits(value.to_bits() >> 13 << 13)).collect();
        let found = compare(case.work, &truncated, &case.right, case.allowed);
        assert!(found.holds(), "{found:?}");
    }

    #[test]
    fn each_kind_of_wrong_number_is_found() {
        let device = Device::flex();
        for at in 0..cases(&device).expect("cases").len() {
            for spoilt in [f32::NAN, f32::INFINITY, 1e-2] {
                let case = cases(&device).expect("cases").swap_remove(at);
                let mut made =
                    pollster::block_on(read(Transaction::default().register(case.made))).expect("numbers").remove(0);
                let last = made.len() - 1;
                made[last] += spoilt * made[last].abs().max(1.0);
                let found = compare(case.work, &made, &case.right, case.allowed);
                assert!(!found.holds() && found.at == last, "{found:?}");
            }
            let case = cases(&device).expect("cases").swap_remove(at);
            // Numbers that were never computed.
            let stale = vec![0.0; case.right.len()];
            assert!(!compare(case.work, &stale, &case.right, case.allowed).holds());
            assert!(!compare(case.work, &stale[1..], &case.right, case.allowed).holds());
        }
    }
}
