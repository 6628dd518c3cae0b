//! CFP's verification (Sengupta et al. 2016, section 4): pairs of photos of one person and of two, in ten folds; the
//! threshold that decides a fold's pairs comes from the other nine. Folds share no person.

use gan_atelier::rng::{Purpose, Stream};

pub const FOLDS: usize = 10;
const RESAMPLES: u64 = 400;

/// Numbers of two sides and who they are; a side is a photo or a set of them.
#[derive(Clone, Copy)]
pub struct Pair {
    pub a: usize,
    pub b: usize,
    pub persons: [usize; 2],
    fold: usize,
}

impl Pair {
    fn same(&self) -> bool {
        self.persons[0] == self.persons[1]
    }
}

/// All pairs of one person, and as many of two of the same fold, drawn by the seed. `sides` are the person of each number
/// on either side; where the sides are the same photos, a pair counts once.
pub fn pairs(sides: [&[(usize, usize)]; 2], folds: &impl Fn(usize) -> usize, seed: u64) -> Vec<Pair> {
    let symmetric = sides[0] == sides[1];
    let mut chosen = Vec::new();
    for fold in 0..FOLDS {
        let within = |side: usize| sides[side].iter().filter(|(_, person)| folds(*person) == fold);
        let all = within(0).flat_map(|a| within(1).map(move |b| (a, b))).filter(|(a, b)| !symmetric || a.0 < b.0);
        let (same, mut other): (Vec<Pair>, Vec<Pair>) =
            all.map(|((a, p), (b, q))| Pair { a: *a, b: *b, persons: [*p, *q], fold }).partition(Pair::same);
        let mut stream = Stream::new(seed, Purpose::Batch, fold as u64);
        for at in 0..same.len().min(other.len()) {
            let from = at + stream.below(other.len() - at);
            other.swap(at, from);
        }
        other.truncate(same.len());
        chosen.extend(same);
        chosen.extend(other);
    }
    chosen
}

/// Share of right verdicts, pairs of one person and of two weighing the same; `weight` is how often a person counts.
pub fn accuracy(pairs: &[Pair], scores: &[f64], weight: &impl Fn(usize) -> f64) -> f64 {
    let mut order: Vec<usize> = (0..pairs.len()).collect();
    order.sort_by(|a, b| scores[*a].total_cmp(&scores[*b]));
    let counts = |at: usize| {
        let pair = &pairs[at];
        if pair.same() { weight(pair.persons[0]) } else { weight(pair.persons[0]) * weight(pair.persons[1]) }
    };
    let total = |same: bool, keep: &dyn Fn(usize) -> bool| {
        (0..pairs.len()).filter(|at| pairs[*at].same() == same && keep(*at)).map(counts).sum::<f64>().max(1e-9)
    };
    let mut right = [0.0; 2];
    for fold in 0..FOLDS {
        let others = |at: usize| pairs[at].fold != fold;
        let (all_same, all_other) = (total(true, &others), total(false, &others));
        // Below the threshold: other people. It starts below all scores.
        let (mut missed, mut refused, mut best, mut threshold) = (0.0, 0.0, 0.5, f64::MIN);
        for (place, at) in order.iter().enumerate().filter(|(_, at)| others(**at)) {
            if pairs[*at].same() {
                missed += counts(*at) / all_same
            } else {
                refused += counts(*at) / all_other
            }
            let found = 0.5 * (1.0 - missed + refused);
            if found > best {
                let next = order[place + 1..].iter().find(|at| others(**at)).map_or(scores[*at], |next| scores[*next]);
                (best, threshold) = (found, 0.5 * (scores[*at] + next));
            }
        }
        for at in (0..pairs.len()).filter(|at| pairs[*at].fold == fold) {
            if (scores[at] > threshold) == pairs[at].same() {
                right[pairs[at].same() as usize] += counts(at);
            }
        }
    }
    0.5 * (right[1] / total(true, &|_| true) + right[0] / total(false, &|_| true))
}

/// How often a pair of one person scores above a pair of two.
pub fn area(pairs: &[Pair], scores: &[f64]) -> f64 {
    let mut order: Vec<usize> = (0..pairs.len()).collect();
    order.sort_by(|a, b| scores[*a].total_cmp(&scores[*b]));
    let (mut others, mut above) = (0.0, 0.0);
    for at in &order {
        if pairs[*at].same() { above += others } else { others += 1.0 }
    }
    above / (others * (pairs.len() as f64 - others)).max(1.0)
}

/// The standard error of a figure when the `people` are drawn again with replacement.
pub fn standard_error(people: usize, figure: &impl Fn(&dyn Fn(usize) -> f64) -> f64) -> f64 {
    let figures: Vec<f64> = (0..RESAMPLES)
        .map(|resample| {
            let mut stream = Stream::new(5_003, Purpose::Batch, resample);
            let mut counts = vec![0.0; people];
            (0..people).for_each(|_| counts[stream.below(people)] += 1.0);
            figure(&|person| counts[person])
        })
        .collect();
    let mean = figures.iter().sum::<f64>() / figures.len() as f64;
    (figures.iter().map(|f| (f - mean).powi(2)).sum::<f64>() / (figures.len() - 1) as f64).sqrt()
}

pub fn cosine(a: &[f32], b: &[f32]) -> f64 {
    let dot = |x: &[f32], y: &[f32]| x.iter().zip(y).map(|(a, b)| *a as f64 * *b as f64).sum::<f64>();
    dot(a, b) / (dot(a, a) * dot(b, b)).sqrt().max(1e-12)
}
