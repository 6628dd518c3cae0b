//! One train step a family, and what it is made of. Nothing here reads a tensor back.

pub mod config;
pub mod cyclegan;
pub mod gan;
pub mod losses;
pub mod metrics;
