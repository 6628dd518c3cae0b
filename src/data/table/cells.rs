//! A table's text cut into records and cells where it lies. Quotes do what RFC 4180 says, as the crate csv reads it.

use std::borrow::Cow;
use std::ops::Range;

/// A line, or several that quotes hold together.
#[derive(Debug, Clone, Copy)]
pub struct Record<'a> {
    text: &'a str,
    mark: u8,
    /// The line that it ends in, from 1.
    pub line: usize,
    quoted: bool,
}

impl<'a> Record<'a> {
    /// Its cells without the spaces around them.
    pub fn cells(&self) -> Cells<'a> {
        Cells { text: self.text, mark: self.mark, quoted: self.quoted, at: Some(0) }
    }

    pub fn first(&self) -> Cow<'a, str> {
        self.cells().next().unwrap_or_default()
    }

    /// How many cells it has, and how many without the empty ones behind the last that is not.
    pub fn lengths(&self) -> [usize; 2] {
        if self.quoted || !self.mark.is_ascii() {
            let longer =
                |[all, full]: [usize; 2], cell: Cow<str>| [all + 1, if cell.is_empty() { full } else { all + 1 }];
            return self.cells().fold([0, 0], longer);
        }
        let all = 1 + self.text.bytes().filter(|byte| *byte == self.mark).count();
        let behind = self.text.rsplit(char::from(self.mark)).take_while(|cell| cell.trim().is_empty()).count();
        [all, all - behind]
    }
}

pub struct Cells<'a> {
    text: &'a str,
    mark: u8,
    quoted: bool,
    /// Where the next one begins.
    at: Option<usize>,
}

impl<'a> Iterator for Cells<'a> {
    type Item = Cow<'a, str>;

    fn next(&mut self) -> Option<Self::Item> {
        let from = self.at?;
        if self.quoted {
            return self.unquoted(from);
        }
        let end = self.text.as_bytes()[from..].iter().position(|byte| *byte == self.mark).map(|length| from + length);
        self.at = end.map(|end| end + 1);
        Some(Cow::Borrowed(self.text[from..end.unwrap_or(self.text.len())].trim()))
    }
}

impl<'a> Cells<'a> {
    fn unquoted(&mut self, from: usize) -> Option<Cow<'a, str>> {
        let bytes = self.text.as_bytes();
        if let Some((content, end, more)) = plain(bytes, self.mark, from) {
            self.at = more.then_some(end);
            return Some(Cow::Borrowed(self.text[content].trim()));
        }
        let (mut end, mut first, mut count, mut last) = (from, from, 0, from);
        let more = cell(bytes, self.mark, &mut end, |at| {
            first = if count == 0 { at } else { first };
            (last, count) = (at + 1, count + 1);
        });
        self.at = more.then_some(end);
        // Nothing within was left out.
        if last - first == count {
            return Some(Cow::Borrowed(self.text[first..last].trim()));
        }
        let (mut kept, mut at) = (Vec::with_capacity(count), from);
        cell(bytes, self.mark, &mut at, |at| kept.push(bytes[at]));
        let text = String::from_utf8(kept).unwrap_or_default();
        Some(Cow::Owned(text.trim().to_string()))
    }
}

/// A cell without quotes, or with one at either end and none within: where its content lies, where the next byte behind what ends it is, and
/// whether another cell follows. None for any other cell.
fn plain(bytes: &[u8], mark: u8, from: usize) -> Option<(Range<usize>, usize, bool)> {
    let place = |from: usize, is: fn(u8, u8) -> bool| {
        bytes[from..].iter().position(|byte| is(*byte, mark)).map_or(bytes.len(), |length| from + length)
    };
    let content = match bytes.get(from) {
        _ if !mark.is_ascii() || mark == b'"' => return None,
        Some(b'"') => from + 1..place(from + 1, |byte, _| byte == b'"'),
        _ => from..place(from, |byte, mark| byte == mark || byte == b'\n'),
    };
    let end = content.end + content.start - from;
    match bytes.get(end) {
        None if end > bytes.len() => None,
        None => Some((content, end, false)),
        Some(byte) if *byte == mark => Some((content, end + 1, true)),
        Some(b'\n') => Some((content, end + 1, false)),
        Some(_) => None,
    }
}

/// Whether another cell follows the one at `at`, which then is behind what ends it.
fn skip(bytes: &[u8], mark: u8, at: &mut usize) -> bool {
    match plain(bytes, mark, *at) {
        Some((_, end, more)) => {
            *at = end;
            more
        }
        None => cell(bytes, mark, at, |_| ()),
    }
}

