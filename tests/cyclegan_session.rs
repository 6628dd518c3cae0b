//! The CycleGAN that a visitor trains: it learns on a seed, resumes to the last bit, and its file translates.
#![cfg(not(target_family = "wasm"))]

use burn::tensor::Device;
use gan_atelier::data::Own;
use gan_atelier::models::cyclegan::{Canvas, Upsample};
use gan_atelier::session::export::Format;
use gan_atelier::session::inspect::{Answer, Question};
use gan_atelier::session::training::{SampleRequest, Samples, Session};
use gan_atelier::training::{Family, Turn};
use gan_atelier::weights::Checkpoint;
use gan_atelier::weights::cyclegan;
use pollster::block_on;
use serde_json::{Map, Value, json};

fn changes(more: Value) -> Map<String, Value> {
    let mut all = json!({ "filters": 2, "blocks": 1, "discriminator_filters": 2, "batch_size": 2, "pool": 3,
        "halvings": 1, "lambda_cycle": 10.0, "learning_rate_d": 0.001 });
    all.as_object_mut().expect("an object").extend(more.as_object().cloned().expect("an object"));
    all.as_object().cloned().expect("an object")
}

fn tiny(more: Value, own: Own) -> Session {
    Session::start(Family::Cyclegan, &changes(more), own, &Device::flex()).expect("a valid configuration")
}

/// Two folders of flat pictures: `count` dark ones and as many light ones.
fn folders(count: usize, side: usize) -> Own {
    let folder = |from: usize| (0..count).flat_map(|at| [(from + at) as u8; 4].repeat(side * side)).collect();
    Own::Pictures { rgba: [folder(20), folder(200)], brought: Some(802) }
}

