//! Weights from and to files, by published names. A file is untrusted: whatever is wrong with it is an error that
//! says what and where, never a panic.

pub mod acgan;
mod checkpoint;
mod cursor;
pub mod cyclegan;
pub mod drgan;
mod fold;
mod foreign;
mod literals;
mod networks;
mod numbers;
mod objects;
mod parts;
mod pickle;
pub mod pytorch;
pub mod safetensors;
mod strangers;
mod torch;
mod wrappers;
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
