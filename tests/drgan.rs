//! DR-GAN: its live training continues exactly, answers what a page asks, and learns.
#![cfg(not(target_family = "wasm"))]

use burn::tensor::Device;
use gan_atelier::data::Own;
use gan_atelier::session::inspect::{Answer, Question};
use gan_atelier::session::training::{SampleRequest, Samples, Session};
use gan_atelier::training::{Family, Turn};
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
