//! CycleGAN's networks in the published layout, in ours and in others: filters, blocks, kind of upsampling and canvas are read from the file's
//! names and shapes.

use burn::tensor::Device;
use serde::Serialize;

use super::parts::{Part, Parts};
use super::wrappers::{self, Group, Offer};
use super::{Array, Arrays, Checkpoint, foreign, networks};
use crate::error::{Error, Misfit, Result};
use crate::models::cyclegan::form::{Borders, Form, Halving};
use crate::models::cyclegan::{
    Canvas, PatchDiscriminator, PatchDiscriminatorConfig, ResnetGenerator, ResnetGeneratorConfig, SKIP, UNDERPAINTING,
    Upsample, canvas,
};

/// What whoever opens a file should know of how it was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "note", rename_all = "snake_case")]
pub enum Note {
    /// Names that are not the published ones: layers were matched by shape and order. `name`: the first of them.
    Names { name: String },
    /// How the doubling interpolates is not in the file.
    Doubling { smooth: bool },
    /// The averages of a training were taken, not its last weights.
    Averaged { name: String },
    /// Both directions lay in one file.
    Pair { there: String, back: String },
    /// Lay beside the weights and was not run.
    PassedOver { names: Vec<String> },
    /// Norms gathered statistics that the published generator does not use, and PyTorch's `eval()` may. `name`: the first of them.
    Statistics { name: String },
}

/// A generator as it was read.
#[derive(Debug)]
pub struct Reading {
    pub generator: ResnetGenerator,
    pub notes: Vec<Note>,
}

/// A file's generator, or a pair's both, where it tells by itself which is which; `picks`: labels of those that are wanted.
pub fn generators(checkpoint: &Checkpoint, picks: Option<&str>, device: &Device) -> Result<(Reading, Option<Reading>)> {
    let offer = wrappers::offer(checkpoint)?.ok_or_else(|| networks::stranger(checkpoint))?;
    let read = |group: &Group| reading(checkpoint, group, device);
    match (offer, picks) {
        (offer, Some(label)) => {
            let groups = offer.groups();
            let names = || groups.iter().map(|group| group.label.clone()).collect();
            let found = groups.iter().find(|group| group.label == label);
            let found = found.ok_or_else(|| Error::misfit(label, Misfit::Several { names: names() }))?;
            Ok((read(found)?, None))
        }
        (Offer::One(group), None) => Ok((read(&group)?, None)),
        (Offer::Pair(pair), None) => {
            let [there, back] = *pair;
            let (mut one, other) = (read(&there)?, read(&back)?);
            one.notes.insert(0, Note::Pair { there: there.label, back: back.label });
            Ok((one, Some(other)))
        }
        (Offer::Several(groups), None) => {
            let names = groups.iter().map(|group| group.label.clone()).collect();
            Err(Error::misfit(&groups[0].label, Misfit::Several { names }))
        }
    }
}

/// The one generator of a file.
pub fn generator(checkpoint: &Checkpoint, device: &Device) -> Result<ResnetGenerator> {
    generators(checkpoint, None, device).map(|(one, _)| one.generator)
}

/// What the names and shapes say of a file's generator.
pub fn architecture(checkpoint: &Checkpoint) -> Result<ResnetGeneratorConfig> {
    let offer = wrappers::offer(checkpoint)?.ok_or_else(|| networks::stranger(checkpoint))?;
    published(&mut Parts::of(checkpoint, &offer.groups()[0])?).map(|(config, _)| config)
}

