//! Pictures of the standard folders (`trainA`, `trainB`, `testA`, `testB`), for the native trainer.

use std::path::Path;

use crate::error::{Error, Result};
use crate::rng::Stream;

/// Rows from the top, three bytes a pixel.
#[derive(Debug, Clone)]
pub struct Picture {
    pub width: usize,
    pub height: usize,
    pub rgb: Vec<u8>,
}

/// All pictures of a folder, in the order of their names.
pub fn read(folder: &Path) -> Result<Vec<Picture>> {
    let place = |path: &Path| path.display().to_string();
    let entries = std::fs::read_dir(folder).map_err(|e| Error::data(e.to_string(), place(folder)))?;
    let mut paths: Vec<_> =
        entries.filter_map(|entry| Some(entry.ok()?.path())).filter(|path| is_picture(path)).collect();
    paths.sort();
    if paths.is_empty() {
        return Err(Error::data("no JPEG or PNG pictures", place(folder)));
    }
    let open = |path: &std::path::PathBuf| {
        let picture = image::open(path).map_err(|e| Error::data(e.to_string(), place(path)))?.into_rgb8();
        Ok(Picture { width: picture.width() as usize, height: picture.height() as usize, rgb: picture.into_raw() })
    };
    paths.iter().map(open).collect()
}

fn is_picture(path: &Path) -> bool {
    let extension = path.extension().and_then(|e| e.to_str()).unwrap_or_default().to_ascii_lowercase();
    ["jpg", "jpeg", "png"].contains(&extension.as_str())
}

/// A random picture's random square, from once to `widest` times `side` wide, mirrored half of the time.
///
/// # Shapes
/// `3 side side` numbers in [-1, 1], channel after channel
pub fn crop(pictures: &[Picture], side: usize, widest: f32, random: &mut Stream) -> Vec<f32> {
    let picture = &pictures[random.below(pictures.len())];
    let wanted = (side as f32 * random.range(1.0, widest)) as usize;
    let size = wanted.min(picture.width).min(picture.height);
    let (left, top) = (random.below(picture.width - size + 1), random.below(picture.height - size + 1));
    let square = Square { picture, left, top, size };
    let mut values = square.shrunk(side);
    if random.uniform() < 0.5 {
        values.chunks_mut(side).for_each(<[f32]>::reverse);
    }
    values
}

/// The middle of a picture, as [`crop`] gives a random part.
pub fn centre(picture: &Picture, side: usize) -> Vec<f32> {
    let size = picture.width.min(picture.height);
    let square = Square { picture, left: (picture.width - size) / 2, top: (picture.height - size) / 2, size };
    square.shrunk(side)
}

struct Square<'a> {
    picture: &'a Picture,
    left: usize,
    top: usize,
    size: usize,
}

impl Square<'_> {
    /// Each new pixel is the mean of the area that it covers.
    fn shrunk(&self, side: usize) -> Vec<f32> {
        let spans: Vec<_> = (0..side).map(|at| span(at, self.size as f32 / side as f32, self.size)).collect();
        let mut values = vec![0.0; 3 * side * side];
        for (y, rows) in spans.iter().enumerate() {
            for (x, columns) in spans.iter().enumerate() {
                let mut sums = [0.0; 3];
                for &(row, weight_y) in rows {
                    for &(column, weight_x) in columns {
                        let at = 3 * ((self.top + row) * self.picture.width + self.left + column);
                        for (sum, byte) in sums.iter_mut().zip(&self.picture.rgb[at..at + 3]) {
                            *sum += weight_y * weight_x * *byte as f32;
                        }
                    }
                }
                for (channel, sum) in sums.into_iter().enumerate() {
                    values[(channel * side + y) * side + x] = sum / 127.5 - 1.0;
                }
            }
        }
        values
    }
}

/// The old pixels under new pixel `at`, with the share of each; the shares add up to 1.
fn span(at: usize, ratio: f32, size: usize) -> Vec<(usize, f32)> {
    let (from, to) = (at as f32 * ratio, (at + 1) as f32 * ratio);
    let covered = |pixel: usize| (to.min(pixel as f32 + 1.0) - from.max(pixel as f32)).max(0.0);
    let pixels = from as usize..(to.ceil() as usize).min(size);
    let total: f32 = pixels.clone().map(covered).sum();
    pixels.map(|pixel| (pixel, covered(pixel) / total)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Purpose;

    fn shades(width: usize, height: usize) -> Picture {
        Picture { width, height, rgb: (0..width * height).flat_map(|at| [(at % width % 25) as u8 * 10; 3]).collect() }
    }

    #[test]
    fn shrinking_averages_areas() {
        let values = centre(&shades(6, 4), 2);
        let byte = |value: f32| ((value + 1.0) * 127.5).round() as u8;
        assert_eq!(values.iter().map(|v| byte(*v)).collect::<Vec<_>>(), [[15, 35, 15, 35]; 3].concat());
    }

    #[test]
    fn crops_have_their_size_even_from_smaller_pictures() {
        let mut random = Stream::new(1, Purpose::Crop, 0);
        for (width, height) in [(5, 9), (40, 33), (200, 90)] {
            let values = crop(&[shades(width, height)], 32, 1.75, &mut random);
            assert_eq!(values.len(), 3 * 32 * 32);
            assert!(values.iter().all(|v| (-1.0..=1.0).contains(v)));
        }
    }
}
