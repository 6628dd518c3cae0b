//! What a step reports: the losses, and figures from a small probe of real and made samples read back with them.

use burn::tensor::{Tensor, Transaction};
use serde_json::{Map, Value};

use super::read;
use crate::error::{Error, Result};

#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    pub step: u32,
    /// One a step in which that network learned; the mean over a batch.
    pub loss_d: Vec<f32>,
    pub loss_g: Vec<f32>,
    pub metrics: Map<String, Value>,
}

/// Steps whose losses nobody has read yet: how many were done before them, and a tensor for each in which the discriminator learned, and
/// the generator.
#[derive(Debug)]
pub struct Unread {
    pub(super) before: u32,
    pub(super) losses: [Vec<Tensor<1>>; 2],
}

/// Reads the losses of steps after the first `before`, and before them in the same transaction whatever else is registered. Both networks,
/// the discriminator first, bring one tensor for each step in which they learned, always of as many numbers. One that is not finite is
/// [`Error::Diverged`].
pub(super) async fn read_losses(
    before: u32,
    losses: [Vec<Tensor<1>>; 2],
    others: Transaction,
) -> Result<([Vec<f32>; 2], Vec<Vec<f32>>)> {
    let widths = losses.each_ref().map(|steps| steps.first().map_or(1, |step| step.dims()[0]));
    let split = losses[0].len() * widths[0];
    let all = losses.concat();
    let learned = !all.is_empty();
    let transaction = if learned { others.register(Tensor::cat(all, 0)) } else { others };
    let mut values = read(transaction).await?;
    let losses = if learned { values.pop().unwrap_or_default() } else { Vec::new() };
    let (of_d, of_g) = losses.split_at(split);
    let unfinite = |values: &[f32], width: usize| values.iter().position(|v| !v.is_finite()).map(|at| at / width);
    match unfinite(of_d, widths[0]).into_iter().chain(unfinite(of_g, widths[1])).min() {
        Some(at) => Err(Error::Diverged { step: before + 1 + at as u32 }),
        None => Ok(([of_d.to_vec(), of_g.to_vec()], values)),
    }
}
