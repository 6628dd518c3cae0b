//! A visitor's pictures, by class where they have some. They stay bytes: a session file carries them, so that a training can be
//! continued to the last bit.

use serde::{Deserialize, Serialize};

mod augment;

use super::{Description, idx};
use crate::error::{Error, Flaw, Place, Result};
use crate::rng::Stream;
pub use augment::Augment;
use augment::Change;

/// Squares of one size, grey or in colour.
#[derive(Debug, Clone, PartialEq)]
pub struct Album {
    pub side: usize,
    /// 1 (grey) or 3.
    pub channels: usize,
    /// The classes' names; none where the pictures have no labels.
    pub classes: Vec<String>,
    /// How many pictures were brought, of which as many as fit are kept.
    pub brought: usize,
    /// Picture after picture, channel after channel.
    bytes: Vec<u8>,
    /// A class for each picture, or empty.
    labels: Vec<u8>,
}

/// IDX files of pictures and of labels.
#[derive(Debug, Clone, Copy, Default)]
pub struct IdxFiles<'a> {
    pub pictures: &'a [u8],
    pub labels: Option<&'a [u8]>,
    /// Rows and columns are exchanged: EMNIST (Cohen et al. 2017) was published so.
    pub transposed: bool,
}

/// Numbers that an album may hold: a checkpoint, taken every few seconds, carries them all (7,600 pictures of 28 x 28 in grey).
const MOST_BYTES: usize = 6_000_000;
/// One picture is nothing to learn a variety from.
const LEAST: usize = 2;
/// As many classes as a network of this size tells apart.
pub const MOST_CLASSES: usize = 64;
/// Sides of the pictures in an IDX file.
const SIDES: [usize; 2] = [4, 512];
/// Three bytes fit into an f32 exactly.
const PACKED: usize = 3;

impl Album {
    /// RGBA squares of `side` pixels, one after another; labels index into `classes`. `brought`: of so many they were chosen.
    pub fn from_rgba(
        rgba: &[u8],
        side: usize,
        labels: Vec<u8>,
        classes: Vec<String>,
        brought: Option<usize>,
    ) -> Result<Self> {
        let plane = side * side;
        if plane == 0 || !rgba.len().is_multiple_of(4 * plane) {
            return Err(Error::data(format!("expected RGBA pictures of {side} x {side} pixels"), "data.images"));
        }
        let grey = rgba.as_chunks::<4>().0.iter().all(|[r, g, b, _]| r == g && g == b);
        let channels = if grey { 1 } else { 3 };
        let (count, kept) = choose(rgba.len() / (4 * plane), channels * plane)?;
        let mut bytes = Vec::with_capacity(kept.len() * channels * plane);
        for &at in &kept {
            let picture = rgba[4 * plane * at..][..4 * plane].as_chunks::<4>().0;
            (0..channels).for_each(|channel| bytes.extend(picture.iter().map(|pixel| pixel[channel])));
        }
        let labels = check_labels(labels, count, &classes, "data.labels")?;
        let labels = if labels.is_empty() { labels } else { kept.iter().map(|at| labels[*at]).collect() };
        let brought = brought.unwrap_or_default().max(count);
        Ok(Self { side, channels, classes, brought, bytes, labels })
    }

    /// The pictures of an IDX file, cut to their middle squares of `side` pixels, and the labels of another. A class is a label that occurs;
    /// where nobody learns classes, more of them than can be learned are none. `transposed`: rows and columns are exchanged.
    pub fn from_idx(files: IdxFiles, side: usize, classed: bool) -> Result<Self> {
        let IdxFiles { pictures, labels, transposed } = files;
        let (pictures, labels) = match labels {
            Some(labels) if idx::exchanged(pictures, labels) => (labels, Some(pictures)),
            _ => (pictures, labels),
        };
        let found = idx::pictures(pictures)?;
        let [least, most] = SIDES;
        let (width, height, channels) = (found.width, found.height, found.channels);
        // The sizes stand at bytes 8 and 12 of the file.
        if !(least..=most).contains(&width) || !(least..=most).contains(&height) {
            return Err(Error::flaw(Flaw::PictureSide { width, height, least, most }, Place::Byte(8)));
        }
        let (labels, classes) = match labels {
            Some(labels) => by_number(&idx::labels(labels)?, found.count, classed)?,
            None => Default::default(),
        };
        let (brought, kept) = choose(found.count, channels * side * side)?;
        let kept = with_every_class(kept, &labels, classes.len());
        let mut bytes = Vec::with_capacity(kept.len() * channels * side * side);
        for &at in &kept {
            let picture = &found.pixels[at * channels * width * height..][..channels * width * height];
            for plane in picture.chunks(width * height) {
                let square = square(plane, width, height, side);
                match transposed {
                    true => bytes.extend((0..side * side).map(|at| square[at % side * side + at / side])),
                    false => bytes.extend(square),
                }
            }
        }
        let labels = if labels.is_empty() { labels } else { kept.iter().map(|at| labels[*at]).collect() };
        Ok(Self { side, channels, classes, brought, bytes, labels })
    }

