//! The smile experiment on our own faces, after the vector arithmetic on faces of Radford et al. (2015, section 6.3.2): which way through
//! the latent space a smile lies, found from what the generator makes, and carried to every person. How much somebody smiles is
//! read by a regression on drawn faces, whose smile is known.

use burn::tensor::Transaction;

use super::inspect::Smile;
use super::pictures::PicturesSession;
use super::read;
use crate::data::faces::{Person, picture};
use crate::data::pictures::{PEOPLE, PictureDataset, glance};
use crate::error::{Error, Result};
use crate::rng::{Purpose, Stream};

/// Drawn pictures of each person to learn reading from, and to test it on.
const LEARNED: usize = 36;
const TESTED: usize = 8;
/// Made pictures that are read to find the direction, in portions: a tab has little memory.
const ASKED: usize = 1_600;
const PORTION: usize = 160;
/// How far the move goes to either side: deviations of the standard normal along the direction.
const REACH: f32 = 3.5;
/// Halfway between the sullenest and the merriest that is drawn: above it somebody smiles.
const SMILES: f32 = 0.25;
/// Of the ridge regression, as a share of the kernel's mean diagonal.
const RIDGE: f64 = 0.003;
/// Of the kernel.
const DEGREE: i32 = 2;

impl PicturesSession {
    pub async fn smile(&self, seed: u32) -> Result<Smile> {
        if self.config.dataset != PictureDataset::Faces || self.model.classes() == 0 {
            let reason = "it is for an AC-GAN on the drawn faces";
            return Err(Error::Unsupported { what: "this view".into(), reason: reason.into() });
        }
        let side = self.pictures.side;
        let (reader, explained) = Reader::learn(side, seed);
        let dimension = self.config.latent_dim;
        let latents = Stream::new(seed as u64, Purpose::Sample, 2).normals(ASKED * dimension);
        let labels: Vec<usize> = (0..ASKED).map(|at| at % PEOPLE).collect();
        let mut smiles = Vec::with_capacity(ASKED);
        for (latents, labels) in latents.chunks(PORTION * dimension).zip(labels.chunks(PORTION)) {
            smiles.extend(self.read_smiles(&reader, latents.to_vec(), labels).await?);
        }
        let direction = direction(&latents, &smiles, &labels, dimension);
        let mut latent = Stream::new(seed as u64, Purpose::Sample, 3).normals(dimension);
        let along: f32 = latent.iter().zip(&direction).map(|(z, d)| z * d).sum();
        latent.iter_mut().zip(&direction).for_each(|(z, d)| *z -= along * d);
        let moved = |reach: f32| latent.iter().zip(&direction).map(move |(z, d)| z + reach * d);
        let ends = (0..PEOPLE).flat_map(|_| moved(-REACH).chain(moved(REACH)).collect::<Vec<_>>()).collect();
        let people: Vec<usize> = (0..2 * PEOPLE).map(|at| at / 2).collect();
        let people = self.read_smiles(&reader, ends, &people).await?.as_chunks::<2>().0.to_vec();
        Ok(Smile { direction, latent, reach: REACH, people, threshold: SMILES, explained })
    }

    async fn read_smiles(&self, reader: &Reader, latents: Vec<f32>, labels: &[usize]) -> Result<Vec<f32>> {
        let made = self.model.make(latents, labels);
        let values = read(Transaction::default().register(made)).await?.pop().unwrap_or_default();
        Ok(values
            .chunks(self.pictures.numbers())
            .zip(labels)
            .map(|(values, person)| reader.read(values, *person))
            .collect())
    }
}

/// The least-squares slope of the smile over the latents, once it is known who each is: people differ in how much they smile on the whole.
fn direction(latents: &[f32], smiles: &[f32], people: &[usize], dimension: usize) -> Vec<f32> {
    let mut sums = [(0.0, 0); PEOPLE];
    for (smile, person) in smiles.iter().zip(people) {
        sums[*person] = (sums[*person].0 + smile, sums[*person].1 + 1);
    }
    let more = |smile: f32, person: usize| smile - sums[person].0 / sums[person].1 as f32;
    let more: Vec<f32> = smiles.iter().zip(people).map(|(smile, person)| more(*smile, *person)).collect();
    let along = |at: usize, of: &dyn Fn(usize, &[f32]) -> f32| -> f64 {
        latents.chunks(dimension).enumerate().map(|(row, latent)| (latent[at] * of(row, latent)) as f64).sum()
    };
    let together = |i: usize, j: usize| along(i, &|_, latent| latent[j]);
    let with_smiles = (0..dimension).map(|at| along(at, &|row, _| more[row])).collect();
    let slope = ridge(dimension, together, with_smiles);
    let length = slope.iter().map(|d| d * d).sum::<f64>().sqrt().max(f64::MIN_POSITIVE);
    slope.iter().map(|d| (d / length) as f32).collect()
}

