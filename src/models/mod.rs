//! One paper a file. Models hold no randomness but their initialisation: noise, class and pose come in as arguments.

pub mod acgan;
pub mod cyclegan;
pub mod dcgan;
pub mod drgan;
pub mod mlp;
pub mod rgan;
