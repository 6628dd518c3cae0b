//! What concerns a whole batch, also where it is shared ([`super::shards`]).

use burn::tensor::Tensor;

#[cfg(feature = "cpu")]
use super::by_hand;
use super::shards;

/// The mean as shares of it, which [`settled`] adds up: a loss is what all of them are together, and so is its gradient.
///
/// # Shapes
/// `[batch, ..]` -> `[shares]`: one, but for the processor while a batch is shared
pub fn mean<const D: usize>(x: Tensor<D>) -> Tensor<1> {
    #[cfg(feature = "cpu")]
    if by_hand::here(&x.device()) {
        return by_hand::mean(x);
    }
    x.mean()
}

/// Of losses of one step, as [`mean`] has them, what they are over the whole batch.
///
/// # Shapes
/// `[k shares]` each -> `[k]`
pub fn settled(losses: Vec<Tensor<1>>) -> Vec<Tensor<1>> {
    #[cfg(feature = "cpu")]
    if losses.first().is_some_and(|loss| by_hand::here(&loss.device())) {
        return by_hand::settled(losses);
    }
    losses
}

/// Every number times one that is learned.
///
/// # Shapes
/// `[batch, ..]`, `[1]` -> `[batch, ..]`
pub fn times(x: Tensor<4>, factor: Tensor<1>) -> Tensor<4> {
    #[cfg(feature = "cpu")]
    if by_hand::here(&x.device()) {
        return by_hand::times(x, factor);
    }
    x * factor.reshape([1, 1, 1, 1])
}

/// The own ones of `n` rows.
pub fn mine<const D: usize>(rows: Tensor<D>, n: usize) -> Tensor<D> {
    let own = shards::own(n);
    if own.len() == n { rows } else { rows.narrow(0, own.start, own.len()) }
}

/// Everybody's rows, from the own ones; not followed by automatic differentiation.
pub fn whole<const D: usize>(rows: Tensor<D>) -> Tensor<D> {
    #[cfg(feature = "cpu")]
    if by_hand::here(&rows.device()) {
        return by_hand::whole(rows);
    }
    rows
}
