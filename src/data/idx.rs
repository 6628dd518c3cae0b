//! IDX files, as MNIST was published in (LeCun, Cortes and Burges 1998): two zero bytes, a type, the number of dimensions, the sizes with
//! the highest byte first, then the numbers, of any of the six types. Pictures have three dimensions (or two, where each is one row of
//! numbers; or four, in grey or in colour), labels one, or two with several columns (QMNIST's eight, the class first; or one column a class).

use std::borrow::Cow;

use crate::error::{Error, Flaw, Place, Result};

/// Where the sizes begin.
const SIZES: usize = 4;

/// Bytes from 0 for black (or paper) to 255, picture after picture, channel after channel, row by row.
#[derive(Debug, Clone, PartialEq)]
pub struct Pictures<'a> {
    pub count: usize,
    /// 1 (grey) or 3.
    pub channels: usize,
    pub height: usize,
    pub width: usize,
    pub pixels: Cow<'a, [u8]>,
}

pub fn pictures(file: &[u8]) -> Result<Pictures<'_>> {
    let numbers = Numbers::read(file)?;
    let (count, [channels, height, width], last) = match *numbers.shape {
        [count, height, width] => (count, [1, height, width], false),
        [count, length] if square_root(length) > 1 => (count, [1, square_root(length), square_root(length)], false),
        [count, channels @ (1 | 3), height, width] => (count, [channels, height, width], false),
        [count, height, width, channels @ (1 | 3)] => (count, [channels, height, width], true),
        _ => return Err(numbers.dimensions(3)),
    };
    let mut pixels = numbers.bytes_of_light()?;
    let plane = height * width;
    if last && channels > 1 && plane > 0 {
        let planes =
            |picture: &[u8]| (0..channels * plane).map(|at| picture[at % plane * channels + at / plane]).collect();
        pixels = pixels.chunks(channels * plane).flat_map(|picture| -> Vec<u8> { planes(picture) }).collect();
    }
    Ok(Pictures { count, channels, height, width, pixels })
}

/// A class for each picture, by its number.
pub fn labels(file: &[u8]) -> Result<Vec<f64>> {
    let numbers = Numbers::read(file)?;
    numbers.finite()?;
    match *numbers.shape {
        [_] => Ok(numbers.values().collect()),
        [count, columns] if columns > 0 => {
            let value = |row: usize, column: usize| numbers.kind.value(numbers.bytes, row * columns + column);
            let of_one = |row: usize| {
                let mut ones = (0..columns).filter(|column| value(row, *column) != 0.0);
                ones.next().filter(|column| value(row, *column) == 1.0 && ones.next().is_none())
            };
            // One column a class, and exactly one of them 1.
            let one_hot = columns > 1 && (0..count).all(|row| of_one(row).is_some());
            let class = |row| if one_hot { of_one(row).unwrap_or_default() as f64 } else { value(row, 0) };
            Ok((0..count).map(class).collect())
        }
        _ => Err(numbers.dimensions(1)),
    }
}

/// Whether two files were given in each other's place: pictures have more dimensions than labels.
pub fn exchanged(pictures: &[u8], labels: &[u8]) -> bool {
    let dimensions = |file: &[u8]| file.get(3).copied().unwrap_or_default();
    dimensions(pictures) < 3 && dimensions(labels) >= 3
}

fn square_root(length: usize) -> usize {
    let root = length.isqrt();
    if root * root == length { root } else { 0 }
}

/// The types that numbers come in, by their codes in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    U8 = 0x08,
    I8 = 0x09,
    I16 = 0x0B,
    I32 = 0x0C,
    F32 = 0x0D,
    F64 = 0x0E,
}

impl Kind {
    const ALL: [Kind; 6] = [Kind::U8, Kind::I8, Kind::I16, Kind::I32, Kind::F32, Kind::F64];

    fn width(self) -> usize {
        match self {
            Kind::U8 | Kind::I8 => 1,
            Kind::I16 => 2,
            Kind::I32 | Kind::F32 => 4,
            Kind::F64 => 8,
        }
    }

    fn is_float(self) -> bool {
        matches!(self, Kind::F32 | Kind::F64)
    }

