//! Aligned faces of photos as `training/faces_pack.py` packs them, for the native trainer: pictures stay on disk, where a step reads its own.

use std::collections::HashMap;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use super::gallery::Portraits;
use super::npy;
use crate::error::{Error, Result};
use crate::rng::Stream;
use crate::weights::zip;

/// Pixels on a side of a packed picture, and of the middle that an aligned face is.
pub const PACKED: usize = 112;
pub const SIDE: usize = 96;

/// Red, green, blue, and where the head is.
const CHANNELS: usize = 4;

/// A picture is moved by up to so many pixels: rounded up from what the finder gets wrong of frontal faces.
const SHIFT: usize = 3;

/// Share of profiles among a person's pictures.
const PROFILES: f32 = 0.25;

/// A folder of packed faces.
#[derive(Debug)]
pub struct Packed {
    real: Pixels,
    turned: Pixels,
    /// Radians; of a picture that was not turned yet, not a number.
    turned_yaw: Vec<f64>,
    yaw: Vec<f64>,
    /// Where a frontal photo's turned pictures begin.
    slots: HashMap<usize, usize>,
    /// Turned pictures of each photo.
    views: usize,
    people: Vec<Photos>,
    tests: Vec<Photos>,
}

/// A person's photos by number.
#[derive(Debug, Default)]
struct Photos {
    frontal: Vec<usize>,
    profile: Vec<usize>,
}

/// A file of pictures.
#[derive(Debug)]
struct Pixels {
    path: PathBuf,
    start: usize,
    count: usize,
}

impl Packed {
    pub fn read(folder: &Path) -> Result<Self> {
        let index = Index::read(&folder.join("faces.npz"))?;
        let (real, turned) = (Pixels::open(folder.join("real.npy"))?, Pixels::open(folder.join("turned.npy"))?);
        let path = folder.join("turned_yaw.npy");
        let turned_yaw = npy::doubles(&bytes(&path)?, &path.display().to_string())?;
        let views = turned.count / index.frontal.len().max(1);
        if index.yaw.len() != real.count || [turned_yaw.len(), views * index.frontal.len()] != [turned.count; 2] {
            return Err(Error::data("its files are not of one packing: their counts differ", folder.display()));
        }
        let slots = index.frontal.iter().enumerate().map(|(place, at)| (*at as usize, views * place)).collect();
        let (people, tests) = (index.people(false), index.people(true));
        if people.is_empty() {
            return Err(Error::data("there is nobody to learn from", folder.display()));
        }
        Ok(Self { real, turned, turned_yaw, yaw: index.yaw, slots, views, people, tests })
    }

    /// Whom it learns from.
    pub fn people(&self) -> usize {
        self.people.len()
    }

    /// `pictures` of each of so many people at random. A person's are mirrored, moved and coloured alike, since each is what the one before
    /// is asked for; most are one photo and what was turned out of it, which teaches the most.
    pub fn draw(&self, people: usize, pictures: usize, random: &mut Stream) -> Result<Portraits> {
        let mut drawn = Portraits { values: Vec::new(), people: Vec::new(), yaws: Vec::new() };
        for _ in 0..people {
            let number = random.below(self.people.len());
            let photos = &self.people[number];
            let frontal = pick(&photos.frontal, random);
            let change = Change::draw(random);
            for _ in 0..pictures {
                let profile = random.uniform() < PROFILES || frontal.is_none();
                let (pixels, yaw) = match (pick(&photos.profile, random), frontal) {
                    (Some(photo), _) if profile => self.view(photo, 0)?,
                    (_, Some(photo)) => self.view(photo, random.below(self.views + 1))?,
                    (_, None) => return Err(Error::data("a person has no photos", number)),
                };
                drawn.values.extend(change.apply(&pixels));
                drawn.people.push(number);
                drawn.yaws.push(if change.mirrored { -yaw } else { yaw });
            }
        }
        Ok(drawn)
    }

