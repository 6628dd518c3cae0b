//! A training session for JavaScript.

use serde_json::{Map, Value};
use wasm_bindgen::prelude::*;

use super::convert::{Outcome, fail, family, floats, from_js, object, samples, to_js};
use super::device;
use crate::data::Own;
use crate::data::points::Scale;
use crate::data::series::Series;
use crate::error::Error;
use crate::session::inspect::{Answer, Question, Scored};
use crate::session::report::{Report, Unread};
use crate::session::training::{SampleRequest, Session};
use crate::training::{Family, Turn};

#[wasm_bindgen]
pub struct Training {
    session: Session,
    /// Steps without a report yet.
    unread: Option<Result<Unread, Error>>,
}

/// Steps in one call: a bound on what a page can ask before it gets an answer.
const MAX_STEPS: u32 = 100_000;

#[wasm_bindgen]
impl Training {
    /// `config`: `{ family, dataset, seed, ...changes }`; `data`: `{ points: Float32Array, scale }` for the dataset `drawn`; for `own`
    /// `{ a, b }` or `{ images, labels, classes }` with RGBA squares of the configured side as bytes, one after another, or `{ idx, labels }`;
    /// `{ sequences: Float32Array, shape: [n, steps, dims], labels }` for `curves` and `series`; for `series` and `drawn` also a file,
    /// `{ table: Uint8Array, wish: { reading, columns, named, separator, decimal, array } }`.
    pub fn start(config: JsValue, data: JsValue) -> Outcome<Training> {
        let mut changes: Map<String, Value> = from_js("config", config)?;
        let family = changes.remove("family").map_or(Ok(Family::Gan), |id| family(&id))?;
        let session = Session::start(family, &changes, own(&data)?, &device()?).map_err(fail)?;
        Ok(Training { session, unread: None })
    }

    /// Continues a saved session to the last bit.
    pub fn open(bytes: &[u8]) -> Outcome<Training> {
        Ok(Training { session: Session::open(bytes, &device()?).map_err(fail)?, unread: None })
    }

    /// `n` steps of both networks or of `only` one, and one report.
    pub async fn step(&mut self, n: u32, only: Option<String>) -> Outcome<JsValue> {
        let turn = match only.as_deref() {
            None => Turn::Both,
            Some("discriminator") => Turn::Discriminator,
            Some("generator") => Turn::Generator,
            Some(other) => return Err(fail(Error::config("only", other, "expected discriminator or generator"))),
        };
        if !(1..=MAX_STEPS).contains(&n) {
            return Err(fail(Error::config("n", n, format!("expected 1 to {MAX_STEPS}"))));
        }
        told(&self.session.step(n, turn).await.map_err(fail)?)
    }

    /// Whether replicas in other workers can share its batches.
    #[wasm_bindgen(getter)]
    pub fn shares(&self) -> bool {
        self.session.shares()
    }

    /// `n` steps without a report, of both networks (0), the discriminator (1) or the generator (2). Nothing but numbers goes in, so that
    /// `WebAssembly.promising` can call it.
    pub fn advance(&mut self, n: u32, turn: u32) {
        let turn = [Turn::Both, Turn::Discriminator, Turn::Generator][turn as usize % 3];
        self.unread = Some(self.session.advance(n, turn));
    }

    /// What [`Training::advance`] did last.
    pub async fn report(&mut self) -> Outcome<JsValue> {
        let nothing = || Err(Error::Internal { message: "no step was made".into() });
        let unread = self.unread.take().unwrap_or_else(nothing).map_err(fail)?;
        told(&self.session.report(unread).await.map_err(fail)?)
    }

    /// `{ count, seed, latent, label }` -> `{ kind, data, shape, labels }`
    pub async fn sample(&self, options: JsValue) -> Outcome<JsValue> {
        let request: SampleRequest = from_js("options", options)?;
        Ok(object(samples(&self.session.sample(&request).await.map_err(fail)?)))
    }

    /// `{ what, ... }`: heatmap, manifold, gradients, coverage, scores, real, tensors.
    pub async fn inspect(&self, options: JsValue) -> Outcome<JsValue> {
        let question: Question = from_js("what", options)?;
        answer(&self.session.inspect(question).await.map_err(fail)?)
    }

    /// Changes live settings.
    pub fn tune(&mut self, changes: JsValue) -> Outcome<()> {
        self.session.tune(&from_js("changes", changes)?).map_err(fail)
    }

    /// The generator as a file for other software, `"safetensors"` or `"onnx"`; `direction`: into the domain `a` or `b`, for families that
    /// translate.
    pub async fn export(&self, format: JsValue, direction: String) -> Outcome<Vec<u8>> {
        self.session.export(from_js("format", format)?, &direction).await.map_err(fail)
    }

