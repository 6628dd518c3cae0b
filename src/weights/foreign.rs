//! The same generator under other names: its layers are told by their shapes, and layers of one shape by their order.
//!
//! What a file cannot say, how borders are filled and pixels are doubled, follows from the numbers of its layers where they tell, and is
//! otherwise taken as published; who opens the file is told so.

use std::collections::BTreeMap;

use super::parts::{Part, Parts};
use crate::error::{Error, Misfit, Result};
use crate::models::cyclegan::form::{Borders, Form, Halving};
use crate::models::cyclegan::{Canvas, ResnetGeneratorConfig, Upsample};

/// A layer of the file.
#[derive(Debug, Clone)]
struct Layer<'f> {
    /// Its path, without `weight` and `bias`.
    path: String,
    weight: Part<'f>,
    bias: Option<Part<'f>>,
}

/// What was found: sizes and form, and the tensors under the published names.
#[derive(Debug)]
pub struct Matched<'f> {
    pub config: ResnetGeneratorConfig,
    pub form: Form,
    pub parts: Parts<'f>,
}

/// Puts every layer in the place that its shape has in the published network.
pub fn matched<'f>(parts: &Parts<'f>) -> Result<Matched<'f>> {
    let mut layers = layers(parts)?;
    let order = Order::of(&layers);
    layers.sort_by(|one, other| order.key(&one.path).cmp(&order.key(&other.path)));
    let (stem, head) = ends(&mut layers)?;
    let [filters, colours, ..] = stem.weight.shape[..] else { return Err(unlike(&stem.weight)) };
    let form = Form { channels: [colours, head.weight.shape[0]], ..Form::default() };
    let mut of_shape = |outputs: usize, inputs: usize| {
        let wanted = [outputs, inputs, 3, 3];
        let (found, rest) = std::mem::take(&mut layers).into_iter().partition(|layer| layer.weight.shape == wanted);
        layers = rest;
        found
    };
    let mut down: [Vec<Layer>; 2] = [of_shape(2 * filters, filters), of_shape(4 * filters, 2 * filters)];
    let blocks: Vec<Layer> = of_shape(4 * filters, 4 * filters);
    let mut up: [Vec<Layer>; 2] = [of_shape(2 * filters, 4 * filters), of_shape(filters, 2 * filters)];
    if let Some(surplus) = layers.first() {
        return Err(unlike(&surplus.weight));
    }
    // A transposed convolution has the shape of the halving that it undoes.
    let transposed = up.iter().all(Vec::is_empty);
    if transposed {
        up = [order.divided(&mut down[1], 4 * filters)?, order.divided(&mut down[0], 2 * filters)?];
    }
    for found in down.iter().chain(&up) {
        match found.as_slice() {
            [_] => {}
            [first, ..] => return Err(ambiguous(&first.weight)),
            [] => return Err(unlike(&stem.weight)),
        }
    }
    if blocks.is_empty() || !blocks.len().is_multiple_of(2) {
        return Err(unlike(blocks.first().map_or(&stem.weight, |layer| &layer.weight)));
    }
    order.certain(&blocks)?;
    // A network without any biases has none in its last layer either.
    let mut head = head;
    if [&stem, &head]
        .into_iter()
        .chain(down.iter().chain(&up).flatten())
        .chain(&blocks)
        .all(|layer| layer.bias.is_none())
    {
        head.bias = Some(head.weight.zeros(form.channels[1]));
    }
    let upsample = if transposed { Upsample::Transposed } else { Upsample::Resize };
    let config = ResnetGeneratorConfig { filters, blocks: blocks.len() / 2, upsample, canvas: Canvas::Empty };
    let form = by_numbers(form, &down[0], &blocks, &up, &head);
    Ok(Matched { config, form, parts: named(&config, &form, [stem, head], down, blocks, up) })
}

