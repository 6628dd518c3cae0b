//! What a page asks a session for, and gets: samples of any family.

use serde::Deserialize;

use crate::error::{Error, Result};

/// Samples as they leave the engine. Pictures are in [-1, 1], one after another.
#[derive(Debug, Clone, PartialEq)]
pub enum Samples {
    /// Points `x, y`.
    Points(Vec<f32>),
    /// Grey pictures with their sides.
    Pictures { values: Vec<f32>, height: usize, width: usize },
    /// Coloured squares, channel after channel, as rows of equal length.
    Rows { names: &'static [&'static str], values: Vec<f32>, side: usize },
    /// Squares, grey (1 channel) or in colour (3), channel after channel, each with its class where it has one.
    Images { values: Vec<f32>, channels: usize, side: usize, labels: Vec<usize> },
    /// Sequences of `shape` steps and values a step, each with its class where it has one.
    Sequences { values: Vec<f32>, shape: [usize; 2], labels: Vec<usize> },
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct SampleRequest {
    pub count: usize,
    pub seed: u32,
    /// Latent vectors after one another, instead of random ones.
    pub latent: Option<Vec<f32>>,
    /// The class of all samples, for conditional families; without it classes take turns.
    pub label: Option<usize>,
}

/// At most this many samples at once: a request from a page is bounded before anything is allocated.
pub(super) const MAX_SAMPLES: usize = 20_000;

/// The latent numbers of samples, `numbers` each, and how many samples they are for: those that were given, or as many as were asked for,
/// at most `most`.
pub(super) fn latents(
    request: &SampleRequest,
    (numbers, most): (usize, usize),
    unit: impl Fn() -> String,
    draw: impl FnOnce(usize) -> Vec<f32>,
) -> Result<(Vec<f32>, usize)> {
    let Some(latent) = &request.latent else {
        let count = bounded("count", request.count, most)?;
        return Ok((draw(count * numbers), count));
    };
    if latent.is_empty() || !latent.len().is_multiple_of(numbers) {
        return Err(Error::config("latent", latent.len(), unit()));
    }
    if let Some(at) = latent.iter().position(|number| !number.is_finite()) {
        return Err(Error::config("latent", latent[at].to_string(), format!("number {at} is not finite")));
    }
    Ok((latent.clone(), bounded("count", latent.len() / numbers, most)?))
}

pub(super) fn samples_within(count: usize) -> Result<usize> {
    bounded("count", count, MAX_SAMPLES)
}

pub(super) fn bounded(key: &str, value: usize, most: usize) -> Result<usize> {
    match (1..=most).contains(&value) {
        true => Ok(value),
        false => Err(Error::config(key, value, format!("expected 1 to {most}"))),
    }
}
