//! What a network seems to be that is no generator, by the shapes of its layers.

use super::{Checkpoint, Stored};
use crate::error::{Error, Misfit};

/// A discriminator of patches has five layers; this many are no longer one.
const MOST_LAYERS: usize = 24;

/// Says of a file without a generator what it holds instead.
pub fn stranger(checkpoint: &Checkpoint) -> Error {
    let mut layers: Vec<(&str, &Stored)> =
        checkpoint.tensors.iter().filter(|(_, t)| t.shape.len() == 4).map(|(name, t)| (name.as_str(), t)).collect();
    layers.sort_by_key(|(_, stored)| stored.rank);
    let told = |problem: Misfit, name: &str| Error::misfit(name, problem);
    let one_score = |shape: &[usize]| match shape {
        [1, inputs, kernel, _] => matches!(kernel, 3..=5) || *inputs > 7 && *kernel < 8,
        _ => false,
    };
    let last = layers.iter().any(|(_, stored)| one_score(&stored.shape));
    // Its first layer comes from the colours and its last goes back to them, both 4 x 4; no layer ends in one score.
    let ends = |layer: &&(&str, &Stored)| matches!(layer.1.shape[..], [_, 1 | 3, 4, 4]);
    if layers.iter().filter(ends).count() >= 2 && !last {
        return told(Misfit::Unet, layers.iter().find(ends).map_or("", |(name, _)| name));
    }
    // From the colours of one picture or two to one score; both judges of a training lie in one file.
    let colours = |shape: &[usize]| match shape {
        [outputs, inputs, kernel, _] => {
            matches!((inputs, kernel), (3 | 6, 4)) || *outputs > 7 && *inputs < 7 && *kernel < 6
        }
        _ => false,
    };
    let first = layers.iter().find(|(_, stored)| colours(&stored.shape));
    let named = layers.iter().find(|(name, _)| judges(name));
    if let Some((name, _)) = named.or(first.filter(|_| last && layers.len() <= MOST_LAYERS)) {
        return told(Misfit::Discriminator, name);
    }
    let any = layers.first().map(|(name, stored)| (*name, *stored));
    match any.or(checkpoint.tensors.iter().next().map(|(name, stored)| (name.as_str(), stored))) {
        Some((name, stored)) => told(Misfit::Unlike { found: format!("{:?}", stored.shape) }, name),
        None => told(Misfit::Missing, "model.1.weight"),
    }
}

/// As `netD_A`, `D_A`, `discriminator`.
fn judges(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.starts_with("d_") || name.starts_with("netd") || name.starts_with("disc")
}