    /// The whole session as a file.
    pub async fn save(&self) -> Outcome<Vec<u8>> {
        self.session.save().await.map_err(fail)
    }

    #[wasm_bindgen(getter)]
    pub fn config(&self) -> Outcome<JsValue> {
        to_js(&self.session.config())
    }

    /// What it learns from: id, kind, shape, and what there is of count, classes, extent, modes.
    #[wasm_bindgen(getter)]
    pub fn dataset(&self) -> Outcome<JsValue> {
        to_js(&self.session.describe())
    }

    #[wasm_bindgen(getter)]
    pub fn steps(&self) -> u32 {
        self.session.steps()
    }
}

fn told(report: &Report) -> Outcome<JsValue> {
    Ok(object([
        ("step", report.step.into()),
        ("loss_d", floats(&report.loss_d)),
        ("loss_g", floats(&report.loss_g)),
        ("metrics", to_js(&report.metrics)?),
    ]))
}

/// What the visitor brings; every array is copied into the engine's memory once.
fn own(data: &JsValue) -> Outcome<Own> {
    if data.is_undefined() || data.is_null() {
        return Ok(Own::Nothing);
    }
    let part = |key: &str| js_sys::Reflect::get(data, &key.into());
    if !part("table")?.is_undefined() {
        return Ok(Own::Table(Box::new(super::table::file(data)?)));
    }
    if !part("sequences")?.is_undefined() {
        return sequences(data);
    }
    let bytes = |key: &str| {
        let bytes = part(key)?.dyn_into::<js_sys::Uint8Array>();
        let place = format!("data.{key}");
        bytes.map(|bytes| bytes.to_vec()).map_err(|_| fail(Error::data("expected a Uint8Array", place)))
    };
    let given = |key: &str| part(key).map(|value| !value.is_undefined());
    if given("idx")? {
        let labels = if given("labels")? { Some(bytes("labels")?) } else { None };
        return Ok(Own::Idx { pictures: bytes("idx")?, labels, transposed: part("transposed")?.is_truthy() });
    }
    let brought = part("brought")?.as_f64().map(|count| count as usize);
    if given("images")? {
        let (mut labels, mut classes) = (Vec::new(), Vec::new());
        if given("labels")? {
            labels = bytes("labels")?;
            classes = from_js("data.classes", part("classes")?)?;
        }
        return Ok(Own::Album { rgba: bytes("images")?, labels, classes, brought });
    }
    if !given("points")? {
        return Ok(Own::Pictures { rgba: [bytes("a")?, bytes("b")?], brought });
    }
    let points = part("points")?.dyn_into::<js_sys::Float32Array>();
    let scale: Option<Scale> = from_js("data.scale", part("scale")?)?;
    points
        .map(|points| Own::Points(points.to_vec(), scale))
        .map_err(|_| fail(Error::data("expected a Float32Array", "data.points")))
}

fn sequences(data: &JsValue) -> Outcome<Own> {
    let part = |key: &str| js_sys::Reflect::get(data, &key.into());
    let values = part("sequences")?.dyn_into::<js_sys::Float32Array>();
    let values = values.map_err(|_| fail(Error::data("expected a Float32Array", "data.sequences")))?;
    let shape = from_js("data.shape", part("shape")?)?;
    let labels: Option<Vec<usize>> = from_js("data.labels", part("labels")?)?;
    Ok(Own::Series(Series::new(values.to_vec(), shape, labels.unwrap_or_default()).map_err(fail)?))
}

fn answer(answer: &Answer) -> Outcome<JsValue> {
    let scored = |scored: &Scored| {
        let mut entries = samples(&scored.samples);
        entries.push(("scores", floats(&scored.scores)));
        object(entries)
    };
    Ok(match answer {
        Answer::Heatmap { size, extent, data } => {
            object([("size", (*size as u32).into()), ("extent", to_js(extent)?), ("data", floats(data))])
        }
        Answer::Manifold { size, data } => object([("size", (*size as u32).into()), ("data", floats(data))]),
        Answer::Gradients { points, gradients } => {
            object([("points", floats(points)), ("gradients", floats(gradients))])
        }
        Answer::Scores { real, fake } => object([("real", scored(real)), ("fake", scored(fake))]),
        Answer::Samples(found) => object(samples(found)),
        Answer::Coverage(found) => to_js(found)?,
        Answer::Rows(rows) => scored(rows),
        Answer::Faces { rows, yaws, identities } => {
            let mut entries = samples(&rows.samples);
            let more = [("scores", &rows.scores), ("yaws", yaws), ("identities", identities)];
            entries.extend(more.map(|(name, values)| (name, floats(values))));
            object(entries)
        }
        Answer::Smile(smile) => to_js(smile)?,
        Answer::Tensors { generator, discriminator } => {
            object([("generator", to_js(generator)?), ("discriminator", to_js(discriminator)?)])
        }
    })
}
