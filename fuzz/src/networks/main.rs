//! The readers at whose end a network stands.

#[path = "../shared/measure.rs"]
mod measure;
#[path = "../shared/networks.rs"]
mod networks;
#[path = "../shared/readers.rs"]
#[allow(dead_code)]
mod readers;
#[path = "../shared/run.rs"]
mod run;

/// The crate, as the readers call it.
use gan_atelier as ours;

fn main() {
    run::run(&networks::ALL);
}
