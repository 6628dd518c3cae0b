//! `PROGRAM READER` is what AFL++ runs; with a file behind the name that file is read once, as for looking at a find.

use crate::measure;
use crate::readers::Reader;

#[global_allocator]
static ALLOCATOR: measure::Counting = measure::Counting;

pub fn run(readers: &[(&str, Reader, u32)]) {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let named =
        |name: &str| readers.iter().find(|(known, ..)| known == &name).map(|(_, reader, times)| (*reader, *times));
    let Some((reader, times)) = words.first().and_then(|name| named(name)) else {
        let known: Vec<&str> = readers.iter().map(|(name, ..)| *name).collect();
        eprintln!("usage: {} [FILE]", known.join("|"));
        std::process::exit(2);
    };
    // What is made once a process is no file's.
    reader(b"");
    if let Some(file) = words.get(1) {
        let bytes = std::fs::read(file).expect("the file is there");
        println!("{:?}", measure::within(bytes.len(), times, || reader(&bytes)));
        return;
    }
    afl::fuzz!(|bytes: &[u8]| {
        measure::within(bytes.len(), times, || reader(bytes));
    });
}
