//! Arrays as NumPy saves them: a line of Python before the numbers, which go row by row, or column by column.

use std::borrow::Cow;

use super::table::words::Words;
use crate::error::{Error, Flaw, Place, Result};

/// What stands before a header of version 1: the mark, the version, the header's length.
const START: usize = 10;

/// Bytes of a file that a header of ours fits into.
pub const MOST: usize = START + u16::MAX as usize;

/// What an array is, and where its numbers begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// Byte order, kind and width, as in `<f8`.
    pub descr: String,
    pub shape: Vec<usize>,
    pub start: usize,
    /// The first index is the fastest, as in Fortran.
    pub by_column: bool,
}

impl Header {
    /// Numbers in the array.
    pub fn count(&self) -> usize {
        self.shape.iter().fold(1, |count, side| count.saturating_mul(*side))
    }

    /// Bytes of all of them.
    pub fn bytes(&self) -> usize {
        let width =
            kind(&self.descr).map_or(0, |(_, kind, width)| if kind == 'U' { width.saturating_mul(4) } else { width });
        self.count().saturating_mul(width)
    }

    pub fn is_number(&self) -> bool {
        kind(&self.descr).is_some_and(|(_, kind, _)| "bfiu".contains(kind))
    }
}

/// Byte order, kind and width.
fn kind(descr: &str) -> Option<(char, char, usize)> {
    let mut chars = descr.chars();
    Some((chars.next()?, chars.next()?, chars.as_str().parse().ok()?))
}

/// The header of a file that begins with these bytes; `place` says in errors which file that is.
pub fn header(bytes: &[u8], place: &str) -> Result<Header> {
    let wrong = |said: &str| Error::data(said, place);
    if bytes.len() < START {
        return Err(wrong("it is cut off"));
    }
    // Versions 2 and 3 have a longer length, and 3 names that are not of Latin letters.
    let [start, length] = match bytes {
        [0x93, b'N', b'U', b'M', b'P', b'Y', 1, 0, low, high, ..] => {
            [START, usize::from(u16::from_le_bytes([*low, *high]))]
        }
        [0x93, b'N', b'U', b'M', b'P', b'Y', 2 | 3, 0, a, b, c, d, ..] => {
            [START + 2, u32::from_le_bytes([*a, *b, *c, *d]) as usize]
        }
        _ => return Err(wrong("it is not an array of NumPy's format")),
    };
    let text = bytes.get(start..start.saturating_add(length)).ok_or_else(|| wrong("it is cut off"))?;
    let start = start + length;
    let text = std::str::from_utf8(text).map_err(|_| wrong("its header is not text"))?;
    let value = |key: &str, open: &str, close: char| {
        let (_, rest) = text.split_once(key)?;
        rest.trim_start().strip_prefix(open)?.split_once(close).map(|(value, _)| value.trim())
    };
    let by_column = value("'fortran_order':", "", ',') == Some("True");
    let descr = value("'descr':", "'", '\'').ok_or_else(|| wrong("its numbers are of no plain kind"))?;
    let sides = value("'shape':", "(", ')').ok_or_else(|| wrong("it says no shape"))?;
    let sides = sides.split(',').map(str::trim).filter(|side| !side.is_empty());
    let shape = sides.map(str::parse).collect::<std::result::Result<_, _>>().map_err(|_| wrong("it says no shape"))?;
    Ok(Header { descr: descr.to_string(), shape, start, by_column })
}

/// A shape as people write it.
pub fn shape_text(shape: &[usize]) -> String {
    shape.iter().map(usize::to_string).collect::<Vec<_>>().join(" × ")
}

/// Bytes of an array's elements, row by row.
#[derive(Debug, Clone)]
struct Elements<'a> {
    bytes: Cow<'a, [u8]>,
    header: Header,
    width: usize,
}

impl<'a> Elements<'a> {
    fn new(bytes: Cow<'a, [u8]>, header: Header, width: usize, place: &str) -> Result<Self> {
        let (found, expected) = ((bytes.len() - header.start) / width.max(1), header.count());
        match found < expected {
            true => Err(Error::flaw(Flaw::ArrayCutOff { found, expected }, Place::Key(place.into()))),
            false => Ok(Self { bytes, header, width }),
        }
    }

    fn get(&self, at: usize) -> &[u8] {
        let at = if self.header.by_column { turned(at, &self.header.shape) } else { at };
        let start = self.header.start + at * self.width;
        &self.bytes[start..start + self.width]
    }
}

