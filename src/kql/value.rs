mod from;

use std::fmt;
use std::hash::{Hash, Hasher};

use serde_json::{Map, Number, Value as Json};

use super::{Datetime, Timespan};

/// A value of KQL's `dynamic`, and the value of a cell of a [`Table`].
///
/// A cell of a column of another type is `Null` or has the variant of that type: `Long` for
/// both `int` and `long`, `String` for `guid`. A cell of a `string` column is never `Null`
/// (`Spec: TXT-04`).
///
/// [`Table`]: super::Table
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Dynamic {
    /// Null.
    #[default]
    Null,
    /// A boolean.
    Bool(bool),
    /// A 64-bit integer.
    Long(i64),
    /// A floating-point number.
    Real(f64),
    /// A string.
    String(String),
    /// A point in time.
    Datetime(Datetime),
    /// A length of time.
    Timespan(Timespan),
    /// An array.
    Array(Vec<Dynamic>),
    /// A property bag: names and values, in order.
    Bag(Vec<(String, Dynamic)>),
}

impl Hash for Dynamic {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self {
            Self::Null => {}
            Self::Bool(value) => value.hash(state),
            Self::Long(value) => value.hash(state),
            // 0.0 and -0.0 are equal.
            Self::Real(value) => (value + 0.0).to_bits().hash(state),
            Self::String(text) => text.hash(state),
            Self::Datetime(time) => time.hash(state),
            Self::Timespan(span) => span.hash(state),
            Self::Array(elements) => elements.hash(state),
            Self::Bag(members) => members.hash(state),
        }
    }
}

impl Dynamic {
    /// Creates an array of strings.
    ///
    /// ```
    /// use rulespec::kql::Dynamic;
    ///
    /// let array = Dynamic::strings(["a", "b"]);
    /// assert_eq!(array.to_json().to_string(), r#"["a","b"]"#);
    /// ```
    pub fn strings<S: Into<String>>(elements: impl IntoIterator<Item = S>) -> Self {
        Self::Array(elements.into_iter().map(|e| Self::String(e.into())).collect())
    }

    /// Returns the string, or `None` for any other kind of value.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// Returns the boolean, or `None` for any other kind of value.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// Returns the integer, or `None` for any other kind of value.
    pub fn as_long(&self) -> Option<i64> {
        match self {
            Self::Long(value) => Some(*value),
            _ => None,
        }
    }

    /// Returns the point in time, or `None` for any other kind of value.
    pub fn as_datetime(&self) -> Option<Datetime> {
        match self {
            Self::Datetime(value) => Some(*value),
            _ => None,
        }
    }

    /// Whether this is null.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// Converts a JSON value. A number that is not a 64-bit integer becomes a real.
    pub fn from_json(json: &Json) -> Self {
        match json {
            Json::Null => Self::Null,
            Json::Bool(value) => Self::Bool(*value),
            Json::Number(number) => match number.as_i64() {
                Some(value) => Self::Long(value),
                None => number.as_f64().into(),
            },
            Json::String(text) => Self::String(text.clone()),
            Json::Array(elements) => Self::Array(elements.iter().map(Self::from_json).collect()),
            Json::Object(object) => {
                let pair = |(name, value): (&String, &Json)| (name.clone(), Self::from_json(value));
                Self::Bag(object.iter().map(pair).collect())
            }
        }
    }

    /// Converts the value to JSON. A datetime or timespan becomes a string in KQL's format. A
    /// real that is not finite becomes the string `NaN`, `Infinity` or `-Infinity`.
    pub fn to_json(&self) -> Json {
        match self {
            Self::Null => Json::Null,
            Self::Bool(value) => Json::Bool(*value),
            Self::Long(value) => Json::from(*value),
            Self::Real(value) => Number::from_f64(*value).map_or_else(|| not_finite(*value), Json::Number),
            Self::String(text) => Json::String(text.clone()),
            Self::Datetime(time) => Json::String(time.to_string()),
            Self::Timespan(span) => Json::String(span.to_string()),
            Self::Array(elements) => elements.iter().map(Self::to_json).collect(),
            Self::Bag(pairs) => {
                let pair = |(name, value): &(String, Self)| (name.clone(), value.to_json());
                Json::Object(pairs.iter().map(pair).collect::<Map<_, _>>())
            }
        }
    }
}

