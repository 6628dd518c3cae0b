//! What the GPU libraries say in Rust's log, in the browser's console: a refused shader is sometimes told nowhere else. The last lines are also
//! kept in the worker's `ganAtelierLog`, for a report.

use ::log::{Level, LevelFilter, Log, Metadata, Record};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::console;

struct Console;

/// Lines that are kept.
const KEPT: u32 = 20;
/// Of a line that is kept; a shader's text may be in it.
const LONGEST: usize = 500;
const PLACE: &str = "ganAtelierLog";

impl Log for Console {
    fn enabled(&self, metadata: &Metadata) -> bool {
        metadata.level() <= Level::Warn
    }

    fn log(&self, record: &Record) {
        if !self.enabled(record.metadata()) {
            return;
        }
        let line = format!("{}: {}", record.target(), record.args());
        keep(&line);
        match record.level() {
            Level::Error => console::error_1(&line.into()),
            _ => console::warn_1(&line.into()),
        }
    }

    fn flush(&self) {}
}

fn keep(line: &str) {
    let (global, place) = (js_sys::global(), JsValue::from(PLACE));
    let known = js_sys::Reflect::get(&global, &place).ok().and_then(|found| found.dyn_into::<js_sys::Array>().ok());
    let lines = known.unwrap_or_else(|| {
        let lines = js_sys::Array::new();
        let _ = js_sys::Reflect::set(&global, &place, &lines);
        lines
    });
    lines.push(&line.chars().take(LONGEST).collect::<String>().into());
    if lines.length() > KEPT {
        lines.shift();
    }
}

/// Once a module; whoever logs before it is not heard.
pub fn bridge() {
    if ::log::set_logger(&Console).is_ok() {
        ::log::set_max_level(LevelFilter::Warn);
    }
}
