//! Faces drawn by our own code: a head of ellipsoids, painted and lit. What a person is (shape and colours) is apart from how the
//! picture was taken (yaw, smile, light), so that a network's answers can be held against the truth. Nobody in particular is meant.

mod head;
mod parts;
mod solids;

use crate::data::noise::mix;
use crate::rng::{Purpose, Stream};
use head::Head;

/// Red, green, blue in 0..1.
pub type Colour = [f32; 3];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hair {
    None,
    Short,
    Bob,
    Long,
    Bun,
    Tail,
    Curls,
}

const HAIRS: [Hair; 7] = [Hair::Short, Hair::Long, Hair::Curls, Hair::Bun, Hair::Bob, Hair::Tail, Hair::None];

/// Shape and colours: what stays when the head turns. Lengths are in units of about half a head's width.
#[derive(Debug, Clone, PartialEq)]
pub struct Person {
    pub hair: Hair,
    pub glasses: bool,
    pub beard: bool,
    width: f32,
    jaw: f32,
    chin: f32,
    nose_length: f32,
    nose_width: f32,
    ears: f32,
    eyes_apart: f32,
    eye_size: f32,
    brow_lift: f32,
    brow_slant: f32,
    brow_width: f32,
    mouth_width: f32,
    lip_width: f32,
    forehead: f32,
    parting: f32,
    blush: f32,
    skin: Colour,
    lips: Colour,
    hair_colour: Colour,
    brow_colour: Colour,
    eye_colour: Colour,
    frame_colour: Colour,
    shirt: Colour,
}

/// How a picture was taken: what may differ between two pictures of one person.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct View {
    /// Degrees, -90..90; positive when the nose points to the picture's right.
    pub yaw: f32,
    /// -0.5 (sullen) to 1 (laughing).
    pub smile: f32,
    /// Where the light comes from: -1 the picture's left, 1 its right.
    pub light: f32,
}

/// From fair to dark.
const SKINS: [Colour; 6] = [
    [0.99, 0.86, 0.76],
    [0.96, 0.79, 0.65],
    [0.89, 0.69, 0.51],
    [0.77, 0.55, 0.38],
    [0.58, 0.39, 0.27],
    [0.42, 0.28, 0.20],
];

/// Black, brown, chestnut, blond, red, grey, and two that nobody is born with.
const HAIR_COLOURS: [Colour; 8] = [
    [0.12, 0.10, 0.11],
    [0.32, 0.20, 0.13],
    [0.52, 0.29, 0.15],
    [0.90, 0.73, 0.40],
    [0.80, 0.36, 0.14],
    [0.72, 0.71, 0.70],
    [0.24, 0.45, 0.62],
    [0.71, 0.34, 0.55],
];

const EYE_COLOURS: [Colour; 5] =
    [[0.30, 0.18, 0.10], [0.24, 0.45, 0.66], [0.29, 0.50, 0.30], [0.50, 0.34, 0.14], [0.38, 0.42, 0.46]];

const SHIRTS: [Colour; 7] = [
    [0.86, 0.33, 0.28],
    [0.22, 0.48, 0.60],
    [0.95, 0.75, 0.30],
    [0.36, 0.58, 0.42],
    [0.44, 0.35, 0.58],
    [0.93, 0.91, 0.86],
    [0.20, 0.24, 0.34],
];

/// The wall behind everybody.
const WALL: [Colour; 2] = [[0.93, 0.93, 0.90], [0.80, 0.83, 0.84]];

impl Person {
    /// Somebody by number; neighbours differ in hair, skin and colours, so that few people already make a varied company.
    pub fn numbered(number: u32) -> Self {
        let n = number as usize;
        let mut person = Self::draw(&mut Stream::new(number as u64, Purpose::Person, 0));
        person.hair = HAIRS[n % HAIRS.len()];
        person.skin = SKINS[(5 * n + n / SKINS.len()) % SKINS.len()];
        person.dye(HAIR_COLOURS[(3 * n + n / HAIR_COLOURS.len()) % HAIR_COLOURS.len()]);
        person.shirt = SHIRTS[(4 * n + n / SHIRTS.len()) % SHIRTS.len()];
        person
    }

