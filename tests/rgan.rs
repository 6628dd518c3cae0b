//! The recurrent GAN against PyTorch, against finite differences, and against itself: exact resuming, learning on a seed.
#![cfg(not(target_family = "wasm"))]

use burn::tensor::{Device, Tensor, TensorData};
use gan_atelier::data::Own;
use gan_atelier::data::series::Series;
use gan_atelier::data::table::reading::Reading;
use gan_atelier::data::table::source::{TableFile, Wish};
use gan_atelier::data::waves::{WaveDataset, Waves};
use gan_atelier::models::rgan::{Recurrent, RecurrentConfig};
use gan_atelier::nn::params::{load_parameters, map_parameters, named_parameters};
use gan_atelier::rng::{Purpose, Stream};
use gan_atelier::session::inspect::{Answer, Question};
use gan_atelier::session::training::{SampleRequest, Samples, Session};
use gan_atelier::training::rgan::{Rgan, RganConfig};
use gan_atelier::training::{Family, Turn};
use gan_atelier::weights::{Array, Arrays, safetensors};
use pollster::block_on;
use serde_json::{Map, Value, json};

fn changes(value: Value) -> Map<String, Value> {
    value.as_object().cloned().expect("an object")
}

fn tiny(more: Value, own: Own) -> Session {
    let mut all = changes(json!({ "hidden_dim": 12, "batch_size": 8, "sequence_length": 12 }));
    all.extend(changes(more));
    Session::start(Family::Rgan, &all, own, &Device::flex()).expect("a valid configuration")
}

fn table_file(text: &str) -> Own {
    Own::Table(Box::new(TableFile { bytes: text.into(), wish: Wish::default() }))
}

fn golden() -> Arrays {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/rgan.safetensors");
    safetensors::read(&std::fs::read(path).expect("the golden file")).expect("a readable golden file")
}

fn with_weights(network: Recurrent, arrays: &Arrays, prefix: &str) -> Recurrent {
    let entry = |(key, array): (&String, &Array)| Some((key.strip_prefix(prefix)?.to_string(), array.values.clone()));
    load_parameters(network, arrays.iter().filter_map(entry).collect()).expect("the golden weights fit")
}

/// One step's sequences, steps first.
fn sequences(arrays: &Arrays, key: &str, step: usize) -> Tensor<3> {
    let [_, t, n, d] = arrays[key].shape[..] else { panic!("{key} has shape {:?}", arrays[key].shape) };
    let values = arrays[key].values[step * t * n * d..(step + 1) * t * n * d].to_vec();
    Tensor::from_data(TensorData::new(values, [t, n, d]), &Device::flex())
}

fn floats<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_to_vec().expect("f32")
}

fn near(ours: &[f32], theirs: &[f32], tolerance: f32, what: &str) {
    assert_eq!(ours.len(), theirs.len(), "{what}");
    let worst = ours.iter().zip(theirs).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    assert!(worst < tolerance, "{what}: off by {worst}");
}

/// Waves with as many values and classes as the golden run has.
fn golden_data(classes: usize) -> Waves {
    let labels = (0..classes).collect::<Vec<_>>();
    let series = Series::new(vec![0.5; 3 * 7 * 2], [3, 7, 2], labels).expect("a series");
    WaveDataset::Series.open(Own::Series(series), 7).expect("waves")
}

/// The LSTM's own output, then ten steps of both networks and the weights after them.
#[test]
fn forward_and_ten_steps_equal_pytorchs() {
    let arrays = golden();
    for (name, classes) in [("plain", 0), ("conditional", 3)] {
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
        let mut model = Rgan::new(&config, &golden_data(classes), &Device::flex());
        assert_eq!(model.classes(), classes);
        model.generator = with_weights(model.generator, &arrays, &format!("{name}.generator."));
        model.discriminator = with_weights(model.discriminator, &arrays, &format!("{name}.discriminator."));
        let labels: Vec<usize> = arrays[&format!("{name}.labels")].values.iter().map(|label| *label as usize).collect();
        for step in 0..10 {
            let part = |key: &str| sequences(&arrays, &format!("{name}.{key}"), step);
            let condition = model.condition(&labels[step * 6..(step + 1) * 6], 7);
            let loss_d = model.step_discriminator(&config, part("real"), part("latent_d"), condition.clone(), None);
            let loss_g = model.step_generator(&config, part("latent_g"), condition, None);
            let expected = &arrays[&format!("{name}.losses")].values[2 * step..2 * step + 2];
            near(&[floats(loss_d)[0], floats(loss_g)[0]], expected, 1e-4, &format!("{name} losses of step {step}"));
        }
        for parameter in named_parameters(&model.generator) {
            let expected = &arrays[&format!("{name}.after.{}", parameter.name)].values;
            near(&floats(parameter.value), expected, 1e-3, &format!("{name} {}", parameter.name));
        }
        let condition = model.condition(&labels[..6], 7);
        let made = model.make(sequences(&arrays, &format!("{name}.latent_g"), 0), condition);
        near(&floats(made), &arrays[&format!("{name}.made")].values, 1e-3, &format!("{name} sequences made"));
    }
}

