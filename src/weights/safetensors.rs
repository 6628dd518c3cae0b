//! The safetensors container: a JSON header, then the numbers, little-endian.

use half::f16;
use safetensors::{Dtype, SafeTensorError, SafeTensors};
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use super::checkpoint::{Checkpoint, Stored};
use super::cursor::{Cursor, size};
use super::numbers::Kind;
use super::{Array, Arrays, torch};
use crate::error::{Damage, Error, Result};

/// Whether the file begins as this container does, cut off or not.
pub fn is_safetensors(bytes: &[u8]) -> bool {
    bytes.get(8) == Some(&b'{') && bytes[4..8] == [0; 4]
}

/// All tensors of a file as f32; f16, bf16, f32 and f64 are accepted, numbers that are not finite are not.
pub fn read(bytes: &[u8]) -> Result<Arrays> {
    Checkpoint::parse(bytes)?.arrays()
}

/// The tensors where they lie, and the metadata.
pub fn contents(bytes: &[u8]) -> Result<(BTreeMap<String, Stored<'_>>, HashMap<String, String>)> {
    let file = SafeTensors::deserialize(bytes).map_err(|problem| corrupt(problem, bytes))?;
    let tensors = file.iter().map(|(name, view)| {
        let stored = Stored::packed(Kind::of_dtype(view.dtype()), view.shape().to_vec(), view.data());
        (name.to_string(), stored)
    });
    Ok((tensors.collect(), metadata(bytes)?))
}

/// A file with the tensors as f16 (11 bits of precision: a rounding error of at most 1 in 2048) and the metadata.
pub fn write_f16(arrays: &Arrays, metadata: HashMap<String, String>) -> Result<Vec<u8>> {
    let halves = |array: &Array| array.values.iter().flat_map(|value| f16::from_f32(*value).to_le_bytes()).collect();
    write(arrays, metadata, Dtype::F16, halves)
}

/// A file with the tensors as they are, to the last bit.
pub fn write_f32(arrays: &Arrays, metadata: HashMap<String, String>) -> Result<Vec<u8>> {
    let words = |array: &Array| array.values.iter().flat_map(|value| value.to_le_bytes()).collect();
    write(arrays, metadata, Dtype::F32, words)
}

/// The metadata of a file, empty where it has none.
pub fn metadata(bytes: &[u8]) -> Result<HashMap<String, String>> {
    let (_, header) = SafeTensors::read_metadata(bytes).map_err(|problem| corrupt(problem, bytes))?;
    Ok(header.metadata().clone().unwrap_or_default())
}

fn write(
    arrays: &Arrays,
    metadata: HashMap<String, String>,
    dtype: Dtype,
    encode: impl Fn(&Array) -> Vec<u8>,
) -> Result<Vec<u8>> {
    let entries = arrays.iter().map(|(name, array)| {
        let encoded = Encoded { dtype, shape: &array.shape, bytes: encode(array) };
        (name.as_str(), encoded)
    });
    let file = safetensors::serialize(entries, Some(metadata));
    file.map(in_order).map_err(|problem| Error::Internal { message: problem.to_string() })
}

/// The same file with its header's names in alphabetical order: the crate has the metadata in no order, and what is saved twice would differ.
fn in_order(mut file: Vec<u8>) -> Vec<u8> {
    let end = promised_header(&file).unwrap_or(0);
    if let Some(Ok(header)) = file.get(8..end).map(serde_json::from_slice::<serde_json::Value>) {
        let mut text = header.to_string().into_bytes();
        if text.len() <= end - 8 {
            text.resize(end - 8, b' ');
            file[8..end].copy_from_slice(&text);
        }
    }
    file
}

/// Where the header says that it ends.
fn promised_header(bytes: &[u8]) -> Option<usize> {
    size(Cursor::new(bytes, 0).u64().ok()?).checked_add(8)
}

fn corrupt(problem: SafeTensorError, bytes: &[u8]) -> Error {
    match problem {
        SafeTensorError::HeaderTooSmall
        | SafeTensorError::InvalidHeaderLength
        | SafeTensorError::MetadataIncompleteBuffer => torch::cut_short(bytes, promised(bytes).unwrap_or(0)),
        SafeTensorError::HeaderTooLarge => Error::damage(Damage::Foreign, 0),
        // The header of JSON begins behind its length.
        other => Error::malformed(other.to_string(), 8),
    }
}

/// How long the header says that the file is.
fn promised(bytes: &[u8]) -> Option<usize> {
    let header = promised_header(bytes)?;
    // The crate reads no header of a file that is too short.
    let Some(text) = bytes.get(8..header) else { return Some(header) };
    let names: HashMap<String, Offsets> = serde_json::from_slice(text).ok()?;
    let ends = names.values().filter_map(|tensor| tensor.data_offsets).map(|[_, end]| end);
    header.checked_add(size(ends.max()?))
}

/// All that is asked of a tensor in the header; everything else is passed over, whatever it is.
#[derive(Deserialize)]
struct Offsets {
    #[serde(default)]
    data_offsets: Option<[u64; 2]>,
}

struct Encoded<'a> {
    dtype: Dtype,
    shape: &'a [usize],
    bytes: Vec<u8>,
}

impl safetensors::View for Encoded<'_> {
    fn dtype(&self) -> Dtype {
        self.dtype
    }

    fn shape(&self) -> &[usize] {
        self.shape
    }

    fn data(&self) -> Cow<'_, [u8]> {
        Cow::Borrowed(&self.bytes)
    }

    fn data_len(&self) -> usize {
        self.bytes.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_is_written_to_the_same_bytes() {
        let array = Array { shape: vec![2], values: vec![1.0, 2.0] };
        let arrays = Arrays::from([("b".to_string(), array.clone()), ("a".to_string(), array)]);
        let file = || {
            let metadata = (0..8).map(|at| (format!("key {at}"), format!("\"{at}\"\n"))).collect();
            write_f32(&arrays, metadata).unwrap()
        };
        let first = file();
        assert!((0..20).all(|_| file() == first));
        assert_eq!(metadata(&first).unwrap()["key 7"], "\"7\"\n");
        assert_eq!(read(&first).unwrap()["a"].values, [1.0, 2.0]);
    }
}
