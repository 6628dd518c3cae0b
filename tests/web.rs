//! The crate in a real browser, on the engine it was built for: `wasm-pack test --headless --chrome`, with
//! `--no-default-features --features webgpu` for the other one.
#![cfg(target_family = "wasm")]

use burn::tensor::{Tensor, TensorData};
use gan_atelier::data::album::Augment;
use gan_atelier::data::gallery::Portraits;
use gan_atelier::data::pictures::PictureDataset;
use gan_atelier::data::series::Series;
use gan_atelier::data::waves::WaveDataset;
use gan_atelier::data::{Dataset, Own};
use gan_atelier::nn::params::{load_parameters, named_parameters};
use gan_atelier::training::drgan::{Drgan, DrganConfig};
use gan_atelier::training::gan::Gan;
use gan_atelier::training::gan::GanConfig;
use gan_atelier::training::pictures::PictureGan;
use gan_atelier::training::rgan::{Rgan, RganConfig};
use gan_atelier::web::{Training, device, draw_face, draw_scene, engine, open_device, schema};
use gan_atelier::weights::{Arrays, Checkpoint, cyclegan, safetensors};
use js_sys::{Float32Array, Reflect};
use serde_json::{Value, json};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

#[cfg(feature = "webgpu")]
mod card;
#[path = "golden/acgan.rs"]
mod theirs;

wasm_bindgen_test_configure!(run_in_dedicated_worker);

fn js(value: &Value) -> JsValue {
    use serde::Serialize;
    value.serialize(&serde_wasm_bindgen::Serializer::json_compatible()).expect("plain data")
}

fn get(object: &JsValue, key: &str) -> JsValue {
    Reflect::get(object, &key.into()).expect("an object")
}

fn losses(report: &JsValue) -> Vec<f32> {
    Float32Array::from(get(report, "loss_d")).to_vec()
}

fn tiny(more: Value) -> JsValue {
    let mut config =
        json!({ "family": "gan", "hidden_dim": 8, "hidden_layers": 1, "batch_size": 8, "dataset": "ring" });
    config.as_object_mut().expect("an object").extend(more.as_object().cloned().expect("an object"));
    js(&config)
}

fn code<T>(outcome: Result<T, JsValue>) -> String {
    let Err(error) = outcome else { panic!("it should have been refused") };
    assert!(error.is_instance_of::<js_sys::Error>());
    get(&error, "code").as_string().expect("a code")
}

#[wasm_bindgen_test]
async fn a_training_learns_saves_and_continues_to_the_last_bit() {
    let opened = open_device().await.expect("a device");
    assert_eq!(get(&opened, "kind").as_string(), Some(engine()));
    let mut one = Training::start(tiny(json!({})), JsValue::UNDEFINED).expect("a training");
    one.step(2, None).await.expect("two steps");
    let file = one.save().await.expect("a file");
    let mut again = Training::open(&file).expect("its training");
    let (a, b) = (one.step(2, None).await.expect("steps"), again.step(2, None).await.expect("steps"));
    assert_eq!(losses(&a).len(), 2);
    assert_eq!(losses(&a), losses(&b));
    let samples = one.sample(js(&json!({ "count": 4, "seed": 1 }))).await.expect("samples");
    assert_eq!(Float32Array::from(get(&samples, "data")).length(), 8);
    for what in [
        json!({ "what": "heatmap", "size": 4 }),
        json!({ "what": "gradients", "count": 4 }),
        json!({ "what": "tensors" }),
    ] {
        one.inspect(js(&what)).await.expect("an answer");
    }
}

#[wasm_bindgen_test]
async fn what_is_wrong_has_a_code() {
    open_device().await.expect("a device");
    let start = |more| Training::start(tiny(more), JsValue::UNDEFINED).map(|_| ());
    assert_eq!(code(start(json!({ "batch_size": 3 }))), "InvalidConfig");
    assert_eq!(code(start(json!({ "family": "opera" }))), "InvalidConfig");
    assert_eq!(code(start(json!({ "dataset": "drawn" }))), "InvalidData");
    assert_eq!(code(Training::open(&[1, 2, 3]).map(|_| ())), "InvalidSession");
    assert_eq!(code(schema("opera")), "InvalidConfig");
}

