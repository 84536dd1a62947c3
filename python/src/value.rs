//! Conversion between Python values and KQL values.

use std::borrow::Cow;
use std::time::SystemTime;

use pyo3::prelude::*;
use pyo3::types::{
    PyBool, PyDateTime, PyDelta, PyDeltaAccess, PyDict, PyFloat, PyInt, PyList, PyString, PyTuple, PyTzInfo,
};
use rulespec::kql::{Datetime, Dynamic, Timespan};

use crate::error::Failure;

/// The nesting limit of a value, far above what the suite needs.
const MAX_DEPTH: usize = 100;

const TICKS_PER_MICROSECOND: i64 = 10;
const MICROSECONDS_PER_DAY: i64 = 86_400_000_000;

/// A Python string. An unpaired surrogate, which Python allows, becomes U+FFFD.
///
/// Spec: PRO-09
pub struct Text<'a>(pub Cow<'a, str>);

impl<'a, 'py> FromPyObject<'a, 'py> for Text<'a> {
    type Error = PyErr;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        match object.extract::<&'a str>() {
            Ok(text) => Ok(Self(Cow::Borrowed(text))),
            Err(_) => match object.cast::<PyString>() {
                Ok(text) => Ok(Self(Cow::Owned(replace_surrogates(&text)?))),
                Err(_) => Err(Failure::wrong_type("a string", &object).into()),
            },
        }
    }
}

/// Converts a string that has no UTF-8 form because of an unpaired surrogate.
fn replace_surrogates(text: &Bound<'_, PyString>) -> PyResult<String> {
    let units: Vec<u8> = text.call_method1("encode", ("utf-16-le", "surrogatepass"))?.extract()?;
    let unit = |pair: &[u8; 2]| u16::from_le_bytes(*pair);
    let units: Vec<u16> = units.as_chunks().0.iter().map(unit).collect();
    Ok(String::from_utf16_lossy(&units))
}

/// A 64-bit integer. Unlike in Python, a bool is not an integer.
pub struct Int64(pub i64);

impl<'a, 'py> FromPyObject<'a, 'py> for Int64 {
    type Error = PyErr;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        let integer = if object.is_instance_of::<PyBool>() { None } else { object.extract().ok() };
        integer.map(Self).ok_or_else(|| Failure::wrong_type("a 64-bit integer", &object).into())
    }
}

/// What `now()` returns: a datetime, in UTC if it has no time zone.
pub struct Now(pub Datetime);

impl Now {
    /// The given time, or the current one.
    pub fn or_current(now: Option<Self>) -> Result<Datetime, Failure> {
        let since_1970 = || SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).ok();
        let ticks = || i64::try_from(since_1970()?.as_nanos() / 100).ok();
        let now = now.map(|now| now.0).or_else(|| Datetime::from_ticks_since_1970(ticks()?));
        now.ok_or_else(|| Failure::invalid("the current time is out of the range of KQL"))
    }
}

impl<'a, 'py> FromPyObject<'a, 'py> for Now {
    type Error = PyErr;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        match object.cast::<PyDateTime>() {
            Ok(time) => datetime(&time).map(Self),
            Err(_) => Err(Failure::wrong_type("a datetime", &object).into()),
        }
    }
}

/// Converts a Python value to a KQL value. A datetime without a time zone is UTC. An integer
/// that does not fit in 64 bits becomes a real.
pub fn from_python(value: &Bound<'_, PyAny>) -> PyResult<Dynamic> {
    from_nested(value, MAX_DEPTH, TooLarge::IsReal)
}

/// Converts the answer of an engine. Unlike [`from_python`], this refuses an integer that does not
/// fit in 64 bits: such an answer is neither a long nor a real.
///
/// Spec: PRO-19
pub fn answer_from_python(value: &Bound<'_, PyAny>) -> PyResult<Dynamic> {
    from_nested(value, MAX_DEPTH, TooLarge::IsRefused)
}

/// What happens to an integer that does not fit in 64 bits.
#[derive(Clone, Copy)]
enum TooLarge {
    IsReal,
    IsRefused,
}

