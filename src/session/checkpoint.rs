//! A generator file's own numbers for a picture, before they become bytes: by these, engines and other software compare.

use burn::tensor::{Device, Transaction};

use super::read;
use crate::error::Result;
use crate::image::{Size, to_tensor};
use crate::weights::{Checkpoint, cyclegan};

/// # Shapes
/// `4 width height` bytes of RGBA -> `3 height width` numbers in [-1, 1], where both sides are multiples of four
pub async fn output(file: &[u8], rgba: &[u8], size: Size, device: &Device) -> Result<Vec<f32>> {
    let generator = cyclegan::generator(&Checkpoint::parse(file)?, device)?;
    let painted = generator.forward(to_tensor(rgba, size, device)?);
    Ok(read(Transaction::default().register(painted)).await?.pop().unwrap_or_default())
}
