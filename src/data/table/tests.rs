//! Whole files, read as a visitor's are.

use super::columns::Role;
use super::preview::Preview;
use super::reading::{Cause, Reading};
use super::source::{TableFile, Wish};
use crate::data::series::Series;
use crate::error::{Error, Flaw, Place};

mod files;
mod gaps;

const LENGTH: usize = 24;

fn file(bytes: impl Into<Vec<u8>>) -> TableFile {
    TableFile { bytes: bytes.into(), wish: Wish::default() }
}

fn read(bytes: impl Into<Vec<u8>>) -> Series {
    file(bytes).series(LENGTH).expect("a table")
}

fn preview(bytes: impl Into<Vec<u8>>) -> Preview {
    file(bytes).preview(LENGTH).expect("a table")
}

fn flaw(bytes: impl Into<Vec<u8>>) -> (Flaw, Place) {
    match file(bytes).series(LENGTH) {
        Err(Error::InvalidData { flaw, place }) => (flaw, place),
        other => panic!("{other:?}"),
    }
}

/// What a file was read as: reading, count, steps, values of a step, classes.
fn shape(series: &Series) -> (Reading, usize, usize, usize, usize) {
    let reading = series.taken.as_ref().expect("a table").reading;
    (reading, series.count, series.steps, series.dims, series.classes.len())
}

fn lines(count: usize, line: impl Fn(usize) -> String) -> String {
    (0..count).map(|at| line(at) + "\n").collect()
}

