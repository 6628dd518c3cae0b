//! Files of weights: published ones as PyTorch's versions wrote them, ours, and everything that is none.
#![cfg(not(target_family = "wasm"))]

use burn::tensor::{Device, Tensor, TensorData};
use gan_atelier::error::{Damage, Error, Misfit, Place};
use gan_atelier::models::cyclegan::{Canvas, ResnetGenerator, ResnetGeneratorConfig, Upsample};
use gan_atelier::nn::params::{NamedTensor, named_parameters};
use gan_atelier::rng::{Purpose, Stream};
use gan_atelier::weights::{Array, Arrays, Checkpoint, cyclegan, safetensors};
use proptest::prelude::*;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Largest difference from PyTorch: sums of a few thousand products in another order.
const TOLERANCE: f32 = 1e-4;

const PYTORCH: [&str; 6] = ["zip", "legacy", "python2", "parallel", "nine", "strided"];

fn golden(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/checkpoints").join(name)
}

fn file(name: &str) -> Vec<u8> {
    std::fs::read(golden(name)).unwrap()
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

fn generator(bytes: &[u8]) -> Result<ResnetGenerator, Error> {
    Checkpoint::parse(bytes).and_then(|checkpoint| cyclegan::generator(&checkpoint, &Device::flex()))
}

#[test]
fn files_of_every_age_equal_pytorch() {
    let cases = safetensors::read(&file("expected.safetensors")).unwrap();
    let outputs = ["small", "small", "small", "parallel", "nine", "strided"];
    for (name, output) in PYTORCH.into_iter().zip(outputs) {
        let generator = generator(&file(&format!("{name}.pth"))).unwrap_or_else(|problem| panic!("{name}: {problem}"));
        let difference = difference(generator.forward(tensor(&cases["input"])), &cases[&format!("{output}.output")]);
        assert!(difference < TOLERANCE, "{name}: {difference}");
    }
}

#[test]
fn a_discriminator_equals_pytorch() {
    let cases = safetensors::read(&file("expected.safetensors")).unwrap();
    let bytes = file("discriminator.pth");
    let checkpoint = Checkpoint::parse(&bytes).unwrap();
    let discriminator = cyclegan::discriminator(&checkpoint, &Device::flex()).unwrap();
    let scores = discriminator.forward(tensor(&cases["discriminator.input"]));
    assert!(difference(scores, &cases["discriminator.output"]) < TOLERANCE);
    let problem = cyclegan::generator(&checkpoint, &Device::flex()).unwrap_err();
    assert_eq!(problem, Error::misfit("model.0.weight", Misfit::Discriminator));
}

#[test]
fn the_architecture_is_found_in_the_file() {
    for (name, filters, blocks) in [("zip", 2, 1), ("parallel", 1, 6), ("nine", 1, 9)] {
        let bytes = file(&format!("{name}.pth"));
        let found = cyclegan::architecture(&Checkpoint::parse(&bytes).unwrap()).unwrap();
        assert_eq!(
            found,
            ResnetGeneratorConfig { filters, blocks, upsample: Upsample::Transposed, canvas: Canvas::Empty }
        );
    }
}

/// A generator as other software publishes it: nine blocks in a PyTorch file, where the checkout has that file beside.
#[test]
fn a_published_file_equals_pytorch() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/golden/cyclegan");
    let Ok(bytes) = std::fs::read(folder.join("latest_net_G_A.pth")) else {
        return eprintln!("skipped: {} is not here", folder.display());
    };
    let reference = std::fs::read(folder.join("latest_net_G_A.reference.safetensors")).unwrap();
    let reference = safetensors::read(&reference).unwrap();
    let generator = generator(&bytes).unwrap();
    let difference = difference(generator.forward(tensor(&reference["input"])), &reference["output"]);
    assert!(difference < TOLERANCE, "{difference}");
    println!("largest difference from PyTorch: {difference:.1e}");
}

fn tiny() -> (ResnetGeneratorConfig, ResnetGenerator) {
    let config = ResnetGeneratorConfig { filters: 2, blocks: 1, upsample: Upsample::Transposed, canvas: Canvas::Empty };
    (config, config.init(&mut Stream::new(1, Purpose::Initialisation, 0), &Device::flex()))
}

/// A file's arrays of a small generator.
fn tiny_arrays() -> Arrays {
    let (config, generator) = tiny();
    let array = |p: NamedTensor| Array { shape: p.shape, values: p.value.into_data().try_to_vec().unwrap() };
    let parameters = named_parameters(&generator).into_iter().map(array).collect();
    cyclegan::arrays(&config, parameters, &Device::flex()).unwrap()
}

fn written(arrays: &Arrays) -> Vec<u8> {
    safetensors::write_f16(arrays, Default::default()).unwrap()
}

