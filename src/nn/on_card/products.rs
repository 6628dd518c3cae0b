//! What convolutions, their transposes and their gradients are: products of matrices that nobody lays out, through shared memory.

use burn_wgpu::CubeTensor;

use super::halves::Stored;
use super::launch::{Shader, dims, known, number, read, room, spread, whole, written};
use super::{direct, winograd};

/// Output places and channels of a workgroup, and its threads: four places of four channels each.
const PLACES: usize = 64;
const CHANNELS: usize = 32;
const ACROSS: usize = PLACES / 4;
const DOWN: usize = CHANNELS / 4;
/// Columns of the weights that a workgroup holds.
const STEP: usize = 16;
/// Places of which a workgroup adds up a weight's gradient, at least, and the side of what it makes.
const PART: usize = 512;
const TILE: usize = 32;
/// Numbers of all parts of a gradient together, at most: 32 MB.
const PARTIAL: usize = 1 << 23;

/// A square convolution's windows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Geometry {
    pub kernel: usize,
    pub stride: usize,
    pub padding: usize,
    /// Channels come last in the maps.
    pub last: bool,
}

/// Pictures, height, width, channels, however they lie.
pub type Shape = [usize; 4];

impl Geometry {
    /// Rows of numbers: pictures of one pixel.
    pub const ROWS: Self = Self { kernel: 1, stride: 1, padding: 0, last: true };

    pub fn shape(&self, x: &CubeTensor) -> Shape {
        let [n, a, b, c] = dims(x);
        if self.last { [n, a, b, c] } else { [n, b, c, a] }
    }

    fn laid(&self, [n, height, width, channels]: Shape) -> [usize; 4] {
        if self.last { [n, height, width, channels] } else { [n, channels, height, width] }
    }

    /// Each of a side's rows as the windows see them, zeros around them.
    pub fn padded(&self, side: usize) -> Vec<i32> {
        let zeros = vec![-1; self.padding];
        [&zeros[..], &(0..side as i32).collect::<Vec<_>>(), &zeros].concat()
    }

    /// Where `channels` of a map lie, in the names that a shader has for picture, channel, height, row, width and column.
    pub fn place(
        &self,
        picture: &str,
        channels: &str,
        channel: &str,
        [height, row, width, column]: [&str; 4],
    ) -> String {
        match self.last {
            true => format!("(({picture} * {height} + {row}) * {width} + {column}) * {channels} + {channel}"),
            false => format!("(({picture} * {channels} + {channel}) * {height} + {row}) * {width} + {column}"),
        }
    }

    fn fill(&self, shader: Shader, [ci, co]: [usize; 2]) -> Shader {
        shader.with("ci", ci).with("co", co).with("kernel", self.kernel).with("stride", self.stride)
    }
}

/// A product's text of maps kept so; `stored` says what is done with the sums at a place and at the next.
fn product(
    text: &'static str,
    [given, made]: [Stored; 2],
    bias: bool,
    stored: impl Fn(&str, &str, &str) -> String,
) -> Shader {
    // Lanes are a part of the places apart, or two beside each other where two go into a word.
    let beside = made.together();
    let offset = |lane: usize| lane % beside + lane / beside * beside * ACROSS;
    let own = format!("{beside}u * local.x");
    let every = |text: &dyn Fn(usize) -> String| (0..4).map(text).collect::<Vec<_>>().join("\n");
    let shift = if bias { " + bias[four + each]" } else { "" };
    let sum = |lane: usize| format!("sum_{lane}[each]{shift}");
    let store = |lane: usize| match lane % beside {
        0 => {
            let place = format!("(first + {own} + {}u)", offset(lane));
            format!("if ({place} < all) {{ {} }}", stored(&place, &sum(lane), &sum(lane + 1)))
        }
        _ => String::new(),
    };
    given
        .fill(Shader::new(text, [ACROSS, DOWN]))
        .with("made", made.words())
        .with("own", &own)
        .with("across", ACROSS)
        .with("down", DOWN)
        .with("channels", CHANNELS)
        .with("weights", STEP * CHANNELS / 4)
        .with("windows", STEP * PLACES)
        .with("more", if bias { read(4, "bias") } else { String::new() })
        .with("zero", every(&|lane| format!("var sum_{lane} = vec4(0.0);")))
        .with("add", every(&|lane| format!("sum_{lane} += four * windows[at + {}u];", offset(lane))))
        .with("store", every(&store))
}

