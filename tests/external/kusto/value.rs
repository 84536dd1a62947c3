//! Typed values and their literals.

use std::collections::BTreeSet;

use rulespec::kql::{Dynamic, Timespan, Type};

use super::evaluate::Call;

/// A value, the type of its expression, and the calls that it depends on.
#[derive(Debug, Clone, PartialEq)]
pub struct Value {
    pub dynamic: Dynamic,
    pub of_type: Type,
    pub calls: BTreeSet<Call>,
}

impl Value {
    pub fn new(dynamic: impl Into<Dynamic>, of_type: Type) -> Self {
        Self { dynamic: dynamic.into(), of_type, calls: BTreeSet::new() }
    }

    /// Adds calls that the value depends on.
    pub fn with_calls(mut self, calls: impl IntoIterator<Item = Call>) -> Self {
        self.calls.extend(calls);
        self
    }

    pub fn bool(value: bool) -> Self {
        Self::new(value, Type::Bool)
    }

    pub fn long(value: i64) -> Self {
        Self::new(value, Type::Long)
    }

    pub fn string(value: impl Into<String>) -> Self {
        Self::new(value.into(), Type::String)
    }

    /// Converts a literal to the type of its column of a datatable, if that is possible.
    pub fn cast(self, of_type: Type) -> Self {
        let dynamic = match (of_type, &self.dynamic) {
            (_, Dynamic::Null) => of_type.empty(),
            (Type::Real, Dynamic::Long(value)) => Dynamic::Real(*value as f64),
            (_, value) => value.clone(),
        };
        if of_type.admits(&dynamic) { Self::new(dynamic, of_type) } else { self }
    }
}

/// Returns the type of a name or synonym, such as `long` or `double`.
pub fn type_named(name: &str) -> Option<Type> {
    Some(match name {
        "string" => Type::String,
        "bool" | "boolean" => Type::Bool,
        "int" => Type::Int,
        "long" => Type::Long,
        "real" | "double" => Type::Real,
        "datetime" | "date" => Type::Datetime,
        "timespan" | "time" => Type::Timespan,
        "dynamic" => Type::Dynamic,
        "guid" => Type::Guid,
        _ => return None,
    })
}

/// Parses a number, or a timespan such as `90s`.
pub fn number(text: &str) -> Option<Value> {
    if let Ok(value) = text.parse::<i64>() {
        return Some(Value::long(value));
    }
    if let Ok(value) = text.parse::<f64>() {
        return Some(Value::new(Dynamic::Real(value), Type::Real));
    }
    let digits = text.find(|c: char| c.is_alphabetic())?;
    let ticks = text[..digits].parse::<i64>().ok()?.checked_mul(ticks_of(&text[digits..])?)?;
    Some(Value::new(Dynamic::Timespan(Timespan::from_ticks(ticks)), Type::Timespan))
}

/// Returns the ticks of 100 ns of a unit of time.
fn ticks_of(unit: &str) -> Option<i64> {
    Some(match unit {
        "tick" => 1,
        "ms" => 10_000,
        "s" | "sec" | "second" => 10_000_000,
        "m" | "min" | "minute" => 600_000_000,
        "h" | "hour" => 36_000_000_000,
        "d" | "day" => 864_000_000_000,
        _ => return None,
    })
}

/// Parses a literal such as `datetime(2020-01-01)`, given its type and the text in parentheses.
pub fn typed(name: &str, inner: &str) -> Option<Value> {
    let of_type = type_named(name)?;
    if inner == "null" {
        return Some(Value::new(of_type.empty(), of_type));
    }
    let dynamic = match of_type {
        Type::Bool => Dynamic::Bool(inner.parse().ok()?),
        Type::Int | Type::Long => Dynamic::Long(inner.parse().ok()?),
        Type::Datetime => Dynamic::Datetime(inner.parse().ok()?),
        Type::Timespan => match inner.parse() {
            Ok(span) => Dynamic::Timespan(span),
            Err(_) => return number(inner).filter(|value| value.of_type == Type::Timespan),
        },
        Type::Dynamic => Dynamic::from_json(&serde_json::from_str(inner).ok()?),
        Type::Real => Dynamic::Real(inner.parse().ok()?),
        Type::String | Type::Guid => return None,
    };
    Some(Value::new(dynamic, of_type))
}
