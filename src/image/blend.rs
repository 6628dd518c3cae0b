//! A painting over its photo, luminance and colour apart.
//!
//! The space is BT.601's full-range YCbCr on the 8-bit values, as in JPEG. It is linear and its chroma of a grey is zero, so no
//! conversion is needed: with d = painting - photo, the part (Y(d), Y(d), Y(d)) is luminance and the rest is colour.

use crate::error::{Error, Result};

/// BT.601: what red, green and blue give to luminance.
const LUMINANCE: [f32; 3] = [0.299, 0.587, 0.114];

/// How much of the painting is taken, 0 (the photo's) to 1 (the painting's).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Strength {
    pub luminance: f32,
    pub colour: f32,
}

/// Lays `painting` over `photo`, in the place of `painting`; RGBA of the same size. A colour that a screen has not, as the
/// photo's blue in the painting's brightest light, is drawn towards grey until it has: its luminance stays.
pub fn blend(photo: &[u8], painting: &mut [u8], strength: Strength) -> Result<()> {
    if photo.len() != painting.len() || !photo.len().is_multiple_of(4) {
        let reason = format!("a painting of {} bytes over a photo of {}", painting.len(), photo.len());
        return Err(Error::data(reason, "picture"));
    }
    for (below, above) in photo.as_chunks::<4>().0.iter().zip(painting.as_chunks_mut::<4>().0) {
        let over = [0, 1, 2].map(|c| above[c] as f32 - below[c] as f32);
        let lighter = luminance(over);
        let mixed =
            [0, 1, 2].map(|c| below[c] as f32 + strength.luminance * lighter + strength.colour * (over[c] - lighter));
        above[..3].copy_from_slice(&displayable(mixed));
    }
    Ok(())
}

fn luminance(rgb: [f32; 3]) -> f32 {
    rgb.iter().zip(LUMINANCE).map(|(value, weight)| value * weight).sum()
}

/// Rounded; where a channel leaves 0..255, all are drawn towards the grey of the same luminance by as little as is needed.
fn displayable(rgb: [f32; 3]) -> [u8; 3] {
    let grey = luminance(rgb).clamp(0.0, 255.0);
    let keeps = rgb.map(|value| {
        let room = if value > grey { 255.0 - grey } else { grey };
        let away = (value - grey).abs();
        if away > room { room / away } else { 1.0 }
    });
    let keep = keeps.into_iter().fold(1.0, f32::min);
    rgb.map(|value| (grey + keep * (value - grey)).round() as u8)
}

#[cfg(all(test, not(target_family = "wasm")))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn over(photo: [u8; 3], painting: [u8; 3], luminance: f32, colour: f32) -> [u8; 3] {
        let mut above = [painting[0], painting[1], painting[2], 255];
        blend(&[photo[0], photo[1], photo[2], 255], &mut above, Strength { luminance, colour }).unwrap();
        [above[0], above[1], above[2]]
    }

    fn y(rgb: [u8; 3]) -> f32 {
        luminance(rgb.map(f32::from))
    }

    /// BT.601's two differences, without their scale.
    fn chroma(rgb: [u8; 3]) -> [f32; 2] {
        [rgb[2] as f32 - y(rgb), rgb[0] as f32 - y(rgb)]
    }

    proptest! {
        #[test]
        fn none_is_the_photo_and_all_is_the_painting(photo: [u8; 3], painting: [u8; 3]) {
            prop_assert_eq!(over(photo, painting, 0.0, 0.0), photo);
            prop_assert_eq!(over(photo, painting, 1.0, 1.0), painting);
        }

        #[test]
        fn luminance_follows_its_own_strength(photo: [u8; 3], painting: [u8; 3], part in 0f32..=1.0, colour in 0f32..=1.0) {
            let wanted = y(photo) + part * (y(painting) - y(photo));
            prop_assert!((y(over(photo, painting, part, colour)) - wanted).abs() <= 0.51);
        }

        #[test]
        fn colours_follow_theirs_where_a_screen_has_them(
            photo in prop::array::uniform3(100u8..156), painting in prop::array::uniform3(100u8..156), part in 0f32..=1.0, light in 0f32..=1.0
        ) {
            let mixed = chroma(over(photo, painting, light, part));
            for (at, (of_photo, of_painting)) in chroma(photo).into_iter().zip(chroma(painting)).enumerate() {
                prop_assert!((mixed[at] - of_photo - part * (of_painting - of_photo)).abs() <= 1.01);
            }
        }
    }

    #[test]
    fn a_colour_out_of_reach_keeps_its_light() {
        let [red, green, blue] = over([0, 0, 255], [250, 250, 250], 1.0, 0.0);
        assert!((y([red, green, blue]) - 250.0).abs() < 1.0 && blue == 255 && red == green);
    }

    #[test]
    fn half_of_each_is_half_way() {
        assert_eq!(over([10, 20, 30], [110, 60, 90], 0.5, 0.5), [60, 40, 60]);
    }

    #[test]
    fn two_sizes_are_an_error() {
        let strength = Strength { luminance: 1.0, colour: 1.0 };
        assert_eq!(blend(&[0; 8], &mut [0; 4], strength).unwrap_err().code(), "InvalidData");
    }
}
