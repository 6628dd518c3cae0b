//! Each operation and its gradients against Burn's own.

use burn::tensor::module::{conv_transpose2d, conv2d};
use burn::tensor::ops::{ConvOptions, ConvTransposeOptions};
use burn::tensor::{Device, Tensor, TensorData, activation};

use super::*;
use crate::nn::kernels::training::{Adam, Bend, Sliding};
use crate::rng::{Purpose, Stream};

fn numbers<const D: usize>(shape: [usize; D], seed: u64) -> Tensor<D> {
    let values = Stream::new(seed, Purpose::Sample, 0).normals(shape.iter().product());
    Tensor::from_data(TensorData::new(values, shape), &Device::flex())
}

fn far<const D: usize>(a: Tensor<D>, b: Tensor<D>) -> f32 {
    assert_eq!(a.dims(), b.dims());
    (a - b).abs().max().into_scalar::<f32>()
}

/// The same numbers, and the same gradients of a sum with weights, of two operations on four dimensions.
fn same(
    what: &str,
    x: Tensor<4>,
    weight: Tensor<4>,
    bias: Tensor<1>,
    ours: impl Fn(Tensor<4>, Tensor<4>, Tensor<1>) -> Tensor<4>,
    theirs: impl Fn(Tensor<4>, Tensor<4>, Tensor<1>) -> Tensor<4>,
) {
    let run = |f: &dyn Fn(Tensor<4>, Tensor<4>, Tensor<1>) -> Tensor<4>| {
        let (x, weight) = (x.clone().autodiff().require_grad(), weight.clone().autodiff().require_grad());
        let bias = bias.clone().autodiff().require_grad();
        let y = f(x.clone(), weight.clone(), bias.clone());
        let gradients = (y.clone() * numbers(y.dims(), 9).autodiff()).sum().backward();
        (y.inner(), x.grad(&gradients), weight.grad(&gradients), bias.grad(&gradients))
    };
    let (ours, theirs) = (run(&ours), run(&theirs));
    assert!(far(ours.0, theirs.0) < 1e-3, "{what}: what comes out");
    for (name, ours, theirs) in [("input", ours.1, theirs.1), ("weight", ours.2, theirs.2)] {
        match (ours, theirs) {
            (Some(ours), Some(theirs)) => assert!(far(ours, theirs) < 2e-3, "{what}: {name}"),
            (ours, theirs) => assert_eq!(ours.is_some(), theirs.is_some(), "{what}: {name}"),
        }
    }
    if let (Some(ours), Some(theirs)) = (ours.3, theirs.3) {
        assert!(far(ours, theirs) < 2e-3, "{what}: bias");
    }
}

#[test]
fn convolutions_equal_burns() {
    for (kernel, stride, padding, [inputs, outputs]) in
        [(3, 1, 1, [5, 9]), (4, 2, 1, [3, 16]), (7, 1, 0, [8, 3]), (3, 2, 1, [4, 8]), (4, 1, 1, [8, 1])]
    {
        let sliding = Sliding { kernel, stride, padding };
        let what = format!("{sliding:?} {inputs} {outputs}");
        let (x, weight) = (numbers([2, inputs, 12, 10], 1), numbers([outputs, inputs, kernel, kernel], 2));
        let options = || ConvOptions::new([stride; 2], [padding; 2], [1, 1], 1);
        let theirs = |x, weight, bias| conv2d(x, weight, Some(bias), options());
        same(
            &what,
            x.clone(),
            weight.clone(),
            numbers([outputs], 3),
            |x, w, b| convolve_planes(sliding, x, w, Some(b)),
            theirs,
        );
        same(
            &format!("{what}, channels last"),
            x,
            weight,
            numbers([outputs], 3),
            |x, w, b| convolve(sliding, x.permute([0, 2, 3, 1]), w, Some(b)).permute([0, 3, 1, 2]),
            theirs,
        );
    }
}

#[test]
fn transposed_convolutions_equal_burns() {
    for (kernel, beyond, [inputs, outputs]) in [(3, 1, [5, 9]), (4, 0, [8, 3]), (4, 0, [16, 8])] {
        let sliding = Sliding { kernel, stride: 2, padding: 1 };
        let (x, weight) = (numbers([2, inputs, 6, 5], 1), numbers([inputs, outputs, kernel, kernel], 2));
        let theirs = |x, weight, bias| {
            conv_transpose2d(x, weight, Some(bias), ConvTransposeOptions::new([2, 2], [1, 1], [beyond; 2], [1, 1], 1))
        };
        let ours = |x, weight, bias| transpose_planes(sliding, [12, 10], x, weight, Some(bias));
        same(&format!("{sliding:?}"), x, weight, numbers([outputs], 3), ours, theirs);
    }
}

