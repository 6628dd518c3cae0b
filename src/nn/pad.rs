//! Reflection padding and doubling, as the places of rows and columns: one gather an axis, or none where a convolution reads them itself.

use burn::tensor::{Int, Tensor, TensorData};

/// The place in `0..length` that `at` falls on when the row is mirrored at both ends, the ends not repeated:
/// `.. 2 1 0 1 2 .. length-2 length-1 length-2 ..`. Any distance; a row of one repeats it.
pub fn mirror(at: isize, length: usize) -> usize {
    let period = (2 * length as isize - 2).max(1);
    let folded = at.rem_euclid(period) as usize;
    folded.min(period as usize - folded).min(length - 1)
}

/// `margin` mirrored rows and columns on every side.
///
/// # Shapes
/// `[batch, channels, height, width]` -> `[batch, channels, height + 2 margin, width + 2 margin]`
pub fn reflection_pad(x: Tensor<4>, margin: usize) -> Tensor<4> {
    let [.., height, width] = x.dims();
    gather(x, &padded(height, margin), &padded(width, margin))
}

/// The places of a row with `margin` mirrored ones at either end.
pub fn padded(length: usize, margin: usize) -> Vec<i32> {
    let margin = margin as isize;
    (-margin..length as isize + margin).map(|at| mirror(at, length) as i32).collect()
}

/// The places of a row whose pixels are two each (nearest), with `margin` mirrored ones at either end.
pub fn doubled(length: usize, margin: usize) -> Vec<i32> {
    padded(2 * length, margin).iter().map(|at| at / 2).collect()
}

/// Picks rows and columns, as often as they are named. The tensor is seen as a matrix for the columns, the form that CPU backends copy fastest.
pub fn gather(x: Tensor<4>, rows: &[i32], columns: &[i32]) -> Tensor<4> {
    let [batch, channels, height, width] = x.dims();
    let device = x.device();
    #[cfg(feature = "cpu")]
    if super::by_hand::here(&device) {
        return super::by_hand::pick(x, rows, columns);
    }
    #[cfg(feature = "webgpu")]
    if super::on_card::here(&device) {
        return super::on_card::pick(x, rows, columns);
    }
    let index = |places: &[i32]| Tensor::<1, Int>::from_data(TensorData::from(places), &device);
    x.reshape([batch * channels * height, width])
        .select(1, index(columns))
        .reshape([batch * channels, height, columns.len()])
        .select(1, index(rows))
        .reshape([batch, channels, rows.len(), columns.len()])
}

#[cfg(all(test, feature = "cpu", not(target_family = "wasm")))]
mod tests {
    use super::*;
    use burn::tensor::Device;
    use proptest::prelude::*;

    #[test]
    fn a_row_mirrors_as_reflection_does() {
        let row: Vec<usize> = (-4..7).map(|at| mirror(at, 3)).collect();
        assert_eq!(row, [0, 1, 2, 1, 0, 1, 2, 1, 0, 1, 2]);
    }

    #[test]
    fn padding_and_doubling_pick_the_right_pixels() {
        let x = Tensor::<4>::from_data([[[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]]], &Device::flex());
        let padded = reflection_pad(x.clone(), 1).into_data().try_to_vec::<f32>().unwrap();
        assert_eq!(
            padded,
            [5., 4., 5., 6., 5., 2., 1., 2., 3., 2., 5., 4., 5., 6., 5., 2., 1., 2., 3., 2.].map(|v: f32| v)
        );
        let doubled =
            gather(x.narrow(3, 0, 1), &doubled(2, 1), &doubled(1, 1)).into_data().try_to_vec::<f32>().unwrap();
        assert_eq!(doubled, [[1.0; 4], [1.0; 4], [1.0; 4], [4.0; 4], [4.0; 4], [4.0; 4]].concat());
    }

    proptest! {
        #[test]
        fn mirror_stays_inside_and_is_even(at in -500isize..500, length in 1usize..40) {
            let place = mirror(at, length);
            prop_assert!(place < length);
            prop_assert_eq!(place, mirror(-at, length));
            if (0..length as isize).contains(&at) { prop_assert_eq!(place, at as usize) }
        }
    }
}
