//! What is done to pictures on the host, for JavaScript: whole rows come and go, so that no picture is here as a whole.

use wasm_bindgen::prelude::*;

use super::convert::{Outcome, fail};
use crate::image::blend::{self, Strength};
use crate::image::{Size, guided};

/// Rows of a painting laid over the same rows of its photo: RGBA, the strengths 0 to 1.
#[wasm_bindgen(js_name = blendRows)]
pub fn blend_rows(photo: &[u8], painting: &[u8], luminance: f32, colour: f32) -> Outcome<js_sys::Uint8ClampedArray> {
    let mut mixed = painting.to_vec();
    blend::blend(photo, &mut mixed, Strength { luminance, colour }).map_err(fail)?;
    Ok(js_sys::Uint8ClampedArray::from(mixed.as_slice()))
}

/// A painting on its way to the size of its photo.
#[wasm_bindgen]
pub struct Lift {
    lift: guided::Lift,
}

#[wasm_bindgen]
impl Lift {
    /// The photo as it was painted and what came of it, both `small_width` x `small_height`, and the size to reach.
    #[wasm_bindgen(constructor)]
    pub fn new(
        photo: &[u8],
        painting: &[u8],
        small_width: usize,
        small_height: usize,
        width: usize,
        height: usize,
    ) -> Outcome<Lift> {
        let small = Size { width: small_width, height: small_height };
        let lift = guided::Lift::new(photo, painting, small, Size { width, height }).map_err(fail)?;
        Ok(Lift { lift })
    }

    /// Whole rows of the photo at its own size, from row `first`, painted.
    #[wasm_bindgen(js_name = paintRows)]
    pub fn paint_rows(&self, photo: &[u8], first: usize) -> Outcome<js_sys::Uint8ClampedArray> {
        let mut rows = photo.to_vec();
        self.lift.paint_rows(&mut rows, first).map_err(fail)?;
        Ok(js_sys::Uint8ClampedArray::from(rows.as_slice()))
    }
}