#[test]
fn norms_and_their_activations_equal_burns() {
    let plane_mean = |x: Tensor<4>| x.mean_dim(3).mean_dim(2);
    for slope in [0.0, 0.2, 1.0] {
        let bend = |x: Tensor<4>| if slope == 0.0 { activation::relu(x) } else { activation::leaky_relu(x, slope) };
        let instance = |x: Tensor<4>, _: Tensor<4>, _: Tensor<1>| {
            let centred = x.clone() - plane_mean(x);
            let deviation = plane_mean(centred.clone() * centred.clone()).add_scalar(1e-5).sqrt();
            bend(centred / deviation)
        };
        let x = numbers([2, 3, 5, 7], 1).mul_scalar(3.0).add_scalar(2.0);
        same(
            "instance norm",
            x,
            numbers([1; 4], 2),
            numbers([1], 3),
            |x, _, _| instance_norm(x, slope as f32),
            instance,
        );

        let batch = |x: Tensor<4>, scale: Tensor<4>, shift: Tensor<1>| {
            let mean = |x: Tensor<4>| x.mean_dim(2).mean_dim(1).mean_dim(0);
            let centred = x.clone() - mean(x);
            let deviation = mean(centred.clone() * centred.clone()).add_scalar(1e-5).sqrt();
            bend(centred / deviation * scale + shift.reshape([1, 1, 1, 6]))
        };
        let ours = |x, scale: Tensor<4>, shift| batch_norm(x, scale.reshape([6]), shift, slope as f32).0;
        let x = numbers([3, 4, 5, 6], 4).mul_scalar(2.0).sub_scalar(1.0);
        same("batch norm", x, numbers([1, 1, 1, 6], 5), numbers([6], 6), ours, batch);
    }
}

#[test]
fn simple_operations_equal_burns() {
    let one = |f: fn(Tensor<4>) -> Tensor<4>| move |x: Tensor<4>, _: Tensor<4>, _: Tensor<1>| f(x);
    let (weight, bias) = (numbers([1; 4], 2), numbers([1], 3));
    let elu = one(|x| activation::relu(x.clone()) + x.clamp_max(0.0).exp().sub_scalar(1.0));
    let x = || numbers([2, 3, 4, 5], 1);
    same("tanh", x(), weight.clone(), bias.clone(), one(|x| bend(Bend::Tanh, x)), one(Tensor::tanh));
    same("elu", x(), weight.clone(), bias.clone(), one(|x| bend(Bend::Elu, x)), elu);
    same(
        "leaky ReLU",
        x(),
        weight.clone(),
        bias.clone(),
        one(|x| bend(Bend::LeakyRelu(0.2), x)),
        one(|x| activation::leaky_relu(x, 0.2)),
    );
    let (rows, columns) = ([0, 0, 3, 1], [4, 2, 2]);
    let index = |places: &[i32]| {
        Tensor::<1, burn::tensor::Int>::from_data(TensorData::from(places), &Device::flex().autodiff())
    };
    let theirs = |x: Tensor<4>, _, _| x.select(2, index(&rows)).select(3, index(&columns));
    same("pick", x(), weight.clone(), bias.clone(), |x, _, _| pick(x, &rows, &columns), theirs);
    let flat = |f: fn(Tensor<2>) -> Tensor<2>| {
        move |x: Tensor<4>, _: Tensor<4>, _: Tensor<1>| f(x.reshape([6, 20])).reshape([2, 3, 4, 5])
    };
    same("log softmax", x(), weight, bias, flat(log_softmax), flat(|x| activation::log_softmax(x, 1)));
}

#[test]
fn layers_equal_burns() {
    let matrix = |x: Tensor<4>| x.reshape([8, 6]);
    let ours = |x: Tensor<4>, w: Tensor<4>, b: Tensor<1>| {
        Dense { slope: 0.2 }.run(matrix(x), w.reshape([6, 5]), b).reshape([2, 4, 1, 5])
    };
    let theirs = |x: Tensor<4>, w: Tensor<4>, b: Tensor<1>| {
        activation::leaky_relu(matrix(x).matmul(w.reshape([6, 5])) + b.unsqueeze(), 0.2).reshape([2, 4, 1, 5])
    };
    same("dense", numbers([2, 4, 1, 6], 1), numbers([1, 1, 6, 5], 2), numbers([5], 3), ours, theirs);
    let product = |x: Tensor<4>, w: Tensor<4>, _: Tensor<1>| {
        Dense { slope: 1.0 }.product(matrix(x), w.reshape([6, 5])).reshape([2, 4, 1, 5])
    };
    let theirs = |x: Tensor<4>, w: Tensor<4>, _: Tensor<1>| matrix(x).matmul(w.reshape([6, 5])).reshape([2, 4, 1, 5]);
    same("product", numbers([2, 4, 1, 6], 1), numbers([1, 1, 6, 5], 2), numbers([5], 3), product, theirs);
}

#[test]
fn changes_of_parameters_leave_what_others_hold() {
    let (value, gradient) = (numbers([7], 1), numbers([7], 2));
    let rule = Adam { beta_1: 0.5, beta_2: 0.9, rate: 0.1, epsilon: 1e-8 };
    let kept = value.clone();
    let before = value.clone().into_data();
    let [changed, m, _] = adam(rule, value, gradient.clone(), None);
    kept.clone().into_data().assert_eq(&before, true);
    assert!(far(m, gradient.clone().mul_scalar(0.5)) < 1e-6);
    assert!(far(changed, kept.clone()) > 0.0);
    let half = kept.clone().narrow(0, 2, 3);
    assert!(far(mix(half.clone(), gradient.narrow(0, 0, 3), 1.0), half) < 1e-6);
    kept.into_data().assert_eq(&before, true);
}
