//! The shipped DR-GAN at work: faces found in a photo, encoded, fused, turned and blended.

use burn::tensor::{Device, Tensor, TensorData, Transaction};
use serde::Serialize;

mod finding;
mod person;

use super::read;
use crate::error::{Error, Result};
use crate::image::crop::Crop;
use crate::image::{self, Size};
use crate::models::drgan::{Decoder, Discriminator, Encoder, Finder, Sighting};
use crate::rng::{Purpose, Stream};
use crate::weights::Checkpoint;
use crate::weights::drgan::{self, SIDE};
use person::MAX_PICTURES;
pub use person::Person;

/// More faces than this in one photo are not looked at.
const MAX_FACES: usize = 64;

/// A face in a photo: the square that the networks see, and how it looks.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Found {
    #[serde(flatten)]
    pub crop: Crop,
    /// Degrees, positive where the nose points to the picture's right.
    pub yaw: f32,
    /// How sure the finder is, 0.47 to 1.
    pub score: f32,
}

/// What the discriminator says of one face.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Verdict {
    /// Probability.
    pub real: f32,
    /// Degrees.
    pub yaw: f32,
    /// Cosine with each of the people it learned from.
    pub identity: Vec<f32>,
}

pub struct Faces {
    encoder: Encoder,
    decoder: Decoder,
    discriminator: Option<Discriminator>,
    finder: Finder,
    /// Which encoder features come from: those of another mean something else.
    model: String,
    device: Device,
}

impl Faces {
    /// From the networks' files.
    pub fn from_bytes(encoder: &[u8], decoder: &[u8], finder: &[u8], device: &Device) -> Result<Self> {
        let model = fingerprint(encoder);
        let encoder = drgan::encoder(&Checkpoint::parse(encoder)?, device)?;
        let decoder = drgan::decoder(&Checkpoint::parse(decoder)?, encoder.features(), device)?;
        let finder = drgan::finder(&Checkpoint::parse(finder)?, device)?;
        Ok(Self { encoder, decoder, discriminator: None, finder, model, device: device.clone() })
    }

    pub fn open_discriminator(&mut self, file: &[u8]) -> Result<()> {
        self.discriminator = Some(drgan::discriminator(&Checkpoint::parse(file)?, &self.device)?);
        Ok(())
    }

    /// All faces of an RGBA picture, the likeliest first.
    pub async fn detect(&self, rgba: &[u8], size: Size) -> Result<Vec<Found>> {
        image::check(rgba, size)?;
        let mut seen = finding::find(&self.finder, rgba, size, &self.device).await?;
        seen.truncate(MAX_FACES);
        Ok(seen.iter().map(Found::of).collect())
    }

    /// Features and confidence of the face in a square of an RGBA picture.
    pub async fn encode(&self, rgba: &[u8], size: Size, crop: &Crop) -> Result<(Vec<f32>, f32)> {
        image::check(rgba, size)?;
        let numbers = [crop.x, crop.y, crop.size, crop.roll];
        if !numbers.iter().all(|number| number.is_finite()) || crop.size < 1.0 {
            return Err(Error::config(
                "crop",
                format!("{crop:?}"),
                "expected { x, y, size, roll } with a size of 1 or more",
            ));
        }
        let face = Tensor::from_data(TensorData::new(crop.sample(rgba, size, SIDE), [1, 3, SIDE, SIDE]), &self.device);
        let (features, confidence) = self.encoder.forward(face);
        let mut values = read(Transaction::default().register(features).register(confidence)).await?;
        let confidence = values.pop().and_then(|values| values.first().copied()).unwrap_or_default();
        Ok((values.pop().unwrap_or_default(), confidence))
    }

    /// One person at each of these yaws, in degrees, with the same noise: RGBA, one picture after another.
    pub async fn turn(&self, person: &Person, yaws: &[f32], seed: u32) -> Result<Vec<u8>> {
        self.draw(&person.fused(self.encoder.features())?, yaws, seed).await
    }

    /// Somebody between two people: 0 is the first, 1 the second (the paper interpolates features in the same way, section 4.3).
    pub async fn blend(&self, people: [&Person; 2], mix: f32, yaws: &[f32], seed: u32) -> Result<Vec<u8>> {
        if !(0.0..=1.0).contains(&mix) {
            return Err(Error::config("mix", mix, "expected 0 to 1"));
        }
        let width = self.encoder.features();
        let [one, other] = [people[0].fused(width)?, people[1].fused(width)?];
        let features: Vec<f32> = one.iter().zip(&other).map(|(a, b)| a + mix * (b - a)).collect();
        self.draw(&features, yaws, seed).await
    }

