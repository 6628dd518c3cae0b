//! What concerns a whole batch, also where it is shared ([`super::shards`]).

use burn::tensor::Tensor;

#[cfg(feature = "cpu")]
use super::by_hand;
use super::shards;

/// # Shapes
/// `[batch, ..]` -> `[1]`
pub fn mean<const D: usize>(x: Tensor<D>) -> Tensor<1> {
    #[cfg(feature = "cpu")]
    if by_hand::here(&x.device()) {
        return by_hand::mean(x);
    }
    x.mean()
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
