//! A visitor's own series, from arrays or from a table (`table`), scaled for the networks and back.

use super::table::columns::MOST_CLASSES;
use super::table::reading::Taken;
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
    /// How many there were, where not all could be kept.
    pub brought: Option<usize>,
    /// How they were found in a table.
    pub taken: Option<Box<Taken>>,
}

/// Numbers that are kept: they are part of every checkpoint.
pub const MOST_VALUES: usize = 400_000;
pub const MOST_SERIES: usize = 20_000;
pub const MOST_DIMS: usize = 64;
pub const LEAST_STEPS: usize = 2;

/// What is scaled to the ends of [-1, 1] would need an infinite input of tanh.
const REACH: f32 = 0.9;

impl Series {
    /// Arrays from a page: whatever numbers the labels are, each that occurs is a class.
    pub fn new(values: Vec<f32>, shape: [usize; 3], labels: Vec<usize>) -> Result<Self> {
        let mut numbers = labels.clone();
        numbers.sort_unstable();
        numbers.dedup();
        if numbers.len() > MOST_CLASSES {
            let flaw = Flaw::Classes { classes: numbers.len(), least: 2, most: MOST_CLASSES };
            return Err(Error::flaw(flaw, Place::Key("data.labels".into())));
        }
        let labels = labels.iter().map(|label| numbers.partition_point(|number| number < label)).collect();
        Self::of_classes(values, shape, labels, numbers.iter().map(usize::to_string).collect())
    }

    /// Series whose labels are places in a list of classes.
    pub fn of_classes(values: Vec<f32>, shape: [usize; 3], labels: Vec<usize>, classes: Vec<String>) -> Result<Self> {
        let [count, steps, dims] = shape;
        let place = "data.sequences";
        if values.len() != count.saturating_mul(steps).saturating_mul(dims) || values.is_empty() {
            return Err(Error::data(format!("{} numbers are not {count} x {steps} x {dims}", values.len()), place));
        }
        if let Some(at) = values.iter().position(|value| !value.is_finite()) {
            return Err(Error::data("a value is not a finite number", format!("{place}[{at}]")));
        }
        if (!labels.is_empty() || !classes.is_empty()) && labels.len() != count {
            return Err(Error::data(format!("{} labels for {count} sequences", labels.len()), "data.labels"));
        }
        if let Some(at) = labels.iter().position(|label| *label >= classes.len()) {
            return Err(Error::data(format!("there is no class {}", labels[at]), format!("data.labels[{at}]")));
        }
        let series = Self { values, count, steps, dims, labels, classes, ..Self::default() };
        series.checked(Place::Key(place.into()))
    }

    pub(super) fn checked(self, place: Place) -> Result<Self> {
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

    /// Every series with `length` steps, in between in straight lines.
    pub(super) fn resampled(self, length: usize) -> Self {
        if self.steps == length {
            return self;
        }
        let scale = (self.steps - 1) as f32 / (length - 1).max(1) as f32;
        let mut values = Vec::with_capacity(self.count * length * self.dims);
        for series in self.values.chunks_exact(self.steps * self.dims) {
            for step in 0..length {
                let place = (step as f32 * scale).min((self.steps - 1) as f32);
                // A number of many steps may be rounded up.
                let (below, share) = ((place as usize).min(self.steps - 1), place.fract());
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

/// The values of one series of `steps` steps at `length` steps, as [`Series::resampled`] has them, without keeping them all.
pub(super) fn resampled(mut values: impl Iterator<Item = f32>, steps: usize, length: usize) -> Vec<f32> {
    if steps == length {
        return values.collect();
    }
    let scale = (steps - 1) as f32 / (length - 1).max(1) as f32;
    let low = values.next().unwrap_or_default();
    let (mut at, mut low, mut high) = (0, low, values.next().unwrap_or(low));
    let value = |step| {
        let place = (step as f32 * scale).min((steps - 1) as f32);
        let (below, share) = ((place as usize).min(steps - 1), place.fract());
        while at < below {
            (at, low, high) = (at + 1, high, values.next().unwrap_or(high));
        }
        low * (1.0 - share) + high * share
    };
    (0..length).map(value).collect()
}

/// Series of one length, with what takes them to [-1, 1] and back.
#[derive(Debug, Clone)]
pub struct Prepared {
    pub series: Series,
    /// Middle and half width of each value of a step: what is 0 and what is 1 to the networks.
    pub(super) scale: Vec<[f32; 2]>,
    /// The series of each class.
    members: Vec<Vec<usize>>,
}

impl Prepared {
    /// The place of a random series; of one class, where one is given that has any.
    pub fn pick(&self, class: Option<usize>, stream: &mut Stream) -> usize {
        match class.and_then(|class| self.members.get(class)).filter(|members| !members.is_empty()) {
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

#[cfg(test)]
mod tests {
    use super::*;

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
    fn every_label_that_occurs_is_a_class() {
        let of = |labels: Vec<usize>| Series::new(vec![0.5; 2 * labels.len()], [labels.len(), 2, 1], labels);
        let series = of(vec![2, 1, usize::MAX, 1]).unwrap();
        assert_eq!(series.labels, [1, 0, 2, 0]);
        assert_eq!(series.classes, ["1".to_string(), "2".to_string(), usize::MAX.to_string()]);
        let prepared = series.prepared(2);
        let mut stream = Stream::new(1, crate::rng::Purpose::Sample, 0);
        for (class, places) in [vec![1, 3], vec![0], vec![2]].iter().enumerate() {
            assert!(places.contains(&prepared.pick(Some(class), &mut stream)));
        }
        assert_eq!(of((0..200).collect()).unwrap_err().code(), "InvalidData");
    }

    #[test]
    fn wrong_arrays_are_refused() {
        let code = |values: Vec<f32>, shape, labels| Series::new(values, shape, labels).unwrap_err().code();
        assert_eq!(code(vec![0.0; 5], [1, 3, 2], Vec::new()), "InvalidData");
        assert_eq!(code(vec![f32::NAN, 0.0], [1, 2, 1], Vec::new()), "InvalidData");
        assert_eq!(code(vec![0.0; 4], [2, 2, 1], vec![0]), "InvalidData");
        assert_eq!(code(vec![0.0; 130], [1, 2, 65], Vec::new()), "InvalidData");
    }
}
