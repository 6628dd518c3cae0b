//! CycleGAN generators in the published layout and in ours: filters, blocks, kind of upsampling and skip are read from
//! the file's names and shapes.

use burn::tensor::Device;

use super::{Array, Arrays};
use crate::error::{Error, Result};
use crate::models::cyclegan::{ResnetGenerator, ResnetGeneratorConfig, SKIP, Upsample};

/// A generator with the file's weights.
pub fn generator(arrays: Arrays, device: &Device) -> Result<ResnetGenerator> {
    let mut arrays = canonical(arrays);
    let config = detect(&arrays)?;
    let mut take = |name: &str, shape: &[usize]| match arrays.remove(name) {
        Some(array) if array.shape == shape => Ok(array.values),
        Some(array) => Err(mismatch(name, format!("shape {:?}, not {shape:?}", array.shape))),
        None => Err(mismatch(name, "missing")),
    };
    let generator = config.init_from(&mut take, device)?;
    for (name, channels) in cancelled_biases(&config) {
        // Absent or right: a file of a network without these biases is as good.
        if let Some(bias) = arrays.remove(&name).filter(|bias| bias.shape != [channels]) {
            return Err(mismatch(&name, format!("shape {:?}, not [{channels}]", bias.shape)));
        }
    }
    match arrays.keys().next() {
        Some(surplus) => Err(mismatch(surplus, "not part of a CycleGAN generator")),
        None => Ok(generator),
    }
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
    Ok(names.into_iter().zip(parameters).chain(biases).collect())
}

/// What the names and shapes say of the network.
pub fn detect(arrays: &Arrays) -> Result<ResnetGeneratorConfig> {
    let stem = shape(arrays, "model.1.weight")?;
    let filters = match stem {
        [filters, 3, 7, 7] if *filters > 0 => *filters,
        other => return Err(mismatch("model.1.weight", format!("shape {other:?}, not [filters, 3, 7, 7]"))),
    };
    let blocks = (10..).take_while(|layer| arrays.contains_key(&format!("model.{layer}.conv_block.1.weight"))).count();
    if blocks == 0 {
        return Err(mismatch("model.10.conv_block.1.weight", "missing"));
    }
    let doubling = format!("model.{}.weight", 10 + blocks);
    let upsample = match shape(arrays, &doubling)? {
        [inputs, ..] if *inputs == 4 * filters => Upsample::Transposed,
        _ => Upsample::Resize,
    };
    Ok(ResnetGeneratorConfig { filters, blocks, upsample, skip: arrays.contains_key(SKIP) })
}

/// Names as in the published files of today. Older ones carry statistics that instance norm never used, the prefix
/// of PyTorch's DataParallel, and another place for the second convolution where there was dropout between.
fn canonical(arrays: Arrays) -> Arrays {
    let unused = ["running_mean", "running_var", "num_batches_tracked"];
    arrays
        .into_iter()
        .filter(|(name, _)| !unused.iter().any(|suffix| name.ends_with(suffix)))
        .map(|(name, array)| {
            (name.strip_prefix("module.").unwrap_or(&name).replace(".conv_block.6.", ".conv_block.5."), array)
        })
        .collect()
}

fn cancelled_biases(config: &ResnetGeneratorConfig) -> impl Iterator<Item = (String, usize)> + use<> {
    let f = config.filters;
    let [first_up, second_up, _] = config.late_layers();
    let outer = [(1, f), (4, 2 * f), (7, 4 * f), (first_up, 2 * f), (second_up, f)];
    let blocks = (10..10 + config.blocks).flat_map(|layer| [1, 5].map(|conv| format!("{layer}.conv_block.{conv}")));
    let blocks = blocks.map(move |layer| (format!("model.{layer}.bias"), 4 * f));
    outer.into_iter().map(|(layer, n)| (format!("model.{layer}.bias"), n)).chain(blocks)
}

fn shape<'a>(arrays: &'a Arrays, name: &str) -> Result<&'a [usize]> {
    arrays.get(name).map(|array| array.shape.as_slice()).ok_or_else(|| mismatch(name, "missing"))
}

fn mismatch(key: &str, problem: impl Into<String>) -> Error {
    Error::WeightsMismatch { key: key.to_string(), problem: problem.into() }
}
