//! The JavaScript face of the crate, and the only module that knows a browser. One worker holds one session;
//! an object must not be called while one of its promises is pending.

mod checkpoint;
mod convert;
mod faces;
#[cfg(feature = "webgpu")]
mod log;
mod pictures;
#[cfg(feature = "cpu")]
mod replicas;
mod table;
mod training;
mod translation;

use burn::tensor::Device;
use std::cell::OnceCell;
use wasm_bindgen::prelude::*;

use crate::error::Error;
pub use checkpoint::generator_output;
use convert::{Outcome, fail, to_js};
pub use faces::Faces;
pub use pictures::{Lift, blend_rows};
pub use table::{preview_table, table_points};
pub use training::Training;
pub use translation::{Judge, Translation, Translator};

thread_local! {
    /// The worker's one device and its name, opened before anything computes.
    static DEVICE: OnceCell<(Device, String)> = const { OnceCell::new() };
}

unsafe extern "C" {
    /// The linker's own. Called here once, or the linker would call it again at the head of every export (the
    /// kernel compiler of the WebGPU engine registers its operations in constructors).
    fn __wasm_call_ctors();
}

/// Runs the module's constructors, once: at the start, or with the first device where a test harness leaves the start out.
fn construct() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    // SAFETY: the linker's own function, called once, before anything that relies on it.
    ONCE.call_once(|| unsafe { __wasm_call_ctors() });
}

#[wasm_bindgen(start)]
pub fn start() {
    construct();
    std::panic::set_hook(Box::new(|info| {
        let place =
            info.location().map_or(String::new(), |at| format!(", {}:{}:{}", at.file(), at.line(), at.column()));
        let said = info.payload_as_str().unwrap_or("panic");
        let panic = JsValue::from(format!("{said}{place}"));
        let _ = js_sys::Reflect::set(&js_sys::global(), &"ganAtelierPanic".into(), &panic);
        console_error_panic_hook::hook(info);
    }));
    #[cfg(feature = "webgpu")]
    log::bridge();
}

/// `"cpu"` or `"webgpu"`: which build this is.
#[wasm_bindgen]
pub fn engine() -> String {
    if cfg!(feature = "webgpu") { "webgpu" } else { "cpu" }.to_string()
}

/// Opens the worker's device before anything computes: `{ kind, name }`. A worker has one; asking again tells it again.
#[wasm_bindgen(js_name = openDevice)]
pub async fn open_device() -> Outcome<JsValue> {
    construct();
    if DEVICE.with(|cell| cell.get().is_none()) {
        let opened = acquire().await.map_err(fail)?;
        DEVICE.with(|cell| {
            cell.get_or_init(|| opened);
        });
    }
    let name = DEVICE.with(|cell| cell.get().map(|(_, name)| name.clone()));
    to_js(&serde_json::json!({ "kind": engine(), "name": name }))
}

#[cfg(feature = "webgpu")]
async fn acquire() -> Result<(Device, String), Error> {
    use burn::tensor::wgpu::WgpuBackend;
    let refused = |reason: String| Error::Unsupported { what: "WebGPU".into(), reason };
    let options = Device::wgpu_options().graphics_api(WgpuBackend::WebGpu);
    let (device, setup) = options.init_with_setup_async().await.map_err(|e| refused(e.to_string()))?;
    let info: burn_wgpu::wgpu::AdapterInfo = setup.adapter.get_info();
    Ok((device, [info.name, info.driver].into_iter().find(|s| !s.is_empty()).unwrap_or_else(|| "WebGPU".into())))
}

/// What the device makes of work whose result is known, to be asked before anything relies on it: whole, or the least that shows that it answers.
#[cfg(feature = "webgpu")]
#[wasm_bindgen(js_name = checkDevice)]
pub async fn check_device(whole: bool) -> Outcome<JsValue> {
    use crate::session::check;
    let device = device()?;
    let found = if whole { check::check(&device).await } else { check::answers(&device).await.map(|one| vec![one]) };
    let told = |one: check::Finding| {
        let mut told = serde_json::json!(one);
        told["holds"] = one.holds().into();
        told
    };
    to_js(&found.map_err(fail)?.into_iter().map(told).collect::<Vec<_>>())
}

#[cfg(not(feature = "webgpu"))]
async fn acquire() -> Result<(Device, String), Error> {
    Ok((Device::flex(), "WebAssembly SIMD".into()))
}

/// The device that `open_device` opened.
pub fn device() -> Outcome<Device> {
    let closed = || fail(Error::Internal { message: "openDevice was not called".into() });
    DEVICE.with(|cell| cell.get().map(|(device, _)| device.clone())).ok_or_else(closed)
}

/// Every setting of a family with default, range and choices; needs no device.
#[wasm_bindgen]
pub fn schema(family: &str) -> Outcome<JsValue> {
    let family = convert::family(&family.into())?;
    to_js(&crate::training::config::schema(family).map_err(fail)?)
}

/// A built-in picture, RGBA: a lake, or a horse or a zebra in a meadow.
#[wasm_bindgen(js_name = drawScene)]
pub fn draw_scene(subject: &str, width: usize, height: usize, seed: u32) -> Outcome<js_sys::Uint8ClampedArray> {
    use crate::data::{horses::Coat, meadow::draw_meadow, scene};
    let rgba = match subject {
        "lake" => scene::draw_scene(width, height, seed),
        "horse" => draw_meadow(Coat::Brown, width, height, seed),
        "zebra" => draw_meadow(Coat::Striped, width, height, seed),
        _ => return Err(fail(Error::config("subject", subject, "lake, horse or zebra"))),
    };
    Ok(js_sys::Uint8ClampedArray::from(rgba.as_slice()))
}

/// One of our own faces, RGBA: somebody by number, seen from `yaw` degrees; `smile` -0.5..1, `light` -1 (left)..1.
#[wasm_bindgen(js_name = drawFace)]
pub fn draw_face(person: u32, yaw: f32, smile: f32, light: f32, side: usize) -> js_sys::Uint8ClampedArray {
    use crate::data::faces::{Person, View, picture};
    let values = picture(&Person::numbered(person), &View { yaw, smile, light }, side);
    js_sys::Uint8ClampedArray::from(crate::image::planes_to_rgba(&values, side).as_slice())
}

/// Panics inside Rust: tests of recovery need a real one.
#[wasm_bindgen(js_name = provokePanic)]
pub fn provoke_panic(message: &str) {
    panic!("{message}");
}
