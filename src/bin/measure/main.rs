//! Native measurements of what the networks learn; `npm run measure -- NAME` calls it and the last line is JSON.
//!
//! `measure ring|grid|horses|dcgan|smile|rgan|drgan-live [--steps N] [--seeds FIRST..LAST] [--set key=value]... [--sheet FILE.png]`
//! `measure ring|grid [--minutes M]`: for each of the published networks, 0 for none
//! `measure cyclegan|acgan|drgan [--data FOLDER] [--models FOLDER] [--sheet FILE.png]`: FOLDER holds monet2photo and vangogh2photo, mnist, or cfp
//! and head
//! `measure speed [--steps ROUNDS] [--device cpu|vulkan]`

mod acgan;
mod cyclegan;
mod dcgan;
mod drgan;
mod drgan_live;
mod frechet;
mod horses;
mod judge;
mod modes;
mod pacgan;
mod reader;
mod rgan;
mod sheet;
mod smile;
mod speed;

use serde_json::{Map, Value};
use std::ops::RangeInclusive;
use std::path::PathBuf;

struct Options {
    steps: u32,
    seeds: RangeInclusive<u32>,
    changes: Map<String, Value>,
    /// Where a sheet of pictures goes.
    sheet: Option<PathBuf>,
    /// Pictures to train and test judges on.
    data: PathBuf,
    /// The weights to judge.
    models: PathBuf,
    /// What a published network may take beside ours.
    minutes: f64,
    /// What computes: `cpu`, or `vulkan` where it was built in.
    device: String,
}

impl Options {
    fn new(steps: u32, seeds: RangeInclusive<u32>) -> Self {
        Self {
            steps,
            seeds,
            changes: Map::new(),
            sheet: None,
            data: "../shared/data".into(),
            models: "www/public/models".into(),
            minutes: 2.0,
            device: "cpu".into(),
        }
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match arguments.first().map(String::as_str) {
        Some("ring") => options(&arguments[1..], modes::defaults()).and_then(|options| modes::ring(&options)),
        Some("grid") => options(&arguments[1..], modes::defaults()).and_then(|options| modes::grid(&options)),
        Some("rgan") => options(&arguments[1..], rgan::defaults()).and_then(|options| rgan::measure(&options)),
        Some("horses") => options(&arguments[1..], horses::defaults()).and_then(|options| horses::measure(&options)),
        Some("drgan") => options(&arguments[1..], Options::new(0, 1..=1)).and_then(|options| drgan::measure(&options)),
        Some("drgan-live") => {
            options(&arguments[1..], drgan_live::defaults()).and_then(|options| drgan_live::measure(&options))
        }
        Some("dcgan") => options(&arguments[1..], dcgan::defaults()).and_then(|options| dcgan::measure(&options)),
        Some("smile") => options(&arguments[1..], smile::defaults()).and_then(|options| smile::measure(&options)),
        Some("acgan") => options(&arguments[1..], Options::new(0, 1..=1)).and_then(|options| acgan::measure(&options)),
        Some("cyclegan") => {
            options(&arguments[1..], Options::new(0, 1..=1)).and_then(|options| cyclegan::measure(&options))
        }
        Some("speed") => options(&arguments[1..], Options::new(10, 1..=1)).and_then(|options| speed::measure(&options)),
        other => Err(format!(
            "unknown measurement {other:?}; known: ring, grid, horses, dcgan, acgan, smile, rgan, cyclegan, drgan, drgan-live, speed"
        )),
    };
    match outcome {
        Ok(line) => println!("{line}"),
        Err(problem) => {
            eprintln!("{problem}");
            std::process::exit(2);
        }
    }
}

fn options(arguments: &[String], mut options: Options) -> Result<Options, String> {
    for pair in arguments.chunks(2) {
        let [name, value] = pair else { return Err(format!("{} needs a value", pair[0])) };
        let bad = || format!("cannot read {name} {value}");
        match name.as_str() {
            "--steps" => options.steps = value.parse().map_err(|_| bad())?,
            "--seeds" => {
                let (first, last) = value.split_once("..").ok_or_else(bad)?;
                options.seeds = first.parse().map_err(|_| bad())?..=last.parse().map_err(|_| bad())?;
            }
            "--set" => {
                let (key, value) = value.split_once('=').ok_or_else(bad)?;
                let value = serde_json::from_str(value).unwrap_or_else(|_| Value::from(value));
                options.changes.insert(key.into(), value);
            }
            "--sheet" => options.sheet = Some(value.into()),
            "--data" => options.data = value.into(),
            "--minutes" => options.minutes = value.parse().map_err(|_| bad())?,
            "--models" => options.models = value.into(),
            "--device" => options.device = value.into(),
            _ => return Err(format!("unknown option {name}")),
        }
    }
    Ok(options)
}
