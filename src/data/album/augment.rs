//! How a picture is changed each time it is shown.

use serde::{Deserialize, Serialize};

use crate::rng::Stream;

/// How a picture is changed each time it is shown, so that few pictures go further.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Augment {
    None,
    /// Left and right exchanged half of the time: for photos, not for signs.
    Mirror,
    /// A little turned, moved and scaled: for drawings and signs.
    Shake,
}

impl Augment {
    pub const ALL: [Augment; 3] = [Augment::None, Augment::Mirror, Augment::Shake];
}

/// What is done to one picture: a map from the places of the new picture to those of the old one, about their middles.
pub(super) struct Change {
    mirrored: bool,
    /// Columns of the linear part and the shift, in pixels; none where the pixels stay in their places.
    shake: Option<[f32; 4]>,
}

impl Change {
    pub(super) fn draw(augment: Augment, side: usize, stream: &mut Stream) -> Self {
        let mirrored = augment == Augment::Mirror && stream.uniform() < 0.5;
        let shake = (augment == Augment::Shake).then(|| {
            let (sin, cos) = stream.range(-0.17, 0.17).sin_cos();
            let scale = 1.0 / stream.range(0.88, 1.08);
            let reach = 0.06 * side as f32;
            [scale * cos, scale * sin, stream.range(-reach, reach), stream.range(-reach, reach)]
        });
        Self { mirrored, shake }
    }

    pub(super) fn append(&self, channel: &[u8], side: usize, values: &mut Vec<f32>) {
        let centred = |byte: f32| byte / 127.5 - 1.0;
        match self.shake {
            Some([cos, sin, right, down]) => {
                let middle = (side - 1) as f32 / 2.0;
                for at in 0..side * side {
                    let (x, y) = ((at % side) as f32 - middle - right, (at / side) as f32 - middle - down);
                    values.push(centred(between(
                        channel,
                        side,
                        middle + cos * x + sin * y,
                        middle - sin * x + cos * y,
                    )));
                }
            }
            None => {
                for row in channel.chunks(side) {
                    match self.mirrored {
                        true => values.extend(row.iter().rev().map(|byte| centred(*byte as f32))),
                        false => values.extend(row.iter().map(|byte| centred(*byte as f32))),
                    }
                }
            }
        }
    }
}

/// Bilinear; beyond the edge its pixels go on.
fn between(channel: &[u8], side: usize, x: f32, y: f32) -> f32 {
    let last = (side - 1) as f32;
    let (x, y) = (x.clamp(0.0, last), y.clamp(0.0, last));
    let (column, row) = (x as usize, y as usize);
    let pixel = |dx: usize, dy: usize| channel[(row + dy).min(side - 1) * side + (column + dx).min(side - 1)] as f32;
    let (u, v) = (x - column as f32, y - row as f32);
    (pixel(0, 0) * (1.0 - u) + pixel(1, 0) * u) * (1.0 - v) + (pixel(0, 1) * (1.0 - u) + pixel(1, 1) * u) * v
}
