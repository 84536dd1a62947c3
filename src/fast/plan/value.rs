//! Values of expressions, borrowed if possible.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::rc::Rc;

use crate::kql::{Datetime, Dynamic, Timespan};

/// A value. Times are in ticks of 100 ns; a datetime counts from 1970.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) enum Value<'a> {
    #[default]
    Null,
    Bool(bool),
    Long(i64),
    Real(f64),
    Datetime(i64),
    Timespan(i64),
    Text(Cow<'a, str>),
    /// An array of strings.
    Texts(Rc<[Cow<'a, str>]>),
    /// An array or a bag.
    Dynamic(Cow<'a, Dynamic>),
}

impl<'a> From<&'a Dynamic> for Value<'a> {
    fn from(value: &'a Dynamic) -> Self {
        match value {
            Dynamic::String(text) => Self::Text(Cow::Borrowed(text)),
            Dynamic::Array(_) | Dynamic::Bag(_) => Self::Dynamic(Cow::Borrowed(value)),
            scalar => Self::of_scalar(scalar),
        }
    }
}

impl From<Dynamic> for Value<'_> {
    fn from(value: Dynamic) -> Self {
        match value {
            Dynamic::String(text) => Self::Text(Cow::Owned(text)),
            Dynamic::Array(_) | Dynamic::Bag(_) => Self::Dynamic(Cow::Owned(value)),
            scalar => Self::of_scalar(&scalar),
        }
    }
}

impl From<Value<'_>> for Dynamic {
    fn from(value: Value<'_>) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(value) => Self::Bool(value),
            Value::Long(value) => Self::Long(value),
            Value::Real(value) => Self::Real(value),
            Value::Datetime(ticks) => {
                Datetime::from_ticks_since_1970(ticks).map_or(Self::Null, Self::Datetime)
            }
            Value::Timespan(ticks) => Self::Timespan(Timespan::from_ticks(ticks)),
            Value::Text(text) => Self::String(text.into_owned()),
            Value::Texts(texts) => Self::strings(texts.iter().cloned()),
            Value::Dynamic(value) => value.into_owned(),
        }
    }
}

impl Value<'_> {
    /// A value that has nothing to borrow; null for any other.
    fn of_scalar(value: &Dynamic) -> Self {
        match value {
            Dynamic::Bool(value) => Self::Bool(*value),
            Dynamic::Long(value) => Self::Long(*value),
            Dynamic::Real(value) => Self::Real(*value),
            Dynamic::Datetime(time) => Self::Datetime(time.ticks_since_1970()),
            Dynamic::Timespan(span) => Self::Timespan(span.ticks()),
            Dynamic::Null | Dynamic::String(_) | Dynamic::Array(_) | Dynamic::Bag(_) => Self::Null,
        }
    }

    /// The value, borrowed from this one.
    pub(super) fn borrowed(&self) -> Value<'_> {
        match self {
            Self::Text(text) => Value::Text(Cow::Borrowed(text)),
            Self::Texts(texts) => Value::Texts(texts.clone()),
            Self::Dynamic(value) => Value::Dynamic(Cow::Borrowed(value)),
            Self::Null => Value::Null,
            Self::Bool(value) => Value::Bool(*value),
            Self::Long(value) => Value::Long(*value),
            Self::Real(value) => Value::Real(*value),
            Self::Datetime(ticks) => Value::Datetime(*ticks),
            Self::Timespan(ticks) => Value::Timespan(*ticks),
        }
    }

    /// The text; `""` for any other value.
    pub(super) fn text(&self) -> &str {
        match self {
            Self::Text(text) => text,
            _ => "",
        }
    }

    /// The long, or the ticks of a time.
    pub(super) fn number(&self) -> Option<i64> {
        match self {
            Self::Long(value) | Self::Datetime(value) | Self::Timespan(value) => Some(*value),
            _ => None,
        }
    }

    pub(super) fn truth(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// The order of two values of one type, or of two numbers.
    pub(super) fn order(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Bool(a), Self::Bool(b)) => Some(a.cmp(b)),
            (Self::Long(a), Self::Long(b))
            | (Self::Datetime(a), Self::Datetime(b))
            | (Self::Timespan(a), Self::Timespan(b)) => Some(a.cmp(b)),
            (Self::Long(a), Self::Real(b)) => (*a as f64).partial_cmp(b),
            (Self::Real(a), Self::Long(b)) => a.partial_cmp(&(*b as f64)),
            (Self::Real(a), Self::Real(b)) => a.partial_cmp(b),
            (Self::Text(a), Self::Text(b)) => Some(a.cmp(b)),
            _ => None,
        }
    }
}
