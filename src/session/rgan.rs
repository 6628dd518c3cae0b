//! A run of the recurrent GAN.

use burn::tensor::{Device, Tensor, Transaction};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::export::{Leaving, settings};
use super::file::{self, SessionFile, host_named};
use super::inspect::{Answer, Question, Scored, layers};
use super::read;
use super::report::{Report, read_losses};
use super::samples::{SampleRequest, Samples, bounded, latents};
use crate::data::Own;
use crate::data::series::Series;
use crate::data::table::reading::Taken;
use crate::data::waves::{Drawn, WaveDataset, Waves};
use crate::error::{Error, Result};
use crate::nn::params::named_parameters;
use crate::onnx::Recurrent;
use crate::rng::{Purpose, Stream};
use crate::training::metrics::{Evidence, mmd2, spread_ratio, state};
use crate::training::rgan::{Rgan, RganConfig, latent_numbers, noise_left, remedy};
use crate::training::{Family, Turn};
use crate::weights::{Array, Arrays, pytorch};

/// Sequences probed for a report.
const PROBE: usize = 64;

/// At most this many sequences at once: a request from a page is bounded before anything is allocated.
const MAX_COUNT: usize = 4_096;

#[derive(Debug)]
pub struct RganSession {
    pub config: RganConfig,
    pub model: Rgan,
    pub data: Waves,
}

/// What a session file says besides its tensors.
#[derive(Serialize, Deserialize)]
struct Header {
    config: RganConfig,
    step: u32,
    optimizer_steps: [u32; 2],
    /// Names of the classes of a visitor's series.
    #[serde(default)]
    classes: Vec<String>,
    /// How a visitor's series were found in a table, and how many there were.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    table: Option<Box<Taken>>,
}

/// Made sequences and both sides' logits, still on the device.
struct Look {
    real: Drawn,
    made: Tensor<3>,
    labels: Vec<usize>,
    logits: [Tensor<3>; 2],
}

impl RganSession {
    /// A fresh run: the defaults with `changes`, on our waves or on a visitor's own.
    pub fn start(changes: &Map<String, Value>, own: Own, device: &Device) -> Result<Self> {
        let config = RganConfig::new(changes)?;
        if config.latent_dim + config.held_dim == 0 {
            return Err(Error::config("latent_dim", 0, "the generator needs some noise: this or `held_dim` above 0"));
        }
        let data = config.dataset.open(own, config.sequence_length)?;
        Ok(Self { model: Rgan::new(&config, &data, device), config, data })
    }

    /// Changes settings while the run goes on; only live ones.
    pub fn tune(&mut self, changes: &Map<String, Value>) -> Result<()> {
        self.config = self.config.changed(changes, true)?;
        Ok(())
    }

    /// `n` training steps and one readback. A loss that is not finite is [`Error::Diverged`].
    pub async fn step(&mut self, n: u32, turn: Turn) -> Result<Report> {
        let first = self.model.step;
        let (mut losses_d, mut losses_g) = (Vec::new(), Vec::new());
        for _ in 0..n {
            let losses = self.model.train_step(&self.config, &self.data, turn);
            losses_d.extend(losses.discriminator);
            losses_g.extend(losses.generator);
        }
        let look = self.look(PROBE, 0, Purpose::Metrics, None);
        let others = look.register(Transaction::default());
        let ([loss_d, loss_g], values) = read_losses(first, [losses_d, losses_g], others).await?;
        let metrics = self.figures(&look.real.values, values);
        Ok(Report { step: self.model.step, loss_d, loss_g, metrics })
    }

    /// The same latents for the same seed, so that what is shown moves only when the networks do.
    fn look(&self, count: usize, seed: u32, purpose: Purpose, label: Option<usize>) -> Look {
        let (length, seed) = (self.config.sequence_length, seed as u64);
        let labels = self.turns(count, label);
        let mut stream = Stream::new(seed, purpose, 0);
        // Class for class beside the made ones.
        let mut real = self.data.draw(if labels.is_empty() { count } else { 0 }, None, &mut stream);
        for label in &labels {
            let Drawn { values, labels } = self.data.draw(1, Some(*label), &mut stream);
            real.values.extend(values);
            real.labels.extend(labels);
        }
        let latent = self.model.latent(&self.config, count, &mut Stream::new(seed, purpose, 1));
        let made = self.model.make(latent, self.model.condition(&labels, length));
        let logits_real = {
            let sequences = self.model.sequences(real.values.clone(), length);
            self.model.judge(sequences, self.model.condition(&real.labels, length))
        };
        let logits_made = self.model.judge(made.clone(), self.model.condition(&labels, length));
        Look { real, made: made.swap_dims(0, 1), labels, logits: [logits_real, logits_made] }
    }

