//! The plain GAN's figures from a small probe.

use burn::tensor::{Tensor, Transaction};
use serde_json::{Map, Value, json};

use super::GanSession;
use crate::data::Data;
use crate::rng::{Purpose, Stream};
use crate::training::gan::{noise_left, pack};
use crate::training::metrics::{Evidence, coverage, judge, spread_ratio};

/// Samples probed for a report: enough for a share to 2 %, a small part of a step's cost.
pub const PROBE: usize = 256;

/// Real and made samples with the discriminator's logits, still on the device.
pub struct Probe {
    pub real: Vec<f32>,
    made: Tensor<2>,
    logits_real: Tensor<2>,
    logits_made: Tensor<2>,
}

impl Probe {
    /// Registers made samples, logits of real ones, logits of made ones.
    pub fn register(&self, transaction: Transaction) -> Transaction {
        transaction.register(self.made.clone()).register(self.logits_real.clone()).register(self.logits_made.clone())
    }
}

impl GanSession {
    /// The same latents at every report, so that figures move only when the networks do.
    pub(super) fn probe(&self, count: usize) -> Probe {
        let count = if self.data.pictures() { count / 4 } else { count };
        let seed = self.config.seed as u64;
        let real = self.data.draw(count, &mut Stream::new(seed, Purpose::Metrics, 0));
        let latent = Stream::new(seed, Purpose::Metrics, 1).normals(count * self.config.latent_dim);
        let made = self.gan.average.forward(self.upload(latent, self.config.latent_dim));
        let logits_real = self.logits(self.upload(real.clone(), self.data.dimension()));
        let logits_made = self.logits(made.clone());
        Probe { real, made, logits_real, logits_made }
    }

    /// The discriminator's opinion of each sample alone; under packing, of a pack of copies of it.
    ///
    /// # Shapes
    /// `[n, d]` -> `[n, 1]`
    pub(super) fn logits(&self, samples: Tensor<2>) -> Tensor<2> {
        let packing = self.config.packing;
        let [n, dimension] = samples.dims();
        let copies = samples.reshape([n, 1, dimension]).repeat_dim(1, packing).reshape([n * packing, dimension]);
        self.gan.logits(pack(copies, packing))
    }
}

/// The report's figures from a probe as it was read back.
pub(super) fn reduce(session: &GanSession, real: &[f32], values: &[Vec<f32>]) -> Map<String, Value> {
    let [made, logits_real, logits_made] = values else { return Map::new() };
    let loss = session.config.loss;
    let score = |logits: &[f32]| logits.iter().map(|l| loss.probability(*l)).sum::<f32>() / logits.len().max(1) as f32;
    let dimension = session.data.dimension();
    let mut metrics = Map::new();
    let mut evidence = Evidence {
        step: session.gan.step,
        score_real: score(logits_real),
        score_fake: score(logits_made),
        spread: spread_ratio(made, real, dimension),
        modes: None,
        noise_left: noise_left(&session.config, session.gan.step),
    };
    if let Data::Points(cloud) = &session.data {
        let found = coverage(cloud, made);
        evidence.modes = found.modes.zip(found.modes_total);
        if let Ok(Value::Object(found)) = serde_json::to_value(found) {
            metrics.extend(found);
        }
    }
    metrics.insert("score_real".into(), json!(evidence.score_real));
    metrics.insert("score_fake".into(), json!(evidence.score_fake));
    metrics.insert("contest".into(), json!(judge(&session.config, &evidence)));
    metrics
}
