//! A training session: a run of a family that can be stepped, looked at, changed, saved and continued exactly.

use burn::tensor::{Device, Tensor, TensorData, Transaction};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, HashMap};

use super::read;
use super::report::{Report, reduce};
use crate::data::Data;
use crate::error::{Error, Result};
use crate::nn::optim::Optimizer;
use crate::nn::params::{NamedTensor, load_parameters, named_parameters};
use crate::rng::{Purpose, Stream};
use crate::training::config::GanConfig;
use crate::training::gan::{Gan, Turn};
use crate::weights::{Array, Arrays, safetensors};

/// Written into every session file; a file of another version is refused, not guessed at.
const FORMAT: &str = "gan-atelier-session-1";

/// Samples as they leave the engine: points `x, y`, or grey pictures in [-1, 1] with their sides.
#[derive(Debug, Clone, PartialEq)]
pub enum Samples {
    Points(Vec<f32>),
    Pictures { values: Vec<f32>, height: usize, width: usize },
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct SampleRequest {
    pub count: usize,
    pub seed: u32,
    /// Latent vectors after one another, instead of random ones.
    pub latent: Option<Vec<f32>>,
}

/// At most this many samples at once: a request from a page is bounded before anything is allocated.
pub const MAX_SAMPLES: usize = 20_000;

#[derive(Debug)]
pub struct Session {
    pub(super) config: GanConfig,
    pub(super) data: Data,
    pub(super) gan: Gan,
    pub(super) device: Device,
    drawn: Option<Vec<f32>>,
}

/// What a session file says besides its tensors.
#[derive(Serialize, Deserialize)]
struct Header {
    config: GanConfig,
    step: u32,
    optimizer_steps: [u32; 2],
}

impl Session {
    /// A fresh run: the defaults with `changes`; `points` is the visitor's drawing.
    pub fn start(changes: &Map<String, Value>, points: Option<Vec<f32>>, device: &Device) -> Result<Self> {
        let config = GanConfig::new(changes)?;
        let data = config.dataset.open(points.as_deref())?;
        let gan = Gan::new(&config, &data, device);
        Ok(Self { config, data, gan, device: device.clone(), drawn: points })
    }

    pub fn config(&self) -> &GanConfig {
        &self.config
    }

    pub fn steps(&self) -> u32 {
        self.gan.step
    }

    /// Changes settings while the run goes on; only live ones.
    pub fn tune(&mut self, changes: &Map<String, Value>) -> Result<()> {
        self.config = self.config.changed(changes, true)?;
        Ok(())
    }

    /// `n` training steps and one readback. A loss that is not finite is [`Error::Diverged`].
    pub async fn step(&mut self, n: u32, turn: Turn) -> Result<Report> {
        let first = self.gan.step;
        let (mut losses_d, mut losses_g) = (Vec::new(), Vec::new());
        for _ in 0..n {
            let losses = self.gan.train_step(&self.config, &self.data, turn);
            losses_d.extend(losses.discriminator);
            losses_g.extend(losses.generator);
        }
        let lengths = [losses_d.len(), losses_g.len()];
        let all: Vec<_> = losses_d.into_iter().chain(losses_g).collect();
        let probe = self.probe(super::report::PROBE);
        let mut transaction = probe.register(Transaction::default());
        if !all.is_empty() {
            transaction = transaction.register(Tensor::cat(all, 0));
        }
        let mut values = read(transaction).await?;
        let losses = if values.len() == 4 { values.pop().unwrap_or_default() } else { Vec::new() };
        if let Some(at) = losses.iter().position(|loss| !loss.is_finite()) {
            return Err(Error::Diverged { step: first + 1 + (at % lengths[0].max(lengths[1])) as u32 });
        }
        let (loss_d, loss_g) = losses.split_at(lengths[0]);
        let metrics = reduce(self, &probe.real, &values);
        Ok(Report { step: self.gan.step, loss_d: loss_d.to_vec(), loss_g: loss_g.to_vec(), metrics })
    }

    /// Works of the averaged generator.
    pub async fn sample(&self, request: &SampleRequest) -> Result<Samples> {
        let dimension = self.config.latent_dim;
        let latent = match &request.latent {
            Some(latent) if latent.len() % dimension == 0 && !latent.is_empty() => latent.clone(),
            Some(latent) => {
                let reason = format!("a latent vector has {dimension} numbers");
                return Err(Error::config("latent", latent.len(), reason));
            }
            None => Stream::new(request.seed as u64, Purpose::Sample, 0).normals(request.count * dimension),
        };
        let count = latent.len() / dimension;
        if count == 0 || count > MAX_SAMPLES {
            return Err(Error::config("count", count, format!("expected 1 to {MAX_SAMPLES}")));
        }
        let made = self.gan.average.forward(self.upload(latent, dimension));
        let values = read(Transaction::default().register(made)).await?.pop().unwrap_or_default();
        Ok(self.wrap(values))
    }

