//! The native trainers on pictures that these tests draw: they learn, and resume to the last bit.

#![cfg(feature = "train")]

use gan_atelier::data::scene::draw_scene;
use gan_atelier::session::photos::{NETWORKS, PhotoSession};
use gan_atelier::training::drgan::DrganConfig;
use gan_atelier::weights::{Checkpoint, cyclegan, drgan, safetensors};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A fresh folder of this name with small pictures in the standard layout: landscapes, and the same in one grey tone.
fn folders(name: &str) -> PathBuf {
    let data = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&data);
    for (folder, seed) in [("trainA", 1), ("trainB", 4), ("testA", 7), ("testB", 9)] {
        std::fs::create_dir_all(data.join(folder)).unwrap();
        for at in 0..2 {
            let rgba = draw_scene(48, 40, seed + at);
            let grey = |pixel: &[u8]| [((pixel[0] as u16 + pixel[1] as u16 + pixel[2] as u16) / 3) as u8; 3];
            let rgb = rgba.chunks(4).flat_map(|p| if folder.ends_with('B') { grey(p) } else { [p[0], p[1], p[2]] });
            let picture = image::RgbImage::from_raw(48, 40, rgb.collect()).unwrap();
            picture.save(data.join(folder).join(format!("{at}.png"))).unwrap();
        }
    }
    data
}

fn train(data: &Path, out: &str, more: &[&str]) -> Output {
    let fixed = ["cyclegan", "--side", "32", "--filters", "4", "--blocks", "2", "--save-every", "10", "--seed", "5"];
    let mut command = Command::new(env!("CARGO_BIN_EXE_train"));
    command.args(fixed).arg("--data").arg(data).arg("--out").arg(data.join(out)).args(more).output().unwrap()
}

/// The losses of a step as printed, without the time it took.
fn losses(output: &Output, step: u32) -> String {
    let text = String::from_utf8_lossy(&output.stdout);
    let line = text.lines().find(|line| line.starts_with(&format!("step {step}/")));
    let line = line.unwrap_or_else(|| panic!("no step {step} in {text}{}", String::from_utf8_lossy(&output.stderr)));
    line.split("d_b").next().unwrap().to_string()
}

fn bytes(data: &Path, out: &str, file: &str) -> Vec<u8> {
    std::fs::read(data.join(out).join(file)).unwrap()
}

#[test]
fn a_run_that_was_stopped_goes_on_to_the_last_bit() {
    let data = folders("resume");
    let whole = train(&data, "whole", &["--steps", "20"]);
    let first = train(&data, "parts", &["--steps", "20", "--stop-at", "10"]);
    assert_eq!(losses(&whole, 10), losses(&first, 10));
    let second = train(&data, "parts", &["--steps", "20", "--resume"]);
    assert!(!String::from_utf8_lossy(&second.stdout).contains("step 10/"), "it went on, not back");
    assert_eq!(losses(&whole, 20), losses(&second, 20));
    assert!(bytes(&data, "whole", "sheet.png") == bytes(&data, "parts", "sheet.png"));
    let arrays = |out: &str, file: &str| safetensors::read(&bytes(&data, out, file)).unwrap();
    for file in ["checkpoint.safetensors", "ab.safetensors", "ba.safetensors"] {
        assert!(arrays("whole", file) == arrays("parts", file), "{file}");
    }
    let config = cyclegan::architecture(&Checkpoint::parse(&bytes(&data, "whole", "ab.safetensors")).unwrap()).unwrap();
    assert_eq!((config.filters, config.blocks), (4, 2));
}

