//! `measure acgan`: what the shipped AC-GAN of digits learned, by Shmelkov et al. 2018 ("How good is my GAN?"). GAN-test: three
//! readers trained on real digits, the judge, read 10,000 made ones together. GAN-train: a reader trained on those reads the real test
//! digits; beside it, one trained on as many real digits. The Frechet distance is from made digits, and from as many real training digits,
//! to the same real test digits, in the first reader's features.

use burn::tensor::Device;
use gan_atelier::data::idx;
use gan_atelier::data::waves::Drawn;
use gan_atelier::session::training::Session;
use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;

use super::Options;
use super::dcgan::made;
use super::frechet::frechet;
use super::reader::{Reader, SIDE, agreed, pick};
use super::{sheet, smile};

const COUNT: usize = 10_000;
const JUDGE_STEPS: u32 = 6_000;
const TRAIN_STEPS: u32 = 3_000;
/// Of the judge's readers, and of those that learn from made and from real digits.
const JUDGE_SEEDS: [u64; 3] = [6_001, 6_004, 6_005];
const SEEDS: [u64; 2] = [6_002, 6_003];

pub fn measure(options: &Options) -> Result<Value, String> {
    let device = Device::flex();
    let mnist = options.data.join("mnist");
    let (train, test) = (digits(&mnist, "train")?, digits(&mnist, "t10k")?);
    let bytes = std::fs::read(options.models.join("digits.safetensors")).map_err(|e| e.to_string())?;
    let session = Session::open(&bytes, &device).map_err(|e| e.to_string())?;
    let fake = made(&session, COUNT, 100)?;
    if let Some(path) = &options.sheet {
        sheet::grey(&fake.values[..100 * SIDE * SIDE], 10, SIDE, path)?;
    }
    let some = Drawn { values: train.values[..COUNT * SIDE * SIDE].to_vec(), labels: train.labels[..COUNT].to_vec() };
    // Each learns on one thread: two at a time.
    let learn =
        |from: &Drawn, steps: u32, seed: u64| Reader::train(|n, stream| pick(from, n, stream), steps, seed, &device);
    let judge = |seed: &u64| learn(&train, JUDGE_STEPS, *seed);
    let (mut judges, last, smile, [of_made, of_real]) = std::thread::scope(|scope| {
        let beside = scope.spawn(|| (judge(&JUDGE_SEEDS[2]), smile::measure(&smile::defaults())));
        let judges: Vec<Reader> = JUDGE_SEEDS[..2].iter().map(judge).collect();
        let others = [learn(&fake, TRAIN_STEPS, SEEDS[0]), learn(&some, TRAIN_STEPS, SEEDS[1])];
        let (last, smile) = beside.join().expect("no panic");
        (judges, last, smile, others)
    });
    judges.push(last);
    let smile = smile?["smile"].clone();
    let judge_accuracy = agreed(&judges, &test, &device);
    println!("judge: {judge_accuracy:.4} of {} real test digits", test.labels.len());
    let gan_test = agreed(&judges, &fake, &device);
    let [gan_train, real_train] = [&of_made, &of_real].map(|reader| reader.accuracy(&test, &device));
    println!("GAN-test {gan_test:.4}, GAN-train {gan_train:.4}, trained on real digits {real_train:.4}");
    let features = |pictures: &Drawn| judges[0].read(&pictures.values, &device).1;
    let reference = features(&test);
    Ok(json!({
        "judge_accuracy": judge_accuracy,
        "gan_test": gan_test,
        "gan_train": gan_train,
        "real_train": real_train,
        "frechet": frechet(&features(&fake), &reference),
        "frechet_real": frechet(&features(&some), &reference),
        "smile": smile,
    }))
}

/// MNIST's pictures and labels.
fn digits(folder: &Path, part: &str) -> Result<Drawn, String> {
    let (pictures, labels) = (unpacked(folder, part, "images-idx3")?, unpacked(folder, part, "labels-idx1")?);
    let found = idx::pictures(&pictures).map_err(|e| e.to_string())?;
    let labels = idx::labels(&labels).map_err(|e| e.to_string())?;
    if (found.width, found.height, found.count) != (SIDE, SIDE, labels.len()) {
        return Err(format!("{}: not MNIST's pictures and labels", folder.display()));
    }
    let values = found.pixels.iter().map(|pixel| *pixel as f32 / 127.5 - 1.0).collect();
    Ok(Drawn { values, labels: labels.iter().map(|label| *label as usize).collect() })
}

/// In the page the browser decompresses; here gzip itself, which spares the trainer a dependency.
fn unpacked(folder: &Path, part: &str, kind: &str) -> Result<Vec<u8>, String> {
    let path = folder.join(format!("{part}-{kind}-ubyte.gz"));
    let done = Command::new("gzip").arg("-dc").arg(&path).output().map_err(|e| format!("gzip: {e}"))?;
    match done.status.success() {
        true => Ok(done.stdout),
        false => Err(format!("{}: {}", path.display(), String::from_utf8_lossy(&done.stderr).trim())),
    }
}
