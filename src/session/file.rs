//! A session file: everything needed to continue a training to the last bit. A safetensors container whose tensors are
//! named `PART.name`; its metadata say the format, the family and, as JSON, what a session knows besides tensors.

use burn::module::Module;
use burn::tensor::{Device, Transaction};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};

use super::read;
use crate::data::album::{Album, AlbumHead};
use crate::error::{Error, Result};
use crate::nn::optim::{BEFORE, Optimizer};
use crate::nn::params::{NamedTensor, load_parameters, named_parameters};
use crate::training::Family;
use crate::weights::{Array, Arrays, safetensors};

/// A file of another version is refused, not guessed at.
const FORMAT: &str = "gan-atelier-session-1";

/// Nobody trains for longer; counting on from the largest number there is would begin again.
const MOST_STEPS: u64 = 1 << 31;

/// The tensors on the host, read back together.
pub(super) async fn host(tensors: Vec<NamedTensor>) -> Result<Vec<(String, Array)>> {
    if tensors.is_empty() {
        return Ok(Vec::new());
    }
    let (names, values): (Vec<_>, Vec<_>) = tensors.into_iter().map(|t| ((t.name, t.shape), t.value)).unzip();
    let values = read(values.into_iter().fold(Transaction::default(), Transaction::register)).await?;
    Ok(names.into_iter().zip(values).map(|((name, shape), values)| (name, Array { shape, values })).collect())
}

/// A network's parameters on the host.
pub(super) async fn host_named<M: Module>(network: &M) -> Result<Vec<(String, Array)>> {
    host(named_parameters(network)).await
}

/// Writes a file of a family: its header, tensors by part, and arrays that are on the host already.
pub(super) async fn write(
    family: Family,
    header: &impl Serialize,
    parts: impl IntoIterator<Item = (&'static str, Vec<NamedTensor>)>,
    more: Arrays,
) -> Result<Vec<u8>> {
    let named = |part: &str, tensor: NamedTensor| NamedTensor { name: format!("{part}.{}", tensor.name), ..tensor };
    let tensors = parts.into_iter().flat_map(|(part, tensors)| tensors.into_iter().map(move |t| named(part, t)));
    let mut arrays: Arrays = host(tensors.collect()).await?.into_iter().collect();
    arrays.extend(more);
    let text = |value| serde_json::to_string(value).map_err(|e| Error::Internal { message: e.to_string() });
    let header = serde_json::to_string(header).map_err(|e| Error::Internal { message: e.to_string() })?;
    let metadata = [("format", FORMAT.to_string()), ("family", text(&family)?), ("session", header)];
    safetensors::write_f32(&arrays, HashMap::from(metadata.map(|(key, value)| (key.to_string(), value))))
}

/// A visitor's pictures as arrays of a file.
pub(super) fn album_arrays(album: &Album) -> Arrays {
    let array = |values: Vec<f32>| Array { shape: vec![values.len()], values };
    let [pictures, labels] = album.pack().map(array);
    let labels = (!labels.values.is_empty()).then(|| ("data.labels".to_string(), labels));
    [("data.pictures".to_string(), pictures)].into_iter().chain(labels).collect()
}

/// A file as it was read: untrusted until a session has taken every part.
#[derive(Debug)]
pub(super) struct SessionFile {
    pub family: Family,
    header: Value,
    parts: BTreeMap<String, Arrays>,
}

impl SessionFile {
    pub fn read(bytes: &[u8]) -> Result<Self> {
        let metadata = safetensors::metadata(bytes).map_err(Error::session)?;
        if metadata.get("format").map(String::as_str) != Some(FORMAT) {
            return Err(Error::session("it was not written by this version of GAN Atelier"));
        }
        // Files from before there was a second family do not name theirs.
        let family = metadata.get("family").map_or(Ok(Family::Gan), |family| serde_json::from_str(family));
        let header = metadata.get("session").ok_or_else(|| Error::session("it has no header"))?;
        let header: Value = serde_json::from_str(header).map_err(Error::session)?;
        let counts = header["optimizer_steps"].as_array().into_iter().flatten().chain([&header["step"]]);
        if let Some(count) = counts.filter_map(Value::as_u64).find(|count| *count > MOST_STEPS) {
            return Err(Error::session(format!("it says that {count} steps were taken")));
        }
        let mut parts: BTreeMap<String, Arrays> = BTreeMap::new();
        for (name, array) in safetensors::read(bytes).map_err(Error::session)? {
            let (part, rest) = name.split_once('.').unwrap_or(("", &name));
            parts.entry(part.to_string()).or_default().insert(rest.to_string(), array);
        }
        Ok(Self { family: family.map_err(Error::session)?, header, parts })
    }

    /// The header, whose `config` is what [`SessionFile::settings`] gives.
    pub fn header<T: DeserializeOwned>(&self) -> Result<T> {
        T::deserialize(&self.header).map_err(Error::session)
    }

    /// The stated settings, still to be checked against their ranges.
    pub fn settings(&self) -> Result<&serde_json::Map<String, Value>> {
        self.header["config"].as_object().ok_or_else(|| Error::session("its settings are not an object"))
    }

    /// A part's arrays by name; empty where the file has none.
    pub fn arrays(&mut self, part: &str) -> Arrays {
        self.parts.remove(part).unwrap_or_default()
    }

    /// [`SessionFile::arrays`], without their shapes.
    pub fn take(&mut self, part: &str) -> BTreeMap<String, Vec<f32>> {
        self.arrays(part).into_iter().map(|(name, array)| (name, array.values)).collect()
    }

    /// The visitor's pictures, `side` pixels square, as [`album_arrays`] wrote them.
    pub fn album(&mut self, head: AlbumHead, side: usize) -> Result<Album> {
        if head.side != side {
            return Err(Error::session(format!("its pictures are not {side} pixels square")));
        }
        let mut data = self.take("data");
        let mut part = |name: &str| data.remove(name).unwrap_or_default();
        Album::unpack(head, [part("pictures"), part("labels")])
    }

    /// The network with the weights of a part.
    pub fn load<M: Module>(&mut self, part: &str, network: &M) -> Result<M> {
        load_parameters(network.clone(), self.take(part)).map_err(Error::session)
    }

    /// The state of a network's optimiser, which must fit it: a step would find out too late.
    pub fn optimizer<M: Module>(&mut self, part: &str, steps: u32, network: &M, device: &Device) -> Result<Optimizer> {
        let state = self.take(part);
        let sizes: BTreeMap<String, usize> =
            named_parameters(network).into_iter().map(|each| (each.name, each.value.dims()[0])).collect();
        let fits = |(key, values): (&String, &Vec<f32>)| match key.as_str() {
            BEFORE => values.len() == 2,
            key => key.rsplit_once('.').and_then(|(name, _)| sizes.get(name)) == Some(&values.len()),
        };
        if let Some((key, _)) = state.iter().find(|each| !fits(*each)) {
            return Err(Error::session(format!("the optimiser state `{key}` does not fit its network")));
        }
        Optimizer::from_state(steps, state, device)
    }
}
