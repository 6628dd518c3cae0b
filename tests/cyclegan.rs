//! CycleGAN's networks against PyTorch, and gradients against finite differences.
#![cfg(not(target_family = "wasm"))]

use burn::tensor::{Device, Tensor, TensorData};
use gan_atelier::models::cyclegan::{PatchDiscriminatorConfig, ResnetGenerator, ResnetGeneratorConfig, Upsample};
use gan_atelier::nn::params::{map_parameters, named_parameters};
use gan_atelier::rng::{Purpose, Stream};
use gan_atelier::weights::{Array, Arrays, cyclegan, safetensors};
use std::path::Path;

/// Largest difference from PyTorch: sums of a few thousand products in another order.
const TOLERANCE: f32 = 1e-4;

fn golden(name: &str) -> Arrays {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    safetensors::read(&std::fs::read(path).unwrap()).unwrap()
}

fn tensor(array: &Array) -> Tensor<4> {
    let shape: [usize; 4] = array.shape.as_slice().try_into().unwrap();
    Tensor::from_data(TensorData::new(array.values.clone(), shape), &Device::flex())
}

fn difference(output: Tensor<4>, expected: &Array) -> f32 {
    assert_eq!(output.dims().as_slice(), expected.shape);
    let output = output.into_data().try_to_vec::<f32>().unwrap();
    output.iter().zip(&expected.values).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

#[test]
fn generators_equal_pytorch() {
    let cases = golden("cyclegan.safetensors");
    for (name, upsample, skip) in [
        ("generator-transposed", Upsample::Transposed, false),
        ("generator-resize", Upsample::Resize, false),
        ("generator-skip", Upsample::Resize, true),
    ] {
        let arrays = golden(&format!("{name}.safetensors"));
        let expected = ResnetGeneratorConfig { filters: 4, blocks: 2, upsample, skip };
        assert_eq!(cyclegan::detect(&arrays).unwrap(), expected);
        let generator = cyclegan::generator(arrays, &Device::flex()).unwrap();
        let output = generator.forward(tensor(&cases[&format!("{name}.input")]));
        let difference = difference(output, &cases[&format!("{name}.output")]);
        assert!(difference < TOLERANCE, "{name}: {difference}");
    }
}

#[test]
fn discriminator_equals_pytorch() {
    let (cases, mut arrays) = (golden("cyclegan.safetensors"), golden("discriminator.safetensors"));
    let mut take = |name: &str, shape: &[usize]| {
        let array = arrays.remove(name).unwrap();
        assert_eq!(array.shape, shape);
        Ok(array.values)
    };
    let discriminator = PatchDiscriminatorConfig { filters: 4 }.init_from(&mut take, &Device::flex()).unwrap();
    assert_eq!(arrays.keys().collect::<Vec<_>>(), ["model.2.bias", "model.5.bias", "model.8.bias"]);
    let output = discriminator.forward(tensor(&cases["discriminator.input"]));
    assert!(difference(output, &cases["discriminator.output"]) < TOLERANCE);
}

/// A generator as other software publishes it: nine blocks in a PyTorch file, where the checkout has that file beside.
#[test]
fn a_published_file_equals_pytorch() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/golden/cyclegan");
    let Ok(file) = std::fs::read(folder.join("latest_net_G_A.pth")) else {
        return eprintln!("skipped: {} is not here", folder.display());
    };
    let config = ResnetGeneratorConfig { filters: 8, blocks: 9, upsample: Upsample::Transposed, skip: false };
    let mut storages = stored_numbers(&file).into_iter();
    // The file holds weight and bias of each layer in the network's order; the biases before norms are passed over.
    let mut next = |name: &str, shape: &[usize]| {
        let wanted = shape.iter().product::<usize>();
        let values = storages.next().unwrap();
        assert_eq!(values.len(), wanted, "{name}");
        if name.ends_with(".weight") && name != "model.26.weight" {
            storages.next().unwrap();
        }
        Ok(values)
    };
    let generator = config.init_from(&mut next, &Device::flex()).unwrap();
    let reference = std::fs::read(folder.join("latest_net_G_A.reference.safetensors")).unwrap();
    let reference = safetensors::read(&reference).unwrap();
    let difference = difference(generator.forward(tensor(&reference["input"])), &reference["output"]);
    assert!(difference < TOLERANCE, "{difference}");
}

