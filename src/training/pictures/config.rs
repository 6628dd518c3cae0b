//! The settings of DCGAN and AC-GAN.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::data::album::Augment;
use crate::data::pictures::PictureDataset;
use crate::error::{Error, Result};
use crate::models::dcgan::SIDES;
use crate::nn::optim::OptimizerKind;
use crate::training::Family;
use crate::training::fields::{Field, Group, boolean, choice, config, integer, logarithmic, number, to_value};
use crate::training::losses::Loss;

config! {
    /// Defaults are for glyphs: without norms and with R1 the Frechet distance of digits is a quarter of what DCGAN's own settings reach in
    /// as many steps, few latent numbers bring it down further, and twice the steps once more: 31.6 to 27.2 by seed 101 (`measure dcgan`).
    /// [`PicturesConfig::preset`] has the others.
    PicturesConfig {
        dataset: PictureDataset = PictureDataset::Digits, choice(&PictureDataset::ALL), Data;
        /// All random numbers of a run follow from it.
        seed: u32 = 7, integer(0, u32::MAX as u64), Data;
        /// Pixels on a side.
        side: usize = 28, choice(&SIDES), Data;
        /// How the visitor's pictures are changed each time they are shown.
        augment: Augment = Augment::None, choice(&Augment::ALL), Data;
        batch_size: usize = 32, integer(8, 256), Data;
        /// Numbers the generator starts from besides the class, independent standard normals.
        latent_dim: usize = 10, integer(1, 128), Networks;
        /// Channels of the largest hidden maps; every halving of the sides doubles them.
        width: usize = 16, integer(4, 64), Networks;
        /// DCGAN's own (Radford et al. 2015, section 3). Without it the gradient penalty works.
        discriminator_norm: bool = false, boolean(), Networks;
        loss: Loss = Loss::NonSaturating, choice(&Loss::ALL), Loss, live;
        /// The real label is 1 minus this (one-sided, Salimans et al. 2016, section 3.4).
        label_smoothing: f64 = 0.0, number(0.0, 0.4), Loss, live;
        /// Bound of each discriminator weight under the Wasserstein loss.
        clip: f64 = 0.1, logarithmic(0.001, 1.0), Loss, live;
        /// Weight of naming the class, L_C, beside telling real from made.
        lambda_class: f64 = 1.0, number(0.0, 10.0), Loss, live;
        optimizer: OptimizerKind = OptimizerKind::Adam, choice(&[OptimizerKind::Adam, OptimizerKind::Sgd]), Optimizer, live;
        learning_rate_d: f64 = 3e-3, logarithmic(1e-5, 1.0), Optimizer, live;
        learning_rate_g: f64 = 3e-3, logarithmic(1e-5, 1.0), Optimizer, live;
        beta_1: f64 = 0.0, number(0.0, 0.99), Optimizer, live;
        beta_2: f64 = 0.99, number(0.5, 0.9999), Optimizer, live;
        /// Discriminator steps to one generator step.
        discriminator_steps: usize = 1, integer(1, 10), Stability, live;
        /// Decay of the generator's moving average; 0 shows the generator as it is.
        average_decay: f64 = 0.998, number(0.0, 0.9999), Stability, live;
        /// Deviation of the noise added to what the discriminator sees, at the start (Sonderby et al. 2017), in [-1, 1].
        instance_noise: f64 = 0.0, number(0.0, 1.0), Stability, live;
        /// Weight of the penalty on the discriminator's gradient at real pictures (R1, Mescheder et al. 2018), where it has no batch norm.
        r1: f64 = 0.5, number(0.0, 10.0), Stability, live;
        /// Steps over which the instance noise and the learning rates fall; 0 keeps both as they are.
        anneal_steps: u32 = 6_000, integer(0, 1_000_000), Stability, live;
    }
}

impl PicturesConfig {
    /// What differs from the defaults for a dataset.
    pub fn preset(dataset: PictureDataset) -> Map<String, Value> {
        let changes = match dataset {
            PictureDataset::Digits => Value::Null,
            PictureDataset::Letters | PictureDataset::Zhuyin => serde_json::json!({ "anneal_steps": 10_000 }),
            // By DCGAN's discriminator a person has one look, whatever the latent. Without norms but with R1, 0.96 smile after the move
            // (`measure smile --seeds 11..11`; by norms, moved by 3 deviations, 0.66; with 16 channels 0.57).
            PictureDataset::Faces => serde_json::json!({
                "side": 32, "latent_dim": 32, "width": 24, "label_smoothing": 0.1, "learning_rate_d": 1e-3, "learning_rate_g": 1e-3,
                "average_decay": 0.995, "r1": 0.1, "anneal_steps": 3_000,
            }),
            // DCGAN's own: nobody knows what these pictures will be.
            PictureDataset::Own => serde_json::json!({
                "side": 32, "augment": "mirror", "latent_dim": 32, "discriminator_norm": true, "label_smoothing": 0.1,
                "learning_rate_d": 5e-4, "learning_rate_g": 1e-3, "beta_1": 0.5, "average_decay": 0.99, "instance_noise": 0.1, "r1": 0.0,
                "anneal_steps": 3_000,
            }),
        };
        changes.as_object().cloned().unwrap_or_default()
    }

    /// Side of a dataset's pictures, before anybody changes it.
    pub fn side_of(dataset: PictureDataset) -> usize {
        Self::default().changed(&Self::preset(dataset), false).unwrap_or_default().side
    }

    /// The configuration a visitor asks for: defaults, the dataset's preset, then the changes.
    pub fn new(changes: &Map<String, Value>) -> Result<Self> {
        let named = changes.get("dataset").map(|dataset| ("dataset".to_string(), dataset.clone()));
        let dataset = Self::default().changed(&named.into_iter().collect(), false)?.dataset;
        Self::default().changed(&Self::preset(dataset), false)?.changed(changes, false)
    }

    /// The settings of a family: without classes, those of classes mean nothing.
    pub fn fields_of(family: Family) -> Vec<Field> {
        Self::fields().into_iter().filter(|field| family == Family::Acgan || field.key != "lambda_class").collect()
    }
}
