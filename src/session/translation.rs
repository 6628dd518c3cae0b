//! A photo through a generator and back, layer by layer, so that a caller can show progress and stop.

use burn::tensor::{Device, Tensor};
use serde::Serialize;
use serde_json::json;
use std::cell::OnceCell;
use std::rc::Rc;

use crate::error::{Error, Result};
use crate::image::{Size, to_rgba, to_tensor};
use crate::models::cyclegan::form::Form;
use crate::models::cyclegan::quick::Plan;
use crate::models::cyclegan::{ResnetGenerator, ResnetGeneratorConfig, Upsample};
use crate::nn::halves::first;
use crate::nn::kernels::{self, Strip};
use crate::onnx;
use crate::session::bands::{self, Banded};
use crate::session::export::{Format, Leaving};
use crate::session::file::host_named;
use crate::training::Family;
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
    /// By direction, made when it is first asked for.
    quick: [OnceCell<Option<Rc<kernels::Generator>>>; 2],
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
        Ok(Self { ab: there, ba: back, device, quick: Default::default() })
    }

    /// The network into a domain, as found in its file.
    pub fn architecture(&self, direction: Direction) -> Option<Architecture> {
        let Reading { generator, notes } = self.reading(direction).ok()?;
        Some(Architecture { config: generator.config(), form: generator.form(), notes: notes.clone() })
    }

    /// The network into a domain as a file for other software: the published form and ours.
    pub async fn export(&self, format: Format, direction: Direction) -> Result<Vec<u8>> {
        let generator = self.generator(direction)?;
        if generator.form() != Form::default() {
            return Err(Error::Unsupported {
                what: "a file of this network".into(),
                reason: "only the published form and those trained here are written".into(),
            });
        }
        let config = generator.config();
        let parameters = host_named(generator).await?.into_iter().map(|(_, array)| array).collect();
        let arrays = cyclegan::arrays(&config, parameters, &self.device)?;
        Leaving {
            plan: Box::new(onnx::Translator { config }),
            arrays,
            family: Family::Cyclegan,
            config: json!({}),
            steps: 0,
        }
        .file(format)
    }

    /// Uploads an RGBA picture; [`Translation::advance`] does the work.
    pub fn begin(&self, rgba: &[u8], width: usize, height: usize, direction: Direction) -> Result<Translation> {
        let generator = self.generator(direction)?.clone();
        let size = Size { width, height };
        let picture = to_tensor(rgba, size, &self.device)?;
        let on_way = match self.quick(direction)? {
            Some(quick) => {
                let strip = Strip::whole(&quick, &channels_last(&picture)?);
                OnWay::Quick(quick, strip)
            }
            None => OnWay::Tensor(generator.narrowed(picture.clone())),
        };
        let layers = match &on_way {
            OnWay::Quick(quick, _) => quick.convolutions(),
            OnWay::Tensor(_) => generator.layers(),
        };
        Ok(Translation { generator, on_way, picture, size, layer: 0, layers })
    }

    /// The processor's kernels for a direction, where they know the network.
    fn quick(&self, direction: Direction) -> Result<Option<Rc<kernels::Generator>>> {
        let generator = self.generator(direction)?;
        let make = || Some(Rc::new(plan_of(generator)?.open()));
        Ok(self.quick[direction as usize].get_or_init(make).clone())
    }

    /// The network for kernels elsewhere: in other workers, or of another build. None where they do not know it, or a graphics card computes.
    pub fn plan(&self, direction: Direction) -> Result<Option<Plan>> {
        Ok(plan_of(self.generator(direction)?))
    }

    /// A picture as the kernels take it: channels last, its sides filled up to multiples of four.
    ///
    /// # Shapes
    /// `4 width height` bytes -> `[height, width, 3]` of the padded size, in [-1, 1]
    pub fn enter(&self, rgba: &[u8], size: Size) -> Result<Vec<f32>> {
        Ok(channels_last(&to_tensor(rgba, size, &self.device)?)?.values)
    }

    /// The painting from what kernels elsewhere made of it.
    ///
    /// # Shapes
    /// head: `[height, width, 3]` of the padded size
    pub async fn leave(&self, rgba: &[u8], size: Size, direction: Direction, head: Vec<f32>) -> Result<Vec<u8>> {
        let picture = to_tensor(rgba, size, &self.device)?;
        let [_, channels, height, width] = picture.dims();
        if head.len() != channels * height * width {
            return Err(Error::Internal { message: format!("{} numbers for a painting", head.len()) });
        }
        let head = kernels::Maps { values: head, height, width, channels };
        let painting = self.generator(direction)?.finish_quick(&picture, &head);
        to_rgba(painting.into_data_async().await.map_err(Error::unread)?, size)
    }

    /// The same in bands of rows, for a picture of any size.
    pub fn begin_bands(&self, rgba: Vec<u8>, width: usize, height: usize, direction: Direction) -> Result<Banded> {
        let generator = self.generator(direction)?;
        let banded = Banded::new(generator.clone(), rgba, Size { width, height }, &self.device)?;
        // Bands go back and forth between the kernels' maps and Burn's.
        Ok(banded.by_kernels(self.quick(direction)?.filter(|_| generator.fits())))
    }

    /// Bytes that a translation of this size holds at most, weights aside.
    pub fn peak_bytes(&self, width: usize, height: usize, direction: Direction, in_bands: bool) -> Result<usize> {
        let generator = self.generator(direction)?;
        let ResnetGeneratorConfig { filters, upsample, .. } = generator.config();
        let size = Size { width, height };
        if in_bands {
            return Ok(bands::peak_bytes(generator, size));
        }
        // Halves of the widest map that live at once, measured on the CPU engine (`tests/memory.rs`); a resize of Burn's holds the doubled one.
        let halves = match (self.quick(direction)?.is_some(), upsample) {
            (true, _) => 6,
            (false, Upsample::Resize) => 12,
            (false, Upsample::Transposed) => 8,
        };
        Ok(halves * 2 * filters * width * height)
    }

    /// Multiplications of a translation of this size: its time on a device whose speed is known.
    pub fn work(&self, width: usize, height: usize, direction: Direction, in_bands: bool) -> Result<f64> {
        let (generator, size) = (self.generator(direction)?, Size { width, height });
        Ok(if in_bands {
            bands::work(generator, size)
        } else {
            if self.quick(direction)?.is_some() {
                generator.quick_work(size.padded().width, size.padded().height)
            } else {
                generator.work(size.padded().width, size.padded().height)
            }
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

/// Whether this build computes on a graphics card.
const ON_A_GPU: bool = cfg!(feature = "webgpu");

fn plan_of(generator: &ResnetGenerator) -> Option<Plan> {
    if ON_A_GPU { None } else { generator.plan() }
}

fn channels_last(picture: &Tensor<4>) -> Result<kernels::Maps> {
    let [_, channels, height, width] = picture.dims();
    let planes = super::floats(picture.clone().into_data())?;
    Ok(kernels::Maps::from_planes(&planes, channels, height, width))
}

/// What the layers so far made.
#[derive(Debug)]
enum OnWay {
    Tensor(Tensor<4>),
    Quick(Rc<kernels::Generator>, Strip),
}

/// A picture on its way.
#[derive(Debug)]
pub struct Translation {
    generator: ResnetGenerator,
    picture: Tensor<4>,
    on_way: OnWay,
    size: Size,
    layer: usize,
    layers: usize,
}

impl Translation {
    /// Layers done.
    pub fn layer(&self) -> usize {
        self.layer
    }

    pub fn layers(&self) -> usize {
        self.layers
    }

    /// Runs up to so many layers, one of the processor's kernels; true when all are done. Waits for the device, because a GPU takes orders long before
    /// it carries them out, and progress would run ahead of the work: a number is read back.
    pub async fn advance(&mut self, most: usize) -> Result<bool> {
        let last = self.layer + 1 == self.layers();
        match &mut self.on_way {
            _ if self.layer == self.layers => {}
            OnWay::Tensor(x) => {
                let layers = self.layer..self.layers.min(self.layer + most.max(1));
                self.layer = layers.end;
                *x = layers.fold(x.clone(), |x, layer| self.generator.forward_layer(layer, &self.picture, x));
                first(x.clone()).into_data_async().await.map_err(Error::unread)?;
            }
            OnWay::Quick(quick, strip) => {
                strip.advance(quick);
                if last {
                    let head = strip.to_maps();
                    // The strip's memory goes before more is asked for.
                    self.on_way = OnWay::Tensor(self.picture.clone());
                    self.on_way = OnWay::Tensor(self.generator.finish_quick(&self.picture, &head));
                }
                self.layer += 1;
            }
        }
        Ok(self.layer == self.layers)
    }

    /// The picture, RGBA, of the size that was given.
    pub async fn finish(&self) -> Result<Vec<u8>> {
        if self.layer < self.layers() {
            let message = format!("finished after {} of {} layers", self.layer, self.layers());
            return Err(Error::Internal { message });
        }
        let OnWay::Tensor(x) = &self.on_way else {
            return Err(Error::Internal { message: "the last layer left no picture".into() });
        };
        to_rgba(x.clone().into_data_async().await.map_err(Error::unread)?, self.size)
    }
}