    /// Somebody at random.
    pub fn draw(stream: &mut Stream) -> Self {
        let pick = |stream: &mut Stream, colours: &[Colour]| colours[stream.below(colours.len())];
        let hair = HAIRS[stream.below(HAIRS.len())];
        let skin = pick(stream, &SKINS);
        let mut person = Self {
            hair,
            glasses: stream.uniform() < 0.3,
            beard: stream.uniform() < 0.35 && matches!(hair, Hair::Short | Hair::None | Hair::Curls),
            width: stream.range(0.92, 1.06),
            jaw: stream.range(0.88, 1.12),
            chin: stream.range(-0.6, 1.0),
            nose_length: stream.range(0.02, 0.2),
            nose_width: stream.range(0.11, 0.19),
            ears: stream.range(0.8, 1.25),
            eyes_apart: stream.range(0.34, 0.42),
            eye_size: stream.range(0.88, 1.12),
            brow_lift: stream.range(-0.04, 0.06),
            brow_slant: stream.range(-1.0, 1.0),
            brow_width: stream.range(0.03, 0.065),
            mouth_width: stream.range(0.26, 0.38),
            lip_width: stream.range(0.05, 0.1),
            forehead: stream.range(0.0, 1.0),
            parting: stream.range(-0.25, 0.25),
            blush: stream.range(0.2, 0.9),
            skin,
            lips: [0, 1, 2].map(|c| mix(0.9 * skin[c], [0.80, 0.26, 0.28][c], 0.6)),
            hair_colour: [0.0; 3],
            brow_colour: [0.0; 3],
            eye_colour: pick(stream, &EYE_COLOURS),
            frame_colour: pick(stream, &[[0.15, 0.14, 0.16], [0.52, 0.17, 0.17], [0.17, 0.28, 0.42]]),
            shirt: pick(stream, &SHIRTS),
        };
        person.dye(pick(stream, &HAIR_COLOURS));
        person
    }

    fn dye(&mut self, colour: Colour) {
        self.hair_colour = colour;
        // Brows are darker than fair hair and never paler than the skin allows.
        self.brow_colour = [0, 1, 2].map(|c| mix(0.62 * colour[c], 0.45 * self.skin[c], 0.3));
    }
}

impl View {
    pub const FRONTAL: View = View { yaw: 0.0, smile: 0.3, light: -0.35 };

    /// Any yaw, smile and light.
    pub fn draw(stream: &mut Stream) -> Self {
        Self { yaw: stream.range(-90.0, 90.0), smile: stream.range(-0.3, 1.0), light: stream.range(-1.0, 1.0) }
    }
}

/// Rays along each side of a pixel.
const RAYS: usize = 2;

/// Half the picture's side, in the head's units.
const HALF: f32 = 1.72;

/// A square picture, channel after channel, in [-1, 1].
///
/// # Shapes
/// `3 side side` numbers
pub fn picture(person: &Person, view: &View, side: usize) -> Vec<f32> {
    let head = Head::new(person, view);
    let rays = RAYS;
    let mut values = vec![0.0; 3 * side * side];
    let scale = 2.0 * HALF / side as f32;
    let inside = |step: usize| (step as f32 + 0.5) / rays as f32;
    let mut lines = Vec::new();
    for at in 0..side * side {
        let (column, row) = ((at % side) as f32, (at / side) as f32);
        if at % side == 0 {
            lines = (0..rays).map(|ray| HALF - 0.04 - (row + inside(ray)) * scale).map(|y| (y, head.line(y))).collect();
        }
        let mut sum = [0.0; 3];
        for (y, line) in &lines {
            for ray in 0..rays {
                let x = (column + inside(ray)) * scale - HALF;
                let colour = line.colour(x).unwrap_or_else(|| wall(x, *y));
                sum = [0, 1, 2].map(|c| sum[c] + colour[c]);
            }
        }
        for channel in 0..3 {
            values[channel * side * side + at] = 2.0 * sum[channel] / (rays * rays) as f32 - 1.0;
        }
    }
    values
}

