//! Generators that begin with a latent: the plain GAN's, DCGAN's and AC-GAN's, the recurrent GAN's.

use serde_json::json;

use super::Plan;
use super::graph::{Builder, Side, Value, With};
use crate::error::Result;
use crate::models::mlp::SLOPE;
use crate::nn::norm::EPSILON;

/// The plain GAN's perceptron: points, or pictures of `side` pixels squared.
pub struct Perceptron {
    pub latent_dim: usize,
    pub layers: usize,
    /// Of pictures; their numbers pass through tanh.
    pub side: Option<usize>,
    /// Middle and half width of both axes: what takes points back to the units of their table.
    pub axes: Option<[[f32; 2]; 2]>,
}

impl Plan for Perceptron {
    fn about(&self) -> serde_json::Value {
        json!({ "latent_dim": self.latent_dim, "layers": self.layers, "side": self.side, "axes": self.axes })
    }

    fn draw(&self, graph: &mut Builder) -> Result<()> {
        let mut x = latent(graph, self.latent_dim);
        for at in 0..self.layers {
            x = graph.linear(&x, &format!("layers.{at}"))?;
            if at + 1 < self.layers {
                x = graph.op("LeakyRelu", &[&x], &[With::Float("alpha", SLOPE)]);
            }
        }
        match self.side {
            Some(side) => {
                x = graph.op("Tanh", &[&x], &[]);
                x = graph.reshape(&x, &[-1, 1, side as i64, side as i64]);
                let sides = [Side::Free("n"), Side::Of(1), Side::Of(side), Side::Of(side)];
                graph.output("pictures", x, &sides, PICTURES);
            }
            None => {
                if let Some(axes) = &self.axes {
                    let units = scaled(graph, &x, &axes[..]);
                    let said = "the same in the units of the table that they were learned from";
                    graph.output("in_units", units, &[Side::Free("n"), Side::Of(2)], said);
                }
                let said = "x and y, as the page's plane has them";
                graph.output("points", x, &[Side::Free("n"), Side::Of(2)], said);
            }
        }
        Ok(())
    }
}

/// DCGAN's generator, or with classes AC-GAN's.
pub struct Convolutional {
    pub latent_dim: usize,
    pub classes: usize,
    pub channels: usize,
    pub side: usize,
    pub doublings: usize,
}

impl Plan for Convolutional {
    fn about(&self) -> serde_json::Value {
        json!({ "latent_dim": self.latent_dim, "classes": self.classes, "channels": self.channels, "side": self.side, "doublings": self.doublings })
    }

    fn draw(&self, graph: &mut Builder) -> Result<()> {
        let start = (self.side >> self.doublings) as i64;
        let mut x = latent(graph, self.latent_dim);
        if self.classes > 0 {
            let hot = class(graph, self.classes);
            x = graph.op("Concat", &[&x, &hot], &[With::Int("axis", 1)]);
        }
        x = graph.linear(&x, "project")?;
        let widest = graph.array("norms.0.weight")?.values.len() as i64;
        x = graph.reshape(&x, &[-1, widest, start, start]);
        for at in 0..self.doublings {
            let [scale, shift, mean, variance] = ["weight", "bias", "running_mean", "running_var"]
                .map(|part| graph.weight(&format!("norms.{at}.{part}")));
            let inputs = [&x, &scale?, &shift?, &mean?, &variance?];
            x = graph.op("BatchNormalization", &inputs, &[With::Float("epsilon", EPSILON as f32)]);
            x = graph.op("Relu", &[&x], &[]);
            let name = format!("doublings.{at}");
            let weight = graph.weight(&format!("{name}.weight"))?;
            let bias = format!("{name}.bias");
            let bias = if graph.has(&bias) { Some(graph.weight(&bias)?) } else { None };
            let inputs: Vec<&Value> = [&x, &weight].into_iter().chain(&bias).collect();
            let with = [With::Ints("strides", &[2, 2]), With::Ints("pads", &[1, 1, 1, 1])];
            x = graph.op("ConvTranspose", &inputs, &with);
        }
        x = graph.op("Tanh", &[&x], &[]);
        let sides = [Side::Free("n"), Side::Of(self.channels), Side::Of(self.side), Side::Of(self.side)];
        graph.output("pictures", x, &sides, PICTURES);
        Ok(())
    }
}

/// The recurrent GAN's generator. A latent holds what is kept for the whole sequence, then each step's own.
pub struct Recurrent {
    pub own: usize,
    pub held: usize,
    pub steps: usize,
    pub classes: usize,
    /// Middle and half width of each value of a step, where they are a visitor's.
    pub scale: Vec<[f32; 2]>,
}

