//! A value of an export whose column type is not known yet.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::Value as Json;

/// A text, borrowed from the input if possible, or any other JSON value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value<'a> {
    Text(Cow<'a, str>),
    /// A text in a column whose times are local.
    LocalTime(Cow<'a, str>),
    /// Null, a boolean, a number, an array or an object. Boxed, because most values are texts, and an object
    /// takes much more room.
    Other(Box<Json>),
}

impl Value<'_> {
    /// The value as text: `""` for null, and JSON for an array or an object.
    ///
    /// Spec: TEL-46
    pub(super) fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Text(text) | Self::LocalTime(text) => Cow::Borrowed(text),
            Self::Other(json) if json.is_null() => Cow::Borrowed(""),
            Self::Other(json) => Cow::Owned(json.to_string()),
        }
    }

    /// Whether this is null or an empty text.
    pub(super) fn is_empty(&self) -> bool {
        match self {
            Self::Text(text) | Self::LocalTime(text) => text.is_empty(),
            Self::Other(json) => json.is_null(),
        }
    }
}

impl From<Json> for Value<'_> {
    fn from(json: Json) -> Self {
        match json {
            Json::String(text) => Self::Text(Cow::Owned(text)),
            json => Self::Other(Box::new(json)),
        }
    }
}

/// A key of a JSON object. It is borrowed exactly if it is written without escapes.
#[derive(Deserialize)]
#[serde(transparent)]
pub(super) struct Key<'a>(#[serde(borrow)] pub(super) Cow<'a, str>);
