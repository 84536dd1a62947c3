//! Lists of known failures: which vectors an engine fails, and why.
//!
//! A line has the form `cmd-0007  # reason`. Blank lines and lines that start with `#` are
//! ignored.

use std::collections::{HashMap, HashSet};
use std::fmt::Write;

use rulespec::suite::Vector;

use crate::printable::printable;
use crate::report::{Outcome, Report, Stale};
use crate::verdict::Verdict;

/// The known failures of one file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KnownFailures {
    file: String,
    entries: Vec<Entry>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    line: usize,
    id: String,
    reason: String,
}

/// A line is not a known failure.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {what}")]
pub struct KnownFailuresError {
    file: String,
    line: usize,
    what: String,
}

impl KnownFailures {
    /// Parses known failures. `file` is the file name for errors and reports.
    ///
    /// # Errors
    ///
    /// Returns an error if a line is not an id and a reason, or if an id occurs twice.
    ///
    /// ```
    /// use rulespec_check::known::KnownFailures;
    ///
    /// assert!(KnownFailures::parse("known.txt", "cmd-0007  # drops empty arguments\n").is_ok());
    /// let error = KnownFailures::parse("known.txt", "\ncmd-0007\n").unwrap_err();
    /// assert!(error.to_string().starts_with("known.txt:2: no reason"));
    /// ```
    pub fn parse(file: &str, text: &str) -> Result<Self, KnownFailuresError> {
        let mut known = Self { file: file.to_owned(), entries: vec![] };
        let mut lines = HashMap::new();
        for (line, text) in (1..).zip(text.lines()) {
            let text = text.trim().trim_start_matches('\u{feff}');
            if text.is_empty() || text.starts_with('#') {
                continue;
            }
            let error = |what| KnownFailuresError { file: file.to_owned(), line, what };
            let entry = parse_entry(line, text).map_err(error)?;
            if let Some(first) = lines.insert(entry.id.clone(), line) {
                return Err(error(format!("{} is also on line {first}; remove one", entry.id)));
            }
            known.entries.push(entry);
        }
        Ok(known)
    }

    /// Marks the known failures in a report, and adds the entries whose vector is not in the
    /// whole suite as stale.
    pub fn mark(&self, report: &mut Report, suite: &[Vector]) {
        let ids: HashSet<&str> = suite.iter().map(|vector| vector.id.as_str()).collect();
        let Report { outcomes, stale, .. } = report;
        let mut outcomes: HashMap<&str, &mut Option<String>> =
            outcomes.iter_mut().map(|outcome| (outcome.vector.id.as_str(), &mut outcome.known)).collect();
        for entry in &self.entries {
            if let Some(known) = outcomes.get_mut(entry.id.as_str()) {
                **known = Some(entry.reason.clone());
            } else if !ids.contains(entry.id.as_str()) {
                stale.push(Stale { id: entry.id.clone(), file: self.file.clone(), line: entry.line });
            }
        }
    }
}

/// Parses `cmd-0007  # reason`.
fn parse_entry(line: usize, text: &str) -> Result<Entry, String> {
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

/// Renders the failures of a report as a file of known failures.
///
/// A failure in `before` keeps its reason, and stays in the file if its vector was not asked, or if
/// the engine does not have its function. The reason of a new failure is the likely cause, or else the verdict and the vector's title.
pub fn render(report: &Report, before: &KnownFailures, suite: &[Vector]) -> String {
    let mut out = format!(
        "# Known failures of {}. `rulespec check --known` fails if one of them passes.\n",
        printable(&report.engine.engine)
    );
    let explained = report.explained();
    let outcomes: HashMap<&str, &Outcome> =
        report.outcomes.iter().map(|outcome| (outcome.vector.id.as_str(), outcome)).collect();
    let entries: HashMap<&str, &Entry> =
        before.entries.iter().map(|entry| (entry.id.as_str(), entry)).collect();
    for vector in suite {
        let is_answered = |one: &&&Outcome| !matches!(one.verdict, Verdict::NotAsked | Verdict::Unsupported);
        let outcome = outcomes.get(vector.id.as_str()).filter(is_answered);
        let earlier = entries.get(vector.id.as_str());
        let reason = match (outcome, earlier) {
            (Some(outcome), _) if !outcome.verdict.is_failure() => continue,
            (_, Some(entry)) => entry.reason.clone(),
            (Some(outcome), None) => crate::report::reason(outcome, &explained),
            (None, None) => continue,
        };
        _ = writeln!(out, "{}  # {}", printable(&vector.id), printable(&reason));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check;
    use crate::engine::{Answer, Engine, Hello, StartError};
    use serde_json::Value as Json;

    /// An engine that is not asked, as after Ctrl-C.
    struct NotAsked;

    impl Engine for NotAsked {
        fn hello(&mut self) -> Result<Hello, StartError> {
            Ok(Hello { engine: "mine".to_owned(), version: String::new(), functions: None })
        }

        fn ask(&mut self, _: &str, _: &[Json]) -> Answer {
            Answer::NotAsked("interrupted".to_owned())
        }
    }

    #[test]
    fn what_was_not_asked_is_no_known_failure_and_keeps_its_entry() {
        let vectors = rulespec::suite::vectors().unwrap();
        let report = check(&mut NotAsked, &vectors[..10]).unwrap();
        let before = KnownFailures::parse("known.txt", &format!("{}  # slow\n", vectors[3].id)).unwrap();
        let text = render(&report, &before, &vectors[..10]);
        let lines: Vec<&str> = text.lines().skip(1).collect();
        assert_eq!(lines, [format!("{}  # slow", vectors[3].id)]);
    }
}
