//! A trained AC-GAN's generator as `training/acgan.py` writes it: PyTorch's names and shapes, and in the metadata what it was made for.

use std::collections::BTreeMap;

use super::{Array, safetensors};
use crate::error::{Error, Result};

/// A generator's parameters by our names, and what they fit.
#[derive(Debug, Clone, PartialEq)]
pub struct TrainedGenerator {
    pub latent_dim: usize,
    pub classes: usize,
    pub side: usize,
    pub channels: usize,
    pub width: usize,
    /// Steps that it learned for.
    pub steps: u32,
    pub parameters: BTreeMap<String, Vec<f32>>,
}

/// Whether a file holds such a generator.
pub fn is_generator(bytes: &[u8]) -> bool {
    safetensors::metadata(bytes).is_ok_and(|facts| facts.contains_key("latent_dim") && facts.contains_key("classes"))
}

pub fn generator(bytes: &[u8]) -> Result<TrainedGenerator> {
    let facts = safetensors::metadata(bytes)?;
    let fact = |key: &str| {
        let number = facts.get(key).and_then(|text| text.parse::<u32>().ok());
        number.ok_or_else(|| Error::malformed(format!("its metadata do not say `{key}`"), 8))
    };
    let size = |key: &str| fact(key).map(|number| number as usize);
    let ours = |(name, array): (String, Array)| match array.shape[..] {
        // A fully connected layer is [outputs, inputs] in PyTorch and [inputs, outputs] here.
        [outputs, inputs] => {
            let turned = (0..inputs * outputs).map(|at| array.values[at % outputs * inputs + at / outputs]).collect();
            (name, turned)
        }
        _ => (name, array.values),
    };
    Ok(TrainedGenerator {
        latent_dim: size("latent_dim")?,
        classes: size("classes")?,
        side: size("side")?,
        channels: size("channels")?,
        width: size("width")?,
        steps: fact("steps")?,
        parameters: safetensors::read(bytes)?.into_iter().map(ours).collect(),
    })
}
