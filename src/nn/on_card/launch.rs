//! A shader of ours on its way to the card.

use burn::cubecl::CubeCount;
use burn::cubecl::prelude::KernelId;
use burn::cubecl::server::KernelArguments;
use burn::tensor::{Device, Int, Tensor, TensorData};
use burn_wgpu::{CubeDim, CubeTensor, KernelSource, SourceKernel, SourceTemplate, Wgpu, into_contiguous};
use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt::{Debug, Display};
use std::sync::Arc;

/// The most workgroups along one axis of a dispatch is 65,535.
const MOST: usize = 32_768;
/// Lists of whole numbers that the card keeps: the sizes and places of a training are the same at every step.
const KEPT: usize = 512;

/// A shader's text and what is put into it.
#[derive(Debug)]
pub struct Shader {
    text: &'static str,
    threads: [usize; 2],
    filled: Vec<(&'static str, String)>,
}

impl Shader {
    pub fn new(text: &'static str, threads: [usize; 2]) -> Self {
        Self { text, threads, filled: Vec::new() }
    }

    pub fn with(mut self, name: &'static str, value: impl Display) -> Self {
        self.filled.push((name, value.to_string()));
        self
    }
}

/// A shader, and what it is known by: its text is put together once.
#[derive(Debug, Clone)]
pub struct Known {
    name: Arc<str>,
    shader: Arc<Shader>,
}

thread_local! {
    static SHADERS: RefCell<HashMap<Arc<str>, Arc<Shader>>> = RefCell::new(HashMap::new());
}

/// The shader of that name, `about` which is all that its text depends on.
pub fn known(name: &str, about: impl Debug, make: impl FnOnce() -> Shader) -> Known {
    let name: Arc<str> = format!("{name} {about:?}").into();
    let shader = SHADERS.with_borrow_mut(|all| all.entry(name.clone()).or_insert_with(|| make().into()).clone());
    Known { name, shader }
}

impl Known {
    /// What it is given is what it uses: of a buffer without a use in the text a browser would not know.
    pub fn run(self, [across, down, deep]: [usize; 3], tensors: &[&CubeTensor]) {
        let [x, y] = self.shader.threads.map(|count| count as u32);
        let arguments =
            tensors.iter().fold(KernelArguments::new(), |all, tensor| all.with_buffer(tensor.handle.clone().binding()));
        let kernel = SourceKernel::new(self, CubeDim::new_2d(x, y));
        let count = CubeCount::Static(across as u32, down as u32, deep as u32);
        tensors[0].client.launch(Box::new(kernel), count, arguments);
    }
}

impl KernelSource for Known {
    fn source(&self) -> SourceTemplate {
        let Shader { text, filled, .. } = &*self.shader;
        filled.iter().fold(SourceTemplate::new(*text), |text, (name, value)| text.register(*name, value.as_str()))
    }

    fn id(&self) -> KernelId {
        KernelId::new::<Self>().info(self.name.clone())
    }

    fn lang(&self) -> &'static str {
        "wgsl"
    }
}

/// Storage of numbers that are read. Two of them may be the same numbers, which a browser refuses of what is written.
pub fn read(place: usize, name: &str) -> String {
    format!("@group(0) @binding({place}) var<storage, read> {name}: array<f32>;")
}

/// Storage of numbers that are written.
pub fn written(place: usize, name: &str) -> String {
    read(place, name).replace("read", "read_write")
}

/// A number as the shading language writes it.
pub fn number(value: f64) -> String {
    format!("{value:?}")
}

/// So many workgroups, on two axes where one is too short.
pub fn spread(count: usize) -> [usize; 2] {
    [count.min(MOST), count.div_ceil(MOST)]
}

/// How many numbers there are.
pub fn count(x: &CubeTensor) -> usize {
    x.meta.shape().num_elements()
}

pub fn dims<const D: usize>(x: &CubeTensor) -> [usize; D] {
    x.meta.shape().as_slice().try_into().expect("an operation knows how many dimensions its inputs have")
}

fn device(like: &CubeTensor) -> Device {
    Tensor::<1>::from_primitive::<Wgpu>(shaped(like.clone(), vec![count(like)])).device()
}

/// Room for an output, never read before it is written.
pub fn room<const D: usize>(shape: [usize; D], like: &CubeTensor) -> CubeTensor {
    Tensor::<D>::empty(shape, &device(like)).try_into_primitive::<Wgpu>().expect("of the card's own device")
}

/// Room for numbers of the same shape.
pub fn room_like(like: &CubeTensor) -> CubeTensor {
    shaped(room([count(like)], like), like.meta.shape().to_vec())
}

/// Numbers in order, seen in another shape.
pub fn shaped(x: CubeTensor, shape: Vec<usize>) -> CubeTensor {
    CubeTensor::new_contiguous(x.client, x.device, shape.into(), x.handle, x.dtype)
}

thread_local! {
    static LISTS: RefCell<HashMap<Vec<i32>, CubeTensor>> = RefCell::new(HashMap::new());
}

/// Whole numbers on the card, where they stay for a while.
pub fn whole(numbers: Vec<i32>, like: &CubeTensor) -> CubeTensor {
    LISTS.with_borrow_mut(|lists| {
        if let Some(list) = lists.get(&numbers).filter(|list| list.device == like.device) {
            return list.clone();
        }
        if lists.len() == KEPT {
            lists.clear();
        }
        let data = TensorData::new(numbers.clone(), [numbers.len()]);
        let list = Tensor::<1, Int>::from_data(data, &device(like));
        let list = into_contiguous(list.try_into_primitive::<Wgpu>().expect("of the card's own device"));
        lists.insert(numbers, list.clone());
        list
    })
}
