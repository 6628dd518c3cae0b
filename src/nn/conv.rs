//! Convolutions whose numbers come from a source: a random stream, or a file.

use burn::module::Param;
use burn::nn::PaddingConfig2d;
use burn::nn::conv::{Conv2d, ConvTranspose2d};
use burn::tensor::{Device, Tensor, TensorData};

#[cfg(feature = "webgpu")]
use super::on_card::{self, Geometry};
use super::pad;
#[cfg(feature = "cpu")]
use super::{by_hand, kernels::training::Sliding};
use crate::error::Result;
use crate::rng::Stream;

/// Gives the numbers of the parameter with this name and shape; a file may not have them.
pub type Source<'a> = dyn FnMut(&str, &[usize]) -> Result<Vec<f32>> + 'a;

/// `N(0, deviation)` for weights, zero for biases: names that end in `.bias`.
pub fn normal_source(stream: &mut Stream, deviation: f32) -> impl FnMut(&str, &[usize]) -> Result<Vec<f32>> {
    move |name, shape| {
        let count = shape.iter().product();
        let biases = name.ends_with(".bias");
        Ok((0..count).map(|_| if biases { 0.0 } else { deviation * stream.normal() }).collect())
    }
}

/// `N(0, 2 / inputs)` for weights (He et al. 2015, equation 10), zero for biases. `transposed` says of which layers the weights begin with the inputs.
pub fn scaled_source(
    stream: &mut Stream,
    transposed: fn(&str) -> bool,
) -> impl FnMut(&str, &[usize]) -> Result<Vec<f32>> {
    move |name, shape| {
        let inputs = if transposed(name) { shape[0] } else { shape[1.min(shape.len() - 1)] };
        let area: usize = shape.iter().skip(2).product();
        // A doubling of stride 2 lets a quarter of its kernel reach each output.
        let reach = if transposed(name) { area as f32 / 4.0 } else { area as f32 };
        normal_source(stream, (2.0 / (inputs as f32 * reach)).sqrt())(name, shape)
    }
}

/// Geometry of a square convolution. A layer before an instance norm has no bias: the norm would cancel it.
#[derive(Debug, Clone, Copy)]
pub struct ConvConfig {
    /// Channels in, channels out.
    pub channels: [usize; 2],
    pub kernel: usize,
    pub stride: usize,
    /// Zeros on each side.
    pub padding: usize,
    pub bias: bool,
}

impl ConvConfig {
    /// # Shapes
    /// weight `[channels out, channels in, kernel, kernel]`
    pub fn init(&self, name: &str, source: &mut Source, device: &Device) -> Result<Conv2d> {
        let ([inputs, outputs], p) = (self.channels, self.padding);
        Ok(Conv2d {
            weight: weight(name, [outputs, inputs, self.kernel, self.kernel], source, device)?,
            bias: if self.bias { Some(bias(name, outputs, source, device)?) } else { None },
            stride: [self.stride; 2],
            kernel_size: [self.kernel; 2],
            dilation: [1; 2],
            groups: 1,
            padding: if p == 0 { PaddingConfig2d::Valid } else { PaddingConfig2d::Explicit(p, p, p, p) },
        })
    }
}

/// Geometry of a transposed convolution that doubles height and width: stride 2, padding 1.
#[derive(Debug, Clone, Copy)]
pub struct TransposedConfig {
    /// Channels in, channels out.
    pub channels: [usize; 2],
    /// 3 with one more row and column at the end, or 4.
    pub kernel: usize,
    pub padding_out: usize,
    pub bias: bool,
}

impl TransposedConfig {
    /// # Shapes
    /// weight `[channels in, channels out, kernel, kernel]`
    pub fn init(&self, name: &str, source: &mut Source, device: &Device) -> Result<ConvTranspose2d> {
        let ([inputs, outputs], kernel) = (self.channels, self.kernel);
        Ok(ConvTranspose2d {
            weight: weight(name, [inputs, outputs, kernel, kernel], source, device)?,
            bias: if self.bias { Some(bias(name, outputs, source, device)?) } else { None },
            stride: [2; 2],
            kernel_size: [kernel; 2],
            dilation: [1; 2],
            groups: 1,
            padding: [1; 2],
            padding_out: [self.padding_out; 2],
            channels: self.channels,
        })
    }
}

