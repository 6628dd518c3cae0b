//! What each network is asked to make small, from the discriminator's logits.

use burn::tensor::Tensor;
use burn::tensor::activation::relu;
use serde::{Deserialize, Serialize};

use crate::nn::activation::{log_softmax, softplus};
use crate::nn::batch::mean;

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
    /// Cross entropy of the difference between a real sample's logit and a made one's (Jolicoeur-Martineau 2018,
    /// "The relativistic discriminator", section 4.1; Huang et al. 2024, "The GAN is dead; long live the GAN!", equation 2).
    Relativistic,
}

impl Loss {
    /// Those whose generator looks at made samples alone.
    pub const ALL: [Loss; 4] = [Loss::NonSaturating, Loss::LeastSquares, Loss::Hinge, Loss::Wasserstein];

    /// Also the one whose generator looks at a real sample beside each made one, for families that offer them.
    pub const WITH_PAIRS: [Loss; 5] =
        [Loss::NonSaturating, Loss::LeastSquares, Loss::Hinge, Loss::Wasserstein, Loss::Relativistic];

    /// Whether there are labels to smooth.
    pub fn has_labels(self) -> bool {
        !matches!(self, Loss::Hinge | Loss::Wasserstein)
    }

    /// The discriminator's loss: real pictures carry the label `1 - smoothing`, made ones 0. Hinge and Wasserstein have no labels.
    ///
    /// # Shapes
    /// logits `[batch, 1]` each -> `[1]`
    pub fn discriminator(self, real: Tensor<2>, fake: Tensor<2>, smoothing: f64) -> Tensor<1> {
        match self {
            Loss::NonSaturating => {
                let real = softplus(-real.clone()) + real.mul_scalar(smoothing);
                mean(real) + mean(softplus(fake))
            }
            Loss::LeastSquares => {
                let real = real.sub_scalar(1.0 - smoothing);
                (mean(square(real)) + mean(square(fake))).mul_scalar(0.5)
            }
            Loss::Hinge => mean(relu(-real.add_scalar(-1.0))) + mean(relu(fake.add_scalar(1.0))),
            Loss::Wasserstein => mean(fake) - mean(real),
            Loss::Relativistic => {
                let lead = real - fake;
                mean(softplus(-lead.clone()) + lead.mul_scalar(smoothing))
            }
        }
    }

    /// The generator's loss: its works are meant to be taken for real. Under [`Loss::Relativistic`] against a sample
    /// of logit 0; training compares with real ones, by [`Loss::generator_beside`].
    ///
    /// # Shapes
    /// logits `[batch, 1]` -> `[1]`
    pub fn generator(self, fake: Tensor<2>) -> Tensor<1> {
        match self {
            Loss::NonSaturating | Loss::Relativistic => mean(softplus(-fake)),
            Loss::LeastSquares => mean(square(fake.sub_scalar(1.0))).mul_scalar(0.5),
            Loss::Hinge | Loss::Wasserstein => -mean(fake),
        }
    }

    /// As [`Loss::generator`], with the logits of real samples for a loss that compares.
    ///
    /// # Shapes
    /// logits `[batch, 1]` each -> `[1]`
    pub fn generator_beside(self, fake: Tensor<2>, real: Option<Tensor<2>>) -> Tensor<1> {
        match (self, real) {
            (Loss::Relativistic, Some(real)) => self.generator(fake - real),
            _ => self.generator(fake),
        }
    }

    /// The probability "real" that a logit stands for; for losses whose logits are no log odds, a monotone reading of
    /// them that puts the loss's own point of indifference at one half. Wasserstein and relativistic logits have none, since a constant may be
    /// added to all of them: there only which is higher means something.
    pub fn probability(self, logit: f32) -> f32 {
        let odds = match self {
            Loss::NonSaturating | Loss::Hinge | Loss::Wasserstein | Loss::Relativistic => logit,
            Loss::LeastSquares => 4.0 * (logit - 0.5),
        };
        1.0 / (1.0 + (-odds).exp())
    }
}

/// Half of `gamma` times the mean squared length of the discriminator's gradient in its inputs: R1 over real samples
/// (Mescheder et al. 2018, "Which training methods for GANs do actually converge?", equation 9), R2 over made ones.
///
/// # Shapes
/// gradients `[batch, d]` -> `[1]`
pub fn gradient_penalty(gradients: Tensor<2>, gamma: f64) -> Tensor<1> {
    mean(square(gradients).sum_dim(1)).mul_scalar(gamma / 2.0)
}

/// Cross entropy of the classes.
///
/// # Shapes
/// logits and one-hot classes `[batch, classes]` -> `[1]`
pub fn class_loss(logits: Tensor<2>, class: Tensor<2>) -> Tensor<1> {
    -mean((log_softmax(logits) * class).sum_dim(1))
}

fn square(x: Tensor<2>) -> Tensor<2> {
    x.clone() * x
}
