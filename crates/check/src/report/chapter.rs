//! The clauses of a report, chapter by chapter.

use std::collections::HashSet;

use super::model::{ClauseOutcome, Report};
use super::standing::Counts;

/// How an engine does on one chapter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Chapter {
    /// The prefix of its clause ids: `CMD`.
    pub id: String,
    /// Its title: `command line`.
    pub title: String,
    /// How many of its clauses have which state.
    pub counts: Counts,
}

/// The chapter of a clause id: `CMD` of `CMD-07`.
pub fn chapter_id(clause: &str) -> &str {
    clause.split('-').next().unwrap_or_default()
}

/// The title of a chapter, from a location like `spec/10-command-line.md:41`.
pub fn title(place: &str) -> String {
    let file = place.strip_prefix("spec/").unwrap_or(place).split('.').next().unwrap_or_default();
    file.trim_start_matches(|c: char| c.is_ascii_digit() || c == '-').replace('-', " ")
}

/// The chapters with a selected vector, in the order of the clauses.
pub fn chapters(report: &Report) -> Vec<Chapter> {
    let selected: Vec<&ClauseOutcome> = report.clauses.iter().filter(|clause| clause.is_selected()).collect();
    let chapter = |clauses: &[&ClauseOutcome]| {
        let first = clauses.first()?;
        let (id, title) = (chapter_id(&first.id).to_owned(), title(&first.place));
        Some(Chapter { id, title, counts: clauses.iter().copied().collect() })
    };
    selected.chunk_by(|a, b| chapter_id(&a.id) == chapter_id(&b.id)).filter_map(chapter).collect()
}

/// The clauses that a selected vector of some report tests, in the order of the chapters.
pub fn selected_clauses(reports: &[Report]) -> Vec<&ClauseOutcome> {
    let mut seen = HashSet::new();
    let all = reports.iter().flat_map(|report| &report.clauses);
    let selected = all.filter(|clause| clause.is_selected());
    let mut clauses: Vec<&ClauseOutcome> = selected.filter(|clause| seen.insert(&clause.id)).collect();
    clauses.sort_by_key(|clause| (clause.place.split(':').next(), &clause.id));
    clauses
}
