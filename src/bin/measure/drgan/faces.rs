//! The CFP set, aligned, by person; and turned frontal photos.

use std::collections::HashMap;
use std::path::Path;

use super::head::{Fit, Head, Square};
use super::turn::Turner;

/// Side of an aligned square, pixels.
pub const SIDE: usize = 96;
/// The training people's numbers come first.
pub const TEST_FROM: usize = 451;

pub struct Photo {
    pub width: usize,
    pub height: usize,
    rgb: Vec<u8>,
}

/// An aligned face: RGB planes in 0..255.
pub struct Face {
    pub person: usize,
    pub profile: bool,
    pub turned: bool,
    pub yaw: f64,
    pub pixels: Vec<f32>,
}

impl Face {
    pub fn test(&self) -> bool {
        self.person >= TEST_FROM
    }

    /// As the networks take it.
    pub fn signed(&self) -> Vec<f32> {
        self.pixels.iter().map(|value| value / 127.5 - 1.0).collect()
    }
}

impl Photo {
    fn read(path: &Path) -> Result<Self, String> {
        let picture = image::open(path).map_err(|e| format!("{}: {e}", path.display()))?.into_rgb8();
        Ok(Self { width: picture.width() as usize, height: picture.height() as usize, rgb: picture.into_raw() })
    }

    /// Bilinear; four samples where a pixel of the square covers more than one of the photo. The border goes on beyond the edge.
    pub fn at(&self, x: f64, y: f64, reach: f64) -> [f32; 3] {
        if reach <= 1.2 {
            return self.bilinear(x, y);
        }
        let step = reach / 4.0;
        let samples = [(-1.0, -1.0), (1.0, -1.0), (-1.0, 1.0), (1.0, 1.0)]
            .map(|(u, v)| self.bilinear(x + u * step, y + v * step));
        [0, 1, 2].map(|c| samples.iter().map(|s| s[c]).sum::<f32>() / 4.0)
    }

    fn bilinear(&self, x: f64, y: f64) -> [f32; 3] {
        let clamp = |value: f64, side: usize| (value - 0.5).clamp(0.0, side as f64 - 1.0);
        let (x, y) = (clamp(x, self.width), clamp(y, self.height));
        let (left, top) = (x as usize, y as usize);
        let (right, below) = ((left + 1).min(self.width - 1), (top + 1).min(self.height - 1));
        let (u, v) = ((x - left as f64) as f32, (y - top as f64) as f32);
        let pixel = |x: usize, y: usize, c: usize| self.rgb[3 * (y * self.width + x) + c] as f32;
        [0, 1, 2].map(|c| {
            let upper = pixel(left, top, c) * (1.0 - u) + pixel(right, top, c) * u;
            let lower = pixel(left, below, c) * (1.0 - u) + pixel(right, below, c) * u;
            upper * (1.0 - v) + lower * v
        })
    }

    pub fn aligned(&self, square: Square) -> Vec<f32> {
        let (sin, cos) = square.roll.sin_cos();
        let at = |i: usize| ((i as f64 + 0.5) / SIDE as f64 - 0.5) * square.size;
        let mut planes = vec![0.0; 3 * SIDE * SIDE];
        for (j, i) in (0..SIDE).flat_map(|j| (0..SIDE).map(move |i| (j, i))) {
            let (u, v) = (at(i), at(j));
            let (x, y) = (square.x + u * cos - v * sin, square.y + u * sin + v * cos);
            let pixel = self.at(x, y, square.size / SIDE as f64);
            (0..3).for_each(|c| planes[(c * SIDE + j) * SIDE + i] = pixel[c]);
        }
        planes
    }
}

/// Every real face, in the order of their names, and of each frontal photo as many turned ones as `yaws` gives for it.
pub fn read(data: &Path, yaws: impl Fn(usize) -> Vec<f64> + Sync) -> Result<Vec<Face>, String> {
    let head = Head::read(&data.join("head/head.safetensors"))?;
    let turner = Turner::new(&head);
    let marked = fiducials(&data.join("cfp/fiducials.csv"))?;
    let mut names: Vec<&String> = marked.keys().collect();
    names.sort();
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let parts = names.chunks(names.len().div_ceil(cores)).enumerate();
    let work = |first: usize, names: &[&String]| {
        let faces = names
            .iter()
            .enumerate()
            .map(|(at, name)| describe(data, &head, &turner, name, &marked[*name], &yaws(first + at)));
        Ok::<_, String>(faces.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect::<Vec<Face>>())
    };
    let work = &work;
    std::thread::scope(|scope| {
        let size = names.len().div_ceil(cores);
        let workers: Vec<_> = parts.map(|(part, names)| scope.spawn(move || work(part * size, names))).collect();
        workers.into_iter().try_fold(Vec::new(), |mut all, worker| {
            all.extend(worker.join().expect("no panic")?);
            Ok(all)
        })
    })
}

fn describe(
    data: &Path,
    head: &Head,
    turner: &Turner,
    name: &str,
    marked: &[[f64; 2]; 30],
    yaws: &[f64],
) -> Result<Vec<Face>, String> {
    let photo = Photo::read(&data.join("cfp").join(name))?;
    let profile = name.contains("/profile/");
    let person = name.split('/').nth(1).and_then(|part| part.parse().ok()).ok_or(format!("{name}: no person"))?;
    let fit: Fit = head.fit(marked, profile);
    let mut faces = vec![Face { person, profile, turned: false, yaw: fit.yaw, pixels: photo.aligned(fit.square()) }];
    if !profile && !yaws.is_empty() {
        let turned = turner.turn(&photo, &fit, yaws);
        let face = |(pixels, yaw): (_, &f64)| Face { person, profile: false, turned: true, yaw: *yaw, pixels };
        faces.extend(turned.into_iter().zip(yaws).map(face));
    }
    Ok(faces)
}

fn fiducials(path: &Path) -> Result<HashMap<String, [[f64; 2]; 30]>, String> {
    let text = std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
    let row = |(at, line): (usize, &str)| {
        let bad = || format!("{}: line {}", path.display(), at + 1);
        let (name, numbers) = line.split_once(',').ok_or_else(bad)?;
        let numbers: Vec<f64> = numbers.split(',').map(str::parse).collect::<Result<_, _>>().map_err(|_| bad())?;
        if numbers.len() != 60 {
            return Err(bad());
        }
        let points: Vec<[f64; 2]> = numbers.chunks_exact(2).map(|p| [p[0], p[1]]).collect();
        Ok((name.to_string(), points.try_into().expect("30 points")))
    };
    text.lines().enumerate().skip(1).map(row).collect()
}
