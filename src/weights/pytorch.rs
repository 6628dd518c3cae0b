//! Trained generators as PyTorch's modules have them: linear layers are the other way round than here, and an LSTM has other names.

use super::{Array, Arrays};

/// A network of linear layers and convolutions: what has two sides is turned round.
pub fn arrays(parameters: Vec<(String, Array)>) -> Arrays {
    let turned = |array: Array| if array.shape.len() == 2 { transposed(array) } else { array };
    parameters.into_iter().map(|(name, array)| (name, turned(array))).collect()
}

/// The recurrent GAN's network: PyTorch's LSTM has a bias for its input and one for its state, of which the second is 0 here.
pub fn recurrent(parameters: Vec<(String, Array)>) -> Arrays {
    let mut arrays = arrays(parameters);
    for (name, published) in [
        ("lstm.weight_input", "lstm.weight_ih_l0"),
        ("lstm.weight_hidden", "lstm.weight_hh_l0"),
        ("lstm.bias", "lstm.bias_ih_l0"),
    ] {
        if let Some(array) = arrays.remove(name) {
            arrays.insert(published.into(), array);
        }
    }
    if let Some(bias) = arrays.get("lstm.bias_ih_l0") {
        let zeros = Array { shape: bias.shape.clone(), values: vec![0.0; bias.values.len()] };
        arrays.insert("lstm.bias_hh_l0".into(), zeros);
    }
    arrays
}

pub(super) fn transposed(Array { shape, values }: Array) -> Array {
    let (rows, columns) = (shape[0], shape[1]);
    let values = (0..values.len()).map(|at| values[at % rows * columns + at / rows]).collect();
    Array { shape: vec![columns, rows], values }
}
