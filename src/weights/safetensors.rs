//! The safetensors container: a JSON header, then the numbers, little-endian.

use half::{bf16, f16};
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensorError, SafeTensors};
use std::borrow::Cow;
use std::collections::HashMap;

use super::{Array, Arrays};
use crate::error::{Error, Result};

/// All tensors of a file as f32; f16, bf16 and f32 are accepted, numbers that are not finite are not.
pub fn read(bytes: &[u8]) -> Result<Arrays> {
    let file = SafeTensors::deserialize(bytes).map_err(|problem| corrupt(describe(&problem), "header"))?;
    file.iter().map(|(name, view)| Ok((name.to_string(), array(name, &view)?))).collect()
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
    let (_, header) = SafeTensors::read_metadata(bytes).map_err(|problem| corrupt(describe(&problem), "header"))?;
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
    safetensors::serialize(entries, Some(metadata)).map_err(|problem| Error::Internal { message: problem.to_string() })
}

fn array(name: &str, view: &TensorView) -> Result<Array> {
    let bytes = view.data();
    let values: Vec<f32> = match view.dtype() {
        Dtype::F32 => words(bytes, f32::from_le_bytes),
        Dtype::F16 => words(bytes, |word| f16::from_le_bytes(word).to_f32()),
        Dtype::BF16 => words(bytes, |word| bf16::from_le_bytes(word).to_f32()),
        other => return Err(corrupt(format!("numbers of type {other:?}, not F16, BF16 or F32"), name)),
    };
    match values.iter().position(|value| !value.is_finite()) {
        Some(at) => Err(corrupt(format!("number {at} is {}", values[at]), name)),
        None => Ok(Array { shape: view.shape().to_vec(), values }),
    }
}

fn words<const N: usize>(bytes: &[u8], value: impl Fn([u8; N]) -> f32) -> Vec<f32> {
    bytes.as_chunks().0.iter().map(|word| value(*word)).collect()
}

fn describe(problem: &SafeTensorError) -> String {
    match problem {
        SafeTensorError::HeaderTooSmall | SafeTensorError::InvalidHeaderLength => "the file is cut off".to_string(),
        SafeTensorError::MetadataIncompleteBuffer => "the file is cut off, or longer than its header says".to_string(),
        SafeTensorError::HeaderTooLarge => "not a safetensors file".to_string(),
        other => other.to_string(),
    }
}

fn corrupt(reason: impl Into<String>, place: &str) -> Error {
    Error::WeightsCorrupt { reason: reason.into(), place: place.to_string() }
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
