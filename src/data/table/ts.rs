//! The archive of UEA and UCR's own format (`.ts`): a head of lines with `@`, then a series a line, its values parted by colons, its steps
//! by commas, its class at the end.

use std::collections::HashMap;

use super::number::{is_gap, number};
use super::reading::bridge;
use crate::data::series::{MOST_DIMS, MOST_SERIES, MOST_VALUES, Series};
use crate::error::{Error, Flaw, Place, Result};

pub fn is_ts(text: &str) -> bool {
    let first = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'));
    first.is_some_and(|line| line.starts_with('@') && !line.to_ascii_lowercase().starts_with("@relation"))
}

/// Series and how many gaps were closed; all are taken to `length` steps where they are longer, or of several lengths.
pub fn read(text: &str, length: usize) -> Result<(Series, usize)> {
    let mut classed = false;
    let mut lines = text.lines().enumerate().map(|(at, line)| (at + 1, line.trim()));
    for (_, line) in lines.by_ref() {
        let mut words = line.split_whitespace();
        match words.next().map(str::to_ascii_lowercase).as_deref() {
            Some("@classlabel") => classed = words.next() == Some("true"),
            // A number to predict for each series, which is no class.
            Some("@targetlabel") => return regression(lines, length),
            Some("@data") => break,
            _ => {}
        }
    }
    build(lines, classed, length)
}

fn regression<'a>(mut lines: impl Iterator<Item = (usize, &'a str)>, length: usize) -> Result<(Series, usize)> {
    lines.by_ref().find(|(_, line)| line.eq_ignore_ascii_case("@data"));
    let without: Vec<(usize, &str)> =
        lines.map(|(at, line)| (at, line.rsplit_once(':').map_or(line, |(series, _)| series))).collect();
    build(without.into_iter(), false, length)
}

fn build<'a>(lines: impl Iterator<Item = (usize, &'a str)>, classed: bool, length: usize) -> Result<(Series, usize)> {
    let (mut found, mut names, mut gaps, mut line) = (Vec::new(), Vec::new(), 0, 0);
    for (at, text) in lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#')) {
        let (text, class) = match text.rsplit_once(':') {
            Some((series, class)) if classed => (series, Some(class.trim())),
            None if classed => return Err(Error::flaw(Flaw::CsvColumns { found: 1, expected: 2 }, Place::Line(at))),
            _ => (text, None),
        };
        // A time stamp may hold colons of its own.
        let mark = if text.starts_with('(') { "):(" } else { ":" };
        let dims = text.split(mark).enumerate().map(|(dim, steps)| values(steps, at, dim, &mut gaps));
        let dims = dims.collect::<Result<Vec<_>>>()?;
        let expected = found.first().map_or(dims.len(), |(_, first): &(usize, Vec<Vec<f64>>)| first.len());
        if dims.len() > MOST_DIMS {
            return Err(Error::flaw(Flaw::SeriesDims { dims: dims.len(), most: MOST_DIMS }, Place::Line(at)));
        }
        if dims.len() != expected {
            return Err(Error::flaw(Flaw::CsvColumns { found: dims.len(), expected }, Place::Line(at)));
        }
        line = at;
        names.extend(class.map(String::from));
        found.push((at, dims));
    }
    let Some((first, dims)) = found.first().map(|(at, dims)| (*at, dims.len())) else {
        return Err(Error::flaw(Flaw::CsvEmpty, Place::Line(line.max(1))));
    };
    let longest = found.iter().flat_map(|(_, series)| series.iter().map(Vec::len)).max().unwrap_or(0);
    let target = longest.min(length.max(2));
    let most = MOST_SERIES.min(MOST_VALUES / (target * dims).max(1)).max(1);
    let stride = found.len().div_ceil(most);
    let brought = (stride > 1).then_some(found.len());
    // Numbers by size, then words; two ways to write one number are two names.
    let key = |name: &str| name.parse::<f64>().unwrap_or(f64::INFINITY);
    let mut classes = names.clone();
    classes.sort_by(|one, other| key(one).total_cmp(&key(other)).then_with(|| one.cmp(other)));
    classes.dedup();
    let place: HashMap<&str, usize> = classes.iter().enumerate().map(|(at, class)| (class.as_str(), at)).collect();
    let (mut all, mut labels, mut count) = (Vec::new(), Vec::new(), 0);
    for (at, (line, series)) in found.into_iter().enumerate().step_by(stride) {
        let taken: Vec<Vec<f32>> = series.into_iter().map(|values| stretched(values, target)).collect();
        if taken.iter().any(Vec::is_empty) {
            return Err(Error::flaw(Flaw::SeriesSteps { steps: 1, least: 2 }, Place::Line(line)));
        }
        all.extend((0..target).flat_map(|step| taken.iter().map(move |values| values[step])));
        labels.extend(names.get(at).and_then(|name| place.get(name.as_str()).copied()));
        count += 1;
    }
    let series = Series { values: all, count, steps: target, dims, labels, classes, brought, ..Series::default() };
    Ok((series.checked(Place::Line(first))?, gaps))
}

