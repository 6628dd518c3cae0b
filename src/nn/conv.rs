//! Convolutions whose numbers come from a source: a random stream, or a file.

use burn::module::Param;
use burn::nn::PaddingConfig2d;
use burn::nn::conv::{Conv2d, ConvTranspose2d};
use burn::tensor::{Device, Tensor, TensorData};

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

/// The published upsampling: 3x3, stride 2, padding 1 and one more row and column at the end; doubles height and width.
///
/// # Shapes
/// weight `[channels in, channels out, 3, 3]`
pub fn init_doubling(
    channels: [usize; 2],
    name: &str,
    source: &mut Source,
    device: &Device,
) -> Result<ConvTranspose2d> {
    Ok(ConvTranspose2d {
        weight: weight(name, [channels[0], channels[1], 3, 3], source, device)?,
        bias: None,
        stride: [2; 2],
        kernel_size: [3; 2],
        dilation: [1; 2],
        groups: 1,
        padding: [1; 2],
        padding_out: [1; 2],
        channels,
    })
}

fn weight(name: &str, shape: [usize; 4], source: &mut Source, device: &Device) -> Result<Param<Tensor<4>>> {
    let values = source(&format!("{name}.weight"), &shape)?;
    Ok(Param::from_data(TensorData::new(values, shape), device))
}

fn bias(name: &str, outputs: usize, source: &mut Source, device: &Device) -> Result<Param<Tensor<1>>> {
    let values = source(&format!("{name}.bias"), &[outputs])?;
    Ok(Param::from_data(TensorData::new(values, [outputs]), device))
}
