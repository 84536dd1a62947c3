//! A value as an export holds it, before its column's type is known.

use std::borrow::Cow;

use serde_json::Value as Json;

/// A text, borrowed where the input has it as it stands, or any other JSON value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value<'a> {
    /// A text.
    Text(Cow<'a, str>),
    /// Null, a truth value, a number, an array or an object.
    Other(Json),
}

impl Value<'_> {
    /// The value as text: `""` for null, the JSON of an array or an object.
    ///
    /// Spec: TEL-46
    pub(super) fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Text(text) => Cow::Borrowed(text),
            Self::Other(Json::Null) => Cow::Borrowed(""),
            Self::Other(json) => Cow::Owned(json.to_string()),
        }
    }

    /// Whether there is nothing: null, or a text of length 0.
    pub(super) fn is_empty(&self) -> bool {
        matches!(self, Self::Other(Json::Null)) || matches!(self, Self::Text(text) if text.is_empty())
    }
}

impl From<Json> for Value<'_> {
    fn from(json: Json) -> Self {
        match json {
            Json::String(text) => Self::Text(Cow::Owned(text)),
            json => Self::Other(json),
        }
    }
}
