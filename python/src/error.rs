//! The exception type.

use std::fmt::Display;

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::{PyTypeInfo, create_exception};
use rulespec::kql::{self, Dynamic};
use rulespec::query::Diagnostics;

use crate::describe;
use crate::value::to_python;

create_exception!(
    rulespec,
    Error,
    PyValueError,
    "A call failed.

`kind` is an error kind of the specification (``unknown-parser``, ``unknown-column``,
``repeated-column``, ``wrong-type``, ``wrong-count``, ``unknown-function``, ``syntax``,
``unsupported`` and others), ``wrong-usage`` if an argument names something that does not
exist, or ``unreadable`` if a table could not be read.

`diagnostics` says what is wrong with the text of a rule, in the order of the text: dicts with
``kind``, ``message``, ``line``, ``column`` and ``help``. It is empty for other errors."
);

/// An error that converts to the Python exception [`struct@Error`].
#[derive(Debug)]
pub struct Failure {
    kind: &'static str,
    text: String,
    /// What is wrong with the text of a rule.
    diagnostics: Option<Dynamic>,
}

impl Failure {
    fn new(kind: &'static str, text: String) -> Self {
        Self { kind, text, diagnostics: None }
    }

    /// A rule cannot be run.
    pub fn diagnosed(diagnostics: Diagnostics, rule: &str) -> Self {
        let described = describe::diagnostics(&diagnostics, rule);
        Self { diagnostics: Some(described), ..kql::Error::from(diagnostics).into() }
    }

    /// A Python value has an unexpected type.
    pub fn wrong_type(expected: &str, got: &Bound<'_, PyAny>) -> Self {
        let got =
            got.get_type().qualname().map_or_else(|_| "something else".to_owned(), |name| name.to_string());
        Self::invalid(format!("expected {expected}, got {got}"))
    }

    /// A value is invalid, of kind `wrong-type`.
    pub fn invalid(detail: impl Display) -> Self {
        let kind = kql::ErrorKind::WrongType.as_str();
        Self::new(kind, format!("{kind}: {detail}"))
    }

    /// A table cannot be read.
    pub fn unreadable(detail: impl Display) -> Self {
        Self::new("unreadable", format!("the table cannot be read: {detail}"))
    }

    /// Whether other types of columns may avoid it.
    pub fn is_about_types(&self) -> bool {
        [kql::ErrorKind::WrongType, kql::ErrorKind::Unsupported].iter().any(|kind| kind.as_str() == self.kind)
    }

    /// The caller asked for something that does not exist.
    pub fn usage(detail: impl Display) -> Self {
        Self::new("wrong-usage", detail.to_string())
    }
}

impl From<kql::Error> for Failure {
    fn from(error: kql::Error) -> Self {
        Self::new(error.kind().as_str(), error.to_string())
    }
}

impl From<Failure> for PyErr {
    fn from(failure: Failure) -> Self {
        Python::attach(|py| failure.exception(py).map_or_else(|error| error, PyErr::from_value))
    }
}

impl Failure {
    fn exception(self, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        let error = Error::type_object(py).call1((self.text,))?;
        error.setattr("kind", self.kind)?;
        error.setattr("diagnostics", to_python(py, &self.diagnostics.unwrap_or(Dynamic::Array(vec![])))?)?;
        Ok(error)
    }
}
