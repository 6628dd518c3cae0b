//! Pictures of our own people for DR-GAN, each with the person's number and the yaw that it was taken at.

use serde::{Deserialize, Serialize};
use std::ops::RangeBounds;

use super::Description;
use super::faces::{Person, View, picture};
use crate::rng::Stream;

/// Every dataset of DR-GAN.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaceDataset {
    Faces,
}

impl FaceDataset {
    pub const ALL: [FaceDataset; 1] = [FaceDataset::Faces];

    pub fn describe(self, side: usize) -> Description {
        Description::new(self, "faces", vec![side, side, 3])
    }
}

/// Pictures of some people, `pictures` of each, one person after another.
#[derive(Debug, Clone, PartialEq)]
pub struct Portraits {
    /// In [-1, 1], channel after channel.
    pub values: Vec<f32>,
    /// Of each picture.
    pub people: Vec<usize>,
    /// Of each picture, radians.
    pub yaws: Vec<f32>,
}

impl Portraits {
    /// Random views of these people.
    pub fn take(people: impl IntoIterator<Item = usize>, pictures: usize, side: usize, stream: &mut Stream) -> Self {
        Self::take_some(people, .., pictures, side, stream)
    }

    /// Of [`Portraits::take`] those of the people at some places: the others are not drawn.
    pub fn take_some(
        people: impl IntoIterator<Item = usize>,
        places: impl RangeBounds<usize>,
        pictures: usize,
        side: usize,
        stream: &mut Stream,
    ) -> Self {
        let mut taken = Self { values: Vec::new(), people: Vec::new(), yaws: Vec::new() };
        for (place, number) in people.into_iter().enumerate() {
            let person = Person::numbered(number as u32);
            for _ in 0..pictures {
                let view = View::draw(stream);
                if places.contains(&place) {
                    taken.add(number, &person, &view, side);
                }
            }
        }
        taken
    }

    pub fn add(&mut self, number: usize, person: &Person, view: &View, side: usize) {
        self.values.extend(picture(person, view, side));
        self.people.push(number);
        self.yaws.push(view.yaw.to_radians());
    }
}
