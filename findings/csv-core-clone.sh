#!/usr/bin/env bash
# csv-core 0.1.13 (Rust): a clone of `csv_core::Reader` is no copy of it. The copy of its table of transitions leaves out which state ends a
# field and which a record, so every byte seems to end a record: `ab,c` comes out as records without content, in silence, and the end is never
# told. A builder with `nfa(true)` does without the table, and its readers' clones read as the reader does.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cat > Cargo.toml <<'TOML'
[package]
name = "seen"
version = "0.0.0"
edition = "2021"

[dependencies]
csv-core = "=0.1.13"
TOML
mkdir src
cat > src/main.rs <<'RS'
use csv_core::{ReadFieldResult, Reader, ReaderBuilder};

fn fields(mut reader: Reader) -> String {
    let (text, mut at, mut output, mut found) = (b"ab,c\n", 0, [0; 8], Vec::new());
    for _ in 0..5 {
        let (result, read, written) = reader.read_field(&text[at..], &mut output);
        at += read;
        match result {
            ReadFieldResult::Field { record_end } => {
                let content = String::from_utf8_lossy(&output[..written]).into_owned();
                found.push(format!("{content}{}", if record_end { "/" } else { "|" }));
            }
            ReadFieldResult::End => break,
            _ => {}
        }
    }
    found.concat()
}

fn main() {
    let reader = ReaderBuilder::new().build();
    println!("reader {}", fields(ReaderBuilder::new().build()));
    println!("its clone {}", fields(reader.clone()));
    println!("clone without the table {}", fields(ReaderBuilder::new().nfa(true).build().clone()));
}
RS
CARGO_TARGET_DIR="$work/target" timeout 300 cargo run --quiet > seen
cat seen
cat > expected <<'TEXT'
reader ab|c/
its clone /////
clone without the table ab|c/
TEXT
diff expected seen && echo 'as described'
