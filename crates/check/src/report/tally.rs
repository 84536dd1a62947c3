//! Derives the outcomes of clauses and open points from the outcomes of vectors.

use std::collections::{BTreeMap, BTreeSet, HashMap};
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
        let verdicts = verdicts_by_clause(&outcomes);
        let clauses = asked.map(|clause| clause_outcome(clause, &verdicts)).collect();
        Self {
            rulespec: env!("CARGO_PKG_VERSION").to_owned(),
            engine,
            command: vec![],
            suite: None,
            answers: None,
            date: now(),
            took_ms: took.as_millis() as u64,
            restarts: 0,
            clauses,
            outcomes,
            open_points: vec![],
            explanations: vec![],
            stale: vec![],
            again: BTreeMap::new(),
        }
    }
}

/// The verdicts on the vectors of each clause, by its id. A vector may name a clause twice.
fn verdicts_by_clause(outcomes: &[Outcome]) -> HashMap<&str, Vec<&Verdict>> {
    let mut verdicts: HashMap<&str, Vec<&Verdict>> = HashMap::new();
    for outcome in outcomes {
        for clause in outcome.vector.clauses.iter().collect::<BTreeSet<_>>() {
            verdicts.entry(clause).or_default().push(&outcome.verdict);
        }
    }
    verdicts
}

fn clause_outcome(clause: &Clause, verdicts: &HashMap<&str, Vec<&Verdict>>) -> ClauseOutcome {
    let verdicts = verdicts.get(clause.id.as_str()).map(Vec::as_slice).unwrap_or_default();
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
