//! What acgan.py trained: its cases and their settings, for the native tests and the browser's.

use gan_atelier::nn::optim::OptimizerKind;
use gan_atelier::training::pictures::PicturesConfig;

/// Name of the arrays, classes, weight of R1: by batch norms where there is none.
pub const CASES: [(&str, usize, f64); 3] = [("dcgan", 0, 0.0), ("acgan", 3, 0.0), ("penalty", 3, 0.5)];

pub fn config(r1: f64) -> PicturesConfig {
    PicturesConfig {
        discriminator_norm: r1 == 0.0,
        r1,
        width: 2,
        latent_dim: 3,
        batch_size: 6,
        label_smoothing: 0.0,
        optimizer: OptimizerKind::Sgd,
        learning_rate_d: 1e-2,
        learning_rate_g: 1e-2,
        anneal_steps: 0,
        ..PicturesConfig::default()
    }
}