/// Weights with their biases; a tensor that is neither has no place.
fn layers<'f>(parts: &Parts<'f>) -> Result<Vec<Layer<'f>>> {
    let mut rest: BTreeMap<&str, &Part> = parts.0.iter().map(|(name, part)| (name.as_str(), part)).collect();
    let mut layers = Vec::new();
    for (name, part) in &parts.0 {
        if part.shape.len() != 4 {
            continue;
        }
        // Ports have other words for a kernel than `weight`, and some put them behind an underscore.
        let end = name.rfind(['.', '_']).map_or(0, |end| end + 1);
        let path = name[..end].trim_end_matches(['.', '_']);
        let bias = ["bias", "b"].iter().find_map(|word| rest.remove(format!("{}{word}", &name[..end]).as_str()));
        rest.remove(name.as_str());
        layers.push(Layer { path: path.to_string(), weight: part.clone(), bias: bias.cloned() });
    }
    match rest.values().next() {
        Some(part) if matches!(part.shape[..], [channels] if channels > 1) => {
            Err(Error::misfit(part.name, Misfit::Norm))
        }
        Some(part) => Err(Error::misfit(part.name, Misfit::Surplus)),
        None => Ok(layers),
    }
}

/// The first and the last convolution, which alone look at 7 x 7 pixels.
fn ends<'f>(layers: &mut Vec<Layer<'f>>) -> Result<(Layer<'f>, Layer<'f>)> {
    let (wide, rest): (Vec<Layer>, Vec<Layer>) =
        std::mem::take(layers).into_iter().partition(|layer| layer.weight.shape[2..] == [7, 7]);
    *layers = rest;
    let into = |layer: &Layer| matches!(layer.weight.shape[1], 1 | 3);
    let out = |layer: &Layer| matches!(layer.weight.shape[0], 1 | 3);
    match <[Layer; 2]>::try_from(wide) {
        Ok([one, other]) if into(&one) && out(&other) && one.weight.shape[0] == other.weight.shape[1] => {
            Ok((one, other))
        }
        Ok([one, other]) if into(&other) && out(&one) && other.weight.shape[0] == one.weight.shape[1] => {
            Ok((other, one))
        }
        Ok([one, _]) => Err(unlike(&one.weight)),
        Err(wide) => match wide.first().or(layers.first()) {
            Some(layer) => Err(unlike(&layer.weight)),
            None => Err(Error::misfit("model.1.weight", Misfit::Missing)),
        },
    }
}

/// How the names of a file are ordered: their numbers as numbers, and their words as they first appear, where the file keeps an order.
struct Order {
    words: BTreeMap<String, usize>,
    kept: bool,
}

impl Order {
    fn of(layers: &[Layer]) -> Self {
        let kept = layers.iter().all(|layer| layer.weight.rank.is_some());
        let mut in_file: Vec<&Layer> = layers.iter().collect();
        in_file.sort_by_key(|layer| layer.weight.rank);
        let mut words = BTreeMap::new();
        for word in in_file.iter().flat_map(|layer| tokens(&layer.path)) {
            let next = words.len();
            words.entry(word.to_string()).or_insert(next);
        }
        Self { words, kept }
    }

    fn key(&self, path: &str) -> Vec<usize> {
        // Words and numbers alternate, so that neither meets the other.
        tokens(path).map(|token| token.parse().unwrap_or_else(|_| self.words[token])).collect()
    }

    /// Layers of one shape must differ in numbers alone, or lie in a file that keeps an order.
    fn certain(&self, layers: &[Layer]) -> Result<()> {
        let words = |layer: &Layer| -> Vec<String> {
            tokens(&layer.path).map(|t| if t.parse::<usize>().is_ok() { String::new() } else { t.into() }).collect()
        };
        let alike = layers.windows(2).all(|pair| words(&pair[0]) == words(&pair[1]));
        let told = layers.windows(2).all(|pair| self.key(&pair[0].path) != self.key(&pair[1].path));
        match layers.first() {
            Some(layer) if !told || !alike && !self.kept => Err(ambiguous(&layer.weight)),
            _ => Ok(()),
        }
    }

    /// Takes the transposed convolution out of two layers of one shape: its bias has the length of its second side; without biases it is the
    /// later one.
    fn divided<'f>(&self, pair: &mut Vec<Layer<'f>>, halved: usize) -> Result<Vec<Layer<'f>>> {
        let length = |layer: &Layer| layer.bias.as_ref().map(|bias| bias.shape.clone());
        let at = pair.iter().position(|layer| length(layer).is_some_and(|shape| shape == [halved / 2]));
        match (at, pair.len()) {
            (Some(at), 2) => Ok(vec![pair.remove(at)]),
            (None, 2) => {
                self.certain(pair)?;
                Ok(vec![pair.remove(1)])
            }
            _ => Ok(Vec::new()),
        }
    }
}

