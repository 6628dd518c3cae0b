//! Several workers' replicas of a training: how the engine waits for the others. A call that waits is WebAssembly's promise integration
//! (<https://webassembly.github.io/js-promise-integration/js-api/>): the engine's stack is set aside until the letters have come. The
//! function that does so is not Rust's, and is called through the table of functions.

use std::hint::black_box;
use std::rc::Rc;

use js_sys::WebAssembly::Table;
use wasm_bindgen::prelude::*;

use super::convert::Outcome;
use crate::nn::shards;

type Wait = extern "C" fn(*mut u8, usize);

/// Its place in the table is the waiting function's.
extern "C" fn nobody(place: *mut u8, bytes: usize) {
    panic!("nobody gathers {bytes} bytes at {place:?}");
}

/// Takes a place among the replicas. `wait`, a WebAssembly function, is given a pointer and how many bytes lie there: as many places of equal
/// size as there are members, and fills those of the others.
#[wasm_bindgen(js_name = joinReplicas)]
pub fn join_replicas(index: usize, members: usize, wait: js_sys::Function) -> Outcome<()> {
    let place: Wait = black_box(nobody);
    wasm_bindgen::function_table().unchecked_into::<Table>().set(place as usize as u32, &wait)?;
    shards::join(index, members, Rc::new(move |all| black_box(place)(all.as_mut_ptr(), all.len())));
    Ok(())
}

/// Trains alone again.
#[wasm_bindgen(js_name = leaveReplicas)]
pub fn leave_replicas() {
    shards::leave();
}
