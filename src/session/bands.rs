//! A photo through a generator at its own size, in bands of rows.
//!
//! An instance norm needs the whole picture, a convolution only some rows. So no map of full or half size is ever kept: one pass over
//! the bands measures a convolution's output, the next computes it again, normalises it with the moments of the whole, and goes on from
//! there. Only the maps at a quarter of the size, which the residual blocks work on, lie on the host, at half precision.
//! The result is that of the whole picture, without a seam, but for rounding (`tests/bands.rs`: at most 2 of 255).
//!
//! Memory: two maps of 4f channels at a quarter of width and height, 2 bytes a number: f bytes for each pixel of the photo; the photo
//! itself, 4 bytes; and one band ([`peak_bytes`]). A 4096 x 3072 photo and f = 24: 302 MB + 50 MB + 126 MB.

mod map;
mod plan;

use burn::tensor::{Device, Tensor, Transaction};
use std::ops::Range;
use std::rc::Rc;

use crate::error::{Error, Result};
use crate::image::{self, Size};
use crate::models::cyclegan::{ResnetGenerator, canvas, quick};
use crate::nn::kernels::Generator;
use crate::nn::norm::moments;
use map::{Map, Moments};
use plan::{Pass, Plan, Sink, Source};

/// Bytes of the widest map in a band; the convolution's copies of it come on top.
const BAND_BYTES: usize = 24 << 20;

/// Copies of that map that live at once, measured on the CPU engine (`tests/memory.rs`).
const BAND_COPIES: usize = 5;

/// Fewer rows would spend more on the rows around a band than on the band.
const LEAST_ROWS: usize = 16;

/// Bytes that a translation of this size holds at most, weights aside.
pub fn peak_bytes(generator: &ResnetGenerator, size: Size) -> usize {
    let Size { width, height } = size.padded();
    let filters = generator.config().filters;
    let band = 4 * generator.widest() * filters * width * usual_rows(generator, size);
    filters * width * height + 4 * size.width * size.height + BAND_COPIES * band
}

/// Rows of a band at full size, a multiple of four.
fn band_rows(filters: usize, width: usize) -> usize {
    (BAND_BYTES / (4 * filters * width) / 4 * 4).max(LEAST_ROWS)
}

fn usual_rows(generator: &ResnetGenerator, size: Size) -> usize {
    band_rows(generator.widest() * generator.config().filters, size.padded().width)
}

/// Multiplications of a translation of this size.
pub fn work(generator: &ResnetGenerator, size: Size) -> f64 {
    let rows = usual_rows(generator, size);
    let convolutions = generator.convolutions();
    Plan::new(&convolutions, generator.early(), size.padded(), rows).total(&convolutions).1
}

/// A photo on its way.
#[derive(Debug)]
pub struct Banded {
    generator: ResnetGenerator,
    quick: Option<Rc<Generator>>,
    device: Device,
    size: Size,
    /// Becomes the painting in the last pass, from the top.
    rgba: Vec<u8>,
    /// The photo's last rows that were painted over, RGBA: the next band's underpainting still needs them.
    carried: Vec<u8>,
    stream: Map,
    inner: Map,
    /// Of each convolution's output.
    moments: Vec<Moments>,
    plan: Plan,
    pass: usize,
    row: usize,
    done: (usize, f64),
    total: (usize, f64),
}

impl Banded {
    pub fn new(generator: ResnetGenerator, rgba: Vec<u8>, size: Size, device: &Device) -> Result<Self> {
        let rows = usual_rows(&generator, size);
        Self::with_bands(generator, rgba, size, rows, device)
    }

    /// With bands of `rows` rows at full size, and as many rows of the residual blocks' smaller maps.
    pub fn with_bands(
        generator: ResnetGenerator,
        rgba: Vec<u8>,
        size: Size,
        rows: usize,
        device: &Device,
    ) -> Result<Self> {
        image::check(&rgba, size)?;
        let padded = size.padded();
        let shape = [4 * generator.config().filters, padded.height / 4, padded.width / 4];
        let convolutions = generator.convolutions();
        let plan = Plan::new(&convolutions, generator.early(), padded, rows);
        Ok(Self {
            size,
            rgba,
            carried: Vec::new(),
            stream: Map::new(shape),
            inner: Map::new(shape),
            moments: vec![Moments::default(); convolutions.len()],
            total: plan.total(&convolutions),
            plan,
            pass: 0,
            row: 0,
            done: (0, 0.0),
            device: device.clone(),
            generator,
            quick: None,
        })
    }

    /// Computes convolutions by the processor's kernels, where they know the network.
    pub fn by_kernels(mut self, quick: Option<Rc<Generator>>) -> Self {
        self.quick = quick;
        self
    }

    /// Bands done, and all bands.
    pub fn bands(&self) -> (usize, usize) {
        (self.done.0, self.total.0)
    }

    /// Multiplications done, and all of them.
    pub fn work(&self) -> (f64, f64) {
        (self.done.1, self.total.1)
    }

