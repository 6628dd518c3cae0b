//! Each operation and its gradients against Burn's own, on whatever card the browser has.

use burn::tensor::module::{conv_transpose2d, conv2d};
use burn::tensor::ops::{ConvOptions, ConvTransposeOptions};
use burn::tensor::{Device, Gradients, Tensor, TensorData, activation};
use wasm_bindgen_test::wasm_bindgen_test;

use gan_atelier::models::cyclegan::{Canvas, ResnetGeneratorConfig, Upsample};
use gan_atelier::nn::halves::are_half;
use gan_atelier::nn::kernels::training::{self as kernels, Bend};
use gan_atelier::nn::norm::instance_norm as norm_of_parts;
use gan_atelier::nn::on_card::*;
use gan_atelier::nn::pad::padded;
use gan_atelier::rng::{Purpose, Stream};
use gan_atelier::web::{device, open_device};

/// What half precision may take of a number: WGSL leaves open which of its two neighbours it becomes.
const HALF: f32 = 1.1e-3;

async fn card() -> Device {
    open_device().await.expect("a device");
    device().expect("an open device")
}

fn values(count: usize, seed: u64) -> Vec<f32> {
    Stream::new(seed, Purpose::Sample, 0).normals(count)
}

fn numbers<const D: usize>(shape: [usize; D], seed: u64, device: &Device) -> Tensor<D> {
    Tensor::from_data(TensorData::new(values(shape.iter().product(), seed), shape), device)
}

async fn read<const D: usize>(x: Tensor<D>) -> Vec<f32> {
    let x = if x.is_autodiff() { x.inner() } else { x };
    x.into_data_async().await.expect("numbers").try_to_vec().expect("floats")
}

async fn near<const D: usize>(what: &str, ours: Tensor<D>, theirs: Tensor<D>) {
    near_by(2e-4, what, ours, theirs).await;
}

async fn near_by<const D: usize>(share: f32, what: &str, ours: Tensor<D>, theirs: Tensor<D>) {
    assert_eq!(ours.dims(), theirs.dims(), "{what}");
    let (ours, theirs) = (read(ours).await, read(theirs).await);
    let most = theirs.iter().fold(1.0f32, |most, value| most.max(value.abs()));
    let far = ours
        .iter()
        .zip(&theirs)
        .map(|(a, b)| (a - b).abs())
        .fold(0.0f32, |far, by| if by > far || by.is_nan() { by } else { far });
    assert!(far <= share * most, "{what}: {far} off, of {most}");
}

/// What comes out and what goes back, of a sum with weights.
fn there_and_back<const D: usize, const E: usize>(
    given: &[Tensor<D>],
    more: &[Tensor<1>],
    f: impl Fn(&[Tensor<D>], &[Tensor<1>]) -> Tensor<E>,
) -> (Tensor<E>, Vec<Option<Tensor<D>>>, Vec<Option<Tensor<1>>>) {
    let learned = |x: &Tensor<D>| x.clone().autodiff().require_grad();
    let given: Vec<_> = given.iter().map(learned).collect();
    let more: Vec<_> = more.iter().map(|x| x.clone().autodiff().require_grad()).collect();
    let y = f(&given, &more);
    let weights = numbers(y.dims(), 9, &y.device().inner()).autodiff();
    let gradients: Gradients = (y.clone() * weights).sum().backward();
    let back = |x: &Tensor<D>| x.grad(&gradients);
    (y.inner(), given.iter().map(back).collect(), more.iter().map(|x| x.grad(&gradients)).collect())
}

async fn same<const D: usize, const E: usize>(
    what: &str,
    given: &[Tensor<D>],
    more: &[Tensor<1>],
    ours: impl Fn(&[Tensor<D>], &[Tensor<1>]) -> Tensor<E>,
    theirs: impl Fn(&[Tensor<D>], &[Tensor<1>]) -> Tensor<E>,
) {
    let (ours, theirs) = (there_and_back(given, more, ours), there_and_back(given, more, theirs));
    near(&format!("{what}: what comes out"), ours.0, theirs.0).await;
    for (at, pair) in ours.1.into_iter().zip(theirs.1).enumerate() {
        let (Some(ours), Some(theirs)) = pair else { panic!("{what}: no gradient in {at}") };
        near(&format!("{what}: gradient in {at}"), ours, theirs).await;
    }
    for (at, pair) in ours.2.into_iter().zip(theirs.2).enumerate() {
        let (Some(ours), Some(theirs)) = pair else { panic!("{what}: no gradient in vector {at}") };
        near(&format!("{what}: gradient in vector {at}"), ours, theirs).await;
    }
}

