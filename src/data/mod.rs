//! What a network learns from: samples of a true distribution, drawn on the host from the run's random numbers.

pub mod album;
pub mod drawing;
pub mod faces;
#[cfg(feature = "train")]
pub mod folders;
pub mod gallery;
pub mod glyphs;
pub mod herd;
pub mod horses;
pub mod idx;
pub mod meadow;
pub mod noise;
pub mod npy;
#[cfg(feature = "train")]
pub mod packed;
pub mod pairs;
pub mod pictures;
pub mod points;
pub mod scene;
pub mod series;
pub mod table;
pub mod waves;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::error::{Error, Result};
use crate::rng::Stream;
use album::{Album, Augment, IdxFiles};
use glyphs::Script;
use points::{Cloud, Scale, Shape};
use table::reading::Taken;

/// Every dataset of the plain GAN. The serialised name is its id in configuration, URL and translation keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dataset {
    Ring,
    Grid,
    Moons,
    Spiral,
    Blobs,
    Drawn,
    Digits,
    Letters,
    Zhuyin,
    /// The visitor's pictures.
    Own,
}

impl Dataset {
    pub const ALL: [Dataset; 10] = [
        Dataset::Ring,
        Dataset::Grid,
        Dataset::Moons,
        Dataset::Spiral,
        Dataset::Blobs,
        Dataset::Drawn,
        Dataset::Digits,
        Dataset::Letters,
        Dataset::Zhuyin,
        Dataset::Own,
    ];

    /// The source of real samples; what the visitor brings is a drawing or pictures.
    pub fn open_own(self, own: Own, augment: Augment) -> Result<Data> {
        match (self, own) {
            (Dataset::Own, own) => Ok(Data::Album(own.album(glyphs::SIDE, false)?.grey(), augment)),
            (Dataset::Drawn, Own::Points(points, scale)) => Cloud::drawn(&points, scale).map(Data::Points),
            _ => self.open(None),
        }
    }

    /// The source of real samples; `points` is the visitor's drawing, `x, y` after one another.
    pub fn open(self, points: Option<&[f32]>) -> Result<Data> {
        let shape = match self {
            Dataset::Ring => Shape::Ring,
            Dataset::Grid => Shape::Grid,
            Dataset::Moons => Shape::Moons,
            Dataset::Spiral => Shape::Spiral,
            Dataset::Blobs => Shape::Blobs,
            Dataset::Drawn => {
                let points = points.ok_or_else(|| Error::data("the dataset `drawn` needs points", "data.points"))?;
                return Cloud::drawn(points, None).map(Data::Points);
            }
            Dataset::Digits => return Ok(Data::Signs(Script::Digits)),
            Dataset::Letters => return Ok(Data::Signs(Script::Letters)),
            Dataset::Zhuyin => return Ok(Data::Signs(Script::Zhuyin)),
            Dataset::Own => return Err(Error::data("the dataset `own` needs pictures", "data")),
        };
        Ok(Data::Points(Cloud::new(shape)))
    }
}

/// What a visitor brings to learn from.
#[derive(Debug, Clone, Default)]
pub enum Own {
    #[default]
    Nothing,
    /// Points `x, y` after one another: a drawing, or those of a table with its scale.
    Points(Vec<f32>, Option<Scale>),
    /// The pictures of both domains, each picture as RGBA of the configured square; `brought`: of so many, together, they were chosen.
    Pictures { rgba: [Vec<u8>; 2], brought: Option<usize> },
    /// Sequences, drawn or brought.
    Series(series::Series),
    /// A file of a table, for sequences or for points.
    Table(Box<table::source::TableFile>),
    /// Pictures as RGBA of the configured square, one after another; labels index into the classes' names. `brought`: of so many they were chosen.
    Album { rgba: Vec<u8>, labels: Vec<u8>, classes: Vec<String>, brought: Option<usize> },
    /// IDX files of pictures and of labels; `transposed`: rows and columns are to be exchanged.
    Idx { pictures: Vec<u8>, labels: Option<Vec<u8>>, transposed: bool },
}

