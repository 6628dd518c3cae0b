//! The one source of random numbers: Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3",
//! SC 2011), a counter-based generator. A number depends only on the seed, on what it is for and on the training
//! step, never on what was drawn before: so a run can be resumed, replayed or compared across devices exactly.

const MULTIPLIER: [u32; 2] = [0xD251_1F53, 0xCD9E_8D57];
const WEYL: [u32; 2] = [0x9E37_79B9, 0xBB67_AE85];

/// What a stream of numbers is for. The discriminant is part of the counter: never reuse or renumber one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    Initialisation = 0,
    LatentD = 1,
    LatentG = 2,
    Batch = 3,
    InstanceNoise = 4,
    Sample = 5,
    Metrics = 6,
    Scene = 7,
    Pool = 8,
    Crop = 9,
    Person = 10,
}

/// One stream of numbers, addressed by seed, purpose and step.
#[derive(Debug, Clone)]
pub struct Stream {
    key: [u32; 2],
    counter: [u32; 4],
    block: [u32; 4],
    used: usize,
    spare_normal: Option<f32>,
}

impl Stream {
    pub fn new(seed: u64, purpose: Purpose, step: u64) -> Self {
        Self {
            key: [seed as u32, (seed >> 32) as u32],
            counter: [0, purpose as u32, step as u32, (step >> 32) as u32],
            block: [0; 4],
            used: 4,
            spare_normal: None,
        }
    }

    pub fn next_u32(&mut self) -> u32 {
        if self.used == 4 {
            self.block = philox(self.counter, self.key);
            self.counter[0] = self.counter[0].wrapping_add(1);
            self.used = 0;
        }
        self.used += 1;
        self.block[self.used - 1]
    }

    /// Uniform in `[0, 1)`, 24 bits.
    pub fn uniform(&mut self) -> f32 {
        (self.next_u32() >> 8) as f32 / (1 << 24) as f32
    }

    pub fn range(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * self.uniform()
    }

    /// Uniform in `0..n` (multiply-shift; the bias is below n / 2^32).
    pub fn below(&mut self, n: usize) -> usize {
        ((self.next_u32() as u64 * n as u64) >> 32) as usize
    }

    /// Standard normal (Box-Muller, both values used).
    pub fn normal(&mut self) -> f32 {
        if let Some(value) = self.spare_normal.take() {
            return value;
        }
        let radius = (-2.0 * (1.0 - self.uniform()).ln()).sqrt();
        let angle = std::f32::consts::TAU * self.uniform();
        self.spare_normal = Some(radius * angle.sin());
        radius * angle.cos()
    }

    pub fn normals(&mut self, n: usize) -> Vec<f32> {
        (0..n).map(|_| self.normal()).collect()
    }

    /// Goes on as after so many [`Stream::normals`], without making them.
    pub fn skip_normals(&mut self, mut n: usize) {
        if n > 0 && self.spare_normal.take().is_some() {
            n -= 1;
        }
        (0..n / 2 * 2).for_each(|_| {
            self.next_u32();
        });
        if !n.is_multiple_of(2) {
            self.normal();
        }
    }
}

fn philox(mut counter: [u32; 4], mut key: [u32; 2]) -> [u32; 4] {
    for round in 0..10 {
        if round > 0 {
            key = [key[0].wrapping_add(WEYL[0]), key[1].wrapping_add(WEYL[1])];
        }
        let a = MULTIPLIER[0] as u64 * counter[0] as u64;
        let b = MULTIPLIER[1] as u64 * counter[2] as u64;
        counter = [(b >> 32) as u32 ^ counter[1] ^ key[0], b as u32, (a >> 32) as u32 ^ counter[3] ^ key[1], a as u32];
    }
    counter
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Known answers of the authors' Random123 distribution (kat_vectors, philox4x32 10).
    #[test]
    fn philox_gives_the_published_answers() {
        assert_eq!(philox([0; 4], [0; 2]), [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]);
        assert_eq!(philox([u32::MAX; 4], [u32::MAX; 2]), [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]);
    }

    #[test]
    fn streams_differ_by_seed_purpose_and_step() {
        let draw = |seed, purpose, step| Stream::new(seed, purpose, step).next_u32();
        let first = draw(1, Purpose::LatentD, 0);
        assert_eq!(first, draw(1, Purpose::LatentD, 0));
        assert_ne!(first, draw(2, Purpose::LatentD, 0));
        assert_ne!(first, draw(1, Purpose::LatentG, 0));
        assert_ne!(first, draw(1, Purpose::LatentD, 1));
    }

    #[test]
    fn skipped_normals_are_as_if_drawn() {
        for (before, skipped) in [(0, 0), (0, 5), (1, 1), (1, 2), (3, 4), (2, 6)] {
            let [mut drawn, mut left_out] = [0, 1].map(|_| Stream::new(5, Purpose::Sample, 0));
            drawn.normals(before + skipped);
            left_out.normals(before);
            left_out.skip_normals(skipped);
            assert_eq!(drawn.normals(3), left_out.normals(3), "{before} {skipped}");
        }
    }

    #[test]
    fn normals_have_mean_zero_and_variance_one() {
        let values = Stream::new(3, Purpose::Sample, 0).normals(100_000);
        let mean = values.iter().sum::<f32>() / values.len() as f32;
        let variance = values.iter().map(|v| (v - mean).powi(2)).sum::<f32>() / values.len() as f32;
        assert!(mean.abs() < 0.01 && (variance - 1.0).abs() < 0.02, "{mean} {variance}");
    }
}
