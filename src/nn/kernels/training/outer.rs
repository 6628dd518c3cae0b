//! Sums over all places of a map: of outer products, what a weight's gradient is, and of the places alone, what a bias's is. Nothing is laid out beforehand: a window's row is a run of
//! memory, and so are a place's channels.

use super::padded::Padded;
use crate::lanes::Four;

/// Numbers of a window at once.
const DEEP: usize = 4;
/// Channels at once.
pub const WIDTH: usize = 8;

/// `sums[number][channel] = sum over places of window(place)[number] y[place][channel]`, of the windows' row `line`, `run` numbers long.
///
/// # Shapes
/// y `[n, counts, outputs]` -> `[run, up to four, outputs, up to eight]`: what is beyond either is anything
#[expect(clippy::too_many_arguments, reason = "the geometry of two maps")]
pub fn outer(
    source: &Padded,
    line: usize,
    run: usize,
    stride: usize,
    n: usize,
    [rows, columns]: [usize; 2],
    y: &[f32],
    outputs: usize,
) -> Vec<f32> {
    let wide = outputs.next_multiple_of(WIDTH);
    let widened;
    let y = if wide == outputs {
        y
    } else {
        widened = widen(y, outputs, wide);
        &widened
    };
    let deep = run.next_multiple_of(DEEP);
    let mut sums = vec![0.0f32; deep * wide];
    for picture in 0..n {
        // A picture's places stay near while all blocks of sums pass.
        let places = &y[picture * rows * columns * wide..][..rows * columns * wide];
        for number in (0..deep).step_by(DEEP) {
            for out in (0..wide).step_by(WIDTH) {
                let mut block = [[Four::splat(0.0); 2]; DEEP];
                for row in 0..rows {
                    let from = source.at(picture, row * stride + line, 0) + number;
                    assert!(from + (columns - 1) * stride * source.channels + DEEP <= source.values.len());
                    // SAFETY: the last window's numbers lie within the map and what is behind it; `places` has a row of `wide` each.
                    unsafe {
                        let x = source.values.as_ptr().add(from);
                        let y = places.as_ptr().add(row * columns * wide + out);
                        gather(&mut block, x, stride * source.channels, y, wide, columns);
                    }
                }
                for (at, block) in block.into_iter().enumerate() {
                    let to = &mut sums[(number + at) * wide + out..][..WIDTH];
                    // SAFETY: eight numbers lie there.
                    unsafe {
                        for (half, sum) in block.into_iter().enumerate() {
                            let to = to.as_mut_ptr().add(4 * half);
                            Four::load(to).add(sum).store(to);
                        }
                    }
                }
            }
        }
    }
    sums
}

/// # Safety
/// `count` places lie at `x`, `x_step` apart, of four numbers, and at `y`, `y_step` apart, of eight.
#[inline(always)]
unsafe fn gather(
    sums: &mut [[Four; 2]; DEEP],
    mut x: *const f32,
    x_step: usize,
    mut y: *const f32,
    y_step: usize,
    count: usize,
) {
    for _ in 0..count {
        // SAFETY: the caller's promise.
        unsafe {
            let (left, right) = (Four::load(y), Four::load(y.add(4)));
            for (sums, value) in sums.iter_mut().zip(Four::load(x).each()) {
                sums[0] = sums[0].plus(value, left);
                sums[1] = sums[1].plus(value, right);
            }
            (x, y) = (x.wrapping_add(x_step), y.wrapping_add(y_step));
        }
    }
}

/// With zeros for the channels that are missing.
fn widen(y: &[f32], outputs: usize, wide: usize) -> Vec<f32> {
    let mut all = vec![0.0; y.len() / outputs * wide];
    for (from, to) in y.chunks_exact(outputs).zip(all.chunks_exact_mut(wide)) {
        to[..outputs].copy_from_slice(from);
    }
    all
}

/// Sum of each channel over all rows: a bias's gradient.
pub fn over_rows(x: &[f32], channels: usize) -> Vec<f32> {
    let mut sums = vec![0.0f32; channels];
    for row in x.chunks_exact(channels) {
        for at in (0..channels).step_by(4) {
            Four::get(&sums, at).add(Four::get(row, at)).put(&mut sums, at);
        }
    }
    sums
}
