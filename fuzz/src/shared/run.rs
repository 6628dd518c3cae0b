//! `PROGRAM READER` is what AFL++ runs; with a file behind the name that file is read once, as for looking at a find.

use crate::measure;

#[global_allocator]
static ALLOCATOR: measure::Counting = measure::Counting;

pub type Reader = fn(&[u8]);

pub fn run(readers: &[(&str, Reader)]) {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let named = |name: &str| readers.iter().find(|(known, _)| known == &name).map(|(_, reader)| *reader);
    let Some(reader) = words.first().and_then(|name| named(name)) else {
        let known: Vec<&str> = readers.iter().map(|(name, _)| *name).collect();
        eprintln!("usage: {} [FILE]", known.join("|"));
        std::process::exit(2);
    };
    // What is made once a process is no file's.
    reader(b"");
    if let Some(file) = words.get(1) {
        let bytes = std::fs::read(file).expect("the file is there");
        println!("{:?}", measure::within(bytes.len(), || reader(&bytes)));
        return;
    }
    afl::fuzz!(|bytes: &[u8]| {
        measure::within(bytes.len(), || reader(bytes));
    });
}
