//! A run of a DCGAN or an AC-GAN: the same session, with classes or without.

use burn::module::Module;
use burn::tensor::{Device, Tensor, TensorData, Transaction};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::export::{Leaving, settings};
use super::file::{self, SessionFile, album_arrays, host_named};
use super::inspect::{Answer, Question, Scored, layers};
use super::read;
use super::report::{Report, Unread, read_losses};
use super::samples::{SampleRequest, Samples, bounded, latents};
use crate::data::Own;
use crate::data::album::AlbumHead;
use crate::data::pictures::Pictures;
use crate::data::waves::Drawn;
use crate::error::{Error, Flaw, Place, Result};
use crate::models::dcgan::doublings;
use crate::nn::params::{load_parameters, named_parameters};
use crate::onnx::Convolutional;
use crate::rng::{Purpose, Stream};
use crate::training::metrics::{Evidence, spread_ratio, state};
use crate::training::pictures::{PictureGan, PicturesConfig, noise_left, remedy};
use crate::training::{Family, Turn};
use crate::weights::{Arrays, acgan, pytorch};

/// Pictures probed for a report.
const PROBE: usize = 40;

/// At most this many pictures at once: a request from a page is bounded before anything is allocated.
const MAX_COUNT: usize = 4_096;

#[derive(Debug)]
pub struct PicturesSession {
    pub family: Family,
    pub config: PicturesConfig,
    pub model: PictureGan,
    pub pictures: Pictures,
    pub(super) device: Device,
}

/// What a session file says besides its tensors.
#[derive(Serialize, Deserialize)]
struct Header {
    config: PicturesConfig,
    step: u32,
    optimizer_steps: [u32; 2],
    /// What the visitor's pictures are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    album: Option<AlbumHead>,
}

/// Real and made pictures with the discriminator's logits, the latter two still on the device.
struct Look {
    real: Drawn,
    asked: Vec<usize>,
    made: Tensor<4>,
    /// Of real pictures, then of made ones.
    source: [Tensor<2>; 2],
    class: Option<[Tensor<2>; 2]>,
}

impl PicturesSession {
    /// A fresh run: the defaults with `changes`, on our pictures or on a visitor's.
    pub fn start(family: Family, changes: &Map<String, Value>, own: Own, device: &Device) -> Result<Self> {
        let config = PicturesConfig::new(changes)?;
        let pictures = config.dataset.open(own, config.side, config.augment, family == Family::Acgan)?;
        Self::on(family, pictures, config, device)
    }

    fn on(family: Family, pictures: Pictures, config: PicturesConfig, device: &Device) -> Result<Self> {
        let classes = if family == Family::Acgan { pictures.classes() } else { 0 };
        if family == Family::Acgan && classes < 2 {
            return Err(Error::flaw(
                Flaw::Classes { classes, least: 2, most: crate::data::album::MOST_CLASSES },
                Place::Key("data.labels".into()),
            ));
        }
        let model = PictureGan::new(&config, &pictures, classes, device);
        Ok(Self { family, config, model, pictures, device: device.clone() })
    }

    /// A run that begins with a shipped generator of our digits' classes: it samples at once. Its discriminator has everything to learn, from
    /// the built-in digits; the learning rates are those of the end of a training.
    pub(super) fn from_generator(bytes: &[u8], device: &Device) -> Result<Self> {
        let trained = acgan::generator(bytes)?;
        let changes = json!({
            "side": trained.side, "latent_dim": trained.latent_dim, "width": trained.width,
            // As it was trained (`training/acgan.py`).
            "discriminator_norm": false, "r1": 0.1, "learning_rate_d": 5e-4, "learning_rate_g": 5e-4, "beta_1": 0.0, "average_decay": 0.999,
        });
        let changes = changes.as_object().cloned().unwrap_or_default();
        let mut session = Self::start(Family::Acgan, &changes, Own::Nothing, device)?;
        let fits = [trained.classes, trained.channels] == [session.model.classes(), session.pictures.channels()];
        if !fits {
            let reason = format!("a generator of {} classes, {} channels", trained.classes, trained.channels);
            return Err(Error::Unsupported { what: "these weights".into(), reason });
        }
        session.model.generator = load_parameters(session.model.generator.clone(), trained.parameters)?;
        session.model.average = session.model.generator.valid();
        session.model.step = trained.steps;
        Ok(session)
    }

    /// Changes settings while the run goes on; only live ones.
    pub fn tune(&mut self, changes: &Map<String, Value>) -> Result<()> {
        self.config = self.config.changed(changes, true)?;
        Ok(())
    }

    /// `n` training steps.
    pub fn advance(&mut self, n: u32, turn: Turn) -> Unread {
        let before = self.model.step;
        let (mut losses_d, mut losses_g) = (Vec::new(), Vec::new());
        for _ in 0..n {
            let losses = self.model.train_step(&self.config, &self.pictures, turn);
            losses_d.extend(losses.discriminator);
            losses_g.extend(losses.generator);
        }
        Unread { before, losses: [losses_d, losses_g] }
    }

