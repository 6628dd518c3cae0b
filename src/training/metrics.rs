//! What was learned, in numbers, on the host: published mode counts, and how the contest stands.

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::gan::GanConfig;
use crate::data::points::Cloud;

/// A made point counts as high quality within this many standard deviations of its mode (PacGAN, section 4.1).
const HIGH_QUALITY: f32 = 3.0;

/// How well made points cover a distribution (Lin et al. 2018, "PacGAN", section 4.1).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Coverage {
    /// Modes with at least one high-quality point; none where the distribution has no separate modes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub modes: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub modes_total: Option<usize>,
    /// Share of points within three standard deviations of the nearest mode.
    pub high_quality: f32,
    /// KL divergence, in nats, of the histogram of high-quality points over the modes from the uniform one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reverse_kl: Option<f32>,
}

/// # Shapes
/// `made`: `x, y` after one another
pub fn coverage(cloud: &Cloud, made: &[f32]) -> Coverage {
    let mut good = 0;
    let mut counts = vec![0usize; cloud.modes().map_or(0, <[_]>::len)];
    for point in made.chunks_exact(2) {
        let (mode, distance) = cloud.nearest([point[0], point[1]]);
        if distance < HIGH_QUALITY {
            good += 1;
            if let Some(count) = counts.get_mut(mode) {
                *count += 1;
            }
        }
    }
    let has_modes = cloud.modes().is_some();
    Coverage {
        modes: has_modes.then(|| counts.iter().filter(|n| **n > 0).count()),
        modes_total: has_modes.then_some(counts.len()),
        high_quality: good as f32 / (made.len() / 2).max(1) as f32,
        reverse_kl: (has_modes && good > 0).then(|| reverse_kl(&counts)),
    }
}

/// KL(made || uniform) = sum of p log(p n): 0 where all modes are hit alike, log n where only one is.
fn reverse_kl(counts: &[usize]) -> f32 {
    let total = counts.iter().sum::<usize>() as f32;
    let term = |n: usize| {
        let p = n as f32 / total;
        if n == 0 { 0.0 } else { p * (p * counts.len() as f32).ln() }
    };
    counts.iter().map(|n| term(*n)).sum()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    Starting,
    Even,
    DiscriminatorTooStrong,
    Collapsed,
    Diverged,
}

/// How the contest stands, and which settings would help.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Contest {
    pub state: State,
    pub remedy: Option<Map<String, Value>>,
}

/// What the verdict rests on: figures of the latest report.
#[derive(Debug, Clone, Default)]
pub struct Evidence {
    pub step: u32,
    pub score_real: f32,
    pub score_fake: f32,
    /// Spread of the made samples over that of real ones (root of the mean variance).
    pub spread: f32,
    pub modes: Option<(usize, usize)>,
    /// Instance noise still there, as a share of what the run began with.
    pub noise_left: f64,
}

/// Before this many steps nothing can be said.
const WARM_UP: u32 = 150;

/// Made samples that vary less than this share of the real ones have collapsed.
const NARROW: f32 = 0.35;

pub fn judge(config: &GanConfig, evidence: &Evidence) -> Contest {
    let state = state(evidence);
    Contest { state, remedy: remedy(config, state) }
}

pub fn state(evidence: &Evidence) -> State {
    let lost = evidence.modes.is_some_and(|(found, total)| found * 2 <= total && evidence.noise_left < 0.5);
    if !evidence.spread.is_finite() || evidence.spread > 20.0 {
        State::Diverged
    } else if evidence.step < WARM_UP {
        State::Starting
    } else if evidence.spread < NARROW || lost {
        State::Collapsed
    } else if evidence.modes.is_some_and(|(found, _)| found == 0) {
        State::Starting
    } else if evidence.score_real > 0.95 && evidence.score_fake < 0.05 {
        State::DiscriminatorTooStrong
    } else {
        State::Even
    }
}

fn remedy(config: &GanConfig, state: State) -> Option<Map<String, Value>> {
    let rates = [config.learning_rate_d, config.learning_rate_g];
    // Judging packs of samples, through fading noise, makes sameness itself a mark of forgery.
    let collapsed = json!({ "packing": config.packing.max(2), "instance_noise": config.instance_noise.max(0.3) });
    remedy_of(state, rates, config.loss.has_labels().then_some(config.label_smoothing), collapsed)
}

