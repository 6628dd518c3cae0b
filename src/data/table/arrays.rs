//! NumPy's arrays as tables and series: one (`.npy`), or several in an archive (`.npz`).

use std::borrow::Cow;
use std::cell::OnceCell;

use super::reading::{Reading, bridge, labels};
use super::{Column, Kind, MOST_COLUMNS, Table, WIDE};
use crate::data::npy;
use crate::data::series::{LEAST_STEPS, MOST_DIMS, MOST_SERIES, MOST_VALUES, Series};
use crate::error::{Error, Flaw, Place, Result};
use crate::weights::zip;

/// Numbers that an array of an archive may have, or as many as the file has bytes: a few thousand bytes can unpack to gigabytes.
const MOST_NUMBERS: usize = 2_000_000;
/// Bytes that a header is looked for in; NumPy's own has 118.
const HEADER: usize = 4096;
/// Arrays that may be an array's classes are tried so often.
const MOST_LABELS: usize = 8;
/// Rows that a preview shows.
const HEAD: usize = 8;

/// Numbers of one, two or three dimensions; a class for each first index where there are classes.
#[derive(Debug, Clone, PartialEq)]
pub struct Array {
    pub shape: Vec<usize>,
    pub values: Vec<f64>,
    pub classes: Option<Column>,
}

/// The arrays of an archive, by name; only what is asked for is unpacked.
pub struct Archive<'a> {
    files: Vec<(String, zip::Entry<'a>, Option<npy::Header>)>,
    most: usize,
}

impl<'a> Archive<'a> {
    /// An archive of NumPy's; a spreadsheet and other zip archives are named for what they are.
    pub fn open(bytes: &'a [u8]) -> Result<Self> {
        let entries = zip::entries(bytes).map_err(|_| super::text::foreign("ZIP"))?;
        let has = |start: &str| entries.keys().any(|name| name.starts_with(start));
        let office = [("xl/", "Excel"), ("word/", "Word"), ("Index/", "Numbers"), ("content.xml", "OpenDocument")];
        if let Some((_, kind)) = office.into_iter().find(|(start, _)| has(start)) {
            return Err(super::text::foreign(kind));
        }
        let mut files = Vec::new();
        for (name, entry) in &entries {
            let Some(name) = name.strip_suffix(".npy") else { continue };
            files.push((name.to_string(), *entry, npy::header(&entry.start(HEADER), name).ok()));
        }
        match files.is_empty() {
            true => Err(super::text::foreign("ZIP")),
            false => Ok(Self { files, most: MOST_NUMBERS.max(bytes.len()) }),
        }
    }

    /// Every array that can be learned from.
    pub fn names(&self) -> Vec<String> {
        let numbers = |header: &Option<npy::Header>| {
            let header = header.as_ref().filter(|header| header.is_number() && header.count() > 1);
            header.is_some_and(|header| (1..=3).contains(&header.shape.len()))
        };
        self.files.iter().filter(|(.., header)| numbers(header)).map(|(name, ..)| name.clone()).collect()
    }

    /// The name of the array to learn from: what is asked for, the only one, or the one that is called so.
    pub fn choose(&self, asked: Option<&str>) -> Result<String> {
        let names = self.names();
        let several = || Error::flaw(Flaw::ArchiveArrays { names: names.clone() }, Place::Key("data.array".into()));
        if let Some(asked) = asked {
            return names.iter().find(|name| *name == asked).cloned().ok_or_else(several);
        }
        // Classes stand beside what they are of.
        let data: Vec<&String> = names.iter().filter(|name| !is_label(name) && self.dimensions(name) > 1).collect();
        let usual = ["x_train", "xtrain", "train_x", "train", "x", "data", "series", "sequences", "samples", "arr_0"];
        let called = || usual.iter().find_map(|usual| data.iter().find(|name| name.eq_ignore_ascii_case(usual)));
        match (&data[..], &names[..]) {
            ([only], _) => Ok((*only).clone()),
            ([], [only]) => Ok(only.clone()),
            _ => called().map(|name| (*name).clone()).ok_or_else(several),
        }
    }

