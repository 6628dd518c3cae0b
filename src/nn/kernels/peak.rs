//! What one core could do at most: the bound that the kernels are held against.

use super::lanes::Four;

/// Sums that do not wait for each other: enough for two pipelines of four steps, few enough for the registers.
const CHAINS: usize = 12;

/// Multiplies and adds `4 * 12 * turns` numbers that never leave the registers. Gives their sum, so that nothing is left out.
#[inline(never)]
pub fn multiply_add(turns: usize, by: f32) -> f32 {
    let (one, other) = (Four::splat(by), Four::splat(1.0 - by));
    let mut sums = [Four::splat(0.0); CHAINS];
    for _ in 0..turns {
        for sum in &mut sums {
            *sum = one.plus(*sum, other);
        }
    }
    let mut all = [0.0; 4];
    // SAFETY: there is room for four.
    unsafe { sums.into_iter().fold(Four::splat(0.0), Four::add).store(all.as_mut_ptr()) };
    all.iter().sum()
}

/// Multiplications of a call of [`multiply_add`].
pub fn multiplications(turns: usize) -> usize {
    4 * CHAINS * turns
}
