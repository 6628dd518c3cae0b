//! GAN Atelier: generative adversarial networks that train in a browser tab, on Burn, on WebGPU or on the CPU.
//!
//! The way through the crate: [`data`] gives real samples, [`models`] holds one paper a file, [`training`] one
//! step a family, [`session`] what awaits a device, and `web` is the only module that knows a browser.

pub mod data;
pub mod error;
pub mod image;
pub mod models;
pub mod nn;
pub mod onnx;
pub mod rng;
pub mod session;
pub mod training;
#[cfg(target_family = "wasm")]
pub mod web;
pub mod weights;
