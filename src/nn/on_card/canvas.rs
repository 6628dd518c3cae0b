//! What a generator paints on, without a way back.

use burn::tensor::Tensor;
use burn_wgpu::{CubeTensor, Wgpu};

use super::Given;
use super::halves::Stored;
use super::launch::{Known, Shader, count, dims, known, number, room, spread, whole};

/// tanh of `y` and the argument by which tanh gives the picture's means of blocks, bilinear between their centres, at most `limit` from zero.
///
/// # Shapes
/// `[n, c, height, width]`, both
pub fn underpainted(y: Tensor<4>, picture: Tensor<4>, block: usize, limit: f64) -> Tensor<4> {
    let [y, picture] = [y, picture].map(|maps| Given::<Wgpu>::from(maps).numbers);
    let [n, channels, height, width] = dims(&picture);
    let sides = [height, width].map(|side| side.div_ceil(block));
    let sizes = whole([height, width, sides[0], sides[1]].map(|size| size as i32).to_vec(), &picture);
    let means = room([n, channels, sides[0], sides[1]], &picture);
    let shader = known("block means", block, || {
        Shader::new(include_str!("wgsl/block_means.wgsl"), [64, 1]).with("block", block)
    });
    every(shader, 64, &means, &[&picture, &sizes, &means]);
    let made = room([n, channels, height, width], &picture);
    let kept = Stored::of(&y);
    let shader = known("underpainted", (kept, block, limit.to_bits()), || {
        kept.fill(Shader::new(include_str!("wgsl/underpainted.wgsl"), [256, 1]))
            .with("block", block)
            .with("limit", number(limit))
    });
    every(shader, 256, &made, &[&y, &sizes, &means, &made]);
    Tensor::from_primitive::<Wgpu>(made)
}

/// A thread for every number that is made.
fn every(shader: Known, threads: usize, made: &CubeTensor, tensors: &[&CubeTensor]) {
    let [across, down] = spread(count(made).div_ceil(threads));
    shader.run([across, down, 1], tensors);
}
