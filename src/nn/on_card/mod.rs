//! Operations of a graphics card in WGSL of our own, there and back: Burn's convolution runs without shared memory where it cannot try kernels
//! out, as in a browser, and layer, norm or optimiser of its parts take a dozen dispatches each.

mod canvas;
mod conv;
mod direct;
mod halves;
mod launch;
mod norm;
mod parameters;
mod products;
mod sequences;
mod simple;
mod winograd;

use burn::backend::Autodiff;
use burn::tensor::{Device, Tensor};
use burn_wgpu::{Wgpu, into_contiguous};

use super::taped::{self, Given, Made, Taped};
pub use canvas::underpainted;
pub use conv::{Dense, convolve, convolve_picked, transpose};
pub use halves::{first, narrowed, widened};
pub use norm::{batch_norm, instance_norm, instance_norm_onto};
pub use parameters::{Rule, Share, adam, mix};
pub use products::Geometry;
pub use sequences::{MOST_UNITS, lstm_backward, lstm_forward, outer};
pub use simple::{bend, log_softmax, pick, slopes, softplus};

/// Whether these operations are for that device. A native build for Vulkan compiles no WGSL: there Burn can try kernels out, too.
pub fn here(device: &Device) -> bool {
    !cfg!(feature = "vulkan") && !is_processor(device)
}

#[cfg(feature = "cpu")]
fn is_processor(device: &Device) -> bool {
    device.clone().inner() == Device::flex()
}

#[cfg(not(feature = "cpu"))]
fn is_processor(_: &Device) -> bool {
    false
}

impl<const D: usize> From<Tensor<D>> for Given<Wgpu> {
    fn from(tensor: Tensor<D>) -> Self {
        let wrong = "`here` was asked first";
        match tensor.is_autodiff() {
            true => {
                let tracked = tensor.try_into_primitive::<Autodiff<Wgpu>>().expect(wrong);
                Self { numbers: into_contiguous(tracked.primitive().clone()), tracked: Some(tracked) }
            }
            false => {
                let plain = tensor.try_into_primitive::<Wgpu>().expect(wrong);
                Self { numbers: into_contiguous(plain), tracked: None }
            }
        }
    }
}

/// The operation's output, and what it leaves besides.
fn run<W: Taped<Wgpu, N>, const N: usize, const D: usize>(work: W, given: [Given<Wgpu>; N]) -> (Tensor<D>, W::Tape) {
    let (made, tape) = taped::run(work, given);
    let output = match made {
        Made::Plain(made) => Tensor::from_primitive::<Wgpu>(made),
        Made::Tracked(made) => Tensor::from_primitive::<Autodiff<Wgpu>>(made),
    };
    (output, tape)
}
