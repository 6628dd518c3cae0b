//! The one error type. Every variant carries the data a page needs to say what happened in the visitor's
//! language, has a stable code (the JavaScript contract) and reads as an English sentence.

use serde::Serialize;
use thiserror::Error;

pub type Result<T> = std::result::Result<T, Error>;

/// What went wrong. `code` names the variant; the fields are the details.
#[derive(Debug, Clone, PartialEq, Error, Serialize)]
#[serde(untagged)]
pub enum Error {
    #[error("the data cannot be used: {flaw} (at {place})")]
    InvalidData {
        #[serde(flatten)]
        flaw: Flaw,
        place: Place,
    },

    #[error("`{key}` cannot be {value}: {reason}")]
    InvalidConfig { key: String, value: String, reason: String },

    #[error("this is not a usable session file: {reason}")]
    InvalidSession { reason: String },

    #[error("the weights do not fit the network: `{key}` {problem}")]
    WeightsMismatch {
        key: String,
        #[serde(flatten)]
        problem: Misfit,
    },

    #[error("the weights cannot be read: {problem} (at {place})")]
    WeightsCorrupt {
        #[serde(flatten)]
        problem: Damage,
        place: Place,
    },

    #[error("training diverged at step {step}: a loss is no longer a finite number")]
    Diverged { step: u32 },

    #[error("the device was lost: {reason}")]
    DeviceLost { reason: String },

    #[error("the device has no room: {reason}")]
    OutOfMemory { reason: String },

    #[error("{what} is not supported: {reason}")]
    Unsupported { what: String, reason: String },

    #[error("something is wrong in the engine: {message}")]
    Internal { message: String },
}

/// Why data cannot be learned from. `reason` in the details names the variant; the page translates by it.
#[derive(Debug, Clone, PartialEq, Error, Serialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum Flaw {
    /// Nothing that a visitor's file causes: said in English.
    #[error("{said}")]
    Said { said: String },
    #[error("this is not an IDX file, which begins with two zero bytes")]
    IdxForeign,
    #[error("its numbers are of type {found}, which the format does not know")]
    IdxType { found: String },
    #[error("it has {found} dimensions, not {expected}")]
    IdxDimensions { found: u8, expected: u8 },
    #[error("one of its numbers is infinite or none")]
    IdxNotFinite,
    #[error("the file is cut off: it should have {expected} bytes and has {found}")]
    IdxCutOff { expected: u64, found: usize },
    #[error("{surplus} bytes follow the last number")]
    IdxSurplus { surplus: u64 },
    #[error("pictures of {width} x {height} pixels, not of {least} to {most} a side")]
    PictureSide { width: usize, height: usize, least: usize, most: usize },
    #[error("{labels} labels for {pictures} pictures")]
    LabelCount { labels: usize, pictures: usize },
    #[error("{classes} classes, not {least} to {most}")]
    Classes { classes: usize, least: usize, most: usize },
    #[error("{count} pictures, not {least} to {most}")]
    Pictures { count: usize, least: usize, most: usize },
    #[error("{found} columns, more than {most}")]
    TableColumns { found: usize, most: usize },
    #[error("the table holds no numbers")]
    CsvEmpty,
    #[error("`{found}` in column {column} is not a number")]
    CsvNumber { found: String, column: usize },
    #[error("{found} columns, where the lines before have {expected}")]
    CsvColumns { found: usize, expected: usize },
    #[error("{rows} steps, fewer than the {least} of one sequence")]
    SeriesRows { rows: usize, least: usize },
    #[error("no {least} steps in a row are of one class and one recording")]
    SeriesPieces { least: usize },
    #[error("{dims} values in a step, more than {most}")]
    SeriesDims { dims: usize, most: usize },
    #[error("{steps} steps, fewer than {least}")]
    SeriesSteps { steps: usize, least: usize },
    #[error("this is a file of the kind {kind}, not a table as text or an array of NumPy")]
    TableForeign { kind: String },
    #[error("this is a spreadsheet ({kind}), not a table as text: save it as CSV")]
    Spreadsheet { kind: String },
    #[error("this is a zip archive without an array of NumPy: unpack it")]
    TableArchive,
    #[error("this is neither text nor an array of NumPy")]
    TableBinary,
    #[error("it cannot be read as {reading}")]
    TableReading { reading: String },
    #[error("{columns} columns of numbers; points of the plane have 2")]
    TablePoints { columns: usize },
    #[error("{points} points, fewer than {least}")]
    PointCount { points: usize, least: usize },
    #[error("its elements are {found}, not numbers")]
    ArrayKind { found: String },
    #[error("its shape is {found}; a recording has one or two dimensions, series have two or three")]
    ArrayShape { found: String },
    #[error("the array is cut off: {found} of {expected} numbers")]
    ArrayCutOff { found: usize, expected: usize },
    #[error("the array has {found} numbers; of a file of this size at most {most} are read")]
    ArraySize { found: usize, most: usize },
    #[error("the archive holds several arrays: {}; say which", names.join(", "))]
    ArchiveArrays { names: Vec<String> },
}

/// Why a tensor does not fit the network. `reason` in the details names the variant; the page translates by it.
#[derive(Debug, Clone, PartialEq, Error, Serialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum Misfit {
    #[error("is missing")]
    Missing,
    #[error("is not part of it")]
    Surplus,
    #[error("has the shape {found}, not {expected}")]
    Shape { found: String, expected: String },
    #[error("is a discriminator's; the generator is wanted, as in `latest_net_G.pth` or `latest_net_G_A.pth`")]
    Discriminator,
    #[error("is a U-Net's, as pix2pix has; a generator of residual blocks is wanted")]
    Unet,
    #[error("learned with its layer's norm; the published generator's instance norms learn nothing")]
    Norm,
    #[error("has the shape {found}; no generator of a CycleGAN has it")]
    Unlike { found: String },
    #[error("has no certain place: which layer it belongs to is told neither by its name nor by its shape {found}")]
    Ambiguous { found: String },
    #[error("is one of several generators: {}; which of them goes where is not told", .names.join(", "))]
    Several { names: Vec<String> },
}