/// One value of a series over its steps; with time stamps each step is `(time,value)`.
fn values(text: &str, line: usize, dim: usize, gaps: &mut usize) -> Result<Vec<f64>> {
    let stamped = text.contains("),") || text.trim_start().starts_with('(');
    let cells: Vec<&str> = if stamped {
        text.split("),").map(|pair| pair.rsplit_once(',').map_or(pair, |(_, value)| value)).collect()
    } else {
        text.split(',').collect()
    };
    let mut values = Vec::with_capacity(cells.len());
    for cell in cells {
        let cell = cell.trim_matches(['(', ')', ' ']);
        let read = if is_gap(cell) { Some(f64::NAN) } else { number(cell, '.') };
        let wrong = || {
            Error::flaw(Flaw::CsvNumber { found: cell.chars().take(24).collect(), column: dim + 1 }, Place::Line(line))
        };
        values.push(read.ok_or_else(wrong)?);
    }
    // Series of several lengths may be filled up with gaps.
    let to = values.iter().rposition(|value| value.is_finite()).map_or(0, |at| at + 1);
    values.truncate(to);
    *gaps += bridge(&mut values);
    Ok(values)
}

fn stretched(values: Vec<f64>, target: usize) -> Vec<f32> {
    if values.len() < 2 {
        return Vec::new();
    }
    let steps = values.len();
    let series = Series {
        values: values.into_iter().map(|value| value as f32).collect(),
        count: 1,
        steps,
        dims: 1,
        ..Series::default()
    };
    series.resampled(target).values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_archives_own_format_is_read() {
        let text = "# words\n@problemName Own\n@timeStamps false\n@univariate false\n@dimensions 2\n@classLabel true b a\n@data\n\n1,2,?,4:5,6,7,8:b\n1,1,1,1:2,2,2,2:a\n4,3,2,1:8,7:b\n";
        assert!(is_ts(text));
        let (series, gaps) = read(text, 8).unwrap();
        assert_eq!((series.count, series.steps, series.dims, gaps), (3, 4, 2, 1));
        assert_eq!(series.values[..8], [1.0, 5.0, 2.0, 6.0, 3.0, 7.0, 4.0, 8.0]);
        assert_eq!((series.labels, series.classes), (vec![1, 0, 1], vec!["a".into(), "b".into()]));
    }

    #[test]
    fn time_stamps_and_numbers_to_predict_are_left_out() {
        let stamped = "@timestamps true\n@classlabel false\n@data\n(2020-01-01 10:00:00,1.5),(1,2.5),(2,3.5)\n(0,3),(1,2),(2,1)\n";
        assert_eq!(read(stamped, 8).unwrap().0.values, [1.5, 2.5, 3.5, 3.0, 2.0, 1.0]);
        let target = "@problemName x\n@targetlabel true\n@data\n1,2,3:17.5\n3,2,1:18\n";
        let (series, _) = read(target, 8).unwrap();
        assert_eq!((series.values.len(), series.classes.len()), (6, 0));
    }

    #[test]
    fn a_bad_line_is_named() {
        let wrong = |text: &str| match read(text, 8).unwrap_err() {
            Error::InvalidData { flaw, place } => (flaw, place),
            other => panic!("{other:?}"),
        };
        assert_eq!(wrong("@data\n1,2\n1,x\n"), (Flaw::CsvNumber { found: "x".into(), column: 1 }, Place::Line(3)));
        assert_eq!(wrong("@data\n1,2:3,4\n1,2\n"), (Flaw::CsvColumns { found: 1, expected: 2 }, Place::Line(3)));
        assert!(matches!(wrong("@classLabel true a\n@data\n").0, Flaw::CsvEmpty));
    }
}
