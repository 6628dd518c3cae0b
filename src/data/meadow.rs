//! The built-in picture with an animal: a horse, or a zebra, in a meadow, drawn by our own code, for visitors without a photo at hand.
//!
//! Both are modelled as round limbs that flow into each other, lit from above; the same seed gives the same animal in either coat.
//! Coordinates: `u` to the right, `v` down, both in heights of the picture.

use super::drawing::{Colour, blend, draw};
use super::herd::Steed;
use super::horses::Coat;
use super::noise::{Noise, smoothstep};
use crate::rng::{Purpose, Stream};

/// RGBA rows from the top; the same seed gives the same picture at any size.
pub fn draw_meadow(coat: Coat, width: usize, height: usize, seed: u32) -> Vec<u8> {
    let meadow = Meadow::new(coat, seed, width as f32 / height.max(1) as f32);
    draw(width, height, |u, v| meadow.colour(u, v).map(|c| c.clamp(0.0, 1.0)))
}

/// Top and foot of the sky: noon, haze, evening.
const SKIES: [[Colour; 2]; 3] = [
    [[0.42, 0.62, 0.86], [0.80, 0.88, 0.94]],
    [[0.62, 0.74, 0.86], [0.90, 0.91, 0.90]],
    [[0.50, 0.58, 0.76], [0.96, 0.84, 0.72]],
];

/// Far and near ground: summer meadow, pasture, dry grass.
const GROUNDS: [[Colour; 2]; 3] = [
    [[0.50, 0.62, 0.28], [0.27, 0.42, 0.14]],
    [[0.58, 0.66, 0.36], [0.36, 0.48, 0.20]],
    [[0.78, 0.70, 0.42], [0.58, 0.50, 0.26]],
];

struct Meadow {
    noise: Noise,
    sky: [Colour; 2],
    ground: [Colour; 2],
    horizon: f32,
    clouds: f32,
    aspect: f32,
    steed: Steed,
    /// Where the middle of the animal's trunk is, and how many heights of the picture one of its units takes.
    middle: [f32; 2],
    scale: f32,
}

impl Meadow {
    fn new(coat: Coat, seed: u32, aspect: f32) -> Self {
        let mut random = Stream::new(u64::from(seed), Purpose::Scene, 1);
        let noise = Noise::new(random.next_u32());
        let (sky, ground) = (SKIES[random.below(SKIES.len())], GROUNDS[random.below(GROUNDS.len())]);
        let (horizon, clouds) = (random.range(0.30, 0.42), random.range(0.2, 0.9));
        let steed = Steed::new(coat, &mut random);
        // As large as the picture lets it be, wide or high.
        let scale = (0.58 * random.range(0.92, 1.08)).min(0.5 * aspect);
        let feet = random.range(0.88, 0.93);
        let middle = [aspect * random.range(0.47, 0.53), feet - Steed::FEET * scale];
        Self { noise, sky, ground, horizon, clouds, aspect, steed, middle, scale }
    }

    fn colour(&self, u: f32, v: f32) -> Colour {
        let place = [(u - self.middle[0]) / self.scale, (v - self.middle[1]) / self.scale];
        let behind = if v < self.treeline(u) { self.sky(u, v) } else { self.land(u, v, place) };
        match self.steed.colour(place) {
            Some(colour) => blend(colour, self.land(u, v, place), self.blades(u, v, place)),
            None => behind,
        }
    }

    fn sky(&self, u: f32, v: f32) -> Colour {
        let down = (v / self.horizon).clamp(0.0, 1.0);
        let thickness = self.noise.octaves(1.8 * u, 5.0 * v + 20.0, 5);
        let cloud = 0.9 * self.clouds * smoothstep(0.45, 0.75, thickness);
        let shade = 1.0 - 0.16 * smoothstep(0.5, 0.8, self.noise.octaves(1.8 * u + 0.05, 5.0 * v + 20.12, 4));
        blend(blend(self.sky[0], self.sky[1], down), [0.97 * shade, 0.96 * shade, 0.95 * shade], cloud)
    }

