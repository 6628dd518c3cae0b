//! RGBA bytes to and from the networks' tensors: the only place that converts. And what is done to pictures on the host.

pub mod blend;
pub mod crop;
pub mod guided;

use burn::tensor::{Device, Tensor, TensorData};
use std::ops::Range;

use crate::error::{Error, Result};
use crate::nn::pad::mirror;

/// The generators halve twice, so sides are multiples of this.
const MULTIPLE: usize = 4;

/// The shortest side inside: a quarter of it still has more than one pixel to mirror and to normalise.
const SHORTEST: usize = 16;

/// Width and height of a picture, in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    pub width: usize,
    pub height: usize,
}

impl Size {
    /// The size inside: a multiple of four, not too small.
    pub fn padded(self) -> Size {
        let up = |side: usize| side.next_multiple_of(MULTIPLE).max(SHORTEST);
        Size { width: up(self.width), height: up(self.height) }
    }
}

/// RGBA rows from the top to a picture in [-1, 1]. Transparent pixels lie on white; what the padded size has more
/// than the picture mirrors it to the right and below.
///
/// # Shapes
/// `4 width height` bytes -> `[1, 3, padded height, padded width]`
pub fn to_tensor(rgba: &[u8], size: Size, device: &Device) -> Result<Tensor<4>> {
    check(rgba, size)?;
    Ok(rows_to_tensor(rgba, size, 0..size.padded().height, device))
}

/// That there are as many bytes as the size says.
pub fn check(rgba: &[u8], size: Size) -> Result<()> {
    let Size { width, height } = size;
    let bytes = width.checked_mul(height).and_then(|pixels| pixels.checked_mul(4));
    if bytes == Some(rgba.len()) && !rgba.is_empty() {
        return Ok(());
    }
    let reason = format!("{} bytes for a picture of {width} x {height} pixels in RGBA", rgba.len());
    Err(Error::data(reason, "picture"))
}

/// Some rows of [`to_tensor`]'s, of a picture that was checked.
///
/// # Shapes
/// `4 width height` bytes -> `[1, 3, rows, padded width]`
pub fn rows_to_tensor(rgba: &[u8], size: Size, rows: Range<usize>, device: &Device) -> Tensor<4> {
    let Size { width, height } = size;
    let padded = size.padded().width;
    let plane = padded * rows.len();
    let mut values = vec![0.0; 3 * plane];
    let columns: Vec<usize> = (0..padded).map(|x| mirror(x as isize, width)).collect();
    for (at, y) in rows.clone().enumerate() {
        let row = &rgba[4 * width * mirror(y as isize, height)..][..4 * width];
        for (x, column) in columns.iter().enumerate() {
            let pixel = &row[4 * column..][..4];
            for channel in 0..3 {
                values[channel * plane + at * padded + x] = signed(pixel[channel], pixel[3]);
            }
        }
    }
    Tensor::from_data(TensorData::new(values, [1, 3, rows.len(), padded]), device)
}

/// The inverse: opaque RGBA of the picture's own size, rounded to the nearest value.
///
/// # Shapes
/// `[1, 3, padded height, padded width]` -> `4 width height` bytes
pub fn to_rgba(data: TensorData, size: Size) -> Result<Vec<u8>> {
    let padded = size.padded();
    if data.shape().as_slice() != [1, 3, padded.height, padded.width] {
        return Err(Error::Internal { message: format!("a picture came back with shape {:?}", data.shape()) });
    }
    let values: Vec<f32> = data.try_to_vec().map_err(|error| Error::Internal { message: format!("{error:?}") })?;
    let mut rgba = vec![0; 4 * size.width * size.height];
    write_rows(&values, padded.width, &mut rgba, size.width);
    Ok(rgba)
}

/// Planes of rows to opaque RGBA; of rows and columns only as many as there is room for.
///
/// # Shapes
/// `[3, rows, padded]` -> `4 width` bytes a row
pub fn write_rows(values: &[f32], padded: usize, rgba: &mut [u8], width: usize) {
    let plane = values.len() / 3;
    for (y, row) in rgba.chunks_exact_mut(4 * width).enumerate() {
        for (x, pixel) in row.as_chunks_mut::<4>().0.iter_mut().enumerate() {
            let [red, green, blue] = [0, 1, 2].map(|channel| byte(values[channel * plane + y * padded + x]));
            *pixel = [red, green, blue, 255];
        }
    }
}

