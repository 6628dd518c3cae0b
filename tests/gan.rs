//! The plain GAN's networks against PyTorch and against finite differences.
#![cfg(not(target_family = "wasm"))]

use burn::module::Module;
use burn::tensor::{Device, Tensor, TensorData};
use gan_atelier::data::Dataset;
use gan_atelier::models::mlp::{Mlp, MlpConfig};
use gan_atelier::nn::optim::OptimizerKind;
use gan_atelier::nn::params::{load_parameters, map_parameters, named_parameters};
use gan_atelier::nn::spectral::SpectralNorm;
use gan_atelier::rng::{Purpose, Stream};
use gan_atelier::training::gan::Gan;
use gan_atelier::training::gan::GanConfig;
use gan_atelier::training::losses::{Loss, gradient_penalty};
use gan_atelier::weights::{Arrays, safetensors};
use serde_json::{Map, Value, json};

fn changes(value: Value) -> Map<String, Value> {
    value.as_object().cloned().expect("an object")
}

fn golden() -> Arrays {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/gan.safetensors");
    safetensors::read(&std::fs::read(path).expect("the golden file")).expect("a readable golden file")
}

fn with_golden_weights(network: Mlp, arrays: &Arrays, prefix: &str) -> Mlp {
    let values =
        arrays.iter().filter_map(|(key, array)| Some((key.strip_prefix(prefix)?.to_string(), array.values.clone())));
    load_parameters(network, values.collect()).expect("the golden weights fit")
}

fn rows(arrays: &Arrays, key: &str, step: usize) -> Tensor<2> {
    let array = &arrays[key];
    let [_, n, d] = array.shape[..] else { panic!("{key} has shape {:?}", array.shape) };
    let values = array.values[step * n * d..(step + 1) * n * d].to_vec();
    Tensor::from_data(TensorData::new(values, [n, d]), &Device::flex())
}

fn floats<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_to_vec().expect("f32")
}

#[test]
fn ten_steps_equal_pytorchs() {
    let arrays = golden();
    for (loss, name) in Loss::ALL.into_iter().zip(["non_saturating", "least_squares", "hinge", "wasserstein"]) {
        let config = GanConfig {
            loss,
            // As in tests/golden/gan.py, which says why.
            optimizer: match loss {
                Loss::NonSaturating | Loss::LeastSquares => OptimizerKind::Adam,
                _ => OptimizerKind::Sgd,
            },
            hidden_dim: 8,
            hidden_layers: 2,
            latent_dim: 3,
            label_smoothing: 0.1,
            clip: 0.1,
            learning_rate_d: 1e-2,
            learning_rate_g: 1e-2,
            anneal_steps: 0,
            ..GanConfig::default()
        };
        let data = Dataset::Ring.open(None).expect("the ring");
        let mut gan = Gan::new(&config, &data, &Device::flex());
        ten_steps(&mut gan, &config, &arrays, name);
    }
}

/// R1, R2, relativistic pairing and spectral normalisation; PyTorch differentiates the input gradient a second time.
#[test]
fn ten_regularised_steps_equal_pytorchs() {
    let arrays = golden();
    for (name, more) in [
        ("r1", json!({ "r1": 0.5 })),
        ("r2", json!({ "r2": 0.5 })),
        ("relativistic", json!({ "loss": "relativistic" })),
        ("r3gan", json!({ "loss": "relativistic", "r1": 0.3, "r2": 0.2 })),
        ("spectral", json!({ "loss": "hinge", "spectral_norm": true })),
        ("spectral_r1", json!({ "loss": "hinge", "spectral_norm": true, "r1": 0.5 })),
    ] {
        let mut settings = changes(json!({
            "optimizer": "sgd", "hidden_dim": 8, "hidden_layers": 2, "latent_dim": 3, "label_smoothing": 0.1,
            "learning_rate_d": 1e-2, "learning_rate_g": 1e-2, "anneal_steps": 0,
        }));
        settings.extend(changes(more));
        let config = GanConfig::new(&settings).expect("a valid configuration");
        let mut gan = Gan::new(&config, &Dataset::Ring.open(None).expect("the ring"), &Device::flex());
        if let Some(spectral) = &mut gan.spectral {
            let prefix = format!("{name}.directions.");
            let state =
                arrays.iter().filter_map(|(k, a)| Some((k.strip_prefix(&prefix)?.to_string(), a.values.clone())));
            spectral.load(state.collect(), &Device::flex()).expect("the golden directions fit");
        }
        ten_steps(&mut gan, &config, &arrays, name);
    }
}

fn ten_steps(gan: &mut Gan, config: &GanConfig, arrays: &Arrays, name: &str) {
    let load = |network: &Mlp, part: &str| with_golden_weights(network.clone(), arrays, &format!("{name}.{part}."));
    gan.generator = load(&gan.generator, "generator");
    gan.discriminator = load(&gan.discriminator, "discriminator");
    for step in 0..10 {
        let part = |key: &str| rows(arrays, &format!("{name}.{key}"), step);
        let beside = (config.loss == Loss::Relativistic).then(|| part("beside"));
        let loss_d = floats(gan.step_discriminator(config, part("real"), part("latent_d"), None))[0];
        let loss_g = floats(gan.step_generator(config, part("latent_g"), beside, None))[0];
        let expected = &arrays[&format!("{name}.losses")].values[2 * step..2 * step + 2];
        assert!((loss_d - expected[0]).abs() < 1e-4, "{name} step {step}: d {loss_d}, not {}", expected[0]);
        assert!((loss_g - expected[1]).abs() < 1e-4, "{name} step {step}: g {loss_g}, not {}", expected[1]);
    }
    for parameter in named_parameters(&gan.generator) {
        let expected = &arrays[&format!("{name}.after.{}", parameter.name)].values;
        for (ours, theirs) in floats(parameter.value).iter().zip(expected) {
            assert!((ours - theirs).abs() < 1e-4, "{name} {}: {ours}, not {theirs}", parameter.name);
        }
    }
}

