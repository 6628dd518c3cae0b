//! Signs written by our own strokes: arcs and paths with random slant, width, size, place and a little tremble,
//! drawn as anti-aliased pen strokes. No font and no recorded handwriting is involved.

mod letters;
mod zhuyin;

use std::f32::consts::TAU;

use crate::rng::Stream;

/// Pixels on a side, as in MNIST.
pub const SIDE: usize = 28;

/// What is written: the classes of a dataset are its signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Script {
    Digits,
    /// The Latin capitals.
    Letters,
    /// 注音符號
    Zhuyin,
}

impl Script {
    /// The signs in the order of their classes.
    pub fn signs(self) -> &'static str {
        match self {
            Script::Digits => "0123456789",
            Script::Letters => "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
            Script::Zhuyin => "ㄅㄆㄇㄈㄉㄊㄋㄌㄍㄎㄏㄐㄑㄒㄓㄔㄕㄖㄗㄘㄙㄧㄨㄩㄚㄛㄜㄝㄞㄟㄠㄡㄢㄣㄤㄥㄦ",
        }
    }

    pub fn classes(self) -> usize {
        self.signs().chars().count()
    }

    /// One sign by its class, `SIDE x SIDE` row by row, paper -1 and ink 1.
    pub fn draw(self, class: usize, stream: &mut Stream) -> Vec<f32> {
        self.draw_on(SIDE, class, stream)
    }

    /// [`Script::draw`] on paper of another size, written as much larger or smaller.
    pub fn draw_on(self, side: usize, class: usize, stream: &mut Stream) -> Vec<f32> {
        let (strokes, slant, breadth) = match self {
            Script::Digits => (digit_strokes(class), [-0.05, 0.35], [0.65, 0.9]),
            Script::Letters => (letters::STROKES[class % letters::STROKES.len()], [-0.05, 0.2], [0.7, 0.95]),
            Script::Zhuyin => (zhuyin::STROKES[class % zhuyin::STROKES.len()], [-0.12, 0.12], [0.85, 1.05]),
        };
        write(strokes, &Hand::draw(slant, breadth, stream), side, stream)
    }
}

/// A stroke in the unit square, y down.
#[derive(Clone, Copy)]
enum Stroke {
    Line([f32; 2], [f32; 2]),
    /// Centre, radii, start and sweep in turns, clockwise from the right.
    Arc([f32; 2], [f32; 2], f32, f32),
    /// From point to point.
    Path(&'static [[f32; 2]]),
}
use Stroke::{Arc, Line, Path};

fn digit_strokes(digit: usize) -> &'static [Stroke] {
    match digit {
        0 => &[Arc([0.5, 0.5], [0.32, 0.46], 0.75, 1.0)],
        1 => &[Line([0.34, 0.2], [0.55, 0.04]), Line([0.55, 0.04], [0.55, 0.96])],
        2 => &[
            Arc([0.5, 0.29], [0.3, 0.25], 0.53, 0.58),
            Line([0.71, 0.44], [0.2, 0.95]),
            Line([0.2, 0.95], [0.82, 0.95]),
        ],
        3 => &[Arc([0.47, 0.27], [0.28, 0.23], 0.58, 0.67), Arc([0.47, 0.73], [0.32, 0.23], 0.75, 0.67)],
        4 => &[Line([0.6, 0.04], [0.18, 0.64]), Line([0.18, 0.64], [0.86, 0.64]), Line([0.66, 0.36], [0.66, 0.97])],
        5 => &[
            Line([0.76, 0.06], [0.3, 0.06]),
            Line([0.3, 0.06], [0.27, 0.45]),
            Arc([0.46, 0.67], [0.31, 0.28], 0.64, 0.76),
        ],
        6 => &[Arc([0.78, 0.7], [0.56, 0.66], 0.5, 0.23), Arc([0.5, 0.69], [0.28, 0.26], 0.5, 1.0)],
        7 => &[Line([0.2, 0.06], [0.8, 0.06]), Line([0.8, 0.06], [0.42, 0.96])],
        8 => &[Arc([0.5, 0.27], [0.25, 0.22], 0.25, 1.0), Arc([0.5, 0.73], [0.3, 0.24], 0.75, 1.0)],
        _ => &[Arc([0.5, 0.3], [0.27, 0.25], 0.0, 1.0), Arc([0.22, 0.3], [0.55, 0.66], 0.0, 0.23)],
    }
}

/// One digit, `SIDE x SIDE` row by row, paper -1 and ink 1.
pub fn digit(digit: usize, stream: &mut Stream) -> Vec<f32> {
    Script::Digits.draw(digit, stream)
}

fn write(strokes: &[Stroke], hand: &Hand, side: usize, stream: &mut Stream) -> Vec<f32> {
    let lines: Vec<Vec<[f32; 2]>> = strokes.iter().map(|s| hand.write(&polyline(*s), stream)).collect();
    let (width, scale) = (hand.width, side as f32 / SIDE as f32);
    // Squares of the distance to the nearest stroke; farther away than this there is no ink.
    let mut nearest = vec![f32::INFINITY; side * side];
    let reach = width + 1.0 / scale;
    for [a, b] in lines.iter().flat_map(|line| line.windows(2)).map(|ends| [ends[0], ends[1]]) {
        let within = |axis: usize| {
            let (low, high) = (a[axis].min(b[axis]) - reach, a[axis].max(b[axis]) + reach);
            let place = |at: f32| ((at * scale) as isize).clamp(0, side as isize) as usize;
            place(low)..place(high + 1.0)
        };
        let columns = within(0);
        for y in within(1) {
            for (x, nearest) in columns.clone().zip(&mut nearest[y * side + columns.start..]) {
                let square = square_of_distance([(x as f32 + 0.5) / scale, (y as f32 + 0.5) / scale], a, b);
                if square < *nearest {
                    *nearest = square;
                }
            }
        }
    }
    // One pixel of anti-aliasing at the edge of the pen.
    nearest.into_iter().map(|square| ((width - square.sqrt()) * scale + 0.5).clamp(0.0, 1.0) * 2.0 - 1.0).collect()
}

