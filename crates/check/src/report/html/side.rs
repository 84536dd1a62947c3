//! One engine of the page: its report, and the addresses of what is about it.

use std::collections::{HashMap, HashSet};

use crate::report::cause::{Group, groups};
use crate::report::model::{ClauseOutcome, Report};
use crate::report::wording;

/// The maximum length of the part of an address that names an engine.
const MAX_SLUG: usize = 16;

/// An engine of the page.
#[derive(Debug)]
pub struct Side<'a> {
    pub report: &'a Report,
    /// What stands for the engine in addresses: `wine`.
    pub slug: String,
    /// The engine's name and version, cut.
    pub name: String,
    /// What needs attention, by cause.
    pub groups: Vec<Group<'a>>,
    /// The clauses that a vector among these tests.
    failed: HashSet<&'a str>,
    /// The clauses that have a row in the matrix.
    clauses: HashMap<&'a str, &'a ClauseOutcome>,
}

/// The engines of the page, each with an address of its own.
pub fn sides(reports: &[Report]) -> Vec<Side<'_>> {
    let mut taken = HashSet::new();
    let mut slug_of = |report: &Report| {
        let first = slug(&report.engine.engine);
        let more = (2_u64..).map(|number| format!("{first}-{number}"));
        let slug = std::iter::once(first.clone()).chain(more).find(|slug| taken.insert(slug.clone()));
        slug.unwrap_or(first)
    };
    reports.iter().map(|report| Side::new(report, slug_of(report))).collect()
}

impl<'a> Side<'a> {
    fn new(report: &'a Report, slug: String) -> Self {
        let groups = groups(report);
        let outcomes = groups.iter().flat_map(|group| &group.failures);
        let failed = outcomes.flat_map(|outcome| &outcome.vector.clauses).map(String::as_str).collect();
        let selected = report.clauses.iter().filter(|clause| clause.is_selected());
        let clauses = selected.map(|clause| (clause.id.as_str(), clause)).collect();
        Self { report, slug, name: wording::engine(report, 60), groups, failed, clauses }
    }

    /// The address of what this engine does with a clause or a vector: `TRM-05/wine`.
    pub fn address(&self, id: &str) -> String {
        format!("{}/{}", address(id), self.slug)
    }

    /// A clause that a selected vector tests, so that the matrix has it.
    pub fn clause(&self, id: &str) -> Option<&'a ClauseOutcome> {
        self.clauses.get(id).copied()
    }

    /// Whether a vector of this clause needs attention.
    pub fn fails(&self, clause: &str) -> bool {
        self.failed.contains(clause)
    }
}

/// The address of a clause or a vector. Characters that have a meaning in an address are replaced.
pub fn address(id: &str) -> String {
    let kept = |c: char| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '-' };
    id.chars().take(60).map(kept).collect()
}

/// The first word of an engine's name that has letters or digits.
fn slug(engine: &str) -> String {
    let words = engine.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
    let word = words.map(|word| word.trim_matches('-')).find(|word| !word.is_empty()).unwrap_or("engine");
    word.chars().take(MAX_SLUG).collect::<String>().to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_have_no_other_characters() {
        for (engine, want) in [
            ("ClickHouse (chdb)", "clickhouse"),
            ("duckdb-kql", "duckdb-kql"),
            ("</script><img onerror=x>", "script"),
            ("\u{202e}\n", "engine"),
            ("", "engine"),
        ] {
            assert_eq!(slug(engine), want);
        }
        assert_eq!(address("a b/\"<\u{1b}-07.x"), "a-b-----07.x");
    }
}
