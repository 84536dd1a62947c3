//! Chapter 45: comparisons, and logic with three values.

use std::cmp::Ordering;

use super::Dynamic;

/// The order of two values of the same type, or of two numbers. Returns `None` if one is null or they
/// cannot be compared.
///
/// Spec: VAL-04, VAL-05
pub fn order(a: &Dynamic, b: &Dynamic) -> Option<Ordering> {
    match (a, b) {
        (Dynamic::Bool(a), Dynamic::Bool(b)) => Some(a.cmp(b)),
        (Dynamic::Long(a), Dynamic::Long(b)) => Some(a.cmp(b)),
        (Dynamic::Long(a), Dynamic::Real(b)) => (*a as f64).partial_cmp(b),
        (Dynamic::Real(a), Dynamic::Long(b)) => a.partial_cmp(&(*b as f64)),
        (Dynamic::Real(a), Dynamic::Real(b)) => a.partial_cmp(b),
        (Dynamic::String(a), Dynamic::String(b)) => Some(a.cmp(b)),
        (Dynamic::Datetime(a), Dynamic::Datetime(b)) => Some(a.cmp(b)),
        (Dynamic::Timespan(a), Dynamic::Timespan(b)) => Some(a.cmp(b)),
        _ => None,
    }
}

/// `a and b`: false if one is false, otherwise null if one is null.
pub fn and(a: Option<bool>, b: Option<bool>) -> Option<bool> {
    match (a, b) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

/// `a or b`: true if one is true, otherwise null if one is null.
pub fn or(a: Option<bool>, b: Option<bool>) -> Option<bool> {
    and(a.map(|a| !a), b.map(|b| !b)).map(|neither| !neither)
}

/// `a == b`. It is null if both are null, and false if one is.
///
/// Spec: VAL-01, VAL-02, VAL-03
pub fn equals(a: &Dynamic, b: &Dynamic) -> Option<bool> {
    match (a, b) {
        (Dynamic::Null, Dynamic::Null) => None,
        (Dynamic::Array(_) | Dynamic::Bag(_), _) | (_, Dynamic::Array(_) | Dynamic::Bag(_)) => Some(a == b),
        _ => Some(order(a, b) == Some(Ordering::Equal)),
    }
}

/// `value between (low .. high)`. It is null if one is null.
///
/// Spec: VAL-07
pub fn between(value: &Dynamic, low: &Dynamic, high: &Dynamic) -> Option<bool> {
    if [value, low, high].iter().any(|operand| operand.is_null()) {
        return None;
    }
    let (from_low, to_high) = (order(low, value), order(value, high));
    Some(from_low.is_some_and(Ordering::is_le) && to_high.is_some_and(Ordering::is_le))
}
