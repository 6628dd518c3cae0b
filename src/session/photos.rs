//! A training of the shipped DR-GAN on photos, natively: steps on pictures that whoever trains brings, test faces turned, and the files that
//! it writes. Same step as in the page. Batch norms are only in the PyTorch trainer: here the layers learn in the form in which they are
//! shipped, norms merged, so that weights go both ways.

use burn::module::Module;
use burn::tensor::{Device, Tensor, TensorData, Transaction};
use std::collections::HashMap;

use super::drgan::{Header, restore, write};
use super::file::{SessionFile, host};
use super::read;
use super::report::read_losses;
use crate::data::gallery::Portraits;
use crate::error::{Error, Result};
use crate::nn::params::{NamedTensor, load_parameters, named_parameters};
use crate::training::drgan::{Drgan, DrganConfig};
use crate::training::{Family, Turn};
use crate::weights::drgan::{self, SIDE};
use crate::weights::{Checkpoint, safetensors};

/// The networks that a training writes and can begin from, by the names of their files.
pub const NETWORKS: [&str; 3] = ["encoder", "decoder", "discriminator"];

#[derive(Debug)]
pub struct PhotoSession {
    pub config: DrganConfig,
    pub model: Drgan,
    device: Device,
}

impl PhotoSession {
    pub fn start(config: DrganConfig, device: &Device) -> Self {
        Self { model: Drgan::with(&config.photo_networks(), config.seed, device), config, device: device.clone() }
    }

    /// Takes the weights of a file of one of [`NETWORKS`], which must be of these widths and people.
    pub fn begin_from(&mut self, network: &str, file: &[u8]) -> Result<()> {
        let (file, device, model) = (Checkpoint::parse(file)?, &self.device, &mut self.model);
        match network {
            "encoder" => model.generator.encoder = taken(&model.generator.encoder, &drgan::encoder(&file, device)?)?,
            "decoder" => {
                let read = drgan::decoder(&file, self.config.feature_dim, device)?;
                model.generator.decoder = taken(&model.generator.decoder, &read)?;
            }
            _ => model.discriminator = taken(&model.discriminator, &drgan::discriminator(&file, device)?)?,
        }
        model.average = model.generator.valid();
        Ok(())
    }

    /// One step; the losses of discriminator and generator, each in the order of [`crate::training::drgan::PARTS`].
    pub async fn step_on(&mut self, portraits: Portraits) -> Result<[Vec<f32>; 2]> {
        let first = self.model.step;
        let losses = self.model.train_step_on(&self.config, portraits, Turn::Both);
        let losses = [losses.discriminator, losses.generator].map(Vec::from_iter);
        Ok(read_losses(first, losses, Transaction::default()).await?.0)
    }

    /// Faces turned to each of these yaws by the averaged generator, without noise: all yaws of the first face, and so on.
    ///
    /// # Shapes
    /// `[faces, 3, side, side]`, radians -> `[faces yaws, 3, side, side]`
    pub async fn turned(&self, faces: &[f32], yaws: &[f32]) -> Result<Vec<f32>> {
        let mut made = Vec::new();
        // Face by face: all at once would need the memory of a batch ten times as large.
        for face in faces.chunks_exact(3 * SIDE * SIDE) {
            let face = Tensor::from_data(TensorData::new(face.to_vec(), [1, 3, SIDE, SIDE]), &self.device);
            let (features, _) = self.model.average.encoder.forward(face);
            let asked = Tensor::from_data(TensorData::new(yaws.to_vec(), [yaws.len(), 1]), &self.device);
            let noise = Tensor::zeros([yaws.len(), self.config.noise_dim], &self.device);
            let turns = self.model.average.decoder.forward(features.repeat_dim(0, yaws.len()), asked, noise);
            made.extend(read(Transaction::default().register(turns)).await?.pop().unwrap_or_default());
        }
        Ok(made)
    }

    /// One of [`NETWORKS`] as the file that the page loads: f16, encoder and decoder averaged.
    pub async fn export(&self, network: &str) -> Result<Vec<u8>> {
        let parameters: Vec<NamedTensor> = match network {
            "encoder" => named_parameters(&self.model.average.encoder),
            "decoder" => named_parameters(&self.model.average.decoder),
            _ => named_parameters(&self.model.discriminator),
        };
        let arrays = drgan::arrays(network, host(parameters).await?);
        let metadata = HashMap::from([("steps".to_string(), self.model.step.to_string())]);
        safetensors::write_f16(&arrays, metadata)
    }

    /// Everything needed to continue to the last bit.
    pub async fn save(&self) -> Result<Vec<u8>> {
        write(&self.config, &self.model, true).await
    }

    /// The run that [`PhotoSession::save`] wrote.
    pub fn read(bytes: &[u8], device: &Device) -> Result<Self> {
        let mut file = SessionFile::read(bytes)?;
        if file.family != Family::Drgan {
            return Err(Error::session(format!("it holds a training of the family {:?}", file.family)));
        }
        let header: Header = file.header()?;
        if !header.photos {
            return Err(Error::session("it holds a training on drawn faces"));
        }
        let mut session = Self::start(header.config.clone(), device);
        restore(&mut session.model, &header, &mut file, device)?;
        Ok(session)
    }
}

/// This network with another's weights.
fn taken<M: Module>(network: &M, from: &M) -> Result<M> {
    let floats = |parameter: NamedTensor| Ok((parameter.name, super::floats(parameter.value.into_data())?));
    let values = named_parameters(from).into_iter().map(floats).collect::<Result<_>>()?;
    load_parameters(network.clone(), values)
}
