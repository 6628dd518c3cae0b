//! Places times channels as a product of matrices: six places' numbers are laid side by side, and stay in a near cache while all channels
//! out are made of them.

use super::ground::room;
use super::lanes::Four;
use super::panel::{ROWS, TURN, WIDTH, pack, panel};

/// Numbers of places that are laid out at once: a quarter of a megabyte, which a core's second cache holds beside the weights.
const LAID: usize = 1 << 16;

pub struct Product {
    turns: usize,
    outs: usize,
    weights: Vec<f32>,
    bias: Vec<f32>,
}

/// Numbers of one place, four by four, among those of six places.
#[inline(always)]
pub fn spread(numbers: &[f32], six: &mut [f32], row: usize) {
    let turns = numbers.len() / TURN;
    if turns == 0 {
        return;
    }
    assert!(((turns - 1) * ROWS + row + 1) * TURN <= six.len());
    let (mut from, mut to) = (numbers.as_ptr(), six[row * TURN..].as_mut_ptr());
    for _ in 0..turns {
        // SAFETY: as many turns lie at `numbers`, and in `six` by what was asserted.
        unsafe {
            Four::load(from).store(to);
            from = from.add(TURN);
            to = to.wrapping_add(ROWS * TURN);
        }
    }
}

impl Product {
    /// # Shapes
    /// `weight(out, number)`; bias `[outs]` or none
    pub fn new(outs: usize, numbers: usize, bias: &[f32], weight: impl Fn(usize, usize) -> f32) -> Self {
        let mut padded = vec![0.0; outs.next_multiple_of(WIDTH)];
        padded[..bias.len()].copy_from_slice(bias);
        Self { turns: numbers.div_ceil(TURN), outs, weights: pack(outs, numbers, weight), bias: padded }
    }

    /// Makes `count` places: `lay(place, row, six)` puts a place's numbers where [`super::panel::lies`] says, and the channels go to
    /// `output[to(place)..]`.
    pub fn run(
        &self,
        count: usize,
        mut lay: impl FnMut(usize, usize, &mut [f32]),
        to: impl Fn(usize) -> usize,
        output: &mut [f32],
        laid: &mut Vec<f32>,
    ) {
        let six = self.turns * TURN * ROWS;
        let sixes = (LAID / six).clamp(1, count.div_ceil(ROWS));
        let laid = room(laid, sixes * six);
        for from in (0..count).step_by(sixes * ROWS) {
            let here = (sixes * ROWS).min(count - from);
            for at in 0..here {
                lay(from + at, at % ROWS, &mut laid[at / ROWS * six..][..six]);
            }
            // Eight channels' weights stay near while all places pass.
            for out in (0..self.outs).step_by(WIDTH) {
                let weights = &self.weights[out * self.turns * TURN..][..self.turns * TURN * WIDTH];
                for (number, six) in laid.chunks_exact(six).take(here.div_ceil(ROWS)).enumerate() {
                    // SAFETY: places and weights both have this many turns.
                    let sums = unsafe { panel(six.as_ptr(), self.turns, weights.as_ptr()) };
                    let first = number * ROWS;
                    for (row, sums) in sums.into_iter().enumerate().take(here - first) {
                        self.put(sums, out, &mut output[to(from + first + row)..][..self.outs]);
                    }
                }
            }
        }
    }

    /// Sums of a place and its bias, as far as there are channels.
    #[inline(always)]
    fn put(&self, [left, right]: [Four; 2], out: usize, place: &mut [f32]) {
        let mut made = [0.0f32; WIDTH];
        // SAFETY: the bias is as wide as the weights; eight numbers have room for twice four.
        unsafe {
            let bias = self.bias.as_ptr().add(out);
            left.add(Four::load(bias)).store(made.as_mut_ptr());
            right.add(Four::load(bias.add(4))).store(made.as_mut_ptr().add(4));
        }
        match place.get_mut(out..out + WIDTH) {
            Some(eight) => eight.copy_from_slice(&made),
            None => place[out..].copy_from_slice(&made[..self.outs - out]),
        }
    }
}