    /// Height of the wood's upper edge.
    fn treeline(&self, u: f32) -> f32 {
        self.horizon - 0.09 * self.noise.octaves(2.2 * u, 3.0, 2) - 0.05 * (self.noise.octaves(16.0 * u, 9.0, 4) - 0.3)
    }

    fn land(&self, u: f32, v: f32, place: [f32; 2]) -> Colour {
        if v < self.horizon + 0.004 * (self.noise.at(30.0 * u, 2.0) - 0.5) {
            let leaves = self.noise.octaves(26.0 * u, 30.0 * v, 4);
            let tone = blend([0.16, 0.24, 0.13], [0.44, 0.52, 0.28], smoothstep(0.3, 0.75, leaves));
            return blend(tone, self.sky[1], 0.28);
        }
        let near = ((v - self.horizon) / (1.0 - self.horizon)).clamp(0.0, 1.0);
        let stretch = 0.3 + near;
        let patches = self.noise.octaves(3.0 * (u - 0.5 * self.aspect) / stretch, 4.0 / stretch, 4) - 0.5;
        // Blades of grass: fine across, long upwards.
        let blades = self.noise.octaves(90.0 * u + 5.0 * patches, 26.0 * v, 3) - 0.5;
        let lit = blend(self.ground[0], self.ground[1], near);
        let tone = 1.0 + 0.5 * patches + 0.5 * near.sqrt() * blades;
        let shadow = 1.0 - 0.45 * self.steed.shadow(place);
        lit.map(|c| c * tone * shadow)
    }

    /// How far grass covers the hooves, 0..1.
    fn blades(&self, u: f32, v: f32, [_, y]: [f32; 2]) -> f32 {
        let height = 0.10 * self.noise.octaves(90.0 * u, 4.0 * v, 2);
        smoothstep(Steed::FEET - height - 0.01, Steed::FEET - height + 0.02, y)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Seeds of both ways of facing and both ways of holding the head.
    const SEEDS: std::ops::Range<u32> = 1..9;

    #[test]
    fn the_seed_decides_the_picture_and_no_size_is_too_small() {
        let picture = draw_meadow(Coat::Brown, 40, 30, 7);
        assert_eq!(picture, draw_meadow(Coat::Brown, 40, 30, 7));
        assert_ne!(picture, draw_meadow(Coat::Brown, 40, 30, 8));
        assert!(picture.chunks(4).all(|pixel| pixel[3] == 255));
        assert!(draw_meadow(Coat::Brown, 0, 0, 1).is_empty());
        assert_eq!(draw_meadow(Coat::Striped, 1, 1, 1).len(), 4);
    }

    /// A horse and a zebra of one seed differ where the animal is: in a fair part of the picture, and nowhere at its rim.
    #[test]
    fn only_the_coat_tells_a_horse_from_a_zebra() {
        let (width, height) = (64, 48);
        for seed in SEEDS {
            let [horse, zebra] = [Coat::Brown, Coat::Striped].map(|coat| draw_meadow(coat, width, height, seed));
            let differs = |at: usize| horse[4 * at..4 * at + 3] != zebra[4 * at..4 * at + 3];
            let share = (0..width * height).filter(|at| differs(*at)).count() as f32 / (width * height) as f32;
            assert!((0.1..0.4).contains(&share), "seed {seed}: {share}");
            assert!(
                (0..width).all(|x| !differs(x) && !differs((height - 1) * width + x)),
                "seed {seed}: above or below"
            );
            assert!((0..height).all(|y| !differs(y * width) && !differs(y * width + width - 1)), "seed {seed}: beside");
        }
    }

    /// Dark stripes on light fur: what a zebra adds, neighbours in a row differ by.
    #[test]
    fn a_zebra_has_stripes() {
        let (width, height) = (128, 96);
        let steps = |coat| {
            let picture = draw_meadow(coat, width, height, 3);
            let light = |at: usize| picture[4 * at..4 * at + 3].iter().map(|c| i32::from(*c)).sum::<i32>();
            (0..width * height - 1).filter(|at| (light(*at) - light(at + 1)).abs() > 200).count()
        };
        let (horse, zebra) = (steps(Coat::Brown), steps(Coat::Striped));
        assert!(zebra > 3 * horse && zebra > 200, "{horse} {zebra}");
    }
}
