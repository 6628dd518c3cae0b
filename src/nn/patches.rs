//! Convolutions with kernel 4, stride 2 and padding 1, which halve a picture's sides (Radford et al. 2015), and their transposes, which
//! double them, each as one matrix product. Pictures keep their channels last, so that a patch is rows of memory: seen as blocks of two by
//! two pixels, a patch of 4 x 4 is two by two neighbouring blocks, and the way there and the way back are four copies each.
//! A weight's gradient is a matrix product too, where that of a general convolution is a convolution with a kernel as large as the picture.
//! Processor and graphics card have operations of their own for both, which copy nothing.

use burn::module::{Module, Param};
use burn::tensor::ops::PadMode;
use burn::tensor::{Device, Tensor, TensorData, s};

#[cfg(feature = "cpu")]
use super::by_hand;
#[cfg(feature = "webgpu")]
use super::on_card;
use crate::rng::Stream;

#[cfg(feature = "cpu")]
const HALVING: super::kernels::training::Sliding =
    super::kernels::training::Sliding { kernel: 4, stride: 2, padding: 1 };

#[cfg(feature = "webgpu")]
const WINDOWS: on_card::Geometry = on_card::Geometry { kernel: 4, stride: 2, padding: 1, last: true };

/// Pixels of a patch.
const PATCH: usize = 16;

/// A convolution: `4 x 4`, stride 2, padding 1. A layer before a batch norm has no bias: the norm would cancel it.
#[derive(Module, Debug)]
pub struct Halving {
    weight: Param<Tensor<4>>,
    bias: Option<Param<Tensor<1>>>,
}

/// A transposed convolution: `4 x 4`, stride 2, padding 1.
#[derive(Module, Debug)]
pub struct Doubling {
    weight: Param<Tensor<4>>,
    bias: Option<Param<Tensor<1>>>,
}

impl Halving {
    /// `N(0, deviation)`, biases 0.
    ///
    /// # Shapes
    /// weight `[outputs, inputs, 4, 4]`, bias `[outputs]`
    pub fn init(
        [inputs, outputs]: [usize; 2],
        bias: bool,
        deviation: f32,
        stream: &mut Stream,
        device: &Device,
    ) -> Self {
        let (weight, bias) = init([outputs, inputs], bias.then_some(outputs), deviation, stream, device);
        Self { weight, bias }
    }

    /// # Shapes
    /// `[n, h, w, inputs]` -> `[n, h/2, w/2, outputs]`
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        #[cfg(feature = "cpu")]
        if by_hand::here(&x.device()) {
            return by_hand::convolve(HALVING, x, self.weight.val(), self.bias.as_ref().map(Param::val));
        }
        #[cfg(feature = "webgpu")]
        if on_card::here(&x.device()) {
            return on_card::convolve(WINDOWS, x, self.weight.val(), self.bias.as_ref().map(Param::val));
        }
        let [n, h, w, inputs] = x.dims();
        let outputs = self.weight.dims()[0];
        let weight = blocks(self.weight.val().permute([2, 3, 1, 0])).reshape([PATCH * inputs, outputs]);
        add(patches(x).matmul(weight).reshape([n, h / 2, w / 2, outputs]), &self.bias)
    }

    /// What a gradient in the outputs is in the inputs: the transposed convolution by the same weights.
    ///
    /// # Shapes
    /// `[n, h, w, outputs]` -> `[n, 2h, 2w, inputs]`
    pub fn input_gradient(&self, gradient: Tensor<4>) -> Tensor<4> {
        double(gradient, self.weight.val(), &None)
    }
}

impl Doubling {
    /// `N(0, deviation)`, biases 0.
    ///
    /// # Shapes
    /// weight `[inputs, outputs, 4, 4]`, bias `[outputs]`
    pub fn init(
        [inputs, outputs]: [usize; 2],
        bias: bool,
        deviation: f32,
        stream: &mut Stream,
        device: &Device,
    ) -> Self {
        let (weight, bias) = init([inputs, outputs], bias.then_some(outputs), deviation, stream, device);
        Self { weight, bias }
    }

    /// # Shapes
    /// `[n, h, w, inputs]` -> `[n, 2h, 2w, outputs]`
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        double(x, self.weight.val(), &self.bias)
    }
}

/// # Shapes
/// x `[n, h, w, inputs]`, weight `[inputs, outputs, 4, 4]`, bias `[outputs]` -> `[n, 2h, 2w, outputs]`
fn double(x: Tensor<4>, weight: Tensor<4>, bias: &Option<Param<Tensor<1>>>) -> Tensor<4> {
    let [n, h, w, inputs] = x.dims();
    #[cfg(feature = "cpu")]
    if by_hand::here(&x.device()) {
        return by_hand::transpose(HALVING, [2 * h, 2 * w], x, weight, bias.as_ref().map(Param::val));
    }
    #[cfg(feature = "webgpu")]
    if on_card::here(&x.device()) {
        return on_card::transpose(WINDOWS, [2 * h, 2 * w], x, weight, bias.as_ref().map(Param::val));
    }
    let outputs = weight.dims()[1];
    let weight = blocks(weight.permute([2, 3, 1, 0])).reshape([PATCH * outputs, inputs]).transpose();
    add(merge(x.reshape([n * h * w, inputs]).matmul(weight), [n, h, w]), bias)
}

