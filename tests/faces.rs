//! The shipped DR-GAN's networks against PyTorch at a tiny width, and the session around them with the weights of that file.
#![cfg(not(target_family = "wasm"))]

use burn::tensor::{Device, Tensor, TensorData};
use gan_atelier::data::faces::{Person as Drawn, View, picture};
use gan_atelier::error::Error;
use gan_atelier::image::crop::Crop;
use gan_atelier::image::{Size, planes_to_rgba};
use gan_atelier::models::drgan::{Sighting, fuse};
use gan_atelier::session::faces::{Faces, Person};
use gan_atelier::weights::{Array, Arrays, Checkpoint, drgan, safetensors};
use pollster::block_on;
use std::collections::HashMap;

fn golden() -> Arrays {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/faces.safetensors");
    safetensors::read(&std::fs::read(path).expect("the golden file")).expect("a readable golden file")
}

/// The file of one network, as the trainer writes them.
fn file(arrays: &Arrays, network: &str) -> Vec<u8> {
    let prefix = format!("{network}.");
    let part: Arrays =
        arrays.iter().filter(|(name, _)| name.starts_with(&prefix)).map(|(n, a)| (n.clone(), a.clone())).collect();
    safetensors::write_f32(&part, HashMap::new()).unwrap()
}

fn tensor<const D: usize>(arrays: &Arrays, name: &str) -> Tensor<D> {
    let Array { shape, values } = &arrays[name];
    Tensor::from_data(TensorData::new(values.clone(), shape.clone()), &Device::flex())
}

fn close<const D: usize>(found: Tensor<D>, arrays: &Arrays, name: &str) {
    let found: Vec<f32> = found.into_data().try_to_vec().unwrap();
    let expected = &arrays[name].values;
    assert_eq!(found.len(), expected.len(), "{name}");
    let far = found.iter().zip(expected).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    assert!(far < 1e-4, "{name}: {far}");
}

#[test]
fn layers_equal_pytorchs() {
    let (arrays, device) = (golden(), Device::flex());
    let encoder = drgan::encoder(&Checkpoint::parse(&file(&arrays, "encoder")).unwrap(), &device).unwrap();
    let (features, confidence) = encoder.forward(tensor(&arrays, "faces"));
    close(features.clone(), &arrays, "features");
    close(confidence.clone(), &arrays, "confidence");
    close(fuse(features.clone().reshape([1, 2, 6]), confidence.reshape([1, 2, 1])), &arrays, "fused");

    let decoder = drgan::decoder(&Checkpoint::parse(&file(&arrays, "decoder")).unwrap(), 6, &device).unwrap();
    let made = decoder.forward(features, tensor(&arrays, "yaw"), tensor(&arrays, "noise"));
    let every_fourth = Tensor::<1, burn::tensor::Int>::arange_step(0..96, 4, &device);
    close(made.select(2, every_fourth.clone()).select(3, every_fourth), &arrays, "made");

    let discriminator =
        drgan::discriminator(&Checkpoint::parse(&file(&arrays, "discriminator")).unwrap(), &device).unwrap();
    let opinion = discriminator.forward(tensor(&arrays, "faces"));
    close(opinion.identity, &arrays, "identity");
    close(opinion.yaw, &arrays, "angle");
    close(opinion.real, &arrays, "real");
}

#[test]
fn the_finder_equals_pytorchs() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/finder.safetensors");
    let arrays = safetensors::read(&std::fs::read(path).unwrap()).unwrap();
    let finder = drgan::finder(&Checkpoint::parse(&file(&arrays, "finder")).unwrap(), &Device::flex()).unwrap();
    let seen = finder.forward(tensor(&arrays, "picture"));
    close(seen.clone(), &arrays, "seen");
    let map: Vec<f32> = seen.into_data().try_to_vec().unwrap();
    let found = Sighting::of_map(&map, 8, 0.5);
    let expected = &arrays["sightings"].values;
    assert!(!found.is_empty() && found.len() == expected.len() / 6, "{}", found.len());
    for (found, expected) in found.iter().zip(expected.as_chunks::<6>().0) {
        let found = [found.score, found.x, found.y, found.side, found.roll, found.yaw];
        assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-3), "{found:?}, {expected:?}");
    }
}

