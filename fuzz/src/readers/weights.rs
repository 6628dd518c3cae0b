//! `src/weights`, without what becomes a network.

#[path = "../../../src/weights/acgan.rs"]
pub mod acgan;
#[path = "../../../src/weights/checkpoint.rs"]
mod checkpoint;
#[path = "../../../src/weights/cursor.rs"]
mod cursor;
#[path = "../../../src/weights/literals.rs"]
mod literals;
#[path = "../../../src/weights/numbers.rs"]
mod numbers;
#[path = "../../../src/weights/objects.rs"]
mod objects;
#[path = "../../../src/weights/pickle.rs"]
mod pickle;
#[path = "../../../src/weights/safetensors.rs"]
pub mod safetensors;
#[path = "../../../src/weights/strangers.rs"]
mod strangers;
#[path = "../../../src/weights/torch.rs"]
mod torch;
#[path = "../../../src/weights/zip.rs"]
pub(crate) mod zip;

use std::collections::BTreeMap;

pub use checkpoint::{Checkpoint, Stored};

/// A tensor on the host.
#[derive(Debug, Clone, PartialEq)]
pub struct Array {
    pub shape: Vec<usize>,
    pub values: Vec<f32>,
}

/// A file's tensors by name.
pub type Arrays = BTreeMap<String, Array>;
