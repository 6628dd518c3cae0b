//! Distributions in the plane. The ring and the grid are those of PacGAN (Lin et al. 2018, section 4.1) and
//! VEEGAN before it, so that mode counts can be held against published ones.

use serde::{Deserialize, Serialize};
use std::f32::consts::TAU;

use crate::error::{Error, Result};
use crate::rng::Stream;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// 8 Gaussians on the unit circle, standard deviation 0.01.
    Ring,
    /// 25 Gaussians at {-4, -2, 0, 2, 4} squared, standard deviation 0.05.
    Grid,
    /// Two interleaved half circles.
    Moons,
    /// Two arms of one and a half turns.
    Spiral,
    /// Two Gaussians of different size.
    Blobs,
    Drawn,
}

/// What takes points from the square from -1 to 1 back to the units that they came in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Scale {
    /// Middle and half width of both axes: what is 0 and what is 1 in the square. Of seconds since 1970 single precision keeps two minutes.
    pub axes: [[f64; 2]; 2],
    pub names: [String; 2],
    /// Points that there were, of which as many as fit are kept.
    pub brought: usize,
}

/// A distribution: Gaussians around centres, all equally likely. Curves are many centres close together.
#[derive(Debug, Clone)]
pub struct Cloud {
    shape: Shape,
    centres: Vec<[f32; 2]>,
    deviations: Vec<f32>,
    scale: Option<Scale>,
}

/// Centres along a curve: dense enough that the gaps are far below the noise.
const CURVE: usize = 400;

/// A drawing is spread by this, so that a stroke is a distribution and not a list.
const BRUSH: f32 = 0.015;

impl Cloud {
    pub fn new(shape: Shape) -> Self {
        let (centres, deviation): (Vec<[f32; 2]>, f32) = match shape {
            Shape::Ring => ((0..8).map(|i| on_circle(i as f32 / 8.0)).collect(), 0.01),
            Shape::Grid => {
                let line = [-4.0, -2.0, 0.0, 2.0, 4.0];
                (line.iter().flat_map(|&y| line.iter().map(move |&x| [x, y])).collect(), 0.05)
            }
            Shape::Moons => ((0..CURVE).map(moon).collect(), 0.04),
            Shape::Spiral => ((0..CURVE).map(spiral).collect(), 0.02),
            Shape::Blobs => {
                return Self {
                    shape,
                    centres: vec![[-0.5, 0.3], [0.6, -0.3]],
                    deviations: vec![0.2, 0.1],
                    scale: None,
                };
            }
            Shape::Drawn => (Vec::new(), BRUSH),
        };
        let deviations = vec![deviation; centres.len()];
        Self { shape, centres, deviations, scale: None }
    }

    /// The visitor's points, in the square from -1 to 1.
    pub fn drawn(points: &[f32], scale: Option<Scale>) -> Result<Self> {
        if points.len() < 16 || !points.len().is_multiple_of(2) {
            return Err(Error::data("at least 8 points are needed, x and y for each", "data.points"));
        }
        if let Some(place) = points.iter().position(|v| !(-1.0..=1.0).contains(v)) {
            return Err(Error::data(
                "a coordinate is outside the square from -1 to 1",
                format!("data.points[{place}]"),
            ));
        }
        let centres: Vec<_> = points.chunks_exact(2).map(|p| [p[0], p[1]]).collect();
        let deviations = vec![BRUSH; centres.len()];
        Ok(Self { shape: Shape::Drawn, centres, deviations, scale })
    }

    pub fn draw(&self, n: usize, stream: &mut Stream) -> Vec<f32> {
        let mut points = Vec::with_capacity(n * 2);
        for _ in 0..n {
            let i = stream.below(self.centres.len());
            let ([x, y], deviation) = (self.centres[i], self.deviations[i]);
            points.push(x + deviation * stream.normal());
            points.push(y + deviation * stream.normal());
        }
        points
    }