/// Goes from a cell's first byte at `at` behind what ends it, and says whether another cell follows; `keep` gets the places of the bytes
/// that are its content.
fn cell(bytes: &[u8], mark: u8, at: &mut usize, mut keep: impl FnMut(usize)) -> bool {
    enum State {
        Start,
        Plain,
        Quoted,
        /// Behind a quote that may be the last, or the first of two that stand for one.
        Closed,
    }
    let mut state = State::Start;
    while let Some(byte) = bytes.get(*at).copied() {
        let place = *at;
        *at += 1;
        state = match (state, byte) {
            (State::Start, b'"') => State::Quoted,
            (State::Quoted, b'"') => State::Closed,
            (State::Quoted, _) | (State::Closed, b'"') => {
                keep(place);
                State::Quoted
            }
            (_, byte) if byte == mark => return true,
            (_, b'\n') => return false,
            _ => {
                keep(place);
                State::Plain
            }
        };
    }
    false
}

/// Every record that is not empty.
#[derive(Debug, Clone)]
pub struct Records<'a> {
    text: &'a str,
    mark: u8,
    /// Where the next one begins, and in which line.
    pub at: usize,
    pub line: usize,
}

impl<'a> Records<'a> {
    /// From this byte on, which stands at the start of this line.
    pub fn new(text: &'a str, separator: char, at: usize, line: usize) -> Self {
        let at = if at == 0 && text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { at };
        Self { text, mark: separator as u8, at, line }
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = Record<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
            let length = rest.find('\n').unwrap_or(rest.len());
            let mut record = Record { text: &rest[..length], mark: self.mark, line: self.line, quoted: false };
            // No letter can be cut in two.
            if !self.mark.is_ascii() && record.text.bytes().any(|byte| byte == self.mark) {
                return None;
            }
            let mut taken = (length + 1).min(rest.len());
            if length > 0 && (self.mark == b'\n' || record.text.contains('"')) {
                taken = 0;
                while skip(rest.as_bytes(), self.mark, &mut taken) {}
                // Quotes at the text's end keep a last line feed.
                let held = rest[..taken].strip_suffix('\n').unwrap_or(&rest[..taken]);
                (record.text, record.quoted) = (&rest[..taken], true);
                record.line += held.bytes().filter(|byte| *byte == b'\n').count();
                self.line = record.line;
            }
            self.at += taken;
            self.line += 1;
            if length > 0 && record.cells().any(|cell| !cell.is_empty()) {
                return Some(record);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use csv::{ReaderBuilder, StringRecord, Terminator, Trim};

    fn ours(text: &str, mark: char) -> Vec<(usize, Vec<String>)> {
        let records = Records::new(text, mark, 0, 1);
        records.map(|record| (record.line, record.cells().map(String::from).collect())).collect()
    }

    fn theirs(text: &str, mark: char) -> Vec<(usize, Vec<String>)> {
        let mut builder = ReaderBuilder::new();
        builder.has_headers(false).flexible(true).terminator(Terminator::Any(b'\n')).delimiter(mark as u8);
        let mut reader = builder.trim(Trim::All).from_reader(text.as_bytes());
        let (mut records, mut record) = (Vec::new(), StringRecord::new());
        while reader.read_record(&mut record).unwrap_or(false) {
            let position = reader.position();
            let ended = position.byte() > 0 && text.as_bytes()[position.byte() as usize - 1] == b'\n';
            if record.iter().any(|cell| !cell.is_empty()) {
                let line = position.line() as usize - usize::from(ended);
                records.push((line, record.iter().map(String::from).collect()));
            }
        }
        records
    }

    #[test]
    fn text_is_cut_as_csv_cuts_it() {
        let pieces = ["1", "a", "\"", "\"", "\"\"", ",", ",", ";", "\n", "\n", " ", "\t", "é", "\u{a0}", "\u{feff}"];
        let mut state = 1u64;
        for _ in 0..20_000 {
            let mut next = |below: usize| {
                state = state.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814f);
                (state >> 33) as usize % below
            };
            let text: String = (0..next(24)).map(|_| pieces[next(pieces.len())]).collect();
            for mark in [',', ';', ' ', '\t', '"', '\n', '|'] {
                assert_eq!(ours(&text, mark), theirs(&text, mark), "{text:?} at {mark:?}");
            }
        }
    }
}
