//! The one exception, and what it says.

use std::fmt::Display;

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::{PyTypeInfo, create_exception};
use rulespec::kql;

create_exception!(
    rulespec,
    Error,
    PyValueError,
    "Why a call has no answer.

`kind` is a word of the specification (``unknown-parser``, ``unknown-column``,
``repeated-column``, ``wrong-type``, ``wrong-count``, ``unknown-function``), or
``wrong-usage`` where no engine was asked at all,
``unreadable`` where a table could not be read."
);

/// What becomes a [`struct@Error`] of Python.
#[derive(Debug)]
pub struct Failure {
    kind: &'static str,
    text: String,
}

impl Failure {
    /// A value of Python that is of no type that is wanted here.
    pub fn wrong_type(wanted: &str, got: &Bound<'_, PyAny>) -> Self {
        let got =
            got.get_type().qualname().map_or_else(|_| "something else".to_owned(), |name| name.to_string());
        Self::wrong(format!("wanted {wanted}, got {got}"))
    }

    /// A value that is of a wrong type, in words.
    pub fn wrong(detail: impl Display) -> Self {
        let kind = kql::ErrorKind::WrongType.as_str();
        Self { kind, text: format!("{kind}: {detail}") }
    }

    /// A table that cannot be read.
    pub fn unreadable(detail: impl Display) -> Self {
        Self { kind: "unreadable", text: format!("the table cannot be read: {detail}") }
    }

    /// Something asked for that is not there.
    pub fn usage(detail: impl Display) -> Self {
        Self { kind: "wrong-usage", text: detail.to_string() }
    }
}

impl From<kql::Error> for Failure {
    fn from(error: kql::Error) -> Self {
        Self { kind: error.kind().as_str(), text: error.to_string() }
    }
}

impl From<Failure> for PyErr {
    fn from(failure: Failure) -> Self {
        Python::attach(|py| {
            let error = Error::type_object(py).call1((failure.text,));
            let named = error.and_then(|error| error.setattr("kind", failure.kind).map(|()| error));
            named.map_or_else(|error| error, PyErr::from_value)
        })
    }
}
