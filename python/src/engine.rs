//! An object of Python, asked as an engine.

use pyo3::exceptions::{PyAttributeError, PyException, PyNotImplementedError};
use pyo3::prelude::*;
use pyo3::types::PyTuple;
use rulespec::Function;
use rulespec_check::engine::{Answer, Engine, Hello, StartError};
use rulespec::kql::Dynamic;
use serde_json::Value as Json;

use crate::value::{from_python, to_python};

/// An object that has a method for each function it can be asked for.
pub struct Object<'py> {
    object: Bound<'py, PyAny>,
    /// What ended the asking, Ctrl-C above all; no question is passed on after it.
    pub ended_by: Option<PyErr>,
}

impl<'py> Object<'py> {
    /// The object as an engine.
    pub fn new(object: Bound<'py, PyAny>) -> Self {
        Self { object, ended_by: None }
    }

    /// The first of these attributes that is a text.
    fn word(&self, attributes: &[&str]) -> Option<String> {
        attributes.iter().find_map(|name| self.object.getattr(*name).ok()?.extract().ok())
    }

    fn call(&self, function: &str, args: &[Json]) -> PyResult<Answer> {
        let py = self.object.py();
        let name = method(function);
        let method = match self.object.getattr(&name) {
            Ok(method) => method,
            Err(error) if error.is_instance_of::<PyAttributeError>(py) => {
                return Ok(Answer::Unsupported(format!("there is no method {name}")));
            }
            Err(error) => return Err(error),
        };
        let args = args.iter().map(|arg| to_python(py, &Dynamic::from_json(arg)));
        let answer = method.call1(PyTuple::new(py, args.collect::<PyResult<Vec<_>>>()?)?)?;
        Ok(match from_python(&answer) {
            Ok(value) => Answer::Value(value.to_json()),
            Err(error) => Answer::Garbled(error.value(py).to_string()),
        })
    }

    /// What an exception answers: a kind where it has one, else its own words.
    fn raised(&mut self, error: PyErr) -> Answer {
        let py = self.object.py();
        if error.is_instance_of::<PyNotImplementedError>(py) {
            return Answer::Unsupported(error.value(py).to_string());
        }
        let kind = error.value(py).getattr("kind").and_then(|kind| kind.extract::<String>());
        let text = kind.unwrap_or_else(|_| error.to_string());
        if !error.is_instance_of::<PyException>(py) {
            self.ended_by = Some(error);
        }
        Answer::Error(text)
    }
}

/// The name of the method that answers for a function: the function's own, but
/// `eq_ci` for `=~`, `element` for `[]`, and `_` for `-`.
fn method(function: &str) -> String {
    let own_name = || function.replace('-', "_");
    let Ok(known) = function.parse() else { return own_name() };
    match known {
        Function::EqCi => "eq_ci".to_owned(),
        Function::Element => "element".to_owned(),
        Function::Has
        | Function::HasAny
        | Function::ParseCommandLine
        | Function::ToString
        | Function::IndexOf
        | Function::Substring
        | Function::Iff
        | Function::ColumnIfExists
        | Function::Where
        | Function::Extend
        | Function::ProjectReorder
        | Function::BitsadminActivity => own_name(),
    }
}

impl Engine for Object<'_> {
    fn hello(&mut self) -> Result<Hello, StartError> {
        let of_type = || {
            self.object.get_type().qualname().map_or_else(|_| "engine".to_owned(), |name| name.to_string())
        };
        Ok(Hello {
            engine: self.word(&["name", "__name__"]).unwrap_or_else(of_type),
            version: self.word(&["version", "__version__"]).unwrap_or_default(),
            functions: None,
        })
    }

    fn ask(&mut self, function: &str, args: &[Json]) -> Answer {
        if self.ended_by.is_some() {
            return Answer::Garbled("not asked".to_owned());
        }
        self.call(function, args).unwrap_or_else(|error| self.raised(error))
    }
}
