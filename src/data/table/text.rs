//! A file's bytes as text, or what it is instead.

use std::borrow::Cow;

use crate::error::{Error, Flaw, Place, Result};

/// Files that hold tables, pictures or programs in other ways, by how they begin; the names are those that people know.
const FOREIGN: [(&[u8], &str); 15] = [
    (b"\x93NUMPY", "NumPy"),
    (b"\xd0\xcf\x11\xe0", "Excel"),
    (b"PAR1", "Parquet"),
    (b"ARROW1", "Feather"),
    (b"\x89HDF", "HDF5"),
    (b"MATLAB 5.0", "MATLAB"),
    (b"%PDF", "PDF"),
    (b"SQLite format 3", "SQLite"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"RIFF", "WAV"),
    (b"7z\xbc\xaf", "7z"),
    (b"Rar!", "RAR"),
    (b"\x1f\x8b", "gzip"),
];

/// Text in UTF-8 or UTF-16, with a byte order mark or without. Another encoding loses its names, not its numbers.
pub fn text(bytes: &[u8]) -> Result<Cow<'_, str>> {
    if bytes.is_empty() {
        return Err(Error::flaw(Flaw::CsvEmpty, Place::Line(1)));
    }
    if let Some((_, kind)) = FOREIGN.iter().find(|(start, _)| bytes.starts_with(start)) {
        return Err(foreign(kind));
    }
    let text: Cow<'_, str> = match bytes {
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes).into(),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes).into(),
        // Letters and digits with a zero beside each.
        [first, 0, third, 0, ..] if *first != 0 && *third != 0 => utf16(bytes, u16::from_le_bytes).into(),
        [0, second, 0, fourth, ..] if *second != 0 && *fourth != 0 => utf16(bytes, u16::from_be_bytes).into(),
        _ => {
            let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
            std::str::from_utf8(bytes)
                .map_or_else(|_| collected(bytes.iter().map(|byte| char::from(*byte))).into(), Cow::from)
        }
    };
    if text.contains('\0') {
        return Err(foreign("binary"));
    }
    let start = text.trim_start();
    if ["<!doctype", "<html", "<?xml", "<table"]
        .iter()
        .any(|mark| start.get(..mark.len()).is_some_and(|s| s.eq_ignore_ascii_case(mark)))
    {
        return Err(foreign("HTML"));
    }
    if start.starts_with("{\"") || start.starts_with("{\n") || start.starts_with("[{") || start.starts_with("[[") {
        return Err(foreign("JSON"));
    }
    // One kind of line end: a carriage return was one by itself on old Macs.
    if !text.contains('\r') {
        return Ok(text);
    }
    let mut ended = String::with_capacity(text.len());
    for part in text.split_inclusive('\r') {
        // Behind a carriage return.
        let part = if ended.ends_with('\r') { carried(&mut ended, part) } else { part };
        ended.push_str(part);
    }
    if ended.ends_with('\r') {
        carried(&mut ended, "");
    }
    Ok(ended.into())
}

/// Makes the carriage return that the text ends with a line feed; what follows without the line feed that belonged to it.
fn carried<'a>(text: &mut String, next: &'a str) -> &'a str {
    text.pop();
    text.push('\n');
    next.strip_prefix('\n').unwrap_or(next)
}

/// In no more memory than they need.
fn collected(letters: impl Iterator<Item = char> + Clone) -> String {
    let mut text = String::with_capacity(letters.clone().map(char::len_utf8).sum());
    text.extend(letters);
    text
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units = bytes.as_chunks::<2>().0.iter().map(|pair| unit(*pair));
    collected(char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)))
}

pub fn foreign(kind: &str) -> Error {
    let named = kind.to_string();
    let flaw = match kind {
        "Excel" | "Numbers" | "OpenDocument" => Flaw::Spreadsheet { kind: named },
        "ZIP" => Flaw::TableArchive,
        "binary" => Flaw::TableBinary,
        _ => Flaw::TableForeign { kind: named },
    };
    Error::flaw(flaw, Place::Byte(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_encoding_gives_the_same_text() {
        let plain = "溫度;b\n1;2\n";
        let units: Vec<u16> = plain.encode_utf16().collect();
        let [little, big] = [u16::to_le_bytes, u16::to_be_bytes]
            .map(|pair| units.iter().flat_map(|unit| pair(*unit)).collect::<Vec<u8>>());
        let marked = |mark: &[u8], rest: &[u8]| [mark, rest].concat();
        for bytes in [
            plain.into(),
            marked(b"\xef\xbb\xbf", plain.as_bytes()),
            marked(b"\xff\xfe", &little),
            marked(b"\xfe\xff", &big),
        ] {
            assert_eq!(text(&bytes).unwrap(), plain);
        }
        let ascii: Vec<u8> = "a,b\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(text(&ascii).unwrap(), "a,b\n");
        assert_eq!(text(b"a\r1\r2\r\n3").unwrap(), "a\n1\n2\n3");
        assert_eq!(text(b"Temp\xe9rature\n1").unwrap(), "Temp\u{e9}rature\n1");
    }

    #[test]
    fn other_files_are_named() {
        let flaw = |bytes: &[u8]| match text(bytes) {
            Err(Error::InvalidData { flaw, .. }) => flaw,
            other => panic!("{other:?}"),
        };
        assert_eq!(flaw(b"\xd0\xcf\x11\xe0\xa1\xb1"), Flaw::Spreadsheet { kind: "Excel".into() });
        for (bytes, kind) in [(&b"PAR1\x15\x04"[..], "Parquet"), (b"<!DOCTYPE html>", "HTML"), (b"{\"a\": 1}", "JSON")]
        {
            assert_eq!(flaw(bytes), Flaw::TableForeign { kind: kind.into() });
        }
        assert_eq!(flaw(b"abc\x01\x00\x02\x00\x00"), Flaw::TableBinary);
    }
}
