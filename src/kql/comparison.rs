//! Chapter 45: comparisons, and logic with three values.

use std::cmp::Ordering;

use super::Dynamic;

/// Compares two values of the same type, or two numbers. Returns `None` if one is null or they
/// cannot be compared.
///
/// Spec: CMP-01
pub fn compare(a: &Dynamic, b: &Dynamic) -> Option<Ordering> {
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
