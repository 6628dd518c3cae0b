//! A training session: a run of a family that can be stepped, looked at, changed, saved and continued exactly.
//! Every family has a module of its own; here is what they have in common, and which one is meant.

use burn::tensor::Device;
use serde_json::{Map, Value};

use super::cyclegan::CycleGanSession;
use super::drgan::DrganSession;
use super::export::Format;
use super::file::SessionFile;
use super::gan::GanSession;
use super::inspect::{Answer, Question};
use super::pictures::PicturesSession;
use super::report::{Report, Unread};
use super::rgan::RganSession;
pub use super::samples::{SampleRequest, Samples};
use crate::data::{Description, Own};
use crate::error::{Error, Result};
use crate::nn::shards::SHARDS;
use crate::training::drgan::SIDE;
use crate::training::{Family, Turn};
use crate::weights::acgan;

#[derive(Debug)]
pub enum Session {
    Gan(Box<GanSession>),
    Pictures(Box<PicturesSession>),
    CycleGan(Box<CycleGanSession>),
    Rgan(Box<RganSession>),
    Drgan(Box<DrganSession>),
}

impl Session {
    /// A fresh run: the family's defaults with `changes`, on one of its datasets or on the visitor's own data.
    pub fn start(family: Family, changes: &Map<String, Value>, own: Own, device: &Device) -> Result<Self> {
        Ok(match family {
            Family::Gan => Session::Gan(Box::new(GanSession::start(changes, own, device)?)),
            Family::Dcgan | Family::Acgan => {
                Session::Pictures(Box::new(PicturesSession::start(family, changes, own, device)?))
            }
            Family::Cyclegan => Session::CycleGan(Box::new(CycleGanSession::start(changes, own, device)?)),
            Family::Rgan => Session::Rgan(Box::new(RganSession::start(changes, own, device)?)),
            Family::Drgan => Session::Drgan(Box::new(DrganSession::start(changes, device)?)),
        })
    }

    /// The run that [`Session::save`] wrote, to the last bit; or one that begins with a shipped AC-GAN's generator.
    pub fn open(bytes: &[u8], device: &Device) -> Result<Self> {
        if acgan::is_generator(bytes) {
            return Ok(Session::Pictures(Box::new(PicturesSession::from_generator(bytes, device)?)));
        }
        let file = SessionFile::read(bytes)?;
        Ok(match file.family {
            Family::Gan => Session::Gan(Box::new(GanSession::open(file, device)?)),
            Family::Dcgan | Family::Acgan => Session::Pictures(Box::new(PicturesSession::open(file, device)?)),
            Family::Cyclegan => Session::CycleGan(Box::new(CycleGanSession::open(file, device)?)),
            Family::Rgan => Session::Rgan(Box::new(RganSession::open(file, device)?)),
            Family::Drgan => Session::Drgan(Box::new(DrganSession::open(file, device)?)),
        })
    }

    /// Every setting, and the family.
    pub fn config(&self) -> Value {
        let (family, config) = match self {
            Session::Gan(session) => (Family::Gan, serde_json::to_value(session.config())),
            Session::Pictures(session) => (session.family, serde_json::to_value(&session.config)),
            Session::CycleGan(session) => (Family::Cyclegan, serde_json::to_value(&session.config)),
            Session::Rgan(session) => (Family::Rgan, serde_json::to_value(&session.config)),
            Session::Drgan(session) => (Family::Drgan, serde_json::to_value(&session.config)),
        };
        let mut config = config.unwrap_or_default();
        config["family"] = serde_json::to_value(family).unwrap_or_default();
        config
    }

    /// What it learns from.
    pub fn describe(&self) -> Description {
        match self {
            Session::Gan(session) => session.data.describe(session.config().dataset),
            Session::Pictures(session) => session.pictures.describe(session.config.dataset),
            Session::CycleGan(session) => session.describe(),
            Session::Rgan(session) => session.data.describe(session.config.dataset),
            Session::Drgan(session) => session.config.dataset.describe(SIDE),
        }
    }

    pub fn steps(&self) -> u32 {
        match self {
            Session::Gan(session) => session.steps(),
            Session::Pictures(session) => session.model.step,
            Session::CycleGan(session) => session.model.step,
            Session::Rgan(session) => session.model.step,
            Session::Drgan(session) => session.model.step,
        }
    }

