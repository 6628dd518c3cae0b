//! Convolutions of 3 x 3 by Winograd's minimal filtering F(4 x 4, 3 x 3) (Lavin and Gray 2016, "Fast algorithms for convolutional neural
//! networks", section 4.1): 36 multiplications for 16 places instead of 144.

// A row and a column are indices of several arrays at once.
#![allow(clippy::needless_range_loop)]

use super::ground::room;
use super::lanes::Four;
use super::panel::{ROWS, TURN, WIDTH, lies, pack, panel};

/// Places of a tile on a side, out and in.
const OUT: usize = 4;
const IN: usize = 6;
const POINTS: usize = IN * IN;
/// Tiles that are transformed before they are multiplied: their numbers stay in a core's cache.
const BLOCK: usize = 48;
/// Numbers between two points' numbers besides their own: a power of two between them would put all points into the same lines of a cache.
const APART: usize = 16;

pub struct Winograd {
    ins: usize,
    outs: usize,
    /// For each of the 36 points, packed.
    weights: Vec<f32>,
}

/// What a convolution reads: maps with channels last, and which row and column each padded one is.
pub struct Source<'a> {
    pub maps: &'a [f32],
    pub width: usize,
    /// Rows and columns of the input by padded number: as many as the output's and two more.
    pub rows: &'a [usize],
    pub columns: &'a [usize],
}

/// G of the paper: a kernel's row or column of three as six.
fn spread(k: [f32; 3]) -> [f32; 6] {
    let [a, b, c] = k;
    [a / 4.0, -(a + b + c) / 6.0, -(a - b + c) / 6.0, a / 24.0 + b / 12.0 + c / 6.0, a / 24.0 - b / 12.0 + c / 6.0, c]
}

impl Winograd {
    /// # Shapes
    /// weight `[outs, ins, 3, 3]`
    pub fn new(outs: usize, ins: usize, weight: &[f32]) -> Self {
        let mut points = vec![0.0f32; POINTS * outs * ins];
        for pair in 0..outs * ins {
            let k = &weight[pair * 9..][..9];
            let rows: [[f32; 6]; 3] = std::array::from_fn(|r| spread([k[3 * r], k[3 * r + 1], k[3 * r + 2]]));
            for x in 0..IN {
                let column = spread([rows[0][x], rows[1][x], rows[2][x]]);
                for y in 0..IN {
                    points[(y * IN + x) * outs * ins + pair] = column[y];
                }
            }
        }
        let weights = (0..POINTS).flat_map(|p| pack(outs, ins, |o, i| points[p * outs * ins + o * ins + i])).collect();
        Self { ins, outs, weights }
    }

    pub fn outs(&self) -> usize {
        self.outs
    }

    /// Numbers that it works in.
    fn room(&self) -> usize {
        POINTS * (BLOCK * (self.ins + self.outs.next_multiple_of(WIDTH)) + 2 * APART)
    }

    /// # Shapes
    /// `[h, w, ins]` -> `[height, width, outs]`; height and width are two less than the source's rows and columns
    pub fn run(&self, source: &Source, output: &mut [f32], worked: &mut Vec<f32>) {
        let (height, width) = (source.rows.len() - 2, source.columns.len() - 2);
        let (ins, outs) = (self.ins, self.outs);
        assert!(ins.is_multiple_of(4) && outs.is_multiple_of(4));
        assert!(output.len() >= height * width * outs);
        assert!(source.rows.iter().max().is_some_and(|row| (row + 1) * source.width * ins <= source.maps.len()));
        assert!(source.columns.iter().all(|column| *column < source.width));
        let wide = outs.next_multiple_of(WIDTH);
        let (across, down) = (width.div_ceil(OUT), height.div_ceil(OUT));
        let (read, made) = room(worked, self.room()).split_at_mut(POINTS * (BLOCK * ins + APART));
        let tiles = across * down;
        let mut first = 0;
        while first < tiles {
            let count = BLOCK.min(tiles - first);
            let count_full = count.next_multiple_of(ROWS);
            let (read_apart, made_apart) = (count_full * ins + APART, count * wide + APART);
            for tile in 0..count {
                let at = first + tile;
                self.take(
                    source,
                    [at / across * OUT, at % across * OUT],
                    tile % ROWS,
                    &mut read[tile / ROWS * ROWS * ins..],
                    read_apart,
                );
            }
            for point in 0..POINTS {
                let weights = &self.weights[point * wide * ins..][..wide * ins];
                multiply(&read[point * read_apart..], count, ins, weights, wide, &mut made[point * made_apart..]);
            }
            for tile in 0..count {
                let at = first + tile;
                let place = [at / across * OUT, at % across * OUT];
                self.give(&made[tile * wide..], made_apart, output, place, [height, width]);
            }
            first += count;
        }
    }

