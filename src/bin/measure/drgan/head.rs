//! The generic head and its weak-perspective fit to marked points, as training/faces_geometry.py does it.

use gan_atelier::weights::Checkpoint;
use std::path::Path;

/// The 30 marked points among the usual 68, on the head's own right half.
const RIGHT_HALF: [usize; 30] =
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 17, 19, 21, 36, 37, 38, 39, 40, 41, 27, 28, 29, 30, 33, 32, 31, 48, 51, 62, 57, 66];
/// What an aligned square is centred on and its side, cm.
pub const MIDDLE: [f64; 3] = [0.0, 0.2, 7.0];
pub const SQUARE_CM: f64 = 18.0;
const MODES: usize = 10;
const PARAMETERS: usize = 6 + MODES;
/// Where a profile's yaw is expected, radians: marked eyes and mouths are wider than a side view's.
const PROFILE_YAW: f64 = 82.0 * std::f64::consts::PI / 180.0;

pub type Point = [f64; 3];

pub struct Head {
    pub vertices: Vec<Point>,
    pub triangles: Vec<[usize; 3]>,
    modes: Vec<Vec<Point>>,
    landmarks: Vec<usize>,
}

/// A head in a photo: angles in radians, scale in pixels a cm, the origin's place in pixels.
#[derive(Clone)]
pub struct Fit {
    pub yaw: f64,
    pub pitch: f64,
    pub roll: f64,
    pub scale: f64,
    pub x: f64,
    pub y: f64,
    pub shape: [f64; MODES],
}

/// Centre, side and roll of the aligned square, in pixels and radians.
#[derive(Clone, Copy)]
pub struct Square {
    pub x: f64,
    pub y: f64,
    pub size: f64,
    pub roll: f64,
}

impl Head {
    pub fn read(path: &Path) -> Result<Self, String> {
        let bytes = std::fs::read(path).map_err(|e| format!("{}: {e}", path.display()))?;
        let tensors = safetensors::SafeTensors::deserialize(&bytes).map_err(|e| e.to_string())?;
        let floats = Checkpoint::parse(&bytes).map_err(|e| e.to_string());
        let floats = |name: &str| {
            let tensor = floats.as_ref().map_err(String::clone)?.tensors.get(name).ok_or(format!("no {name}"))?;
            tensor.values(name).map_err(|e| e.to_string())
        };
        let whole = |name: &str| {
            let view = tensors.tensor(name).map_err(|e| e.to_string())?;
            let word = |bytes: &[u8]| i32::from_le_bytes(bytes.try_into().expect("four bytes")) as usize;
            Ok::<_, String>(view.data().chunks_exact(4).map(word).collect::<Vec<_>>())
        };
        let vertices = points(&floats("vertices")?);
        let modes = floats("identity_modes")?.chunks(3 * vertices.len()).take(MODES).map(points).collect();
        let triangles = whole("triangles")?.chunks_exact(3).map(|t| [t[0], t[1], t[2]]).collect();
        let landmarks = whole("landmarks68")?;
        let landmarks = RIGHT_HALF.iter().map(|at| landmarks[*at]).collect();
        Ok(Self { vertices, triangles, modes, landmarks })
    }

    pub fn shape(&self, weights: &[f64; MODES]) -> Vec<Point> {
        (0..self.vertices.len()).map(|at| self.vertex(at, weights)).collect()
    }

    fn vertex(&self, at: usize, weights: &[f64]) -> Point {
        let mut point = self.vertices[at];
        for (mode, weight) in self.modes.iter().zip(weights) {
            for (value, change) in point.iter_mut().zip(&mode[at]) {
                *value += weight * change;
            }
        }
        point
    }