    /// Real samples, for comparison.
    pub fn real(&self, request: &SampleRequest) -> Result<Samples> {
        if request.count == 0 || request.count > MAX_SAMPLES {
            return Err(Error::config("count", request.count, format!("expected 1 to {MAX_SAMPLES}")));
        }
        let mut stream = Stream::new(request.seed as u64, Purpose::Sample, 1);
        Ok(self.wrap(self.data.draw(request.count, &mut stream)))
    }

    pub(super) fn wrap(&self, values: Vec<f32>) -> Samples {
        use crate::data::glyphs::SIDE;
        match self.data {
            Data::Points(_) => Samples::Points(values),
            Data::Digits => Samples::Pictures { values, height: SIDE, width: SIDE },
        }
    }

    /// Rows of `columns` numbers, on the device, without autodiff.
    pub(super) fn upload(&self, values: Vec<f32>, columns: usize) -> Tensor<2> {
        let rows = values.len() / columns;
        Tensor::from_data(TensorData::new(values, [rows, columns]), &self.device)
    }

    /// Everything needed to continue to the last bit: weights, average, optimisers, step, settings, drawing.
    pub async fn save(&self) -> Result<Vec<u8>> {
        let gan = &self.gan;
        let parts: [(&str, Vec<NamedTensor>); 5] = [
            ("generator", named_parameters(&gan.generator)),
            ("discriminator", named_parameters(&gan.discriminator)),
            ("average", named_parameters(&gan.average)),
            ("optimizer_g", gan.optimizer_g.state()),
            ("optimizer_d", gan.optimizer_d.state()),
        ];
        let mut names = Vec::new();
        let mut transaction = Transaction::default();
        for (part, tensors) in parts {
            for tensor in tensors {
                names.push((format!("{part}.{}", tensor.name), tensor.shape));
                transaction = transaction.register(tensor.value);
            }
        }
        let values = read(transaction).await?;
        let array = |((name, shape), values)| (name, Array { shape, values });
        let mut arrays: Arrays = names.into_iter().zip(values).map(array).collect();
        if let Some(points) = &self.drawn {
            arrays.insert("data.points".into(), Array { shape: vec![points.len() / 2, 2], values: points.clone() });
        }
        let optimizer_steps = [gan.optimizer_g.steps(), gan.optimizer_d.steps()];
        let header = Header { config: self.config.clone(), step: gan.step, optimizer_steps };
        let header = serde_json::to_string(&header).map_err(|e| Error::Internal { message: e.to_string() })?;
        safetensors::write_f32(&arrays, HashMap::from([("format".into(), FORMAT.into()), ("session".into(), header)]))
    }

    /// The run that [`Session::save`] wrote.
    pub fn open(bytes: &[u8], device: &Device) -> Result<Self> {
        let metadata = safetensors::metadata(bytes).map_err(Error::session)?;
        if metadata.get("format").map(String::as_str) != Some(FORMAT) {
            return Err(Error::session("it was not written by this version of GAN Atelier"));
        }
        let header = metadata.get("session").ok_or_else(|| Error::session("it has no header"))?;
        let header: Header = serde_json::from_str(header).map_err(Error::session)?;
        let Value::Object(stated) = serde_json::to_value(&header.config).map_err(Error::session)? else {
            return Err(Error::session("its settings are not an object"));
        };
        let mut parts = split(safetensors::read(bytes).map_err(Error::session)?);
        let mut take = |part: &str| parts.remove(part).unwrap_or_default();

        let drawn = take("data").remove("points");
        let mut session = Self::start(&stated, drawn, device).map_err(Error::session)?;
        let gan = &mut session.gan;
        gan.generator = load_parameters(gan.generator.clone(), take("generator")).map_err(Error::session)?;
        gan.discriminator =
            load_parameters(gan.discriminator.clone(), take("discriminator")).map_err(Error::session)?;
        gan.average = load_parameters(gan.average.clone(), take("average")).map_err(Error::session)?;
        let [steps_g, steps_d] = header.optimizer_steps;
        gan.optimizer_g = Optimizer::from_state(steps_g, take("optimizer_g"), device)?;
        gan.optimizer_d = Optimizer::from_state(steps_d, take("optimizer_d"), device)?;
        gan.step = header.step;
        Ok(session)
    }
}

/// `part.name` into parts of names.
fn split(arrays: Arrays) -> BTreeMap<String, BTreeMap<String, Vec<f32>>> {
    let mut parts: BTreeMap<String, BTreeMap<String, Vec<f32>>> = BTreeMap::new();
    for (name, array) in arrays {
        let (part, rest) = name.split_once('.').unwrap_or(("", &name));
        parts.entry(part.to_string()).or_default().insert(rest.to_string(), array.values);
    }
    parts
}
