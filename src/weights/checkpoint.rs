//! A file of named tensors, whatever wrote it: it borrows the file's bytes and converts a tensor when asked for it, so
//! that file and network, but no third copy, are in memory together.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use super::numbers::Kind;
use super::{Array, Arrays, safetensors, strangers, torch, zip};
use crate::error::{Damage, Error, Place, Result};

/// Bytes that the numbers of tensors may fill together in memory, as a multiple of the file, or where that is less: tensors may lie on the
/// same numbers, but not so often that a small file becomes a huge network.
const MOST_TIMES: usize = 3;
const MOST_BYTES: usize = 1 << 24;

/// Tensors by name, and what else the file says of itself.
#[derive(Debug)]
pub struct Checkpoint<'a> {
    /// By all names that lead to them, with dots between: a training's checkpoint may hold several networks.
    pub tensors: BTreeMap<String, Stored<'a>>,
    /// Of safetensors files; other kinds have none.
    pub metadata: HashMap<String, String>,
    /// Names of programs that lie beside the weights, and were not run.
    pub passed_over: Vec<String>,
    length: usize,
}

/// A tensor in the file.
#[derive(Debug, Clone)]
pub struct Stored<'a> {
    pub shape: Vec<usize>,
    pub(super) kind: Kind,
    /// Distances between neighbours in each dimension, in numbers.
    pub(super) strides: Vec<usize>,
    /// From the tensor's first number on.
    pub(super) bytes: &'a [u8],
    /// The how manieth tensor it is, where the file keeps an order.
    pub(super) rank: Option<usize>,
}

impl<'a> Checkpoint<'a> {
    /// A PyTorch file of today or of before 2020, or a safetensors file; told apart by their bytes.
    pub fn parse(bytes: &'a [u8]) -> Result<Self> {
        let length = bytes.len();
        let of = |contents: torch::Contents<'a>| {
            let torch::Contents { tensors, passed_over } = contents;
            Self { tensors, metadata: HashMap::new(), passed_over, length }
        };
        if zip::is_zip(bytes) {
            torch::archive(bytes).map(of)
        } else if torch::is_legacy(bytes) {
            torch::legacy(bytes).map(of)
        } else if safetensors::is_safetensors(bytes) {
            let (tensors, metadata) = safetensors::contents(bytes)?;
            Ok(Self { tensors, metadata, passed_over: Vec::new(), length })
        } else {
            Err(strangers::file(bytes))
        }
    }

    /// All tensors as f32.
    pub fn arrays(&self) -> Result<Arrays> {
        let array = |(name, stored): (&String, &Stored)| {
            Ok((name.clone(), Array { shape: stored.shape.clone(), values: stored.values(name)? }))
        };
        self.bounded(self.tensors.iter().map(|(name, stored)| (name.as_str(), stored)))?;
        self.tensors.iter().map(array).collect()
    }

    /// Whether these tensors, which are to be read together, are not far more than the file has numbers.
    pub(super) fn bounded<'t>(&self, tensors: impl Iterator<Item = (&'t str, &'t Stored<'a>)>) -> Result<()>
    where
        'a: 't,
    {
        let mut total = 0usize;
        for (name, stored) in tensors {
            let bytes = stored.count().map(|count| count.saturating_mul(size_of::<f32>()));
            total = total.saturating_add(bytes.unwrap_or(usize::MAX));
            if total > self.length.saturating_mul(MOST_TIMES).max(MOST_BYTES) {
                return Err(Error::WeightsCorrupt { problem: Damage::TooFew, place: Place::Key(name.to_string()) });
            }
        }
        Ok(())
    }
}

impl<'a> Stored<'a> {
    /// Numbers one after another, as nearly all tensors are kept.
    pub(super) fn packed(kind: Kind, shape: Vec<usize>, bytes: &'a [u8]) -> Self {
        let mut strides: Vec<usize> = shape
            .iter()
            .rev()
            .scan(1usize, |stride, side| {
                let this = *stride;
                *stride = stride.saturating_mul(*side);
                Some(this)
            })
            .collect();
        strides.reverse();
        Self { shape, kind, strides, bytes, rank: None }
    }

    /// The numbers, in the order of the shape. `name` is for the error's sake.
    pub fn values(&self, name: &str) -> Result<Vec<f32>> {
        let corrupt = |problem| Error::WeightsCorrupt { problem, place: Place::Key(name.to_string()) };
        let bytes = self.reach().ok_or_else(|| corrupt(Damage::TooFew))?;
        let packed = Self::packed(self.kind, self.shape.clone(), &[]).strides == self.strides;
        let bytes = if packed { Cow::Borrowed(bytes) } else { Cow::Owned(self.gathered(bytes)) };
        let values = self.kind.decode(&bytes);
        let values = values.ok_or_else(|| corrupt(Damage::Numbers { found: self.kind.name().to_string() }))?;
        match values.iter().position(|value| !value.is_finite()) {
            Some(index) => Err(corrupt(Damage::NotFinite { index, value: values[index].to_string() })),
            None => Ok(values),
        }
    }

    /// Whether it counts or masks something, as generators of random numbers and averages do: no layer's weights.
    pub(super) fn is_counter(&self) -> bool {
        self.shape.is_empty() || self.shape.len() < 2 && matches!(self.kind, Kind::Other { .. })
    }

    fn count(&self) -> Option<usize> {
        self.shape.iter().try_fold(1usize, |count, side| count.checked_mul(*side))
    }

    /// The bytes from the tensor's first number to its last; none where the file does not have them.
    fn reach(&self) -> Option<&'a [u8]> {
        if self.count()? == 0 {
            return Some(&[]);
        }
        let last = self
            .shape
            .iter()
            .zip(&self.strides)
            .try_fold(0usize, |last, (side, stride)| last.checked_add((side - 1).checked_mul(*stride)?))?;
        self.bytes.get(..last.checked_add(1)?.checked_mul(self.kind.width())?)
    }

    /// The numbers of a transposed or sliced tensor, one index after another, the last dimension fastest.
    fn gathered(&self, bytes: &[u8]) -> Vec<u8> {
        let width = self.kind.width();
        let count = self.count().unwrap_or(0);
        let mut gathered = Vec::with_capacity(count * width);
        let mut index = vec![0usize; self.shape.len()];
        let mut place = 0;
        for _ in 0..count {
            gathered.extend(&bytes[place * width..][..width]);
            for (at, (side, stride)) in index.iter_mut().zip(self.shape.iter().zip(&self.strides)).rev() {
                *at += 1;
                place += stride;
                if *at < *side {
                    break;
                }
                place -= side * stride;
                *at = 0;
            }
        }
        gathered
    }
}
