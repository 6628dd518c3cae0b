//! Python's pickles, as far as a file of weights needs them: a small machine with a stack, a memo and a list of the few
//! names it knows. Nothing is ever run or looked up: what is made by a name that is not on the list stays an object of
//! which only the attributes are known, and is passed over.
//!
//! The instructions are those of Python's `pickletools`.

use std::collections::BTreeMap;

use super::cursor::Cursor;
use super::literals;
use super::numbers::Kind;
use crate::error::{Error, Result};

/// A pickle of weights has some sixty instructions a tensor; the losses of a long training may lie beside them, one instruction each.
pub(super) const MOST_INSTRUCTIONS: usize = 1 << 22;

/// Bytes that its values may fill, above twice the file: an instruction of one byte can make a value of a hundred.
const MOST_BYTES: usize = 24 << 20;
/// Of a value in the memo, a storage and a tensor, with what the allocator needs.
const REMEMBERED: usize = 56;
const STORAGE: usize = 64;
const TENSOR: usize = 240;

/// Unknown names that are remembered, for saying what was passed over.
pub(super) const MOST_STRANGERS: usize = 16;

/// A value; what contains others is an index, so that neither depth nor sharing costs anything.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value<'a> {
    None,
    Bool(bool),
    Int(i64),
    /// What no part of a checkpoint needs: numbers, bytes, sets.
    Opaque,
    Text(&'a str),
    Tuple(usize),
    List(usize),
    /// Keys and values in turn.
    Dict(usize),
    /// Made by a name that is not known: what was put into it, and its attributes, as of a dictionary.
    Object(usize),
    Global(Global),
    Storage(usize),
    Tensor(usize),
}

/// The names that a pickle may use.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Global {
    Dict,
    /// Gives back what it is called with.
    Same,
    RebuildTensor,
    /// With the type of its numbers at the end, since its storage is of bytes.
    RebuildTyped,
    RebuildParameter,
    /// A tensor with attributes of its own: a function, a class and the function's arguments.
    RebuildSubclass,
    Storage(Kind),
    Type(Kind),
    Unknown,
}

/// Numbers that lie elsewhere in the file.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Storage<'a> {
    pub kind: Kind,
    pub key: &'a str,
    /// How many numbers.
    pub count: usize,
    /// The first number of the part that is meant; older files share storages in this way.
    pub first: usize,
}

/// How a tensor lies in its storage; all in numbers, not bytes.
#[derive(Debug, Clone, PartialEq)]
pub struct Layout {
    pub storage: usize,
    /// Of the numbers, where the storage does not know.
    pub kind: Option<Kind>,
    pub offset: usize,
    pub shape: Vec<usize>,
    pub strides: Vec<usize>,
}

impl Layout {
    pub fn kind(&self, storage: &Storage) -> Kind {
        self.kind.unwrap_or(storage.kind)
    }
}

/// What a pickle says.
#[derive(Debug)]
pub struct Pickle<'a> {
    pub root: Value<'a>,
    pub nodes: Vec<Vec<Value<'a>>>,
    pub storages: Vec<Storage<'a>>,
    pub tensors: Vec<Layout>,
    /// The first unknown names, and the bytes where they are called for.
    pub strangers: Vec<(String, usize)>,
}

impl<'a> Pickle<'a> {
    /// Reads one pickle and leaves the cursor behind it.
    pub fn read(cursor: &mut Cursor<'a>) -> Result<Self> {
        let mut machine = Machine::default();
        let most = cursor.length().saturating_mul(2).saturating_add(MOST_BYTES);
        for _ in 0..MOST_INSTRUCTIONS {
            let at = cursor.position();
            if let Some(root) = machine.step(cursor, at)? {
                let Machine { nodes, storages, tensors, strangers, .. } = machine;
                return Ok(Pickle { root, nodes, storages, tensors, strangers });
            }
            if machine.filled() > most {
                return Err(Error::malformed("it makes more values than weights need", at));
            }
        }
        Err(Error::malformed("it has more instructions than weights need", cursor.position()))
    }

    /// The place of what a container holds; none where a value is no container.
    pub fn node(&self, value: Value) -> Option<usize> {
        match value {
            Value::Dict(node) | Value::Object(node) | Value::List(node) | Value::Tuple(node) => Some(node),
            _ => None,
        }
    }

