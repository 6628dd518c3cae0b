//! What pictures drawn by our own code share: colours, and samples into pixels.

use super::noise::mix;

/// Red, green, blue in 0..1.
pub type Colour = [f32; 3];

/// Samples a pixel along each axis, against jagged edges.
const SUPERSAMPLING: usize = 2;

pub fn blend(a: Colour, b: Colour, share: f32) -> Colour {
    [0, 1, 2].map(|i| mix(a[i], b[i], share))
}

/// RGBA rows from the top, of the colours at places `u` to the right and `v` down, both in heights of the picture.
pub fn draw(width: usize, height: usize, colour: impl Fn(f32, f32) -> Colour) -> Vec<u8> {
    let step = 1.0 / (SUPERSAMPLING * height.max(1)) as f32;
    let mut rgba = Vec::with_capacity(4 * width * height);
    for y in 0..height {
        for x in 0..width {
            let mut sum = [0.0; 3];
            for sample in 0..SUPERSAMPLING * SUPERSAMPLING {
                let u = (x * SUPERSAMPLING + sample % SUPERSAMPLING) as f32 + 0.5;
                let v = (y * SUPERSAMPLING + sample / SUPERSAMPLING) as f32 + 0.5;
                let seen = colour(u * step, v * step);
                sum = [0, 1, 2].map(|i| sum[i] + seen[i]);
            }
            rgba.extend(sum.map(|c| (255.0 / (SUPERSAMPLING * SUPERSAMPLING) as f32 * c).round() as u8));
            rgba.push(255);
        }
    }
    rgba
}
