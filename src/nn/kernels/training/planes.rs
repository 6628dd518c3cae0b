//! Maps with their channels first, laid with channels last, and back.

/// Pixels and channels that are turned together: what is read and what is written both stay near.
const BLOCK: usize = 16;

/// `[n, a, b]` -> `[n, b, a]`
pub fn turned(x: &[f32], a: usize, b: usize) -> Vec<f32> {
    if a == 1 || b == 1 {
        return x.to_vec();
    }
    let mut output = vec![0.0; x.len()];
    for (from, to) in x.chunks_exact(a * b).zip(output.chunks_exact_mut(a * b)) {
        for row in (0..a).step_by(BLOCK) {
            let rows = row..a.min(row + BLOCK);
            for column in (0..b).step_by(BLOCK) {
                for at in column..b.min(column + BLOCK) {
                    let line = from[row * b + at..].iter().step_by(b);
                    to[at * a..][rows.clone()].iter_mut().zip(line).for_each(|(to, from)| *to = *from);
                }
            }
        }
    }
    output
}

/// Rows and columns of planes, as often as they are named.
///
/// # Shapes
/// `[planes, height, width]` -> `[planes, rows, columns]`
pub fn picked(x: &[f32], [height, width]: [usize; 2], rows: &[u32], columns: &[u32]) -> Vec<f32> {
    let mut output = Vec::with_capacity(x.len() / (height * width) * rows.len() * columns.len());
    for plane in x.chunks_exact(height * width) {
        for row in rows {
            let row = &plane[*row as usize * width..][..width];
            output.extend(columns.iter().map(|column| row[*column as usize]));
        }
    }
    output
}

/// The transpose of [`picked`]: what was picked several times is added up.
pub fn unpicked(y: &[f32], [height, width]: [usize; 2], rows: &[u32], columns: &[u32]) -> Vec<f32> {
    let planes = y.len() / (rows.len() * columns.len());
    let mut output = vec![0.0; planes * height * width];
    for (plane, from) in output.chunks_exact_mut(height * width).zip(y.chunks_exact(rows.len() * columns.len())) {
        for (row, from) in rows.iter().zip(from.chunks_exact(columns.len())) {
            let row = &mut plane[*row as usize * width..][..width];
            for (column, value) in columns.iter().zip(from) {
                row[*column as usize] += value;
            }
        }
    }
    output
}
