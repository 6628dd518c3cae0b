//! The shipped painters, judged: are their pictures taken for the painter's, how close are they to real paintings, how
//! much of the photo stays, and does the way back work. On the test folders, which no training saw.

use burn::tensor::{Device, Tensor, TensorData};
use gan_atelier::data::folders::{self, Picture};
use gan_atelier::models::cyclegan::ResnetGenerator;
use gan_atelier::weights::{Checkpoint, cyclegan};
use serde_json::{Map, Value, json};
use std::path::Path;

use super::Options;
use super::judge::{Bench, kernel_distance};

/// Id of the shipped pair, its folder of data (A: paintings, B: photos), and its class.
const PAINTERS: [(&str, &str, usize); 2] = [("monet", "monet2photo", 1), ("vangogh", "vangogh2photo", 2)];
const PHOTO: usize = 0;

/// Rows of a sheet: photo, painting, back.
const SHEET_ROWS: usize = 20;

struct Painter {
    id: &'static str,
    class: usize,
    generator_ab: ResnetGenerator,
    generator_ba: ResnetGenerator,
    train: [Vec<Picture>; 2],
    test: [Vec<Picture>; 2],
}

pub fn measure(options: &Options) -> Result<Value, String> {
    let device = Device::flex();
    let load = |(id, folder, class)| Painter::load(id, class, &options.data.join(folder), &options.models, &device);
    let painters = PAINTERS.map(load);
    let [monet, vangogh] = painters;
    let painters = [monet?, vangogh?];
    let all = |pick: fn(&Painter) -> &[Vec<Picture>; 2]| {
        let [first, second] = painters.each_ref().map(pick);
        [[first[1].clone(), second[1].clone()].concat(), first[0].clone(), second[0].clone()]
    };
    let judge = Bench::train(all(|painter| &painter.train).each_ref().map(Vec::as_slice), &device);
    let [accuracy, balanced] = accuracy(&judge, &all(|painter| &painter.test), &device);
    println!("judge: {accuracy:.3} of the real test pictures right; each class weighing the same, {balanced:.3}");
    let mut line = Map::from_iter([
        ("judge_accuracy".to_string(), json!(accuracy)),
        ("judge_balanced_accuracy".to_string(), json!(balanced)),
    ]);
    for painter in &painters {
        let figures = painter.figures(&judge, &device);
        println!("{}: {figures}", painter.id);
        line.insert(painter.id.into(), figures);
        if let Some(sheet) = &options.sheet {
            painter.sheet(&sheet.with_file_name(format!("{}-{}.png", stem(sheet), painter.id)), &device)?;
        }
    }
    Ok(Value::Object(line))
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

/// The share of right answers: of all pictures, and with each class weighing the same. Prints the count of each.
fn accuracy(judge: &Bench, classes: &[Vec<Picture>; 3], device: &Device) -> [f64; 2] {
    let rights = [0, 1, 2].map(|class| {
        let pictures: &Vec<Picture> = &classes[class];
        let right = pictures.iter().filter(|picture| judge.look(upload(picture, device)).0 == class).count();
        println!("judge, class {class}: {right} of {} right", pictures.len());
        right as f64
    });
    let counts = classes.each_ref().map(|pictures| pictures.len() as f64);
    let balanced = rights.iter().zip(&counts).map(|(right, count)| right / count).sum::<f64>() / classes.len() as f64;
    [rights.iter().sum::<f64>() / counts.iter().sum::<f64>(), balanced]
}

impl Painter {
    fn load(id: &'static str, class: usize, data: &Path, models: &Path, device: &Device) -> Result<Self, String> {
        let read = |name: &str| folders::read(&data.join(name)).map_err(|e| e.to_string());
        let generator = |direction: &str| {
            let path = models.join(format!("{id}-{direction}.safetensors"));
            let bytes = std::fs::read(&path).map_err(|e| format!("{}: {e}", path.display()))?;
            let checkpoint = Checkpoint::parse(&bytes).map_err(|e| e.to_string())?;
            cyclegan::generator(&checkpoint, device).map_err(|e| e.to_string())
        };
        Ok(Self {
            id,
            class,
            generator_ab: generator("ab")?,
            generator_ba: generator("ba")?,
            train: [read("trainA")?, read("trainB")?],
            test: [read("testA")?, read("testB")?],
        })
    }

    fn figures(&self, judge: &Bench, device: &Device) -> Value {
        let [paintings, photos] = &self.test;
        let looks = |pictures: &[Picture]| pictures.iter().map(|p| judge.look(upload(p, device))).unzip();
        let (_, reference): (Vec<usize>, Vec<Vec<f32>>) = looks(&self.train[0]);
        let (_, real): (Vec<usize>, Vec<Vec<f32>>) = looks(paintings);
        let (untouched, photo_features): (Vec<usize>, Vec<Vec<f32>>) = looks(photos);
        let (mut called, mut features, mut edges, mut cycle) = (Vec::new(), Vec::new(), 0.0, 0.0);
        for photo in photos {
            let photo = upload(photo, device);
            let painting = eight_bit(self.generator_ab.forward(photo.clone()));
            let (class, feature) = judge.look(painting.clone());
            called.push(class);
            features.push(feature);
            edges += edge_correlation(&photo, &painting) / photos.len() as f64;
            cycle += distance(eight_bit(self.generator_ba.forward(painting)), photo) / photos.len() as f64;
        }
        let back = paintings.iter().map(|p| judge.look(eight_bit(self.generator_ba.forward(upload(p, device)))).0);
        let share = |answers: &[usize], class: usize| {
            answers.iter().filter(|answer| **answer == class).count() as f64 / answers.len() as f64
        };
        json!({
            "called": share(&called, self.class),
            "untouched": share(&untouched, self.class),
            "wrong_painter": share(&called, 3 - self.class),
            "kid": kernel_distance(&features, &reference),
            "kid_untouched": kernel_distance(&photo_features, &reference),
            "kid_floor": kernel_distance(&real, &reference),
            "edge": edges,
            "cycle_l1": cycle,
            "back_called_photo": share(&back.collect::<Vec<_>>(), PHOTO),
        })
    }

    fn sheet(&self, path: &Path, device: &Device) -> Result<(), String> {
        let [paintings, photos] = &self.test;
        let rows = photos.iter().zip(paintings.iter().cycle()).take(SHEET_ROWS).map(|(photo, painting)| {
            let (photo, real) = (upload(photo, device), upload(painting, device));
            let painted = self.generator_ab.forward(photo.clone());
            let back = self.generator_ba.forward(painted.clone());
            let from_real = self.generator_ba.forward(real.clone());
            [photo, painted, back, real, from_real]
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