    /// One class, or all in turn; none where the networks see none.
    fn turns(&self, count: usize, label: Option<usize>) -> Vec<usize> {
        match self.model.classes() {
            0 => Vec::new(),
            classes => (0..count).map(|at| label.unwrap_or(at % classes)).collect(),
        }
    }

    fn figures(&self, real: &[f32], mut values: Vec<Vec<f32>>) -> Map<String, Value> {
        let score = |logits: Option<Vec<f32>>| {
            let logits = logits.unwrap_or_default();
            logits.iter().map(|l| self.config.loss.probability(*l)).sum::<f32>() / logits.len().max(1) as f32
        };
        let (score_fake, score_real) = (score(values.pop()), score(values.pop()));
        let made = values.pop().unwrap_or_default();
        let size = self.config.sequence_length * self.data.dims();
        let evidence = Evidence {
            step: self.model.step,
            score_real,
            score_fake,
            spread: spread_ratio(&made, real, size),
            modes: None,
            noise_left: noise_left(&self.config, self.model.step),
        };
        let state = state(&evidence);
        let contest = json!({ "state": state, "remedy": remedy(&self.config, state) });
        let figures = json!({
            "score_real": score_real,
            "score_fake": score_fake,
            "mmd2": mmd2(real, &made, size),
            "contest": contest,
        });
        figures.as_object().cloned().unwrap_or_default()
    }

    /// Works of the averaged generator, in the unit of the data.
    pub async fn sample(&self, request: &SampleRequest) -> Result<Samples> {
        let numbers = latent_numbers(&self.config);
        let unit = || {
            format!(
                "the latent numbers of a sequence are {numbers}: {} held, then {} a step",
                self.config.held_dim, self.config.latent_dim
            )
        };
        let draw = |numbers| Stream::new(request.seed as u64, Purpose::Sample, 1).normals(numbers);
        let (latent, count) = latents(request, (numbers, MAX_COUNT), unit, draw)?;
        let labels = self.turns(count, self.known(request.label)?);
        let latent = self.model.upload_latent(&self.config, count, &latent);
        let made = self.model.make(latent, self.model.condition(&labels, self.config.sequence_length)).swap_dims(0, 1);
        let values = read(Transaction::default().register(made)).await?.pop().unwrap_or_default();
        Ok(self.wrap(values, labels))
    }

    /// The averaged generator, to leave for other software.
    pub(super) async fn leaving(&self) -> Result<Leaving> {
        let plan = Recurrent {
            own: self.config.latent_dim,
            held: self.config.held_dim,
            steps: self.config.sequence_length,
            classes: self.model.classes(),
            scale: self.data.scale().to_vec(),
        };
        Ok(Leaving {
            plan: Box::new(plan),
            arrays: pytorch::recurrent(host_named(&self.model.average).await?),
            family: Family::Rgan,
            config: settings(&self.config),
            steps: self.model.step,
        })
    }

    /// A class that there is.
    fn known(&self, label: Option<usize>) -> Result<Option<usize>> {
        let classes = self.model.classes();
        match label {
            Some(label) if classes == 0 => Err(Error::config("label", label, "these networks see no classes")),
            Some(label) if label >= classes => {
                Err(Error::config("label", label, format!("expected 0 to {}", classes - 1)))
            }
            label => Ok(label),
        }
    }

    fn wrap(&self, mut values: Vec<f32>, labels: Vec<usize>) -> Samples {
        self.data.restore(&mut values);
        Samples::Sequences { values, shape: [self.config.sequence_length, self.data.dims()], labels }
    }

    pub async fn inspect(&self, question: Question) -> Result<Answer> {
        match question {
            Question::Scores { count, seed, label } => self.scores(count, seed, label).await,
            Question::Real { count, seed } => {
                let count = bounded("count", count, MAX_COUNT)?;
                let Drawn { values, labels } =
                    self.data.draw(count, None, &mut Stream::new(seed as u64, Purpose::Sample, 0));
                Ok(Answer::Samples(self.wrap(values, labels)))
            }
            Question::Tensors => {
                let networks = [named_parameters(&self.model.generator), named_parameters(&self.model.discriminator)];
                let [generator, discriminator] = layers(networks).await?;
                Ok(Answer::Tensors { generator, discriminator })
            }
            _ => Err(Error::Unsupported {
                what: "this view".into(),
                reason: "it is for points in the plane, not for sequences".into(),
            }),
        }
    }

