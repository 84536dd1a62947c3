//! Failures, grouped by cause.

use std::collections::HashMap;
use std::mem::take;

use super::model::{Explained, Explanation, Outcome, Report};
use super::rows::is_of_columns_only;
use crate::verdict::Verdict;

/// Failures with the same cause.
#[derive(Debug, Clone, PartialEq)]
pub struct Group<'a> {
    /// The cause.
    pub cause: Cause<'a>,
    /// The failures, quickest to read first.
    pub failures: Vec<&'a Outcome>,
}

/// What a group of failures has in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause<'a> {
    /// A known failure passes.
    UnexpectedPass,
    /// A misreading, or several combined, predicts the answers.
    Misreading(&'a Explanation),
    /// The engine crashed, stalled or garbled its answer, or was not asked.
    NoAnswer(&'static str),
    /// The tables that a function gives have other columns, and are equal otherwise.
    Columns(&'a str),
    /// Only the clause.
    Clause(&'a str),
}

/// Every outcome that needs attention, grouped by cause: the best explanation that
/// predicts the answer, or else the clause.
///
/// Larger groups come first. Unexpected passes, then vectors that were not asked, come last.
pub fn groups(report: &Report) -> Vec<Group<'_>> {
    let explained = report.explained();
    let mut groups: Vec<Group<'_>> = vec![];
    let mut places = HashMap::new();
    for outcome in report.outcomes.iter().filter(|outcome| outcome.is_news()) {
        let cause = cause(outcome, &explained);
        let place = *places.entry(cause.key()).or_insert(groups.len());
        match groups.get_mut(place) {
            Some(group) => group.failures.push(outcome),
            None => groups.push(Group { cause, failures: vec![outcome] }),
        }
    }
    for group in &mut groups {
        group.failures = sorted(take(&mut group.failures));
    }
    groups.sort_by_key(|group| (group.cause.rank(), std::cmp::Reverse(group.failures.len())));
    groups
}

/// Why a vector fails, in a few words: the best explanation, or else the verdict.
pub fn reason(outcome: &Outcome, explained: &Explained<'_>) -> String {
    match explained.get(outcome) {
        Some(explanation) => format!("looks like {}", explanation.misreadings.join(" + ")),
        None if is_of_columns_only(outcome) => format!("the columns of {} differ", outcome.vector.r#fn),
        None => format!("{}: {}", outcome.verdict, outcome.vector.title),
    }
}

fn cause<'a>(outcome: &'a Outcome, explained: &Explained<'a>) -> Cause<'a> {
    match &outcome.verdict {
        Verdict::Pass | Verdict::Open(_) => Cause::UnexpectedPass,
        verdict @ (Verdict::Unsupported
        | Verdict::Crashed
        | Verdict::Stalled
        | Verdict::Garbled
        | Verdict::Flaky
        | Verdict::NotAsked) => Cause::NoAnswer(verdict.as_str()),
        Verdict::Fail | Verdict::Refused | Verdict::Accepted => match explained.get(outcome) {
            Some(explanation) => Cause::Misreading(explanation),
            None if is_of_columns_only(outcome) => Cause::Columns(&outcome.vector.r#fn),
            None => Cause::Clause(outcome.clause()),
        },
    }
}

impl<'a> Group<'a> {
    /// The first failure of each clause, with the others of that clause, or a single example if
    /// the clause does not matter.
    pub fn examples(&self) -> Vec<(&'a Outcome, Vec<&'a Outcome>)> {
        let is_single = !self.cause.is_by_clause();
        let mut examples: Vec<(&Outcome, Vec<&Outcome>)> = vec![];
        let mut places: HashMap<&str, usize> = HashMap::new();
        for outcome in &self.failures {
            let clause = if is_single { "" } else { outcome.clause() };
            let place = *places.entry(clause).or_insert(examples.len());
            match examples.get_mut(place) {
                Some((_, others)) => others.push(outcome),
                None => examples.push((outcome, vec![])),
            }
        }
        examples
    }
}

impl<'a> Cause<'a> {
    /// The cause in a few words.
    pub fn title(self) -> String {
        match self {
            Self::Misreading(found) => format!("looks like {}", found.misreadings.join(" + ")),
            Self::NoAnswer(word) => word.to_owned(),
            Self::UnexpectedPass => "known failures that pass".to_owned(),
            Self::Columns(function) => format!("the columns of {function} differ"),
            Self::Clause(clause) => clause.to_owned(),
        }
    }

    /// A short key: causes are equal if their keys are. An explanation is compared by its address,
    /// because it lists every vector that it explains.
    fn key(&self) -> (u8, usize, &'a str) {
        match *self {
            Self::UnexpectedPass => (0, 0, ""),
            Self::Misreading(explanation) => (1, std::ptr::from_ref(explanation).addr(), ""),
            Self::NoAnswer(word) => (2, 0, word),
            Self::Clause(clause) => (3, 0, clause),
            Self::Columns(function) => (4, 0, function),
        }
    }

    /// Whether the failures are told clause by clause.
    pub fn is_by_clause(&self) -> bool {
        match self {
            Self::Misreading(_) | Self::UnexpectedPass | Self::Clause(_) => true,
            Self::NoAnswer(_) | Self::Columns(_) => false,
        }
    }

    /// Whether the clauses of the vectors are what is missed.
    pub fn is_of_clause(&self) -> bool {
        !matches!(self, Self::Columns(_))
    }

    /// Whether the vectors were not asked because the run ended early.
    pub fn is_not_asked(&self) -> bool {
        *self == Self::NoAnswer(Verdict::NotAsked.as_str())
    }

    fn rank(&self) -> u8 {
        match self {
            Self::NoAnswer(_) if self.is_not_asked() => 2,
            Self::Misreading(_) | Self::NoAnswer(_) | Self::Columns(_) | Self::Clause(_) => 0,
            Self::UnexpectedPass => 1,
        }
    }
}

/// Sorts failures: the quickest to read of each clause, then the next one of each clause, and so on.
fn sorted(mut failures: Vec<&Outcome>) -> Vec<&Outcome> {
    failures.sort_by_cached_key(|outcome| reading_effort(outcome));
    let mut counts = HashMap::<&str, usize>::new();
    let mut numbered: Vec<(usize, &Outcome)> = vec![];
    for outcome in failures {
        let count = counts.entry(outcome.clause()).or_default();
        *count += 1;
        numbered.push((*count, outcome));
    }
    numbered.sort_by_key(|(number, _)| *number);
    numbered.into_iter().map(|(_, outcome)| outcome).collect()
}

/// How much text there is to read before a failure is understood.
fn reading_effort(outcome: &Outcome) -> usize {
    outcome.vector.args.iter().map(|arg| arg.to_string().len()).sum()
}