#[wasm_bindgen_test]
async fn convolutions_equal_burns() {
    let device = card().await;
    for (kernel, stride, padding, [inputs, outputs], [height, width]) in [
        (3, 1, 1, [5, 9], [12, 10]),
        (4, 2, 1, [3, 16], [12, 10]),
        (7, 1, 0, [8, 3], [12, 10]),
        (3, 2, 1, [4, 40], [9, 7]),
        (4, 1, 1, [8, 1], [40, 31]),
        // Through shared memory: there, and back.
        (3, 1, 1, [64, 40], [12, 10]),
        (3, 1, 1, [40, 64], [12, 10]),
        // By Winograd's tiles, which do not fill the last row and column, nor the last channels.
        (3, 1, 1, [58, 33], [11, 9]),
        (3, 1, 0, [130, 64], [12, 15]),
        (1, 1, 0, [520, 40], [5, 7]),
    ] {
        let what = format!("kernel {kernel}, stride {stride}, {inputs} to {outputs}");
        let given =
            [numbers([2, inputs, height, width], 1, &device), numbers([outputs, inputs, kernel, kernel], 2, &device)];
        let bias = [numbers([outputs], 3, &device)];
        let theirs = |given: &[Tensor<4>], bias: &[Tensor<1>]| {
            let options = ConvOptions::new([stride; 2], [padding; 2], [1, 1], 1);
            conv2d(given[0].clone(), given[1].clone(), bias.first().cloned(), options)
        };
        let geometry = |last| Geometry { kernel, stride, padding, last };
        let planes = |given: &[Tensor<4>], bias: &[Tensor<1>]| {
            convolve(geometry(false), given[0].clone(), given[1].clone(), bias.first().cloned())
        };
        same(&what, &given, &bias, planes, theirs).await;
        same(&format!("{what}, no bias"), &given, &[], planes, theirs).await;
        let last = |given: &[Tensor<4>], bias: &[Tensor<1>]| {
            let x = given[0].clone().permute([0, 2, 3, 1]);
            convolve(geometry(true), x, given[1].clone(), bias.first().cloned()).permute([0, 3, 1, 2])
        };
        same(&format!("{what}, channels last"), &given, &bias, last, theirs).await;
    }
}

#[wasm_bindgen_test]
async fn maps_in_half_precision_are_those_in_single() {
    let device = card().await;
    let rounded = numbers([2, 3, 6, 7], 1, &device);
    let there = widened(narrowed(rounded.clone()));
    near_by(HALF, "there and back", there, rounded).await;
    for (kernel, stride, [inputs, outputs], [height, width]) in [
        (7, 1, [3, 16], [12, 10]),
        (3, 2, [16, 40], [12, 20]),
        (3, 1, [64, 40], [7, 10]),
        // Rows of an odd width: words reach over two rows.
        (3, 1, [64, 40], [6, 7]),
        (7, 1, [16, 3], [64, 50]),
    ] {
        let what = format!("kernel {kernel}, stride {stride}, {inputs} to {outputs}");
        // As halves hold them.
        let x = widened(narrowed(numbers([1, inputs, height, width], 1, &device)));
        let weight = numbers([outputs, inputs, kernel, kernel], 2, &device);
        let bias = numbers([outputs], 3, &device);
        let places = [height, width].map(|side| padded(side, kernel / 2));
        let made = |x| {
            let places = places.each_ref().map(Vec::as_slice);
            convolve_picked(stride, x, weight.clone(), Some(bias.clone()), places)
        };
        let (wide, half) = (made(x.clone()), made(narrowed(x)));
        assert!(are_half(&half) && !are_half(&wide), "{what}");
        near_by(HALF, &what, widened(half.clone()), wide.clone()).await;
        let wide = widened(narrowed(wide));
        for slope in [0.0, 1.0] {
            let half = widened(instance_norm(half.clone(), slope));
            near_by(2.0 * HALF, &format!("norm behind {what}"), half, instance_norm(wide.clone(), slope)).await;
        }
        let onto = |x: Tensor<4>| instance_norm_onto(x.clone(), x);
        near_by(2.0 * HALF, &format!("added, {what}"), widened(onto(half)), onto(wide)).await;
    }
    // Onto places of two phases: single numbers come out.
    let (x, weight) = (numbers([1, 40, 6, 5], 1, &device), numbers([40, 36, 3, 3], 2, &device));
    let x = widened(narrowed(x));
    let geometry = Geometry { kernel: 3, stride: 2, padding: 1, last: false };
    let made = |x| transpose(geometry, [12, 10], x, weight.clone(), None);
    near("transposed of halves", made(narrowed(x.clone())), made(x)).await;
}

