//! The clauses of a report, chapter by chapter.

use super::{ClauseOutcome, Report, Standing};
use crate::verdict::Verdict;

/// How an engine stands towards one chapter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chapter {
    /// Its three letters: `CMD`.
    pub id: String,
    /// What it is about: `command line`.
    pub title: String,
    /// How many of its clauses are met.
    pub met: usize,
    /// How many were asked about.
    pub asked: usize,
    /// How many vectors pass.
    pub passed: usize,
    /// How many vectors were asked.
    pub vectors: usize,
    /// The clauses that are missed.
    pub missed: Vec<String>,
    /// The clauses whose functions the engine does not have.
    pub unsupported: Vec<String>,
}

/// The three letters of a clause's chapter.
pub fn letters(clause: &str) -> &str {
    clause.split('-').next().unwrap_or_default()
}

/// What a chapter is about, by a clause's place: `spec/10-command-line.md:41`.
pub fn title(place: &str) -> String {
    let file = place.strip_prefix("spec/").unwrap_or(place).split('.').next().unwrap_or_default();
    file.trim_start_matches(|c: char| c.is_ascii_digit() || c == '-').replace('-', " ")
}

/// The chapters that engines were asked about, in the order of the clauses.
pub fn chapters(report: &Report) -> Vec<Chapter> {
    let mut chapters: Vec<Chapter> = vec![];
    for clause in report.clauses.iter().filter(|clause| clause.standing != Standing::NotAsked) {
        let id = letters(&clause.id);
        if chapters.last().is_none_or(|chapter| chapter.id != id) {
            chapters.push(Chapter::new(id, &clause.place));
        }
        if let Some(chapter) = chapters.last_mut() {
            chapter.add(clause);
        }
    }
    for chapter in &mut chapters {
        chapter.count(report);
        chapter.missed.sort();
        chapter.unsupported.sort();
    }
    chapters
}

impl Chapter {
    fn new(id: &str, place: &str) -> Self {
        Self {
            id: id.to_owned(),
            title: title(place),
            met: 0,
            asked: 0,
            passed: 0,
            vectors: 0,
            missed: vec![],
            unsupported: vec![],
        }
    }

    /// Counts its vectors, each once, open ones left out.
    fn count(&mut self, report: &Report) {
        for outcome in &report.outcomes {
            let own = outcome.vector.clauses.iter().any(|clause| letters(clause) == self.id);
            if own && !matches!(outcome.verdict, Verdict::Open(_)) {
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
