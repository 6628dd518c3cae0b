//! Linear discriminant analysis and the little linear algebra that it needs.

use burn::tensor::{Device, Tensor, TensorData};
use gan_atelier::rng::{Purpose, Stream};

/// Principal components that are kept before the analysis, and discriminants after it.
const COMPONENTS: usize = 500;
const DISCRIMINANTS: usize = 150;
/// Share of the within-person scatter's mean variance that is added to all directions.
const SHRINK: f64 = 0.05;

/// Descriptions to discriminants.
pub struct Discriminants {
    mean: Tensor<2>,
    /// `[length, DISCRIMINANTS]`
    matrix: Tensor<2>,
}

impl Discriminants {
    /// Learns from descriptions `[n, length]` of persons numbered from 0.
    pub fn learn(x: Tensor<2>, persons: &[usize], device: &Device) -> Self {
        let [n, length] = x.dims();
        let mean = x.clone().mean_dim(0);
        let x = x - mean.clone();
        let covariance = x.clone().transpose().matmul(x.clone()).div_scalar(n as f32);
        let mut stream = Stream::new(5_001, Purpose::Initialisation, 0);
        let start = TensorData::new(stream.normals(length * COMPONENTS), [length, COMPONENTS]);
        let mut axes = orthonormal(Tensor::from_data(start, device), device);
        for _ in 0..6 {
            axes = orthonormal(covariance.clone().matmul(axes), device);
        }
        let y = host(x.matmul(axes.clone()));
        let chosen = discriminants(&y, persons);
        let chosen = chosen.into_iter().map(|v| v as f32).collect::<Vec<_>>();
        let matrix = axes.matmul(Tensor::from_data(TensorData::new(chosen, [COMPONENTS, DISCRIMINANTS]), device));
        Self { mean, matrix }
    }

    /// # Shapes
    /// `[n, length]` -> `[n, DISCRIMINANTS]`
    pub fn project(&self, x: Tensor<2>) -> Vec<Vec<f32>> {
        let y = host((x - self.mean.clone()).matmul(self.matrix.clone()));
        y.chunks(DISCRIMINANTS).map(<[f32]>::to_vec).collect()
    }
}

/// The directions that part the persons' means most for the scatter within: whitened by the within-person scatter, the
/// dominant subspace of the scatter between. Any basis of it will do, since cosines do not change with a turn.
fn discriminants(y: &[f32], persons: &[usize]) -> Vec<f64> {
    const D: usize = COMPONENTS;
    let people = persons.iter().max().map_or(0, |last| last + 1);
    let (mut means, mut counts) = (vec![vec![0f64; D]; people], vec![0f64; people]);
    for (row, person) in y.chunks(D).zip(persons) {
        means[*person].iter_mut().zip(row).for_each(|(sum, v)| *sum += *v as f64);
        counts[*person] += 1.0;
    }
    means.iter_mut().zip(&counts).for_each(|(mean, count)| mean.iter_mut().for_each(|v| *v /= count.max(1.0)));
    let away =
        y.chunks(D).zip(persons).map(|(row, p)| row.iter().zip(&means[*p]).map(|(v, m)| *v as f64 - m).collect());
    let mut within = scatter(away.collect::<Vec<Vec<f64>>>());
    let ridge = SHRINK * (0..D).map(|at| within[at * D + at]).sum::<f64>() / D as f64;
    (0..D).for_each(|at| within[at * D + at] += ridge);
    let lower = cholesky(within);
    let white = means
        .iter()
        .zip(&counts)
        .map(|(mean, count)| forward(&lower, &mean.iter().map(|v| v * count.sqrt()).collect::<Vec<_>>()));
    let white: Vec<Vec<f64>> = white.collect();
    let mut stream = Stream::new(5_002, Purpose::Initialisation, 0);
    let mut basis: Vec<Vec<f64>> =
        (0..DISCRIMINANTS).map(|_| (0..D).map(|_| stream.normal() as f64).collect()).collect();
    for _ in 0..12 {
        // Each vector through the scatter of the whitened means, person by person.
        basis = basis
            .iter()
            .map(|v| {
                let mut image = vec![0.0; D];
                for mean in &white {
                    let share: f64 = mean.iter().zip(v).map(|(a, b)| a * b).sum();
                    image.iter_mut().zip(mean).for_each(|(sum, m)| *sum += share * m);
                }
                image
            })
            .collect();
        gram_schmidt(&mut basis);
    }
    let columns: Vec<Vec<f64>> = basis.iter().map(|v| backward(&lower, v)).collect();
    (0..D * DISCRIMINANTS).map(|at| columns[at % DISCRIMINANTS][at / DISCRIMINANTS]).collect()
}

