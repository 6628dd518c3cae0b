//! A visitor's own series: from arrays, or from a table of numbers (CSV).

use crate::error::{Error, Flaw, Place, Result};
use crate::rng::Stream;

/// Series `[count, steps, dims]`, one after another.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Series {
    pub values: Vec<f32>,
    pub count: usize,
    pub steps: usize,
    pub dims: usize,
    /// A class for each series; none where they have none.
    pub labels: Vec<usize>,
    pub classes: Vec<String>,
}

/// Numbers that are kept: they are part of every checkpoint.
const MOST_VALUES: usize = 400_000;
const MOST_SERIES: usize = 20_000;
pub const MOST_DIMS: usize = 16;
/// A generator with more kinds to tell apart is none for a tab.
const MOST_CLASSES: usize = 64;
const LEAST_STEPS: usize = 2;

/// From this many numbers in a line on, a line is a series; with fewer it is one step of a long recording.
const WIDE: usize = 8;

/// What is scaled to the ends of [-1, 1] would need an infinite input of tanh.
const REACH: f32 = 0.9;

impl Series {
    /// Arrays from a page.
    pub fn new(values: Vec<f32>, shape: [usize; 3], labels: Vec<usize>) -> Result<Self> {
        let [count, steps, dims] = shape;
        let place = "data.sequences";
        if values.len() != count.saturating_mul(steps).saturating_mul(dims) || values.is_empty() {
            return Err(Error::data(format!("{} numbers are not {count} x {steps} x {dims}", values.len()), place));
        }
        if let Some(at) = values.iter().position(|value| !value.is_finite()) {
            return Err(Error::data("a value is not a finite number", format!("{place}[{at}]")));
        }
        if !labels.is_empty() && labels.len() != count {
            return Err(Error::data(format!("{} labels for {count} sequences", labels.len()), "data.labels"));
        }
        let classes = labels.iter().max().map_or(0, |most| most + 1);
        let series =
            Self { values, count, steps, dims, labels, classes: (0..classes).map(|at| at.to_string()).collect() };
        series.checked(Place::Key(place.into()))
    }

    fn checked(self, place: Place) -> Result<Self> {
        let refuse = |flaw| Err(Error::flaw(flaw, place));
        if self.dims > MOST_DIMS {
            return refuse(Flaw::SeriesDims { dims: self.dims, most: MOST_DIMS });
        }
        if self.steps < LEAST_STEPS {
            return refuse(Flaw::SeriesSteps { steps: self.steps, least: LEAST_STEPS });
        }
        if self.classes.len() > MOST_CLASSES {
            return refuse(Flaw::Classes { classes: self.classes.len(), least: 2, most: MOST_CLASSES });
        }
        Ok(self)
    }

    /// A table: numbers apart by commas, semicolons or tabs; names in the first line if they are no numbers. A line with many numbers is
    /// a series; with few it is one step of a recording, which is cut into pieces of `length` steps. A column called `class` or
    /// `label` holds the classes.
    pub fn from_csv(text: &str, length: usize) -> Result<Self> {
        let table = Table::read(text)?;
        let width = table.width();
        let mut classes: Vec<String> = Vec::new();
        let mut number = |name: &str| {
            classes.iter().position(|known| known == name).unwrap_or_else(|| {
                classes.push(name.to_string());
                classes.len() - 1
            })
        };
        let labels: Vec<usize> = table.rows.iter().filter_map(|row| row.class.as_deref()).map(&mut number).collect();
        let series = match width >= WIDE {
            true => {
                let rows = &table.rows[..table.rows.len().min(MOST_SERIES).min(MOST_VALUES / width)];
                let values = rows.iter().flat_map(|row| row.numbers.iter().copied()).collect();
                Self {
                    values,
                    count: rows.len(),
                    steps: width,
                    dims: 1,
                    labels: labels.into_iter().take(rows.len()).collect(),
                    classes,
                }
            }
            false => windows(&table, &labels, classes, length)?,
        };
        series.checked(Place::Line(table.rows[0].line))
    }

    /// Every series with `length` steps, in between in straight lines.
    fn resampled(self, length: usize) -> Self {
        if self.steps == length {
            return self;
        }
        let scale = (self.steps - 1) as f32 / (length - 1).max(1) as f32;
        let mut values = Vec::with_capacity(self.count * length * self.dims);
        for series in self.values.chunks_exact(self.steps * self.dims) {
            for step in 0..length {
                let place = (step as f32 * scale).min((self.steps - 1) as f32);
                let (below, share) = (place as usize, place.fract());
                let above = (below + 1).min(self.steps - 1);
                let value = |step: usize, dim: usize| series[step * self.dims + dim];
                values.extend((0..self.dims).map(|dim| value(below, dim) * (1.0 - share) + value(above, dim) * share));
            }
        }
        Self { values, steps: length, ..self }
    }

