//! 500 random files as PyTorch, safetensors, NumPy and Python's csv write them: what is read here is what they read themselves, to the last
//! bit (`tests/golden/readers.py`).
#![cfg(not(target_family = "wasm"))]

use gan_atelier::data::npy;
use gan_atelier::data::table::{Kind, Table};
use gan_atelier::weights::Checkpoint;
use std::collections::BTreeMap;
use std::path::Path;

/// FNV-1a.
fn digest(bytes: impl IntoIterator<Item = u8>) -> u64 {
    bytes.into_iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3))
}

fn sides(shape: &[usize]) -> Vec<u8> {
    shape.iter().flat_map(|side| (*side as u32).to_le_bytes()).collect()
}

fn weights(file: &[u8]) -> u64 {
    let arrays = Checkpoint::parse(file).unwrap().arrays().unwrap();
    let one = |(name, array): (&String, &gan_atelier::weights::Array)| {
        let values = array.values.iter().flat_map(|value| value.to_le_bytes()).collect();
        [name.as_bytes().to_vec(), vec![0], sides(&array.shape), values].concat()
    };
    digest(arrays.iter().flat_map(one))
}

fn array(file: &[u8]) -> u64 {
    let (shape, values) = npy::numbers(file, "a").unwrap();
    digest(sides(&shape).into_iter().chain(values.iter().flat_map(|value| value.to_le_bytes())))
}

fn table(file: &[u8]) -> u64 {
    // A file's text comes with line feeds alone.
    let text = std::str::from_utf8(file).unwrap().replace("\r\n", "\n");
    let table = Table::read(&text, None, None).unwrap();
    assert!(table.columns.iter().all(|column| column.kind == Kind::Number && column.odd.is_none()));
    digest(table.columns.iter().flat_map(|column| column.numbers.iter().flat_map(|value| value.to_le_bytes())))
}

#[test]
fn what_others_write_is_read_as_they_read_it() {
    let packed = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/readers.bin")).unwrap();
    let all = miniz_oxide::inflate::decompress_to_vec(&packed).unwrap();
    let mut rest = &all[..];
    let mut counts: BTreeMap<char, usize> = BTreeMap::new();
    while let [kind, a, b, c, d, after @ ..] = rest {
        let (file, after) = after.split_at(u32::from_le_bytes([*a, *b, *c, *d]) as usize);
        let (expected, after) = after.split_first_chunk::<8>().unwrap();
        let kind = char::from(*kind);
        let found = match kind {
            'n' => array(file),
            'c' => table(file),
            _ => weights(file),
        };
        let count = counts.entry(kind).or_default();
        assert_eq!(found, u64::from_le_bytes(*expected), "file {count} of the kind {kind}");
        *count += 1;
        rest = after;
    }
    assert_eq!(counts.values().sum::<usize>(), 500);
}
