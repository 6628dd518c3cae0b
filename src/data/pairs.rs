//! Two domains of pictures without pairs: what a CycleGAN learns from.

use serde::{Deserialize, Serialize};

use super::horses::{Coat, portrait};
use super::{Description, Own};
use crate::error::{Error, Result};
use crate::rng::Stream;

/// The serialised name is its id in configuration, URL and translation keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PairedDataset {
    /// Domain a: horses. Domain b: zebras.
    Horses,
    /// Two folders of the visitor's.
    Own,
}

impl PairedDataset {
    pub const ALL: [PairedDataset; 2] = [PairedDataset::Horses, PairedDataset::Own];

    /// The source of pictures of `side` pixels square.
    pub fn open(self, own: Own, side: usize) -> Result<Pairs> {
        match (self, own) {
            (PairedDataset::Horses, _) => Ok(Pairs::Horses),
            (PairedDataset::Own, Own::Pictures { rgba: [a, b], brought }) => {
                let folders = [Folder::new(a, side, "data.a")?, Folder::new(b, side, "data.b")?];
                Ok(Pairs::Own { folders, brought })
            }
            (PairedDataset::Own, _) => Err(Error::data("the dataset `own` needs two folders of pictures", "data")),
        }
    }

    pub fn describe(self, side: usize) -> Description {
        Description { own: self == PairedDataset::Own, ..Description::new(self, "pairs", vec![side, side]) }
    }
}

/// A source of pictures of both domains.
#[derive(Debug, Clone)]
pub enum Pairs {
    Horses,
    /// `brought`: of so many pictures, together, they were chosen.
    Own {
        folders: [Folder; 2],
        brought: Option<usize>,
    },
}

impl Pairs {
    /// `n` pictures of each domain.
    ///
    /// # Shapes
    /// twice `n 3 side side` numbers in [-1, 1], channel after channel
    pub fn draw(&self, n: usize, side: usize, stream: &mut Stream) -> [Vec<f32>; 2] {
        match self {
            Pairs::Horses => [Coat::Brown, Coat::Striped]
                .map(|coat| (0..n).flat_map(|_| portrait(coat, side, stream).values).collect()),
            Pairs::Own { folders, .. } => [0, 1].map(|domain| folders[domain].draw(n, stream)),
        }
    }
}

/// A folder's pictures, as bytes: a session file holds them.
#[derive(Debug, Clone, PartialEq)]
pub struct Folder {
    /// Picture after picture, row after row, each pixel's red + 256 green + 65536 blue: exact also as f32.
    pub pixels: Vec<u32>,
    side: usize,
}

impl Folder {
    /// A domain is more than one picture.
    pub const LEAST: usize = 2;
    pub const MOST: usize = 400;
    /// A checkpoint carries the pictures, four bytes a pixel: with larger ones there may be fewer.
    const MOST_PIXELS: usize = Self::MOST * 64 * 64;

    fn new(rgba: Vec<u8>, side: usize, place: &str) -> Result<Self> {
        let (pixels, rest) = rgba.as_chunks::<4>();
        if !rest.is_empty() {
            return Err(Error::data(format!("expected RGBA pictures of {side} x {side} pixels"), place));
        }
        let pack = |[r, g, b, _]: &[u8; 4]| u32::from_le_bytes([*r, *g, *b, 0]);
        Self::from_pixels(pixels.iter().map(pack).collect(), side, place)
    }

    /// The folder whose [`Folder::pixels`] these are.
    pub fn from_pixels(pixels: Vec<u32>, side: usize, place: &str) -> Result<Self> {
        let folder = Self { pixels, side };
        if !folder.pixels.len().is_multiple_of(side * side) {
            return Err(Error::data(format!("expected pictures of {side} x {side} pixels"), place));
        }
        let (count, least, most) = (folder.count(), Self::LEAST, Self::MOST.min(Self::MOST_PIXELS / (side * side)));
        if !(least..=most).contains(&count) {
            return Err(Error::data(format!("{count} pictures, not {least} to {most}"), place));
        }
        Ok(folder)
    }

    pub fn count(&self) -> usize {
        self.pixels.len() / (self.side * self.side)
    }

    /// Pictures at random, mirrored half of the time.
    fn draw(&self, n: usize, stream: &mut Stream) -> Vec<f32> {
        let plane = self.side * self.side;
        let mut values = Vec::with_capacity(n * 3 * plane);
        for _ in 0..n {
            let from = stream.below(self.count()) * plane;
            let mirrored = stream.uniform() < 0.5;
            for channel in 0..3 {
                for row in self.pixels[from..from + plane].chunks(self.side) {
                    let value = |pixel: &u32| pixel.to_le_bytes()[channel] as f32 / 127.5 - 1.0;
                    match mirrored {
                        true => values.extend(row.iter().rev().map(value)),
                        false => values.extend(row.iter().map(value)),
                    }
                }
            }
        }
        values
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Purpose;

    fn folder(count: usize, side: usize) -> Vec<u8> {
        (0..count * side * side * 4).map(|at| (at * 7 % 256) as u8).collect()
    }

    #[test]
    fn own_pictures_come_back_whole_or_mirrored() {
        let pictures = Own::Pictures { rgba: [folder(2, 4), folder(3, 4)], brought: None };
        let source = PairedDataset::Own.open(pictures, 4).unwrap();
        let [a, b] = source.draw(8, 4, &mut Stream::new(1, Purpose::Batch, 0));
        assert_eq!((a.len(), b.len()), (8 * 48, 8 * 48));
        let red = |at: usize| folder(2, 4)[4 * at] as f32 / 127.5 - 1.0;
        let rows = [[0, 1, 2, 3], [3, 2, 1, 0], [16, 17, 18, 19], [19, 18, 17, 16]].map(|row| row.map(red));
        assert!(a.chunks(48).all(|picture| rows.iter().any(|row| row[..] == picture[..4])));
    }

    #[test]
    fn folders_that_cannot_be_learned_from_are_named() {
        let own = |a, b| Own::Pictures { rgba: [a, b], brought: None };
        let refused = |a, b| PairedDataset::Own.open(own(a, b), 4).unwrap_err().to_string();
        assert!(refused(folder(1, 4), folder(2, 4)).contains("data.a"));
        assert!(refused(folder(2, 4), folder(401, 4)).contains("401 pictures"));
        assert!(refused(folder(2, 4), folder(2, 5)).contains("data.b"));
        assert!(PairedDataset::Own.open(Own::Nothing, 4).is_err());
    }
}
