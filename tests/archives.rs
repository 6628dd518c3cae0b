//! Archives of weights, and files that are none: told apart by their bytes, and bounded.
#![cfg(not(target_family = "wasm"))]

use gan_atelier::error::{Damage, Error, Place};
use gan_atelier::weights::{Array, Checkpoint};
use std::path::Path;

fn corrupt(bytes: &[u8]) -> (Damage, Place) {
    match Checkpoint::parse(bytes).unwrap_err() {
        Error::WeightsCorrupt { problem, place } => (problem, place),
        other => panic!("{other:?}"),
    }
}

#[test]
fn foreign_files_are_told_apart() {
    let foreign = |bytes: &[u8]| corrupt(bytes).0;
    assert_eq!(foreign(b""), Damage::Empty);
    assert_eq!(foreign(b"\xff\xd8\xff\xe0\0\x10JFIF"), Damage::Picture);
    assert_eq!(foreign(b"\n<!DOCTYPE html><html></html>"), Damage::WebPage);
    assert_eq!(foreign(&[0xff; 400]), Damage::Foreign);
    assert_eq!(foreign(b"Entry not found"), Damage::Text);
    assert_eq!(foreign(&archive(&[("letter.txt", b"dear diary")], false)), Damage::Archive);
    let two: &[(&str, &[u8])] = &[("run/latest_net_G_A.pth", b"."), ("__MACOSX/._a.pth", b""), ("notes.txt", b"")];
    assert_eq!(foreign(&archive(two, false)), Damage::Files { names: "run/latest_net_G_A.pth".into() });
    assert_eq!(foreign(&archive(&[("arr_0.npy", b"")], false)), Damage::Numpy);
    assert_eq!(foreign(&archive(&[("config.json", b""), ("model.weights.h5", b"")], false)), Damage::Keras);
    assert_eq!(foreign(b"\x89HDF\r\n\x1a\n\0\0"), Damage::Keras);
    assert_eq!(foreign(b"\x93NUMPY\x01\0"), Damage::Numpy);
    assert_eq!(foreign(b"\x08\x08\x12\x07pytorch\x1a\x052.1.0:"), Damage::Onnx);
    assert_eq!(foreign(b"\x08\x01\x12\xa4\x8f\x02\x0a\xf0"), Damage::Tensorflow);
    assert_eq!(foreign(b"\x80\x04\x95\x1c\0\0\0\0\0\0\0}"), Damage::Pickle);
    assert_eq!(foreign(b"\x1f\x8b\x08\0"), Damage::Packed { kind: "gzip".into() });
    let tape = [&[b'a'; 257][..], b"ustar\0", &[0; 300]].concat();
    assert_eq!(foreign(&tape), Damage::Packed { kind: "tar".into() });
    assert_eq!(
        foreign(
            &std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/checkpoints/torchscript.pt"))
                .unwrap()
        ),
        Damage::Torchscript
    );
    let order: &[(&str, &[u8])] = &[("net/data.pkl", b"}."), ("net/byteorder", b"big")];
    assert_eq!(foreign(&archive(order, false)), Damage::ByteOrder);
    let mut compressed = archive(&[("net/data.pkl", b"}.")], false);
    let directory = compressed.windows(4).position(|four| four == b"PK\x01\x02").unwrap();
    compressed[directory + 10] = 8;
    assert_eq!(foreign(&compressed), Damage::Compressed);
}

#[test]
fn a_pointer_of_git_lfs_tells_of_the_file_itself() {
    let pointer =
        format!("version https://git-lfs.github.com/spec/v1\noid sha256:{}\nsize 45575747\n", "4d".repeat(32));
    assert_eq!(pointer.len(), 133);
    let size = 45_575_747;
    assert_eq!(corrupt(pointer.as_bytes()), (Damage::LfsPointer { size }, Place::Byte(133)));
}