    /// Changes settings while the run goes on; only live ones.
    pub fn tune(&mut self, changes: &Map<String, Value>) -> Result<()> {
        match self {
            Session::Gan(session) => session.tune(changes),
            Session::Pictures(session) => session.tune(changes),
            Session::CycleGan(session) => session.tune(changes),
            Session::Rgan(session) => session.tune(changes),
            Session::Drgan(session) => session.tune(changes),
        }
    }

    /// `n` training steps and one readback. A loss that is not finite is [`Error::Diverged`].
    pub async fn step(&mut self, n: u32, turn: Turn) -> Result<Report> {
        match self {
            Session::Gan(session) => session.step(n, turn).await,
            Session::Rgan(session) => session.step(n, turn).await,
            _ => {
                let unread = self.advance(n, turn)?;
                self.report(unread).await
            }
        }
    }

    /// Whether several replicas can share its batches ([`crate::nn::shards`]): it has enough pictures in one, and steps that take long.
    pub fn shares(&self) -> bool {
        match self {
            Session::Gan(_) | Session::Rgan(_) => false,
            Session::Pictures(session) => session.config.batch_size >= SHARDS,
            Session::CycleGan(session) => session.config.batch_size >= SHARDS,
            Session::Drgan(session) => session.config.batch_size >= SHARDS,
        }
    }

    /// The steps of [`Session::step`] without a report: of what can be shared.
    pub fn advance(&mut self, n: u32, turn: Turn) -> Result<Unread> {
        match self {
            Session::Gan(_) | Session::Rgan(_) => Err(never_shared()),
            Session::Pictures(session) => Ok(session.advance(n, turn)),
            Session::CycleGan(session) => session.advance(n, turn),
            Session::Drgan(session) => Ok(session.advance(n, turn)),
        }
    }

    /// What [`Session::advance`] did. A loss that is not finite is [`Error::Diverged`].
    pub async fn report(&self, unread: Unread) -> Result<Report> {
        match self {
            Session::Gan(_) | Session::Rgan(_) => Err(never_shared()),
            Session::Pictures(session) => session.report(unread).await,
            Session::CycleGan(session) => session.report(unread).await,
            Session::Drgan(session) => session.report(unread).await,
        }
    }

    pub async fn sample(&self, request: &SampleRequest) -> Result<Samples> {
        match self {
            Session::Gan(session) => session.sample(request).await,
            Session::Pictures(session) => session.sample(request).await,
            Session::CycleGan(session) => session.sample(request).await,
            Session::Rgan(session) => session.sample(request).await,
            Session::Drgan(session) => session.sample(request).await,
        }
    }

    pub async fn inspect(&self, question: Question) -> Result<Answer> {
        match self {
            Session::Gan(session) => session.inspect(question).await,
            Session::Pictures(session) => session.inspect(question).await,
            Session::CycleGan(session) => session.inspect(question).await,
            Session::Rgan(session) => session.inspect(question).await,
            Session::Drgan(session) => session.inspect(question).await,
        }
    }

    pub async fn save(&self) -> Result<Vec<u8>> {
        match self {
            Session::Gan(session) => session.save().await,
            Session::Pictures(session) => session.save().await,
            Session::CycleGan(session) => session.save().await,
            Session::Rgan(session) => session.save().await,
            Session::Drgan(session) => session.save().await,
        }
    }

    /// The averaged generator as a file for other software; a CycleGAN's into the domain `a` or `b`, whose weights are a file that the
    /// translator reads too (f16, published names).
    pub async fn export(&self, format: Format, domain: &str) -> Result<Vec<u8>> {
        let leaving = match self {
            Session::Gan(session) => session.leaving().await,
            Session::Pictures(session) => session.leaving().await,
            Session::Rgan(session) => session.leaving().await,
            Session::Drgan(session) => session.leaving().await,
            Session::CycleGan(session) => match (domain, format) {
                ("a" | "b", Format::Safetensors) => return session.export(domain).await,
                ("a" | "b", Format::Onnx) => session.leaving(domain).await,
                _ => Err(Error::config("direction", domain, "expected a or b")),
            },
        };
        leaving?.file(format)
    }
}

fn never_shared() -> Error {
    Error::Unsupported { what: "sharing".into(), reason: "its steps are too short".into() }
}
