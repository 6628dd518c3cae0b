//! A drawn head: which ellipsoids it is made of, which of them is in front at a place, and what is painted on them.

use super::parts::{EYES, MOUTH, Part, flesh, worn};
use super::solids::{Camera, Ellipsoid, Seen, Vector, dot, unit};
use super::{Colour, Person, View};
use crate::data::noise::{mix, smoothstep};

/// Height over which two parts of the skin flow into each other.
const FLOW: f32 = 0.09;

/// How many solids bare skin has.
const MOST_SKIN: usize = 12;

/// One ellipsoid of a head as the camera sees it.
struct Piece {
    part: Part,
    solid: Ellipsoid,
    seen: Seen,
}

struct Hit<'a> {
    part: Part,
    height: f32,
    point: Vector,
    local: Vector,
    facing: Facing<'a>,
}

/// How a surface is turned: worked out for what is seen, not for what lies behind it.
enum Facing<'a> {
    Known(Vector),
    Of(&'a Ellipsoid),
}

/// A head ready to be looked at pixel by pixel.
pub struct Head<'a> {
    person: &'a Person,
    view: &'a View,
    camera: Camera,
    light: Vector,
    /// Halfway between light and viewer.
    half: Vector,
    skin: Vec<Piece>,
    worn: Vec<Piece>,
}

impl<'a> Head<'a> {
    pub fn new(person: &'a Person, view: &'a View) -> Self {
        let camera = Camera::turned(view.yaw);
        let piece = |(part, solid): (Part, Ellipsoid)| Piece { part, seen: solid.seen(&camera), solid };
        let light = unit([1.1 * view.light, 0.6, 0.9]);
        Self {
            skin: flesh(person).into_iter().map(|solid| piece((Part::Skin, solid))).collect(),
            worn: worn(person).into_iter().map(piece).collect(),
            light,
            half: unit([light[0], light[1], light[2] + 1.0]),
            person,
            view,
            camera,
        }
    }

