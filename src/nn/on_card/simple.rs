//! Operations of one input, each one dispatch there and one back.

use burn::tensor::Tensor;
use burn_wgpu::{CubeTensor, Wgpu, into_contiguous};
use std::sync::Arc;

use super::launch::{Shader, count, dims, known, number, read, room, room_like, spread, whole, written};
use super::{Given, Taped, run};
use crate::nn::kernels::training::Bend;

type Named<'a> = (&'a str, &'a CubeTensor);

/// What is read and what is written, by name, in their places.
fn storage(given: &[&str], made: &[&str]) -> String {
    let mut lines: Vec<String> = given.iter().enumerate().map(|(place, name)| read(place, name)).collect();
    lines.extend(made.iter().enumerate().map(|(place, name)| written(given.len() + place, name)));
    lines.join("\n")
}

/// `work` at every place of the first of what is made.
pub fn each(given: &[Named], made: &[Named], work: &str) {
    let names = |named: &[Named]| named.iter().map(|(name, _)| name.to_string()).collect::<Vec<_>>();
    let shader = known("each", (names(given), names(made), work), || {
        let [given, made] = [given, made].map(|named| named.iter().map(|(name, _)| *name).collect::<Vec<_>>());
        Shader::new(include_str!("wgsl/each.wgsl"), [256, 1])
            .with("bound", storage(&given, &made))
            .with("like", made[0])
            .with("work", work)
    });
    let [across, down] = spread(count(made[0].1).div_ceil(256));
    let tensors = given.iter().chain(made).map(|(_, tensor)| *tensor).collect::<Vec<_>>();
    shader.run([across, down, 1], &tensors);
}

/// What an activation makes of `x[at]`. Some cards make a large argument of tanh no number (the shading language allows it); from 10 on it is 1.
fn bent(bend: Bend) -> String {
    match bend {
        Bend::LeakyRelu(slope) => format!("max(x[at], {} * x[at])", number(slope.into())),
        Bend::Tanh => "tanh(clamp(x[at], -10.0, 10.0))".into(),
        Bend::Elu => "select(exp(clamp(x[at], -87.0, 0.0)) - 1.0, x[at], x[at] > 0.0)".into(),
    }
}

/// An activation's slope, from what came out.
fn slope(bend: Bend) -> String {
    match bend {
        Bend::LeakyRelu(slope) => format!("select({}, 1.0, y[at] > 0.0)", number(slope.into())),
        Bend::Tanh => "(1.0 - y[at] * y[at])".into(),
        Bend::Elu => "select(y[at] + 1.0, 1.0, y[at] > 0.0)".into(),
    }
}

/// The gradient before an activation, from what came out of it and the gradient there.
pub fn bend_back(bend: Bend, output: &CubeTensor, gradient: CubeTensor) -> CubeTensor {
    let (gradient, made) = (into_contiguous(gradient), room_like(output));
    let work = format!("output[at] = gradient[at] * {};", slope(bend));
    each(&[("y", output), ("gradient", &gradient)], &[("output", &made)], &work);
    made
}

impl Taped<Wgpu, 1> for Bend {
    type Tape = ();

    fn there(&self, [x]: &[CubeTensor; 1]) -> (CubeTensor, ()) {
        let made = room_like(x);
        each(&[("x", x)], &[("output", &made)], &format!("output[at] = {};", bent(*self)));
        (made, ())
    }

    fn back(
        &self,
        _: &[CubeTensor; 1],
        output: &CubeTensor,
        (): (),
        gradient: CubeTensor,
        _: [bool; 1],
    ) -> [Option<CubeTensor>; 1] {
        [Some(bend_back(*self, output, gradient))]
    }
}

pub fn bend<const D: usize>(bend: Bend, x: Tensor<D>) -> Tensor<D> {
    run::<_, 1, D>(bend, [x.into()]).0
}

/// log(1 + e^x) without overflow.
#[derive(Debug, Clone, Copy)]
struct Softplus;

impl Taped<Wgpu, 1> for Softplus {
    type Tape = ();

