//! A network's parameters by name: read, replaced, changed one by one. Names are the dotted field path,
//! e.g. `layers.0.weight`, so they stay the same across saving, devices and releases.

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param};
use burn::tensor::{Gradients, Tensor, TensorData};
use std::collections::BTreeMap;

use crate::error::{Error, Misfit, Result};

/// A parameter's value, flattened; `shape` is the network's own.
#[derive(Debug, Clone)]
pub struct NamedTensor {
    pub name: String,
    pub shape: Vec<usize>,
    pub value: Tensor<1>,
}

/// All float parameters in field order, without autodiff.
pub fn named_parameters<M: Module>(module: &M) -> Vec<NamedTensor> {
    let mut collect = Collect::default();
    module.visit(&mut collect);
    collect.found
}

/// The module with every parameter replaced by `change(name, value)`; values are flat and without autodiff.
pub fn map_parameters<M: Module>(module: M, mut change: impl FnMut(&str, Tensor<1>) -> Tensor<1>) -> M {
    let change = |name: &str, value, _| change(name, value);
    module.map(&mut Change { path: Path::default(), gradients: None, change })
}

/// As [`map_parameters`], with each parameter's gradient; one that has none stays as it is.
pub fn update_parameters<M: Module>(
    module: M,
    gradients: &mut Gradients,
    mut change: impl FnMut(&str, Tensor<1>, Tensor<1>) -> Tensor<1>,
) -> M {
    let change = |name: &str, value, gradient| match gradient {
        Some(gradient) => change(name, value, gradient),
        None => value,
    };
    module.map(&mut Change { path: Path::default(), gradients: Some(gradients), change })
}

/// The module with the given values; every parameter must be there, with its own number of elements.
pub fn load_parameters<M: Module>(module: M, mut values: BTreeMap<String, Vec<f32>>) -> Result<M> {
    let mut problem = None;
    let loaded = map_parameters(module, |name, old| {
        let elements = old.dims()[0];
        match values.remove(name) {
            Some(data) if data.len() == elements => Tensor::from_data(TensorData::from(data.as_slice()), &old.device()),
            other => {
                let misfit = match other {
                    Some(data) => {
                        Misfit::Shape { found: format!("[{}]", data.len()), expected: format!("[{elements}]") }
                    }
                    None => Misfit::Missing,
                };
                problem.get_or_insert_with(|| (name.to_string(), misfit));
                old
            }
        }
    });
    if let Some(surplus) = values.into_keys().next() {
        problem.get_or_insert((surplus, Misfit::Surplus));
    }
    match problem {
        Some((key, problem)) => Err(Error::WeightsMismatch { key, problem }),
        None => Ok(loaded),
    }
}

#[derive(Default)]
struct Path(Vec<String>);

impl Path {
    fn dotted(&self) -> String {
        self.0.join(".")
    }
}

#[derive(Default)]
struct Collect {
    path: Path,
    found: Vec<NamedTensor>,
}

impl ModuleVisitor for Collect {
    fn enter_module(&mut self, name: &str, _container: &str) {
        self.path.0.push(name.to_string());
    }

    fn exit_module(&mut self, _name: &str, _container: &str) {
        self.path.0.pop();
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let value = param.val().inner();
        let shape = value.dims().to_vec();
        let elements = shape.iter().product::<usize>();
        self.found.push(NamedTensor { name: self.path.dotted(), shape, value: value.reshape([elements]) });
    }
}

struct Change<'a, F> {
    path: Path,
    gradients: Option<&'a mut Gradients>,
    change: F,
}

impl<F: FnMut(&str, Tensor<1>, Option<Tensor<1>>) -> Tensor<1>> ModuleMapper for Change<'_, F> {
    fn enter_module(&mut self, name: &str, _container: &str) {
        self.path.0.push(name.to_string());
    }

    fn exit_module(&mut self, _name: &str, _container: &str) {
        self.path.0.pop();
    }

    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let (id, value, mapper) = param.consume();
        let (autodiff, learns) = (value.is_autodiff(), value.is_require_grad());
        let dims = value.dims();
        let elements = dims.iter().product::<usize>();
        let gradient = match &mut self.gradients {
            Some(gradients) => value.grad_remove(gradients).map(|g| g.reshape([elements])),
            None => None,
        };
        let changed = (self.change)(&self.path.dotted(), value.inner().reshape([elements]), gradient).reshape(dims);
        let changed = if autodiff { changed.autodiff().set_require_grad(learns) } else { changed };
        Param::from_mapped_value(id, changed, mapper)
    }
}
