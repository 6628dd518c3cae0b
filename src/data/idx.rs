//! IDX files, as MNIST was published in (LeCun, Cortes and Burges 1998): two zero bytes, a type, the number of dimensions, the sizes with
//! the highest byte first, then the numbers. Pictures are unsigned bytes in three dimensions, labels in one.

use crate::error::{Error, Flaw, Place, Result};

/// The one type of numbers that pictures and labels come in.
const UNSIGNED_BYTE: u8 = 0x08;

/// Where the sizes begin.
const SIZES: usize = 4;

/// Pictures `height x width`, 0 for black (or paper) to 255, row by row.
#[derive(Debug, Clone, PartialEq)]
pub struct Pictures<'a> {
    pub count: usize,
    pub height: usize,
    pub width: usize,
    pub pixels: &'a [u8],
}

pub fn pictures(file: &[u8]) -> Result<Pictures<'_>> {
    let ([count, height, width], pixels) = read::<3>(file)?;
    Ok(Pictures { count, height, width, pixels })
}

/// A class for each picture.
pub fn labels(file: &[u8]) -> Result<&[u8]> {
    read::<1>(file).map(|(_, labels)| labels)
}

/// The sizes and the numbers of a file with `D` dimensions.
fn read<const D: usize>(file: &[u8]) -> Result<([usize; D], &[u8])> {
    let refuse = |flaw, byte| Err(Error::flaw(flaw, Place::Byte(byte)));
    let cut = |expected: u64| refuse(Flaw::IdxCutOff { expected, found: file.len() }, file.len());
    if let Some(byte) = file.iter().take(2).position(|byte| *byte != 0) {
        return refuse(Flaw::IdxForeign, byte);
    }
    let head = (SIZES + 4 * D) as u64;
    let [_, _, kind, dimensions, ..] = *file else { return cut(head) };
    if kind != UNSIGNED_BYTE {
        return refuse(Flaw::IdxType { found: format!("{kind:#04x}") }, 2);
    }
    if dimensions as usize != D {
        return refuse(Flaw::IdxDimensions { found: dimensions, expected: D as u8 }, 3);
    }
    let Some((sizes, numbers)) = file[SIZES..].split_at_checked(4 * D) else { return cut(head) };
    let mut shape = [0; D];
    for (size, bytes) in shape.iter_mut().zip(sizes.as_chunks::<4>().0) {
        *size = u32::from_be_bytes(*bytes) as usize;
    }
    // Three sizes of 32 bits may exceed 64: such a file is cut off in any case.
    let total = shape.iter().fold(1u64, |total, size| total.saturating_mul(*size as u64));
    let found = numbers.len() as u64;
    if found < total {
        return cut(head.saturating_add(total));
    }
    if found > total {
        return refuse(Flaw::IdxSurplus { surplus: found - total }, (head + total) as usize);
    }
    Ok((shape, numbers))
}

#[cfg(all(test, not(target_family = "wasm")))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn file(shape: &[u32], numbers: &[u8]) -> Vec<u8> {
        let sizes = shape.iter().flat_map(|size| size.to_be_bytes());
        [0, 0, UNSIGNED_BYTE, shape.len() as u8].into_iter().chain(sizes).chain(numbers.iter().copied()).collect()
    }

    fn flaw(refused: Result<Pictures<'_>>) -> (Flaw, Place) {
        match refused {
            Err(Error::InvalidData { flaw, place }) => (flaw, place),
            other => panic!("{other:?}"),
        }
    }

    proptest! {
        #[test]
        fn what_was_written_is_read(count in 0usize..5, height in 1usize..7, width in 1usize..7) {
            let pixels: Vec<u8> = (0..count * height * width).map(|at| (at * 37 % 251) as u8).collect();
            let written = file(&[count as u32, height as u32, width as u32], &pixels);
            prop_assert_eq!(pictures(&written), Ok(Pictures { count, height, width, pixels: &pixels }));
            let written = file(&[pixels.len() as u32], &pixels);
            prop_assert_eq!(labels(&written), Ok(&pixels[..]));
        }

        #[test]
        fn a_shorter_file_says_how_long_it_should_be(missing in 1usize..40) {
            let whole = file(&[3, 2, 4], &[7; 24]);
            let found = whole.len() - missing;
            let refused = flaw(pictures(&whole[..found]));
            let expected = if found < 16 { 16 } else { 40 };
            prop_assert_eq!(refused, (Flaw::IdxCutOff { expected, found }, Place::Byte(found)));
        }

        #[test]
        fn a_longer_file_says_where_it_should_end(surplus in 1usize..40) {
            let mut long = file(&[3, 2, 4], &[7; 24]);
            long.extend(vec![0; surplus]);
            prop_assert_eq!(flaw(pictures(&long)), (Flaw::IdxSurplus { surplus: surplus as u64 }, Place::Byte(40)));
        }

        #[test]
        fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
            let _ = (pictures(&bytes), labels(&bytes));
        }

        #[test]
        fn sizes_beyond_memory_are_cut_off(sizes in prop::array::uniform3(1u32 << 28..)) {
            let cut_off = matches!(flaw(pictures(&file(&sizes, &[1, 2, 3]))), (Flaw::IdxCutOff { .. }, Place::Byte(19)));
            prop_assert!(cut_off);
        }
    }

    #[test]
    fn a_wrong_beginning_is_named_by_its_byte() {
        let mut foreign = file(&[1, 1, 1], &[5]);
        foreign[1] = 3;
        assert_eq!(flaw(pictures(&foreign)), (Flaw::IdxForeign, Place::Byte(1)));
        let mut floats = file(&[1, 1, 1], &[5]);
        floats[2] = 0x0D;
        assert_eq!(flaw(pictures(&floats)), (Flaw::IdxType { found: "0x0d".into() }, Place::Byte(2)));
        let expected = (Flaw::IdxDimensions { found: 1, expected: 3 }, Place::Byte(3));
        assert_eq!(flaw(pictures(&file(&[2], &[5, 6]))), expected);
        assert!(labels(&file(&[1, 1, 1], &[5])).unwrap_err().to_string().contains("at byte 3"));
    }
}
