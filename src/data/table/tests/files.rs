//! Files that are no plain tables, and tables for other ends.

use super::*;

#[test]
fn a_lying_recording_is_set_upright() {
    assert_eq!(shape(&read(joined(&curve(1, 100), ","))), (Reading::Recording, 77, 24, 1, 0));
    assert_eq!(shape(&read(joined(&curve(1, 100), " "))), (Reading::Recording, 77, 24, 1, 0));
}

#[test]
fn wekas_tables_are_read() {
    let head = "% words\n@relation own\n@attribute att1 numeric\n";
    let names = (2..=24).map(|at| format!("@ATTRIBUTE 'att{at}' REAL\n")).collect::<String>();
    let text = format!(
        "{head}{names}@attribute target {{1,2}}\n\n@data\n{}",
        lines(20, |at| format!("{},{}", joined(&curve(at, 24), ","), at % 2 + 1))
    );
    assert_eq!(shape(&read(text)), (Reading::Rows, 20, 24, 1, 2));
}

#[test]
fn the_archives_ts_files_are_read() {
    let text = format!(
        "@problemName own\n@classLabel true a b\n@data\n{}",
        lines(10, |at| format!("{}:{}", joined(&curve(at, 48), ","), ["a", "b"][at % 2]))
    );
    assert_eq!(shape(&read(text.clone())), (Reading::Rows, 10, 24, 1, 2));
    let found = preview(text);
    assert_eq!((found.ways.len(), found.head.len(), found.taken.why), (1, 0, Cause::Format));
}

#[test]
fn a_number_that_single_precision_does_not_have_is_named() {
    let text = |number: &str| {
        let first = format!("{number},{}:a", joined(&curve(0, 47), ","));
        let rest = lines(10, |at| format!("{}:{}", joined(&curve(at, 48), ","), ["a", "b"][at % 2]));
        format!("@problemName own\n@classLabel true a b\n@data\n{first}\n{rest}")
    };
    assert_eq!(read(text("1e38")).count, 11);
    let found = file(text("1e39")).series(24).unwrap_err().to_string();
    assert!(found.contains("1e39") && found.contains("line 4"), "{found}");
}

fn npy(shape: &str, values: impl Iterator<Item = f64>) -> Vec<u8> {
    let header = format!("{{'descr': '<f8', 'fortran_order': False, 'shape': ({shape}), }}\n");
    let mut bytes = [b"\x93NUMPY\x01\x00".as_slice(), &(header.len() as u16).to_le_bytes(), header.as_bytes()].concat();
    bytes.extend(values.flat_map(f64::to_le_bytes));
    bytes
}

/// A zip archive as NumPy writes one: stored, or deflated in one stored block, which is valid and needs no compressor here.
fn archive(files: &[(&str, Vec<u8>)], deflated: bool) -> Vec<u8> {
    let (mut all, mut directory) = (Vec::new(), Vec::new());
    for (name, content) in files {
        let packed = if deflated {
            let blocks = content.chunks(60_000).enumerate().flat_map(|(at, block)| {
                let last = u8::from((at + 1) * 60_000 >= content.len());
                let length = block.len() as u16;
                [&[last][..], &length.to_le_bytes(), &(!length).to_le_bytes(), block].concat()
            });
            blocks.collect()
        } else {
            content.clone()
        };
        let method = if deflated { 8u16 } else { 0 };
        let sizes = [(packed.len() as u32).to_le_bytes(), (content.len() as u32).to_le_bytes()].concat();
        let common = [
            &20u16.to_le_bytes()[..],
            &0u16.to_le_bytes(),
            &method.to_le_bytes(),
            &[0; 8],
            &sizes,
            &(name.len() as u16).to_le_bytes(),
            &[0; 2],
        ]
        .concat();
        directory.extend(
            [b"PK\x01\x02".as_slice(), &[20, 0], &common, &[0; 10], &(all.len() as u32).to_le_bytes(), name.as_bytes()]
                .concat(),
        );
        all.extend([b"PK\x03\x04".as_slice(), &common, name.as_bytes(), &packed].concat());
    }
    let start = all.len() as u32;
    let count = (files.len() as u16).to_le_bytes();
    let end = [
        b"PK\x05\x06".as_slice(),
        &[0; 4],
        &count,
        &count,
        &(directory.len() as u32).to_le_bytes(),
        &start.to_le_bytes(),
        &[0; 2],
    ]
    .concat();
    [all, directory, end].concat()
}

