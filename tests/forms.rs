//! Generators that compute otherwise than published, or keep their weights otherwise, equal PyTorch; whole, and in bands.
#![cfg(not(target_family = "wasm"))]

use burn::tensor::Device;
use gan_atelier::error::{Damage, Error, Misfit};
use gan_atelier::image::{Size, to_rgba};
use gan_atelier::models::cyclegan::Upsample;
use gan_atelier::models::cyclegan::form::{Borders, Form, Halving};
use gan_atelier::session::bands::Banded;
use gan_atelier::weights::cyclegan::Note;
use gan_atelier::weights::{Array, Arrays};

#[path = "golden/wrapped.rs"]
mod golden;

use golden::*;

#[test]
fn norms_of_weights_are_folded_as_in_pytorch() {
    for name in ["spectral-old", "spectral-new", "weight-old", "weight-new"] {
        assert_eq!(one(&renamed(&[(name, &|key| key.to_string())]), name).notes, []);
    }
    let mut broken = network("weight-old");
    broken.remove("model.4.weight_v");
    assert_eq!(read(&written(&broken)).unwrap_err(), Error::misfit("model.4.weight_v", Misfit::Missing));
    let mut flat = network("spectral-old");
    flat.get_mut("model.4.weight_orig").unwrap().values.fill(0.0);
    let problem = read(&written(&flat)).unwrap_err();
    assert!(matches!(problem, Error::WeightsCorrupt { problem: Damage::NotFinite { .. }, .. }), "{problem}");
}

/// PyTorch before 1.0 kept no v, but the weight as it was computed last.
#[test]
fn an_old_file_with_the_norm_and_its_weight_keeps_the_weight() {
    let mut parts: Arrays = network("plain");
    for (name, array) in network("plain").into_iter().filter(|(name, _)| name.ends_with(".weight")) {
        let u = Array { shape: vec![array.shape[0]], values: vec![0.1; array.shape[0]] };
        parts.insert(format!("{name}_u"), u);
        parts.insert(format!("{name}_orig"), array);
    }
    one(&written(&parts), "plain");
}

#[test]
fn other_forms_equal_pytorch() {
    let form = |name: &str, output: &str| {
        let reading = one(&renamed(&[(name, &|key| key.to_string())]), output);
        (reading.generator.config().upsample, reading.generator.form(), reading.notes)
    };
    let published = Form::default();
    let zeros = Form { doubling: Borders::Zeros, ..published };
    let names = |name: &str| Note::Names { name: name.into() };
    let (upsample, found, notes) = form("nearest", "nearest");
    assert_eq!((upsample, found), (Upsample::Resize, zeros));
    assert_eq!(notes, [names("model.10.block.1.bias"), Note::Doubling { smooth: false }]);
    let (_, found, notes) = form("bilinear", "bilinear");
    assert_eq!(found, Form { smooth: true, ..published });
    assert_eq!(notes[1], Note::Doubling { smooth: true });
    assert_eq!(form("bordered", "bordered").1, Form { blocks: Borders::Zeros, ..published });
    assert_eq!(form("reflecting", "reflecting").1, Form { halving: Halving::Mirrored, ..published });
    for (name, channels) in [("grey", [1, 1]), ("grey-in", [1, 3]), ("grey-out", [3, 1])] {
        assert_eq!(form(name, name).1, Form { channels, ..published });
    }
}

#[test]
fn the_antialiased_generator_equals_pytorch() {
    for (name, halving, smooth) in [
        ("antialiased", Halving::Blurred, true),
        ("antialiased-down", Halving::Blurred, false),
        ("antialiased-up", Halving::Strided, true),
    ] {
        let reading = one(&renamed(&[(name, &|key| key.to_string())]), name);
        assert_eq!(reading.notes, []);
        assert_eq!((reading.generator.form().halving, reading.generator.form().smooth), (halving, smooth));
    }
    let mut other = network("antialiased");
    other.get_mut("model.7.filt").unwrap().values[0] += 0.1;
    assert!(matches!(read(&written(&other)).unwrap_err(), Error::WeightsMismatch { key, .. } if key == "model.7.filt"));
}

/// Every form in bands of rows, of which some end at the picture's edge, is the form as a whole.
#[test]
fn every_form_in_bands_is_the_whole() {
    let names = [
        "antialiased",
        "antialiased-down",
        "antialiased-up",
        "nearest",
        "bilinear",
        "bordered",
        "reflecting",
        "grey",
        "grey-in",
        "grey-out",
    ];
    for name in names {
        let (reading, _) = read(&renamed(&[(name, &|key| key.to_string())])).unwrap();
        let generator = gan_atelier::nn::params::map_parameters(reading.generator, |_, value| value * 4.0);
        for (width, height) in [(40, 32), (21, 37)] {
            let size = Size { width, height };
            let photo = gan_atelier::data::scene::draw_scene(width, height, 3);
            let x = gan_atelier::image::to_tensor(&photo, size, &Device::flex()).unwrap();
            let whole = to_rgba(generator.forward(x).into_data(), size).unwrap();
            for rows in [4, 12, 64] {
                let mut banded =
                    Banded::with_bands(generator.clone(), photo.clone(), size, rows, &Device::flex()).unwrap();
                while !pollster::block_on(banded.advance()).unwrap() {}
                let painted = banded.finish().unwrap();
                let apart = painted.iter().zip(&whole).map(|(a, b)| a.abs_diff(*b)).max().unwrap();
                assert!(apart <= 2, "{name}, {width} x {height}, bands of {rows}: {apart} of 255");
            }
        }
    }
}

#[test]
fn a_network_without_any_biases_has_none_at_its_end() {
    let bare = |name: &str| network(name).into_iter().filter(|(key, _)| !key.ends_with("bias")).collect::<Arrays>();
    let (reading, _) = read(&written(&bare("plain"))).unwrap();
    let mut zeroed = network("plain");
    zeroed.get_mut("model.19.bias").unwrap().values.fill(0.0);
    let (wanted, _) = read(&written(&zeroed)).unwrap();
    let input = tensor(&networks()["input"]);
    let painted = |reading: &gan_atelier::weights::cyclegan::Reading| {
        reading.generator.forward(input.clone()).into_data().try_to_vec::<f32>().unwrap()
    };
    assert_eq!(painted(&reading), painted(&wanted));
}