    /// Lowest and highest of each value of a step.
    pub fn range(&self) -> Vec<[f32; 2]> {
        let mut range = vec![[f32::INFINITY, f32::NEG_INFINITY]; self.dims];
        for (at, value) in self.values.iter().enumerate() {
            let [low, high] = &mut range[at % self.dims];
            (*low, *high) = (low.min(*value), high.max(*value));
        }
        range
    }

    /// As the networks see it.
    pub fn prepared(self, length: usize) -> Prepared {
        let series = self.resampled(length);
        let half = |low: f32, high: f32| if high > low { (high - low) / 2.0 / REACH } else { 1.0 };
        let scale = series.range().into_iter().map(|[low, high]| [(low + high) / 2.0, half(low, high)]).collect();
        let of = |class: usize| (0..series.count).filter(|at| series.labels[*at] == class).collect();
        let members = (0..series.classes.len()).map(of).collect();
        Prepared { series, scale, members }
    }
}

/// Series of one length, with what takes them to [-1, 1] and back.
#[derive(Debug, Clone)]
pub struct Prepared {
    pub series: Series,
    /// Middle and half width of each value of a step: what is 0 and what is 1 to the networks.
    scale: Vec<[f32; 2]>,
    /// The series of each class.
    members: Vec<Vec<usize>>,
}

impl Prepared {
    /// The place of a random series; of one class, where one is given.
    pub fn pick(&self, class: Option<usize>, stream: &mut Stream) -> usize {
        match class.and_then(|class| self.members.get(class)) {
            Some(members) => members[stream.below(members.len())],
            None => stream.below(self.series.count),
        }
    }

    /// One series in [-1, 1].
    pub fn scaled(&self, at: usize) -> Vec<f32> {
        let Series { values, steps, dims, .. } = &self.series;
        let size = steps * dims;
        let one = |(at, value): (usize, &f32)| (value - self.scale[at % dims][0]) / self.scale[at % dims][1];
        values[at * size..(at + 1) * size].iter().enumerate().map(one).collect()
    }

    /// The inverse of [`Prepared::scaled`], of any number of steps.
    pub fn restore(&self, values: &mut [f32]) {
        for (at, value) in values.iter_mut().enumerate() {
            let [middle, half] = self.scale[at % self.series.dims];
            *value = *value * half + middle;
        }
    }
}

/// A recording in pieces of `length` steps, each of one class; as many as may be kept, evenly spread.
fn windows(table: &Table, labels: &[usize], classes: Vec<String>, length: usize) -> Result<Series> {
    let (rows, dims) = (&table.rows, table.width());
    if rows.len() < length {
        let line = rows.last().map_or(1, |row| row.line);
        return Err(Error::flaw(Flaw::SeriesRows { rows: rows.len(), least: length }, Place::Line(line)));
    }
    let most = (MOST_VALUES / (length * dims)).clamp(1, MOST_SERIES);
    let stride = (rows.len() - length + 1).div_ceil(most);
    let pure = |start: &usize| {
        labels.is_empty() || labels[*start..start + length].iter().all(|label| *label == labels[*start])
    };
    let starts: Vec<usize> = (0..=rows.len() - length).step_by(stride).filter(pure).collect();
    if starts.is_empty() {
        return Err(Error::flaw(Flaw::SeriesRows { rows: rows.len(), least: length }, Place::Line(rows[0].line)));
    }
    let piece = |start: &usize| {
        rows[*start..start + length].iter().flat_map(|row| row.numbers.iter().copied()).collect::<Vec<f32>>()
    };
    let values = starts.iter().flat_map(piece).collect();
    let labels = if labels.is_empty() { Vec::new() } else { starts.iter().map(|start| labels[*start]).collect() };
    Ok(Series { values, count: starts.len(), steps: length, dims, labels, classes })
}

struct Row {
    /// In the file, from 1.
    line: usize,
    numbers: Vec<f32>,
    class: Option<String>,
}

/// The lines that hold numbers: at least one, all alike.
struct Table {
    rows: Vec<Row>,
}

impl Table {
    fn width(&self) -> usize {
        self.rows[0].numbers.len()
    }

    fn read(text: &str) -> Result<Self> {
        let text = text.trim_start_matches('\u{feff}');
        let separator = [';', '\t', ',']
            .into_iter()
            .find(|mark| text.lines().take(2).any(|line| line.contains(*mark)))
            .unwrap_or(',');
        let cells = |line: &str| {
            line.split(separator).map(|cell| cell.trim().trim_matches('"').to_string()).collect::<Vec<_>>()
        };
        let mut lines = text
            .lines()
            .enumerate()
            .filter(|(_, line)| !line.trim().is_empty())
            .map(|(at, line)| (at + 1, cells(line)))
            .peekable();
        let named = |cells: &[String]| cells.iter().any(|cell| number(cell, separator).is_none());
        let names = lines.next_if(|(_, cells)| named(cells)).map(|(_, cells)| cells);
        let is_class = |name: &String| ["class", "label", "類別", "標籤"].contains(&name.to_lowercase().as_str());
        let class = names.as_ref().and_then(|names| names.iter().position(is_class));
        let mut expected = names.map(|names| names.len());
        let mut rows = Vec::new();
        for (line, cells) in lines {
            let expected = *expected.get_or_insert(cells.len());
            if cells.len() != expected {
                return Err(Error::flaw(Flaw::CsvColumns { found: cells.len(), expected }, Place::Line(line)));
            }
            let mut row = Row { line, numbers: Vec::with_capacity(cells.len()), class: None };
            for (column, cell) in cells.into_iter().enumerate() {
                if class == Some(column) {
                    row.class = Some(cell);
                    continue;
                }
                let Some(number) = number(&cell, separator) else {
                    let found: String = cell.chars().take(24).collect();
                    return Err(Error::flaw(Flaw::CsvNumber { found, column: column + 1 }, Place::Line(line)));
                };
                row.numbers.push(number);
            }
            rows.push(row);
        }
        match rows.first() {
            Some(row) if !row.numbers.is_empty() => Ok(Self { rows }),
            _ => Err(Error::flaw(Flaw::CsvEmpty, Place::Line(1))),
        }
    }
}

