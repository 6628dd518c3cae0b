//! Memory that one layer leaves to the next: nothing is asked of the system, or filled with zeros, between two layers.

use super::maps::Maps;

#[derive(Default)]
pub struct Arena {
    /// What a convolution works in.
    pub room: Vec<f32>,
    spare: Vec<Vec<f32>>,
}

/// Maps that are kept for later.
const MOST: usize = 2;

impl Arena {
    /// Maps whose numbers are whatever lay there before: every one is to be written.
    pub fn take(&mut self, height: usize, width: usize, channels: usize) -> Maps {
        let count = height * width * channels;
        // The smallest that is large enough, else the largest.
        let rank = |values: &Vec<f32>| (values.capacity() < count, values.capacity().abs_diff(count));
        let best = (0..self.spare.len()).min_by_key(|at| rank(&self.spare[*at]));
        let mut values = best.map(|at| self.spare.swap_remove(at)).unwrap_or_default();
        if values.capacity() < count {
            // A larger one in its place would be copied into.
            values = vec![0.0; count];
        }
        values.resize(count, 0.0);
        Maps { values, height, width, channels }
    }

    pub fn give(&mut self, maps: Maps) {
        self.spare.push(maps.values);
        if self.spare.len() > MOST {
            let least = (0..self.spare.len()).min_by_key(|at| self.spare[*at].capacity()).unwrap_or(0);
            self.spare.swap_remove(least);
        }
    }
}

/// As many numbers of a room, which grows where it is too small.
pub fn room(room: &mut Vec<f32>, count: usize) -> &mut [f32] {
    if room.len() < count {
        *room = vec![0.0; count];
    }
    &mut room[..count]
}