fn norms(session: &Session) -> (Vec<f32>, Vec<f32>) {
    match block_on(session.inspect(Question::Tensors)).expect("norms") {
        Answer::Tensors { generator, discriminator } => {
            assert!(
                generator[0].name.starts_with("generator_ab.") && discriminator[0].name.starts_with("discriminator_a.")
            );
            (generator.iter().map(|l| l.norm).collect(), discriminator.iter().map(|l| l.norm).collect())
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_way_back_is_learned() {
    let mut session = tiny(json!({ "filters": 4, "seed": 3, "learning_rate_g": 0.003 }), Own::Nothing);
    let cycle = |report: gan_atelier::session::report::Report| report.metrics["cycle"].as_f64().expect("a number");
    let first = cycle(block_on(session.step(3, Turn::Both)).expect("steps"));
    block_on(session.step(24, Turn::Both)).expect("steps");
    let last = block_on(session.step(3, Turn::Both)).expect("steps");
    assert_eq!((last.step, last.loss_d.len(), last.loss_g.len()), (30, 3, 3));
    let last = cycle(last);
    assert!(last < 0.6 * first, "{first} to {last}");
}

#[test]
fn the_same_seed_gives_the_same_losses_also_across_a_file() {
    for (more, own) in
        [(json!({ "lambda_identity": 0.5 }), Own::Nothing), (json!({ "dataset": "own", "side": 48 }), folders(3, 48))]
    {
        let (mut one, mut other) = (tiny(more.clone(), own.clone()), tiny(more.clone(), own));
        block_on(one.step(4, Turn::Both)).expect("steps");
        block_on(other.step(3, Turn::Both)).expect("steps");
        let file = block_on(other.save()).expect("a file");
        let mut resumed = Session::open(&file, &Device::flex()).expect("its session");
        assert_eq!((resumed.steps(), resumed.config()), (3, other.config()));
        assert_eq!(resumed.config()["family"], "cyclegan");
        assert_eq!(resumed.describe(), other.describe());
        assert_eq!(resumed.describe().brought, resumed.describe().own.then_some(802));
        block_on(resumed.step(1, Turn::Both)).expect("a step");
        let report = |session: &mut Session| block_on(session.step(2, Turn::Both)).expect("steps");
        let (a, b) = (report(&mut one), report(&mut resumed));
        assert_eq!(a, b, "{more}");
        assert_eq!(a.metrics.contains_key("identity"), more["lambda_identity"].is_number());
        let different = block_on(tiny(json!({ "seed": 8 }), Own::Nothing).step(2, Turn::Both)).expect("steps");
        assert_ne!(different.loss_d, a.loss_d);
    }
}

#[test]
fn the_other_networks_stand_still() {
    let mut session = tiny(json!({}), Own::Nothing);
    let before = norms(&session);
    let report = block_on(session.step(2, Turn::Generator)).expect("steps");
    assert_eq!((report.loss_d.len(), report.loss_g.len()), (0, 2));
    let after = norms(&session);
    assert_eq!(before.1, after.1, "the discriminators are frozen while the generators learn");
    assert_ne!(before.0, after.0);
    let report = block_on(session.step(2, Turn::Discriminator)).expect("steps");
    assert_eq!((report.loss_d.len(), report.loss_g.len()), (2, 0));
    assert_eq!(after.0, norms(&session).0, "the generators are frozen while the discriminators learn");
    assert_ne!(after.1, norms(&session).1);
}

#[test]
fn rows_show_both_ways_there_and_back_with_scores() {
    let session = tiny(json!({}), Own::Nothing);
    let sample = block_on(session.sample(&SampleRequest { count: 2, seed: 1, ..Default::default() })).expect("samples");
    let Samples::Rows { names, values, side } = &sample else { panic!("{sample:?}") };
    assert_eq!(
        (*names, *side, values.len()),
        (&["a", "fake_b", "rec_a", "b", "fake_a", "rec_b"][..], 32, 6 * 2 * 3 * 1024)
    );
    let Answer::Rows(rows) =
        block_on(session.inspect(Question::Scores { count: 2, seed: 1, label: None })).expect("scores")
    else {
        panic!("rows")
    };
    assert_eq!((&rows.samples, rows.scores.len()), (&sample, 12));
    let Answer::Samples(real) = block_on(session.inspect(Question::Real { count: 2, seed: 1 })).expect("pictures")
    else {
        panic!("pictures")
    };
    let Samples::Rows { values: real, .. } = real else { panic!("rows") };
    assert_eq!(real[..2 * 3072], values[..2 * 3072], "the first row are the pictures of a");
    assert_eq!(real[2 * 3072..], values[3 * 2 * 3072..4 * 2 * 3072], "the fourth row are those of b");
    assert_eq!(block_on(session.inspect(Question::Heatmap { size: 4 })).expect_err("no plane").code(), "Unsupported");
}

#[test]
fn its_generators_become_files_that_the_translator_reads() {
    let mut session = tiny(json!({ "blocks": 2 }), Own::Nothing);
    block_on(session.step(2, Turn::Both)).expect("steps");
    for (domain, direction) in [("b", "ab"), ("a", "ba")] {
        let bytes = block_on(session.export(Format::Safetensors, domain)).expect("a file");
        let metadata = gan_atelier::weights::safetensors::metadata(&bytes).expect("metadata");
        assert_eq!((metadata["direction"].as_str(), metadata["steps"].as_str()), (direction, "2"));
        let found = cyclegan::architecture(&Checkpoint::parse(&bytes).expect("a checkpoint")).expect("a generator");
        assert_eq!(
            (found.filters, found.blocks, found.upsample, found.canvas),
            (2, 2, Upsample::Resize, Canvas::Picture)
        );
        cyclegan::generator(&Checkpoint::parse(&bytes).expect("a checkpoint"), &Device::flex()).expect("its weights");
    }
    assert_eq!(block_on(session.export(Format::Safetensors, "c")).expect_err("no such domain").code(), "InvalidConfig");
}

/// Also over an underpainting, whose colours the way back's gradient passes through: both find the way back, and their files say what they are.
#[test]
fn every_canvas_is_learned_on_resumed_and_exported() {
    for canvas in Canvas::ALL {
        let mut session =
            tiny(json!({ "canvas": canvas, "filters": 4, "seed": 3, "learning_rate_g": 0.003 }), Own::Nothing);
        let mut cycle = |steps| {
            block_on(session.step(steps, Turn::Both)).expect("steps").metrics["cycle"].as_f64().expect("a number")
        };
        let first = cycle(3);
        cycle(34);
        let last = cycle(3);
        assert!(last < 0.8 * first, "{canvas:?}: {first} to {last}");
        let mut resumed =
            Session::open(&block_on(session.save()).expect("a file"), &Device::flex()).expect("a session");
        let report = |session: &mut Session| block_on(session.step(1, Turn::Both)).expect("a step");
        assert_eq!(report(&mut resumed), report(&mut session), "{canvas:?}");
        let bytes = block_on(session.export(Format::Safetensors, "b")).expect("a file");
        let found = cyclegan::architecture(&Checkpoint::parse(&bytes).expect("a checkpoint")).expect("a generator");
        assert_eq!(found.canvas, canvas);
    }
}

#[test]
fn what_cannot_be_learned_from_is_refused() {
    let code = |more, own| {
        Session::start(Family::Cyclegan, &changes(more), own, &Device::flex()).map(|_| ()).expect_err("refused").code()
    };
    assert_eq!(code(json!({ "dataset": "own" }), Own::Nothing), "InvalidData");
    assert_eq!(code(json!({ "dataset": "own" }), folders(1, 32)), "InvalidData");
    assert_eq!(code(json!({ "side": 33 }), Own::Nothing), "InvalidConfig");
    assert_eq!(code(json!({ "latent_dim": 2 }), Own::Nothing), "InvalidConfig");
    let mut session = tiny(json!({}), Own::Nothing);
    let tuned = |session: &mut Session, more: Value| session.tune(more.as_object().expect("an object"));
    assert!(tuned(&mut session, json!({ "lambda_cycle": 5.0 })).is_ok());
    assert_eq!(tuned(&mut session, json!({ "filters": 4 })).expect_err("not live").code(), "InvalidConfig");
}
