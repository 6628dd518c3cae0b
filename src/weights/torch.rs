//! What `torch.save` writes: since PyTorch 1.6 a zip archive with a pickle and one entry a storage; before that ("legacy")
//! some pickles and then the storages, one behind the other. Layouts: PyTorch's `torch/serialization.py`.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::checkpoint::Stored;
use super::cursor::{Cursor, size};
use super::pickle::{Pickle, Storage, Value};
use super::{strangers, zip};
use crate::error::{Damage, Error, Result};

/// The number 0x1950a86a20f9469cfc6c as a pickle keeps it, by which the older files begin.
const MAGIC: [u8; 12] = [0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19];

/// How deep a state dict may lie in dictionaries and objects.
const MOST_NESTED: usize = 32;

/// A name's longest part; all names that lead somewhere together, and those of tensors, in bytes.
const LONGEST_PART: usize = 200;
const LONGEST_NAMES: usize = 1 << 26;
const LONGEST_KEPT: usize = 1 << 23;

/// A network here has some fifty; each costs memory.
const MOST_TENSORS: usize = 1 << 15;

/// What keeps a network's parts where it was saved as an object and not as a state dict: its names do not say it.
const INSIDE: [&str; 3] = ["_modules", "_parameters", "_buffers"];

/// Tensors by name, and the names in the file that stand for programs.
#[derive(Debug)]
pub struct Contents<'a> {
    pub tensors: BTreeMap<String, Stored<'a>>,
    pub passed_over: Vec<String>,
}

/// Bytes of a storage by its key.
type Storages<'a> = BTreeMap<&'a str, &'a [u8]>;

/// Whether the file begins with the older serialisation's pickled number: with protocol 2, or 4 and its frame.
pub fn is_legacy(file: &[u8]) -> bool {
    [2, 11].iter().any(|at| file.get(*at..).is_some_and(|rest| rest.starts_with(&MAGIC))) && file[0] == 0x80
}

/// The tensors of an archive.
pub fn archive(file: &[u8]) -> Result<Contents<'_>> {
    let entries = zip::entries(file).map_err(|problem| match promised(file) {
        Some(promised) if problem == cut_off(file) => cut_short(file, promised),
        _ => problem,
    })?;
    let in_folder = |name: &&str| name.strip_suffix("data.pkl").is_some_and(|folder| folder.matches('/').count() <= 1);
    let name = *entries.keys().find(|name| in_folder(name)).ok_or_else(|| strangers::archive(&entries))?;
    let folder = name.strip_suffix("data.pkl").unwrap_or_default();
    let inside = |rest: &str| entries.get(format!("{folder}{rest}").as_str());
    if let Some(program) = inside("constants.pkl") {
        return Err(Error::damage(Damage::Torchscript, program.at));
    }
    if let Some(order) = inside("byteorder")
        && order.content()? != b"little"
    {
        return Err(Error::damage(Damage::ByteOrder, order.at));
    }
    let pickled = entries[name];
    let end = pickled.at + pickled.content()?.len();
    let pickle = Pickle::read(&mut Cursor::new(&file[..end], pickled.at))?;
    let mut storages = Storages::new();
    for storage in &pickle.storages {
        // What lies beside the weights may be missing; of the weights themselves it is said.
        if let Some(entry) = inside(&format!("data/{}", storage.key)) {
            storages.insert(storage.key, entry.content()?);
        }
    }
    contents(&pickle, &storages, pickled.at)
}

/// An entry's own header, and its line in the archive's directory, each with its name behind it; and the directory's end.
const ENTRY: usize = 30 + 46;
const END: usize = 22;

/// The least bytes of an archive that is cut off, by what its pickle, the first entry, says of the numbers behind it.
fn promised(file: &[u8]) -> Option<usize> {
    let mut cursor = Cursor::new(file, 26);
    let (name, extra) = (cursor.u16().ok()?, cursor.u16().ok()?);
    let folder = cursor.take(name.into()).ok()?.strip_suffix(b"data.pkl")?.len();
    cursor.take(extra.into()).ok()?;
    let pickle = Pickle::read(&mut cursor).ok()?;
    let bytes = |storage: &Storage| {
        let named = 2 * (folder + "data/".len() + storage.key.len());
        storage.count.saturating_mul(storage.kind.width()).saturating_add(ENTRY + named)
    };
    let storages: BTreeMap<&str, usize> = pickle.storages.iter().map(|each| (each.key, bytes(each))).collect();
    Some(storages.values().fold(cursor.position() + END, |sum, bytes| sum.saturating_add(*bytes)))
}

fn cut_off(file: &[u8]) -> Error {
    Error::damage(Damage::CutOff, file.len())
}

/// Cut off, where it is known how much there should be.
pub fn cut_short(file: &[u8], promised: usize) -> Error {
    if promised <= file.len() {
        return cut_off(file);
    }
    Error::damage(Damage::CutShort { promised: promised as u64 }, file.len())
}