#[test]
fn weights_come_back_from_a_file() {
    let (_, original) = tiny();
    let read = generator(&written(&tiny_arrays())).unwrap();
    let numbers = Stream::new(4, Purpose::Sample, 0).normals(3 * 16 * 16);
    let x = tensor(&Array { shape: vec![1, 3, 16, 16], values: numbers });
    let (a, b) = (original.forward(x.clone()).into_data(), read.forward(x).into_data());
    let (a, b) = (a.try_to_vec::<f32>().unwrap(), b.try_to_vec::<f32>().unwrap());
    let mean = a.iter().zip(&b).map(|(a, b)| (a - b).abs()).sum::<f32>() / a.len() as f32;
    assert!(mean < 2.0 / 255.0 && mean > 0.0, "f16 rounds, but little: {mean}");
}

/// PyTorch itself loads our file into the published network and paints the same picture.
#[test]
fn pytorch_reads_our_files() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let python = |args: &[&str]| Command::new("python3").args(args).output();
    if !python(&["-c", "import torch, safetensors"]).is_ok_and(|output| output.status.success()) {
        return eprintln!("skipped: python3 with torch and safetensors is not here");
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let (ours, theirs) = (folder.join("ours.safetensors"), folder.join("theirs.safetensors"));
    std::fs::write(&ours, written(&tiny_arrays())).unwrap();
    let script = root.join("tests/golden/load.py");
    let output = python(&[&script, &ours, &theirs].map(|path| path.to_str().unwrap())).unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let cases = safetensors::read(&std::fs::read(theirs).unwrap()).unwrap();
    let painted = generator(&written(&tiny_arrays())).unwrap().forward(tensor(&cases["input"]));
    let difference = difference(painted, &cases["output"]);
    assert!(difference < TOLERANCE, "{difference}");
}

#[test]
fn weights_that_do_not_fit_are_named() {
    let fails = |change: &dyn Fn(&mut Arrays)| {
        let mut arrays = tiny_arrays();
        change(&mut arrays);
        generator(&written(&arrays)).unwrap_err()
    };
    let one = || Array { shape: vec![1], values: vec![0.0] };
    let shape = |found: &str, expected: &str| Misfit::Shape { found: found.into(), expected: expected.into() };
    let (late, stem) = ("model.10.conv_block.5.weight", "model.1.weight");
    assert_eq!(fails(&|a| drop(a.remove(late))), Error::misfit(late, Misfit::Missing));
    assert_eq!(fails(&|a| drop(a.remove("model.18.bias"))), Error::misfit("model.18.bias", Misfit::Missing));
    assert_eq!(fails(&|a| drop(a.remove(stem))), Error::misfit(stem, Misfit::Missing));
    assert_eq!(fails(&|a| drop(a.insert("module.model.99.weight".into(), one()))), {
        Error::misfit("module.model.99.weight", Misfit::Surplus)
    });
    assert_eq!(fails(&|a| drop(a.insert(format!("module.{late}"), one()))), {
        Error::misfit(&format!("module.{late}"), Misfit::Surplus)
    });
    let wrong = |a: &mut Arrays| {
        drop(a.insert("model.14.weight".into(), Array { shape: vec![2, 4, 1, 1], values: vec![0.0; 8] }))
    };
    assert_eq!(fails(&wrong), Error::misfit("model.14.weight", shape("[2, 4, 1, 1]", "[4, 2, 3, 3]")));
    let huge = |a: &mut Arrays| {
        drop(a.insert(stem.into(), Array { shape: vec![40_000, 3, 7, 7], values: vec![0.0; 5_880_000] }))
    };
    assert_eq!(fails(&huge), Error::misfit("model.4.weight", shape("[4, 2, 3, 3]", "[80000, 40000, 3, 3]")));
    assert_eq!(fails(&|a| drop(a.insert("model.4.bias".into(), one()))), {
        Error::misfit("model.4.bias", shape("[1]", "[4]"))
    });
}

