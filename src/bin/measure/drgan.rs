//! The shipped DR-GAN, judged on the 30 test people of the CFP set: verification by cosines of its features beside HOG and
//! LDA on the same folds, fusion of four photos against one, the yaw of turned faces by a regressor of its own, and how
//! often a recogniser that is not the encoder still knows a turned face.

mod analysis;
mod faces;
mod head;
mod hog;
mod pairs;
mod regressor;
mod turn;

use burn::tensor::{Device, Tensor, TensorData};
use gan_atelier::models::drgan::{Decoder, Encoder};
use gan_atelier::rng::{Purpose, Stream};
use gan_atelier::weights::{Checkpoint, drgan as weights};
use serde_json::{Value, json};

use super::Options;
use analysis::{Discriminants, host};
use faces::{Face, SIDE, TEST_FROM};
use pairs::{FOLDS, Pair, accuracy, area, cosine, pairs, standard_error};
use regressor::Regressor;

/// Faces in one pass of a network.
const BATCH: usize = 30;
/// How many frontal photos of a test person are fused, or stand as the gallery of the recogniser.
const FUSED: usize = 4;
const GALLERY: usize = 5;
/// Yaws at which turned faces are judged, degrees: for the regressor, and with the profiles for the recogniser.
const YAWS: [f64; 9] = [-60.0, -45.0, -30.0, -15.0, 0.0, 15.0, 30.0, 45.0, 60.0];
const PROFILE_YAWS: [f64; 2] = [-80.0, 80.0];
/// What the paper reports with about 10,000 training people, table 3.
const PAPER: [f64; 2] = [0.978, 0.934];

struct Networks {
    encoder: Encoder,
    decoder: Decoder,
    device: Device,
}

pub fn measure(options: &Options) -> Result<Value, String> {
    let device = Device::flex();
    let networks = Networks::load(options, device.clone())?;
    let faces = faces::read(&options.data, turned_yaws)?;
    println!("{} real and {} turned faces", count(&faces, |f| !f.turned), count(&faces, |f| f.turned));
    let people = faces.iter().filter(|face| face.test()).map(|face| face.person - TEST_FROM + 1).max().unwrap_or(0);
    let real: Vec<&Face> = faces.iter().filter(|face| face.test() && !face.turned).collect();
    let signed: Vec<Vec<f32>> = real.iter().map(|face| face.signed()).collect();
    let (features, confidence) = networks.encode(&signed);
    let baseline = recogniser(&faces, |face| !face.turned, &device);
    let hog = baseline.project(described(real.iter().map(|face| face.pixels.as_slice()), &device));
    let verification = verify(&real, &features, &hog, people);
    println!("verification: {verification}");
    let fusion = fusion(&real, &features, &confidence, people);
    println!("fusion: {fusion}");
    let turns = judge_turns(&networks, &faces, &real, &features, people);
    println!("turned: {turns}");
    let mut line = verification;
    for part in [fusion, turns] {
        line.as_object_mut().expect("an object").extend(part.as_object().expect("an object").clone());
    }
    line["paper"] = json!({"ff": PAPER[0], "fp": PAPER[1], "people": 10_575});
    Ok(line)
}

fn count(faces: &[Face], which: impl Fn(&Face) -> bool) -> usize {
    faces.iter().filter(|face| which(face)).count()
}

/// Two turned views of every second frontal photo, to one side up to 50 degrees and to the other from there to 90.
fn turned_yaws(photo: usize) -> Vec<f64> {
    if photo % 2 == 1 {
        return Vec::new();
    }
    let mut stream = Stream::new(5_004, Purpose::Crop, photo as u64);
    let side = if stream.uniform() < 0.5 { -1.0 } else { 1.0 };
    [side * stream.range(0.0, 50.0), -side * stream.range(50.0, 90.0)].map(|yaw| (yaw as f64).to_radians()).to_vec()
}