/// The tensors of a zip-format PyTorch file whose entries `*/data/0`, `*/data/1`, .. are stored uncompressed.
fn stored_numbers(file: &[u8]) -> Vec<Vec<f32>> {
    let word = |at: usize| u32::from_le_bytes(file[at..at + 4].try_into().unwrap()) as usize;
    let half = |at: usize| u16::from_le_bytes(file[at..at + 2].try_into().unwrap()) as usize;
    let mut found = std::collections::BTreeMap::new();
    let mut at = word(file.len() - 22 + 16);
    // Central directory entries: size at 24, lengths of name, extra and comment at 28, 30, 32, local header at 42.
    while file[at..].starts_with(b"PK\x01\x02") {
        let name = std::str::from_utf8(&file[at + 46..at + 46 + half(at + 28)]).unwrap();
        if let Some((_, number)) = name.split_once("/data/") {
            let local = word(at + 42);
            let start = local + 30 + half(local + 26) + half(local + 28);
            let bytes = &file[start..start + word(at + 24)];
            let values = bytes.as_chunks().0.iter().map(|word| f32::from_le_bytes(*word)).collect();
            found.insert(number.parse::<usize>().unwrap(), values);
        }
        at += 46 + half(at + 28) + half(at + 30) + half(at + 32);
    }
    found.into_values().collect()
}

#[test]
fn layers_one_by_one_equal_the_whole() {
    let device = Device::flex();
    let config = ResnetGeneratorConfig { filters: 3, blocks: 2, upsample: Upsample::Resize, skip: false };
    let generator = config.init(&mut Stream::new(5, Purpose::Initialisation, 0), &device);
    let x = noise([1, 3, 16, 20], &device);
    let mut y = x.clone();
    for layer in 0..generator.layers() {
        y = generator.forward_layer(layer, &x, y);
    }
    assert_eq!(generator.layers(), 8);
    assert_eq!(y.dims(), [1, 3, 16, 20]);
    assert_eq!(y.into_data(), generator.forward(x).into_data());
}

#[test]
fn generator_gradients_equal_finite_differences() {
    for (upsample, skip) in [(Upsample::Transposed, false), (Upsample::Resize, false), (Upsample::Resize, true)] {
        let config = ResnetGeneratorConfig { filters: 2, blocks: 1, upsample, skip };
        let init = |device: &Device| scaled(config.init(&mut Stream::new(2, Purpose::Initialisation, 0), device));
        check_gradients(init, |generator, x| generator.forward(x));
    }
}

#[test]
fn discriminator_gradients_equal_finite_differences() {
    let config = PatchDiscriminatorConfig { filters: 2 };
    let init = |device: &Device| scaled(config.init(&mut Stream::new(3, Purpose::Initialisation, 0), device));
    check_gradients(init, |discriminator, x| discriminator.forward(x));
}

fn noise(shape: [usize; 4], device: &Device) -> Tensor<4> {
    let values = Stream::new(9, Purpose::Sample, 0).normals(shape.iter().product());
    Tensor::from_data(TensorData::new(values, shape), device)
}

/// Weights ten times CycleGAN's initial ones: outputs then depend on them enough for differences in f32.
fn scaled<M: burn::module::Module>(network: M) -> M {
    map_parameters(network, |_, value| value.mul_scalar(10.0))
}

/// The derivative of a weighted sum of outputs along the gradient's own direction, by backpropagation and by a
/// central difference, one parameter tensor at a time. The weights are fixed and random, so that no symmetry hides a fault.
fn check_gradients<M: burn::module::Module>(init: impl Fn(&Device) -> M, forward: impl Fn(&M, Tensor<4>) -> Tensor<4>) {
    let device = Device::flex();
    let shape = [1, 3, 24, 24];
    let loss = |network: &M, device: &Device| {
        let output = forward(network, noise(shape, device));
        let weights = Stream::new(4, Purpose::Sample, 1).normals(output.shape().num_elements());
        let weights = Tensor::<4>::from_data(TensorData::new(weights, output.dims()), device);
        (output * weights).sum()
    };
    let tracked = init(&device.clone().autodiff());
    let mut gradients = loss(&tracked, &device.clone().autodiff()).backward();
    let mut directions = Vec::new();
    gan_atelier::nn::params::update_parameters(tracked, &mut gradients, |name, value, gradient| {
        directions.push((name.to_string(), gradient));
        value
    });
    let network = init(&device);
    assert_eq!(directions.len(), named_parameters(&network).len(), "every parameter has a gradient");
    for (name, gradient) in directions {
        let norm = gradient.clone().powf_scalar(2.0).sum().sqrt().into_scalar::<f32>();
        let step = 1e-3;
        let moved = |by: f32| {
            let along = gradient.clone().mul_scalar(by / norm);
            let moved =
                map_parameters(network.clone(), |n, value| if n == name { value + along.clone() } else { value });
            loss(&moved, &device).into_scalar::<f32>()
        };
        let slope = (moved(step) - moved(-step)) / (2.0 * step);
        assert!((slope - norm).abs() < 0.03 * norm + 0.02, "{name}: {slope} by differences, {norm} by backpropagation");
    }
}

fn tiny() -> (ResnetGeneratorConfig, ResnetGenerator) {
    let config = ResnetGeneratorConfig { filters: 2, blocks: 1, upsample: Upsample::Resize, skip: false };
    (config, config.init(&mut Stream::new(1, Purpose::Initialisation, 0), &Device::flex()))
}