/// Where in Fortran's order the element lies that is at this place in C's.
fn turned(mut at: usize, shape: &[usize]) -> usize {
    let mut place = 0;
    for (axis, side) in shape.iter().enumerate().rev() {
        place += at % side * shape[..axis].iter().product::<usize>();
        at /= side;
    }
    place
}

/// Numbers of any plain kind, row by row, read where they lie whenever they are asked for.
#[derive(Debug, Clone)]
pub struct Numbers<'a> {
    elements: Elements<'a>,
    big: bool,
    /// Gets an element's bytes, the lowest first.
    read: fn(&[u8]) -> f64,
}

impl Numbers<'_> {
    pub fn len(&self) -> usize {
        self.elements.header.count()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn get(&self, at: usize) -> f64 {
        let element = self.elements.get(at);
        if !self.big {
            return (self.read)(element);
        }
        let mut low = [0; 8];
        let low = &mut low[..element.len()];
        low.copy_from_slice(element);
        low.reverse();
        (self.read)(low)
    }

    /// Every so many numbers from one on, as many as there is room for.
    pub(super) fn read(&self, first: usize, stride: usize, into: &mut [f64]) {
        let Elements { bytes, header, width } = &self.elements;
        if header.by_column || self.big {
            return into.iter_mut().enumerate().for_each(|(at, number)| *number = self.get(first + at * stride));
        }
        let rest = bytes.get(header.start + first * width..).unwrap_or_default();
        for (number, element) in into.iter_mut().zip(rest.chunks(stride.max(1) * width.max(&1))) {
            *number = (self.read)(&element[..*width]);
        }
    }

    pub fn iter(&self) -> impl Iterator<Item = f64> {
        (0..self.len()).map(|at| self.get(at))
    }
}

/// An array's numbers with their shape.
pub fn numbers<'a>(bytes: impl Into<Cow<'a, [u8]>>, place: &str) -> Result<(Vec<usize>, Numbers<'a>)> {
    let bytes = bytes.into();
    let header = header(&bytes, place)?;
    let other = || Error::flaw(Flaw::ArrayKind { found: header.descr.clone() }, Place::Key(place.into()));
    let (order, kind, width) = kind(&header.descr).ok_or_else(other)?;
    let read: fn(&[u8]) -> f64 = match (kind, width) {
        ('f', 2) => |b| half::f16::from_le_bytes([b[0], b[1]]).to_f64(),
        ('f', 4) => |b| f64::from(f32::from_le_bytes([b[0], b[1], b[2], b[3]])),
        ('f', 8) => |b| f64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]),
        ('b' | 'u', 1) => |b| f64::from(b[0]),
        ('i', 1) => |b| f64::from(b[0] as i8),
        ('u', 2) => |b| f64::from(u16::from_le_bytes([b[0], b[1]])),
        ('i', 2) => |b| f64::from(i16::from_le_bytes([b[0], b[1]])),
        ('u', 4) => |b| f64::from(u32::from_le_bytes([b[0], b[1], b[2], b[3]])),
        ('i', 4) => |b| f64::from(i32::from_le_bytes([b[0], b[1], b[2], b[3]])),
        ('u', 8) => |b| u64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]) as f64,
        ('i', 8) => |b| i64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]) as f64,
        _ => return Err(other()),
    };
    let shape = header.shape.clone();
    Ok((shape, Numbers { elements: Elements::new(bytes, header, width, place)?, big: order == '>', read }))
}

/// A list of words: of letters (`U`) or of bytes (`S`).
pub fn words(bytes: &[u8], place: &str) -> Result<Words> {
    let header = header(bytes, place)?;
    let other = || Error::flaw(Flaw::ArrayKind { found: header.descr.clone() }, Place::Key(place.into()));
    let (order, kind, width) = kind(&header.descr).ok_or_else(other)?;
    let word = |element: &[u8]| match kind {
        'U' => {
            let read =
                |code: &[u8; 4]| if order == '>' { u32::from_be_bytes(*code) } else { u32::from_le_bytes(*code) };
            element.as_chunks::<4>().0.iter().map(read).filter(|code| *code != 0).filter_map(char::from_u32).collect()
        }
        _ => String::from_utf8_lossy(element).trim_end_matches('\0').to_string(),
    };
    let width = match kind {
        'U' => width.saturating_mul(4),
        'S' => width,
        _ => return Err(other()),
    };
    let elements = Elements::new(bytes.into(), header, width, place)?;
    let mut words = Words::default();
    (0..elements.header.count()).for_each(|at| words.push(&word(elements.get(at))));
    Ok(words)
}

