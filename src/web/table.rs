//! A visitor's table for JavaScript, before anything is learned from it; needs no device.

use wasm_bindgen::prelude::*;

use super::convert::{Outcome, fail, floats, from_js, object, to_js};
use crate::data::table::points::Points;
use crate::data::table::source::{TableFile, Wish};
use crate::error::Error;

/// `{ table: Uint8Array, wish }`
pub(super) fn file(data: &JsValue) -> Outcome<TableFile> {
    let part = |key: &str| js_sys::Reflect::get(data, &key.into());
    let bytes = part("table")?.dyn_into::<js_sys::Uint8Array>();
    let bytes = bytes.map_err(|_| fail(Error::data("expected a Uint8Array", "data.table")))?.to_vec();
    let wish: Option<Wish> = from_js("data", part("wish")?)?;
    Ok(TableFile { bytes, wish: wish.unwrap_or_default() })
}

/// What a file of a table holds and how it can be read, for sequences of `length` steps: see `data::table::preview`.
#[wasm_bindgen(js_name = previewTable)]
pub fn preview_table(data: JsValue, length: usize) -> Outcome<JsValue> {
    to_js(&file(&data)?.preview(length).map_err(fail)?)
}

/// The points of a table of two columns: `{ points: Float32Array, scale: { axes, names, brought } }`.
#[wasm_bindgen(js_name = tablePoints)]
pub fn table_points(data: JsValue) -> Outcome<JsValue> {
    let Points { points, scale } = file(&data)?.points().map_err(fail)?;
    Ok(object([("points", floats(&points)), ("scale", to_js(&scale)?)]))
}
