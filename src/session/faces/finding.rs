//! Faces of any size: the finder looks at a picture and at copies of it, each smaller than the one before by the square root of two.

use burn::tensor::{Device, Tensor, TensorData, Transaction};
use std::f32::consts::FRAC_1_SQRT_2;

use crate::error::Result;
use crate::image::{self, Size};
use crate::models::drgan::{Finder, FinderConfig, Sighting};
use crate::session::read;

/// A face from this score on.
pub(super) const LEAST_SCORE: f32 = 0.47;
/// A cell from this score on is looked at.
const DOUBTFUL: f32 = 0.15;
/// Squares from this side on, pixels, are in reach of two copies; of a smaller one a second copy is taken to be less sure by [`SEEN_ONCE`].
const SEEN_TWICE: f32 = 30.0;
const SEEN_ONCE: f32 = 0.3;
/// A copy with a shorter side holds no face that a larger one does not.
const LEAST_SIDE: usize = 12;
/// Squares that overlap by more, intersection over union, are of one face.
const SAME: f32 = 0.3;
/// A face's cells are averaged where they are nearly as sure as its surest.
const NEARLY: f32 = 0.7;

/// What a cell says, in the picture's pixels, and the number of the copy it is in.
type Seen = (Sighting, usize);

/// A picture as the network sees it: three planes in [-1, 1].
struct Level {
    planes: Vec<f32>,
    size: Size,
}

/// All faces of an RGBA picture, the likeliest first, each once.
pub(super) async fn find(finder: &Finder, rgba: &[u8], size: Size, device: &Device) -> Result<Vec<Sighting>> {
    let whole = Level::whole(rgba, size);
    let (between, larger) = whole.between();
    let mut seen = Vec::new();
    for (first, mut level, mut scale) in [(0, whole, 1.0), (1, between, larger)] {
        let mut copy = first;
        while level.size.width.min(level.size.height) >= LEAST_SIDE {
            seen.extend(level.seen(finder, scale, device).await?.into_iter().map(|sighting| (sighting, copy)));
            level = level.halved();
            scale *= 2.0;
            copy += 2;
        }
    }
    Ok(merged(seen))
}

impl Level {
    /// What the network sees in a copy of a picture that is `scale` times as large, in the picture's pixels.
    async fn seen(&self, finder: &Finder, scale: f32, device: &Device) -> Result<Vec<Sighting>> {
        let (padded, side) = self.padded();
        let shape = [1, 3, side.height, side.width];
        let map = finder.forward(Tensor::from_data(TensorData::new(padded, shape), device));
        let values = read(Transaction::default().register(map)).await?.pop().unwrap_or_default();
        let sightings = Sighting::of_map(&values, side.width / FinderConfig::STRIDE, DOUBTFUL).into_iter();
        Ok(sightings.map(|s| Sighting { x: s.x * scale, y: s.y * scale, side: s.side * scale, ..s }).collect())
    }

    fn whole(rgba: &[u8], size: Size) -> Self {
        let count = size.width * size.height;
        let mut planes = vec![0.0; 3 * count];
        for (at, pixel) in rgba.as_chunks::<4>().0.iter().enumerate() {
            (0..3).for_each(|channel| planes[channel * count + at] = image::signed(pixel[channel], pixel[3]));
        }
        Self { planes, size }
    }

    /// The copy between this size and half of it, and how many times as wide the picture is: two samples a pixel each way, mixed from four pixels.
    fn between(&self) -> (Self, f32) {
        let Size { width, height } = self.size;
        let shrunk = |side: usize| ((side as f32 * FRAC_1_SQRT_2).round() as usize).max(1);
        let size = Size { width: shrunk(width), height: shrunk(height) };
        let samples = |side: usize, count: usize| -> Vec<(usize, usize, f32)> {
            let place = |at: usize| {
                let at = ((at as f32 + 0.5) * side as f32 / (2 * count) as f32 - 0.5).clamp(0.0, (side - 1) as f32);
                (at as usize, (at as usize + 1).min(side - 1), at.fract())
            };
            (0..2 * count).map(place).collect()
        };
        let (across, down) = (samples(width, size.width), samples(height, size.height));
        let mut planes = Vec::with_capacity(3 * size.width * size.height);
        for plane in self.planes.chunks(width * height) {
            for rows in down.as_chunks::<2>().0 {
                let mixed = |columns: &[(usize, usize, f32); 2]| {
                    let mut total = 0.0;
                    for (top, bottom, below) in rows {
                        for (left, right, beside) in columns {
                            let row = |row: usize| {
                                let (a, b) = (plane[row * width + left], plane[row * width + right]);
                                a + beside * (b - a)
                            };
                            total += row(*top) + below * (row(*bottom) - row(*top));
                        }
                    }
                    total / 4.0
                };
                planes.extend(across.as_chunks::<2>().0.iter().map(mixed));
            }
        }
        (Self { planes, size }, width as f32 / size.width as f32)
    }

