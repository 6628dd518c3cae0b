//! Every setting of a training, declared once: name, default, range, whether it may change while training runs.
//! The page's forms, the URL's checks and the engine's checks all come from these declarations.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::Family;
use super::cyclegan::CycleGanConfig;
use super::drgan::{DrganConfig, SIDE};
use super::losses::Loss;
use super::pictures::PicturesConfig;
use super::rgan::RganConfig;
use crate::data::album::Augment;
use crate::data::gallery::FaceDataset;
use crate::data::glyphs;
use crate::data::pairs::PairedDataset;
use crate::data::pictures::PictureDataset;
use crate::data::waves::WaveDataset;
use crate::data::{Dataset, Description};
use crate::error::{Error, Result};
use crate::nn::optim::OptimizerKind;

/// Where a form shows a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    Data,
    Networks,
    Loss,
    Optimizer,
    Stability,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Kind {
    Integer { min: u64, max: u64 },
    Number { min: f64, max: f64, scale: Scale },
    Choice { choices: Vec<Value> },
    Boolean,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Scale {
    Linear,
    Log,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Field {
    pub key: &'static str,
    pub default: Value,
    /// May change while training runs.
    pub live: bool,
    pub group: Group,
    #[serde(flatten)]
    pub kind: Kind,
}

pub fn integer(min: u64, max: u64) -> Kind {
    Kind::Integer { min, max }
}

pub fn number(min: f64, max: f64) -> Kind {
    Kind::Number { min, max, scale: Scale::Linear }
}

pub fn logarithmic(min: f64, max: f64) -> Kind {
    Kind::Number { min, max, scale: Scale::Log }
}

pub fn boolean() -> Kind {
    Kind::Boolean
}

pub fn choice<T: Serialize>(all: &[T]) -> Kind {
    Kind::Choice { choices: all.iter().map(to_value).collect() }
}

/// Plain data without maps of odd keys: serde_json cannot fail on it.
pub(crate) fn to_value<T: Serialize>(value: T) -> Value {
    serde_json::to_value(value).unwrap_or(Value::Null)
}

/// A configuration struct together with the declaration of each of its fields.
macro_rules! config {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $key:ident: $type:ty = $default:expr, $kind:expr, $group:ident $(, $live:ident)?;)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        #[serde(default, deny_unknown_fields)]
        pub struct $name { $($(#[$doc])* pub $key: $type,)* }

        impl Default for $name {
            fn default() -> Self {
                Self { $($key: $default,)* }
            }
        }

        impl $name {
            pub fn fields() -> Vec<Field> {
                vec![$(Field {
                    key: stringify!($key),
                    default: to_value::<$type>($default),
                    live: config!(@live $($live)?),
                    group: Group::$group,
                    kind: $kind,
                },)*]
            }

            /// This configuration with changes, each checked against its field; `live` refuses what cannot change while
            /// running.
            pub fn changed(&self, changes: &Map<String, Value>, live: bool) -> Result<Self> {
                let values = $crate::training::config::change(&Self::fields(), to_value(self), changes, live)?;
                serde_json::from_value(values).map_err(|e| Error::config("config", "read", e.to_string()))
            }
        }
    };
    (@live live) => { true };
    (@live) => { false };
}
pub(crate) use config;

config! {
    /// The plain GAN. Defaults are for points in the plane; [`GanConfig::preset`] has the others.
    GanConfig {
        dataset: Dataset = Dataset::Ring, choice(&Dataset::ALL), Data;
        /// All random numbers of a run follow from it.
        seed: u32 = 7, integer(0, u32::MAX as u64), Data;
        /// How the visitor's pictures are changed each time they are shown.
        augment: Augment = Augment::None, choice(&Augment::ALL), Data;
        batch_size: usize = 128, integer(8, 1024), Data;
        /// Numbers the generator starts from, independent standard normals.
        latent_dim: usize = 2, integer(1, 128), Networks;
        hidden_dim: usize = 64, integer(4, 512), Networks;
        hidden_layers: usize = 3, integer(1, 6), Networks;
        /// Samples the discriminator judges at once (PacGAN, Lin et al. 2018).
        packing: usize = 1, integer(1, 4), Networks;
        loss: Loss = Loss::NonSaturating, choice(&Loss::WITH_PAIRS), Loss, live;
        /// The real label is 1 minus this (one-sided, Salimans et al. 2016, section 3.4).
        label_smoothing: f64 = 0.0, number(0.0, 0.4), Loss, live;
        /// Bound of each discriminator weight under the Wasserstein loss.
        clip: f64 = 0.1, logarithmic(0.001, 1.0), Loss, live;
        optimizer: OptimizerKind = OptimizerKind::Adam, choice(&[OptimizerKind::Adam, OptimizerKind::Sgd]), Optimizer, live;
        learning_rate_d: f64 = 2e-3, logarithmic(1e-5, 1.0), Optimizer, live;
        learning_rate_g: f64 = 2e-3, logarithmic(1e-5, 1.0), Optimizer, live;
        beta_1: f64 = 0.5, number(0.0, 0.99), Optimizer, live;
        beta_2: f64 = 0.99, number(0.5, 0.9999), Optimizer, live;
        /// Weight of the gradient penalty over real samples (R1) and over made ones (R2), Huang et al. 2024, section 2.2.
        r1: f64 = 0.0, number(0.0, 10.0), Stability, live;
        r2: f64 = 0.0, number(0.0, 10.0), Stability, live;
        /// The discriminator's weights over their largest singular values (Miyato et al. 2018).
        spectral_norm: bool = false, boolean(), Stability;
        /// Discriminator steps to one generator step.
        discriminator_steps: usize = 1, integer(1, 10), Stability, live;
        /// Decay of the generator's moving average; 0 shows the generator as it is.
        average_decay: f64 = 0.999, number(0.0, 0.9999), Stability, live;
        /// Deviation of the noise added to what the discriminator sees, at the start (Sonderby et al. 2017), in data units.
        instance_noise: f64 = 0.3, number(0.0, 1.0), Stability, live;
        /// Steps over which the instance noise, the gradient penalties and the learning rates fall; 0 keeps all as they are.
        anneal_steps: u32 = 18_000, integer(0, 1_000_000), Stability, live;
    }
}

impl GanConfig {
    /// What differs from the defaults for a dataset.
    pub fn preset(dataset: Dataset) -> Map<String, Value> {
        let changes = match dataset {
            Dataset::Digits | Dataset::Letters | Dataset::Zhuyin | Dataset::Own => serde_json::json!({
                "batch_size": 64, "latent_dim": 32, "hidden_dim": 256, "hidden_layers": 2, "learning_rate_d": 2e-4,
                "learning_rate_g": 4e-4, "label_smoothing": 0.1, "instance_noise": 0.1, "average_decay": 0.99,
            }),
            // Twenty-five modes take a deeper network, noise as wide as half the way between two of them, more steps, and
            // R3GAN's loss and penalties, which leave fewer of them out.
            Dataset::Grid => serde_json::json!({
                "hidden_layers": 4, "loss": "relativistic", "r1": 0.5, "r2": 0.5, "instance_noise": 1.0,
                "anneal_steps": 36_000,
            }),
            _ => Value::Null,
        };
        match changes {
            Value::Object(map) => map,
            _ => Map::new(),
        }
    }

    /// The configuration a visitor asks for: defaults, the dataset's preset, then the changes.
    pub fn new(changes: &Map<String, Value>) -> Result<Self> {
        let dataset = Self::default().changed(&only(changes, "dataset"), false)?.dataset;
        Self::default().changed(&Self::preset(dataset), false)?.changed(changes, false)
    }
}

/// A configuration's values with changes, each checked against its field.
pub(super) fn change(fields: &[Field], mut values: Value, changes: &Map<String, Value>, live: bool) -> Result<Value> {
    for (key, value) in changes {
        let field = fields.iter().find(|field| field.key == key);
        let field = field.ok_or_else(|| Error::config(key, value, "there is no such setting"))?;
        if live && !field.live {
            return Err(Error::config(key, value, "it cannot change while training runs"));
        }
        values[key] = field.check(value)?;
    }
    Ok(values)
}

fn only(changes: &Map<String, Value>, key: &str) -> Map<String, Value> {
    changes.iter().filter(|(k, _)| *k == key).map(|(k, v)| (k.clone(), v.clone())).collect()
}

impl Field {
    /// The value in the field's own type, or why not.
    pub fn check(&self, value: &Value) -> Result<Value> {
        match &self.kind {
            Kind::Integer { min, max } => {
                let number = value.as_f64().filter(|v| v.fract() == 0.0 && *v >= *min as f64 && *v <= *max as f64);
                number
                    .map(|v| Value::from(v as u64))
                    .ok_or_else(|| self.refuse(value, format!("a whole number from {min} to {max}")))
            }
            Kind::Number { min, max, .. } => {
                let number = value.as_f64().filter(|v| v >= min && v <= max);
                number.map(Value::from).ok_or_else(|| self.refuse(value, format!("a number from {min} to {max}")))
            }
            Kind::Boolean => value.as_bool().map(Value::from).ok_or_else(|| self.refuse(value, "true or false".into())),
            Kind::Choice { choices } => {
                let known = choices.contains(value);
                known
                    .then(|| value.clone())
                    .ok_or_else(|| self.refuse(value, format!("one of {}", Value::from(choices.clone()))))
            }
        }
    }

    fn refuse(&self, value: &Value, expected: String) -> Error {
        Error::config(self.key, value, format!("expected {expected}"))
    }
}

/// What a form needs before any engine runs.
#[derive(Debug, Serialize)]
pub struct Schema {
    pub family: Family,
    pub fields: Vec<Field>,
    /// What differs from the defaults, by dataset.
    pub presets: Map<String, Value>,
    pub datasets: Vec<Description>,
}

/// The schema of a family of networks.
pub fn schema(family: Family) -> Result<Schema> {
    let named = |id: Value, preset| id.as_str().map(|id| (id.to_string(), Value::Object(preset)));
    Ok(match family {
        Family::Gan => {
            let placeholder = [0.0; 16];
            // How many points a drawing has is known with the drawing.
            let describe = |d: &Dataset| match d {
                Dataset::Own => {
                    Ok(Description { own: true, ..Description::new(d, "images", vec![glyphs::SIDE, glyphs::SIDE]) })
                }
                _ => Ok(Description { count: None, ..d.open(Some(&placeholder))?.describe(*d) }),
            };
            Schema {
                family,
                fields: GanConfig::fields(),
                presets: Dataset::ALL.iter().filter_map(|d| named(to_value(d), GanConfig::preset(*d))).collect(),
                datasets: Dataset::ALL.iter().map(describe).collect::<Result<_>>()?,
            }
        }
        Family::Dcgan | Family::Acgan => Schema {
            family,
            fields: PicturesConfig::fields_of(family),
            presets: PictureDataset::ALL
                .iter()
                .filter_map(|d| named(to_value(d), PicturesConfig::preset(*d)))
                .collect(),
            datasets: PictureDataset::ALL.iter().map(|d| d.describe(PicturesConfig::side_of(*d))).collect(),
        },
        Family::Cyclegan => Schema {
            family,
            fields: CycleGanConfig::fields(),
            presets: PairedDataset::ALL.iter().filter_map(|d| named(to_value(d), Map::new())).collect(),
            datasets: PairedDataset::ALL.iter().map(|d| d.describe(CycleGanConfig::default().side)).collect(),
        },
        Family::Rgan => Schema {
            family,
            fields: RganConfig::fields(),
            presets: WaveDataset::ALL.iter().filter_map(|d| named(to_value(d), RganConfig::preset(*d))).collect(),
            datasets: WaveDataset::ALL.iter().map(|d| d.describe(RganConfig::length(*d))).collect(),
        },
        Family::Drgan => Schema {
            family,
            fields: DrganConfig::fields(),
            presets: FaceDataset::ALL.iter().filter_map(|d| named(to_value(d), Map::new())).collect(),
            datasets: FaceDataset::ALL.iter().map(|d| d.describe(SIDE)).collect(),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(value: Value) -> Map<String, Value> {
        value.as_object().cloned().unwrap()
    }

    #[test]
    fn every_default_and_preset_is_within_its_range() {
        for field in GanConfig::fields() {
            assert_eq!(field.check(&field.default).as_ref(), Ok(&field.default), "{}", field.key);
        }
        for field in CycleGanConfig::fields() {
            assert_eq!(field.check(&field.default).as_ref(), Ok(&field.default), "{}", field.key);
        }
        for field in DrganConfig::fields() {
            assert_eq!(field.check(&field.default).as_ref(), Ok(&field.default), "{}", field.key);
        }
        for field in RganConfig::fields() {
            assert_eq!(field.check(&field.default).as_ref(), Ok(&field.default), "{}", field.key);
        }
        for field in PicturesConfig::fields() {
            assert_eq!(field.check(&field.default).as_ref(), Ok(&field.default), "{}", field.key);
        }
        for dataset in PictureDataset::ALL {
            PicturesConfig::new(&object(serde_json::json!({ "dataset": dataset }))).unwrap();
        }
        for dataset in WaveDataset::ALL {
            RganConfig::new(&object(serde_json::json!({ "dataset": dataset }))).unwrap();
        }
        for dataset in Dataset::ALL {
            GanConfig::new(&object(serde_json::json!({ "dataset": dataset }))).unwrap();
        }
    }

    #[test]
    fn changes_are_checked_and_named() {
        let refused = |value: Value| GanConfig::new(&object(value)).unwrap_err().to_string();
        assert!(refused(serde_json::json!({ "batch_size": 0 })).contains("batch_size"));
        assert!(refused(serde_json::json!({ "batch_size": 8.5 })).contains("whole number"));
        assert!(refused(serde_json::json!({ "loss": "cosine" })).contains("non_saturating"));
        assert!(refused(serde_json::json!({ "bogus": 1 })).contains("no such setting"));
        let running = GanConfig::default();
        assert!(running.changed(&object(serde_json::json!({ "learning_rate_g": 0.01 })), true).is_ok());
        assert!(running.changed(&object(serde_json::json!({ "hidden_dim": 64 })), true).is_err());
    }

    #[test]
    fn a_preset_yields_to_the_visitor() {
        let config = GanConfig::new(&object(serde_json::json!({ "dataset": "digits", "batch_size": 32 }))).unwrap();
        assert_eq!((config.batch_size, config.latent_dim), (32, 32));
    }
}
