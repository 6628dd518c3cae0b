//! How a setting is declared, once: name, default, range, whether it may change while training runs. The page's forms, the URL's checks and
//! the engine's checks all come from the declarations.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::error::{Error, Result};

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
                let values = $crate::training::fields::change(&Self::fields(), to_value(self), changes, live)?;
                serde_json::from_value(values).map_err(|e| Error::config("config", "read", e.to_string()))
            }
        }
    };
    (@live live) => { true };
    (@live) => { false };
}
pub(crate) use config;

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
