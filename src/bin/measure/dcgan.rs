//! `measure dcgan`: a DCGAN learns the built-in digits by the default preset; a reader that was trained on digits of its own says how many
//! classes there are among 4,000 made ones, and how far their features are from those of real ones.

use burn::tensor::Device;
use gan_atelier::data::Own;
use gan_atelier::data::album::Augment;
use gan_atelier::data::pictures::{PictureDataset, Pictures};
use gan_atelier::data::waves::Drawn;
use gan_atelier::rng::{Purpose, Stream};
use gan_atelier::session::training::{SampleRequest, Samples, Session};
use gan_atelier::training::pictures::PicturesConfig;
use gan_atelier::training::{Family, Turn};
use pollster::block_on;
use serde_json::{Value, json};
use std::time::Instant;

use super::Options;
use super::frechet::frechet;
use super::reader::{CLASSES, Reader, SIDE};
use super::sheet;

/// Pictures on each side of a comparison.
const COUNT: usize = 4_000;
const READER_STEPS: u32 = 1_200;
const READER_SEED: u64 = 5_001;
/// A class counts as made when it has this share of the pictures: a tenth of its due.
const PRESENT: f64 = 0.01;

/// Seeds from 101: smaller ones were for tuning.
pub fn defaults() -> Options {
    Options::new(PicturesConfig::default().anneal_steps, 101..=101)
}

pub fn measure(options: &Options) -> Result<Value, String> {
    let device = Device::flex();
    let digits = PictureDataset::Digits.open(Own::Nothing, SIDE, Augment::None, false).map_err(|e| e.to_string())?;
    let reader = Reader::train(|n, stream| digits.draw(n, None, stream), READER_STEPS, READER_SEED, &device);
    let judge_accuracy = reader.accuracy(&fresh(&digits, 3_000, 1), &device);
    println!("judge: {judge_accuracy:.4} of 3,000 fresh digits");
    let [real, other] = [2, 3].map(|part| reader.read(&fresh(&digits, COUNT, part).values, &device).1);
    let frechet_real = frechet(&real, &other);
    let mut rows = Vec::new();
    for seed in options.seeds.clone() {
        let mut changes = options.changes.clone();
        changes.insert("seed".into(), seed.into());
        changes.insert("anneal_steps".into(), options.steps.into());
        let began = Instant::now();
        let mut session = Session::start(Family::Dcgan, &changes, Own::Nothing, &device).map_err(|e| e.to_string())?;
        while session.steps() < options.steps {
            let report = block_on(session.step(100, Turn::Both)).map_err(|e| e.to_string())?;
            let seconds = began.elapsed().as_secs_f64();
            println!("seed {seed} step {}: {seconds:.1} s, {}", report.step, Value::from(report.metrics));
        }
        let seconds = began.elapsed().as_secs_f64();
        let made = made(&session, COUNT, seed)?;
        if let Some(path) = &options.sheet {
            sheet::grey(&made.values[..100 * SIDE * SIDE], 10, SIDE, path)?;
        }
        let (classes, features) = reader.read(&made.values, &device);
        let share = |class| classes.iter().filter(|read| **read == class).count() as f64 / COUNT as f64;
        let shares: Vec<f64> = (0..CLASSES).map(share).collect();
        println!("seed {seed}: shares of the classes {shares:.3?}");
        let present = shares.iter().filter(|share| **share >= PRESENT).count();
        rows.push((present, frechet(&real, &features), seconds));
    }
    let mean = |of: fn(&(usize, f64, f64)) -> f64| rows.iter().map(of).sum::<f64>() / rows.len() as f64;
    Ok(json!({
        "judge_accuracy": judge_accuracy,
        "classes": rows.iter().map(|row| row.0).min(),
        "frechet": mean(|row| row.1),
        "frechet_real": frechet_real,
        "seconds": mean(|row| row.2),
    }))
}

/// Digits that no other part draws.
fn fresh(digits: &Pictures, count: usize, part: u64) -> Drawn {
    digits.draw(count, None, &mut Stream::new(READER_SEED, Purpose::Metrics, part))
}

/// Pictures with the classes that were asked for.
pub fn made(session: &Session, count: usize, seed: u32) -> Result<Drawn, String> {
    let mut drawn = Drawn { values: Vec::new(), labels: Vec::new() };
    for part in 0..count.div_ceil(1_000) as u32 {
        let request = SampleRequest { count: 1_000, seed: seed * 100 + part, ..Default::default() };
        match block_on(session.sample(&request)).map_err(|e| e.to_string())? {
            Samples::Images { values, labels, .. } => {
                drawn.values.extend(values);
                drawn.labels.extend(labels);
            }
            other => return Err(format!("pictures expected, not {other:?}")),
        }
    }
    Ok(drawn)
}
