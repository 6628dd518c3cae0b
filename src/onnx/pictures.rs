//! Generators that begin with a picture: CycleGAN's, of free height and width, and DR-GAN's.

use serde_json::json;

use super::Plan;
use super::graph::{Builder, Side, Value, With};
use crate::error::Result;
use crate::models::cyclegan::form::Form;
use crate::models::cyclegan::{Canvas, ResnetGeneratorConfig, SKIP, Upsample, canvas};
use crate::models::drgan::{DecoderConfig, EncoderConfig};
use crate::nn::norm::EPSILON;

/// The generators halve twice; a quarter of the shortest side still has more than one pixel to mirror, as in `image/`.
const MULTIPLE: i64 = 4;
const SHORTEST: i64 = 16;

/// CycleGAN's generator by its published names.
pub struct Translator {
    pub config: ResnetGeneratorConfig,
}

impl Plan for Translator {
    fn about(&self) -> serde_json::Value {
        json!(self.config)
    }

    fn draw(&self, graph: &mut Builder) -> Result<()> {
        let layers = Form::default().layers(self.config.blocks);
        let sides = [Side::Free("n"), Side::Of(3), Side::Free("height"), Side::Free("width")];
        let picture = graph.input("picture", &sides, "red, green, blue from -1 to 1, rows from the top");
        let size = graph.op("Shape", &[&picture], &[With::Int("start", 2), With::Int("end", 4)]);
        let padded = grown(graph, &picture, &size);

        let mut x = mirrored(graph, &padded, 3);
        x = conv(graph, &x, "model.1", 1, 0)?;
        x = bent(graph, &x, 1)?;
        for (at, layer) in layers.down.iter().enumerate() {
            x = conv(graph, &x, &format!("model.{layer}"), 2, 1)?;
            x = bent(graph, &x, 2 << at)?;
        }
        for block in 0..self.config.blocks {
            let name = format!("model.{}.conv_block", layers.first_block + block);
            let mut y = mirrored(graph, &x, 1);
            y = conv(graph, &y, &format!("{name}.1"), 1, 0)?;
            y = bent(graph, &y, 4)?;
            y = mirrored(graph, &y, 1);
            y = conv(graph, &y, &format!("{name}.5"), 1, 0)?;
            y = norm(graph, &y, 4)?;
            x = graph.op("Add", &[&x, &y], &[]);
        }
        for (at, layer) in layers.up.iter().enumerate() {
            let name = format!("model.{layer}");
            x = match self.config.upsample {
                Upsample::Transposed => transposed(graph, &x, &name, 1)?,
                Upsample::Resize => {
                    let twice = enlarged(graph, &x, 2.0, "nearest", "asymmetric");
                    let y = mirrored(graph, &twice, 1);
                    conv(graph, &y, &name, 1, 0)?
                }
            };
            x = bent(graph, &x, 2 >> at)?;
        }
        x = mirrored(graph, &x, 3);
        x = conv(graph, &x, &format!("model.{}", layers.head), 1, 0)?;
        x = self.finish(graph, &padded, x)?;
        let cut = window(graph, &x, &size);
        graph.output("painting", cut, &sides, "as the picture");
        Ok(())
    }
}

impl Translator {
    /// What the head gave, on the canvas.
    fn finish(&self, graph: &mut Builder, padded: &Value, y: Value) -> Result<Value> {
        Ok(match self.config.canvas {
            Canvas::Empty => graph.op("Tanh", &[&y], &[]),
            Canvas::Picture => {
                let share = graph.weight(SKIP)?;
                let kept = graph.op("Mul", &[padded, &share], &[]);
                let sum = graph.op("Add", &[&kept, &y], &[]);
                clipped(graph, &sum, 1.0)
            }
            Canvas::Underpainting => {
                let block = canvas::BLOCK as i64;
                let with = [
                    With::Ints("kernel_shape", &[block, block]),
                    With::Ints("strides", &[block, block]),
                    With::Int("ceil_mode", 1),
                ];
                let means = graph.op("AveragePool", &[padded], &with);
                let broad = enlarged(graph, &means, block as f32, "linear", "half_pixel");
                let size = graph.op("Shape", &[padded], &[With::Int("start", 2), With::Int("end", 4)]);
                let broad = window(graph, &broad, &size);
                let broad = clipped(graph, &broad, canvas::LIMIT as f32);
                let broad = graph.op("Atanh", &[&broad], &[]);
                let sum = graph.op("Add", &[&y, &broad], &[]);
                graph.op("Tanh", &[&sum], &[])
            }
        })
    }
}