/// Words and numbers of a path in turn.
fn tokens(path: &str) -> impl Iterator<Item = &str> {
    path.split('.').flat_map(|part| {
        let digit = |at: usize| part.as_bytes()[at].is_ascii_digit();
        let starts: Vec<usize> = (0..part.len())
            .filter(|at| part.is_char_boundary(*at) && (*at == 0 || digit(*at) != digit(*at - 1)))
            .collect();
        let ends = starts.iter().skip(1).copied().chain([part.len()]).collect::<Vec<_>>();
        starts.into_iter().zip(ends).map(|(from, to)| &part[from..to]).collect::<Vec<_>>()
    })
}

/// What the layers' numbers in their containers tell of the layers without weights between them.
fn by_numbers(form: Form, down: &[Layer], blocks: &[Layer], up: &[Vec<Layer>; 2], head: &Layer) -> Form {
    let last = |layer: &Layer| layer.path.rsplit('.').next().and_then(|part| part.parse::<usize>().ok());
    // With padding of its own, a block is convolution, norm, ReLU, convolution, norm; dropout moves the second by one.
    let bare = last(&blocks[0]) == Some(0) && matches!(last(&blocks[1]), Some(3 | 4));
    // A well-known port in which every convolution mirrors its own borders.
    let itself = down[0].path.starts_with("down_blocks") && head.path == "last";
    let gap = between(&blocks[blocks.len() - 1].path, &up[0][0].path).or(last(&up[0][0]).map(|at| at + 1));
    let (smooth, doubling) = match gap {
        // One layer that does both, as ours.
        Some(1) => (false, Borders::Mirrored),
        // Interpolation, mirrored padding, convolution: what the authors advise against checkerboards.
        Some(3) => (true, Borders::Mirrored),
        // PyTorch's own doubling, then a convolution with its usual zeros.
        _ => (false, Borders::Zeros),
    };
    Form {
        halving: if itself { Halving::Mirrored } else { Halving::Strided },
        blocks: if bare && !itself { Borders::Zeros } else { Borders::Mirrored },
        smooth,
        doubling,
        ..form
    }
}

/// How many layers of one container lie from a block to the doubling behind it.
fn between(block: &str, up: &str) -> Option<usize> {
    let shared = block.split('.').zip(up.split('.')).take_while(|(one, other)| one == other).count();
    let number = |path: &str| path.split('.').nth(shared)?.parse::<usize>().ok();
    number(up)?.checked_sub(number(block)?)
}

fn named<'f>(
    config: &ResnetGeneratorConfig,
    form: &Form,
    [stem, head]: [Layer<'f>; 2],
    down: [Vec<Layer<'f>>; 2],
    blocks: Vec<Layer<'f>>,
    up: [Vec<Layer<'f>>; 2],
) -> Parts<'f> {
    let places = form.layers(config.blocks);
    let outer = places.down.into_iter().chain(places.up).map(|layer| format!("model.{layer}"));
    let inner = (0..config.blocks)
        .flat_map(|k| [1, 5].map(|conv| format!("model.{}.conv_block.{conv}", places.first_block + k)));
    let ends = [("model.1".to_string(), stem), (format!("model.{}", places.head), head)];
    let outer = outer.zip(down.into_iter().chain(up).flatten());
    let mut parts = BTreeMap::new();
    for (name, layer) in ends.into_iter().chain(outer).chain(inner.zip(blocks)) {
        parts.insert(format!("{name}.weight"), layer.weight);
        layer.bias.map(|bias| parts.insert(format!("{name}.bias"), bias));
    }
    Parts(parts)
}

fn unlike(part: &Part) -> Error {
    Error::misfit(part.name, Misfit::Unlike { found: format!("{:?}", part.shape) })
}

fn ambiguous(part: &Part) -> Error {
    Error::misfit(part.name, Misfit::Ambiguous { found: format!("{:?}", part.shape) })
}
