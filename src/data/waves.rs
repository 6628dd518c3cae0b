//! Sequences: RGAN's and TimeGAN's sines, labelled waves, curves that a visitor draws, series that a visitor brings.
//! Values are in [-1, 1]; a visitor's own are scaled there, value by value of a step, and back when they leave.

use serde::{Deserialize, Serialize};
use serde_json::json;
use std::f32::consts::{PI, TAU};

use super::series::{Prepared, Series};
use super::{Description, Own};
use crate::error::{Error, Result};
use crate::rng::Stream;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WaveDataset {
    /// RGAN's (Esteban et al. 2017, section 4.1; ranges from the authors' code).
    Sines,
    /// TimeGAN's (Yoon et al. 2019, section 5.1; ranges from the authors' code): five sines of their own frequency and phase.
    TimeganSines,
    /// Four kinds of waves with their names.
    Waves,
    /// Curves drawn by hand.
    Curves,
    /// A visitor's series.
    Series,
}

/// The kinds of [`WaveDataset::Waves`], in the order of their labels.
pub const KINDS: [&str; 4] = ["sine", "square", "heartbeat", "damped"];

/// Deviation of the noise on every step of a labelled wave.
const JITTER: f32 = 0.02;

impl WaveDataset {
    pub const ALL: [WaveDataset; 5] =
        [WaveDataset::Sines, WaveDataset::TimeganSines, WaveDataset::Waves, WaveDataset::Curves, WaveDataset::Series];

    /// The source of real sequences of `length` steps.
    pub fn open(self, own: Own, length: usize) -> Result<Waves> {
        let source = match (self, own) {
            (WaveDataset::Sines, _) => Source::Sines,
            (WaveDataset::TimeganSines, _) => Source::TimeganSines,
            (WaveDataset::Waves, _) => Source::Kinds,
            (WaveDataset::Curves, Own::Series(series)) => Source::Curves(series.prepared(length)),
            (WaveDataset::Series, Own::Series(series)) => Source::Series(series.prepared(length)),
            (WaveDataset::Series, Own::Table(file)) => Source::Series(file.series(length)?.prepared(length)),
            (_, _) => {
                let missing = format!("the dataset `{}` needs sequences", json!(self).as_str().unwrap_or_default());
                return Err(Error::data(missing, "data.sequences"));
            }
        };
        Ok(Waves { source, length })
    }

    /// What is known before a visitor brings anything.
    pub fn describe(self, length: usize) -> Description {
        let placeholder = Series { values: vec![0.0; length], count: 1, steps: length, dims: 1, ..Series::default() };
        let own = matches!(self, WaveDataset::Curves | WaveDataset::Series);
        let described =
            self.open(if own { Own::Series(placeholder) } else { Own::Nothing }, length).map(|w| w.describe(self));
        let described = described.unwrap_or_else(|_| Description::new(self, "sequences", vec![length, 1]));
        if own { Description { count: None, range: None, own, ..described } } else { described }
    }
}

#[derive(Debug, Clone)]
enum Source {
    Sines,
    TimeganSines,
    Kinds,
    Curves(Prepared),
    Series(Prepared),
}

/// A source of real sequences of one length.
#[derive(Debug, Clone)]
pub struct Waves {
    source: Source,
    pub length: usize,
}

/// Sequences one after another, `[count, length, dims]`, each with its class where there are classes.
#[derive(Debug, Clone, Default)]
pub struct Drawn {
    pub values: Vec<f32>,
    pub labels: Vec<usize>,
}

impl Waves {
    /// Values in a step.
    pub fn dims(&self) -> usize {
        match &self.source {
            Source::Sines | Source::Kinds => 1,
            Source::TimeganSines => 5,
            Source::Curves(own) | Source::Series(own) => own.series.dims,
        }
    }

    /// The classes' names; none where sequences have none.
    pub fn classes(&self) -> Vec<String> {
        match &self.source {
            Source::Kinds => KINDS.map(String::from).to_vec(),
            Source::Series(own) => own.series.classes.clone(),
            _ => Vec::new(),
        }
    }

    /// What the visitor brought.
    pub fn own(&self) -> Option<&Prepared> {
        match &self.source {
            Source::Curves(own) | Source::Series(own) => Some(own),
            _ => None,
        }
    }

