//! DR-GAN on photos: the folder is what `training/faces_pack.py` writes. The same step as in the page, on the shipped networks. These have
//! batch norms only while PyTorch trains them; here they learn in the form in which they are shipped, norms merged into the convolutions.

use gan_atelier::data::packed::{Packed, SIDE};
use gan_atelier::rng::{Purpose, Stream};
use gan_atelier::session::photos::{NETWORKS, PhotoSession};
use gan_atelier::training::drgan::DrganConfig;
use serde_json::Value;
use std::path::Path;
use std::time::Instant;

use crate::{Options, Result, replace, write_sheet};

pub const OPTIONS: [&str; 14] = [
    "--data",
    "--out",
    "--start",
    "--steps",
    "--batch",
    "--pictures",
    "--filters",
    "--discriminator-filters",
    "--learning-rate",
    "--seed",
    "--resume",
    "--device",
    "--save-every",
    "--stop-at",
];

/// Test people on a sheet: a row is a photo and its turns.
const SHEET_PEOPLE: usize = 8;
const SHEET_YAWS: [f32; 9] = [-90.0, -67.5, -45.0, -22.5, 0.0, 22.5, 45.0, 67.5, 90.0];

pub fn train(options: &Options) -> Result<()> {
    let (data, out) = (options.folder("--data")?, options.folder("--out")?);
    let faces = Packed::read(&data)?;
    std::fs::create_dir_all(&out)?;
    let mut session = open(options, &out.join("checkpoint.safetensors"), faces.people())?;
    let save_every = options.number("--save-every", 200u32)?.max(1);
    let (began, first) = (Instant::now(), session.model.step);
    let last = options.number("--stop-at", session.config.anneal_steps)?.min(session.config.anneal_steps);
    while session.model.step < last {
        let config = &session.config;
        let mut random = Stream::new(config.seed as u64, Purpose::Batch, session.model.step as u64);
        let portraits = faces.draw(config.batch_size, config.pictures, &mut random)?;
        let losses = pollster::block_on(session.step_on(portraits))?;
        let step = session.model.step;
        if step % 10 == 0 || step == last {
            report(step, session.config.anneal_steps, began.elapsed().as_secs_f64() / (step - first) as f64, losses);
        }
        if step % save_every == 0 || step == last {
            write_all(&session, &out, &faces)?;
        }
    }
    Ok(())
}

/// The run to go on with, or a fresh one.
fn open(options: &Options, checkpoint: &Path, people: usize) -> Result<PhotoSession> {
    let device = options.device()?;
    if options.is_set("--resume") && checkpoint.exists() {
        let session = PhotoSession::read(&std::fs::read(checkpoint)?, &device)?;
        return match session.config.people == people {
            true => Ok(session),
            false => Err(format!("the checkpoint knows {} people, the data {people}", session.config.people).into()),
        };
    }
    let mut session = PhotoSession::start(config(options, people)?, &device);
    if options.is_set("--start") {
        let folder = options.folder("--start")?;
        for network in NETWORKS {
            let path = folder.join(file_name(network));
            let file = std::fs::read(&path).map_err(|e| format!("{}: {e}", path.display()))?;
            session.begin_from(network, &file).map_err(|e| format!("{}: {e}", path.display()))?;
        }
    }
    Ok(session)
}

fn config(options: &Options, people: usize) -> Result<DrganConfig> {
    let mut config = DrganConfig::photos(people);
    config.seed = options.number("--seed", config.seed)?;
    config.batch_size = options.number("--batch", config.batch_size)?;
    config.pictures = options.number("--pictures", config.pictures)?;
    config.filters = options.number("--filters", config.filters)?;
    config.discriminator_filters = options.number("--discriminator-filters", config.discriminator_filters)?;
    // The discriminator learns at half of the generator's rate.
    config.learning_rate_g = options.number("--learning-rate", config.learning_rate_g)?;
    config.learning_rate_d = config.learning_rate_g / 2.0;
    config.anneal_steps = options.number("--steps", config.anneal_steps)?;
    // The ranges are the page's; there may be more people than it draws.
    let Value::Object(mut settings) = serde_json::to_value(&config)? else { return Err("no settings".into()) };
    settings.remove("people");
    config.changed(&settings, false)?;
    Ok(config)
}

fn report(step: u32, total: u32, seconds_a_step: f64, [of_d, of_g]: [Vec<f32>; 2]) {
    let minutes = seconds_a_step * (total - step) as f64 / 60.0;
    let [d, d_identity, d_yaw, d_real, real] = of_d[..] else { return };
    let [g, g_identity, g_yaw, g_real, made, pixels] = of_g[..] else { return };
    println!(
        "step {step}/{total}  d {d:.3} (identity {d_identity:.3}, yaw {d_yaw:.3}, real {d_real:.3}; thinks real {real:.2})  \
         g {g:.3} (identity {g_identity:.3}, yaw {g_yaw:.3}, real {g_real:.3}, pixels {pixels:.3}; thought real {made:.2})  \
         {seconds_a_step:.2} s/step  {minutes:.0} min left"
    );
}

fn write_all(session: &PhotoSession, out: &Path, faces: &Packed) -> Result<()> {
    replace(&out.join("checkpoint.safetensors"), &pollster::block_on(session.save())?)?;
    for network in NETWORKS {
        replace(&out.join(file_name(network)), &pollster::block_on(session.export(network))?)?;
    }
    let photos = faces.tests(SHEET_PEOPLE)?;
    if photos.is_empty() {
        return Ok(());
    }
    let made = pollster::block_on(session.turned(&photos, &SHEET_YAWS.map(f32::to_radians)))?;
    let size = 3 * SIDE * SIDE;
    let rows = photos.chunks(size).zip(made.chunks(SHEET_YAWS.len() * size));
    let cells: Vec<Vec<f32>> =
        rows.flat_map(|(photo, turns)| std::iter::once(photo).chain(turns.chunks(size)).map(<[f32]>::to_vec)).collect();
    write_sheet(&cells, 1 + SHEET_YAWS.len(), SIDE, &out.join("sheet.png"))
}

/// As the page names it.
fn file_name(network: &str) -> String {
    format!("faces-{network}.safetensors")
}