/// A list's numbers of one kind, all there and of that kind.
fn list<T, const WIDTH: usize>(bytes: &[u8], descr: &str, place: &str, read: fn([u8; WIDTH]) -> T) -> Result<Vec<T>> {
    let header = header(bytes, place)?;
    if header.by_column {
        return Err(Error::data("its numbers go column by column", place));
    }
    let [count] = header.shape[..] else { return Err(Error::data("a list was expected", place)) };
    if header.descr != descr {
        return Err(Error::data(format!("its numbers are {}, {descr} was expected", header.descr), place));
    }
    let (numbers, _) = bytes[header.start..].as_chunks::<WIDTH>();
    match numbers.len() < count {
        true => Err(Error::data(format!("it is cut off: {} of {count} numbers", numbers.len()), place)),
        false => Ok(numbers[..count].iter().map(|number| read(*number)).collect()),
    }
}

pub fn doubles(bytes: &[u8], place: &str) -> Result<Vec<f64>> {
    list(bytes, "<f8", place, f64::from_le_bytes)
}

pub fn integers(bytes: &[u8], place: &str) -> Result<Vec<i64>> {
    list(bytes, "<i8", place, i64::from_le_bytes)
}

pub fn booleans(bytes: &[u8], place: &str) -> Result<Vec<bool>> {
    list(bytes, "|b1", place, |[byte]: [u8; 1]| byte != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(dictionary: &str, numbers: &[u8]) -> Vec<u8> {
        let length = (dictionary.len() as u16).to_le_bytes();
        [b"\x93NUMPY\x01\x00".as_slice(), &length, dictionary.as_bytes(), numbers].concat()
    }

    #[test]
    fn what_numpy_writes_is_read() {
        let text = "{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }  \n";
        let bytes = file(text, &[0.5f64.to_le_bytes(), (-2.0f64).to_le_bytes()].concat());
        assert_eq!(doubles(&bytes, "a").unwrap(), [0.5, -2.0]);
        let many = file("{'descr': '|u1', 'fortran_order': False, 'shape': (7, 4, 112, 112), }\n", &[]);
        assert_eq!(header(&many, "a").unwrap().shape, [7, 4, 112, 112]);
    }

    #[test]
    fn what_is_wrong_is_said() {
        let text = "{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }\n";
        let said = |bytes: &[u8]| doubles(bytes, "yaw.npy").unwrap_err().to_string();
        for length in [0, 9, 30, text.len() + 18] {
            assert!(said(&file(text, &[0; 16])[..length]).contains("cut off"), "{length}");
        }
        assert!(said(&[0; 80]).contains("not an array"));
        assert!(said(&file(&text.replace("<f8", "<f4"), &[0; 16])).contains("<f4"));
        assert!(said(&file(&text.replace("False", "True"), &[0; 16])).contains("column"));
        assert!(said(&file(&text.replace("(2,)", "(2, 1)"), &[0; 16])).contains("list"));
    }

    #[test]
    fn numbers_of_every_kind_and_order_are_read() {
        let array = |descr: &str, order: &str, bytes: &[u8]| {
            let text = format!("{{'descr': '{descr}', 'fortran_order': {order}, 'shape': (2, 3), }}\n");
            numbers(file(&text, bytes), "a").map(|(shape, numbers)| (shape, numbers.iter().collect::<Vec<f64>>()))
        };
        let rows = Ok((vec![2, 3], vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0]));
        assert_eq!(array("|u1", "False", &[1, 2, 3, 4, 5, 6]), rows);
        assert_eq!(array("|i1", "True", &[1, 4, 2, 5, 3, 6]), rows);
        let big: Vec<u8> = (1..=6i16).flat_map(i16::to_be_bytes).collect();
        assert_eq!(array(">i2", "False", &big), rows);
        let floats: Vec<u8> = (1..=6).flat_map(|value| (value as f32).to_le_bytes()).collect();
        assert_eq!(array("<f4", "False", &floats), rows);
        let halves: Vec<u8> = (1..=6).flat_map(|value| half::f16::from_f32(value as f32).to_le_bytes()).collect();
        assert_eq!(array("<f2", "False", &halves), rows);
        assert!(array("<c8", "False", &[0; 48]).unwrap_err().to_string().contains("<c8"));
        assert!(array("<f8", "False", &[0; 40]).unwrap_err().to_string().contains("5 of 6"));
        let text = "{'descr': '<U2', 'fortran_order': False, 'shape': (2,), }\n";
        let letters: Vec<u8> = ['a', 'b', '上', '\0'].iter().flat_map(|c| (*c as u32).to_le_bytes()).collect();
        assert!(words(&file(text, &letters), "a").unwrap().iter().eq(["ab", "上"]));
    }
}
