//! What `torch.save` writes: since PyTorch 1.6 a zip archive with a pickle and one entry a storage; before that ("legacy")
//! some pickles and then the storages, one behind the other. Layouts: PyTorch's `torch/serialization.py`.

use std::collections::BTreeMap;

use super::checkpoint::Stored;
use super::cursor::{Cursor, size};
use super::pickle::{Pickle, Storage, Value};
use super::zip;
use crate::error::{Damage, Error, Result};

/// The number 0x1950a86a20f9469cfc6c as a pickle keeps it, by which the older files begin.
const MAGIC: [u8; 12] = [0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19];

/// How deep a state dict may lie in dictionaries of its own, as in `{'state_dict': {...}}`.
const MOST_NESTED: usize = 4;

type Tensors<'a> = BTreeMap<String, Stored<'a>>;

/// Bytes of a storage by its key.
type Storages<'a> = BTreeMap<&'a str, &'a [u8]>;

/// Whether the file begins with the older serialisation's pickled number: with protocol 2, or 4 and its frame.
pub fn is_legacy(file: &[u8]) -> bool {
    [2, 11].iter().any(|at| file.get(*at..).is_some_and(|rest| rest.starts_with(&MAGIC))) && file[0] == 0x80
}

/// The tensors of an archive.
pub fn archive(file: &[u8]) -> Result<Tensors<'_>> {
    let entries = zip::entries(file)?;
    let in_folder = |name: &&str| name.strip_suffix("data.pkl").is_some_and(|folder| folder.matches('/').count() <= 1);
    let name = *entries.keys().find(|name| in_folder(name)).ok_or_else(|| Error::damage(Damage::Archive, 0))?;
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
        let entry = inside(&format!("data/{}", storage.key));
        let missing = || Error::malformed(format!("there is no entry `data/{}`", storage.key), pickled.at);
        storages.insert(storage.key, entry.ok_or_else(missing)?.content()?);
    }
    tensors(&pickle, &storages, pickled.at)
}

/// The tensors of an older file.
pub fn legacy(file: &[u8]) -> Result<Tensors<'_>> {
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
    let mut storages = Storages::new();
    for key in keys.list(keys.root) {
        let storage = match key {
            Value::Text(key) => known.get(key),
            _ => None,
        };
        let storage = storage.ok_or_else(|| Error::malformed("it lists numbers that no tensor uses", keys_at))?;
        let count_at = cursor.position();
        let count = size(cursor.u64()?);
        if count != storage.count {
            let what = format!("{count} numbers instead of {}", storage.count);
            return Err(Error::malformed(what, count_at));
        }
        storages.insert(storage.key, cursor.take(count.saturating_mul(storage.kind.width()))?);
    }
    tensors(&pickle, &storages, at)
}

/// The state dict's tensors, which have to lie within their storages.
fn tensors<'a>(pickle: &Pickle<'a>, storages: &Storages<'a>, at: usize) -> Result<Tensors<'a>> {
    let mut tensors = Tensors::new();
    for (key, value) in pickle.pairs(state_dict(pickle, at)?) {
        let (Value::Text(name), Value::Tensor(tensor)) = (key, value) else { continue };
        let layout = &pickle.tensors[tensor];
        let storage = pickle.storages[layout.storage];
        let missing = || Error::malformed(format!("the numbers of `{name}` are missing"), at);
        let bytes = storages.get(storage.key).ok_or_else(missing)?;
        let start = layout.offset.checked_mul(storage.kind.width());
        let bytes = start.and_then(|start| bytes.get(start..)).ok_or_else(missing)?;
        let stored = Stored { shape: layout.shape.clone(), kind: storage.kind, strides: layout.strides.clone(), bytes };
        tensors.insert(name.to_string(), stored);
    }
    Ok(tensors)
}

/// The dictionary that has tensors in it: the file's own, its `state_dict`, or the only one inside.
fn state_dict<'a>(pickle: &Pickle<'a>, at: usize) -> Result<Value<'a>> {
    let mut dict = pickle.root;
    for _ in 0..MOST_NESTED {
        let mut inner = pickle.pairs(dict).map(|(_, value)| value).filter(|value| matches!(value, Value::Dict(_)));
        dict = match (pickle.get(dict, "state_dict"), inner.next(), inner.next()) {
            (Some(named @ Value::Dict(_)), ..) => named,
            _ if pickle.pairs(dict).any(|(_, value)| matches!(value, Value::Tensor(_))) => return Ok(dict),
            (None, Some(only), None) => only,
            _ => break,
        };
    }
    Err(Error::damage(Damage::NoTensors, at))
}