#[test]
fn a_file_that_does_not_fit_names_the_tensor() {
    let (arrays, device) = (golden(), Device::flex());
    let refused = |change: &dyn Fn(&mut Arrays)| {
        let mut changed = arrays.clone();
        change(&mut changed);
        drgan::encoder(&Checkpoint::parse(&file(&changed, "encoder")).unwrap(), &device).unwrap_err().to_string()
    };
    let missing = refused(&|arrays| drop(arrays.remove("encoder.conv.4.bias")));
    assert!(missing.contains("encoder.conv.4.bias") && missing.contains("missing"), "{missing}");
    let surplus =
        refused(&|arrays| drop(arrays.insert("encoder.more".into(), Array { shape: vec![1], values: vec![0.0] })));
    assert!(surplus.contains("encoder.more") && surplus.contains("not part"), "{surplus}");
    let wrong = refused(&|arrays| arrays.get_mut("encoder.conv.7.weight").unwrap().shape.reverse());
    assert!(wrong.contains("encoder.conv.7") && wrong.contains("shape"), "{wrong}");
}

/// The shipped network that finds faces.
fn finder() -> Vec<u8> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/www/public/models/faces-finder.safetensors");
    std::fs::read(path).expect("the shipped finder")
}

fn opened() -> Faces {
    let arrays = golden();
    let [encoder, decoder] = ["encoder", "decoder"].map(|name| file(&arrays, name));
    Faces::from_bytes(&encoder, &decoder, &finder(), &Device::flex()).unwrap()
}

fn encoded(faces: &Faces, numbers: &[u32]) -> Person {
    let size = Size { width: 96, height: 96 };
    let crop = Crop { x: 48.0, y: 48.0, size: 96.0, roll: 0.0 };
    let (mut features, mut weights) = (Vec::new(), Vec::new());
    for number in numbers {
        let rgba = planes_to_rgba(&picture(&Drawn::numbered(*number), &View::FRONTAL, 96), 96);
        let (found, weight) = block_on(faces.encode(&rgba, size, &crop)).unwrap();
        features.extend(found);
        weights.push(weight);
    }
    Person { features, weights }
}

#[test]
fn photos_are_fused_by_weight_turned_and_blended() {
    let faces = opened();
    let (one, other) = (encoded(&faces, &[1]), encoded(&faces, &[2]));
    let turn = |person: &Person| block_on(faces.turn(person, &[30.0, -90.0], 3)).unwrap();
    let both = |weights: [f32; 2]| Person {
        features: [one.features.clone(), other.features.clone()].concat(),
        weights: weights.to_vec(),
    };
    let first = turn(&one);
    assert_eq!(first.len(), 2 * 4 * 96 * 96);
    // All weight on one photo is that photo alone; half and half is the middle of a blend.
    assert_eq!(turn(&both([0.7, 0.0])), first);
    assert_eq!(turn(&both([0.5, 0.5])), block_on(faces.blend([&one, &other], 0.5, &[30.0, -90.0], 3)).unwrap());
    assert_eq!(block_on(faces.blend([&one, &other], 0.0, &[30.0, -90.0], 3)).unwrap(), first);
    assert_ne!(block_on(faces.turn(&one, &[30.0, -90.0], 4)).unwrap(), first);
    let distances = faces.distances(&both([1.0, 1.0])).unwrap();
    assert!(distances[0].abs() < 1e-5 && distances[1] > 1e-6 && distances[1] == distances[2], "{distances:?}");
    for refused in [
        block_on(faces.turn(&both([0.0, 0.0]), &[0.0], 1)),
        block_on(faces.turn(&both([-1.0, 2.0]), &[0.0], 1)),
        block_on(faces.turn(&one, &[91.0], 1)),
        block_on(faces.turn(&one, &[], 1)),
        block_on(faces.blend([&one, &other], 1.5, &[0.0], 1)),
    ] {
        assert_eq!(refused.unwrap_err().code(), "InvalidConfig");
    }
}

