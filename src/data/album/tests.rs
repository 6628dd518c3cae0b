use super::*;
use crate::rng::Purpose;

fn stream() -> Stream {
    Stream::new(3, Purpose::Batch, 0)
}

/// Pictures in three classes by turns, each of one grey of its own.
fn greys(count: usize, side: usize) -> Album {
    let rgba: Vec<u8> = (0..count).flat_map(|at| [at as u8, at as u8, at as u8, 255].repeat(side * side)).collect();
    let labels = (0..count).map(|at| (at % 3) as u8).collect();
    Album::from_rgba(&rgba, side, labels, ["a", "b", "c"].map(String::from).into(), None).unwrap()
}

fn file(kind: u8, shape: &[u32], numbers: &[u8]) -> Vec<u8> {
    let sizes = shape.iter().flat_map(|size| size.to_be_bytes());
    [0, 0, kind, shape.len() as u8].into_iter().chain(sizes).chain(numbers.iter().copied()).collect()
}

#[test]
fn a_picture_keeps_its_class_and_its_bytes() {
    let album = greys(9, 4);
    assert_eq!((album.count(), album.channels), (9, 1));
    let mut stream = stream();
    for wished in [None, Some(0), Some(1), Some(2)] {
        for _ in 0..20 {
            let mut values = Vec::new();
            let class = album.draw(wished, Augment::None, &mut stream, &mut values);
            let grey = ((values[0] + 1.0) * 127.5).round() as usize;
            assert!(values.iter().all(|value| *value == values[0]) && values.len() == 16);
            assert!(grey % 3 == class && wished.is_none_or(|wished| wished == class));
        }
    }
}

#[test]
fn colour_is_kept_channel_after_channel() {
    let rgba = [[10u8, 20, 30, 255], [40, 50, 60, 255]].concat();
    let album = Album::from_rgba(&rgba, 1, vec![], vec![], None).unwrap();
    let mut values = Vec::new();
    assert_eq!((album.draw(None, Augment::None, &mut stream(), &mut values), album.channels), (0, 3));
    let bytes: Vec<u8> = values.iter().map(|value| ((value + 1.0) * 127.5).round() as u8).collect();
    assert!(bytes == [10, 20, 30] || bytes == [40, 50, 60]);
}

#[test]
fn an_album_survives_a_file() {
    let album = greys(8, 5);
    assert_eq!(Album::unpack(album.head(), album.pack()).unwrap(), album);
    let few = |change: fn(&mut AlbumHead)| {
        let mut head = album.head();
        change(&mut head);
        Album::unpack(head, album.pack()).unwrap_err().code()
    };
    assert_eq!(few(|head| head.count += 1), "InvalidSession");
    assert_eq!(few(|head| head.side = usize::MAX), "InvalidSession");
    assert_eq!(few(|head| head.classes.truncate(2)), "InvalidSession");
}

fn idx(pictures: &[u8], labels: Option<&[u8]>, side: usize) -> Result<Album> {
    Album::from_idx(IdxFiles { pictures, labels, transposed: false }, side, true)
}

#[test]
fn idx_files_become_classes_by_the_labels_that_occur() {
    let images = file(8, &[4, 4, 6], &(0..96).map(|at| if at % 6 == 0 { 255 } else { at / 24 }).collect::<Vec<u8>>());
    let album = idx(&images, Some(&file(8, &[4], &[7, 3, 7, 9])), 4).unwrap();
    assert_eq!(album.classes, ["3", "7", "9"]);
    assert_eq!(album.labels, [1, 0, 1, 2]);
    // The outer columns, one of them white, are cut off.
    assert_eq!(album.bytes, [[0; 16], [1; 16], [2; 16], [3; 16]].concat());
    let halved = idx(&file(8, &[2, 4, 4], &[[0, 100].repeat(8), vec![8; 16]].concat()), None, 2).unwrap();
    assert_eq!(halved.bytes, [50, 50, 50, 50, 8, 8, 8, 8]);
}

#[test]
fn of_more_pictures_than_fit_every_class_keeps_one() {
    let count = 8_000u16;
    let size = [count.into(), 4, 4];
    let pictures = vec![7; 16 * usize::from(count)];
    for rare in [1, 2_001, 7_999] {
        let labels: Vec<u8> = (0..count).map(|at| if at == rare { 9 } else { (at % 2) as u8 }).collect();
        let album = idx(&file(8, &size, &pictures), Some(&file(8, &size[..1], &labels)), 28).unwrap();
        assert!(album.labels.len() < usize::from(count) && album.classes == ["0", "1", "9"]);
        assert_eq!(album.labels.iter().filter(|label| **label == 2).count(), 1, "{rare}");
    }
}

#[test]
fn idx_files_that_do_not_go_together_are_refused() {
    let images = file(8, &[3, 4, 4], &[9; 48]);
    let refused = |images: &[u8], labels: &[u8]| match idx(images, Some(labels), 4) {
        Err(Error::InvalidData { flaw, .. }) => flaw,
        other => panic!("{other:?}"),
    };
    assert_eq!(refused(&images, &file(8, &[2], &[1, 2])), Flaw::LabelCount { labels: 2, pictures: 3 });
    assert_eq!(
        refused(&images, &file(8, &[3], &[1, 1, 1])),
        Flaw::Classes { classes: 1, least: 2, most: MOST_CLASSES }
    );
    assert_eq!(refused(&images, &images), Flaw::IdxDimensions { found: 3, expected: 1 });
    let one = file(8, &[1, 4, 4], &[9; 16]);
    assert!(matches!(refused(&one, &[]), Flaw::IdxCutOff { .. }));
    assert!(matches!(idx(&one, None, 4), Err(Error::InvalidData { flaw: Flaw::Pictures { count: 1, .. }, .. })));
    let thin = file(8, &[2, 1, 9], &[9; 18]);
    assert!(matches!(idx(&thin, None, 4), Err(Error::InvalidData { flaw: Flaw::PictureSide { .. }, .. })));
}

