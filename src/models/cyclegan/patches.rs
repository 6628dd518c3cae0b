//! CycleGAN's discriminator, which judges patches of a picture (Isola et al. 2017, "Image-to-image translation with conditional adversarial
//! networks", section 3.2.2; Zhu et al. 2017, appendix 7.2).

use burn::module::Module;
use burn::nn::conv::Conv2d;
use burn::tensor::{Device, Tensor};
use serde::{Deserialize, Serialize};

use super::DEVIATION;
use crate::error::Result;
use crate::nn::activation::leaky_relu;
use crate::nn::conv::{ConvConfig, Source, convolve, normal_source};
use crate::nn::norm::instance_norm_bent;
use crate::rng::Stream;

/// Slope of the discriminator's leaky ReLU for negative inputs (appendix 7.2).
const SLOPE: f64 = 0.2;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PatchDiscriminatorConfig {
    /// Channels of the first layer.
    pub filters: usize,
    /// Layers that halve the picture: 3 as published judge patches of 70 pixels, 2 of 34, 1 of 16.
    pub halvings: usize,
}

/// Says of every patch how real it is.
#[derive(Module, Debug)]
pub struct PatchDiscriminator {
    convs: Vec<Conv2d>,
}

impl PatchDiscriminatorConfig {
    /// Random weights.
    pub fn init(&self, stream: &mut Stream, device: &Device) -> PatchDiscriminator {
        self.init_from(&mut normal_source(stream, DEVIATION), device).expect("random numbers are never missing")
    }

    /// Weights by published name. Channels double with every layer but the last, to at most eight times the first's.
    pub fn init_from(&self, source: &mut Source, device: &Device) -> Result<PatchDiscriminator> {
        let width = |k: usize| self.filters << k.min(3);
        let last = self.halvings + 1;
        let conv = |k: usize| {
            // The first layer is followed by its ReLU alone, the others by a norm and a ReLU.
            let layer = if k == 0 { 0 } else { 3 * k - 1 };
            let channels = [if k == 0 { 3 } else { width(k - 1) }, if k == last { 1 } else { width(k) }];
            let stride = if k < self.halvings { 2 } else { 1 };
            // A norm cancels the bias.
            let bias = k == 0 || k == last;
            ConvConfig { channels, kernel: 4, stride, padding: 1, bias }.init(&format!("model.{layer}"), source, device)
        };
        Ok(PatchDiscriminator { convs: (0..=last).map(conv).collect::<Result<_>>()? })
    }
}

impl PatchDiscriminator {
    /// Scores without a sigmoid; the least-squares loss wants 1 for real and 0 for made.
    ///
    /// # Shapes
    /// `[n, 3, h, w]` -> `[n, 1, h/8 - 2, w/8 - 2]` with the published three halvings
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let last = self.convs.len() - 1;
        let mut x = leaky_relu(convolve(&self.convs[0], x), SLOPE);
        for conv in &self.convs[1..last] {
            x = instance_norm_bent(convolve(conv, x), SLOPE);
        }
        convolve(&self.convs[last], x)
    }
}