/// Where semicolons part the numbers, a comma may be the decimal mark.
fn number(cell: &str, separator: char) -> Option<f32> {
    let number = if separator == ',' { cell.parse() } else { cell.replace(',', ".").parse() };
    number.ok().filter(|value: &f32| value.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flaw(text: &str) -> (Flaw, Place) {
        match Series::from_csv(text, 8) {
            Err(Error::InvalidData { flaw, place }) => (flaw, place),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_wide_table_holds_a_series_a_line() {
        let text = "class,a,b,c,d,e,f,g,h\nup,1,2,3,4,5,6,7,8\n\ndown,8,7,6,5,4,3,2,1\nup,0,1,2,3,4,5,6,7\n";
        let series = Series::from_csv(text, 8).unwrap();
        assert_eq!((series.count, series.steps, series.dims), (3, 8, 1));
        assert_eq!((series.labels, series.classes), (vec![0, 1, 0], vec!["up".to_string(), "down".to_string()]));
        assert_eq!(series.values[8..10], [8.0, 7.0]);
    }

    #[test]
    fn a_narrow_table_is_a_recording() {
        let lines: Vec<String> = (0..20).map(|at| format!("{at};{},5", at * 2)).collect();
        let series = Series::from_csv(&lines.join("\r\n"), 8).unwrap();
        assert_eq!((series.count, series.steps, series.dims), (13, 8, 2));
        assert_eq!(series.values[..4], [0.0, 0.5, 1.0, 2.5]);
        assert_eq!(series.range(), [[0.0, 19.0], [0.5, 38.5]]);
    }

    #[test]
    fn a_bad_table_names_its_line() {
        assert_eq!(flaw(""), (Flaw::CsvEmpty, Place::Line(1)));
        assert_eq!(flaw("a,b\n1,2\n\n3,x\n"), (Flaw::CsvNumber { found: "x".into(), column: 2 }, Place::Line(4)));
        assert_eq!(flaw("1,2\n3,4\n5,6,7\n"), (Flaw::CsvColumns { found: 3, expected: 2 }, Place::Line(3)));
        assert_eq!(flaw("1\n2\ninf\n"), (Flaw::CsvNumber { found: "inf".into(), column: 1 }, Place::Line(3)));
        assert_eq!(flaw("1\n2\n3\n"), (Flaw::SeriesRows { rows: 3, least: 8 }, Place::Line(3)));
    }

    #[test]
    fn scaling_is_undone() {
        let series = Series::new(vec![10.0, -1.0, 30.0, 1.0, 20.0, 0.0], [1, 3, 2], Vec::new()).unwrap();
        let prepared = series.prepared(3);
        let mut scaled = prepared.scaled(0);
        assert_eq!(scaled, [-REACH, -REACH, REACH, REACH, 0.0, 0.0]);
        prepared.restore(&mut scaled);
        assert!(scaled.iter().zip(&prepared.series.values).all(|(a, b)| (a - b).abs() < 1e-4));
    }

    #[test]
    fn a_series_is_resampled_in_straight_lines() {
        let series = Series::new(vec![0.0, 2.0, 4.0], [1, 3, 1], Vec::new()).unwrap();
        assert_eq!(series.clone().resampled(5).values, [0.0, 1.0, 2.0, 3.0, 4.0]);
        assert_eq!(series.resampled(2).values, [0.0, 4.0]);
    }

    #[test]
    fn wrong_arrays_are_refused() {
        let code = |values: Vec<f32>, shape, labels| Series::new(values, shape, labels).unwrap_err().code();
        assert_eq!(code(vec![0.0; 5], [1, 3, 2], Vec::new()), "InvalidData");
        assert_eq!(code(vec![f32::NAN, 0.0], [1, 2, 1], Vec::new()), "InvalidData");
        assert_eq!(code(vec![0.0; 4], [2, 2, 1], vec![0]), "InvalidData");
        assert_eq!(code(vec![0.0; 40], [1, 2, 20], Vec::new()), "InvalidData");
    }
}