/// DR-GAN's encoder and decoder as one: a face, and the same person at another yaw.
pub struct Turner {
    pub encoder: EncoderConfig,
    pub decoder: DecoderConfig,
    pub side: usize,
}

impl Plan for Turner {
    fn about(&self) -> serde_json::Value {
        let (encoder, decoder) = (&self.encoder, &self.decoder);
        json!({
            "side": self.side, "features": encoder.features, "strides": encoder.strides, "map_side": encoder.map_side,
            "noise_dim": decoder.noise_dim, "start": decoder.start, "doublings": decoder.doublings,
        })
    }

    fn draw(&self, graph: &mut Builder) -> Result<()> {
        let sides = [Side::Free("n"), Side::Of(3), Side::Of(self.side), Side::Of(self.side)];
        let picture = graph.input("picture", &sides, "red, green, blue from -1 to 1, rows from the top");
        let yaw = graph.input("yaw", &[Side::Free("n"), Side::Of(1)], "degrees, from -90 to 90");
        let noise_sides = [Side::Free("n"), Side::Of(self.decoder.noise_dim)];
        let noise = graph.input("noise", &noise_sides, "independent, even between -1 and 1");

        let mut x = picture;
        for (at, stride) in self.encoder.strides.iter().enumerate() {
            x = conv(graph, &x, &format!("encoder.conv.{at}"), *stride as i64, 1)?;
            x = graph.op("Elu", &[&x], &[]);
        }
        let features = conv(graph, &x, &format!("encoder.conv.{}", self.encoder.strides.len()), 1, 0)?;
        let features = pooled(graph, &features);
        let confidence = conv(graph, &x, "encoder.confidence", 1, 1)?;
        let confidence = pooled(graph, &confidence);
        let confidence = graph.op("Sigmoid", &[&confidence], &[]);

        let radians = graph.constant(&[1], vec![1f32.to_radians()]);
        let yaw = graph.op("Mul", &[&yaw, &radians], &[]);
        let yaw = graph.linear(&yaw, "decoder.yaw")?;
        let yaw = graph.op("Elu", &[&yaw], &[]);
        let code = graph.op("Concat", &[&features, &yaw, &noise], &[With::Int("axis", 1)]);
        let code = graph.linear(&code, "decoder.fc")?;
        let code = graph.op("Elu", &[&code], &[]);
        let [channels, start] = self.decoder.start.map(|side| side as i64);
        let mut x = graph.reshape(&code, &[-1, channels, start, start]);
        for at in 0..self.decoder.channels.len() {
            let name = format!("decoder.conv.{at}");
            x = if self.decoder.doublings.contains(&at) {
                transposed(graph, &x, &name, 1)?
            } else {
                conv(graph, &x, &name, 1, 1)?
            };
            x = graph.op("Elu", &[&x], &[]);
        }
        x = transposed(graph, &x, "decoder.out", 0)?;
        x = graph.op("Tanh", &[&x], &[]);
        graph.output("face", x, &sides, "the person of the picture, at this yaw");
        let width = Side::Of(self.encoder.features);
        graph.output("features", features, &[Side::Free("n"), width], "who it is");
        let said = "how far the picture is to be trusted, 0 to 1: the weight of its features among a person's";
        graph.output("confidence", confidence, &[Side::Free("n"), Side::Of(1)], said);
        Ok(())
    }
}