/// By the published names, or, where they do not fit, by shapes and order. Tensors are converted one at a time.
fn reading(checkpoint: &Checkpoint, group: &Group, device: &Device) -> Result<Reading> {
    let parts = Parts::of(checkpoint, group)?;
    let mut notes = Vec::new();
    let generator = strict(parts.clone(), device).or_else(|problem| {
        let Error::WeightsMismatch { .. } = problem else { return Err(problem) };
        let by_name = parts.0.keys().any(|name| name.starts_with("model.") && name.contains(".conv_block."));
        let matched = foreign::matched(&parts).map_err(|other| if by_name { problem.clone() } else { other })?;
        let names = || parts.0.values().map(|part| part.name);
        let name = names().find(|name| !is_published(name)).or(names().next()).unwrap_or_default().to_string();
        notes.push(Note::Names { name });
        if matched.config.upsample == Upsample::Resize {
            notes.push(Note::Doubling { smooth: matched.form.smooth });
        }
        filled(&matched.config, &matched.form, matched.parts, device)
            .map_err(|other| if by_name { problem } else { other })
    })?;
    if group.averaged {
        notes.push(Note::Averaged { name: group.label.clone() });
    }
    if let Some(name) = group.statistics {
        notes.push(Note::Statistics { name: name.to_string() });
    }
    if !checkpoint.passed_over.is_empty() {
        notes.push(Note::PassedOver { names: checkpoint.passed_over.clone() });
    }
    Ok(Reading { generator, notes })
}

/// As `model.1.weight` and `model.10.conv_block.1.bias`, whatever stands before.
fn is_published(name: &str) -> bool {
    let word = |part: &&str| *part != "conv_block" && part.parse::<u32>().is_err();
    name.rsplit('.').skip(1).find(word) == Some("model")
}

fn strict(mut parts: Parts, device: &Device) -> Result<ResnetGenerator> {
    let (config, form) = published(&mut parts)?;
    filled(&config, &form, parts, device)
}

fn filled(config: &ResnetGeneratorConfig, form: &Form, mut parts: Parts, device: &Device) -> Result<ResnetGenerator> {
    let generator = config.init_as(form, &mut |name, shape| parts.take(name, shape), device)?;
    parts.finish(cancelled_biases(config, form))?;
    Ok(generator)
}

/// A discriminator with the file's weights.
pub fn discriminator(checkpoint: &Checkpoint, device: &Device) -> Result<PatchDiscriminator> {
    let mut parts = Parts::whole(checkpoint, "model.0.weight")?;
    let (filters, _) = stem(&parts, "model.0.weight", 4, &[3])?;
    let config = PatchDiscriminatorConfig { filters, halvings: 3 };
    let discriminator = config.init_from(&mut |name, shape| parts.take(name, shape), device)?;
    let cancelled = [(2, 2), (5, 4), (8, 8)];
    parts.finish(cancelled.into_iter().map(|(layer, n)| (format!("model.{layer}.bias"), n * filters)))?;
    Ok(discriminator)
}

/// The arrays of a file of this generator: published names for its parameters, which come in the network's order, and
/// zeros for the biases that a norm cancels, because other software expects them.
pub fn arrays(config: &ResnetGeneratorConfig, parameters: Vec<Array>, device: &Device) -> Result<Arrays> {
    let mut names = Vec::new();
    let mut record = |name: &str, shape: &[usize]| {
        names.push(name.to_string());
        Ok(vec![0.0; shape.iter().product()])
    };
    config.init_from(&mut record, device)?;
    let biases = cancelled_biases(config, &Form::default())
        .map(|(name, n)| (name, Array { shape: vec![n], values: vec![0.0; n] }));
    let block = Array { shape: vec![1], values: vec![canvas::BLOCK as f32] };
    let canvas = (config.canvas == Canvas::Underpainting).then(|| (UNDERPAINTING.to_string(), block));
    Ok(names.into_iter().zip(parameters).chain(biases).chain(canvas).collect())
}

