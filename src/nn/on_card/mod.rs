//! Operations of a graphics card in WGSL of our own, for what is not learned from: Burn's convolution runs without shared memory where it cannot
//! try kernels out, as in a browser, and a norm of its parts takes a dozen dispatches.

use burn::cubecl::CubeCount;
use burn::cubecl::prelude::KernelId;
use burn::cubecl::server::KernelArguments;
use burn::tensor::{Int, Tensor, TensorData};
use burn_wgpu::{CubeDim, CubeTensor, KernelSource, SourceKernel, SourceTemplate, Wgpu, into_contiguous};

/// Whether these operations are for that tensor. A native build for Vulkan compiles no WGSL: there Burn can try kernels out, too.
pub fn here<const D: usize>(x: &Tensor<D>) -> bool {
    if cfg!(feature = "vulkan") {
        return false;
    }
    #[cfg(feature = "cpu")]
    if x.device() == burn::tensor::Device::flex() {
        return false;
    }
    !x.is_autodiff()
}

/// Output places and channels of a workgroup of the convolution; few channels get a kernel without idle rows.
const PLACES: usize = 64;
const WIDE: usize = 32;
const NARROW: usize = 4;
/// Columns of the weights that a workgroup holds.
const STEP: usize = 16;
/// Numbers whose moments a workgroup takes.
const PART: usize = 8192;
/// The most workgroups along one axis of a dispatch is 65,535.
const MOST: usize = 32_768;

/// One buffer more, which a shader without a use for it must not name: what it is given is what it uses.
fn buffer(name: &str, wanted: bool) -> String {
    if wanted { format!("@group(0) @binding(4) var<storage, read_write> {name}: array<f32>;") } else { String::new() }
}

/// A shader's text, known by what is put into it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Work {
    Convolve {
        ci: usize,
        co: usize,
        kernel: usize,
        stride: usize,
        bias: bool,
    },
    Moments,
    /// The slope's bits, and whether there is something that it is added to.
    Apply {
        slope: u64,
        onto: bool,
    },
}

impl Work {
    /// Threads of a workgroup.
    fn threads(&self) -> [usize; 2] {
        match self {
            Self::Convolve { co, .. } if *co > NARROW => [PLACES / 4, WIDE / 4],
            Self::Convolve { .. } => [PLACES, NARROW / 4],
            _ => [256, 1],
        }
    }

    /// Output channels of a workgroup.
    fn channels(&self) -> usize {
        4 * self.threads()[1]
    }

    fn text(&self) -> SourceTemplate {
        let [across, down] = self.threads();
        match self {
            Self::Convolve { ci, co, kernel, stride, bias } => {
                let lanes = 0..PLACES / across;
                let every = |text: &dyn Fn(usize) -> String| lanes.clone().map(text).collect::<Vec<_>>().join("\n");
                let stored = |lane| {
                    let shift = if *bias { " + bias[four + each]" } else { "" };
                    let at = format!("first + local.x + {}u", lane * across);
                    format!("if ({at} < places) {{ output[start + {at}] = sum_{lane}[each]{shift}; }}")
                };
                let channels = self.channels();
                let numbers = [
                    ("ci", *ci),
                    ("co", *co),
                    ("kernel", *kernel),
                    ("stride", *stride),
                    ("channels", channels),
                    ("across", across),
                    ("down", down),
                    ("weights", STEP * channels / 4),
                    ("windows", STEP * PLACES),
                ];
                let text =
                    numbers.into_iter().fold(SourceTemplate::new(include_str!("conv.wgsl")), |text, (name, value)| {
                        text.register(name, value.to_string())
                    });
                text.register("bias", buffer("bias", *bias))
                    .register("zero", every(&|lane| format!("var sum_{lane} = vec4(0.0);")))
                    .register("add", every(&|lane| format!("sum_{lane} += four * windows[at + {}u];", lane * across)))
                    .register("store", every(&stored))
            }
            Self::Moments => SourceTemplate::new(include_str!("moments.wgsl")).register("part", PART.to_string()),
            Self::Apply { slope, onto } => SourceTemplate::new(include_str!("apply.wgsl"))
                .register("part", PART.to_string())
                .register("slope", format!("{:?}", f64::from_bits(*slope)))
                .register("other", buffer("onto", *onto))
                .register("epsilon", format!("{:?}", super::norm::EPSILON))
                .register("onto", if *onto { " + onto[group.y * plane + at]" } else { "" }),
        }
    }
}

