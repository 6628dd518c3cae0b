//! The settings of every family, as forms need them.

use serde::Serialize;
use serde_json::{Map, Value};

use super::Family;
use super::cyclegan::CycleGanConfig;
use super::drgan::{DrganConfig, SIDE};
use super::fields::{Field, to_value};
use super::gan::GanConfig;
use super::pictures::PicturesConfig;
use super::rgan::RganConfig;
use crate::data::gallery::FaceDataset;
use crate::data::glyphs;
use crate::data::pairs::PairedDataset;
use crate::data::pictures::PictureDataset;
use crate::data::waves::WaveDataset;
use crate::data::{Dataset, Description};
use crate::error::Result;

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
