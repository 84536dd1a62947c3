//! A complete report as JSON, which can be read back.
//!
//! The format is that of `spec/schema/report.schema.json`. Later versions only add
//! fields, and unknown fields are ignored. So older and newer versions can read the
//! reports of this one.

use super::model::Report;
use crate::printable;
use rulespec::json::from_slice;

/// A file is not a saved report.
#[derive(Debug, thiserror::Error)]
#[error("{file}: not a report: {error}; save one with `rulespec check --format json --output FILE`")]
pub struct LoadError {
    file: String,
    error: serde_json::Error,
}

/// Serializes a report.
///
/// ```
/// use rulespec::suite;
/// use rulespec_check::{check, engine::Reference, report::json};
///
/// let report = check(&mut Reference::default(), &suite::vectors()?)?;
/// assert_eq!(json::load("mine.json", &json::render(&report))?, report);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn render(report: &Report) -> String {
    pretty(report)
}

/// Deserializes a report; `file` names it in the error. The states of the clauses are computed
/// from the outcomes.
///
/// # Errors
///
/// Returns an error with line and column if the text is not a report.
pub fn load(file: &str, text: &str) -> Result<Report, LoadError> {
    let report: Result<Report, _> = from_slice(text.as_bytes(), usize::MAX);
    let mut report = report.map_err(|error| LoadError { file: file.to_owned(), error })?;
    report.count();
    Ok(report)
}

/// A value as indented JSON, with invisible characters escaped.
pub(crate) fn pretty(value: &impl serde::Serialize) -> String {
    // Serialization fails only for map keys that are not strings, which we do not have.
    let text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.lines().map(|line| printable::json(line) + "\n").collect()
}
