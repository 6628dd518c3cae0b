//! The plain GAN against itself: exact resuming, files, learning on seeds.
#![cfg(not(target_family = "wasm"))]

use burn::module::Module;
use burn::tensor::{Device, Tensor, TensorData};
use gan_atelier::data::Own;
use gan_atelier::data::table::source::{TableFile, Wish};
use gan_atelier::models::mlp::{Mlp, MlpConfig};
use gan_atelier::nn::params::load_parameters;
use gan_atelier::rng::{Purpose, Stream};
use gan_atelier::session::inspect::{Answer, Question};
use gan_atelier::session::training::{SampleRequest, Samples, Session};
use gan_atelier::training::{Family, Turn};
use gan_atelier::weights::{Arrays, safetensors};
use pollster::block_on;
use serde_json::{Map, Value, json};

fn changes(value: Value) -> Map<String, Value> {
    value.as_object().cloned().expect("an object")
}

fn tiny(more: Value) -> Session {
    let mut all = changes(json!({ "hidden_dim": 16, "hidden_layers": 2, "batch_size": 32 }));
    all.extend(changes(more));
    Session::start(Family::Gan, &all, Own::Nothing, &Device::flex()).expect("a valid configuration")
}

fn with_saved_weights(network: Mlp, arrays: &Arrays, prefix: &str) -> Mlp {
    let values =
        arrays.iter().filter_map(|(key, array)| Some((key.strip_prefix(prefix)?.to_string(), array.values.clone())));
    load_parameters(network, values.collect()).expect("the saved weights fit")
}

fn floats<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_to_vec().expect("f32")
}

#[test]
fn the_other_network_stands_still() {
    let norms = |session: &Session| match block_on(session.inspect(Question::Tensors)).expect("norms") {
        Answer::Tensors { generator, discriminator } => (generator, discriminator),
        other => panic!("{other:?}"),
    };
    let mut session = tiny(json!({}));
    let before = norms(&session);
    let report = block_on(session.step(3, Turn::Generator)).expect("three steps");
    assert_eq!((report.loss_d.len(), report.loss_g.len()), (0, 3));
    let after = norms(&session);
    assert_eq!(before.1, after.1, "the discriminator is frozen while the generator learns");
    assert_ne!(before.0, after.0);
    block_on(session.step(3, Turn::Discriminator)).expect("three steps");
    assert_eq!(after.0, norms(&session).0, "the generator is frozen while the discriminator learns");
    assert_ne!(after.1, norms(&session).1);
}

#[test]
fn the_same_seed_gives_the_same_losses_also_across_a_file() {
    for more in [
        json!({}),
        json!({ "dataset": "digits", "packing": 2 }),
        json!({ "loss": "wasserstein", "optimizer": "sgd" }),
        json!({ "loss": "relativistic", "spectral_norm": true, "r1": 0.1, "packing": 2 }),
    ] {
        let (mut one, mut other) = (tiny(more.clone()), tiny(more.clone()));
        block_on(one.step(7, Turn::Both)).expect("steps");
        block_on(other.step(3, Turn::Both)).expect("steps");
        let file = block_on(other.save()).expect("a file");
        let mut resumed = Session::open(&file, &Device::flex()).expect("its session");
        assert_eq!((resumed.steps(), resumed.config()), (3, other.config()));
        block_on(resumed.step(4, Turn::Both)).expect("steps");
        let (a, b) =
            (block_on(one.step(5, Turn::Both)).expect("steps"), block_on(resumed.step(5, Turn::Both)).expect("steps"));
        assert_eq!(a, b, "{more}");
        let different = block_on(tiny(json!({ "seed": 8 })).step(5, Turn::Both)).expect("steps");
        assert_ne!(different.loss_d, a.loss_d);
    }
}

/// Points of a table are learned in the square; what takes them back to their units is said, also after saving and opening.
#[test]
fn a_tables_points_keep_their_scale() {
    let rows: Vec<String> = (0..60).map(|at| format!("{};{},5", 1000 + at, at * 7 % 11)).collect();
    let file = TableFile { bytes: format!("across;up\n{}", rows.join("\n")).into(), wish: Wish::default() };
    let config = changes(json!({ "dataset": "drawn", "hidden_dim": 8 }));
    let session =
        Session::start(Family::Gan, &config, Own::Table(Box::new(file)), &Device::flex()).expect("points of a table");
    let bytes = block_on(session.save()).expect("a file");
    for session in [session, Session::open(&bytes, &Device::flex()).expect("its session")] {
        let about = session.describe();
        let scale = about.scale.expect("a scale");
        assert_eq!((about.count, scale.brought, scale.names), (Some(60), 60, ["across".to_string(), "up".to_string()]));
        let [[middle, half], [low, high]] = scale.axes;
        assert!((middle - 1029.5).abs() < 1e-3 && (half * 0.95 - 29.5).abs() < 1e-3);
        assert!((low - 5.5).abs() < 1e-3 && (high * 0.95 - 5.0).abs() < 1e-3);
    }
}

#[test]
fn a_drawing_survives_a_file() {
    let points: Vec<f32> = (0..40).map(|i| (i as f32 / 20.0 - 1.0) * 0.9).collect();
    let config = changes(json!({ "dataset": "drawn", "hidden_dim": 8 }));
    let mut session =
        Session::start(Family::Gan, &config, Own::Points(points, None), &Device::flex()).expect("a drawing");
    let file = block_on(session.save()).expect("a file");
    let mut again = Session::open(&file, &Device::flex()).expect("its session");
    assert_eq!(block_on(session.step(2, Turn::Both)), block_on(again.step(2, Turn::Both)));
}