#[wasm_bindgen_test]
fn the_schema_is_plain_data() {
    let schema: Value = serde_wasm_bindgen::from_value(schema("gan").expect("a schema")).expect("plain data");
    let fields = schema["fields"].as_array().expect("fields");
    assert!(fields.iter().all(|field| field["key"].is_string() && !field["default"].is_null()));
    assert_eq!(schema["datasets"][0]["id"], "ring");
}

#[wasm_bindgen_test]
fn the_built_in_picture_is_drawn() {
    for subject in ["lake", "horse", "zebra"] {
        assert_eq!(draw_scene(subject, 32, 24, 1).expect(subject).length(), 32 * 24 * 4);
    }
    assert!(draw_scene("unicorn", 32, 24, 1).is_err());
    assert_eq!(draw_face(3, 30.0, 0.0, 0.0, 24).length(), 24 * 24 * 4);
}

async fn floats<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data_async().await.expect("a readback").try_to_vec().expect("f32")
}

/// The first steps of PyTorch's golden run (tests/golden/gan.py), on this engine.
#[wasm_bindgen_test]
async fn training_steps_equal_pytorchs() {
    open_device().await.expect("a device");
    let arrays = safetensors::read(include_bytes!("golden/gan.safetensors")).expect("the golden file");
    let config = GanConfig {
        hidden_dim: 8,
        hidden_layers: 2,
        latent_dim: 3,
        label_smoothing: 0.1,
        learning_rate_d: 1e-2,
        learning_rate_g: 1e-2,
        anneal_steps: 0,
        ..GanConfig::default()
    };
    let device = device().expect("an open device");
    let mut gan = Gan::new(&config, &Dataset::Ring.open(None).expect("the ring"), &device);
    let part = |prefix: &str| {
        let entry = |(key, array): (&String, &gan_atelier::weights::Array)| {
            Some((key.strip_prefix(prefix)?.to_string(), array.values.clone()))
        };
        arrays.iter().filter_map(entry).collect()
    };
    gan.generator = load_parameters(gan.generator, part("non_saturating.generator.")).expect("it fits");
    gan.discriminator = load_parameters(gan.discriminator, part("non_saturating.discriminator.")).expect("it fits");
    for step in 0..3 {
        let batch = |key: &str| -> Tensor<2> { rows(&arrays, &format!("non_saturating.{key}"), step, &device) };
        let loss_d = floats(gan.step_discriminator(&config, batch("real"), batch("latent_d"), None)).await[0];
        let loss_g = floats(gan.step_generator(&config, batch("latent_g"), None, None)).await[0];
        let expected = &arrays["non_saturating.losses"].values[2 * step..2 * step + 2];
        assert!(
            (loss_d - expected[0]).abs() < 1e-3 && (loss_g - expected[1]).abs() < 1e-3,
            "{loss_d} {loss_g} {expected:?}"
        );
    }
}

