//! The processor's kernels for painting against Burn's layers, and Winograd's against the sum that a convolution is.
#![cfg(not(target_family = "wasm"))]

use burn::tensor::{Device, Tensor, TensorData};
use gan_atelier::models::cyclegan::{Canvas, ResnetGenerator, ResnetGeneratorConfig, Upsample};
use gan_atelier::nn::kernels::{Direct, Input, Maps, Moments, NOWHERE, Onto, Source, Strip, Then, Winograd, normalise};
use gan_atelier::nn::params::map_parameters;
use gan_atelier::rng::{Purpose, Stream};

fn numbers(count: usize, seed: u64) -> Vec<f32> {
    Stream::new(seed, Purpose::Sample, 0).normals(count)
}

/// The largest difference, of the largest value.
fn far(made: &[f32], expected: &[f32]) -> f32 {
    assert_eq!(made.len(), expected.len());
    let most = expected.iter().fold(0.0f32, |most, value| most.max(value.abs()));
    made.iter().zip(expected).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max) / most
}

#[test]
fn winograd_equals_the_sum_for_sides_that_no_tile_fits() {
    for (ins, outs, height, width) in [(4, 8, 5, 9), (8, 4, 1, 1), (12, 20, 16, 7), (24, 24, 30, 33)] {
        let (maps, weight) = (numbers(height * width * ins, 1), numbers(outs * ins * 9, 2));
        // Rows and columns in any order: what a border or a doubling makes of them.
        let rows: Vec<usize> = (0..height + 2).map(|at| (at * 7 + 3) % height).collect();
        let columns: Vec<usize> = (0..width + 2).map(|at| (at * 5 + 1) % width).collect();
        let conv = Winograd::new(outs, ins, &weight);
        let mut made = vec![0.0; height * width * outs];
        conv.run(&Source { maps: &maps, width, rows: &rows, columns: &columns }, &mut made, &mut Vec::new());
        let expected: Vec<f32> = (0..made.len())
            .map(|at| {
                let (out, x, y) = (at % outs, at / outs % width, at / outs / width);
                let tap = |(channel, tap): (usize, usize)| {
                    let pixel = rows[y + tap / 3] * width + columns[x + tap % 3];
                    f64::from(maps[pixel * ins + channel]) * f64::from(weight[(out * ins + channel) * 9 + tap])
                };
                (0..ins).flat_map(|channel| (0..9).map(move |at| (channel, at))).map(tap).sum::<f64>() as f32
            })
            .collect();
        let distance = far(&made, &expected);
        assert!(distance < 1e-4, "{ins} to {outs} channels, {height} x {width}: {distance}");
    }
}

#[test]
fn a_place_beyond_the_border_is_zero() {
    let (ins, outs) = (4, 5);
    let weight = numbers(outs * ins, 3);
    let maps = numbers(4 * ins, 4);
    let conv = Direct::new(outs, [1, 1], ins, &[1.0; 5], |out, _, _, channel| weight[out * ins + channel]);
    let (rows, columns) = (vec![vec![0, NOWHERE]], vec![vec![1, 0]]);
    let mut made = vec![0.0; 4 * outs];
    let input = Input { maps: &maps, width: 2, rows: &rows, columns: &columns };
    conv.run(&input, Onto { width: 2, step: 1, first: [0, 0] }, &mut made, &mut Vec::new());
    assert_eq!(made[2 * outs..], [1.0; 10], "the second row is the bias alone");
    let first: f32 = 1.0 + (0..ins).map(|channel| maps[ins + channel] * weight[channel]).sum::<f32>();
    assert!((made[0] - first).abs() < 1e-5, "{} {first}", made[0]);
}

#[test]
fn norms_are_exact_far_from_zero() {
    let channels = 8;
    let shifted: Vec<f32> = numbers(1_000 * channels, 5).into_iter().map(|value| 300.0 + 0.01 * value).collect();
    let mut maps = shifted.clone();
    let moments = Moments::merged(&[
        Moments::of(&maps[..channels * 300], channels),
        Moments::of(&maps[channels * 300..], channels),
    ]);
    normalise(&mut maps, &moments, Then::Nothing);
    for channel in 0..channels {
        let of =
            |values: &[f32]| values.iter().skip(channel).step_by(channels).map(|v| f64::from(*v)).collect::<Vec<_>>();
        let given = of(&shifted);
        let mean = given.iter().sum::<f64>() / 1_000.0;
        let variance = given.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / 1_000.0;
        let worst = of(&maps)
            .iter()
            .zip(&given)
            .map(|(made, value)| (made - (value - mean) / (variance + 1e-5).sqrt()).abs())
            .fold(0.0, f64::max);
        // Single precision at 300 knows the numbers themselves to 3e-5.
        assert!(worst < 5e-3, "channel {channel}: {worst}");
    }
}