#[test]
fn numpys_arrays_are_read() {
    let flat =
        |count: usize, steps: usize| (0..count).flat_map(move |at| curve(at, steps)).collect::<Vec<f64>>().into_iter();
    assert_eq!(shape(&read(npy("20, 24", flat(20, 24)))), (Reading::Rows, 20, 24, 1, 0));
    assert_eq!(shape(&read(npy("100,", flat(1, 100)))), (Reading::Recording, 77, 24, 1, 0));
    assert_eq!(shape(&read(npy("10, 48, 3", flat(10, 144)))), (Reading::Rows, 10, 24, 3, 0));
    assert_eq!(shape(&read(npy("10, 3, 48", flat(10, 144)))), (Reading::Channels, 10, 24, 3, 0));
    assert!(matches!(flaw(npy("2, 2, 2, 2", flat(4, 4))).0, Flaw::ArrayShape { .. }));
    let series = read(npy("10, 3, 48", flat(10, 144)));
    assert_eq!(series.values[0], curve(0, 144)[0] as f32);
    assert_eq!(series.values[1], curve(0, 144)[48] as f32);
}

#[test]
fn numpys_archives_are_read() {
    let x = npy("20, 24", (0..20).flat_map(|at| curve(at, 24)).collect::<Vec<_>>().into_iter());
    let y = npy("20,", (0..20).map(|at| f64::from(at % 3)));
    for deflated in [false, true] {
        let series = read(archive(
            &[("X_train.npy", x.clone()), ("y_train.npy", y.clone()), ("y_test.npy", y.clone())],
            deflated,
        ));
        assert_eq!(shape(&series), (Reading::Rows, 20, 24, 1, 3), "{deflated}");
    }
    let two = archive(&[("one.npy", x.clone()), ("two.npy", x.clone())], false);
    assert_eq!(flaw(two.clone()).0, Flaw::ArchiveArrays { names: vec!["one".into(), "two".into()] });
    let asked = TableFile { bytes: two, wish: Wish { array: Some("two".into()), ..Wish::default() } };
    assert_eq!(asked.preview(LENGTH).unwrap().arrays, ["one", "two"]);
    let foreign = |name: &str| flaw(archive(&[(name, x.clone())], false)).0;
    assert_eq!(foreign("xl/workbook.xml"), Flaw::Spreadsheet { kind: "Excel".into() });
    assert_eq!(foreign("photo.jpg"), Flaw::TableArchive);
}

#[test]
fn a_rare_class_is_kept_where_not_all_series_are() {
    let count = 20_002;
    let x = npy("20002, 2, 1", (0..2 * count).map(|at| f64::from(at % 7)));
    let rare = |at: u32| if at == 1 { 1.0 } else { f64::from(at % 4 / 2) * 2.0 };
    let series = read(archive(&[("X.npy", x), ("y.npy", npy("20002,", (0..count).map(rare)))], false));
    assert_eq!((series.count, series.brought, series.classes.len()), (10_001, Some(20_002), 3));
    let kept = |class| series.labels.iter().filter(|label| **label == class).count();
    assert_eq!((kept(1), kept(0) + kept(2)), (1, 10_000));
    let rows = series.labels.iter().position(|label| *label == 1).unwrap();
    assert_eq!(series.values[2 * rows..2 * rows + 2], [2.0, 3.0]);
}

#[test]
fn two_columns_are_points() {
    let text = format!("x,y\n{}", lines(50, |at| format!("{},{}", 1000 + at, noise(at))));
    let points = file(text).points().unwrap();
    assert_eq!(
        (points.points.len(), points.scale.brought, &points.scale.names),
        (100, 50, &["x".to_string(), "y".to_string()])
    );
    let [[middle, half], _] = points.scale.axes;
    assert!(
        (f64::from(points.points[0]) * half + middle - 1000.0).abs() < 0.01
            && (f64::from(points.points[98]) * half + middle - 1049.0).abs() < 0.01
    );
    // A second apart, since 1970: as far apart as from zero.
    let seconds = |first: u64| file(lines(50, |at| format!("{};{}", first + at as u64, noise(at)))).points().unwrap();
    let (late, early) = (seconds(1_700_000_000), seconds(0));
    assert_eq!((late.points, late.scale.axes[0][0] - early.scale.axes[0][0]), (early.points, 1.7e9));
    assert!(points.points.iter().all(|value| value.abs() <= 0.951));
    let many = file(lines(9000, |at| format!("{};{}", noise(at), noise(at + 1)))).points().unwrap();
    assert_eq!((many.points.len(), many.scale.brought), (3600, 9000));
    let three = format!(
        "id,x,y,kind\n{}",
        lines(50, |at| format!("{at},{},{},{}", noise(at), noise(at + 9), ["a", "b"][at % 2]))
    );
    assert_eq!(file(three).points().unwrap().scale.names, ["x", "y"]);
    let wrong = |text: String| file(text).points().unwrap_err().to_string();
    assert!(wrong(lines(20, |at| format!("{},{},{}", noise(at), noise(at + 1), noise(at + 2)))).contains("3 columns"));
    assert!(wrong(lines(5, |at| format!("{},{}", noise(at), noise(at + 1)))).contains("fewer than 8"));
}