impl Networks {
    fn load(options: &Options, device: Device) -> Result<Self, String> {
        let read = |name: &str| {
            let path = options.models.join(format!("faces-{name}.safetensors"));
            std::fs::read(&path).map_err(|e| format!("{}: {e}", path.display()))
        };
        let (encoder, decoder) = (read("encoder")?, read("decoder")?);
        let parse = |bytes| Checkpoint::parse(bytes).map_err(|e| e.to_string());
        let encoder = weights::encoder(&parse(&encoder)?, &device).map_err(|e| e.to_string())?;
        let decoder = weights::decoder(&parse(&decoder)?, encoder.features(), &device).map_err(|e| e.to_string())?;
        Ok(Self { encoder, decoder, device })
    }

    /// Features and confidence of pictures in [-1, 1].
    fn encode(&self, pictures: &[Vec<f32>]) -> (Vec<Vec<f32>>, Vec<f32>) {
        let (mut features, mut confidence) = (Vec::new(), Vec::new());
        for part in pictures.chunks(BATCH) {
            let x = TensorData::new(part.concat(), [part.len(), 3, SIDE, SIDE]);
            let (found, sure) = self.encoder.forward(Tensor::from_data(x, &self.device));
            let width = found.dims()[1];
            features.extend(host(found).chunks(width).map(<[f32]>::to_vec));
            confidence.extend(host(sure));
        }
        (features, confidence)
    }

    /// Faces of features at one yaw, without noise: RGB planes in 0..255.
    fn decode(&self, features: &[Vec<f32>], yaw: f64) -> Vec<Vec<f32>> {
        let mut made = Vec::new();
        for part in features.chunks(BATCH) {
            let n = part.len();
            let code = Tensor::from_data(TensorData::new(part.concat(), [n, part[0].len()]), &self.device);
            let yaw = Tensor::full([n, 1], yaw.to_radians() as f32, &self.device);
            let noise = Tensor::zeros([n, self.decoder.noise_dim()], &self.device);
            let pictures = host(self.decoder.forward(code, yaw, noise));
            let bytes = |v: &f32| ((v + 1.0) * 127.5).round().clamp(0.0, 255.0);
            made.extend(pictures.chunks(3 * SIDE * SIDE).map(|p| p.iter().map(bytes).collect::<Vec<f32>>()));
        }
        made
    }
}

fn described<'a>(pictures: impl Iterator<Item = &'a [f32]>, device: &Device) -> Tensor<2> {
    let values: Vec<f32> = pictures.flat_map(hog::describe).collect();
    let n = values.len() / hog::LENGTH;
    Tensor::from_data(TensorData::new(values, [n, hog::LENGTH]), device)
}

/// LDA on HOG of the training people.
fn recogniser(faces: &[Face], which: impl Fn(&Face) -> bool, device: &Device) -> Discriminants {
    let chosen: Vec<&Face> = faces.iter().filter(|face| !face.test() && which(face)).collect();
    let persons: Vec<usize> = chosen.iter().map(|face| face.person - 1).collect();
    Discriminants::learn(described(chosen.iter().map(|face| face.pixels.as_slice()), device), &persons, device)
}

