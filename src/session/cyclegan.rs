//! A CycleGAN run: steps with their losses read back, and the files it writes.

use burn::tensor::{Device, Tensor, TensorData, Transaction};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};

use super::read;
use crate::error::{Error, Result};
use crate::models::cyclegan::ResnetGenerator;
use crate::nn::optim::Optimizer;
use crate::nn::params::{NamedTensor, load_parameters, named_parameters};
use crate::training::cyclegan::{CycleGan, CycleGanConfig, CycleGanLosses};
use crate::weights::{Array, Arrays, cyclegan, safetensors};

/// Written into every checkpoint; another version is refused, not guessed at.
const FORMAT: &str = "gan-atelier-cyclegan-1";

/// One step's losses, in the order fool, cycle, identity, discriminator a, discriminator b.
pub type Losses = [f32; 5];

#[derive(Debug)]
pub struct CycleGanSession {
    pub config: CycleGanConfig,
    pub model: CycleGan,
    device: Device,
}

#[derive(Serialize, Deserialize)]
struct Header {
    config: CycleGanConfig,
    step: u32,
    optimizer_steps: [u32; 2],
}

impl CycleGanSession {
    pub fn start(config: CycleGanConfig, device: &Device) -> Self {
        Self { model: CycleGan::new(&config, device), config, device: device.clone() }
    }

    /// One step on one picture of each domain: `3 side side` numbers in [-1, 1], channel after channel.
    pub async fn step(&mut self, real_a: Vec<f32>, real_b: Vec<f32>) -> Result<Losses> {
        let upload = |picture| {
            Tensor::from_data(TensorData::new(picture, [1, 3, self.config.side, self.config.side]), &self.device)
        };
        let losses = self.model.train_step(&self.config, upload(real_a), upload(real_b));
        let CycleGanLosses { fool, cycle, identity, discriminator_a, discriminator_b } = losses;
        let all = Tensor::cat(vec![fool, cycle, identity, discriminator_a, discriminator_b], 0);
        let values = read(Transaction::default().register(all)).await?.pop().unwrap_or_default();
        match <Losses>::try_from(values) {
            Ok(losses) if losses.iter().all(|loss| loss.is_finite()) => Ok(losses),
            _ => Err(Error::Diverged { step: self.model.step }),
        }
    }

    /// The averaged generator of a direction as a weights file: f16, published names.
    pub async fn export(&self, generator: &ResnetGenerator, direction: &str) -> Result<Vec<u8>> {
        let parameters = host(named_parameters(generator)).await?.into_iter().map(|(_, array)| array).collect();
        let arrays = cyclegan::arrays(&self.config.generator, parameters, &self.device)?;
        let entry = |key: &str, value: String| (key.to_string(), value);
        let metadata = HashMap::from([
            entry("direction", direction.into()),
            entry("upsample", format!("{:?}", self.config.generator.upsample).to_lowercase()),
            entry("steps", self.model.step.to_string()),
        ]);
        safetensors::write_f16(&arrays, metadata)
    }

    /// Everything needed to continue to the last bit.
    pub async fn save(&self) -> Result<Vec<u8>> {
        let model = &self.model;
        let pool = |pictures: &[Tensor<4>]| {
            let named = |(at, picture): (usize, &Tensor<4>)| {
                let shape = picture.dims().to_vec();
                let elements = shape.iter().product::<usize>();
                NamedTensor { name: at.to_string(), shape, value: picture.clone().reshape([elements]) }
            };
            pictures.iter().enumerate().map(named).collect()
        };
        let parts: [(&str, Vec<NamedTensor>); 7] = [
            ("generators", named_parameters(&model.generators)),
            ("discriminators", named_parameters(&model.discriminators)),
            ("average", named_parameters(&model.average)),
            ("optimizer_g", model.optimizer_g.state()),
            ("optimizer_d", model.optimizer_d.state()),
            ("pool_a", pool(&model.pool_a)),
            ("pool_b", pool(&model.pool_b)),
        ];
        let mut arrays = Arrays::new();
        for (part, tensors) in parts {
            arrays.extend(host(tensors).await?.into_iter().map(|(name, array)| (format!("{part}.{name}"), array)));
        }
        let optimizer_steps = [model.optimizer_g.steps(), model.optimizer_d.steps()];
        let header = Header { config: self.config.clone(), step: model.step, optimizer_steps };
        let header = serde_json::to_string(&header).map_err(|e| Error::Internal { message: e.to_string() })?;
        safetensors::write_f32(&arrays, HashMap::from([("format".into(), FORMAT.into()), ("session".into(), header)]))
    }

    /// The run that [`CycleGanSession::save`] wrote.
    pub fn open(bytes: &[u8], device: &Device) -> Result<Self> {
        let metadata = safetensors::metadata(bytes).map_err(Error::session)?;
        if metadata.get("format").map(String::as_str) != Some(FORMAT) {
            return Err(Error::session("it was not written by this version's CycleGAN trainer"));
        }
        let header = metadata.get("session").ok_or_else(|| Error::session("it has no header"))?;
        let header: Header = serde_json::from_str(header).map_err(Error::session)?;
        let mut parts: BTreeMap<String, Arrays> = BTreeMap::new();
        for (name, array) in safetensors::read(bytes).map_err(Error::session)? {
            let (part, rest) = name.split_once('.').unwrap_or(("", &name));
            parts.entry(part.to_string()).or_default().insert(rest.to_string(), array);
        }
        let mut values = |part: &str| -> BTreeMap<String, Vec<f32>> {
            parts.remove(part).unwrap_or_default().into_iter().map(|(name, array)| (name, array.values)).collect()
        };
        let mut session = Self::start(header.config, device);
        let side = session.config.side;
        let model = &mut session.model;
        model.generators = load_parameters(model.generators.clone(), values("generators")).map_err(Error::session)?;
        model.discriminators =
            load_parameters(model.discriminators.clone(), values("discriminators")).map_err(Error::session)?;
        model.average = load_parameters(model.average.clone(), values("average")).map_err(Error::session)?;
        let [steps_g, steps_d] = header.optimizer_steps;
        model.optimizer_g = Optimizer::from_state(steps_g, values("optimizer_g"), device)?;
        model.optimizer_d = Optimizer::from_state(steps_d, values("optimizer_d"), device)?;
        model.pool_a = pool(values("pool_a"), side, device)?;
        model.pool_b = pool(values("pool_b"), side, device)?;
        model.step = header.step;
        Ok(session)
    }
}

/// The tensors' values, read back together.
async fn host(tensors: Vec<NamedTensor>) -> Result<Vec<(String, Array)>> {
    if tensors.is_empty() {
        return Ok(Vec::new());
    }
    let (names, values): (Vec<_>, Vec<_>) = tensors.into_iter().map(|t| ((t.name, t.shape), t.value)).unzip();
    let values = read(values.into_iter().fold(Transaction::default(), Transaction::register)).await?;
    Ok(names.into_iter().zip(values).map(|((name, shape), values)| (name, Array { shape, values })).collect())
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
