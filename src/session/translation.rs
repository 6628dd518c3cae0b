//! A photo through a generator and back, layer by layer, so that a caller can show progress and stop.

use burn::tensor::{Device, Tensor};
use serde::Serialize;

use crate::error::{Error, Result};
use crate::image::{Size, to_rgba, to_tensor};
use crate::models::cyclegan::form::Form;
use crate::models::cyclegan::{ResnetGenerator, ResnetGeneratorConfig, Upsample};
use crate::session::bands::{self, Banded};
use crate::weights::Checkpoint;
use crate::weights::cyclegan::{self, Note, Reading};

/// The domain that a picture is translated into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    A,
    B,
}

/// One or both generators of a trained pair.
#[derive(Debug)]
pub struct Translator {
    ab: Reading,
    ba: Option<Reading>,
    device: Device,
}

/// A file with a generator, and the label of the one that is wanted, where it holds several (`Misfit::Several`).
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    pub file: &'a [u8],
    pub pick: Option<&'a str>,
}

/// A network as found in its file.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Architecture {
    #[serde(flatten)]
    pub config: ResnetGeneratorConfig,
    pub form: Form,
    pub notes: Vec<Note>,
}

impl Translator {
    /// From PyTorch or safetensors files. One file may hold both directions.
    pub fn from_bytes(ab: &[u8], ba: Option<&[u8]>, device: &Device) -> Result<Self> {
        let source = |file| Source { file, pick: None };
        Self::open(source(ab), ba.map(source), device)
    }

    pub fn open(ab: Source, ba: Option<Source>, device: &Device) -> Result<Self> {
        let read = |source: Source| cyclegan::generators(&Checkpoint::parse(source.file)?, source.pick, device);
        let device = device.clone();
        let (mut there, mut back) = read(ab)?;
        if let Some(ba) = ba {
            // Of two whole trainings each gives the direction that it was brought for.
            let (one, other) = read(ba)?;
            back = Some(other.unwrap_or(one));
            there.notes.retain(|note| !matches!(note, Note::Pair { .. }));
        }
        Ok(Self { ab: there, ba: back, device })
    }

    /// The network into a domain, as found in its file.
    pub fn architecture(&self, direction: Direction) -> Option<Architecture> {
        let Reading { generator, notes } = self.reading(direction).ok()?;
        Some(Architecture { config: generator.config(), form: generator.form(), notes: notes.clone() })
    }

    /// Uploads an RGBA picture; [`Translation::advance`] does the work.
    pub fn begin(&self, rgba: &[u8], width: usize, height: usize, direction: Direction) -> Result<Translation> {
        let generator = self.generator(direction)?.clone();
        let size = Size { width, height };
        let picture = to_tensor(rgba, size, &self.device)?;
        Ok(Translation { generator, x: picture.clone(), picture, size, layer: 0 })
    }

    /// The same in bands of rows, for a picture of any size.
    pub fn begin_bands(&self, rgba: Vec<u8>, width: usize, height: usize, direction: Direction) -> Result<Banded> {
        Banded::new(self.generator(direction)?.clone(), rgba, Size { width, height }, &self.device)
    }

    /// Bytes that a translation of this size holds at most, weights aside.
    pub fn peak_bytes(&self, width: usize, height: usize, direction: Direction, in_bands: bool) -> Result<usize> {
        let generator = self.generator(direction)?;
        let ResnetGeneratorConfig { filters, upsample, .. } = generator.config();
        let size = Size { width, height };
        // Copies of the widest map that live at once, measured on the CPU engine (`tests/memory.rs`); a resize holds the doubled one too.
        let copies = if upsample == Upsample::Resize { 6 } else { 4 };
        Ok(if in_bands {
            bands::peak_bytes(filters * generator.widest(), size)
        } else {
            copies * 4 * filters * width * height
        })
    }

    /// Multiplications of a translation of this size: its time on a device whose speed is known.
    pub fn work(&self, width: usize, height: usize, direction: Direction, in_bands: bool) -> Result<f64> {
        let (generator, size) = (self.generator(direction)?, Size { width, height });
        Ok(if in_bands {
            bands::work(generator, size)
        } else {
            generator.work(size.padded().width, size.padded().height)
        })
    }

    fn generator(&self, direction: Direction) -> Result<&ResnetGenerator> {
        self.reading(direction).map(|reading| &reading.generator)
    }

    fn reading(&self, direction: Direction) -> Result<&Reading> {
        match direction {
            Direction::B => Ok(&self.ab),
            Direction::A => self.ba.as_ref().ok_or_else(|| Error::Unsupported {
                what: "direction a".into(),
                reason: "only the weights from a to b were given".into(),
            }),
        }
    }
}

/// A picture on its way.
#[derive(Debug)]
pub struct Translation {
    generator: ResnetGenerator,
    picture: Tensor<4>,
    x: Tensor<4>,
    size: Size,
    layer: usize,
}

impl Translation {
    /// Layers done.
    pub fn layer(&self) -> usize {
        self.layer
    }

    pub fn layers(&self) -> usize {
        self.generator.layers()
    }

    /// Runs one layer; true when all are done. Waits for the device, because a GPU takes orders long before it
    /// carries them out, and progress would run ahead of the work: one number is read back.
    pub async fn advance(&mut self) -> Result<bool> {
        if self.layer < self.layers() {
            self.x = self.generator.forward_layer(self.layer, &self.picture, self.x.clone());
            self.layer += 1;
            self.x.clone().slice([0..1, 0..1, 0..1, 0..1]).into_data_async().await.map_err(lost)?;
        }
        Ok(self.layer == self.layers())
    }

    /// The picture, RGBA, of the size that was given.
    pub async fn finish(&self) -> Result<Vec<u8>> {
        if self.layer < self.layers() {
            let message = format!("finished after {} of {} layers", self.layer, self.layers());
            return Err(Error::Internal { message });
        }
        to_rgba(self.x.clone().into_data_async().await.map_err(lost)?, self.size)
    }
}

fn lost(problem: impl std::fmt::Display) -> Error {
    Error::DeviceLost { reason: problem.to_string() }
}