/// The picture mirrored to the right and below, until its sides are multiples of four and not too short.
fn grown(graph: &mut Builder, picture: &Value, size: &Value) -> Value {
    let [least, multiple, above] = [SHORTEST, MULTIPLE, MULTIPLE - 1].map(|number| graph.integers(&[number]));
    let up = graph.op("Add", &[size, &above], &[]);
    let up = graph.op("Div", &[&up, &multiple], &[]);
    let up = graph.op("Mul", &[&up, &multiple], &[]);
    let up = graph.op("Max", &[&up, &least], &[]);
    let more = graph.op("Sub", &[&up, size], &[]);
    let before = graph.integers(&[0; 6]);
    let pads = graph.op("Concat", &[&before, &more], &[With::Int("axis", 0)]);
    graph.op("Pad", &[picture, &pads], &[With::Word("mode", "reflect")])
}

/// The upper left part of this size.
fn window(graph: &mut Builder, x: &Value, size: &Value) -> Value {
    let (from, axes) = (graph.integers(&[0, 0]), graph.integers(&[2, 3]));
    graph.op("Slice", &[x, &from, size, &axes], &[])
}

fn mirrored(graph: &mut Builder, x: &Value, by: i64) -> Value {
    let pads = graph.integers(&[0, 0, by, by, 0, 0, by, by]);
    graph.op("Pad", &[x, &pads], &[With::Word("mode", "reflect")])
}

fn enlarged(graph: &mut Builder, x: &Value, times: f32, mode: &str, places: &str) -> Value {
    let times = graph.constant(&[4], vec![1.0, 1.0, times, times]);
    let none = String::new();
    let with = [
        With::Word("mode", mode),
        With::Word("coordinate_transformation_mode", places),
        With::Word("nearest_mode", "floor"),
    ];
    graph.op("Resize", &[x, &none, &times], &with)
}

fn clipped(graph: &mut Builder, x: &Value, limit: f32) -> Value {
    let [low, high] = [-limit, limit].map(|bound| graph.constant(&[], vec![bound]));
    graph.op("Clip", &[x, &low, &high], &[])
}

/// Every channel to mean 0 and variance 1.
fn norm(graph: &mut Builder, x: &Value, filters: usize) -> Result<Value> {
    let channels = filters * graph.array("model.1.weight")?.shape[0];
    let (ones, zeros) =
        (graph.constant(&[channels], vec![1.0; channels]), graph.constant(&[channels], vec![0.0; channels]));
    Ok(graph.op("InstanceNormalization", &[x, &ones, &zeros], &[With::Float("epsilon", EPSILON as f32)]))
}

fn bent(graph: &mut Builder, x: &Value, filters: usize) -> Result<Value> {
    let x = norm(graph, x, filters)?;
    Ok(graph.op("Relu", &[&x], &[]))
}

/// A convolution over a border of zeros; a bias that a norm cancels is left out, as a file of zeros has it.
fn conv(graph: &mut Builder, x: &Value, name: &str, stride: i64, padding: i64) -> Result<Value> {
    let inputs = weights(graph, name)?;
    let with = [With::Ints("strides", &[stride; 2]), With::Ints("pads", &[padding; 4])];
    Ok(graph.op("Conv", &[&[x], &inputs.iter().collect::<Vec<_>>()[..]].concat(), &with))
}

/// A doubling: stride 2, padding 1.
fn transposed(graph: &mut Builder, x: &Value, name: &str, more: i64) -> Result<Value> {
    let inputs = weights(graph, name)?;
    let with = [With::Ints("strides", &[2, 2]), With::Ints("pads", &[1; 4]), With::Ints("output_padding", &[more; 2])];
    Ok(graph.op("ConvTranspose", &[&[x], &inputs.iter().collect::<Vec<_>>()[..]].concat(), &with))
}

fn weights(graph: &mut Builder, name: &str) -> Result<Vec<Value>> {
    let mut inputs = vec![graph.weight(&format!("{name}.weight"))?];
    let bias = format!("{name}.bias");
    if graph.has(&bias) && graph.array(&bias)?.values.iter().any(|value| *value != 0.0) {
        inputs.push(graph.weight(&bias)?);
    }
    Ok(inputs)
}

/// The mean over the map.
fn pooled(graph: &mut Builder, x: &Value) -> Value {
    let x = graph.op("GlobalAveragePool", &[x], &[]);
    graph.op("Flatten", &[&x], &[])
}