/// Which settings would help, as the contest stands: the same ones in every family but where it collapsed.
///
/// `rates` are the learning rates of discriminator and generator, `label_smoothing` is there where the loss has labels, `collapsed` are the
/// family's own changes.
pub(super) fn remedy_of(
    state: State,
    rates: [f64; 2],
    label_smoothing: Option<f64>,
    collapsed: Value,
) -> Option<Map<String, Value>> {
    // The slowest that a setting allows.
    let slower = |network: usize, by: f64| (rates[network] / by).max(1e-5);
    let changes = match state {
        State::Starting | State::Even => return None,
        State::DiscriminatorTooStrong => {
            let mut changes = json!({ "learning_rate_d": slower(0, 3.0), "discriminator_steps": 1 });
            if let Some(smoothing) = label_smoothing {
                changes["label_smoothing"] = smoothing.max(0.1).into();
            }
            changes
        }
        State::Collapsed => collapsed,
        State::Diverged => json!({ "learning_rate_d": slower(0, 4.0), "learning_rate_g": slower(1, 4.0) }),
    };
    changes.as_object().cloned()
}

/// A spread that is nothing but rounding, of numbers around 1.
const SAME: f32 = 1e-5;

/// The root of the mean variance over coordinates: one number for how much samples differ.
pub fn spread(samples: &[f32], dimension: usize) -> f32 {
    let n = (samples.len() / dimension).max(1) as f32;
    let mut total = 0.0;
    for coordinate in 0..dimension {
        let values = || samples.iter().skip(coordinate).step_by(dimension);
        let mean = values().sum::<f32>() / n;
        total += values().map(|v| (v - mean).powi(2)).sum::<f32>() / n;
    }
    (total / dimension as f32).sqrt()
}

/// How much made samples differ over how much real ones do; where these are all the same, nothing can be said, which is 1.
pub fn spread_ratio(made: &[f32], real: &[f32], dimension: usize) -> f32 {
    let real = spread(real, dimension);
    if real < SAME { 1.0 } else { spread(made, dimension) / real }
}

/// Squared maximum mean discrepancy (Gretton et al. 2012, lemma 6, unbiased) under a Gaussian kernel whose width is the median distance
/// between real samples.
///
/// # Shapes
/// `real`, `made`: samples of `dimension` numbers after one another, at least two of each
pub fn mmd2(real: &[f32], made: &[f32], dimension: usize) -> f64 {
    let width = median_distance(real, dimension);
    mmd2_of_width(real, made, dimension, width)
}

/// The median Euclidean distance between different samples; 1 where they are all alike.
pub fn median_distance(samples: &[f32], dimension: usize) -> f64 {
    let rows: Vec<&[f32]> = samples.chunks_exact(dimension).collect();
    let pairs = rows.iter().enumerate().flat_map(|(i, a)| rows[..i].iter().map(|b| squared_distance(a, b)));
    let mut distances: Vec<f32> = pairs.collect();
    let middle = distances.len() / 2;
    match distances.is_empty() {
        true => 1.0,
        false => (*distances.select_nth_unstable_by(middle, f32::total_cmp).1 as f64).sqrt().max(1e-6),
    }
}

/// [`mmd2`] with the kernel `exp(-|x - y|^2 / (2 width^2))`.
pub fn mmd2_of_width(real: &[f32], made: &[f32], dimension: usize, width: f64) -> f64 {
    let scale = (-0.5 / (width * width)) as f32;
    let kernel = |a: &[f32], b: &[f32]| (scale * squared_distance(a, b)).exp();
    let [real, made] = [real, made].map(|samples| samples.chunks_exact(dimension).collect::<Vec<&[f32]>>());
    let within = |rows: &[&[f32]]| {
        let sums = rows.iter().enumerate().map(|(i, a)| rows[..i].iter().map(|b| kernel(a, b)).sum::<f32>() as f64);
        2.0 * sums.sum::<f64>() / (rows.len() as f64 * (rows.len() as f64 - 1.0))
    };
    let across: f64 = real.iter().map(|a| made.iter().map(|b| kernel(a, b)).sum::<f32>() as f64).sum();
    within(&real) + within(&made) - 2.0 * across / (real.len() as f64 * made.len() as f64)
}