fn verify(real: &[&Face], features: &[Vec<f32>], hog: &[Vec<f32>], people: usize) -> Value {
    let side = |profile: bool| -> Vec<(usize, usize)> {
        let chosen = real.iter().enumerate().filter(|(_, face)| face.profile == profile);
        chosen.map(|(at, face)| (at, face.person - TEST_FROM)).collect()
    };
    let (frontal, profile) = (side(false), side(true));
    let mut found = json!({});
    for (name, sides) in [("ff", [&frontal[..], &frontal]), ("fp", [&frontal[..], &profile])] {
        let pairs = pairs(sides, &|person| person * FOLDS / people, 5_005);
        let scores = |of: &[Vec<f32>]| pairs.iter().map(|p| cosine(&of[p.a], &of[p.b])).collect::<Vec<f64>>();
        let (ours, theirs) = (scores(features), scores(hog));
        let everyone = |_: usize| 1.0;
        found[name] = json!(accuracy(&pairs, &ours, &everyone));
        found[format!("{name}_hog")] = json!(accuracy(&pairs, &theirs, &everyone));
        found[format!("auc_{name}")] = json!(area(&pairs, &ours));
        found[format!("auc_{name}_hog")] = json!(area(&pairs, &theirs));
        found[format!("{name}_se")] = json!(standard_error(people, &|weight| accuracy(&pairs, &ours, &weight)));
        let ahead =
            |weight: &dyn Fn(usize) -> f64| accuracy(&pairs, &ours, &weight) - accuracy(&pairs, &theirs, &weight);
        found[format!("{name}_ahead_se")] = json!(standard_error(people, &ahead));
    }
    found
}

/// A profile photo against a person's frontal ones: one of them, or four fused.
fn fusion(real: &[&Face], features: &[Vec<f32>], confidence: &[f32], people: usize) -> Value {
    let photos = |person: usize, profile: bool| -> Vec<usize> {
        (0..real.len()).filter(|at| real[*at].person - TEST_FROM == person && real[*at].profile == profile).collect()
    };
    // A gallery is a person and a draw of four frontal photos.
    let mut galleries = Vec::new();
    for (person, draw) in (0..people).flat_map(|person| (0..10).map(move |draw| (person, draw))) {
        let mut chosen = photos(person, false);
        let mut stream = Stream::new(5_006, Purpose::Batch, (person * 100 + draw) as u64);
        for at in 0..FUSED {
            let from = at + stream.below(chosen.len() - at);
            chosen.swap(at, from);
        }
        chosen.truncate(FUSED);
        galleries.push((person, chosen));
    }
    let sides: Vec<(usize, usize)> = galleries.iter().enumerate().map(|(at, (person, _))| (at, *person)).collect();
    let probes: Vec<(usize, usize)> =
        (0..people).flat_map(|person| photos(person, true).into_iter().map(move |at| (at, person))).collect();
    let pairs = pairs([&sides, &probes], &|person| person * FOLDS / people, 5_007);
    let weighted = |chosen: &[usize]| -> Vec<f32> {
        let total: f32 = chosen.iter().map(|at| confidence[*at]).sum();
        let feature = |i: usize| chosen.iter().map(|at| confidence[*at] * features[*at][i]).sum::<f32>() / total;
        (0..features[0].len()).map(feature).collect()
    };
    let fused: Vec<Vec<f32>> = galleries.iter().map(|(_, chosen)| weighted(chosen)).collect();
    let single = |p: &Pair| cosine(&features[galleries[p.a].1[0]], &features[p.b]);
    let four = |p: &Pair| cosine(&fused[p.a], &features[p.b]);
    let (single, four): (Vec<f64>, Vec<f64>) = (pairs.iter().map(single).collect(), pairs.iter().map(four).collect());
    let ahead = |weight: &dyn Fn(usize) -> f64| accuracy(&pairs, &four, &weight) - accuracy(&pairs, &single, &weight);
    json!({
        "single": accuracy(&pairs, &single, &|_| 1.0),
        "fused4": accuracy(&pairs, &four, &|_| 1.0),
        "fused_ahead_se": standard_error(people, &ahead),
        "auc_single": area(&pairs, &single),
        "auc_fused4": area(&pairs, &four),
    })
}