    /// The separate modes, where the distribution has some.
    pub fn modes(&self) -> Option<&[[f32; 2]]> {
        matches!(self.shape, Shape::Ring | Shape::Grid | Shape::Blobs).then_some(&self.centres)
    }

    /// The nearest centre in its own standard deviations (Mahalanobis), and that distance.
    pub fn nearest(&self, point: [f32; 2]) -> (usize, f32) {
        let distance = |i: usize| {
            let [x, y] = self.centres[i];
            ((point[0] - x).powi(2) + (point[1] - y).powi(2)).sqrt() / self.deviations[i]
        };
        (0..self.centres.len())
            .map(|i| (i, distance(i)))
            .min_by(|a, b| a.1.total_cmp(&b.1))
            .unwrap_or((0, f32::INFINITY))
    }

    /// How many places it is made of: the points of a drawing.
    pub fn centres(&self) -> usize {
        self.centres.len()
    }

    /// What takes points back to a table's units.
    pub fn scale(&self) -> Option<&Scale> {
        self.scale.as_ref()
    }

    /// The window that shows everything with some margin: `[x0, x1, y0, y1]`.
    pub fn extent(&self) -> [f32; 4] {
        let half = match self.shape {
            Shape::Grid => 5.0,
            Shape::Ring => 1.4,
            _ => 1.25,
        };
        [-half, half, -half, half]
    }
}

fn on_circle(turn: f32) -> [f32; 2] {
    [(TAU * turn).cos(), (TAU * turn).sin()]
}

fn moon(i: usize) -> [f32; 2] {
    let along = (i / 2) as f32 / (CURVE / 2 - 1) as f32;
    let [x, y] = on_circle(along / 2.0);
    let (x, y) = if i.is_multiple_of(2) { (x - 0.5, y - 0.25) } else { (0.5 - x, 0.25 - y) };
    [0.65 * x, 0.65 * y]
}

fn spiral(i: usize) -> [f32; 2] {
    let along = (i / 2) as f32 / (CURVE / 2 - 1) as f32;
    // Equal arc length: the radius grows with the square root of the place along the arm.
    let radius = 0.1 + 0.9 * along.sqrt();
    let half_turn = if i.is_multiple_of(2) { 0.0 } else { 0.5 };
    let [x, y] = on_circle(1.5 * along.sqrt() + half_turn);
    [radius * x, radius * y]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Purpose;

    #[test]
    fn the_ring_is_pacgans() {
        let cloud = Cloud::new(Shape::Ring);
        let points = cloud.draw(20_000, &mut Stream::new(1, Purpose::Batch, 0));
        let mut counts = [0usize; 8];
        let mut square = 0.0;
        for p in points.chunks_exact(2) {
            let (mode, distance) = cloud.nearest([p[0], p[1]]);
            counts[mode] += 1;
            square += distance * distance;
        }
        assert!(counts.iter().all(|&n| (2200..2800).contains(&n)), "{counts:?}");
        // Two dimensions: the mean squared Mahalanobis distance is 2.
        assert!((square / 20_000.0 - 2.0).abs() < 0.1);
    }

    #[test]
    fn every_shape_lies_in_its_window() {
        for shape in [Shape::Ring, Shape::Grid, Shape::Moons, Shape::Spiral, Shape::Blobs] {
            let cloud = Cloud::new(shape);
            let [x0, x1, y0, y1] = cloud.extent();
            let points = cloud.draw(2_000, &mut Stream::new(2, Purpose::Batch, 0));
            let inside = points.chunks_exact(2).filter(|p| p[0] > x0 && p[0] < x1 && p[1] > y0 && p[1] < y1).count();
            assert!(inside > 1_980, "{shape:?}: {inside}");
        }
    }

    #[test]
    fn a_bad_drawing_says_where() {
        assert_eq!(Cloud::drawn(&[0.0; 4], None).unwrap_err().code(), "InvalidData");
        let mut points = [0.0; 32];
        points[5] = f32::NAN;
        assert!(Cloud::drawn(&points, None).unwrap_err().to_string().contains("data.points[5]"));
    }
}
