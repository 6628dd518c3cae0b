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
pub fn map_parameters<M: Module>(module: M, change: impl FnMut(&str, Tensor<1>) -> Tensor<1>) -> M {
    module.map(&mut Change { path: Path::default(), change })
}

/// As [`map_parameters`], with each parameter's gradient; one that has none stays as it is.
pub fn update_parameters<M: Module>(
    module: M,
    gradients: &mut Gradients,
    mut change: impl FnMut(&str, Tensor<1>, Tensor<1>) -> Tensor<1>,
) -> M {
    let mut found = named_gradients(&module, gradients);
    map_parameters(module, |name, value| match found.remove(name) {
        Some((_, gradient)) => change(name, value, gradient),
        None => value,
    })
}

/// Each parameter's number of elements and its gradient, flat, of those that have one.
pub fn named_gradients<M: Module>(module: &M, gradients: &mut Gradients) -> BTreeMap<String, (usize, Tensor<1>)> {
    let mut take = Take { path: Path::default(), gradients, found: BTreeMap::new() };
    module.visit(&mut take);
    take.found
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

struct Take<'a> {
    path: Path,
    gradients: &'a mut Gradients,
    found: BTreeMap<String, (usize, Tensor<1>)>,
}

impl ModuleVisitor for Take<'_> {
    fn enter_module(&mut self, name: &str, _container: &str) {
        self.path.0.push(name.to_string());
    }

    fn exit_module(&mut self, _name: &str, _container: &str) {
        self.path.0.pop();
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let value = param.val();
        if let Some(gradient) = value.grad_remove(self.gradients) {
            let (size, all) = (value.shape().num_elements(), gradient.shape().num_elements());
            self.found.insert(self.path.dotted(), (size, gradient.reshape([all])));
        }
    }
}

struct Change<F> {
    path: Path,
    change: F,
}

impl<F: FnMut(&str, Tensor<1>) -> Tensor<1>> ModuleMapper for Change<F> {
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
        let changed = (self.change)(&self.path.dotted(), value.inner().reshape([elements])).reshape(dims);
        let changed = if autodiff { changed.autodiff().set_require_grad(learns) } else { changed };
        Param::from_mapped_value(id, changed, mapper)
    }
}