/// The gradient of each loss in each network's weights, against central differences along a random direction.
#[test]
fn gradients_equal_finite_differences() {
    let device = Device::flex().autodiff();
    let mlp = |inputs, seed| {
        let config = MlpConfig {
            inputs,
            hidden_dim: 6,
            hidden_layers: 2,
            outputs: if inputs == 3 { 2 } else { 1 },
            bounded: false,
        };
        config.init(&mut Stream::new(seed, Purpose::Initialisation, 0), &device)
    };
    let uniform = |n: usize, d: usize, seed| {
        let values = Stream::new(seed, Purpose::Sample, 0).normals(n * d);
        Tensor::<2>::from_data(TensorData::new(values, [n, d]), &device)
    };
    let (generator, discriminator) = (mlp(3, 1), mlp(2, 2));
    for loss in Loss::ALL {
        let loss_d = |d: &Mlp| loss.discriminator(d.forward(uniform(12, 2, 3)), d.forward(uniform(12, 2, 4)), 0.1);
        check(&discriminator, loss_d, &format!("{loss:?} discriminator"));
        let loss_g = |g: &Mlp| loss.generator(discriminator.forward(g.forward(uniform(12, 3, 5))));
        check(&generator, loss_g, &format!("{loss:?} generator"));
    }
}

/// The input gradient written as a forward pass, against central differences of the network itself; the penalties' and
/// the scaled network's gradients in the weights, against central differences of the losses.
#[test]
fn regularisers_equal_finite_differences() {
    let plain = Device::flex();
    let config = MlpConfig { inputs: 2, hidden_dim: 6, hidden_layers: 2, outputs: 1, bounded: false };
    let mlp = config.init(&mut Stream::new(2, Purpose::Initialisation, 0), &plain.clone().autodiff());
    let points = |device: &Device| {
        Tensor::<2>::from_data(TensorData::new(Stream::new(6, Purpose::Sample, 0).normals(24), [12, 2]), device)
    };
    let spectral = SpectralNorm::new(&mlp.valid().weights(), &mut Stream::new(4, Purpose::Initialisation, 1));
    let scales = |mlp: &Mlp, on: bool| if on { spectral.scales(&mlp.weights()) } else { Vec::new() };

    for on in [false, true] {
        let frozen = mlp.valid();
        let (_, gradient) = frozen.forward_with_gradient(points(&plain), &scales(&frozen, on));
        let gradient = floats(gradient);
        for axis in 0..2 {
            let along = |h: f32| {
                let step = Tensor::<2>::from_data(
                    [[if axis == 0 { h } else { 0.0 }, if axis == 1 { h } else { 0.0 }]],
                    &plain,
                );
                floats(frozen.forward_scaled(points(&plain) + step, &scales(&frozen, on)))
            };
            for (row, (up, down)) in along(1e-3).iter().zip(along(-1e-3)).enumerate() {
                let (numeric, written) = ((up - down) / 2e-3, gradient[2 * row + axis]);
                assert!((numeric - written).abs() < 5e-3, "row {row}, axis {axis}: {written}, numerically {numeric}");
            }
        }
        let penalty = |d: &Mlp| {
            let (logits, gradients) = d.forward_with_gradient(points(&plain).autodiff(), &scales(d, on));
            gradient_penalty(gradients, 0.7) + logits.mean()
        };
        check(&mlp, penalty, &format!("penalty, spectral norm {on}"));
        let pairing = |d: &Mlp| {
            let logits = d.forward_scaled(points(&plain).autodiff(), &scales(d, on));
            let (real, fake) = (logits.clone().slice([0..6, 0..1]), logits.slice([6..12, 0..1]));
            Loss::Relativistic.discriminator(real.clone(), fake.clone(), 0.1)
                + Loss::Relativistic.generator_beside(fake, Some(real)).mul_scalar(0.3)
        };
        check(&mlp, pairing, &format!("pairing, spectral norm {on}"));
    }
}

fn check(network: &Mlp, loss: impl Fn(&Mlp) -> Tensor<1>, what: &str) {
    let direction: Vec<Vec<f32>> = named_parameters(network)
        .iter()
        .enumerate()
        .map(|(i, p)| Stream::new(9, Purpose::Sample, i as u64).normals(p.value.dims()[0]))
        .collect();
    let moved = |h: f32| {
        let mut i = 0;
        let network = map_parameters(network.clone(), |_, value| {
            i += 1;
            let along = Tensor::<1>::from_data(TensorData::from(direction[i - 1].as_slice()), &value.device());
            value + along.mul_scalar(h)
        });
        floats(loss(&network).inner())[0]
    };
    let h = 2e-3;
    let numeric = (moved(h) - moved(-h)) / (2.0 * h);
    let mut gradients = loss(network).backward();
    let mut analytic = 0.0;
    let mut i = 0;
    gan_atelier::nn::params::update_parameters(network.clone(), &mut gradients, |_, value, gradient| {
        analytic += floats(gradient).iter().zip(&direction[i]).map(|(g, d)| g * d).sum::<f32>();
        i += 1;
        value
    });
    assert_eq!(i, direction.len(), "{what}: every parameter has a gradient");
    assert!((numeric - analytic).abs() < 2e-2 * analytic.abs().max(0.1), "{what}: {analytic}, numerically {numeric}");
}
