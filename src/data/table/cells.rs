//! A table's text cut into records and cells where it lies. Quotes do what RFC 4180 says: the crate csv-core reads what has any.

use std::borrow::Cow;
use std::rc::Rc;

use csv_core::{ReadFieldResult, Reader, ReaderBuilder, Terminator};

/// A line, or several that quotes hold together.
#[derive(Debug, Clone)]
pub struct Record<'a> {
    text: &'a str,
    mark: u8,
    /// The line that it ends in, from 1.
    pub line: usize,
    /// What reads its cells, where quotes are among them.
    reader: Option<Rc<Reader>>,
}

impl<'a> Record<'a> {
    /// Its cells without the spaces around them.
    pub fn cells(&self) -> Cells<'a> {
        let reader = self.reader.as_deref().cloned().map(Box::new);
        Cells { text: self.text, mark: self.mark, reader, at: Some(0) }
    }

    pub fn first(&self) -> Cow<'a, str> {
        self.cells().next().unwrap_or_default()
    }

    /// How many cells it has, and how many without the empty ones behind the last that is not.
    pub fn lengths(&self) -> [usize; 2] {
        if self.reader.is_some() || !self.mark.is_ascii() {
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
    /// What reads the cells of a record with quotes.
    reader: Option<Box<Reader>>,
    /// Where the next one begins.
    at: Option<usize>,
}

impl<'a> Iterator for Cells<'a> {
    type Item = Cow<'a, str>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut at = self.at?;
        if let Some(reader) = &mut self.reader {
            let mut content = Vec::new();
            let more = cell(reader, self.text.as_bytes(), &mut at, |piece| content.extend_from_slice(piece));
            self.at = more.then_some(at);
            let text = String::from_utf8(content).unwrap_or_default();
            return Some(Cow::Owned(if text.trim().len() == text.len() { text } else { text.trim().to_string() }));
        }
        let end = self.text.as_bytes()[at..].iter().position(|byte| *byte == self.mark).map(|length| at + length);
        self.at = end.map(|end| end + 1);
        Some(Cow::Borrowed(self.text[at..end.unwrap_or(self.text.len())].trim()))
    }
}

/// Ready for a record in the middle of a text. Without csv-core's table of transitions, which 0.1.13 copies in part only
/// (`findings/csv-core-clone.sh`).
fn reader(mark: u8) -> Reader {
    let mut reader = ReaderBuilder::new().delimiter(mark).terminator(Terminator::Any(b'\n')).nfa(true).build();
    // Only what it reads first may be a byte order mark, which it would leave out.
    reader.read_field(b"-\n", &mut [0; 2]);
    reader
}

/// Goes from a cell's first byte at `at` behind what ends it, and says whether another cell of its record follows; `keep` gets its content.
fn cell(reader: &mut Reader, bytes: &[u8], at: &mut usize, mut keep: impl FnMut(&[u8])) -> bool {
    let mut piece = [0; 64];
    loop {
        let (result, read, written) = reader.read_field(&bytes[*at..], &mut piece);
        *at += read;
        keep(&piece[..written]);
        match result {
            ReadFieldResult::Field { record_end } => return !record_end,
            ReadFieldResult::End => return false,
            ReadFieldResult::InputEmpty | ReadFieldResult::OutputFull => (),
        }
    }
}

/// Every record that is not empty.
#[derive(Debug, Clone)]
pub struct Records<'a> {
    text: &'a str,
    mark: u8,
    /// Where the next one begins, and in which line.
    pub at: usize,
    pub line: usize,
    /// Made for the first record with quotes.
    reader: Option<Rc<Reader>>,
}

impl<'a> Records<'a> {
    /// From this byte on, which stands at the start of this line.
    pub fn new(text: &'a str, separator: char, at: usize, line: usize) -> Self {
        let at = if at == 0 && text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { at };
        Self { text, mark: separator as u8, at, line, reader: None }
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = Record<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
            let length = rest.find('\n').unwrap_or(rest.len());
            let mut record = Record { text: &rest[..length], mark: self.mark, line: self.line, reader: None };
            // No letter can be cut in two.
            if !self.mark.is_ascii() && record.text.bytes().any(|byte| byte == self.mark) {
                return None;
            }
            let mut taken = (length + 1).min(rest.len());
            if length > 0 && (self.mark == b'\n' || record.text.contains('"')) {
                taken = 0;
                let ready = self.reader.get_or_insert_with(|| Rc::new(reader(self.mark)));
                let mut reader = Reader::clone(ready);
                while cell(&mut reader, rest.as_bytes(), &mut taken, |_| ()) {}
                // Quotes at the text's end keep a last line feed.
                let held = rest[..taken].strip_suffix('\n').unwrap_or(&rest[..taken]);
                (record.text, record.reader) = (&rest[..taken], Some(Rc::clone(ready)));
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
