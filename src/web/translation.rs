//! A CycleGAN pair for JavaScript. The loop over the layers is the caller's, so that it can show progress and stop.

use wasm_bindgen::prelude::*;

use super::convert::{Outcome, fail};
use super::device;
use crate::error::Error;
use crate::session::translation::{self, Direction};

#[wasm_bindgen]
pub struct Translator {
    translator: translation::Translator,
}

#[wasm_bindgen]
impl Translator {
    /// Safetensors files of the generators into domain b and, where there is one, back.
    #[wasm_bindgen(constructor)]
    pub fn new(ab: &[u8], ba: Option<Box<[u8]>>) -> Outcome<Translator> {
        let translator = translation::Translator::from_bytes(ab, ba.as_deref(), &device()?).map_err(fail)?;
        Ok(Translator { translator })
    }

    /// `direction`: the domain to translate into, `"a"` or `"b"`. The picture is RGBA, rows from the top.
    pub fn begin(
        &self,
        rgba: js_sys::Uint8ClampedArray,
        width: usize,
        height: usize,
        direction: &str,
    ) -> Outcome<Translation> {
        let direction = match direction {
            "a" => Direction::A,
            "b" => Direction::B,
            other => return Err(fail(Error::config("direction", other, "expected a or b"))),
        };
        let translation = self.translator.begin(&rgba.to_vec(), width, height, direction).map_err(fail)?;
        Ok(Translation { translation })
    }
}

#[wasm_bindgen]
pub struct Translation {
    translation: translation::Translation,
}

#[wasm_bindgen]
impl Translation {
    /// Layers done.
    #[wasm_bindgen(getter)]
    pub fn layer(&self) -> usize {
        self.translation.layer()
    }

    #[wasm_bindgen(getter)]
    pub fn layers(&self) -> usize {
        self.translation.layers()
    }

    /// Runs one layer; true when all are done.
    pub async fn advance(&mut self) -> Outcome<bool> {
        self.translation.advance().await.map_err(fail)
    }

    /// The picture, RGBA, of the size that was given.
    pub async fn finish(&self) -> Outcome<js_sys::Uint8ClampedArray> {
        let rgba = self.translation.finish().await.map_err(fail)?;
        Ok(js_sys::Uint8ClampedArray::from(rgba.as_slice()))
    }
}
