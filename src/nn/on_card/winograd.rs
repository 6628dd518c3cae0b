//! Convolutions of 3 x 3 by Winograd's F(2x2, 3x3) (Lavin and Gray 2016, "Fast algorithms for convolutional neural networks", section 4.1): 16
//! multiplications for four places instead of 36. Windows and weights are transformed where they are brought, so that nothing lies between.

use super::halves::Stored;
use super::launch::{Shader, read, spread};
use super::products::Geometry;

/// Channels and tiles of two by two places that a workgroup makes.
const CHANNELS: usize = 32;
const TILES: usize = 32;
const THREADS: usize = 256;

/// Whether maps of that width are made so: of halves, two beside each other go into a word.
pub fn fits(geometry: &Geometry, kept: Stored, wide: usize) -> bool {
    let Geometry { kernel, stride, last, .. } = *geometry;
    kernel == 3 && stride == 1 && !last && wide.is_multiple_of(kept.together())
}

/// Workgroups.
pub fn groups([n, tall, wide, co]: [usize; 4]) -> [usize; 3] {
    let [across, down] = spread((n * tall.div_ceil(2) * wide.div_ceil(2)).div_ceil(TILES));
    [across, down, co.div_ceil(CHANNELS)]
}

pub fn shader(kept: Stored, bias: bool) -> Shader {
    let every = |from: usize, text: &dyn Fn(usize) -> String| (from..from + 4).map(text).collect::<Vec<_>>().join("\n");
    let all = |text: &dyn Fn(usize) -> String| [every(0, text), every(4, text)].join("\n");
    let add = |channel: usize| {
        format!(
            "let weight_{channel} = weights[at_weights + {channel}u]; low_{channel} += weight_{channel} * low; high_{channel} += weight_{channel} * high;"
        )
    };
    let hand = |channel: usize| {
        let at = format!("at + {}u", channel % 4 * TILES);
        format!("hand_on({at}, low_{channel}); hand_on({at} + 4u, high_{channel});")
    };
    let store = match kept {
        Stored::Singles => "output[at] = one.x; if (2u * across + 1u < wide) { output[at + 1u] = one.y; }".into(),
        Stored::Halves => format!("output[at / 2u] = {};", Stored::within("one")),
    };
    kept.fill(Shader::new(include_str!("wgsl/winograd.wgsl"), [THREADS, 1]))
        .with("channels", CHANNELS)
        .with("tiles", TILES)
        .with("more", if bias { read(4, "bias") } else { String::new() })
        .with("shift", if bias { " + bias[made]" } else { "" })
        .with("zero", all(&|channel| format!("var low_{channel} = vec4(0.0); var high_{channel} = vec4(0.0);")))
        .with("add", all(&add))
        .with("hand_first", every(0, &hand))
        .with("hand_last", every(4, &hand))
        .with("store", store)
}
