//! Turns a frontal photo's face to another yaw on the generic head, as training/faces_turn.py does it: the yaw is known
//! exactly, so a regressor of yaws can learn from it and be tested on it.

use super::faces::{Photo, SIDE};
use super::head::{Fit, Head, MIDDLE, Point, SQUARE_CM, apply, rotation};

/// Pixels are drawn twice as fine each way and averaged.
const FINE: usize = 2 * SIDE;
/// How often colours spread to vertices that the photo hides.
const SPREADS: usize = 40;

pub struct Turner<'a> {
    head: &'a Head,
    /// Each vertex's mirrored one.
    twins: Vec<usize>,
    neighbours: Vec<Vec<usize>>,
}

impl<'a> Turner<'a> {
    pub fn new(head: &'a Head) -> Self {
        let cell = |p: &Point| p.map(|v| (v * 2.0).floor() as i64);
        let mut cells = std::collections::HashMap::<[i64; 3], Vec<usize>>::new();
        head.vertices.iter().enumerate().for_each(|(at, p)| cells.entry(cell(p)).or_default().push(at));
        let nearest = |p: Point| {
            let c = cell(&p);
            let around = (0..27).map(|i| [c[0] + i % 3 - 1, c[1] + i / 3 % 3 - 1, c[2] + i / 9 - 1]);
            let near = around.filter_map(|c| cells.get(&c)).flatten().copied();
            near.min_by(|a, b| square_distance(head.vertices[*a], p).total_cmp(&square_distance(head.vertices[*b], p)))
        };
        let twins =
            head.vertices.iter().enumerate().map(|(at, p)| nearest([-p[0], p[1], p[2]]).unwrap_or(at)).collect();
        let mut neighbours = vec![Vec::new(); head.vertices.len()];
        for [a, b, c] in &head.triangles {
            for (from, to) in [(*a, *b), (*b, *c), (*c, *a)] {
                neighbours[from].push(to);
                neighbours[to].push(from);
            }
        }
        Self { head, twins, neighbours }
    }

    /// The aligned square with the face at each yaw, RGB planes in 0..255.
    pub fn turn(&self, photo: &Photo, fit: &Fit, yaws: &[f64]) -> Vec<Vec<f32>> {
        let shape = self.head.shape(&fit.shape);
        let colours = self.colours(photo, fit, &shape);
        let here = self.draw(&shape, &colours, fit.yaw, fit.pitch);
        let behind = behind(&photo.aligned(fit.square()), &here);
        yaws.iter()
            .map(|yaw| {
                let head = self.draw(&shape, &colours, *yaw, fit.pitch);
                (0..3 * SIDE * SIDE)
                    .map(|at| head[at] + behind[at] * (1.0 - head[3 * SIDE * SIDE + at % (SIDE * SIDE)]))
                    .collect()
            })
            .collect()
    }

    fn normals(&self, shape: &[Point]) -> Vec<Point> {
        let mut normals = vec![[0.0; 3]; shape.len()];
        for triangle in &self.head.triangles {
            let [a, b, c] = triangle.map(|at| shape[at]);
            let normal = cross(minus(b, a), minus(c, a));
            for at in triangle {
                (0..3).for_each(|axis| normals[*at][axis] += normal[axis]);
            }
        }
        normals.iter().map(|n| n.map(|v| v / n.iter().map(|v| v * v).sum::<f64>().sqrt().max(1e-9))).collect()
    }

    /// Each vertex's colour from the photo; what it hides from the twin, and then from the neighbours.
    fn colours(&self, photo: &Photo, fit: &Fit, shape: &[Point]) -> Vec<[f32; 3]> {
        let turn = rotation(fit.yaw, fit.pitch, fit.roll);
        let reach = fit.scale * SQUARE_CM / SIDE as f64;
        let seen: Vec<([f32; 3], f32)> = shape
            .iter()
            .zip(self.normals(shape))
            .map(|(point, normal)| {
                let place = fit.project(*point);
                let inside =
                    (0.0..photo.width as f64).contains(&place[0]) && (0.0..photo.height as f64).contains(&place[1]);
                let facing = ((apply(&turn, normal)[2] - 0.35) / 0.3).clamp(0.0, 1.0);
                (photo.at(place[0], place[1], reach), if inside { facing as f32 } else { 0.0 })
            })
            .collect();
        let mut colours: Vec<Option<[f32; 3]>> = (0..shape.len())
            .map(|at| {
                let ((own, weight), (other, twin)) = (seen[at], seen[self.twins[at]]);
                let twin = twin * (1.0 - weight);
                (weight + twin > 0.05).then(|| [0, 1, 2].map(|c| (weight * own[c] + twin * other[c]) / (weight + twin)))
            })
            .collect();
        let mut hidden: Vec<usize> = (0..shape.len()).filter(|at| colours[*at].is_none()).collect();
        for _ in 0..SPREADS {
            let spread = |at: usize| {
                let near = || self.neighbours[at].iter().filter_map(|n| colours[*n]);
                let count = near().count() as f32;
                let sum = near().fold([0.0; 3], |sum, n| [0, 1, 2].map(|c| sum[c] + n[c]));
                (count > 0.0).then(|| sum.map(|v| v / count))
            };
            let found: Vec<_> = hidden.iter().filter_map(|at| Some((*at, spread(*at)?))).collect();
            if found.is_empty() {
                break;
            }
            found.into_iter().for_each(|(at, colour)| colours[at] = Some(colour));
            hidden.retain(|at| colours[*at].is_none());
        }
        colours.into_iter().map(|colour| colour.unwrap_or([128.0; 3])).collect()
    }

