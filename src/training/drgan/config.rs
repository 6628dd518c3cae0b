//! The settings of DR-GAN, and the networks that follow from them.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::data::gallery::FaceDataset;
use crate::error::{Error, Result};
use crate::models::drgan::{DecoderConfig, DiscriminatorConfig, EncoderConfig};
use crate::training::fields::{Field, Group, choice, config, integer, logarithmic, number, to_value};

config! {
    /// Small networks on our own faces. The paper's own step is `weight_reconstruction` 0.
    DrganConfig {
        dataset: FaceDataset = FaceDataset::Faces, choice(&FaceDataset::ALL), Data;
        /// All random numbers of a run follow from it.
        seed: u32 = 7, integer(0, u32::MAX as u64), Data;
        /// Whom it learns from.
        people: usize = 24, integer(2, 200), Data;
        /// People in a step.
        batch_size: usize = 8, integer(1, 32), Data;
        /// Pictures of each of them, which are also fused.
        pictures: usize = 2, integer(1, 6), Data;
        /// Channels of the first layer; the others have twice and four times as many.
        filters: usize = 12, integer(4, 64), Networks;
        /// Numbers that say who somebody is.
        feature_dim: usize = 64, integer(4, 320), Networks;
        noise_dim: usize = 8, integer(1, 50), Networks;
        discriminator_filters: usize = 12, integer(4, 64), Networks;
        weight_identity: f64 = 1.0, number(0.0, 10.0), Loss, live;
        /// In units of squared radians.
        weight_yaw: f64 = 2.0, number(0.0, 20.0), Loss, live;
        /// Mean difference from the person's next picture, asked for at its yaw (Huang et al. 2017, "Beyond face rotation", equation 7).
        weight_reconstruction: f64 = 10.0, number(0.0, 50.0), Loss, live;
        learning_rate_d: f64 = 1e-3, logarithmic(1e-5, 0.1), Optimizer, live;
        learning_rate_g: f64 = 2e-3, logarithmic(1e-5, 0.1), Optimizer, live;
        beta_1: f64 = 0.5, number(0.0, 0.99), Optimizer, live;
        beta_2: f64 = 0.99, number(0.5, 0.9999), Optimizer, live;
        /// Decay of the generator's moving average; 0 shows the generator as it is.
        average_decay: f64 = 0.99, number(0.0, 0.9999), Stability, live;
        /// The learning rates are constant over the first half of these steps and fall over the second; 0 keeps them.
        anneal_steps: u32 = 2_000, integer(0, 1_000_000), Stability, live;
    }
}

/// Which networks learn.
#[derive(Debug, Clone, PartialEq)]
pub struct Networks {
    pub encoder: EncoderConfig,
    pub decoder: DecoderConfig,
    pub discriminator: DiscriminatorConfig,
}

impl DrganConfig {
    /// The settings of a training of the shipped networks on photos of so many people, whose widths follow from `filters` and
    /// `discriminator_filters`.
    pub fn photos(people: usize) -> Self {
        Self {
            seed: 1,
            people,
            batch_size: 4,
            filters: 32,
            feature_dim: 320,
            noise_dim: 20,
            discriminator_filters: 24,
            learning_rate_d: 2e-4,
            learning_rate_g: 4e-4,
            average_decay: 0.995,
            anneal_steps: 10_000,
            ..Self::default()
        }
    }

    /// The small networks that learn in the page.
    pub fn networks(&self) -> Networks {
        Networks { encoder: self.encoder(), decoder: self.decoder(), discriminator: self.discriminator() }
    }

    /// The networks of photos.
    pub fn photo_networks(&self) -> Networks {
        Networks {
            encoder: EncoderConfig::photos(self.filters, self.feature_dim),
            decoder: DecoderConfig::photos(self.filters, self.feature_dim, self.noise_dim),
            discriminator: DiscriminatorConfig::photos(self.discriminator_filters, self.people),
        }
    }

    pub fn encoder(&self) -> EncoderConfig {
        let f = self.filters;
        EncoderConfig { channels: vec![f, 2 * f, 4 * f], strides: vec![2; 3], map_side: 4, features: self.feature_dim }
    }

    pub fn decoder(&self) -> DecoderConfig {
        let f = self.filters;
        DecoderConfig {
            features: self.feature_dim,
            yaw_code: 8,
            noise_dim: self.noise_dim,
            start: [4 * f, 4],
            channels: vec![3 * f, 2 * f],
            doublings: vec![0, 1],
        }
    }

    pub fn discriminator(&self) -> DiscriminatorConfig {
        let f = self.discriminator_filters;
        DiscriminatorConfig {
            channels: vec![f, 2 * f, 4 * f],
            strides: vec![2, 2, 2],
            head: vec![4 * f],
            people: self.people,
        }
    }
}
