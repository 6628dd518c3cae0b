//! The kernels for a worker: a strip of a picture at a time, by addresses in this module's memory. `www/engine/kernels.js` is the only
//! caller. No binding generator: without one the module is small enough to be given to every core, and needs nothing of the page.
//!
//! Numbers are f32 unless said otherwise. Moments are f64: pixels, then mean and sum of squares of each channel.

use gan_atelier_kernels::{Generator, Moments, Shape, Strip, peak};

/// A part of the caller's picture, and what it last told of itself.
pub struct Worked {
    strip: Strip,
    moments: Vec<f64>,
}

/// Room for as many numbers, which the caller fills; aligned for half as many f64.
#[unsafe(no_mangle)]
pub extern "C" fn allocate(count: usize) -> *mut f32 {
    Box::leak(vec![0.0f64; count.div_ceil(2)].into_boxed_slice()).as_mut_ptr().cast()
}

/// # Safety
/// `allocate` gave this room, of this many numbers, and nothing uses it any more.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn release(room: *mut f32, count: usize) {
    drop(unsafe { Box::from_raw(std::ptr::slice_from_raw_parts_mut(room.cast::<f64>(), count.div_ceil(2))) });
}

/// How many numbers all weights of such a network are.
#[unsafe(no_mangle)]
pub extern "C" fn weights(filters: usize, blocks: usize, transposed: u32) -> usize {
    Shape { filters, blocks, transposed: transposed != 0 }.len()
}

/// # Safety
/// There are as many numbers as [`weights`] says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn open(filters: usize, blocks: usize, transposed: u32, flat: *const f32) -> *mut Generator {
    let shape = Shape { filters, blocks, transposed: transposed != 0 };
    let flat = unsafe { std::slice::from_raw_parts(flat, shape.len()) };
    Box::into_raw(Box::new(Generator::from_flat(shape, flat)))
}

/// # Safety
/// `open` gave it, and no strip uses it any more.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn close(generator: *mut Generator) {
    drop(unsafe { Box::from_raw(generator) });
}

#[unsafe(no_mangle)]
pub extern "C" fn convolutions(generator: &Generator) -> usize {
    generator.convolutions()
}

/// Multiplications of the next convolution.
#[unsafe(no_mangle)]
pub extern "C" fn work(generator: &Generator, worked: &Worked) -> f64 {
    worked.strip.work(generator)
}

/// For benchmarks: [`peak::multiply_add`].
#[unsafe(no_mangle)]
pub extern "C" fn multiply_add(turns: usize, by: f32) -> f32 {
    peak::multiply_add(turns, by)
}

/// Rows that a strip borrows for a convolution: above and, in the upper half, below.
#[unsafe(no_mangle)]
pub extern "C" fn reach(generator: &Generator, at: usize) -> u32 {
    let [above, below] = generator.reach(at);
    (above | below << 16) as u32
}

/// A strip of a picture: `4 (end - first)` rows of `width` pixels of three colours, of `4 all` rows.
///
/// # Safety
/// That many numbers lie at `rows`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn begin(
    generator: &Generator,
    first: usize,
    end: usize,
    all: usize,
    width: usize,
    rows: *const f32,
) -> *mut Worked {
    let rows = unsafe { std::slice::from_raw_parts(rows, 4 * (end - first) * width * 3) };
    let strip = Strip::new(generator, rows, width, first..end, all);
    Box::into_raw(Box::new(Worked { strip, moments: Vec::new() }))
}

/// # Safety
/// `begin` gave it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn finish(worked: *mut Worked) {
    drop(unsafe { Box::from_raw(worked) });
}

/// The strip's maps: `[rows, line]`.
#[unsafe(no_mangle)]
pub extern "C" fn values(worked: &Worked) -> *const f32 {
    worked.strip.values().as_ptr()
}

#[unsafe(no_mangle)]
pub extern "C" fn rows(worked: &Worked) -> usize {
    worked.strip.height()
}

/// Numbers of a row of the maps.
#[unsafe(no_mangle)]
pub extern "C" fn line(worked: &Worked) -> usize {
    worked.strip.line()
}

/// The next convolution. Gives how many f64 its moments are, none after the last; they lie at [`moments`].
///
/// # Safety
/// As many numbers lie above and below as said.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn convolve(
    generator: &Generator,
    worked: &mut Worked,
    above: *const f32,
    above_count: usize,
    below: *const f32,
    below_count: usize,
) -> usize {
    let borrowed = |from: *const f32, count: usize| match count {
        0 => &[][..],
        _ => unsafe { std::slice::from_raw_parts(from, count) },
    };
    let made = worked.strip.convolve(generator, borrowed(above, above_count), borrowed(below, below_count));
    let channels = made.channels.iter().flatten().copied();
    worked.moments = if made.is_empty() { Vec::new() } else { [made.count].into_iter().chain(channels).collect() };
    worked.moments.len()
}

#[unsafe(no_mangle)]
pub extern "C" fn moments(worked: &Worked) -> *const f64 {
    worked.moments.as_ptr()
}

/// The norm over the whole picture, from the moments of as many strips, each of as many f64 as `convolve` said.
///
/// # Safety
/// They lie there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn settle(worked: &mut Worked, all: *const f64, strips: usize) {
    let each = worked.moments.len();
    let parts: Vec<Moments> = match each {
        0 => Vec::new(),
        _ => unsafe { std::slice::from_raw_parts(all, strips * each) }
            .chunks_exact(each)
            .map(|part| Moments { count: part[0], channels: part[1..].as_chunks().0.to_vec() })
            .collect(),
    };
    worked.strip.settle(&parts);
}