#[wasm_bindgen_test]
async fn a_painting_in_half_precision_is_within_a_level() {
    let device = card().await;
    for (upsample, canvas, blocks) in [
        (Upsample::Resize, Canvas::Underpainting, 3),
        (Upsample::Transposed, Canvas::Empty, 1),
        (Upsample::Resize, Canvas::Picture, 1),
    ] {
        let config = ResnetGeneratorConfig { filters: 8, blocks, upsample, canvas };
        let generator = config.init(&mut Stream::new(5, Purpose::Sample, 0), &device);
        let picture = numbers([1, 3, 180, 184], 6, &device).clamp(-1.0, 1.0);
        let start = generator.narrowed(picture.clone());
        assert!(are_half(&start));
        let half = (0..generator.layers()).fold(start, |x, layer| generator.forward_layer(layer, &picture, x));
        // A level of 8 bits is 2 of 255.
        near_by(2.0 / 255.0, &format!("{upsample:?}, {canvas:?}"), half, generator.forward(picture)).await;
    }
    let config =
        ResnetGeneratorConfig { filters: 8, blocks: 1, upsample: Upsample::Resize, canvas: Canvas::Underpainting };
    let large = config.init_from(&mut |_, shape| Ok(vec![1.0; shape.iter().product()]), &device).expect("a generator");
    assert!(!are_half(&large.narrowed(numbers([1, 3, 180, 184], 6, &device))), "weights too large for halves");
}

#[wasm_bindgen_test]
async fn transposed_convolutions_equal_burns() {
    let device = card().await;
    for (kernel, beyond, [inputs, outputs]) in [(3, 1, [5, 9]), (4, 0, [8, 3]), (4, 0, [16, 40]), (4, 0, [130, 40])] {
        let what = format!("transposed, kernel {kernel}, {inputs} to {outputs}");
        let given = [numbers([2, inputs, 6, 5], 1, &device), numbers([inputs, outputs, kernel, kernel], 2, &device)];
        let bias = [numbers([outputs], 3, &device)];
        let theirs = |given: &[Tensor<4>], bias: &[Tensor<1>]| {
            let options = ConvTransposeOptions::new([2, 2], [1, 1], [beyond; 2], [1, 1], 1);
            conv_transpose2d(given[0].clone(), given[1].clone(), bias.first().cloned(), options)
        };
        let geometry = |last| Geometry { kernel, stride: 2, padding: 1, last };
        let planes = |given: &[Tensor<4>], bias: &[Tensor<1>]| {
            transpose(geometry(false), [12, 10], given[0].clone(), given[1].clone(), bias.first().cloned())
        };
        same(&what, &given, &bias, planes, theirs).await;
        let last = |given: &[Tensor<4>], bias: &[Tensor<1>]| {
            let x = given[0].clone().permute([0, 2, 3, 1]);
            transpose(geometry(true), [12, 10], x, given[1].clone(), bias.first().cloned()).permute([0, 3, 1, 2])
        };
        same(&format!("{what}, channels last"), &given, &bias, last, theirs).await;
    }
}

#[wasm_bindgen_test]
async fn layers_and_activations_equal_burns() {
    let device = card().await;
    for (n, inputs, outputs, slope) in [(7, 5, 9, 0.2), (128, 64, 64, 0.0), (600, 2, 1, 1.0)] {
        let given = [numbers([n, inputs], 1, &device), numbers([inputs, outputs], 2, &device)];
        let bias = [numbers([outputs], 3, &device)];
        let bent = |x: Tensor<2>| match slope {
            0.0 => activation::relu(x),
            1.0 => x,
            slope => activation::leaky_relu(x, slope),
        };
        same(
            &format!("{n} rows, {inputs} to {outputs}, slope {slope}"),
            &given,
            &bias,
            |given, bias| Dense { slope: slope as f32 }.run(given[0].clone(), given[1].clone(), bias[0].clone()),
            |given, bias| bent(given[0].clone().matmul(given[1].clone()) + bias[0].clone().unsqueeze()),
        )
        .await;
        let product =
            |given: &[Tensor<2>], _: &[Tensor<1>]| Dense { slope: 1.0 }.product(given[0].clone(), given[1].clone());
        same("product", &given, &[], product, |given, _| given[0].clone().matmul(given[1].clone())).await;
        let outer = outer(given[0].clone(), given[0].clone());
        near("outer", outer, given[0].clone().transpose().matmul(given[0].clone())).await;
    }
    let x = [numbers([3, 301], 4, &device).mul_scalar(4.0)];
    let own = |bend: Bend| move |x: &[Tensor<2>], _: &[Tensor<1>]| gan_atelier::nn::on_card::bend(bend, x[0].clone());
    same("leaky", &x, &[], own(Bend::LeakyRelu(0.2)), |x, _| activation::leaky_relu(x[0].clone(), 0.2)).await;
    same("tanh", &x, &[], own(Bend::Tanh), |x, _| x[0].clone().tanh()).await;
    let elu = |x: &[Tensor<2>], _: &[Tensor<1>]| {
        activation::relu(x[0].clone()) + x[0].clone().clamp(-87.0, 0.0).exp().sub_scalar(1.0)
    };
    let theirs =
        |x: &[Tensor<2>], _: &[Tensor<1>]| activation::relu(x[0].clone()) + (-x[0].clone().abs()).exp().log1p();
    same("softplus", &x, &[], |x, _| softplus(x[0].clone()), theirs).await;
    same("elu", &x, &[], own(Bend::Elu), elu).await;
    same("log softmax", &x, &[], |x, _| log_softmax(x[0].clone()), |x, _| activation::log_softmax(x[0].clone(), 1))
        .await;
}