/// Numbers without an order.
fn noise(at: usize) -> f64 {
    (((at as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40) as f64 / f64::from(1 << 24)) * 2.0 - 1.0
}

/// A curve of its own phase for each series.
fn curve(series: usize, steps: usize) -> Vec<f64> {
    let phase = noise(series) * 3.0;
    (0..steps).map(|step| (step as f64 / 3.0 + phase).sin() + 0.05 * noise(series * 977 + step)).collect()
}

fn joined(values: &[f64], mark: &str) -> String {
    values.iter().map(|value| format!("{value:.4}")).collect::<Vec<_>>().join(mark)
}

fn roles(preview: &Preview) -> Vec<Role> {
    preview.taken.columns.iter().map(|column| column.role).collect()
}

#[test]
fn the_archives_class_in_front_is_no_step() {
    let front = lines(30, |at| format!("{}\t{}", if at % 2 == 0 { 1 } else { -1 }, joined(&curve(at, 24), "\t")));
    let series = read(front);
    assert_eq!(shape(&series), (Reading::Rows, 30, 24, 1, 2));
    assert_eq!(
        (&series.classes[..], &series.labels[..4]),
        (&["-1".to_string(), "1".to_string()][..], &[1, 0, 1, 0][..])
    );
    assert!((f64::from(series.values[0]) - curve(0, 24)[0]).abs() < 1e-3, "the first step is a value");
    // The old archive parted by several spaces, in exponents; classes from 1.
    let old = lines(24, |at| {
        format!(
            "   {}.0000000e+00  {}",
            at % 3 + 1,
            curve(at, 30).iter().map(|v| format!("{v:.7e}")).collect::<Vec<_>>().join("  ")
        )
    });
    assert_eq!(shape(&read(old)), (Reading::Rows, 24, 24, 1, 3));
    let behind = lines(30, |at| format!("{},{}", joined(&curve(at, 24), ","), at % 4));
    assert_eq!(shape(&read(behind)), (Reading::Rows, 30, 24, 1, 4));
    let words = lines(30, |at| format!("{},{}", joined(&curve(at, 24), ","), ["up", "down"][at % 2]));
    assert_eq!(shape(&read(words)), (Reading::Rows, 30, 24, 1, 2));
    // Sorted by class.
    let sorted = lines(30, |at| format!("{},{}", at / 15, joined(&curve(at, 24), ",")));
    assert_eq!(shape(&read(sorted)), (Reading::Rows, 30, 24, 1, 2));
}

#[test]
fn names_of_classes_and_numbers_as_names_are_known() {
    assert_eq!(
        roles(&preview(format!("x,y\n{}", lines(60, |at| format!("{}.5,{}", at % 7, at / 30))))),
        [Role::Value, Role::Value]
    );
    for name in ["label", "target", "class", "類別"] {
        let names = (0..24).map(|at| at.to_string()).collect::<Vec<_>>().join(",");
        let text = format!("{name},{names}\n{}", lines(20, |at| format!("{},{}", at % 2, joined(&curve(at, 24), ","))));
        assert_eq!(shape(&read(text)), (Reading::Rows, 20, 24, 1, 2), "{name}");
    }
    // pandas' own names and row numbers.
    let names = (0..24).map(|at| at.to_string()).collect::<Vec<_>>().join(",");
    let pandas = format!(",{names}\n{}", lines(20, |at| format!("{at},{}", joined(&curve(at, 24), ","))));
    let found = preview(pandas);
    assert_eq!((found.taken.reading, found.rows, roles(&found)[0]), (Reading::Rows, 20, Role::Id));
    let bare = format!("{names}\n{}", lines(20, |at| joined(&curve(at, 24), ",")));
    assert_eq!(shape(&read(bare)), (Reading::Rows, 20, 24, 1, 0));
    let wide = "class,a,b,c,d,e,f,g,h\nup,1,2,3,4,5,6,7,8\n\ndown,8,7,6,5,4,3,2,1\nup,0,1,2,3,4,5,6,7\n";
    let series = file(wide).series(8).unwrap();
    assert_eq!((shape(&series), series.labels), ((Reading::Rows, 3, 8, 1, 2), vec![0, 1, 0]));
}

#[test]
fn a_recording_of_many_values_is_one_recording() {
    // TimeGAN's energy data: 28 values of unlike size, with names.
    let value = |row: usize, column: usize| {
        10.0 * column as f64 + (row as f64 / (4.0 + column as f64 / 9.0)).sin() + 0.02 * noise(row * 31 + column)
    };
    let names: Vec<String> = (0..28).map(|at| format!("\"T{at}\"")).collect();
    let row = |at: usize| (0..28).map(|column| format!("\"{:.3}\"", value(at, column))).collect::<Vec<_>>().join(",");
    let text = format!("{}\n{}", names.join(","), lines(200, row));
    assert_eq!(shape(&read(text)), (Reading::Recording, 177, 24, 28, 0));
    // A first row at one pace is no heading where there is one.
    let steady =
        |at: usize| (0..28).map(|c| (10 * c).to_string()).collect::<Vec<_>>().join(",") + &format!("\n{}", row(at));
    assert_eq!(preview(format!("{}\n{}", names.join(","), lines(1, steady) + &lines(60, row))).rows, 62);
    let names = ["Appliances", "lights", "T1", "RH_1", "T2", "RH_2", "Windspeed", "Visibility", "rv1"].join(",");
    let row = |at: usize| (0..9).map(|column| format!("{:.3}", value(at, column * 3))).collect::<Vec<_>>().join(",");
    assert_eq!(shape(&read(format!("{names}\n{}", lines(100, row)))), (Reading::Recording, 77, 24, 9, 0));
    // Nothing but its numbers says so.
    let row = |at: usize| (0..12).map(|column| format!("{:.3}", value(at, column))).collect::<Vec<_>>().join(",");
    assert_eq!(shape(&read(lines(100, row))), (Reading::Recording, 77, 24, 12, 0));
}

#[test]
fn columns_of_one_kind_are_series() {
    let names = (1..=30).map(|at| format!("house {at}")).collect::<Vec<_>>().join(",");
    let all: Vec<Vec<f64>> = (0..30).map(|at| curve(at, 40)).collect();
    let text = format!(
        "hour,{names}\n{}",
        lines(40, |row| format!("{row},{}", joined(&all.iter().map(|series| series[row]).collect::<Vec<_>>(), ",")))
    );
    let series = read(text);
    assert_eq!(shape(&series), (Reading::Columns, 30, 24, 1, 0));
    assert!(!series.taken.unwrap().sure, "it could be one recording too");
}

#[test]
fn dates_in_any_column_are_left_out() {
    for at in 0..3 {
        let row = |row: usize| {
            let mut cells = vec![format!("{}.5", row % 7), format!("{}", 30 + row % 5)];
            cells.insert(at, format!("2016-07-{:02} {:02}:00:00", 1 + row / 24, row % 24));
            cells.join(",")
        };
        let mut names = vec!["load", "temperature"];
        names.insert(at, "date");
        let text = format!("{}\n{}", names.join(","), lines(60, row));
        let series = read(text);
        assert_eq!(shape(&series), (Reading::Recording, 37, 24, 2, 0), "column {at}");
        let taken = series.taken.unwrap();
        assert_eq!((taken.columns[at].role, taken.why, taken.column), (Role::Time, Cause::TimeColumn, Some(at)));
    }
    let unix = lines(60, |at| format!("{},{}", 1_467_331_200 + at * 3600, at % 7));
    assert_eq!(roles(&preview(format!("timestamp,load\n{unix}"))), [Role::Time, Role::Value]);
    let numbered = lines(60, |at| format!("{at},{}", at % 7));
    assert_eq!(roles(&preview(numbered)), [Role::Id, Role::Value]);
}

#[test]
fn quotes_keep_cells_together() {
    let row = |at: usize| {
        format!("\"Jan {:02}, 2024\",\"1,2{:02}.50\",\"1,1{:02}.25\",\"0.{:02}%\"", at % 28 + 1, at, at, at + 10)
    };
    let text = format!("\"Date\",\"Price\",\"Open\",\"Change %\"\n{}", lines(60, row));
    let found = preview(text.clone());
    assert_eq!((found.rows, roles(&found)), (60, vec![Role::Time, Role::Value, Role::Value, Role::Value]));
    assert_eq!(read(text).values[..3], [1200.5, 1100.25, 0.10]);
}

#[test]
fn what_excel_writes_is_read() {
    let rows = lines(60, |at| format!("{},{};{}\r", 20 + at % 5, at % 10, 60 + at % 9));
    for (start, end) in [
        ("sep=;\r\ntemperature;humidity\r\n", ""),
        ("temperature;humidity;\r\n", ";"),
        ("\u{feff}temperature;humidity\r\n", ""),
    ] {
        let text = start.to_string() + &if end.is_empty() { rows.clone() } else { rows.replace('\r', ";\r") };
        let series = read(text);
        assert_eq!(
            (shape(&series), &series.values[..2]),
            ((Reading::Recording, 37, 24, 2, 0), &[20.0, 60.0][..]),
            "{start}"
        );
    }
    assert_eq!(
        roles(&preview(format!("a;b;\n{}", lines(30, |at| format!("{at};{};", at % 7))))).len(),
        2,
        "no third column"
    );
    let utf16: Vec<u8> = [0xff, 0xfe]
        .into_iter()
        .chain(format!("溫度\t濕度\r\n{}", rows.replace(';', "\t")).encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    assert_eq!(shape(&read(utf16)), (Reading::Recording, 37, 24, 2, 0));
    let mac = lines(60, |at| format!("{},{}", at % 5, at % 9)).replace('\n', "\r");
    assert_eq!(shape(&read(mac)), (Reading::Recording, 37, 24, 2, 0));
}

#[test]
fn words_around_the_table_are_passed_over() {
    let rows = lines(60, |at| format!("2019-{:02}-{:02},{}", at / 28 + 1, at % 28 + 1, 50 + at));
    let text = format!("Category: All categories\n\nWeek,searches: (Worldwide)\n{rows}\nSource: somebody\n");
    let found = preview(text.clone());
    assert_eq!((found.rows, found.passed, found.named, roles(&found)), (60, 2, true, vec![Role::Time, Role::Value]));
    assert_eq!((found.taken.columns[1].name.as_str(), found.lines[0]), ("searches: (Worldwide)", 4));
    let one = format!("Category: All categories\nWeek,searches\n{rows}");
    assert_eq!((preview(one.clone()).rows, preview(one).passed), (60, 1));
    let stations = format!("Lat: 1.5, Lon: 2.5\nParam, unit, x\n\nwhen,temperature\n{rows}Total,1770\n");
    let found = preview(stations);
    assert_eq!((found.rows, found.taken.columns[1].name.as_str(), found.passed), (60, "temperature", 3));
    let twice = format!("Price,Close\nTicker,AAPL\nDate,\n{rows}");
    assert_eq!(preview(twice).taken.columns[1].name, "Close");
    // Padded with separators, and units under the names.
    let padded = format!(
        "Report;;\n;;\nwhen;load;price\n;kW;EUR\n{}",
        lines(40, |at| format!("{}:00;{},5;{}", at % 24, at % 7, at % 11))
    );
    let found = preview(padded);
    assert_eq!(
        (found.rows, found.taken.columns[1].name.as_str(), roles(&found)),
        (40, "load", vec![Role::Time, Role::Value, Role::Value])
    );
}

#[test]
fn pieces_stay_within_classes_and_identities() {
    let rows = lines(120, |at| format!("{},{},{}", at / 40, at % 40, at));
    let series = read(format!("subject,step,x\n{rows}"));
    assert_eq!(shape(&series), (Reading::Recording, 3 * 17, 24, 2, 0));
    // A class that changes before a piece is full is none of pieces.
    let rows = lines(120, |at| format!("{},{},{}", at % 7, at % 2, ["walk", "sit"][at / 3 % 2]));
    let found = preview(format!("x,label,activity\n{rows}"));
    assert_eq!(roles(&found), [Role::Value, Role::Value, Role::Out]);
    let rows = lines(120, |at| format!("{},{}", at, ["walk", "sit", "lie"][at / 40]));
    assert_eq!(shape(&read(format!("x,activity\n{rows}"))), (Reading::Recording, 3 * 17, 24, 1, 3));
}

#[test]
fn what_the_caller_says_is_done() {
    let text = lines(30, |at| joined(&curve(at, 24), ","));
    let asked = |wish: Wish| TableFile { bytes: text.clone().into(), wish }.series(LENGTH);
    let reading = |reading| Wish { reading: Some(reading), ..Wish::default() };
    assert_eq!(shape(&asked(Wish::default()).unwrap()), (Reading::Rows, 30, 24, 1, 0));
    assert_eq!(shape(&asked(reading(Reading::Recording)).unwrap()), (Reading::Recording, 7, 24, 24, 0));
    assert_eq!(shape(&asked(reading(Reading::Columns)).unwrap()), (Reading::Columns, 24, 24, 1, 0));
    assert!(matches!(
        asked(reading(Reading::Channels)),
        Err(Error::InvalidData { flaw: Flaw::TableReading { .. }, .. })
    ));
    let first = Wish { columns: vec![Some(Role::Out), None], ..Wish::default() };
    assert_eq!(shape(&asked(first).unwrap()), (Reading::Rows, 30, 23, 1, 0));
    let named = |name: &str| Wish { named: [(name.to_string(), Role::Out)].into(), ..Wish::default() };
    let two = |wish| {
        TableFile { bytes: format!("a,b\n{}", lines(40, |at| format!("{at}.5,{at}"))).into(), wish }.series(LENGTH)
    };
    assert_eq!(two(named("a")).unwrap().dims, 1);
    assert!(matches!(two(named("c")), Err(Error::InvalidConfig { .. })));
    assert_eq!(
        two(Wish { separator: Some(';'), decimal: Some(','), ..Wish::default() }).unwrap_err().code(),
        "InvalidData"
    );
}

#[test]
fn every_reading_can_be_looked_at() {
    let found = preview(lines(30, |at| joined(&curve(at, 24), ",")));
    let ways: Vec<_> =
        found.ways.iter().map(|way| (way.reading, way.count, way.dims, way.drawn, way.problem.is_some())).collect();
    assert_eq!(
        ways,
        [
            (Reading::Rows, 30, 1, [6, 24, 1], false),
            (Reading::Recording, 7, 24, [6, 24, 8], false),
            (Reading::Columns, 24, 1, [6, 24, 1], false)
        ]
    );
    assert!(
        found
            .ways
            .iter()
            .all(|way| way.sample.len() == way.drawn.iter().product::<usize>() && way.ranges.len() == way.dims)
    );
    assert_eq!((found.head.len(), found.separator, found.decimal), (8, Some(','), Some('.')));
    let short = preview("a,b\n1,2\n2,1\n3,2\n");
    assert!(matches!(
        short.ways[1].problem,
        Some(Error::InvalidData { flaw: Flaw::SeriesRows { rows: 3, least: 24 }, .. })
    ));
}

#[test]
fn a_bad_table_names_its_line() {
    assert_eq!(flaw(""), (Flaw::CsvEmpty, Place::Line(1)));
    assert_eq!(flaw("a,b\nc,d\n"), (Flaw::CsvEmpty, Place::Line(1)));
    assert_eq!(flaw("a,b\n1,2\n\n3,x\n"), (Flaw::CsvNumber { found: "x".into(), column: 2 }, Place::Line(4)));
    assert_eq!(flaw("1,2\n3,4\n5,6,7\n"), (Flaw::CsvColumns { found: 3, expected: 2 }, Place::Line(3)));
    assert_eq!(flaw("1\n2\ninf\n"), (Flaw::CsvNumber { found: "inf".into(), column: 1 }, Place::Line(3)));
    assert_eq!(flaw("1\n2\n3\n"), (Flaw::SeriesRows { rows: 3, least: 24 }, Place::Line(3)));
}
