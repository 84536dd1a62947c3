//! A result in full, to be kept and read again.
//!
//! The form is that of `spec/schema/report.schema.json`. Later versions only add
//! fields, and fields that a version does not know are passed over, so that a
//! result can be read by versions older and newer than the one that wrote it.

use super::Report;
use crate::printable;

/// A file that holds no result.
#[derive(Debug, thiserror::Error)]
#[error("{file}: not a report: {error}; save one with `rulespec check --format json --output FILE`")]
pub struct LoadError {
    file: String,
    error: serde_json::Error,
}

/// Writes a result as JSON.
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
    // Nothing in a report has a form that JSON has not.
    let text = serde_json::to_string_pretty(report).unwrap_or_default();
    text.lines().map(|line| printable::json(line) + "\n").collect()
}

/// Reads a result that was written as JSON; `file` names it in the error.
///
/// # Errors
///
/// Where the text is no such result, with line and column.
pub fn load(file: &str, text: &str) -> Result<Report, LoadError> {
    serde_json::from_str(text).map_err(|error| LoadError { file: file.to_owned(), error })
}
