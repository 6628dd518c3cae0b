//! What a translation in bands keeps on the host: feature maps at half precision, and moments that grow band by band.

use burn::tensor::{Device, Tensor, TensorData};
use half::f16;
use half::slice::HalfFloatSliceExt;
use std::ops::Range;

use crate::nn::norm::EPSILON;

/// A feature map, one channel after another.
#[derive(Debug)]
pub struct Map {
    channels: usize,
    height: usize,
    width: usize,
    values: Vec<f16>,
    /// The last row that was overwritten, as it was before: the next band's convolution still needs it.
    carried: Option<(usize, Vec<f16>)>,
}

impl Map {
    pub fn new([channels, height, width]: [usize; 3]) -> Self {
        Self { channels, height, width, values: vec![f16::ZERO; channels * height * width], carried: None }
    }

    /// # Shapes
    /// `[1, channels, rows, width]`
    pub fn load(&self, rows: Range<usize>, device: &Device) -> Tensor<4> {
        let (height, width) = (self.height, self.width);
        let mut values = vec![0.0; self.channels * rows.len() * width];
        for (channel, part) in values.chunks_exact_mut(rows.len() * width).enumerate() {
            let from = (channel * height + rows.start) * width;
            self.values[from..from + part.len()].convert_to_f32_slice(part);
            if let Some((row, carried)) = self.carried.as_ref().filter(|(row, _)| rows.contains(row)) {
                let part = &mut part[(row - rows.start) * width..][..width];
                carried[channel * width..][..width].convert_to_f32_slice(part);
            }
        }
        Tensor::from_data(TensorData::new(values, [1, self.channels, rows.len(), width]), device)
    }

    /// Rows in their place. With `carry` the last of them is kept as it was, for one more [`Map::load`].
    pub fn store(&mut self, rows: Range<usize>, values: &[f32], carry: bool) {
        let (height, width, last) = (self.height, self.width, rows.end - 1);
        let row = |channel: usize| (channel * height + last) * width..(channel * height + last + 1) * width;
        self.carried = carry.then(|| (last, (0..self.channels).flat_map(|c| self.values[row(c)].to_vec()).collect()));
        for (channel, part) in values.chunks_exact(rows.len() * width).enumerate() {
            let into = (channel * height + rows.start) * width;
            self.values[into..into + part.len()].convert_from_f32_slice(part);
        }
        if last + 1 == height {
            self.carried = None;
        }
    }

    /// `relu(norm(self))`, in place.
    pub fn activate(&mut self, moments: &Moments) {
        for (channel, part) in self.values.chunks_exact_mut(self.height * self.width).enumerate() {
            let (mean, scale) = moments.normal(channel);
            for value in part {
                *value = f16::from_f32(((value.to_f32() - mean) * scale).max(0.0));
            }
        }
    }

    /// `self + norm(other)`, in place.
    pub fn add_normalised(&mut self, other: &Map, moments: &Moments) {
        let plane = self.height * self.width;
        for (channel, part) in self.values.chunks_exact_mut(plane).enumerate() {
            let (mean, scale) = moments.normal(channel);
            for (value, added) in part.iter_mut().zip(&other.values[channel * plane..]) {
                *value = f16::from_f32(value.to_f32() + (added.to_f32() - mean) * scale);
            }
        }
    }
}

/// Count, mean and summed squared deviation of each channel over the bands seen so far.
#[derive(Debug, Clone, Default)]
pub struct Moments {
    count: f64,
    mean: Vec<f64>,
    deviation: Vec<f64>,
}

impl Moments {
    /// Merges a part's means and variances (Chan, Golub and LeVeque 1979): no sum of squares loses its small end.
    ///
    /// # Shapes
    /// part: means, then variances, of as many channels
    pub fn merge(&mut self, count: usize, part: &[f32]) {
        let (means, variances) = part.split_at(part.len() / 2);
        self.mean.resize(means.len(), 0.0);
        self.deviation.resize(means.len(), 0.0);
        let (before, added) = (self.count, count as f64);
        self.count += added;
        for (channel, (mean, variance)) in means.iter().zip(variances).enumerate() {
            let apart = *mean as f64 - self.mean[channel];
            self.mean[channel] += apart * added / self.count;
            self.deviation[channel] += *variance as f64 * added + apart * apart * before * added / self.count;
        }
    }

    /// Mean and variance.
    ///
    /// # Shapes
    /// `[1, channels, 1, 1]`, both
    pub fn tensors(&self, device: &Device) -> (Tensor<4>, Tensor<4>) {
        let tensor = |values: Vec<f32>| {
            let shape = [1, values.len(), 1, 1];
            Tensor::from_data(TensorData::new(values, shape), device)
        };
        let mean = self.mean.iter().map(|mean| *mean as f32).collect();
        (tensor(mean), tensor(self.deviation.iter().map(|deviation| (deviation / self.count) as f32).collect()))
    }

    /// What a channel's normalisation subtracts, and then multiplies by.
    fn normal(&self, channel: usize) -> (f32, f32) {
        let variance = self.deviation[channel] / self.count;
        (self.mean[channel] as f32, (variance + EPSILON).sqrt().recip() as f32)
    }
}

#[cfg(all(test, feature = "cpu", not(target_family = "wasm")))]
mod tests {
    use super::*;

    #[test]
    fn moments_of_parts_are_those_of_the_whole() {
        let values: Vec<f64> = (0..1000).map(|at| 1000.0 + (at as f64 * 0.7).sin()).collect();
        let mut moments = Moments::default();
        for part in [&values[..1], &values[1..400], &values[400..]] {
            let mean = part.iter().sum::<f64>() / part.len() as f64;
            let variance = part.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / part.len() as f64;
            moments.merge(part.len(), &[mean as f32, variance as f32]);
        }
        let mean = values.iter().sum::<f64>() / 1000.0;
        let variance = values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / 1000.0;
        let (found, scale) = moments.normal(0);
        assert!((found as f64 - mean).abs() < 1e-3);
        assert!((scale as f64 * (variance + EPSILON).sqrt() - 1.0).abs() < 1e-3);
    }

    #[test]
    fn a_row_about_to_be_overwritten_is_carried_once() {
        let device = Device::flex();
        let mut map = Map::new([2, 3, 2]);
        map.store(0..3, &(0..12).map(|at| at as f32).collect::<Vec<_>>(), false);
        map.store(0..2, &[100.0; 8], true);
        let rows = |map: &Map, rows| map.load(rows, &device).into_data().try_to_vec::<f32>().unwrap();
        assert_eq!(rows(&map, 1..3), [2.0, 3.0, 4.0, 5.0, 8.0, 9.0, 10.0, 11.0]);
        map.store(2..3, &[200.0; 4], true);
        assert_eq!(rows(&map, 0..3), [[100.0; 4], [200.0, 200.0, 100.0, 100.0], [100.0, 100.0, 200.0, 200.0]].concat());
    }
}
