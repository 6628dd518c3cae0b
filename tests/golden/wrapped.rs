//! The networks of `wrapped.py`, and how a reading of them is compared.

#![allow(dead_code, reason = "each test that includes it needs its own part")]

use burn::tensor::{Device, Tensor, TensorData};
use gan_atelier::error::Error;
use gan_atelier::weights::cyclegan::{self, Reading};
use gan_atelier::weights::{Array, Arrays, Checkpoint, safetensors};
use std::collections::HashMap;
use std::path::Path;

/// Largest difference from PyTorch: sums of a few thousand products in another order.
const TOLERANCE: f32 = 1e-4;

pub fn file(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/wrapped").join(name)).unwrap()
}

pub fn networks() -> Arrays {
    safetensors::read(&file("networks.safetensors")).unwrap()
}

/// A network's tensors by its own names.
pub fn network(name: &str) -> Arrays {
    let own = |(key, array): (String, Array)| Some((key.strip_prefix(&format!("{name}/"))?.to_string(), array));
    networks().into_iter().filter_map(own).collect()
}

pub fn written(arrays: &Arrays) -> Vec<u8> {
    safetensors::write_f32(arrays, HashMap::new()).unwrap()
}

/// A network, and the names that its tensors get instead of their own.
pub type Renamed<'a> = (&'a str, &'a dyn Fn(&str) -> String);

/// A file of some networks' tensors under other names.
pub fn renamed(parts: &[Renamed]) -> Vec<u8> {
    let under = |(name, rename): &Renamed| -> Vec<(String, Array)> {
        network(name).into_iter().map(|(key, array)| (rename(&key), array)).collect()
    };
    written(&parts.iter().flat_map(under).collect())
}

pub fn read(bytes: &[u8]) -> Result<(Reading, Option<Reading>), Error> {
    Checkpoint::parse(bytes).and_then(|checkpoint| cyclegan::generators(&checkpoint, None, &Device::flex()))
}

pub fn tensor(array: &Array) -> Tensor<4> {
    let shape: [usize; 4] = array.shape.as_slice().try_into().unwrap();
    Tensor::from_data(TensorData::new(array.values.clone(), shape), &Device::flex())
}

#[track_caller]
pub fn paints(reading: &Reading, output: &str) {
    let cases = networks();
    let painted = reading.generator.forward(tensor(&cases["input"])).into_data().try_to_vec::<f32>().unwrap();
    let wanted = &cases[&format!("{output}.output")].values;
    // A grey picture has the same values in all three colours.
    let plane = 8 * 12;
    let wanted = |at: usize| wanted[if wanted.len() == plane { at % plane } else { at }];
    let apart = painted.iter().enumerate().map(|(at, value)| (value - wanted(at)).abs()).fold(0.0, f32::max);
    assert!(apart < TOLERANCE, "{output}: {apart}");
}

#[track_caller]
pub fn one(bytes: &[u8], output: &str) -> Reading {
    let (one, other) = read(bytes).unwrap_or_else(|problem| panic!("{output}: {problem}"));
    assert!(other.is_none());
    paints(&one, output);
    one
}
