//! Convolutions of 3 x 3 by Winograd's F(2x2, 3x3) (Lavin and Gray 2016, "Fast algorithms for convolutional neural networks", section 4.1): 16
//! multiplications for four places instead of 36. Windows and weights are transformed where they are brought, so that nothing lies between.

use super::halves::Stored;
use super::launch::{Shader, read, spread};
use super::products::Geometry;

/// Channels and tiles of two by two places that a workgroup makes.
const CHANNELS: usize = 32;
const TILES: usize = 16;
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
    let every = |text: &dyn Fn(usize) -> String| (0..8).map(text).collect::<Vec<_>>().join("\n");
    let store = match kept {
        Stored::Singles => "output[at] = one.x; if (2u * across + 1u < wide) { output[at + 1u] = one.y; }".into(),
        Stored::Halves => format!("output[at / 2u] = {};", Stored::within("one")),
    };
    kept.fill(Shader::new(include_str!("wgsl/winograd.wgsl"), [THREADS, 1]))
        .with("more", if bias { read(4, "bias") } else { String::new() })
        .with("shift", if bias { " + bias[made]" } else { "" })
        .with("zero", every(&|channel| format!("var sum_{channel} = vec4(0.0);")))
        .with("add", every(&|channel| format!("sum_{channel} += weights[at_weights + {channel}u] * four;")))
        .with("hand", every(&|channel| format!("hand_on(at + {}u, sum_{channel});", channel * TILES)))
        .with("store", store)
}