    /// Whether a value is a tensor or may hold one.
    pub fn leads(&self, value: Value) -> bool {
        matches!(value, Value::Tensor(_)) || self.node(value).is_some()
    }

    /// The keys and values of a dictionary, the attributes of an object; none where it is something else.
    pub fn pairs(&self, dict: Value) -> impl Iterator<Item = (Value<'a>, Value<'a>)> {
        let node = match dict {
            Value::Dict(node) | Value::Object(node) => self.nodes[node].as_slice(),
            _ => &[],
        };
        node.as_chunks().0.iter().map(|[key, value]| (*key, *value))
    }

    /// A key and its value at a place of a dictionary or object.
    pub fn pair(&self, dict: Value, at: usize) -> Option<(Value<'a>, Value<'a>)> {
        let (Value::Dict(node) | Value::Object(node)) = dict else { return None };
        let [key, value] = self.nodes[node].as_chunks().0.get(at)?;
        Some((*key, *value))
    }

    /// The members of a list or tuple; none where it is something else.
    pub fn list(&self, list: Value) -> &[Value<'a>] {
        match list {
            Value::List(node) | Value::Tuple(node) => &self.nodes[node],
            _ => &[],
        }
    }

    pub fn get(&self, dict: Value, wanted: &str) -> Option<Value<'a>> {
        self.pairs(dict).filter(|(key, _)| *key == Value::Text(wanted)).map(|(_, value)| value).last()
    }
}

#[derive(Default)]
pub(super) struct Machine<'a> {
    pub stack: Vec<Value<'a>>,
    /// Lengths of the stack at the open marks.
    marks: Vec<usize>,
    memo: BTreeMap<usize, Value<'a>>,
    pub nodes: Vec<Vec<Value<'a>>>,
    pub storages: Vec<Storage<'a>>,
    pub tensors: Vec<Layout>,
    pub strangers: Vec<(String, usize)>,
    /// Values that were copied from one dictionary's pairs to another.
    pub copied: usize,
    /// Values that nodes hold.
    held: usize,
}

impl<'a> Machine<'a> {
    /// Bytes that it fills, at most.
    fn filled(&self) -> usize {
        let values = self.stack.capacity() + 2 * self.held;
        values * size_of::<Value>()
            + self.nodes.capacity() * size_of::<Vec<Value>>()
            + self.marks.capacity() * size_of::<usize>()
            + self.memo.len() * REMEMBERED
            + self.storages.capacity() * STORAGE
            + self.tensors.capacity() * TENSOR
    }