    /// A frontal photo of each of up to so many people who are not learned from, as it is.
    ///
    /// # Shapes
    /// `[people, 3, side, side]`
    pub fn tests(&self, count: usize) -> Result<Vec<f32>> {
        let photos = self.tests.iter().filter_map(|photos| photos.frontal.first()).take(count);
        let pictures = photos.map(|photo| Ok(Change::NONE.apply(&self.real.picture(*photo)?)));
        Ok(pictures.collect::<Result<Vec<_>>>()?.concat())
    }

    /// A photo as it is (0), or turned; and its yaw. One that is not turned yet is used as it is.
    fn view(&self, photo: usize, place: usize) -> Result<(Vec<u8>, f32)> {
        let slot = place.checked_sub(1).and_then(|place| Some(self.slots.get(&photo)? + place));
        match slot.filter(|at| self.turned_yaw[*at].is_finite()) {
            Some(at) => Ok((self.turned.picture(at)?, self.turned_yaw[at] as f32)),
            None => Ok((self.real.picture(photo)?, self.yaw[photo] as f32)),
        }
    }
}

fn pick(photos: &[usize], random: &mut Stream) -> Option<usize> {
    match photos.len() {
        0 => None,
        count => Some(photos[random.below(count)]),
    }
}

fn bytes(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).map_err(|e| Error::data(e.to_string(), path.display()))
}

/// What `faces.npz` says of each photo.
struct Index {
    person: Vec<i64>,
    profile: Vec<bool>,
    test: Vec<bool>,
    frontal: Vec<i64>,
    yaw: Vec<f64>,
}

impl Index {
    fn read(path: &Path) -> Result<Self> {
        let (file, place) = (bytes(path)?, path.display().to_string());
        let wrong = |e: Error| Error::data(e.to_string(), &place);
        let entries = zip::entries(&file).map_err(wrong)?;
        let array = |name: &str| {
            let place = format!("{name} of {place}");
            let entry = entries.get(name).ok_or_else(|| Error::data("it is missing", &place))?;
            Ok((entry.content().map_err(wrong)?, place))
        };
        let integers = |name| array(name).and_then(|(bytes, place)| npy::integers(bytes, &place));
        let booleans = |name| array(name).and_then(|(bytes, place)| npy::booleans(bytes, &place));
        let (yaw, at) = array("yaw.npy")?;
        let index = Self {
            person: integers("person.npy")?,
            profile: booleans("profile.npy")?,
            test: booleans("test.npy")?,
            frontal: integers("frontal.npy")?,
            yaw: npy::doubles(yaw, &at)?,
        };
        let count = index.yaw.len();
        let fits = [index.person.len(), index.profile.len(), index.test.len()] == [count; 3]
            && index.frontal.iter().all(|at| (0..count as i64).contains(at));
        if fits { Ok(index) } else { Err(Error::data("its arrays do not belong together", place)) }
    }

    /// The people to learn from, or those to test with, in the order of their numbers.
    fn people(&self, test: bool) -> Vec<Photos> {
        let mut people: std::collections::BTreeMap<i64, Photos> = Default::default();
        for at in (0..self.yaw.len()).filter(|at| self.test[*at] == test) {
            let photos = people.entry(self.person[at]).or_default();
            let group = if self.profile[at] { &mut photos.profile } else { &mut photos.frontal };
            group.push(at);
        }
        people.into_values().collect()
    }
}

impl Pixels {
    const SIZE: usize = CHANNELS * PACKED * PACKED;

    fn open(path: PathBuf) -> Result<Self> {
        let wrong = |said: String| Error::data(said, path.display());
        let file = File::open(&path).map_err(|e| wrong(e.to_string()))?;
        let length = file.metadata().map_err(|e| wrong(e.to_string()))?.len();
        let mut first = Vec::new();
        file.take(npy::MOST as u64).read_to_end(&mut first).map_err(|e| wrong(e.to_string()))?;
        let header = npy::header(&first, &path.display().to_string())?;
        if header.by_column {
            return Err(wrong("its numbers go column by column".into()));
        }
        let [count, CHANNELS, PACKED, PACKED] = header.shape[..] else {
            return Err(wrong(format!("its shape is {:?}, not [n, {CHANNELS}, {PACKED}, {PACKED}]", header.shape)));
        };
        if header.descr != "|u1" {
            return Err(wrong(format!("its numbers are {}, |u1 was expected", header.descr)));
        }
        let there = (length as usize).saturating_sub(header.start) / Self::SIZE;
        if there < count {
            return Err(wrong(format!("it is cut off: {there} of {count} pictures")));
        }
        Ok(Self { path, start: header.start, count })
    }

