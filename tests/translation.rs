//! A picture through a translator, as the page does it.
#![cfg(not(target_family = "wasm"))]

use burn::tensor::Device;
use gan_atelier::image::Size;
use gan_atelier::models::cyclegan::{Canvas, ResnetGenerator, ResnetGeneratorConfig, Upsample};
use gan_atelier::nn::params::named_parameters;
use gan_atelier::rng::{Purpose, Stream};
use gan_atelier::session::realism::Judge;
use gan_atelier::session::translation::{Direction, Translator};
use gan_atelier::weights::{Array, cyclegan, safetensors};

/// A network's parameters on the host, in its order.
fn host(generator: &ResnetGenerator) -> Vec<Array> {
    let array = |p: gan_atelier::nn::params::NamedTensor| Array {
        shape: p.shape,
        values: p.value.into_data().try_to_vec().unwrap(),
    };
    named_parameters(generator).into_iter().map(array).collect()
}

fn file(seed: u64) -> Vec<u8> {
    let config = ResnetGeneratorConfig { filters: 4, blocks: 2, upsample: Upsample::Resize, canvas: Canvas::Picture };
    let generator = config.init(&mut Stream::new(seed, Purpose::Initialisation, 0), &Device::flex());
    safetensors::write_f16(&cyclegan::arrays(&config, host(&generator), &Device::flex()).unwrap(), Default::default())
        .unwrap()
}

fn translate(translator: &Translator, rgba: &[u8], width: usize, height: usize, direction: Direction) -> Vec<u8> {
    let mut translation = translator.begin(rgba, width, height, direction).unwrap();
    let mut seen = vec![translation.layer()];
    while !pollster::block_on(translation.advance(1)).unwrap() {
        seen.push(translation.layer());
    }
    assert_eq!(seen, (0..translation.layers()).collect::<Vec<_>>());
    pollster::block_on(translation.finish()).unwrap()
}

#[test]
fn every_size_comes_back_with_its_own_size() {
    let translator = Translator::from_bytes(&file(1), Some(&file(2)), &Device::flex()).unwrap();
    for (width, height) in [(1, 1), (2, 37), (30, 17), (64, 48)] {
        let rgba = gan_atelier::data::scene::draw_scene(width, height, 3);
        let into_b = translate(&translator, &rgba, width, height, Direction::B);
        let into_a = translate(&translator, &rgba, width, height, Direction::A);
        assert_eq!(into_b.len(), rgba.len());
        assert!(into_b.chunks(4).all(|pixel| pixel[3] == 255));
        assert!(width < 10 || into_b != into_a, "two generators, two pictures");
    }
}

#[test]
fn one_file_has_one_direction() {
    let translator = Translator::from_bytes(&file(1), None, &Device::flex()).unwrap();
    assert!(translator.begin(&[0; 4], 1, 1, Direction::B).is_ok());
    assert_eq!(translator.begin(&[0; 4], 1, 1, Direction::A).unwrap_err().code(), "Unsupported");
    assert_eq!(translator.begin(&[0; 3], 1, 1, Direction::B).unwrap_err().code(), "InvalidData");
}

#[test]
fn a_translation_is_not_finished_early() {
    let translator = Translator::from_bytes(&file(1), None, &Device::flex()).unwrap();
    let mut translation = translator.begin(&[200; 4], 1, 1, Direction::B).unwrap();
    pollster::block_on(translation.advance(1)).unwrap();
    assert_eq!(pollster::block_on(translation.finish()).unwrap_err().code(), "Internal");
}

#[test]
fn the_architecture_is_told_for_each_direction() {
    let translator = Translator::from_bytes(&file(1), None, &Device::flex()).unwrap();
    let config = ResnetGeneratorConfig { filters: 4, blocks: 2, upsample: Upsample::Resize, canvas: Canvas::Picture };
    assert_eq!(translator.architecture(Direction::B).map(|found| found.config), Some(config));
    assert_eq!(translator.architecture(Direction::A), None);
}

#[test]
fn bands_cost_more_work_and_less_memory() {
    let translator = Translator::from_bytes(&file(1), None, &Device::flex()).unwrap();
    let of = |side: usize, bands| {
        let work = translator.work(side, side, Direction::B, bands).unwrap();
        (work, translator.peak_bytes(side, side, Direction::B, bands).unwrap())
    };
    let (whole, banded) = (of(4096, false), of(4096, true));
    // Bands are Burn's, which multiplies up to four times where the kernels do once and holds the doubled map besides.
    assert!(banded.0 > whole.0 && banded.0 < 3.0 * whole.0);
    assert!(banded.1 * 2 <= whole.1);
    assert!((of(2048, false).0 * 4.0 / whole.0 - 1.0).abs() < 1e-9, "work grows with the pixels");
}

#[test]
fn every_patch_gets_a_score() {
    let golden =
        std::fs::read(format!("{}/tests/golden/discriminator.safetensors", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let judge = Judge::from_bytes(&golden, &Device::flex()).unwrap();
    let scene = gan_atelier::data::scene::draw_scene(80, 64, 2);
    let scores = pollster::block_on(judge.scores(&scene, Size { width: 80, height: 64 })).unwrap();
    assert_eq!((scores.width, scores.height, scores.values.len()), (8, 6, 48));
    assert!(scores.values.iter().any(|score| (score - scores.values[0]).abs() > 1e-4));
    let small = pollster::block_on(judge.scores(&scene[..4 * 20 * 20], Size { width: 20, height: 20 }));
    assert_eq!(small.unwrap_err().code(), "InvalidData");
}
