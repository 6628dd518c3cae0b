//! Reading little-endian numbers from untrusted bytes: what is not there is an error that says where.

use crate::error::{Damage, Error, Result};

/// A place in a file. Positions are the whole file's, also where only a part is read.
#[derive(Debug, Clone, Copy)]
pub struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    /// From `at` to the end of `bytes`; beyond the end nothing can be read.
    pub fn new(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, at }
    }

    pub fn position(&self) -> usize {
        self.at
    }

    /// Bytes of the whole file.
    pub fn length(&self) -> usize {
        self.bytes.len()
    }

    pub fn take(&mut self, count: usize) -> Result<&'a [u8]> {
        let end = self.at.checked_add(count);
        let taken = end.and_then(|end| self.bytes.get(self.at..end));
        let taken = taken.ok_or_else(|| Error::damage(Damage::CutOff, self.bytes.len()))?;
        self.at += count;
        Ok(taken)
    }

    /// Up to a line feed, which is passed over.
    pub fn line(&mut self) -> Result<&'a [u8]> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let length = rest.iter().position(|byte| *byte == b'\n');
        let line = self.take(length.unwrap_or(rest.len() + 1))?;
        self.at += 1;
        Ok(line)
    }

    pub fn u8(&mut self) -> Result<u8> {
        self.array().map(u8::from_le_bytes)
    }

    pub fn u16(&mut self) -> Result<u16> {
        self.array().map(u16::from_le_bytes)
    }

    pub fn u32(&mut self) -> Result<u32> {
        self.array().map(u32::from_le_bytes)
    }

    pub fn u64(&mut self) -> Result<u64> {
        self.array().map(u64::from_le_bytes)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        let mut array = [0; N];
        array.copy_from_slice(self.take(N)?);
        Ok(array)
    }
}

/// A count or position of a file as this machine's; what does not fit lies beyond any file that does.
pub fn size(value: u64) -> usize {
    usize::try_from(value).unwrap_or(usize::MAX)
}
