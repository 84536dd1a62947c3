//! The result of a search, as a report.

use std::collections::BTreeMap;
use std::time::Duration;

use super::cause::Cause;
use super::description::Descriptions;
use super::plan::Plan;
use super::search::Found;
use crate::engine::Hello;
use crate::report::{Explanation, Outcome, Report};
use crate::stop::Reason;
use rulespec::Function;
use rulespec::suite::Vector;

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
        let mut descriptions = Descriptions::new(plan.seed, saved);
        let described = triage.causes.iter().map(|cause| descriptions.add(cause, &mut triage.suspects));
        let (outcomes, explanations): (Vec<Outcome>, Vec<Option<Explanation>>) = described.unzip();
        let counts = triage.causes.iter().map(|cause| cause.count);
        let explanations = combined(explanations.into_iter().zip(counts), &outcomes);
        let followed = triage.followed.into_iter().map(|(open, (answers, alternatives))| Followed {
            open,
            alternatives: alternatives.into_iter().collect(),
            answers,
        });
        Self {
            report: Report { explanations, restarts, ..Report::new(hello, outcomes, took) },
            against,
            seed: plan.seed,
            finds: triage.causes.iter().map(Find::of).collect(),
            asked,
            more: triage.not_investigated,
            followed: followed.collect(),
            unsupported,
            closed,
            stopped,
            given_up,
        }
    }

    /// One find of a search that is not over.
    pub(super) fn of_find(
        plan: &Plan,
        found: &mut Found,
        at: usize,
        saved: &[Vector],
        took: Duration,
    ) -> Self {
        let mut descriptions = Descriptions::new(plan.seed, saved);
        let (before, rest) = found.triage.causes.split_at(at);
        before.iter().for_each(|cause| descriptions.skip(cause));
        let described = rest.first().map(|cause| descriptions.add(cause, &mut found.triage.suspects));
        let (outcomes, explanations): (Vec<Outcome>, Vec<Option<Explanation>>) =
            described.into_iter().unzip();
        let explanations = explanations.into_iter().flatten().collect();
        Self {
            report: Report { explanations, ..Report::new(found.hello.clone(), outcomes, took) },
            against: found.against.clone(),
            seed: plan.seed,
            finds: rest.first().map(Find::of).into_iter().collect(),
            asked: found.asked.clone(),
            more: 0,
            followed: vec![],
            unsupported: vec![],
            closed: vec![],
            stopped: None,
            given_up: None,
        }
    }

    /// Whether the engine was asked and conforms. Answers to open points that follow no
    /// alternative are finds, but not failures.
    pub fn conforms(&self) -> bool {
        let is_checked = self.cases() > 0 && self.unsupported.len() < self.asked.len();
        !self.report.has_news() && is_checked && self.given_up.is_none()
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

impl Find {
    fn of(cause: &Cause) -> Self {
        Self { case: cause.number, count: cause.count }
    }
}

/// The explanations of several finds, each misreading once: first the one of most answers.
fn combined(
    explanations: impl Iterator<Item = (Option<Explanation>, u64)>,
    outcomes: &[Outcome],
) -> Vec<Explanation> {
    let failures = outcomes.iter().filter(|outcome| outcome.verdict.is_failure()).count();
    let mut combined: Vec<(u64, Explanation)> = vec![];
    for (explanation, count) in explanations.filter_map(|(found, count)| Some((found?, count))) {
        match combined.iter_mut().find(|(_, one)| one.misreadings == explanation.misreadings) {
            Some((answers, one)) => {
                *answers += count;
                one.explains.extend(explanation.explains);
                one.predicts += explanation.predicts;
                one.answers += explanation.answers;
            }
            None => combined.push((count, explanation)),
        }
    }
    combined.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
    combined.into_iter().map(|(_, explanation)| Explanation { failures, ..explanation }).collect()
}
