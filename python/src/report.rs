//! An engine of Python, held against the suite.

use std::path::PathBuf;

use pyo3::prelude::*;
use rulespec_check::report::{self, github, html, json, junit, text};
use rulespec::known::Known;

use rulespec_check::engine::Object;
use crate::error::Failure;
use rulespec::suite::{SUITE, Words, selected};

/// What came of holding an engine against the suite.
#[pyclass(frozen, module = "rulespec")]
pub struct Report(report::Report);

#[pymethods]
impl Report {
    /// Whether nothing is wrong that is not known, and all that is known is so.
    #[getter]
    fn conforms(&self) -> bool {
        self.0.conforms()
    }

    /// The report as the command shows it: "text", "json", "junit", "github" or "html".
    #[pyo3(signature = (format="text", *, verbose=false, colour=false))]
    fn render(&self, format: &str, verbose: bool, colour: bool) -> PyResult<String> {
        Ok(match format {
            "text" => text::render(&self.0, text::Options { colour, verbose }),
            "json" => json::render(&self.0),
            "junit" => junit::render(&self.0),
            "github" => github::render(&self.0),
            "html" => html::render(std::slice::from_ref(&self.0), &[]),
            other => {
                let known = "text, json, junit, github and html";
                return Err(Failure::usage(format!("no format {other:?}; there are {known}")).into());
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

/// Holds an engine against the suite, or against the vectors that are selected.
///
/// The engine is any object with a method for each function it has, by the name KQL
/// gives it, but ``eq_ci`` for ``=~``, ``element`` for ``[]`` and ``project_reorder``
/// for ``project-reorder``. It may have a ``name`` and a ``version``. A function whose
/// method is missing or raises ``NotImplementedError`` is unsupported; any other
/// exception answers an error, of the kind that its attribute ``kind`` names.
///
/// ``known`` is a file of known failures, as ``rulespec check --known`` reads it.
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
#[pyo3(signature = (engine, *, only=Words::default(), clause=Words::default(), chapter=Words::default(), r#fn=Words::default(), evidence=Words::default(), known=None),
       text_signature = "(engine, *, only=(), clause=(), chapter=(), fn=(), evidence=(), known=None)")]
#[allow(clippy::too_many_arguments)] // they are named where they are given
pub fn check(
    engine: Bound<'_, PyAny>,
    only: Words,
    clause: Words,
    chapter: Words,
    r#fn: Words,
    evidence: Words,
    known: Option<PathBuf>,
) -> PyResult<Report> {
    let vectors = selected(only, clause, chapter, r#fn, evidence)?;
    let known = known.map(known_failures).transpose()?.unwrap_or_default();
    let mut engine = Object::new(engine);
    let mut report = rulespec_check::check(&mut engine, &vectors).map_err(Failure::usage)?;
    if let Some(error) = engine.ended_by {
        return Err(error);
    }
    known.mark(&mut report, &SUITE);
    Ok(Report(report))
}

fn known_failures(file: PathBuf) -> Result<Known, Failure> {
    let name = file.display().to_string();
    let text = std::fs::read_to_string(&file).map_err(|error| Failure::usage(format!("{name}: {error}")))?;
    Known::parse(&name, &text).map_err(Failure::usage)
}
