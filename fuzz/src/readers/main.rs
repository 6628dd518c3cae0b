//! The readers that need no Burn, compiled from the crate's own files: seconds to build, thousands of executions a second.

#![allow(dead_code, unused_imports)]

#[path = "../../../src/data/mod.rs"]
pub mod data;
#[path = "../../../src/error.rs"]
pub mod error;
#[path = "../shared/measure.rs"]
mod measure;
#[path = "../shared/readers.rs"]
mod readers;
#[path = "../../../src/rng.rs"]
pub mod rng;
#[path = "../shared/run.rs"]
mod run;
pub mod session;
pub mod weights;

/// The crate, as the readers call it.
mod ours {
    pub use crate::{data, error, session, weights};
}

fn main() {
    run::run(&readers::ALL);
}