/// A network's parameters on the host, in its order.
fn host(generator: &ResnetGenerator) -> Vec<Array> {
    let array = |p: gan_atelier::nn::params::NamedTensor| Array {
        shape: p.shape,
        values: p.value.into_data().try_to_vec().unwrap(),
    };
    named_parameters(generator).into_iter().map(array).collect()
}

fn tiny_file() -> Arrays {
    let (config, generator) = tiny();
    cyclegan::arrays(&config, host(&generator), &Device::flex()).unwrap()
}

fn error_of(arrays: Arrays) -> gan_atelier::error::Error {
    cyclegan::generator(arrays, &Device::flex()).unwrap_err()
}

#[test]
fn weights_come_back_from_a_file() {
    let (_, generator) = tiny();
    let bytes = safetensors::write_f16(&tiny_file(), Default::default()).unwrap();
    let read = cyclegan::generator(safetensors::read(&bytes).unwrap(), &Device::flex()).unwrap();
    let x = noise([1, 3, 16, 16], &Device::flex());
    let (a, b) = (generator.forward(x.clone()).into_data(), read.forward(x).into_data());
    let (a, b) = (a.try_to_vec::<f32>().unwrap(), b.try_to_vec::<f32>().unwrap());
    let mean = a.iter().zip(&b).map(|(a, b)| (a - b).abs()).sum::<f32>() / a.len() as f32;
    assert!(mean < 2.0 / 255.0 && mean > 0.0, "f16 rounds, but little: {mean}");
}

#[test]
fn old_files_are_read_too() {
    let renamed =
        tiny_file().into_iter().map(|(name, array)| (format!("module.{}", name.replace(".5.", ".6.")), array));
    let mut old: Arrays = renamed.collect();
    old.insert("module.model.2.running_mean".into(), Array { shape: vec![2], values: vec![0.0; 2] });
    assert!(cyclegan::generator(old, &Device::flex()).is_ok());
}

#[test]
fn weights_that_do_not_fit_are_named() {
    let (missing, surplus, shape) = ("model.10.conv_block.5.weight", "model.99.weight", "model.14.weight");
    let mut arrays = tiny_file();
    arrays.remove(missing);
    assert_mismatch(error_of(arrays), missing, "missing");
    let mut arrays = tiny_file();
    arrays.insert(surplus.into(), Array { shape: vec![1], values: vec![0.0] });
    assert_mismatch(error_of(arrays), surplus, "not part");
    let mut arrays = tiny_file();
    arrays.insert(shape.into(), Array { shape: vec![2, 4, 1, 1], values: vec![0.0; 8] });
    assert_mismatch(error_of(arrays), shape, "[2, 4, 1, 1], not [2, 4, 3, 3]");
    assert_mismatch(error_of(Arrays::new()), "model.1.weight", "missing");
    let mut arrays = tiny_file();
    arrays.insert("model.1.weight".into(), Array { shape: vec![40_000, 3, 7, 7], values: vec![0.0; 5_880_000] });
    assert_mismatch(error_of(arrays), "model.4.weight", "not [80000, 40000, 3, 3]");
}

fn assert_mismatch(error: gan_atelier::error::Error, wanted: &str, part: &str) {
    match error {
        gan_atelier::error::Error::WeightsMismatch { key, problem } => {
            assert_eq!(key, wanted);
            assert!(problem.contains(part), "{problem}");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn unreadable_weights_are_corrupt() {
    let mut arrays = tiny_file();
    arrays.get_mut("model.1.weight").unwrap().values[7] = f32::NAN;
    let nan = safetensors::write_f16(&arrays, Default::default()).unwrap();
    let whole = safetensors::write_f16(&tiny_file(), Default::default()).unwrap();
    let cut = &whole[..whole.len() - 100];
    for bytes in [&nan, cut, &whole[..5], b"", &[0xff; 400], b"<!doctype html><html></html>"] {
        assert_eq!(safetensors::read(bytes).unwrap_err().code(), "WeightsCorrupt");
    }
    assert!(safetensors::read(&nan).unwrap_err().to_string().contains("number 7"));
}

#[test]
fn no_bytes_make_the_reader_panic() {
    let whole = safetensors::write_f16(&tiny_file(), Default::default()).unwrap();
    let mut stream = Stream::new(6, Purpose::Sample, 0);
    for _ in 0..2000 {
        let mut bytes = whole.clone();
        for _ in 0..3 {
            let within = if stream.below(2) == 0 { 1200 } else { bytes.len() };
            let at = stream.below(within);
            bytes[at] = stream.below(256) as u8;
        }
        let _ = safetensors::read(&bytes).and_then(|arrays| cyclegan::generator(arrays, &Device::flex()));
    }
}
