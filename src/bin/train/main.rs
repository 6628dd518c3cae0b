//! The native trainer.
//!
//!     cargo run --release --features train -- cyclegan --data FOLDER --out FOLDER --steps 10000
//!     cargo run --release --features train -- drgan --data FOLDER --out FOLDER --steps 10000
//!
//! Run a command again with `--resume` to go on from the last checkpoint, to the last bit. It writes a sheet of test pictures and the
//! networks as it goes. Each file says what its folder holds.

mod cyclegan;
mod drgan;

use burn::tensor::Device;
use std::collections::HashMap;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::str::FromStr;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

const USAGE: &str = "train cyclegan --data FOLDER --out FOLDER [--steps 10000] [--side 128] [--filters 32] [--blocks 6]
    [--seed 1] [--swap: domain a is the folders' B] [--resume] [--device cpu|vulkan] [--save-every 200] [--stop-at STEP]
train drgan --data FOLDER --out FOLDER [--start FOLDER: of shipped weights] [--steps 10000] [--batch 4: people] [--pictures 2: of each]
    [--filters 32] [--discriminator-filters 24] [--learning-rate 4e-4: of the generator] [--seed 1] [--resume] [--device cpu|vulkan] [--save-every 200] [--stop-at STEP]";

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    match arguments.next().as_deref() {
        Some("cyclegan") => cyclegan::train(&Options::parse(arguments, &cyclegan::OPTIONS)?),
        Some("drgan") => drgan::train(&Options::parse(arguments, &drgan::OPTIONS)?),
        _ => Err(format!("usage: {USAGE}").into()),
    }
}

struct Options {
    given: HashMap<String, String>,
}

impl Options {
    const SWITCHES: [&str; 2] = ["--swap", "--resume"];

    /// What was given of the options that a command has.
    fn parse(mut arguments: impl Iterator<Item = String>, known: &[&str]) -> Result<Self> {
        let mut given = HashMap::new();
        while let Some(name) = arguments.next() {
            let value = match name.as_str() {
                other if !known.contains(&other) => {
                    return Err(format!("unknown option {other}\nusage: {USAGE}").into());
                }
                switch if Self::SWITCHES.contains(&switch) => "yes".to_string(),
                key => arguments.next().ok_or(format!("{key} needs a value"))?,
            };
            given.insert(name, value);
        }
        Ok(Self { given })
    }

    fn is_set(&self, switch: &str) -> bool {
        self.given.contains_key(switch)
    }

    fn folder(&self, key: &str) -> Result<PathBuf> {
        Ok(self.given.get(key).ok_or(format!("{key} is missing\nusage: {USAGE}"))?.into())
    }

    fn number<T: FromStr>(&self, key: &str, default: T) -> Result<T> {
        match self.given.get(key) {
            Some(value) => value.parse().map_err(|_| format!("{key} {value}: not a number in range").into()),
            None => Ok(default),
        }
    }

    fn device(&self) -> Result<Device> {
        match self.given.get("--device").map_or("cpu", String::as_str) {
            "cpu" => Ok(Device::flex()),
            #[cfg(feature = "vulkan")]
            "vulkan" => Ok(Device::vulkan(Default::default())),
            other => Err(format!("--device {other}: not part of this build").into()),
        }
    }
}

/// Square pictures in rows of `columns`.
fn write_sheet(cells: &[Vec<f32>], columns: usize, side: usize, path: &Path) -> Result<()> {
    let (width, height) = (columns * side, cells.len().div_ceil(columns) * side);
    let mut sheet = image::RgbImage::new(width as u32, height as u32);
    for (x, y, pixel) in sheet.enumerate_pixels_mut() {
        let (x, y) = (x as usize, y as usize);
        let cell = &cells[y / side * columns + x / side];
        let at = (y % side) * side + x % side;
        pixel.0 = [0, 1, 2].map(|channel| ((cell[channel * side * side + at] + 1.0) * 127.5).round() as u8);
    }
    Ok(sheet.save(path)?)
}

/// Never leaves half a file: written beside, then renamed.
fn replace(path: &Path, bytes: &[u8]) -> Result<()> {
    let part = path.with_extension("part");
    std::fs::write(&part, bytes)?;
    Ok(std::fs::rename(part, path)?)
}
