//! CycleGAN: the folder holds `trainA`, `trainB`, `testA` and `testB`; the generator `ab` translates a into b.

use burn::tensor::{Device, Tensor, TensorData};
use gan_atelier::data::folders::{self, Picture};
use gan_atelier::models::cyclegan::ResnetGenerator;
use gan_atelier::rng::{Purpose, Stream};
use gan_atelier::session::cyclegan::{CycleGanSession, Losses};
use gan_atelier::training::cyclegan::CycleGanConfig;
use serde_json::Value;
use std::path::Path;
use std::time::Instant;

use crate::{Options, Result, replace, write_sheet};

pub const OPTIONS: [&str; 12] = [
    "--data",
    "--out",
    "--steps",
    "--side",
    "--filters",
    "--blocks",
    "--seed",
    "--swap",
    "--resume",
    "--device",
    "--save-every",
    "--stop-at",
];

/// Pictures of the test folders on a sheet: a row of five is a picture of a, its translation, and back; a picture of b, its translation.
const SHEET_ROWS: usize = 6;

/// A widest crop covers this many times the side of the training picture, so that strokes of several sizes are met.
const WIDEST: f32 = 1.75;

fn config(options: &Options) -> Result<CycleGanConfig> {
    let mut config = CycleGanConfig::published();
    config.seed = options.number("--seed", config.seed)?;
    config.side = options.number("--side", config.side)?;
    config.anneal_steps = options.number("--steps", config.anneal_steps)?;
    config.filters = options.number("--filters", config.filters)?;
    config.blocks = options.number("--blocks", config.blocks)?;
    // In the ranges that a file is checked against when the run goes on.
    let Value::Object(settings) = serde_json::to_value(&config)? else { return Err("no settings".into()) };
    Ok(config.changed(&settings, false)?)
}

/// The pictures of one domain.
struct Domain {
    train: Vec<Picture>,
    test: Vec<Picture>,
}

impl Domain {
    fn read(data: &Path, letter: &str) -> Result<Self> {
        let folder = |kind: &str| folders::read(&data.join(format!("{kind}{letter}")));
        Ok(Self { train: folder("train")?, test: folder("test")? })
    }
}

pub fn train(options: &Options) -> Result<()> {
    let (data, out) = (options.folder("--data")?, options.folder("--out")?);
    let [letter_a, letter_b] = if options.is_set("--swap") { ["B", "A"] } else { ["A", "B"] };
    let (a, b) = (Domain::read(&data, letter_a)?, Domain::read(&data, letter_b)?);
    std::fs::create_dir_all(&out)?;
    let checkpoint = out.join("checkpoint.safetensors");
    let device = options.device()?;
    let mut session = match options.is_set("--resume") && checkpoint.exists() {
        true => CycleGanSession::read(&std::fs::read(&checkpoint)?, &device)?,
        false => CycleGanSession::without_pictures(config(options)?, &device),
    };
    let save_every = options.number("--save-every", 200u32)?.max(1);
    let (began, first) = (Instant::now(), session.model.step);
    let last = options.number("--stop-at", session.config.anneal_steps)?.min(session.config.anneal_steps);
    while session.model.step < last {
        let mut random = Stream::new(session.config.seed as u64, Purpose::Crop, session.model.step as u64);
        let side = session.config.side;
        let real = [&a, &b].map(|domain| folders::crop(&domain.train, side, WIDEST, &mut random));
        let losses = pollster::block_on(session.step_on(real))?;
        let step = session.model.step;
        if step % 10 == 0 {
            report(step, session.config.anneal_steps, began.elapsed().as_secs_f64() / (step - first) as f64, losses);
        }
        if step % save_every == 0 || step == last {
            write_all(&session, &out, &checkpoint, &a, &b, &device)?;
        }
    }
    Ok(())
}

fn report(step: u32, total: u32, seconds_a_step: f64, losses: Losses) {
    let [fool, cycle, identity, judge_a, judge_b] = losses;
    let minutes = seconds_a_step * (total - step) as f64 / 60.0;
    println!(
        "step {step}/{total}  fool {fool:.3}  cycle {cycle:.3}  identity {identity:.3}  d_a {judge_a:.3}  \
         d_b {judge_b:.3}  {seconds_a_step:.2} s/step  {minutes:.0} min left"
    );
}

fn write_all(
    session: &CycleGanSession,
    out: &Path,
    checkpoint: &Path,
    a: &Domain,
    b: &Domain,
    device: &Device,
) -> Result<()> {
    let average = &session.model.average;
    replace(checkpoint, &pollster::block_on(session.save())?)?;
    for (name, domain) in [("ab", "b"), ("ba", "a")] {
        let bytes = pollster::block_on(session.export(domain))?;
        replace(&out.join(format!("{name}.safetensors")), &bytes)?;
    }
    let side = session.config.side;
    let through = |generator: &ResnetGenerator, picture: &[f32]| -> Result<Vec<f32>> {
        let input = Tensor::from_data(TensorData::new(picture.to_vec(), [1, 3, side, side]), device);
        Ok(pollster::block_on(generator.forward(input).into_data_async())?.try_to_vec()?)
    };
    let mut cells = Vec::new();
    for (a, b) in a.test.iter().zip(&b.test).take(SHEET_ROWS) {
        let (a, b) = (folders::centre(a, side), folders::centre(b, side));
        let fake_b = through(&average.generator_ab, &a)?;
        let rec_a = through(&average.generator_ba, &fake_b)?;
        let fake_a = through(&average.generator_ba, &b)?;
        cells.extend([a, fake_b, rec_a, b, fake_a]);
    }
    write_sheet(&cells, 5, side, &out.join("sheet.png"))
}