/// The first steps of PyTorch's conditional recurrent run (tests/golden/rgan.py), on this engine.
#[wasm_bindgen_test]
async fn recurrent_steps_equal_pytorchs() {
    open_device().await.expect("a device");
    let arrays = safetensors::read(include_bytes!("golden/rgan.safetensors")).expect("the golden file");
    let config = RganConfig {
        dataset: WaveDataset::Series,
        sequence_length: 7,
        batch_size: 6,
        latent_dim: 2,
        held_dim: 3,
        hidden_dim: 5,
        learning_rate_g: 1e-2,
        ..RganConfig::published()
    };
    let device = device().expect("an open device");
    let series = Series::new(vec![0.5; 3 * 7 * 2], [3, 7, 2], vec![0, 1, 2]).expect("a series");
    let data = WaveDataset::Series.open(Own::Series(series), 7).expect("waves");
    let mut model = Rgan::new(&config, &data, &device);
    let part = |prefix: &str| {
        let entry = |(key, array): (&String, &gan_atelier::weights::Array)| {
            Some((key.strip_prefix(prefix)?.to_string(), array.values.clone()))
        };
        arrays.iter().filter_map(entry).collect()
    };
    model.generator = load_parameters(model.generator, part("conditional.generator.")).expect("it fits");
    model.discriminator = load_parameters(model.discriminator, part("conditional.discriminator.")).expect("it fits");
    for step in 0..3 {
        let batch = |key: &str| -> Tensor<3> {
            let array = &arrays[&format!("conditional.{key}")];
            let [_, t, n, d] = array.shape[..] else { panic!("four dimensions") };
            let values = array.values[step * t * n * d..(step + 1) * t * n * d].to_vec();
            Tensor::from_data(TensorData::new(values, [t, n, d]), &device)
        };
        let labels: Vec<usize> =
            arrays["conditional.labels"].values[step * 6..(step + 1) * 6].iter().map(|label| *label as usize).collect();
        let condition = model.condition(&labels, 7);
        let loss_d = model.step_discriminator(&config, batch("real"), batch("latent_d"), condition.clone(), None);
        let loss_g = model.step_generator(&config, batch("latent_g"), condition, None);
        let (loss_d, loss_g) = (floats(loss_d).await[0], floats(loss_g).await[0]);
        let expected = &arrays["conditional.losses"].values[2 * step..2 * step + 2];
        assert!(
            (loss_d - expected[0]).abs() < 1e-3 && (loss_g - expected[1]).abs() < 1e-3,
            "{loss_d} {loss_g} {expected:?}"
        );
    }
}

fn rows(arrays: &Arrays, key: &str, step: usize, device: &burn::tensor::Device) -> Tensor<2> {
    let array = &arrays[key];
    let (n, d) = (array.shape[1], array.shape[2]);
    Tensor::from_data(TensorData::new(array.values[step * n * d..(step + 1) * n * d].to_vec(), [n, d]), device)
}

/// A step of PyTorch's golden DR-GAN (tests/golden/drgan.py), on this engine.
#[wasm_bindgen_test]
async fn a_step_of_dr_gan_equals_pytorchs() {
    open_device().await.expect("a device");
    let arrays = safetensors::read(include_bytes!("golden/drgan.safetensors")).expect("the golden file");
    let config = DrganConfig {
        people: 3,
        batch_size: 2,
        filters: 2,
        discriminator_filters: 2,
        feature_dim: 6,
        noise_dim: 3,
        weight_identity: 1.0,
        weight_yaw: 2.0,
        weight_reconstruction: 6.0,
        learning_rate_d: 1e-3,
        learning_rate_g: 2e-3,
        anneal_steps: 0,
        ..DrganConfig::default()
    };
    let mut model = Drgan::new(&config, &device().expect("an open device"));
    let part = |name: String, prefix: &str| {
        let in_file = format!("{prefix}.{}", name.replace(".Doubling", "").replace(".Same", ""));
        (name, arrays[&in_file].values.clone())
    };
    let generator = named_parameters(&model.generator).into_iter().map(|p| part(p.name, "generator")).collect();
    model.generator = load_parameters(model.generator, generator).expect("it fits");
    let judge = named_parameters(&model.discriminator).into_iter().map(|p| part(p.name, "discriminator")).collect();
    model.discriminator = load_parameters(model.discriminator, judge).expect("it fits");
    let first = |name: &str| arrays[name].values[..arrays[name].values.len() / 2].to_vec();
    let people = first("people").into_iter().map(|person| person as usize).collect();
    let portraits = Portraits { values: first("pictures"), people, yaws: first("yaw") };
    let batch = model.batch(&config, portraits, first("target_yaw"), first("noise"));
    let loss_d = floats(model.step_discriminator(&config, &batch)).await[0];
    let loss_g = floats(model.step_generator(&config, &batch)).await[0];
    let expected = &arrays["losses"].values[..2];
    assert!(
        (loss_d - expected[0]).abs() < 1e-3 && (loss_g - expected[1]).abs() < 1e-3,
        "{loss_d} {loss_g} {expected:?}"
    );
}

