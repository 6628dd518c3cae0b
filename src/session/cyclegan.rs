//! A run of CycleGAN: steps with their losses read back, rows of pictures there and back, and the files it writes.

use burn::module::Module;
use burn::tensor::{Device, Tensor, TensorData, Transaction};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, HashMap};

use super::export::{Leaving, settings};
use super::file::{self, SessionFile, host_named};
use super::inspect::{Answer, Layer, Question, Scored, layers};
use super::read;
use super::report::{Report, Unread, read_losses};
use super::samples::{SampleRequest, Samples, bounded};
use crate::data::pairs::{Folder, PairedDataset, Pairs};
use crate::data::{Description, Own};
use crate::error::{Error, Result};
use crate::nn::params::{NamedTensor, named_parameters};
use crate::onnx::Translator;
use crate::rng::{Purpose, Stream};
use crate::training::cyclegan::{CycleGan, CycleGanConfig, Generators};
use crate::training::{Family, Turn};
use crate::weights::{Array, Arrays, cyclegan, safetensors};

/// The rows of a look: a picture of each domain, its translation, and back.
pub const ROWS: [&str; 6] = ["a", "fake_b", "rec_a", "b", "fake_a", "rec_b"];

/// Pictures of each domain looked at in one go.
const MAX_COUNT: usize = 256;

/// One step's losses, in the order fool, cycle, identity, discriminator a, discriminator b.
pub type Losses = [f32; 5];

#[derive(Debug)]
pub struct CycleGanSession {
    pub config: CycleGanConfig,
    pub model: CycleGan,
    /// None where whoever trains brings the pictures with every step.
    pairs: Option<Pairs>,
    device: Device,
}

#[derive(Serialize, Deserialize)]
struct Header {
    config: CycleGanConfig,
    step: u32,
    optimizer_steps: [u32; 2],
    /// Of how many pictures of the visitor's these were chosen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    brought: Option<usize>,
}

impl CycleGanSession {
    /// A fresh run: the defaults with `changes`, on our pictures or on a visitor's own.
    pub fn start(changes: &Map<String, Value>, own: Own, device: &Device) -> Result<Self> {
        let config = CycleGanConfig::default().changed(changes, false)?;
        let pairs = config.dataset.open(own, config.side)?;
        Ok(Self { pairs: Some(pairs), ..Self::without_pictures(config, device) })
    }

    /// A run whose pictures come with every [`CycleGanSession::step_on`].
    pub fn without_pictures(config: CycleGanConfig, device: &Device) -> Self {
        Self { model: CycleGan::new(&config, device), config, pairs: None, device: device.clone() }
    }

    /// Changes settings while the run goes on; only live ones.
    pub fn tune(&mut self, changes: &Map<String, Value>) -> Result<()> {
        self.config = self.config.changed(changes, true)?;
        Ok(())
    }

    /// One step on pictures from elsewhere: `3 side side` numbers in [-1, 1], channel after channel.
    pub async fn step_on(&mut self, real: [Vec<f32>; 2]) -> Result<Losses> {
        let first = self.model.step;
        let losses = self.losses(real, Turn::Both).map(Vec::from_iter);
        let ([of_d, of_g], _) = read_losses(first, losses, Transaction::default()).await?;
        <Losses>::try_from([of_g, of_d].concat())
            .map_err(|losses| Error::Internal { message: format!("{} losses of a step", losses.len()) })
    }

    /// `n` steps.
    pub fn advance(&mut self, n: u32, turn: Turn) -> Result<Unread> {
        let before = self.model.step;
        let mut losses = [Vec::new(), Vec::new()];
        for _ in 0..n {
            let mut random = Stream::new(self.config.seed as u64, Purpose::Batch, self.model.step as u64);
            let real = self.pairs()?.draw(self.config.batch_size, self.config.side, &mut random);
            let [of_d, of_g] = self.losses(real, turn);
            losses[0].extend(of_d);
            losses[1].extend(of_g);
        }
        Ok(Unread { before, losses })
    }

