//! Values of Python as those of KQL, and back.

use std::borrow::Cow;

use pyo3::prelude::*;
use pyo3::types::{
    PyBool, PyDateTime, PyDelta, PyDeltaAccess, PyDict, PyFloat, PyInt, PyList, PyString, PyTuple, PyTzInfo,
};
use rulespec::kql::{Datetime, Dynamic, Timespan};

use crate::error::Failure;

/// How deep a value may be nested; what the suite asks for is never near it.
const DEPTH: usize = 100;

const TICKS_PER_MICROSECOND: i64 = 10;
const MICROSECONDS_PER_DAY: i64 = 86_400_000_000;

/// A string of Python. Half of a surrogate pair, which Python can hold, is U+FFFD.
///
/// Spec: PRO-09
pub struct Text<'a>(pub Cow<'a, str>);

impl<'a, 'py> FromPyObject<'a, 'py> for Text<'a> {
    type Error = PyErr;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        match object.extract::<&'a str>() {
            Ok(text) => Ok(Self(Cow::Borrowed(text))),
            Err(_) => match object.cast::<PyString>() {
                Ok(text) => Ok(Self(Cow::Owned(mended(&text)?))),
                Err(_) => Err(Failure::wrong_type("a string", &object).into()),
            },
        }
    }
}

/// A string that has no UTF-8, since it has half of a surrogate pair.
fn mended(text: &Bound<'_, PyString>) -> PyResult<String> {
    let units: Vec<u8> = text.call_method1("encode", ("utf-16-le", "surrogatepass"))?.extract()?;
    let unit = |pair: &[u8; 2]| u16::from_le_bytes(*pair);
    let units: Vec<u16> = units.as_chunks().0.iter().map(unit).collect();
    Ok(String::from_utf16_lossy(&units))
}

/// A whole number of 64 bits; a bool is none.
pub struct Whole(pub i64);

impl<'a, 'py> FromPyObject<'a, 'py> for Whole {
    type Error = PyErr;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        let whole = if object.is_instance_of::<PyBool>() { None } else { object.extract().ok() };
        whole.map(Self).ok_or_else(|| Failure::wrong_type("a whole number of 64 bits", &object).into())
    }
}

/// A value of Python as one of KQL. A datetime without a zone is UTC, and a whole
/// number that does not fit 64 bits is a real.
pub fn from_python(value: &Bound<'_, PyAny>) -> PyResult<Dynamic> {
    nested(value, DEPTH)
}

fn nested(value: &Bound<'_, PyAny>, depth: usize) -> PyResult<Dynamic> {
    let deeper =
        || depth.checked_sub(1).ok_or_else(|| Failure::wrong(format!("a value nested deeper than {DEPTH}")));
    if let Some(scalar) = scalar(value)? {
        Ok(scalar)
    } else if let Ok(list) = value.cast::<PyList>() {
        let depth = deeper()?;
        list.iter().map(|element| nested(&element, depth)).collect::<PyResult<_>>().map(Dynamic::Array)
    } else if let Ok(tuple) = value.cast::<PyTuple>() {
        let depth = deeper()?;
        tuple.iter().map(|element| nested(&element, depth)).collect::<PyResult<_>>().map(Dynamic::Array)
    } else if let Ok(dict) = value.cast::<PyDict>() {
        let depth = deeper()?;
        let pair = |(name, value): (Bound<'_, PyAny>, Bound<'_, PyAny>)| {
            Ok((name.extract::<Text<'_>>()?.0.into_owned(), nested(&value, depth)?))
        };
        dict.iter().map(pair).collect::<PyResult<_>>().map(Dynamic::Bag)
    } else {
        Err(Failure::wrong_type("a value that KQL has", value).into())
    }
}

/// A value that has no others in it.
fn scalar(value: &Bound<'_, PyAny>) -> PyResult<Option<Dynamic>> {
    Ok(Some(if value.is_none() {
        Dynamic::Null
    } else if value.is_instance_of::<PyString>() {
        Dynamic::String(value.extract::<Text<'_>>()?.0.into_owned())
    } else if let Ok(value) = value.cast::<PyBool>() {
        Dynamic::Bool(value.is_true())
    } else if value.is_instance_of::<PyInt>() {
        match value.extract() {
            Ok(whole) => Dynamic::Long(whole),
            Err(_) => Dynamic::Real(value.extract().unwrap_or(f64::INFINITY)),
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
    let utc = PyTzInfo::utc(py)?;
    let since = match time.getattr("tzinfo")?.is_none() {
        true => {
            let zone = PyDict::new(py);
            zone.set_item("tzinfo", utc)?;
            time.call_method("replace", (), Some(&zone))?.sub(epoch(py)?)?
        }
        false => time.sub(epoch(py)?)?,
    };
    let time = Datetime::from_ticks_since_1970(ticks(since.cast::<PyDelta>()?)?);
    Ok(time.ok_or_else(|| Failure::wrong("a datetime beyond those of KQL"))?)
}

fn epoch(py: Python<'_>) -> PyResult<Bound<'_, PyDateTime>> {
    PyDateTime::new(py, 1970, 1, 1, 0, 0, 0, 0, Some(&*PyTzInfo::utc(py)?))
}

fn ticks(span: &Bound<'_, PyDelta>) -> PyResult<i64> {
    let microseconds = i64::from(span.get_seconds()) * 1_000_000 + i64::from(span.get_microseconds());
    let days = i64::from(span.get_days()).checked_mul(MICROSECONDS_PER_DAY);
    let ticks = days.and_then(|days| days.checked_add(microseconds)?.checked_mul(TICKS_PER_MICROSECOND));
    Ok(ticks.ok_or_else(|| Failure::wrong("a timespan beyond those of KQL"))?)
}

/// A value of KQL as one of Python. What is finer than a microsecond is cut off.
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
    let small = |number: i64| i32::try_from(number).map_err(Failure::wrong);
    PyDelta::new(py, small(days)?, small(rest / 1_000_000)?, small(rest % 1_000_000)?, false)
}
