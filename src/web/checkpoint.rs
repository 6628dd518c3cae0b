//! A file of weights on its own, for comparing this engine with other software.

use wasm_bindgen::prelude::*;

use super::convert::{Outcome, fail, floats};
use super::device;
use crate::image::Size;
use crate::session::checkpoint;

/// What a generator's file makes of an RGBA picture, as a Float32Array: three planes in [-1, 1], not rounded to bytes.
#[wasm_bindgen(js_name = generatorOutput)]
pub async fn generator_output(
    file: js_sys::Uint8Array,
    rgba: js_sys::Uint8ClampedArray,
    width: usize,
    height: usize,
) -> Outcome<JsValue> {
    let size = Size { width, height };
    let values = checkpoint::output(&file.to_vec(), &rgba.to_vec(), size, &device()?).await.map_err(fail)?;
    Ok(floats(&values))
}