    async fn draw(&self, features: &[f32], yaws: &[f32], seed: u32) -> Result<Vec<u8>> {
        let n = super::samples::bounded("yaws", yaws.len(), MAX_PICTURES)?;
        if let Some(yaw) = yaws.iter().find(|yaw| !(-90.0..=90.0).contains(*yaw)) {
            return Err(Error::config("yaw", yaw, "expected -90 to 90"));
        }
        let rows = |values: Vec<f32>, columns: usize| -> Tensor<2> {
            Tensor::from_data(TensorData::new(values, [n, columns]), &self.device)
        };
        let noise = self.noise(seed);
        let radians = yaws.iter().map(|yaw| yaw.to_radians()).collect();
        let faces = self.decoder.forward(
            rows(features.repeat(n), features.len()),
            rows(radians, 1),
            rows(noise.repeat(n), noise.len()),
        );
        let values = read(Transaction::default().register(faces)).await?.pop().unwrap_or_default();
        Ok(image::planes_to_rgba(&values, SIDE))
    }

    fn noise(&self, seed: u32) -> Vec<f32> {
        let mut random = Stream::new(seed as u64, Purpose::Sample, 1);
        (0..self.decoder.noise_dim()).map(|_| random.range(-1.0, 1.0)).collect()
    }

    /// What the decoder draws from: fused features, what the yaw (degrees) becomes, noise.
    pub async fn code(&self, person: &Person, yaw: f32, seed: u32) -> Result<[Vec<f32>; 3]> {
        let features = person.fused(self.encoder.features())?;
        let yaw = Tensor::from_data(TensorData::new(vec![yaw.to_radians()], [1, 1]), &self.device);
        let pose = read(Transaction::default().register(self.decoder.pose_code(yaw))).await?.pop().unwrap_or_default();
        Ok([features, pose, self.noise(seed)])
    }

    /// How unlike each two pictures of a person are: 1 less the cosine of their features, row by row.
    pub fn distances(&self, person: &Person) -> Result<Vec<f32>> {
        person.check(self.encoder.features())?;
        let rows: Vec<&[f32]> = person.features.chunks_exact(self.encoder.features()).collect();
        let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
        let distance = |a: &[f32], b: &[f32]| 1.0 - dot(a, b) / (dot(a, a) * dot(b, b)).sqrt().max(f32::MIN_POSITIVE);
        Ok(rows.iter().flat_map(|a| rows.iter().map(move |b| distance(a, b))).collect())
    }

    /// What the discriminator's heads say of faces that fill the picture, RGBA, one after another.
    pub async fn judge(&self, rgba: &[u8], size: Size, crop: &Crop) -> Result<Verdict> {
        image::check(rgba, size)?;
        let discriminator = self.discriminator.as_ref();
        let discriminator =
            discriminator.ok_or_else(|| Error::Internal { message: "no discriminator was opened".into() })?;
        let face = Tensor::from_data(TensorData::new(crop.sample(rgba, size, SIDE), [1, 3, SIDE, SIDE]), &self.device);
        let opinion = discriminator.forward(face);
        let transaction =
            Transaction::default().register(opinion.real).register(opinion.yaw).register(opinion.identity);
        let mut values = read(transaction).await?;
        let identity = values.pop().unwrap_or_default();
        let mut first = || values.pop().and_then(|values| values.first().copied()).unwrap_or_default();
        let (yaw, logit) = (first(), first());
        Ok(Verdict { real: 1.0 / (1.0 + (-logit).exp()), yaw: yaw.to_degrees(), identity })
    }

    /// A person as a file.
    pub fn save(&self, person: &Person) -> Result<Vec<u8>> {
        person.write(&self.model, self.encoder.features())
    }

    /// The person that [`Faces::save`] wrote.
    pub fn load(&self, bytes: &[u8]) -> Result<Person> {
        Person::read(bytes, &self.model, self.encoder.features())
    }
}

impl Found {
    fn of(seen: &Sighting) -> Self {
        let crop = Crop { x: seen.x, y: seen.y, size: seen.side, roll: seen.roll.to_degrees() };
        Self { crop, yaw: seen.yaw.to_degrees(), score: seen.score }
    }
}

/// FNV-1a of a file: tells versions apart, and guards against nothing else.
fn fingerprint(bytes: &[u8]) -> String {
    let hash =
        bytes.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ *byte as u64).wrapping_mul(0x100_0000_01b3));
    format!("{hash:016x}")
}