    fn dimensions(&self, name: &str) -> usize {
        let header = self.files.iter().find(|(known, ..)| known == name).and_then(|(.., header)| header.as_ref());
        header.map_or(0, |header| header.shape.iter().filter(|side| **side != 1).count())
    }

    /// A file of the archive, where its header says that it is no larger than may be.
    fn unpacked(&self, name: &str, entry: &zip::Entry<'a>, header: &npy::Header) -> Result<Cow<'a, [u8]>> {
        let found = header.count();
        if found > self.most {
            return Err(Error::flaw(Flaw::ArraySize { found, most: self.most }, Place::Key(name.into())));
        }
        let most = header.start.saturating_add(header.bytes().min(size_of::<f64>() * self.most));
        entry.unpacked(most).map_err(|_| Error::data("an array of the archive is damaged", name))
    }

    /// An array with its classes: those of the same archive whose count and name fit.
    pub fn array(&self, name: &str) -> Result<Array> {
        let damaged = || Error::data("an array of the archive is damaged", name);
        let (_, entry, header) = self.files.iter().find(|(known, ..)| known == name).ok_or_else(damaged)?;
        let header = header.as_ref().ok_or_else(damaged)?;
        let mut array = array(&self.unpacked(name, entry, header)?, name)?;
        let rest = |label: &str| label.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect::<String>();
        let split = ["train", "test", "val"].into_iter().find(|part| rest(name).contains(part));
        let fits = |label: &&String| {
            let other = ["train", "test", "val"].into_iter().find(|part| rest(label).contains(part));
            *label != name && is_label(label) && (split == other || other.is_none() && split.is_none())
        };
        let rows = array.shape[0];
        let of_rows = |header: &npy::Header| header.shape.contains(&rows) && header.count() <= self.most;
        let labels = self.files.iter().filter(|(label, ..)| fits(&label));
        for (label, entry, header) in
            labels.filter(|(.., header)| header.as_ref().is_some_and(of_rows)).take(MOST_LABELS)
        {
            let Some(bytes) = header.as_ref().and_then(|header| self.unpacked(label, entry, header).ok()) else {
                continue;
            };
            let Some(column) = classes(&bytes, label) else { continue };
            if column.numbers.len().max(column.words.len()) == array.shape[0] {
                array.classes = Some(column);
                break;
            }
        }
        Ok(array)
    }
}

fn is_label(name: &str) -> bool {
    let name = name.to_lowercase();
    name.starts_with('y') || ["label", "class", "target"].iter().any(|word| name.contains(word))
}

/// One class for each of something.
fn classes(bytes: &[u8], name: &str) -> Option<Column> {
    let column = Column { name: "class".into(), kind: Kind::Word, numbers: Vec::new(), words: Vec::new(), odd: None };
    if let Ok(words) = npy::words(bytes, name) {
        return Some(Column { words, ..column });
    }
    let (shape, numbers) = npy::numbers(bytes, name).ok()?;
    // One-hot, as networks give classes out.
    if let [count, classes] = shape[..]
        && classes > 1
        && numbers.chunks(classes).all(|row| row.iter().sum::<f64>() == 1.0 && row.contains(&1.0))
    {
        let place = |row: &[f64]| row.iter().position(|value| *value == 1.0).unwrap_or(0) as f64;
        let numbers: Vec<f64> = numbers.chunks(classes).map(place).collect();
        return (numbers.len() == count).then_some(Column { kind: Kind::Number, numbers, ..column });
    }
    (shape.iter().filter(|side| **side != 1).count() <= 1).then_some(Column { kind: Kind::Number, numbers, ..column })
}

/// One array's numbers.
pub fn array(bytes: &[u8], name: &str) -> Result<Array> {
    let (shape, values) = npy::numbers(bytes, name)?;
    // A side of one number says nothing, but for the first.
    let mut sides: Vec<usize> = shape.clone();
    while sides.len() > 3
        && let Some(at) = sides.iter().rposition(|side| *side == 1)
    {
        sides.remove(at);
    }
    // A single long row of numbers is a column that lies down.
    if let [1, length] = sides[..]
        && length >= WIDE
    {
        sides = vec![length];
    }
    if let [_, columns] = sides[..]
        && columns > MOST_COLUMNS
    {
        let flaw = Flaw::TableColumns { found: columns, most: MOST_COLUMNS };
        return Err(Error::flaw(flaw, Place::Key(name.into())));
    }
    match sides.len() {
        1..=3 if values.len() > 1 => Ok(Array { shape: sides, values, classes: None }),
        _ => Err(Error::flaw(Flaw::ArrayShape { found: npy::shape_text(&shape) }, Place::Key(name.into()))),
    }
}

impl Array {
    /// Rows and columns of an array of two dimensions, or of one; the classes are a column of their own.
    pub fn table(self) -> Table {
        let (rows, width) = (self.shape[0], self.shape.get(1).copied().unwrap_or(1));
        let numbers = |at: usize| (0..rows).map(|row| finite(self.values[row * width + at])).collect();
        let column = |at: usize| Column {
            name: String::new(),
            kind: Kind::Number,
            numbers: numbers(at),
            words: Vec::new(),
            odd: None,
        };
        let mut columns: Vec<Column> = (0..width).map(column).collect();
        let mut head: Vec<Vec<String>> = (0..rows.min(HEAD))
            .map(|row| (0..width).map(|at| (self.values[row * width + at] as f32).to_string()).collect())
            .collect();
        if let Some(classes) = self.classes {
            for (row, cells) in head.iter_mut().enumerate() {
                cells.push(classes.words.get(row).cloned().unwrap_or_else(|| classes.numbers[row].to_string()));
            }
            columns.push(classes);
        }
        Table {
            columns,
            lines: (1..=rows).collect(),
            head,
            named: false,
            marks: None,
            passed: 0,
            facts: OnceCell::new(),
        }
    }

