//! A CycleGAN pair for JavaScript. The loop over layers or bands is the caller's, so that it can show progress and stop.

use wasm_bindgen::prelude::*;

use super::convert::{Outcome, fail, floats, from_js, object, to_js};
use super::device;
use crate::error::Error;
use crate::image::Size;
use crate::nn::kernels::Shape;
use crate::session::bands::Banded;
use crate::session::realism;
use crate::session::translation::{self, Direction, Source};

#[wasm_bindgen]
pub struct Translator {
    translator: translation::Translator,
}

#[wasm_bindgen]
impl Translator {
    /// Files of the generators into domain b and, where there is one, back; and the labels of those that are wanted, where a file holds
    /// several.
    #[wasm_bindgen(constructor)]
    pub fn new(
        ab: &[u8],
        ba: Option<Box<[u8]>>,
        pick_ab: Option<String>,
        pick_ba: Option<String>,
    ) -> Outcome<Translator> {
        let there = Source { file: ab, pick: pick_ab.as_deref() };
        // The way back may lie in the same file.
        let file = ba.as_deref().or(pick_ba.is_some().then_some(ab));
        let back = file.map(|file| Source { file, pick: pick_ba.as_deref() });
        let translator = translation::Translator::open(there, back, &device()?).map_err(fail)?;
        Ok(Translator { translator })
    }

    /// `{ filters, blocks, upsample, skip, form, notes }` of the network into a domain, or `null`.
    pub fn architecture(&self, direction: &str) -> Outcome<JsValue> {
        to_js(&self.translator.architecture(parse(direction)?))
    }

    /// The network into a domain as a file for other software: `"onnx"` or `"safetensors"`.
    pub async fn export(&self, format: JsValue, direction: String) -> Outcome<Vec<u8>> {
        self.translator.export(from_js("format", format)?, parse(&direction)?).await.map_err(fail)
    }

    /// `direction`: the domain to translate into, `"a"` or `"b"`. The picture is RGBA, rows from the top.
    pub fn begin(
        &self,
        rgba: js_sys::Uint8ClampedArray,
        width: usize,
        height: usize,
        direction: &str,
    ) -> Outcome<Translation> {
        let whole = self.translator.begin(&rgba.to_vec(), width, height, parse(direction)?).map_err(fail)?;
        Ok(Translation { way: Way::Whole(whole) })
    }

    /// The same in bands of rows, for a picture of any size.
    #[wasm_bindgen(js_name = beginBands)]
    pub fn begin_bands(
        &self,
        rgba: js_sys::Uint8ClampedArray,
        width: usize,
        height: usize,
        direction: &str,
    ) -> Outcome<Translation> {
        let banded = self.translator.begin_bands(rgba.to_vec(), width, height, parse(direction)?).map_err(fail)?;
        Ok(Translation { way: Way::Bands(banded) })
    }

    /// `{ shape: { filters, blocks, transposed }, weights: Float32Array }` for kernels elsewhere, or `null` where they do not know the network.
    pub fn plan(&self, direction: &str) -> Outcome<JsValue> {
        let Some(plan) = self.translator.plan(parse(direction)?).map_err(fail)? else { return Ok(JsValue::NULL) };
        let Shape { filters, blocks, transposed } = plan.shape;
        let shape = object([
            ("filters", (filters as u32).into()),
            ("blocks", (blocks as u32).into()),
            ("transposed", transposed.into()),
        ]);
        Ok(object([("shape", shape), ("weights", floats(&plan.weights))]))
    }

    /// A picture as the kernels take it: `[height, width, 3]`, its sides filled up to multiples of four.
    pub fn enter(&self, rgba: js_sys::Uint8ClampedArray, width: usize, height: usize) -> Outcome<Vec<f32>> {
        self.translator.enter(&rgba.to_vec(), Size { width, height }).map_err(fail)
    }

