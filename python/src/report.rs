//! The check of a Python engine against the suite.

use std::path::PathBuf;

use pyo3::prelude::*;
use pyo3::types::PyDict;
use rulespec_check::known::KnownFailures;
use rulespec_check::report::{self, github, html, json, junit, text};

use crate::engine::PythonEngine;
use crate::error::Failure;
use crate::suite::{SUITE, select};

/// The results of checking an engine against the suite.
#[pyclass(frozen, module = "rulespec")]
pub struct Report(report::Report);

#[pymethods]
impl Report {
    /// Whether there are no failures except known ones, and every known failure still fails.
    #[getter]
    fn conforms(&self) -> bool {
        self.0.conforms()
    }

    /// Render the report in a format of the command: "text", "json", "junit", "github" or
    /// "html".
    #[pyo3(signature = (format="text", *, verbose=false, colour=false))]
    fn render(&self, format: &str, verbose: bool, colour: bool) -> PyResult<String> {
        Ok(match format {
            "text" => text::render(&self.0, text::Options { colour, verbose }),
            "json" => json::render(&self.0),
            "junit" => junit::render(&self.0),
            "github" => github::render(&self.0),
            "html" => html::render(std::slice::from_ref(&self.0), ""),
            other => {
                let known = "text, json, junit, github and html";
                return Err(Failure::usage(format!("there is no format {other:?}, only {known}")).into());
            }
        })
    }

    fn __str__(&self) -> String {
        text::render(&self.0, text::Options::default())
    }

    fn __repr__(&self) -> String {
        let verdict = if self.0.conforms() { "conforms" } else { "does not conform" };
        format!("<rulespec.Report: {} {verdict}, {} vectors>", self.0.engine.engine, self.0.outcomes.len())
    }
}

/// Check an engine against the suite, or against the selected vectors.
///
/// An engine is any object. It implements a function of KQL by a method of the same name,
/// with ``eq_ci`` for ``=~``, ``element`` for ``[]`` and ``project_reorder`` for
/// ``project-reorder``. It may have the attributes ``name`` and ``version``. A function is
/// unsupported if its method is missing or raises ``NotImplementedError``. Any other
/// exception is an error as the answer, and its attribute ``kind`` is the error kind.
///
/// ``known`` is a file of known failures, as for ``rulespec check --known``.
///
/// >>> class Naive:
/// ...     def has(self, text, lookup):
/// ...         return lookup.lower() in text.lower()
/// >>> report = check(Naive(), fn="has")
/// >>> report.conforms
/// False
/// >>> "looks like  has-as-substring" in str(report)
/// True
#[pyfunction]
#[pyo3(signature = (engine, *, known=None, **selection),
       text_signature = "(engine, *, only=(), clause=(), chapter=(), fn=(), evidence=(), known=None)")]
pub fn check(
    engine: Bound<'_, PyAny>,
    known: Option<PathBuf>,
    selection: Option<&Bound<'_, PyDict>>,
) -> PyResult<Report> {
    let vectors = select(selection)?;
    let known = known.map(known_failures).transpose()?.unwrap_or_default();
    let mut engine = PythonEngine::new(engine);
    let mut report = rulespec_check::check(&mut engine, &vectors).map_err(Failure::usage)?;
    if let Some(error) = engine.ended_by {
        return Err(error);
    }
    known.mark(&mut report, &SUITE);
    Ok(Report(report))
}

fn known_failures(file: PathBuf) -> Result<KnownFailures, Failure> {
    let name = file.display().to_string();
    let text = std::fs::read_to_string(&file).map_err(|error| Failure::usage(format!("{name}: {error}")))?;
    KnownFailures::parse(&name, &text).map_err(Failure::usage)
}
