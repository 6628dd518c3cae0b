//! `measure smile`, and in `measure acgan` by its default seed: the smile carried to other people. An AC-GAN learns our own faces by the default
//! preset, a class a person; the session finds which way through the latent space a smile lies, and every person is moved that way. A
//! regression on drawn faces, whose smile the renderer knows, says who smiles afterwards.

use burn::tensor::Device;
use gan_atelier::data::Own;
use gan_atelier::session::inspect::Smile;
use gan_atelier::session::inspect::{Answer, Question};
use gan_atelier::session::training::{SampleRequest, Samples, Session};
use gan_atelier::training::pictures::PicturesConfig;
use gan_atelier::training::{Family, Turn};
use pollster::block_on;
use serde_json::{Map, Value, json};
use std::path::Path;
use std::time::Instant;

use super::Options;

/// Latents that people are moved from; the direction is looked for anew from each.
const LOOKS: u32 = 10;

/// Seeds from 101: smaller ones were for tuning. 0 steps: as many as the preset anneals for.
pub fn defaults() -> Options {
    Options::new(0, 101..=101)
}

pub fn measure(options: &Options) -> Result<Value, String> {
    let shares = options.seeds.clone().map(|seed| carry(options, seed, &Device::flex()));
    let shares = shares.collect::<Result<Vec<_>, _>>()?;
    let mean = |end: usize| shares.iter().map(|share| share[end]).sum::<f64>() / shares.len() as f64;
    Ok(json!({ "smile": mean(1), "before": mean(0) }))
}

/// Share of people, over all looks, who smile before the move and after it.
fn carry(options: &Options, seed: u32, device: &Device) -> Result<[f64; 2], String> {
    let mut changes: Map<String, Value> = options.changes.clone();
    changes.extend([("dataset".into(), "faces".into()), ("seed".into(), seed.into())]);
    if options.steps > 0 {
        changes.insert("anneal_steps".into(), options.steps.into());
    }
    let began = Instant::now();
    let mut session = Session::start(Family::Acgan, &changes, Own::Nothing, device).map_err(|e| e.to_string())?;
    let steps = PicturesConfig::new(&changes).map_err(|e| e.to_string())?.anneal_steps;
    while session.steps() < steps {
        let report = block_on(session.step(500.min(steps - session.steps()), Turn::Both)).map_err(|e| e.to_string())?;
        println!("faces, step {}: {}", report.step, Value::from(report.metrics));
    }
    println!("seed {seed}: {steps} steps in {:.0} s", began.elapsed().as_secs_f64());
    let (mut ends, mut people) = ([0, 0], 0);
    for seed in 1..=LOOKS {
        match block_on(session.inspect(Question::Smile { seed })).map_err(|e| e.to_string())? {
            Answer::Smile(found) => {
                for (end, count) in ends.iter_mut().enumerate() {
                    *count += found.people.iter().filter(|smiles| smiles[end] > found.threshold).count();
                }
                people += found.people.len();
                if let (1, Some(path)) = (seed, &options.sheet) {
                    sheet(&session, &found, path)?;
                }
                println!("look {seed}: the reading explains {:.3} of other drawn smiles", found.explained);
            }
            other => return Err(format!("a smile expected, not {other:?}")),
        }
    }
    println!("seed {seed}: {} of {people} smile before the move, {} after it", ends[0], ends[1]);
    Ok(ends.map(|count| count as f64 / people as f64))
}

/// A row a person, from one end of the move to the other.
fn sheet(session: &Session, found: &Smile, path: &Path) -> Result<(), String> {
    const COLUMNS: usize = 9;
    let ways = (0..COLUMNS).map(|at| found.reach * (2.0 * at as f32 / (COLUMNS - 1) as f32 - 1.0));
    let moved = |way: f32| found.latent.iter().zip(&found.direction).map(move |(z, d)| z + way * d);
    let latents: Vec<f32> = ways.flat_map(moved).collect();
    let (mut all, mut pixels) = (Vec::new(), 0);
    for person in 0..found.people.len() {
        let request =
            SampleRequest { count: COLUMNS, latent: Some(latents.clone()), label: Some(person), ..Default::default() };
        match block_on(session.sample(&request)).map_err(|e| e.to_string())? {
            Samples::Images { values, side, .. } => {
                all.extend(values);
                pixels = side;
            }
            other => return Err(format!("pictures expected, not {other:?}")),
        }
    }
    super::sheet::coloured(&all, COLUMNS, pixels, path)
}