/// The tensors of an older file.
pub fn legacy(file: &[u8]) -> Result<Contents<'_>> {
    let mut cursor = Cursor::new(file, 0);
    // The magic number and the version of the protocol, which has always been 1001.
    Pickle::read(&mut cursor)?;
    Pickle::read(&mut cursor)?;
    let at = cursor.position();
    let system = Pickle::read(&mut cursor)?;
    if system.get(system.root, "little_endian") == Some(Value::Bool(false)) {
        return Err(Error::damage(Damage::ByteOrder, at));
    }
    let at = cursor.position();
    let pickle = Pickle::read(&mut cursor)?;
    let keys_at = cursor.position();
    let keys = Pickle::read(&mut cursor)?;
    let known: BTreeMap<&str, &Storage> = pickle.storages.iter().map(|storage| (storage.key, storage)).collect();
    let named = |key: &Value| match key {
        Value::Text(key) => known.get(key).copied(),
        _ => None,
    };
    let in_order = keys.list(keys.root).iter().map(named).collect::<Option<Vec<_>>>();
    let in_order = in_order.ok_or_else(|| Error::malformed("it lists numbers that no tensor uses", keys_at))?;
    let bytes = |storage: &&Storage| 8usize.saturating_add(storage.count.saturating_mul(storage.kind.width()));
    let promised = in_order.iter().map(bytes).fold(cursor.position(), usize::saturating_add);
    if promised > file.len() {
        return Err(cut_short(file, promised));
    }
    let mut storages = Storages::new();
    for storage in in_order {
        let count_at = cursor.position();
        let count = size(cursor.u64()?);
        if count != storage.count {
            let what = format!("{count} numbers instead of {}", storage.count);
            return Err(Error::malformed(what, count_at));
        }
        storages.insert(storage.key, cursor.take(count.saturating_mul(storage.kind.width()))?);
    }
    contents(&pickle, &storages, at)
}

/// A container on the way to a tensor.
struct Level<'a> {
    container: Value<'a>,
    name: String,
    next: usize,
}

/// Every tensor, by the names of the dictionaries, lists and objects that it lies in and by its own: `a.b.0.weight`.
fn contents<'a>(pickle: &Pickle<'a>, storages: &Storages<'a>, at: usize) -> Result<Contents<'a>> {
    let mut tensors = BTreeMap::new();
    let mut seen = vec![false; pickle.nodes.len()];
    let (mut length, mut kept) = (0, 0);
    let mut levels = Vec::new();
    let mut found = Some((pickle.root, String::new()));
    loop {
        match found.take() {
            Some((Value::Tensor(tensor), name)) => {
                kept += name.len();
                let stored = stored(pickle, storages, tensor, tensors.len());
                // The same object in two places is one network with two names; the first is kept.
                tensors.entry(name).or_insert(stored);
            }
            Some((container, name)) => {
                if let Some(node) = pickle.node(container)
                    && levels.len() < MOST_NESTED
                    && !std::mem::replace(&mut seen[node], true)
                {
                    levels.push(Level { container, name, next: 0 });
                }
            }
            None => {}
        }
        if length > LONGEST_NAMES || kept > LONGEST_KEPT || tensors.len() > MOST_TENSORS {
            return Err(Error::malformed("it holds more tensors, or longer names, than weights need", at));
        }
        let Some(level) = levels.last_mut() else { break };
        let Some((part, value)) = child(pickle, level.container, level.next) else {
            levels.pop();
            continue;
        };
        level.next += 1;
        if let Some(part) = part.filter(|part| part.len() <= LONGEST_PART && pickle.leads(value)) {
            length += level.name.len() + part.len();
            found = Some((value, joined(&level.name, &part)));
        }
    }
    let mut programs = pickle.strangers.iter().filter(|(name, _)| !strangers::harmless(name));
    if tensors.is_empty() {
        let container = matches!(pickle.root, Value::Dict(_) | Value::List(_) | Value::Tuple(_));
        let program = programs.next().or(pickle.strangers.first().filter(|_| !container));
        return Err(match program {
            Some((name, at)) => Error::damage(Damage::Program { name: name.clone() }, *at),
            None => Error::damage(Damage::NoTensors, at),
        });
    }
    Ok(Contents { tensors, passed_over: programs.map(|(name, _)| name.clone()).collect() })
}

/// What a container holds at a place, by name or number; none behind the last. A key that is neither has no name.
fn child<'a>(pickle: &Pickle<'a>, container: Value<'a>, at: usize) -> Option<(Option<Cow<'a, str>>, Value<'a>)> {
    if let Some(value) = pickle.list(container).get(at) {
        return Some((Some(at.to_string().into()), *value));
    }
    let (key, value) = pickle.pair(container, at)?;
    let name = match key {
        Value::Text(key) if INSIDE.contains(&key) => Some("".into()),
        Value::Text(key) => Some(key.into()),
        Value::Int(key) => Some(key.to_string().into()),
        _ => None,
    };
    Some((name, value))
}

fn joined(name: &str, part: &str) -> String {
    match (name, part) {
        ("", only) | (only, "") => only.to_string(),
        _ => format!("{name}.{part}"),
    }
}

/// A tensor where it lies; one that lies beyond its storage has no bytes, which is an error when it is asked for.
fn stored<'a>(pickle: &Pickle<'a>, storages: &Storages<'a>, tensor: usize, rank: usize) -> Stored<'a> {
    let layout = &pickle.tensors[tensor];
    let storage = pickle.storages[layout.storage];
    let kind = layout.kind(&storage);
    let start = layout.offset.checked_mul(kind.width());
    let bytes = start.and_then(|start| storages.get(storage.key)?.get(start..)).unwrap_or_default();
    Stored { shape: layout.shape.clone(), kind, strides: layout.strides.clone(), bytes, rank: Some(rank) }
}
