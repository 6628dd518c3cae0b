//! The built-in picture: a lake at sundown, drawn by our own code, for visitors without a photo at hand.
//!
//! Coordinates: `u` to the right, `v` down, both in heights of the picture; the water begins at `v = HORIZON`.

use super::drawing::{Colour, blend, draw};
use super::noise::{Noise, mix, smoothstep};
use crate::rng::{Purpose, Stream};

const HORIZON: f32 = 0.56;

/// RGBA rows from the top; the same seed gives the same picture at any size.
pub fn draw_scene(width: usize, height: usize, seed: u32) -> Vec<u8> {
    let scene = Scene::new(seed, width as f32 / height.max(1) as f32);
    draw(width, height, |u, v| scene.colour(u, v))
}

/// A line of hills; the height is that of its tops, the frequency that of its bends.
struct Ridge {
    height: f32,
    frequency: f32,
    tone: Colour,
}

/// From the farthest to the nearest.
const RIDGES: [Ridge; 3] = [
    Ridge { height: 0.19, frequency: 1.5, tone: [0.60, 0.64, 0.79] },
    Ridge { height: 0.13, frequency: 2.6, tone: [0.49, 0.56, 0.66] },
    Ridge { height: 0.075, frequency: 4.0, tone: [0.42, 0.53, 0.40] },
];

/// An ellipse of leaves: a poplar, a bush, a bough.
struct Crown {
    u: f32,
    v: f32,
    width: f32,
    height: f32,
    colour: Colour,
}

struct Lily {
    u: f32,
    v: f32,
    size: f32,
    blossom: Option<Colour>,
}

struct Scene {
    noise: Noise,
    sun: [f32; 2],
    boat: f32,
    far: Vec<Crown>,
    boughs: Vec<Crown>,
    lilies: Vec<Lily>,
}

impl Scene {
    fn new(seed: u32, aspect: f32) -> Self {
        let mut random = Stream::new(seed as u64, Purpose::Scene, 0);
        let noise = Noise::new(random.next_u32());
        let sun = [aspect * random.range(0.58, 0.72), random.range(0.3, 0.36)];
        let boat = aspect * random.range(0.42, 0.52);
        let far = far_trees(&mut random, aspect);
        Self { noise, sun, boat, far, boughs: boughs(&mut random), lilies: lilies(&mut random, aspect) }
    }

    fn colour(&self, u: f32, v: f32) -> Colour {
        let behind = if v < HORIZON { self.land(u, v) } else { self.water(u, v) };
        let with_tree = self.near_tree(u, v, behind);
        self.bank(u, v, with_tree)
    }

    /// Blue above, warm at the horizon, clouds lit from the sun's side.
    fn sky(&self, u: f32, v: f32) -> Colour {
        let height = (1.0 - v / HORIZON).clamp(0.0, 1.0);
        let warm = blend([0.99, 0.78, 0.52], [0.97, 0.87, 0.76], smoothstep(0.25, 0.5, height));
        let clear = blend(warm, [0.30, 0.51, 0.80], smoothstep(0.3, 0.95, height));
        let [su, sv] = self.sun;
        let distance = ((u - su).powi(2) + (v - sv).powi(2)).sqrt();
        let glow = 0.75 * (-distance * 4.0).exp();
        let disc = smoothstep(0.036, 0.031, distance);
        let lit = blend(blend(clear, [1.0, 0.88, 0.62], glow), [1.0, 0.97, 0.86], disc);

        let cloud = |u: f32, v: f32| self.noise.octaves(u * 2.3 + 0.6 * self.noise.at(u * 3.0, v * 5.0), v * 6.0, 5);
        let thickness = cloud(u, v);
        let cover = smoothstep(0.48, 0.68, thickness) * smoothstep(0.0, 0.2, height);
        let toward = cloud(u + 0.03 * (su - u) / ((su - u).abs() + 0.2), v + 0.02);
        let shade = smoothstep(-0.06, 0.08, thickness - toward);
        let bright = blend([1.0, 0.95, 0.88], [1.0, 0.84, 0.68], smoothstep(0.5, 0.05, height));
        blend(lit, blend([0.66, 0.64, 0.74], bright, shade), 0.85 * cover)
    }