/// How a product's weights lie, and the leaky ReLU behind it (slope 1: none).
#[derive(Clone, Copy)]
pub struct Weighting {
    /// `[inputs, outputs]`, as a fully connected layer has them.
    pub inputs_first: bool,
    pub slope: f32,
}

pub const PLAIN: Weighting = Weighting { inputs_first: false, slope: 1.0 };

/// A convolution of these rows and columns.
pub fn forward(
    geometry: Geometry,
    Weighting { inputs_first, slope }: Weighting,
    x: &CubeTensor,
    [n, height, width, ci]: Shape,
    [weight, bias]: [Option<&CubeTensor>; 2],
    co: usize,
    [rows, columns]: [&[i32]; 2],
) -> CubeTensor {
    let [tall, wide] = [rows, columns].map(|places| (places.len() - geometry.kernel) / geometry.stride + 1);
    let sizes = [height, width, tall, wide, rows.len(), n].map(|size| size as i32);
    let under = whole([&sizes[..], rows, columns].concat(), x);
    let kept = Stored::of(x);
    let output = kept.room(geometry.laid([n, tall, wide, co]), x);
    let given = [Some(x), weight, Some(&under), Some(&output), bias].into_iter().flatten().collect::<Vec<_>>();
    let about = (geometry, kept, ci, co, inputs_first, slope.to_bits(), bias.is_some());
    if direct::fits(co, ci * geometry.kernel.pow(2)) {
        let share = direct::Share::of(n * tall * wide, co, kept);
        let shader = known("direct", (about, share), || {
            let reach = direct::forward(geometry.kernel, ci, co, inputs_first);
            geometry.fill(direct::shader(&geometry, &reach, bias.is_some(), slope, share, [kept; 2]), [ci, co])
        });
        let [across, down] = spread(share.groups(n * tall * wide));
        shader.run([across, down, share.tiles(co)], &given);
        return output;
    }
    if winograd::fits(&geometry, kept, wide) {
        let shader = known("winograd", about, || geometry.fill(winograd::shader(kept, bias.is_some()), [ci, co]));
        let [across, down, deep] = winograd::groups([n, tall, wide, co]);
        shader.run([across, down, deep], &given);
        return output;
    }
    let shader = known("convolve", about, || {
        let shader = product(include_str!("wgsl/convolve.wgsl"), [kept; 2], bias.is_some(), |place, sum, next| {
            let at = match geometry.last {
                true => format!("{place} * CO + four + each"),
                false => format!("({place} / places * CO + four + each) * places + {place} % places"),
            };
            kept.store(&at, sum, next)
        });
        let place_in = geometry.place("picture", "CI", "from_channel", ["height", "u32(y)", "width", "u32(z)"]);
        geometry
            .fill(shader, [ci, co])
            .with("slope", number(slope.into()))
            .with("weight", if inputs_first { "k * CO + channel" } else { "channel * K + k" })
            .with("place_in", place_in)
    });
    let [across, down] = spread((n * tall * wide).div_ceil(PLACES));
    shader.run([across, down, co.div_ceil(CHANNELS)], &given);
    output
}

