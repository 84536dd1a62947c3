//! The cause of one or more wrong answers.

use super::comparison::Comparison;
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
}

impl Cause {
    /// Keeps an answer that was right although the case is similar.
    pub(super) fn keep(&mut self, compared: &Comparison) {
        if compared.is_answered() && self.evidence.len() < MAX_EVIDENCE / 2 {
            self.evidence.push(compared.clone());
        }
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
pub(super) fn complexity(compared: &Comparison) -> u8 {
    match compared.case.function {
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
