//! Every way to read a visitor's file, to be looked at before anything is learned.

use serde::Serialize;

use super::columns::Role;
use super::reading::{Reading, Taken};
use super::source::{Source, TableFile};
use crate::data::series::Series;
use crate::error::{Error, Result};

/// Sequences that a preview draws of a reading, and at most so many steps and values of each.
const DRAWN: [usize; 3] = [6, 96, 8];

/// One way to read a file.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Way {
    pub reading: Reading,
    /// One for each column.
    pub roles: Vec<Role>,
    /// Why it cannot be read so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<Error>,
    pub count: usize,
    pub steps: usize,
    pub dims: usize,
    pub classes: Vec<String>,
    pub gaps: usize,
    /// A few of the sequences `[count, steps, dims]`, thinned, with the range of each value.
    pub drawn: [usize; 3],
    pub sample: Vec<f32>,
    pub ranges: Vec<[f32; 2]>,
}

/// A file before anything is learned from it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Preview {
    #[serde(flatten)]
    pub taken: Taken,
    pub rows: usize,
    /// The first rows as they are written, and the lines that they stand in.
    pub head: Vec<Vec<String>>,
    pub lines: Vec<usize>,
    pub named: bool,
    /// Lines of words that were passed over.
    pub passed: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub separator: Option<char>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decimal: Option<char>,
    /// The arrays of an archive, and which of them this is.
    pub arrays: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub array: Option<String>,
    pub ways: Vec<Way>,
}

impl TableFile {
    /// What there is to see before anything is learned.
    pub fn preview(&self, length: usize) -> Result<Preview> {
        let (source, arrays, array) = self.open()?;
        let chosen = self.chosen(&source, length)?;
        let reading = chosen.0;
        let ways = source
            .readings()
            .iter()
            .map(|reading| Ok(source.way(*reading, self.roles(&source, *reading, length)?, length)));
        let ways: Vec<Way> = ways.collect::<Result<_>>()?;
        let roles = self.roles(&source, reading, length)?;
        let gaps = ways.iter().find(|way| way.reading == reading).map_or(0, |way| way.gaps);
        let taken = Taken::new(chosen, source.named(&roles), gaps, None);
        let Source::Table(table) = source else {
            let rows = ways.first().map_or(0, |way| way.count);
            return Ok(Preview {
                taken,
                rows,
                head: Vec::new(),
                lines: Vec::new(),
                named: false,
                passed: 0,
                separator: None,
                decimal: None,
                arrays,
                array,
                ways,
            });
        };
        let [separator, decimal] = [0, 1].map(|at| table.marks.map(|marks| marks[at]));
        Ok(Preview {
            taken,
            rows: table.rows,
            head: table.head,
            lines: table.lines,
            named: table.named,
            passed: table.passed,
            separator,
            decimal,
            arrays,
            array,
            ways,
        })
    }
}

impl Source<'_> {
    /// A reading with a few of its sequences to draw.
    fn way(&self, reading: Reading, roles: Vec<Role>, length: usize) -> Way {
        let empty = Way {
            reading,
            roles,
            problem: None,
            count: 0,
            steps: 0,
            dims: 0,
            classes: Vec::new(),
            gaps: 0,
            drawn: [0; 3],
            sample: Vec::new(),
            ranges: Vec::new(),
        };
        let (series, gaps) = match self.series(reading, &empty.roles, length) {
            Ok(found) => found,
            Err(problem) => return Way { problem: Some(problem), ..empty },
        };
        let ranges = series.range();
        let count = series.count.min(DRAWN[0]);
        let (steps, dims) = (series.steps.min(DRAWN[1]), series.dims.min(DRAWN[2]));
        let size = series.steps * series.dims;
        let mut sample = Vec::with_capacity(count * steps * dims);
        for drawn in 0..count {
            let at = drawn * series.count / count;
            let one = Series {
                values: series.values[at * size..(at + 1) * size].to_vec(),
                count: 1,
                steps: series.steps,
                dims: series.dims,
                ..Series::default()
            };
            sample.extend(one.resampled(steps).values.chunks_exact(series.dims).flat_map(|step| step[..dims].to_vec()));
        }
        let Series { count: all, steps: length, dims: values, classes, .. } = series;
        Way {
            count: all,
            steps: length,
            dims: values,
            classes,
            gaps,
            drawn: [count, steps, dims],
            sample,
            ranges,
            ..empty
        }
    }
}
