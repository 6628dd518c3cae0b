//! Layers and what acts on a whole network: initialisation, parameters by name, optimisers.

pub mod activation;
pub mod batch;
#[cfg(feature = "cpu")]
mod by_hand;
pub mod conv;
pub mod halves;
pub mod linear;
pub mod lstm;
pub mod norm;
#[cfg(feature = "webgpu")]
pub mod on_card;
pub mod optim;
pub mod pad;
pub mod params;
pub mod patches;
pub mod shards;
pub mod spectral;
mod taped;
pub use gan_atelier_kernels as kernels;
