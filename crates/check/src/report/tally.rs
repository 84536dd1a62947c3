//! Derives the outcomes of clauses and open points from the outcomes of vectors.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

use super::model::{ClauseOutcome, OpenPointOutcome, Outcome, Report, now};
use super::standing::Standing;
use crate::engine::Hello;
use crate::verdict::Verdict;
use rulespec::suite::{Clause, Kind, Want, clauses};

impl Report {
    /// A report without open points, explanations, or known failures.
    pub(crate) fn new(engine: Hello, outcomes: Vec<Outcome>, took: Duration) -> Self {
        let mut report = Self {
            rulespec: env!("CARGO_PKG_VERSION").to_owned(),
            engine,
            command: vec![],
            suite: None,
            answers: None,
            date: now(),
            took_ms: took.as_millis() as u64,
            restarts: 0,
            clauses: clauses().iter().filter(|clause| clause.kind == Kind::Asked).map(not_asked).collect(),
            outcomes,
            open_points: vec![],
            explanations: vec![],
            stale: vec![],
            again: BTreeMap::new(),
        };
        report.count();
        report
    }

    /// Computes the state of each clause from the outcomes. A saved report may have states of an
    /// earlier version.
    pub(crate) fn count(&mut self) {
        let outcomes = outcomes_by_clause(&self.outcomes);
        for clause in &mut self.clauses {
            clause.count(outcomes.get(clause.id.as_str()).map(Vec::as_slice).unwrap_or_default());
        }
    }
}

/// The outcomes of the vectors of each clause, by its id. A vector may name a clause twice.
fn outcomes_by_clause(outcomes: &[Outcome]) -> HashMap<&str, Vec<&Outcome>> {
    let mut by_clause: HashMap<&str, Vec<&Outcome>> = HashMap::new();
    for outcome in outcomes {
        for clause in outcome.vector.clauses.iter().collect::<BTreeSet<_>>() {
            by_clause.entry(clause).or_default().push(outcome);
        }
    }
    by_clause
}

/// A clause without outcomes.
fn not_asked(clause: &Clause) -> ClauseOutcome {
    ClauseOutcome {
        id: clause.id.clone(),
        text: clause.text.clone(),
        place: format!("spec/{}:{}", clause.file, clause.line),
        standing: Standing::NotAsked,
        passed: 0,
        asked: 0,
    }
}

impl ClauseOutcome {
    /// Computes the state from the outcomes of all vectors of the clause.
    fn count(&mut self, outcomes: &[&Outcome]) {
        let settled = || outcomes.iter().filter(|outcome| !outcome.is_open());
        let is = |verdict: Verdict| settled().filter(|outcome| outcome.verdict == verdict).count();
        (self.asked, self.passed) = (settled().count(), is(Verdict::Pass));
        let unsupported = is(Verdict::Unsupported);
        let answered = self.asked - unsupported - is(Verdict::NotAsked);
        self.standing = match (self.asked, answered) {
            (0, _) if outcomes.is_empty() => Standing::NotAsked,
            (0, _) => Standing::Open,
            _ if self.passed < answered => Standing::Missed,
            (asked, answered) if answered == asked => Standing::Met,
            (_, 1..) => Standing::PartlyAsked,
            (asked, 0) if unsupported == asked => Standing::Unsupported,
            (_, 0) => Standing::NotAsked,
        };
    }
}

/// The alternatives that the engine follows, from its answers to open vectors.
pub(crate) fn open_point_outcomes(outcomes: &[Outcome]) -> Vec<OpenPointOutcome> {
    let points = rulespec::kql::Profile::POINTS.iter();
    points.filter_map(|(id, alternatives)| open_point_outcome(id, alternatives, outcomes)).collect()
}

/// `None` if no vector of the open point was answered.
fn open_point_outcome(id: &str, alternatives: &[&str], outcomes: &[Outcome]) -> Option<OpenPointOutcome> {
    let answered: Vec<(&str, &Vec<String>)> = outcomes
        .iter()
        .filter_map(|outcome| match (&outcome.vector.want, &outcome.verdict) {
            (Want::Open { open, .. }, Verdict::Open(followed)) if open == id => {
                Some((outcome.vector.id.as_str(), followed))
            }
            _ => None,
        })
        .collect();
    if answered.is_empty() {
        return None;
    }
    let always_followed = |alternative: &&&str| {
        answered.iter().all(|(_, followed)| followed.iter().any(|name| name == **alternative))
    };
    let outside = answered.iter().filter(|(_, followed)| followed.is_empty());
    Some(OpenPointOutcome {
        id: id.to_owned(),
        follows: alternatives.iter().filter(always_followed).map(|name| (*name).to_owned()).collect(),
        default: (*alternatives.first()?).to_owned(),
        asked: answered.len(),
        outside: outside.map(|(vector, _)| (*vector).to_owned()).collect(),
    })
}
