//! Values that stand in a pickle's instructions themselves.

use super::cursor::{Cursor, size};
use super::pickle::Value;
use crate::error::{Error, Result};

/// The value that stands in the instruction itself; none where it is another kind of instruction.
pub fn value<'a>(instruction: u8, cursor: &mut Cursor<'a>) -> Result<Option<Value<'a>>> {
    let length = match instruction {
        b'N' => return Ok(Some(Value::None)),
        0x88 => return Ok(Some(Value::Bool(true))),
        0x89 => return Ok(Some(Value::Bool(false))),
        b'K' => return Ok(Some(Value::Int(cursor.u8()?.into()))),
        b'M' => return Ok(Some(Value::Int(cursor.u16()?.into()))),
        b'J' => return Ok(Some(Value::Int((cursor.u32()? as i32).into()))),
        b'I' | b'L' | b'F' | b'S' | b'V' => return cursor.line().map(|line| Some(written(instruction, line))),
        0x8a => return long(cursor).map(Some),
        b'G' => return cursor.u64().map(|_| Some(Value::Opaque)),
        // An empty set, and numbers that stand for names in some program.
        0x8f => return Ok(Some(Value::Opaque)),
        0x82 => return cursor.u8().map(|_| Some(Value::Opaque)),
        0x83 => return cursor.u16().map(|_| Some(Value::Opaque)),
        0x84 => return cursor.u32().map(|_| Some(Value::Opaque)),
        b'U' | b'C' | 0x8c => cursor.u8()?.into(),
        b'T' | b'B' | b'X' | 0x8b => cursor.u32()? as usize,
        0x8d | 0x8e | 0x96 => size(cursor.u64()?),
        _ => return Ok(None),
    };
    let bytes = cursor.take(length)?;
    if matches!(instruction, b'C' | b'B' | 0x8b | 0x8e | 0x96) {
        return Ok(Some(Value::Opaque));
    }
    // Python 2 wrote bytes as text, and Python 3 writes halves of letters: neither is a name of weights.
    Ok(Some(std::str::from_utf8(bytes).map_or(Value::Opaque, Value::Text)))
}

/// A number in letters, as the older protocols have it.
pub fn number(cursor: &mut Cursor, at: usize) -> Result<usize> {
    let text = std::str::from_utf8(cursor.line()?).ok().and_then(|line| line.trim().parse().ok());
    text.ok_or_else(|| Error::malformed("a number is not one", at))
}

/// A value in letters. Text with signs that stand for others names no weights.
fn written(instruction: u8, line: &[u8]) -> Value<'_> {
    let text = std::str::from_utf8(line).unwrap_or("\\").trim();
    let quoted = |text| ['\'', '"'].iter().find_map(|mark| str::strip_prefix(text, *mark)?.strip_suffix(*mark));
    match (instruction, text) {
        (b'I', "01") => Value::Bool(true),
        (b'I', "00") => Value::Bool(false),
        (b'I' | b'L', number) => number.trim_end_matches('L').parse().map_or(Value::Opaque, Value::Int),
        (b'S', text) if !text.contains('\\') => quoted(text).map_or(Value::Opaque, Value::Text),
        (b'V', text) if !text.contains('\\') => Value::Text(text),
        _ => Value::Opaque,
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