/// How this sign is written: the map from the unit square to pixels, and the pen.
struct Hand {
    slant: f32,
    size: [f32; 2],
    shift: [f32; 2],
    turn: f32,
    /// Half the pen's width in pixels.
    width: f32,
    tremble: f32,
}

impl Hand {
    /// A hand with a slant and a breadth (width to height) within these bounds.
    fn draw(slant: [f32; 2], breadth: [f32; 2], stream: &mut Stream) -> Self {
        let height = stream.range(17.0, 21.0);
        Self {
            slant: stream.range(slant[0], slant[1]),
            size: [height * stream.range(breadth[0], breadth[1]), height],
            shift: [stream.range(-1.5, 1.5), stream.range(-1.5, 1.5)],
            turn: stream.range(-0.12, 0.12),
            width: stream.range(0.8, 1.7),
            tremble: 0.025,
        }
    }

    fn write(&self, line: &[[f32; 2]], stream: &mut Stream) -> Vec<[f32; 2]> {
        let bend = [self.tremble * stream.normal(), self.tremble * stream.normal()];
        let centre = SIDE as f32 / 2.0;
        let (sin, cos) = self.turn.sin_cos();
        line.iter()
            .map(|&[x, y]| {
                let (x, y) = (x - 0.5 + bend[0], y - 0.5 + bend[1]);
                let (x, y) = ((x - self.slant * y) * self.size[0], y * self.size[1]);
                [centre + self.shift[0] + cos * x - sin * y, centre + self.shift[1] + sin * x + cos * y]
            })
            .collect()
    }
}

fn polyline(stroke: Stroke) -> Vec<[f32; 2]> {
    match stroke {
        Line(from, to) => vec![from, to],
        Path(points) => points.to_vec(),
        Arc([x, y], [rx, ry], start, sweep) => {
            let pieces = (sweep * 20.0).ceil() as usize;
            (0..=pieces)
                .map(|i| {
                    let (sin, cos) = (TAU * (start + sweep * i as f32 / pieces as f32)).sin_cos();
                    [x + rx * cos, y + ry * sin]
                })
                .collect()
        }
    }
}

fn square_of_distance(p: [f32; 2], a: [f32; 2], b: [f32; 2]) -> f32 {
    let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
    let along = (((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / (dx * dx + dy * dy).max(1e-12)).clamp(0.0, 1.0);
    let (right, down) = (p[0] - a[0] - along * dx, p[1] - a[1] - along * dy);
    right * right + down * down
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Purpose;

    const SCRIPTS: [Script; 3] = [Script::Digits, Script::Letters, Script::Zhuyin];

    #[test]
    fn signs_are_ink_on_paper_and_keep_off_the_edge() {
        let mut stream = Stream::new(5, Purpose::Batch, 0);
        for script in SCRIPTS {
            for at in 0..20 * script.classes() {
                let class = at % script.classes();
                let picture = script.draw(class, &mut stream);
                let ink = picture.iter().map(|v| (v + 1.0) / 2.0).sum::<f32>() / picture.len() as f32;
                assert!((0.02..0.35).contains(&ink), "{script:?} {class}: {ink}");
                let edge = |at: usize| [at / SIDE, at % SIDE].iter().any(|place| [0, SIDE - 1].contains(place));
                let touching = (0..SIDE * SIDE).filter(|at| edge(*at) && picture[*at] == 1.0).count();
                assert!(touching < 4, "{script:?} {class}: {touching} pixels");
            }
        }
    }

    /// A nearest-mean reader tells fresh signs apart, of every class: the shapes are different things.
    #[test]
    fn signs_can_be_read() {
        for script in SCRIPTS {
            let mut stream = Stream::new(6, Purpose::Batch, 0);
            let mean = |class: usize| {
                let mut mean = vec![0.0; SIDE * SIDE];
                for _ in 0..60 {
                    mean.iter_mut().zip(script.draw(class, &mut stream)).for_each(|(m, v)| *m += v / 60.0);
                }
                mean
            };
            let means: Vec<Vec<f32>> = (0..script.classes()).map(mean).collect();
            let read = |picture: &[f32]| {
                let far = |class: &usize| means[*class].iter().zip(picture).map(|(m, v)| (m - v).powi(2)).sum::<f32>();
                (0..means.len()).min_by(|a, b| far(a).total_cmp(&far(b))).unwrap()
            };
            let mut stream = Stream::new(7, Purpose::Batch, 0);
            let right = |class| (0..30).filter(|_| read(&script.draw(class, &mut stream)) == class).count();
            let right: Vec<usize> = (0..script.classes()).map(right).collect();
            let share = right.iter().sum::<usize>() as f32 / (30 * right.len()) as f32;
            assert!(share > 0.8 && right.iter().all(|right| *right > 15), "{script:?}: {share} {right:?}");
        }
    }
}
