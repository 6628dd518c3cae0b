//! What the plain GAN's discriminator thinks of every place, where the generator sends its latent space, which way it is pulled, and what
//! each network is made of.

use burn::tensor::{Tensor, Transaction};

use super::GanSession;
use crate::data::Data;
use crate::error::{Error, Result};
use crate::nn::params::named_parameters;
use crate::rng::{Purpose, Stream};
use crate::session::inspect::{Answer, Question, Scored, layers};
use crate::session::read;
use crate::session::samples::{SampleRequest, Samples, bounded, samples_within};
use crate::training::gan::pack;
use crate::training::metrics::coverage;

/// Cells on a side of a heat map or a latent grid.
const MAX_SIZE: usize = 128;

/// The latent grid covers the middle of the standard normal, in deviations.
const LATENT_REACH: f32 = 2.0;

impl GanSession {
    pub async fn inspect(&self, question: Question) -> Result<Answer> {
        match question {
            Question::Heatmap { size } => self.heatmap(bounded("size", size, MAX_SIZE)?).await,
            Question::Manifold { size } => self.manifold(bounded("size", size, MAX_SIZE)?).await,
            Question::Gradients { count, seed } => self.gradients(samples_within(count)?, seed).await,
            Question::Scores { count, seed, .. } => self.scores(samples_within(count)?, seed).await,
            Question::Real { count, seed } => {
                self.real(&SampleRequest { count, seed, ..Default::default() }).map(Answer::Samples)
            }
            Question::Coverage { count, seed } => {
                self.coverage(SampleRequest { count, seed, ..Default::default() }).await
            }
            Question::Tensors => self.tensors().await,
            Question::Smile { .. } => Err(Error::Unsupported {
                what: "this view".into(),
                reason: "it is for an AC-GAN on the drawn faces".into(),
            }),
        }
    }

    async fn coverage(&self, request: SampleRequest) -> Result<Answer> {
        self.extent()?;
        match (&self.data, self.sample(&request).await?) {
            (Data::Points(cloud), Samples::Points(made)) => Ok(Answer::Coverage(coverage(cloud, &made))),
            _ => Err(Error::Internal { message: "points that are none".into() }),
        }
    }

    /// The window of points in the plane; other data has none.
    fn extent(&self) -> Result<[f32; 4]> {
        match &self.data {
            Data::Points(cloud) => Ok(cloud.extent()),
            _ => Err(Error::Unsupported {
                what: "this view".into(),
                reason: "it is for points in the plane, not for pictures".into(),
            }),
        }
    }

    async fn heatmap(&self, size: usize) -> Result<Answer> {
        let extent = self.extent()?;
        let [x0, x1, y0, y1] = extent;
        let centre = |i: usize, from: f32, to: f32| from + (to - from) * (i as f32 + 0.5) / size as f32;
        let places = (0..size * size).flat_map(|i| [centre(i % size, x0, x1), centre(i / size, y1, y0)]).collect();
        let logits = self.logits(self.upload(places, 2));
        let mut data = read(Transaction::default().register(logits)).await?.pop().unwrap_or_default();
        data.iter_mut().for_each(|v| *v = self.config.loss.probability(*v));
        Ok(Answer::Heatmap { size, extent, data })
    }

    async fn manifold(&self, size: usize) -> Result<Answer> {
        self.extent()?;
        let dimension = self.config.latent_dim;
        let along = |i: usize| LATENT_REACH * (2.0 * i as f32 / (size - 1).max(1) as f32 - 1.0);
        let mut latent = vec![0.0; size * size * dimension];
        for (i, z) in latent.chunks_exact_mut(dimension).enumerate() {
            z[0] = along(i % size);
            if let Some(second) = z.get_mut(1) {
                *second = along(i / size);
            }
        }
        let made = self.gan.average.forward(self.upload(latent, dimension));
        let data = read(Transaction::default().register(made)).await?.pop().unwrap_or_default();
        Ok(Answer::Manifold { size, data })
    }

    async fn gradients(&self, count: usize, seed: u32) -> Result<Answer> {
        self.extent()?;
        let count = count.next_multiple_of(self.config.packing);
        let latent = Stream::new(seed as u64, Purpose::Sample, 0).normals(count * self.config.latent_dim);
        let made = self.gan.average.forward(self.upload(latent, self.config.latent_dim));
        let made = made.autodiff().require_grad();
        let logits = self.gan.logits(pack(made.clone(), self.config.packing));
        let gradients = self.config.loss.generator(logits).backward();
        let pull = made.grad(&gradients).unwrap_or_else(|| Tensor::zeros([count, 2], &self.device));
        // The loss is a mean over the packs: times their count, each arrow is one point's own.
        let pull = pull.mul_scalar(-((count / self.config.packing) as f32));
        let mut values = read(Transaction::default().register(made.inner()).register(pull)).await?;
        let gradients = values.pop().unwrap_or_default();
        Ok(Answer::Gradients { points: values.pop().unwrap_or_default(), gradients })
    }

    async fn scores(&self, count: usize, seed: u32) -> Result<Answer> {
        let real = self.data.draw(count, &mut Stream::new(seed as u64, Purpose::Sample, 1));
        let latent = Stream::new(seed as u64, Purpose::Sample, 0).normals(count * self.config.latent_dim);
        let made = self.gan.average.forward(self.upload(latent, self.config.latent_dim));
        let logits_real = self.logits(self.upload(real.clone(), self.data.dimension()));
        let logits_made = self.logits(made.clone());
        let transaction = Transaction::default().register(made).register(logits_real).register(logits_made);
        let mut values = read(transaction).await?;
        let mut scores = || {
            let logits = values.pop().unwrap_or_default();
            logits.into_iter().map(|l| self.config.loss.probability(l)).collect()
        };
        let (fake, real_scores) = (scores(), scores());
        let fake = Scored { samples: self.wrap(values.pop().unwrap_or_default()), scores: fake };
        Ok(Answer::Scores { real: Scored { samples: self.wrap(real), scores: real_scores }, fake })
    }

    async fn tensors(&self) -> Result<Answer> {
        let networks = [named_parameters(&self.gan.generator), named_parameters(&self.gan.discriminator)];
        let [generator, discriminator] = layers(networks).await?;
        Ok(Answer::Tensors { generator, discriminator })
    }
}
