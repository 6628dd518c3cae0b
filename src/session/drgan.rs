//! A run of DR-GAN on our own faces.

use burn::module::Module;
use burn::tensor::{Device, Tensor, TensorData, Transaction};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::export::{Leaving, settings};
use super::file::{self, SessionFile, host_named};
use super::inspect::{Answer, Question, Scored, layers};
use super::read;
use super::report::{Report, Unread, read_losses};
use super::samples::{SampleRequest, Samples, bounded};
use crate::data::faces::{Person, View};
use crate::data::gallery::Portraits;
use crate::error::{Error, Result};
use crate::nn::params::named_parameters;
use crate::onnx::Turner;
use crate::rng::{Purpose, Stream};
use crate::training::drgan::{Drgan, DrganConfig, PARTS, SIDE, noise, probabilities};
use crate::training::{Family, Turn};
use crate::weights::drgan;

/// The rows of a look: one picture of each person, then the person turned to these degrees.
pub const ROWS: [&str; 8] = ["input", "-90", "-60", "-30", "0", "30", "60", "90"];

/// The degrees of [`ROWS`].
pub const YAWS: [f32; 7] = [-90.0, -60.0, -30.0, 0.0, 30.0, 60.0, 90.0];

/// People looked at in one go.
const MAX_COUNT: usize = 64;

#[derive(Debug)]
pub struct DrganSession {
    pub config: DrganConfig,
    pub model: Drgan,
    device: Device,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Header {
    pub config: DrganConfig,
    pub step: u32,
    pub optimizer_steps: [u32; 2],
    /// Whether it is the native trainer's, on photos.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub photos: bool,
}

impl DrganSession {
    /// A fresh run: the defaults with `changes`.
    pub fn start(changes: &Map<String, Value>, device: &Device) -> Result<Self> {
        let config = DrganConfig::default().changed(changes, false)?;
        Ok(Self { model: Drgan::new(&config, device), config, device: device.clone() })
    }

    /// Changes settings while the run goes on; only live ones.
    pub fn tune(&mut self, changes: &Map<String, Value>) -> Result<()> {
        self.config = self.config.changed(changes, true)?;
        Ok(())
    }

    /// `n` steps.
    pub fn advance(&mut self, n: u32, turn: Turn) -> Unread {
        let before = self.model.step;
        let (mut losses_d, mut losses_g) = (Vec::new(), Vec::new());
        for _ in 0..n {
            let losses = self.model.train_step(&self.config, turn);
            losses_d.extend(losses.discriminator);
            losses_g.extend(losses.generator);
        }
        Unread { before, losses: [losses_d, losses_g] }
    }

    /// One readback of steps.
    pub async fn report(&self, Unread { before, losses }: Unread) -> Result<Report> {
        let ([of_d, of_g], _) = read_losses(before, losses, Transaction::default()).await?;
        let totals = |values: &[f32], parts: usize| values.iter().step_by(parts).copied().collect();
        let metrics = figures(&of_d, &of_g);
        Ok(Report { step: self.model.step, loss_d: totals(&of_d, PARTS[0]), loss_g: totals(&of_g, PARTS[1]), metrics })
    }

    /// Pictures of people by number, each taken once at random.
    fn inputs(&self, people: &[usize], seed: u32) -> Portraits {
        Portraits::take(people.iter().copied(), 1, SIDE, &mut Stream::new(seed as u64, Purpose::Sample, 0))
    }

    /// The people shown: the first ones, or one of them in several pictures.
    fn people(&self, count: usize, only: Option<usize>) -> Result<Vec<usize>> {
        let count = bounded("count", count, MAX_COUNT)?;
        match only {
            Some(person) if person >= self.config.people => {
                Err(Error::config("label", person, format!("expected 0 to {}", self.config.people - 1)))
            }
            Some(person) => Ok(vec![person; count]),
            None => Ok((0..count).map(|at| at % self.config.people).collect()),
        }
    }

    /// Each picture turned to all [`YAWS`] by the averaged generator: all at the first yaw, all at the second, and so on.
    ///
    /// # Shapes
    /// pictures of `people` -> `[yaws people, 3, side, side]`
    fn turned(&self, inputs: &Portraits, seed: u32) -> Tensor<4> {
        let (count, rows) = (inputs.people.len(), YAWS.len());
        let pictures = Tensor::from_data(TensorData::new(inputs.values.clone(), [count, 3, SIDE, SIDE]), &self.device);
        let (features, _) = self.model.average.encoder.forward(pictures);
        let yaws = YAWS.iter().flat_map(|yaw| vec![yaw.to_radians(); count]).collect::<Vec<_>>();
        let numbers = noise(count * self.config.noise_dim, &mut Stream::new(seed as u64, Purpose::Sample, 1));
        let noise: Tensor<2> =
            Tensor::from_data(TensorData::new(numbers, [count, self.config.noise_dim]), &self.device);
        let yaws = Tensor::from_data(TensorData::new(yaws, [rows * count, 1]), &self.device);
        self.model.average.decoder.forward(features.repeat_dim(0, rows), yaws, noise.repeat_dim(0, rows))
    }

    /// Rows of `count` pictures, in the order of [`ROWS`].
    pub async fn sample(&self, request: &SampleRequest) -> Result<Samples> {
        let inputs = self.inputs(&self.people(request.count, request.label)?, request.seed);
        let made = self.turned(&inputs, request.seed);
        let made = read(Transaction::default().register(made)).await?.pop().unwrap_or_default();
        Ok(Samples::Rows { names: &ROWS, values: [inputs.values, made].concat(), side: SIDE })
    }

