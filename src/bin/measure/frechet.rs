//! The Frechet distance between two sets of features, each taken for a normal distribution (Heusel et al. 2017, "GANs trained by a two
//! time-scale update rule converge to a local Nash equilibrium", equation 6), with a reader's features instead of Inception's:
//! `|m1 - m2|^2 + tr(C1 + C2 - 2 (C1 C2)^(1/2))`.

type Matrix = Vec<Vec<f64>>;

pub fn frechet(a: &[Vec<f32>], b: &[Vec<f32>]) -> f64 {
    let ((mean_a, cov_a), (mean_b, cov_b)) = (moments(a), moments(b));
    let between: f64 = mean_a.iter().zip(&mean_b).map(|(x, y)| (x - y).powi(2)).sum();
    let trace = |m: &Matrix| (0..m.len()).map(|i| m[i][i]).sum::<f64>();
    // (C1 C2)^(1/2) has the trace of (R C2 R)^(1/2) with R = C1^(1/2), which is symmetric.
    let root = square_root(&cov_a);
    let (values, _) = eigen(product(&product(&root, &cov_b), &root));
    let shared: f64 = values.iter().map(|value| value.max(0.0).sqrt()).sum();
    between + trace(&cov_a) + trace(&cov_b) - 2.0 * shared
}

fn moments(set: &[Vec<f32>]) -> (Vec<f64>, Matrix) {
    let (n, d) = (set.len() as f64, set[0].len());
    let mut mean = vec![0.0; d];
    for row in set {
        mean.iter_mut().zip(row).for_each(|(m, v)| *m += *v as f64 / n);
    }
    let mut covariance = vec![vec![0.0; d]; d];
    for row in set {
        let centred: Vec<f64> = row.iter().zip(&mean).map(|(v, m)| *v as f64 - m).collect();
        for i in 0..d {
            for j in 0..d {
                covariance[i][j] += centred[i] * centred[j] / (n - 1.0);
            }
        }
    }
    (mean, covariance)
}

fn product(a: &Matrix, b: &Matrix) -> Matrix {
    let d = a.len();
    let cell = |i: usize, j: usize| (0..d).map(|k| a[i][k] * b[k][j]).sum();
    (0..d).map(|i| (0..d).map(|j| cell(i, j)).collect()).collect()
}

fn square_root(m: &Matrix) -> Matrix {
    let d = m.len();
    let (values, vectors) = eigen(m.clone());
    let cell = |i: usize, j: usize| (0..d).map(|k| vectors[i][k] * values[k].max(0.0).sqrt() * vectors[j][k]).sum();
    (0..d).map(|i| (0..d).map(|j| cell(i, j)).collect()).collect()
}

/// Eigenvalues and, as columns, eigenvectors of a symmetric matrix, by Jacobi's rotations.
fn eigen(mut m: Matrix) -> (Vec<f64>, Matrix) {
    let d = m.len();
    let mut vectors: Matrix = (0..d).map(|i| (0..d).map(|j| f64::from(i == j)).collect()).collect();
    let scale = (0..d).map(|i| m[i][i].abs()).fold(1e-12, f64::max);
    for _ in 0..60 {
        let mut largest: f64 = 0.0;
        for p in 0..d {
            for q in p + 1..d {
                largest = largest.max(m[p][q].abs());
                if m[p][q].abs() < 1e-14 * scale {
                    continue;
                }
                let theta = (m[q][q] - m[p][p]) / (2.0 * m[p][q]);
                let t = if theta == 0.0 { 1.0 } else { theta.signum() / (theta.abs() + (theta * theta + 1.0).sqrt()) };
                let c = 1.0 / (t * t + 1.0).sqrt();
                rotate(&mut m, &mut vectors, [p, q], [c, t * c]);
            }
        }
        if largest < 1e-11 * scale {
            break;
        }
    }
    ((0..d).map(|i| m[i][i]).collect(), vectors)
}

fn rotate(m: &mut Matrix, vectors: &mut Matrix, [p, q]: [usize; 2], [c, s]: [f64; 2]) {
    for row in m.iter_mut().chain(vectors.iter_mut()) {
        (row[p], row[q]) = (c * row[p] - s * row[q], s * row[p] + c * row[q]);
    }
    let rows = m[p].iter().zip(&m[q]);
    (m[p], m[q]) = rows.map(|(a, b)| (c * a - s * b, s * a + c * b)).unzip();
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two sets whose covariances commute: the distance is the closed form of each axis.
    #[test]
    fn it_is_what_normal_distributions_say() {
        let set = |scale: [f32; 2], shift: f32| -> Vec<Vec<f32>> {
            let turned = |x: f32, y: f32| vec![0.8 * x - 0.6 * y + shift, 0.6 * x + 0.8 * y];
            [[1.0, 1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, -1.0]]
                .map(|[x, y]| turned(x * scale[0], y * scale[1]))
                .to_vec()
        };
        let deviation = (4.0f64 / 3.0).sqrt();
        let expected = 2.0f64.powi(2) + (deviation * (3.0 - 1.0)).powi(2) + (deviation * (0.5 - 2.0)).powi(2);
        let found = frechet(&set([3.0, 0.5], 0.0), &set([1.0, 2.0], 2.0));
        assert!((found - expected).abs() < 1e-5, "{found}, not {expected}");
    }
}
