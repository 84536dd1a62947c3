//! The vectors, and their selection.

use std::sync::LazyLock;

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};
use rulespec::kql::Dynamic;
use rulespec::suite::{self, Clause, Selection, Vector};

use crate::error::Failure;
use crate::value::to_python;

/// The whole suite. A test of the library ensures that it can be loaded.
pub static SUITE: LazyLock<Vec<Vector>> = LazyLock::new(|| suite::vectors().unwrap_or_default());

static CLAUSES: LazyLock<Vec<Clause>> = LazyLock::new(suite::clauses);

/// Returns the vectors that the keyword arguments select. A vector is selected if it matches
/// every argument. An argument is a string or a sequence of strings, any of which may match.
pub fn select(arguments: Option<&Bound<'_, PyDict>>) -> PyResult<Vec<Vector>> {
    let mut selection = Selection::default();
    for (name, value) in arguments.into_iter().flatten() {
        let values = match value.cast::<PyString>() {
            Ok(string) => vec![string.extract()?],
            Err(_) => value.extract()?,
        };
        match name.extract::<&str>()? {
            "only" => selection.ids = values,
            "clause" => selection.clauses = values,
            "chapter" => selection.chapters = values,
            "fn" => selection.functions = values,
            "evidence" => selection.evidence = values,
            other => return Err(PyTypeError::new_err(format!("unexpected keyword argument {other:?}"))),
        }
    }
    Ok(selection.apply(&SUITE, &CLAUSES).map_err(Failure::usage)?)
}

/// Return the vectors of the suite, or the selected ones, as dicts in the form of
/// `spec/schema/vector.schema.json`.
///
/// >>> vectors(only="trm-0100")[0]["args"]
/// ['x/a', '/a']
#[pyfunction]
#[pyo3(signature = (**selection), text_signature = "(*, only=(), clause=(), chapter=(), fn=(), evidence=())")]
pub fn vectors<'py>(
    py: Python<'py>,
    selection: Option<&Bound<'py, PyDict>>,
) -> PyResult<Vec<Bound<'py, PyAny>>> {
    let vectors = select(selection)?;
    let dict = |vector: &Vector| {
        to_python(py, &Dynamic::from_json(&serde_json::to_value(vector).unwrap_or_default()))
    };
    vectors.iter().map(dict).collect()
}
