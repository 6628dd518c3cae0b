//! The shipped weights, read by our own reader: the same pictures as PyTorch makes with them.

use burn::tensor::{Device, Tensor, TensorData};
use gan_atelier::weights::{Checkpoint, cyclegan, safetensors};
use std::path::Path;

/// Mean difference that a person could not see: two of 255 steps, in a range of -1 to 1.
const TOLERANCE: f32 = 2.0 / 127.5;

fn file(path: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

#[test]
fn shipped_weights_paint_as_in_pytorch() {
    let cases = safetensors::read(&file("tests/golden/shipped.safetensors")).unwrap();
    let input = &cases["input"];
    for name in [
        "monet-ab",
        "monet-ba",
        "vangogh-ab",
        "vangogh-ba",
        "horse2zebra-ab",
        "horse2zebra-ba",
        "horse2zebra-quick-ab",
        "horse2zebra-quick-ba",
    ] {
        let weights = file(&format!("www/public/models/{name}.safetensors"));
        let generator = cyclegan::generator(&Checkpoint::parse(&weights).unwrap(), &Device::flex()).unwrap();
        let shape: [usize; 4] = input.shape.as_slice().try_into().unwrap();
        let picture = Tensor::<4>::from_data(TensorData::new(input.values.clone(), shape), &Device::flex());
        let output = generator.forward(picture).into_data().try_to_vec::<f32>().unwrap();
        let mean =
            |other: &[f32]| output.iter().zip(other).map(|(a, b)| (a - b).abs()).sum::<f32>() / output.len() as f32;
        let difference = mean(&cases[name].values);
        assert!(difference < TOLERANCE, "{name}: {difference}");
        assert!(mean(&input.values) > 0.02, "{name} does something");
        println!("{name}: mean difference from PyTorch {difference:.1e}");
    }
}