    /// Gauss-Newton with a numerical Jacobian: a picture takes about a millisecond.
    pub fn fit(&self, marked: &[[f64; 2]; 30], profile: bool) -> Fit {
        let mut marked = *marked;
        if profile {
            // Below the eye the points are numbered the other way round.
            marked.swap(16, 17);
        }
        let nose = marked[18..23].iter().map(|p| p[0]).sum::<f64>() / 5.0;
        // The points are on the half that is seen: where the nose is left of the ear, look at the mirror image.
        let sign = if marked[0][0] > nose { -1.0 } else { 1.0 };
        marked.iter_mut().for_each(|p| p[0] *= sign);
        let mut p = self.start(&marked, profile);
        for _ in 0..15 {
            let r = self.residuals(&p, &marked, profile);
            let mut jacobian = Vec::with_capacity(PARAMETERS);
            for at in 0..PARAMETERS {
                let step = if at < 4 { 1e-4 } else { 1e-2 };
                let mut moved = p;
                moved[at] += step;
                let there = self.residuals(&moved, &marked, profile);
                jacobian.push(there.iter().zip(&r).map(|(a, b)| (a - b) / step).collect::<Vec<_>>());
            }
            let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>();
            let normal = |i: usize, j: usize| dot(&jacobian[i], &jacobian[j]) + if i == j { 1e-6 } else { 0.0 };
            let matrix: Vec<f64> =
                (0..PARAMETERS * PARAMETERS).map(|at| normal(at / PARAMETERS, at % PARAMETERS)).collect();
            let right: Vec<f64> = jacobian.iter().map(|column| dot(column, &r)).collect();
            let step = super::analysis::solve(matrix, &right);
            let longest = step[..3].iter().fold(1e-9f64, |a, b| a.max(b.abs()));
            let pace = (0.5 / longest).min(1.0);
            p.iter_mut().zip(&step).for_each(|(value, change)| *value -= pace * change);
        }
        let [yaw, pitch, roll, scale, x, y, ..] = p;
        let shape = p[6..].try_into().expect("the modes");
        Fit { yaw: sign * yaw, pitch, roll: sign * roll, scale: scale.exp(), x: sign * x, y, shape }
    }

    fn start(&self, marked: &[[f64; 2]; 30], profile: bool) -> [f64; PARAMETERS] {
        let mut p = [0.0; PARAMETERS];
        p[0] = if profile { PROFILE_YAW } else { 0.0 };
        let point = |at: usize| self.vertices[self.landmarks[at]];
        p[3] = ((marked[8][1] - marked[18][1]).abs() / (point(18)[1] - point(8)[1])).ln();
        let turn = rotation(p[0], 0.0, 0.0);
        for (at, [x, y]) in marked.iter().enumerate() {
            let turned = apply(&turn, point(at));
            p[4] += (x - p[3].exp() * turned[0]) / 30.0;
            p[5] += (y + p[3].exp() * turned[1]) / 30.0;
        }
        p
    }

    /// Weighted differences of projected and marked points, then priors.
    fn residuals(&self, p: &[f64; PARAMETERS], marked: &[[f64; 2]; 30], profile: bool) -> Vec<f64> {
        let (scale, turn) = (p[3].exp(), rotation(p[0], p[1], p[2]));
        let mut r = Vec::with_capacity(62 + MODES);
        for (at, place) in marked.iter().enumerate() {
            let turned = apply(&turn, self.vertex(self.landmarks[at], &p[6..]));
            let weight = trust(at, profile) / (0.25 * scale);
            r.push((scale * turned[0] + p[4] - place[0]) * weight);
            r.push((p[5] - scale * turned[1] - place[1]) * weight);
        }
        let (expected, yaw, pitch) = if profile { (PROFILE_YAW, 0.05, 0.08) } else { (0.0, 0.3, 0.15) };
        r.extend([(p[0] - expected) / yaw, p[1] / pitch]);
        r.extend(&p[6..]);
        r
    }
}

/// The jaw's points were marked on a frontal view's outline, and behind the head's own jaw on a profile.
fn trust(point: usize, profile: bool) -> f64 {
    match (profile, point) {
        (true, 0..6) => 0.03,
        (true, 6..9) => 0.3,
        (false, 0..9) => 0.4,
        _ => 1.0,
    }
}

impl Fit {
    /// A head point's place in the photo.
    pub fn project(&self, point: Point) -> [f64; 2] {
        let turned = apply(&rotation(self.yaw, self.pitch, self.roll), point);
        [self.x + self.scale * turned[0], self.y - self.scale * turned[1]]
    }

    pub fn square(&self) -> Square {
        let [x, y] = self.project(MIDDLE);
        Square { x, y, size: self.scale * SQUARE_CM, roll: self.roll }
    }
}

fn points(values: &[f32]) -> Vec<Point> {
    values.chunks_exact(3).map(|p| [p[0] as f64, p[1] as f64, p[2] as f64]).collect()
}

/// Head to viewer: pitch, then yaw (positive: nose to the picture's right), then roll (positive: clockwise).
pub fn rotation(yaw: f64, pitch: f64, roll: f64) -> [Point; 3] {
    let ((sy, cy), (sp, cp), (sr, cr)) = (yaw.sin_cos(), pitch.sin_cos(), roll.sin_cos());
    let rows = [[cy, sy * sp, sy * cp], [0.0, cp, -sp], [-sy, cy * sp, cy * cp]];
    let mix = |a: f64, b: f64| [0, 1, 2].map(|at| a * rows[0][at] + b * rows[1][at]);
    [mix(cr, sr), mix(-sr, cr), rows[2]]
}

pub fn apply(turn: &[Point; 3], point: Point) -> Point {
    turn.map(|row| row[0] * point[0] + row[1] * point[1] + row[2] * point[2])
}
