//! The settings of the plain GAN.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::data::Dataset;
use crate::data::album::Augment;
use crate::error::{Error, Result};
use crate::nn::optim::OptimizerKind;
use crate::training::fields::{Field, Group, boolean, choice, config, integer, logarithmic, number, to_value};
use crate::training::losses::Loss;

config! {
    /// The plain GAN. Defaults are for points in the plane; [`GanConfig::preset`] has the others.
    GanConfig {
        dataset: Dataset = Dataset::Ring, choice(&Dataset::ALL), Data;
        /// All random numbers of a run follow from it.
        seed: u32 = 7, integer(0, u32::MAX as u64), Data;
        /// How the visitor's pictures are changed each time they are shown.
        augment: Augment = Augment::None, choice(&Augment::ALL), Data;
        batch_size: usize = 128, integer(8, 1024), Data;
        /// Numbers the generator starts from, independent standard normals.
        latent_dim: usize = 2, integer(1, 128), Networks;
        hidden_dim: usize = 64, integer(4, 512), Networks;
        hidden_layers: usize = 3, integer(1, 6), Networks;
        /// Samples the discriminator judges at once (PacGAN, Lin et al. 2018).
        packing: usize = 1, integer(1, 4), Networks;
        loss: Loss = Loss::NonSaturating, choice(&Loss::WITH_PAIRS), Loss, live;
        /// The real label is 1 minus this (one-sided, Salimans et al. 2016, section 3.4).
        label_smoothing: f64 = 0.0, number(0.0, 0.4), Loss, live;
        /// Bound of each discriminator weight under the Wasserstein loss.
        clip: f64 = 0.1, logarithmic(0.001, 1.0), Loss, live;
        optimizer: OptimizerKind = OptimizerKind::Adam, choice(&[OptimizerKind::Adam, OptimizerKind::Sgd]), Optimizer, live;
        learning_rate_d: f64 = 2e-3, logarithmic(1e-5, 1.0), Optimizer, live;
        learning_rate_g: f64 = 2e-3, logarithmic(1e-5, 1.0), Optimizer, live;
        beta_1: f64 = 0.5, number(0.0, 0.99), Optimizer, live;
        beta_2: f64 = 0.99, number(0.5, 0.9999), Optimizer, live;
        /// Weight of the gradient penalty over real samples (R1) and over made ones (R2), Huang et al. 2024, section 2.2.
        r1: f64 = 0.0, number(0.0, 10.0), Stability, live;
        r2: f64 = 0.0, number(0.0, 10.0), Stability, live;
        /// The discriminator's weights over their largest singular values (Miyato et al. 2018).
        spectral_norm: bool = false, boolean(), Stability;
        /// Discriminator steps to one generator step.
        discriminator_steps: usize = 1, integer(1, 10), Stability, live;
        /// Decay of the generator's moving average; 0 shows the generator as it is.
        average_decay: f64 = 0.999, number(0.0, 0.9999), Stability, live;
        /// Deviation of the noise added to what the discriminator sees, at the start (Sonderby et al. 2017), in data units.
        instance_noise: f64 = 0.3, number(0.0, 1.0), Stability, live;
        /// Steps over which the instance noise, the gradient penalties and the learning rates fall; 0 keeps all as they are.
        anneal_steps: u32 = 18_000, integer(0, 1_000_000), Stability, live;
    }
}

impl GanConfig {
    /// What differs from the defaults for a dataset.
    pub fn preset(dataset: Dataset) -> Map<String, Value> {
        let changes = match dataset {
            Dataset::Digits | Dataset::Letters | Dataset::Zhuyin | Dataset::Own => serde_json::json!({
                "batch_size": 64, "latent_dim": 32, "hidden_dim": 256, "hidden_layers": 2, "learning_rate_d": 2e-4,
                "learning_rate_g": 4e-4, "label_smoothing": 0.1, "instance_noise": 0.1, "average_decay": 0.99,
            }),
            // Twenty-five modes take a deeper network, noise as wide as half the way between two of them, larger batches, more
            // steps, and R3GAN's loss and penalties, which leave fewer of them out.
            Dataset::Grid => serde_json::json!({
                "batch_size": 192, "hidden_layers": 4, "loss": "relativistic", "r1": 0.5, "r2": 0.5,
                "instance_noise": 1.0, "anneal_steps": 72_000,
            }),
            _ => Value::Null,
        };
        match changes {
            Value::Object(map) => map,
            _ => Map::new(),
        }
    }

    /// The configuration a visitor asks for: defaults, the dataset's preset, then the changes.
    pub fn new(changes: &Map<String, Value>) -> Result<Self> {
        let dataset = Self::default().changed(&only(changes, "dataset"), false)?.dataset;
        Self::default().changed(&Self::preset(dataset), false)?.changed(changes, false)
    }
}

fn only(changes: &Map<String, Value>, key: &str) -> Map<String, Value> {
    changes.iter().filter(|(k, _)| *k == key).map(|(k, v)| (k.clone(), v.clone())).collect()
}
