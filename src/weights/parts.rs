//! A network's tensors by the names that it has for them, to be taken one after another until none is left.

use std::collections::BTreeMap;

use super::wrappers::Group;
use super::{Checkpoint, Stored, fold, wrappers};
use crate::error::{Error, Misfit, Result};

/// Statistics of instance norms, which the published generator does not use: older files carry them.
const UNUSED: [&str; 3] = ["running_mean", "running_var", COUNTED];
/// Beside them where they were gathered on purpose (`track_running_stats=True`, since PyTorch 0.4.1): `eval()` uses them then.
pub(super) const COUNTED: &str = "num_batches_tracked";

/// A tensor on its way from the file into a layer.
#[derive(Debug, Clone)]
pub struct Part<'f> {
    /// In the file.
    pub name: &'f str,
    pub shape: Vec<usize>,
    pub rank: Option<usize>,
    numbers: Numbers<'f>,
}

#[derive(Debug, Clone)]
enum Numbers<'f> {
    Stored(&'f Stored<'f>),
    /// Computed from several tensors of the file.
    Made(Vec<f32>),
}

impl<'f> Part<'f> {
    fn of(name: &'f str, stored: &'f Stored<'f>) -> Self {
        Self { name, shape: stored.shape.clone(), rank: stored.rank, numbers: Numbers::Stored(stored) }
    }

    /// The same place and shape with other numbers.
    pub fn made(&self, values: Vec<f32>) -> Self {
        Self { numbers: Numbers::Made(values), ..self.clone() }
    }

    /// Nothing, where a layer has no bias.
    pub fn zeros(&self, count: usize) -> Self {
        Self { shape: vec![count], ..self.made(vec![0.0; count]) }
    }

    pub fn values(&self) -> Result<Vec<f32>> {
        match &self.numbers {
            Numbers::Stored(stored) => stored.values(self.name),
            Numbers::Made(values) => Ok(values.clone()),
        }
    }

    pub fn misshapen(&self, expected: String) -> Error {
        Error::misfit(self.name, Misfit::Shape { found: format!("{:?}", self.shape), expected })
    }
}

#[derive(Debug, Clone)]
pub struct Parts<'f>(pub BTreeMap<String, Part<'f>>);

impl<'f> Parts<'f> {
    /// Of a generator: norms of weights are folded, and the second convolution of a block with dropout takes its place in one without.
    pub fn of(checkpoint: &Checkpoint<'f>, group: &Group<'f>) -> Result<Self> {
        checkpoint.bounded(group.tensors.values().copied())?;
        let mut parts = BTreeMap::new();
        for (name, (in_file, stored)) in &group.tensors {
            if UNUSED.iter().any(|suffix| name.ends_with(suffix)) {
                continue;
            }
            let today = name.replace(".conv_block.6.", ".conv_block.5.");
            if parts.insert(today, Part::of(in_file, stored)).is_some() {
                return Err(Error::misfit(in_file, Misfit::Surplus));
            }
        }
        let mut parts = Self(parts);
        fold::norms(&mut parts.0)?;
        Ok(parts)
    }

    /// Of a file of one network.
    pub fn whole(checkpoint: &'f Checkpoint<'f>, ends: &str) -> Result<Self> {
        let tensors = wrappers::names(checkpoint)?;
        let base = tensors.keys().find_map(|name| name.strip_suffix(ends)).unwrap_or_default().to_string();
        let rest = |(name, found): (String, _)| name.strip_prefix(&base).map(|rest| (rest.to_string(), found));
        let tensors = tensors.clone().into_iter().filter_map(rest).collect();
        Self::of(checkpoint, &Group { label: String::new(), averaged: false, way: None, statistics: None, tensors })
    }

    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    pub fn get(&self, name: &str) -> Result<&Part<'f>> {
        self.0.get(name).ok_or_else(|| Error::misfit(name, Misfit::Missing))
    }

    pub fn take(&mut self, name: &str, shape: &[usize]) -> Result<Vec<f32>> {
        let part = self.get(name)?;
        if part.shape != shape {
            return Err(part.misshapen(format!("{shape:?}")));
        }
        let values = part.values()?;
        self.0.remove(name);
        Ok(values)
    }

    /// Nothing may be left but biases without effect, absent or right: a file of a network without them is as good.
    pub fn finish(mut self, cancelled: impl Iterator<Item = (String, usize)>) -> Result<()> {
        for (name, channels) in cancelled {
            if self.has(&name) {
                self.take(&name, &[channels])?;
            }
        }
        match self.0.iter().next() {
            Some((name, part)) => Err(Error::misfit(part.name, self.surplus(name, part))),
            None => Ok(()),
        }
    }

    /// What a tensor is that has no place: a norm learns a factor and a summand for each channel.
    fn surplus(&self, name: &str, part: &Part) -> Misfit {
        let layer = name.rsplit_once('.').map_or("", |(layer, _)| layer);
        let sized = |part: Option<&Part>| part.is_some_and(|part| matches!(part.shape[..], [channels] if channels > 1));
        let norm = ["weight", "bias"].iter().all(|each| sized(self.0.get(&format!("{layer}.{each}"))));
        if norm && part.shape.len() == 1 { Misfit::Norm } else { Misfit::Surplus }
    }
}