impl Plan for Recurrent {
    fn about(&self) -> serde_json::Value {
        json!({ "own": self.own, "held": self.held, "steps": self.steps, "classes": self.classes, "scale": self.scale })
    }

    fn draw(&self, graph: &mut Builder) -> Result<()> {
        let (own, held, steps) = (self.own as i64, self.held as i64, self.steps as i64);
        let numbers = self.held + self.steps * self.own;
        let latents = latent(graph, numbers);
        let mut parts = Vec::new();
        if own > 0 {
            let fresh = graph.slice(&latents, 1, held, numbers as i64);
            let fresh = graph.reshape(&fresh, &[-1, steps, own]);
            parts.push(graph.op("Transpose", &[&fresh], &[With::Ints("perm", &[1, 0, 2])]));
        }
        let mut everywhere = |graph: &mut Builder, x: Value| {
            let (first, repeat) = (graph.integers(&[0]), graph.integers(&[steps, 1, 1]));
            let x = graph.op("Unsqueeze", &[&x, &first], &[]);
            parts.push(graph.op("Tile", &[&x, &repeat], &[]));
        };
        if held > 0 {
            let kept = graph.slice(&latents, 1, 0, held);
            everywhere(graph, kept);
        }
        if self.classes > 0 {
            let hot = class(graph, self.classes);
            everywhere(graph, hot);
        }
        let x = graph.op("Concat", &parts.iter().collect::<Vec<_>>(), &[With::Int("axis", 2)]);

        let hidden = graph.array("lstm.weight_hh_l0")?.shape[1];
        let [input, recurrent] = ["weight_ih_l0", "weight_hh_l0"].map(|part| gates(graph, &format!("lstm.{part}"), 1));
        let (input, recurrent) = (input?, recurrent?);
        let bias = gates(graph, "lstm.bias_ih_l0", 2)?;
        let all = [&x, &input, &recurrent, &bias];
        let x = graph.op("LSTM", &all, &[With::Int("hidden_size", hidden as i64)]);
        // One direction.
        let second = graph.integers(&[1]);
        let x = graph.op("Squeeze", &[&x, &second], &[]);
        let x = graph.reshape(&x, &[-1, hidden as i64]);
        let x = graph.linear(&x, "output")?;
        let x = graph.op("Tanh", &[&x], &[]);
        let dims = graph.array("output.bias")?.values.len();
        let x = graph.reshape(&x, &[steps, -1, dims as i64]);
        let mut x = graph.op("Transpose", &[&x], &[With::Ints("perm", &[1, 0, 2])]);
        if !self.scale.is_empty() {
            x = scaled(graph, &x, &self.scale);
        }
        let said = "values of each step, in the unit of the data";
        graph.output("sequences", x, &[Side::Free("n"), Side::Of(self.steps), Side::Of(dims)], said);
        Ok(())
    }
}

const PICTURES: &str = "-1 black, 1 white";

fn latent(graph: &mut Builder, numbers: usize) -> Value {
    graph.input("latent", &[Side::Free("n"), Side::Of(numbers)], "independent standard normals")
}

fn class(graph: &mut Builder, classes: usize) -> Value {
    let label = graph.choice("label", "the class of each, from 0");
    graph.one_hot(&label, classes)
}

/// Values between -1 and 1 times half a width, plus the middle.
fn scaled(graph: &mut Builder, x: &Value, scale: &[[f32; 2]]) -> Value {
    let part = |at: usize| scale.iter().map(|pair| pair[at]).collect::<Vec<f32>>();
    let (half, middle) = (graph.constant(&[scale.len()], part(1)), graph.constant(&[scale.len()], part(0)));
    let x = graph.op("Mul", &[x, &half], &[]);
    graph.op("Add", &[&x, &middle], &[])
}

/// An LSTM's numbers in ONNX's order of gates (input, output, forget, candidate) instead of PyTorch's (input, forget, candidate, output),
/// `times` over: it has a second bias, which is 0 here.
fn gates(graph: &mut Builder, name: &str, times: usize) -> Result<Value> {
    let array = graph.array(name)?;
    let gate = array.values.len() / 4;
    let mut values: Vec<f32> = [0, 3, 1, 2].iter().flat_map(|at| &array.values[at * gate..][..gate]).copied().collect();
    let mut shape = vec![1];
    shape.extend(&array.shape);
    values.resize(times * 4 * gate, 0.0);
    shape[1] *= times;
    Ok(graph.constant(&shape, values))
}
