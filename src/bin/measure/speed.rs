//! How long a device takes for a painting and for a training step: what `npm run gpu` puts beside a browser and beside PyTorch.

use burn::tensor::{Device, Tensor};
use gan_atelier::data::Own;
use gan_atelier::models::cyclegan::{Canvas, ResnetGeneratorConfig, Upsample};
use gan_atelier::rng::{Purpose, Stream};
use gan_atelier::session::training::Session;
use gan_atelier::training::{Family, Turn};
use serde_json::{Value, json};
use std::time::Instant;

use super::Options;

/// The published generator's size, and the picture's side.
const PAINTER: [usize; 2] = [64, 9];
const SIDE: usize = 256;
/// Channels and pictures of the DCGAN.
const TRAINER: [usize; 2] = [64, 64];
/// Done before anything counts: kernels are compiled, and tried out.
const WARM: usize = 3;

fn device(name: &str) -> Result<Device, String> {
    match name {
        "cpu" => Ok(Device::flex()),
        #[cfg(feature = "vulkan")]
        "vulkan" => Ok(Device::vulkan(Default::default())),
        other => Err(format!("--device {other}: not part of this build")),
    }
}

/// Milliseconds of one of `rounds` calls, the median.
fn timed(rounds: usize, mut work: impl FnMut() -> Result<(), String>) -> Result<f64, String> {
    let mut times = Vec::with_capacity(rounds);
    for round in 0..WARM + rounds {
        let began = Instant::now();
        work()?;
        if round >= WARM {
            times.push(began.elapsed().as_secs_f64() * 1e3);
        }
    }
    times.sort_by(f64::total_cmp);
    Ok(times[times.len() / 2])
}

pub fn measure(options: &Options) -> Result<Value, String> {
    let device = device(&options.device)?;
    let rounds = options.steps.max(1) as usize;
    let [filters, blocks] = PAINTER;
    let config = ResnetGeneratorConfig { filters, blocks, upsample: Upsample::Transposed, canvas: Canvas::Empty };
    let painter = config.init(&mut Stream::new(1, Purpose::Initialisation, 0), &device);
    let picture = Tensor::<4>::zeros([1, 3, SIDE, SIDE], &device);
    let painting = timed(rounds, || {
        // Read back, as whoever wants to see it would.
        painter.forward(picture.clone()).into_data();
        Ok(())
    })?;
    println!("a painting by {filters} filters and {blocks} blocks, {SIDE} px: {painting:.1} ms");

    let [width, batch_size] = TRAINER;
    let changes = json!({
        "dataset": "digits", "width": width, "batch_size": batch_size, "discriminator_norm": true, "r1": 0.0,
    });
    let changes = changes.as_object().expect("an object").clone();
    let mut session = Session::start(Family::Dcgan, &changes, Own::Nothing, &device).map_err(|e| e.to_string())?;
    let step =
        timed(rounds, || pollster::block_on(session.step(1, Turn::Both)).map(|_| ()).map_err(|e| e.to_string()))?;
    println!("a step of a DCGAN, {width} channels, {batch_size} pictures: {step:.1} ms");
    Ok(json!({ "device": options.device, "painting_ms": painting, "dcgan_step_ms": step }))
}