fn corrupt(bytes: &[u8]) -> (Damage, Place) {
    match generator(bytes).unwrap_err() {
        Error::WeightsCorrupt { problem, place } => (problem, place),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_number_that_is_none_is_found() {
    for (value, shown) in [(f32::NAN, "NaN"), (f32::INFINITY, "inf")] {
        for key in ["model.1.weight", "model.4.bias"] {
            let mut arrays = tiny_arrays();
            arrays.get_mut(key).unwrap().values[1] = value;
            let problem = Damage::NotFinite { index: 1, value: shown.into() };
            assert_eq!(corrupt(&written(&arrays)), (problem, Place::Key(key.into())));
        }
    }
}

#[test]
fn files_that_are_cut_off_are_seen() {
    for name in ["zip.pth", "legacy.pth", "python2.pth", "ours"] {
        let whole = if name == "ours" { written(&tiny_arrays()) } else { file(name) };
        for length in [40, whole.len() / 2, whole.len() - 1] {
            let (damage, place) = corrupt(&whole[..length]);
            assert_eq!(place, Place::Byte(length), "{name} of {length} bytes");
            match damage {
                // Of an archive the numbers alone are counted, not what lies between them.
                Damage::CutShort { promised } if name == "zip.pth" => {
                    assert!((length as u64..whole.len() as u64).contains(&promised), "{promised}");
                }
                // What a file of safetensors holds is known when its header is whole.
                Damage::CutShort { promised } if length > 40 || name == "ours" => {
                    assert!(promised == whole.len() as u64 || length == 40, "{name} of {length} bytes: {promised}");
                }
                other => assert!(length == 40 || name == "zip.pth", "{name} of {length} bytes: {other:?}"),
            }
        }
    }
}

/// An older file with this pickle where the weights are named.
fn legacy(pickle: &[u8]) -> Vec<u8> {
    let magic = b"\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.\x80\x02M\xe9\x03.\x80\x02}.";
    [&magic[..], pickle, b"\x80\x02]."].concat()
}

#[test]
fn nothing_in_a_file_is_run() {
    let name = |pickle: &[u8]| match corrupt(&legacy(pickle)) {
        (Damage::Program { name }, Place::Byte(at)) => (name, at),
        other => panic!("{other:?}"),
    };
    assert_eq!(name(b"\x80\x02cos\nsystem\nX\x02\0\0\0ls\x85R."), ("os.system".into(), 27));
    assert_eq!(name(b"\x80\x04\x8c\x08builtins\x8c\x04eval\x93."), ("builtins.eval".into(), 43));
    assert_eq!(name(b"\x80\x02cmodels.networks\nResnetGenerator\n)\x81}b.").0, "models.networks.ResnetGenerator");
    assert_eq!(name(b"\x80\x02ctorch\nFooStorage\n.").0, "torch.FooStorage");
    let problem = generator(&legacy(b"\x80\x02cos\nsystem\n.")).unwrap_err().to_string();
    assert!(problem.contains("`os.system`") && problem.contains("byte 27"), "{problem}");
}

#[test]
fn pickles_that_make_no_sense_are_errors() {
    let what = |pickle: &[u8]| match corrupt(&legacy(pickle)) {
        (Damage::Malformed { what }, Place::Byte(_)) => what,
        other => panic!("{other:?}"),
    };
    assert!(what(b"\x80\x02h\x05.").contains("never said"));
    assert!(what(b"\x80\x02t.").contains("no mark"));
    assert!(what(b"\x80\x02N(R.").contains("nothing to work on"));
    assert!(what(b"\x80\x02Na.").contains("nothing to work on"));
    assert!(what(b"\x80\x02NNa.").contains("holds none"));
    assert!(what(b"\x80\x02?.").contains("0x3f"));
    assert!(what(b"\x80\x02NQ.").contains("not one"));
    assert!(what(&[b"\x80\x02".as_slice(), &vec![b'N'; 1 << 22], b"."].concat()).contains("more values"));
    assert!(what(&[b"\x80\x02".as_slice(), &b"N0".repeat(1 << 21), b"."].concat()).contains("more instructions"));
    // A tuple in a tuple in a tuple, a hundred thousand deep; a list of itself; a dictionary without tensors.
    let deep = [b"\x80\x02N".as_slice(), &[0x85; 100_000], b"."].concat();
    for pickle in [deep.as_slice(), b"\x80\x02]q\0h\0a.", b"\x80\x02}q\0X\x01\0\0\0ah\0s."] {
        assert_eq!(corrupt(&legacy(pickle)).0, Damage::NoTensors);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    /// Bytes changed anywhere, but mostly where the file's structure is: at its beginning and its end.
    #[test]
    fn no_bytes_make_the_reader_panic(
        which in 0..PYTORCH.len() + 1,
        changes in prop::collection::vec((any::<prop::sample::Index>(), 0..3usize, any::<u8>()), 0..4),
        cut in prop::option::weighted(0.2, any::<prop::sample::Index>()),
    ) {
        let mut bytes = match PYTORCH.get(which) {
            Some(name) => file(&format!("{name}.pth")),
            None => written(&tiny_arrays()),
        };
        for (place, part, byte) in changes {
            let length = bytes.len();
            let at = match part {
                0 => place.index(length),
                1 => place.index(2000),
                _ => length - 1 - place.index(2000),
            };
            bytes[at] = byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        let _ = generator(&bytes);
    }
}
