//! Chapter 45: arithmetic.

use super::{Datetime, Dynamic, Timespan};

/// `a + b`.
///
/// ```
/// use rulespec::kql::{Dynamic, add};
///
/// assert_eq!(add(&Dynamic::from(1), &Dynamic::Real(0.5)), Dynamic::Real(1.5));
/// assert_eq!(add(&Dynamic::from(1), &Dynamic::Null), Dynamic::Null);
/// assert_eq!(add(&Dynamic::from(i64::MAX), &Dynamic::from(1)), Dynamic::from(i64::MIN));
/// ```
///
/// Spec: VAL-10, VAL-11, VAL-12, TIM-03
pub fn add(a: &Dynamic, b: &Dynamic) -> Dynamic {
    match (a, b) {
        (Dynamic::Long(a), Dynamic::Long(b)) => Dynamic::Long(a.wrapping_add(*b)),
        (Dynamic::Datetime(time), Dynamic::Timespan(span))
        | (Dynamic::Timespan(span), Dynamic::Datetime(time)) => moved(*time, span.ticks()),
        (Dynamic::Timespan(a), Dynamic::Timespan(b)) => span(a.ticks().checked_add(b.ticks())),
        _ => real(a, b, |a, b| a + b),
    }
}

/// `a - b`.
///
/// Spec: VAL-10, VAL-11, VAL-12, TIM-03
pub fn subtract(a: &Dynamic, b: &Dynamic) -> Dynamic {
    match (a, b) {
        (Dynamic::Long(a), Dynamic::Long(b)) => Dynamic::Long(a.wrapping_sub(*b)),
        (Dynamic::Datetime(a), Dynamic::Datetime(b)) => {
            span(a.ticks_since_1970().checked_sub(b.ticks_since_1970()))
        }
        (Dynamic::Datetime(time), Dynamic::Timespan(span)) => match span.ticks().checked_neg() {
            Some(ticks) => moved(*time, ticks),
            None => Dynamic::Null,
        },
        (Dynamic::Timespan(a), Dynamic::Timespan(b)) => span(a.ticks().checked_sub(b.ticks())),
        _ => real(a, b, |a, b| a - b),
    }
}

/// `a * b`.
///
/// Spec: VAL-10, VAL-11, VAL-12, TIM-04
pub fn multiply(a: &Dynamic, b: &Dynamic) -> Dynamic {
    match (a, b) {
        (Dynamic::Long(a), Dynamic::Long(b)) => Dynamic::Long(a.wrapping_mul(*b)),
        (Dynamic::Timespan(of), Dynamic::Long(times)) | (Dynamic::Long(times), Dynamic::Timespan(of)) => {
            span(of.ticks().checked_mul(*times))
        }
        (Dynamic::Timespan(of), Dynamic::Real(times)) | (Dynamic::Real(times), Dynamic::Timespan(of)) => {
            span(whole(of.ticks() as f64 * times))
        }
        _ => real(a, b, |a, b| a * b),
    }
}

/// `a / b`. The quotient of two longs is a long, rounded towards zero.
///
/// ```
/// use rulespec::kql::{Dynamic, divide};
///
/// assert_eq!(divide(&Dynamic::from(-5), &Dynamic::from(3)), Dynamic::from(-1));
/// assert_eq!(divide(&Dynamic::from(5), &Dynamic::from(0)), Dynamic::Null);
/// ```
///
/// Spec: VAL-12, VAL-13, VAL-14, TIM-04
pub fn divide(a: &Dynamic, b: &Dynamic) -> Dynamic {
    match (a, b) {
        (Dynamic::Long(_), Dynamic::Long(0)) => Dynamic::Null,
        (Dynamic::Long(a), Dynamic::Long(b)) => Dynamic::Long(a.wrapping_div(*b)),
        (Dynamic::Timespan(a), Dynamic::Timespan(b)) => Dynamic::Real(a.ticks() as f64 / b.ticks() as f64),
        (Dynamic::Timespan(of), Dynamic::Long(by)) => span(of.ticks().checked_div(*by)),
        (Dynamic::Timespan(of), Dynamic::Real(by)) => span(whole(of.ticks() as f64 / by)),
        _ => real(a, b, |a, b| a / b),
    }
}

/// `a % b`. The remainder is never negative.
///
/// ```
/// use rulespec::kql::{Dynamic, remainder};
///
/// assert_eq!(remainder(&Dynamic::from(-5), &Dynamic::from(-3)), Dynamic::from(1));
/// assert_eq!(remainder(&Dynamic::Real(-5.5), &Dynamic::from(3)), Dynamic::Real(0.5));
/// ```
///
/// Spec: VAL-12, VAL-14, VAL-15
pub fn remainder(a: &Dynamic, b: &Dynamic) -> Dynamic {
    match (a, b) {
        (Dynamic::Long(_), Dynamic::Long(0)) => Dynamic::Null,
        (Dynamic::Long(a), Dynamic::Long(b)) => Dynamic::Long(a.wrapping_rem_euclid(*b)),
        (Dynamic::Timespan(a), Dynamic::Timespan(b)) => span(a.ticks().checked_rem_euclid(b.ticks())),
        _ => real(a, b, f64::rem_euclid),
    }
}

/// `-value`.
///
/// Spec: VAL-16
pub fn negative(value: &Dynamic) -> Dynamic {
    match value {
        Dynamic::Long(value) => Dynamic::Long(value.wrapping_neg()),
        Dynamic::Real(value) => Dynamic::Real(-value),
        Dynamic::Timespan(value) => span(value.ticks().checked_neg()),
        _ => Dynamic::Null,
    }
}

/// The result of an operation on two numbers of which at least one is real. It is null if one is
/// null.
fn real(a: &Dynamic, b: &Dynamic, operation: impl Fn(f64, f64) -> f64) -> Dynamic {
    match (as_real(a), as_real(b)) {
        (Some(a), Some(b)) => Dynamic::Real(operation(a, b)),
        _ => Dynamic::Null,
    }
}

/// A number as a real.
pub fn as_real(value: &Dynamic) -> Option<f64> {
    match value {
        Dynamic::Long(value) => Some(*value as f64),
        Dynamic::Real(value) => Some(*value),
        _ => None,
    }
}

/// A real as whole ticks, if they fit.
fn whole(ticks: f64) -> Option<i64> {
    (ticks.abs() < i64::MAX as f64).then_some(ticks as i64)
}

fn span(ticks: Option<i64>) -> Dynamic {
    ticks.map(Timespan::from_ticks).into()
}

fn moved(time: Datetime, ticks: i64) -> Dynamic {
    time.checked_add(Timespan::from_ticks(ticks)).into()
}
