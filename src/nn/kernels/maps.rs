//! Maps with their channels last.

#[derive(Default)]
pub struct Maps {
    /// `[height, width, channels]`
    pub values: Vec<f32>,
    pub height: usize,
    pub width: usize,
    pub channels: usize,
}

impl Maps {
    pub fn new(height: usize, width: usize, channels: usize) -> Self {
        Self { values: vec![0.0; height * width * channels], height, width, channels }
    }

    /// From planes, one channel after another.
    pub fn from_planes(planes: &[f32], channels: usize, height: usize, width: usize) -> Self {
        let size = height * width;
        let mut maps = Self::new(height, width, channels);
        for (channel, plane) in planes.chunks_exact(size).enumerate() {
            let places = maps.values[channel..].iter_mut().step_by(channels);
            places.zip(plane).for_each(|(place, value)| *place = *value);
        }
        maps
    }

    pub fn to_planes(&self) -> Vec<f32> {
        let plane = |channel: usize| self.values[channel..].iter().step_by(self.channels).copied();
        let mut planes = Vec::with_capacity(self.values.len());
        (0..self.channels).for_each(|channel| planes.extend(plane(channel)));
        planes
    }

    /// Numbers of a row.
    pub fn line(&self) -> usize {
        self.width * self.channels
    }
}
