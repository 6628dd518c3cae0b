//! The auxiliary classifier GAN (Odena, Olah and Shlens 2016, "Conditional image synthesis with auxiliary classifier GANs", section 3): the
//! generator is given a class besides its latent; the discriminator says of a picture whether it is real, and which class it shows. The
//! convolutions are DCGAN's, and without classes it is a DCGAN.

use burn::module::Module;
use burn::nn::Linear;
use burn::tensor::{Device, Tensor};

use super::dcgan::{Body, DEVIATION, DcganConfig, Mode};
use crate::nn::linear::{dense, input_gradient, normal_linear};
use crate::nn::norm::Moments;
use crate::rng::Stream;

#[derive(Module, Debug)]
pub struct Discriminator {
    body: Body,
    source: Linear,
    auxiliary: Option<Linear>,
}

/// What the discriminator says of pictures, in logits.
#[derive(Debug, Clone)]
pub struct Opinion {
    /// Whether each is real: `[n, 1]`
    pub source: Tensor<2>,
    /// Which class each shows: `[n, classes]`
    pub class: Option<Tensor<2>>,
}

impl Discriminator {
    /// With `classes` 0 it only tells real from made.
    pub fn init(config: &DcganConfig, classes: usize, stream: &mut Stream, device: &Device) -> Self {
        let body = config.init_body(stream, device);
        let mut head = |outputs| normal_linear(config.features(), outputs, DEVIATION, stream, device);
        Self { body, source: head(1), auxiliary: (classes > 0).then(|| head(classes)) }
    }

    /// # Shapes
    /// `[n, side, side, channels]`
    pub fn forward(&self, pictures: Tensor<4>, mode: Mode) -> Opinion {
        self.answer(self.body.forward(pictures, mode))
    }

    /// Without norms: the opinion, and how the verdict of each picture, real or made, changes with each of its pixels. The gradient is a
    /// forward pass of its own, so that a penalty on it can be differentiated once more.
    ///
    /// # Shapes
    /// `[n, side, side, channels]` -> the same
    pub fn forward_with_gradient(&self, pictures: Tensor<4>) -> (Opinion, Tensor<4>) {
        let (features, slopes) = self.body.forward_with_slopes(pictures);
        let opinion = self.answer(features);
        let ones = opinion.source.ones_like().detach();
        let gradient = input_gradient(&self.source, ones);
        (opinion, self.body.input_gradient(gradient, slopes))
    }

    fn answer(&self, features: Tensor<2>) -> Opinion {
        let class = self.auxiliary.as_ref().map(|auxiliary| dense(auxiliary, features.clone(), 1.0));
        Opinion { source: dense(&self.source, features, 1.0), class }
    }

    /// With a batch's moments gathered too.
    pub fn gather(self, moments: Vec<Moments>) -> Self {
        Self { body: self.body.gather(moments), ..self }
    }
}
