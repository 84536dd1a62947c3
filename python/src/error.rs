//! The exception type.

use std::fmt::Display;

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::{PyTypeInfo, create_exception};
use rulespec::kql;

create_exception!(
    rulespec,
    Error,
    PyValueError,
    "A call failed.

`kind` is an error kind of the specification (``unknown-parser``, ``unknown-column``,
``repeated-column``, ``wrong-type``, ``wrong-count``, ``unknown-function``),
``wrong-usage`` if an argument names something that does not exist, or ``unreadable``
if a table could not be read."
);

/// An error that converts to the Python exception [`struct@Error`].
#[derive(Debug)]
pub struct Failure {
    kind: &'static str,
    text: String,
}

impl Failure {
    /// A Python value has an unexpected type.
    pub fn wrong_type(expected: &str, got: &Bound<'_, PyAny>) -> Self {
        let got =
            got.get_type().qualname().map_or_else(|_| "something else".to_owned(), |name| name.to_string());
        Self::invalid(format!("expected {expected}, got {got}"))
    }

    /// A value is invalid, of kind `wrong-type`.
    pub fn invalid(detail: impl Display) -> Self {
        let kind = kql::ErrorKind::WrongType.as_str();
        Self { kind, text: format!("{kind}: {detail}") }
    }

    /// A table cannot be read.
    pub fn unreadable(detail: impl Display) -> Self {
        Self { kind: "unreadable", text: format!("the table cannot be read: {detail}") }
    }

    /// The caller asked for something that does not exist.
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
            let with_kind = error.and_then(|error| error.setattr("kind", failure.kind).map(|()| error));
            with_kind.map_or_else(|error| error, PyErr::from_value)
        })
    }
}