    /// `n` sequences; of one class, where one is given.
    pub fn draw(&self, n: usize, label: Option<usize>, stream: &mut Stream) -> Drawn {
        let mut drawn = Drawn::default();
        for _ in 0..n {
            match &self.source {
                Source::Sines => drawn.values.extend(rgan_sine(self.length, stream)),
                Source::TimeganSines => drawn.values.extend(timegan_sines(self.length, self.dims(), stream)),
                Source::Kinds => {
                    let kind = label.unwrap_or_else(|| stream.below(KINDS.len()));
                    drawn.values.extend(wave(kind, self.length, stream));
                    drawn.labels.push(kind);
                }
                Source::Curves(own) => {
                    let curve = own.scaled(own.pick(None, stream));
                    drawn.values.extend(varied(curve, own.series.dims, stream));
                }
                Source::Series(own) => {
                    let at = own.pick(label, stream);
                    drawn.values.extend(own.scaled(at));
                    drawn.labels.extend(own.series.labels.get(at));
                }
            }
        }
        drawn
    }

    /// From [-1, 1] to the visitor's own unit.
    pub fn restore(&self, values: &mut [f32]) {
        if let Some(own) = self.own() {
            own.restore(values);
        }
    }

    /// Middle and half width of each value of a step, where they are a visitor's.
    pub fn scale(&self) -> &[[f32; 2]] {
        self.own().map_or(&[], |own| &own.scale)
    }

    pub fn describe(&self, id: WaveDataset) -> Description {
        let own = self.own();
        let classes = self.classes();
        Description {
            classes: (!classes.is_empty()).then_some(classes),
            own: own.is_some(),
            count: own.map(|own| own.series.count),
            brought: own.and_then(|own| own.series.brought),
            table: own.and_then(|own| own.series.taken.as_deref().cloned()),
            range: Some(own.map_or(vec![[-1.0, 1.0]; self.dims()], |own| own.series.range())),
            ..Description::new(id, "sequences", vec![self.length, self.dims()])
        }
    }
}

/// Frequency 1 to 5 turns in a sequence, amplitude 0.1 to 0.9, any phase.
fn rgan_sine(length: usize, stream: &mut Stream) -> Vec<f32> {
    let (turns, amplitude, phase) = (stream.range(1.0, 5.0), stream.range(0.1, 0.9), stream.range(-PI, PI));
    (1..=length).map(|step| amplitude * (TAU * turns * step as f32 / length as f32 + phase).sin()).collect()
}

/// Frequency and phase 0 to 0.1 each. The authors scale what they have to [0, 1]; here it stays in [-1, 1].
fn timegan_sines(length: usize, dims: usize, stream: &mut Stream) -> Vec<f32> {
    let sines: Vec<[f32; 2]> = (0..dims).map(|_| [stream.range(0.0, 0.1), stream.range(0.0, 0.1)]).collect();
    let at = |step: usize| sines.iter().map(move |[frequency, phase]| (frequency * step as f32 + phase).sin());
    (0..length).flat_map(at).collect()
}

fn wave(kind: usize, length: usize, stream: &mut Stream) -> Vec<f32> {
    let (amplitude, turns, phase) = (stream.range(0.5, 0.9), stream.range(1.5, 2.5), stream.uniform());
    let decay = stream.range(2.0, 4.0);
    let shape = |time: f32| {
        let turn = turns * time + phase;
        match kind {
            0 => (TAU * turn).sin(),
            1 => {
                if turn.fract() < 0.5 {
                    1.0
                } else {
                    -1.0
                }
            }
            2 => heartbeat(turn.fract()),
            _ => (-decay * time).exp() * (TAU * turns * 1.6 * time).cos(),
        }
    };
    let at = |step: usize| amplitude * shape((step as f32 + 0.5) / length as f32);
    (0..length).map(|step| at(step) + JITTER * stream.normal()).collect()
}

