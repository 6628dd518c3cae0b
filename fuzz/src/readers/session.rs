//! `src/session`, as far as it reads a person.

#[path = "../../../src/session/samples.rs"]
mod samples;

pub mod faces {
    pub use super::person::Person;
}

#[path = "../../../src/session/faces/person.rs"]
mod person;