/// A zip archive of stored entries; with `wide`, all sizes and places in zip64's fields.
fn archive(entries: &[(&str, &[u8])], wide: bool) -> Vec<u8> {
    let (mut bytes, mut directory) = (Vec::new(), Vec::new());
    let short = |values: &[u16]| values.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<_>>();
    let word = |value: usize| if wide { u32::MAX } else { value as u32 }.to_le_bytes();
    for (name, content) in entries {
        let (at, length) = (bytes.len(), name.len() as u16);
        bytes.extend([&b"PK\x03\x04"[..], &[0; 22], &short(&[length, 0]), name.as_bytes(), content].concat());
        let wider = [content.len(), content.len(), at].into_iter().flat_map(|value| (value as u64).to_le_bytes());
        let extra = if wide { [short(&[0xcafe, 2, 0, 1, 24]), wider.collect()].concat() } else { Vec::new() };
        directory.extend([&b"PK\x01\x02"[..], &[0; 16], &word(content.len()), &word(content.len())].concat());
        directory.extend(short(&[length, extra.len() as u16, 0, 0, 0, 0, 0]));
        directory.extend([&word(at)[..], name.as_bytes(), &extra].concat());
    }
    let (start, count) = (bytes.len(), entries.len());
    bytes.extend(&directory);
    if wide {
        let (record, long) = (bytes.len(), |value: usize| (value as u64).to_le_bytes());
        bytes.extend([&b"PK\x06\x06"[..], &[0; 28], &long(count), &long(directory.len()), &long(start)].concat());
        bytes.extend([&b"PK\x06\x07"[..], &[0; 4], &long(record), &[0; 4]].concat());
    }
    let counts = [count as u16; 2].map(|count| if wide { u16::MAX } else { count });
    bytes.extend([&b"PK\x05\x06\0\0\0\0"[..], &short(&counts), &word(directory.len()), &word(start), &[0; 2]].concat());
    bytes
}

#[test]
fn zip64_archives_are_read() {
    let pickle = b"\x80\x02}X\x01\0\0\0wctorch._utils\n_rebuild_tensor_v2\n((X\x07\0\0\0storagectorch\nFloatStorage\n\
        X\x01\0\0\x000X\x03\0\0\0cpuK\x02tQK\0K\x02\x85K\x01\x85\x89}tRs.";
    let numbers = [1.5f32, -2.0].map(f32::to_le_bytes).concat();
    for wide in [false, true] {
        let bytes = archive(&[("net/data.pkl", pickle), ("net/data/0", &numbers)], wide);
        let arrays = Checkpoint::parse(&bytes).unwrap().arrays().unwrap();
        assert_eq!(arrays["w"], Array { shape: vec![2], values: vec![1.5, -2.0] });
    }
}

#[test]
fn a_small_file_cannot_claim_a_large_network() {
    let pickle = |size: &[u8], stride: &[u8]| {
        let start =
            b"\x80\x02}X\x01\0\0\0wctorch._utils\n_rebuild_tensor_v2\n((X\x07\0\0\0storagectorch\nFloatStorage\n\
            X\x01\0\0\x000X\x03\0\0\0cpuK\x02tQK\0";
        [start, size, b"\x85", stride, b"\x85\x89}tRs."].concat()
    };
    let read = |pickle: &[u8]| {
        let bytes = archive(&[("net/data.pkl", pickle), ("net/data/0", &[0; 8])], false);
        Checkpoint::parse(&bytes).and_then(|checkpoint| checkpoint.arrays()).unwrap_err()
    };
    let too_few = Error::WeightsCorrupt { problem: Damage::TooFew, place: Place::Key("w".into()) };
    // A thousand million copies of one number; more numbers than there are; numbers too far apart.
    assert_eq!(read(&pickle(b"J\0\xca\x9a\x3b", b"K\0")), too_few);
    assert_eq!(read(&pickle(b"K\x03", b"K\x01")), too_few);
    assert_eq!(read(&pickle(b"K\x02", b"J\xff\xff\xff\x7f")), too_few);
}
