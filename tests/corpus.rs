//! Every reader of a visitor's bytes on its corpus, as the fuzzer left it (`npm run fuzz`), and on what once made it fall, hang or fill the
//! memory: see `fuzz/src/shared`.
#![cfg(not(target_family = "wasm"))]

#[path = "../fuzz/src/shared/measure.rs"]
mod measure;
#[path = "../fuzz/src/shared/networks.rs"]
mod networks;
#[path = "../fuzz/src/shared/readers.rs"]
mod readers;

use burn::tensor::Device;
use gan_atelier as ours;
use gan_atelier::data::Own;
use gan_atelier::error::Error;
use gan_atelier::session::training::Session;
use gan_atelier::training::Family;
use gan_atelier::weights::{Arrays, safetensors};
use readers::archive;
use serde_json::{Map, json};
use std::path::{Path, PathBuf};

#[global_allocator]
static ALLOCATOR: measure::Counting = measure::Counting;

const MEGABYTE: usize = 1 << 20;

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn all() -> impl Iterator<Item = (&'static str, readers::Reader, u32)> {
    readers::ALL.into_iter().chain(networks::ALL)
}

/// Base64, a file a line.
fn files(text: &str) -> impl Iterator<Item = Vec<u8>> {
    let digit = |letter: u8| match letter {
        b'A'..=b'Z' => u32::from(letter - b'A'),
        b'a'..=b'z' => u32::from(letter - b'a') + 26,
        b'0'..=b'9' => u32::from(letter - b'0') + 52,
        b'+' => 62,
        _ => 63,
    };
    text.lines().map(move |line| {
        let letters = line.trim_end_matches('=').as_bytes();
        let bytes = letters.chunks(4).flat_map(|four| {
            let word = four.iter().enumerate().fold(0, |word, (at, letter)| word | digit(*letter) << (18 - 6 * at));
            word.to_be_bytes()[1..four.len()].to_vec()
        });
        bytes.collect()
    })
}

/// What a reader took for a file.
fn read(name: &str, bytes: &[u8]) -> measure::Taken {
    let (_, reader, times) = all().find(|(known, ..)| *known == name).expect("there is such a reader");
    reader(b"");
    measure::within(bytes.len(), times, || reader(bytes))
}

#[test]
fn every_corpus_is_read() {
    let mut count = 0;
    for (name, reader, times) in all() {
        // What is made once a process is no file's.
        reader(b"");
        let Ok(text) = std::fs::read_to_string(folder(&format!("fuzz/corpus/{name}.txt"))) else { continue };
        for file in files(&text) {
            measure::within(file.len(), times, || reader(&file));
            count += 1;
        }
    }
    assert!(count > 100, "{count}");
}

/// An array as NumPy writes it.
fn npy(descr: &str, shape: &str, numbers: &[u8]) -> Vec<u8> {
    let text = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}\n");
    [b"\x93NUMPY\x01\0", &(text.len() as u16).to_le_bytes()[..], text.as_bytes(), numbers].concat()
}

#[test]
fn what_made_a_reader_fall_is_refused() {
    // Pictures without a height, their channels last: rows of no length cannot be taken one by one.
    read("idx", &[0, 0, 8, 4, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 3]);
    // Classes that are numbers and words: 9 < 10 as numbers, "10" < "1a" < "9" as words, and no order is left.
    let names: Vec<String> =
        (0..60).map(|at| if at % 3 == 0 { format!("{at}a") } else { (97 - at).to_string() }).collect();
    let lines: String = names.iter().map(|name| format!("1,2:{name}\n")).collect();
    read("table", format!("@classLabel true\n@data\n{lines}").as_bytes());
    // Words four times as long as there are numbers for.
    read("npy", &npy("<U4611686018427387905", "(2,)", &[0; 16]));
}

/// A pickle of one tensor, whose shape and strides are these instructions.
fn tensor(shape: &[u8], strides: &[u8]) -> Vec<u8> {
    let start = b"\x80\x02}X\x01\0\0\0wctorch._utils\n_rebuild_tensor_v2\n((X\x07\0\0\0storagectorch\nFloatStorage\n\
        X\x01\0\0\x000X\x03\0\0\0cpuK\x10tQK\0";
    [start, shape, strides, b"\x89}tRs."].concat()
}

#[test]
fn what_took_all_time_or_memory_is_bounded() {
    // None of a million million rows of nothing: no place has to be computed for any of them.
    read("pickle", &tensor(b"\x8a\x06\0\0\0\0\0\x01K\0\x86", b"K\x01K\x01\x86"));
    // The same number again and again: 64 MB of them from a file of a few hundred bytes.
    read("pickle", &tensor(b"J\0\0\0\x01\x85", b"K\0\x85"));
    // One byte each that makes a value of a hundred.
    for instruction in [b")", b"\x94", b"(", b"]", b"N"] {
        read("pickle", &[b"\x80\x02N", &instruction.repeat(MEGABYTE)[..], b"."].concat());
    }
    // The same tensor, half a million times.
    let head = tensor(b"K\x01\x85", b"K\x01\x85");
    let many = [&head[..head.len() - 2], b"q\x00s0](", &b"h\x00".repeat(MEGABYTE / 2), b"e."].concat();
    read("pickle", &many);
    // Identities that number the rows, and a class a row.
    let rows = |start: &str| (0..60_000).map(|at| format!("{start}{at},{}\n", at * 7 % 13)).collect::<String>();
    read("table", format!("id,value\n{}", rows("")).as_bytes());
    let classes: String = (0..60_000).map(|at| format!("1,2:{at}\n")).collect();
    read("table", format!("@classLabel true\n@data\n{classes}").as_bytes());
    // One long line is a recording; two are a table of more columns than any has.
    read("table", "1,".repeat(MEGABYTE / 2).as_bytes());
    read("table", format!("{}\n", "1,".repeat(MEGABYTE / 4)).repeat(2).as_bytes());
    // Names that only count, the first of them as long as all others together.
    let row = |cell: &str| format!("{}\n", vec![cell; 30_000].join(","));
    read(
        "table",
        format!("_1{},{}{}", "_".repeat(MEGABYTE / 2), row("1-"), format!("7,{}", row("2")).repeat(2)).as_bytes(),
    );
    read("npy", &npy("|u1", "(3, 300000)", &vec![1; 900_000]));
    // Black pictures of as many numbers as bytes.
    let size = (MEGABYTE as u32 / 16).to_be_bytes();
    read("idx", &[&[0, 0, 8, 3], &size[..], &[0, 0, 0, 4, 0, 0, 0, 4], &vec![0; MEGABYTE]].concat());
}