    /// One instruction; the result, when it was the last.
    fn step(&mut self, cursor: &mut Cursor<'a>, at: usize) -> Result<Option<Value<'a>>> {
        let instruction = cursor.u8()?;
        match instruction {
            b'.' => return self.pop(at).map(Some),
            // Protocol and, since protocol 4, frames: both only tell readers how to read ahead.
            0x80 => drop(cursor.u8()?),
            0x95 => drop(cursor.u64()?),
            b'(' => self.marks.push(self.stack.len()),
            b'0' => drop(self.pop(at)?),
            b'1' => drop(self.above_mark(at)?),
            b'2' => {
                let value = self.pop(at)?;
                self.stack.extend([value, value]);
            }
            b'p' => self.remember(literals::number(cursor, at)?, at)?,
            b'g' => self.recall(literals::number(cursor, at)?, at)?,
            b'q' => self.remember(cursor.u8()?.into(), at)?,
            b'r' => self.remember(cursor.u32()? as usize, at)?,
            0x94 => self.remember(self.memo.len(), at)?,
            b'h' => self.recall(cursor.u8()?.into(), at)?,
            b'j' => self.recall(cursor.u32()? as usize, at)?,
            b'c' => {
                let (module, name) = (cursor.line()?, cursor.line()?);
                self.global(module, name, at)?;
            }
            0x93 => {
                let (Value::Text(name), Value::Text(module)) = (self.pop(at)?, self.pop(at)?) else {
                    return Err(Error::malformed("a name is not text", at));
                };
                self.global(module.as_bytes(), name.as_bytes(), at)?;
            }
            b'Q' => self.persistent(at)?,
            b'R' => self.reduce(at)?,
            b'b' => self.build(at)?,
            // An object of a class, with arguments that nobody looks at: the class from a name, from the stack, or with the arguments.
            b'i' => {
                let (module, name) = (cursor.line()?, cursor.line()?);
                let arguments = self.above_mark(at)?;
                self.global(module, name, at)?;
                drop(arguments);
                self.make(at)?;
            }
            b'o' => {
                let parts = self.above_mark(at)?;
                let class = *parts.first().ok_or_else(|| Error::malformed("an object has no class", at))?;
                self.stack.push(class);
                self.make(at)?;
            }
            0x81 => {
                self.pop(at)?;
                self.make(at)?;
            }
            0x92 => {
                self.top(2, at)?;
                self.make(at)?;
            }
            // Members of a set, and a set that is finished: nothing here asks for one.
            0x90 => drop(self.above_mark(at)?),
            0x91 => {
                self.above_mark(at)?;
                self.stack.push(Value::Opaque);
            }
            _ => match literals::value(instruction, cursor)? {
                Some(value) => self.stack.push(value),
                None => self.container(instruction, at)?,
            },
        }
        Ok(None)
    }

    /// Makes a tuple, list or dictionary, or adds to one.
    fn container(&mut self, instruction: u8, at: usize) -> Result<()> {
        let values = match instruction {
            b')' | b']' | b'}' => Vec::new(),
            0x85 | b'a' => self.top(1, at)?,
            0x86 | b's' => self.top(2, at)?,
            0x87 => self.top(3, at)?,
            b't' | b'l' | b'd' | b'e' | b'u' => self.above_mark(at)?,
            other => {
                return Err(Error::malformed(format!("instruction {other:#04x} has no place in weights"), at));
            }
        };
        let make = match instruction {
            b')' | 0x85..=0x87 | b't' => Value::Tuple,
            b']' | b'l' => Value::List,
            b'}' | b'd' => Value::Dict,
            _ => return self.append(values, at),
        };
        let value = self.node(make, values);
        self.stack.push(value);
        Ok(())
    }

    pub fn pop(&mut self, at: usize) -> Result<Value<'a>> {
        // What lies under an open mark is not to be reached past it.
        let floor = self.marks.last().copied().unwrap_or(0);
        let value = if self.stack.len() > floor { self.stack.pop() } else { None };
        value.ok_or_else(|| Error::malformed("an instruction finds nothing to work on", at))
    }

    fn above_mark(&mut self, at: usize) -> Result<Vec<Value<'a>>> {
        let mark = self.marks.pop().ok_or_else(|| Error::malformed("an instruction finds no mark", at))?;
        Ok(self.stack.split_off(mark))
    }

    fn remember(&mut self, key: usize, at: usize) -> Result<()> {
        let value = self.pop(at)?;
        self.stack.push(value);
        self.memo.insert(key, value);
        Ok(())
    }

    fn recall(&mut self, key: usize, at: usize) -> Result<()> {
        let value =
            self.memo.get(&key).ok_or_else(|| Error::malformed("something is recalled that was never said", at));
        self.stack.push(*value?);
        Ok(())
    }

    pub fn node(&mut self, make: impl Fn(usize) -> Value<'a>, values: Vec<Value<'a>>) -> Value<'a> {
        self.held += values.len();
        self.nodes.push(values);
        make(self.nodes.len() - 1)
    }

    pub fn extend(&mut self, node: usize, values: Vec<Value<'a>>) {
        self.held += values.len();
        self.nodes[node].extend(values);
    }

    /// The topmost values, the deepest first.
    fn top(&mut self, count: usize, at: usize) -> Result<Vec<Value<'a>>> {
        let mut values = (0..count).map(|_| self.pop(at)).collect::<Result<Vec<_>>>()?;
        values.reverse();
        Ok(values)
    }

    /// To the list or dictionary on top of the stack.
    fn append(&mut self, values: Vec<Value<'a>>, at: usize) -> Result<()> {
        let container = self.pop(at)?;
        match container {
            Value::List(node) => self.extend(node, values),
            Value::Dict(node) | Value::Object(node) if values.len().is_multiple_of(2) => self.extend(node, values),
            // An object that is a list, and what is no container here.
            Value::Object(_) | Value::Opaque => {}
            _ => return Err(Error::malformed("values are added to something that holds none", at)),
        }
        self.stack.push(container);
        Ok(())
    }
}
