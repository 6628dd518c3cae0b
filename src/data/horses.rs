//! Horses and zebras drawn by our own code: one animal from the side, of varied pose, size, place and facing, on varied
//! ground under a varied sky. Both kinds share everything but the coat, so that the coat is all there is to translate.

use crate::data::noise::{Noise, mix, smoothstep};
use crate::rng::Stream;

/// Red, green, blue in 0..1.
type Colour = [f32; 3];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coat {
    Brown,
    Striped,
}

/// A square picture in [-1, 1], channel after channel, and how much of each pixel the animal covers, 0..1.
#[derive(Debug, Clone, PartialEq)]
pub struct Portrait {
    pub values: Vec<f32>,
    pub mask: Vec<f32>,
}

/// One animal, `side` pixels square.
pub fn portrait(coat: Coat, side: usize, stream: &mut Stream) -> Portrait {
    let scene = Scene::draw(stream);
    let animal = Animal::draw(coat, scene.horizon, stream);
    let pixel = 1.0 / side as f32;
    let mut portrait = Portrait { values: vec![0.0; 3 * side * side], mask: vec![0.0; side * side] };
    for at in 0..side * side {
        let place = [(at % side) as f32 + 0.5, (at / side) as f32 + 0.5].map(|v| v * pixel);
        let shade = 1.0 - 0.35 * animal.shadow(place);
        let ground = scene.colour(place).map(|v| v * shade);
        let (colour, cover) = animal.colour(place, pixel);
        portrait.mask[at] = cover;
        for channel in 0..3 {
            let value = mix(ground[channel], colour[channel], cover);
            portrait.values[channel * side * side + at] = (2.0 * value - 1.0).clamp(-1.0, 1.0);
        }
    }
    portrait
}

/// What is behind the animal. Places are in the unit square, y down.
struct Scene {
    horizon: f32,
    sky: [Colour; 2],
    hills: Colour,
    ground: [Colour; 2],
    /// Height of the hills.
    relief: f32,
    clouds: f32,
    noise: Noise,
}

/// Top and foot of the sky: noon, haze, evening.
const SKIES: [[Colour; 2]; 4] = [
    [[0.36, 0.58, 0.86], [0.75, 0.87, 0.96]],
    [[0.56, 0.72, 0.88], [0.87, 0.91, 0.93]],
    [[0.30, 0.50, 0.72], [0.66, 0.80, 0.85]],
    [[0.47, 0.52, 0.74], [0.96, 0.80, 0.70]],
];

/// Far and near ground: meadow, pasture, steppe, sand.
const GROUNDS: [[Colour; 2]; 4] = [
    [[0.52, 0.68, 0.32], [0.31, 0.52, 0.20]],
    [[0.62, 0.71, 0.42], [0.43, 0.58, 0.27]],
    [[0.84, 0.78, 0.50], [0.72, 0.68, 0.36]],
    [[0.91, 0.84, 0.66], [0.82, 0.74, 0.55]],
];

impl Scene {
    fn draw(stream: &mut Stream) -> Self {
        let tint = stream.range(0.93, 1.05);
        let lit = |pair: [Colour; 2]| pair.map(|colour| colour.map(|v| (v * tint).min(1.0)));
        let ground = lit(GROUNDS[stream.below(GROUNDS.len())]);
        let sky = lit(SKIES[stream.below(SKIES.len())]);
        Self {
            horizon: stream.range(0.38, 0.62),
            // Distance takes the ground's colour towards the sky's.
            hills: [0, 1, 2].map(|c| mix(0.75 * ground[0][c], sky[0][c], 0.45)),
            sky,
            ground,
            relief: stream.range(0.0, 0.16),
            clouds: stream.range(0.0, 0.7),
            noise: Noise::new(stream.next_u32()),
        }
    }