    /// Real and made sequences with what the discriminator thinks of each: the mean over its steps.
    async fn scores(&self, count: usize, seed: u32, label: Option<usize>) -> Result<Answer> {
        let count = bounded("count", count, MAX_COUNT)?;
        let look = self.look(count, seed, Purpose::Sample, self.known(label)?);
        let mut values = read(look.register(Transaction::default())).await?;
        // Logits come step by step, each step for all sequences.
        let mean = |logits: Vec<f32>| {
            let total = |at: usize| {
                logits.iter().skip(at).step_by(count).map(|l| self.config.loss.probability(*l)).sum::<f32>()
            };
            (0..count).map(|at| total(at) / self.config.sequence_length as f32).collect::<Vec<f32>>()
        };
        let made_scores = mean(values.pop().unwrap_or_default());
        let real_scores = mean(values.pop().unwrap_or_default());
        let fake = Scored { samples: self.wrap(values.pop().unwrap_or_default(), look.labels), scores: made_scores };
        let real = Scored { samples: self.wrap(look.real.values, look.real.labels), scores: real_scores };
        Ok(Answer::Scores { real, fake })
    }

    /// Everything needed to continue to the last bit: weights, average, optimisers, step, settings, the visitor's series.
    pub async fn save(&self) -> Result<Vec<u8>> {
        let model = &self.model;
        let parts = [
            ("generator", named_parameters(&model.generator)),
            ("discriminator", named_parameters(&model.discriminator)),
            ("average", named_parameters(&model.average)),
            ("optimizer_g", model.optimizer_g.state()),
            ("optimizer_d", model.optimizer_d.state()),
        ];
        let optimizer_steps = [model.optimizer_g.steps(), model.optimizer_d.steps()];
        let classes = self.data.own().map(|own| own.series.classes.clone()).unwrap_or_default();
        let table = self.data.own().and_then(|own| own.series.taken.clone());
        let header = Header { config: self.config.clone(), step: model.step, optimizer_steps, classes, table };
        file::write(Family::Rgan, &header, parts, self.own_series()).await
    }

    fn own_series(&self) -> Arrays {
        let Some(own) = self.data.own() else { return Arrays::new() };
        let Series { values, count, steps, dims, labels, .. } = &own.series;
        let mut arrays = Arrays::new();
        arrays.insert("data.values".into(), Array { shape: vec![*count, *steps, *dims], values: values.clone() });
        if !labels.is_empty() {
            let values = labels.iter().map(|label| *label as f32).collect();
            arrays.insert("data.labels".into(), Array { shape: vec![*count], values });
        }
        arrays
    }

    /// The run that [`RganSession::save`] wrote.
    pub(super) fn open(mut file: SessionFile, device: &Device) -> Result<Self> {
        let header: Header = file.header()?;
        let own = own(&mut file, &header)?;
        let mut session = Self::start(file.settings()?, own, device).map_err(Error::session)?;
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
    /// Registers made sequences, logits of real ones, logits of made ones.
    fn register(&self, transaction: Transaction) -> Transaction {
        let [real, made] = self.logits.clone();
        transaction.register(self.made.clone()).register(real).register(made)
    }
}

/// The visitor's series in a file.
fn own(file: &mut SessionFile, header: &Header) -> Result<Own> {
    if !matches!(header.config.dataset, WaveDataset::Curves | WaveDataset::Series) {
        return Ok(Own::Nothing);
    }
    let mut arrays = file.arrays("data");
    let values = arrays.remove("values").ok_or_else(|| Error::session("its series are missing"))?;
    let shape = <[usize; 3]>::try_from(values.shape).map_err(|_| Error::session("its series have another shape"))?;
    let labels = arrays.remove("labels").map(|labels| labels.values.iter().map(|label| *label as usize).collect());
    let (labels, classes) = (labels.unwrap_or_default(), header.classes.clone());
    let series = Series::of_classes(values.values, shape, labels, classes).map_err(Error::session)?;
    let brought = header.table.as_ref().and_then(|taken| taken.brought);
    Ok(Own::Series(Series { taken: header.table.clone(), brought, ..series }))
}
