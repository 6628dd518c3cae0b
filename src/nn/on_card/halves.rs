//! Maps in half precision, two numbers in a word of 32 bits, which needs no feature of a graphics card: every one packs and unpacks them. Sums stay in
//! single precision. Only what is not learned from is kept so; an operation makes maps of the kind that it is given.

use burn::tensor::{DType, Tensor};
use burn_wgpu::{CubeTensor, Wgpu, into_contiguous};

use super::launch::{Shader, count, dims, known, read, room, spread, written};

/// How the numbers of maps lie on the card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stored {
    Singles,
    Halves,
}

impl Stored {
    pub fn of(x: &CubeTensor) -> Self {
        if x.dtype == DType::F16 { Self::Halves } else { Self::Singles }
    }

    /// Room for maps of that shape, never read before it is written. A word of halves is of one plane.
    pub fn room<const D: usize>(self, shape: [usize; D], like: &CubeTensor) -> CubeTensor {
        match self {
            Self::Singles => room(shape, like),
            Self::Halves => {
                assert!(shape[D - 2..].iter().product::<usize>().is_multiple_of(2), "half of a word: {shape:?}");
                let words = room([shape.iter().product::<usize>() / 2], like);
                CubeTensor::new_contiguous(words.client, words.device, shape.to_vec().into(), words.handle, DType::F16)
            }
        }
    }

    /// How many of them a word holds.
    pub fn together(self) -> usize {
        if self == Self::Halves { 2 } else { 1 }
    }

    /// What a buffer of them is an array of.
    pub fn words(self) -> &'static str {
        if self == Self::Halves { "u32" } else { "f32" }
    }

    /// What a word is in a text that works on all of it.
    pub fn number(self) -> &'static str {
        if self == Self::Halves { "vec2<f32>" } else { "f32" }
    }

    pub fn unpack(self, word: &str) -> String {
        if self == Self::Halves { format!("unpack2x16float({word})") } else { word.into() }
    }

    pub fn pack(self, number: &str) -> String {
        if self == Self::Halves { format!("pack2x16float({number})") } else { number.into() }
    }

    /// Two numbers in a word, at most as large as a half can be.
    pub fn within(two: &str) -> String {
        format!("pack2x16float(clamp({two}, vec2(-65504.0), vec2(65504.0)))")
    }

    /// A shader's text about the maps `x` that it reads, and how one of their numbers is read.
    pub fn fill(self, shader: Shader) -> Shader {
        let value = match self {
            Self::Singles => "x[at]",
            Self::Halves => "unpack2x16float(x[at / 2u])[at % 2u]",
        };
        shader.with("stored", self.words()).with("x_at", format!("fn x_at(at: u32) -> f32 {{ return {value}; }}"))
    }

    /// What writes a number at a place of `output`, or that and the next, bent by SLOPE.
    pub fn store(self, at: &str, value: &str, next: &str) -> String {
        match self {
            Self::Singles => format!("let value = {value}; output[{at}] = max(value, SLOPE * value);"),
            Self::Halves => {
                format!(
                    "let two = vec2({value}, {next}); output[({at}) / 2u] = {};",
                    Self::within("max(two, SLOPE * two)")
                )
            }
        }
    }
}

/// `work` at every word of what is made, `x` and `output` arrays of what is named.
fn converted<const D: usize>(x: Tensor<D>, made: Stored, of: [&str; 2], work: &'static str) -> Tensor<D> {
    let x = into_contiguous(x.try_into_primitive::<Wgpu>().expect("of the card's own device"));
    let output = made.room(dims::<D>(&x), &x);
    let shader = known("convert", (of, work), || {
        let bound = [(read(0, "x"), of[0]), (written(1, "output"), of[1])].map(|(line, of)| line.replace("f32", of));
        Shader::new(include_str!("wgsl/each.wgsl"), [256, 1])
            .with("bound", bound.join("\n"))
            .with("like", "output")
            .with("work", work)
    });
    let [across, down] = spread((count(&output) / made.together()).div_ceil(256));
    shader.run([across, down, 1], &[&x, &output]);
    Tensor::from_primitive::<Wgpu>(output)
}

/// Planes of an even number of places as halves.
pub fn narrowed(x: Tensor<4>) -> Tensor<4> {
    let work = "output[at] = pack2x16float(vec2(x[2u * at], x[2u * at + 1u]));";
    converted(x, Stored::Halves, ["f32", "u32"], work)
}

/// Halves as single numbers.
pub fn widened<const D: usize>(x: Tensor<D>) -> Tensor<D> {
    converted(x, Stored::Singles, ["u32", "f32"], "output[at] = unpack2x16float(x[at / 2u])[at % 2u];")
}

/// The first two of halves.
pub fn first(x: Tensor<4>) -> Tensor<1> {
    let words = into_contiguous(x.try_into_primitive::<Wgpu>().expect("of the card's own device"));
    let two = CubeTensor::new_contiguous(words.client, words.device, [2].into(), words.handle, DType::F16);
    widened(Tensor::<1>::from_primitive::<Wgpu>(two))
}