    /// What a line of the picture meets, y upwards.
    pub fn line(&self, y: f32) -> Line<'_> {
        let met = |pieces| -> Vec<&Piece> {
            let pieces: &Vec<Piece> = pieces;
            pieces.iter().filter(|piece| piece.seen.meets(y)).collect()
        };
        Line { head: self, y, skin: met(&self.skin), worn: met(&self.worn) }
    }

    /// The foremost point of a piece that is there, if it lies before what was met already: some are open in front.
    fn meet<'b>(&self, piece: &'b Piece, x: f32, y: f32, front: Option<&Hit>) -> Option<Hit<'b>> {
        piece.seen.heights(x, y)?.into_iter().find_map(|height| {
            if front.is_some_and(|front| !front.yields_to(height)) {
                return None;
            }
            let point = self.camera.point(x, y, height);
            let local = piece.solid.local(point);
            let there = self.covers(piece.part, point, local);
            there.then_some(Hit { part: piece.part, height, point, local, facing: Facing::Of(&piece.solid) })
        })
    }

    fn covers(&self, part: Part, point: Vector, local: Vector) -> bool {
        match part {
            Part::Cap => local[1] > self.hairline(local),
            Part::Lock(front) => point[2] < front,
            Part::Beard => {
                let mouth = (point[0] / 0.36).powi(2) + ((point[1] - MOUTH) / 0.14).powi(2);
                let line = mix(-0.02, -0.38, smoothstep(0.25, 0.75, local[2])) + 0.1 * (point[0] * point[0]);
                point[1] < line && (mouth > 1.0 || local[2] < 0.3)
            }
            Part::Frame => (0.1..0.44).contains(&local[2]),
            _ => true,
        }
    }

    /// How far down the hair comes, in the skull's own unit, around the head.
    fn hairline(&self, [x, _, z]: Vector) -> f32 {
        let person = self.person;
        let parting = person.parting * x;
        let fringe = 0.05 * (9.0 * x + 3.0 * person.parting).sin() * (1.0 - person.forehead);
        let front = mix(0.16, 0.62, person.forehead) + parting + fringe;
        mix(-0.72, front, smoothstep(-0.25, 0.5, z))
    }

    /// The skin flows from part to part: a soft maximum of the heights, and the normals mixed alike.
    fn skin_at(&self, skin: &[&Piece], x: f32, y: f32) -> Option<Hit<'_>> {
        let mut heights = [f32::NEG_INFINITY; MOST_SKIN];
        let mut top = f32::NEG_INFINITY;
        for (height, piece) in heights.iter_mut().zip(skin) {
            *height = piece.seen.heights(x, y).map_or(f32::NEG_INFINITY, |found| found[0]);
            top = top.max(*height);
        }
        if top == f32::NEG_INFINITY {
            return None;
        }
        let mut normal = [0.0; 3];
        let mut sum = 0.0;
        for (piece, height) in skin.iter().zip(&heights) {
            let below = (height - top) / FLOW;
            if below > -6.0 {
                let weight = below.exp();
                sum += weight;
                let own = piece.solid.normal(self.camera.point(x, y, *height));
                normal = [0, 1, 2].map(|axis| normal[axis] + weight * own[axis]);
            }
        }
        let height = top + FLOW * sum.ln();
        let point = self.camera.point(x, y, height);
        Some(Hit { part: Part::Skin, height, point, local: point, facing: Facing::Known(unit(normal)) })
    }

    fn shade(&self, hit: &Hit) -> Colour {
        let (base, gloss) = self.painted(hit);
        let normal = match hit.facing {
            Facing::Known(normal) => normal,
            Facing::Of(solid) => solid.normal(hit.point),
        };
        let normal = self.camera.view(normal);
        let lit = ((dot(normal, self.light) + 0.35) / 1.35).max(0.0);
        // Surfaces that turn away from the viewer darken a little: the outline is drawn by it.
        let edge = 0.78 + 0.22 * smoothstep(0.0, 0.55, normal[2]);
        let glint = gloss * dot(normal, self.half).max(0.0).powi(24);
        base.map(|v| (v * edge * (0.5 + 0.62 * lit) + glint).min(1.0))
    }

    /// Colour without light, and how glossy it is.
    fn painted(&self, hit: &Hit) -> (Colour, f32) {
        let person = self.person;
        match hit.part {
            Part::Skin => (self.complexion(hit.point), 0.1),
            Part::Eye => (self.eye(hit.local), 0.35),
            Part::Cap | Part::Lock(_) => {
                let [x, y, z] = hit.point;
                let strands = 1.0 + 0.07 * (22.0 * x.atan2(z + 0.2) + 5.0 * y).sin();
                (person.hair_colour.map(|v| v * strands), 0.16)
            }
            Part::Beard => (person.hair_colour.map(|v| 0.9 * v), 0.03),
            Part::Frame | Part::Arm => (person.frame_colour, 0.3),
            Part::Shirt => (person.shirt, 0.02),
        }
    }

    fn eye(&self, [x, y, z]: Vector) -> Colour {
        let person = self.person;
        if y > 0.66 - 0.25 * x * x {
            return LASHES;
        }
        if z < 0.0 {
            return person.skin;
        }
        let off = (x * x + 1.15 * (y + 0.02) * (y + 0.02)).sqrt();
        let glint = ((x - 0.2) * (x - 0.2) + (y - 0.26) * (y - 0.26)).sqrt();
        let iris = blend([0.97, 0.97, 0.96], person.eye_colour, smoothstep(0.66, 0.58, off));
        let pupil = blend(iris, [0.06, 0.05, 0.06], smoothstep(0.36, 0.28, off));
        blend(pupil, [1.0; 3], smoothstep(0.2, 0.12, glint))
    }

    /// Skin with cheeks, brows and mouth painted on it.
    fn complexion(&self, [x, y, z]: Vector) -> Colour {
        let person = self.person;
        let mut colour = person.skin;
        // The chin shades the throat.
        let throat = smoothstep(-1.0, -1.2, y) * smoothstep(0.6, 0.35, z);
        colour = colour.map(|v| v * (1.0 - 0.26 * throat * smoothstep(-2.0, -1.2, y)));
        if z < 0.2 {
            return colour;
        }
        let side = x.abs();
        let rosy = person.blush * (-((side - 0.5) / 0.22).powi(2) - ((y + 0.26) / 0.17).powi(2)).exp();
        colour = blend(colour, person.lips, 0.55 * rosy);
        let socket = (-((side - person.eyes_apart) / 0.25).powi(2) - ((y - EYES) / 0.2).powi(2)).exp();
        colour = colour.map(|v| v * (1.0 - 0.16 * socket));
        let lifted = 0.06 * self.view.smile;
        let along = (side - person.eyes_apart) / 0.27;
        let brow = EYES + 0.33 + person.brow_lift + lifted - 0.07 * along * along - 0.05 * along * person.brow_slant;
        let thick = person.brow_width * (1.0 - 0.35 * along).max(0.2);
        let inside = smoothstep(1.08, 0.95, along.abs()) * smoothstep(thick + 0.02, thick - 0.02, (y - brow).abs());
        colour = blend(colour, person.brow_colour, inside);
        self.mouth(colour, x, y)
    }

    fn mouth(&self, skin: Colour, x: f32, y: f32) -> Colour {
        let (person, smile) = (self.person, self.view.smile);
        let half = person.mouth_width * (0.9 + 0.22 * smile.max(0.0));
        let across = x / half;
        if across.abs() > 1.1 {
            return skin;
        }
        let taper = (1.0 - across * across).max(0.0);
        let middle = MOUTH + 0.17 * smile * (across * across - 0.45);
        let open = 0.11 * (smile - 0.15).max(0.0) * taper;
        let lip = person.lip_width * taper.sqrt();
        let away = y - middle;
        let lips = smoothstep(0.0, 0.02, lip + open - away.abs());
        let mut colour = blend(skin, person.lips, lips);
        let gap = smoothstep(0.0, 0.015, open - away.abs());
        let inside = if away > -0.3 * open { [0.96, 0.95, 0.93] } else { [0.42, 0.12, 0.14] };
        colour = blend(colour, inside, gap);
        // Closed lips meet in a line.
        let line =
            smoothstep(0.022, 0.006, away.abs()) * smoothstep(0.02, 0.0, open) * smoothstep(1.05, 0.9, across.abs());
        blend(colour, person.lips.map(|v| 0.55 * v), line)
    }
}

/// The pieces that a line of the picture meets.
pub struct Line<'a> {
    head: &'a Head<'a>,
    y: f32,
    skin: Vec<&'a Piece>,
    worn: Vec<&'a Piece>,
}

impl Line<'_> {
    /// The colour at a place of the line (x right, the head about 2 units wide), where the head is.
    pub fn colour(&self, x: f32) -> Option<Colour> {
        let (head, y) = (self.head, self.y);
        let mut front = head.skin_at(&self.skin, x, y);
        for piece in &self.worn {
            if let Some(hit) = head.meet(piece, x, y, front.as_ref()) {
                front = Some(hit);
            }
        }
        front.map(|hit| head.shade(&hit))
    }
}

impl Hit<'_> {
    /// Whether what lies at this height is seen instead: worn things lie on each other in their order, and skin on none of them.
    fn yields_to(&self, height: f32) -> bool {
        if self.part == Part::Skin { height > self.height } else { height >= self.height }
    }
}

const LASHES: Colour = [0.12, 0.09, 0.09];

fn blend(from: Colour, to: Colour, share: f32) -> Colour {
    [0, 1, 2].map(|channel| mix(from[channel], to[channel], share))
}
