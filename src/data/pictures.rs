//! Pictures to learn from, each of a class: what DCGAN and AC-GAN are given.

use serde::{Deserialize, Serialize};

use super::album::{Album, Augment};
use super::faces::{Person, View, picture};
use super::glyphs::Script;
use super::waves::Drawn;
use super::{Description, Own};
use crate::error::Result;
use crate::rng::{Purpose, Stream};

/// The serialised name is its id in configuration, URL and translation keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PictureDataset {
    Digits,
    Letters,
    Zhuyin,
    /// Our own faces; a class is a person.
    Faces,
    /// The visitor's pictures.
    Own,
}

impl PictureDataset {
    pub const ALL: [PictureDataset; 5] = [
        PictureDataset::Digits,
        PictureDataset::Letters,
        PictureDataset::Zhuyin,
        PictureDataset::Faces,
        PictureDataset::Own,
    ];

    /// The source of pictures of `side` pixels square; `classed`: for networks that learn classes.
    pub fn open(self, own: Own, side: usize, augment: Augment, classed: bool) -> Result<Pictures> {
        let source = match self {
            PictureDataset::Digits => Source::Signs(Script::Digits),
            PictureDataset::Letters => Source::Signs(Script::Letters),
            PictureDataset::Zhuyin => Source::Signs(Script::Zhuyin),
            PictureDataset::Faces => Source::Faces(Portraits::draw(side)),
            PictureDataset::Own => Source::Own(own.album(side, classed)?, augment),
        };
        Ok(Pictures { source, side })
    }

    /// What is known before it is opened.
    pub fn describe(self, side: usize) -> Description {
        let (channels, classes) = match self {
            PictureDataset::Digits => (1, Some(names(Script::Digits))),
            PictureDataset::Letters => (1, Some(names(Script::Letters))),
            PictureDataset::Zhuyin => (1, Some(names(Script::Zhuyin))),
            PictureDataset::Faces => (3, Some((1..=PEOPLE).map(|number| number.to_string()).collect())),
            PictureDataset::Own => (1, None),
        };
        let shape = if channels == 1 { vec![side, side] } else { vec![side, side, channels] };
        Description { own: self == PictureDataset::Own, classes, ..Description::new(self, "images", shape) }
    }
}

fn names(script: Script) -> Vec<String> {
    script.signs().chars().map(String::from).collect()
}

/// A source of pictures of one size.
#[derive(Debug, Clone)]
pub struct Pictures {
    source: Source,
    pub side: usize,
}

#[derive(Debug, Clone)]
enum Source {
    Signs(Script),
    Faces(Portraits),
    Own(Album, Augment),
}

impl Pictures {
    /// A visitor's.
    pub fn of(album: Album, augment: Augment) -> Self {
        Self { side: album.side, source: Source::Own(album, augment) }
    }

    /// 1 (grey) or 3.
    pub fn channels(&self) -> usize {
        match &self.source {
            Source::Signs(_) => 1,
            Source::Faces(_) => 3,
            Source::Own(album, _) => album.channels,
        }
    }

    /// How many classes there are; 0 where pictures have none.
    pub fn classes(&self) -> usize {
        match &self.source {
            Source::Signs(script) => script.classes(),
            Source::Faces(_) => PEOPLE,
            Source::Own(album, _) => album.classes.len(),
        }
    }

    /// Numbers in one picture.
    pub fn numbers(&self) -> usize {
        self.channels() * self.side * self.side
    }

    /// `n` pictures at random, all of a class if one is asked for, channel after channel in [-1, 1].
    pub fn draw(&self, n: usize, class: Option<usize>, stream: &mut Stream) -> Drawn {
        let mut values = Vec::with_capacity(n * self.numbers());
        let one = |_| match &self.source {
            Source::Signs(script) => {
                let class = class.unwrap_or_else(|| stream.below(script.classes()));
                values.extend(script.draw_on(self.side, class, stream));
                class
            }
            Source::Faces(portraits) => {
                let class = class.unwrap_or_else(|| stream.below(PEOPLE));
                portraits.append(class, stream.below(VIEWS), &mut values);
                class
            }
            Source::Own(album, augment) => album.draw(class, *augment, stream, &mut values),
        };
        let labels = (0..n).map(one).collect();
        Drawn { values, labels }
    }

    pub fn describe(&self, id: PictureDataset) -> Description {
        match &self.source {
            Source::Own(album, _) => album.describe(id),
            _ => id.describe(self.side),
        }
    }

    /// The visitor's pictures, where they are.
    pub fn album(&self) -> Option<&Album> {
        match &self.source {
            Source::Own(album, _) => Some(album),
            _ => None,
        }
    }
}

/// People whom the faces show.
pub const PEOPLE: usize = 10;
/// Pictures of each.
const VIEWS: usize = 48;

/// A picture takes milliseconds to draw: each person's are drawn once, and a training sees them again and again.
#[derive(Debug, Clone)]
struct Portraits {
    numbers: usize,
    /// Person after person, view after view, channel after channel.
    bytes: Vec<u8>,
}

impl Portraits {
    fn draw(side: usize) -> Self {
        let mut bytes = Vec::with_capacity(PEOPLE * VIEWS * 3 * side * side);
        for person in 0..PEOPLE {
            let somebody = Person::numbered(person as u32);
            let mut stream = Stream::new(person as u64, Purpose::Person, 1);
            for _ in 0..VIEWS {
                let values = picture(&somebody, &glance(&mut stream), side);
                bytes.extend(values.iter().map(|value| ((value + 1.0) * 127.5).round() as u8));
            }
        }
        Self { numbers: 3 * side * side, bytes }
    }

    fn append(&self, person: usize, view: usize, values: &mut Vec<f32>) {
        let from = (person * VIEWS + view) * self.numbers;
        values.extend(self.bytes[from..from + self.numbers].iter().map(|byte| *byte as f32 / 127.5 - 1.0));
    }
}

/// Nearly from the front, with any smile and light.
pub fn glance(stream: &mut Stream) -> View {
    View { yaw: stream.range(-20.0, 20.0), smile: stream.range(-0.5, 1.0), light: stream.range(-1.0, 1.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_source_draws_what_it_describes() {
        for dataset in [PictureDataset::Digits, PictureDataset::Letters, PictureDataset::Zhuyin, PictureDataset::Faces]
        {
            let pictures = dataset.open(Own::Nothing, 32, Augment::None, true).unwrap();
            let drawn = pictures.draw(40, None, &mut Stream::new(1, Purpose::Batch, 0));
            assert_eq!(drawn.values.len(), 40 * pictures.numbers());
            assert!(drawn.values.iter().all(|value| (-1.0..=1.0).contains(value)));
            assert!(drawn.labels.iter().all(|label| *label < pictures.classes()));
            let described = pictures.describe(dataset);
            assert_eq!(described.classes.map(|classes| classes.len()), Some(pictures.classes()));
            assert_eq!(described.shape.iter().product::<usize>(), pictures.numbers());
            let three = pictures.draw(5, Some(3), &mut Stream::new(1, Purpose::Batch, 0));
            assert_eq!(three.labels, [3; 5]);
        }
        assert!(PictureDataset::Own.open(Own::Nothing, 28, Augment::None, true).is_err());
    }
}
