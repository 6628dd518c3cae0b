//! What each network is asked to make small, from the discriminator's logits.

use burn::tensor::Tensor;
use burn::tensor::activation::relu;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Loss {
    /// Cross entropy; the generator maximises log D(G(z)) (Goodfellow et al. 2014, section 3).
    NonSaturating,
    /// Mao et al. 2017, "Least squares GANs", equation 9.
    LeastSquares,
    /// Lim and Ye 2017, "Geometric GAN"; Miyato et al. 2018, equations 16 and 17.
    Hinge,
    /// Arjovsky et al. 2017; the discriminator's weights are clipped after its step.
    Wasserstein,
}

impl Loss {
    pub const ALL: [Loss; 4] = [Loss::NonSaturating, Loss::LeastSquares, Loss::Hinge, Loss::Wasserstein];

    /// The discriminator's loss: real pictures carry the label `1 - smoothing`, made ones 0.
    ///
    /// # Shapes
    /// logits `[batch, 1]` each -> `[1]`
    pub fn discriminator(self, real: Tensor<2>, fake: Tensor<2>, smoothing: f64) -> Tensor<1> {
        match self {
            Loss::NonSaturating => {
                let real = softplus(-real.clone()) + real.mul_scalar(smoothing);
                real.mean() + softplus(fake).mean()
            }
            Loss::LeastSquares => {
                let real = real.sub_scalar(1.0 - smoothing);
                (square(real).mean() + square(fake).mean()).mul_scalar(0.5)
            }
            Loss::Hinge => relu(-real.add_scalar(-1.0)).mean() + relu(fake.add_scalar(1.0)).mean(),
            Loss::Wasserstein => fake.mean() - real.mean(),
        }
    }

    /// The generator's loss: its works are meant to be taken for real.
    ///
    /// # Shapes
    /// logits `[batch, 1]` -> `[1]`
    pub fn generator(self, fake: Tensor<2>) -> Tensor<1> {
        match self {
            Loss::NonSaturating => softplus(-fake).mean(),
            Loss::LeastSquares => square(fake.sub_scalar(1.0)).mean().mul_scalar(0.5),
            Loss::Hinge | Loss::Wasserstein => -fake.mean(),
        }
    }

    /// The probability "real" that a logit stands for; for losses whose logits are no log odds, a monotone reading of
    /// them that puts the loss's own point of indifference at one half.
    pub fn probability(self, logit: f32) -> f32 {
        let odds = match self {
            Loss::NonSaturating | Loss::Hinge | Loss::Wasserstein => logit,
            Loss::LeastSquares => 4.0 * (logit - 0.5),
        };
        1.0 / (1.0 + (-odds).exp())
    }
}

/// log(1 + e^x) without overflow.
fn softplus(x: Tensor<2>) -> Tensor<2> {
    relu(x.clone()) + (-x.abs()).exp().log1p()
}

fn square(x: Tensor<2>) -> Tensor<2> {
    x.clone() * x
}
