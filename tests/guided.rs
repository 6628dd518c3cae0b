//! Guided upsampling against what follows from its definition.
#![cfg(not(target_family = "wasm"))]

use gan_atelier::data::scene::draw_scene;
use gan_atelier::image::Size;
use gan_atelier::image::guided::Lift;

fn size(width: usize, height: usize) -> Size {
    Size { width, height }
}

/// Means of squares of pixels.
fn smaller(rgba: &[u8], full: Size, by: usize) -> (Vec<u8>, Size) {
    let small = size(full.width / by, full.height / by);
    let mean = |x: usize, y: usize, c: usize| {
        let values = (0..by * by).map(|at| rgba[4 * ((y * by + at / by) * full.width + x * by + at % by) + c] as usize);
        ((values.sum::<usize>() * 2 + by * by) / (2 * by * by)) as u8
    };
    let pixels = (0..small.width * small.height)
        .flat_map(|at| [0, 1, 2, 3].map(|c| mean(at % small.width, at / small.width, c)));
    (pixels.collect(), small)
}

/// Every pixel through a function of its colour.
fn painted(rgba: &[u8], paint: impl Fn([f32; 3]) -> [f32; 3]) -> Vec<u8> {
    let pixels = rgba.as_chunks::<4>().0.iter();
    pixels
        .flat_map(|p| {
            let [r, g, b] = paint([p[0] as f32, p[1] as f32, p[2] as f32]).map(|v| v.round() as u8);
            [r, g, b, 255]
        })
        .collect()
}

/// In bands of a few rows, as the page does it.
fn lifted(photo: &[u8], painting: &[u8], small: Size, full_photo: &[u8], full: Size, rows: usize) -> Vec<u8> {
    let lift = Lift::new(photo, painting, small, full).unwrap();
    let mut out = full_photo.to_vec();
    for (band, chunk) in out.chunks_mut(4 * full.width * rows).enumerate() {
        lift.paint_rows(chunk, band * rows).unwrap();
    }
    out
}

fn mean_and_most(one: &[u8], two: &[u8]) -> (f64, u8) {
    let differences = one.iter().zip(two).map(|(a, b)| a.abs_diff(*b));
    (differences.clone().map(f64::from).sum::<f64>() / one.len() as f64, differences.max().unwrap())
}

#[test]
fn at_its_own_size_a_painting_comes_back_unchanged() {
    let here = size(60, 44);
    let (photo, painting) = (draw_scene(60, 44, 1), draw_scene(60, 44, 9));
    assert_eq!(lifted(&photo, &painting, here, &photo, here, 7), painting);
}

#[test]
fn a_constant_stays_one() {
    let (full, photo) = (size(130, 90), draw_scene(130, 90, 2));
    let (small_photo, small) = smaller(&photo, full, 2);
    let grey = painted(&small_photo, |_| [90.0, 120.0, 30.0]);
    assert_eq!(lifted(&small_photo, &grey, small, &photo, full, 8), painted(&photo, |_| [90.0, 120.0, 30.0]));
}

#[test]
fn the_photo_itself_stays_itself() {
    let (full, photo) = (size(512, 384), draw_scene(512, 384, 3));
    let (small_photo, small) = smaller(&photo, full, 4);
    let (mean, most) = mean_and_most(&lifted(&small_photo, &small_photo, small, &photo, full, 64), &photo);
    println!("identity: mean {mean:.3}, most {most} of 255");
    assert!(mean < 0.1 && most <= 24, "{mean} {most}");
}

const AFFINE: fn([f32; 3]) -> [f32; 3] = |[r, g, b]| [0.6 * r + 0.2 * b + 20.0, 0.7 * g + 30.0, 230.0 - 0.8 * b];

