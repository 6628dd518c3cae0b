//! The readers at whose end a network stands: see `readers`.

use burn::tensor::Device;

use crate::ours::error::Error;
use crate::ours::session::training::Session;
use crate::ours::training::Turn;
use crate::ours::weights::{Checkpoint, cyclegan};
use crate::readers::{Reader, sound};

/// With how often each reads its file.
pub const ALL: [(&str, Reader, u32); 2] = [("generator", generator, 5), ("session", session, 3)];

/// Largest networks that are taken a step after they were opened.
const STEPPED: f64 = 64.0;

/// A file of weights of any kind, to its generators and its discriminator.
pub fn generator(bytes: &[u8]) {
    let Some(checkpoint) = sound(Checkpoint::parse(bytes), bytes) else { return };
    let device = Device::flex();
    sound(cyclegan::architecture(&checkpoint), bytes);
    sound(cyclegan::generators(&checkpoint, None, &device), bytes);
    sound(cyclegan::generators(&checkpoint, Some("netG_A"), &device), bytes);
    sound(cyclegan::discriminator(&checkpoint, &device), bytes);
}

/// A session file: opened, and if it opens, saved, opened again and taken a step.
pub fn session(bytes: &[u8]) {
    let device = Device::flex();
    let Some(mut session) = sound(Session::open(bytes, &device), bytes) else { return };
    let saved = pollster::block_on(session.save()).expect("what was opened can be saved");
    let again = Session::open(&saved, &device).expect("what was saved can be opened");
    assert_eq!(again.config(), session.config());
    let small = |key: &str| session.config()[key].as_f64().is_none_or(|value| value <= STEPPED);
    let light = matches!(session, Session::Gan(_) | Session::Rgan(_));
    if light && ["batch_size", "hidden_dim", "hidden_layers", "sequence_length", "latent_dim"].into_iter().all(small) {
        match pollster::block_on(session.step(1, Turn::Both)) {
            Ok(_) | Err(Error::Diverged { .. }) => {}
            Err(problem) => panic!("{problem}"),
        }
    }
}
