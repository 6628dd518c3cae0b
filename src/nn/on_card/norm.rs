//! Instance and batch norms with the leaky ReLU behind them, there and back. A group is what has moments of its own: a plane, or a channel of a batch.

use burn::tensor::Tensor;
use burn_wgpu::{CubeTensor, Wgpu, into_contiguous};

use super::halves::Stored;
use super::launch::{Shader, dims, known, number, read, room, room_like, whole, written};
use super::{Given, Taped, run};
use crate::nn::norm::EPSILON;

/// Numbers whose moments a workgroup takes.
const PART: usize = 2048;
/// How many of them a thread takes, where there are enough: what a thread waits for at a barrier costs more than a number does.
const EACH: usize = 32;
const MERGE: &str = include_str!("wgsl/merge.wgsl");

/// Threads that add up a part of a group of that size.
fn threads(size: usize) -> usize {
    size.min(PART).div_ceil(EACH).next_power_of_two().clamp(16, PART / EACH)
}

/// A norm, and the slope of the leaky ReLU behind it (0: a ReLU, 1: none).
#[derive(Debug, Clone, Copy)]
struct Norm {
    /// Groups are channels, which come last; otherwise planes, one after another.
    channels: bool,
    slope: f32,
}

/// Numbers of a group, and groups.
type Sizes = [usize; 2];

impl Norm {
    fn sizes(&self, x: &CubeTensor) -> Sizes {
        let [n, a, b, c] = dims(x);
        if self.channels { [n * a * b, c] } else { [b * c, n * a] }
    }

    /// A text by which a workgroup adds up a part of a group.
    fn adding(&self, text: &'static str, size: usize) -> Shader {
        self.fill(text, threads(size)).with("threads", threads(size))
    }

    fn fill(&self, text: &'static str, threads: usize) -> Shader {
        Shader::new(text, [threads, 1])
            .with("part", PART)
            .with("slope", number(self.slope.into()))
            .with("epsilon", number(EPSILON))
            .with("merge", MERGE)
            .with("place", self.place())
    }

    fn moments(&self, x: &CubeTensor, [size, groups]: Sizes, sizes: &CubeTensor) -> CubeTensor {
        let parts = size.div_ceil(PART);
        let moments = room([groups, parts, 2], x);
        let kept = Stored::of(x);
        let shader = known("moments", (self, kept, threads(size)), || {
            self.words(kept, self.adding(include_str!("wgsl/moments.wgsl"), size))
        });
        shader.run([parts, groups, 1], &[x, sizes, &moments]);
        moments
    }

    /// What comes out, and the moments of every group's parts.
    fn there(
        &self,
        x: &CubeTensor,
        learned: Option<[&CubeTensor; 2]>,
        onto: Option<&CubeTensor>,
    ) -> (CubeTensor, CubeTensor) {
        let [size, groups] = self.sizes(x);
        let sizes = whole(vec![size as i32, groups as i32], x);
        let moments = self.moments(x, [size, groups], &sizes);
        let kept = Stored::of(x);
        let output = kept.room(dims::<4>(x), x);
        let shader = known("normalise", (self, kept, learned.is_some(), onto.is_some()), || {
            let more = match (learned, onto) {
                (Some(_), _) => [read(4, "scale"), read(5, "shift")].join("\n"),
                (None, Some(_)) => read(4, "onto").replace("f32", kept.words()),
                (None, None) => String::new(),
            };
            self.words(kept, self.fill(include_str!("wgsl/normalise.wgsl"), 256))
                .with("more", more)
                .with("learned", if learned.is_some() { " * scale[group] + shift[group]" } else { "" })
                .with("onto", if onto.is_some() { format!(" + {}", kept.unpack("onto[place]")) } else { String::new() })
                .with("pack", kept.pack("made"))
        });
        let given = [x, &sizes, &moments, &output].into_iter().chain(learned.into_iter().flatten()).chain(onto);
        shader.run([(size / kept.together()).div_ceil(4 * 256), groups, 1], &given.collect::<Vec<_>>());
        (output, moments)
    }

    /// What a text says that takes a word at a time.
    fn words(&self, kept: Stored, shader: Shader) -> Shader {
        shader
            .with("stored", kept.words())
            .with("together", kept.together())
            .with("number", kept.number())
            .with("total", if kept == Stored::Halves { "number.x + number.y" } else { "number" })
            .with("unpack", kept.unpack("x[place]"))
            .with("word", if self.channels { "at * u32(sizes[1]) + group" } else { "group * words + at" })
    }