    /// Without colour: the luminance of ITU-R BT.601.
    pub fn grey(self) -> Self {
        let plane = self.side * self.side;
        if self.channels == 1 {
            return self;
        }
        let grey = |picture: &[u8], at: usize| {
            let [r, g, b] = [0, 1, 2].map(|channel| picture[channel * plane + at] as f32);
            (0.299 * r + 0.587 * g + 0.114 * b).round() as u8
        };
        let pictures = self.bytes.chunks(3 * plane);
        let bytes = pictures.flat_map(|picture| (0..plane).map(move |at| grey(picture, at))).collect();
        Self { channels: 1, bytes, ..self }
    }

    pub fn describe(&self, id: impl Serialize) -> Description {
        let sides = [self.side, self.side, self.channels];
        Description {
            own: true,
            count: Some(self.count()),
            brought: Some(self.brought),
            classes: (!self.classes.is_empty()).then(|| self.classes.clone()),
            ..Description::new(id, "images", sides[..if self.channels == 1 { 2 } else { 3 }].to_vec())
        }
    }

    pub fn count(&self) -> usize {
        self.bytes.len() / self.numbers()
    }

    /// Numbers in one picture.
    pub fn numbers(&self) -> usize {
        self.channels * self.side * self.side
    }

    /// One picture at random, of a class if one is asked for, appended in [-1, 1], channel after channel. Its class, 0 where there are none.
    pub fn draw(&self, class: Option<usize>, augment: Augment, stream: &mut Stream, values: &mut Vec<f32>) -> usize {
        let at = match class {
            Some(class) if !self.labels.is_empty() => self.of_class(class, stream),
            _ => stream.below(self.count()),
        };
        let change = Change::draw(augment, self.side, stream);
        let plane = self.side * self.side;
        for channel in self.bytes[at * self.numbers()..][..self.numbers()].chunks(plane) {
            change.append(channel, self.side, values);
        }
        self.labels.get(at).map_or(0, |label| *label as usize)
    }

    fn of_class(&self, class: usize, stream: &mut Stream) -> usize {
        let members =
            || self.labels.iter().enumerate().filter(|(_, label)| **label as usize == class).map(|(at, _)| at);
        let count = members().count();
        // Every class has a member; of one that does not exist any picture will do.
        if count == 0 { stream.below(self.count()) } else { members().nth(stream.below(count)).unwrap_or(0) }
    }

    /// Pictures and labels as a session file holds them: three bytes a number, exact in f32.
    pub fn pack(&self) -> [Vec<f32>; 2] {
        [&self.bytes, &self.labels].map(|bytes| {
            let number = |three: &[u8]| three.iter().rev().fold(0u32, |number, byte| number << 8 | *byte as u32) as f32;
            bytes.chunks(PACKED).map(number).collect()
        })
    }

    /// The album that [`Album::pack`] wrote; `count` pictures, each checked against what the header says.
    pub fn unpack(head: AlbumHead, [pictures, labels]: [Vec<f32>; 2]) -> Result<Self> {
        let AlbumHead { side, channels, count, brought, classes } = head;
        let sizes = (1..=512).contains(&side) && matches!(channels, 1 | 3);
        let expected = [count, channels, side, side].into_iter().fold(1usize, usize::saturating_mul);
        let bytes = |numbers: Vec<f32>, length: usize| {
            let fits = numbers.len() == length.div_ceil(PACKED);
            let mut bytes: Vec<u8> =
                numbers.into_iter().flat_map(|n| (n as u32).to_le_bytes().into_iter().take(PACKED)).collect();
            bytes.truncate(length);
            fits.then_some(bytes).ok_or_else(|| Error::session("its pictures are not all there"))
        };
        if !sizes || expected > MOST_BYTES || count < LEAST || classes.len() > MOST_CLASSES {
            return Err(Error::session("its pictures are of an impossible size"));
        }
        let labels = bytes(labels, if classes.is_empty() { 0 } else { count })?;
        if labels.iter().any(|label| *label as usize >= classes.len()) {
            return Err(Error::session("a picture's class is not one of its classes"));
        }
        Ok(Self { side, channels, classes, brought, bytes: bytes(pictures, expected)?, labels })
    }

    pub fn head(&self) -> AlbumHead {
        let Self { side, channels, brought, .. } = *self;
        AlbumHead { side, channels, count: self.count(), brought, classes: self.classes.clone() }
    }
}