/// The transpose of a convolution, onto maps of that height and width; weights `[inputs, outputs, kernel, kernel]`. It makes single numbers: places
/// beside each other are of two phases.
pub fn backward(
    geometry: Geometry,
    x: &CubeTensor,
    [n, height, width, ci]: Shape,
    [weight, bias]: [Option<&CubeTensor>; 2],
    [tall, wide, co]: [usize; 3],
) -> CubeTensor {
    let sizes = whole([height, width, tall, wide, n].map(|size| size as i32).to_vec(), x);
    let output = room(geometry.laid([n, tall, wide, co]), x);
    let given = [Some(x), weight, Some(&sizes), Some(&output), bias].into_iter().flatten().collect::<Vec<_>>();
    let stride = geometry.stride;
    let kept = [Stored::of(x), Stored::Singles];
    let about = (geometry, kept[0], ci, co, bias.is_some());
    // Of the phase with the most of them.
    let places = n * tall.div_ceil(stride) * wide.div_ceil(stride);
    if direct::fits(co, ci * geometry.kernel.div_ceil(stride).pow(2)) {
        let share = direct::Share::of(places, co, Stored::Singles);
        let shader = known("direct transpose", (about, share), || {
            let reach = direct::backward(geometry.kernel, stride, co);
            geometry.fill(direct::shader(&geometry, &reach, bias.is_some(), 1.0, share, kept), [ci, co])
        });
        let [across, down] = spread(share.groups(places));
        shader.run([across, down, stride * stride * share.tiles(co)], &given);
        return output;
    }
    let shader = known("transpose", about, || {
        let shader = product(include_str!("wgsl/transpose.wgsl"), kept, bias.is_some(), |place, sum, _| {
            let row = format!("(begin_row + STRIDE * ({place} % places / many_columns))");
            let column = format!("(begin_column + STRIDE * ({place} % many_columns))");
            let picture = format!("({place} / places)");
            let at = geometry.place(&picture, "CO", "four + each", ["tall", &row, "wide", &column]);
            format!("output[{at}] = {sum};")
        });
        let place_in = geometry.place("picture", "CI", "from_channel", ["height", "u32(y)", "width", "u32(z)"]);
        geometry.fill(shader, [ci, co]).with("padding", geometry.padding).with("place_in", place_in)
    });
    let [across, down] = spread(places.div_ceil(PLACES));
    shader.run([across, down, stride * stride * co.div_ceil(CHANNELS)], &given);
    output
}

/// What is added up beside a weight's gradient: nothing, or over all places what was given there, or what lies under the windows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beside {
    Nothing,
    Given,
    Under,
}

/// A gradient in weights `[given's channels, under's channels, kernel, kernel]`, flat, and the sums beside it.
pub fn weight_gradient(
    geometry: Geometry,
    beside: Beside,
    given: (&CubeTensor, Shape),
    under: (&CubeTensor, Shape),
) -> (CubeTensor, Option<CubeTensor>) {
    let ((given, [n, tall, wide, co]), (under, [_, height, width, ci])) = (given, under);
    let k = ci * geometry.kernel * geometry.kernel;
    let (row, column) = (usize::from(beside == Beside::Under), usize::from(beside == Beside::Given));
    let places = n * tall * wide;
    let most = (PARTIAL / ((co + row) * (k + column))).max(1);
    let part = places.div_ceil(places.div_ceil(PART).min(most)).next_multiple_of(STEP);
    let parts = places.div_ceil(part);
    let sizes = whole([height, width, tall, wide, n].map(|size| size as i32).to_vec(), given);
    let more = |count: usize| if count > 0 { " + 1u" } else { "" };
    let made = room([parts * (co + row) * (k + column)], given);
    let shader = known("weight gradient", (geometry, ci, co, part, beside), || {
        geometry
            .fill(Shader::new(include_str!("wgsl/weight_gradient.wgsl"), [16, 16]), [ci, co])
            .with("padding", geometry.padding)
            .with("part", part)
            .with("row", more(row))
            .with("column", more(column))
            .with("place_given", geometry.place("picture", "CO", "row", ["1u", "0u", "places", "within"]))
            .with("place_under", geometry.place("picture", "CI", "channel", ["height", "u32(y)", "width", "u32(z)"]))
    });
    let tiles = [k + column, co + row].map(|side| side.div_ceil(TILE));
    shader.run([tiles[0], tiles[1], parts], &[given, under, &sizes, &made]);
    if parts == 1 && beside == Beside::Nothing {
        return (made, None);
    }
    let weights = room([co * k], given);
    let sums = match beside {
        Beside::Nothing => None,
        Beside::Given => Some(room([co], given)),
        Beside::Under => Some(room([k], given)),
    };
    let shader = known("add up", (co, k, beside), || {
        let ones = match beside {
            Beside::Nothing => "",
            Beside::Given => " else { ones[row] = sum; }",
            Beside::Under => " else { ones[column] = sum; }",
        };
        Shader::new(include_str!("wgsl/add_up.wgsl"), [256, 1])
            .with("co", co)
            .with("k", k)
            .with("row", more(row))
            .with("column", more(column))
            .with("more", if sums.is_some() { written(2, "ones") } else { String::new() })
            .with("ones", ones)
    });
    let [across, down] = spread(((co + row) * (k + column)).div_ceil(256));
    let outputs = [Some(&made), Some(&weights), sums.as_ref()].into_iter().flatten().collect::<Vec<_>>();
    shader.run([across, down, 1], &outputs);
    (weights, sums)
}
