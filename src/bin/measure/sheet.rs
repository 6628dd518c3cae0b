//! Sheets of what networks made, to be looked at.

use std::path::Path;

/// Coloured squares, channel after channel in [-1, 1], `columns` in a row, each pixel as three by three.
pub fn coloured(values: &[f32], columns: usize, side: usize, path: &Path) -> Result<(), String> {
    const ZOOM: usize = 3;
    let size = 3 * side * side;
    let rows = values.len() / (columns * size);
    let mut sheet = image::RgbImage::new((columns * side * ZOOM) as u32, (rows * side * ZOOM) as u32);
    for (x, y, pixel) in sheet.enumerate_pixels_mut() {
        let (x, y) = (x as usize / ZOOM, y as usize / ZOOM);
        let at = (y / side * columns + x / side) * size + y % side * side + x % side;
        pixel.0 = [0, 1, 2].map(|channel| ((values[at + channel * side * side] + 1.0) * 127.5).round() as u8);
    }
    sheet.save(path).map_err(|e| e.to_string())
}

/// Grey squares in [-1, 1], `columns` in a row.
pub fn grey(values: &[f32], columns: usize, side: usize, path: &Path) -> Result<(), String> {
    let rows = values.len() / (columns * side * side);
    let mut sheet = image::GrayImage::new((columns * side) as u32, (rows * side) as u32);
    for (x, y, pixel) in sheet.enumerate_pixels_mut() {
        let (x, y) = (x as usize, y as usize);
        let value = values[(y / side * columns + x / side) * side * side + y % side * side + x % side];
        pixel.0 = [((value + 1.0) * 127.5).round() as u8];
    }
    sheet.save(path).map_err(|e| e.to_string())
}
