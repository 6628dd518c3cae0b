//! How real each patch of a picture looks to a discriminator of the shipped pair.

use burn::tensor::{Device, Transaction};

use crate::error::{Error, Result};
use crate::image::{Size, to_tensor};
use crate::models::cyclegan::PatchDiscriminator;
use crate::weights::{Checkpoint, cyclegan};

/// Five convolutions of 4x4, three of which halve, leave nothing of less.
const SHORTEST: usize = 24;

/// A discriminator with trained weights.
#[derive(Debug)]
pub struct Judge {
    discriminator: PatchDiscriminator,
    device: Device,
}

/// What it says: one score a patch, row by row; about 1 where it takes a patch for real, about 0 where for made.
#[derive(Debug, Clone, PartialEq)]
pub struct Scores {
    pub values: Vec<f32>,
    pub width: usize,
    pub height: usize,
}

impl Judge {
    /// From a file with the published names.
    pub fn from_bytes(bytes: &[u8], device: &Device) -> Result<Self> {
        let discriminator = cyclegan::discriminator(&Checkpoint::parse(bytes)?, device)?;
        Ok(Self { discriminator, device: device.clone() })
    }

    /// Scores of an RGBA picture's patches, 70 pixels wide and 8 apart.
    pub async fn scores(&self, rgba: &[u8], size: Size) -> Result<Scores> {
        if size.width.min(size.height) < SHORTEST {
            let reason = format!("{} x {}, but {SHORTEST} pixels a side are needed", size.width, size.height);
            return Err(Error::data(reason, "picture"));
        }
        let scores = self.discriminator.forward(to_tensor(rgba, size, &self.device)?);
        let [_, _, height, width] = scores.dims();
        let values = super::read(Transaction::default().register(scores)).await?.concat();
        Ok(Scores { values, width, height })
    }
}