    /// One of the numbers in these bytes.
    fn value(self, bytes: &[u8], at: usize) -> f64 {
        fn of<const N: usize>(bytes: &[u8], at: usize, value: fn([u8; N]) -> f64) -> f64 {
            bytes.as_chunks::<N>().0.get(at).map_or(0.0, |bytes| value(*bytes))
        }
        match self {
            Kind::U8 => of(bytes, at, |[byte]| byte as f64),
            Kind::I8 => of(bytes, at, |bytes| i8::from_be_bytes(bytes) as f64),
            Kind::I16 => of(bytes, at, |bytes| i16::from_be_bytes(bytes) as f64),
            Kind::I32 => of(bytes, at, |bytes| i32::from_be_bytes(bytes) as f64),
            Kind::F32 => of(bytes, at, |bytes| f32::from_be_bytes(bytes) as f64),
            Kind::F64 => of(bytes, at, f64::from_be_bytes),
        }
    }
}

/// A file's numbers and their sizes.
struct Numbers<'a> {
    kind: Kind,
    shape: Vec<usize>,
    bytes: &'a [u8],
}

impl<'a> Numbers<'a> {
    fn read(file: &'a [u8]) -> Result<Self> {
        let refuse = |flaw, byte| Err(Error::flaw(flaw, Place::Byte(byte)));
        let cut = |expected: u64| refuse(Flaw::IdxCutOff { expected, found: file.len() }, file.len());
        if let Some(byte) = file.iter().take(2).position(|byte| *byte != 0) {
            return refuse(Flaw::IdxForeign, byte);
        }
        let [_, _, code, dimensions, ..] = *file else { return cut(SIZES as u64) };
        let Some(kind) = Kind::ALL.into_iter().find(|kind| *kind as u8 == code) else {
            return refuse(Flaw::IdxType { found: format!("{code:#04x}") }, 2);
        };
        let head = SIZES + 4 * dimensions as usize;
        let Some((sizes, bytes)) = file[SIZES..].split_at_checked(head - SIZES) else { return cut(head as u64) };
        let shape: Vec<usize> =
            sizes.as_chunks::<4>().0.iter().map(|bytes| u32::from_be_bytes(*bytes) as usize).collect();
        // Three sizes of 32 bits may exceed 64: such a file is cut off in any case.
        let total = shape.iter().fold(kind.width() as u64, |total, size| total.saturating_mul(*size as u64));
        let (head, found) = (head as u64, bytes.len() as u64);
        if found < total {
            return cut(head.saturating_add(total));
        }
        if found > total {
            return refuse(Flaw::IdxSurplus { surplus: found - total }, (head + total) as usize);
        }
        Ok(Self { kind, shape, bytes })
    }

    fn dimensions(&self, expected: u8) -> Error {
        Error::flaw(Flaw::IdxDimensions { found: self.shape.len() as u8, expected }, Place::Byte(3))
    }

    /// One after another: as a list they would fill eight times the memory of their bytes.
    fn values(&self) -> impl Iterator<Item = f64> {
        (0..self.bytes.len() / self.kind.width()).map(|at| self.kind.value(self.bytes, at))
    }

    fn finite(&self) -> Result<()> {
        match self.values().position(|value| !value.is_finite()) {
            Some(at) => {
                let byte = SIZES + 4 * self.shape.len() + at * self.kind.width();
                Err(Error::flaw(Flaw::IdxNotFinite, Place::Byte(byte)))
            }
            None => Ok(()),
        }
    }

    /// As bytes. Whole numbers from 0 to 255 are that already; 0 to 1 and (as fractions) -1 to 1 are customary; of any others the lowest
    /// becomes 0 and the highest 255.
    fn bytes_of_light(&self) -> Result<Cow<'a, [u8]>> {
        if self.kind == Kind::U8 && self.bytes.iter().any(|byte| *byte > 1) {
            return Ok(Cow::Borrowed(self.bytes));
        }
        self.finite()?;
        let low = self.values().fold(f64::INFINITY, f64::min);
        let high = self.values().fold(f64::NEG_INFINITY, f64::max);
        let (low, high) = match (low, high) {
            (0.0.., ..=1.0) => (0.0, 1.0),
            (-1.0.., ..=1.0) if self.kind.is_float() => (-1.0, 1.0),
            (0.0.., ..=255.0) => (0.0, 255.0),
            _ => (low, high),
        };
        let scale = if high > low { 255.0 / (high - low) } else { 0.0 };
        Ok(self.values().map(|value| ((value - low) * scale).round() as u8).collect())
    }
}

