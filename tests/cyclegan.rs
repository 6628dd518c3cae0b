//! CycleGAN's networks against PyTorch, and gradients against finite differences.
#![cfg(not(target_family = "wasm"))]

use burn::tensor::{Device, Tensor, TensorData};
use gan_atelier::models::cyclegan::{Canvas, PatchDiscriminatorConfig, ResnetGeneratorConfig, Upsample};
use gan_atelier::nn::params::{map_parameters, named_parameters};
use gan_atelier::rng::{Purpose, Stream};
use gan_atelier::weights::{Array, Arrays, Checkpoint, cyclegan, safetensors};
use std::path::Path;

/// Largest difference from PyTorch: sums of a few thousand products in another order.
const TOLERANCE: f32 = 1e-4;

fn file(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name)).unwrap()
}

fn golden(name: &str) -> Arrays {
    safetensors::read(&file(name)).unwrap()
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
    for (name, upsample, canvas) in [
        ("generator-transposed", Upsample::Transposed, Canvas::Empty),
        ("generator-resize", Upsample::Resize, Canvas::Empty),
        ("generator-skip", Upsample::Resize, Canvas::Picture),
        ("generator-underpainting", Upsample::Resize, Canvas::Underpainting),
    ] {
        let file = file(&format!("{name}.safetensors"));
        let checkpoint = Checkpoint::parse(&file).unwrap();
        let expected = ResnetGeneratorConfig { filters: 4, blocks: 2, upsample, canvas };
        assert_eq!(cyclegan::architecture(&checkpoint).unwrap(), expected);
        let generator = cyclegan::generator(&checkpoint, &Device::flex()).unwrap();
        let output = generator.forward(tensor(&cases[&format!("{name}.input")]));
        let difference = difference(output, &cases[&format!("{name}.output")]);
        assert!(difference < TOLERANCE, "{name}: {difference}");
    }
}

#[test]
fn discriminator_equals_pytorch() {
    let (cases, file) = (golden("cyclegan.safetensors"), file("discriminator.safetensors"));
    let discriminator = cyclegan::discriminator(&Checkpoint::parse(&file).unwrap(), &Device::flex()).unwrap();
    let output = discriminator.forward(tensor(&cases["discriminator.input"]));
    assert!(difference(output, &cases["discriminator.output"]) < TOLERANCE);
}

#[test]
fn layers_one_by_one_equal_the_whole() {
    let device = Device::flex();
    let config = ResnetGeneratorConfig { filters: 3, blocks: 2, upsample: Upsample::Resize, canvas: Canvas::Empty };
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
    for (upsample, canvas) in [
        (Upsample::Transposed, Canvas::Empty),
        (Upsample::Resize, Canvas::Empty),
        (Upsample::Resize, Canvas::Picture),
        (Upsample::Resize, Canvas::Underpainting),
    ] {
        let config = ResnetGeneratorConfig { filters: 2, blocks: 1, upsample, canvas };
        let init = |device: &Device| scaled(config.init(&mut Stream::new(2, Purpose::Initialisation, 0), device));
        check_gradients(init, |generator, x| generator.forward(x));
    }
}

#[test]
fn discriminator_gradients_equal_finite_differences() {
    for halvings in [1, 3] {
        let config = PatchDiscriminatorConfig { filters: 2, halvings };
        let init = |device: &Device| scaled(config.init(&mut Stream::new(3, Purpose::Initialisation, 0), device));
        check_gradients(init, |discriminator, x| discriminator.forward(x));
    }
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
