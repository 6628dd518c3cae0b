//! The shipped pairs, judged: are their pictures taken for the other domain's, how close are they to real ones, how much of the
//! picture stays, and does the way back work. On the test folders, which no training saw.

use burn::tensor::{Device, Tensor, TensorData};
use gan_atelier::data::folders::{self, Picture};
use gan_atelier::models::cyclegan::ResnetGenerator;
use gan_atelier::weights::{Checkpoint, cyclegan};
use serde_json::{Map, Value, json};
use std::path::Path;

use super::Options;
use super::judge::{Bench, CLASSES, kernel_distance};

/// What the judge tells apart.
const PHOTO: usize = 0;
const MONET: usize = 1;
const VANGOGH: usize = 2;
const HORSE: usize = 3;
const ZEBRA: usize = 4;

/// A pair, its folder of data, and what its domains are.
struct Kind {
    id: &'static str,
    folder: &'static str,
    /// Whether domain a is the folder's B.
    swapped: bool,
    classes: [usize; 2],
}

const KINDS: [Kind; 3] = [
    Kind { id: "monet", folder: "monet2photo", swapped: true, classes: [PHOTO, MONET] },
    Kind { id: "vangogh", folder: "vangogh2photo", swapped: true, classes: [PHOTO, VANGOGH] },
    Kind { id: "horse2zebra", folder: "horse2zebra", swapped: false, classes: [HORSE, ZEBRA] },
];

/// More photos, for the judge alone.
const LANDSCAPES: &str = "landscapes/train";

/// Rows of a sheet: a picture of a, its translation, back.
const SHEET_ROWS: usize = 20;

/// Pictures of a pair's domains, a first.
struct Data {
    train: [Vec<Picture>; 2],
    test: [Vec<Picture>; 2],
}

struct Pair {
    kind: &'static Kind,
    generators: [ResnetGenerator; 2],
}