    /// Colours times coverage, then coverage: four planes.
    fn draw(&self, shape: &[Point], colours: &[[f32; 3]], yaw: f64, pitch: f64) -> Vec<f32> {
        let turn = rotation(yaw, pitch, 0.0);
        let place = |point: &Point| {
            let [x, y, z] = apply(&turn, minus(*point, MIDDLE));
            [(x / SQUARE_CM + 0.5) * FINE as f64, (0.5 - y / SQUARE_CM) * FINE as f64, z]
        };
        let placed: Vec<Point> = shape.iter().map(place).collect();
        let (mut depth, mut fine) = (vec![f64::MIN; FINE * FINE], vec![[0f32; 4]; FINE * FINE]);
        for triangle in &self.head.triangles {
            let [a, b, c] = triangle.map(|at| placed[at]);
            let area = cross(minus(b, a), minus(c, a))[2];
            if area >= 0.0 {
                continue;
            }
            let span = |axis: usize| {
                let low = a[axis].min(b[axis]).min(c[axis]).ceil().max(0.0) as usize;
                low..(a[axis].max(b[axis]).max(c[axis]).floor() + 1.0).clamp(0.0, FINE as f64) as usize
            };
            for (y, x) in span(1).flat_map(|y| span(0).map(move |x| (y, x))) {
                let p = [x as f64, y as f64, 0.0];
                let (u, v) = (cross(minus(b, p), minus(c, p))[2] / area, cross(minus(c, p), minus(a, p))[2] / area);
                let (w, at) = (1.0 - u - v, y * FINE + x);
                let z = u * a[2] + v * b[2] + w * c[2];
                if u < -1e-9 || v < -1e-9 || w < -1e-9 || z <= depth[at] {
                    continue;
                }
                depth[at] = z;
                let [ca, cb, cc] = triangle.map(|at| colours[at]);
                let mixed = [0, 1, 2].map(|i| u as f32 * ca[i] + v as f32 * cb[i] + w as f32 * cc[i]);
                fine[at] = [mixed[0], mixed[1], mixed[2], 1.0];
            }
        }
        let mut planes = vec![0.0; 4 * SIDE * SIDE];
        for (at, value) in fine.iter().enumerate() {
            let (y, x) = (at / FINE / 2, at % FINE / 2);
            (0..4).for_each(|c| planes[(c * SIDE + y) * SIDE + x] += value[c] / 4.0);
        }
        planes
    }
}

/// The aligned picture with the head taken out: what is around it flows in, coarse to fine.
fn behind(picture: &[f32], head: &[f32]) -> Vec<f32> {
    const PLANE: usize = SIDE * SIDE;
    let covered = |x: i64, y: i64| {
        let inside = (0..SIDE as i64).contains(&x) && (0..SIDE as i64).contains(&y);
        inside && head[3 * PLANE + y as usize * SIDE + x as usize] > 0.05
    };
    let free = |at: usize| {
        let (x, y) = ((at % SIDE) as i64, (at / SIDE) as i64);
        !(0..25).any(|i| covered(x + i % 5 - 2, y + i / 5 - 2))
    };
    let level: Vec<[f32; 4]> = (0..PLANE)
        .map(|at| if free(at) { [picture[at], picture[PLANE + at], picture[2 * PLANE + at], 1.0] } else { [0.0; 4] })
        .collect();
    let filled = pull_push(&level, SIDE);
    (0..3 * PLANE).map(|at| filled[at % PLANE][at / PLANE]).collect()
}

/// Weighted colours to colours everywhere: a level half as fine fills what this one does not know.
fn pull_push(level: &[[f32; 4]], side: usize) -> Vec<[f32; 4]> {
    let half = side.div_ceil(2);
    let below = if side > 3 {
        let mut coarse = vec![[0.0; 4]; half * half];
        for (at, value) in level.iter().enumerate() {
            let cell = &mut coarse[at / side / 2 * half + at % side / 2];
            (0..4).for_each(|c| cell[c] += value[c] / 4.0);
        }
        pull_push(&coarse, half)
    } else {
        let total = level.iter().fold([0.0; 4], |sum, v| [0, 1, 2, 3].map(|c| sum[c] + v[c]));
        vec![[0, 1, 2, 3].map(|c| total[c] / total[3].max(1e-3)); half * half]
    };
    let fill = |at: usize| {
        let (value, under) = (level[at], below[at / side / 2 * half + at % side / 2]);
        let share = (4.0 * value[3]).min(1.0);
        let mixed = [0, 1, 2].map(|c| share * value[c] / value[3].max(1e-3) + (1.0 - share) * under[c]);
        [mixed[0], mixed[1], mixed[2], 1.0]
    };
    (0..side * side).map(fill).collect()
}

fn minus(a: Point, b: Point) -> Point {
    [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
}

fn cross(a: Point, b: Point) -> Point {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

fn square_distance(a: Point, b: Point) -> f64 {
    minus(a, b).iter().map(|v| v * v).sum()
}
