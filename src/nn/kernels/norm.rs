//! Instance norms of maps with channels last, and what follows them in the same pass.

use super::lanes::Four;

/// As `nn::norm` has it.
const EPSILON: f64 = 1e-5;

/// What is done with a normalised number.
pub enum Then<'a> {
    Nothing,
    /// Negative ones become 0.
    Relu,
    /// It is added to these, which keep the sum.
    Onto(&'a mut [f32]),
}

/// Of each channel of some pixels: mean, and the sum of squares around it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Moments {
    /// Pixels.
    pub count: f64,
    /// Mean and sum of squares of each channel.
    pub channels: Vec<[f64; 2]>,
}

impl Moments {
    /// Sums of single precision over a row's worth of pixels at a time, gathered in double precision, around each channel's first number.
    pub fn of(maps: &[f32], channels: usize) -> Self {
        const PORTION: usize = 256;
        assert!(channels.is_multiple_of(4) && maps.len().is_multiple_of(channels) && !maps.is_empty());
        let about = maps[..channels].to_vec();
        let mut gathered = vec![[0.0f64; 2]; channels];
        let mut sums = vec![[0.0f32; 8]; channels / 4];
        for portion in maps.chunks(PORTION * channels) {
            sums.fill([0.0; 8]);
            for pixel in portion.chunks_exact(channels) {
                for (at, sums) in sums.iter_mut().enumerate() {
                    // SAFETY: both have four numbers there.
                    unsafe {
                        let value = Four::load(pixel.as_ptr().add(4 * at)).sub(Four::load(about.as_ptr().add(4 * at)));
                        let to = sums.as_mut_ptr();
                        Four::load(to).add(value).store(to);
                        Four::load(to.add(4)).plus(value, value).store(to.add(4));
                    }
                }
            }
            for (channel, gathered) in gathered.iter_mut().enumerate() {
                gathered[0] += sums[channel / 4][channel % 4] as f64;
                gathered[1] += sums[channel / 4][4 + channel % 4] as f64;
            }
        }
        let count = (maps.len() / channels) as f64;
        let settle = |(channel, [sum, squares]): (usize, [f64; 2])| {
            let mean = sum / count;
            [mean + about[channel] as f64, (squares - sum * mean).max(0.0)]
        };
        Self { count, channels: gathered.into_iter().enumerate().map(settle).collect() }
    }

    /// Of several parts together, in their order (Chan, Golub and LeVeque 1979, "Updating formulae", equation 2.1).
    pub fn merged(parts: &[Self]) -> Self {
        let mut all = Self::default();
        for part in parts.iter().filter(|part| part.count > 0.0) {
            let count = all.count + part.count;
            all.channels.resize(part.channels.len(), [0.0; 2]);
            for ([mean, squares], [other, more]) in all.channels.iter_mut().zip(&part.channels) {
                let apart = other - *mean;
                *squares += more + apart * apart * all.count * part.count / count;
                *mean += apart * part.count / count;
            }
            all.count = count;
        }
        all
    }

    pub fn is_empty(&self) -> bool {
        self.count == 0.0
    }

    /// What makes mean 0 and (biased) variance 1 of each channel: factors, and what is added.
    fn change(&self) -> [Vec<f32>; 2] {
        let scale = |squares: f64| 1.0 / (squares / self.count + EPSILON).sqrt();
        let shift = |[mean, squares]: &[f64; 2]| (-mean * scale(*squares)) as f32;
        [self.channels.iter().map(|pair| scale(pair[1]) as f32).collect(), self.channels.iter().map(shift).collect()]
    }
}

/// Normalises by the moments of the whole, in place, or onto other maps.
pub fn normalise(maps: &mut [f32], moments: &Moments, then: Then) {
    let channels = moments.channels.len();
    assert!(channels.is_multiple_of(4) && maps.len().is_multiple_of(channels));
    let [scale, shift] = moments.change();
    let bend = |at: usize, value: *const f32| {
        // SAFETY: `at` is a multiple of four below the channels, and `value` that channel of a pixel.
        unsafe { Four::load(shift.as_ptr().add(at)).plus(Four::load(value), Four::load(scale.as_ptr().add(at))) }
    };
    match then {
        Then::Onto(sum) => {
            assert_eq!(sum.len(), maps.len());
            for (pixel, sum) in maps.chunks_exact(channels).zip(sum.chunks_exact_mut(channels)) {
                for at in (0..channels).step_by(4) {
                    // SAFETY: as above.
                    unsafe {
                        let to = sum.as_mut_ptr().add(at);
                        Four::load(to).add(bend(at, pixel.as_ptr().add(at))).store(to);
                    }
                }
            }
        }
        Then::Relu | Then::Nothing => {
            let least = Four::splat(if matches!(then, Then::Relu) { 0.0 } else { f32::NEG_INFINITY });
            for pixel in maps.chunks_exact_mut(channels) {
                for at in (0..channels).step_by(4) {
                    // SAFETY: as above.
                    unsafe {
                        let to = pixel.as_mut_ptr().add(at);
                        bend(at, to).max(least).store(to);
                    }
                }
            }
        }
    }
}