    fn colour(&self, [x, y]: [f32; 2]) -> Colour {
        let ridge = self.horizon - self.relief * self.noise.octaves(3.0 * x, 7.0, 2);
        if y < ridge {
            let down = (y / self.horizon).min(1.0);
            let cloud = self.clouds * smoothstep(0.5, 0.8, self.noise.octaves(2.5 * x, 6.0 * y + 20.0, 3));
            return [0, 1, 2].map(|c| mix(mix(self.sky[0][c], self.sky[1][c], down), 0.98, cloud));
        }
        if y < self.horizon {
            return self.hills;
        }
        let near = (y - self.horizon) / (1.0 - self.horizon);
        // Tufts grow towards the viewer.
        let tufts = self.noise.octaves(9.0 * x / (0.4 + near), 14.0 * y + 40.0, 2) - 0.5;
        [0, 1, 2].map(|c| mix(self.ground[0][c], self.ground[1][c], near) * (1.0 + 0.3 * tufts))
    }
}

/// Twice as fast as `hypot`, which minds numbers that squares would overflow.
fn length([x, y]: [f32; 2]) -> f32 {
    (x * x + y * y).sqrt()
}

/// A tapered stroke from one round end to the other.
#[derive(Clone, Copy)]
struct Limb {
    ends: [[f32; 2]; 2],
    radii: [f32; 2],
}

impl Limb {
    fn new(from: [f32; 2], to: [f32; 2], radii: [f32; 2]) -> Self {
        Self { ends: [from, to], radii }
    }

