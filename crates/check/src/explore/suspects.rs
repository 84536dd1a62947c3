//! Which misreadings answer as an engine does.

use super::case::Case;
use super::comparison::Comparison;
use crate::engine::{Answer, Engine, Reference};
use crate::misreading::{Misreading, all};
use crate::verdict::agrees;

/// Every misreading as an engine, in the order of [`all`].
pub(super) struct Suspects(Vec<Reference>);

impl Suspects {
    pub(super) fn new() -> Self {
        Self(all().iter().map(Misreading::engine).collect())
    }

    /// The misreadings that give the same wrong answer, by their indexes in [`all`].
    pub(super) fn of(&mut self, compared: &Comparison) -> Vec<usize> {
        self.among(&(0..self.0.len()).collect::<Vec<_>>(), compared)
    }

    /// Those of `suspects` that give the same wrong answer.
    pub(super) fn among(&mut self, suspects: &[usize], compared: &Comparison) -> Vec<usize> {
        if !compared.is_answered() {
            return vec![];
        }
        let is_same = |index: &usize| {
            let answer = self.ask(*index, &compared.case);
            !agrees(&compared.expected, &answer) && agrees(&answer, &compared.got)
        };
        suspects.iter().copied().filter(is_same).collect()
    }

    /// Those of `suspects` that answer as the engine does, right or wrong.
    pub(super) fn consistent(&mut self, suspects: &[usize], compared: &Comparison) -> Vec<usize> {
        let is_same = |index: &usize| agrees(&self.ask(*index, &compared.case), &compared.got);
        suspects.iter().copied().filter(is_same).collect()
    }

    /// Whether `suspects` give different answers.
    pub(super) fn disagree(&mut self, suspects: &[usize], case: &Case) -> bool {
        let mut answers = suspects.iter().map(|index| self.ask(*index, case));
        let first = answers.next();
        answers.any(|answer| first.as_ref().is_some_and(|first| !agrees(first, &answer)))
    }

    fn ask(&mut self, index: usize, case: &Case) -> Answer {
        self.0[index].ask(case.function.name(), &case.args)
    }

    /// The clauses that some misreading would break in this case.
    pub(super) fn clauses(&mut self, compared: &Comparison) -> Vec<String> {
        let mut clauses = vec![];
        for (index, misreading) in all().iter().enumerate() {
            let answer = self.ask(index, &compared.case);
            let is_new = clauses.last().is_none_or(|last| last != misreading.breaks);
            if is_new && !agrees(&compared.expected, &answer) {
                clauses.push(misreading.breaks.to_owned());
            }
        }
        clauses
    }
}