fn scatter(rows: Vec<Vec<f64>>) -> Vec<f64> {
    let d = rows[0].len();
    let mut sums = vec![0.0; d * d];
    for row in &rows {
        for (i, a) in row.iter().enumerate() {
            sums[i * d..i * d + i + 1].iter_mut().zip(row).for_each(|(sum, b)| *sum += a * b);
        }
    }
    let n = rows.len() as f64;
    (0..d * d).map(|at| (at / d, at % d)).map(|(i, j)| sums[i.max(j) * d + i.min(j)] / n).collect()
}

fn gram_schmidt(basis: &mut [Vec<f64>]) {
    for at in 0..basis.len() {
        let (before, rest) = basis.split_at_mut(at);
        let vector = &mut rest[0];
        for other in before {
            let share: f64 = other.iter().zip(vector.iter()).map(|(a, b)| a * b).sum();
            vector.iter_mut().zip(other.iter()).for_each(|(v, o)| *v -= share * o);
        }
        let length = vector.iter().map(|v| v * v).sum::<f64>().sqrt().max(1e-12);
        vector.iter_mut().for_each(|v| *v /= length);
    }
}

/// Columns of the same span that are orthonormal: by the Cholesky factor of their products, twice for the rounding.
fn orthonormal(mut x: Tensor<2>, device: &Device) -> Tensor<2> {
    let [_, d] = x.dims();
    for _ in 0..2 {
        let products: Vec<f64> = host(x.clone().transpose().matmul(x.clone())).into_iter().map(f64::from).collect();
        let largest = (0..d).map(|at| products[at * d + at]).fold(0.0, f64::max);
        let ridged = products.iter().enumerate().map(|(at, v)| if at / d == at % d { v + 1e-9 * largest } else { *v });
        let lower = cholesky(ridged.collect());
        // The transposed inverse of the factor, column by column.
        let unit = |at: usize| (0..d).map(|i| if i == at { 1.0 } else { 0.0 }).collect::<Vec<f64>>();
        let columns: Vec<Vec<f64>> = (0..d).map(|at| backward(&lower, &unit(at))).collect();
        let inverse = (0..d * d).map(|at| columns[at % d][at / d] as f32).collect::<Vec<_>>();
        x = x.matmul(Tensor::from_data(TensorData::new(inverse, [d, d]), device));
    }
    x
}

/// Solves a symmetric positive definite system.
pub fn solve(matrix: Vec<f64>, right: &[f64]) -> Vec<f64> {
    let lower = cholesky(matrix);
    backward(&lower, &forward(&lower, right))
}

/// The lower factor of a symmetric positive definite matrix.
fn cholesky(mut a: Vec<f64>) -> Vec<f64> {
    let n = a.len().isqrt();
    for i in 0..n {
        for j in 0..=i {
            let (head, tail) = a.split_at_mut(i * n);
            let dot = if i == j {
                tail[..j].iter().map(|v| v * v).sum::<f64>()
            } else {
                head[j * n..j * n + j].iter().zip(&tail[..j]).map(|(x, y)| x * y).sum::<f64>()
            };
            tail[j] = if i == j { (tail[j] - dot).max(1e-300).sqrt() } else { (tail[j] - dot) / head[j * n + j] };
        }
        a[i * n + i + 1..(i + 1) * n].fill(0.0);
    }
    a
}

/// Solves `L x = right`.
fn forward(lower: &[f64], right: &[f64]) -> Vec<f64> {
    let n = right.len();
    let mut x = vec![0.0; n];
    for i in 0..n {
        let known: f64 = lower[i * n..i * n + i].iter().zip(&x).map(|(l, v)| l * v).sum();
        x[i] = (right[i] - known) / lower[i * n + i];
    }
    x
}

/// Solves `L^T x = right`.
fn backward(lower: &[f64], right: &[f64]) -> Vec<f64> {
    let n = right.len();
    let mut x = right.to_vec();
    for i in (0..n).rev() {
        x[i] /= lower[i * n + i];
        let value = x[i];
        x[..i].iter_mut().zip(&lower[i * n..i * n + i]).for_each(|(v, l)| *v -= l * value);
    }
    x
}

pub fn host<const D: usize>(x: Tensor<D>) -> Vec<f32> {
    x.into_data().try_to_vec().expect("f32")
}
