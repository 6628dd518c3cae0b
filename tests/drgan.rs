//! DR-GAN that learns in the page: ten steps against PyTorch, gradients against finite differences, and against itself: exact resuming,
//! what a page asks, learning on a seed.
#![cfg(not(target_family = "wasm"))]

use burn::tensor::{Device, Tensor};
use gan_atelier::data::Own;
use gan_atelier::data::gallery::Portraits;
use gan_atelier::nn::params::{load_parameters, map_parameters, named_parameters};
use gan_atelier::rng::{Purpose, Stream};
use gan_atelier::session::inspect::{Answer, Question};
use gan_atelier::session::training::{SampleRequest, Samples, Session};
use gan_atelier::training::drgan::{Batch, Drgan, DrganConfig};
use gan_atelier::training::{Family, Turn};
use gan_atelier::weights::{Arrays, safetensors};
use pollster::block_on;
use serde_json::{Map, Value, json};

fn tiny(more: Value) -> Session {
    let mut all = json!({ "people": 4, "batch_size": 2, "filters": 4, "discriminator_filters": 4, "feature_dim": 8 });
    all.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap_or_default());
    let changes: Map<String, Value> = all.as_object().cloned().unwrap();
    Session::start(Family::Drgan, &changes, Own::Nothing, &Device::flex()).expect("a valid configuration")
}

#[test]
fn a_saved_run_goes_on_as_if_it_had_never_stopped() {
    let mut through = tiny(json!({}));
    block_on(through.step(3, Turn::Both)).unwrap();
    let file = block_on(through.save()).unwrap();
    let mut again = Session::open(&file, &Device::flex()).unwrap();
    assert_eq!((again.steps(), again.config()), (3, through.config()));
    let [one, other] = [&mut through, &mut again].map(|session| block_on(session.step(2, Turn::Both)).unwrap());
    assert_eq!(one, other);
    let request = SampleRequest { count: 2, seed: 3, ..Default::default() };
    assert_eq!(block_on(through.sample(&request)).unwrap(), block_on(again.sample(&request)).unwrap());
}

#[test]
fn one_network_alone_can_learn() {
    let mut session = tiny(json!({}));
    let before = block_on(session.save()).unwrap();
    let report = block_on(session.step(2, Turn::Discriminator)).unwrap();
    assert_eq!((report.loss_d.len(), report.loss_g.len()), (2, 0));
    let report = block_on(Session::open(&before, &Device::flex()).unwrap().step(2, Turn::Generator)).unwrap();
    assert_eq!((report.loss_d.len(), report.loss_g.len()), (0, 2));
}

#[test]
fn one_picture_of_each_person_is_enough() {
    let report = block_on(tiny(json!({ "pictures": 1 })).step(2, Turn::Both)).unwrap();
    assert!(report.loss_d.iter().chain(&report.loss_g).all(|loss| loss.is_finite()));
}

#[test]
fn rows_of_people_turned_and_what_the_heads_say() {
    let session = tiny(json!({}));
    let Samples::Rows { names, values, side } =
        block_on(session.sample(&SampleRequest { count: 3, seed: 1, ..Default::default() })).unwrap()
    else {
        panic!("rows")
    };
    assert_eq!((names.len(), names[0], side), (8, "input", 32));
    assert_eq!(values.len(), 8 * 3 * 3 * 32 * 32);
    let Answer::Faces { rows, yaws, identities } =
        block_on(session.inspect(Question::Scores { count: 3, seed: 1, label: None })).unwrap()
    else {
        panic!("faces")
    };
    assert_eq!(rows.samples, Samples::Rows { names, values, side });
    assert_eq!([rows.scores.len(), yaws.len(), identities.len()], [24; 3]);
    assert!(identities.iter().all(|share| (0.0..=1.0).contains(share)));
    let refused = block_on(session.sample(&SampleRequest { count: 1, label: Some(4), ..Default::default() }));
    assert_eq!(refused.unwrap_err().code(), "InvalidConfig");
}

fn golden() -> Arrays {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/drgan.safetensors");
    safetensors::read(&std::fs::read(path).expect("the golden file")).expect("a readable golden file")
}

