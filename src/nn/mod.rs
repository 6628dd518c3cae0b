//! Layers and what acts on a whole network: initialisation, parameters by name, optimisers.

pub mod linear;
pub mod optim;
pub mod params;