    fn there(&self, [x]: &[CubeTensor; 1]) -> (CubeTensor, ()) {
        let made = room_like(x);
        // Of a small number the logarithm of one more is what a single number cannot hold.
        let work = "let small = exp(max(-abs(x[at]), -87.0));
  output[at] = max(x[at], 0.0) + select(log(1.0 + small), small * (1.0 - 0.5 * small), small < 1e-3);";
        each(&[("x", x)], &[("output", &made)], work);
        (made, ())
    }

    fn back(
        &self,
        [x]: &[CubeTensor; 1],
        _: &CubeTensor,
        (): (),
        gradient: CubeTensor,
        _: [bool; 1],
    ) -> [Option<CubeTensor>; 1] {
        let (gradient, made) = (into_contiguous(gradient), room_like(x));
        let work = "output[at] = gradient[at] / (1.0 + exp(clamp(-x[at], -87.0, 87.0)));";
        each(&[("x", x), ("gradient", &gradient)], &[("output", &made)], work);
        [Some(made)]
    }
}

pub fn softplus(x: Tensor<2>) -> Tensor<2> {
    run::<_, 1, 2>(Softplus, [x.into()]).0
}

/// 1 where a number is above zero, `slope` elsewhere; a constant.
pub fn slopes<const D: usize>(x: Tensor<D>, slope: f32) -> Tensor<D> {
    let x = Given::<Wgpu>::from(x.inner()).numbers;
    let made = room_like(&x);
    let work = format!("output[at] = select({}, 1.0, x[at] > 0.0);", number(slope.into()));
    each(&[("x", &x)], &[("output", &made)], &work);
    Tensor::from_primitive::<Wgpu>(made)
}

/// Rows and columns of planes, as often as they are named.
#[derive(Debug, Clone)]
struct Picking {
    rows: Arc<[i32]>,
    columns: Arc<[i32]>,
}

const PICK: &str = "
  let wide = u32(places[0]); let tall = u32(places[1]); let width = u32(places[2]); let height = u32(places[3]);
  let row = u32(places[4u + at / wide % tall]);
  output[at] = x[(at / (wide * tall) * height + row) * width + u32(places[4u + tall + at % wide])];";

/// Where each row's places begin among those that picked it, and they; the same of columns.
const UNPICK: &str = "
  let wide = u32(places[0]); let tall = u32(places[1]); let width = u32(places[2]); let height = u32(places[3]);
  let row = 4u + at / width % height;
  let column = 5u + height + tall + at % width;
  let begin = at / (width * height) * tall;
  var sum = 0.0;
  for (var y = places[row]; y < places[row + 1u]; y++) {
    let line = (begin + u32(places[5u + height + u32(y)])) * wide;
    for (var z = places[column]; z < places[column + 1u]; z++) {
      sum += gradient[line + u32(places[6u + height + tall + width + u32(z)])];
    }
  }
  output[at] = sum;";

/// For each of a side's places, how many were picked before it, and after the last one; then the picks in their places' order.
fn picked_by(places: &[i32], side: usize) -> Vec<i32> {
    let mut order = (0..places.len() as i32).collect::<Vec<_>>();
    order.sort_by_key(|at| places[*at as usize]);
    let before = |place: usize| places.iter().filter(|at| (**at as usize) < place).count() as i32;
    (0..=side).map(before).chain(order).collect()
}

impl Picking {
    fn sizes(&self, [.., height, width]: [usize; 4]) -> [i32; 4] {
        [self.columns.len(), self.rows.len(), width, height].map(|size| size as i32)
    }
}

impl Taped<Wgpu, 1> for Picking {
    type Tape = ();

    fn there(&self, [x]: &[CubeTensor; 1]) -> (CubeTensor, ()) {
        let shape: [usize; 4] = dims(x);
        let [batch, channels, ..] = shape;
        let places = whole([&self.sizes(shape)[..], &self.rows, &self.columns].concat(), x);
        let made = room([batch, channels, self.rows.len(), self.columns.len()], x);
        gathered(PICK, ("x", x), &places, &made);
        (made, ())
    }