/// The hand-written gradients of a network in every parameter and in its input, against central differences.
#[test]
fn gradients_equal_finite_differences() {
    let device = Device::flex();
    for bounded in [false, true] {
        let config = RecurrentConfig { inputs: 3, hidden_dim: 4, outputs: 2, bounded };
        let network = config.init(&mut Stream::new(1, Purpose::Initialisation, 0), &device);
        let normal = |shape: [usize; 3], seed| {
            let values = Stream::new(seed, Purpose::Sample, 0).normals(shape.iter().product());
            Tensor::<3>::from_data(TensorData::new(values, shape), &device)
        };
        let (input, weight) = (normal([6, 5, 3], 2), normal([6, 5, 2], 3));
        // Any smooth function of the outputs: here a weighted sum.
        let loss = |network: &Recurrent, input: &Tensor<3>| {
            floats(network.forward(input.clone()) * weight.clone()).iter().sum::<f32>()
        };
        let h = 5e-3;

        let (_, tape) = network.remember(input.clone());
        let direction = normal([6, 5, 3], 4);
        let analytic: f32 = floats(network.input_gradient(&tape, weight.clone()) * direction.clone()).iter().sum();
        let moved = |h: f32| loss(&network, &(input.clone() + direction.clone().mul_scalar(h)));
        let numeric = (moved(h) - moved(-h)) / (2.0 * h);
        assert!(
            (numeric - analytic).abs() < 1e-2 * analytic.abs().max(0.5),
            "input: {analytic}, numerically {numeric}"
        );

        let gradients = network.gradients(tape, weight.clone());
        assert_eq!(gradients.len(), 5);
        for (name, gradient) in gradients {
            let along = Stream::new(5, Purpose::Sample, 0).normals(gradient.dims()[0]);
            let analytic: f32 = floats(gradient).iter().zip(&along).map(|(g, d)| g * d).sum();
            let moved = |h: f32| {
                let moved = map_parameters(network.clone(), |other, value| match other == name {
                    true => value + Tensor::<1>::from_data(TensorData::from(along.as_slice()), &device).mul_scalar(h),
                    false => value,
                });
                loss(&moved, &input)
            };
            let numeric = (moved(h) - moved(-h)) / (2.0 * h);
            assert!(
                (numeric - analytic).abs() < 1e-2 * analytic.abs().max(0.5),
                "{name}: {analytic}, numerically {numeric}"
            );
        }
    }
}

#[test]
fn the_same_seed_gives_the_same_losses_also_across_a_file() {
    let table =
        (0..40).map(|at| format!("{},{}", (at as f32 / 4.0).sin() * 30.0 + 100.0, at)).collect::<Vec<_>>().join("\n");
    let labelled = Series::new((0..48).map(|v| v as f32).collect(), [4, 12, 1], vec![0, 1, 0, 1]).expect("a series");
    for (more, own) in [
        (json!({}), Own::Nothing),
        (json!({ "dataset": "waves", "optimizer_d": "sgd", "learning_rate_d": 0.1 }), Own::Nothing),
        (json!({ "dataset": "series", "loss": "wasserstein" }), table_file(&table)),
        (json!({ "dataset": "series", "held_dim": 0 }), Own::Series(labelled)),
    ] {
        let (mut one, mut other) = (tiny(more.clone(), own.clone()), tiny(more, own));
        block_on(one.step(5, Turn::Both)).expect("steps");
        block_on(other.step(2, Turn::Both)).expect("steps");
        let file = block_on(other.save()).expect("a file");
        let mut resumed = Session::open(&file, &Device::flex()).expect("its session");
        assert_eq!((resumed.steps(), resumed.config()), (2, other.config()));
        block_on(resumed.step(3, Turn::Both)).expect("steps");
        let (one, resumed) =
            [one, resumed].map(|mut session| block_on(session.step(3, Turn::Both)).expect("steps")).into();
        assert_eq!(one, resumed);
    }
}