#[cfg(all(test, not(target_family = "wasm")))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn file(shape: &[u32], numbers: &[u8]) -> Vec<u8> {
        let sizes = shape.iter().flat_map(|size| size.to_be_bytes());
        [0, 0, 0x08, shape.len() as u8].into_iter().chain(sizes).chain(numbers.iter().copied()).collect()
    }

    /// A file of another type; its numbers with the highest byte first.
    fn typed<const N: usize>(kind: Kind, shape: &[u32], numbers: impl IntoIterator<Item = [u8; N]>) -> Vec<u8> {
        let mut file = file(shape, &numbers.into_iter().flatten().collect::<Vec<u8>>());
        file[2] = kind as u8;
        file
    }

    fn flaw(refused: Result<Pictures<'_>>) -> (Flaw, Place) {
        match refused {
            Err(Error::InvalidData { flaw, place }) => (flaw, place),
            other => panic!("{other:?}"),
        }
    }

    proptest! {
        #[test]
        fn what_was_written_is_read(count in 0usize..5, height in 1usize..7, width in 1usize..7) {
            let pixels: Vec<u8> = (0..count * height * width).map(|at| (at * 37 % 251) as u8).collect();
            let written = file(&[count as u32, height as u32, width as u32], &pixels);
            prop_assert_eq!(pictures(&written), Ok(Pictures { count, channels: 1, height, width, pixels: Cow::Borrowed(&pixels) }));
            let written = file(&[pixels.len() as u32], &pixels);
            prop_assert_eq!(labels(&written), Ok(pixels.iter().map(|byte| *byte as f64).collect()));
        }

        #[test]
        fn a_shorter_file_says_how_long_it_should_be(missing in 1usize..40) {
            let whole = file(&[3, 2, 4], &[7; 24]);
            let found = whole.len() - missing;
            let refused = flaw(pictures(&whole[..found]));
            // How many sizes there are stands at byte 3.
            let expected = [4, 16, 40][usize::from(found >= 4) + usize::from(found >= 16)];
            prop_assert_eq!(refused, (Flaw::IdxCutOff { expected, found }, Place::Byte(found)));
        }

        #[test]
        fn a_longer_file_says_where_it_should_end(surplus in 1usize..40) {
            let mut long = file(&[3, 2, 4], &[7; 24]);
            long.extend(vec![0; surplus]);
            prop_assert_eq!(flaw(pictures(&long)), (Flaw::IdxSurplus { surplus: surplus as u64 }, Place::Byte(40)));
        }

        #[test]
        fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
            let _ = (pictures(&bytes), labels(&bytes));
        }

        #[test]
        fn sizes_beyond_memory_are_cut_off(sizes in prop::array::uniform3(1u32 << 28..)) {
            let cut_off = matches!(flaw(pictures(&file(&sizes, &[1, 2, 3]))), (Flaw::IdxCutOff { .. }, Place::Byte(19)));
            prop_assert!(cut_off);
        }
    }

    #[test]
    fn a_wrong_beginning_is_named_by_its_byte() {
        let mut foreign = file(&[1, 1, 1], &[5]);
        foreign[1] = 3;
        assert_eq!(flaw(pictures(&foreign)), (Flaw::IdxForeign, Place::Byte(1)));
        let mut floats = file(&[1, 1, 1], &[5]);
        floats[2] = 0x0A;
        assert_eq!(flaw(pictures(&floats)), (Flaw::IdxType { found: "0x0a".into() }, Place::Byte(2)));
        let expected = (Flaw::IdxDimensions { found: 1, expected: 3 }, Place::Byte(3));
        assert_eq!(flaw(pictures(&file(&[2], &[5, 6]))), expected);
        assert!(labels(&file(&[1, 1, 1], &[5])).unwrap_err().to_string().contains("at byte 3"));
    }

    #[test]
    fn every_type_becomes_bytes_of_light() {
        let read = |file: &[u8]| pictures(file).unwrap().pixels.into_owned();
        let shape = [1, 2, 2];
        let whole = [0, 7, 200, 255];
        assert_eq!(read(&file(&shape, &[0, 7, 200, 255])), whole);
        assert_eq!(read(&typed(Kind::I16, &shape, whole.map(|n| (n as i16).to_be_bytes()))), whole);
        assert_eq!(read(&typed(Kind::I32, &shape, whole.map(|n| (n as i32).to_be_bytes()))), whole);
        assert_eq!(read(&typed(Kind::F32, &shape, whole.map(|n| (n as f32 / 255.0).to_be_bytes()))), whole);
        assert_eq!(read(&typed(Kind::F64, &shape, whole.map(|n| (n as f64 / 127.5 - 1.0).to_be_bytes()))), whole);
        assert_eq!(read(&typed(Kind::F32, &shape, whole.map(|n| (n as f32).to_be_bytes()))), whole);
        assert_eq!(read(&typed(Kind::I8, &shape, [-128i8, -28, 0, 127].map(i8::to_be_bytes))), [0, 100, 128, 255]);
        assert_eq!(read(&typed(Kind::I32, &shape, [-1000i32, 0, 500, 1000].map(i32::to_be_bytes))), [0, 128, 191, 255]);
        // Ink or none.
        assert_eq!(read(&file(&shape, &[0, 1, 1, 0])), [0, 255, 255, 0]);
        let torn = typed(Kind::F32, &shape, [0.0, 1.0, f32::NAN, 0.5].map(f32::to_be_bytes));
        assert_eq!(flaw(pictures(&torn)), (Flaw::IdxNotFinite, Place::Byte(16 + 8)));
        let short = typed(Kind::F64, &shape, [0.0f64; 3].map(f64::to_be_bytes));
        assert_eq!(flaw(pictures(&short)), (Flaw::IdxCutOff { expected: 16 + 32, found: 16 + 24 }, Place::Byte(40)));
    }

    #[test]
    fn pictures_come_as_rows_of_numbers_and_in_colour() {
        let rows = file(&[2, 9], &(0..18).collect::<Vec<u8>>());
        let read = pictures(&rows).unwrap();
        assert_eq!((read.count, read.height, read.width), (2, 3, 3));
        let (first, last) =
            (file(&[1, 3, 2, 4], &(0..24).collect::<Vec<u8>>()), file(&[1, 2, 4, 3], &(0..24).collect::<Vec<u8>>()));
        let [first, last] = [&first, &last].map(|file| pictures(file).unwrap());
        assert_eq!((first.channels, first.height, first.width), (3, 2, 4));
        assert_eq!((last.channels, last.height, last.width), (3, 2, 4));
        assert_eq!(first.pixels[..9], [0, 1, 2, 3, 4, 5, 6, 7, 8]);
        assert_eq!(last.pixels[..9], [0, 3, 6, 9, 12, 15, 18, 21, 1]);
        assert!(pictures(&file(&[2, 8], &[9; 16])).is_err());
    }

    #[test]
    fn labels_have_any_type_and_several_columns() {
        // QMNIST: the class, where it was written, by whom, and so on.
        let qmnist = [[5, 4, 2405, 1, 9, 0, 0, 0], [-1, 4, 2406, 7, 9, 0, 0, 0]].concat();
        assert_eq!(labels(&typed(Kind::I32, &[2, 8], qmnist.into_iter().map(i32::to_be_bytes))), Ok(vec![5.0, -1.0]));
        assert_eq!(labels(&typed(Kind::F64, &[2], [3.0f64, 0.5].map(f64::to_be_bytes))), Ok(vec![3.0, 0.5]));
        assert_eq!(labels(&file(&[3, 1], &[4, 2, 4])), Ok(vec![4.0, 2.0, 4.0]));
        // A column for each class.
        assert_eq!(labels(&file(&[3, 3], &[0, 1, 0, 0, 0, 1, 1, 0, 0])), Ok(vec![1.0, 2.0, 0.0]));
        assert!(labels(&file(&[1, 1, 1], &[5])).is_err());
    }
}
