//! Against the definition, there and back.

use super::super::planes::turned;
use super::*;

fn numbers(count: usize, seed: u32) -> Vec<f32> {
    (0..count as u32)
        .map(|at| ((at.wrapping_mul(2654435761).wrapping_add(seed * 977) >> 8) % 1000) as f32 / 500.0 - 1.0)
        .collect()
}

/// By its definition: calls `f(output, input, weight)` with the places of all three in memory.
fn each(s: Sliding, [n, height, width, inputs]: [usize; 4], outputs: usize, mut f: impl FnMut(usize, usize, usize)) {
    let (tall, wide) = (s.out(height), s.out(width));
    for picture in 0..n {
        for (y, x) in (0..tall * wide).map(|at| (at / wide, at % wide)) {
            for (row, column) in (0..s.kernel * s.kernel).map(|at| (at / s.kernel, at % s.kernel)) {
                let (from_y, from_x) = (y * s.stride + row, x * s.stride + column);
                if from_y < s.padding || from_x < s.padding {
                    continue;
                }
                let (from_y, from_x) = (from_y - s.padding, from_x - s.padding);
                if from_y >= height || from_x >= width {
                    continue;
                }
                for (out, input) in (0..outputs * inputs).map(|at| (at / inputs, at % inputs)) {
                    f(
                        ((picture * tall + y) * wide + x) * outputs + out,
                        ((picture * height + from_y) * width + from_x) * inputs + input,
                        ((out * inputs + input) * s.kernel + row) * s.kernel + column,
                    );
                }
            }
        }
    }
}

fn near(ours: &[f32], expected: &[f32], what: &str) {
    assert_eq!(ours.len(), expected.len(), "{what}");
    for (a, b) in ours.iter().zip(expected) {
        assert!((a - b).abs() < 1e-4 * (1.0 + b.abs()), "{what}: {a} against {b}");
    }
}

#[test]
fn equals_its_definition_there_and_back() {
    let cases =
        [(4, 2, 1), (3, 1, 1), (3, 2, 1), (7, 1, 3), (7, 1, 0), (4, 1, 1), (1, 1, 0), (3, 2, 0), (2, 2, 0), (5, 3, 2)];
    for (kernel, stride, padding) in cases {
        let s = Sliding { kernel, stride, padding };
        for ([n, height, width, inputs], outputs) in [
            ([2, 8, 9, 3], 5),
            ([1, 7, 8, 8], 16),
            ([3, 9, 7, 1], 8),
            ([1, 8, 8, 4], 1),
            ([2, 8, 9, 6], 3),
            ([1, 9, 8, 12], 2),
        ] {
            let shape = [n, height, width, inputs];
            let (tall, wide) = (s.out(height), s.out(width));
            let x = numbers(n * height * width * inputs, 1);
            let weight = numbers(outputs * inputs * kernel * kernel, 2);
            let y = numbers(n * tall * wide * outputs, 3);
            let (bias, rest) = (numbers(outputs, 4), numbers(inputs, 5));
            let what = format!("{s:?} {shape:?} {outputs}");

            let mut forward: Vec<f32> = (0..y.len()).map(|at| bias[at % outputs]).collect();
            let mut backward: Vec<f32> = (0..x.len()).map(|at| rest[at % inputs]).collect();
            let mut gradient = vec![0.0; weight.len()];
            each(s, shape, outputs, |out, input, tap| {
                forward[out] += x[input] * weight[tap];
                backward[input] += y[out] * weight[tap];
                gradient[tap] += x[input] * y[out];
            });
            near(&s.forward(x[..].into(), shape, &weight, outputs, &bias), &forward, &what);
            near(
                &s.backward(y[..].into(), [n, tall, wide, outputs], &weight, [height, width, inputs], &rest),
                &backward,
                &what,
            );
            near(&s.weight(x[..].into(), shape, &y, outputs), &gradient, &what);
            let (x, y) = (turned(&x, height * width, inputs), turned(&y, tall * wide, outputs));
            let (x, y) = (Maps { values: &x, planes: true }, Maps { values: &y, planes: true });
            near(&s.forward(x, shape, &weight, outputs, &bias), &forward, &what);
            near(&s.backward(y, [n, tall, wide, outputs], &weight, [height, width, inputs], &rest), &backward, &what);
        }
    }
}
