//! Native measurements of what the networks learn; `npm run measure -- NAME` calls it and the last line is JSON.
//!
//! `measure ring [--steps N] [--seeds FIRST..LAST] [--set key=value]...`

use burn::tensor::Device;
use gan_atelier::data::points::{Cloud, Shape};
use gan_atelier::session::training::{SampleRequest, Samples, Session};
use gan_atelier::training::gan::Turn;
use gan_atelier::training::metrics::{Coverage, coverage};
use serde_json::{Map, Value, json};
use std::ops::RangeInclusive;
use std::time::Instant;

/// PacGAN's protocol looks at this many samples.
const SAMPLES: usize = 2_500;

/// Seeds of the published figure. The preset was tuned on seeds 1 to 20.
const SEEDS: RangeInclusive<u32> = 101..=110;

struct Options {
    steps: u32,
    seeds: RangeInclusive<u32>,
    changes: Map<String, Value>,
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match arguments.first().map(String::as_str) {
        Some("ring") => options(&arguments[1..]).and_then(|options| modes("ring", Shape::Ring, &options)),
        other => Err(format!("unknown measurement {other:?}; known: ring")),
    };
    match outcome {
        Ok(line) => println!("{line}"),
        Err(problem) => {
            eprintln!("{problem}");
            std::process::exit(2);
        }
    }
}

fn options(arguments: &[String]) -> Result<Options, String> {
    let mut options = Options { steps: 18_000, seeds: SEEDS, changes: Map::new() };
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
            _ => return Err(format!("unknown option {name}")),
        }
    }
    Ok(options)
}

/// Trains one run a seed with the default preset and counts the modes it found.
fn modes(dataset: &str, shape: Shape, options: &Options) -> Result<Value, String> {
    let cloud = Cloud::new(shape);
    let mut found: Vec<Coverage> = Vec::new();
    let started = Instant::now();
    for seed in options.seeds.clone() {
        let mut changes = options.changes.clone();
        changes.insert("dataset".into(), dataset.into());
        changes.insert("seed".into(), seed.into());
        let began = Instant::now();
        let result = train(&cloud, &changes, options.steps)?;
        println!("seed {seed}: {} in {:.1} s", json!(result), began.elapsed().as_secs_f32());
        found.push(result);
    }
    let seconds = started.elapsed().as_secs_f32() / found.len() as f32;
    Ok(summary(&found, seconds, options.steps))
}

fn train(cloud: &Cloud, changes: &Map<String, Value>, steps: u32) -> Result<Coverage, String> {
    let device = Device::flex();
    let mut session = Session::start(changes, None, &device).map_err(|e| e.to_string())?;
    for _ in 0..steps / 200 {
        pollster::block_on(session.step(200, Turn::Both)).map_err(|e| e.to_string())?;
    }
    let request = SampleRequest { count: SAMPLES, seed: 1, latent: None };
    match pollster::block_on(session.sample(&request)).map_err(|e| e.to_string())? {
        Samples::Points(points) => Ok(coverage(cloud, &points)),
        Samples::Pictures { .. } => Err("expected points".into()),
    }
}

fn summary(found: &[Coverage], seconds: f32, steps: u32) -> Value {
    let n = found.len() as f32;
    let modes: Vec<f32> = found.iter().map(|c| c.modes.unwrap_or(0) as f32).collect();
    let mean = modes.iter().sum::<f32>() / n;
    let variance = modes.iter().map(|m| (m - mean).powi(2)).sum::<f32>() / (n - 1.0).max(1.0);
    json!({
        "seeds": found.len(),
        "modes_mean": mean,
        "modes_se": (variance / n).sqrt(),
        "full": found.iter().filter(|c| c.modes == c.modes_total).count(),
        "high_quality": found.iter().map(|c| c.high_quality).sum::<f32>() / n,
        "reverse_kl": found.iter().map(|c| c.reverse_kl.unwrap_or(f32::NAN)).sum::<f32>() / n,
        "seconds_per_seed": seconds,
        "iterations": steps,
    })
}
