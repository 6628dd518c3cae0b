//! Replicas that share a batch learn what one learns alone, to the last bit.
#![cfg(not(target_family = "wasm"))]

use std::rc::Rc;
use std::sync::{Arc, Barrier, Mutex};

use burn::tensor::Device;
use gan_atelier::data::Own;
use gan_atelier::nn::shards;
use gan_atelier::session::training::Session;
use gan_atelier::training::{Family, Turn};
use serde_json::{Value, json};

/// Losses of some steps, and the whole session after them, of one of several replicas.
fn run(family: Family, changes: &Value, steps: u32) -> (Vec<f32>, Vec<u8>) {
    let changes = changes.as_object().expect("an object");
    let mut session = Session::start(family, changes, Own::Nothing, &Device::flex()).expect("it starts");
    assert!(session.shares(), "{family:?}");
    pollster::block_on(async {
        let report = session.step(steps, Turn::Both).await.expect("it learns");
        let alone = session.step(1, Turn::Discriminator).await.expect("it judges");
        ([report.loss_d, report.loss_g, alone.loss_d].concat(), session.save().await.expect("it is saved"))
    })
}

/// The same by so many at once, a thread each.
fn together(family: Family, changes: &Value, steps: u32, members: usize) -> Vec<(Vec<f32>, Vec<u8>)> {
    let told = Arc::new(Mutex::new(vec![Vec::new(); members]));
    let barrier = Arc::new(Barrier::new(members));
    let member = |index: usize| {
        let (told, barrier, changes) = (told.clone(), barrier.clone(), changes.clone());
        std::thread::spawn(move || {
            let gather = move |all: &mut [u8]| {
                let each = all.len() / members;
                told.lock().expect("nobody failed")[index] = all[index * each..][..each].to_vec();
                barrier.wait();
                for (place, numbers) in all.chunks_exact_mut(each).zip(told.lock().expect("nobody failed").iter()) {
                    place.copy_from_slice(numbers);
                }
                barrier.wait();
            };
            shards::join(index, members, Rc::new(gather));
            let found = run(family, &changes, steps);
            shards::leave();
            found
        })
    };
    let threads: Vec<_> = (0..members).map(member).collect();
    threads.into_iter().map(|thread| thread.join().expect("a member")).collect()
}

fn same(family: Family, changes: Value, steps: u32) {
    let alone = run(family, &changes, steps);
    for members in [2, 4] {
        for (index, found) in together(family, &changes, steps, members).into_iter().enumerate() {
            assert_eq!(found.0, alone.0, "{family:?}: losses of member {index} of {members}");
            assert!(found.1 == alone.1, "{family:?}: the session of member {index} of {members}");
        }
    }
}

#[test]
fn dcgan_with_a_penalty_and_noise() {
    same(Family::Dcgan, json!({ "batch_size": 10, "width": 8, "instance_noise": 0.2, "r1": 1.0 }), 5);
}

#[test]
fn dcgan_with_norms_in_both_networks() {
    same(Family::Dcgan, json!({ "batch_size": 8, "width": 8, "discriminator_norm": true, "loss": "wasserstein" }), 3);
}

#[test]
fn acgan() {
    same(Family::Acgan, json!({ "batch_size": 9, "width": 8 }), 5);
}

#[test]
fn cyclegan_and_its_pool() {
    let changes = json!({ "batch_size": 5, "filters": 4, "discriminator_filters": 4, "pool": 6, "lambda_identity": 0.5, "canvas": "underpainting" });
    same(Family::Cyclegan, changes, 4);
}

#[test]
fn drgan() {
    same(Family::Drgan, json!({ "batch_size": 6, "people": 8 }), 3);
}

#[test]
fn cyclegan_as_the_room_has_it() {
    same(Family::Cyclegan, json!({}), 4);
}