#[test]
fn an_affine_painting_is_recovered_where_the_photo_has_contrast() {
    let shades = |count: u32, seed| {
        (0..count).map(move |at| (at.wrapping_add(seed)).wrapping_mul(2_654_435_761).rotate_left(9) as u8)
    };
    let (small, full) = (size(20, 30), size(80, 120));
    let (small_photo, photo): (Vec<u8>, Vec<u8>) =
        (shades(4 * 20 * 30, 1).collect(), shades(4 * 80 * 120, 2).collect());
    let out = lifted(&small_photo, &painted(&small_photo, AFFINE), small, &painted(&photo, |rgb| rgb), full, 50);
    let (mean, most) = mean_and_most(&out, &painted(&photo, AFFINE));
    assert!(mean < 0.4 && most <= 1, "{mean} {most}");
}

#[test]
fn in_a_picture_it_is_recovered_but_for_what_the_small_one_does_not_show() {
    let (full, photo) = (size(512, 384), draw_scene(512, 384, 4));
    let (small_photo, small) = smaller(&photo, full, 4);
    let out = lifted(&small_photo, &painted(&small_photo, AFFINE), small, &photo, full, 50);
    let (mean, most) = mean_and_most(&out, &painted(&photo, AFFINE));
    println!("affine: mean {mean:.3}, most {most} of 255");
    assert!(mean < 0.5 && most <= 24, "{mean} {most}");
}

#[test]
fn edges_lie_where_the_photo_has_them() {
    // A dark and a bright half that meet inside a small pixel; interpolation alone would smear the edge over four or more.
    let full = size(128, 64);
    let photo: Vec<u8> =
        (0..128 * 64).flat_map(|at| [if at % 128 < 62 { 40 } else { 200 }; 3].into_iter().chain([255])).collect();
    let (small_photo, small) = smaller(&photo, full, 4);
    let out = lifted(&small_photo, &painted(&small_photo, |[r, ..]| [250.0 - r, 60.0, r]), small, &photo, full, 64);
    let red = |x: usize| out[4 * (32 * 128 + x)] as i32;
    assert!((red(61) - 210).abs() <= 2 && (red(62) - 50).abs() <= 2, "{} {}", red(61), red(62));
}

#[test]
fn fast_and_by_definition_agree() {
    let full = size(75, 53);
    let small = size(33, 19);
    let (photo, small_photo, painting) = (draw_scene(75, 53, 5), draw_scene(33, 19, 5), draw_scene(33, 19, 8));
    let out = lifted(&small_photo, &painting, small, &photo, full, 5);
    let wanted = naive::lifted(&small_photo, &painting, small, &photo, full);
    assert!(mean_and_most(&out, &wanted).1 <= 1, "{:?}", mean_and_most(&out, &wanted));
}

#[test]
fn wrong_sizes_are_errors() {
    let error =
        |bytes: usize, small, full| Lift::new(&vec![0; bytes], &vec![0; bytes], small, full).unwrap_err().code();
    assert_eq!(error(12, size(2, 2), size(4, 4)), "InvalidData");
    assert_eq!(error(0, size(0, 0), size(4, 4)), "InvalidData");
    assert_eq!(error(4, size(usize::MAX, 2), size(4, 4)), "InvalidData");
    let lift = Lift::new(&[0; 4], &[0; 4], size(1, 1), size(4, 4)).unwrap();
    assert_eq!(lift.paint_rows(&mut [0; 15], 0).unwrap_err().code(), "InvalidData");
    assert_eq!(lift.paint_rows(&mut [0; 16], 4).unwrap_err().code(), "InvalidData");
}

/// The same from the equations, in f64, window by window.
mod naive {
    use super::Size;

    const RADIUS: isize = 4;
    const RIDGE: f64 = 4.0;

    fn around(x: usize, y: usize, size: Size) -> Vec<usize> {
        let inside = |at: isize, length: usize| (0..length as isize).contains(&at);
        let reach = move || -RADIUS..=RADIUS;
        let places = reach().flat_map(|dy| reach().map(move |dx| (x as isize + dx, y as isize + dy)));
        places
            .filter(|(x, y)| inside(*x, size.width) && inside(*y, size.height))
            .map(|(x, y)| y as usize * size.width + x as usize)
            .collect()
    }