/// What is wrong with a file of weights. `reason` in the details names the variant; the page translates by it.
#[derive(Debug, Clone, PartialEq, Error, Serialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum Damage {
    #[error("the file is empty")]
    Empty,
    #[error("the file is cut off")]
    CutOff,
    #[error("the file is cut off: at least {promised} bytes belong to it")]
    CutShort { promised: u64 },
    #[error("this is neither a PyTorch nor a safetensors file")]
    Foreign,
    #[error("this is a picture")]
    Picture,
    #[error("this is a web page, as a failed download leaves it")]
    WebPage,
    #[error("this is text, not a file of weights")]
    Text,
    #[error("this is Git LFS's pointer to a file of {size} bytes, not that file")]
    LfsPointer { size: u64 },
    #[error("this is an ONNX model; the weights are wanted as PyTorch saves them, as a `state_dict`")]
    Onnx,
    #[error("this is a file of Keras (HDF5); the weights are wanted as PyTorch saves them, as a `state_dict`")]
    Keras,
    #[error("this is a model of TensorFlow; the weights are wanted as PyTorch saves them, as a `state_dict`")]
    Tensorflow,
    #[error("these are NumPy's arrays; the weights are wanted as PyTorch saves them, as a `state_dict`")]
    Numpy,
    #[error("this is a Python pickle that `torch.save` did not write")]
    Pickle,
    #[error("this file is packed ({kind}); unpack it and take the file of weights in it")]
    Packed { kind: String },
    #[error("this archive holds files of weights ({names}); unpack it and take one of them, or two for a pair")]
    Files { names: String },
    #[error("this archive was not written by PyTorch's `torch.save`")]
    Archive,
    #[error("this is a TorchScript program; only the weights of a network are read, from its `state_dict`")]
    Torchscript,
    #[error("the archive's entries are compressed; PyTorch stores them as they are")]
    Compressed,
    #[error("the numbers are stored with the highest byte first")]
    ByteOrder,
    #[error(
        "the file wants to run `{name}`; nothing in a file is run, and weights alone (a `state_dict`) need nothing run"
    )]
    Program { name: String },
    #[error("the file is not put together as a file of weights is: {what}")]
    Malformed { what: String },
    #[error("its numbers are not all there")]
    TooFew,
    #[error("the file holds no tensors by name")]
    NoTensors,
    #[error("its numbers are of type {found}, not f16, bf16, f32 or f64")]
    Numbers { found: String },
    #[error("number {index} is {value}")]
    NotFinite { index: usize, value: String },
}

/// Where in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Place {
    /// Bytes from the start.
    Byte(usize),
    /// A line of a text, from 1.
    Line(usize),
    /// A tensor's name in the file, an argument's in a call.
    Key(String),
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Place::Byte(at) => write!(f, "byte {at}"),
            Place::Line(at) => write!(f, "line {at}"),
            Place::Key(name) => write!(f, "`{name}`"),
        }
    }
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
            Error::OutOfMemory { .. } => "OutOfMemory",
            Error::Unsupported { .. } => "Unsupported",
            Error::Internal { .. } => "Internal",
        }
    }

    /// Why numbers could not be read from a device. A buffer that it has no room for is told by what reads it, in words alone
    /// (cubecl-runtime 0.11, `IoError`).
    pub fn unread(problem: impl std::fmt::Debug) -> Self {
        let reason = format!("{problem:?}");
        let full = ["allocate buffer of size", "out of device memory"].iter().any(|said| reason.contains(said));
        if full { Error::OutOfMemory { reason } } else { Error::DeviceLost { reason } }
    }

    pub fn config(key: &str, value: impl ToString, reason: impl Into<String>) -> Self {
        Error::InvalidConfig { key: key.into(), value: value.to_string(), reason: reason.into() }
    }

    pub fn data(said: impl Into<String>, place: impl ToString) -> Self {
        Error::InvalidData { flaw: Flaw::Said { said: said.into() }, place: Place::Key(place.to_string()) }
    }

    pub fn flaw(flaw: Flaw, place: Place) -> Self {
        Error::InvalidData { flaw, place }
    }

    pub fn damage(problem: Damage, byte: usize) -> Self {
        Error::WeightsCorrupt { problem, place: Place::Byte(byte) }
    }

    pub fn malformed(what: impl Into<String>, byte: usize) -> Self {
        Self::damage(Damage::Malformed { what: what.into() }, byte)
    }

    pub fn not_finite(key: &str, index: usize, value: f32) -> Self {
        let problem = Damage::NotFinite { index, value: value.to_string() };
        Error::WeightsCorrupt { problem, place: Place::Key(key.to_string()) }
    }

    pub fn misfit(key: &str, problem: Misfit) -> Self {
        Error::WeightsMismatch { key: key.to_string(), problem }
    }

    pub fn session(reason: impl ToString) -> Self {
        Error::InvalidSession { reason: reason.to_string() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_without_room_is_told_from_a_lost_one() {
        let code = |said: &str| Error::unread(said).code();
        assert_eq!(code("can't allocate buffer of size: 268435456"), "OutOfMemory");
        assert_eq!(code("out of device memory allocating 268435456 bytes"), "OutOfMemory");
        assert_eq!(code("the device is lost"), "DeviceLost");
    }
}
