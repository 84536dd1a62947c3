//! What becomes a value with `into`.

use super::Dynamic;
use crate::kql::{Datetime, Timespan};

impl From<&str> for Dynamic {
    fn from(text: &str) -> Self {
        Self::String(text.to_owned())
    }
}

impl From<String> for Dynamic {
    fn from(text: String) -> Self {
        Self::String(text)
    }
}

impl From<i64> for Dynamic {
    fn from(value: i64) -> Self {
        Self::Long(value)
    }
}

impl From<bool> for Dynamic {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<f64> for Dynamic {
    fn from(value: f64) -> Self {
        Self::Real(value)
    }
}

impl From<Datetime> for Dynamic {
    fn from(time: Datetime) -> Self {
        Self::Datetime(time)
    }
}

impl From<Timespan> for Dynamic {
    fn from(span: Timespan) -> Self {
        Self::Timespan(span)
    }
}

/// `None` is null.
impl<T: Into<Dynamic>> From<Option<T>> for Dynamic {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, T::into)
    }
}