/// The published upsampling: 3x3, stride 2, padding 1 and one more row and column at the end.
///
/// # Shapes
/// weight `[channels in, channels out, 3, 3]`
pub fn init_doubling(
    channels: [usize; 2],
    name: &str,
    source: &mut Source,
    device: &Device,
) -> Result<ConvTranspose2d> {
    TransposedConfig { channels, kernel: 3, padding_out: 1, bias: false }.init(name, source, device)
}

/// Zeros on each side.
fn zeros_of(conv: &Conv2d) -> usize {
    match conv.padding {
        PaddingConfig2d::Explicit(p, ..) => p,
        _ => 0,
    }
}

/// A convolution of these rows and columns of a picture, each as often as it is named, and of the zeros that the layer puts around them. A graphics card
/// reads them where they lie.
///
/// # Shapes
/// `[n, channels in, height, width]` -> `[n, channels out, .., ..]`
pub fn convolve_picked(conv: &Conv2d, x: Tensor<4>, rows: &[i32], columns: &[i32]) -> Tensor<4> {
    #[cfg(feature = "webgpu")]
    if on_card::here(&x.device()) && !x.is_autodiff() && conv.groups == 1 {
        let zeros = vec![-1; zeros_of(conv)];
        let around = [rows, columns].map(|places| [&zeros, places, &zeros].concat());
        let bias = conv.bias.as_ref().map(Param::val);
        let places = around.each_ref().map(Vec::as_slice);
        return on_card::convolve_picked(conv.stride[0], x, conv.weight.val(), bias, places);
    }
    convolve(conv, pad::gather(x, rows, columns))
}

/// A convolution; processor and graphics card have an operation of their own.
///
/// # Shapes
/// `[n, channels in, height, width]` -> `[n, channels out, .., ..]`
pub fn convolve(conv: &Conv2d, x: Tensor<4>) -> Tensor<4> {
    #[cfg(feature = "cpu")]
    if by_hand::here(&x.device()) {
        let padding = zeros_of(conv);
        let sliding = Sliding { kernel: conv.kernel_size[0], stride: conv.stride[0], padding };
        return by_hand::convolve_planes(sliding, x, conv.weight.val(), conv.bias.as_ref().map(Param::val));
    }
    #[cfg(feature = "webgpu")]
    if on_card::here(&x.device()) && conv.groups == 1 {
        let windows =
            Geometry { kernel: conv.kernel_size[0], stride: conv.stride[0], padding: zeros_of(conv), last: false };
        return on_card::convolve(windows, x, conv.weight.val(), conv.bias.as_ref().map(Param::val));
    }
    conv.forward(x)
}

/// A transposed convolution.
///
/// # Shapes
/// `[n, channels in, height, width]` -> `[n, channels out, .., ..]`
pub fn convolve_transposed(conv: &ConvTranspose2d, x: Tensor<4>) -> Tensor<4> {
    let [.., height, width] = x.dims();
    let onto = [(0, height), (1, width)].map(|(axis, side)| {
        (side - 1) * conv.stride[axis] + conv.kernel_size[axis] + conv.padding_out[axis] - 2 * conv.padding[axis]
    });
    let [kernel, stride, padding] = [conv.kernel_size[0], conv.stride[0], conv.padding[0]];
    #[cfg(feature = "cpu")]
    if by_hand::here(&x.device()) {
        let sliding = Sliding { kernel, stride, padding };
        return by_hand::transpose_planes(sliding, onto, x, conv.weight.val(), conv.bias.as_ref().map(Param::val));
    }
    #[cfg(feature = "webgpu")]
    if on_card::here(&x.device()) {
        let windows = Geometry { kernel, stride, padding, last: false };
        return on_card::transpose(windows, onto, x, conv.weight.val(), conv.bias.as_ref().map(Param::val));
    }
    conv.forward(x)
}

fn weight(name: &str, shape: [usize; 4], source: &mut Source, device: &Device) -> Result<Param<Tensor<4>>> {
    let values = source(&format!("{name}.weight"), &shape)?;
    Ok(Param::from_data(TensorData::new(values, shape), device))
}

fn bias(name: &str, outputs: usize, source: &mut Source, device: &Device) -> Result<Param<Tensor<1>>> {
    let values = source(&format!("{name}.bias"), &[outputs])?;
    Ok(Param::from_data(TensorData::new(values, [outputs]), device))
}
