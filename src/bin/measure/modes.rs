//! How many modes of a dataset in the plane the plain GAN finds, under PacGAN's protocol (Lin et al. 2018, section 4.1):
//! 2,500 samples, each to its nearest mode, of high quality within three standard deviations; the mean over seeds and
//! its standard error. Our networks at their preset's own budget, and PacGAN's at what a few minutes allow.

use burn::tensor::Device;
use gan_atelier::data::points::Shape;
use gan_atelier::data::{Dataset, Own};
use gan_atelier::session::inspect::{Answer, Question};
use gan_atelier::session::training::Session;
use gan_atelier::training::gan::GanConfig;
use gan_atelier::training::metrics::Coverage;
use gan_atelier::training::{Family, Turn};
use serde_json::{Value, json};
use std::sync::Mutex;
use std::time::Instant;

use super::{Options, pacgan};

/// The protocol looks at this many samples.
pub const SAMPLES: usize = 2_500;

/// Two seeds at a time: what the processor of a small laptop has cores for.
const THREADS: usize = 2;

/// Seeds 101 to 110 give the published figure; the presets were tuned on seeds 1 to 20. Steps: 0 stands for the preset's.
pub fn defaults() -> Options {
    Options::new(0, 101..=110)
}

pub fn ring(options: &Options) -> Result<Value, String> {
    measure(Dataset::Ring, Shape::Ring, options)
}

pub fn grid(options: &Options) -> Result<Value, String> {
    measure(Dataset::Grid, Shape::Grid, options)
}

struct Run {
    found: Coverage,
    seconds: f64,
}

fn measure(dataset: Dataset, shape: Shape, options: &Options) -> Result<Value, String> {
    let mut changes = options.changes.clone();
    changes.insert("dataset".into(), json!(dataset));
    let config = GanConfig::new(&changes).map_err(|e| e.to_string())?;
    let steps = if options.steps > 0 { options.steps } else { config.anneal_steps };
    println!("{steps} iterations a seed with {}", json!(config));
    let one = |seed: u32| {
        let mut changes = changes.clone();
        changes.insert("seed".into(), seed.into());
        let began = Instant::now();
        let found = train(&changes, steps)?;
        let run = Run { found, seconds: began.elapsed().as_secs_f64() };
        println!("seed {seed}: {} in {:.1} s", json!(run.found), run.seconds);
        Ok(run)
    };
    let runs = in_threads(options.seeds.clone().collect(), one)?;
    let mut line = summary(&runs, steps);
    if options.minutes > 0.0 {
        let budget = 60.0 * options.minutes;
        println!("PacGAN's networks, at most {budget:.0} s each");
        let rows = in_threads(vec![1, 4], |packing| {
            let (iterations, found) = pacgan::train(shape, packing, *options.seeds.start(), budget);
            let row = json!({ "packing": packing, "iterations": iterations, "found": found });
            println!("{row}");
            Ok(row)
        })?;
        line["pacgan"] = rows.into();
    }
    Ok(line)
}

/// Each job's result in order, on [`THREADS`] threads.
fn in_threads<T: Send>(jobs: Vec<u32>, run: impl Fn(u32) -> Result<T, String> + Sync) -> Result<Vec<T>, String> {
    let queue = Mutex::new(jobs.into_iter().enumerate());
    let next = || queue.lock().expect("no thread panics with the queue in hand").next();
    let results = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                while let Some((place, job)) = next() {
                    let result = run(job);
                    results.lock().expect("no thread panics with the results in hand").push((place, result));
                }
            });
        }
    });
    let mut results = results.into_inner().expect("the threads have ended");
    results.sort_by_key(|(place, _)| *place);
    results.into_iter().map(|(_, result)| result).collect()
}

fn train(changes: &serde_json::Map<String, Value>, steps: u32) -> Result<Coverage, String> {
    let mut session = Session::start(Family::Gan, changes, Own::Nothing, &Device::flex()).map_err(|e| e.to_string())?;
    while session.steps() < steps {
        let n = (steps - session.steps()).min(200);
        pollster::block_on(session.step(n, Turn::Both)).map_err(|e| e.to_string())?;
    }
    let question = Question::Coverage { count: SAMPLES, seed: 1 };
    match pollster::block_on(session.inspect(question)).map_err(|e| e.to_string())? {
        Answer::Coverage(found) => Ok(found),
        other => Err(format!("{other:?} is no coverage")),
    }
}

/// Mean and standard error over the runs.
fn spread(values: impl Iterator<Item = f64> + Clone) -> (f64, f64) {
    let n = values.clone().count() as f64;
    let mean = values.clone().sum::<f64>() / n;
    let variance = values.map(|value| (value - mean).powi(2)).sum::<f64>() / (n - 1.0).max(1.0);
    (mean, (variance / n).sqrt())
}

fn summary(runs: &[Run], steps: u32) -> Value {
    let of = |pick: fn(&Coverage) -> f64| spread(runs.iter().map(|run| pick(&run.found)));
    let (modes, modes_se) = of(|found| found.modes.unwrap_or(0) as f64);
    let (high_quality, high_quality_se) = of(|found| found.high_quality as f64);
    let (reverse_kl, reverse_kl_se) = of(|found| found.reverse_kl.map_or(f64::NAN, f64::from));
    let seconds: Vec<f64> = runs.iter().map(|run| run.seconds).collect();
    json!({
        "seeds": runs.len(),
        "modes_mean": modes,
        "modes_se": modes_se,
        "full": runs.iter().filter(|run| run.found.modes == run.found.modes_total).count(),
        "high_quality": high_quality,
        "high_quality_se": high_quality_se,
        "reverse_kl": reverse_kl,
        "reverse_kl_se": reverse_kl_se,
        "seconds_per_seed": spread(seconds.iter().copied()).0,
        "seconds_most": seconds.iter().copied().fold(0.0, f64::max),
        "iterations": steps,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standard_error_is_the_deviation_over_the_root_of_the_count() {
        // Deviation of 1, 2, 3, 4 is sqrt(5 / 3).
        let (mean, error) = spread([1.0, 2.0, 3.0, 4.0].into_iter());
        assert!((mean - 2.5).abs() < 1e-12 && (error - (5.0f64 / 3.0).sqrt() / 2.0).abs() < 1e-12);
    }

    #[test]
    fn threads_keep_the_order() {
        assert_eq!(in_threads((0..9).collect(), |job| Ok(job * job)), Ok((0..9).map(|job| job * job).collect()));
    }
}
