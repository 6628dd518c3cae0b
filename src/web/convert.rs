//! Between Rust's values and JavaScript's: plain objects and typed arrays, never JSON text.

use js_sys::{Array, Float32Array, Object, Reflect, Uint8ClampedArray};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;

use crate::error::Error;
use crate::image::{grey_to_rgba, planes_to_rgba};
use crate::session::training::Samples;
use crate::training::Family;

pub type Outcome<T> = Result<T, JsValue>;

/// A JavaScript `Error` with the stable `code` and the `details` that a translation needs.
pub fn fail(error: Error) -> JsValue {
    let thrown = js_sys::Error::new(&error.to_string());
    let details = to_js(&error).unwrap_or(JsValue::UNDEFINED);
    for (key, value) in [("code", JsValue::from(error.code())), ("details", details)] {
        let _ = Reflect::set(&thrown, &key.into(), &value);
    }
    thrown.into()
}

/// Maps become plain objects.
pub fn to_js<T: Serialize + ?Sized>(value: &T) -> Outcome<JsValue> {
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    value.serialize(&serializer).map_err(|e| fail(Error::Internal { message: e.to_string() }))
}

/// An argument of a call; what cannot be read is a configuration error that names the argument.
pub fn from_js<T: DeserializeOwned>(argument: &str, value: JsValue) -> Outcome<T> {
    serde_wasm_bindgen::from_value(value).map_err(|e| fail(Error::config(argument, "read", e.to_string())))
}

pub fn object(entries: impl IntoIterator<Item = (&'static str, JsValue)>) -> JsValue {
    let object = Object::new();
    for (key, value) in entries {
        let _ = Reflect::set(&object, &key.into(), &value);
    }
    object.into()
}

pub fn floats(values: &[f32]) -> JsValue {
    Float32Array::from(values).into()
}

/// A family of networks by its id.
pub fn family(id: &serde_json::Value) -> Outcome<Family> {
    Family::deserialize(id).map_err(|e| fail(Error::config("family", id, e.to_string())))
}

/// `{ kind, data, shape }`: points as numbers, pictures as RGBA; rows of pictures with their names.
pub fn samples(samples: &Samples) -> Vec<(&'static str, JsValue)> {
    let shape = |sides: &[usize]| sides.iter().map(|side| JsValue::from(*side as u32)).collect::<Array>().into();
    match samples {
        Samples::Points(values) => {
            vec![("kind", "points".into()), ("data", floats(values)), ("shape", shape(&[values.len() / 2, 2]))]
        }
        Samples::Pictures { values, height, width } => vec![
            ("kind", "images".into()),
            ("data", Uint8ClampedArray::from(grey_to_rgba(values).as_slice()).into()),
            ("shape", shape(&[values.len() / (height * width), *height, *width, 4])),
        ],
        Samples::Images { values, channels, side, labels } => {
            let rgba = if *channels == 1 { grey_to_rgba(values) } else { planes_to_rgba(values, *side) };
            let shape = shape(&[values.len() / (channels * side * side), *side, *side, 4]);
            let data = Uint8ClampedArray::from(rgba.as_slice()).into();
            labelled(vec![("kind", "images".into()), ("data", data), ("shape", shape)], labels)
        }
        Samples::Sequences { values, shape: [steps, dims], labels } => {
            let shape = shape(&[values.len() / (steps * dims), *steps, *dims]);
            labelled(vec![("kind", "sequences".into()), ("data", floats(values)), ("shape", shape)], labels)
        }
        Samples::Rows { names, values, side } => vec![
            ("kind", "images".into()),
            ("data", Uint8ClampedArray::from(planes_to_rgba(values, *side).as_slice()).into()),
            ("shape", shape(&[values.len() / (3 * side * side), *side, *side, 4])),
            ("rows", names.iter().map(|name| JsValue::from(*name)).collect::<Array>().into()),
        ],
    }
}

/// With `labels`, where samples have them.
fn labelled(mut entries: Vec<(&'static str, JsValue)>, labels: &[usize]) -> Vec<(&'static str, JsValue)> {
    if !labels.is_empty() {
        let labels: Vec<u32> = labels.iter().map(|label| *label as u32).collect();
        entries.push(("labels", js_sys::Uint32Array::from(labels.as_slice()).into()));
    }
    entries
}
