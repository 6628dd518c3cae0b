//! NumPy's arrays as tables and series: one (`.npy`), or several in an archive (`.npz`).

use std::borrow::Cow;
use std::cell::OnceCell;
use std::rc::Rc;

use super::classes::{labels, spread};
use super::columns::MOST_CLASSES;
use super::numbers::{Numbers, bridged, finite};
use super::reading::Reading;
use super::{Column, HEAD, Kind, MOST_COLUMNS, Table, WIDE, number};
use crate::data::npy;
use crate::data::series::{LEAST_STEPS, MOST_DIMS, MOST_SERIES, MOST_VALUES, Series, resampled};
use crate::error::{Error, Flaw, Place, Result};
use crate::weights::zip;

/// Numbers that an array of an archive may have, or as many as the file has bytes: a few thousand bytes can unpack to gigabytes.
const MOST_NUMBERS: usize = 2_000_000;
/// Bytes that a header is looked for in; NumPy's own has 118.
const HEADER: usize = 4096;
/// Arrays that may be an array's classes are tried so often.
const MOST_LABELS: usize = 8;
/// Bytes that arrays of an archive may have unpacked, besides three times the file's.
const UNPACKED: usize = 48 << 20;
/// Arrays of an archive that are looked at.
const MOST_ARRAYS: usize = 1 << 14;

/// Numbers of one, two or three dimensions; a class for each first index where there are classes.
#[derive(Debug, Clone)]
pub struct Array<'a> {
    pub shape: Vec<usize>,
    pub values: npy::Numbers<'a>,
    pub classes: Option<Column<'a>>,
}

/// The arrays of an archive, by name; only what is asked for is unpacked.
pub struct Archive<'a> {
    files: Vec<(String, zip::Entry<'a>, Option<npy::Header>)>,
    most: usize,
    /// Bytes that all that is unpacked may have together.
    room: usize,
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
            let Some(name) = name.strip_suffix(".npy").filter(|_| files.len() < MOST_ARRAYS) else { continue };
            files.push((name.to_string(), *entry, npy::header(&entry.start(HEADER), name).ok()));
        }
        match files.is_empty() {
            true => Err(super::text::foreign("ZIP")),
            false => Ok(Self { files, most: MOST_NUMBERS.max(bytes.len()), room: UNPACKED + 3 * bytes.len() }),
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

    /// A file of the archive, where its header says that it is no larger than may be, beside so many bytes of others.
    fn unpacked(
        &self,
        name: &str,
        (entry, header): (&zip::Entry<'a>, &npy::Header),
        beside: usize,
    ) -> Result<Cow<'a, [u8]>> {
        let (found, bytes) = (header.count(), header.bytes());
        let room = self.room.saturating_sub(beside);
        let most = if bytes > room { self.most.min(room / (bytes / found.max(1)).max(1)) } else { self.most };
        if found > most {
            return Err(Error::flaw(Flaw::ArraySize { found, most }, Place::Key(name.into())));
        }
        let most = header.start.saturating_add(bytes.min(room));
        entry.unpacked(most).map_err(|_| Error::data("an array of the archive is damaged", name))
    }

    /// An array with its classes: those of the same archive whose count and name fit.
    pub fn array(&self, name: &str) -> Result<Array<'a>> {
        let damaged = || Error::data("an array of the archive is damaged", name);
        let (_, entry, header) = self.files.iter().find(|(known, ..)| known == name).ok_or_else(damaged)?;
        let header = header.as_ref().ok_or_else(damaged)?;
        let bytes = self.unpacked(name, (entry, header), 0)?;
        let beside = if matches!(bytes, Cow::Owned(_)) { bytes.len() } else { 0 };
        let mut array = array(bytes, name)?;
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
            let bytes = header.as_ref().and_then(|header| self.unpacked(label, (entry, header), beside).ok());
            let Some(column) = bytes.and_then(|bytes| classes(bytes, label)) else { continue };
            if column.rows() == array.shape[0] {
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
fn classes<'a>(bytes: Cow<'a, [u8]>, name: &str) -> Option<Column<'a>> {
    let column = |kind| Column { name: "class".into(), ..Column::new(kind) };
    if let Ok(words) = npy::words(&bytes, name) {
        let odd = words.iter().zip(1..).find(|(word, _)| !number::is_gap(word));
        let odd = odd.map(|(word, row)| (row, word.chars().take(24).collect()));
        return Some(Column { words, odd, ..column(Kind::Word) });
    }
    let (shape, numbers) = npy::numbers(bytes, name).ok()?;
    // One-hot, as networks give classes out.
    if let [count, classes] = shape[..]
        && classes > 1
        && numbers.len() == count * classes
    {
        let row = |row: usize| (row * classes..(row + 1) * classes).map(|at| numbers.get(at));
        if (0..count).all(|at| row(at).sum::<f64>() == 1.0 && row(at).any(|value| value == 1.0)) {
            let place = |at: usize| row(at).position(|value| value == 1.0).unwrap_or(0) as f64;
            return Some(Column { numbers: (0..count).map(place).collect(), ..column(Kind::Number) });
        }
    }
    let count = numbers.len();
    let numbers = Numbers::Array { array: Rc::new(numbers), first: 0, stride: 1, count };
    (shape.iter().filter(|side| **side != 1).count() <= 1).then_some(Column { numbers, ..column(Kind::Number) })
}

