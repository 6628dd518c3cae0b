//! The smile carried to other people: an AC-GAN learns our own faces by the default preset, a class a person; the session finds which way
//! through the latent space a smile lies, and every person is moved that way. A regression on drawn faces, whose smile the renderer
//! knows, says who smiles afterwards.

use burn::tensor::Device;
use gan_atelier::data::Own;
use gan_atelier::session::inspect::{Answer, Question};
use gan_atelier::session::training::Session;
use gan_atelier::training::pictures::PicturesConfig;
use gan_atelier::training::{Family, Turn};
use pollster::block_on;
use serde_json::json;

/// Seeds from 101: smaller ones were for tuning.
const SEED: u32 = 101;
/// Latents that people are moved from; the direction is looked for anew from each.
const LOOKS: u32 = 10;

/// Share of people, over all looks, who smile after the move.
pub fn measure(device: &Device) -> Result<f64, String> {
    let changes = json!({ "dataset": "faces", "seed": SEED });
    let changes = changes.as_object().cloned().unwrap_or_default();
    let mut session = Session::start(Family::Acgan, &changes, Own::Nothing, device).map_err(|e| e.to_string())?;
    let steps = PicturesConfig::new(&changes).map_err(|e| e.to_string())?.anneal_steps;
    while session.steps() < steps {
        let report = block_on(session.step(100, Turn::Both)).map_err(|e| e.to_string())?;
        println!("faces, step {}: {}", report.step, serde_json::Value::from(report.metrics));
    }
    let (mut after, mut before, mut people) = (0, 0, 0);
    for seed in 1..=LOOKS {
        match block_on(session.inspect(Question::Smile { seed })).map_err(|e| e.to_string())? {
            Answer::Smile(found) => {
                after += found.people.iter().filter(|[_, after]| *after > found.threshold).count();
                before += found.people.iter().filter(|[before, _]| *before > found.threshold).count();
                people += found.people.len();
                println!("look {seed}: the reading explains {:.3} of other drawn smiles", found.explained);
            }
            other => return Err(format!("a smile expected, not {other:?}")),
        }
    }
    println!("{before} of {people} smile before the move, {after} after it");
    Ok(after as f64 / people as f64)
}