/// Yaw and identity of the faces that the decoder makes of the test people's frontal photos.
fn judge_turns(networks: &Networks, faces: &[Face], real: &[&Face], features: &[Vec<f32>], people: usize) -> Value {
    let device = &networks.device;
    let train: Vec<&Face> = faces.iter().filter(|face| !face.test()).collect();
    let regressor = Regressor::train(&train, 5_008, device);
    let errors = |pictures: &[Vec<f32>], yaws: &[f64]| -> f64 {
        let found: Vec<f64> = pictures.chunks(BATCH).flat_map(|part| regressor.look(part, device)).collect();
        found.iter().zip(yaws).map(|(a, b)| (a - b).abs().to_degrees()).sum::<f64>() / yaws.len() as f64
    };
    let own: Vec<&Face> =
        faces.iter().filter(|face| face.test() && face.turned && face.yaw.abs() <= 60f64.to_radians()).collect();
    let own_error = errors(
        &own.iter().map(|f| f.pixels.clone()).collect::<Vec<_>>(),
        &own.iter().map(|f| f.yaw).collect::<Vec<_>>(),
    );
    let recogniser = recogniser(faces, |_| true, device);
    let known = |pictures: &[Vec<f32>]| recogniser.project(described(pictures.iter().map(Vec::as_slice), device));
    // The gallery is the first frontal photos, the turned faces come from the others.
    let mut seen = vec![0; people];
    let (mut gallery, mut sources, mut profiles) = (vec![Vec::new(); people], Vec::new(), Vec::new());
    for (at, face) in real.iter().enumerate() {
        let person = face.person - TEST_FROM;
        match (face.profile, seen[person]) {
            (true, _) => profiles.push(at),
            (false, 0..GALLERY) => gallery[person].push(face.pixels.clone()),
            _ => sources.push(at),
        }
        seen[person] += usize::from(!face.profile);
    }
    let gallery: Vec<Vec<f32>> = gallery.iter().map(|photos| mean(&known(photos))).collect();
    let rank_1 = |pictures: &[Vec<f32>], persons: &[usize]| {
        let right =
            known(pictures).iter().zip(persons).filter(|(code, person)| nearest(code, &gallery) == **person).count();
        right as f64 / persons.len() as f64
    };
    let person = |at: &usize| real[*at].person - TEST_FROM;
    let pixels = |chosen: &[usize]| chosen.iter().map(|at| real[*at].pixels.clone()).collect::<Vec<_>>();
    let persons: Vec<usize> = sources.iter().map(person).collect();
    let codes: Vec<Vec<f32>> = sources.iter().map(|at| features[*at].clone()).collect();
    let (mut error, mut identity) = (0.0, Vec::new());
    for yaw in YAWS.iter().chain(&PROFILE_YAWS) {
        let made = networks.decode(&codes, *yaw);
        let away = errors(&made, &vec![yaw.to_radians(); made.len()]);
        let kept = rank_1(&made, &persons);
        println!("yaw {yaw}: off by {away:.1} degrees, rank-1 {kept:.3}");
        if YAWS.contains(yaw) {
            error += away / YAWS.len() as f64;
        }
        identity.push(kept);
    }
    let profile_persons: Vec<usize> = profiles.iter().map(person).collect();
    json!({
        "yaw_error_deg": error,
        "regressor_error_deg": own_error,
        "identity": identity.iter().sum::<f64>() / identity.len() as f64,
        "identity_real_profiles": rank_1(&pixels(&profiles), &profile_persons),
        "identity_real_frontals": rank_1(&pixels(&sources), &persons),
        "identity_chance": 1.0 / people as f64,
    })
}

fn mean(rows: &[Vec<f32>]) -> Vec<f32> {
    let unit = |row: &Vec<f32>| row.iter().map(|v| v * v).sum::<f32>().sqrt().max(1e-12);
    (0..rows[0].len()).map(|at| rows.iter().map(|row| row[at] / unit(row)).sum::<f32>()).collect()
}

fn nearest(code: &[f32], gallery: &[Vec<f32>]) -> usize {
    let score = |at: &usize| cosine(code, &gallery[*at]);
    (0..gallery.len()).max_by(|a, b| score(a).total_cmp(&score(b))).expect("a gallery")
}