#[test]
fn own_pictures_survive_a_file_and_are_shaken_the_same_way_again() {
    let rgba: Vec<u8> = (0..4 * 28 * 28).flat_map(|at| [(at * 7 % 256) as u8, (at % 256) as u8, 9, 255]).collect();
    let classes = ["left", "right"].map(String::from).to_vec();
    let own = Own::Album { rgba, labels: vec![0, 1, 1, 0], classes: classes.clone(), brought: None };
    let settings = changes(json!({ "dataset": "own", "augment": "shake", "hidden_dim": 16, "batch_size": 16 }));
    let mut session = Session::start(Family::Gan, &settings, own, &Device::flex()).unwrap();
    block_on(session.step(2, Turn::Both)).unwrap();
    let mut again = Session::open(&block_on(session.save()).unwrap(), &Device::flex()).unwrap();
    let described = again.describe();
    assert_eq!((described.count, described.classes, described.own), (Some(4), Some(classes), true));
    let [one, other] = [&mut session, &mut again].map(|session| block_on(session.step(2, Turn::Both)).unwrap());
    assert_eq!(one, other);
}

#[test]
fn files_that_are_none_are_refused() {
    let file = block_on(tiny(json!({})).save()).expect("a file");
    let code = |bytes: &[u8]| Session::open(bytes, &Device::flex()).expect_err("refused").code();
    assert_eq!(code(b""), "InvalidSession");
    assert_eq!(code(b"a letter to a friend"), "InvalidSession");
    for cut in [file.len() / 3, file.len() - 1] {
        assert_eq!(code(&file[..cut]), "InvalidSession");
    }
    let mut odd = file.clone();
    let last = odd.len() - 4;
    odd[last..].copy_from_slice(&f32::NAN.to_le_bytes());
    assert_eq!(code(&odd), "InvalidSession");
}

#[test]
fn a_training_that_diverges_says_at_which_step() {
    let mut session =
        tiny(json!({ "optimizer": "sgd", "learning_rate_d": 1.0, "learning_rate_g": 1.0, "loss": "least_squares" }));
    let error = (0..40).find_map(|_| block_on(session.step(25, Turn::Both)).err()).expect("it diverges");
    assert_eq!(error.code(), "Diverged");
}

#[test]
fn samples_follow_seed_and_latent() {
    let session = tiny(json!({ "latent_dim": 2 }));
    let draw = |request: SampleRequest| block_on(session.sample(&request));
    let one = draw(SampleRequest { count: 5, seed: 1, ..Default::default() }).expect("samples");
    assert_eq!(one, draw(SampleRequest { count: 5, seed: 1, ..Default::default() }).expect("samples"));
    assert_ne!(one, draw(SampleRequest { count: 5, seed: 2, ..Default::default() }).expect("samples"));
    let Samples::Points(points) =
        draw(SampleRequest { latent: Some(vec![0.0; 6]), ..Default::default() }).expect("samples")
    else {
        panic!("points expected")
    };
    assert_eq!(points.len(), 6);
    assert_eq!(points[..2], points[2..4]);
    assert_eq!(
        draw(SampleRequest { latent: Some(vec![0.0; 3]), ..Default::default() }).expect_err("refused").code(),
        "InvalidConfig"
    );
    assert_eq!(draw(SampleRequest { count: 0, ..Default::default() }).expect_err("refused").code(), "InvalidConfig");
}

/// An arrow points the way along which the discriminator's opinion of a made point rises fastest.
#[test]
fn arrows_lead_uphill() {
    let mut session = tiny(json!({}));
    block_on(session.step(50, Turn::Both)).expect("steps");
    let Answer::Gradients { points, gradients } =
        block_on(session.inspect(Question::Gradients { count: 32, seed: 1 })).expect("arrows")
    else {
        panic!("arrows expected")
    };
    let device = Device::flex();
    let score = |points: Vec<f32>| {
        let file = block_on(session.save()).expect("a file");
        let arrays = safetensors::read(&file).expect("arrays");
        let mlp = MlpConfig { inputs: 2, hidden_dim: 16, hidden_layers: 2, outputs: 1, bounded: false };
        let mlp = mlp.init(&mut Stream::new(0, Purpose::Initialisation, 0), &device);
        let mlp = with_saved_weights(mlp, &arrays, "discriminator.");
        let rows = points.len() / 2;
        floats(mlp.valid().forward(Tensor::from_data(TensorData::new(points, [rows, 2]), &device)))
    };
    let moved = points.iter().zip(&gradients).map(|(p, g)| p + 1e-3 * g).collect();
    let uphill = score(moved).iter().zip(score(points)).filter(|(after, before)| *after >= before).count();
    assert!(uphill >= 30, "{uphill} of 32");
}

/// The default ring learns: after a short run made points lie far nearer to the modes than at the start.
#[test]
fn the_ring_is_learned_on_several_seeds() {
    for seed in [21, 22, 23] {
        let config = changes(json!({ "seed": seed, "hidden_dim": 64, "batch_size": 128, "anneal_steps": 1000 }));
        let mut session = Session::start(Family::Gan, &config, Own::Nothing, &Device::flex()).expect("a ring");
        let report = block_on(session.step(1000, Turn::Both)).expect("steps");
        let modes = report.metrics["modes"].as_u64().expect("modes");
        assert!(modes >= 7, "seed {seed}: {:?}", report.metrics);
    }
}