fn squared_distance(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::points::Shape;
    use crate::rng::{Purpose, Stream};

    #[test]
    fn real_points_cover_every_mode() {
        let ring = Cloud::new(Shape::Ring);
        let found = coverage(&ring, &ring.draw(2_500, &mut Stream::new(1, Purpose::Metrics, 0)));
        assert_eq!(found.modes, Some(8));
        // A plane Gaussian lies within 3 deviations with probability 1 - exp(-4.5).
        assert!((found.high_quality - 0.9889).abs() < 0.01);
        assert!(found.reverse_kl.unwrap() < 0.01);
    }

    #[test]
    fn one_mode_has_the_divergence_log_8() {
        let one: Vec<f32> = [1.0, 0.0].repeat(100);
        let found = coverage(&Cloud::new(Shape::Ring), &one);
        assert_eq!(found.modes, Some(1));
        assert!((found.reverse_kl.unwrap() - 8f32.ln()).abs() < 1e-6);
    }

    #[test]
    fn the_verdict_names_what_is_wrong() {
        let config = GanConfig::default();
        let fine = Evidence { step: 500, score_real: 0.6, score_fake: 0.4, spread: 1.0, modes: None, noise_left: 0.0 };
        let state = |evidence: Evidence| judge(&config, &evidence).state;
        assert_eq!(state(fine.clone()), State::Even);
        assert_eq!(state(Evidence { step: 3, ..fine.clone() }), State::Starting);
        assert_eq!(state(Evidence { modes: Some((0, 8)), noise_left: 1.0, ..fine.clone() }), State::Starting);
        assert_eq!(state(Evidence { spread: 0.1, ..fine.clone() }), State::Collapsed);
        assert_eq!(state(Evidence { modes: Some((1, 8)), ..fine.clone() }), State::Collapsed);
        assert_eq!(state(Evidence { spread: f32::NAN, ..fine.clone() }), State::Diverged);
        assert_eq!(state(Evidence { score_real: 0.99, score_fake: 0.01, ..fine }), State::DiscriminatorTooStrong);
    }

    #[test]
    fn of_samples_that_are_all_the_same_no_verdict_is_that_of_numbers_run_away() {
        // Their mean in single precision is not quite 0.3.
        let (same, varied) = (vec![0.3; 64], [0.0, 1.0].repeat(32));
        assert_eq!(spread_ratio(&varied, &same, 1), 1.0);
        assert_eq!(spread_ratio(&same, &varied, 1), spread(&same, 1) / 0.5);
        assert!(!spread_ratio(&[f32::NAN; 4], &varied, 1).is_finite());
    }

    /// Of two normals a shift apart, under a Gaussian kernel of width w: 2 w / sqrt(w^2 + 2) (1 - exp(-shift^2 / (2 (w^2 + 2)))).
    #[test]
    fn the_discrepancy_of_two_normals_has_a_closed_form() {
        let draw = |which| Stream::new(1, Purpose::Metrics, which).normals(1_500);
        let (one, other) = (draw(1), draw(2));
        for (shift, width) in [(0.0f32, 1.0), (0.5, 1.0), (2.0, 0.7)] {
            let moved: Vec<f32> = other.iter().map(|value| value + shift).collect();
            let spread: f64 = width * width + 2.0;
            let expected = 2.0 * width / spread.sqrt() * (1.0 - (-(shift * shift) as f64 / (2.0 * spread)).exp());
            let found = mmd2_of_width(&one, &moved, 1, width);
            assert!((found - expected).abs() < 0.02, "{shift}: {found}, not {expected}");
        }
        // Differences of standard normals have deviation sqrt(2), so the median of their size is 0.6745 sqrt(2).
        assert!((median_distance(&one, 1) - 0.954).abs() < 0.05);
    }

    #[test]
    fn every_remedy_is_a_valid_change() {
        for state in [State::DiscriminatorTooStrong, State::Collapsed, State::Diverged] {
            let config = GanConfig::default();
            let changed = config.changed(&remedy(&config, state).unwrap(), false).unwrap();
            assert_ne!(changed, config);
        }
    }
}