fn init(
    [a, b]: [usize; 2],
    biases: Option<usize>,
    deviation: f32,
    stream: &mut Stream,
    device: &Device,
) -> (Param<Tensor<4>>, Option<Param<Tensor<1>>>) {
    let values: Vec<f32> = (0..a * b * PATCH).map(|_| deviation * stream.normal()).collect();
    let bias = biases.map(|outputs| Param::from_tensor(Tensor::zeros([outputs], device)));
    (Param::from_data(TensorData::new(values, [a, b, 4, 4]), device), bias)
}

/// A kernel's rows and columns as block and place in the block: row of blocks, column of blocks, row and column in the block.
///
/// # Shapes
/// `[4, 4, a, b]` -> `[4, 4, a, b]`
fn blocks(kernel: Tensor<4>) -> Tensor<4> {
    let [_, _, a, b] = kernel.dims();
    kernel.reshape([2, 2, 2, 2, a * b]).permute([0, 2, 1, 3, 4]).reshape([4, 4, a, b])
}

fn add(x: Tensor<4>, bias: &Option<Param<Tensor<1>>>) -> Tensor<4> {
    match bias {
        Some(bias) => x + bias.val().unsqueeze(),
        None => x,
    }
}

/// Every patch as a row.
///
/// # Shapes
/// `[n, h, w, c]` -> `[n h/2 w/2, 16 c]`
fn patches(x: Tensor<4>) -> Tensor<2> {
    let [n, h, w, c] = x.dims();
    let (rows, columns) = (h / 2, w / 2);
    let blocks = x
        .pad([(1, 1), (1, 1), (0, 0)], PadMode::Constant(0.0))
        .reshape([n, rows + 1, 2, columns + 1, 2, c])
        .permute([0, 1, 3, 2, 4, 5])
        .reshape([n, rows + 1, columns + 1, 4 * c]);
    let neighbour = |i: usize, j: usize| blocks.clone().slice(s![.., i..i + rows, j..j + columns, ..]);
    let all = vec![neighbour(0, 0), neighbour(0, 1), neighbour(1, 0), neighbour(1, 1)];
    Tensor::cat(all, 3).reshape([n * rows * columns, PATCH * c])
}

/// The sum of overlapping patches: the transpose of [`patches`].
///
/// # Shapes
/// `[n h w, 16 c]` -> `[n, 2h, 2w, c]`
fn merge(patches: Tensor<2>, [n, h, w]: [usize; 3]) -> Tensor<4> {
    let c = patches.dims()[1] / PATCH;
    let patches = patches.reshape([n, h, w, PATCH * c]);
    let placed = |at: usize| {
        let (i, j) = (at / 2, at % 2);
        let block = patches.clone().slice(s![.., .., .., at * 4 * c..(at + 1) * 4 * c]);
        block.pad([(i, 1 - i), (j, 1 - j), (0, 0)], PadMode::Constant(0.0))
    };
    let blocks = placed(0) + placed(1) + placed(2) + placed(3);
    let padded =
        blocks.reshape([n, h + 1, w + 1, 2, 2, c]).permute([0, 1, 3, 2, 4, 5]).reshape([n, 2 * h + 2, 2 * w + 2, c]);
    padded.slice(s![.., 1..2 * h + 1, 1..2 * w + 1, ..])
}

#[cfg(all(test, feature = "cpu", not(target_family = "wasm")))]
mod tests {
    use super::*;
    use crate::rng::Purpose;
    use burn::tensor::module::{conv_transpose2d, conv2d};
    use burn::tensor::ops::{ConvOptions, ConvTransposeOptions};

    fn numbers<const D: usize>(shape: [usize; D], seed: u64) -> Tensor<D> {
        let values = Stream::new(seed, Purpose::Sample, 0).normals(shape.iter().product());
        Tensor::from_data(TensorData::new(values, shape), &Device::flex())
    }

    fn far<const D: usize>(a: Tensor<D>, b: Tensor<D>) -> f32 {
        (a - b).abs().max().into_scalar::<f32>()
    }

    #[test]
    fn both_equal_general_convolutions() {
        let (inputs, outputs) = (3, 5);
        let (x, kernel, bias) =
            (numbers([2, inputs, 8, 6], 1), numbers([outputs, inputs, 4, 4], 2), numbers([outputs], 3));
        let options = ConvOptions::new([2, 2], [1, 1], [1, 1], 1);
        let expected = conv2d(x.clone(), kernel.clone(), Some(bias.clone()), options);
        let halving = Halving { weight: Param::from_tensor(kernel), bias: Some(Param::from_tensor(bias.clone())) };
        let ours = halving.forward(x.clone().permute([0, 2, 3, 1])).permute([0, 3, 1, 2]);
        assert!(far(ours, expected) < 1e-4);

        let kernel = numbers([inputs, outputs, 4, 4], 4);
        let options = ConvTransposeOptions::new([2, 2], [1, 1], [0, 0], [1, 1], 1);
        let expected = conv_transpose2d(x.clone(), kernel.clone(), Some(bias.clone()), options);
        let doubling = Doubling { weight: Param::from_tensor(kernel), bias: Some(Param::from_tensor(bias)) };
        let ours = doubling.forward(x.permute([0, 2, 3, 1])).permute([0, 3, 1, 2]);
        assert!(far(ours, expected) < 1e-4);
    }
}
