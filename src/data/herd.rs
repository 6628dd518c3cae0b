//! A horse, or a zebra, in the round: limbs that flow into each other, looked at from the side by stepping along the line of sight
//! (sphere tracing, Hart 1996, over distances blended with a polynomial smooth minimum).

use super::drawing::{Colour, blend};
use super::horses::Coat;
use super::noise::{Noise, mix, smoothstep};
use crate::rng::Stream;

type Point = [f32; 3];

/// What a limb is covered with.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    Trunk,
    Neck,
    Head,
    Leg,
    Ear,
    Hair,
    Hoof,
}

/// A tapered stroke from one round end to the other. Coordinates: x to the front, y down, z towards the viewer.
#[derive(Clone, Copy)]
struct Limb {
    part: Part,
    ends: [Point; 2],
    radii: [f32; 2],
}

fn minus(a: Point, b: Point) -> Point {
    [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
}

fn dot(a: Point, b: Point) -> f32 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

impl Limb {
    /// Signed distance to the surface, and the place along the limb, 0..1.
    fn distance(&self, p: Point) -> (f32, f32) {
        let (along, from) = (minus(self.ends[1], self.ends[0]), minus(p, self.ends[0]));
        let share = (dot(from, along) / dot(along, along).max(1e-9)).clamp(0.0, 1.0);
        let gap = minus(from, along.map(|c| c * share));
        (dot(gap, gap).sqrt() - mix(self.radii[0], self.radii[1], share), share)
    }

    fn length(&self) -> f32 {
        let along = minus(self.ends[1], self.ends[0]);
        dot(along, along).sqrt()
    }

    /// Whether the limb can be seen at a place, or flow into what is seen there.
    fn near(&self, x: f32, y: f32) -> bool {
        let flat = Limb { ends: self.ends.map(|[x, y, _]| [x, y, 0.0]), ..*self };
        flat.distance([x, y, 0.0]).0 < FLOW
    }
}

/// Distance to the surface of limbs that flow into each other.
fn blended(limbs: &[&Limb], p: Point) -> f32 {
    limbs.iter().fold(f32::MAX, |nearest, limb| {
        let (distance, _) = limb.distance(p);
        let flow = if matches!(limb.part, Part::Hair | Part::Ear) { 0.02 } else { FLOW };
        let share = (flow - (nearest - distance).abs()).max(0.0) / flow;
        nearest.min(distance) - 0.25 * flow * share * share
    })
}

/// Chestnut, bay, liver, sorrel.
const BROWNS: [Colour; 4] = [[0.56, 0.29, 0.13], [0.46, 0.25, 0.12], [0.38, 0.20, 0.11], [0.62, 0.36, 0.17]];
/// Distance within which limbs flow into each other.
const FLOW: f32 = 0.07;
/// No part of the animal is nearer to the viewer, or farther from him.
const NEAREST: f32 = 0.4;
/// Towards the light: above, a little before the animal and on the viewer's side.
const LIGHT: Point = [0.30, -0.76, 0.58];

pub struct Steed {
    coat: Coat,
    limbs: Vec<Limb>,
    base: Colour,
    hair: Colour,
    noise: Noise,
    eye: [f32; 2],
    /// 1 to the right, -1 to the left.
    facing: f32,
    period: f32,
}

impl Steed {
    /// From the middle of the trunk down to the ground.
    pub const FEET: f32 = 0.76;

    pub fn new(coat: Coat, random: &mut Stream) -> Self {
        let noise = Noise::new(random.next_u32());
        let facing = if random.uniform() < 0.5 { -1.0 } else { 1.0 };
        let brown = BROWNS[random.below(BROWNS.len())];
        let period = random.range(0.052, 0.060);
        let (base, hair) = match coat {
            Coat::Brown => (brown, brown.map(|c| 0.30 * c)),
            Coat::Striped => ([0.88, 0.85, 0.79], [0.13, 0.11, 0.10]),
        };
        let mut limbs = Vec::new();
        let mut add = |part, from: Point, to: Point, radii| limbs.push(Limb { part, ends: [from, to], radii });
        add(Part::Trunk, [-0.26, -0.03, 0.0], [0.20, 0.01, 0.0], [0.205, 0.215]);
        add(Part::Trunk, [-0.36, -0.07, 0.0], [-0.36, 0.06, 0.0], [0.185, 0.16]);
        add(Part::Trunk, [0.22, -0.12, 0.0], [0.04, -0.10, 0.0], [0.125, 0.12]);
        add(Part::Trunk, [0.30, -0.05, 0.0], [0.35, 0.08, 0.0], [0.165, 0.12]);
        // Alert or at ease: the neck's angle above the horizontal, and the head's below it, in radians.
        let (lift, nod) = if random.uniform() < 0.6 {
            (random.range(0.80, 1.0), random.range(0.75, 0.95))
        } else {
            (random.range(0.35, 0.6), random.range(0.8, 1.0))
        };
        let shoulder = [0.32, -0.10, 0.0];
        let towards =
            |[x, y, z]: Point, angle: f32, length: f32| [x + length * angle.cos(), y + length * angle.sin(), z];
        let nape = towards(shoulder, -lift, 0.50);
        add(Part::Neck, shoulder, nape, [0.175, 0.085]);
        let cheek = towards(towards(nape, 0.6, 0.03), nod, 0.10);
        let muzzle = towards(cheek, nod, 0.22);
        add(Part::Head, nape, cheek, [0.08, 0.088]);
        add(Part::Head, cheek, muzzle, [0.082, 0.05]);
        for z in [-0.04, 0.045] {
            let root = towards([nape[0], nape[1], z], -lift - 0.35, 0.065);
            add(Part::Ear, root, towards([root[0], root[1], 1.6 * z], -lift - 0.15, 0.10), [0.030, 0.008]);
        }
        for at in 0..12 {
            let along = 0.10 + 0.069 * at as f32;
            let crest = towards(towards(shoulder, -lift, 0.5 * along), -lift - 1.57, mix(0.162, 0.082, along));
            let tip = towards(crest, 2.2 - 0.5 * lift, 0.08 + 0.05 * random.uniform());
            add(Part::Hair, crest, [tip[0], tip[1], 0.085], [0.032, 0.018]);
        }
        let rump = [-0.52, -0.12, 0.0];
        let swing = random.range(1.75, 2.0);
        let dock = towards(rump, swing, 0.16);
        add(Part::Hair, rump, dock, [0.03, 0.045]);
        add(Part::Hair, dock, towards(dock, swing - 0.3, 0.34), [0.05, 0.03]);
        let stride = random.range(0.04, 0.26);
        for (z, swing) in [(-0.09, -1.0), (0.09, 1.0)] {
            let turn = swing * stride;
            let lean = |[x, y]: [f32; 2], share: f32| [x + share * turn, y, z];
            add(Part::Trunk, lean([-0.37, 0.05], 0.1), lean([-0.30, 0.20], 0.2), [0.135, 0.095]);
            add(Part::Leg, lean([-0.31, 0.20], 0.2), lean([-0.43, 0.42], 0.45), [0.080, 0.040]);
            add(Part::Leg, lean([-0.43, 0.42], 0.45), lean([-0.41, 0.65], 0.75), [0.038, 0.028]);
            add(Part::Hoof, lean([-0.41, 0.65], 0.75), lean([-0.38, 0.72], 0.8), [0.031, 0.042]);
            add(Part::Leg, lean([0.30, 0.10], -0.1), lean([0.31, 0.42], -0.45), [0.082, 0.038]);
            add(Part::Leg, lean([0.31, 0.42], -0.45), lean([0.305, 0.64], -0.85), [0.037, 0.027]);
            add(Part::Hoof, lean([0.305, 0.64], -0.85), lean([0.33, 0.72], -0.85), [0.030, 0.041]);
        }
        let eye = [mix(nape[0], cheek[0], 0.75) + 0.012, mix(nape[1], cheek[1], 0.75) - 0.028];
        Self { coat, limbs, base, hair, noise, eye, facing, period }
    }

    /// What is seen of the animal at a place of its own frame (x to the right of the picture, y down), if anything.
    pub fn colour(&self, [x, y]: [f32; 2]) -> Option<Colour> {
        let x = x * self.facing;
        // Only what lies along this line of sight, or near enough to flow into it.
        let near: Vec<&Limb> = self.limbs.iter().filter(|limb| limb.near(x, y)).collect();
        let mut z = NEAREST;
        while !near.is_empty() && z > -NEAREST {
            let distance = blended(&near, [x, y, z]);
            if distance < 0.001 {
                return Some(self.surface(&near, [x, y, z]));
            }
            z -= 0.9 * distance;
        }
        None
    }

    fn surface(&self, near: &[&Limb], p: Point) -> Colour {
        const SMALL: f32 = 0.004;
        let slope = [0, 1, 2].map(|axis| {
            let moved = |by: f32| [0, 1, 2].map(|c| p[c] + if c == axis { by } else { 0.0 });
            blended(near, moved(SMALL)) - blended(near, moved(-SMALL))
        });
        let steepness = dot(slope, slope).sqrt().max(1e-9);
        let normal = slope.map(|c| c / steepness);
        let light = dot(normal, LIGHT);
        // The ground throws a little light up, the sky more down.
        let ambient = 0.36 + 0.14 * -normal[1];
        let behind = smoothstep(0.0, -0.06, p[2]) * smoothstep(0.1, 0.25, p[1]);
        let shade = (ambient + 0.72 * light.max(0.0)) * (1.0 - 0.4 * behind);
        let muscle = self.noise.octaves(5.0 * p[0], 5.0 * p[1], 2) - 0.5;
        let fur = self.noise.octaves(60.0 * p[0] + 8.0 * p[1], 26.0 * p[1], 3) - 0.5;
        let sheen = 0.22 * (0.5 + 0.5 * light).powi(14);
        let (x, y) = (p[0] - self.eye[0], p[1] - self.eye[1]);
        if (x * x + y * y).sqrt() < 0.016 && p[2] > 0.0 {
            return [0.06, 0.05, 0.05];
        }
        self.coat(p).map(|c| c * shade * (1.0 + 0.35 * muscle + 0.22 * fur) + sheen * c.sqrt() * 0.6)
    }

    fn coat(&self, p: Point) -> Colour {
        let found = self.limbs.iter().map(|limb| (limb.distance(p), limb)).min_by(|(a, _), (b, _)| a.0.total_cmp(&b.0));
        let Some(((_, along), limb)) = found else { return self.base };
        match (limb.part, self.coat) {
            (Part::Hoof, _) => [0.20, 0.17, 0.15],
            (Part::Hair, _) => self.hair,
            (Part::Ear, _) => blend(self.base, self.hair, 0.5 * along),
            (_, Coat::Striped) => self.stripes(limb, along, p),
            // Dark points: the lower legs, and the muzzle a little.
            (Part::Leg, _) => blend(self.base, self.hair, 0.85 * smoothstep(0.30, 0.46, p[1])),
            (Part::Head, _) => {
                blend(self.base, self.hair, 0.4 * smoothstep(0.75, 1.0, along) * smoothstep(0.06, 0.05, limb.radii[1]))
            }
            _ => self.base,
        }
    }

    /// Bands across a limb; on the trunk they lean towards the hind legs.
    fn stripes(&self, limb: &Limb, along: f32, p: Point) -> Colour {
        let wobble = 0.35 * (self.noise.octaves(6.0 * p[0], 6.0 * p[1], 2) - 0.5);
        let turns = match limb.part {
            Part::Trunk => (p[0] - 0.45 * p[1] * smoothstep(0.1, -0.4, p[0])) / self.period,
            Part::Neck => along * limb.length() / (0.9 * self.period),
            Part::Head => along * limb.length() / (0.7 * self.period) + 0.3,
            _ => along * limb.length() / (0.8 * self.period),
        };
        let dark = smoothstep(-0.35, 0.35, ((turns + wobble) * std::f32::consts::TAU).sin());
        blend(self.base, self.hair, dark)
    }

    /// How much of the animal's shadow lies at a place, 0..1.
    pub fn shadow(&self, [x, y]: [f32; 2]) -> f32 {
        let (x, y) = ((x * self.facing - 0.02) / 0.62, (y - Self::FEET + 0.01) / 0.07);
        smoothstep(1.3, 0.5, (x * x + y * y).sqrt())
    }
}
