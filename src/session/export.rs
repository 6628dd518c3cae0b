//! A trained generator as a file that other software opens.

use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};

use crate::error::Result;
use crate::onnx::{self, Plan};
use crate::training::Family;
use crate::weights::{Arrays, safetensors};

/// Of which kind the file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Weights by PyTorch's names and in its layout.
    #[default]
    Safetensors,
    /// Weights and graph.
    Onnx,
}

/// A generator that leaves.
pub(super) struct Leaving {
    pub plan: Box<dyn Plan>,
    pub arrays: Arrays,
    pub family: Family,
    pub config: Value,
    pub steps: u32,
}

impl Leaving {
    pub fn file(self, format: Format) -> Result<Vec<u8>> {
        let family = serde_json::to_value(self.family).unwrap_or_default();
        let about = BTreeMap::from([
            ("family".to_string(), family.as_str().unwrap_or_default().to_string()),
            ("steps".to_string(), self.steps.to_string()),
            ("generator".to_string(), self.plan.about().to_string()),
            ("settings".to_string(), self.config.to_string()),
        ]);
        match format {
            Format::Onnx => onnx::write(&*self.plan, &self.arrays, &about),
            Format::Safetensors => safetensors::write_f32(&self.arrays, HashMap::from_iter(about)),
        }
    }
}

/// The settings as a file states them.
pub(super) fn settings(config: &impl serde::Serialize) -> Value {
    serde_json::to_value(config).unwrap_or(json!({}))
}