/// For a machine with a Vulkan driver: `cargo test --release --features vulkan --test train vulkan`.
#[cfg(feature = "vulkan")]
#[test]
fn a_step_on_vulkan_is_the_step_on_the_cpu_and_goes_on_to_the_last_bit() {
    let data = folders("vulkan");
    let arrays = |out: &str| safetensors::read(&bytes(&data, out, "checkpoint.safetensors")).unwrap();
    for device in ["cpu", "vulkan"] {
        let output = train(&data, device, &["--steps", "4", "--stop-at", "1", "--device", device]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    let vulkan = arrays("vulkan");
    for (name, array) in arrays("cpu") {
        let apart = array.values.iter().zip(&vulkan[&name].values).map(|(one, other)| (one - other).abs());
        let largest = array.values.iter().fold(1.0f32, |largest, value| largest.max(value.abs()));
        assert!(apart.fold(0.0, f32::max) <= 1e-3 * largest, "{name}");
    }
    train(&data, "vulkan", &["--steps", "4", "--resume", "--device", "vulkan"]);
    train(&data, "whole", &["--steps", "4", "--device", "vulkan"]);
    assert!(arrays("vulkan") == arrays("whole"));
}

#[test]
fn what_is_missing_is_said() {
    let data = folders("missing");
    std::fs::remove_dir_all(data.join("trainB")).unwrap();
    let output = train(&data, "out", &["--steps", "1"]);
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("trainB"));
    let output = train(&data, "out", &["--stepz", "1"]);
    assert!(String::from_utf8_lossy(&output.stderr).contains("--stepz"));
}

/// A file of NumPy's.
fn npy(kind: &str, shape: &str, numbers: &[u8]) -> Vec<u8> {
    let header = format!("{{'descr': '{kind}', 'fortran_order': False, 'shape': ({shape}), }}\n");
    let length = (header.len() as u16).to_le_bytes();
    [b"\x93NUMPY\x01\x00".as_slice(), &length, header.as_bytes(), numbers].concat()
}

/// An archive that stores its entries as they are, as `numpy.savez` does; nobody looks at the checksums.
fn npz(entries: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let (mut file, mut directory) = (Vec::new(), Vec::new());
    for (name, content) in entries {
        let sizes = [(content.len() as u32).to_le_bytes(); 2].concat();
        let name_length = (name.len() as u16).to_le_bytes();
        let at = (file.len() as u32).to_le_bytes();
        file.extend(
            [b"PK\x03\x04".as_slice(), &[0; 14], &sizes, &name_length, &[0; 2], name.as_bytes(), content].concat(),
        );
        directory.extend(
            [b"PK\x01\x02".as_slice(), &[0; 16], &sizes, &name_length, &[0; 12], &at, name.as_bytes()].concat(),
        );
    }
    let [count, at] = [entries.len() as u32, file.len() as u32].map(u32::to_le_bytes);
    let length = (directory.len() as u32).to_le_bytes();
    let end = [b"PK\x05\x06".as_slice(), &[0; 4], &count[..2], &count[..2], &length, &at, &[0; 2]].concat();
    [file, directory, end].concat()
}

/// A fresh folder of this name with a packing of faces: two people to learn from and one to test with, a frontal photo and a profile of each,
/// frontal ones turned once.
fn packed(name: &str) -> PathBuf {
    let data = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&data);
    std::fs::create_dir_all(&data).unwrap();
    let integers = |values: &[i64]| values.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<u8>>();
    let doubles = |values: &[f64]| values.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<u8>>();
    let index = npz(&[
        ("person.npy", npy("<i8", "6,", &integers(&[1, 1, 2, 2, 3, 3]))),
        ("profile.npy", npy("|b1", "6,", &[0, 1, 0, 1, 0, 1])),
        ("test.npy", npy("|b1", "6,", &[0, 0, 0, 0, 1, 1])),
        ("frontal.npy", npy("<i8", "2,", &integers(&[0, 2]))),
        ("yaw.npy", npy("<f8", "6,", &doubles(&[0.1, 1.4, -0.1, 1.3, 0.0, 1.5]))),
    ]);
    let pictures = |count: u32, seed: u32| {
        let planes = (0..count).flat_map(|at| {
            let rgba = draw_scene(112, 112, seed + at);
            [0, 1, 2, 3]
                .into_iter()
                .flat_map(move |channel| rgba.chunks(4).map(move |p| p[channel]).collect::<Vec<u8>>())
        });
        npy("|u1", &format!("{count}, 4, 112, 112"), &planes.collect::<Vec<u8>>())
    };
    std::fs::write(data.join("faces.npz"), index).unwrap();
    std::fs::write(data.join("real.npy"), pictures(6, 1)).unwrap();
    std::fs::write(data.join("turned.npy"), pictures(2, 11)).unwrap();
    std::fs::write(data.join("turned_yaw.npy"), npy("<f8", "2,", &doubles(&[0.7, f64::NAN]))).unwrap();
    data
}

fn train_faces(data: &Path, out: &str, more: &[&str]) -> Output {
    let fixed =
        ["drgan", "--steps", "4", "--filters", "4", "--discriminator-filters", "4", "--batch", "2", "--seed", "5"];
    let mut command = Command::new(env!("CARGO_BIN_EXE_train"));
    command.args(fixed).arg("--data").arg(data).arg("--out").arg(data.join(out)).args(more).output().unwrap()
}

/// The losses of a step as printed, without the time it took.
fn face_losses(output: &Output, step: u32) -> String {
    let text = String::from_utf8_lossy(&output.stdout);
    let line = text.lines().find(|line| line.starts_with(&format!("step {step}/")));
    let line = line.unwrap_or_else(|| panic!("no step {step} in {text}{}", String::from_utf8_lossy(&output.stderr)));
    line.rsplit_once(')').unwrap().0.to_string()
}

