//! The one kernel under every convolution: six places by eight channels, kept in registers while it goes through all that is summed.

use super::lanes::Four;

/// Places at once.
pub const ROWS: usize = 6;
/// Channels at once.
pub const WIDTH: usize = 8;
/// Numbers of a place that lie together: one load of them serves four steps.
pub const TURN: usize = 4;

/// Where number `at` of place `row` lies among six places' numbers, as [`panel`] reads them: four of each place in turn.
#[inline(always)]
pub fn lies(row: usize, at: usize) -> usize {
    (at / TURN * ROWS + row) * TURN + at % TURN
}

/// Weights packed for [`panel`]: for each eight channels out, number after number, eight of them.
///
/// # Shapes
/// `weight(out, number)` -> `[outs / 8, numbers, 8]`, zeros where there are fewer channels out, or numbers: four divides them then
pub fn pack(outs: usize, numbers: usize, weight: impl Fn(usize, usize) -> f32) -> Vec<f32> {
    let wide = numbers.next_multiple_of(TURN);
    let mut packed = vec![0.0; outs.div_ceil(WIDTH) * wide * WIDTH];
    for out in 0..outs {
        for number in 0..numbers {
            packed[(out / WIDTH * wide + number) * WIDTH + out % WIDTH] = weight(out, number);
        }
    }
    packed
}

/// `sums[row][channel] = sum over numbers of places[row][number] weights[number][channel]`.
///
/// # Safety
/// There are six times four numbers a turn at `places`, four times eight at `weights`.
#[inline(never)]
pub unsafe fn panel(places: *const f32, turns: usize, weights: *const f32) -> [[Four; 2]; ROWS] {
    let zero = Four::splat(0.0);
    let mut sums = [[zero; 2]; ROWS];
    let (mut x, mut w) = (places, weights);
    for _ in 0..turns {
        // SAFETY: the caller's promise.
        unsafe {
            for (row, sums) in sums.iter_mut().enumerate() {
                let each = Four::load(x.add(row * TURN)).each();
                for (step, value) in each.into_iter().enumerate() {
                    sums[0] = sums[0].plus(value, Four::load(w.add(step * WIDTH)));
                    sums[1] = sums[1].plus(value, Four::load(w.add(step * WIDTH + 4)));
                }
            }
            x = x.add(TURN * ROWS);
            w = w.add(TURN * WIDTH);
        }
    }
    sums
}