/// Reads a smile from the lower middle of a face, by what a picture has more than its person's mean picture: kernel ridge regression
/// with a polynomial kernel, since a mouth moves and does not only change its colour.
struct Reader {
    side: usize,
    /// Of each person: the mean features, the mean smile.
    means: Vec<(Vec<f32>, f32)>,
    learned: Vec<Vec<f32>>,
    alphas: Vec<f64>,
    /// The mean squared length of what is learned from.
    scale: f32,
}

impl Reader {
    /// The reader, and how much of the variance of other drawn smiles it explains.
    fn learn(side: usize, seed: u32) -> (Self, f32) {
        let draw = |count: usize, step: u64| -> Vec<(usize, Vec<f32>, f32)> {
            let mut stream = Stream::new(seed as u64, Purpose::Person, step);
            let mut one = |at: usize| {
                let view = glance(&mut stream);
                let face = picture(&Person::numbered((at % PEOPLE) as u32), &view, side);
                (at % PEOPLE, features(&face, side), view.smile)
            };
            (0..count * PEOPLE).map(&mut one).collect()
        };
        let mut faces = draw(LEARNED, 2);
        // A mirrored face smiles as much: twice as many to learn from, for nothing.
        let mirrored: Vec<_> =
            faces.iter().map(|(person, values, smile)| (*person, mirror(values, side), *smile)).collect();
        faces.extend(mirrored);
        let means = (0..PEOPLE).map(|person| mean(&faces, person)).collect();
        let mut reader = Self { side, means, learned: Vec::new(), alphas: Vec::new(), scale: 1.0 };
        reader.learned = faces.iter().map(|(person, values, _)| reader.centre(values, *person)).collect();
        reader.scale = reader.learned.iter().map(|values| dot(values, values)).sum::<f32>() / faces.len() as f32;
        let smiles = faces.iter().map(|(person, _, smile)| (smile - reader.means[*person].1) as f64).collect();
        let kernel = |i: usize, j: usize| reader.kernel(&reader.learned[i], &reader.learned[j]);
        reader.alphas = ridge(faces.len(), kernel, smiles);
        let tested = draw(TESTED, 3);
        let all = tested.iter().map(|(_, _, smile)| smile).sum::<f32>() / tested.len() as f32;
        let (mut missed, mut varied) = (0.0, 0.0);
        for (person, values, smile) in &tested {
            missed += (reader.judge(values, *person) - smile).powi(2);
            varied += (smile - all).powi(2);
        }
        (reader, 1.0 - missed / varied)
    }

    /// `values`: a picture, channel after channel.
    fn read(&self, values: &[f32], person: usize) -> f32 {
        self.judge(&features(values, self.side), person)
    }

    fn judge(&self, features: &[f32], person: usize) -> f32 {
        let more = self.centre(features, person);
        let told = self.learned.iter().zip(&self.alphas).map(|(learned, alpha)| alpha * self.kernel(learned, &more));
        self.means[person].1 + told.sum::<f64>() as f32
    }

    fn kernel(&self, one: &[f32], other: &[f32]) -> f64 {
        (1.0 + dot(one, other) as f64 / self.scale as f64).powi(DEGREE)
    }

    fn centre(&self, features: &[f32], person: usize) -> Vec<f32> {
        features.iter().zip(&self.means[person].0).map(|(value, mean)| value - mean).collect()
    }
}

fn mean(faces: &[(usize, Vec<f32>, f32)], person: usize) -> (Vec<f32>, f32) {
    let of: Vec<_> = faces.iter().filter(|(who, ..)| *who == person).collect();
    let n = of.len() as f32;
    let mut mean = vec![0.0; of[0].1.len()];
    of.iter().for_each(|(_, values, _)| mean.iter_mut().zip(values).for_each(|(m, v)| *m += v / n));
    (mean, of.iter().map(|(_, _, smile)| smile).sum::<f32>() / n)
}

