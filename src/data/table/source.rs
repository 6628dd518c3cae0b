//! A visitor's file on its way to series: what was asked of it, and what it turned out to be.

use serde::Deserialize;
use std::borrow::Cow;
use std::collections::BTreeMap;

use super::arrays::{Archive, Array, array};
use super::choose::choose;
use super::columns::{Role, roles};
use super::points::Points;
use super::reading::{Cause, Named, Reading, Taken, Why};
use super::{Table, WIDE, build, text, ts};
use crate::data::series::{MOST_DIMS, Series};
use crate::error::{Error, Flaw, Place, Result};
use crate::weights::zip::is_zip;

/// What a caller prescribes; the rest is found out.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Wish {
    pub reading: Option<Reading>,
    /// Roles of columns in their order, none where nothing is said; and by their names.
    pub columns: Vec<Option<Role>>,
    pub named: BTreeMap<String, Role>,
    pub separator: Option<char>,
    /// The mark before the fraction, `.` or `,`.
    pub decimal: Option<char>,
    /// The array to take out of an archive.
    pub array: Option<String>,
}

/// A file with what is wished of it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TableFile {
    pub bytes: Vec<u8>,
    pub wish: Wish,
}

/// What a file turned out to be.
pub(super) enum Source<'a> {
    Table(Table<'a>),
    Array(Array<'a>),
    Ts(Cow<'a, str>),
}

impl TableFile {
    pub(super) fn open(&self) -> Result<(Source<'_>, Vec<String>, Option<String>)> {
        let bytes = &self.bytes[..];
        if is_zip(bytes) {
            let archive = Archive::open(bytes)?;
            let name = archive.choose(self.wish.array.as_deref())?;
            return Ok((Self::of_array(archive.array(&name)?), archive.names(), Some(name)));
        }
        if bytes.starts_with(b"\x93NUMPY") {
            return Ok((Self::of_array(array(bytes, "data")?), Vec::new(), None));
        }
        let text = text::text(bytes)?;
        let source = match ts::is_ts(&text) {
            true => Source::Ts(text),
            false => Source::Table(build::table(text, self.wish.separator, self.wish.decimal)?),
        };
        Ok((source, Vec::new(), None))
    }

    fn of_array(array: Array) -> Source {
        if array.shape.len() < 3 { Source::Table(array.table()) } else { Source::Array(array) }
    }

    /// Series of `length` steps, or as many as the file's have where those are fewer.
    pub fn series(&self, length: usize) -> Result<Series> {
        let (source, ..) = self.open()?;
        let chosen = self.chosen(&source, length)?;
        let reading = chosen.0;
        let roles = self.roles(&source, reading, length)?;
        let (series, gaps) = source.series(reading, &roles, length)?;
        let taken = Taken::new(chosen, source.named(&roles), gaps, series.brought);
        Ok(Series { taken: Some(Box::new(taken)), ..series })
    }

    pub(super) fn chosen(&self, source: &Source, length: usize) -> Result<(Reading, Why, bool)> {
        match self.wish.reading {
            Some(reading) if source.readings().contains(&reading) => Ok((reading, Why::plain(Cause::Asked), true)),
            Some(reading) => {
                let reading = serde_json::to_value(reading)
                    .ok()
                    .and_then(|name| name.as_str().map(String::from))
                    .unwrap_or_default();
                Err(Error::flaw(Flaw::TableReading { reading }, Place::Key("data.reading".into())))
            }
            None => Ok(source.choose(length)),
        }
    }

    /// The likely roles, with those that are prescribed.
    pub(super) fn roles(&self, source: &Source, reading: Reading, length: usize) -> Result<Vec<Role>> {
        let Source::Table(table) = source else { return Ok(Vec::new()) };
        let mut roles = roles(table, reading, length);
        let Wish { columns, named, .. } = &self.wish;
        if columns.len() > roles.len() {
            return Err(Error::config("data.columns", columns.len(), format!("the table has {} columns", roles.len())));
        }
        roles.iter_mut().zip(columns).for_each(|(role, asked)| *role = asked.unwrap_or(*role));
        for (name, role) in named {
            let found = table.columns.iter().position(|column| column.name == *name);
            let at =
                found.ok_or_else(|| Error::config("data.columns", name, "the table has no column of this name"))?;
            roles[at] = *role;
        }
        Ok(roles)
    }

    /// Two columns of numbers as points.
    pub fn points(&self) -> Result<Points> {
        let (source, ..) = self.open()?;
        let Source::Table(table) = &source else {
            return Err(Error::flaw(Flaw::TablePoints { columns: 3 }, Place::Line(1)));
        };
        let roles = self.roles(&source, Reading::Recording, 1)?;
        Points::of(table, &roles, !self.wish.columns.is_empty() || !self.wish.named.is_empty())
    }
}

impl Source<'_> {
    pub(super) fn readings(&self) -> &'static [Reading] {
        match self {
            Source::Table(_) => &[Reading::Rows, Reading::Recording, Reading::Columns],
            Source::Array(_) => &[Reading::Rows, Reading::Channels],
            Source::Ts(_) => &[Reading::Rows],
        }
    }

    fn choose(&self, length: usize) -> (Reading, Why, bool) {
        match self {
            Source::Table(table) => choose(table, length),
            Source::Ts(_) => (Reading::Rows, Why::plain(Cause::Format), true),
            // PyTorch's convolutions have the steps last.
            Source::Array(array) => match array.shape[..] {
                [_, second, third] if third > MOST_DIMS || (second < WIDE && third >= 2 * second.max(4)) => {
                    (Reading::Channels, Why::plain(Cause::LongerSide), false)
                }
                [_, second, third] => (Reading::Rows, Why::plain(Cause::LongerSide), second >= 2 * third),
                _ => (Reading::Rows, Why::plain(Cause::Format), true),
            },
        }
    }

    pub(super) fn named(&self, roles: &[Role]) -> Vec<Named> {
        let Source::Table(table) = self else { return Vec::new() };
        table.columns.iter().zip(roles).map(|(column, role)| Named { name: column.name.clone(), role: *role }).collect()
    }

    pub(super) fn series(&self, reading: Reading, roles: &[Role], length: usize) -> Result<(Series, usize)> {
        match self {
            Source::Table(table) => table.series(reading, roles, length),
            Source::Ts(text) => ts::read(text, length),
            Source::Array(array) => array.series(reading, length),
        }
    }
}