impl KernelSource for Work {
    fn source(&self) -> SourceTemplate {
        self.text()
    }

    fn id(&self) -> KernelId {
        KernelId::new::<Self>().info(self.clone())
    }

    fn lang(&self) -> &'static str {
        "wgsl"
    }
}

fn floats<const D: usize>(x: Tensor<D>) -> CubeTensor {
    let x = if x.is_autodiff() { x.inner() } else { x };
    into_contiguous(x.try_into_primitive::<Wgpu>().expect("`here` was asked first"))
}

fn whole(numbers: Vec<i32>, like: &Tensor<4>) -> CubeTensor {
    let count = numbers.len();
    let tensor = Tensor::<1, Int>::from_data(TensorData::new(numbers, [count]), &like.device());
    into_contiguous(tensor.try_into_primitive::<Wgpu>().expect("`here` was asked first"))
}

/// Room for an output, never read before it is written.
fn room<const D: usize>(shape: [usize; D], like: &Tensor<4>) -> CubeTensor {
    floats(Tensor::<D>::empty(shape, &like.device()))
}

fn run(work: Work, groups: [usize; 3], tensors: &[&CubeTensor]) {
    let [x, y] = work.threads();
    let arguments =
        tensors.iter().fold(KernelArguments::new(), |all, tensor| all.with_buffer(tensor.handle.clone().binding()));
    let [across, down, deep] = groups.map(|count| count as u32);
    let kernel = SourceKernel::new(work, CubeDim::new_2d(x as u32, y as u32));
    tensors[0].client.launch(Box::new(kernel), CubeCount::Static(across, down, deep), arguments);
}

fn tensor<const D: usize>(made: CubeTensor) -> Tensor<D> {
    Tensor::from_primitive::<Wgpu>(made)
}

/// A convolution over rows and columns that are picked: `rows[i]` is the input's row under row i of the windows, -1 a row of zeros.
///
/// # Shapes
/// x: `[n, channels in, height, width]`, weight: `[channels out, channels in, kernel, kernel]` ->
/// `[n, channels out, (rows - kernel) / stride + 1, (columns - kernel) / stride + 1]`
pub fn convolve(
    x: Tensor<4>,
    weight: Tensor<4>,
    bias: Option<Tensor<1>>,
    stride: usize,
    [rows, columns]: [&[i32]; 2],
) -> Tensor<4> {
    let [[n, ci, height, width], [co, _, kernel, _]] = [x.dims(), weight.dims()];
    let [tall, wide] = [rows, columns].map(|places| (places.len() - kernel) / stride + 1);
    let sizes = [height, width, tall, wide, rows.len()].map(|size| size as i32);
    let under = whole([&sizes[..], rows, columns].concat(), &x);
    let output = room([n, co, tall, wide], &x);
    let work = Work::Convolve { ci, co, kernel, stride, bias: bias.is_some() };
    let tiles = (tall * wide).div_ceil(PLACES);
    let groups = [tiles.min(MOST), tiles.div_ceil(MOST), n * co.div_ceil(work.channels())];
    let weight = floats(weight);
    let bias = bias.map(floats);
    let x = floats(x);
    let given = [&x, &weight, &under, &output].into_iter().chain(&bias).collect::<Vec<_>>();
    run(work, groups, &given);
    tensor(output)
}

/// Each plane to mean 0 and (biased) variance 1, then a leaky ReLU (slope 0: a ReLU, 1: none), then added to `onto`.
///
/// # Shapes
/// `[n, channels, height, width]`, all of them
pub fn instance_norm(x: Tensor<4>, slope: f64, onto: Option<Tensor<4>>) -> Tensor<4> {
    let [n, channels, height, width] = x.dims();
    let (planes, plane) = (n * channels, height * width);
    let size = whole(vec![plane as i32], &x);
    let parts = plane.div_ceil(PART);
    let moments = room([planes, parts, 2], &x);
    let output = room([n, channels, height, width], &x);
    let work = Work::Apply { slope: slope.to_bits(), onto: onto.is_some() };
    let onto = onto.map(floats);
    let x = floats(x);
    run(Work::Moments, [parts, planes, 1], &[&x, &size, &moments]);
    let given = [&x, &size, &moments, &output].into_iter().chain(&onto).collect::<Vec<_>>();
    run(work, [plane.div_ceil(4 * 256), planes, 1], &given);
    tensor(output)
}