    /// One readback of steps.
    pub async fn report(&self, Unread { before, losses }: Unread) -> Result<Report> {
        let ([of_d, of_g], _) = read_losses(before, losses, Transaction::default()).await?;
        let steps = || of_g.chunks(3);
        let loss_g = steps().map(|step| step[0] / 2.0).collect();
        let loss_d = of_d.chunks(2).map(|step| (step[0] + step[1]) / 2.0).collect();
        let mut metrics = Map::new();
        if !of_g.is_empty() {
            let mean = |at: usize| steps().map(|step| step[at] / 2.0).sum::<f32>() / steps().count() as f32;
            metrics.insert("cycle".into(), json!(mean(1)));
            if self.config.lambda_identity > 0.0 {
                metrics.insert("identity".into(), json!(mean(2)));
            }
        }
        Ok(Report { step: self.model.step, loss_d, loss_g, metrics })
    }

    /// The losses of one step: two of the discriminators, three of the generators, as far as they learned.
    fn losses(&mut self, real: [Vec<f32>; 2], turn: Turn) -> [Option<Tensor<1>>; 2] {
        let real = real.map(|values| self.upload(values));
        let losses = self.model.train_step(&self.config, real, turn);
        let joined = |losses: Vec<Tensor<1>>| Tensor::cat(losses, 0);
        [losses.discriminators.map(Vec::from).map(joined), losses.generators.map(Vec::from).map(joined)]
    }

    pub fn describe(&self) -> Description {
        let (count, brought) = match &self.pairs {
            Some(Pairs::Own { folders, brought }) => (Some(folders.iter().map(Folder::count).sum()), *brought),
            _ => (None, None),
        };
        Description { count, brought, ..self.config.dataset.describe(self.config.side) }
    }

    fn pairs(&self) -> Result<&Pairs> {
        let missing = "the pictures that it learned from are not part of this file";
        self.pairs.as_ref().ok_or_else(|| Error::data(missing, "data"))
    }

    fn upload(&self, values: Vec<f32>) -> Tensor<4> {
        let side = self.config.side;
        let count = values.len() / (3 * side * side);
        Tensor::from_data(TensorData::new(values, [count, 3, side, side]), &self.device)
    }

    /// `count` pictures of each domain through the averaged generators, in the order of [`ROWS`].
    fn rows(&self, count: usize, seed: u32) -> Result<[Tensor<4>; 6]> {
        let count = bounded("count", count, MAX_COUNT)?;
        let mut random = Stream::new(seed as u64, Purpose::Sample, 0);
        let [a, b] = self.pairs()?.draw(count, self.config.side, &mut random).map(|values| self.upload(values));
        let Generators { generator_ab, generator_ba } = &self.model.average;
        let (fake_b, fake_a) = (generator_ab.forward(a.clone()), generator_ba.forward(b.clone()));
        let (rec_a, rec_b) = (generator_ba.forward(fake_b.clone()), generator_ab.forward(fake_a.clone()));
        Ok([a, fake_b, rec_a, b, fake_a, rec_b])
    }

    pub async fn sample(&self, request: &SampleRequest) -> Result<Samples> {
        let rows = Tensor::cat(self.rows(request.count, request.seed)?.into(), 0);
        self.wrap(&ROWS, read(Transaction::default().register(flat(rows))).await?.pop().unwrap_or_default())
    }