fn not_finite(value: f64) -> Json {
    let text = match value {
        value if value.is_nan() => "NaN",
        f64::INFINITY => "Infinity",
        _ => "-Infinity",
    };
    Json::String(text.to_owned())
}

/// The type of a column or an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Type {
    /// A string; never null.
    String,
    /// A boolean.
    Bool,
    /// A 32-bit integer.
    Int,
    /// A 64-bit integer.
    Long,
    /// A floating-point number.
    Real,
    /// A point in time.
    Datetime,
    /// A length of time.
    Timespan,
    /// A GUID, stored as a string.
    Guid,
    /// Any value, including arrays and property bags.
    Dynamic,
}

impl Type {
    /// Every type.
    pub const ALL: [Self; 9] = [
        Self::String,
        Self::Bool,
        Self::Int,
        Self::Long,
        Self::Real,
        Self::Datetime,
        Self::Timespan,
        Self::Guid,
        Self::Dynamic,
    ];

    /// Returns the type that KQL gives this name.
    ///
    /// ```
    /// use rulespec::kql::Type;
    ///
    /// assert_eq!(Type::from_name("long"), Some(Type::Long));
    /// assert_eq!(Type::from_name("int64"), None);
    /// ```
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|r#type| r#type.as_str() == name)
    }

    /// Converts a JSON value to a cell of this type, or returns `None` if its type is another.
    ///
    /// JSON null becomes `""` in a string column and null in any other. A real that is not finite is the
    /// string `NaN`, `Infinity` or `-Infinity`.
    ///
    /// ```
    /// use rulespec::kql::{Dynamic, Type};
    ///
    /// assert_eq!(Type::String.cell(&serde_json::Value::Null), Some(Dynamic::from("")));
    /// assert_eq!(Type::Long.cell(&serde_json::json!("7")), None);
    /// ```
    ///
    /// Spec: TXT-04, TAB-15
    pub fn cell(self, json: &Json) -> Option<Dynamic> {
        let value = match (self, json) {
            (_, Json::Null) => self.empty(),
            (Self::Datetime, Json::String(text)) => Dynamic::Datetime(text.parse().ok()?),
            (Self::Timespan, Json::String(text)) => Dynamic::Timespan(text.parse().ok()?),
            (Self::Real, Json::String(text)) => Dynamic::Real(match text.as_str() {
                "NaN" => f64::NAN,
                "Infinity" => f64::INFINITY,
                "-Infinity" => f64::NEG_INFINITY,
                _ => return None,
            }),
            (Self::Real, Json::Number(number)) => Dynamic::Real(number.as_f64()?),
            (_, json) => Dynamic::from_json(json),
        };
        self.admits(&value).then_some(value)
    }

    /// Whether a column of this type can hold the value.
    ///
    /// Spec: TXT-04, TAB-15
    pub fn admits(self, value: &Dynamic) -> bool {
        match value {
            Dynamic::Null => self != Self::String,
            Dynamic::Bool(_) => matches!(self, Self::Bool | Self::Dynamic),
            Dynamic::Long(value) => match self {
                Self::Int => i32::try_from(*value).is_ok(),
                _ => matches!(self, Self::Long | Self::Dynamic),
            },
            Dynamic::Real(_) => matches!(self, Self::Real | Self::Dynamic),
            Dynamic::String(_) => matches!(self, Self::String | Self::Guid | Self::Dynamic),
            Dynamic::Datetime(_) => matches!(self, Self::Datetime | Self::Dynamic),
            Dynamic::Timespan(_) => matches!(self, Self::Timespan | Self::Dynamic),
            Dynamic::Array(_) | Dynamic::Bag(_) => self == Self::Dynamic,
        }
    }

    /// Returns the value of an empty cell of this type: `""` for a string, else null.
    ///
    /// Spec: TXT-04, TAB-15
    pub fn empty(self) -> Dynamic {
        match self {
            Self::String => Dynamic::from(""),
            _ => Dynamic::Null,
        }
    }

    /// Returns the name that KQL gives the type.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Bool => "bool",
            Self::Int => "int",
            Self::Long => "long",
            Self::Real => "real",
            Self::Datetime => "datetime",
            Self::Timespan => "timespan",
            Self::Guid => "guid",
            Self::Dynamic => "dynamic",
        }
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