/// As `tests/golden/drgan.py` has it.
fn small() -> DrganConfig {
    DrganConfig {
        people: 3,
        batch_size: 2,
        pictures: 2,
        filters: 2,
        discriminator_filters: 2,
        feature_dim: 6,
        noise_dim: 3,
        average_decay: 0.0,
        weight_identity: 1.0,
        weight_yaw: 2.0,
        weight_reconstruction: 6.0,
        learning_rate_d: 1e-3,
        learning_rate_g: 2e-3,
        anneal_steps: 0,
        ..DrganConfig::default()
    }
}

/// Our enums stand between a layer's number and its weights.
fn plain(name: &str) -> String {
    name.replace(".Doubling", "").replace(".Same", "")
}

fn with_weights<M: burn::module::Module>(network: M, arrays: &Arrays, prefix: &str) -> M {
    let names = named_parameters(&network).into_iter().map(|p| p.name);
    let values = names.map(|name| (name.clone(), arrays[&format!("{prefix}{}", plain(&name))].values.clone()));
    load_parameters(network, values.collect()).expect("the golden weights fit")
}

fn golden_batch(model: &Drgan, arrays: &Arrays, at: usize) -> Batch {
    let of = |name: &str| {
        let values = &arrays[name].values;
        values[at * values.len() / 2..(at + 1) * values.len() / 2].to_vec()
    };
    let people = of("people").into_iter().map(|person| person as usize).collect();
    let portraits = Portraits { values: of("pictures"), people, yaws: of("yaw") };
    model.batch(&small(), portraits, of("target_yaw"), of("noise"))
}

#[test]
fn ten_steps_equal_pytorchs() {
    let (config, arrays) = (small(), golden());
    let mut model = Drgan::new(&config, &Device::flex());
    model.generator = with_weights(model.generator, &arrays, "generator.");
    model.discriminator = with_weights(model.discriminator, &arrays, "discriminator.");
    for (step, expected) in arrays["losses"].values.chunks(2).enumerate() {
        let batch = golden_batch(&model, &arrays, step % 2);
        let found = [model.step_discriminator(&config, &batch), model.step_generator(&config, &batch)];
        let found = found.map(|losses| losses.into_data().try_to_vec::<f32>().unwrap()[0]);
        assert!(
            (found[0] - expected[0]).abs() < 1e-3 && (found[1] - expected[1]).abs() < 1e-3,
            "{step}: {found:?} {expected:?}"
        );
    }
    for parameter in named_parameters(&model.generator) {
        let expected = &arrays[&format!("after.generator.{}", plain(&parameter.name))].values;
        let found = parameter.value.into_data().try_to_vec::<f32>().unwrap();
        let far = found.iter().zip(expected).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(far < 1e-3, "{}: {far}", parameter.name);
    }
}

/// The gradient that the generator's first step used, one number of every parameter, against the loss on both sides.
#[test]
fn gradients_are_those_of_finite_differences() {
    let arrays = golden();
    let config = small();
    let fresh = || {
        let mut model = Drgan::new(&config, &Device::flex());
        model.generator = with_weights(model.generator, &arrays, "generator.");
        model.discriminator = with_weights(model.discriminator, &arrays, "discriminator.");
        model
    };
    let total = |change: &dyn Fn(&str, Tensor<1>) -> Tensor<1>| {
        let mut model = fresh();
        model.generator = map_parameters(model.generator, |name, value| change(name, value));
        let batch = golden_batch(&model, &arrays, 0);
        model.step_generator(&config, &batch).into_data().try_to_vec::<f32>().unwrap()[0]
    };
    let mut model = fresh();
    let batch = golden_batch(&model, &arrays, 0);
    model.step_generator(&config, &batch);
    let moments: std::collections::BTreeMap<String, Vec<f32>> = model
        .optimizer_g
        .state()
        .into_iter()
        .filter_map(|part| {
            Some((part.name.strip_suffix(".m")?.to_string(), part.value.into_data().try_to_vec().unwrap()))
        })
        .collect();
    let mut random = Stream::new(1, Purpose::Sample, 0);
    for (name, moment) in moments {
        let at = random.below(moment.len());
        // After one step the first moment is (1 - beta_1) times the gradient.
        let gradient = moment[at] / (1.0 - config.beta_1 as f32);
        const STEP: f32 = 4e-3;
        let shifted = |by: f32| {
            total(&|other: &str, value: Tensor<1>| {
                if other != name {
                    return value;
                }
                let mut values: Vec<f32> = value.to_data().try_to_vec().unwrap();
                values[at] += by;
                Tensor::from_data(values.as_slice(), &value.device())
            })
        };
        let difference = (shifted(STEP) - shifted(-STEP)) / (2.0 * STEP);
        assert!((gradient - difference).abs() < 3e-3 + 0.03 * gradient.abs(), "{name} {at}: {gradient} {difference}");
    }
}

