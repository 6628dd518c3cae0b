//! One person as numbers, and as a file.

use std::collections::HashMap;

use crate::error::{Error, Result};
use crate::session::samples::bounded;
use crate::weights::{Array, Arrays, safetensors};

/// A file of another version is refused, not guessed at.
const FORMAT: &str = "gan-atelier-person-1";

/// Pictures of one person, and pictures made in one go.
pub(super) const MAX_PICTURES: usize = 64;

/// The features of each picture and how far each is to be trusted, picture after picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Person {
    pub features: Vec<f32>,
    pub weights: Vec<f32>,
}

impl Person {
    /// The features of all pictures as one, by weight (the paper's equation 7); `width` numbers a picture.
    pub fn fused(&self, width: usize) -> Result<Vec<f32>> {
        self.check(width)?;
        let total: f32 = self.weights.iter().sum();
        if total <= 0.0 || self.weights.iter().any(|weight| *weight < 0.0) || !total.is_finite() {
            let reason = "expected numbers from 0, and not all of them 0";
            return Err(Error::config("weights", format!("{:?}", self.weights), reason));
        }
        let mut fused = vec![0.0; width];
        for (features, weight) in self.features.chunks_exact(width).zip(&self.weights) {
            fused.iter_mut().zip(features).for_each(|(sum, feature)| *sum += weight / total * feature);
        }
        Ok(fused)
    }

    pub(super) fn check(&self, width: usize) -> Result<()> {
        let pictures = self.weights.len();
        bounded("weights", pictures, MAX_PICTURES)?;
        match self.features.len() == pictures * width {
            true => Ok(()),
            false => Err(Error::config(
                "person",
                self.features.len(),
                format!("expected {width} features for each of {pictures} weights"),
            )),
        }
    }

    /// As a file; `model`: the encoder that the features come from.
    pub fn write(&self, model: &str, width: usize) -> Result<Vec<u8>> {
        self.check(width)?;
        let n = self.weights.len();
        let features = Array { shape: vec![n, width], values: self.features.clone() };
        let weights = Array { shape: vec![n], values: self.weights.clone() };
        let arrays = Arrays::from([("features".to_string(), features), ("weights".to_string(), weights)]);
        let metadata = [("format", FORMAT.to_string()), ("model", model.to_string())];
        safetensors::write_f32(&arrays, HashMap::from(metadata.map(|(key, value)| (key.to_string(), value))))
    }

    /// What [`Person::write`] wrote, of the same encoder.
    pub fn read(bytes: &[u8], model: &str, width: usize) -> Result<Self> {
        let metadata = safetensors::metadata(bytes).map_err(Error::session)?;
        let stated = |key: &str| metadata.get(key).map(String::as_str);
        if stated("format") != Some(FORMAT) {
            return Err(Error::session("it is not a person that was saved by this version of GAN Atelier"));
        }
        if stated("model") != Some(model) {
            // Its features would show somebody else here.
            return Err(Error::Unsupported { what: "a person of this file".into(), reason: "another_encoder".into() });
        }
        let mut arrays = safetensors::read(bytes).map_err(Error::session)?;
        let mut take = |name: &str| arrays.remove(name).ok_or_else(|| Error::session(format!("`{name}` is missing")));
        let (features, weights) = (take("features")?, take("weights")?);
        let person = Self { features: features.values, weights: weights.values };
        person.fused(width).map_err(Error::session)?;
        Ok(person)
    }
}
