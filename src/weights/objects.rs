//! What a pickle of weights may name, and what comes of it: dictionaries, storages, tensors.
//!
//! The arguments are those of PyTorch's `torch/_utils.py` and of `persistent_id` in its `torch/serialization.py`.

use super::numbers::Kind;
use super::pickle::{Global, Layout, MOST_INSTRUCTIONS, Machine, Storage, Value};
use crate::error::{Damage, Error, Result};

/// A tensor has four dimensions at most in the networks here; each costs memory.
const MOST_DIMENSIONS: usize = 8;

impl<'a> Machine<'a> {
    pub fn global(&mut self, module: &[u8], name: &[u8], at: usize) -> Result<()> {
        let named = format!("{}.{}", String::from_utf8_lossy(module), String::from_utf8_lossy(name));
        self.stack.push(Value::Global(match named.as_str() {
            "collections.OrderedDict" | "builtins.dict" | "__builtin__.dict" => Global::Dict,
            "torch._utils._rebuild_tensor" | "torch._utils._rebuild_tensor_v2" => Global::RebuildTensor,
            "torch._utils._rebuild_parameter" => Global::RebuildParameter,
            other => match Kind::of_storage(other) {
                Some(kind) => Global::Storage(kind),
                None => return Err(Error::damage(Damage::Program { name: named.chars().take(200).collect() }, at)),
            },
        }));
        Ok(())
    }

    /// `('storage', type, key, device, count)`, and in older files a part of that storage: `(key, first, count)`.
    pub fn persistent(&mut self, at: usize) -> Result<()> {
        let wrong = || Error::malformed("a reference to numbers is not one", at);
        let reference = self.pop(at)?;
        let parts = self.items(reference).ok_or_else(wrong)?;
        let [Value::Text("storage"), Value::Global(Global::Storage(kind)), Value::Text(key), _, count, ref more @ ..] =
            *parts
        else {
            return Err(wrong());
        };
        let first = match more {
            [] | [Value::None] => Some(0),
            [view] => self.items(*view).and_then(|view| self.size(*view.get(1)?)),
            _ => None,
        };
        let count = self.size(count).ok_or_else(wrong)?;
        let storage = Storage { kind, key, count, first: first.ok_or_else(wrong)? };
        self.storages.push(storage);
        self.stack.push(Value::Storage(self.storages.len() - 1));
        Ok(())
    }

    /// The call of a known name with a tuple of arguments.
    pub fn reduce(&mut self, at: usize) -> Result<()> {
        let (arguments, global) = (self.pop(at)?, self.pop(at)?);
        let made = match (global, self.items(arguments)) {
            (Value::Global(Global::Dict), Some([])) => Some(self.node(Value::Dict, Vec::new())),
            (Value::Global(Global::Dict), Some(&[pairs])) => self.dict_of_pairs(pairs),
            (Value::Global(Global::RebuildTensor), Some(arguments)) => {
                let layout = self.layout(arguments);
                layout.map(|layout| {
                    self.tensors.push(layout);
                    Value::Tensor(self.tensors.len() - 1)
                })
            }
            (Value::Global(Global::RebuildParameter), Some(&[tensor @ Value::Tensor(_), ..])) => Some(tensor),
            _ => None,
        };
        self.stack.push(made.ok_or_else(|| Error::malformed("something is built in an unknown way", at))?);
        Ok(())
    }

    /// Python 2 wrote an OrderedDict as a list of pairs.
    fn dict_of_pairs(&mut self, pairs: Value<'a>) -> Option<Value<'a>> {
        let pairs = self.items(pairs)?.iter().map(|pair| match *self.items(*pair)? {
            [key, value] => Some([key, value]),
            _ => None,
        });
        let flat = pairs.collect::<Option<Vec<_>>>()?.concat();
        // The only copy that an instruction makes: a list that is named again and again must not fill the memory.
        self.copied += flat.len();
        (self.copied <= MOST_INSTRUCTIONS).then(|| self.node(Value::Dict, flat))
    }

    /// `(storage, offset, shape, strides, ...)`
    fn layout(&self, arguments: &[Value]) -> Option<Layout> {
        let [Value::Storage(storage), offset, shape, strides, ..] = *arguments else { return None };
        let sizes = |values| {
            let values = self.items(values).filter(|values| values.len() <= MOST_DIMENSIONS)?;
            values.iter().map(|value| self.size(*value)).collect::<Option<Vec<_>>>()
        };
        let (shape, strides) = (sizes(shape)?, sizes(strides)?);
        let offset = self.size(offset)?.checked_add(self.storages[storage].first)?;
        let alike = shape.len() == strides.len();
        alike.then_some(Layout { storage, offset, shape, strides })
    }

    fn items(&self, value: Value) -> Option<&[Value<'a>]> {
        match value {
            Value::Tuple(node) | Value::List(node) => Some(&self.nodes[node]),
            _ => None,
        }
    }

    fn size(&self, value: Value) -> Option<usize> {
        match value {
            Value::Int(value) => value.try_into().ok(),
            _ => None,
        }
    }
}
