//! Fully connected layers, there and back.

use super::outer::{WIDTH, outer};
use super::padded::{BEHIND, Padded};
use crate::panel::{ROWS, TURN};
use crate::product::{Product, spread};

/// A layer's size. Weights lie as `[inputs, outputs]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dense {
    pub inputs: usize,
    pub outputs: usize,
}

impl Dense {
    /// # Shapes
    /// x `[n, inputs]`, weight `[inputs, outputs]`, bias `[outputs]` or none -> `[n, outputs]`
    pub fn forward(&self, x: &[f32], weight: &[f32], bias: &[f32]) -> Vec<f32> {
        rows(
            x,
            self.inputs,
            &Product::new(self.outputs, self.inputs, bias, |out, input| weight[input * self.outputs + out]),
            self.outputs,
        )
    }

    /// # Shapes
    /// y `[n, outputs]`, weight `[inputs, outputs]` -> `[n, inputs]`
    pub fn backward(&self, y: &[f32], weight: &[f32]) -> Vec<f32> {
        rows(
            y,
            self.outputs,
            &Product::new(self.inputs, self.outputs, &[], |input, out| weight[input * self.outputs + out]),
            self.inputs,
        )
    }

    /// # Shapes
    /// x `[n, inputs]`, y `[n, outputs]` -> `[inputs, outputs]`
    pub fn weight(&self, x: &[f32], y: &[f32]) -> Vec<f32> {
        let n = x.len() / self.inputs;
        let mut values = Vec::with_capacity(x.len() + BEHIND);
        values.extend_from_slice(x);
        values.resize(x.len() + BEHIND, 0.0);
        let source = Padded { values, height: 1, width: n, channels: self.inputs };
        let sums = outer(&source, 0, self.inputs, 1, 1, [1, n], y, self.outputs);
        let wide = self.outputs.next_multiple_of(WIDTH);
        sums.chunks_exact(wide).take(self.inputs).flat_map(|sums| &sums[..self.outputs]).copied().collect()
    }
}

/// Each row times the weights.
fn rows(x: &[f32], inputs: usize, weights: &Product, outputs: usize) -> Vec<f32> {
    let mut output = vec![0.0; x.len() / inputs * outputs];
    by(x, inputs, weights, outputs, &mut output, &mut Vec::new());
    output
}

/// [`rows`] to where there is room already.
pub fn by(x: &[f32], inputs: usize, weights: &Product, outputs: usize, output: &mut [f32], room: &mut Vec<f32>) {
    let turns = inputs / TURN * TURN;
    let lay = |at: usize, row: usize, six: &mut [f32]| {
        let numbers = &x[at * inputs..][..inputs];
        spread(&numbers[..turns], six, row);
        if turns < inputs {
            let to = &mut six[(inputs / TURN * ROWS + row) * TURN..][..TURN];
            to.fill(0.0);
            to[..inputs - turns].copy_from_slice(&numbers[turns..]);
        }
    };
    weights.run(x.len() / inputs, lay, |at| at * outputs, output, room);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equals_its_definition_there_and_back() {
        for (n, inputs, outputs) in [(1, 1, 1), (5, 2, 64), (128, 64, 64), (7, 3, 10), (13, 66, 1), (6, 8, 8)] {
            let numbers = |count: usize, seed: usize| -> Vec<f32> {
                (0..count).map(|at| ((at * 37 + seed * 11) % 29) as f32 / 14.0 - 1.0).collect()
            };
            let (x, weight, y, bias) =
                (numbers(n * inputs, 1), numbers(inputs * outputs, 2), numbers(n * outputs, 3), numbers(outputs, 4));
            let mut forward: Vec<f32> = (0..n * outputs).map(|at| bias[at % outputs]).collect();
            let (mut backward, mut gradient) = (vec![0.0f32; x.len()], vec![0.0f32; weight.len()]);
            for (row, input, out) in
                (0..n * inputs * outputs).map(|at| (at / (inputs * outputs), at / outputs % inputs, at % outputs))
            {
                forward[row * outputs + out] += x[row * inputs + input] * weight[input * outputs + out];
                backward[row * inputs + input] += y[row * outputs + out] * weight[input * outputs + out];
                gradient[input * outputs + out] += x[row * inputs + input] * y[row * outputs + out];
            }
            let layer = Dense { inputs, outputs };
            for (ours, expected) in [
                (layer.forward(&x, &weight, &bias), forward),
                (layer.backward(&y, &weight), backward),
                (layer.weight(&x, &y), gradient),
            ] {
                assert_eq!(ours.len(), expected.len());
                assert!(
                    ours.iter().zip(&expected).all(|(a, b)| (a - b).abs() < 1e-4 * (1.0 + b.abs())),
                    "{n} {inputs} {outputs}"
                );
            }
        }
    }
}