fn generator(filters: usize, blocks: usize, upsample: Upsample, canvas: Canvas) -> ResnetGenerator {
    let device = Device::flex();
    let config = ResnetGeneratorConfig { filters, blocks, upsample, canvas };
    let mut stream = Stream::new(7, Purpose::Initialisation, 0);
    let generator = config.init(&mut stream, &device);
    // As after a training: initial weights leave most of the range unused.
    map_parameters(generator, |_, value| value.mul_scalar(6.0))
}

#[test]
fn the_generator_equals_burns_in_every_form() {
    for (upsample, canvas, filters, [height, width]) in [
        (Upsample::Transposed, Canvas::Empty, 8, [16, 28]),
        (Upsample::Resize, Canvas::Picture, 4, [24, 20]),
        (Upsample::Resize, Canvas::Underpainting, 12, [36, 64]),
        // Filled up to twelve and to eight channels.
        (Upsample::Resize, Canvas::Underpainting, 10, [36, 64]),
        (Upsample::Transposed, Canvas::Empty, 5, [16, 28]),
    ] {
        let generator = generator(filters, 3, upsample, canvas);
        let config = generator.config();
        let picture: Vec<f32> = numbers(3 * height * width, 9).into_iter().map(|value| value.tanh()).collect();
        let picture: Tensor<4> = Tensor::from_data(TensorData::new(picture, [1, 3, height, width]), &Device::flex());
        let quick = generator.plan().expect("a form that the kernels know").open();
        let planes = picture.clone().into_data().try_to_vec::<f32>().expect("numbers");
        let mut strip = Strip::whole(&quick, &Maps::from_planes(&planes, 3, height, width));
        let mut x = picture.clone();
        for layer in 0..generator.layers() {
            x = generator.forward_layer(layer, &picture, x);
            // A block's two convolutions are one layer of Burn's.
            for _ in 0..if (3..3 + config.blocks).contains(&layer) { 2 } else { 1 } {
                strip.advance(&quick);
            }
            let made = match layer + 1 == generator.layers() {
                true => {
                    generator.finish_quick(&picture, &strip.to_maps()).into_data().try_to_vec::<f32>().expect("numbers")
                }
                false => strip.to_maps().to_planes(),
            };
            let expected = x.clone().into_data().try_to_vec::<f32>().expect("numbers");
            let (made, filled) = made.split_at(expected.len());
            assert!(filled.iter().all(|value| *value == 0.0), "{upsample:?} {filters}, layer {layer}");
            let distance = far(made, &expected);
            assert!(distance < 1e-3, "{upsample:?} {canvas:?}, layer {layer}: {distance}");
        }
        assert_eq!(strip.at(), quick.convolutions());
    }
}

/// Strips of a picture, each with its neighbours' rows and everybody's moments.
#[test]
fn strips_make_what_the_whole_makes() {
    let (height, width) = (64, 20);
    for (upsample, cuts) in [(Upsample::Transposed, vec![0, 4, 16]), (Upsample::Resize, vec![0, 7, 11, 16])] {
        let quick = generator(4, 2, upsample, Canvas::Empty).plan().expect("a form that the kernels know").open();
        let picture = Maps { values: numbers(3 * height * width, 3), height, width, channels: 3 };
        let part = |ends: &[usize]| {
            let rows = &picture.values[ends[0] * 4 * picture.line()..ends[1] * 4 * picture.line()];
            Strip::new(&quick, rows, width, ends[0]..ends[1], height / 4)
        };
        let mut strips: Vec<Strip> = cuts.windows(2).map(part).collect();
        for at in 0..quick.convolutions() {
            let [above, below] = quick.reach(at);
            let edges: Vec<[Vec<f32>; 2]> = strips
                .iter()
                .map(|strip| {
                    let [first, last] = [below, strip.height() - above].map(|row| row * strip.line());
                    [strip.values()[..first].to_vec(), strip.values()[last..].to_vec()]
                })
                .collect();
            let mut convolve = |(number, strip): (usize, &mut Strip)| {
                let above = number.checked_sub(1).map_or(&[][..], |before| &edges[before][1]);
                strip.convolve(&quick, above, edges.get(number + 1).map_or(&[], |after| &after[0]))
            };
            let moments: Vec<Moments> = strips.iter_mut().enumerate().map(&mut convolve).collect();
            strips.iter_mut().for_each(|strip| strip.settle(&moments));
        }
        let made = strips.iter().flat_map(|strip| strip.values().to_vec()).collect::<Vec<_>>();
        let mut whole = Strip::whole(&quick, &picture);
        while whole.advance(&quick) {}
        let distance = far(&made, whole.values());
        assert!(distance < 1e-4, "{upsample:?}: {distance}");
    }
}

#[test]
fn widths_and_forms_that_the_kernels_do_not_know_stay_burns() {
    assert!(generator(3, 1, Upsample::Resize, Canvas::Empty).plan().is_none());
}