#[test]
fn a_damaged_file_is_refused() {
    let session = tiny(json!({ "dataset": "waves" }), Own::Nothing);
    let file = block_on(session.save()).expect("a file");
    let code = |bytes: &[u8]| Session::open(bytes, &Device::flex()).expect_err("refused").code();
    assert_eq!(code(&file[..file.len() / 2]), "InvalidSession");
    let text = String::from_utf8_lossy(&file).into_owned();
    let at = text.find("\\\"dataset\\\":\\\"waves\\\"").expect("the dataset in the header");
    let mut other = file.clone();
    other[at + 14..at + 19].copy_from_slice(b"salsa");
    assert_eq!(code(&other), "InvalidSession");
}

#[test]
fn classes_can_be_asked_for() {
    let mut session = tiny(json!({ "dataset": "waves" }), Own::Nothing);
    block_on(session.step(2, Turn::Both)).expect("steps");
    let draw = |session: &Session, request| block_on(session.sample(&request));
    let all = draw(&session, SampleRequest { count: 6, seed: 1, ..Default::default() }).expect("samples");
    let Samples::Sequences { values, shape, labels } = all else { panic!("sequences expected") };
    assert_eq!((values.len(), shape, labels), (6 * 12, [12, 1], vec![0, 1, 2, 3, 0, 1]));
    let one = SampleRequest { count: 3, seed: 1, label: Some(2), ..Default::default() };
    let Samples::Sequences { labels, .. } = draw(&session, one.clone()).expect("samples") else { panic!() };
    assert_eq!(labels, [2, 2, 2]);
    assert_eq!(
        draw(&session, SampleRequest { label: Some(4), ..one.clone() }).expect_err("refused").code(),
        "InvalidConfig"
    );
    let plain = tiny(json!({ "dataset": "waves", "conditional": false }), Own::Nothing);
    assert_eq!(draw(&plain, one).expect_err("refused").code(), "InvalidConfig");

    let Answer::Scores { real, fake } =
        block_on(session.inspect(Question::Scores { count: 5, seed: 1, label: Some(1) })).expect("scores")
    else {
        panic!("scores expected")
    };
    for side in [real, fake] {
        let Samples::Sequences { labels, values, .. } = side.samples else { panic!("sequences expected") };
        assert_eq!((labels, values.len(), side.scores.len()), (vec![1; 5], 5 * 12, 5));
        assert!(side.scores.iter().all(|score| (0.0..=1.0).contains(score)));
    }
    assert_eq!(session.describe().classes.expect("classes").len(), 4);
}

/// How a table was read is said, and goes on being said after saving and opening.
#[test]
fn a_tables_reading_is_described() {
    let rows: Vec<String> =
        (0..24).map(|at| format!("2024-01-{:02},{},{}", at + 1, (at as f32).sin(), at % 5)).collect();
    let text = format!("date,load,noise\n{}\n", rows.join("\n"));
    let session = tiny(json!({ "dataset": "series" }), table_file(&text));
    let file = block_on(session.save()).expect("a file");
    for session in [session, Session::open(&file, &Device::flex()).expect("its session")] {
        let taken = session.describe().table.expect("how the table was read");
        assert_eq!((taken.reading, taken.sure), (Reading::Recording, true));
        let roles = serde_json::to_value(&taken.columns).expect("plain data");
        assert_eq!(
            roles,
            json!([{ "name": "date", "role": "time" }, { "name": "load", "role": "value" }, { "name": "noise", "role": "value" }])
        );
    }
    let wish = Wish { reading: Some(Reading::Columns), ..Wish::default() };
    let asked = tiny(json!({ "dataset": "series" }), Own::Table(Box::new(TableFile { bytes: text.into(), wish })));
    assert_eq!((asked.describe().count, asked.describe().shape), (Some(2), vec![12, 1]));
}