    fn wrap(&self, names: &'static [&'static str], values: Vec<f32>) -> Result<Samples> {
        Ok(Samples::Rows { names, values, side: self.config.side })
    }

    pub async fn inspect(&self, question: Question) -> Result<Answer> {
        match question {
            Question::Scores { count, seed, .. } => self.scores(count, seed).await,
            Question::Real { count, seed } => {
                let mut random = Stream::new(seed as u64, Purpose::Sample, 0);
                let real = self.pairs()?.draw(bounded("count", count, MAX_COUNT)?, self.config.side, &mut random);
                Ok(Answer::Samples(self.wrap(&["a", "b"], real.concat())?))
            }
            Question::Tensors => self.tensors().await,
            _ => Err(Error::Unsupported {
                what: "this view".into(),
                reason: "it is for points in the plane, not for pictures".into(),
            }),
        }
    }

    /// What the discriminator of its domain thinks of each picture of the rows: the mean over its patches, 1 for real.
    async fn scores(&self, count: usize, seed: u32) -> Result<Answer> {
        let rows = self.rows(count, seed)?;
        let judges = self.model.discriminators.valid();
        let scores = rows.iter().zip(ROWS).map(|(row, name)| {
            let judge = if name.ends_with('a') { &judges.discriminator_a } else { &judges.discriminator_b };
            judge.forward(row.clone()).mean_dim(3).mean_dim(2).reshape([row.dims()[0]])
        });
        let scores = Tensor::cat(scores.collect(), 0);
        let pictures = flat(Tensor::cat(rows.into(), 0));
        let mut values = read(Transaction::default().register(pictures).register(scores)).await?;
        let scores = values.pop().unwrap_or_default();
        let samples = self.wrap(&ROWS, values.pop().unwrap_or_default())?;
        Ok(Answer::Rows(Scored { samples, scores }))
    }

    async fn tensors(&self) -> Result<Answer> {
        let networks = [named_parameters(&self.model.generators), named_parameters(&self.model.discriminators)];
        let [generator, discriminator]: [Vec<Layer>; 2] = layers(networks).await?;
        Ok(Answer::Tensors { generator, discriminator })
    }

    /// The averaged generator into a domain as a weights file: f16, published names.
    pub async fn export(&self, domain: &str) -> Result<Vec<u8>> {
        let (direction, arrays) = self.published(domain).await?;
        let config = self.config.generator();
        let upsample = format!("{:?}", config.upsample).to_lowercase();
        let metadata = [
            ("direction", direction.to_string()),
            ("upsample", upsample),
            ("steps", self.model.step.to_string()),
            ("family", "cyclegan".into()),
            ("generator", json!(config).to_string()),
        ];
        safetensors::write_f16(&arrays, HashMap::from(metadata.map(|(key, value)| (key.to_string(), value))))
    }

    /// The same, to leave for other software.
    pub(super) async fn leaving(&self, domain: &str) -> Result<Leaving> {
        Ok(Leaving {
            plan: Box::new(Translator { config: self.config.generator() }),
            arrays: self.published(domain).await?.1,
            family: Family::Cyclegan,
            config: settings(&self.config),
            steps: self.model.step,
        })
    }

    /// The averaged generator into a domain by published names.
    async fn published(&self, domain: &str) -> Result<(&'static str, Arrays)> {
        let Generators { generator_ab, generator_ba } = &self.model.average;
        let (direction, generator) = if domain == "a" { ("ba", generator_ba) } else { ("ab", generator_ab) };
        let parameters = host_named(generator).await?.into_iter().map(|(_, array)| array).collect();
        Ok((direction, cyclegan::arrays(&self.config.generator(), parameters, &self.device)?))
    }

    pub async fn save(&self) -> Result<Vec<u8>> {
        let model = &self.model;
        let pool = |pictures: &[Tensor<4>]| {
            let named = |(at, picture): (usize, &Tensor<4>)| NamedTensor {
                name: at.to_string(),
                shape: picture.dims().to_vec(),
                value: flat(picture.clone()),
            };
            pictures.iter().enumerate().map(named).collect()
        };
        let parts = [
            ("generators", named_parameters(&model.generators)),
            ("discriminators", named_parameters(&model.discriminators)),
            ("average", named_parameters(&model.average)),
            ("optimizer_g", model.optimizer_g.state()),
            ("optimizer_d", model.optimizer_d.state()),
            ("pool_a", pool(&model.pool_a)),
            ("pool_b", pool(&model.pool_b)),
        ];
        let optimizer_steps = [model.optimizer_g.steps(), model.optimizer_d.steps()];
        let brought = self.describe().brought;
        let header = Header { config: self.config.clone(), step: model.step, optimizer_steps, brought };
        file::write(Family::Cyclegan, &header, parts, self.own_pictures()).await
    }

    fn own_pictures(&self) -> Arrays {
        let Some(Pairs::Own { folders, .. }) = &self.pairs else { return Arrays::new() };
        let array = |folder: &Folder| {
            let values: Vec<f32> = folder.pixels.iter().map(|pixel| *pixel as f32).collect();
            Array { shape: vec![values.len()], values }
        };
        ["data.a", "data.b"].into_iter().map(String::from).zip(folders.iter().map(array)).collect()
    }

    /// The run that [`CycleGanSession::save`] wrote.
    pub(super) fn open(mut file: SessionFile, device: &Device) -> Result<Self> {
        let header: Header = file.header()?;
        let config = CycleGanConfig::default().changed(file.settings()?, false).map_err(Error::session)?;
        let side = config.side;
        let pairs = match (config.dataset, file.take("data")) {
            (PairedDataset::Horses, _) => Some(Pairs::Horses),
            (PairedDataset::Own, data) if data.is_empty() => None,
            (PairedDataset::Own, data) => Some(Pairs::Own { folders: folders(data, side)?, brought: header.brought }),
        };
        let mut session = Self { pairs, ..Self::without_pictures(config, device) };
        let model = &mut session.model;
        model.generators = file.load("generators", &model.generators)?;
        model.discriminators = file.load("discriminators", &model.discriminators)?;
        model.average = file.load("average", &model.average)?;
        let [steps_g, steps_d] = header.optimizer_steps;
        model.optimizer_g = file.optimizer("optimizer_g", steps_g, &model.generators, device)?;
        model.optimizer_d = file.optimizer("optimizer_d", steps_d, &model.discriminators, device)?;
        model.pool_a = pool(file.take("pool_a"), side, device)?;
        model.pool_b = pool(file.take("pool_b"), side, device)?;
        model.step = header.step;
        Ok(session)
    }

    /// The run in a file of the native trainer.
    pub fn read(bytes: &[u8], device: &Device) -> Result<Self> {
        let file = SessionFile::read(bytes)?;
        match file.family {
            Family::Cyclegan => Self::open(file, device),
            other => Err(Error::session(format!("it holds a training of the family {other:?}"))),
        }
    }
}