/// Grey values in [-1, 1] to opaque RGBA, one picture after another.
pub fn grey_to_rgba(values: &[f32]) -> Vec<u8> {
    values.iter().flat_map(|value| [byte(*value), byte(*value), byte(*value), 255]).collect()
}

/// Coloured squares in [-1, 1], channel after channel, to opaque RGBA, one picture after another.
pub fn planes_to_rgba(values: &[f32], side: usize) -> Vec<u8> {
    let plane = side * side;
    let pixel = |planes: &[f32], at: usize| [planes[at], planes[plane + at], planes[2 * plane + at]].map(byte);
    let picture = |planes: &[f32]| {
        (0..plane)
            .flat_map(|at| {
                let [r, g, b] = pixel(planes, at);
                [r, g, b, 255]
            })
            .collect::<Vec<_>>()
    };
    values.chunks_exact(3 * plane).flat_map(picture).collect()
}

pub(crate) fn signed(value: u8, alpha: u8) -> f32 {
    let covered = alpha as f32 / 255.0;
    let over_white = value as f32 * covered + 255.0 * (1.0 - covered);
    over_white / 127.5 - 1.0
}

fn byte(value: f32) -> u8 {
    ((value + 1.0) * 127.5).round().clamp(0.0, 255.0) as u8
}

#[cfg(all(test, feature = "cpu", not(target_family = "wasm")))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn opaque(size: Size, seed: u32) -> Vec<u8> {
        let shade = |at: usize| (at as u32).wrapping_mul(2_654_435_761).wrapping_add(seed).rotate_left(11) as u8;
        (0..4 * size.width * size.height).map(|at| if at % 4 == 3 { 255 } else { shade(at) }).collect()
    }

    proptest! {
        #[test]
        fn a_picture_of_any_size_comes_back(width in 1usize..70, height in 1usize..70, seed: u32) {
            let size = Size { width, height };
            let rgba = opaque(size, seed);
            let tensor = to_tensor(&rgba, size, &Device::flex()).unwrap();
            let [_, _, inner_height, inner_width] = tensor.dims();
            prop_assert!(inner_height % 4 == 0 && inner_width % 4 == 0);
            prop_assert!(inner_height >= 16.max(height) && inner_width >= 16.max(width));
            prop_assert_eq!(to_rgba(tensor.into_data(), size).unwrap(), rgba);
        }
    }

    #[test]
    fn padding_mirrors() {
        let size = Size { width: 5, height: 1 };
        let rgba: Vec<u8> = [10, 20, 30, 40, 50].iter().flat_map(|&v| [v, v, v, 255]).collect();
        let row = to_tensor(&rgba, size, &Device::flex()).unwrap().slice([0..1, 0..1, 15..16, 0..16]);
        let shades = row.into_data().try_to_vec::<f32>().unwrap().into_iter().map(byte).collect::<Vec<_>>();
        assert_eq!(shades, [10, 20, 30, 40, 50, 40, 30, 20, 10, 20, 30, 40, 50, 40, 30, 20]);
    }

    #[test]
    fn transparent_pixels_are_white() {
        let size = Size { width: 1, height: 1 };
        let tensor = to_tensor(&[0, 0, 0, 0], size, &Device::flex()).unwrap();
        assert_eq!(to_rgba(tensor.into_data(), size).unwrap(), [255; 4]);
    }

    #[test]
    fn a_wrong_number_of_bytes_is_an_error() {
        let error = |rgba: &[u8], width, height| to_tensor(rgba, Size { width, height }, &Device::flex()).unwrap_err();
        assert_eq!(error(&[0; 12], 2, 2).code(), "InvalidData");
        assert_eq!(error(&[], 0, 0).code(), "InvalidData");
        assert_eq!(error(&[0; 4], usize::MAX, 2).code(), "InvalidData");
    }
}