fn from_nested(value: &Bound<'_, PyAny>, depth_left: usize, too_large: TooLarge) -> PyResult<Dynamic> {
    if let Some(scalar) = from_scalar(value, too_large)? {
        return Ok(scalar);
    }
    let depth_left = depth_left
        .checked_sub(1)
        .ok_or_else(|| Failure::invalid(format!("the value is nested deeper than {MAX_DEPTH}")))?;
    if value.is_instance_of::<PyList>() || value.is_instance_of::<PyTuple>() {
        let element = |element: PyResult<_>| from_nested(&element?, depth_left, too_large);
        value.try_iter()?.map(element).collect::<PyResult<_>>().map(Dynamic::Array)
    } else if let Ok(dict) = value.cast::<PyDict>() {
        let pair = |(name, value): (Bound<'_, PyAny>, Bound<'_, PyAny>)| {
            let value = from_nested(&value, depth_left, too_large)?;
            Ok((name.extract::<Text<'_>>()?.0.into_owned(), value))
        };
        dict.iter().map(pair).collect::<PyResult<_>>().map(Dynamic::Bag)
    } else {
        Err(Failure::wrong_type("a value that KQL can represent", value).into())
    }
}

/// Converts a value that contains no other values, or returns `None`.
fn from_scalar(value: &Bound<'_, PyAny>, too_large: TooLarge) -> PyResult<Option<Dynamic>> {
    Ok(Some(if value.is_none() {
        Dynamic::Null
    } else if value.is_instance_of::<PyString>() {
        Dynamic::String(value.extract::<Text<'_>>()?.0.into_owned())
    } else if let Ok(value) = value.cast::<PyBool>() {
        Dynamic::Bool(value.is_true())
    } else if value.is_instance_of::<PyInt>() {
        match (value.extract(), too_large) {
            (Ok(integer), _) => Dynamic::Long(integer),
            (Err(_), TooLarge::IsReal) => Dynamic::Real(value.extract().unwrap_or(f64::INFINITY)),
            (Err(_), TooLarge::IsRefused) => {
                return Err(Failure::wrong_type("a 64-bit integer or a float", value).into());
            }
        }
    } else if let Ok(value) = value.cast::<PyFloat>() {
        Dynamic::Real(value.value())
    } else if let Ok(time) = value.cast::<PyDateTime>() {
        Dynamic::Datetime(datetime(time)?)
    } else if let Ok(span) = value.cast::<PyDelta>() {
        Dynamic::Timespan(Timespan::from_ticks(ticks(span)?))
    } else {
        return Ok(None);
    }))
}

fn datetime(time: &Bound<'_, PyDateTime>) -> PyResult<Datetime> {
    let py = time.py();
    let since = if time.getattr("tzinfo")?.is_none() {
        let zone = PyDict::new(py);
        zone.set_item("tzinfo", PyTzInfo::utc(py)?)?;
        time.call_method("replace", (), Some(&zone))?.sub(epoch(py)?)?
    } else {
        time.sub(epoch(py)?)?
    };
    let time = Datetime::from_ticks_since_1970(ticks(since.cast::<PyDelta>()?)?);
    Ok(time.ok_or_else(|| Failure::invalid("the datetime is out of the range of KQL"))?)
}

fn epoch(py: Python<'_>) -> PyResult<Bound<'_, PyDateTime>> {
    PyDateTime::new(py, 1970, 1, 1, 0, 0, 0, 0, Some(&*PyTzInfo::utc(py)?))
}

fn ticks(span: &Bound<'_, PyDelta>) -> PyResult<i64> {
    let microseconds = i64::from(span.get_seconds()) * 1_000_000 + i64::from(span.get_microseconds());
    let days = i64::from(span.get_days()).checked_mul(MICROSECONDS_PER_DAY);
    let ticks = days.and_then(|days| days.checked_add(microseconds)?.checked_mul(TICKS_PER_MICROSECOND));
    Ok(ticks.ok_or_else(|| Failure::invalid("the timespan is out of the range of KQL"))?)
}

/// Converts a KQL value to a Python value. Times are truncated to microseconds.
pub fn to_python<'py>(py: Python<'py>, value: &Dynamic) -> PyResult<Bound<'py, PyAny>> {
    Ok(match value {
        Dynamic::Null => py.None().into_bound(py),
        Dynamic::Bool(value) => PyBool::new(py, *value).to_owned().into_any(),
        Dynamic::Long(value) => value.into_pyobject(py)?.into_any(),
        Dynamic::Real(value) => value.into_pyobject(py)?.into_any(),
        Dynamic::String(text) => PyString::new(py, text).into_any(),
        Dynamic::Datetime(time) => epoch(py)?.add(delta(py, time.ticks_since_1970())?)?,
        Dynamic::Timespan(span) => delta(py, span.ticks())?.into_any(),
        Dynamic::Array(elements) => {
            let elements = elements.iter().map(|element| to_python(py, element));
            PyList::new(py, elements.collect::<PyResult<Vec<_>>>()?)?.into_any()
        }
        Dynamic::Bag(pairs) => {
            let dict = PyDict::new(py);
            for (name, value) in pairs {
                dict.set_item(name, to_python(py, value)?)?;
            }
            dict.into_any()
        }
    })
}

fn delta(py: Python<'_>, ticks: i64) -> PyResult<Bound<'_, PyDelta>> {
    let microseconds = ticks.div_euclid(TICKS_PER_MICROSECOND);
    let days = microseconds.div_euclid(MICROSECONDS_PER_DAY);
    let rest = microseconds.rem_euclid(MICROSECONDS_PER_DAY);
    let small = |number: i64| i32::try_from(number).map_err(Failure::invalid);
    PyDelta::new(py, small(days)?, small(rest / 1_000_000)?, small(rest % 1_000_000)?, false)
}