#[test]
fn an_archive_is_unpacked_as_far_as_it_may_be() {
    // A deflated block repeats a zero 258 times in two bytes or so: here as one literal and copies of it, fixed codes (RFC 1951, 3.2.6).
    let mut bits: Vec<bool> = vec![true, true, false];
    let push =
        |bits: &mut Vec<bool>, code: u32, length: u32| bits.extend((0..length).rev().map(|at| code >> at & 1 == 1));
    let header = npy("|u1", "(60000000,)", &[0]);
    for byte in &header {
        match byte {
            0..=143 => push(&mut bits, 0x30 + u32::from(*byte), 8),
            _ => push(&mut bits, 0x190 + u32::from(*byte) - 144, 9),
        }
    }
    for _ in 0..240_000 {
        push(&mut bits, 0b1100_0101, 8);
        push(&mut bits, 0, 5);
    }
    push(&mut bits, 0, 7);
    let packed: Vec<u8> = bits
        .chunks(8)
        .map(|eight| eight.iter().enumerate().fold(0, |byte, (at, bit)| byte | u8::from(*bit) << at))
        .collect();
    let mut bytes = archive(&[("x.npy", &packed)]);
    let directory = bytes.windows(4).position(|four| four == b"PK\x01\x02").expect("there is a directory");
    (bytes[directory + 10], bytes[8]) = (8, 8);
    let file = ours::data::table::source::TableFile { bytes: bytes.clone(), ..Default::default() };
    let refused = file.preview(24).unwrap_err().to_string();
    assert!(refused.contains("60000000 numbers"), "{refused}");
    read("zip", &bytes);
}

/// A small training as a file, changed.
fn changed(change: impl FnOnce(&mut Arrays, &mut serde_json::Value)) -> Vec<u8> {
    let settings: Map<_, _> =
        json!({ "dataset": "ring", "hidden_dim": 8, "batch_size": 8 }).as_object().unwrap().clone();
    let mut session = Session::start(Family::Gan, &settings, Own::Nothing, &Device::flex()).unwrap();
    pollster::block_on(session.step(1, ours::training::Turn::Both)).unwrap();
    let bytes = pollster::block_on(session.save()).unwrap();
    let (mut arrays, mut metadata) = (safetensors::read(&bytes).unwrap(), safetensors::metadata(&bytes).unwrap());
    let mut header = serde_json::from_str(&metadata["session"]).unwrap();
    change(&mut arrays, &mut header);
    metadata.insert("session".into(), header.to_string());
    safetensors::write_f32(&arrays, metadata).unwrap()
}

#[test]
fn a_session_whose_parts_do_not_fit_is_refused_when_it_is_opened() {
    let opened = |bytes: &[u8]| Session::open(bytes, &Device::flex());
    assert!(opened(&changed(|_, _| {})).is_ok());
    // A step would have found out, by a panic.
    let short = changed(|arrays, _| {
        for end in [".m", ".v"] {
            let name =
                arrays.keys().find(|name| name.starts_with("optimizer_g.") && name.ends_with(end)).unwrap().clone();
            arrays.insert(name, ours::weights::Array { shape: vec![1], values: vec![0.5] });
        }
    });
    assert!(matches!(opened(&short), Err(Error::InvalidSession { reason }) if reason.contains("does not fit")));
    // The next step would have been the first again.
    let late = changed(|_, header| header["step"] = json!(u32::MAX));
    assert!(matches!(opened(&late), Err(Error::InvalidSession { reason }) if reason.contains("steps")));
}

/// The sessions that fuzzing begins with: `SEEDS=FOLDER cargo test --test corpus seeds -- --ignored`.
#[test]
#[ignore = "writes files for `npm run fuzz`"]
fn seeds() {
    let into = PathBuf::from(std::env::var("SEEDS").expect("SEEDS names a folder")).join("session");
    std::fs::create_dir_all(&into).unwrap();
    let start = |family, settings: serde_json::Value| {
        Session::start(family, settings.as_object().unwrap(), Own::Nothing, &Device::flex()).unwrap()
    };
    let small = json!({ "dataset": "ring", "hidden_dim": 8, "batch_size": 8 });
    for (name, mut session) in
        [("gan", start(Family::Gan, small)), ("rgan", start(Family::Rgan, json!({ "hidden_dim": 8 })))]
    {
        pollster::block_on(session.step(1, ours::training::Turn::Both)).unwrap();
        std::fs::write(into.join(name), pollster::block_on(session.save()).unwrap()).unwrap();
    }
}
