//! What a file that holds no weights for this page seems to be, so that somebody who chose the wrong one knows which is right.

use std::collections::BTreeMap;

use super::zip::Entry;
use crate::error::{Damage, Error};

/// Where the tape archive's sign lies.
const TAR_SIGN: usize = 257;

/// Text longer than this is no message that a failed download left.
const LONGEST_TEXT: usize = 1 << 16;

/// Names of files of weights, in an archive of several.
const ENDINGS: [&str; 9] = [".pth", ".pt", ".safetensors", ".ckpt", ".bin", ".pkl", ".pth.tar", ".onnx", ".h5"];

/// Files of an archive that are named.
const MOST_NAMED: usize = 8;

/// A file whose first bytes are neither PyTorch's nor those of safetensors.
pub fn file(bytes: &[u8]) -> Error {
    let begins = |magic: &[u8]| bytes.starts_with(magic);
    let any = |magics: &[&[u8]]| magics.iter().any(|magic| begins(magic));
    let packed = |kind: &str| Damage::Packed { kind: kind.to_string() };
    let problem = match bytes {
        [] => Damage::Empty,
        _ if any(&[b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"RIFF"]) => Damage::Picture,
        _ if web_page(bytes) => Damage::WebPage,
        _ if begins(b"\x89HDF\r\n\x1a\n") => Damage::Keras,
        _ if begins(b"\x93NUMPY") => Damage::Numpy,
        _ if begins(b"\x1f\x8b") => packed("gzip"),
        _ if begins(b"7z\xbc\xaf\x27\x1c") => packed("7z"),
        _ if begins(b"Rar!\x1a\x07") => packed("RAR"),
        _ if begins(b"BZh") => packed("bzip2"),
        _ if begins(b"\xfd7zXZ\0") => packed("xz"),
        _ if bytes.get(TAR_SIGN..).is_some_and(|rest| rest.starts_with(b"ustar")) => packed("tar"),
        _ if bytes.get(4..8) == Some(b"TFL3") || tensorflow(bytes) => Damage::Tensorflow,
        _ if onnx(bytes) => Damage::Onnx,
        // A protocol that exists, and an instruction that makes something.
        [0x80, 2..=5, b'}' | b']' | b'(' | b'c' | 0x95 | 0x8c | b'X', ..] => Damage::Pickle,
        _ => match text(bytes) {
            Some(text) => pointer(text).unwrap_or(Damage::Text),
            None => Damage::Foreign,
        },
    };
    let at = if matches!(problem, Damage::LfsPointer { .. }) { bytes.len() } else { 0 };
    Error::damage(problem, at)
}

/// A zip archive that `torch.save` did not write.
pub fn archive(entries: &BTreeMap<&str, Entry>) -> Error {
    let lower = |name: &&str| name.to_ascii_lowercase();
    let ends = |endings: &[&str], name: &str| endings.iter().any(|ending| name.ends_with(ending));
    // An archive made on a Mac holds a shadow of every file.
    let files: Vec<&str> = entries
        .keys()
        .filter(|name| !name.ends_with('/') && !name.starts_with("__MACOSX/") && !name.contains("/._"))
        .copied()
        .collect();
    let weights: Vec<&str> = files.iter().filter(|name| ends(&ENDINGS, &lower(name))).copied().collect();
    let exported = |name: &&str| name.ends_with("serialized_exported_program.json") || name.ends_with("archive_format");
    let problem = if files.iter().any(|name| name.ends_with("model.weights.h5")) {
        Damage::Keras
    } else if files.iter().any(exported) {
        Damage::Torchscript
    } else if files.iter().any(|name| name.ends_with("saved_model.pb")) {
        Damage::Tensorflow
    } else if !files.is_empty() && files.iter().all(|name| name.ends_with(".npy")) {
        Damage::Numpy
    } else if !weights.is_empty() {
        let more = if weights.len() > MOST_NAMED { ", …" } else { "" };
        let names = weights.iter().take(MOST_NAMED).copied().collect::<Vec<_>>().join(", ");
        Damage::Files { names: names + more }
    } else {
        Damage::Archive
    };
    Error::damage(problem, 0)
}

/// Whether a name that a pickle calls for is one that numbers, dictionaries and the like are written with: not worth a word.
pub fn harmless(name: &str) -> bool {
    let families = ["torch.", "collections.", "numpy.", "_codecs.", "copyreg.", "copy_reg."];
    let parts =
        ["set", "frozenset", "bytearray", "bytes", "complex", "slice", "range", "object", "int", "float", "list"];
    let builtin = name.strip_prefix("builtins.").or(name.strip_prefix("__builtin__."));
    families.iter().any(|family| name.starts_with(family)) || builtin.is_some_and(|part| parts.contains(&part))
}

fn web_page(bytes: &[u8]) -> bool {
    let text = bytes.trim_ascii_start();
    let begins = |sign: &[u8]| text.get(..sign.len()).is_some_and(|start| start.eq_ignore_ascii_case(sign));
    begins(b"<!doc") || begins(b"<html")
}

/// The whole file as text, where it is that and short.
fn text(bytes: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(bytes).ok().filter(|text| text.len() <= LONGEST_TEXT)?;
    (!text.chars().any(|letter| letter.is_control() && !letter.is_whitespace())).then_some(text)
}

/// What Git leaves in a large file's place where Git LFS is not installed: three lines, one of which says how long the file is.
fn pointer(text: &str) -> Option<Damage> {
    let lines = || text.lines().map(str::trim);
    lines().next().filter(|line| line.starts_with("version https://") && line.contains("lfs"))?;
    let size = lines().find_map(|line| line.strip_prefix("size "))?.parse().ok()?;
    Some(Damage::LfsPointer { size })
}

/// A protocol buffer that begins with ONNX's version, a small number, and goes on with another of a model's fields (`onnx.proto`, ModelProto).
fn onnx(bytes: &[u8]) -> bool {
    matches!(bytes, [0x08, 1..=30, 0x12 | 0x1a | 0x22 | 0x2a | 0x32 | 0x3a | 0x42, ..])
}

/// A saved model: its version is 1, then come its graphs, each with facts of itself first (`saved_model.proto`).
fn tensorflow(bytes: &[u8]) -> bool {
    let [0x08, 1, 0x12, rest @ ..] = bytes else { return false };
    let length = rest.iter().position(|byte| byte & 0x80 == 0).unwrap_or(rest.len());
    length > 1 && rest.get(length + 1) == Some(&0x0a)
}
