//! CycleGAN's networks in the published layout and in ours: filters, blocks, kind of upsampling and canvas are read from
//! the file's names and shapes.

use burn::tensor::Device;
use std::collections::BTreeMap;

use super::{Array, Arrays, Checkpoint, Stored};
use crate::error::{Error, Misfit, Result};
use crate::models::cyclegan::{
    Canvas, PatchDiscriminator, PatchDiscriminatorConfig, ResnetGenerator, ResnetGeneratorConfig, SKIP, UNDERPAINTING,
    Upsample, canvas,
};

/// A generator with the file's weights. Tensors are converted one at a time.
pub fn generator(checkpoint: &Checkpoint, device: &Device) -> Result<ResnetGenerator> {
    let mut parts = Parts::of(checkpoint)?;
    let config = parts.generator()?;
    if config.canvas == Canvas::Underpainting {
        parts.check_underpainting()?;
    }
    let generator = config.init_from(&mut |name, shape| parts.take(name, shape), device)?;
    parts.finish(cancelled_biases(&config))?;
    Ok(generator)
}

/// A discriminator with the file's weights.
pub fn discriminator(checkpoint: &Checkpoint, device: &Device) -> Result<PatchDiscriminator> {
    let mut parts = Parts::of(checkpoint)?;
    let filters = parts.filters("model.0.weight", 4)?;
    let config = PatchDiscriminatorConfig { filters, halvings: 3 };
    let discriminator = config.init_from(&mut |name, shape| parts.take(name, shape), device)?;
    let cancelled = [(2, 2), (5, 4), (8, 8)];
    parts.finish(cancelled.into_iter().map(|(layer, n)| (format!("model.{layer}.bias"), n * filters)))?;
    Ok(discriminator)
}

/// What the names and shapes say of a generator.
pub fn architecture(checkpoint: &Checkpoint) -> Result<ResnetGeneratorConfig> {
    Parts::of(checkpoint)?.generator()
}

/// The arrays of a file of this generator: published names for its parameters, which come in the network's order, and
/// zeros for the biases that a norm cancels, because other software expects them.
pub fn arrays(config: &ResnetGeneratorConfig, parameters: Vec<Array>, device: &Device) -> Result<Arrays> {
    let mut names = Vec::new();
    let mut record = |name: &str, shape: &[usize]| {
        names.push(name.to_string());
        Ok(vec![0.0; shape.iter().product()])
    };
    config.init_from(&mut record, device)?;
    let biases = cancelled_biases(config).map(|(name, n)| (name, Array { shape: vec![n], values: vec![0.0; n] }));
    let block = Array { shape: vec![1], values: vec![canvas::BLOCK as f32] };
    let canvas = (config.canvas == Canvas::Underpainting).then(|| (UNDERPAINTING.to_string(), block));
    Ok(names.into_iter().zip(parameters).chain(biases).chain(canvas).collect())
}

/// A file's tensors by today's published names, each with its name in the file.
struct Parts<'f>(BTreeMap<String, (&'f str, &'f Stored<'f>)>);

impl<'f> Parts<'f> {
    /// Older files carry statistics that instance norm never used, the prefix of PyTorch's DataParallel, and another
    /// place for the second convolution where there was dropout between.
    fn of(checkpoint: &'f Checkpoint) -> Result<Self> {
        let unused = ["running_mean", "running_var", "num_batches_tracked"];
        let mut parts = BTreeMap::new();
        for (name, stored) in &checkpoint.tensors {
            if unused.iter().any(|suffix| name.ends_with(suffix)) {
                continue;
            }
            let today = name.strip_prefix("module.").unwrap_or(name).replace(".conv_block.6.", ".conv_block.5.");
            if parts.insert(today, (name.as_str(), stored)).is_some() {
                return Err(Error::misfit(name, Misfit::Surplus));
            }
        }
        Ok(Self(parts))
    }