/// One array's numbers.
pub fn array<'a>(bytes: impl Into<Cow<'a, [u8]>>, name: &str) -> Result<Array<'a>> {
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

impl<'a> Array<'a> {
    /// Rows and columns of an array of two dimensions, or of one; the classes are a column of their own.
    pub fn table(self) -> Table<'a> {
        let (rows, width) = (self.shape[0], self.shape.get(1).copied().unwrap_or(1));
        let array = Rc::new(self.values);
        let numbers = |first| Numbers::Array { array: array.clone(), first, stride: width, count: rows };
        let mut columns: Vec<Column> =
            (0..width).map(|at| Column { numbers: numbers(at), ..Column::new(Kind::Number) }).collect();
        let mut head: Vec<Vec<String>> = (0..rows.min(HEAD))
            .map(|row| (0..width).map(|at| (array.get(row * width + at) as f32).to_string()).collect())
            .collect();
        if let Some(classes) = self.classes {
            for (row, cells) in head.iter_mut().enumerate() {
                let word = classes.words.get(row).map(String::from);
                cells.push(word.unwrap_or_else(|| classes.numbers.get(row).to_string()));
            }
            columns.push(classes);
        }
        let (lines, facts) = ((1..=rows.min(HEAD)).collect(), OnceCell::new());
        Table { columns, rows, lines, end: rows, head, named: false, marks: None, passed: 0, facts }
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
        let size = target * dims;
        let kept = match self.classes.as_ref().map(|column| spread(column, stride, MOST_CLASSES)) {
            Some(Err(classes)) => return refuse(Flaw::Classes { classes, least: 2, most: MOST_CLASSES }),
            Some(Ok(kept)) => kept,
            None => (0..count).step_by(stride).collect(),
        };
        let (mut values, mut gaps) = (vec![0.0; kept.len() * size], 0);
        for (series, one) in values.chunks_exact_mut(size).zip(kept.iter().copied()) {
            for dim in 0..dims {
                let [start, stride] = if reading == Reading::Channels { [dim * third, 1] } else { [dim, third] };
                let start = one * second * third + start;
                let line = (0..steps).map(|step| finite(self.values.get(start + step * stride)));
                gaps += line.clone().filter(|value| value.is_nan()).count();
                let line = resampled(bridged(line).map(|value| value as f32), steps, target);
                line.into_iter().enumerate().for_each(|(step, value)| series[step * dims + dim] = value);
            }
        }
        let of = self.classes.as_ref().map(|column| labels(column, kept.iter().copied()));
        let (labels, classes) = of.unwrap_or_default();
        let brought = (stride > 1).then_some(count);
        let series =
            Series { values, count: kept.len(), steps: target, dims, labels, classes, brought, ..Series::default() };
        Ok((series.checked(Place::Key("data".into()))?, gaps))
    }
}
