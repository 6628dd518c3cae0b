//! The ellipsoids that a person's head is made of.

use super::solids::{Ellipsoid, Vector};
use super::{Hair, Person};

/// Heights on the face.
pub(super) const MOUTH: f32 = -0.58;
pub(super) const EYES: f32 = 0.08;

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Part {
    Skin,
    Eye,
    /// Combed over the skull, down to the hairline.
    Cap,
    /// What hangs or stands away from it: nothing of it before the plane z = the number.
    Lock(f32),
    /// Hair of the face.
    Beard,
    Frame,
    Arm,
    Shirt,
}

/// The solids of bare skin.
pub(super) fn flesh(person: &Person) -> Vec<Ellipsoid> {
    let Person { width, jaw, chin, nose_length, nose_width, ears, .. } = *person;
    let mut solids = vec![
        Ellipsoid::new([0.0, 0.36, -0.1], [0.97 * width, 0.98, 1.04]),
        Ellipsoid::new([0.0, -0.28, 0.14], [0.8 * jaw, 0.86, 0.78]),
        Ellipsoid::new([0.0, -0.9 - 0.1 * chin, 0.5], [0.34 * jaw, 0.2, 0.32]),
        // Where the lips are.
        Ellipsoid::new([0.0, MOUTH - 0.02, 0.62], [0.34, 0.22, 0.32]),
        // The bridge of the nose and its tip.
        Ellipsoid::new([0.0, 0.0, 0.88], [0.12, 0.36, 0.17]).tilted(0.32),
        Ellipsoid::new([0.0, -0.21, 0.93 + nose_length], [nose_width, 0.13, 0.17]),
        Ellipsoid::new([0.0, -1.35, -0.12], [0.46, 0.8, 0.44]),
    ];
    for side in [-1.0, 1.0] {
        solids.push(Ellipsoid::new([side * 0.4, -0.24, 0.48], [0.34, 0.28, 0.33]));
        solids.push(Ellipsoid::new([side * 0.98 * width, 0.0, -0.12], [0.1, 0.26 * ears, 0.18 * ears]));
    }
    solids
}

/// Everything that lies on the skin or hangs from it.
pub(super) fn worn(person: &Person) -> Vec<(Part, Ellipsoid)> {
    let apart = person.eyes_apart;
    let mut pieces = vec![(Part::Shirt, Ellipsoid::new([0.0, -2.2, -0.12], [1.5, 0.82, 0.72]))];
    for side in [-1.0, 1.0] {
        let size = person.eye_size;
        pieces.push((Part::Eye, Ellipsoid::new([side * apart, EYES, 0.78], [0.215 * size, 0.2 * size, 0.16])));
        if person.glasses {
            pieces.push((Part::Frame, Ellipsoid::new([side * apart, EYES - 0.02, 0.8], [0.32, 0.3, 0.26])));
            pieces.push((Part::Arm, Ellipsoid::new([side * (apart + 0.38), EYES + 0.05, 0.76], [0.12, 0.04, 0.14])));
            pieces.push((
                Part::Arm,
                Ellipsoid::new([side * 0.9 * person.width, EYES + 0.05, 0.24], [0.035, 0.045, 0.52]),
            ));
        }
    }
    if person.glasses {
        pieces.push((Part::Arm, Ellipsoid::new([0.0, EYES + 0.02, 1.04], [0.12, 0.035, 0.05])));
    }
    if person.beard {
        pieces.push((Part::Beard, Ellipsoid::new([0.0, -0.38, 0.12], [0.86 * person.jaw, 0.93, 0.86])));
    }
    pieces.extend(hair(person));
    pieces
}

fn hair(person: &Person) -> Vec<(Part, Ellipsoid)> {
    let wide = person.width;
    let cap = (Part::Cap, Ellipsoid::new([0.0, 0.4, -0.13], [1.03 * wide, 1.04, 1.1]));
    let pair = |front: f32, centre: Vector, radii: Vector| {
        [-1.0, 1.0].map(|side| (Part::Lock(front), Ellipsoid::new([side * centre[0], centre[1], centre[2]], radii)))
    };
    let back = |centre: Vector, radii: Vector| (Part::Lock(0.3), Ellipsoid::new(centre, radii));
    match person.hair {
        Hair::None => Vec::new(),
        Hair::Short => vec![cap],
        Hair::Bob => {
            let mut pieces = vec![cap, back([0.0, -0.1, -0.35], [1.08 * wide, 0.95, 0.82])];
            pieces.extend(pair(9.0, [0.92 * wide, -0.12, -0.02], [0.2, 0.78, 0.5]));
            pieces
        }
        Hair::Long => {
            let mut pieces = vec![cap, back([0.0, -0.7, -0.4], [1.08 * wide, 1.5, 0.72])];
            pieces.extend(pair(9.0, [0.92 * wide, -0.5, -0.02], [0.21, 1.15, 0.46]));
            pieces
        }
        Hair::Bun => vec![cap, (Part::Lock(9.0), Ellipsoid::new([0.0, 1.3, -0.55], [0.4, 0.36, 0.4]))],
        Hair::Tail => vec![
            cap,
            (Part::Lock(9.0), Ellipsoid::new([0.0, 0.55, -1.2], [0.26, 0.26, 0.26])),
            (Part::Lock(9.0), Ellipsoid::new([0.0, -0.2, -1.4], [0.3, 0.85, 0.26]).tilted(-0.2)),
        ],
        Hair::Curls => {
            let mut pieces = vec![cap];
            for at in 0..14 {
                // Curls in two rings around the crown.
                let turn = std::f32::consts::TAU * at as f32 / 7.0 + if at < 7 { 0.0 } else { 0.45 };
                let (reach, height) = if at < 7 { (0.98, 0.68) } else { (0.62, 1.2) };
                let centre = [reach * wide * turn.sin(), height - 0.1 * turn.cos(), reach * turn.cos() - 0.16];
                pieces.push((Part::Lock(9.0), Ellipsoid::new(centre, [0.34, 0.32, 0.34])));
            }
            pieces
        }
    }
}
