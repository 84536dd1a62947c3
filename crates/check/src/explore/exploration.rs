//! The result of a search, as a report.

use std::collections::{BTreeMap, HashSet};
use std::ops::RangeFrom;
use std::time::Duration;

use super::cause::Cause;
use super::comparison::Comparison;
use super::found;
use super::judge::settled;
use super::plan::Plan;
use super::search::Found;
use super::suspects::Suspects;
use crate::engine::Hello;
use crate::misreading::{explanations, named};
use crate::report::{Explanation, Outcome, Report};
use crate::stop::Reason;
use crate::verdict::{Verdict, judge};
use rulespec::Function;
use rulespec::suite::{Vector, Want, vectors};

/// How many clauses are named if no misreading explains a find.
const MAX_CLAUSES: usize = 3;

/// The result of a search.
#[derive(Debug, Clone, PartialEq)]
pub struct Exploration {
    /// The finds as outcomes, the misreadings that explain them, and the engine.
    pub report: Report,
    /// The engine that this one was compared with. `None` is the reference.
    pub against: Option<Hello>,
    /// The seed of the cases.
    pub seed: u64,
    /// One per outcome of the report, in the same order.
    pub finds: Vec<Find>,
    /// How many cases were answered, by function.
    pub asked: BTreeMap<Function, u64>,
    /// How many wrong answers were not investigated, because there were too many.
    pub more: u64,
    /// Open points at which the engine does not follow the reference.
    pub followed: Vec<Followed>,
    /// The functions that the engine says it does not have.
    pub unsupported: Vec<Function>,
    /// The functions that were no longer called, because too many calls got no answer.
    pub closed: Vec<Function>,
    /// Why the search ended before all cases were asked, if it did.
    pub stopped: Option<Reason>,
    /// Why an engine was given up, if it was.
    pub given_up: Option<String>,
}

/// How often a cause of wrong answers occurred.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Find {
    /// The number of the case that first showed it, or `None` if it was saved before.
    pub case: Option<u64>,
    /// How many answers it accounts for.
    pub count: u64,
}

/// An open point at which an engine follows another alternative than the reference.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Followed {
    /// The open point's id.
    pub open: &'static str,
    /// The alternatives; only one if the engine is consistent.
    pub alternatives: Vec<&'static str>,
    /// How many answers follow them.
    pub answers: u64,
}

impl Exploration {
    pub(super) fn new(plan: &Plan, found: Found, saved: &[Vector], took: Duration) -> Self {
        let Found { hello, against, mut triage, asked, unsupported, closed, stopped, given_up, restarts } =
            found;
        let mut numbers = found::last(saved) + 1..;
        let causes = triage.causes;
        let mut outcomes: Vec<Outcome> =
            causes.iter().map(|cause| outcome(&mut numbers, cause, plan.seed)).collect();
        let explanations = explained(&outcomes, &causes);
        let mut titles = saved.iter().map(|vector| vector.title.clone()).collect();
        for (outcome, cause) in outcomes.iter_mut().zip(&causes).filter(|(_, cause)| cause.saved.is_none()) {
            describe(&mut outcome.vector, cause, &explanations, &mut triage.suspects);
            outcome.vector.title = found::unique_title(&outcome.vector.title, &mut titles);
        }
        let followed = triage.followed.into_iter().map(|(open, (answers, alternatives))| Followed {
            open,
            alternatives: alternatives.into_iter().collect(),
            answers,
        });
        Self {
            report: Report { explanations, restarts, ..Report::new(hello, outcomes, took) },
            against,
            seed: plan.seed,
            finds: causes.iter().map(|cause| Find { case: cause.number, count: cause.count }).collect(),
            asked,
            more: triage.not_investigated,
            followed: followed.collect(),
            unsupported,
            closed,
            stopped,
            given_up,
        }
    }

    /// Whether the engine was asked and conforms. Answers to open points that follow no
    /// alternative are finds, but not failures.
    pub fn conforms(&self) -> bool {
        let is_checked = self.cases() > 0 && self.unsupported.len() < self.asked.len();
        self.report.conforms() && is_checked && self.given_up.is_none()
    }

    /// How many answers were wrong.
    pub fn wrong(&self) -> u64 {
        self.finds.iter().map(|find| find.count).sum::<u64>() + self.more
    }

    /// How many cases were answered.
    pub fn cases(&self) -> u64 {
        self.asked.values().sum()
    }
}

/// The outcome for a cause, without clauses and with an incomplete title.
fn outcome(numbers: &mut RangeFrom<usize>, cause: &Cause, seed: u64) -> Outcome {
    let title = || format!("seed {seed}, case {}", cause.number.unwrap_or_default());
    let mut id = || format!("fnd-{:04}", numbers.next().unwrap_or_default());
    let new = || vector(id(), title(), &cause.shown, cause.want.clone());
    let vector = cause.saved.clone().unwrap_or_else(new);
    Outcome { vector, answer: cause.shown.got.clone(), verdict: cause.verdict.clone(), known: None }
}

fn vector(id: String, title: String, compared: &Comparison, want: Want) -> Vector {
    Vector {
        id,
        title,
        clauses: vec![],
        r#fn: compared.case.function.to_string(),
        args: compared.case.args.clone(),
        want,
        evidence: None,
        note: None,
    }
}

/// The misreadings that explain the finds, given all evidence.
fn explained(finds: &[Outcome], causes: &[Cause]) -> Vec<Explanation> {
    let mut all = finds.to_vec();
    for (number, compared) in causes.iter().flat_map(|cause| &cause.evidence).enumerate() {
        let want = settled(&compared.expected);
        let verdict = judge(&want, &compared.got);
        let vector = vector(format!("evidence {number}"), String::new(), compared, want);
        all.push(Outcome { vector, answer: compared.got.clone(), verdict, known: None });
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

/// Sets the clauses of a find and completes its title.
fn describe(vector: &mut Vector, cause: &Cause, explanations: &[Explanation], suspects: &mut Suspects) {
    let explanation = explanations.iter().find(|explanation| explanation.explains.contains(&vector.id));
    let names = explanation.map(|explanation| explanation.misreadings.clone()).unwrap_or_default();
    let broken = names.iter().filter_map(|name| named(name)).map(|misreading| misreading.breaks.to_owned());
    vector.clauses = broken.collect();
    vector.clauses.sort();
    vector.clauses.dedup();
    if vector.clauses.is_empty() {
        vector.clauses = suspects.clauses(&cause.shown);
        vector.clauses.truncate(MAX_CLAUSES);
    }
    if vector.clauses.is_empty() {
        let suite = vectors().unwrap_or_default();
        let first = suite.into_iter().find(|other| other.r#fn == vector.r#fn);
        vector.clauses = first.map(|first| first.clauses).unwrap_or_default();
    }
    let what = match (names.is_empty(), &cause.verdict) {
        (false, _) => format!("not {}", names.join(" + ")),
        (true, Verdict::Crashed | Verdict::Stalled | Verdict::Garbled | Verdict::Flaky) => {
            "gives an answer".to_owned()
        }
        (true, _) => format!("{} gives the right answer", vector.r#fn),
    };
    vector.title = format!("{}: {what}", vector.title);
}