fn flat(pictures: Tensor<4>) -> Tensor<1> {
    let elements = pictures.shape().num_elements();
    pictures.reshape([elements])
}

/// A file's two folders of pictures.
fn folders(mut data: BTreeMap<String, Vec<f32>>, side: usize) -> Result<[Folder; 2]> {
    let mut folder = |name: &str, place: &str| {
        let pixels = data.remove(name).unwrap_or_default().into_iter().map(|pixel| pixel as u32).collect();
        Folder::from_pixels(pixels, side, place).map_err(Error::session)
    };
    Ok([folder("a", "data.a")?, folder("b", "data.b")?])
}

/// Pictures by number.
fn pool(values: BTreeMap<String, Vec<f32>>, side: usize, device: &Device) -> Result<Vec<Tensor<4>>> {
    let mut pictures = values
        .into_iter()
        .map(|(name, values)| match name.parse::<usize>() {
            Ok(at) if values.len() == 3 * side * side => Ok((at, TensorData::new(values, [1, 3, side, side]))),
            _ => Err(Error::session(format!("a picture `{name}` of its pool is of another size"))),
        })
        .collect::<Result<Vec<_>>>()?;
    pictures.sort_by_key(|(at, _)| *at);
    Ok(pictures.into_iter().map(|(_, data)| Tensor::from_data(data, device)).collect())
}
