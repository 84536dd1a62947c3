//! A Python object as an engine.

use pyo3::exceptions::{PyAttributeError, PyException, PyNotImplementedError};
use pyo3::prelude::*;
use pyo3::types::PyTuple;
use rulespec::kql::Dynamic;
use rulespec_check::engine::{Answer, Engine, Hello, StartError};
use serde_json::Value as Json;

use crate::value::{answer_from_python, to_python};

/// An engine that calls a method of a Python object for each function.
pub struct PythonEngine<'py> {
    object: Bound<'py, PyAny>,
    /// The exception that ended the check, such as `KeyboardInterrupt`. No method is called
    /// after it.
    pub ended_by: Option<PyErr>,
}

impl<'py> PythonEngine<'py> {
    pub fn new(object: Bound<'py, PyAny>) -> Self {
        Self { object, ended_by: None }
    }

    fn call(&self, function: &str, args: &[Json]) -> PyResult<Answer> {
        let py = self.object.py();
        let name = method_name(function);
        let method = match self.object.getattr(&name) {
            Ok(method) => method,
            Err(error) if error.is_instance_of::<PyAttributeError>(py) => {
                return Ok(Answer::Unsupported(format!("there is no method {name}")));
            }
            Err(error) => return Err(error),
        };
        let args = args.iter().map(|arg| to_python(py, &Dynamic::from_json(arg)));
        let answer = method.call1(PyTuple::new(py, args.collect::<PyResult<Vec<_>>>()?)?)?;
        Ok(match answer_from_python(&answer) {
            Ok(value) => Answer::Value(value.to_json()),
            Err(error) => Answer::Garbled(error.value(py).to_string()),
        })
    }

    /// Converts an exception to an answer: its `kind` if it has one, otherwise its text.
    fn answer_of(&mut self, error: PyErr) -> Answer {
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

/// Returns the first of these attributes that is a string.
fn first_string(object: &Bound<'_, PyAny>, attributes: &[&str]) -> Option<String> {
    attributes.iter().find_map(|name| object.getattr(*name).ok()?.extract().ok())
}

/// Returns the name of an object, or else of its type.
pub fn name_of(object: &Bound<'_, PyAny>, fallback: &str) -> String {
    let type_name =
        || object.get_type().qualname().map_or_else(|_| fallback.to_owned(), |name| name.to_string());
    first_string(object, &["name", "__name__"]).unwrap_or_else(type_name)
}

/// Returns the name of the method for a function: the name of the function, with `eq_ci`
/// for `=~`, `element` for `[]`, and `_` for `-`.
fn method_name(function: &str) -> String {
    match function {
        "=~" => "eq_ci".to_owned(),
        "[]" => "element".to_owned(),
        other => other.replace('-', "_"),
    }
}

impl Engine for PythonEngine<'_> {
    fn hello(&mut self) -> Result<Hello, StartError> {
        Ok(Hello {
            engine: name_of(&self.object, "engine"),
            version: first_string(&self.object, &["version", "__version__"]).unwrap_or_default(),
            functions: None,
        })
    }

    fn ask(&mut self, function: &str, args: &[Json]) -> Answer {
        if self.ended_by.is_some() {
            return Answer::Garbled("not called".to_owned());
        }
        self.call(function, args).unwrap_or_else(|error| self.answer_of(error))
    }
}
