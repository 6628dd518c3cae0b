//! One train step a family, and what it is made of. Nothing here reads a tensor back.

pub mod config;
pub mod cyclegan;
pub mod drgan;
mod fields;
pub mod gan;
pub mod losses;
pub mod metrics;
pub mod pictures;
pub mod rgan;

use serde::{Deserialize, Serialize};

/// A kind of networks and the way they learn. The serialised name is its id in configuration, files and URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Family {
    Gan,
    Dcgan,
    Acgan,
    Cyclegan,
    Rgan,
    Drgan,
}

/// How much of an annealing is over, 0 to 1; without one nothing ever is.
fn progress(anneal_steps: u32, step: u32) -> f64 {
    match anneal_steps {
        0 => 0.0,
        steps => (step as f64 / steps as f64).min(1.0),
    }
}

/// Which networks learn in a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    Both,
    Discriminator,
    Generator,
}