    /// A tile's 36 points: B of the paper, transposed, times the tile, times B. `stride` numbers lie between two points.
    fn take(&self, source: &Source, [row, column]: [usize; 2], place: usize, points: &mut [f32], stride: usize) {
        let last = |list: &[usize], at: usize| list[at.min(list.len() - 1)];
        let rows: [usize; IN] = std::array::from_fn(|y| last(source.rows, row + y) * source.width);
        let columns: [usize; IN] = std::array::from_fn(|x| last(source.columns, column + x));
        assert!(points.len() >= (POINTS - 1) * stride + ROWS * self.ins);
        for channel in (0..self.ins).step_by(4) {
            // SAFETY: rows and columns were checked against the maps in `run`, channels come in fours, the points' room just now.
            unsafe {
                let maps = source.maps.as_ptr().add(channel);
                let mut across = [[Four::splat(0.0); IN]; IN];
                for y in 0..IN {
                    across[y] = bend(std::array::from_fn(|x| Four::load(maps.add((rows[y] + columns[x]) * self.ins))));
                }
                for x in 0..IN {
                    let column = bend(std::array::from_fn(|y| across[y][x]));
                    for y in 0..IN {
                        column[y].store(points.as_mut_ptr().add((y * IN + x) * stride + lies(place, channel)));
                    }
                }
            }
        }
    }

    /// The places of a tile from its 36 points: A of the paper, transposed, times the points, times A.
    fn give(
        &self,
        points: &[f32],
        stride: usize,
        output: &mut [f32],
        [row, column]: [usize; 2],
        [height, width]: [usize; 2],
    ) {
        assert!(points.len() >= (POINTS - 1) * stride + self.outs);
        let (tall, wide) = (OUT.min(height - row), OUT.min(width - column));
        for channel in (0..self.outs).step_by(4) {
            // SAFETY: the points were checked just now, the output in `run`.
            unsafe {
                let mut across = [[Four::splat(0.0); OUT]; IN];
                for y in 0..IN {
                    across[y] = settle(std::array::from_fn(|x| {
                        Four::load(points.as_ptr().add((y * IN + x) * stride + channel))
                    }));
                }
                for x in 0..wide {
                    let made = settle(std::array::from_fn(|y| across[y][x]));
                    for (y, value) in made.into_iter().enumerate().take(tall) {
                        value.store(output.as_mut_ptr().add(((row + y) * width + column + x) * self.outs + channel));
                    }
                }
            }
        }
    }
}

/// B transposed times a column.
#[inline(always)]
fn bend(d: [Four; IN]) -> [Four; IN] {
    let [two, four, five] = [2.0, 4.0, 5.0].map(Four::splat);
    let a = d[4].sub(d[2].mul(four));
    let b = d[3].sub(d[1].mul(four));
    let c = d[4].sub(d[2]);
    let e = d[3].sub(d[1]).mul(two);
    [
        d[0].mul(four).sub(d[2].mul(five)).add(d[4]),
        a.add(b),
        a.sub(b),
        c.add(e),
        c.sub(e),
        d[1].mul(four).sub(d[3].mul(five)).add(d[5]),
    ]
}

/// A transposed times a column.
#[inline(always)]
fn settle(m: [Four; IN]) -> [Four; OUT] {
    let [two, four, eight] = [2.0, 4.0, 8.0].map(Four::splat);
    let (a, b) = (m[1].add(m[2]), m[1].sub(m[2]));
    let (c, d) = (m[3].add(m[4]), m[3].sub(m[4]));
    [m[0].add(a).add(c), b.add(d.mul(two)), a.add(c.mul(four)), b.add(d.mul(eight)).add(m[5])]
}

/// `[count, ins] [ins, wide] -> [count, wide]`: the tiles in sixes as [`panel`] reads them, the weights packed.
fn multiply(read: &[f32], count: usize, ins: usize, weights: &[f32], wide: usize, made: &mut [f32]) {
    assert!(
        read.len() >= count.next_multiple_of(ROWS) * ins && weights.len() >= wide * ins && made.len() >= count * wide
    );
    // Eight channels' weights stay in the nearest cache while all tiles pass.
    for out in (0..wide).step_by(WIDTH) {
        for tile in (0..count).step_by(ROWS) {
            let rows = ROWS.min(count - tile);
            // SAFETY: six tiles have `ins` numbers each, every eight of channels as many eights of weights: checked above.
            unsafe {
                let sums = panel(read.as_ptr().add(tile * ins), ins / TURN, weights.as_ptr().add(out * ins));
                for (row, [left, right]) in sums.into_iter().enumerate().take(rows) {
                    let to = made.as_mut_ptr().add((tile + row) * wide + out);
                    left.store(to);
                    right.store(to.add(4));
                }
            }
        }
    }
}
