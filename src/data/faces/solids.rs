//! Ellipsoids seen from far away: all a drawn head is made of. With parallel rays each is one quadratic a pixel.

pub type Vector = [f32; 3];

pub fn dot(a: Vector, b: Vector) -> f32 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

pub fn unit(a: Vector) -> Vector {
    let length = dot(a, a).sqrt().max(1e-9);
    a.map(|v| v / length)
}

/// Where the camera's axes lie in the head's frame (x to its left ear as the viewer sees it on the right, y up, z out of the face).
#[derive(Debug, Clone, Copy)]
pub struct Camera {
    pub right: Vector,
    pub toward: Vector,
}

impl Camera {
    /// `yaw` in degrees: positive when the nose points to the picture's right.
    pub fn turned(yaw: f32) -> Self {
        let (sin, cos) = yaw.to_radians().sin_cos();
        Self { right: [cos, 0.0, sin], toward: [-sin, 0.0, cos] }
    }

    /// A direction of the head as the viewer sees it.
    pub fn view(&self, direction: Vector) -> Vector {
        [dot(direction, self.right), direction[1], dot(direction, self.toward)]
    }

    /// The point of the head at a place of the picture and a height towards the viewer.
    pub fn point(&self, x: f32, y: f32, height: f32) -> Vector {
        let along = |axis: usize| x * self.right[axis] + height * self.toward[axis];
        [along(0), along(1) + y, along(2)]
    }
}

/// An ellipsoid in the head's frame, nodding by `tilt` radians (its upper end goes back).
#[derive(Debug, Clone, Copy)]
pub struct Ellipsoid {
    centre: Vector,
    radii: Vector,
    tilt: [f32; 2],
}

impl Ellipsoid {
    pub fn new(centre: Vector, radii: Vector) -> Self {
        Self { centre, radii, tilt: [0.0, 1.0] }
    }

    pub fn tilted(self, tilt: f32) -> Self {
        let (sin, cos) = tilt.sin_cos();
        Self { tilt: [sin, cos], ..self }
    }

    /// A direction in the frame where this is the unit sphere.
    fn inner(&self, [x, y, z]: Vector) -> Vector {
        let [sin, cos] = self.tilt;
        [x / self.radii[0], (cos * y - sin * z) / self.radii[1], (sin * y + cos * z) / self.radii[2]]
    }

    /// A point in the frame where this is the unit sphere.
    pub fn local(&self, p: Vector) -> Vector {
        self.inner([0, 1, 2].map(|axis| p[axis] - self.centre[axis]))
    }

    /// The outward normal at a point of the surface, of length one, in the head's frame.
    pub fn normal(&self, p: Vector) -> Vector {
        let [sin, cos] = self.tilt;
        let local = self.local(p);
        let [x, y, z] = [0, 1, 2].map(|axis| local[axis] / self.radii[axis]);
        unit([x, cos * y + sin * z, cos * z - sin * y])
    }

    pub fn seen(&self, camera: &Camera) -> Seen {
        let toward = self.inner(camera.toward);
        let centre = self.inner(self.centre);
        Seen {
            right: self.inner(camera.right),
            up: self.inner([0.0, 1.0, 0.0]),
            toward,
            centre,
            square: dot(toward, toward),
            middle: [dot(self.centre, camera.right), self.centre[1]],
            reach: [self.reach(camera.right), self.reach([0.0, 1.0, 0.0])].map(|reach| reach + EDGE),
        }
    }

    /// How far it reaches from its centre in a direction.
    fn reach(&self, [x, y, z]: Vector) -> f32 {
        let [sin, cos] = self.tilt;
        let along = [x * self.radii[0], (cos * y - sin * z) * self.radii[1], (sin * y + cos * z) * self.radii[2]];
        dot(along, along).sqrt()
    }
}

/// Wider than what rounding takes from a reach.
const EDGE: f32 = 1e-4;

/// An ellipsoid with its part of every ray worked out.
#[derive(Debug, Clone, Copy)]
pub struct Seen {
    right: Vector,
    up: Vector,
    toward: Vector,
    centre: Vector,
    square: f32,
    /// Where it lies in the picture, and how far it reaches to either side: most rays pass it by.
    middle: [f32; 2],
    reach: [f32; 2],
}

impl Seen {
    /// Whether a line of the picture may meet it.
    pub fn meets(&self, y: f32) -> bool {
        (y - self.middle[1]).abs() <= self.reach[1]
    }

    /// The heights towards the viewer at which the ray of a place enters and leaves, the nearer first.
    pub fn heights(&self, x: f32, y: f32) -> Option<[f32; 2]> {
        if (x - self.middle[0]).abs() > self.reach[0] || (y - self.middle[1]).abs() > self.reach[1] {
            return None;
        }
        let from = [0, 1, 2].map(|axis| x * self.right[axis] + y * self.up[axis] - self.centre[axis]);
        let half = dot(from, self.toward);
        let inside = half * half - self.square * (dot(from, from) - 1.0);
        (inside >= 0.0).then(|| {
            let root = inside.sqrt();
            [(root - half) / self.square, (-root - half) / self.square]
        })
    }
}

#[cfg(all(test, not(target_family = "wasm")))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// The bounds leave out no ray that meets it, and are not wide: one just inside them does.
        #[test]
        fn bounds_leave_nothing_out(
            centre in prop::array::uniform3(-1.0f32..1.0), radii in prop::array::uniform3(0.05f32..1.0),
            tilt in -1.0f32..1.0, yaw in -90.0f32..90.0, place in prop::array::uniform2(-2.5f32..2.5),
        ) {
            let bounded = Ellipsoid::new(centre, radii).tilted(tilt).seen(&Camera::turned(yaw));
            let boundless = Seen { reach: [f32::INFINITY; 2], ..bounded };
            prop_assert_eq!(bounded.heights(place[0], place[1]), boundless.heights(place[0], place[1]));
            let [x, y] = bounded.middle;
            let along = |at: i32| bounded.heights(x + at as f32 / 200.0 * bounded.reach[0], y + 0.97 * bounded.reach[1]);
            prop_assert!((-200..=200).any(|at| along(at).is_some()));
        }
    }
}
