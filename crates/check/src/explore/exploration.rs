//! What was found, as a report.

use std::collections::{BTreeMap, HashSet};
use std::ops::RangeFrom;
use std::time::Duration;

use super::asked::Asked;
use super::causes::{Cause, Inquiry};
use super::found;
use super::search::{Found, Plan};
use crate::engine::Hello;
use crate::misreading::{explanations, named};
use crate::report::{Explanation, Outcome, Report};
use crate::verdict::{Verdict, judge};
use rulespec::Function;
use rulespec::suite::{Vector, Want, vectors};

/// How many clauses are named where no misreading explains a find.
const CLAUSES: usize = 3;

/// What came of a search.
#[derive(Debug, Clone, PartialEq)]
pub struct Exploration {
    /// The finds as outcomes, what they look like, and the engine.
    pub report: Report,
    /// The engine that this one was held against; the reference where `None`.
    pub against: Option<Hello>,
    /// The seed of the questions.
    pub seed: u64,
    /// One a find, in the order of the report's outcomes.
    pub finds: Vec<Find>,
    /// How many questions were answered, by function.
    pub asked: BTreeMap<Function, u64>,
    /// How many wrong answers were not looked into, since enough was found.
    pub more: u64,
    /// Open points at which the engine does not follow the reference.
    pub followed: Vec<Followed>,
    /// The functions that the engine said it does not have.
    pub unsupported: Vec<Function>,
    /// The functions that were asked no more since too many questions got no answer.
    pub closed: Vec<Function>,
}

/// How often a cause of wrong answers was met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Find {
    /// The number of the case in which it was first met; `None` where it had been
    /// saved before.
    pub case: Option<u64>,
    /// How many answers it accounts for.
    pub count: u64,
}

/// An open point at which an engine follows another alternative than the reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Followed {
    /// The open point's id.
    pub open: &'static str,
    /// The alternatives: one, where the engine is of one mind.
    pub alternatives: Vec<&'static str>,
    /// How many answers follow them.
    pub answers: u64,
}

impl Exploration {
    pub(super) fn of(plan: &Plan, found: Found<'_>, saved: &[Vector], took: Duration) -> Self {
        let Found { hello, against, mut inquiry, asked, unsupported, closed } = found;
        let causes = std::mem::take(&mut inquiry.causes);
        let mut numbers = found::last(saved) + 1..;
        let mut outcomes: Vec<Outcome> =
            causes.iter().map(|cause| outcome(&mut numbers, cause, plan.seed)).collect();
        let explanations = explained(&outcomes, &causes);
        let mut titles = saved.iter().map(|vector| vector.title.clone()).collect();
        for (outcome, cause) in outcomes.iter_mut().zip(&causes).filter(|(_, cause)| cause.saved.is_none()) {
            name(&mut outcome.vector, cause, &explanations, &mut inquiry);
            outcome.vector.title = found::own_title(&outcome.vector.title, &mut titles);
        }
        let followed = inquiry.followed.into_iter().map(|(open, (answers, alternatives))| Followed {
            open,
            alternatives: alternatives.into_iter().collect(),
            answers,
        });
        Self {
            report: Report { explanations, ..Report::of(hello, outcomes, took) },
            against,
            seed: plan.seed,
            finds: causes.iter().map(|cause| Find { case: cause.number, count: cause.count }).collect(),
            asked,
            more: inquiry.more,
            followed: followed.collect(),
            unsupported,
            closed,
        }
    }

    /// How many answers were not the wanted ones.
    pub fn wrong(&self) -> u64 {
        self.finds.iter().map(|find| find.count).sum::<u64>() + self.more
    }

    /// How many questions were answered.
    pub fn cases(&self) -> u64 {
        self.asked.values().sum()
    }
}

/// A find as the outcome of a vector that has a name, but no title and clauses yet.
fn outcome(numbers: &mut RangeFrom<usize>, cause: &Cause, seed: u64) -> Outcome {
    let title = || format!("seed {seed}, case {}", cause.number.unwrap_or_default());
    let mut id = || format!("fnd-{:04}", numbers.next().unwrap_or_default());
    let new = || vector(id(), title(), &cause.asked, cause.want.clone());
    let vector = cause.saved.clone().unwrap_or_else(new);
    Outcome { vector, answer: cause.asked.got.clone(), verdict: cause.verdict.clone(), known: None }
}

fn vector(id: String, title: String, asked: &Asked, want: Want) -> Vector {
    Vector {
        id,
        title,
        clauses: vec![],
        r#fn: asked.case.function.to_string(),
        args: asked.case.args.clone(),
        want,
        evidence: None,
        note: None,
    }
}

/// What the finds look like, in the light of all answers that were kept.
fn explained(finds: &[Outcome], causes: &[Cause]) -> Vec<Explanation> {
    let mut all = finds.to_vec();
    for (number, asked) in causes.iter().flat_map(|cause| &cause.evidence).enumerate() {
        let want = super::judge::want(&asked.right);
        let verdict = judge(&want, &asked.got);
        let vector = vector(format!("evidence {number}"), String::new(), asked, want);
        all.push(Outcome { vector, answer: asked.got.clone(), verdict, known: None });
    }
    let own: HashSet<&str> = finds.iter().map(|outcome| outcome.vector.id.as_str()).collect();
    let failures = finds.iter().filter(|outcome| outcome.verdict.is_failure()).count();
    let mut explanations = explanations(&all);
    for explanation in &mut explanations {
        explanation.explains.retain(|id| own.contains(id.as_str()));
        explanation.failures = failures;
    }
    explanations.retain(|explanation| !explanation.explains.is_empty());
    explanations
}

/// Gives a find its clauses and its title.
fn name(vector: &mut Vector, cause: &Cause, explanations: &[Explanation], inquiry: &mut Inquiry<'_>) {
    let explanation = explanations.iter().find(|explanation| explanation.explains.contains(&vector.id));
    let names = explanation.map(|explanation| explanation.misreadings.clone()).unwrap_or_default();
    let broken = names.iter().filter_map(|name| named(name)).map(|misreading| misreading.breaks.to_owned());
    vector.clauses = broken.collect();
    vector.clauses.sort();
    vector.clauses.dedup();
    if vector.clauses.is_empty() {
        vector.clauses = inquiry.suspects.clauses(&cause.asked);
        vector.clauses.truncate(CLAUSES);
    }
    if vector.clauses.is_empty() {
        let suite = vectors().unwrap_or_default();
        let first = suite.into_iter().find(|other| other.r#fn == vector.r#fn);
        vector.clauses = first.map(|first| first.clauses).unwrap_or_default();
    }
    let what = match (names.is_empty(), &cause.verdict) {
        (false, _) => format!("not {}", names.join(" + ")),
        (_, Verdict::Crashed | Verdict::Stalled | Verdict::Garbled) => "is answered at all".to_owned(),
        _ => format!("{} is answered rightly", vector.r#fn),
    };
    vector.title = format!("{}: {what}", vector.title);
}