    /// Everything above the waterline.
    fn land(&self, u: f32, v: f32) -> Colour {
        let above = HORIZON - v;
        let line = |ridge: &Ridge| ridge.height * (0.35 + self.noise.octaves(u * ridge.frequency, ridge.height, 5));
        let lines = RIDGES.each_ref().map(line);
        let hidden = lines.iter().rposition(|line| above < line - 0.002);
        let mut colour = if hidden.is_some() { [0.0; 3] } else { self.sky(u, v) };
        for at in hidden.unwrap_or(0)..RIDGES.len() {
            let cover = smoothstep(lines[at] + 0.002, lines[at] - 0.002, above);
            if cover > 0.0 {
                let texture = 0.8 + 0.4 * self.noise.octaves(u * 22.0, v * 40.0 + at as f32, 4);
                let haze = smoothstep(0.6 * lines[at], 0.0, above) * 0.4;
                let tone = blend(scale(RIDGES[at].tone, texture), [0.96, 0.82, 0.66], haze);
                colour = blend(colour, tone, cover);
            }
        }
        for crown in &self.far {
            colour = self.leaves(crown, u, v, colour);
        }
        let shore = smoothstep(HORIZON - 0.012, HORIZON - 0.008, v + 0.006 * self.noise.at(u * 30.0, 3.0));
        self.sail(u, v, blend(colour, [0.30, 0.36, 0.20], shore))
    }

    /// A white sail and a dark hull, for a human being in the landscape.
    fn sail(&self, u: f32, v: f32, behind: Colour) -> Colour {
        let (across, above) = (u - self.boat, HORIZON - v);
        let slope = 0.11 - above;
        let main = across > 0.004 && across < 0.42 * slope && above > 0.014;
        let jib = across < 0.0 && across > -0.26 * (slope - 0.015) && above > 0.016;
        let hull = above > 0.0 && above < 0.011 && across.abs() < 0.034 + 0.8 * above;
        match (main, jib, hull) {
            (true, ..) => [0.99, 0.95, 0.87],
            (_, true, _) => [0.88, 0.80, 0.74],
            (.., true) => [0.34, 0.20, 0.15],
            _ => behind,
        }
    }

    /// A mirror that ripples: more so towards the viewer; the sun glitters below itself.
    fn water(&self, u: f32, v: f32) -> Colour {
        let depth = v - HORIZON;
        let scale_v = 90.0 / (1.0 + 9.0 * depth);
        let wave = self.noise.octaves(u * 7.0, depth * scale_v, 3) - 0.5;
        let fine = self.noise.at(u * 34.0, depth * scale_v * 3.1) - 0.5;
        let mirrored = HORIZON - depth * 0.92 + (0.09 * wave + 0.03 * fine) * depth.sqrt();
        let reflected = self.land(u + 0.03 * fine * depth.sqrt(), mirrored.min(HORIZON - 0.001));
        let tint = blend([0.52, 0.60, 0.64], [0.16, 0.31, 0.38], smoothstep(0.0, 0.4, depth));
        let mut colour = blend(reflected, tint, 0.18 + 0.30 * smoothstep(0.0, 0.45, depth));
        colour = scale(colour, 1.0 + 0.35 * wave);

        let beam = (-((u - self.sun[0]) / (0.035 + 0.16 * depth)).powi(2)).exp();
        let glitter = smoothstep(0.12, 0.3, wave + 0.6 * fine) * beam;
        colour = blend(colour, [1.0, 0.90, 0.68], 0.9 * glitter + 0.12 * beam);
        self.lilies.iter().fold(colour, |colour, lily| self.lily(lily, u, v, colour))
    }