    /// The painting, RGBA, from what the kernels' last layer made of that picture.
    pub async fn leave(
        &self,
        rgba: js_sys::Uint8ClampedArray,
        width: usize,
        height: usize,
        direction: String,
        head: Vec<f32>,
    ) -> Outcome<js_sys::Uint8ClampedArray> {
        let size = Size { width, height };
        let made = self.translator.leave(&rgba.to_vec(), size, parse(&direction)?, head).await.map_err(fail)?;
        Ok(js_sys::Uint8ClampedArray::from(made.as_slice()))
    }

    /// Multiplications of a translation of this size.
    pub fn work(&self, width: usize, height: usize, direction: &str, in_bands: bool) -> Outcome<f64> {
        self.translator.work(width, height, parse(direction)?, in_bands).map_err(fail)
    }

    /// Bytes that a translation of this size holds at most, weights aside.
    #[wasm_bindgen(js_name = peakBytes)]
    pub fn peak_bytes(&self, width: usize, height: usize, direction: &str, in_bands: bool) -> Outcome<f64> {
        let bytes = self.translator.peak_bytes(width, height, parse(direction)?, in_bands).map_err(fail)?;
        Ok(bytes as f64)
    }
}

fn parse(direction: &str) -> Outcome<Direction> {
    match direction {
        "a" => Ok(Direction::A),
        "b" => Ok(Direction::B),
        other => Err(fail(Error::config("direction", other, "expected a or b"))),
    }
}

enum Way {
    Whole(translation::Translation),
    Bands(Banded),
}

#[wasm_bindgen]
pub struct Translation {
    way: Way,
}

#[wasm_bindgen]
impl Translation {
    /// Layers or bands done.
    #[wasm_bindgen(getter)]
    pub fn step(&self) -> usize {
        match &self.way {
            Way::Whole(whole) => whole.layer(),
            Way::Bands(banded) => banded.bands().0,
        }
    }

    #[wasm_bindgen(getter)]
    pub fn steps(&self) -> usize {
        match &self.way {
            Way::Whole(whole) => whole.layers(),
            Way::Bands(banded) => banded.bands().1,
        }
    }

    /// How much of the work is done, 0 to 1.
    #[wasm_bindgen(getter)]
    pub fn fraction(&self) -> f64 {
        let (done, total) = match &self.way {
            Way::Whole(whole) => (whole.layer() as f64, whole.layers() as f64),
            Way::Bands(banded) => banded.work(),
        };
        done / total
    }

    /// Computes up to so many layers, or a band; true when all are done.
    pub async fn advance(&mut self, most: usize) -> Outcome<bool> {
        match &mut self.way {
            Way::Whole(whole) => whole.advance(most).await,
            Way::Bands(banded) => banded.advance().await,
        }
        .map_err(fail)
    }

    /// The picture, RGBA, of the size that was given. Frees this object.
    pub async fn finish(self) -> Outcome<js_sys::Uint8ClampedArray> {
        let rgba = match self.way {
            Way::Whole(whole) => whole.finish().await,
            Way::Bands(banded) => banded.finish(),
        };
        Ok(js_sys::Uint8ClampedArray::from(rgba.map_err(fail)?.as_slice()))
    }
}

/// A discriminator of a pair.
#[wasm_bindgen]
pub struct Judge {
    judge: realism::Judge,
}

#[wasm_bindgen]
impl Judge {
    #[wasm_bindgen(constructor)]
    pub fn new(file: &[u8]) -> Outcome<Judge> {
        Ok(Judge { judge: realism::Judge::from_bytes(file, &device()?).map_err(fail)? })
    }

    /// `{ data: Float32Array, width, height }`: the score of every patch of an RGBA picture.
    pub async fn scores(&self, rgba: js_sys::Uint8ClampedArray, width: usize, height: usize) -> Outcome<JsValue> {
        let scores = self.judge.scores(&rgba.to_vec(), Size { width, height }).await.map_err(fail)?;
        let sides =
            [("width", scores.width), ("height", scores.height)].map(|(name, side)| (name, (side as u32).into()));
        Ok(object([("data", floats(&scores.values))].into_iter().chain(sides)))
    }
}
