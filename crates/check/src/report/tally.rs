//! Derives the outcomes of clauses and open points from the outcomes of vectors.

use std::collections::BTreeMap;
use std::time::Duration;

use super::model::{ClauseOutcome, OpenPointOutcome, Outcome, Report, Standing, now};
use crate::engine::Hello;
use crate::verdict::Verdict;
use rulespec::suite::{Clause, Kind, Want, clauses};

impl Report {
    /// A report without open points, explanations, or known failures.
    pub(crate) fn new(engine: Hello, outcomes: Vec<Outcome>, took: Duration) -> Self {
        let clauses = clauses();
        let asked = clauses.iter().filter(|clause| clause.kind == Kind::Asked);
        Self {
            rulespec: env!("CARGO_PKG_VERSION").to_owned(),
            engine,
            command: vec![],
            suite: None,
            answers: None,
            date: now(),
            took_ms: took.as_millis() as u64,
            restarts: 0,
            clauses: asked.map(|clause| clause_outcome(clause, &outcomes)).collect(),
            outcomes,
            open_points: vec![],
            explanations: vec![],
            stale: vec![],
            again: BTreeMap::new(),
        }
    }
}

fn clause_outcome(clause: &Clause, outcomes: &[Outcome]) -> ClauseOutcome {
    let tests_clause = |outcome: &&Outcome| outcome.vector.clauses.contains(&clause.id);
    let verdicts: Vec<&Verdict> =
        outcomes.iter().filter(tests_clause).map(|outcome| &outcome.verdict).collect();
    let settled = || verdicts.iter().filter(|verdict| !matches!(verdict, Verdict::Open(_)));
    let is = |wanted: Verdict| settled().filter(|verdict| **verdict == &wanted).count();
    let (asked, passed, not_asked) = (settled().count(), is(Verdict::Pass), is(Verdict::NotAsked));
    let standing = if verdicts.len() == not_asked {
        // Also if there are no vectors.
        Standing::NotAsked
    } else if asked == 0 {
        Standing::Open
    } else if is(Verdict::Unsupported) == asked {
        Standing::Unsupported
    } else if passed == asked {
        Standing::Met
    } else if passed + not_asked == asked {
        Standing::NotAsked
    } else {
        Standing::Missed
    };
    ClauseOutcome {
        id: clause.id.clone(),
        text: clause.text.clone(),
        place: format!("spec/{}:{}", clause.file, clause.line),
        standing,
        passed,
        asked,
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
