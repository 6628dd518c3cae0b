//! What a pickle of weights names, and what comes of it: dictionaries, storages, tensors; of every other name an object that nothing made.
//!
//! The arguments are those of PyTorch's `torch/_utils.py` and of `persistent_id` in its `torch/serialization.py`.

use super::numbers::Kind;
use super::pickle::{Global, Layout, MOST_INSTRUCTIONS, MOST_STRANGERS, Machine, Storage, Value};
use crate::error::{Error, Result};

/// A tensor has four dimensions at most in the networks here; each costs memory.
const MOST_DIMENSIONS: usize = 8;

impl<'a> Machine<'a> {
    pub fn global(&mut self, module: &[u8], name: &[u8], at: usize) -> Result<()> {
        let named = format!("{}.{}", String::from_utf8_lossy(module), String::from_utf8_lossy(name));
        let global = match named.as_str() {
            "collections.OrderedDict" | "collections.defaultdict" | "collections.Counter" => Global::Dict,
            "builtins.dict" | "__builtin__.dict" => Global::Dict,
            "torch.Size" => Global::Same,
            "torch._utils._rebuild_tensor" | "torch._utils._rebuild_tensor_v2" => Global::RebuildTensor,
            "torch._utils._rebuild_tensor_v3" => Global::RebuildTyped,
            "torch._utils._rebuild_parameter" | "torch._utils._rebuild_parameter_with_state" => {
                Global::RebuildParameter
            }
            "torch._tensor._rebuild_from_type_v2" => Global::RebuildSubclass,
            other => match (Kind::of_storage(other), Kind::of_type(other)) {
                (Some(kind), _) => Global::Storage(kind),
                (_, Some(kind)) => Global::Type(kind),
                _ => {
                    self.stranger(named, at);
                    Global::Unknown
                }
            },
        };
        self.stack.push(Value::Global(global));
        Ok(())
    }

    fn stranger(&mut self, named: String, at: usize) {
        let named: String = named.chars().take(200).collect();
        if self.strangers.len() < MOST_STRANGERS && !self.strangers.iter().any(|(known, _)| *known == named) {
            self.strangers.push((named, at));
        }
    }

    /// An object of the class on top of the stack.
    pub fn make(&mut self, at: usize) -> Result<()> {
        let made = match self.pop(at)? {
            Value::Global(Global::Dict) => self.node(Value::Dict, Vec::new()),
            _ => self.node(Value::Object, Vec::new()),
        };
        self.stack.push(made);
        Ok(())
    }

    /// Gives the object on the stack its attributes. Those of an OrderedDict are the versions of a network's parts, which weights do not need.
    pub fn build(&mut self, at: usize) -> Result<()> {
        let (state, target) = (self.pop(at)?, self.pop(at)?);
        if let Value::Object(node) = target {
            // Attributes alone, or with those that have slots.
            let parts = match self.items(state) {
                Some(&[attributes, slots]) => vec![attributes, slots],
                _ => vec![state],
            };
            for part in parts {
                if let Value::Dict(part) = part {
                    let pairs = self.nodes[part].clone();
                    self.copy(&pairs).ok_or_else(|| Error::malformed("it copies more than weights need", at))?;
                    self.extend(node, pairs);
                }
            }
        }
        self.stack.push(target);
        Ok(())
    }

    /// The only copies that instructions make: a list that is named again and again must not fill the memory.
    fn copy(&mut self, values: &[Value]) -> Option<()> {
        self.copied += values.len();
        (self.copied <= MOST_INSTRUCTIONS).then_some(())
    }