    fn lily(&self, lily: &Lily, u: f32, v: f32, behind: Colour) -> Colour {
        let (x, y) = ((u - lily.u) / lily.size, (v - lily.v) / (0.34 * lily.size));
        let ragged = 0.12 * self.noise.at(u * 60.0, v * 120.0);
        let radius = (x * x + y * y).sqrt() + ragged;
        let notch = x.abs() < 0.12 && y > 0.0;
        let leaf = blend([0.22, 0.40, 0.20], [0.62, 0.68, 0.36], smoothstep(0.6, -0.9, y + 0.5 * x));
        let mut colour = blend(behind, leaf, smoothstep(1.0, 0.9, radius) * if notch { 0.3 } else { 1.0 });
        if let Some(petals) = lily.blossom {
            let (bx, by) = (x / 0.42, (y + 0.9) / 1.1);
            let star = 1.0 + 0.25 * (7.0 * by.atan2(bx)).cos();
            let inside = smoothstep(star, 0.85 * star, 1.25 * (bx * bx + by * by).sqrt());
            colour = blend(colour, blend([1.0, 0.93, 0.72], petals, (bx * bx + by * by).sqrt().min(1.0)), inside);
        }
        colour
    }

    /// The meadow in front, with blades and flowers.
    fn bank(&self, u: f32, v: f32, behind: Colour) -> Colour {
        let edge = 0.93 - 0.20 * (-u * 2.2).exp() + 0.05 * (self.noise.octaves(u * 2.0, 11.0, 3) - 0.5);
        let blade = 0.045 * self.noise.at(u * 130.0 + 3.0 * self.noise.at(u * 9.0, v * 5.0), v * 6.0);
        let inside = smoothstep(-0.012, 0.004, v + blade - edge);
        if inside <= 0.0 {
            return behind;
        }
        let tone = self.noise.octaves(u * 48.0 + 2.0 * v, v * 13.0, 4);
        let grass = blend([0.16, 0.27, 0.10], [0.60, 0.64, 0.25], smoothstep(0.25, 0.78, tone));
        let colour = blend(behind, scale(grass, 1.15 - 0.4 * (v - edge)), inside);
        let (column, row) = ((u * 46.0).floor(), (v * 46.0).floor());
        let cell = |salt: i32| self.noise.value(column as i32 + salt, row as i32 - 7 * salt);
        let (fu, fv) = (u * 46.0 - column - 0.25 - 0.5 * cell(101), v * 46.0 - row - 0.25 - 0.5 * cell(211));
        let petals = [[0.90, 0.28, 0.20], [0.98, 0.88, 0.50], [0.80, 0.66, 0.90], [0.98, 0.95, 0.92]];
        let size = 0.16 + 0.10 * cell(307);
        let grows = cell(401) < 0.45 && v > edge + 0.03;
        let flower = if grows { smoothstep(size, 0.6 * size, (fu * fu + fv * fv).sqrt()) } else { 0.0 };
        blend(colour, petals[(cell(503) * 4.0) as usize % 4], flower)
    }

    /// A tree at the left edge frames the view.
    fn near_tree(&self, u: f32, v: f32, behind: Colour) -> Colour {
        let centre = 0.10 + 0.05 * (v * 5.0).sin() + 0.02 * (self.noise.at(1.0, v * 9.0) - 0.5);
        let half = 0.022 + 0.05 * smoothstep(0.6, 0.9, v) * smoothstep(0.6, 0.95, v);
        let bark = 0.6 + 0.8 * self.noise.octaves(u * 70.0, v * 14.0, 3);
        let tone = blend([0.16, 0.11, 0.09], [0.52, 0.37, 0.26], smoothstep(-half, half, u - centre) * bark);
        let trunk = smoothstep(half + 0.003, half - 0.003, (u - centre).abs()) * smoothstep(0.92, 0.90, v);
        let colour = blend(behind, tone, trunk);
        self.boughs.iter().fold(colour, |colour, crown| self.leaves(crown, u, v, colour))
    }