    /// Gauss and Jordan, with the right sides of three systems beside the matrix.
    fn solve(mut rows: [[f64; 6]; 3]) -> [[f64; 3]; 3] {
        for k in 0..3 {
            let pivot = rows[k][k];
            rows[k] = rows[k].map(|value| value / pivot);
            for other in (0..3).filter(|other| *other != k) {
                let (factor, row) = (rows[other][k], rows[k]);
                (0..6).for_each(|at| rows[other][at] -= factor * row[at]);
            }
        }
        rows.map(|row| [row[3], row[4], row[5]])
    }

    /// Slopes `[of photo channel][of painting channel]` and constants.
    fn fit(x: &[[f64; 3]], p: &[[f64; 3]]) -> ([[f64; 3]; 3], [f64; 3]) {
        let n = x.len() as f64;
        let mean = |of: &[[f64; 3]], c: usize| of.iter().map(|v| v[c]).sum::<f64>() / n;
        let covariance = |a: &[[f64; 3]], i: usize, b: &[[f64; 3]], j: usize| {
            let (ma, mb) = (mean(a, i), mean(b, j));
            a.iter().zip(b).map(|(a, b)| (a[i] - ma) * (b[j] - mb)).sum::<f64>() / n
        };
        let row = |i: usize| {
            let left = [0, 1, 2].map(|j| covariance(x, i, x, j) + if i == j { RIDGE } else { 0.0 });
            let right = [0, 1, 2].map(|c| covariance(x, i, p, c));
            [left[0], left[1], left[2], right[0], right[1], right[2]]
        };
        let slopes = solve([0, 1, 2].map(row));
        let constants = [0, 1, 2].map(|c| mean(p, c) - (0..3).map(|i| slopes[i][c] * mean(x, i)).sum::<f64>());
        (slopes, constants)
    }

    pub fn lifted(photo: &[u8], painting: &[u8], small: Size, full_photo: &[u8], full: Size) -> Vec<u8> {
        let colour = |rgba: &[u8], at: usize| [0, 1, 2].map(|c| rgba[4 * at + c] as f64);
        let all = |rgba: &[u8], places: &[usize]| places.iter().map(|at| colour(rgba, *at)).collect::<Vec<_>>();
        let pixels = small.width * small.height;
        let places: Vec<Vec<usize>> = (0..pixels).map(|at| around(at % small.width, at / small.width, small)).collect();
        let fits: Vec<_> = places.iter().map(|window| fit(&all(photo, window), &all(painting, window))).collect();
        let tap = |at: usize, y: [f64; 3]| -> [f64; 3] {
            let n = places[at].len() as f64;
            let apply = |k: usize, c: usize| fits[k].1[c] + (0..3).map(|i| fits[k].0[i][c] * y[i]).sum::<f64>();
            [0, 1, 2].map(|c| places[at].iter().map(|k| apply(*k, c)).sum::<f64>() / n)
        };
        let one = |x: usize, y: usize| {
            let place = |at: usize, small: usize, full: usize| {
                ((at as f64 + 0.5) * small as f64 / full as f64 - 0.5).clamp(0.0, small as f64 - 1.0)
            };
            let (sx, sy) = (place(x, small.width, full.width), place(y, small.height, full.height));
            let here = colour(full_photo, y * full.width + x);
            let mut sum = [0.0; 3];
            for (dx, dy) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
                let share = |exact: f64, d: usize| if d == 0 { 1.0 - exact.fract() } else { exact.fract() };
                let at =
                    (sy as usize + dy).min(small.height - 1) * small.width + (sx as usize + dx).min(small.width - 1);
                let (fitted, own, kept) = (tap(at, here), tap(at, colour(photo, at)), colour(painting, at));
                (0..3).for_each(|c| sum[c] += share(sx, dx) * share(sy, dy) * (fitted[c] + kept[c] - own[c]));
            }
            sum.map(|value| value.round().clamp(0.0, 255.0) as u8)
        };
        (0..full.width * full.height)
            .flat_map(|at| {
                let [r, g, b] = one(at % full.width, at / full.width);
                [r, g, b, 255]
            })
            .collect()
    }
}