/// The part of a face where a smile is, at most 32 pixels to the picture's side.
fn features(values: &[f32], side: usize) -> Vec<f32> {
    let step = (side / 32).max(1);
    let (rows, columns) = (side * 9 / 20..side * 4 / 5, side / 4..side * 3 / 4);
    let mut features = Vec::new();
    for plane in values.chunks(side * side) {
        for row in rows.clone().step_by(step) {
            for column in columns.clone().step_by(step) {
                let block =
                    (0..step * step).map(|at| plane[(row + at / step).min(side - 1) * side + column + at % step]);
                features.push(block.sum::<f32>() / (step * step) as f32);
            }
        }
    }
    features
}

/// The features of the mirrored picture.
fn mirror(features: &[f32], side: usize) -> Vec<f32> {
    let columns = (side / 4..side * 3 / 4).step_by((side / 32).max(1)).count();
    features.chunks(columns).flat_map(|row| row.iter().rev().copied()).collect()
}

fn dot(one: &[f32], other: &[f32]) -> f32 {
    one.iter().zip(other).map(|(a, b)| a * b).sum()
}

/// The dual weights of a ridge regression: `(K + r I) a = y`, by Cholesky's decomposition.
fn ridge(n: usize, kernel: impl Fn(usize, usize) -> f64, mut y: Vec<f64>) -> Vec<f64> {
    let mut l = vec![0.0f64; n * n];
    for i in 0..n {
        for j in 0..=i {
            l[i * n + j] = kernel(i, j);
        }
    }
    let strength = RIDGE * (0..n).map(|i| l[i * n + i]).sum::<f64>() / n as f64;
    for i in 0..n {
        l[i * n + i] += strength.max(1e-9);
        for j in 0..=i {
            let (above, of_i) = l.split_at(i * n);
            let of_j = if j < i { &above[j * n..] } else { of_i };
            let rest = of_i[j] - (0..j).map(|k| of_i[k] * of_j[k]).sum::<f64>();
            l[i * n + j] = if i == j { rest.max(1e-12).sqrt() } else { rest / l[j * n + j] };
        }
    }
    for i in 0..n {
        y[i] = (y[i] - (0..i).map(|k| l[i * n + k] * y[k]).sum::<f64>()) / l[i * n + i];
    }
    for i in (0..n).rev() {
        y[i] = (y[i] - (i + 1..n).map(|k| l[k * n + i] * y[k]).sum::<f64>()) / l[i * n + i];
    }
    y
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ridge_of_almost_nothing_solves_its_equations() {
        let rows = [vec![1.0, 0.0, 2.0], vec![0.0, 3.0, 1.0], vec![1.0, 1.0, 0.0]];
        let alphas = ridge(3, |i, j| dot(&rows[i], &rows[j]) as f64, vec![1.0, 2.0, 3.0]);
        let weights: Vec<f64> = (0..3).map(|c| (0..3).map(|r| alphas[r] * rows[r][c] as f64).sum()).collect();
        for (row, wished) in rows.iter().zip([1.0, 2.0, 3.0]) {
            let read: f64 = row.iter().zip(&weights).map(|(v, w)| *v as f64 * w).sum();
            assert!((read - wished).abs() < 0.2, "{read}, not {wished}");
        }
    }

    #[test]
    fn a_drawn_smile_is_read() {
        let (_, explained) = Reader::learn(32, 5);
        assert!(explained > 0.85, "{explained}");
    }

    #[test]
    fn the_direction_is_that_of_the_numbers_that_smile() {
        let latents = Stream::new(1, Purpose::Sample, 0).normals(400 * 6);
        let whose = |at: usize| (at % PEOPLE) as f32;
        let smiles: Vec<f32> =
            latents.chunks(6).enumerate().map(|(at, z)| 0.3 * z[2] - 0.4 * z[4] + whose(at)).collect();
        let people: Vec<usize> = (0..400).map(|at| at % PEOPLE).collect();
        let found = direction(&latents, &smiles, &people, 6);
        assert!((found[2] - 0.6).abs() < 0.01 && (found[4] + 0.8).abs() < 0.01, "{found:?}");
    }
}
