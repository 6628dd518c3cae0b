//! The processor's kernels for painting and for learning: pure functions over slices, without Burn and without a browser. A crate of its own, because it is
//! compiled for speed where the rest of an engine is compiled for size. Maps have their channels last, a number of them that four divides.

mod direct;
mod ends;
mod generator;
mod ground;
mod lanes;
mod layer;
mod maps;
mod norm;
mod panel;
pub mod peak;
mod product;
mod strip;
pub mod training;
mod winograd;

pub use direct::{Direct, Input, NOWHERE, Onto, Places};
pub use generator::{Generator, Shape, Weights};
pub use layer::Window;
pub use maps::Maps;
pub use norm::{Moments, Then, normalise};
pub use strip::Strip;
pub use winograd::{Source, Winograd};
