//! What changes parameters, in their own memory where nothing else holds it.

use burn::backend::Flex;
use burn::backend::flex::FlexTensor;
use burn::tensor::Tensor;

use super::sequences::plain;
use super::{slice, tensor};
use crate::nn::kernels::training::{self as kernels, Adam};

/// Changes numbers in place, where nothing else holds them.
fn change(mut numbers: FlexTensor, f: impl FnOnce(&mut [f32])) -> Tensor<1> {
    f(numbers.storage_mut());
    Tensor::from_primitive::<Flex>(numbers)
}

/// Alone in its memory, from the first number on.
fn own(tensor: Tensor<1>) -> FlexTensor {
    let count = tensor.dims()[0];
    let numbers = plain(tensor);
    let whole = numbers.layout().start_offset() == 0 && numbers.storage::<f32>().len() == count;
    if whole { numbers } else { tensor_of(slice(&numbers)) }
}

fn tensor_of(values: &[f32]) -> FlexTensor {
    tensor((values.to_vec(), vec![values.len()]))
}

/// Parameters after a step, and both moments.
pub fn adam(rule: Adam, value: Tensor<1>, gradient: Tensor<1>, moments: Option<[Tensor<1>; 2]>) -> [Tensor<1>; 3] {
    let gradient = plain(gradient);
    let zeros = || tensor((vec![0.0; slice(&gradient).len()], vec![slice(&gradient).len()]));
    let [mut m, mut v] = moments.map_or_else(|| [zeros(), zeros()], |moments| moments.map(own));
    let value =
        change(own(value), |value| kernels::adam(rule, value, slice(&gradient), m.storage_mut(), v.storage_mut()));
    [value, Tensor::from_primitive::<Flex>(m), Tensor::from_primitive::<Flex>(v)]
}

/// `share old + (1 - share) new`.
pub fn mix(old: Tensor<1>, new: Tensor<1>, share: f32) -> Tensor<1> {
    let new = plain(new);
    change(own(old), |old| kernels::mix(old, slice(&new), share))
}
