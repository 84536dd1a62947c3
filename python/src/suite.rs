//! Which vectors there are.

use std::sync::LazyLock;

use pyo3::prelude::*;
use pyo3::types::PyString;
use rulespec::kql::Dynamic;
use rulespec::suite::{self, Clause, Selection, Vector};

use crate::error::Failure;
use crate::value::to_python;

/// The whole suite. A test of the library rules out that it is broken.
pub static SUITE: LazyLock<Vec<Vector>> = LazyLock::new(|| suite::vectors().unwrap_or_default());

static CLAUSES: LazyLock<Vec<Clause>> = LazyLock::new(suite::clauses);

/// A word, or several.
#[derive(Default)]
pub struct Words(Vec<String>);

impl<'a, 'py> FromPyObject<'a, 'py> for Words {
    type Error = PyErr;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        match object.cast::<PyString>() {
            Ok(word) => Ok(Self(vec![word.extract()?])),
            Err(_) => object.extract().map(Self),
        }
    }
}

/// The vectors that fit; of several words of one kind any will do, of several kinds
/// all must.
pub fn selected(
    only: Words,
    clause: Words,
    chapter: Words,
    r#fn: Words,
    evidence: Words,
) -> Result<Vec<Vector>, Failure> {
    let selection = Selection {
        ids: only.0,
        clauses: clause.0,
        chapters: chapter.0,
        functions: r#fn.0,
        evidence: evidence.0,
    };
    selection.of(&SUITE, &CLAUSES).map_err(Failure::usage)
}

/// The vectors of the suite, or those that are selected, each as a dict of the form
/// of `spec/schema/vector.schema.json`.
///
/// >>> vectors(only="trm-0100")[0]["args"]
/// ['x/a', '/a']
#[pyfunction]
#[pyo3(signature = (*, only=Words::default(), clause=Words::default(), chapter=Words::default(), r#fn=Words::default(), evidence=Words::default()),
       text_signature = "(*, only=(), clause=(), chapter=(), fn=(), evidence=())")]
pub fn vectors<'py>(
    py: Python<'py>,
    only: Words,
    clause: Words,
    chapter: Words,
    r#fn: Words,
    evidence: Words,
) -> PyResult<Vec<Bound<'py, PyAny>>> {
    let vectors = selected(only, clause, chapter, r#fn, evidence)?;
    let dict = |vector: &Vector| {
        to_python(py, &Dynamic::from_json(&serde_json::to_value(vector).unwrap_or_default()))
    };
    vectors.iter().map(dict).collect()
}
