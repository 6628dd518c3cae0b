//! The entries of a zip archive whose bytes are stored as they are, which is how PyTorch writes them.
//!
//! Our own, because a crate for zip files brings decompression, dates and writing along, none of which is used here, and
//! copies an entry to give it out; this borrows. Sizes come from the central directory, so it does not matter that the
//! entries themselves name theirs only afterwards (data descriptors). Checksums are not looked at: PyTorch may leave
//! them out (`torch.serialization.set_crc32_options`).

use std::borrow::Cow;
use std::collections::BTreeMap;

use miniz_oxide::inflate::{decompress_slice_iter_to_slice, decompress_to_vec_with_limit};

use super::cursor::{Cursor, size};
use crate::error::{Damage, Error, Result};

/// Length of the record that ends an archive, without its comment of at most 65535 bytes.
const END: usize = 22;

/// The value that says "see the zip64 field instead".
const ELSEWHERE: u64 = u32::MAX as u64;

/// An entry as it lies in the file.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'a> {
    bytes: &'a [u8],
    /// Where they begin in the file.
    pub at: usize,
    /// Whether they are the content itself.
    plain: bool,
    /// Whether they are the content deflated: not as PyTorch stores it, but as NumPy may.
    deflated: bool,
}

impl<'a> Entry<'a> {
    pub fn content(&self) -> Result<&'a [u8]> {
        if self.plain { Ok(self.bytes) } else { Err(Error::damage(Damage::Compressed, self.at)) }
    }

    /// The first bytes of the content, at most `most`; fewer where they cannot be inflated.
    pub fn start(&self, most: usize) -> Cow<'a, [u8]> {
        match self.deflated {
            true => decompress_to_vec_with_limit(self.bytes, most).unwrap_or_else(|stopped| stopped.output).into(),
            false => Cow::Borrowed(&self.bytes[..self.bytes.len().min(most)]),
        }
    }

    /// The content, inflated where it has to be; of at most `most` bytes, which are taken at once: what grows holds up to twice as much.
    pub fn unpacked(&self, most: usize) -> Result<Cow<'a, [u8]>> {
        if !self.deflated {
            return self.content().map(Cow::Borrowed);
        }
        let mut content = vec![0; most];
        match decompress_slice_iter_to_slice(&mut content, std::iter::once(self.bytes), false, true) {
            Ok(length) => {
                content.truncate(length);
                Ok(content.into())
            }
            Err(_) => Err(Error::damage(Damage::CutOff, self.at)),
        }
    }
}

/// Whether this is an archive at all, cut off or not.
pub fn is_zip(file: &[u8]) -> bool {
    file.starts_with(b"PK\x03\x04") || file.starts_with(b"PK\x05\x06")
}

/// All entries by name.
pub fn entries(file: &[u8]) -> Result<BTreeMap<&str, Entry<'_>>> {
    let (count, directory) = directory(file)?;
    let mut cursor = Cursor::new(file, directory);
    let mut entries = BTreeMap::new();
    for _ in 0..count {
        let (name, entry) = entry(file, &mut cursor)?;
        entries.insert(name, entry);
    }
    Ok(entries)
}

/// How many entries there are, and where the directory of them begins.
fn directory(file: &[u8]) -> Result<(u64, usize)> {
    let cut_off = || Error::damage(Damage::CutOff, file.len());
    let last = file.len().checked_sub(END).ok_or_else(cut_off)?;
    let earliest = last.saturating_sub(u16::MAX.into());
    let ends = |at: &usize| file[*at..].starts_with(b"PK\x05\x06");
    let end = (earliest..=last).rev().find(ends).ok_or_else(cut_off)?;
    let mut cursor = Cursor::new(file, end + 10);
    let (count, _, start) = (cursor.u16()?, cursor.u32()?, cursor.u32()?);
    if count != u16::MAX && u64::from(start) != ELSEWHERE {
        return Ok((count.into(), size(start.into())));
    }
    // The zip64 locator lies just before and says where the larger record is.
    let locator = end.checked_sub(20).filter(|at| file[*at..].starts_with(b"PK\x06\x07")).ok_or_else(cut_off)?;
    let record = size(Cursor::new(file, locator + 8).u64()?);
    let mut cursor = Cursor::new(file, record);
    if cursor.take(4)? != b"PK\x06\x06" {
        return Err(Error::malformed("no zip64 record where its locator points", record));
    }
    cursor.take(28)?;
    let (count, _, start) = (cursor.u64()?, cursor.u64()?, cursor.u64()?);
    Ok((count, size(start)))
}

fn entry<'a>(file: &'a [u8], cursor: &mut Cursor<'a>) -> Result<(&'a str, Entry<'a>)> {
    let at = cursor.position();
    if cursor.take(4)? != b"PK\x01\x02" {
        return Err(Error::malformed("the archive's directory names more entries than it has", at));
    }
    cursor.take(4)?;
    let (flags, method) = (cursor.u16()?, cursor.u16()?);
    cursor.take(8)?;
    let (compressed, length) = (cursor.u32()?, cursor.u32()?);
    let (name, extra, comment) = (cursor.u16()?, cursor.u16()?, cursor.u16()?);
    cursor.take(8)?;
    let header = cursor.u32()?;
    let name = std::str::from_utf8(cursor.take(name.into())?);
    let name = name.map_err(|_| Error::malformed("an entry's name is not text", at))?;
    let extra = cursor.take(extra.into())?;
    cursor.take(comment.into())?;
    let [length, compressed, header] = widened(extra, [length, compressed, header].map(u64::from))
        .map_err(|_| Error::malformed("an entry's extra field is cut off", at))?;
    let (bytes, at) = stored(file, size(header), size(compressed))?;
    // The first flag says that it is encrypted.
    let open = flags & 1 == 0;
    Ok((name, Entry { bytes, at, plain: method == 0 && open && length == compressed, deflated: method == 8 && open }))
}

/// What did not fit 32 bits stands, in this order, in the extra field with the id 1.
fn widened(extra: &[u8], mut values: [u64; 3]) -> Result<[u64; 3]> {
    let mut cursor = Cursor::new(extra, 0);
    while values.contains(&ELSEWHERE) && cursor.position() < extra.len() {
        let (id, length) = (cursor.u16()?, cursor.u16()?);
        let field = cursor.take(length.into())?;
        if id == 1 {
            let mut field = Cursor::new(field, 0);
            for value in values.iter_mut().filter(|value| **value == ELSEWHERE) {
                *value = field.u64()?;
            }
            break;
        }
    }
    Ok(values)
}

/// An entry's bytes lie behind its own header, whose name and padding have lengths of their own.
fn stored(file: &[u8], header: usize, length: usize) -> Result<(&[u8], usize)> {
    let mut cursor = Cursor::new(file, header);
    if cursor.take(4)? != b"PK\x03\x04" {
        return Err(Error::malformed("no entry where the archive's directory points", header));
    }
    cursor.take(22)?;
    let (name, extra) = (cursor.u16()?, cursor.u16()?);
    cursor.take(usize::from(name) + usize::from(extra))?;
    let at = cursor.position();
    Ok((cursor.take(length)?, at))
}
