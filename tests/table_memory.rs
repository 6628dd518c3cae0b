//! What a table's readers hold and how long they compute, on files of many megabytes whose cells are as short as cells can be: see
//! `fuzz/src/shared`. `cargo test --features train --test table_memory -- --ignored` reads the largest that the page takes.
#![cfg(not(target_family = "wasm"))]

#[path = "../fuzz/src/shared/measure.rs"]
mod measure;
#[allow(dead_code)]
#[path = "../fuzz/src/shared/readers.rs"]
mod readers;

use gan_atelier as ours;

#[global_allocator]
static ALLOCATOR: measure::Counting = measure::Counting;

const MEGABYTE: usize = 1 << 20;
/// The page takes no larger file (`mostBytes` in `www/engine/own-data.js`).
const LARGEST: usize = 256_000_000;

fn table(name: &str, bytes: &[u8]) {
    let taken = measure::within(bytes.len(), 3, || readers::table(bytes));
    let share = taken.bytes as f64 / bytes.len() as f64;
    println!("{name}: {} MB, {share:.2} times as much held, {:?}", bytes.len() / MEGABYTE, taken.time);
}

fn npy(name: &str, bytes: &[u8]) {
    let taken = measure::within(bytes.len(), 4, || readers::npy(bytes));
    let share = taken.bytes as f64 / bytes.len() as f64;
    println!("{name}: {} MB, {share:.2} times as much held, {:?}", bytes.len() / MEGABYTE, taken.time);
}

/// The same lines, below others, as often as they fit.
fn lines(first: &str, again: &str, bytes: usize) -> Vec<u8> {
    [first.as_bytes(), &again.as_bytes().repeat((bytes - first.len()) / again.len())].concat()
}

/// A line for each place, until there are enough bytes.
fn numbered(first: &str, bytes: usize, line: impl Fn(usize) -> String) -> Vec<u8> {
    let mut text = String::with_capacity(bytes + 64);
    text.push_str(first);
    let mut at = 0;
    while text.len() < bytes {
        at += 1;
        text.push_str(&line(at));
    }
    text.into_bytes()
}

fn array(descr: &str, shape: &str, bytes: usize) -> Vec<u8> {
    let text = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': ({shape}), }}\n");
    let numbers = (0..bytes).map(|at| (at * at % 251) as u8 & 1).collect::<Vec<u8>>();
    [b"\x93NUMPY\x01\0", &(text.len() as u16).to_le_bytes()[..], text.as_bytes(), &numbers].concat()
}

#[test]
fn the_shortest_cells_are_held_in_little() {
    for row in
        ["1\n", "1,2\n", "a,1\n", "1,,,,,,,,\n", ".1\n1K\n", "1\r", "1 2\n", "\"1\"\n", "1\n\n", "1,2,3,4,5,6,7,8,a\n"]
    {
        for size in [1, 4] {
            table(row, &lines("", row, size * MEGABYTE));
        }
    }
    table("one line", &lines("", "1,", 4 * MEGABYTE));
    table("commas", &lines("1,1\n", ",", 4 * MEGABYTE));
    for cell in ["1", "a", ""] {
        table("wide", &lines("", &format!("1{}\n", format!(",{cell}").repeat(29_999)), 4 * MEGABYTE));
    }
    // Rows of a few cells beside one of many, which is what the table is as wide as.
    let wide = format!("{}1\n", "1,".repeat(29_999));
    let short = ["1,".repeat(7), "1,".repeat(8), "1,".repeat(9)].map(|start| format!("{start}1\n")).concat();
    table("ragged", &lines(&wide, &short, 4 * MEGABYTE));
}

#[test]
fn classes_and_identities_are_held_in_little() {
    let classes = |at: usize| format!("{},{}\n", ["a", "b", "c"][at * at % 7 % 3], at % 9);
    table("classes", &numbered("class,v\n", 4 * MEGABYTE, classes));
    table("numbers", &numbered("id,v\n", 4 * MEGABYTE, |at| format!("{},{}\n", at * 7919 % 100_000_007, at % 7)));
    table("words", &numbered("id,v\n", 4 * MEGABYTE, |at| format!("w{at:x},{}\n", at % 7)));
    table("different words", &numbered("", 4 * MEGABYTE, |at| format!("{at:x}z,{}\n", at % 7)));
}

#[test]
fn series_of_the_archive_are_held_in_little() {
    for (class, line) in [(false, "1,1\n"), (true, "1,1:a\n"), (true, "1,2,3:4,5,6:b\n"), (false, "(1,1),(2,2)\n")] {
        table(line, &lines(&format!("@classLabel {class}\n@data\n"), line, 4 * MEGABYTE));
    }
    table("one series", &lines("@data\n1", ",1", 4 * MEGABYTE));
    table("one gap", &lines("@data\n1,", ",", 4 * MEGABYTE));
    table("a class each", &numbered("@classLabel true\n@data\n", 4 * MEGABYTE, |at| format!("1,2:{at:x}\n")));
}

#[test]
fn arrays_of_bytes_are_read_where_they_lie() {
    let count = 4 * MEGABYTE;
    for descr in ["|u1", "|i1", "|b1"] {
        npy(descr, &array(descr, &format!("{count},"), count));
    }
    for shape in [format!("{}, 2", count / 2), format!("{}, 4, 2", count / 8), format!("1, {}, 2", count / 2)] {
        npy(&shape, &array("|u1", &shape, count));
    }
    npy("words", &array("|S1", &format!("{count},"), count));
    // In an archive as NumPy stores it, with classes.
    let x = array("|u1", &format!("{}, 2, 2", count / 4), count);
    let y = array("|u1", &format!("{},", count / 4), count / 4);
    table("archive", &readers::archive(&[("x.npy", &x), ("y.npy", &y)]));
}

#[test]
fn sixteen_megabytes_are_as_little() {
    let size = 16 * MEGABYTE;
    table("rows", &lines("", "1\n", size));
    table("series", &lines("@data\n", "1,1,1,1,1\n", size));
    npy("array", &array("|u1", &format!("{size},"), size));
}

#[test]
#[ignore = "minutes"]
fn the_largest_that_the_page_takes_is_held_in_little() {
    for row in ["1\n", "1,2\n", "a,1\n", "1,,,,,,,,\n", ".1\n1K\n"] {
        table(row, &lines("", row, LARGEST));
    }
    table("one line", &lines("", "1,", LARGEST));
    table("wide", &lines("", &format!("1{}\n", ",1".repeat(29_999)), LARGEST));
    table("series", &lines("@classLabel true\n@data\n", "1,1:a\n", LARGEST));
    table("one series", &lines("@data\n1", ",1", LARGEST));
    npy("array", &array("|u1", &format!("{LARGEST},"), LARGEST));
    npy("two columns", &array("|u1", &format!("{}, 2", LARGEST / 2), LARGEST));
}
