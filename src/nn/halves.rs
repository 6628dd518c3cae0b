//! Maps in half precision, where a graphics card keeps them so: half of the memory, and half of what it reads and writes. Convolutions and norms of
//! planes make maps of the kind that they are given, and add up in single precision; nothing else may be done with them. Other devices have single
//! numbers throughout.

use burn::tensor::{DType, Tensor};

#[cfg(feature = "webgpu")]
use super::on_card;

/// Whether maps are kept so.
pub fn are_half<const D: usize>(x: &Tensor<D>) -> bool {
    x.dtype() == DType::F16
}

/// Maps that are not learned from in half precision, on a graphics card; of what is made of them every plane, too, must have an even number of places.
pub fn narrowed(x: Tensor<4>) -> Tensor<4> {
    #[cfg(feature = "webgpu")]
    if on_card::here(&x.device()) && !x.is_autodiff() && (x.dims()[2] * x.dims()[3]).is_multiple_of(2) {
        return on_card::narrowed(x);
    }
    x
}

/// Maps in single precision.
pub fn widened(x: Tensor<4>) -> Tensor<4> {
    #[cfg(feature = "webgpu")]
    if are_half(&x) {
        return on_card::widened(x);
    }
    x
}

/// The first number of maps, or the first two: what is read to know that the device has come so far.
pub fn first(x: Tensor<4>) -> Tensor<1> {
    #[cfg(feature = "webgpu")]
    if are_half(&x) {
        return on_card::first(x);
    }
    x.slice([0..1, 0..1, 0..1, 0..1]).reshape([1])
}
