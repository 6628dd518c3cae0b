//! Weights that a norm holds in check are saved as what they are computed from. Here they become the weights that PyTorch computes with when
//! nothing learns.
//!
//! Spectral norm (Miyato et al. 2018): `weight / (uᵀ W v)`, W with the outputs as rows; `torch/nn/utils/spectral_norm.py` names them
//! `weight_orig`, `weight_u`, `weight_v`, its successor `parametrizations.weight.original`, `0._u`, `0._v`. Weight norm (Salimans and Kingma
//! 2016): `g v / |v|`, as `weight_g` and `weight_v`, or `parametrizations.weight.original0` and `1`.

use std::collections::BTreeMap;

use super::parts::Part;
use crate::error::{Error, Misfit, Result};

type Named<'f> = BTreeMap<String, Part<'f>>;

/// Puts every folded `weight` in the place of its parts.
pub fn norms(parts: &mut Named) -> Result<()> {
    let ends = ["weight_orig", "weight_g", "parametrizations.weight.original", "parametrizations.weight.original0"];
    let found: Vec<(String, &str)> = parts
        .keys()
        .filter_map(|name| ends.iter().find_map(|end| Some((name.strip_suffix(end)?.to_string(), *end))))
        .collect();
    for (layer, end) in found {
        // The oldest files have no v, but the weight that was computed last.
        let last = parts.remove(&format!("{layer}weight"));
        if let (Some(last), "weight_orig") = (last, end) {
            ["weight_orig", "weight_u", "weight_v"]
                .iter()
                .for_each(|part| drop(parts.remove(&format!("{layer}{part}"))));
            parts.insert(format!("{layer}weight"), last);
            continue;
        }
        let folded = match end {
            "weight_orig" => spectral(parts, &layer, [end, "weight_u", "weight_v"])?,
            "weight_g" => weight_norm(parts, &layer, [end, "weight_v"])?,
            "parametrizations.weight.original" => {
                let [u, v] = ["parametrizations.weight.0._u", "parametrizations.weight.0._v"];
                spectral(parts, &layer, [end, u, v])?
            }
            _ => weight_norm(parts, &layer, [end, "parametrizations.weight.original1"])?,
        };
        parts.insert(format!("{layer}weight"), folded);
    }
    Ok(())
}

/// Whether a name is that of weight norm's lengths, which may be a single number.
pub fn is_length(name: &str) -> bool {
    name.ends_with("weight_g") || name.ends_with("parametrizations.weight.original0")
}

fn removed<'f>(parts: &mut Named<'f>, layer: &str, name: &str) -> Result<Part<'f>> {
    let name = format!("{layer}{name}");
    parts.remove(&name).ok_or_else(|| Error::misfit(&name, Misfit::Missing))
}

fn spectral<'f>(parts: &mut Named<'f>, layer: &str, [weight, u, v]: [&str; 3]) -> Result<Part<'f>> {
    let (weight, u) = (removed(parts, layer, weight)?, removed(parts, layer, u)?);
    let v = removed(parts, layer, v)?;
    let (values, rows) = (weight.values()?, numbers(&u)?);
    // Transposed convolutions have their outputs second.
    let dim = weight.shape.iter().take(2).position(|side| *side == rows.len());
    let dim = dim.ok_or_else(|| u.misshapen(format!("[{}]", weight.shape.first().unwrap_or(&1))))?;
    let (outer, sides, inner) = around(&weight.shape, dim);
    let columns = outer * inner;
    let by_column = |at: usize, row: usize| values[(at / inner * sides + row) * inner + at % inner] as f64;
    if v.shape != [columns] {
        return Err(v.misshapen(format!("[{columns}]")));
    }
    let across = numbers(&v)?;
    let mut sigma = 0.0;
    for (row, u) in rows.iter().enumerate() {
        sigma += u * across.iter().enumerate().map(|(at, v)| by_column(at, row) * v).sum::<f64>();
    }
    finite(&weight, values.iter().map(|value| (*value as f64 / sigma) as f32).collect())
}

fn weight_norm<'f>(parts: &mut Named<'f>, layer: &str, [g, v]: [&str; 2]) -> Result<Part<'f>> {
    let (g, v) = (removed(parts, layer, g)?, removed(parts, layer, v)?);
    let (values, lengths) = (v.values()?, g.values()?);
    // One length for each slice of the dimension that g keeps, or one for all.
    let dim = g.shape.iter().position(|side| *side > 1).unwrap_or(0);
    let kept = v.shape.get(dim).map(|sides| if lengths.len() == 1 { 1 } else { *sides });
    if kept != Some(lengths.len()) || lengths.len() > 1 && g.shape.len() != v.shape.len() {
        return Err(g.misshapen(format!("[{}, 1, 1, 1]", v.shape.first().unwrap_or(&1))));
    }
    let (_, sides, inner) = around(&v.shape, dim);
    let slice = |at: usize| if lengths.len() == 1 { 0 } else { at / inner % sides };
    let mut squares = vec![0.0f64; lengths.len()];
    values.iter().enumerate().for_each(|(at, value)| squares[slice(at)] += (*value as f64).powi(2));
    let scaled = |(at, value): (usize, &f32)| {
        let slice = slice(at);
        (*value as f64 * lengths[slice] as f64 / squares[slice].sqrt()) as f32
    };
    let folded = values.iter().enumerate().map(scaled).collect();
    finite(&v, folded)
}

/// How many slices lie before a dimension, in it, and in each of its own.
fn around(shape: &[usize], dim: usize) -> (usize, usize, usize) {
    (shape[..dim].iter().product(), shape[dim], shape[dim + 1..].iter().product())
}

fn numbers(part: &Part) -> Result<Vec<f64>> {
    Ok(part.values()?.into_iter().map(f64::from).collect())
}

/// A norm of zero leaves nothing to divide by.
fn finite<'f>(part: &Part<'f>, values: Vec<f32>) -> Result<Part<'f>> {
    match values.iter().position(|value| !value.is_finite()) {
        Some(index) => Err(Error::not_finite(part.name, index, values[index])),
        None => Ok(part.made(values)),
    }
}