    /// Signed distance to the outline.
    fn distance(&self, p: [f32; 2]) -> f32 {
        let [a, b] = self.ends;
        let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
        let along = (((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / (dx * dx + dy * dy).max(1e-9)).clamp(0.0, 1.0);
        let gap = length([p[0] - a[0] - along * dx, p[1] - a[1] - along * dy]);
        gap - mix(self.radii[0], self.radii[1], along)
    }
}

/// An animal's outline in its own frame: facing right, the middle of the trunk at 0, the trunk about one unit long, y down.
struct Pose {
    trunk: Limb,
    neck: Limb,
    head: Limb,
    mane: Limb,
    ear: Limb,
    tail: [Limb; 2],
    /// Upper and lower part of the far hind, far fore, near hind and near fore leg.
    legs: [[Limb; 2]; 4],
}

/// No part of the animal is farther from the middle of the trunk.
const REACH: f32 = 1.05;

/// From the middle of the trunk down to the ground.
const FEET: f32 = 0.74;

fn towards([x, y]: [f32; 2], angle: f32, length: f32) -> [f32; 2] {
    [x + length * angle.cos(), y + length * angle.sin()]
}

impl Pose {
    fn draw(stream: &mut Stream) -> Self {
        // Alert, walking or grazing: the neck's angle below the horizontal, and how far the head turns down from it, in radians.
        let (lift, nod) = match stream.uniform() {
            u if u < 0.55 => (stream.range(-1.1, -0.75), stream.range(1.25, 1.6)),
            u if u < 0.8 => (stream.range(-0.7, -0.3), stream.range(0.9, 1.2)),
            _ => (stream.range(0.6, 0.75), stream.range(0.3, 0.6)),
        };
        let shoulder = [0.33, -0.06];
        let nape = towards(shoulder, lift, 0.47);
        let muzzle = towards(nape, lift + nod, 0.27);
        let rump = [-0.42, -0.1];
        let swing = stream.range(1.75, 2.05);
        let middle = towards(rump, swing, 0.26);
        let stride = stream.range(0.0, 0.32);
        let leg = |hip: [f32; 2], angle: f32| {
            let knee = [hip[0] + 0.3 * angle.sin(), 0.42];
            // The lower part hangs steeper than the upper one.
            let foot = [knee[0] + 0.3 * (0.4 * angle).sin() - 0.02, FEET - 0.03];
            [Limb::new(hip, knee, [0.1, 0.055]), Limb::new(knee, foot, [0.052, 0.042])]
        };
        let crest = |along: f32| towards([mix(0.33, nape[0], along), mix(-0.06, nape[1], along)], lift - 1.57, 0.1);
        Self {
            trunk: Limb::new([-0.34, -0.01], [0.3, 0.0], [0.225, 0.215]),
            neck: Limb::new(shoulder, nape, [0.185, 0.1]),
            head: Limb::new(nape, muzzle, [0.1, 0.06]),
            mane: Limb::new(crest(0.25), crest(1.05), [0.055, 0.05]),
            ear: Limb::new(nape, towards(nape, lift - 0.5, 0.16), [0.045, 0.02]),
            tail: [
                Limb::new(rump, middle, [0.045, 0.06]),
                Limb::new(middle, towards(middle, swing - 0.25, 0.22), [0.06, 0.02]),
            ],
            legs: [
                leg([-0.33, 0.1], -stride),
                leg([0.26, 0.1], stride),
                leg([-0.38, 0.1], stride),
                leg([0.32, 0.1], -stride),
            ],
        }
    }
}

/// Chestnut, bay, liver, sorrel, dark bay.
const BROWNS: [Colour; 5] =
    [[0.58, 0.31, 0.13], [0.48, 0.27, 0.13], [0.38, 0.21, 0.12], [0.66, 0.39, 0.18], [0.32, 0.18, 0.10]];

struct Animal {
    coat: Coat,
    pose: Pose,
    base: Colour,
    /// Mane and tail.
    hair: Colour,
    /// The share of the picture's side that a unit of the animal's takes.
    scale: f32,
    centre: [f32; 2],
    /// 1 to the right, -1 to the left.
    facing: f32,
    stripes: Stripes,
}

/// Where a zebra is dark: waves along the trunk, the neck and the legs.
struct Stripes {
    /// Length of a wave on the trunk.
    period: f32,
    phase: f32,
    lean: f32,
}

impl Animal {
    fn draw(coat: Coat, horizon: f32, stream: &mut Stream) -> Self {
        let pose = Pose::draw(stream);
        let tint = stream.range(0.88, 1.12);
        let brown = BROWNS[stream.below(BROWNS.len())].map(|v| v * tint);
        let flaxen = stream.uniform() < 0.2;
        let scale = stream.range(0.44, 0.55);
        let feet = stream.range((horizon + 0.24).max(0.82), 0.97);
        let (base, hair) = match coat {
            Coat::Brown if flaxen => (brown, [0.80, 0.66, 0.44]),
            Coat::Brown => (brown, brown.map(|v| 0.45 * v)),
            Coat::Striped => ([0.96, 0.94, 0.89].map(|v| v * (0.7 + 0.3 * tint).min(1.03)), [0.16, 0.14, 0.14]),
        };
        let centre = [0.5 + stream.range(-0.06, 0.06), feet - FEET * scale];
        let facing = if stream.uniform() < 0.5 { -1.0 } else { 1.0 };
        let (period, phase, lean) = (stream.range(0.23, 0.29), stream.uniform(), stream.range(-0.3, 0.1));
        Self { coat, pose, base, hair, scale, centre, facing, stripes: Stripes { period, phase, lean } }
    }

    fn local(&self, [x, y]: [f32; 2]) -> [f32; 2] {
        // The head reaches further than the tail: the picture's middle is a little before the trunk's.
        [(x - self.centre[0]) * self.facing / self.scale + 0.1, (y - self.centre[1]) / self.scale]
    }

    /// How much of the animal's shadow lies at a place, 0..1.
    fn shadow(&self, place: [f32; 2]) -> f32 {
        let [x, y] = self.local(place);
        smoothstep(1.25, 0.5, length([x / 0.62, (y - FEET) / 0.1]))
    }

    /// The animal's colour at a place and the share of a pixel that it covers there.
    fn colour(&self, place: [f32; 2], pixel: f32) -> (Colour, f32) {
        let p = self.local(place);
        if length(p) > REACH {
            return (self.base, 0.0);
        }
        let pixel = pixel / self.scale;
        let Pose { trunk, neck, head, mane, ear, tail, legs } = &self.pose;
        let mut painted = (self.base, 0.0);
        let mut paint = |distance: f32, colour: &dyn Fn() -> Colour| {
            let cover = (0.5 - distance / pixel).clamp(0.0, 1.0);
            if cover > 0.0 {
                let colour = colour();
                let share = cover / (cover + painted.1 * (1.0 - cover));
                painted = ([0, 1, 2].map(|c| mix(painted.0[c], colour[c], share)), cover + painted.1 * (1.0 - cover));
            }
        };
        for limb in legs[..2].iter().flatten() {
            paint(limb.distance(p), &|| self.coat(limb, 0.7, p, pixel).map(|v| 0.66 * v));
        }
        for limb in tail.iter().chain([ear]) {
            paint(limb.distance(p), &|| self.hair);
        }
        let near_legs = legs[2..].iter().flatten().map(|limb| (limb, 0.7));
        let body = [(trunk, 1.0), (neck, 0.85), (head, 0.6)].into_iter().chain(near_legs);
        let distances = body.map(|(limb, wave)| (limb.distance(p), limb, wave));
        if let Some((distance, limb, wave)) = distances.min_by(|a, b| a.0.total_cmp(&b.0)) {
            paint(distance, &|| self.coat(limb, wave, p, pixel));
        }
        paint(mane.distance(p), &|| self.hair);
        painted
    }

    /// The coat's colour on a limb: lit from above; stripes across it, `wave` times the trunk's long.
    fn coat(&self, limb: &Limb, wave: f32, p: [f32; 2], pixel: f32) -> Colour {
        let light = mix(1.14, 0.78, smoothstep(-0.26, 0.26, p[1]));
        if self.coat == Coat::Brown {
            return self.base.map(|v| v * light);
        }
        let [a, b] = limb.ends;
        let length = length([b[0] - a[0], b[1] - a[1]]);
        let across = [(b[0] - a[0]) / length, (b[1] - a[1]) / length];
        let at = (p[0] - a[0]) * across[0] + (p[1] - a[1]) * across[1];
        let Stripes { period, phase, lean } = self.stripes;
        let lean = if wave == 1.0 { lean * p[1] } else { 0.0 };
        let turns = (at + lean) / (period * wave) + phase;
        // A pixel sees the mean of the waves in it.
        let soft = (std::f32::consts::PI * pixel / (period * wave)).clamp(0.2, 1.2);
        let dark = smoothstep(-soft, soft, (turns * std::f32::consts::TAU).sin() + 0.05);
        [0, 1, 2].map(|c| mix(self.base[c] * (0.3 * light + 0.7), self.hair[c], dark))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Purpose;

    fn some(coat: Coat, count: u64) -> Vec<Portrait> {
        (0..count).map(|step| portrait(coat, 32, &mut Stream::new(5, Purpose::Batch, step))).collect()
    }

    #[test]
    fn a_portrait_follows_from_its_stream() {
        assert_eq!(some(Coat::Striped, 2), some(Coat::Striped, 2));
        assert_ne!(some(Coat::Striped, 2)[0], some(Coat::Striped, 2)[1]);
    }

    /// The same stream gives the same scene and pose: only the coat tells a horse from a zebra.
    #[test]
    fn both_kinds_differ_in_the_coat_alone() {
        for (horse, zebra) in some(Coat::Brown, 40).iter().zip(some(Coat::Striped, 40)) {
            assert_eq!(horse.mask, zebra.mask);
            for (at, cover) in horse.mask.iter().enumerate() {
                let same = (0..3).all(|c| horse.values[c * 1024 + at] == zebra.values[c * 1024 + at]);
                assert!(same || *cover > 0.0, "the background differs at {at}");
            }
        }
    }

    #[test]
    fn animals_fill_the_picture_and_stay_inside() {
        for portrait in some(Coat::Brown, 200) {
            assert!(portrait.values.iter().all(|v| (-1.0..=1.0).contains(v)));
            let share = portrait.mask.iter().sum::<f32>() / 1024.0;
            assert!((0.15..0.5).contains(&share), "{share}");
            let edge = (0..32).flat_map(|at| [at, 31 * 32 + at, at * 32, at * 32 + 31]);
            assert!(edge.map(|at| portrait.mask[at]).sum::<f32>() < 6.0);
        }
    }
}