/// A run of seconds: the generator comes to look like the person at the asked yaw, which it does not at first.
#[test]
fn it_learns() {
    let mut session =
        tiny(json!({ "people": 3, "filters": 8, "discriminator_filters": 6, "batch_size": 3, "anneal_steps": 0 }));
    let figure = |session: &mut Session, steps| {
        block_on(session.step(steps, Turn::Both)).unwrap().metrics["reconstruction"].as_f64().unwrap()
    };
    let before = figure(&mut session, 5);
    figure(&mut session, 60);
    let after = figure(&mut session, 5);
    assert!(after < 0.75 * before, "{before} {after}");
}

/// The discriminator's gradient, against central differences of its loss along a random way through each parameter; every head and the trunk for
/// itself.
#[test]
fn the_gradients_of_all_heads_are_those_of_finite_differences() {
    const STEP: f32 = 1e-3;
    let (config, arrays) = (small(), golden());
    let step = |change: &dyn Fn(&str, Tensor<1>) -> Tensor<1>| {
        let mut model = Drgan::new(&config, &Device::flex());
        model.generator = with_weights(model.generator, &arrays, "generator.");
        let discriminator = with_weights(model.discriminator, &arrays, "discriminator.");
        model.discriminator = map_parameters(discriminator, |name, value| change(name, value));
        let batch = golden_batch(&model, &arrays, 0);
        let loss = model.step_discriminator(&config, &batch).into_data().try_to_vec::<f32>().unwrap()[0];
        (loss, model.optimizer_d)
    };
    let mut random = Stream::new(1, Purpose::Sample, 0);
    let mut parts: std::collections::BTreeMap<String, [f32; 2]> = Default::default();
    for moment in step(&|_, value| value).1.state().into_iter().filter(|part| part.name.ends_with(".m")) {
        let name = moment.name.trim_end_matches(".m");
        // After one step the first moment is (1 - beta_1) times the gradient.
        let gradient = moment.value.div_scalar(1.0 - config.beta_1 as f32).into_data().try_to_vec::<f32>().unwrap();
        let way = random.normals(gradient.len());
        let length = way.iter().map(|number| number * number).sum::<f32>().sqrt();
        let moved = |by: f32| {
            let change = |other: &str, value: Tensor<1>| match other == name {
                true => value.clone() + Tensor::from_data(way.as_slice(), &value.device()).mul_scalar(by / length),
                false => value,
            };
            step(&change).0
        };
        let numeric = (moved(STEP) - moved(-STEP)) / (2.0 * STEP);
        let analytic = gradient.iter().zip(&way).map(|(gradient, way)| gradient * way).sum::<f32>() / length;
        let [away, whole] = parts.entry(name.split('.').next().unwrap().to_string()).or_default();
        *away += (numeric - analytic).powi(2);
        *whole += analytic.powi(2);
    }
    assert_eq!(parts.keys().collect::<Vec<_>>(), ["identity", "real", "trunk", "yaw"]);
    for (part, [away, whole]) in parts {
        let share = (away / whole).sqrt();
        assert!(whole > 0.0 && share < 0.02, "{part}: differences are {share} of the gradient away from it");
    }
}
