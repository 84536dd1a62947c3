//! The clauses of a report, chapter by chapter.

use std::collections::HashSet;

use super::model::{ClauseOutcome, Report, Standing};
use crate::verdict::Verdict;

/// How an engine does on one chapter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Chapter {
    /// The prefix of its clause ids: `CMD`.
    pub id: String,
    /// Its title: `command line`.
    pub title: String,
    /// The number of its clauses that are met.
    pub met: usize,
    /// The number of its clauses that were asked about, without open ones.
    pub asked: usize,
    /// The number of its vectors that pass.
    pub passed: usize,
    /// The number of its vectors that were asked, without open ones.
    pub vectors: usize,
    /// The ids of the clauses that are missed.
    pub missed: Vec<String>,
    /// The ids of the clauses whose functions the engine does not have.
    pub unsupported: Vec<String>,
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

/// The chapters that the engine was asked about, in the order of the clauses.
pub fn chapters(report: &Report) -> Vec<Chapter> {
    let mut chapters: Vec<Chapter> = vec![];
    for clause in report.clauses.iter().filter(|clause| clause.standing != Standing::NotAsked) {
        let id = chapter_id(&clause.id);
        if chapters.last().is_none_or(|chapter| chapter.id != id) {
            let (id, title) = (id.to_owned(), title(&clause.place));
            chapters.push(Chapter { id, title, ..Chapter::default() });
        }
        if let Some(chapter) = chapters.last_mut() {
            chapter.add(clause);
        }
    }
    for chapter in &mut chapters {
        chapter.count_vectors(report);
        chapter.missed.sort();
        chapter.unsupported.sort();
    }
    chapters
}

/// The clauses that at least one engine was asked about, in the order of the chapters.
pub fn asked_clauses(reports: &[Report]) -> Vec<&ClauseOutcome> {
    let mut seen = HashSet::new();
    let all = reports.iter().flat_map(|report| &report.clauses);
    let asked = all.filter(|clause| clause.standing != Standing::NotAsked);
    let mut clauses: Vec<&ClauseOutcome> = asked.filter(|clause| seen.insert(&clause.id)).collect();
    clauses.sort_by_key(|clause| (clause.place.split(':').next(), &clause.id));
    clauses
}

impl Chapter {
    /// Counts each vector of the chapter once, without open ones.
    fn count_vectors(&mut self, report: &Report) {
        for outcome in &report.outcomes {
            let is_own = outcome.vector.clauses.iter().any(|clause| chapter_id(clause) == self.id);
            if is_own && !matches!(outcome.verdict, Verdict::Open(_)) {
                self.vectors += 1;
                self.passed += usize::from(outcome.verdict == Verdict::Pass);
            }
        }
    }

    fn add(&mut self, clause: &ClauseOutcome) {
        self.asked += usize::from(clause.standing != Standing::Open);
        match clause.standing {
            Standing::Met => self.met += 1,
            Standing::Missed => self.missed.push(clause.id.clone()),
            Standing::Unsupported => self.unsupported.push(clause.id.clone()),
            Standing::Open | Standing::NotAsked => {}
        }
    }
}
