//! The check of a Python engine against the suite.

use std::collections::HashMap;
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
    /// Whether at least one vector was asked and every answer is right, except known failures.
    ///
    /// Functions that the engine does not have are not asked; see ``unsupported``.
    #[getter]
    fn conforms(&self) -> bool {
        self.0.conforms()
    }

    /// The functions that vectors call and the engine does not have, with the number of vectors.
    #[getter]
    fn unsupported(&self) -> HashMap<&str, usize> {
        self.0.unsupported().into_iter().collect()
    }

    /// The failures as text, without the summary.
    fn failures(&self) -> String {
        text::failures(&self.0, text::Options::default())
    }

    /// Render the report in a format of the command: "text", "json", "junit", "github" or
    /// "html". A text shows at most ``max_failures`` failures.
    #[pyo3(signature = (format="text", *, verbose=false, colour=false, max_failures=None))]
    fn render(
        &self,
        format: &str,
        verbose: bool,
        colour: bool,
        max_failures: Option<usize>,
    ) -> PyResult<String> {
        Ok(match format {
            "text" => text::render(&self.0, text::Options { colour, verbose, max_failures }),
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
        let (engine, conclusion) = (&self.0.engine.engine, self.0.conclusion());
        format!("<rulespec.Report: {engine} {conclusion}, {} vectors>", self.0.outcomes.len())
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
