//! A graph node by node. A value is known by its name; a node's is made of its operator and a number, so that a viewer shows the order.

use prost::Message;
use std::collections::BTreeMap;

use super::proto::{
    Attribute, Dimension, Graph, Model, Node, OperatorSet, Property, Shape, Tensor, TensorType, Type, ValueInfo,
    attribute, data,
};
use crate::error::{Error, Misfit, Result};
use crate::weights::{Array, Arrays};

/// Operators are meant as this version of the standard set defines them.
const OPSET: i64 = 17;

/// The oldest version of the format that has it.
const IR_VERSION: i64 = 8;

/// The name of something computed.
pub type Value = String;

/// A side of an input or output.
#[derive(Debug, Clone, Copy)]
pub enum Side {
    Free(&'static str),
    Of(usize),
}

/// What a node is told besides its inputs.
#[derive(Debug, Clone)]
pub enum With<'a> {
    Float(&'a str, f32),
    Int(&'a str, i64),
    Ints(&'a str, &'a [i64]),
    Word(&'a str, &'a str),
}

pub struct Builder<'w> {
    graph: Graph,
    weights: &'w Arrays,
    taken: BTreeMap<Value, ()>,
}

impl<'w> Builder<'w> {
    /// A graph of a network with these weights, which lie as PyTorch has them.
    pub fn new(name: &str, weights: &'w Arrays) -> Self {
        Self { graph: Graph { name: name.into(), ..Graph::default() }, weights, taken: BTreeMap::new() }
    }

    pub fn input(&mut self, name: &str, sides: &[Side], said: &str) -> Value {
        self.graph.input.push(info(name, data::FLOAT, sides, said));
        name.into()
    }

    /// Whole numbers, `[n]`.
    pub fn choice(&mut self, name: &str, said: &str) -> Value {
        self.graph.input.push(info(name, data::INT64, &[Side::Free("n")], said));
        name.into()
    }

    pub fn output(&mut self, name: &str, value: Value, sides: &[Side], said: &str) {
        self.node("Identity", &[&value], &[], name.into());
        self.graph.output.push(info(name, data::FLOAT, sides, said));
    }

    /// A weight by its name.
    pub fn weight(&mut self, name: &str) -> Result<Value> {
        let array = self.array(name)?;
        if self.taken.insert(name.into(), ()).is_none() {
            self.graph.initializer.push(floats(name, array));
        }
        Ok(name.into())
    }

    /// The numbers of a weight, where the graph has them otherwise.
    pub fn array(&self, name: &str) -> Result<&'w Array> {
        self.weights.get(name).ok_or_else(|| Error::misfit(name, Misfit::Missing))
    }

    pub fn has(&self, name: &str) -> bool {
        self.weights.contains_key(name)
    }

    /// Numbers that are no weight.
    pub fn constant(&mut self, shape: &[usize], values: Vec<f32>) -> Value {
        let name = self.named("constant", self.graph.initializer.len());
        self.graph.initializer.push(floats(&name, &Array { shape: shape.to_vec(), values }));
        name
    }

    /// A list of whole numbers.
    pub fn integers(&mut self, values: &[i64]) -> Value {
        let name = self.named("integers", self.graph.initializer.len());
        let raw_data = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        let dims = vec![values.len() as i64];
        self.graph.initializer.push(Tensor { dims, data_type: data::INT64, name: name.clone(), raw_data });
        name
    }

    /// What an operator makes of its inputs.
    pub fn op(&mut self, kind: &str, inputs: &[&Value], with: &[With]) -> Value {
        let name = self.named(kind, self.graph.node.len());
        self.node(kind, inputs, with, name.clone());
        name
    }

    /// # Shapes
    /// `[n, inputs]` -> `[n, outputs]`, by the weight `[outputs, inputs]`
    pub fn linear(&mut self, x: &Value, name: &str) -> Result<Value> {
        let (weight, bias) = (self.weight(&format!("{name}.weight"))?, self.weight(&format!("{name}.bias"))?);
        Ok(self.op("Gemm", &[x, &weight, &bias], &[With::Int("transB", 1)]))
    }

