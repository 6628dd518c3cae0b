//! A picture in bands is the picture as a whole.
#![cfg(not(target_family = "wasm"))]

use burn::tensor::Device;
use gan_atelier::data::scene::draw_scene;
use gan_atelier::image::Size;
use gan_atelier::models::cyclegan::{Canvas, ResnetGenerator, ResnetGeneratorConfig, Upsample};
use gan_atelier::rng::{Purpose, Stream};
use gan_atelier::session::bands::Banded;
use gan_atelier::session::translation::{Direction, Translator};
use std::rc::Rc;

fn random(upsample: Upsample, canvas: Canvas) -> ResnetGenerator {
    let config = ResnetGeneratorConfig { filters: 4, blocks: 2, upsample, canvas };
    let generator = config.init(&mut Stream::new(7, Purpose::Initialisation, 0), &Device::flex());
    // As after training: with the weights of the start, every output would be nearly the input, or nearly grey.
    gan_atelier::nn::params::map_parameters(generator, |_, value| value * 8.0)
}

fn whole(generator: &ResnetGenerator, rgba: &[u8], size: Size) -> Vec<u8> {
    let x = gan_atelier::image::to_tensor(rgba, size, &Device::flex()).unwrap();
    gan_atelier::image::to_rgba(generator.forward(x).into_data(), size).unwrap()
}

fn in_bands(generator: &ResnetGenerator, rgba: &[u8], size: Size, rows: usize, kernels: bool) -> Vec<u8> {
    let banded = Banded::with_bands(generator.clone(), rgba.to_vec(), size, rows, &Device::flex()).unwrap();
    let quick = generator.plan().map(|plan| Rc::new(plan.open())).filter(|_| kernels);
    assert_eq!(quick.is_some(), kernels);
    let mut banded = banded.by_kernels(quick);
    let mut before = (0, -1.0);
    while !pollster::block_on(banded.advance()).unwrap() {
        let ((band, bands), (done, total)) = (banded.bands(), banded.work());
        assert!(band == before.0 + 1 && band < bands && done > before.1 && done < total);
        before = (band, done);
    }
    let (done, total) = banded.work();
    assert!((done / total - 1.0).abs() < 1e-9);
    banded.finish().unwrap()
}

fn most(one: &[u8], two: &[u8]) -> u8 {
    assert_eq!(one.len(), two.len());
    one.iter().zip(two).map(|(a, b)| a.abs_diff(*b)).max().unwrap()
}

#[test]
fn bands_of_any_height_agree_with_the_whole_for_any_architecture_and_size() {
    for upsample in [Upsample::Resize, Upsample::Transposed] {
        for canvas in [Canvas::Empty, Canvas::Picture, Canvas::Underpainting] {
            let generator = random(upsample, canvas);
            for (width, height) in [(64, 48), (37, 61), (16, 16), (50, 9)] {
                let (photo, size) = (draw_scene(width, height, 3), Size { width, height });
                let wanted = whole(&generator, &photo, size);
                let spread = wanted.chunks(4).map(|pixel| pixel[0]).max().unwrap()
                    - wanted.chunks(4).map(|pixel| pixel[0]).min().unwrap();
                assert!(spread > 60, "a flat picture would show no seam: {spread}");
                for (rows, kernels) in [(4, false), (8, false), (20, false), (64, false), (4, true), (20, true)] {
                    let apart = most(&in_bands(&generator, &photo, size, rows, kernels), &wanted);
                    assert!(
                        apart <= 2,
                        "{apart} of 255: {upsample:?}, {canvas:?}, {width} x {height}, bands of {rows}, kernels: {kernels}"
                    );
                }
            }
        }
    }
}

#[test]
fn a_translation_in_bands_is_not_finished_early_and_checks_its_picture() {
    let generator = random(Upsample::Resize, Canvas::Picture);
    let size = Size { width: 20, height: 20 };
    let mut banded = Banded::new(generator.clone(), draw_scene(20, 20, 1), size, &Device::flex()).unwrap();
    pollster::block_on(banded.advance()).unwrap();
    assert_eq!(banded.finish().unwrap_err().code(), "Internal");
    assert_eq!(Banded::new(generator, vec![0; 7], size, &Device::flex()).unwrap_err().code(), "InvalidData");
}

/// The shipped pair at 512 pixels, both directions: the figure that is promised.
#[test]
fn the_shipped_pair_agrees_at_512_pixels() {
    let file = |name: &str| {
        std::fs::read(format!("{}/www/public/models/monet-{name}.safetensors", env!("CARGO_MANIFEST_DIR"))).unwrap()
    };
    let translator = Translator::from_bytes(&file("ab"), Some(&file("ba")), &Device::flex()).unwrap();
    let (width, height) = (512, 384);
    let photo = draw_scene(width, height, 5);
    for direction in [Direction::B, Direction::A] {
        let mut translation = translator.begin(&photo, width, height, direction).unwrap();
        while !pollster::block_on(translation.advance(1)).unwrap() {}
        let wanted = pollster::block_on(translation.finish()).unwrap();
        let mut banded = translator.begin_bands(photo.clone(), width, height, direction).unwrap();
        while !pollster::block_on(banded.advance()).unwrap() {}
        let painted = banded.finish().unwrap();
        let mean = painted.iter().zip(&wanted).map(|(a, b)| a.abs_diff(*b) as f64).sum::<f64>()
            / (painted.len() as f64 * 0.75);
        println!("{direction:?}: most {} of 255, mean {mean:.4}", most(&painted, &wanted));
        assert!(most(&painted, &wanted) <= 2);
    }
}
