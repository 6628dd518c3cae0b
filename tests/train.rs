//! The native CycleGAN trainer on pictures that this test draws: it learns, and resumes to the last bit.

#![cfg(feature = "train")]

use gan_atelier::data::scene::draw_scene;
use gan_atelier::weights::{Checkpoint, cyclegan, safetensors};
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