    /// Each class as a row that is 1 at its place.
    ///
    /// # Shapes
    /// `[n]` -> `[n, classes]`
    pub fn one_hot(&mut self, label: &Value, classes: usize) -> Value {
        let identity = (0..classes * classes).map(|at| f32::from(u8::from(at % (classes + 1) == 0))).collect();
        let identity = self.constant(&[classes, classes], identity);
        self.op("Gather", &[&identity, label], &[With::Int("axis", 0)])
    }

    /// The part of an axis from `from` to before `to`.
    pub fn slice(&mut self, x: &Value, axis: i64, from: i64, to: i64) -> Value {
        let [from, to, axis] = [from, to, axis].map(|value| self.integers(&[value]));
        self.op("Slice", &[x, &from, &to, &axis], &[])
    }

    /// # Shapes
    /// `sides` as in ONNX: -1 is what is left
    pub fn reshape(&mut self, x: &Value, sides: &[i64]) -> Value {
        let sides = self.integers(sides);
        self.op("Reshape", &[x, &sides], &[])
    }

    /// The file: about, as key and value; said, for whoever opens it in a viewer.
    pub fn finish(self, said: &str, about: &BTreeMap<String, String>) -> Vec<u8> {
        let property = |(key, value): (&String, &String)| Property { key: key.clone(), value: value.clone() };
        let model = Model {
            ir_version: IR_VERSION,
            producer_name: "GAN Atelier".into(),
            producer_version: env!("CARGO_PKG_VERSION").into(),
            doc_string: said.into(),
            graph: Some(self.graph),
            opset_import: vec![OperatorSet { domain: String::new(), version: OPSET }],
            metadata_props: about.iter().map(property).collect(),
        };
        model.encode_to_vec()
    }

    fn named(&self, kind: &str, number: usize) -> Value {
        format!("{kind}_{number}").to_lowercase()
    }

    fn node(&mut self, kind: &str, inputs: &[&Value], with: &[With], output: Value) {
        self.graph.node.push(Node {
            input: inputs.iter().map(|input| input.to_string()).collect(),
            name: output.clone(),
            output: vec![output],
            op_type: kind.into(),
            attribute: with.iter().map(stated).collect(),
        });
    }
}

fn stated(with: &With) -> Attribute {
    match *with {
        With::Float(name, f) => {
            Attribute { name: name.into(), f: Some(f), kind: attribute::FLOAT, ..Attribute::default() }
        }
        With::Int(name, i) => Attribute { name: name.into(), i: Some(i), kind: attribute::INT, ..Attribute::default() },
        With::Ints(name, ints) => {
            Attribute { name: name.into(), ints: ints.to_vec(), kind: attribute::INTS, ..Attribute::default() }
        }
        With::Word(name, word) => {
            Attribute { name: name.into(), s: Some(word.into()), kind: attribute::STRING, ..Attribute::default() }
        }
    }
}

fn info(name: &str, elem_type: i32, sides: &[Side], said: &str) -> ValueInfo {
    let dimension = |side: &Side| match side {
        Side::Free(name) => Dimension { dim_value: None, dim_param: Some(name.to_string()) },
        Side::Of(side) => Dimension { dim_value: Some(*side as i64), dim_param: None },
    };
    let shape = Some(Shape { dim: sides.iter().map(dimension).collect() });
    let kind = Some(Type { tensor_type: Some(TensorType { elem_type, shape }) });
    ValueInfo { name: name.into(), kind, doc_string: said.into() }
}

fn floats(name: &str, array: &Array) -> Tensor {
    Tensor {
        dims: array.shape.iter().map(|side| *side as i64).collect(),
        data_type: data::FLOAT,
        name: name.into(),
        raw_data: array.values.iter().flat_map(|value| value.to_le_bytes()).collect(),
    }
}
