//! Failures, grouped by what causes them.

use super::{Explanation, Outcome, Report};
use crate::verdict::Verdict;

/// Failures that have one cause.
#[derive(Debug, Clone, PartialEq)]
pub struct Group<'a> {
    /// The cause.
    pub cause: Cause<'a>,
    /// The failures, those that are quickest to read first.
    pub failures: Vec<&'a Outcome>,
}

/// What failures have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause<'a> {
    /// A known failure passes.
    UnexpectedPass,
    /// A misreading, or several together, predicts the answers.
    Misreading(&'a Explanation),
    /// The engine does not have the function.
    Unsupported(&'a str),
    /// The engine gives no answer at all: it crashed, stalled or garbled.
    NoAnswer(&'static str),
    /// Nothing but the clause.
    Clause(&'a str),
}

/// Everything in a report that needs somebody's attention, by its cause: the
/// best explanation that predicts the answer, else the clause. The largest group
/// comes first; what is unsupported, and what passes unexpectedly, last.
pub fn groups(report: &Report) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = vec![];
    for outcome in report.outcomes.iter().filter(|outcome| outcome.is_news()) {
        let cause = cause(outcome, report);
        match groups.iter_mut().find(|group| group.cause == cause) {
            Some(group) => group.failures.push(outcome),
            None => groups.push(Group { cause, failures: vec![outcome] }),
        }
    }
    for group in &mut groups {
        group.failures.sort_by_cached_key(|outcome| reading_effort(outcome));
    }
    groups.sort_by_key(|group| (group.cause.rank(), std::cmp::Reverse(group.failures.len())));
    groups
}

/// The best explanation that predicts the engine's very answer to a vector.
pub fn explanation<'a>(outcome: &Outcome, report: &'a Report) -> Option<&'a Explanation> {
    let explains = |explanation: &&Explanation| explanation.explains.contains(&outcome.vector.id);
    report.explanations.iter().find(explains)
}

/// Why a vector fails, in a few words: what it looks like, else the verdict.
pub fn reason(outcome: &Outcome, report: &Report) -> String {
    match explanation(outcome, report) {
        Some(explanation) => format!("looks like {}", explanation.misreadings.join(" + ")),
        None => format!("{}: {}", outcome.verdict, outcome.vector.title),
    }
}

fn cause<'a>(outcome: &'a Outcome, report: &'a Report) -> Cause<'a> {
    if !outcome.verdict.is_failure() {
        return Cause::UnexpectedPass;
    }
    if outcome.verdict == Verdict::Unsupported {
        return Cause::Unsupported(&outcome.vector.r#fn);
    }
    if matches!(outcome.verdict, Verdict::Crashed | Verdict::Stalled | Verdict::Garbled) {
        return Cause::NoAnswer(outcome.verdict.as_str());
    }
    match explanation(outcome, report) {
        Some(explanation) => Cause::Misreading(explanation),
        None => Cause::Clause(outcome.clause()),
    }
}

impl Cause<'_> {
    fn rank(&self) -> u8 {
        match self {
            Self::Misreading(_) | Self::NoAnswer(_) | Self::Clause(_) => 0,
            Self::Unsupported(_) => 1,
            Self::UnexpectedPass => 2,
        }
    }
}

/// How much there is to read before a failure is understood.
fn reading_effort(outcome: &Outcome) -> usize {
    outcome.vector.args.iter().map(|arg| arg.to_string().len()).sum()
}