/// A step of PyTorch's golden DCGAN and AC-GAN, with norms and under R1 (tests/golden/acgan.py), on this engine.
#[wasm_bindgen_test]
async fn a_step_of_both_picture_families_equals_pytorchs() {
    open_device().await.expect("a device");
    let arrays = safetensors::read(include_bytes!("golden/acgan.safetensors")).expect("the golden file");
    let device = device().expect("an open device");
    let digits = PictureDataset::Digits.open(Own::Nothing, 28, Augment::None, true).expect("digits");
    for (name, classes, r1) in theirs::CASES {
        let config = theirs::config(r1);
        let mut model = PictureGan::new(&config, &digits, classes, &device);
        let value = |key: String| arrays[&format!("{name}.{key}")].values.clone();
        let generator = named_parameters(&model.generator)
            .into_iter()
            .map(|p| (p.name.clone(), value(format!("generator.{}", p.name))));
        model.generator = load_parameters(model.generator.clone(), generator.collect()).expect("it fits");
        let judge = named_parameters(&model.discriminator).into_iter().map(|p| {
            let theirs = p.name.replace("body.", "discriminator.");
            let theirs = if theirs == p.name { format!("discriminator.{theirs}") } else { theirs };
            (p.name, value(theirs))
        });
        model.discriminator = load_parameters(model.discriminator.clone(), judge.collect()).expect("it fits");
        let batch = |key: &str| value(key.into())[..6 * 3].to_vec();
        let latent =
            |who: &str| Tensor::<2>::from_data(TensorData::new(batch(&format!("latent_{who}")), [6, 3]), &device);
        let class = |model: &PictureGan, who: &str| {
            let labels = value(format!("labels_{who}"));
            model.one_hot(&labels[..6].iter().map(|label| *label as usize).collect::<Vec<_>>())
        };
        let real = (model.upload(value("real".into())[..6 * 28 * 28].to_vec()), class(&model, "r"));
        let asked = (latent("d"), class(&model, "d"));
        let loss_d = floats(model.step_discriminator(&config, real, asked, None)).await[0];
        let asked = (latent("g"), class(&model, "g"));
        let loss_g = floats(model.step_generator(&config, asked, None)).await[0];
        let expected = &value("losses".into())[..2];
        assert!(
            (loss_d - expected[0]).abs() < 1e-3 && (loss_g - expected[1]).abs() < 1e-3,
            "{name}: {loss_d} {loss_g} {expected:?}"
        );
    }
}

/// Golden pictures (tests/golden/cyclegan.py) on this engine: on an empty canvas, and over broad colours.
#[wasm_bindgen_test]
async fn generators_equal_pytorchs() {
    open_device().await.expect("a device");
    let device = device().expect("an open device");
    let mut cases = safetensors::read(include_bytes!("golden/cyclegan.safetensors")).expect("the golden file");
    for (name, file) in [
        ("generator-resize", &include_bytes!("golden/generator-resize.safetensors")[..]),
        ("generator-underpainting", include_bytes!("golden/generator-underpainting.safetensors")),
    ] {
        let generator =
            cyclegan::generator(&Checkpoint::parse(file).expect("the golden file"), &device).expect("a generator");
        let mut case = |key: &str| cases.remove(&format!("{name}.{key}")).expect("a case");
        let (input, output) = (case("input"), case("output"));
        let [n, c, h, w] = input.shape[..] else { panic!("four dimensions") };
        let x = Tensor::<4>::from_data(TensorData::new(input.values, [n, c, h, w]), &device);
        let made = floats(generator.forward(x)).await;
        let worst = made.iter().zip(&output.values).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(worst < 1e-3, "{name}: {worst}");
    }
}
