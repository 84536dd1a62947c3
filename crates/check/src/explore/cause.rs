//! The cause of one or more wrong answers.

use std::time::Duration;

use super::case::Case;
use super::comparison::Comparison;
use super::shape::Shape;
use crate::verdict::Verdict;
use rulespec::Function;
use rulespec::suite::{Vector, Want};

/// How many answers are kept as evidence for a cause.
pub(super) const MAX_EVIDENCE: usize = 24;

/// What is known about one cause of wrong answers.
#[derive(Debug, Clone)]
pub(super) struct Cause {
    /// The simplest case that shows it.
    pub(super) shown: Comparison,
    /// In what respect its answer is wrong.
    pub(super) shape: Shape,
    /// What is wanted in that case.
    pub(super) want: Want,
    /// The verdict on the engine's answer.
    pub(super) verdict: Verdict,
    /// The number of the case that first showed it, if that was a generated one.
    pub(super) number: Option<u64>,
    /// The saved vector that shows it, if there is one.
    pub(super) saved: Option<Vector>,
    /// How many wrong answers it accounts for, including the first.
    pub(super) count: u64,
    /// The misreadings that predict every answer so far, by their indexes.
    pub(super) suspects: Vec<usize>,
    /// Further answers that help to distinguish misreadings: wrong ones with this cause,
    /// and right ones to similar cases.
    pub(super) evidence: Vec<Comparison>,
    /// How far the case is simplified.
    pub(super) reduction: Reduction,
    /// The case by which it was last shown to the caller.
    pub(super) told: Option<Case>,
}

/// How far a case is simplified.
#[derive(Debug, Clone, Default)]
pub(super) struct Reduction {
    /// The step with which the simplification of the present case began. The earlier steps are tried
    /// last, because those that failed before usually fail again.
    pub(super) offset: usize,
    /// How many steps of the present case were tried.
    pub(super) position: usize,
    /// How many cases were asked, and how many of them got no answer.
    pub(super) tried: usize,
    pub(super) unanswered: usize,
    /// How long the engine was asked.
    pub(super) spent: Duration,
    /// Whether no step is left, or no more are tried.
    pub(super) is_done: bool,
}

impl Cause {
    /// Keeps an answer that was right although the case is similar.
    pub(super) fn keep(&mut self, compared: &Comparison) {
        if compared.is_answered() && self.evidence.len() < MAX_EVIDENCE / 2 {
            self.evidence.push(compared.clone());
        }
    }

    /// A cause that this answer is the first to show.
    pub(super) fn new(shown: Comparison, want: Want, verdict: Verdict, suspects: Vec<usize>) -> Self {
        Self {
            shape: Shape::of(&shown),
            evidence: vec![],
            shown,
            want,
            verdict,
            number: None,
            saved: None,
            count: 1,
            suspects,
            reduction: Reduction::default(),
            told: None,
        }
    }

    /// Shows the cause by another case.
    pub(super) fn show(&mut self, shown: Comparison, want: Want, verdict: Verdict) {
        self.shape = Shape::of(&shown);
        (self.shown, self.want, self.verdict) = (shown, want, verdict);
    }

    /// Whether no misreading explains this cause, and a wrong answer of the same function is wrong in
    /// the same respect, and perhaps in others.
    pub(super) fn is_similar(&self, compared: &Comparison) -> bool {
        self.suspects.is_empty()
            && self.shape.is_telling()
            && self.shown.case.function == compared.case.function
            && self.shape.is_within(&Shape::of(compared))
    }

    /// Whether a wrong answer clearly has this cause, regardless of misreadings. The case
    /// is the same, or it calls the same function and also gets no answer, or also
    /// follows no alternative of the same open point.
    pub(super) fn is_same(&self, compared: &Comparison, want: &Want, verdict: &Verdict) -> bool {
        let is_same_point = match (&self.want, want) {
            (Want::Open { open, .. }, Want::Open { open: other, .. }) => open == other,
            _ => false,
        };
        let is_similar = is_same_point || !self.shown.is_answered() && self.verdict == *verdict;
        self.shown.case.function == compared.case.function && (is_similar || self.shown.case == compared.case)
    }
}

/// How complex the function of a case is: the whole rule, an operator over a table, a
/// function of a list, or a function of scalar values.
pub(super) fn complexity(case: &Case) -> u8 {
    match case.function {
        Function::BitsadminActivity | Function::Query => 3,
        Function::Where | Function::Extend | Function::ProjectReorder => 2,
        Function::HasAny => 1,
        Function::EqCi
        | Function::Has
        | Function::ParseCommandLine
        | Function::Element
        | Function::ToString
        | Function::IndexOf
        | Function::Substring
        | Function::Iff
        | Function::ColumnIfExists => 0,
    }
}
