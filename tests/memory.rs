//! What a translation holds at most, counted allocation by allocation, against what is told before it begins.
#![cfg(not(target_family = "wasm"))]

use burn::tensor::Device;
use gan_atelier::data::scene::draw_scene;
use gan_atelier::models::cyclegan::form::{Borders, Form, Halving};
use gan_atelier::models::cyclegan::{Canvas, ResnetGeneratorConfig, Upsample};
use gan_atelier::nn::params::named_parameters;
use gan_atelier::rng::{Purpose, Stream};
use gan_atelier::session::translation::{Direction, Translator};
use gan_atelier::weights::{Array, Arrays, cyclegan, safetensors};
use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};

struct Counting;

static NOW: AtomicUsize = AtomicUsize::new(0);
static MOST: AtomicUsize = AtomicUsize::new(0);

fn grown(bytes: usize) {
    MOST.fetch_max(NOW.fetch_add(bytes, Ordering::Relaxed) + bytes, Ordering::Relaxed);
}

// SAFETY: the system's allocator, with the sizes of its blocks added up beside it.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        grown(layout.size());
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        grown(layout.size());
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        NOW.fetch_sub(layout.size(), Ordering::Relaxed);
        unsafe { System.dealloc(block, layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        grown(size);
        NOW.fetch_sub(layout.size(), Ordering::Relaxed);
        unsafe { System.realloc(block, layout, size) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

/// As wide as the shipped networks, with fewer blocks: they run one after another and need no more memory than one.
fn translator(upsample: Upsample) -> Translator {
    let config = ResnetGeneratorConfig { filters: 24, blocks: 1, upsample, canvas: Canvas::Underpainting };
    let generator = config.init(&mut Stream::new(1, Purpose::Initialisation, 0), &Device::flex());
    let array = |p: gan_atelier::nn::params::NamedTensor| Array {
        shape: p.shape,
        values: p.value.into_data().try_to_vec().unwrap(),
    };
    let parameters = named_parameters(&generator).into_iter().map(array).collect();
    let file =
        safetensors::write_f16(&cyclegan::arrays(&config, parameters, &Device::flex()).unwrap(), Default::default());
    Translator::from_bytes(&file.unwrap(), None, &Device::flex()).unwrap()
}

/// CUT's generator of the same width, whose first halving works at the full size with twice the channels.
fn antialiased() -> Translator {
    let config = ResnetGeneratorConfig { filters: 24, blocks: 1, upsample: Upsample::Resize, canvas: Canvas::Empty };
    let form = Form { halving: Halving::Blurred, smooth: true, doubling: Borders::Zeros, ..Form::default() };
    let mut arrays = Arrays::new();
    let mut random = Stream::new(1, Purpose::Initialisation, 0);
    let mut record = |name: &str, shape: &[usize]| {
        let values: Vec<f32> = (0..shape.iter().product()).map(|_| 0.02 * random.normal()).collect();
        arrays.insert(name.to_string(), Array { shape: shape.to_vec(), values: values.clone() });
        Ok(values)
    };
    config.init_as(&form, &mut record, &Device::flex()).unwrap();
    for (layer, channels, row) in [
        (7, 48, vec![1.0, 2.0, 1.0]),
        (11, 96, vec![1.0, 2.0, 1.0]),
        (13, 96, vec![1.0, 3.0, 3.0, 1.0]),
        (17, 48, vec![1.0, 3.0, 3.0, 1.0]),
    ] {
        let square: Vec<f32> = row.iter().flat_map(|a| row.iter().map(move |b| a * b / 16.0)).collect();
        let shape = vec![channels, 1, row.len(), row.len()];
        arrays.insert(format!("model.{layer}.filt"), Array { shape, values: square.repeat(channels) });
    }
    let file = safetensors::write_f32(&arrays, Default::default()).unwrap();
    Translator::from_bytes(&file, None, &Device::flex()).unwrap()
}

/// The peak over what was there before, in bytes.
fn peak(work: impl FnOnce()) -> usize {
    let before = NOW.load(Ordering::Relaxed);
    MOST.store(before, Ordering::Relaxed);
    work();
    MOST.load(Ordering::Relaxed) - before
}

/// One test: two at a time would count each other's.
#[test]
fn no_translation_holds_more_than_it_says() {
    // The widest map in a band has as many bytes at any width.
    let kinds = [
        ("resize", translator(Upsample::Resize), (4096, 176)),
        ("transposed", translator(Upsample::Transposed), (4096, 176)),
        ("antialiased", antialiased(), (2048, 112)),
    ];
    for (kind, translator, long) in kinds {
        let check = |name: &str, width: usize, height: usize, in_bands: bool, seen: usize| {
            let told = translator.peak_bytes(width, height, Direction::B, in_bands).unwrap();
            println!("{name} {width} x {height}, {kind}: {} MB, told {} MB", seen >> 20, told >> 20);
            assert!(seen <= told && told < 2 * seen, "{name}: {seen} bytes, told {told}");
        };
        let (width, height) = (512, 384);
        let photo = draw_scene(width, height, 1);
        let whole = peak(|| {
            let mut translation = translator.begin(&photo, width, height, Direction::B).unwrap();
            while !pollster::block_on(translation.advance(1)).unwrap() {}
            pollster::block_on(translation.finish()).unwrap();
        });
        check("whole", width, height, false, whole);
        let (width, height) = long;
        let photo = draw_scene(width, height, 1);
        let bands = peak(|| {
            let mut banded = translator.begin_bands(photo, width, height, Direction::B).unwrap();
            while !pollster::block_on(banded.advance()).unwrap() {}
            banded.finish().unwrap();
        });
        check("bands", width, height, true, bands);
    }
}