    /// One picture's pixels, channel after channel.
    fn picture(&self, at: usize) -> Result<Vec<u8>> {
        let mut pixels = vec![0; Self::SIZE];
        let read = |pixels: &mut [u8]| {
            let mut file = File::open(&self.path)?;
            file.seek(SeekFrom::Start((self.start + at * Self::SIZE) as u64))?;
            file.read_exact(pixels)
        };
        read(&mut pixels).map_err(|e| Error::data(e.to_string(), self.path.display()))?;
        Ok(pixels)
    }
}

/// How pictures are changed before they are learned from.
struct Change {
    mirrored: bool,
    left: usize,
    top: usize,
    /// Of each colour: its factor.
    gain: [f32; 3],
    offset: f32,
    grey: bool,
}

impl Change {
    const MARGIN: usize = (PACKED - SIDE) / 2;

    /// The middle, as it is.
    const NONE: Self =
        Self { mirrored: false, left: Self::MARGIN, top: Self::MARGIN, gain: [1.0; 3], offset: 0.0, grey: false };

    /// Contrast, brightness and colour as `training/faces_batch.py` changes them; one in eight is grey.
    fn draw(random: &mut Stream) -> Self {
        let mirrored = random.uniform() < 0.5;
        let [left, top] = [0; 2].map(|_| Self::MARGIN - SHIFT + random.below(2 * SHIFT + 1));
        let contrast = random.range(0.8, 1.2);
        let gain = [0; 3].map(|_| contrast * random.range(0.93, 1.07));
        Self { mirrored, left, top, gain, offset: random.range(-0.15, 0.15), grey: random.uniform() < 0.125 }
    }

    /// # Shapes
    /// `4 packed packed` bytes -> `3 side side` numbers in [-1, 1]
    fn apply(&self, pixels: &[u8]) -> Vec<f32> {
        let mut values = Vec::with_capacity(3 * SIDE * SIDE);
        for (channel, gain) in self.gain.iter().enumerate() {
            for y in 0..SIDE {
                let row = (channel * PACKED + self.top + y) * PACKED + self.left;
                let colour = |byte: &u8| ((*byte as f32 / 127.5 - 1.0) * gain + self.offset).clamp(-1.0, 1.0);
                values.extend(pixels[row..row + SIDE].iter().map(colour));
            }
        }
        if self.mirrored {
            values.chunks_mut(SIDE).for_each(<[f32]>::reverse);
        }
        if self.grey {
            let plane = SIDE * SIDE;
            for at in 0..plane {
                let luma = 0.299 * values[at] + 0.587 * values[plane + at] + 0.114 * values[2 * plane + at];
                (0..3).for_each(|channel| values[channel * plane + at] = luma);
            }
        }
        values
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mirroring_moves_nothing_else() {
        let pixels: Vec<u8> = (0..CHANNELS * PACKED * PACKED).map(|at| (at % PACKED) as u8).collect();
        let byte = |value: f32| ((value + 1.0) * 127.5).round() as usize;
        let plain = Change::NONE.apply(&pixels);
        let mirrored = Change { mirrored: true, left: 10, ..Change::NONE }.apply(&pixels);
        assert_eq!([byte(plain[0]), byte(plain[95]), byte(mirrored[0]), byte(mirrored[95])], [8, 103, 105, 10]);
        let grey = Change { grey: true, ..Change::NONE }.apply(&pixels);
        assert!(grey.iter().zip(&plain).all(|(a, b)| (a - b).abs() < 1e-6), "it was grey before");
    }
}