    fn place(&self) -> &'static str {
        if self.channels { "at * u32(sizes[1]) + group" } else { "group * size + at" }
    }

    /// The gradients in what was given, in scale and in shift.
    fn back(
        &self,
        x: &CubeTensor,
        scale: Option<&CubeTensor>,
        output: &CubeTensor,
        moments: &CubeTensor,
        gradient: CubeTensor,
    ) -> [Option<CubeTensor>; 3] {
        let gradient = into_contiguous(gradient);
        let [size, groups] = self.sizes(x);
        let sizes = whole(vec![size as i32, groups as i32], x);
        let parts = size.div_ceil(PART);
        let sums = room([groups, parts, 2], x);
        let shader =
            known("norm sums", (self, threads(size)), || self.adding(include_str!("wgsl/norm_sums.wgsl"), size));
        shader.run([parts, groups, 1], &[x, &sizes, moments, output, &gradient, &sums]);
        let totals = room([groups, 4], x);
        let learned = scale.map(|_| [room([groups], x), room([groups], x)]);
        let shader = known("norm totals", (self, scale.is_some()), || {
            let (more, learned) = match scale {
                Some(_) => (
                    [written(4, "scale"), written(5, "shift")].join("\n"),
                    "scale[group] = sum.y; shift[group] = sum.x;",
                ),
                None => (String::new(), ""),
            };
            self.fill(include_str!("wgsl/norm_totals.wgsl"), 64).with("more", more).with("learned", learned)
        });
        let given = [moments, &sizes, &sums, &totals].into_iter().chain(learned.iter().flatten());
        shader.run([groups.div_ceil(64), 1, 1], &given.collect::<Vec<_>>());
        let made = room_like(x);
        let shader = known("norm gradient", (self, scale.is_some()), || {
            self.fill(include_str!("wgsl/norm_gradient.wgsl"), 256)
                .with("more", if scale.is_some() { read(6, "scale") } else { String::new() })
                .with("learned", if scale.is_some() { " * scale[group]" } else { "" })
        });
        let given = [x, &sizes, &totals, output, &gradient, &made].into_iter().chain(scale);
        shader.run([size.div_ceil(4 * 256), groups, 1], &given.collect::<Vec<_>>());
        let [scale, shift] = learned.map_or([None, None], |learned| learned.map(Some));
        [Some(made), scale, shift]
    }
}

impl Taped<Wgpu, 1> for Norm {
    type Tape = CubeTensor;

    fn there(&self, [x]: &[CubeTensor; 1]) -> (CubeTensor, CubeTensor) {
        Self::there(self, x, None, None)
    }

    fn back(
        &self,
        [x]: &[CubeTensor; 1],
        output: &CubeTensor,
        moments: CubeTensor,
        gradient: CubeTensor,
        _: [bool; 1],
    ) -> [Option<CubeTensor>; 1] {
        let [made, ..] = Self::back(self, x, None, output, &moments, gradient);
        [made]
    }
}

impl Taped<Wgpu, 3> for Norm {
    type Tape = CubeTensor;

    fn there(&self, [x, scale, shift]: &[CubeTensor; 3]) -> (CubeTensor, CubeTensor) {
        Self::there(self, x, Some([scale, shift]), None)
    }

    fn back(
        &self,
        [x, scale, _]: &[CubeTensor; 3],
        output: &CubeTensor,
        moments: CubeTensor,
        gradient: CubeTensor,
        _: [bool; 3],
    ) -> [Option<CubeTensor>; 3] {
        Self::back(self, x, Some(scale), output, &moments, gradient)
    }
}

/// Each plane to mean 0 and (biased) variance 1, then a leaky ReLU.
///
/// # Shapes
/// `[n, channels, height, width]` -> the same
pub fn instance_norm(x: Tensor<4>, slope: f32) -> Tensor<4> {
    run::<_, 1, 4>(Norm { channels: false, slope }, [x.into()]).0
}

/// The norm alone, added to `onto`; without a way back.
///
/// # Shapes
/// `[n, channels, height, width]`, both
pub fn instance_norm_onto(x: Tensor<4>, onto: Tensor<4>) -> Tensor<4> {
    let [x, onto] = [x, onto].map(|maps| Given::<Wgpu>::from(maps).numbers);
    Tensor::from_primitive::<Wgpu>(Norm { channels: false, slope: 1.0 }.there(&x, None, Some(&onto)).0)
}

/// Also mean and (biased) variance of each channel, without automatic differentiation.
///
/// # Shapes
/// `[n, height, width, channels]`, `[channels]`, `[channels]`
pub fn batch_norm(x: Tensor<4>, scale: Tensor<1>, shift: Tensor<1>, slope: f32) -> (Tensor<4>, [Tensor<1>; 2]) {
    let [n, height, width, channels] = x.dims();
    let norm = Norm { channels: true, slope };
    let (output, moments) = run::<_, 3, 4>(norm, [x.into(), scale.into(), shift.into()]);
    let sizes = whole(vec![(n * height * width) as i32, channels as i32], &moments);
    let settled = [room([channels], &moments), room([channels], &moments)];
    let [mean, variance] = &settled;
    known("settle", norm, || norm.fill(include_str!("wgsl/settle.wgsl"), 64))
        .run([channels.div_ceil(64), 1, 1], &[&moments, &sizes, mean, variance]);
    (output, settled.map(Tensor::from_primitive::<Wgpu>))
}
