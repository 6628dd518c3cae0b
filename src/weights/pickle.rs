//! Python's pickles, as far as a file of weights needs them: a small machine with a stack, a memo and a list of the few
//! names it knows. Nothing is ever run or looked up; a name that is not on the list ends the reading.
//!
//! The instructions are those of Python's `pickletools`.

use std::collections::BTreeMap;

use super::cursor::Cursor;
use super::numbers::Kind;
use crate::error::{Error, Result};

/// A pickle of weights has some sixty instructions a tensor. Each makes at most one value, so this bounds memory.
pub(super) const MOST_INSTRUCTIONS: usize = 1 << 20;

/// A value; what contains others is an index, so that neither depth nor sharing costs anything.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value<'a> {
    None,
    Bool(bool),
    Int(i64),
    /// A number that no part of a checkpoint needs.
    Opaque,
    Text(&'a str),
    Tuple(usize),
    List(usize),
    /// Keys and values in turn.
    Dict(usize),
    Global(Global),
    Storage(usize),
    Tensor(usize),
}

/// The names that a pickle may use.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Global {
    Dict,
    RebuildTensor,
    RebuildParameter,
    Storage(Kind),
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
    pub offset: usize,
    pub shape: Vec<usize>,
    pub strides: Vec<usize>,
}

/// What a pickle says.
#[derive(Debug)]
pub struct Pickle<'a> {
    pub root: Value<'a>,
    pub nodes: Vec<Vec<Value<'a>>>,
    pub storages: Vec<Storage<'a>>,
    pub tensors: Vec<Layout>,
}

impl<'a> Pickle<'a> {
    /// Reads one pickle and leaves the cursor behind it.
    pub fn read(cursor: &mut Cursor<'a>) -> Result<Self> {
        let mut machine = Machine::default();
        for _ in 0..MOST_INSTRUCTIONS {
            let at = cursor.position();
            if let Some(root) = machine.step(cursor, at)? {
                let Machine { nodes, storages, tensors, .. } = machine;
                return Ok(Pickle { root, nodes, storages, tensors });
            }
        }
        Err(Error::malformed("it has more instructions than weights need", cursor.position()))
    }

    /// The keys and values of a dictionary; none where it is something else.
    pub fn pairs(&self, dict: Value) -> impl Iterator<Item = (Value<'a>, Value<'a>)> {
        let node = match dict {
            Value::Dict(node) => self.nodes[node].as_slice(),
            _ => &[],
        };
        node.as_chunks().0.iter().map(|[key, value]| (*key, *value))
    }

    /// The members of a list; none where it is something else.
    pub fn list(&self, list: Value) -> &[Value<'a>] {
        match list {
            Value::List(node) => &self.nodes[node],
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
    /// Values that were copied from one dictionary's pairs to another.
    pub copied: usize,
}

impl<'a> Machine<'a> {
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
            // An object's own state: of an OrderedDict the versions of the network's parts, which weights do not need.
            b'b' => drop(self.pop(at)?),
            _ => match self.literal(instruction, cursor, at)? {
                Some(value) => self.stack.push(value),
                None => self.container(instruction, at)?,
            },
        }
        Ok(None)
    }

    /// The value that stands in the instruction itself; none where it is another kind of instruction.
    fn literal(&self, instruction: u8, cursor: &mut Cursor<'a>, at: usize) -> Result<Option<Value<'a>>> {
        let length = match instruction {
            b'N' => return Ok(Some(Value::None)),
            0x88 => return Ok(Some(Value::Bool(true))),
            0x89 => return Ok(Some(Value::Bool(false))),
            b'K' => return Ok(Some(Value::Int(cursor.u8()?.into()))),
            b'M' => return Ok(Some(Value::Int(cursor.u16()?.into()))),
            b'J' => return Ok(Some(Value::Int((cursor.u32()? as i32).into()))),
            0x8a => return long(cursor).map(Some),
            b'G' => return cursor.u64().map(|_| Some(Value::Opaque)),
            b'U' | 0x8c => cursor.u8()?.into(),
            b'T' | b'X' => cursor.u32()? as usize,
            _ => return Ok(None),
        };
        let text = std::str::from_utf8(cursor.take(length)?).map_err(|_| Error::malformed("text is not UTF-8", at))?;
        Ok(Some(Value::Text(text)))
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
        self.nodes.push(values);
        make(self.nodes.len() - 1)
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
            Value::List(node) => self.nodes[node].extend(values),
            Value::Dict(node) if values.len().is_multiple_of(2) => self.nodes[node].extend(values),
            _ => return Err(Error::malformed("values are added to something that holds none", at)),
        }
        self.stack.push(container);
        Ok(())
    }
}

/// Little-endian two's complement of any length.
fn long<'a>(cursor: &mut Cursor) -> Result<Value<'a>> {
    let length = cursor.u8()?.into();
    let bytes = cursor.take(length)?;
    let negative = bytes.last().is_some_and(|byte| byte & 0x80 != 0);
    let mut word = [if negative { 0xff } else { 0 }; 8];
    Ok(match word.get_mut(..length) {
        Some(low) => {
            low.copy_from_slice(bytes);
            Value::Int(i64::from_le_bytes(word))
        }
        None => Value::Opaque,
    })
}
