//! Looking inside a running training: the questions and their answers, which every family gives in a file of its own.

use burn::tensor::{Tensor, Transaction};
use serde::{Deserialize, Serialize};

use super::read;
use super::samples::Samples;
use crate::error::Result;
use crate::nn::params::NamedTensor;
use crate::training::metrics::Coverage;

#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum Question {
    Heatmap {
        size: usize,
    },
    Manifold {
        size: usize,
    },
    Gradients {
        count: usize,
        #[serde(default)]
        seed: u32,
    },
    Scores {
        count: usize,
        #[serde(default)]
        seed: u32,
        /// One class only, for conditional families.
        #[serde(default)]
        label: Option<usize>,
    },
    Real {
        count: usize,
        #[serde(default)]
        seed: u32,
    },
    /// How well made points cover the distribution; PacGAN's protocol asks for 2,500.
    Coverage {
        count: usize,
        #[serde(default)]
        seed: u32,
    },
    Tensors,
    /// Which way a smile lies, for an AC-GAN on the drawn faces.
    Smile {
        #[serde(default)]
        seed: u32,
    },
}

#[derive(Debug, Clone)]
pub enum Answer {
    /// The probability "real" at the centres of `size x size` cells of the window, top row first.
    Heatmap {
        size: usize,
        extent: [f32; 4],
        data: Vec<f32>,
    },
    /// Where a regular grid over the first two latent coordinates is sent.
    Manifold {
        size: usize,
        data: Vec<f32>,
    },
    /// Made points, and for each the way that lowers the generator's loss.
    Gradients {
        points: Vec<f32>,
        gradients: Vec<f32>,
    },
    Scores {
        real: Scored,
        fake: Scored,
    },
    Samples(Samples),
    Coverage(Coverage),
    /// Rows of pictures there and back, with a score for each picture.
    Rows(Scored),
    /// The same for faces, with the yaw, in degrees, and the probability of the right person that the discriminator sees in each.
    Faces {
        rows: Scored,
        yaws: Vec<f32>,
        identities: Vec<f32>,
    },
    Tensors {
        generator: Vec<Layer>,
        discriminator: Vec<Layer>,
    },
    Smile(Box<Smile>),
}

#[derive(Debug, Clone)]
pub struct Scored {
    pub samples: Samples,
    pub scores: Vec<f32>,
}

/// One parameter of a network: its Euclidean norm tells whether it moves.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Layer {
    pub name: String,
    pub shape: Vec<usize>,
    pub norm: f32,
}

/// What the experiment with a smile found (`smile.rs`).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Smile {
    /// Unit length.
    pub direction: Vec<f32>,
    /// Where the move starts from, without any part along the direction.
    pub latent: Vec<f32>,
    pub reach: f32,
    /// Each person's smile as it is read before (at `-reach`) and after the move (at `reach`).
    pub people: Vec<[f32; 2]>,
    pub threshold: f32,
    /// Share of the variance of drawn faces' smiles that the reading explains, on pictures it has not seen.
    pub explained: f32,
}

/// Both networks' parameters with their norms, in one readback.
pub(super) async fn layers(networks: [Vec<NamedTensor>; 2]) -> Result<[Vec<Layer>; 2]> {
    let squares = networks.iter().flatten().map(|p| (p.value.clone() * p.value.clone()).sum());
    let norms = read(Transaction::default().register(Tensor::cat(squares.collect(), 0))).await?;
    let mut norms = norms.into_iter().flatten().map(f32::sqrt);
    let mut layer = |p: NamedTensor| Layer { name: p.name, shape: p.shape, norm: norms.next().unwrap_or(0.0) };
    Ok(networks.map(|parameters| parameters.into_iter().map(&mut layer).collect()))
}
