//! Arrays as NumPy saves them: version 1 of its format, a line of Python before the numbers, which go row by row.

use crate::error::{Error, Result};

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
}

/// The header of a file that begins with these bytes; `place` says in errors which file that is.
pub fn header(bytes: &[u8], place: &str) -> Result<Header> {
    let wrong = |said: &str| Error::data(said, place);
    if bytes.len() < START {
        return Err(wrong("it is cut off"));
    }
    if !bytes.starts_with(b"\x93NUMPY\x01\x00") {
        return Err(wrong("it is not an array of NumPy's format, version 1"));
    }
    let start = START + usize::from(u16::from_le_bytes([bytes[8], bytes[9]]));
    let text = bytes.get(START..start).ok_or_else(|| wrong("it is cut off"))?;
    let text = std::str::from_utf8(text).map_err(|_| wrong("its header is not text"))?;
    let value = |key: &str, open: &str, close: char| {
        let (_, rest) = text.split_once(key)?;
        rest.trim_start().strip_prefix(open)?.split_once(close).map(|(value, _)| value.trim())
    };
    if value("'fortran_order':", "", ',') != Some("False") {
        return Err(wrong("its numbers go column by column"));
    }
    let descr = value("'descr':", "'", '\'').ok_or_else(|| wrong("its numbers are of no plain kind"))?;
    let sides = value("'shape':", "(", ')').ok_or_else(|| wrong("it says no shape"))?;
    let sides = sides.split(',').map(str::trim).filter(|side| !side.is_empty());
    let shape = sides.map(str::parse).collect::<std::result::Result<_, _>>().map_err(|_| wrong("it says no shape"))?;
    Ok(Header { descr: descr.to_string(), shape, start })
}

/// A list's numbers of one kind, all there and of that kind.
fn list<T, const WIDTH: usize>(bytes: &[u8], descr: &str, place: &str, read: fn([u8; WIDTH]) -> T) -> Result<Vec<T>> {
    let header = header(bytes, place)?;
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
}
