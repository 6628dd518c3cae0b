//! A panorama in parts: as small as other photos are made, its faces would vanish, and at a size at which they are seen the detector's
//! maps of the whole would take hundreds of megabytes.

use rustface::Rectangle;

use crate::image::Size;
use crate::image::crop::Crop;
use crate::models::drgan::AlignerConfig;

/// A part of a photo, in its pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Part {
    left: usize,
    top: usize,
    pub width: usize,
    pub height: usize,
}

/// A face in the photo as the detector sees it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Seen {
    x: f32,
    y: f32,
    width: f32,
    height: f32,
    pub score: f64,
    /// The part that it was seen in.
    part: usize,
}

/// The whole, or where one side is more than twice the other, parts of two squares; each two overlap by a square at least, so that every
/// face lies within one of them.
pub(super) fn parts(Size { width, height }: Size) -> Vec<Part> {
    let (short, long) = (width.min(height), width.max(height));
    let length = long.min(2 * short);
    let steps = (long - length).div_ceil(short.max(1));
    let part = |step: usize| {
        let from = (step * (long - length)).checked_div(steps).unwrap_or_default();
        match width >= height {
            true => Part { left: from, top: 0, width: length, height },
            false => Part { left: 0, top: from, width, height: length },
        }
    };
    (0..=steps).map(part).collect()
}

impl Part {
    /// Its pixels, one number each.
    pub fn cut(&self, shades: &[u8], size: Size) -> Vec<u8> {
        let rows = shades.chunks(size.width).skip(self.top).take(self.height);
        rows.flat_map(|row| &row[self.left..self.left + self.width]).copied().collect()
    }

    /// What was seen in the part, in the whole.
    pub fn place(&self, found: &Rectangle, score: f64, part: usize) -> Seen {
        Seen {
            x: self.left as f32 + found.x() as f32,
            y: self.top as f32 + found.y() as f32,
            width: found.width() as f32,
            height: found.height() as f32,
            score,
            part,
        }
    }
}

impl Seen {
    /// The square that the aligner looks at.
    pub fn around(&self) -> Crop {
        Crop {
            x: self.x + self.width / 2.0,
            y: self.y + self.height / 2.0,
            size: AlignerConfig::MARGIN * self.width.max(self.height),
            roll: 0.0,
        }
    }

    /// Whether most of the smaller one, seen in another part, lies within the other: a face on a seam is seen twice, once perhaps cut off.
    fn repeats(&self, other: &Seen) -> bool {
        let across = (self.x + self.width).min(other.x + other.width) - self.x.max(other.x);
        let down = (self.y + self.height).min(other.y + other.height) - self.y.max(other.y);
        let smaller = (self.width * self.height).min(other.width * other.height);
        self.part != other.part && across > 0.0 && down > 0.0 && across * down > smaller / 2.0
    }
}

/// The likeliest first, each face once.
pub(super) fn without_repeats(mut seen: Vec<Seen>) -> Vec<Seen> {
    seen.sort_by(|a, b| b.score.total_cmp(&a.score));
    let mut once: Vec<Seen> = Vec::new();
    for each in seen {
        if !once.iter().any(|kept| kept.repeats(&each)) {
            once.push(each);
        }
    }
    once
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panorama_is_cut_so_that_every_square_lies_in_one_part() {
        assert_eq!(parts(Size { width: 800, height: 400 }), [Part { left: 0, top: 0, width: 800, height: 400 }]);
        for (width, height) in [(4000, 400), (801, 400), (123, 1000), (40, 40), (999, 100)] {
            let all = parts(Size { width, height });
            let (short, long) = (width.min(height), width.max(height));
            assert!(all.iter().all(|part| part.left + part.width <= width && part.top + part.height <= height));
            let spans = || {
                all.iter().map(|part| if width >= height { (part.left, part.width) } else { (part.top, part.height) })
            };
            for from in 0..=long - short {
                let held = spans().any(|(left, length)| left <= from && from + short <= left + length);
                assert!(held, "{width} x {height}: {from}");
            }
            assert!(all.len() <= long / short, "{width} x {height}: {}", all.len());
        }
    }

    #[test]
    fn a_part_is_cut_out_and_what_is_seen_in_it_is_placed_in_the_whole() {
        let size = Size { width: 9, height: 3 };
        let shades: Vec<u8> = (0..27).collect();
        let last = parts(size).pop().unwrap();
        assert_eq!(last.cut(&shades, size)[..6], [3, 4, 5, 6, 7, 8]);
        assert_eq!(last.cut(&shades, size).len(), 18);
        let seen = last.place(&Rectangle::new(1, 2, 4, 4), 3.0, 1);
        assert_eq!((seen.x, seen.y), (4.0, 2.0));
    }

    #[test]
    fn a_face_on_a_seam_is_kept_once_where_it_is_seen_best() {
        let seen = |x: f32, width: f32, score: f64, part: usize| Seen { x, y: 10.0, width, height: 40.0, score, part };
        let (best, other) = (seen(98.0, 40.0, 9.0, 1), seen(150.0, 40.0, 5.0, 1));
        assert_eq!(without_repeats(vec![seen(100.0, 30.0, 3.0, 0), best, other]), [best, other]);
    }
}
