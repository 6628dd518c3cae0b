//! The one error type. Every variant carries the data a page needs to say what happened in the visitor's
//! language, has a stable code (the JavaScript contract) and reads as an English sentence.

use serde::Serialize;
use thiserror::Error;

pub type Result<T> = std::result::Result<T, Error>;

/// What went wrong. `code` names the variant; the fields are the details.
#[derive(Debug, Clone, PartialEq, Error, Serialize)]
#[serde(untagged)]
pub enum Error {
    #[error("the data cannot be used: {reason} (at {place})")]
    InvalidData { reason: String, place: String },

    #[error("`{key}` cannot be {value}: {reason}")]
    InvalidConfig { key: String, value: String, reason: String },

    #[error("this is not a usable session file: {reason}")]
    InvalidSession { reason: String },

    #[error("the weights do not fit the network: {problem} at `{key}`")]
    WeightsMismatch { key: String, problem: String },

    #[error("the weights cannot be read: {reason} (at {place})")]
    WeightsCorrupt { reason: String, place: String },

    #[error("training diverged at step {step}: a loss is no longer a finite number")]
    Diverged { step: u32 },

    #[error("the device was lost: {reason}")]
    DeviceLost { reason: String },

    #[error("{what} is not supported: {reason}")]
    Unsupported { what: String, reason: String },

    #[error("something is wrong in the engine: {message}")]
    Internal { message: String },
}

impl Error {
    /// The stable code that JavaScript sees.
    pub fn code(&self) -> &'static str {
        match self {
            Error::InvalidData { .. } => "InvalidData",
            Error::InvalidConfig { .. } => "InvalidConfig",
            Error::InvalidSession { .. } => "InvalidSession",
            Error::WeightsMismatch { .. } => "WeightsMismatch",
            Error::WeightsCorrupt { .. } => "WeightsCorrupt",
            Error::Diverged { .. } => "Diverged",
            Error::DeviceLost { .. } => "DeviceLost",
            Error::Unsupported { .. } => "Unsupported",
            Error::Internal { .. } => "Internal",
        }
    }

    pub fn config(key: &str, value: impl ToString, reason: impl Into<String>) -> Self {
        Error::InvalidConfig { key: key.into(), value: value.to_string(), reason: reason.into() }
    }

    pub fn data(reason: impl Into<String>, place: impl ToString) -> Self {
        Error::InvalidData { reason: reason.into(), place: place.to_string() }
    }

    pub fn session(reason: impl ToString) -> Self {
        Error::InvalidSession { reason: reason.to_string() }
    }
}
