//! Known failures: a file that says which vectors an engine fails, and why.
//!
//! A line is `cmd-0007  # reason`. Blank lines and lines that begin with `#` are
//! passed over.

use std::fmt::Write;

use rulespec::suite::Vector;

use crate::printable::printable;
use crate::report::{Report, Stale};

/// The known failures of one file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    file: String,
    entries: Vec<Entry>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    line: usize,
    id: String,
    reason: String,
}

/// A line that says no known failure.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {what}")]
pub struct KnownError {
    file: String,
    line: usize,
    what: String,
}

impl Known {
    /// Reads known failures; `file` names them in errors and reports.
    ///
    /// # Errors
    ///
    /// Where a line is not an id and a reason, or an id stands twice.
    ///
    /// ```
    /// use rulespec_check::known::Known;
    ///
    /// assert!(Known::parse("known.txt", "cmd-0007  # drops empty arguments\n").is_ok());
    /// let error = Known::parse("known.txt", "\ncmd-0007\n").unwrap_err();
    /// assert!(error.to_string().starts_with("known.txt:2: no reason"));
    /// ```
    pub fn parse(file: &str, text: &str) -> Result<Self, KnownError> {
        let mut known = Self { file: file.to_owned(), entries: vec![] };
        for (number, line) in text.lines().enumerate() {
            let line = line.trim().trim_start_matches('\u{feff}');
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let wrong = |what| KnownError { file: file.to_owned(), line: number + 1, what };
            let entry = entry(number + 1, line).map_err(wrong)?;
            if let Some(first) = known.entries.iter().find(|other| other.id == entry.id) {
                return Err(wrong(format!("{} stands on line {} too; remove one", entry.id, first.line)));
            }
            known.entries.push(entry);
        }
        Ok(known)
    }

    /// Marks in a report what is known, and names what is stale: an id that no
    /// vector of the whole suite has, whether it was asked or not.
    pub fn mark(&self, report: &mut Report, suite: &[Vector]) {
        for entry in &self.entries {
            if let Some(outcome) = report.outcomes.iter_mut().find(|outcome| outcome.vector.id == entry.id) {
                outcome.known = Some(entry.reason.clone());
            } else if !suite.iter().any(|vector| vector.id == entry.id) {
                report.stale.push(Stale { id: entry.id.clone(), file: self.file.clone(), line: entry.line });
            }
        }
    }
}

/// `cmd-0007  # reason`.
fn entry(line: usize, text: &str) -> Result<Entry, String> {
    let (id, reason) = text.split_once('#').unwrap_or((text, ""));
    let (id, reason) = (id.trim(), reason.trim());
    if id.is_empty() || id.contains(char::is_whitespace) {
        return Err(format!("{:?} is not one id; write `id  # reason`", printable(id)));
    }
    if reason.is_empty() {
        return Err(format!("no reason; write `{}  # reason`", printable(id)));
    }
    Ok(Entry { line, id: id.to_owned(), reason: reason.to_owned() })
}

/// The failures of a report as a file of known failures. Reasons already known
/// are kept; others say what the failure looks like, else the verdict and title.
///
/// Failures that `before` knows of vectors that were not asked are kept, too.
pub fn render(report: &Report, before: &Known, suite: &[Vector]) -> String {
    let mut out = format!(
        "# Known failures of {}. `rulespec check --known` fails where one of them passes.\n",
        printable(&report.engine.engine)
    );
    for vector in suite {
        let asked = report.outcomes.iter().find(|outcome| outcome.vector.id == vector.id);
        let earlier = before.entries.iter().find(|entry| entry.id == vector.id);
        let reason = match (asked, earlier) {
            (Some(outcome), _) if !outcome.verdict.is_failure() => continue,
            (_, Some(entry)) => entry.reason.clone(),
            (Some(outcome), None) => crate::report::reason(outcome, report),
            (None, None) => continue,
        };
        _ = writeln!(out, "{}  # {}", printable(&vector.id), printable(&reason));
    }
    out
}
