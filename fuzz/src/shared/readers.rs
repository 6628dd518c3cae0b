//! One function for every reader of a visitor's bytes, as the page calls it, and what must hold whatever the bytes are: it ends without a
//! panic, and an error's place lies in the file. Memory and time are `measure`'s. The fuzzer and the tests run the same functions.

use crate::ours::data::album::{Album, IdxFiles};
use crate::ours::data::table::source::TableFile;
use crate::ours::data::{idx, npy};
use crate::ours::error::{Error, Place, Result};
use crate::ours::session::faces::Person;
use crate::ours::weights::{Checkpoint, acgan};

pub type Reader = fn(&[u8]);

/// With how often each reads its file.
pub const ALL: [(&str, Reader, u32); 8] = [
    ("pickle", pickle, 1),
    ("zip", zip, 4),
    ("checkpoint", checkpoint, 1),
    ("safetensors", safetensors, 2),
    ("npy", npy, 4),
    ("idx", idx, 4),
    ("table", table, 3),
    ("person", person, 2),
];

/// Steps of a sequence, as the page asks for by default.
const LENGTH: usize = 24;
/// Numbers in a person's features; the shipped encoder has more.
pub const FEATURES: usize = 6;

/// What was read, after a look at the error's place.
pub fn sound<T>(read: Result<T>, bytes: &[u8]) -> Option<T> {
    match read {
        Ok(value) => Some(value),
        Err(problem) => {
            // An array's rows stand for lines.
            let text = !bytes.starts_with(b"PK") && !bytes.starts_with(b"\x93NUMPY");
            let lines = bytes.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count() + 1;
            let lines = if text { lines } else { usize::MAX };
            if let Error::InvalidData { place, .. } | Error::WeightsCorrupt { place, .. } = &problem {
                match place {
                    Place::Byte(at) => assert!(*at <= bytes.len(), "{problem}, but there are {} bytes", bytes.len()),
                    Place::Line(line) => assert!((1..=lines).contains(line), "{problem}, but there are {lines} lines"),
                    Place::Key(_) => {}
                }
            }
            assert!(!matches!(problem, Error::Internal { .. }), "{problem}");
            assert!(!problem.to_string().is_empty());
            None
        }
    }
}

/// A pickle as the weights' own entry of an archive that PyTorch wrote, beside 64 bytes of numbers.
pub fn pickle(bytes: &[u8]) {
    checkpoint(&archive(&[("a/data.pkl", bytes), ("a/data/0", &[0; 64])]));
}

/// An archive: of weights, and of NumPy's arrays.
pub fn zip(bytes: &[u8]) {
    if bytes.starts_with(b"PK") {
        checkpoint(bytes);
        table(bytes);
    }
}

/// A file of weights of any kind, to its numbers.
pub fn checkpoint(bytes: &[u8]) {
    if let Some(checkpoint) = sound(Checkpoint::parse(bytes), bytes) {
        sound(checkpoint.arrays(), bytes);
    }
}

pub fn safetensors(bytes: &[u8]) {
    checkpoint(bytes);
    if acgan::is_generator(bytes) {
        sound(acgan::generator(bytes), bytes);
    }
}

/// An array of NumPy's: as a table, and as the lists that packed faces are kept in.
pub fn npy(bytes: &[u8]) {
    table(bytes);
    sound(npy::numbers(bytes, "a"), bytes);
    sound(npy::words(bytes, "a"), bytes);
    sound(npy::doubles(bytes, "a"), bytes);
    sound(npy::integers(bytes, "a"), bytes);
    sound(npy::booleans(bytes, "a"), bytes);
}

/// Pictures, and labels of pictures.
pub fn idx(bytes: &[u8]) {
    for transposed in [false, true] {
        let album = Album::from_idx(IdxFiles { pictures: bytes, labels: None, transposed }, 8, false);
        if let Some(album) = sound(album, bytes) {
            assert!(album.count() > 1 && album.pack()[0].iter().all(|number| number.is_finite()));
        }
    }
    let Some(labels) = sound(idx::labels(bytes), bytes) else { return };
    assert!(labels.iter().all(|label| label.is_finite()));
    let count = labels.len().min(1000) as u32;
    let sizes = [count, 4, 4].map(u32::to_be_bytes).concat();
    let pictures = [&[0, 0, 8, 3][..], &sizes, &vec![7; 16 * count as usize]].concat();
    for classed in [false, true] {
        sound(
            Album::from_idx(IdxFiles { pictures: &pictures, labels: Some(bytes), transposed: false }, 4, classed),
            &pictures,
        );
    }
}

/// A table of any kind: looked at, as series, as points.
pub fn table(bytes: &[u8]) {
    let file = TableFile { bytes: bytes.to_vec(), ..TableFile::default() };
    if let Some(preview) = sound(file.preview(LENGTH), bytes) {
        for way in preview.ways.into_iter().filter_map(|way| way.problem) {
            sound::<()>(Err(way), bytes);
        }
    }
    if let Some(series) = sound(file.series(LENGTH), bytes) {
        assert_eq!(series.values.len(), series.count * series.steps * series.dims);
        assert!(series.labels.is_empty() || series.labels.len() == series.count);
        assert!(series.labels.iter().all(|label| *label < series.classes.len()));
        assert!(series.values.iter().all(|value| value.is_finite()));
        series.prepared(LENGTH);
    }
    if let Some(points) = sound(file.points(), bytes) {
        assert!(points.points.iter().all(|value| value.abs() <= 1.0));
    }
}

/// A person, of an encoder that is called so.
pub fn person(bytes: &[u8]) {
    if let Some(person) = sound(Person::read(bytes, "a", FEATURES), bytes) {
        let again = Person::read(&person.write("a", FEATURES).expect("it can be saved"), "a", FEATURES);
        assert_eq!(again.expect("what was saved can be opened").weights, person.weights);
    }
}

/// A zip archive whose entries are stored as they are.
pub fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut all, mut directory) = (Vec::new(), Vec::new());
    let little = |value: usize| (value as u32).to_le_bytes();
    for (name, content) in files {
        let size = little(content.len());
        let mut common = vec![20, 0];
        common.extend([0; 12]);
        common.extend([size, size].concat());
        common.extend((name.len() as u32).to_le_bytes());
        directory.extend(b"PK\x01\x02\x14\0");
        directory.extend(&common);
        directory.extend([0; 10]);
        directory.extend(little(all.len()));
        directory.extend(name.as_bytes());
        all.extend(b"PK\x03\x04");
        all.extend(&common);
        all.extend(name.as_bytes());
        all.extend(*content);
    }
    let (start, length) = (little(all.len()), little(directory.len()));
    let count = (files.len() as u16).to_le_bytes();
    all.extend(directory);
    all.extend(b"PK\x05\x06\0\0\0\0");
    all.extend([count, count].concat());
    all.extend([length, start].concat());
    all.extend([0; 2]);
    all
}