const FACE_FILES: [&str; 3] =
    ["faces-encoder.safetensors", "faces-decoder.safetensors", "faces-discriminator.safetensors"];

#[test]
fn a_training_on_faces_goes_on_to_the_last_bit_and_writes_what_the_page_loads() {
    let data = packed("faces");
    let whole = train_faces(&data, "whole", &[]);
    assert!(face_losses(&whole, 4).contains("pixels"));
    let first = train_faces(&data, "parts", &["--stop-at", "2"]);
    face_losses(&first, 2);
    let arrays = |out: &str, file: &str| safetensors::read(&bytes(&data, out, file)).unwrap();
    let early = arrays("parts", "checkpoint.safetensors");
    let second = train_faces(&data, "parts", &["--resume"]);
    assert!(!String::from_utf8_lossy(&second.stdout).contains("step 2/"), "it went on, not back");
    assert_eq!(face_losses(&whole, 4), face_losses(&second, 4));
    assert!(bytes(&data, "whole", "sheet.png") == bytes(&data, "parts", "sheet.png"));
    for file in FACE_FILES.into_iter().chain(["checkpoint.safetensors"]) {
        assert!(arrays("whole", file) == arrays("parts", file), "{file}");
    }
    assert!(early != arrays("parts", "checkpoint.safetensors"), "it learned");

    let sheet = image::open(data.join("whole/sheet.png")).unwrap();
    assert_eq!((sheet.width(), sheet.height()), (960, 96), "one test person, nine turns");
    let device = burn::tensor::Device::flex();
    let [encoder, decoder, discriminator] = FACE_FILES.map(|file| bytes(&data, "whole", file));
    let features = drgan::encoder(&Checkpoint::parse(&encoder).unwrap(), &device).unwrap().features();
    drgan::decoder(&Checkpoint::parse(&decoder).unwrap(), features, &device).unwrap();
    drgan::discriminator(&Checkpoint::parse(&discriminator).unwrap(), &device).unwrap();

    // From these weights on, but not to there.
    let start = data.join("whole");
    let going = train_faces(&data, "going", &["--stop-at", "1", "--start", start.to_str().unwrap()]);
    let fresh = train_faces(&data, "fresh", &["--stop-at", "1"]);
    assert_ne!(face_losses(&going, 1), face_losses(&fresh, 1));
    let other = train_faces(&data, "other", &["--filters", "5", "--start", start.to_str().unwrap()]);
    assert!(String::from_utf8_lossy(&other.stderr).contains("faces-encoder.safetensors"));
}

/// What the page ships goes into a training and comes out of it as it was.
#[test]
fn shipped_weights_are_a_beginning() {
    let models = Path::new(env!("CARGO_MANIFEST_DIR")).join("www/public/models");
    let mut session = PhotoSession::start(DrganConfig::photos(450), &burn::tensor::Device::flex());
    for (network, file) in NETWORKS.into_iter().zip(FACE_FILES) {
        let shipped = std::fs::read(models.join(file)).unwrap();
        session.begin_from(network, &shipped).unwrap();
        let written = pollster::block_on(session.export(network)).unwrap();
        assert!(safetensors::read(&written).unwrap() == safetensors::read(&shipped).unwrap(), "{network}");
    }
}

#[test]
fn a_damaged_packing_is_said() {
    let data = packed("damaged");
    let whole = std::fs::read(data.join("real.npy")).unwrap();
    let said = |change: &dyn Fn() -> (&'static str, Vec<u8>)| {
        let (name, content) = change();
        let before = std::fs::read(data.join(name)).unwrap();
        std::fs::write(data.join(name), content).unwrap();
        let output = train_faces(&data, "out", &[]);
        std::fs::write(data.join(name), before).unwrap();
        assert!(!output.status.success());
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    let error = said(&|| ("real.npy", whole[..whole.len() - 1].to_vec()));
    assert!(error.contains("real.npy") && error.contains("5 of 6 pictures"), "{error}");
    let error = said(&|| ("real.npy", npy("|u1", "6, 3, 96, 96", &[])));
    assert!(error.contains("[6, 3, 96, 96]"), "{error}");
    let error = said(&|| ("turned_yaw.npy", npy("<f4", "2,", &[0; 8])));
    assert!(error.contains("turned_yaw.npy") && error.contains("<f4"), "{error}");
    let error = said(&|| ("turned_yaw.npy", npy("<f8", "1,", &[0; 8])));
    assert!(error.contains("counts differ"), "{error}");
    let error = said(&|| ("faces.npz", npz(&[("yaw.npy", npy("<f8", "0,", &[]))])));
    assert!(error.contains("person.npy"), "{error}");
    let error = said(&|| ("faces.npz", b"PK\x03\x04".to_vec()));
    assert!(error.contains("faces.npz"), "{error}");
}