pub fn measure(options: &Options) -> Result<Value, String> {
    let device = Device::flex();
    let read = |folder: &Path| folders::read(folder).map_err(|e| e.to_string());
    let data = KINDS.iter().map(|kind| Data::read(kind, &options.data)).collect::<Result<Vec<_>, _>>()?;
    let gathered = |pick: fn(&Data) -> &[Vec<Picture>; 2]| {
        let mut classes: [Vec<Picture>; CLASSES] = Default::default();
        for (kind, data) in KINDS.iter().zip(&data) {
            for (class, pictures) in kind.classes.iter().zip(pick(data)) {
                classes[*class].extend_from_slice(pictures);
            }
        }
        classes
    };
    let mut train = gathered(|data| &data.train);
    train[PHOTO].extend(read(&options.data.join(LANDSCAPES))?);
    let judge = Bench::train(train.each_ref().map(Vec::as_slice), &device);
    let [accuracy, balanced] = accuracy(&judge, &gathered(|data| &data.test), &device);
    println!("judge: {accuracy:.3} of the real test pictures right; each class weighing the same, {balanced:.3}");
    let mut line = Map::from_iter([
        ("judge_accuracy".to_string(), json!(accuracy)),
        ("judge_balanced_accuracy".to_string(), json!(balanced)),
    ]);
    for (kind, data) in KINDS.iter().zip(&data) {
        let Some(pair) = Pair::load(kind, &options.models, &device)? else {
            println!("{}: not shipped", kind.id);
            continue;
        };
        let figures = pair.figures(&judge, data, &train, &device);
        println!("{}: {figures}", kind.id);
        line.insert(kind.id.into(), figures);
        if let Some(sheet) = &options.sheet {
            pair.sheet(&sheet.with_file_name(format!("{}-{}.png", stem(sheet), kind.id)), data, &device)?;
        }
    }
    Ok(Value::Object(line))
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

/// The share of right answers: of all pictures, and with each class weighing the same. Prints the count of each.
fn accuracy(judge: &Bench, classes: &[Vec<Picture>; CLASSES], device: &Device) -> [f64; 2] {
    let rights: Vec<f64> = classes
        .iter()
        .enumerate()
        .map(|(class, pictures)| {
            let right = pictures.iter().filter(|picture| judge.look(upload(picture, device)).0 == class).count();
            println!("judge, class {class}: {right} of {} right", pictures.len());
            right as f64
        })
        .collect();
    let counts = classes.each_ref().map(|pictures| pictures.len() as f64);
    let balanced = rights.iter().zip(&counts).map(|(right, count)| right / count).sum::<f64>() / classes.len() as f64;
    [rights.iter().sum::<f64>() / counts.iter().sum::<f64>(), balanced]
}

impl Data {
    fn read(kind: &Kind, data: &Path) -> Result<Self, String> {
        let folder = data.join(kind.folder);
        let read = |part: &str| {
            let letters = if kind.swapped { ["B", "A"] } else { ["A", "B"] };
            let [a, b] = letters.map(|letter| folders::read(&folder.join(format!("{part}{letter}"))));
            Ok::<_, String>([a.map_err(|e| e.to_string())?, b.map_err(|e| e.to_string())?])
        };
        Ok(Self { train: read("train")?, test: read("test")? })
    }
}

impl Pair {
    /// None where the pair is not shipped.
    fn load(kind: &'static Kind, models: &Path, device: &Device) -> Result<Option<Self>, String> {
        let generator = |direction: &str| {
            let path = models.join(format!("{}-{direction}.safetensors", kind.id));
            let bytes = std::fs::read(&path).map_err(|e| format!("{}: {e}", path.display()))?;
            let checkpoint = Checkpoint::parse(&bytes).map_err(|e| e.to_string())?;
            cyclegan::generator(&checkpoint, device).map_err(|e| e.to_string())
        };
        if !models.join(format!("{}-ab.safetensors", kind.id)).exists() {
            return Ok(None);
        }
        Ok(Some(Self { kind, generators: [generator("ab")?, generator("ba")?] }))
    }

    /// Of the direction from a to b; and whether b's pictures are taken for a's after the way back.
    fn figures(&self, judge: &Bench, data: &Data, train: &[Vec<Picture>; CLASSES], device: &Device) -> Value {
        let [sources, targets] = &data.test;
        let [class_a, class_b] = self.kind.classes;
        let [ab, ba] = &self.generators;
        let looks = |pictures: &[Picture]| pictures.iter().map(|p| judge.look(upload(p, device))).unzip();
        let (_, reference): (Vec<usize>, Vec<Vec<f32>>) = looks(&train[class_b]);
        let (_, real): (Vec<usize>, Vec<Vec<f32>>) = looks(targets);
        let (untouched, source_features): (Vec<usize>, Vec<Vec<f32>>) = looks(sources);
        let (mut called, mut features, mut edges, mut cycle) = (Vec::new(), Vec::new(), 0.0, 0.0);
        for source in sources {
            let source = upload(source, device);
            let made = eight_bit(ab.forward(source.clone()));
            let (class, feature) = judge.look(made.clone());
            called.push(class);
            features.push(feature);
            edges += edge_correlation(&source, &made) / sources.len() as f64;
            cycle += distance(eight_bit(ba.forward(made)), source) / sources.len() as f64;
        }
        let back = targets.iter().map(|p| judge.look(eight_bit(ba.forward(upload(p, device)))).0).collect::<Vec<_>>();
        let share = |answers: &[usize], class: usize| {
            answers.iter().filter(|answer| **answer == class).count() as f64 / answers.len() as f64
        };
        let other_painter = [MONET, VANGOGH].into_iter().find(|painter| *painter != class_b);
        json!({
            "called": share(&called, class_b),
            "untouched": share(&untouched, class_b),
            "wrong_painter": other_painter.filter(|_| class_a == PHOTO).map(|class| share(&called, class)),
            "kid": kernel_distance(&features, &reference),
            "kid_untouched": kernel_distance(&source_features, &reference),
            "kid_floor": kernel_distance(&real, &reference),
            "edge": edges,
            "cycle_l1": cycle,
            "back_called": share(&back, class_a),
        })
    }

    fn sheet(&self, path: &Path, data: &Data, device: &Device) -> Result<(), String> {
        let ([sources, targets], [ab, ba]) = (&data.test, &self.generators);
        let rows = sources.iter().zip(targets.iter().cycle()).take(SHEET_ROWS).map(|(source, target)| {
            let (source, target) = (upload(source, device), upload(target, device));
            let made = ab.forward(source.clone());
            let (back, from_target) = (ba.forward(made.clone()), ba.forward(target.clone()));
            [source, made, back, target, from_target]
        });
        let pictures: Vec<[Tensor<4>; 5]> = rows.collect();
        let mut sheet = image::RgbImage::new(5 * 256, (pictures.len() * 256) as u32);
        for (row, tensors) in pictures.into_iter().enumerate() {
            for (column, tensor) in tensors.into_iter().enumerate() {
                let [_, _, h, w] = tensor.dims();
                let values = host(tensor);
                for (y, x) in (0..h.min(256)).flat_map(|y| (0..w.min(256)).map(move |x| (y, x))) {
                    let pixel = [0, 1, 2].map(|channel| byte(values[channel * h * w + y * w + x]) as u8);
                    sheet.put_pixel((column * 256 + x) as u32, (row * 256 + y) as u32, image::Rgb(pixel));
                }
            }
        }
        sheet.save(path).map_err(|e| e.to_string())
    }
}

/// # Shapes
/// `[1, 3, h, w]` in [-1, 1], cut to multiples of 4
fn upload(picture: &Picture, device: &Device) -> Tensor<4> {
    let (w, h) = (picture.width / 4 * 4, picture.height / 4 * 4);
    let mut values = vec![0.0; 3 * w * h];
    for (channel, y, x) in (0..3).flat_map(|c| (0..h).flat_map(move |y| (0..w).map(move |x| (c, y, x)))) {
        values[(channel * h + y) * w + x] = picture.rgb[3 * (y * picture.width + x) + channel] as f32 / 127.5 - 1.0;
    }
    Tensor::from_data(TensorData::new(values, [1, 3, h, w]), device)
}

fn host(tensor: Tensor<4>) -> Vec<f32> {
    tensor.into_data().try_to_vec().expect("f32")
}

fn byte(value: f32) -> f32 {
    ((value + 1.0) * 127.5).round().clamp(0.0, 255.0)
}

/// As a picture file keeps it: a message hidden below the last bit is lost (Chu et al. 2017, "CycleGAN, a master of steganography").
fn eight_bit(x: Tensor<4>) -> Tensor<4> {
    x.add_scalar(1.0).mul_scalar(127.5).round().div_scalar(127.5).sub_scalar(1.0)
}

fn distance(a: Tensor<4>, b: Tensor<4>) -> f64 {
    (a - b).abs().mean().into_data().iter::<f64>().next().expect("one number")
}

/// Pearson's correlation of the edges' strengths (Sobel, on the mean of the channels) of two pictures.
fn edge_correlation(a: &Tensor<4>, b: &Tensor<4>) -> f64 {
    let [a, b] = [a, b].map(|x| {
        let [_, _, h, w] = x.dims();
        let values = host(x.clone());
        let grey: Vec<f32> = (0..h * w).map(|at| (0..3).map(|c| values[c * h * w + at]).sum::<f32>() / 3.0).collect();
        sobel(&grey, w)
    });
    let n = a.len() as f64;
    let (mean_a, mean_b) = (a.iter().sum::<f64>() / n, b.iter().sum::<f64>() / n);
    let sum = |f: &dyn Fn(f64, f64) -> f64| a.iter().zip(&b).map(|(x, y)| f(x - mean_a, y - mean_b)).sum::<f64>();
    sum(&|x, y| x * y) / (sum(&|x, _| x * x) * sum(&|_, y| y * y)).sqrt().max(1e-12)
}

/// Edge strength of the inner pixels.
fn sobel(grey: &[f32], width: usize) -> Vec<f64> {
    let height = grey.len() / width;
    let at = |y: usize, x: usize| grey[y * width + x] as f64;
    let strength = |y: usize, x: usize| {
        let column = |x: usize| at(y - 1, x) + 2.0 * at(y, x) + at(y + 1, x);
        let row = |y: usize| at(y, x - 1) + 2.0 * at(y, x) + at(y, x + 1);
        (column(x + 1) - column(x - 1)).hypot(row(y + 1) - row(y - 1))
    };
    (1..height - 1).flat_map(|y| (1..width - 1).map(move |x| (y, x))).map(|(y, x)| strength(y, x)).collect()
}