    /// With zeros to the right and below, up to whole cells.
    fn padded(&self) -> (Vec<f32>, Size) {
        let Size { width, height } = self.size;
        let up = |side: usize| side.next_multiple_of(FinderConfig::STRIDE);
        let size = Size { width: up(width), height: up(height) };
        let mut padded = vec![0.0; 3 * size.width * size.height];
        for (row, values) in self.planes.chunks(width).enumerate() {
            let (channel, y) = (row / height, row % height);
            padded[(channel * size.height + y) * size.width..][..width].copy_from_slice(values);
        }
        (padded, size)
    }

    /// Means of two by two pixels; at an odd side's end of those that there are.
    fn halved(&self) -> Self {
        let Size { width, height } = self.size;
        let half = Size { width: width.div_ceil(2), height: height.div_ceil(2) };
        let mut planes = Vec::with_capacity(3 * half.width * half.height);
        for plane in self.planes.chunks(width * height) {
            for rows in plane.chunks(2 * width) {
                let (above, below) = rows.split_at(width);
                let below = if below.is_empty() { above } else { below };
                let mean = |(a, b): (&[f32], &[f32])| {
                    (a.iter().sum::<f32>() + b.iter().sum::<f32>()) / (a.len() + b.len()) as f32
                };
                planes.extend(above.chunks(2).zip(below.chunks(2)).map(mean));
            }
        }
        Self { planes, size: half }
    }
}

/// Intersection over union of two upright squares.
fn overlap(a: &Sighting, b: &Sighting) -> f32 {
    let shared = |a_at: f32, b_at: f32| {
        ((a_at + a.side / 2.0).min(b_at + b.side / 2.0) - (a_at - a.side / 2.0).max(b_at - b.side / 2.0)).max(0.0)
    };
    let both = shared(a.x, b.x) * shared(a.y, b.y);
    both / (a.side * a.side + b.side * b.side - both)
}

/// The faces that these are sightings of, the surest first. Where one is, how large and how tilted is the mean over its surest cells, weighted by how sure they are.
fn merged(mut seen: Vec<Seen>) -> Vec<Sighting> {
    seen.sort_by(|(a, _), (b, _)| b.score.total_cmp(&a.score));
    let mut faces = Vec::new();
    while let Some((best, _)) = seen.first().copied() {
        let (group, rest): (Vec<Seen>, Vec<Seen>) =
            seen.into_iter().partition(|(each, _)| overlap(&best, each) > SAME || *each == best);
        let sure = || group.iter().map(|(each, _)| each).filter(|each| each.score > NEARLY * best.score);
        let total: f32 = sure().map(|each| each.score).sum();
        let mean = |of: fn(&Sighting) -> f32| sure().map(|each| each.score / total * of(each)).sum();
        let side = mean(|s| s.side);
        faces.push(Sighting {
            score: sureness(&group, side),
            x: mean(|s| s.x),
            y: mean(|s| s.y),
            side,
            roll: mean(|s| s.roll),
            yaw: mean(|s| s.yaw),
        });
        seen = rest;
    }
    faces.retain(|face| face.score > LEAST_SCORE);
    faces.sort_by(|a, b| b.score.total_cmp(&a.score));
    faces
}