impl Own {
    /// Pictures to learn from, `side` pixels square; `classed`: for networks that learn classes.
    pub fn album(self, side: usize, classed: bool) -> Result<Album> {
        match self {
            Own::Album { rgba, labels, classes, brought } => Album::from_rgba(&rgba, side, labels, classes, brought),
            Own::Idx { pictures, labels, transposed } => {
                Album::from_idx(IdxFiles { pictures: &pictures, labels: labels.as_deref(), transposed }, side, classed)
            }
            _ => Err(Error::data("the dataset `own` needs pictures: { images, labels } or { idx, labels }", "data")),
        }
    }
}

/// A source of real samples.
#[derive(Debug, Clone)]
pub enum Data {
    Points(Cloud),
    Signs(Script),
    Album(Album, Augment),
}

/// What a sample is, for whoever shows it.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Description {
    /// The dataset's serialised name.
    pub id: Value,
    /// `points`, `images`, `sequences`, or `pairs` of two domains of pictures.
    pub kind: &'static str,
    /// `[2]` for points, `[height, width]` or `[height, width, channels]` for pictures, `[steps, values in a step]` for sequences.
    pub shape: Vec<usize>,
    /// The visitor brings it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub own: bool,
    /// How many the visitor brought, where `count`, fewer, could be kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub brought: Option<usize>,
    /// The window to draw, `[x0, x1, y0, y1]`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extent: Option<[f32; 4]>,
    /// How many separate modes there are to find.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub modes: Option<usize>,
    /// The classes' names, in the order of their labels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub classes: Option<Vec<String>>,
    /// How many samples of a visitor's there are; what is drawn anew has no end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<usize>,
    /// Lowest and highest of each value of a step.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub range: Option<Vec<[f32; 2]>>,
    /// How sequences were found in a table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub table: Option<Taken>,
    /// What takes points back to the units of the table that they came from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scale: Option<Scale>,
}

impl Description {
    pub fn new(id: impl Serialize, kind: &'static str, shape: Vec<usize>) -> Self {
        Self { id: json!(id), kind, shape, ..Self::default() }
    }
}

impl Data {
    /// Whether samples are pictures, in [-1, 1].
    pub fn pictures(&self) -> bool {
        !matches!(self, Data::Points(_))
    }

    /// Numbers in one sample.
    pub fn dimension(&self) -> usize {
        match self {
            Data::Points(_) => 2,
            Data::Signs(_) => glyphs::SIDE * glyphs::SIDE,
            Data::Album(album, _) => album.numbers(),
        }
    }

    /// `n` samples after one another; pictures in [-1, 1].
    pub fn draw(&self, n: usize, stream: &mut Stream) -> Vec<f32> {
        match self {
            Data::Points(cloud) => cloud.draw(n, stream),
            Data::Signs(script) => (0..n).flat_map(|_| script.draw(stream.below(script.classes()), stream)).collect(),
            Data::Album(album, augment) => {
                let mut values = Vec::with_capacity(n * album.numbers());
                for _ in 0..n {
                    album.draw(None, *augment, stream, &mut values);
                }
                values
            }
        }
    }

    pub fn describe(&self, id: Dataset) -> Description {
        match self {
            Data::Points(cloud) => Description {
                own: id == Dataset::Drawn,
                count: (id == Dataset::Drawn).then(|| cloud.centres()),
                brought: cloud.scale().map(|scale| scale.brought).filter(|brought| *brought > cloud.centres()),
                scale: cloud.scale().cloned(),
                extent: Some(cloud.extent()),
                modes: cloud.modes().map(|modes| modes.len()),
                ..Description::new(id, "points", vec![2])
            },
            Data::Signs(_) => Description::new(id, "images", vec![glyphs::SIDE, glyphs::SIDE]),
            Data::Album(album, _) => album.describe(id),
        }
    }
}
