//! A Python function as a port.

use pyo3::exceptions::PyException;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString};
use rulespec::kql::{Datetime, Dynamic, Table};
use rulespec_check::diff::{Port, PortError, Selected};
use rulespec_check::stop::Stop;
use serde_json::Value as Json;

use crate::engine::name_of;
use crate::error::Failure;
use crate::value::{Now, Text, from_python, to_python};

/// How many characters of an exception are kept.
const MAX_ERROR_LEN: usize = 2000;

/// A port that calls a Python function. It may be used with the interpreter detached.
pub struct PythonPort {
    function: Py<PyAny>,
    /// The form of tables that it takes.
    takes: Py<PyAny>,
    /// The module `rulespec.forms`.
    forms: Py<PyModule>,
    /// The exception of a port that cannot run its text.
    unsupported: Py<PyAny>,
    name: String,
    text: String,
    stop: Stop,
    /// The exception that ended the search. The function is not called after it.
    pub ended_by: Option<PyErr>,
    /// The exception of a port that can no longer be asked.
    pub gave_up: Option<PyErr>,
}

impl PythonPort {
    /// A function that is asked until `stop` is set, or until it sets that itself.
    pub fn new(function: &Bound<'_, PyAny>, stop: Stop) -> PyResult<Self> {
        let py = function.py();
        let forms = py.import("rulespec.forms")?;
        let text = py.import("rulespec._source")?.call_method1("text_of", (function,))?;
        let takes = function.getattr_opt("takes")?;
        Ok(Self {
            function: function.clone().unbind(),
            takes: takes.unwrap_or_else(|| PyString::new(py, "dicts").into_any()).unbind(),
            unsupported: py.import("rulespec.ports")?.getattr("Unsupported")?.unbind(),
            forms: forms.unbind(),
            name: name_of(function, "port"),
            text: text.extract::<Text<'_>>()?.0.into_owned(),
            stop,
            ended_by: None,
            gave_up: None,
        })
    }

    /// Calls the function. What is wrong with the form of its result ends the search, as does its form
    /// of tables, if there is no such form.
    fn call(&mut self, py: Python<'_>, table: &Table) -> PyResult<Result<Selected, PortError>> {
        py.check_signals()?;
        let forms = self.forms.bind(py);
        let given = to_python(py, &Dynamic::from_json(&table.to_json()))?;
        let given = forms.call_method1("take", (given, &self.takes))?;
        let result = match self.function.bind(py).call1((given,)) {
            Ok(result) => result,
            Err(error) => return self.refuse(py, error),
        };
        selected(&forms.call_method1("selected", (result, table.rows().len()))?).map(Ok)
    }

    /// Converts an exception of the function to an error of the port. One that is not about the port, such
    /// as `KeyboardInterrupt`, is returned.
    fn refuse(&mut self, py: Python<'_>, error: PyErr) -> PyResult<Result<Selected, PortError>> {
        if !error.is_instance_of::<PyException>(py) {
            return Err(error);
        }
        let text: String = error.to_string().trim().chars().take(MAX_ERROR_LEN).collect();
        if error.is_instance(py, self.unsupported.bind(py)) {
            self.gave_up = Some(error);
            return Ok(Err(PortError::Gone(text)));
        }
        Ok(Err(PortError::Refused(text)))
    }
}

impl Port for PythonPort {
    fn name(&self) -> String {
        self.name.clone()
    }

    fn text(&self) -> &str {
        &self.text
    }

    fn select(&mut self, table: &Table) -> Result<Selected, PortError> {
        Python::attach(|py| {
            self.call(py, table).unwrap_or_else(|error| {
                let why = error.to_string();
                self.ended_by = Some(error);
                self.stop.request();
                Err(PortError::Gone(why))
            })
        })
    }
}

/// The rows that a port returned, as `rulespec.forms.selected` returns them.
fn selected(rows: &Bound<'_, PyAny>) -> PyResult<Selected> {
    let rows = rows.cast::<PyList>()?;
    match rows.iter().next() {
        Some(first) if first.is_instance_of::<PyDict>() => {}
        _ => return Ok(Selected::Numbers(rows.extract()?)),
    }
    let row = |row: Bound<'_, PyAny>| match from_python(&row)?.to_json() {
        Json::Object(row) => Ok(row),
        _ => Err(Failure::wrong_type("a dict", &row).into()),
    };
    rows.iter().map(row).collect::<PyResult<_>>().map(Selected::Rows)
}

/// The time that a port reads from the clock: its attribute `now`, if it is set.
pub fn clock_of(function: &Bound<'_, PyAny>) -> PyResult<Option<Datetime>> {
    match function.getattr_opt("now")? {
        Some(now) if !now.is_none() && !now.is_callable() => Ok(Some(now.extract::<Now>()?.0)),
        _ => Ok(None),
    }
}
