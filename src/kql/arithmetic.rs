//! Chapter 45: arithmetic.

use super::time::whole;
use super::{Datetime, Dynamic, Error, ErrorKind, Timespan};

/// `a + b`.
///
/// ```
/// use rulespec::kql::{Dynamic, add};
///
/// assert_eq!(add(&Dynamic::from(1), &Dynamic::Real(0.5))?, Dynamic::Real(1.5));
/// assert_eq!(add(&Dynamic::from(1), &Dynamic::Null)?, Dynamic::Null);
/// assert_eq!(add(&Dynamic::from(i64::MAX), &Dynamic::from(1))?, Dynamic::from(i64::MIN));
/// # Ok::<(), rulespec::kql::Error>(())
/// ```
///
/// # Errors
///
/// Returns [`ErrorKind::Unsupported`] if the sum is a timespan that does not fit.
///
/// Spec: VAL-10, VAL-11, VAL-12, TIM-03
pub fn add(a: &Dynamic, b: &Dynamic) -> Result<Dynamic, Error> {
    Ok(match (a, b) {
        (Dynamic::Long(a), Dynamic::Long(b)) => Dynamic::Long(a.wrapping_add(*b)),
        (Dynamic::Datetime(time), Dynamic::Timespan(span))
        | (Dynamic::Timespan(span), Dynamic::Datetime(time)) => moved(*time, span.ticks()),
        (Dynamic::Timespan(a), Dynamic::Timespan(b)) => span(a.ticks().checked_add(b.ticks()))?,
        _ => real(a, b, |a, b| a + b),
    })
}

/// `a - b`.
///
/// # Errors
///
/// Returns [`ErrorKind::Unsupported`] if the difference is a timespan that does not fit.
///
/// Spec: VAL-10, VAL-11, VAL-12, TIM-03
pub fn subtract(a: &Dynamic, b: &Dynamic) -> Result<Dynamic, Error> {
    Ok(match (a, b) {
        (Dynamic::Long(a), Dynamic::Long(b)) => Dynamic::Long(a.wrapping_sub(*b)),
        (Dynamic::Datetime(a), Dynamic::Datetime(b)) => {
            span(a.ticks_since_1970().checked_sub(b.ticks_since_1970()))?
        }
        (Dynamic::Datetime(time), Dynamic::Timespan(span)) => match span.ticks().checked_neg() {
            Some(ticks) => moved(*time, ticks),
            None => Dynamic::Null,
        },
        (Dynamic::Timespan(a), Dynamic::Timespan(b)) => span(a.ticks().checked_sub(b.ticks()))?,
        _ => real(a, b, |a, b| a - b),
    })
}

/// `a * b`.
///
/// # Errors
///
/// Returns [`ErrorKind::Unsupported`] if the product is a timespan that does not fit.
///
/// Spec: VAL-10, VAL-11, VAL-12, TIM-04
pub fn multiply(a: &Dynamic, b: &Dynamic) -> Result<Dynamic, Error> {
    Ok(match (a, b) {
        (Dynamic::Long(a), Dynamic::Long(b)) => Dynamic::Long(a.wrapping_mul(*b)),
        (Dynamic::Timespan(of), Dynamic::Long(times)) | (Dynamic::Long(times), Dynamic::Timespan(of)) => {
            span(of.ticks().checked_mul(*times))?
        }
        (Dynamic::Timespan(of), Dynamic::Real(times)) | (Dynamic::Real(times), Dynamic::Timespan(of)) => {
            span(whole(of.ticks() as f64 * times))?
        }
        _ => real(a, b, |a, b| a * b),
    })
}

/// `a / b`. The quotient of two longs is a long, rounded towards zero.
///
/// ```
/// use rulespec::kql::{Dynamic, divide};
///
/// assert_eq!(divide(&Dynamic::from(-5), &Dynamic::from(3))?, Dynamic::from(-1));
/// assert_eq!(divide(&Dynamic::from(5), &Dynamic::from(0))?, Dynamic::Null);
/// # Ok::<(), rulespec::kql::Error>(())
/// ```
///
/// # Errors
///
/// Returns [`ErrorKind::Unsupported`] if the quotient is a long or a timespan that does not fit.
///
/// Spec: VAL-12, VAL-13, VAL-14, TIM-04
pub fn divide(a: &Dynamic, b: &Dynamic) -> Result<Dynamic, Error> {
    Ok(match (a, b) {
        (Dynamic::Long(_) | Dynamic::Timespan(_), Dynamic::Long(0)) => Dynamic::Null,
        (Dynamic::Long(a), Dynamic::Long(b)) => long(a.checked_div(*b))?,
        (Dynamic::Timespan(a), Dynamic::Timespan(b)) => Dynamic::Real(a.ticks() as f64 / b.ticks() as f64),
        (Dynamic::Timespan(of), Dynamic::Long(by)) => span(of.ticks().checked_div(*by))?,
        (Dynamic::Timespan(of), Dynamic::Real(by)) => span(whole(of.ticks() as f64 / by))?,
        _ => real(a, b, |a, b| a / b),
    })
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
        (Dynamic::Long(a), Dynamic::Long(b)) => least(*a, *b).into(),
        (Dynamic::Timespan(a), Dynamic::Timespan(b)) => {
            least(a.ticks(), b.ticks()).map(Timespan::from_ticks).into()
        }
        _ => real(a, b, f64::rem_euclid),
    }
}

/// The least number from 0 on that differs from `a` by a multiple of `b`, unless that is 0.
fn least(a: i64, b: i64) -> Option<i64> {
    (b != 0).then(|| a.wrapping_rem_euclid(b))
}

/// `-value`.
///
/// # Errors
///
/// Returns [`ErrorKind::Unsupported`] if the value is the least timespan.
///
/// Spec: VAL-16
pub fn negative(value: &Dynamic) -> Result<Dynamic, Error> {
    Ok(match value {
        Dynamic::Long(value) => Dynamic::Long(value.wrapping_neg()),
        Dynamic::Real(value) => Dynamic::Real(-value),
        Dynamic::Timespan(value) => span(value.ticks().checked_neg())?,
        _ => Dynamic::Null,
    })
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

/// A timespan, if its ticks fit.
pub(super) fn span(ticks: Option<i64>) -> Result<Dynamic, Error> {
    let ticks = ticks.ok_or_else(|| does_not_fit("a timespan"))?;
    Ok(Dynamic::Timespan(Timespan::from_ticks(ticks)))
}

/// A long, if it fits.
pub(super) fn long(value: Option<i64>) -> Result<Dynamic, Error> {
    value.map(Dynamic::Long).ok_or_else(|| does_not_fit("a long"))
}

/// The error for a result for which no record shows what Kusto makes of it.
fn does_not_fit(result: &str) -> Error {
    Error::new(ErrorKind::Unsupported, format!("{result} that does not fit 64 bits is not specified"))
}

fn moved(time: Datetime, ticks: i64) -> Dynamic {
    time.checked_add(Timespan::from_ticks(ticks)).into()
}