    /// Computes one band; true when all are done.
    pub async fn advance(&mut self) -> Result<bool> {
        let Some(pass) = self.plan.passes.get(self.pass).cloned() else { return Ok(true) };
        let (rows, end, work) = self.next(&pass);
        let y = self.compute(&pass, pass.last, rows.clone())?;
        match pass.sink {
            Sink::Picture => self.paint(rows.clone(), y).await?,
            _ => self.keep(&pass, rows.clone(), y).await?,
        }
        self.done = (self.done.0 + 1, self.done.1 + work);
        self.row = rows.end;
        if self.row == end {
            self.conclude(&pass);
            (self.pass, self.row) = (self.pass + 1, 0);
        }
        Ok(self.pass == self.plan.passes.len())
    }

    /// The painting, RGBA, of the photo's size.
    pub fn finish(self) -> Result<Vec<u8>> {
        if self.done.0 < self.total.0 {
            let message = format!("finished after {} of {} bands", self.done.0, self.total.0);
            return Err(Error::Internal { message });
        }
        Ok(self.rgba)
    }

    /// The band to be computed, where its pass ends, and its multiplications.
    fn next(&self, pass: &Pass) -> (Range<usize>, usize, f64) {
        let convolutions = self.generator.convolutions();
        let rows = self.plan.band(&convolutions, pass, self.row);
        (rows.clone(), self.plan.end(&convolutions, pass), self.plan.work(&convolutions, pass, rows))
    }

    /// Rows of a convolution's output before its norm, from wherever the pass starts.
    fn compute(&self, pass: &Pass, at: usize, rows: Range<usize>) -> Result<Tensor<4>> {
        let (convolution, height) = (self.generator.convolutions()[at], self.plan.heights[at]);
        let needed = convolution.needs(rows.clone(), height);
        let window = match at == pass.first {
            true => self.load(pass.source, needed),
            false => self.activated(at - 1, self.compute(pass, at - 1, needed)?),
        };
        match &self.quick {
            Some(generator) => quick::rows(generator, at, window, rows, height),
            None => Ok(convolution.rows(window, rows, height)),
        }
    }

    fn load(&self, source: Source, rows: Range<usize>) -> Tensor<4> {
        match source {
            Source::Picture => {
                let picture = image::rows_to_tensor(&self.rgba, self.size, rows, &self.device);
                self.generator.form().enter(picture)
            }
            Source::Stream => self.stream.load(rows, &self.device),
            Source::Inner(before) => self.activated(before, self.inner.load(rows, &self.device)),
        }
    }

    fn activated(&self, at: usize, x: Tensor<4>) -> Tensor<4> {
        if !self.generator.convolutions()[at].normed() {
            return x;
        }
        let (mean, variance) = self.moments[at].tensors(&self.device);
        ResnetGenerator::activate(x, mean, variance)
    }

    /// Measures a band and stores it where the pass says: one readback.
    async fn keep(&mut self, pass: &Pass, rows: Range<usize>, y: Tensor<4>) -> Result<()> {
        let [_, _, height, width] = y.dims();
        let mut transaction = Transaction::default().register(moments(y.clone()));
        if pass.sink != Sink::Nothing {
            transaction = transaction.register(y);
        }
        let mut read = super::read(transaction).await?.into_iter();
        let mut next = || read.next().ok_or_else(|| Error::Internal { message: "a band was not read".into() });
        self.moments[pass.last].merge(height * width, &next()?);
        match pass.sink {
            Sink::Stream => self.stream.store(rows, &next()?, false),
            // A second convolution overwrites what it reads.
            Sink::Inner => self.inner.store(rows, &next()?, pass.source != Source::Stream),
            _ => {}
        }
        Ok(())
    }

    async fn paint(&mut self, rows: Range<usize>, y: Tensor<4>) -> Result<()> {
        let (Size { width, height }, padded) = (self.size, self.size.padded());
        let (top, bottom) = (rows.start.min(height), rows.end.min(height));
        if top == bottom {
            // Only what the picture was padded with.
            return Ok(());
        }
        let window = self.generator.canvas_needs(rows.clone(), padded.height);
        // The rows above are painted already: as a photo they were put aside.
        let carried = self.carried.len() - 4 * width * (top - window.start);
        let end = window.end.min(height);
        let strip = [&self.carried[carried..], &self.rgba[4 * width * top..4 * width * end]].concat();
        let size = Size { width, height: end - window.start };
        let window = image::rows_to_tensor(&strip, size, 0..window.len(), &self.device);
        let painting = self.generator.finish_rows(window, rows, padded.height, y);
        let painting = super::read(Transaction::default().register(painting)).await?;
        let place = &mut self.rgba[4 * width * top..4 * width * bottom];
        self.carried.extend_from_slice(place);
        let kept = self.carried.len().min(4 * width * canvas::REACH);
        self.carried.drain(..self.carried.len() - kept);
        image::write_rows(&painting.concat(), padded.width, place, width);
        Ok(())
    }

    /// What follows a pass's last band, since only now the norm is known.
    fn conclude(&mut self, pass: &Pass) {
        match (pass.sink, pass.source) {
            (Sink::Stream, _) if !self.generator.convolutions()[pass.last].normed() => {}
            (Sink::Stream, _) => self.stream.activate(&self.moments[pass.last]),
            (Sink::Inner, Source::Inner(_)) => self.stream.add_normalised(&self.inner, &self.moments[pass.last]),
            _ => {}
        }
    }
}
