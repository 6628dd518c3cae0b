//! The shipped DR-GAN for JavaScript. Features travel as plain numbers, so that the page can keep a person without the worker.

use wasm_bindgen::prelude::*;

use super::convert::{Outcome, fail, floats, from_js, object, to_js};
use super::device;
use crate::image::Size;
use crate::image::crop::Crop;
use crate::session::faces::{self, Person};

#[wasm_bindgen]
pub struct Faces {
    faces: faces::Faces,
}

#[wasm_bindgen]
impl Faces {
    /// The files of three networks.
    #[wasm_bindgen(constructor)]
    pub fn new(encoder: &[u8], decoder: &[u8], finder: &[u8]) -> Outcome<Faces> {
        let faces = faces::Faces::from_bytes(encoder, decoder, finder, &device()?).map_err(fail)?;
        Ok(Faces { faces })
    }

    /// The discriminator's file, before `judge`.
    #[wasm_bindgen(js_name = openDiscriminator)]
    pub fn open_discriminator(&mut self, file: &[u8]) -> Outcome<()> {
        self.faces.open_discriminator(file).map_err(fail)
    }

    /// `[{ x, y, size, roll, yaw, score }]` of an RGBA picture.
    pub async fn detect(&self, rgba: js_sys::Uint8ClampedArray, width: usize, height: usize) -> Outcome<JsValue> {
        to_js(&self.faces.detect(&rgba.to_vec(), Size { width, height }).await.map_err(fail)?)
    }

    /// `{ features, confidence }` of the face in `crop`, `{ x, y, size, roll }`.
    pub async fn encode(
        &self,
        rgba: js_sys::Uint8ClampedArray,
        width: usize,
        height: usize,
        crop: JsValue,
    ) -> Outcome<JsValue> {
        let crop: Crop = from_js("crop", crop)?;
        let size = Size { width, height };
        let (features, confidence) = self.faces.encode(&rgba.to_vec(), size, &crop).await.map_err(fail)?;
        Ok(object([("features", floats(&features)), ("confidence", confidence.into())]))
    }

    /// 1 less the cosine of each two pictures' features, row by row.
    pub fn distances(&self, features: Vec<f32>, weights: Vec<f32>) -> Outcome<Vec<f32>> {
        self.faces.distances(&Person { features, weights }).map_err(fail)
    }

    /// RGBA of one face for each of `yaws`, one after another.
    pub async fn turn(
        &self,
        features: Vec<f32>,
        weights: Vec<f32>,
        yaws: Vec<f32>,
        seed: u32,
    ) -> Outcome<js_sys::Uint8ClampedArray> {
        let rgba = self.faces.turn(&Person { features, weights }, &yaws, seed).await.map_err(fail)?;
        Ok(js_sys::Uint8ClampedArray::from(rgba.as_slice()))
    }

    /// `{ identity_features, pose_code, noise }`: what one of these faces is drawn from.
    pub async fn code(&self, features: Vec<f32>, weights: Vec<f32>, yaw: f32, seed: u32) -> Outcome<JsValue> {
        let [features, pose, noise] = self.faces.code(&Person { features, weights }, yaw, seed).await.map_err(fail)?;
        Ok(object([("identity_features", floats(&features)), ("pose_code", floats(&pose)), ("noise", floats(&noise))]))
    }

    /// Faces between two people; `mix` 0 is the first.
    #[allow(clippy::too_many_arguments)] // JavaScript's typed arrays, one by one
    pub async fn blend(
        &self,
        features: Vec<f32>,
        weights: Vec<f32>,
        other_features: Vec<f32>,
        other_weights: Vec<f32>,
        mix: f32,
        yaws: Vec<f32>,
        seed: u32,
    ) -> Outcome<js_sys::Uint8ClampedArray> {
        let (one, other) = (Person { features, weights }, Person { features: other_features, weights: other_weights });
        let rgba = self.faces.blend([&one, &other], mix, &yaws, seed).await.map_err(fail)?;
        Ok(js_sys::Uint8ClampedArray::from(rgba.as_slice()))
    }

    /// `{ real, yaw, identity }`: what the discriminator's heads say of the face in `crop`.
    pub async fn judge(
        &self,
        rgba: js_sys::Uint8ClampedArray,
        width: usize,
        height: usize,
        crop: JsValue,
    ) -> Outcome<JsValue> {
        let crop: Crop = from_js("crop", crop)?;
        let verdict = self.faces.judge(&rgba.to_vec(), Size { width, height }, &crop).await.map_err(fail)?;
        Ok(object([
            ("real", verdict.real.into()),
            ("yaw", verdict.yaw.into()),
            ("identity", floats(&verdict.identity)),
        ]))
    }

    /// A person as a file.
    pub fn save(&self, features: Vec<f32>, weights: Vec<f32>) -> Outcome<Vec<u8>> {
        self.faces.save(&Person { features, weights }).map_err(fail)
    }

    /// `{ features, weights }` of such a file.
    pub fn load(&self, bytes: &[u8]) -> Outcome<JsValue> {
        let Person { features, weights } = self.faces.load(bytes).map_err(fail)?;
        Ok(object([("features", floats(&features)), ("weights", floats(&weights))]))
    }
}
