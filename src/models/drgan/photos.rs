//! The networks of photos, which see and make faces of 96 pixels: how many layers they have, where those halve or double, and how wide the
//! shipped ones are (`training/drgan_networks.py` has the same).

use super::{DecoderConfig, DiscriminatorConfig, EncoderConfig};

/// Pixels on a side.
pub const SIDE: usize = 96;

pub const STRIDES: [usize; 11] = [2, 1, 1, 2, 1, 1, 2, 1, 1, 2, 1];
pub const DOUBLINGS: [usize; 4] = [0, 2, 5, 8];
pub const MAP_SIDE: usize = 6;
pub const START_SIDE: usize = 3;
/// Layers of the decoder between its code and its last.
pub const LAYERS: usize = DECODER.len();
pub const TRUNK: usize = DISCRIMINATOR.len();

/// Channels after each layer, of the shipped widths: 32 filters, and 24 of the discriminator.
const ENCODER: [usize; 11] = [32, 32, 64, 64, 48, 96, 96, 64, 128, 128, 80];
const START: usize = 160;
const DECODER: [usize; 11] = [80, 128, 128, 64, 96, 96, 48, 64, 64, 32, 48];
const DISCRIMINATOR: [usize; 10] = [24, 24, 48, 48, 48, 64, 64, 64, 96, 128];
const HEAD: [usize; 2] = [80, 160];
const FILTERS: usize = 32;
const DISCRIMINATOR_FILTERS: usize = 24;

/// Numbers that the yaw becomes.
const YAW_CODE: usize = 20;

impl EncoderConfig {
    pub fn photos(filters: usize, features: usize) -> Self {
        let channels = ENCODER.map(|width| scaled(width, filters, FILTERS)).to_vec();
        Self { channels, strides: STRIDES.to_vec(), map_side: MAP_SIDE, features }
    }
}

impl DecoderConfig {
    pub fn photos(filters: usize, features: usize, noise_dim: usize) -> Self {
        Self {
            features,
            yaw_code: YAW_CODE,
            noise_dim,
            start: [scaled(START, filters, FILTERS), START_SIDE],
            channels: DECODER.map(|width| scaled(width, filters, FILTERS)).to_vec(),
            doublings: DOUBLINGS.to_vec(),
        }
    }
}

impl DiscriminatorConfig {
    pub fn photos(filters: usize, people: usize) -> Self {
        Self {
            channels: DISCRIMINATOR.map(|width| scaled(width, filters, DISCRIMINATOR_FILTERS)).to_vec(),
            strides: STRIDES[..TRUNK].to_vec(),
            head: HEAD.map(|width| scaled(width, filters, DISCRIMINATOR_FILTERS)).to_vec(),
            people,
        }
    }
}

fn scaled(width: usize, filters: usize, shipped: usize) -> usize {
    (width * filters).div_ceil(shipped)
}
