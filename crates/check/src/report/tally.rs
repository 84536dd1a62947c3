//! How clauses and open points stand, from what became of the vectors.

use super::{ClauseOutcome, OpenPointOutcome, Outcome, Standing};
use crate::verdict::Verdict;
use rulespec::suite::{Clause, Kind, Want};

/// How each clause fares, from what became of its vectors.
pub(crate) fn clause_outcomes(clauses: &[Clause], outcomes: &[Outcome]) -> Vec<ClauseOutcome> {
    let asked = clauses.iter().filter(|clause| clause.kind == Kind::Asked);
    asked.map(|clause| clause_outcome(clause, outcomes)).collect()
}

fn clause_outcome(clause: &Clause, outcomes: &[Outcome]) -> ClauseOutcome {
    let own = outcomes.iter().filter(|outcome| outcome.vector.clauses.contains(&clause.id));
    let verdicts: Vec<&Verdict> = own.map(|outcome| &outcome.verdict).collect();
    let settled = || verdicts.iter().filter(|verdict| !matches!(verdict, Verdict::Open(_)));
    let passed = settled().filter(|verdict| ***verdict == Verdict::Pass).count();
    let asked = settled().count();
    let standing = if verdicts.is_empty() {
        Standing::NotAsked
    } else if asked == 0 {
        Standing::Open
    } else if settled().all(|verdict| **verdict == Verdict::Unsupported) {
        Standing::Unsupported
    } else if passed == asked {
        Standing::Met
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

/// Which alternatives the engine follows, from its answers to open vectors.
pub(crate) fn open_point_outcomes(outcomes: &[Outcome]) -> Vec<OpenPointOutcome> {
    let points = rulespec::kql::Profile::POINTS.iter();
    points.filter_map(|(id, alternatives)| open_point_outcome(id, alternatives, outcomes)).collect()
}

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
    let always = |alternative: &&&str| {
        answered.iter().all(|(_, followed)| followed.iter().any(|name| name == **alternative))
    };
    let outside = answered.iter().filter(|(_, followed)| followed.is_empty());
    Some(OpenPointOutcome {
        id: id.to_owned(),
        follows: alternatives.iter().filter(always).map(|name| (*name).to_owned()).collect(),
        default: (*alternatives.first()?).to_owned(),
        asked: answered.len(),
        outside: outside.map(|(vector, _)| (*vector).to_owned()).collect(),
    })
    .filter(|point| point.asked > 0)
}
