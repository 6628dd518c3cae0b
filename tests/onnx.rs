//! Generators as files for other software. What they compute elsewhere is compared by `tests/onnx/check.py`, for which this writes the
//! files, the inputs and the page's own samples.
#![cfg(not(target_family = "wasm"))]

use burn::tensor::Device;
use gan_atelier::data::Own;
use gan_atelier::data::points::Scale;
use gan_atelier::rng::{Purpose, Stream};
use gan_atelier::session::export::Format;
use gan_atelier::session::training::{SampleRequest, Samples, Session};
use gan_atelier::session::translation::{Direction, Translator};
use gan_atelier::training::drgan::noise;
use gan_atelier::training::{Family, Turn};
use gan_atelier::weights::{Array, Arrays, safetensors};
use pollster::block_on;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::path::PathBuf;

fn folder() -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("onnx");
    std::fs::create_dir_all(&folder).expect("a folder for the files");
    folder
}

/// A case for the comparison: `NAME.onnx`, `NAME.weights` and `NAME.case`, whose arrays are `in.INPUT` and `out.OUTPUT`.
fn write(name: &str, files: [Vec<u8>; 2], arrays: Vec<(&str, &[usize], Vec<f32>)>) {
    let [onnx, weights] = files;
    let arrays: Arrays = arrays
        .into_iter()
        .map(|(name, shape, values)| (name.to_string(), Array { shape: shape.to_vec(), values }))
        .collect();
    let case = safetensors::write_f32(&arrays, HashMap::new()).expect("a case");
    for (ending, bytes) in [("onnx", onnx), ("weights", weights), ("case", case)] {
        std::fs::write(folder().join(format!("{name}.{ending}")), bytes).expect("written");
    }
}

fn trained(family: Family, changes: Value, own: Own) -> Session {
    let mut session =
        Session::start(family, changes.as_object().expect("an object"), own, &Device::flex()).expect("a session");
    block_on(session.step(3, Turn::Both)).expect("steps");
    session
}

fn files(session: &Session, domain: &str) -> [Vec<u8>; 2] {
    [Format::Onnx, Format::Safetensors].map(|format| block_on(session.export(format, domain)).expect("a file"))
}

/// Works for `count` latents of `numbers`, and with classes each of its own.
fn compare(name: &str, session: &Session, numbers: usize, classes: usize, shape: &[usize], output: &str) {
    let count = 4;
    let latent = Stream::new(5, Purpose::Sample, 0).normals(count * numbers);
    let request = SampleRequest { count, seed: 1, latent: Some(latent.clone()), label: None };
    let values = match block_on(session.sample(&request)).expect("samples") {
        Samples::Points(values) => values,
        Samples::Pictures { values, .. } | Samples::Images { values, .. } | Samples::Sequences { values, .. } => values,
        Samples::Rows { .. } => panic!("no latent"),
    };
    let output = format!("out.{output}");
    let mut arrays: Vec<(&str, &[usize], Vec<f32>)> = vec![("in.latent", &[4, 0], latent)];
    let latent_shape = [count, numbers];
    arrays[0].1 = &latent_shape;
    if classes > 0 {
        arrays.push(("in.label", &[4], (0..count).map(|at| (at % classes) as f32).collect()));
    }
    arrays.push((&output, shape, values));
    write(name, files(session, "b"), arrays);
}

#[test]
fn points_and_their_table() {
    let ring = trained(Family::Gan, json!({ "latent_dim": 3, "hidden_dim": 8 }), Own::Nothing);
    compare("ring", &ring, 3, 0, &[4, 2], "points");
    let digits = trained(
        Family::Gan,
        json!({ "dataset": "digits", "latent_dim": 5, "hidden_dim": 8, "hidden_layers": 3 }),
        Own::Nothing,
    );
    compare("digits", &digits, 5, 0, &[4, 1, 28, 28], "pictures");

    let axes = [[20.0f64, 5.0], [-3.0, 0.5]];
    let scale = Scale { axes, names: ["height".into(), "depth".into()], brought: 8 };
    let own = Own::Points((0..16).map(|at| (at as f32 * 1.3).sin()).collect(), Some(scale));
    let table = trained(Family::Gan, json!({ "dataset": "drawn", "latent_dim": 2, "hidden_dim": 8 }), own);
    let latent = Stream::new(5, Purpose::Sample, 0).normals(8);
    let request = SampleRequest { count: 4, seed: 1, latent: Some(latent.clone()), label: None };
    let Samples::Points(points) = block_on(table.sample(&request)).expect("samples") else { panic!("points") };
    let unit = |(at, value): (usize, &f32)| (axes[at % 2][0] + axes[at % 2][1] * f64::from(*value)) as f32;
    let units = points.iter().enumerate().map(unit).collect();
    let arrays: Vec<(&str, &[usize], Vec<f32>)> =
        vec![("in.latent", &[4, 2], latent), ("out.points", &[4, 2], points), ("out.in_units", &[4, 2], units)];
    write("table", files(&table, "b"), arrays);
}