    fn back(
        &self,
        [x]: &[CubeTensor; 1],
        _: &CubeTensor,
        (): (),
        gradient: CubeTensor,
        _: [bool; 1],
    ) -> [Option<CubeTensor>; 1] {
        let shape: [usize; 4] = dims(x);
        let [.., height, width] = shape;
        let (gradient, made) = (into_contiguous(gradient), room_like(x));
        let lists = [picked_by(&self.rows, height), picked_by(&self.columns, width)];
        let places = whole([&self.sizes(shape)[..], &lists[0], &lists[1]].concat(), x);
        gathered(UNPICK, ("gradient", &gradient), &places, &made);
        [Some(made)]
    }
}

fn gathered(work: &'static str, (name, given): Named, places: &CubeTensor, made: &CubeTensor) {
    let shader = known("gathered", name, || {
        let bound = [read(0, name), read(1, "places").replace("f32", "i32"), written(2, "output")].join("\n");
        Shader::new(include_str!("wgsl/each.wgsl"), [256, 1])
            .with("bound", bound)
            .with("like", "output")
            .with("work", work)
    });
    let [across, down] = spread(count(made).div_ceil(256));
    shader.run([across, down, 1], &[given, places, made]);
}

/// # Shapes
/// `[batch, channels, height, width]` -> `[batch, channels, rows, columns]`
pub fn pick(x: Tensor<4>, rows: &[i32], columns: &[i32]) -> Tensor<4> {
    run::<_, 1, 4>(Picking { rows: rows.into(), columns: columns.into() }, [x.into()]).0
}

/// Logarithm of each row's softmax.
#[derive(Debug, Clone, Copy)]
struct LogSoftmax;

fn in_rows(given: &[Named], made: &CubeTensor, work: &'static str) {
    let [rows, width] = dims(made);
    let shader = known("rows", (width, work), || {
        let names = given.iter().map(|(name, _)| *name).collect::<Vec<_>>();
        Shader::new(include_str!("wgsl/rows.wgsl"), [64, 1])
            .with("width", width)
            .with("bound", storage(&names, &["output"]))
            .with("work", work)
    });
    let tensors = given.iter().map(|(_, tensor)| *tensor).chain([made]).collect::<Vec<_>>();
    shader.run([rows.div_ceil(64), 1, 1], &tensors);
}

impl Taped<Wgpu, 1> for LogSoftmax {
    type Tape = ();

    fn there(&self, [x]: &[CubeTensor; 1]) -> (CubeTensor, ()) {
        let made = room_like(x);
        let work = "
  var most = x[begin];
  for (var at = 1u; at < WIDTH; at++) { most = max(most, x[begin + at]); }
  var sum = 0.0;
  for (var at = 0u; at < WIDTH; at++) { sum += exp(max(x[begin + at] - most, -87.0)); }
  let level = most + log(sum);
  for (var at = 0u; at < WIDTH; at++) { output[begin + at] = x[begin + at] - level; }";
        in_rows(&[("x", x)], &made, work);
        (made, ())
    }

    fn back(
        &self,
        _: &[CubeTensor; 1],
        output: &CubeTensor,
        (): (),
        gradient: CubeTensor,
        _: [bool; 1],
    ) -> [Option<CubeTensor>; 1] {
        let (gradient, made) = (into_contiguous(gradient), room_like(output));
        let work = "
  var sum = 0.0;
  for (var at = 0u; at < WIDTH; at++) { sum += gradient[begin + at]; }
  for (var at = 0u; at < WIDTH; at++) { output[begin + at] = gradient[begin + at] - exp(max(y[begin + at], -87.0)) * sum; }";
        in_rows(&[("y", output), ("gradient", &gradient)], &made, work);
        [Some(made)]
    }
}

/// # Shapes
/// `[n, classes]` -> the same
pub fn log_softmax(x: Tensor<2>) -> Tensor<2> {
    run::<_, 1, 2>(LogSoftmax, [x.into()]).0
}