    /// The averaged encoder and decoder, to leave for other software.
    pub(super) async fn leaving(&self) -> Result<Leaving> {
        let average = &self.model.average;
        let mut arrays = drgan::arrays("encoder", host_named(&average.encoder).await?);
        arrays.extend(drgan::arrays("decoder", host_named(&average.decoder).await?));
        let plan = Turner { encoder: self.config.encoder(), decoder: self.config.decoder(), side: SIDE };
        Ok(Leaving {
            plan: Box::new(plan),
            arrays,
            family: Family::Drgan,
            config: settings(&self.config),
            steps: self.model.step,
        })
    }

    pub async fn inspect(&self, question: Question) -> Result<Answer> {
        match question {
            Question::Scores { count, seed, label } => self.scores(count, seed, label).await,
            Question::Real { count, seed } => Ok(Answer::Samples(self.real(bounded("count", count, MAX_COUNT)?, seed))),
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

    /// People as they are when drawn at the yaws of [`ROWS`], which is what the networks are to find out.
    fn real(&self, count: usize, seed: u32) -> Samples {
        let people: Vec<usize> = (0..count).map(|at| at % self.config.people).collect();
        let mut portraits = self.inputs(&people, seed);
        for yaw in YAWS {
            for number in &people {
                let view = View { yaw, ..View::FRONTAL };
                portraits.add(*number, &Person::numbered(*number as u32), &view, SIDE);
            }
        }
        Samples::Rows { names: &ROWS, values: portraits.values, side: SIDE }
    }

    /// What the discriminator's heads say of each picture of the rows.
    async fn scores(&self, count: usize, seed: u32, label: Option<usize>) -> Result<Answer> {
        let people = self.people(count, label)?;
        let inputs = self.inputs(&people, seed);
        let real =
            Tensor::from_data(TensorData::new(inputs.values.clone(), [people.len(), 3, SIDE, SIDE]), &self.device);
        let pictures = Tensor::cat(vec![real, self.turned(&inputs, seed)], 0);
        let opinion = self.model.discriminator.valid().forward(pictures.clone());
        let transaction = Transaction::default()
            .register(pictures)
            .register(opinion.real)
            .register(opinion.yaw)
            .register(opinion.identity);
        let mut values = read(transaction).await?.into_iter();
        let mut next = || values.next().unwrap_or_default();
        let samples = Samples::Rows { names: &ROWS, values: next(), side: SIDE };
        let scores = next().into_iter().map(|logit| 1.0 / (1.0 + (-logit).exp())).collect();
        let yaws = next().into_iter().map(f32::to_degrees).collect();
        let cosines = next();
        let of_right = |(at, row): (usize, &[f32])| probabilities(row)[people[at % people.len()]];
        let identities = cosines.chunks_exact(self.config.people).enumerate().map(of_right).collect();
        Ok(Answer::Faces { rows: Scored { samples, scores }, yaws, identities })
    }

    /// Everything needed to continue to the last bit.
    pub async fn save(&self) -> Result<Vec<u8>> {
        write(&self.config, &self.model, false).await
    }

    /// The run that [`DrganSession::save`] wrote.
    pub(super) fn open(mut file: SessionFile, device: &Device) -> Result<Self> {
        let header: Header = file.header()?;
        if header.photos {
            return Err(Error::session("it holds a training of the native trainer, on photos"));
        }
        let mut session = Self::start(file.settings()?, device).map_err(Error::session)?;
        restore(&mut session.model, &header, &mut file, device)?;
        Ok(session)
    }
}

/// A file with everything that a training consists of.
pub(super) async fn write(config: &DrganConfig, model: &Drgan, photos: bool) -> Result<Vec<u8>> {
    let parts = [
        ("generator", named_parameters(&model.generator)),
        ("discriminator", named_parameters(&model.discriminator)),
        ("average", named_parameters(&model.average)),
        ("optimizer_g", model.optimizer_g.state()),
        ("optimizer_d", model.optimizer_d.state()),
    ];
    let optimizer_steps = [model.optimizer_g.steps(), model.optimizer_d.steps()];
    let header = Header { config: config.clone(), step: model.step, optimizer_steps, photos };
    file::write(Family::Drgan, &header, parts, Default::default()).await
}

/// Puts what [`write`] wrote into fresh networks.
pub(super) fn restore(model: &mut Drgan, header: &Header, file: &mut SessionFile, device: &Device) -> Result<()> {
    model.generator = file.load("generator", &model.generator)?;
    model.discriminator = file.load("discriminator", &model.discriminator)?;
    model.average = file.load("average", &model.average)?;
    let [steps_g, steps_d] = header.optimizer_steps;
    model.optimizer_g = file.optimizer("optimizer_g", steps_g, &model.generator, device)?;
    model.optimizer_d = file.optimizer("optimizer_d", steps_d, &model.discriminator, device)?;
    model.step = header.step;
    Ok(())
}

/// The report's figures: what the discriminator thinks of real faces and of made ones.
fn figures(of_d: &[f32], of_g: &[f32]) -> Map<String, Value> {
    let mean = |values: &[f32], parts: usize, at: usize| {
        let steps = values.len() / parts;
        values.chunks_exact(parts).map(|step| step[at]).sum::<f32>() / steps as f32
    };
    let mut figures = Map::new();
    if !of_d.is_empty() {
        figures.insert("score_real".into(), json!(mean(of_d, PARTS[0], 4)));
    }
    if !of_g.is_empty() {
        let of = |at| mean(of_g, PARTS[1], at);
        // The geometric mean of the probability of the right person, and the root of the mean square.
        figures.insert("right_person".into(), json!((-of(1)).exp()));
        figures.insert("yaw_error".into(), json!(of(2).sqrt().to_degrees()));
        figures.insert("score_fake".into(), json!(of(4)));
        figures.insert("reconstruction".into(), json!(of(5)));
    }
    figures
}