#[test]
fn more_pictures_than_fit_are_thinned_evenly() {
    let count = 2 * MOST_BYTES / 64 + 10;
    let pixels: Vec<u8> = (0..count).flat_map(|at| [(at * 256 / count) as u8; 64]).collect();
    let album = idx(&file(8, &[count as u32, 8, 8], &pixels), None, 8).unwrap();
    assert_eq!((album.count(), album.brought), (MOST_BYTES / 64, count));
    let mut seen = [0usize; 256];
    album.bytes.chunks(64).for_each(|picture| seen[picture[0] as usize] += 1);
    let mean = album.count() / 256;
    assert!(seen.iter().all(|n| n.abs_diff(mean) < 3), "{seen:?}");
}

#[test]
fn shaking_moves_a_sign_about_its_place_and_never_loses_it() {
    let side = 28;
    // A cross in the middle.
    let on = |at: usize| {
        (8..20).contains(&(at % side)) && (13..15).contains(&(at / side))
            || (8..20).contains(&(at / side)) && (13..15).contains(&(at % side))
    };
    let rgba: Vec<u8> =
        (0..2 * side * side).flat_map(|at| if on(at % (side * side)) { [255u8; 4] } else { [0, 0, 0, 255] }).collect();
    let album = Album::from_rgba(&rgba, side, vec![], vec![], None).unwrap();
    let mut stream = stream();
    let mut pictures = Vec::new();
    for _ in 0..50 {
        let mut values = Vec::new();
        album.draw(None, Augment::Shake, &mut stream, &mut values);
        let ink = |at: usize| (values[at] + 1.0) / 2.0;
        let total: f32 = (0..side * side).map(ink).sum();
        let centre =
            |axis: fn(usize) -> usize| (0..side * side).map(|at| ink(at) * axis(at) as f32).sum::<f32>() / total;
        assert!((30.0..60.0).contains(&total), "{total}");
        for middle in [centre(|at| at % 28), centre(|at| at / 28)] {
            assert!((11.0..16.5).contains(&middle), "{middle}");
        }
        pictures.push(values);
    }
    assert!(pictures.iter().skip(1).all(|picture| *picture != pictures[0]));
}

#[test]
fn mirroring_exchanges_left_and_right() {
    let rgba: Vec<u8> = (0..2).flat_map(|_| [[10u8, 10, 10, 255], [200, 200, 200, 255]].concat().repeat(2)).collect();
    let album = Album::from_rgba(&rgba, 2, vec![], vec![], None).unwrap();
    let mut stream = stream();
    let firsts: Vec<u8> = (0..40)
        .map(|_| {
            let mut values = Vec::new();
            album.draw(None, Augment::Mirror, &mut stream, &mut values);
            ((values[0] + 1.0) * 127.5).round() as u8
        })
        .collect();
    assert!(firsts.iter().all(|first| [10, 200].contains(first)) && firsts.contains(&10) && firsts.contains(&200));
}

#[test]
fn pictures_that_lie_on_their_side_are_set_upright_and_kept_so() {
    let lying: Vec<u8> = (0..2 * 24).map(|at| at as u8 * 5).collect();
    let files = file(8, &[2, 4, 6], &lying);
    let upright = Album::from_idx(IdxFiles { pictures: &files, labels: None, transposed: true }, 4, false).unwrap();
    let as_given = idx(&files, None, 4).unwrap();
    for at in 0..32 {
        let (picture, row, column) = (at / 16, at % 16 / 4, at % 4);
        assert_eq!(upright.bytes[at], as_given.bytes[picture * 16 + column * 4 + row]);
    }
    assert_eq!(Album::unpack(upright.head(), upright.pack()).unwrap(), upright);
}

#[test]
fn networks_without_classes_take_any_number_of_labels() {
    let images = file(8, &[300, 4, 4], &[9; 4800]);
    let many = file(0x0C, &[300], &(0..300i32).flat_map(i32::to_be_bytes).collect::<Vec<u8>>());
    let files = IdxFiles { pictures: &images, labels: Some(&many), transposed: false };
    let album = Album::from_idx(files, 4, false).unwrap();
    assert_eq!((album.count(), album.classes.len(), album.labels.len()), (300, 0, 0));
    assert!(matches!(
        Album::from_idx(files, 4, true),
        Err(Error::InvalidData { flaw: Flaw::Classes { classes: 300, .. }, .. })
    ));
}

#[test]
fn exchanged_files_and_colour_are_understood() {
    let pictures = file(8, &[2, 3, 4, 4], &(0..96).collect::<Vec<u8>>());
    let album = idx(&file(8, &[2], &[1, 0]), Some(&pictures), 4).unwrap();
    assert_eq!((album.channels, album.labels.clone()), (3, vec![1, 0]));
    assert_eq!(album.bytes, (0..96).collect::<Vec<u8>>());
}

#[test]
fn how_many_were_brought_is_kept() {
    let rgba = [[10u8, 10, 10, 255], [40, 40, 40, 255]].concat();
    let album = Album::from_rgba(&rgba, 1, vec![], vec![], Some(25_000)).unwrap();
    assert_eq!((album.count(), album.brought), (2, 25_000));
    assert_eq!(Album::unpack(album.head(), album.pack()).unwrap().brought, 25_000);
}
