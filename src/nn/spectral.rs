//! Spectral normalisation (Miyato et al. 2018, "Spectral normalization for generative adversarial networks"): each weight
//! over its largest singular value, so that no layer stretches a distance.

use burn::tensor::{Device, Tensor, TensorData};
use std::collections::BTreeMap;

use super::linear::product;
use super::params::NamedTensor;
use crate::error::{Error, Result};
use crate::rng::Stream;

/// Keeps a direction of length zero finite (PyTorch's default).
const EPSILON: f64 = 1e-12;

/// The directions start after so many iterations, as PyTorch's do.
const FIRST_ITERATIONS: usize = 15;

/// Each weight's leading singular directions, followed by one power iteration a training step (algorithm 1).
#[derive(Debug, Clone)]
pub struct SpectralNorm {
    /// `inputs` and `outputs` of each weight: columns.
    directions: Vec<[Tensor<2>; 2]>,
}

impl SpectralNorm {
    /// # Shapes
    /// weights `[inputs, outputs]`, without autodiff
    pub fn new(weights: &[Tensor<2>], stream: &mut Stream) -> Self {
        let random = |weight: &Tensor<2>, stream: &mut Stream| {
            let dims = weight.dims();
            dims.map(|n| unit(Tensor::from_data(TensorData::new(stream.normals(n), [n, 1]), &weight.device())))
        };
        let mut norm = Self { directions: weights.iter().map(|weight| random(weight, stream)).collect() };
        for _ in 0..FIRST_ITERATIONS {
            norm.advance(weights);
        }
        norm
    }

    /// One power iteration on the present weights, in PyTorch's order.
    ///
    /// # Shapes
    /// weights `[inputs, outputs]`, without autodiff
    pub fn advance(&mut self, weights: &[Tensor<2>]) {
        for ([v, u], weight) in self.directions.iter_mut().zip(weights) {
            *u = unit(product(weight.clone().transpose(), v.clone()));
            *v = unit(product(weight.clone(), u.clone()));
        }
    }

    /// What each weight is to be multiplied by: one over `v' W u`. The directions count as constants (equation 11).
    ///
    /// # Shapes
    /// weights `[inputs, outputs]` -> `[1, 1]` each
    pub fn scales(&self, weights: &[Tensor<2>]) -> Vec<Tensor<2>> {
        let scale = |([v, u], weight): (&[Tensor<2>; 2], &Tensor<2>)| {
            (product(weight.clone(), u.clone()) * v.clone()).sum_dim(0).recip()
        };
        self.directions.iter().zip(weights).map(scale).collect()
    }

    /// The state as named tensors: `INDEX.v` and `INDEX.u`.
    pub fn state(&self) -> Vec<NamedTensor> {
        let named = |name: String, value: &Tensor<2>| {
            let n = value.dims()[0];
            NamedTensor { name, shape: vec![n], value: value.clone().reshape([n]) }
        };
        let each = |(index, [v, u]): (usize, &[Tensor<2>; 2])| {
            [named(format!("{index}.v"), v), named(format!("{index}.u"), u)]
        };
        self.directions.iter().enumerate().flat_map(each).collect()
    }

    /// The inverse of [`SpectralNorm::state`], for the same network.
    pub fn load(&mut self, mut state: BTreeMap<String, Vec<f32>>, device: &Device) -> Result<()> {
        for (index, pair) in self.directions.iter_mut().enumerate() {
            for (name, old) in ["v", "u"].iter().zip(pair) {
                let values = state.remove(&format!("{index}.{name}")).filter(|values| values.len() == old.dims()[0]);
                let values = values.ok_or_else(|| Error::session(format!("no singular direction `{index}.{name}`")))?;
                let n = values.len();
                *old = Tensor::from_data(TensorData::new(values, [n, 1]), device);
            }
        }
        Ok(())
    }
}

fn unit(column: Tensor<2>) -> Tensor<2> {
    let length = (column.clone() * column.clone()).sum_dim(0).sqrt().clamp_min(EPSILON);
    column / length
}

#[cfg(all(test, feature = "cpu", not(target_family = "wasm")))]
mod tests {
    use super::*;
    use crate::rng::Purpose;

    #[test]
    fn a_diagonal_weight_is_divided_by_its_largest_entry() {
        let weight = Tensor::<2>::from_data([[3.0, 0.0], [0.0, -2.0], [0.0, 0.0]], &Device::flex());
        let norm = SpectralNorm::new(std::slice::from_ref(&weight), &mut Stream::new(1, Purpose::Initialisation, 1));
        let scale = norm.scales(&[weight])[0].clone().into_scalar::<f32>();
        assert!((scale - 1.0 / 3.0).abs() < 1e-5, "{scale}");
    }
}