/// One beat of an electrocardiogram as Gaussians (after McSharry et al. 2003, "A dynamical model for generating synthetic
/// electrocardiogram signals"): place in the beat, height, width of the waves P, Q, R, S and T, widened for few steps a beat.
fn heartbeat(place: f32) -> f32 {
    const BUMPS: [[f32; 3]; 5] =
        [[0.18, 0.18, 0.06], [0.33, -0.22, 0.04], [0.42, 1.0, 0.05], [0.52, -0.35, 0.04], [0.74, 0.32, 0.08]];
    BUMPS.iter().map(|[at, height, width]| height * (-((place - at) / width).powi(2) / 2.0).exp()).sum()
}

/// A drawn curve, a little higher or lower, larger or smaller, earlier or later: a drawing is meant as a kind of curve, not as one.
fn varied(curve: Vec<f32>, dims: usize, stream: &mut Stream) -> Vec<f32> {
    let (gain, lift, shift) = (stream.range(0.85, 1.0), stream.range(-0.04, 0.04), stream.range(-1.0, 1.0));
    let last = curve.len() / dims - 1;
    let at = |step: usize, dim: usize| {
        let place = (step as f32 + shift).clamp(0.0, last as f32);
        let (below, share) = (place as usize, place.fract());
        let value = |step: usize| curve[step.min(last) * dims + dim];
        gain * (value(below) * (1.0 - share) + value(below + 1) * share) + lift
    };
    (0..=last).flat_map(|step| (0..dims).map(move |dim| (step, dim))).map(|(step, dim)| at(step, dim)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Purpose;

    fn stream() -> Stream {
        Stream::new(1, Purpose::Batch, 0)
    }

    #[test]
    fn rgans_sines_have_the_published_ranges() {
        let waves = WaveDataset::Sines.open(Own::Nothing, 30).unwrap();
        let drawn = waves.draw(2_000, None, &mut stream());
        assert_eq!(drawn.values.len(), 2_000 * 30);
        let peaks: Vec<f32> =
            drawn.values.chunks(30).map(|sequence| sequence.iter().fold(0.0f32, |peak, v| peak.max(v.abs()))).collect();
        assert!(peaks.iter().all(|peak| *peak <= 0.9));
        let mean = peaks.iter().sum::<f32>() / peaks.len() as f32;
        assert!((mean - 0.49).abs() < 0.03, "{mean}");
    }

    #[test]
    fn timegans_sines_rise_from_their_phase() {
        let waves = WaveDataset::TimeganSines.open(Own::Nothing, 24).unwrap();
        let drawn = waves.draw(500, None, &mut stream());
        for sequence in drawn.values.chunks(24 * 5) {
            assert!(sequence[..5].iter().all(|v| (0.0..0.1).contains(v)));
            assert!(sequence.iter().all(|v| (0.0..=1.0).contains(v)), "at most 2.4 radians");
        }
    }

    #[test]
    fn waves_keep_their_labels() {
        let waves = WaveDataset::Waves.open(Own::Nothing, 40).unwrap();
        let mixed = waves.draw(400, None, &mut stream());
        assert!((0..4).all(|kind| mixed.labels.iter().filter(|label| **label == kind).count() > 60));
        let square = waves.draw(50, Some(1), &mut stream());
        assert!(square.labels.iter().all(|label| *label == 1));
        // A square wave is at one of two heights nearly always.
        let flat = square.values.chunks(40).all(|wave| {
            let peak = wave.iter().fold(0.0f32, |peak, v| peak.max(v.abs()));
            wave.iter().all(|v| v.abs() > 0.7 * peak)
        });
        assert!(flat);
    }

    #[test]
    fn drawn_curves_stay_near_the_drawing() {
        let curve: Vec<f32> = (0..20).map(|step| (step as f32 / 3.0).sin()).collect();
        let series = Series { values: curve.clone(), count: 1, steps: 20, dims: 1, ..Series::default() };
        let waves = WaveDataset::Curves.open(Own::Series(series), 20).unwrap();
        let drawn = waves.draw(100, None, &mut stream());
        let (mut near, mut same) = (0, 0);
        for made in drawn.values.chunks(20) {
            let mut made = made.to_vec();
            waves.restore(&mut made);
            let worst = made.iter().zip(&curve).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
            near += usize::from(worst < 0.6);
            same += usize::from(worst < 1e-4);
        }
        assert_eq!((near, same), (100, 0));
    }
}
