//! Smooth noise on the plane, for pictures drawn by our own code (value noise; Perlin 2002 for the fade curve).

/// A field of noise; the same seed gives the same field on every machine.
#[derive(Debug, Clone, Copy)]
pub struct Noise {
    seed: u32,
}

impl Noise {
    pub fn new(seed: u32) -> Self {
        Self { seed }
    }

    /// Smooth, in 0..1, with features of about one unit.
    pub fn at(&self, x: f32, y: f32) -> f32 {
        let (column, row) = (x.floor(), y.floor());
        let (u, v) = (fade(x - column), fade(y - row));
        let corner = |dx: i32, dy: i32| self.value(column as i32 + dx, row as i32 + dy);
        let top = mix(corner(0, 0), corner(1, 0), u);
        mix(top, mix(corner(0, 1), corner(1, 1), u), v)
    }

    /// Sum of octaves, each half as strong and twice as fine; about 0..1, mean one half.
    pub fn octaves(&self, x: f32, y: f32, count: u32) -> f32 {
        let (mut sum, mut weight, mut scale) = (0.0, 0.5, 1.0);
        for octave in 0..count {
            let shift = octave as f32 * 17.3;
            sum += weight * self.at(x * scale + shift, y * scale - shift);
            weight *= 0.5;
            scale *= 2.0;
        }
        sum / (1.0 - weight * 2.0)
    }

    /// Independent numbers in 0..1 for each cell (an integer hash, "lowbias32" by Chris Wellons, public domain).
    pub fn value(&self, x: i32, y: i32) -> f32 {
        let mut h = (x as u32).wrapping_mul(0x8DA6_B343) ^ (y as u32).wrapping_mul(0xD816_3841) ^ self.seed;
        h ^= h >> 16;
        h = h.wrapping_mul(0x7FEB_352D);
        h ^= h >> 15;
        h = h.wrapping_mul(0x846C_A68B);
        h ^= h >> 16;
        (h >> 8) as f32 / (1 << 24) as f32
    }
}

pub fn mix(a: f32, b: f32, share: f32) -> f32 {
    a + (b - a) * share
}

/// 0 below `low`, 1 above `high`, smooth between; `low` may be the larger.
pub fn smoothstep(low: f32, high: f32, x: f32) -> f32 {
    let t = ((x - low) / (high - low)).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

fn fade(t: f32) -> f32 {
    t * t * t * (t * (t * 6.0 - 15.0) + 10.0)
}