/// A class of which no whole piece is left has no name either: the file would not open again.
#[test]
fn a_class_without_a_piece_is_left_out() {
    let rows: Vec<String> = (0..60)
        .map(|at| {
            format!(
                "{},{}",
                at % 7,
                if at < 30 {
                    "walk"
                } else if at < 33 {
                    "jump"
                } else {
                    "sit"
                }
            )
        })
        .collect();
    let session = tiny(json!({ "dataset": "series" }), table_file(&format!("x,activity\n{}", rows.join("\n"))));
    assert_eq!(session.describe().classes, Some(vec!["walk".to_string(), "sit".to_string()]));
    let file = block_on(session.save()).expect("a file");
    assert!(Session::open(&file, &Device::flex()).is_ok());
}

/// A visitor's series leave in their own unit.
#[test]
fn samples_come_back_in_the_visitors_unit() {
    let series = Series::new((0..60).map(|at| 1000.0 + (at % 12) as f32 * 10.0).collect(), [5, 12, 1], Vec::new());
    let mut session = tiny(json!({ "dataset": "series" }), Own::Series(series.expect("a series")));
    block_on(session.step(30, Turn::Both)).expect("steps");
    let samples =
        block_on(session.sample(&SampleRequest { count: 8, seed: 1, ..Default::default() })).expect("samples");
    let Samples::Sequences { values, .. } = samples else { panic!("sequences expected") };
    // tanh ends a tenth beyond the data's own ends.
    assert!(values.iter().all(|value| (990.0..=1120.0).contains(value)), "{values:?}");
    let found = session.describe();
    assert_eq!((found.count, found.range), (Some(5), Some(vec![[1000.0, 1110.0]])));
}

#[test]
fn what_cannot_be_is_refused() {
    let start = |more: Value, own| Session::start(Family::Rgan, &changes(more), own, &Device::flex()).map(|_| ());
    let code = |more, own| start(more, own).expect_err("refused").code();
    assert_eq!(code(json!({ "latent_dim": 0, "held_dim": 0 }), Own::Nothing), "InvalidConfig");
    assert_eq!(code(json!({ "conditional": 1 }), Own::Nothing), "InvalidConfig");
    assert_eq!(code(json!({ "dataset": "series" }), Own::Nothing), "InvalidData");
    assert_eq!(code(json!({ "dataset": "series" }), table_file("a,b\n1,2\n3,x\n")), "InvalidData");
}

#[test]
fn the_other_network_stands_still() {
    let norms = |session: &Session| match block_on(session.inspect(Question::Tensors)).expect("norms") {
        Answer::Tensors { generator, discriminator } => (generator, discriminator),
        other => panic!("{other:?}"),
    };
    let mut session = tiny(json!({ "optimizer_d": "sgd" }), Own::Nothing);
    let before = norms(&session);
    block_on(session.step(2, Turn::Generator)).expect("steps");
    let after = norms(&session);
    assert_eq!(before.1, after.1);
    assert_ne!(before.0, after.0);
    let report = block_on(session.step(2, Turn::Discriminator)).expect("steps");
    assert_eq!((report.loss_d.len(), report.loss_g.len()), (2, 0));
    assert_eq!(after.0, norms(&session).0);
}

/// After a short run made sequences are far nearer to the real ones than at the start.
#[test]
fn sines_are_learned_on_a_seed() {
    let settings = json!({
        "dataset": "timegan_sines", "seed": 31, "batch_size": 16, "latent_dim": 5, "held_dim": 5, "hidden_dim": 16, "loss": "non_saturating",
        "learning_rate_d": 2e-3, "learning_rate_g": 2e-3, "average_decay": 0.99, "anneal_steps": 3000,
    });
    let mut session = tiny(settings, Own::Nothing);
    let mut distance = |steps| {
        let report = block_on(session.step(steps, Turn::Both)).expect("steps");
        report.metrics["mmd2"].as_f64().expect("a figure")
    };
    let (before, after) = (distance(1), distance(500));
    assert!(after < before / 3.0, "{before}, then {after}");
}