    /// Leaves fill an ellipse in tufts, thinner towards its rim, lighter on the sun's side.
    fn leaves(&self, crown: &Crown, u: f32, v: f32, behind: Colour) -> Colour {
        let (x, y) = ((u - crown.u) / crown.width, (v - crown.v) / crown.height);
        let radius = x * x + y * y;
        if radius > 1.6 {
            return behind;
        }
        let grain = 2.2 / crown.width.min(crown.height).min(0.14);
        let tufts = self.noise.octaves(u * grain, v * grain + crown.u * 9.0, 4);
        let density = smoothstep(-0.10, 0.10, 0.62 + 0.9 * (tufts - 0.5) - 0.62 * radius);
        let side = (self.sun[0] - crown.u).signum();
        let light = 0.5 + 0.30 * x * side - 0.28 * y + 1.3 * (tufts - 0.5);
        let leaf =
            blend(scale(crown.colour, 0.40), add(scale(crown.colour, 1.25), [0.14, 0.09, 0.0]), light.clamp(0.0, 1.0));
        blend(behind, leaf, density)
    }
}

/// Poplars and bushes along the far shore.
fn far_trees(random: &mut Stream, aspect: f32) -> Vec<Crown> {
    let mut trees = Vec::new();
    let mut u = -0.02;
    while u < aspect + 0.05 {
        let poplar = random.uniform() < 0.4;
        let height = if poplar { random.range(0.065, 0.125) } else { random.range(0.02, 0.045) };
        let width = if poplar { random.range(0.012, 0.019) } else { random.range(0.03, 0.06) };
        let colour = [random.range(0.24, 0.40), random.range(0.38, 0.50), random.range(0.16, 0.26)];
        trees.push(Crown { u, v: HORIZON - 0.85 * height, width, height, colour });
        u += if random.uniform() < 0.18 { random.range(0.12, 0.3) } else { random.range(0.02, 0.05) };
    }
    trees
}

fn boughs(random: &mut Stream) -> Vec<Crown> {
    let bough = |_| {
        let (u, v) = (random.range(-0.05, 0.32), random.range(-0.03, 0.26));
        let colour = [random.range(0.26, 0.42), random.range(0.40, 0.50), random.range(0.12, 0.22)];
        Crown { u, v, width: random.range(0.06, 0.11), height: random.range(0.045, 0.08), colour }
    };
    (0..16).map(bough).collect()
}

fn lilies(random: &mut Stream, aspect: f32) -> Vec<Lily> {
    let lily = |_| {
        let near = random.uniform();
        let size = mix(0.018, 0.045, near) * random.range(0.8, 1.2);
        let pinks = [[0.96, 0.66, 0.74], [0.98, 0.90, 0.92], [0.90, 0.52, 0.64]];
        let blossom = (random.uniform() < 0.4).then(|| pinks[random.below(3)]);
        let u = aspect * (0.30 + 0.68 * random.uniform().powf(0.8));
        Lily { u, v: mix(0.70, 0.88, near), size, blossom }
    };
    (0..16).map(lily).collect()
}

fn scale(colour: Colour, factor: f32) -> Colour {
    colour.map(|c| (c * factor).max(0.0))
}

fn add(a: Colour, b: Colour) -> Colour {
    [0, 1, 2].map(|i| a[i] + b[i])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_seed_decides_the_picture() {
        let picture = draw_scene(48, 36, 7);
        assert_eq!(picture.len(), 4 * 48 * 36);
        assert_eq!(picture, draw_scene(48, 36, 7));
        assert_ne!(picture, draw_scene(48, 36, 8));
        assert!(picture.chunks(4).all(|pixel| pixel[3] == 255));
    }

    #[test]
    fn sky_is_lighter_than_the_meadow_and_colours_vary() {
        let picture = draw_scene(64, 48, 1);
        let mean = |rows: std::ops::Range<usize>| {
            let bytes = &picture[4 * 64 * rows.start..4 * 64 * rows.end];
            bytes.chunks(4).map(|p| p[..3].iter().map(|&c| c as f32).sum::<f32>() / 3.0).sum::<f32>()
                / (bytes.len() / 4) as f32
        };
        assert!(mean(6..20) > mean(43..48) + 30.0);
        let colours: std::collections::HashSet<&[u8]> = picture.chunks(4).collect();
        assert!(colours.len() > 1000, "{}", colours.len());
    }

    #[test]
    fn no_size_is_too_small() {
        assert!(draw_scene(0, 0, 1).is_empty());
        assert_eq!(draw_scene(1, 1, 1).len(), 4);
    }
}