    /// One readback of steps. A loss that is not finite is [`Error::Diverged`].
    pub async fn report(&self, Unread { before, losses }: Unread) -> Result<Report> {
        let look = self.look(PROBE, 0, Purpose::Metrics, None);
        let others = look.register(Transaction::default());
        let ([loss_d, loss_g], values) = read_losses(before, losses, others).await?;
        let metrics = self.figures(&look, &values);
        Ok(Report { step: self.model.step, loss_d, loss_g, metrics })
    }

    /// The same latents for the same seed, so that what is shown moves only when the networks do.
    fn look(&self, count: usize, seed: u32, purpose: Purpose, label: Option<usize>) -> Look {
        let seed = seed as u64;
        let real = self.pictures.draw(count, label, &mut Stream::new(seed, purpose, 0));
        let asked = self.turns(count, label);
        let latent = Stream::new(seed, purpose, 1).normals(count * self.config.latent_dim);
        let made = self.model.make(latent, &asked);
        let (of_real, of_made) = (self.model.judge(self.planes(real.values.clone())), self.model.judge(made.clone()));
        let class = of_real.class.zip(of_made.class).map(|(real, made)| [real, made]);
        Look { real, asked, made, source: [of_real.source, of_made.source], class }
    }

    /// # Shapes
    /// `n channels side side` numbers -> `[n, channels, side, side]`
    pub(super) fn planes(&self, values: Vec<f32>) -> Tensor<4> {
        let (channels, side) = (self.pictures.channels(), self.pictures.side);
        let n = values.len() / (channels * side * side);
        Tensor::from_data(TensorData::new(values, [n, channels, side, side]), &self.device)
    }

    /// One class, or all in turn.
    fn turns(&self, count: usize, label: Option<usize>) -> Vec<usize> {
        (0..count).map(|at| label.unwrap_or(at % self.model.classes().max(1))).collect()
    }

    fn figures(&self, look: &Look, values: &[Vec<f32>]) -> Map<String, Value> {
        let [made, source_real, source_fake, classes @ ..] = values else { return Map::new() };
        let mean = |values: Vec<f32>| values.iter().sum::<f32>() / values.len().max(1) as f32;
        let (score_real, score_fake) = (mean(self.scores_of(source_real)), mean(self.scores_of(source_fake)));
        let size = self.pictures.numbers();
        let evidence = Evidence {
            step: self.model.step,
            score_real,
            score_fake,
            spread: spread_ratio(made, &look.real.values, size),
            modes: None,
            noise_left: noise_left(&self.config, self.model.step),
        };
        let state = state(&evidence);
        let contest = json!({ "state": state, "remedy": remedy(&self.config, state) });
        let mut figures = json!({ "score_real": score_real, "score_fake": score_fake, "contest": contest });
        if let [real, fake] = classes {
            figures["class_real"] = json!(accuracy(real, &look.real.labels, self.model.classes()));
            figures["class_fake"] = json!(accuracy(fake, &look.asked, self.model.classes()));
        }
        figures.as_object().cloned().unwrap_or_default()
    }

    fn scores_of(&self, logits: &[f32]) -> Vec<f32> {
        logits.iter().map(|logit| self.config.loss.probability(*logit)).collect()
    }

    /// Works of the averaged generator.
    pub async fn sample(&self, request: &SampleRequest) -> Result<Samples> {
        let dimension = self.config.latent_dim;
        let unit = || format!("a latent vector has {dimension} numbers");
        let draw = |numbers| Stream::new(request.seed as u64, Purpose::Sample, 1).normals(numbers);
        let (latent, count) = latents(request, (dimension, MAX_COUNT), unit, draw)?;
        let labels = self.turns(count, self.known(request.label)?);
        let made = self.model.make(latent, &labels);
        let values = read(Transaction::default().register(made)).await?.pop().unwrap_or_default();
        Ok(self.wrap_made(values, labels))
    }

    /// A class that there is.
    fn known(&self, label: Option<usize>) -> Result<Option<usize>> {
        let classes = self.model.classes();
        match label {
            Some(label) if classes == 0 => Err(Error::config("label", label, "these networks know no classes")),
            Some(label) if label >= classes => {
                Err(Error::config("label", label, format!("expected 0 to {}", classes - 1)))
            }
            label => Ok(label),
        }
    }

    fn wrap(&self, values: Vec<f32>, labels: Vec<usize>) -> Samples {
        let labels = if self.pictures.classes() == 0 { Vec::new() } else { labels };
        Samples::Images { values, channels: self.pictures.channels(), side: self.pictures.side, labels }
    }

    /// Works of a DCGAN have no class, whatever the pictures have that it learns from.
    fn wrap_made(&self, values: Vec<f32>, labels: Vec<usize>) -> Samples {
        self.wrap(values, if self.model.classes() == 0 { Vec::new() } else { labels })
    }

