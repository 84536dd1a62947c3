//! Chapter 45: conversions between types.

use super::{Datetime, Dynamic, Timespan, Type};

/// `tolong(value)`, and `toint(value)` for 32 bits.
///
/// ```
/// use rulespec::kql::{Dynamic, Type, tolong};
///
/// assert_eq!(tolong(&Dynamic::from(" 0x1F "), 64), Some(31));
/// assert_eq!(tolong(&Dynamic::from("1e3"), 64), None);
/// assert_eq!(tolong(&Dynamic::Real(-2.9), 32), Some(-2));
/// ```
///
/// Spec: VAL-20, VAL-21, VAL-22
pub fn tolong(value: &Dynamic, bits: u32) -> Option<i64> {
    let (min, max) = if bits == 32 { (i32::MIN.into(), i32::MAX.into()) } else { (i64::MIN, i64::MAX) };
    match value {
        Dynamic::Bool(value) => Some((*value).into()),
        // A long that is too large for an int loses its upper half.
        Dynamic::Long(value) => Some(if bits == 32 { (*value as i32).into() } else { *value }),
        Dynamic::Real(value) if value.is_nan() => None,
        Dynamic::Real(value) => Some((*value as i64).clamp(min, max)),
        Dynamic::String(text) => integer(text.trim()).filter(|value| (min..=max).contains(value)),
        Dynamic::Datetime(time) => tolong(&Dynamic::Long(time.ticks_since_year_1()), bits),
        Dynamic::Timespan(span) => tolong(&Dynamic::Long(span.ticks()), bits),
        Dynamic::Null | Dynamic::Array(_) | Dynamic::Bag(_) => None,
    }
}

/// An integer in decimal or hexadecimal digits.
///
/// Spec: VAL-20
fn integer(text: &str) -> Option<i64> {
    match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(digits) if digits.starts_with(['+', '-']) => None,
        Some(digits) => u64::from_str_radix(digits, 16).ok().map(u64::cast_signed),
        None => text.parse().ok(),
    }
}

/// `todouble(value)`.
///
/// Spec: VAL-23
pub fn todouble(value: &Dynamic) -> Option<f64> {
    match value {
        Dynamic::Bool(value) => Some(f64::from(u8::from(*value))),
        Dynamic::Long(value) => Some(*value as f64),
        Dynamic::Real(value) => Some(*value),
        Dynamic::String(text) => text.trim().parse().ok(),
        Dynamic::Datetime(_) | Dynamic::Timespan(_) => tolong(value, 64).map(|ticks| ticks as f64),
        Dynamic::Null | Dynamic::Array(_) | Dynamic::Bag(_) => None,
    }
}

/// `tobool(value)`.
///
/// ```
/// use rulespec::kql::{Dynamic, tobool};
///
/// assert_eq!(tobool(&Dynamic::from("tRuE")), Some(true));
/// assert_eq!(tobool(&Dynamic::from("-1")), Some(true));
/// assert_eq!(tobool(&Dynamic::from("yes")), None);
/// ```
///
/// Spec: VAL-24
pub fn tobool(value: &Dynamic) -> Option<bool> {
    match value {
        Dynamic::Bool(value) => Some(*value),
        Dynamic::Long(value) => Some(*value != 0),
        Dynamic::Real(value) => Some(*value != 0.0),
        Dynamic::String(text) => match text.trim() {
            text if text.eq_ignore_ascii_case("true") => Some(true),
            text if text.eq_ignore_ascii_case("false") => Some(false),
            text => integer(text).map(|value| value != 0),
        },
        _ => None,
    }
}

/// `todatetime(value)`.
///
/// Spec: VAL-25
pub fn todatetime(value: &Dynamic) -> Option<Datetime> {
    match value {
        Dynamic::Datetime(time) => Some(*time),
        Dynamic::String(text) => text.parse().ok(),
        Dynamic::Long(ticks) => Datetime::from_ticks_since_year_1(*ticks),
        Dynamic::Real(_) => todatetime(&Dynamic::Long(tolong(value, 64)?)),
        _ => None,
    }
}

/// `totimespan(value)`.
///
/// Spec: VAL-26
pub fn totimespan(value: &Dynamic) -> Option<Timespan> {
    match value {
        Dynamic::Timespan(span) => Some(*span),
        Dynamic::String(text) => {
            let text = text.trim();
            let hours_and_minutes = || format!("{text}:00").parse().ok();
            text.parse().ok().or_else(hours_and_minutes).or_else(|| Timespan::with_unit(text))
        }
        Dynamic::Long(ticks) => Some(Timespan::from_ticks(*ticks)),
        _ => None,
    }
}

/// `gettype(value)`: the name of the type of a value, which is that of the expression unless it is
/// dynamic.
///
/// Spec: VAL-27
pub fn gettype(value: &Dynamic, of_type: Type) -> &'static str {
    match (of_type, value) {
        (Type::Dynamic, Dynamic::Null) => "null",
        (Type::Dynamic, Dynamic::Bool(_)) => "bool",
        (Type::Dynamic, Dynamic::Long(_)) => "long",
        (Type::Dynamic, Dynamic::Real(_)) => "double",
        (Type::Dynamic, Dynamic::String(_)) => "string",
        (Type::Dynamic, Dynamic::Datetime(_)) => "datetime",
        (Type::Dynamic, Dynamic::Timespan(_)) => "timespan",
        (Type::Dynamic, Dynamic::Array(_)) => "array",
        (Type::Dynamic, Dynamic::Bag(_)) => "dictionary",
        (Type::Bool, _) => "bool",
        (of_type, _) => of_type.as_str(),
    }
}