#[test]
fn a_person_is_kept_in_a_file_and_no_other_file_is_taken_for_one() {
    let faces = opened();
    let person = encoded(&faces, &[3, 4]);
    let file = faces.save(&person).unwrap();
    assert_eq!(faces.load(&file).unwrap(), person);
    assert!(file.len() < 1000, "features and nothing else: {}", file.len());
    let other_model = {
        let mut arrays = golden();
        arrays.get_mut("encoder.conv.0.bias").unwrap().values[0] += 1.0;
        let [encoder, decoder] = ["encoder", "decoder"].map(|name| self::file(&arrays, name));
        Faces::from_bytes(&encoder, &decoder, &finder(), &Device::flex()).unwrap()
    };
    let other = other_model.load(&file).unwrap_err();
    assert!(matches!(other, Error::Unsupported { reason, .. } if reason == "another_encoder"));
    let cut = &file[..file.len() - 3];
    for refused in [faces.load(cut), faces.load(b"nothing of ours"), faces.load(&[])] {
        assert_eq!(refused.unwrap_err().code(), "InvalidSession");
    }
}

#[test]
fn nothing_is_found_where_there_is_no_face() {
    let faces = opened();
    let size = Size { width: 120, height: 90 };
    let slope: Vec<u8> =
        (0..size.width * size.height).flat_map(|at| [(at % 120) as u8, (at / 120) as u8, 90, 255]).collect();
    assert_eq!(block_on(faces.detect(&slope, size)).unwrap(), []);
    assert_eq!(block_on(faces.detect(&[0; 64], Size { width: 4, height: 4 })).unwrap(), []);
    assert_eq!(block_on(faces.detect(&[0; 63], Size { width: 4, height: 4 })).unwrap_err().code(), "InvalidData");
}

/// A photo of the test set, where the data are.
#[cfg(feature = "train")]
#[test]
fn a_real_face_is_found() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data/cfp/test/451/frontal/01.jpg");
    let Ok(photo) = image::open(path) else {
        println!("skipped: the CFP pictures are not in ../shared/data");
        return;
    };
    let photo = photo.to_rgba8();
    let size = Size { width: photo.width() as usize, height: photo.height() as usize };
    let found = block_on(opened().detect(photo.as_raw(), size)).unwrap();
    assert_eq!(found.len(), 1);
    assert!(found[0].score >= 0.47 && found[0].crop.size > 10.0, "{found:?}");
}

/// The same face at three places of a picture ten times as wide as high, one of them where two parts overlap; and in a tower.
#[cfg(feature = "train")]
#[test]
fn faces_in_a_panorama_are_found_once_each() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data/cfp/test/451/frontal/01.jpg");
    let Ok(photo) = image::open(path) else {
        println!("skipped: the CFP pictures are not in ../shared/data");
        return;
    };
    let side = 160;
    let photo = photo.resize_to_fill(side, side, image::imageops::FilterType::Triangle).to_rgba8();
    let faces = opened();
    let count = |width: u32, height: u32, places: &[(i64, i64)]| {
        let mut picture = image::RgbaImage::from_pixel(width, height, image::Rgba([120, 130, 140, 255]));
        places.iter().for_each(|(left, top)| image::imageops::replace(&mut picture, &photo, *left, *top));
        let size = Size { width: width as usize, height: height as usize };
        block_on(faces.detect(picture.as_raw(), size)).unwrap().len()
    };
    let side_at = side as i64;
    assert_eq!(count(10 * side, side, &[(0, 0), (3 * side_at, 0), (9 * side_at, 0)]), 3);
    assert_eq!(count(side, 5 * side, &[(0, 2 * side_at)]), 1);
}
