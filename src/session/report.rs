//! What a step reports: the losses, and figures from a small probe of real and made samples read back with them.

use burn::tensor::{Tensor, Transaction};
use serde_json::{Map, Value, json};

use super::gan::GanSession;
use super::read;
use crate::data::Data;
use crate::error::{Error, Result};
use crate::rng::{Purpose, Stream};
use crate::training::gan::{noise_left, pack};
use crate::training::metrics::{Evidence, coverage, judge, spread};

/// Samples probed for a report: enough for a share to 2 %, a small part of a step's cost.
pub const PROBE: usize = 256;

#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    pub step: u32,
    /// One a step in which that network learned; the mean over a batch.
    pub loss_d: Vec<f32>,
    pub loss_g: Vec<f32>,
    pub metrics: Map<String, Value>,
}

/// Reads the losses of steps after the first `before`, and before them in the same transaction whatever else is registered. Both networks,
/// the discriminator first, bring one tensor for each step in which they learned, always of as many numbers. One that is not finite is
/// [`Error::Diverged`].
pub(super) async fn read_losses(
    before: u32,
    losses: [Vec<Tensor<1>>; 2],
    others: Transaction,
) -> Result<([Vec<f32>; 2], Vec<Vec<f32>>)> {
    let widths = losses.each_ref().map(|steps| steps.first().map_or(1, |step| step.dims()[0]));
    let split = losses[0].len() * widths[0];
    let all = losses.concat();
    let learned = !all.is_empty();
    let transaction = if learned { others.register(Tensor::cat(all, 0)) } else { others };
    let mut values = read(transaction).await?;
    let losses = if learned { values.pop().unwrap_or_default() } else { Vec::new() };
    let (of_d, of_g) = losses.split_at(split);
    let unfinite = |values: &[f32], width: usize| values.iter().position(|v| !v.is_finite()).map(|at| at / width);
    match unfinite(of_d, widths[0]).into_iter().chain(unfinite(of_g, widths[1])).min() {
        Some(at) => Err(Error::Diverged { step: before + 1 + at as u32 }),
        None => Ok(([of_d.to_vec(), of_g.to_vec()], values)),
    }
}

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
        spread: spread(made, dimension) / spread(real, dimension),
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