/// The mean of the two copies that are surest of a face: what is one in a single copy is hardly ever one. The group's surest comes first.
fn sureness(group: &[Seen], side: f32) -> f32 {
    let (best, copy) = group[0];
    let second = group.iter().find(|(_, other)| *other != copy).map_or(0.0, |(each, _)| each.score);
    let second = if side < SEEN_TWICE { second.max(best.score - SEEN_ONCE) } else { second };
    (best.score + second) / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    const FACE: Sighting = Sighting { score: 0.9, x: 40.0, y: 30.0, side: 32.0, roll: 0.1, yaw: 0.5 };

    #[test]
    fn copies_are_halved_by_means_and_padded_to_whole_cells() {
        let size = Size { width: 3, height: 3 };
        let rgba: Vec<u8> = (0..9u8).flat_map(|at| [at * 20, 0, 255, 255]).collect();
        let half = Level::whole(&rgba, size).halved();
        assert_eq!(half.size, Size { width: 2, height: 2 });
        let signed = |value: f32| value / 127.5 - 1.0;
        let red = [40.0, 70.0, 130.0, 160.0].map(signed);
        assert!(half.planes[..4].iter().zip(red).all(|(a, b)| (a - b).abs() < 1e-6), "{:?}", &half.planes[..4]);
        let (padded, side) = half.padded();
        assert_eq!((side.width, side.height, padded.len()), (8, 8, 192));
        assert_eq!((padded[0], padded[8], padded[2], padded[16]), (half.planes[0], half.planes[2], 0.0, 0.0));
    }

    #[test]
    fn the_copy_between_keeps_what_is_even_and_where_things_are() {
        let size = Size { width: 30, height: 20 };
        let rgba: Vec<u8> = (0..600).flat_map(|at| [(at % 30) as u8 * 8, 100, (at / 30) as u8 * 8, 255]).collect();
        let (copy, larger) = Level::whole(&rgba, size).between();
        assert_eq!((copy.size.width, copy.size.height), (21, 14));
        assert!((larger - 30.0 / 21.0).abs() < 1e-6);
        let count = 21 * 14;
        // A slope stays one: pixel 10 of 21 lies where (10.5 * 30 / 21 - 0.5) of 30 does.
        let wanted = (10.5 * larger - 0.5) * 8.0 / 127.5 - 1.0;
        assert!((copy.planes[3 * 21 + 10] - wanted).abs() < 1e-4);
        assert!(copy.planes[count..2 * count].iter().all(|value| (value - (100.0 / 127.5 - 1.0)).abs() < 1e-6));
    }

    #[test]
    fn a_face_seen_by_several_cells_is_one_and_two_beside_each_other_are_two() {
        let near = Sighting { x: 42.0, score: 0.45, ..FACE };
        let far = Sighting { x: 90.0, score: 0.8, ..FACE };
        let weak = Sighting { x: 44.0, score: 0.2, ..FACE };
        let found = merged(vec![(near, 1), (far, 0), (far, 2), (weak, 2), (FACE, 0)]);
        assert_eq!(found.len(), 2);
        assert_eq!((found[0].x, found[0].score), (90.0, 0.8));
        // 0.45 is not nearly 0.9, but the second copy's surest.
        assert_eq!((found[1].x, found[1].score), (40.0, (0.9 + 0.45) / 2.0));
        let found = merged(vec![(FACE, 0), (Sighting { x: 43.0, score: 0.81, ..FACE }, 1)]);
        assert!((found[0].x - (40.0 * 0.9 + 43.0 * 0.81) / 1.71).abs() < 1e-4);
        assert_eq!(merged(Vec::new()), []);
    }

    #[test]
    fn what_one_copy_alone_takes_for_a_face_is_none_unless_it_is_too_small_for_two() {
        assert_eq!(merged(vec![(FACE, 0), (FACE, 0)]), []);
        let small = Sighting { side: 22.0, ..FACE };
        assert_eq!(merged(vec![(small, 0)])[0].score, 0.75);
        assert_eq!(merged(vec![(Sighting { score: 0.6, ..small }, 0)]), []);
    }

    #[test]
    fn cells_of_several_copies_become_the_faces_that_they_are_in_training() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/finder.safetensors");
        let arrays = crate::weights::safetensors::read(&std::fs::read(path).unwrap()).unwrap();
        let cells =
            arrays["cells"].values.as_chunks::<7>().0.iter().map(|&[score, x, y, side, roll, yaw, copy]| {
                (Sighting { score, x, y, side, roll, yaw }, copy as usize)
            });
        let expected = arrays["faces"].values.as_chunks::<6>().0;
        let found = merged(cells.collect());
        assert_eq!(found.len(), expected.len());
        for (found, expected) in found.iter().zip(expected) {
            let found = [found.score, found.x, found.y, found.side, found.roll, found.yaw];
            assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-3), "{found:?}, {expected:?}");
        }
    }

    #[test]
    fn squares_overlap_by_intersection_over_union() {
        assert_eq!(overlap(&FACE, &FACE), 1.0);
        let beside = Sighting { x: FACE.x + 16.0, ..FACE };
        assert!((overlap(&FACE, &beside) - 1.0 / 3.0).abs() < 1e-6);
        assert_eq!(overlap(&FACE, &Sighting { x: 90.0, ..FACE }), 0.0);
    }
}