    /// `('storage', type, key, device, count)`, and in older files a part of that storage: `(key, first, count)`; in older files of whole
    /// networks also `('module', class, file, program)`.
    pub fn persistent(&mut self, at: usize) -> Result<()> {
        let wrong = || Error::malformed("a reference to numbers is not one", at);
        let reference = self.pop(at)?;
        let (kind, key, count, more) = match *self.items(reference).ok_or_else(wrong)? {
            [Value::Text("module"), class, ..] => {
                self.stack.push(class);
                return Ok(());
            }
            [
                Value::Text("storage"),
                Value::Global(Global::Storage(kind)),
                Value::Text(key),
                _,
                count,
                ref more @ ..,
            ] => (kind, key, count, more),
            [Value::Text("storage"), Value::Global(Global::Unknown), ..] => {
                self.stack.push(Value::Opaque);
                return Ok(());
            }
            _ => return Err(wrong()),
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

    /// The call of a name with a tuple of arguments.
    pub fn reduce(&mut self, at: usize) -> Result<()> {
        let (arguments, global) = (self.pop(at)?, self.pop(at)?);
        let made = self.called(global, arguments);
        self.stack.push(made.ok_or_else(|| Error::malformed("something is built in an unknown way", at))?);
        Ok(())
    }

    fn called(&mut self, global: Value<'a>, arguments: Value<'a>) -> Option<Value<'a>> {
        let global = match global {
            Value::Global(global) if global != Global::Unknown => global,
            _ => return Some(self.node(Value::Object, Vec::new())),
        };
        match (global, self.items(arguments)?) {
            (Global::Dict, &[list @ (Value::List(_) | Value::Tuple(_))]) => self.dict_of_pairs(list),
            // A copy of another, as a Counter writes itself.
            (Global::Dict, &[dict @ Value::Dict(_)]) => Some(dict),
            // Without anything, or with what makes missing values.
            (Global::Dict, _) => Some(self.node(Value::Dict, Vec::new())),
            (Global::Same, &[value]) => Some(value),
            (Global::RebuildTensor | Global::RebuildTyped, [Value::Opaque, ..]) => Some(Value::Opaque),
            (Global::RebuildTensor, arguments) => self.layout(arguments, None).map(|layout| self.tensor(layout)),
            (Global::RebuildTyped, arguments) => match *arguments.get(6)? {
                Value::Global(Global::Type(kind)) => {
                    self.layout(arguments, Some(kind)).map(|layout| self.tensor(layout))
                }
                _ => Some(Value::Opaque),
            },
            (Global::RebuildParameter, &[tensor @ (Value::Tensor(_) | Value::Opaque), ..]) => Some(tensor),
            (
                Global::RebuildSubclass,
                &[
                    function @ Value::Global(Global::RebuildTensor | Global::RebuildTyped | Global::RebuildParameter),
                    _,
                    arguments,
                    ..,
                ],
            ) => self.called(function, arguments),
            (Global::RebuildParameter, _) => None,
            _ => Some(self.node(Value::Object, Vec::new())),
        }
    }

    fn tensor(&mut self, layout: Layout) -> Value<'a> {
        self.tensors.push(layout);
        Value::Tensor(self.tensors.len() - 1)
    }

    /// Python 2 wrote an OrderedDict as a list of pairs.
    fn dict_of_pairs(&mut self, pairs: Value<'a>) -> Option<Value<'a>> {
        let pairs = self.items(pairs)?.iter().map(|pair| match *self.items(*pair)? {
            [key, value] => Some([key, value]),
            _ => None,
        });
        let flat = pairs.collect::<Option<Vec<_>>>()?.concat();
        self.copy(&flat)?;
        Some(self.node(Value::Dict, flat))
    }

    /// `(storage, offset, shape, strides, ...)`
    fn layout(&self, arguments: &[Value], kind: Option<Kind>) -> Option<Layout> {
        let [Value::Storage(storage), offset, shape, strides, ..] = *arguments else { return None };
        let sizes = |values| {
            let values = self.items(values).filter(|values| values.len() <= MOST_DIMENSIONS)?;
            values.iter().map(|value| self.size(*value)).collect::<Option<Vec<_>>>()
        };
        let (shape, strides) = (sizes(shape)?, sizes(strides)?);
        let offset = self.size(offset)?.checked_add(self.storages[storage].first)?;
        let alike = shape.len() == strides.len();
        alike.then_some(Layout { storage, kind, offset, shape, strides })
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