fn wall(x: f32, y: f32) -> Colour {
    let far = ((x * x + y * y).sqrt() / 2.4).min(1.0);
    [0, 1, 2].map(|c| mix(WALL[0][c], WALL[1][c], far))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIDE: usize = 48;

    fn view(yaw: f32, smile: f32, light: f32) -> View {
        View { yaw, smile, light }
    }

    /// Where two pictures differ, `x, y` in pixels.
    fn differing(a: &[f32], b: &[f32]) -> Vec<[usize; 2]> {
        let plane = SIDE * SIDE;
        let far = |at: &usize| (0..3).any(|c| (a[c * plane + at] - b[c * plane + at]).abs() > 0.05);
        (0..plane).filter(far).map(|at| [at % SIDE, at / SIDE]).collect()
    }

    fn distance(a: &[f32], b: &[f32]) -> f32 {
        a.iter().zip(b).map(|(a, b)| (a - b).abs()).sum::<f32>() / a.len() as f32
    }

    #[test]
    fn the_nose_points_where_the_yaw_says() {
        // Bald and shaven: nothing behind the head stands out.
        let somebody = Person { glasses: false, beard: false, hair: Hair::None, ..Person::numbered(3) };
        let reach = |yaw: f32| {
            let picture = picture(&somebody, &view(yaw, 0.0, 0.0), SIDE);
            let row = SIDE * 53 / 100;
            let wall = |x: usize| (0..3).all(|c| (picture[(c * SIDE + row) * SIDE + x] - 0.77).abs() < 0.16);
            let head: Vec<usize> = (0..SIDE).filter(|x| !wall(*x)).collect();
            [SIDE / 2 - head[0], head[head.len() - 1] + 1 - SIDE / 2]
        };
        let ([left, right], [other_left, other_right]) = (reach(90.0), reach(-90.0));
        assert!(right > left + 1 && other_left > other_right + 1, "{left} {right}, {other_left} {other_right}");
        assert_eq!([left, right], [other_right, other_left]);
    }

    #[test]
    fn a_smile_moves_mouth_and_brows_and_nothing_else() {
        let somebody = Person { beard: false, ..Person::numbered(1) };
        let [sullen, merry] = [-0.3, 1.0].map(|smile| picture(&somebody, &view(0.0, smile, 0.0), SIDE));
        let moved = differing(&sullen, &merry);
        assert!(moved.iter().filter(|[_, y]| *y > SIDE / 2).count() > SIDE / 2);
        assert!(
            moved.iter().all(|[x, y]| (SIDE / 4..3 * SIDE / 4).contains(x) && (SIDE / 4..3 * SIDE / 4).contains(y))
        );
    }

    #[test]
    fn light_falls_from_the_side_it_comes_from() {
        let lit = |light: f32| {
            let picture = picture(&Person::numbered(2), &view(0.0, 0.0, light), SIDE);
            let half = |left: bool| {
                let inside = |at: usize| (at % SIDE < SIDE / 2) == left;
                picture.iter().enumerate().filter(|(at, _)| inside(*at)).map(|(_, v)| v).sum::<f32>()
            };
            half(false) - half(true)
        };
        assert!(lit(1.0) > 50.0 && lit(-1.0) < -50.0, "{} {}", lit(1.0), lit(-1.0));
    }

    #[test]
    fn a_number_always_means_the_same_person_and_others_differ() {
        let people: Vec<_> = (0..12).map(|n| picture(&Person::numbered(n), &View::FRONTAL, SIDE)).collect();
        assert_eq!(people[5], picture(&Person::numbered(5), &View::FRONTAL, SIDE));
        assert!(people.concat().iter().all(|value| (-1.0..=1.0).contains(value)));
        for (at, one) in people.iter().enumerate() {
            let nearest = people[..at].iter().map(|other| distance(one, other)).fold(1.0, f32::min);
            assert!(nearest > 0.06, "{at}: {nearest}");
        }
    }
}
