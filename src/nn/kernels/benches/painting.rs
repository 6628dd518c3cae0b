//! `cargo bench -p gan-atelier-kernels`: each convolution of the shipped painters' network natively, as multiplications a second beside what
//! one core could do at most.

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use gan_atelier_kernels::{Generator, Maps, Shape, Strip, peak};
use std::hint::black_box;

const SHAPE: Shape = Shape { filters: 24, blocks: 6, transposed: false };
const SIDE: usize = 256;

fn numbers(count: usize) -> Vec<f32> {
    (0..count as u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 8) as f32 / (1 << 24) as f32 - 0.5).collect()
}

/// A picture before a convolution.
fn before(generator: &Generator, at: usize) -> Strip {
    let picture = Maps { values: numbers(3 * SIDE * SIDE), height: SIDE, width: SIDE, channels: 3 };
    let mut strip = Strip::whole(generator, &picture);
    while strip.at() < at {
        strip.advance(generator);
    }
    strip
}

fn painting(criterion: &mut Criterion) {
    let generator = Generator::from_flat(SHAPE, &numbers(SHAPE.len()));
    let mut group = criterion.benchmark_group("painting");
    group.sample_size(20);
    let turns = 1 << 16;
    group.throughput(Throughput::Elements(peak::multiplications(turns) as u64));
    group.bench_function("at most", |bench| bench.iter(|| peak::multiply_add(black_box(turns), black_box(0.5))));
    let last = generator.convolutions() - 1;
    for (name, at) in [("stem", 0), ("halving", 1), ("block", 4), ("doubling", last - 1), ("head", last)] {
        group.throughput(Throughput::Elements(before(&generator, at).work(&generator) as u64));
        group.bench_function(name, |bench| {
            let advance = |mut strip: Strip| {
                strip.advance(&generator);
                strip
            };
            bench.iter_batched(|| before(&generator, at), advance, BatchSize::PerIteration);
        });
    }
    group.finish();
}

criterion_group!(benches, painting);
criterion_main!(benches);
