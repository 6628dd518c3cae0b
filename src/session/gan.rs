//! A run of the plain GAN.

mod inspect;
mod probe;

use burn::tensor::{Device, Tensor, TensorData, Transaction};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::export::{Leaving, settings};
use super::file::{self, SessionFile, album_arrays, host_named};
use super::read;
use super::report::{Report, read_losses};
use super::samples::{MAX_SAMPLES, SampleRequest, Samples, latents, samples_within};
use crate::data::album::AlbumHead;
use crate::data::glyphs::SIDE;
use crate::data::points::Scale;
use crate::data::table::points::Points;
use crate::data::{Data, Dataset, Own};
use crate::error::{Error, Result};
use crate::nn::params::named_parameters;
use crate::nn::spectral::SpectralNorm;
use crate::onnx::Perceptron;
use crate::rng::{Purpose, Stream};
use crate::training::gan::Gan;
use crate::training::gan::GanConfig;
use crate::training::{Family, Turn};
use crate::weights::{Array, Arrays, pytorch};
use probe::{PROBE, reduce};

#[derive(Debug)]
pub struct GanSession {
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
    /// What the visitor's pictures are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    album: Option<AlbumHead>,
    /// What takes points back to the units of their table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    scale: Option<Scale>,
}

impl GanSession {
    /// A fresh run: the defaults with `changes`; a visitor's own data are a drawing or pictures.
    pub fn start(changes: &Map<String, Value>, own: Own, device: &Device) -> Result<Self> {
        let config = GanConfig::new(changes)?;
        let own = match own {
            Own::Table(file) if config.dataset == Dataset::Drawn => {
                let Points { points, scale } = file.points()?;
                Own::Points(points, Some(scale))
            }
            own => own,
        };
        let drawn = match &own {
            Own::Points(points, _) => Some(points.clone()),
            _ => None,
        };
        let data = config.dataset.open_own(own, config.augment)?;
        Ok(Self::on(data, config, drawn, device))
    }

    fn on(data: Data, config: GanConfig, drawn: Option<Vec<f32>>, device: &Device) -> Self {
        let gan = Gan::new(&config, &data, device);
        Self { config, data, gan, device: device.clone(), drawn }
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
        let probe = self.probe(PROBE);
        let others = probe.register(Transaction::default());
        let ([loss_d, loss_g], values) = read_losses(first, [losses_d, losses_g], others).await?;
        let metrics = reduce(self, &probe.real, &values);
        Ok(Report { step: self.gan.step, loss_d, loss_g, metrics })
    }

    /// Works of the averaged generator.
    pub async fn sample(&self, request: &SampleRequest) -> Result<Samples> {
        let dimension = self.config.latent_dim;
        let unit = || format!("a latent vector has {dimension} numbers");
        let draw = |numbers| Stream::new(request.seed as u64, Purpose::Sample, 0).normals(numbers);
        let (latent, _) = latents(request, (dimension, MAX_SAMPLES), unit, draw)?;
        let made = self.gan.average.forward(self.upload(latent, dimension));
        let values = read(Transaction::default().register(made)).await?.pop().unwrap_or_default();
        Ok(self.wrap(values))
    }

    /// Real samples, for comparison.
    pub fn real(&self, request: &SampleRequest) -> Result<Samples> {
        samples_within(request.count)?;
        let mut stream = Stream::new(request.seed as u64, Purpose::Sample, 1);
        Ok(self.wrap(self.data.draw(request.count, &mut stream)))
    }

    pub(super) fn wrap(&self, values: Vec<f32>) -> Samples {
        match self.data {
            Data::Points(_) => Samples::Points(values),
            _ => Samples::Pictures { values, height: SIDE, width: SIDE },
        }
    }

    /// Rows of `columns` numbers, on the device, without autodiff.
    pub(super) fn upload(&self, values: Vec<f32>, columns: usize) -> Tensor<2> {
        let rows = values.len() / columns;
        Tensor::from_data(TensorData::new(values, [rows, columns]), &self.device)
    }

    /// The averaged generator, to leave for other software.
    pub(super) async fn leaving(&self) -> Result<Leaving> {
        let axes = match &self.data {
            Data::Points(cloud) => cloud.scale().map(|scale| scale.axes.map(|axis| axis.map(|number| number as f32))),
            _ => None,
        };
        let side = (!matches!(self.data, Data::Points(_))).then_some(SIDE);
        let plan = Perceptron { latent_dim: self.config.latent_dim, layers: self.config.hidden_layers + 1, side, axes };
        Ok(Leaving {
            plan: Box::new(plan),
            arrays: pytorch::arrays(host_named(&self.gan.average).await?),
            family: Family::Gan,
            config: settings(&self.config),
            steps: self.gan.step,
        })
    }

    /// Everything needed to continue to the last bit: weights, average, optimisers, step, settings, drawing.
    pub async fn save(&self) -> Result<Vec<u8>> {
        let gan = &self.gan;
        let parts = [
            ("generator", named_parameters(&gan.generator)),
            ("discriminator", named_parameters(&gan.discriminator)),
            ("average", named_parameters(&gan.average)),
            ("optimizer_g", gan.optimizer_g.state()),
            ("optimizer_d", gan.optimizer_d.state()),
            ("spectral", gan.spectral.as_ref().map_or_else(Vec::new, SpectralNorm::state)),
        ];
        let drawing = self.drawn.iter().map(|points| {
            let array = Array { shape: vec![points.len() / 2, 2], values: points.clone() };
            ("data.points".to_string(), array)
        });
        let (album, scale, pictures) = match &self.data {
            Data::Album(album, _) => (Some(album.head()), None, album_arrays(album)),
            Data::Points(cloud) => (None, cloud.scale().cloned(), Arrays::new()),
            Data::Signs(_) => (None, None, Arrays::new()),
        };
        let optimizer_steps = [gan.optimizer_g.steps(), gan.optimizer_d.steps()];
        let header = Header { config: self.config.clone(), step: gan.step, optimizer_steps, album, scale };
        file::write(Family::Gan, &header, parts, drawing.chain(pictures).collect()).await
    }

    /// The run that [`GanSession::save`] wrote.
    pub(super) fn open(mut file: SessionFile, device: &Device) -> Result<Self> {
        let header: Header = file.header()?;
        let mut session = match header.album {
            Some(head) => {
                let config = GanConfig::new(file.settings()?).map_err(Error::session)?;
                let data = Data::Album(file.album(head, SIDE)?.grey(), config.augment);
                Self::on(data, config, None, device)
            }
            None => {
                let own =
                    file.take("data").remove("points").map_or(Own::Nothing, |points| Own::Points(points, header.scale));
                Self::start(file.settings()?, own, device).map_err(Error::session)?
            }
        };
        let gan = &mut session.gan;
        gan.generator = file.load("generator", &gan.generator)?;
        gan.discriminator = file.load("discriminator", &gan.discriminator)?;
        gan.average = file.load("average", &gan.average)?;
        let [steps_g, steps_d] = header.optimizer_steps;
        gan.optimizer_g = file.optimizer("optimizer_g", steps_g, &gan.generator, device)?;
        gan.optimizer_d = file.optimizer("optimizer_d", steps_d, &gan.discriminator, device)?;
        if let Some(spectral) = &mut gan.spectral {
            spectral.load(file.take("spectral"), device)?;
        }
        gan.step = header.step;
        Ok(session)
    }
}