/// Sizes and form of a generator by the published names; the blurs are checked, and taken out.
fn published(parts: &mut Parts) -> Result<(ResnetGeneratorConfig, Form)> {
    let (filters, colours) = stem(parts, "model.1.weight", 7, &[3, 1])?;
    let mut form = Form { channels: [colours, 3], ..Form::default() };
    if parts.has("model.7.filt") {
        form.halving = Halving::Blurred;
        blur(parts, "model.7.filt", 2 * filters, &[1.0, 2.0, 1.0], 16.0)?;
        blur(parts, "model.11.filt", 4 * filters, &[1.0, 2.0, 1.0], 16.0)?;
    }
    let from = form.layers(0).first_block;
    let first = |layer: usize| format!("model.{layer}.conv_block.1.weight");
    let blocks = (from..).take_while(|layer| parts.has(&first(*layer))).count();
    if blocks == 0 {
        return Err(Error::misfit(&first(from), Misfit::Missing));
    }
    let grown = from + blocks;
    if parts.has(&format!("model.{grown}.filt")) {
        (form.smooth, form.doubling) = (true, Borders::Zeros);
        blur(parts, &format!("model.{grown}.filt"), 4 * filters, &[1.0, 3.0, 3.0, 1.0], 16.0)?;
        blur(parts, &format!("model.{}.filt", grown + 4), 2 * filters, &[1.0, 3.0, 3.0, 1.0], 16.0)?;
    }
    let layers = form.layers(blocks);
    let doubling = parts.get(&format!("model.{}.weight", layers.up[0]))?;
    let upsample = match doubling.shape[..] {
        [inputs, ..] if inputs == 4 * filters && !form.smooth => Upsample::Transposed,
        _ => Upsample::Resize,
    };
    if parts.0.get(&format!("model.{}.weight", layers.head)).is_some_and(|head| head.shape.first() == Some(&1)) {
        form.channels[1] = 1;
    }
    Ok((ResnetGeneratorConfig { filters, blocks, upsample, canvas: canvas_of(parts)? }, form))
}

/// What the generator paints on, by our own two names; the underpainting's is taken out, since its blocks' side is part of the network, not of
/// what it learned: another would be another network.
fn canvas_of(parts: &mut Parts) -> Result<Canvas> {
    if !parts.has(UNDERPAINTING) {
        return Ok(if parts.has(SKIP) { Canvas::Picture } else { Canvas::Empty });
    }
    let found = parts.take(UNDERPAINTING, &[1])?;
    if found[..] == [canvas::BLOCK as f32] {
        return Ok(Canvas::Underpainting);
    }
    let reason = format!("underpaintings here are of blocks of {} pixels", canvas::BLOCK);
    Err(Error::Unsupported { what: format!("{UNDERPAINTING} {}", found[0]), reason })
}

/// A blur of fixed numbers, the same for every channel: the outer product of a row with itself, over `sum`.
fn blur(parts: &mut Parts, name: &str, channels: usize, row: &[f32], sum: f32) -> Result<()> {
    let unlike = {
        let part = parts.get(name)?;
        Error::misfit(part.name, Misfit::Unlike { found: format!("{:?}", part.shape) })
    };
    let values = parts.take(name, &[channels, 1, row.len(), row.len()])?;
    let wanted = |at: usize| row[at / row.len() % row.len()] * row[at % row.len()] / sum;
    let right = values.iter().enumerate().all(|(at, value)| (value - wanted(at)).abs() < 1e-3);
    if right { Ok(()) } else { Err(unlike) }
}

/// How many filters the first convolution of pictures has, and how many colours they have.
fn stem(parts: &Parts, name: &str, kernel: usize, colours: &[usize]) -> Result<(usize, usize)> {
    let part: &Part = parts.get(name)?;
    match part.shape[..] {
        [filters, inputs, height, width]
            if filters > 0 && colours.contains(&inputs) && [height, width] == [kernel; 2] =>
        {
            Ok((filters, inputs))
        }
        _ => Err(part.misshapen(format!("[filters, 3, {kernel}, {kernel}]"))),
    }
}

fn cancelled_biases(config: &ResnetGeneratorConfig, form: &Form) -> impl Iterator<Item = (String, usize)> + use<> {
    let f = config.filters;
    let layers = form.layers(config.blocks);
    let [first_down, second_down] = layers.down;
    let [first_up, second_up] = layers.up;
    let outer = [(1, f), (first_down, 2 * f), (second_down, 4 * f), (first_up, 2 * f), (second_up, f)];
    let blocks = (0..config.blocks).map(move |k| layers.first_block + k);
    let blocks = blocks.flat_map(|layer| [1, 5].map(|conv| format!("{layer}.conv_block.{conv}")));
    let blocks = blocks.map(move |layer| (format!("model.{layer}.bias"), 4 * f));
    outer.into_iter().map(|(layer, n)| (format!("model.{layer}.bias"), n)).chain(blocks)
}
