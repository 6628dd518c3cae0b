//! A tilted square of a photo, sampled: what the face networks look at.

use serde::{Deserialize, Serialize};

use super::Size;

/// A square of a photo: its centre and side in pixels, and by how many degrees it is turned clockwise.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Crop {
    pub x: f32,
    pub y: f32,
    pub size: f32,
    #[serde(default)]
    pub roll: f32,
}

/// Samples each way in a pixel of the result: shrinking averages.
const FINE: usize = 2;

impl Crop {
    /// The square as a picture of `side` pixels in [-1, 1], red, green and blue after one another. Between pixels colours are mixed; beyond
    /// the photo's edge its border goes on; transparent pixels lie on white. The same as `aligned` of `training/faces_geometry.py`.
    ///
    /// # Shapes
    /// `4 width height` bytes -> `3 side side` numbers
    pub fn sample(&self, rgba: &[u8], size: Size, side: usize) -> Vec<f32> {
        let (sin, cos) = self.roll.to_radians().sin_cos();
        let mut values = vec![0.0; 3 * side * side];
        let step = self.size / (FINE * side) as f32;
        let place = |at: usize| (at as f32 + 0.5) * step - self.size / 2.0;
        let share = 1.0 / (FINE * FINE) as f32;
        for row in 0..FINE * side {
            for column in 0..FINE * side {
                let (u, v) = (place(column), place(row));
                let colour = mixed(rgba, size, self.x + cos * u - sin * v, self.y + sin * u + cos * v);
                let at = row / FINE * side + column / FINE;
                (0..3).for_each(|channel| values[channel * side * side + at] += share * colour[channel]);
            }
        }
        values
    }
}

/// The colour at a place, in pixels from the photo's corner, between the four pixels around it.
fn mixed(rgba: &[u8], size: Size, x: f32, y: f32) -> [f32; 3] {
    let within = |at: f32, length: usize| {
        let at = (at - 0.5).clamp(0.0, (length - 1) as f32);
        let first = at as usize;
        (first, (first + 1).min(length - 1), at - first as f32)
    };
    let ((left, right, across), (top, bottom, down)) = (within(x, size.width), within(y, size.height));
    let pixel = |column: usize, row: usize| {
        let pixel = &rgba[4 * (row * size.width + column)..][..4];
        [0, 1, 2].map(|channel| super::signed(pixel[channel], pixel[3]))
    };
    let [a, b, c, d] = [pixel(left, top), pixel(right, top), pixel(left, bottom), pixel(right, bottom)];
    [0, 1, 2].map(|at| {
        let (above, below) = (a[at] + across * (b[at] - a[at]), c[at] + across * (d[at] - c[at]));
        above + down * (below - above)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Red grows to the right, green downwards, by one step of 8 a pixel.
    fn slope(size: Size) -> Vec<u8> {
        (0..size.width * size.height)
            .flat_map(|at| [8 * (at % size.width) as u8, 8 * (at / size.width) as u8, 0, 255])
            .collect()
    }

    #[test]
    fn an_upright_square_of_the_photo_is_the_photo() {
        let size = Size { width: 8, height: 8 };
        let crop = Crop { x: 4.0, y: 4.0, size: 8.0, roll: 0.0 };
        // Two samples each way, a quarter from a pixel's middle, where the colours are straight lines but at the border.
        let found = crop.sample(&slope(size), size, 8);
        let right = |at: usize| 8.0 * (at % 8) as f32 / 127.5 - 1.0;
        (0..64).filter(|at| (1..7).contains(&(at % 8))).for_each(|at| assert!((found[at] - right(at)).abs() < 1e-5));
    }

    #[test]
    fn a_quarter_turn_looks_along_the_other_axis() {
        let size = Size { width: 12, height: 12 };
        let crop = Crop { x: 6.0, y: 6.0, size: 6.0, roll: 90.0 };
        let found = crop.sample(&slope(size), size, 6);
        // To the right in the square is down in the photo, and down is left: green grows with the column, red falls with the row.
        let [red, green] = [0, 36];
        assert!(
            (1..6)
                .all(|at| found[green + at] > found[green + at - 1] && found[red + 6 * at] < found[red + 6 * (at - 1)])
        );
    }

    #[test]
    fn the_border_goes_on_beyond_the_edge() {
        let size = Size { width: 4, height: 4 };
        let crop = Crop { x: 2.0, y: 2.0, size: 40.0, roll: 10.0 };
        let found = crop.sample(&slope(size), size, 10);
        assert_eq!(found[0], -1.0);
        assert!((found[99] - (8.0 * 3.0 / 127.5 - 1.0)).abs() < 1e-6);
    }
}
