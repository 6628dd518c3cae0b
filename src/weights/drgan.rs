//! DR-GAN's networks from files of our own trainer (`training/drgan_networks.py` says what is in them). Widths are read from the shapes;
//! how many layers there are and where they halve or double is known.

use burn::tensor::Device;
use std::collections::BTreeMap;

use super::pytorch::transposed;
use super::{Array, Arrays, Checkpoint, Stored};
use crate::error::{Error, Misfit, Result};
pub use crate::models::drgan::photos::SIDE;
use crate::models::drgan::photos::{DOUBLINGS, LAYERS, MAP_SIDE, START_SIDE, STRIDES, TRUNK};
use crate::models::drgan::{
    Decoder, DecoderConfig, Discriminator, DiscriminatorConfig, Encoder, EncoderConfig, Finder, FinderConfig,
};

const HEAD: usize = 2;

pub fn encoder(checkpoint: &Checkpoint, device: &Device) -> Result<Encoder> {
    let mut parts = Parts::of(checkpoint);
    let config = EncoderConfig {
        channels: parts.widths("encoder.conv", STRIDES.len())?,
        strides: STRIDES.to_vec(),
        map_side: MAP_SIDE,
        features: parts.side(&format!("encoder.conv.{}.weight", STRIDES.len()), 0)?,
    };
    let encoder = config.init_from(&mut |name, shape| parts.take(name, shape), device)?;
    parts.finish(encoder)
}

/// A decoder of faces with so many identity features.
pub fn decoder(checkpoint: &Checkpoint, features: usize, device: &Device) -> Result<Decoder> {
    let mut parts = Parts::of(checkpoint);
    let yaw_code = parts.side("decoder.yaw.weight", 0)?;
    let (start, code) = (parts.side("decoder.fc.weight", 0)?, parts.side("decoder.fc.weight", 1)?);
    let noise_dim = code.checked_sub(features + yaw_code);
    // A doubling's weights begin with what comes in, a convolution's with what goes out.
    let channels =
        (0..LAYERS).map(|at| parts.side(&format!("decoder.conv.{at}.weight"), DOUBLINGS.contains(&at) as usize));
    let config = DecoderConfig {
        features,
        yaw_code,
        noise_dim: noise_dim.ok_or_else(|| {
            let expected = format!("at least {} columns", features + yaw_code);
            Error::misfit("decoder.fc.weight", Misfit::Shape { found: format!("{code} columns"), expected })
        })?,
        start: [start / (START_SIDE * START_SIDE), START_SIDE],
        channels: channels.collect::<Result<_>>()?,
        doublings: DOUBLINGS.to_vec(),
    };
    let decoder = config.init_from(&mut |name, shape| parts.take(name, shape), device)?;
    parts.finish(decoder)
}

pub fn discriminator(checkpoint: &Checkpoint, device: &Device) -> Result<Discriminator> {
    let mut parts = Parts::of(checkpoint);
    let config = DiscriminatorConfig {
        channels: parts.widths("discriminator.trunk", TRUNK)?,
        strides: STRIDES[..TRUNK].to_vec(),
        head: parts.widths("discriminator.identity", HEAD)?,
        people: parts.side("discriminator.identity.out.weight", 0)?,
    };
    let discriminator = config.init_from(&mut |name, shape| parts.take(name, shape), device)?;
    parts.finish(discriminator)
}

pub fn finder(checkpoint: &Checkpoint, device: &Device) -> Result<Finder> {
    let mut parts = Parts::of(checkpoint);
    let config = FinderConfig { channels: parts.widths("finder.conv", FinderConfig::STRIDES.len())? };
    let finder = config.init_from(&mut |name, shape| parts.take(name, shape), device)?;
    parts.finish(finder)
}

/// The arrays of a file of `encoder`, `decoder` or `discriminator`, from the network's parameters by our names: our enums stand between a
/// layer's number and its weights, and linear layers are the other way round.
pub fn arrays(network: &str, parameters: Vec<(String, Array)>) -> Arrays {
    let published = |(name, array): (String, Array)| {
        let name = name.replace(".Doubling", "").replace(".Same", "");
        let name = if network == "discriminator" { name.replace(".conv", "") } else { name };
        let array = if array.shape.len() == 2 { transposed(array) } else { array };
        (format!("{network}.{name}"), array)
    };
    parameters.into_iter().map(published).collect()
}

/// A file's tensors that no layer has taken yet.
struct Parts<'f>(BTreeMap<&'f str, &'f Stored<'f>>);

impl<'f> Parts<'f> {
    fn of(checkpoint: &'f Checkpoint) -> Self {
        Self(checkpoint.tensors.iter().map(|(name, stored)| (name.as_str(), stored)).collect())
    }

    fn get(&self, name: &str) -> Result<&'f Stored<'f>> {
        self.0.get(name).copied().ok_or_else(|| Error::misfit(name, Misfit::Missing))
    }

    /// One side of a tensor's shape, which must not be 0.
    fn side(&self, name: &str, at: usize) -> Result<usize> {
        let shape = &self.get(name)?.shape;
        let side = shape.get(at).copied().filter(|side| *side > 0);
        side.ok_or_else(|| Error::misfit(name, misshapen(shape, format!("more than 0 at {at}"))))
    }

    /// Channels that come out of `NAME.0` and its followers.
    fn widths(&self, name: &str, count: usize) -> Result<Vec<usize>> {
        (0..count).map(|at| self.side(&format!("{name}.{at}.weight"), 0)).collect()
    }

    fn take(&mut self, name: &str, shape: &[usize]) -> Result<Vec<f32>> {
        let stored = self.get(name)?;
        if stored.shape != shape {
            return Err(Error::misfit(name, misshapen(&stored.shape, format!("{shape:?}"))));
        }
        self.0.remove(name);
        stored.values(name)
    }

    /// Nothing may be left.
    fn finish<M>(self, network: M) -> Result<M> {
        match self.0.keys().next() {
            Some(surplus) => Err(Error::misfit(surplus, Misfit::Surplus)),
            None => Ok(network),
        }
    }
}

fn misshapen(found: &[usize], expected: String) -> Misfit {
    Misfit::Shape { found: format!("{found:?}"), expected }
}