    /// The averaged generator, to leave for other software.
    pub(super) async fn leaving(&self) -> Result<Leaving> {
        let (channels, side) = (self.pictures.channels(), self.pictures.side);
        let plan = Convolutional {
            latent_dim: self.config.latent_dim,
            classes: self.model.classes(),
            channels,
            side,
            doublings: doublings(side),
        };
        Ok(Leaving {
            plan: Box::new(plan),
            arrays: pytorch::arrays(host_named(&self.model.average).await?),
            family: self.family,
            config: settings(&self.config),
            steps: self.model.step,
        })
    }

    pub async fn inspect(&self, question: Question) -> Result<Answer> {
        match question {
            Question::Scores { count, seed, label } => self.scores(count, seed, label).await,
            Question::Real { count, seed } => {
                let count = bounded("count", count, MAX_COUNT)?;
                let Drawn { values, labels } =
                    self.pictures.draw(count, None, &mut Stream::new(seed as u64, Purpose::Sample, 0));
                Ok(Answer::Samples(self.wrap(values, labels)))
            }
            Question::Smile { seed } => Ok(Answer::Smile(Box::new(self.smile(seed).await?))),
            Question::Tensors => {
                let networks = [named_parameters(&self.model.generator), named_parameters(&self.model.discriminator)];
                let [generator, discriminator] = layers(networks).await?;
                Ok(Answer::Tensors { generator, discriminator })
            }
            _ => Err(Error::Unsupported {
                what: "this view".into(),
                reason: "it is for points in the plane, not for pictures".into(),
            }),
        }
    }

    /// Real and made pictures with what the discriminator thinks of each.
    async fn scores(&self, count: usize, seed: u32, label: Option<usize>) -> Result<Answer> {
        let look = self.look(bounded("count", count, MAX_COUNT)?, seed, Purpose::Sample, self.known(label)?);
        let mut values = read(look.register(Transaction::default())).await?;
        values.truncate(3);
        let fake_scores = self.scores_of(&values.pop().unwrap_or_default());
        let real_scores = self.scores_of(&values.pop().unwrap_or_default());
        let fake =
            Scored { samples: self.wrap_made(values.pop().unwrap_or_default(), look.asked), scores: fake_scores };
        let real = Scored { samples: self.wrap(look.real.values, look.real.labels), scores: real_scores };
        Ok(Answer::Scores { real, fake })
    }

    /// Everything needed to continue to the last bit: weights, average, optimisers, step, settings, the visitor's pictures.
    pub async fn save(&self) -> Result<Vec<u8>> {
        let model = &self.model;
        let parts = [
            ("generator", named_parameters(&model.generator)),
            ("discriminator", named_parameters(&model.discriminator)),
            ("average", named_parameters(&model.average)),
            ("optimizer_g", model.optimizer_g.state()),
            ("optimizer_d", model.optimizer_d.state()),
        ];
        let album = self.pictures.album();
        let header = Header {
            config: self.config.clone(),
            step: model.step,
            optimizer_steps: [model.optimizer_g.steps(), model.optimizer_d.steps()],
            album: album.map(|album| album.head()),
        };
        file::write(self.family, &header, parts, album.map_or_else(Arrays::new, album_arrays)).await
    }

    /// The run that [`PicturesSession::save`] wrote.
    pub(super) fn open(mut file: SessionFile, device: &Device) -> Result<Self> {
        let header: Header = file.header()?;
        let config = PicturesConfig::new(file.settings()?).map_err(Error::session)?;
        let pictures = match header.album {
            Some(head) => Pictures::of(file.album(head, config.side)?, config.augment),
            None => config.dataset.open(Own::Nothing, config.side, config.augment, false).map_err(Error::session)?,
        };
        let mut session = Self::on(file.family, pictures, config, device).map_err(Error::session)?;
        let model = &mut session.model;
        model.generator = file.load("generator", &model.generator)?;
        model.discriminator = file.load("discriminator", &model.discriminator)?;
        model.average = file.load("average", &model.average)?;
        let [steps_g, steps_d] = header.optimizer_steps;
        model.optimizer_g = file.optimizer("optimizer_g", steps_g, &model.generator, device)?;
        model.optimizer_d = file.optimizer("optimizer_d", steps_d, &model.discriminator, device)?;
        model.step = header.step;
        Ok(session)
    }
}

impl Look {
    /// Registers made pictures, whether real and made ones are real, and which class each shows.
    fn register(&self, transaction: Transaction) -> Transaction {
        let sources = self.source.iter().chain(self.class.iter().flatten()).cloned();
        sources.fold(transaction.register(self.made.clone()), Transaction::register)
    }
}

/// Share of pictures whose largest logit is their class's.
fn accuracy(logits: &[f32], labels: &[usize], classes: usize) -> f32 {
    let largest = |row: &[f32]| (0..classes).max_by(|a, b| row[*a].total_cmp(&row[*b]));
    let right = logits.chunks(classes).zip(labels).filter(|(row, label)| largest(row) == Some(**label)).count();
    right as f32 / labels.len().max(1) as f32
}