#[wasm_bindgen_test]
async fn norms_and_picks_equal_burns() {
    let device = card().await;
    for (slope, [height, width]) in [(0.0, [5, 7]), (0.2, [100, 90]), (1.0, [3, 3])] {
        let bend = |x: Tensor<4>| if slope == 0.0 { activation::relu(x) } else { activation::leaky_relu(x, slope) };
        let x = [numbers([2, 3, height, width], 1, &device).mul_scalar(3.0).add_scalar(2.0)];
        let theirs = |x: &[Tensor<4>], _: &[Tensor<1>]| bend(norm_of_parts(x[0].clone()));
        same("instance norm", &x, &[], |x, _| instance_norm(x[0].clone(), slope as f32), theirs).await;

        let learned = [numbers([3], 5, &device), numbers([3], 6, &device)];
        let x = [x[0].clone().permute([0, 2, 3, 1])];
        let mean = |x: Tensor<4>| x.mean_dim(2).mean_dim(1).mean_dim(0);
        let theirs = |x: &[Tensor<4>], learned: &[Tensor<1>]| {
            let centred = x[0].clone() - mean(x[0].clone());
            let deviation = mean(centred.clone() * centred.clone()).add_scalar(1e-5).sqrt();
            bend(centred / deviation * learned[0].clone().unsqueeze() + learned[1].clone().unsqueeze())
        };
        let ours = |x: &[Tensor<4>], learned: &[Tensor<1>]| {
            batch_norm(x[0].clone(), learned[0].clone(), learned[1].clone(), slope as f32).0
        };
        same("batch norm", &x, &learned, ours, theirs).await;
        let (_, [middle, variance]) = batch_norm(x[0].clone(), learned[0].clone(), learned[1].clone(), 1.0);
        near("means", middle, mean(x[0].clone()).reshape([3])).await;
        let centred = x[0].clone() - mean(x[0].clone());
        near("variances", variance, mean(centred.clone() * centred).reshape([3])).await;
    }
    let x = [numbers([2, 3, 5, 4], 7, &device)];
    let rows = padded(5, 2);
    let columns = [&padded(4, 3)[..], &[1, 1]].concat();
    let index = |places: &[i32]| Tensor::<1, burn::tensor::Int>::from_data(TensorData::from(places), &device);
    let theirs = |x: &[Tensor<4>], _: &[Tensor<1>]| {
        let [rows, columns] =
            [index(&rows), index(&columns)].map(|places| if x[0].is_autodiff() { places.autodiff() } else { places });
        x[0].clone().select(2, rows).select(3, columns)
    };
    same("picks", &x, &[], |x, _| pick(x[0].clone(), &rows, &columns), theirs).await;
}

#[wasm_bindgen_test]
async fn parameters_change_as_the_processors_do_and_copies_stay() {
    let device = card().await;
    let rule = kernels::Adam { beta_1: 0.5, beta_2: 0.9, rate: 0.01, epsilon: 1e-8 };
    let count = 301;
    let (mut value, mut m, mut v) = (values(count, 1), vec![0.0; count], vec![0.0; count]);
    let mut here = numbers([count], 1, &device);
    let first = here.clone();
    let mut moments = None;
    for step in 0..3 {
        let gradient = values(count, 10 + step);
        kernels::adam(rule, &mut value, &gradient, &mut m, &mut v);
        let gradient = numbers([count], 10 + step, &device);
        let [next, first, second] = adam(&Rule::new(rule, &here), here, gradient, moments);
        (here, moments) = (next, Some([first, second]));
    }
    let on_card = |values: &[f32]| Tensor::<1>::from_data(TensorData::from(values), &device);
    near("value", here.clone(), on_card(&value)).await;
    let [first_moment, second_moment] = moments.expect("after three steps");
    near("first moment", first_moment, on_card(&m)).await;
    near("second moment", second_moment, on_card(&v)).await;
    near("a copy from before", first.clone(), on_card(&values(count, 1))).await;
    let mixed = mix(&Share::new(0.9, &first), first.clone(), here.clone());
    near("mixed", mixed, first.mul_scalar(0.9) + here.mul_scalar(0.1)).await;
}