/// What a session file's header says of an album.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AlbumHead {
    pub side: usize,
    pub channels: usize,
    pub count: usize,
    pub brought: usize,
    pub classes: Vec<String>,
}

/// Of `count` pictures of so many numbers, those that fit, evenly spread over the order in which they came.
fn choose(count: usize, numbers: usize) -> Result<(usize, Vec<usize>)> {
    let most = MOST_BYTES / numbers;
    if count < LEAST {
        return Err(Error::flaw(Flaw::Pictures { count, least: LEAST, most }, Place::Key("data".into())));
    }
    let kept = count.min(most);
    Ok((count, (0..kept).map(|at| at * count / kept).collect()))
}

/// Instead of a picture of some larger class, one of each class that would have none.
fn with_every_class(mut kept: Vec<usize>, labels: &[u8], classes: usize) -> Vec<usize> {
    let mut counts = vec![0; classes];
    if !labels.is_empty() {
        kept.iter().for_each(|at| counts[labels[*at] as usize] += 1);
    }
    for class in 0..classes {
        let first = labels.iter().position(|label| *label as usize == class);
        let Some(first) = first.filter(|_| counts[class] == 0) else { continue };
        let near = kept.partition_point(|at| *at < first);
        let places = (0..kept.len()).map(|step| (near + step) % kept.len());
        let spare = places.into_iter().find(|place| counts[labels[kept[*place]] as usize] > 1);
        if let Some(place) = spare {
            counts[labels[kept[place]] as usize] -= 1;
            counts[class] = 1;
            kept[place] = first;
        }
    }
    kept
}

fn check_labels(labels: Vec<u8>, pictures: usize, classes: &[String], place: &str) -> Result<Vec<u8>> {
    let refuse = |flaw| Err(Error::flaw(flaw, Place::Key(place.into())));
    if labels.is_empty() && classes.is_empty() {
        return Ok(labels);
    }
    if labels.len() != pictures {
        return refuse(Flaw::LabelCount { labels: labels.len(), pictures });
    }
    if !(2..=MOST_CLASSES).contains(&classes.len()) {
        return refuse(Flaw::Classes { classes: classes.len(), least: 2, most: MOST_CLASSES });
    }
    match labels.iter().position(|label| *label as usize >= classes.len()) {
        Some(at) => Err(Error::data("a label is none of the classes", format!("{place}[{at}]"))),
        None => Ok(labels),
    }
}

/// The classes of labels that are numbers, in their order.
fn by_number(labels: &[f64], pictures: usize, classed: bool) -> Result<(Vec<u8>, Vec<String>)> {
    let refuse = |flaw| Err(Error::flaw(flaw, Place::Key("data.labels".into())));
    if labels.len() != pictures {
        return refuse(Flaw::LabelCount { labels: labels.len(), pictures });
    }
    let mut values = labels.to_vec();
    values.sort_unstable_by(f64::total_cmp);
    values.dedup();
    if !(2..=MOST_CLASSES).contains(&values.len()) {
        let none = Ok(Default::default());
        return if classed {
            refuse(Flaw::Classes { classes: values.len(), least: 2, most: MOST_CLASSES })
        } else {
            none
        };
    }
    let class = |label: &f64| values.partition_point(|value| value < label) as u8;
    Ok((labels.iter().map(class).collect(), values.iter().map(f64::to_string).collect()))
}

/// The middle square at another size: the mean over the area that each new pixel covers.
fn square(pixels: &[u8], width: usize, height: usize, side: usize) -> Vec<u8> {
    let shorter = width.min(height);
    let (left, top) = ((width - shorter) / 2, (height - shorter) / 2);
    let spans: Vec<Vec<(usize, f32)>> = (0..side).map(|at| span(at, shorter, side)).collect();
    let mut squared = Vec::with_capacity(side * side);
    for rows in &spans {
        for columns in &spans {
            let mut sum = 0.0;
            for (row, share) in rows {
                let line = &pixels[(top + row) * width + left..];
                sum += share * columns.iter().map(|(column, share)| share * line[*column] as f32).sum::<f32>();
            }
            squared.push(sum.round() as u8);
        }
    }
    squared
}

/// The old pixels under a new one, with their shares, which add up to 1.
fn span(at: usize, old: usize, new: usize) -> Vec<(usize, f32)> {
    let ratio = old as f32 / new as f32;
    let (from, to) = (at as f32 * ratio, ((at + 1) as f32 * ratio).min(old as f32));
    let covered = |pixel: usize| (to.min(pixel as f32 + 1.0) - from.max(pixel as f32)).max(0.0);
    let pixels = from as usize..(to.ceil() as usize).min(old);
    let total: f32 = pixels.clone().map(covered).sum();
    pixels.map(|pixel| (pixel, covered(pixel) / total)).collect()
}

#[cfg(test)]
mod tests;
