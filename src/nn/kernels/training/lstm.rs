//! Long short-term memory over whole sequences, there and back; `nn::lstm` has the equations and says what a tape holds.

use super::bend::{logistic, tanh};
use super::dense::{Dense, by};
use crate::lanes::Four;
use crate::product::Product;

/// Input, forget, candidate, output.
const GATES: usize = 4;

/// A layer's size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lstm {
    pub inputs: usize,
    pub hidden: usize,
}

/// What comes out, and what the way back needs: `[steps, batch, hidden]` each, the gates four times as wide.
pub struct Run {
    pub output: Vec<f32>,
    /// Logistic, also the candidate.
    pub gates: Vec<f32>,
    /// Before each step.
    pub cells: Vec<f32>,
    pub hidden: Vec<f32>,
    /// tanh of the cell after each step.
    pub bent: Vec<f32>,
}

impl Lstm {
    /// # Shapes
    /// input `[steps, batch, inputs]`, weights `[inputs, 4 hidden]` and `[hidden, 4 hidden]`, bias `[4 hidden]`
    pub fn forward(&self, input: &[f32], [steps, batch]: [usize; 2], weights: [&[f32]; 2], bias: &[f32]) -> Run {
        let (h, wide) = (self.hidden, GATES * self.hidden);
        let mut gates = Dense { inputs: self.inputs, outputs: wide }.forward(input, weights[0], bias);
        let within = Product::new(wide, h, &[], |out, number| weights[1][number * wide + out]);
        let zeros = || vec![0.0f32; steps * batch * h];
        let (mut output, mut cells, mut hidden, mut bent) = (zeros(), zeros(), zeros(), zeros());
        let mut cell = vec![0.0f32; batch * h];
        let (mut sums, mut room) = (vec![0.0f32; batch * wide], Vec::new());
        for step in 0..steps {
            let all = step * batch * h..(step + 1) * batch * h;
            cells[all.clone()].copy_from_slice(&cell);
            if step > 0 {
                let before = (step - 1) * batch * h;
                hidden[all.clone()].copy_from_slice(&output[before..before + batch * h]);
            }
            by(&hidden[all.clone()], h, &within, wide, &mut sums, &mut room);
            let rows = gates[step * batch * wide..][..batch * wide].chunks_exact_mut(wide).zip(sums.chunks_exact(wide));
            let shown = output[all.clone()].chunks_exact_mut(h).zip(bent[all].chunks_exact_mut(h));
            for (((gates, sums), cell), (output, bent)) in rows.zip(cell.chunks_exact_mut(h)).zip(shown) {
                step_forward(gates, sums, cell, output, bent);
            }
        }
        Run { output, gates, cells, hidden, bent }
    }

    /// The gradient at the gates before their bending (backpropagation through time).
    ///
    /// # Shapes
    /// gates `[steps, batch, 4 hidden]`, cells, bent and gradient `[steps, batch, hidden]`, weight `[hidden, 4 hidden]` -> as the gates
    pub fn backward(
        &self,
        gates: &[f32],
        [cells, bent]: [&[f32]; 2],
        gradient: &[f32],
        weight: &[f32],
        [steps, batch]: [usize; 2],
    ) -> Vec<f32> {
        let (h, wide) = (self.hidden, GATES * self.hidden);
        let within = Product::new(h, wide, &[], |out, number| weight[out * wide + number]);
        let mut found = gates.to_vec();
        let (mut d_cell, mut d_hidden) = (vec![0.0f32; batch * h], vec![0.0f32; batch * h]);
        let mut room = Vec::new();
        for step in (0..steps).rev() {
            let here = &mut found[step * batch * wide..][..batch * wide];
            for row in 0..batch {
                let (of, at) = (row * h..(row + 1) * h, (step * batch + row) * h..(step * batch + row + 1) * h);
                let known = [&cells[at.clone()], &bent[at.clone()], &gradient[at], &d_hidden[of.clone()]];
                step_backward(&mut here[row * wide..][..wide], known, &mut d_cell[of]);
            }
            by(here, wide, &within, h, &mut d_hidden, &mut room);
        }
        found
    }
}

/// A sequence's step: `gates` hold the input's share before, the bent gates after.
#[inline(always)]
fn step_forward(gates: &mut [f32], sums: &[f32], cell: &mut [f32], output: &mut [f32], bent: &mut [f32]) {
    let h = cell.len();
    for at in (0..h).step_by(4) {
        let [open, forget, candidate, show] = [0, 1, 2, 3].map(|gate| {
            let (all, sums) = (&gates[gate * h..(gate + 1) * h], &sums[gate * h..(gate + 1) * h]);
            let sum = Four::get(all, at).add(Four::get(sums, at));
            logistic(if gate == 2 { sum.add(sum) } else { sum })
        });
        for (gate, value) in [open, forget, candidate, show].into_iter().enumerate() {
            value.put(&mut gates[gate * h..(gate + 1) * h], at);
        }
        let new = candidate.add(candidate).sub(Four::splat(1.0));
        let next = forget.mul(Four::get(cell, at)).add(open.mul(new));
        let curved = tanh(next);
        next.put(cell, at);
        curved.put(bent, at);
        show.mul(curved).put(output, at);
    }
}

/// `gates` hold the gates before, the gradient at their sums after.
#[inline(always)]
fn step_backward(gates: &mut [f32], [cells, bent, gradient, d_hidden]: [&[f32]; 4], d_cell: &mut [f32]) {
    let h = cells.len();
    for at in (0..h).step_by(4) {
        let [open, forget, candidate, show] = [0, 1, 2, 3].map(|gate| Four::get(&gates[gate * h..(gate + 1) * h], at));
        let bent = Four::get(bent, at);
        let d_output = Four::get(gradient, at).add(Four::get(d_hidden, at));
        let d = d_output.mul(show.sub(show.mul(bent).mul(bent))).add(Four::get(d_cell, at));
        let new = candidate.add(candidate).sub(Four::splat(1.0));
        let slope = |gate: Four| gate.sub(gate.mul(gate));
        let found = [
            d.mul(new).mul(slope(open)),
            d.mul(Four::get(cells, at)).mul(slope(forget)),
            d.mul(open.mul(Four::splat(4.0))).mul(slope(candidate)),
            d_output.mul(bent).mul(slope(show)),
        ];
        for (gate, value) in found.into_iter().enumerate() {
            value.put(&mut gates[gate * h..(gate + 1) * h], at);
        }
        d.mul(forget).put(d_cell, at);
    }
}
