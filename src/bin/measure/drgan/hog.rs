//! Histograms of oriented gradients (Dalal and Triggs 2005): cells of 8 px, 9 unsigned orientations, blocks of 2x2 cells
//! that overlap, L2-Hys. What stands beside the encoder, and what the recogniser looks at.

use super::faces::SIDE;

const CELL: usize = 8;
const CELLS: usize = SIDE / CELL;
const BINS: usize = 9;
pub const LENGTH: usize = (CELLS - 1) * (CELLS - 1) * 4 * BINS;

/// Of RGB planes in 0..255.
pub fn describe(pixels: &[f32]) -> Vec<f32> {
    let plane = SIDE * SIDE;
    let grey: Vec<f32> =
        (0..plane).map(|at| 0.299 * pixels[at] + 0.587 * pixels[plane + at] + 0.114 * pixels[2 * plane + at]).collect();
    let mut cells = vec![[0f32; BINS]; CELLS * CELLS];
    for (y, x) in (0..SIDE).flat_map(|y| (0..SIDE).map(move |x| (y, x))) {
        let across = if (1..SIDE - 1).contains(&x) { grey[y * SIDE + x + 1] - grey[y * SIDE + x - 1] } else { 0.0 };
        let down = if (1..SIDE - 1).contains(&y) { grey[(y + 1) * SIDE + x] - grey[(y - 1) * SIDE + x] } else { 0.0 };
        let turn = down.atan2(across).rem_euclid(std::f32::consts::PI) / std::f32::consts::PI * BINS as f32 - 0.5;
        let (low, share) = (turn.floor(), turn - turn.floor());
        let bin = low.rem_euclid(BINS as f32) as usize;
        let cell = &mut cells[y / CELL * CELLS + x / CELL];
        let strength = across.hypot(down);
        cell[bin] += (1.0 - share) * strength;
        cell[(bin + 1) % BINS] += share * strength;
    }
    let mut found = Vec::with_capacity(LENGTH);
    for (y, x) in (0..CELLS - 1).flat_map(|y| (0..CELLS - 1).map(move |x| (y, x))) {
        let corners = [(y, x), (y + 1, x), (y, x + 1), (y + 1, x + 1)].map(|(y, x)| cells[y * CELLS + x]);
        let mut block: Vec<f32> = corners.concat();
        // In grey levels times pixels: a block without edges stays near zero.
        normalise(&mut block, 16.0);
        block.iter_mut().for_each(|value| *value = value.min(0.2));
        normalise(&mut block, 1e-3);
        found.extend(block);
    }
    found
}

fn normalise(values: &mut [f32], floor: f32) {
    let length = (values.iter().map(|v| v * v).sum::<f32>() + floor * floor).sqrt();
    values.iter_mut().for_each(|value| *value /= length);
}