#[test]
fn pictures_with_and_without_classes() {
    let small = json!({ "width": 4, "latent_dim": 6, "batch_size": 8 });
    let with = |more: Value| {
        let mut all = small.clone();
        all.as_object_mut().expect("an object").extend(more.as_object().cloned().expect("an object"));
        all
    };
    compare("dcgan", &trained(Family::Dcgan, with(json!({})), Own::Nothing), 6, 0, &[4, 1, 28, 28], "pictures");
    let faces = trained(Family::Dcgan, with(json!({ "dataset": "faces", "side": 64 })), Own::Nothing);
    compare("faces", &faces, 6, 0, &[4, 3, 64, 64], "pictures");
    compare("acgan", &trained(Family::Acgan, with(json!({})), Own::Nothing), 6, 10, &[4, 1, 28, 28], "pictures");
}

#[test]
fn sequences() {
    let waves = trained(
        Family::Rgan,
        json!({ "dataset": "waves", "sequence_length": 9, "hidden_dim": 6, "latent_dim": 2, "held_dim": 3, "conditional": true, "batch_size": 8 }),
        Own::Nothing,
    );

    compare("waves", &waves, 3 + 9 * 2, 4, &[4, 9, 1], "sequences");
    let values = (0..80).map(|at| 100.0 + 20.0 * (at as f32 * 0.7).sin()).collect();
    let series = gan_atelier::data::series::Series::new(values, [10, 8, 1], Vec::new()).expect("series");
    let own = trained(
        Family::Rgan,
        json!({ "dataset": "series", "sequence_length": 8, "hidden_dim": 4, "latent_dim": 1, "held_dim": 0, "batch_size": 8 }),
        Own::Series(series),
    );
    compare("series", &own, 8, 0, &[4, 8, 1], "sequences");
}

#[test]
fn turned_faces() {
    let session = trained(
        Family::Drgan,
        json!({ "people": 4, "batch_size": 2, "filters": 4, "discriminator_filters": 4, "feature_dim": 8 }),
        Own::Nothing,
    );
    let request = SampleRequest { count: 1, seed: 3, ..SampleRequest::default() };
    let Samples::Rows { values, side, .. } = block_on(session.sample(&request)).expect("rows") else { panic!("rows") };
    let size = 3 * side * side;
    let numbers = noise(8, &mut Stream::new(3, Purpose::Sample, 1));
    let shape = [1, 3, side, side];
    // The third row is the person at -60 degrees.
    let arrays: Vec<(&str, &[usize], Vec<f32>)> = vec![
        ("in.picture", &shape, values[..size].to_vec()),
        ("in.yaw", &[1, 1], vec![-60.0]),
        ("in.noise", &[1, 8], numbers),
        ("out.face", &shape, values[2 * size..3 * size].to_vec()),
    ];
    write("turner", files(&session, "b"), arrays);
}

/// A picture with edges and even parts, RGBA.
fn picture(width: usize, height: usize) -> Vec<u8> {
    let pixel = |at: usize| {
        let (x, y) = (at % width, at / width);
        [
            (x * 255 / width) as u8,
            (y * 255 / height) as u8,
            if (x / 5 + y / 7).is_multiple_of(2) { 40 } else { 220 },
            255,
        ]
    };
    (0..width * height).flat_map(pixel).collect()
}

/// Red, green and blue one after another, 0 to 255.
fn planes(rgba: &[u8]) -> Vec<f32> {
    (0..3).flat_map(|channel| rgba.iter().skip(channel).step_by(4).map(|value| *value as f32)).collect()
}

fn painted(name: &str, translator: &Translator, width: usize, height: usize) {
    let rgba = picture(width, height);
    let painting = block_on(async {
        let mut translation = translator.begin(&rgba, width, height, Direction::B).expect("begun");
        while !translation.advance(1).await.expect("a layer") {}
        translation.finish().await.expect("a painting")
    });
    let shape = [1, 3, height, width];
    let files = [Format::Onnx, Format::Safetensors]
        .map(|format| block_on(translator.export(format, Direction::B)).expect("a file"));
    let arrays: Vec<(&str, &[usize], Vec<f32>)> =
        vec![("in.picture", &shape, planes(&rgba)), ("out.painting", &shape, planes(&painting))];
    write(name, files, arrays);
}

#[test]
fn painters_of_every_form_at_any_size() {
    let golden =
        |form: &str| std::fs::read(format!("tests/golden/generator-{form}.safetensors")).expect("a golden file");
    for (form, [width, height]) in
        [("transposed", [32, 24]), ("resize", [29, 42]), ("skip", [9, 21]), ("underpainting", [45, 35])]
    {
        let translator = Translator::from_bytes(&golden(form), None, &Device::flex()).expect("a translator");
        painted(&format!("painter-{form}"), &translator, width, height);
    }
    let horses = trained(Family::Cyclegan, json!({ "filters": 4, "blocks": 1, "side": 32 }), Own::Nothing);
    let [onnx, weights] = files(&horses, "a");
    assert!(onnx.len() > weights.len(), "single precision and a graph are more than half precision");
    let translator = Translator::from_bytes(&weights, None, &Device::flex()).expect("a translator");
    painted("horses", &translator, 32, 32);
    assert_eq!(block_on(horses.export(Format::Onnx, "c")).expect_err("no such domain").code(), "InvalidConfig");
}