    /// Series of an array of three dimensions: the steps are its second, or its last.
    pub fn series(&self, reading: Reading, length: usize) -> Result<(Series, usize)> {
        let [count, second, third] = self.shape[..] else {
            return Err(Error::flaw(
                Flaw::ArrayShape { found: npy::shape_text(&self.shape) },
                Place::Key("data".into()),
            ));
        };
        let (steps, dims) = if reading == Reading::Channels { (third, second) } else { (second, third) };
        let refuse = |flaw| Err(Error::flaw(flaw, Place::Key("data".into())));
        if dims > MOST_DIMS {
            return refuse(Flaw::SeriesDims { dims, most: MOST_DIMS });
        }
        if steps < LEAST_STEPS {
            return refuse(Flaw::SeriesSteps { steps, least: LEAST_STEPS });
        }
        let target = steps.min(length.max(LEAST_STEPS));
        let stride = count.div_ceil(MOST_SERIES.min(MOST_VALUES / (target * dims).max(1)).max(1));
        let (mut values, mut gaps) = (Vec::new(), 0);
        for one in (0..count).step_by(stride) {
            let at = |step: usize, dim: usize| {
                if reading == Reading::Channels { dim * third + step } else { step * third + dim }
            };
            let mut series = vec![0.0; steps * dims];
            for dim in 0..dims {
                let mut line: Vec<f64> =
                    (0..steps).map(|step| finite(self.values[one * second * third + at(step, dim)])).collect();
                gaps += bridge(&mut line);
                line.into_iter().enumerate().for_each(|(step, value)| series[step * dims + dim] = value as f32);
            }
            values
                .extend(Series { values: series, count: 1, steps, dims, ..Series::default() }.resampled(target).values);
        }
        let (labels, classes) = self.classes.as_ref().map(labels).unwrap_or_default();
        let labels = labels.into_iter().step_by(stride).collect();
        let brought = (stride > 1).then_some(count);
        let series = Series {
            values,
            count: count.div_ceil(stride),
            steps: target,
            dims,
            labels,
            classes,
            brought,
            ..Series::default()
        };
        Ok((series.checked(Place::Key("data".into()))?, gaps))
    }
}

fn finite(value: f64) -> f64 {
    if (value as f32).is_finite() { value } else { f64::NAN }
}