    fn generator(&self) -> Result<ResnetGeneratorConfig> {
        let filters = self.filters("model.1.weight", 7)?;
        let first = |layer: usize| format!("model.{layer}.conv_block.1.weight");
        let blocks = (10..).take_while(|layer| self.0.contains_key(&first(*layer))).count();
        if blocks == 0 {
            return Err(Error::misfit(&first(10), Misfit::Missing));
        }
        let (_, doubling) = self.get(&format!("model.{}.weight", 10 + blocks))?;
        let upsample = match doubling.shape[..] {
            [inputs, ..] if inputs == 4 * filters => Upsample::Transposed,
            _ => Upsample::Resize,
        };
        let canvas = match (self.0.contains_key(SKIP), self.0.contains_key(UNDERPAINTING)) {
            (true, true) => return Err(Error::misfit(UNDERPAINTING, Misfit::Surplus)),
            (true, false) => Canvas::Picture,
            (false, true) => Canvas::Underpainting,
            (false, false) => Canvas::Empty,
        };
        Ok(ResnetGeneratorConfig { filters, blocks, upsample, canvas })
    }

    /// How many filters the first convolution of pictures has.
    fn filters(&self, name: &str, kernel: usize) -> Result<usize> {
        let (name, stored) = self.get(name)?;
        match stored.shape[..] {
            [filters, 3, height, width] if filters > 0 && [height, width] == [kernel; 2] => Ok(filters),
            _ => Err(misshapen(name, &stored.shape, format!("[filters, 3, {kernel}, {kernel}]"))),
        }
    }

    fn get(&self, name: &str) -> Result<(&'f str, &'f Stored<'f>)> {
        self.0.get(name).copied().ok_or_else(|| Error::misfit(name, Misfit::Missing))
    }

    fn take(&mut self, name: &str, shape: &[usize]) -> Result<Vec<f32>> {
        let (in_file, stored) = self.get(name)?;
        if stored.shape != shape {
            return Err(misshapen(in_file, &stored.shape, format!("{shape:?}")));
        }
        self.0.remove(name);
        stored.values(in_file)
    }

    /// The blocks' side is part of the network, not of what it learned: another would be another network.
    fn check_underpainting(&mut self) -> Result<()> {
        let found = self.take(UNDERPAINTING, &[1])?;
        match found[..] == [canvas::BLOCK as f32] {
            true => Ok(()),
            false => Err(Error::Unsupported {
                what: format!("{UNDERPAINTING} {}", found[0]),
                reason: format!("underpaintings here are of blocks of {} pixels", canvas::BLOCK),
            }),
        }
    }

    /// Nothing may be left but biases without effect, absent or right: a file of a network without them is as good.
    fn finish(mut self, cancelled: impl Iterator<Item = (String, usize)>) -> Result<()> {
        for (name, channels) in cancelled {
            if self.0.contains_key(&name) {
                self.take(&name, &[channels])?;
            }
        }
        match self.0.values().next() {
            Some((surplus, _)) => Err(Error::misfit(surplus, Misfit::Surplus)),
            None => Ok(()),
        }
    }
}

fn cancelled_biases(config: &ResnetGeneratorConfig) -> impl Iterator<Item = (String, usize)> + use<> {
    let f = config.filters;
    let [first_up, second_up, _] = config.late_layers();
    let outer = [(1, f), (4, 2 * f), (7, 4 * f), (first_up, 2 * f), (second_up, f)];
    let blocks = (10..10 + config.blocks).flat_map(|layer| [1, 5].map(|conv| format!("{layer}.conv_block.{conv}")));
    let blocks = blocks.map(move |layer| (format!("model.{layer}.bias"), 4 * f));
    outer.into_iter().map(|(layer, n)| (format!("model.{layer}.bias"), n)).chain(blocks)
}

fn misshapen(key: &str, found: &[usize], expected: String) -> Error {
    Error::misfit(key, Misfit::Shape { found: format!("{found:?}"), expected })
}
