//! Which misreadings answer as an engine does.

use super::case::Case;
use super::comparison::Comparison;
use super::shape::Shape;
use crate::engine::{Answer, Engine, Reference};
use crate::misreading::{Misreading, all};
use crate::verdict::agrees;
use rulespec::Function;
use rulespec::suite::vectors;

/// The chapter of the clauses that say what the whole rule does.
const RULE_CHAPTER: &str = "RUL-";

/// Every misreading as an engine, in the order of [`all`], and the reference.
pub(super) struct Suspects {
    engines: Vec<Reference>,
    reference: Reference,
}

impl Suspects {
    pub(super) fn new() -> Self {
        Self { engines: all().iter().map(Misreading::engine).collect(), reference: Reference::default() }
    }

    /// The misreadings that give the same wrong answer, by their indexes in [`all`].
    pub(super) fn of(&mut self, compared: &Comparison) -> Vec<usize> {
        self.among(&(0..self.engines.len()).collect::<Vec<_>>(), compared)
    }

    /// Those of `suspects` that give the same wrong answer.
    pub(super) fn among(&mut self, suspects: &[usize], compared: &Comparison) -> Vec<usize> {
        if !compared.is_answered() {
            return vec![];
        }
        let is_same = |index: &usize| {
            let answer = self.ask(*index, &compared.case);
            !compared.matches(&compared.expected, &answer) && compared.matches(&answer, &compared.got)
        };
        suspects.iter().copied().filter(is_same).collect()
    }

    /// Those of `suspects` that answer as the engine does, right or wrong.
    pub(super) fn consistent(&mut self, suspects: &[usize], compared: &Comparison) -> Vec<usize> {
        let is_same = |index: &usize| compared.matches(&self.ask(*index, &compared.case), &compared.got);
        suspects.iter().copied().filter(is_same).collect()
    }

    /// Whether `suspects` give different answers.
    pub(super) fn disagree(&mut self, suspects: &[usize], case: &Case) -> bool {
        let mut answers = suspects.iter().map(|index| self.ask(*index, case));
        let first = answers.next();
        answers.any(|answer| first.as_ref().is_some_and(|first| !agrees(first, &answer)))
    }

    /// Whether one of `suspects` answers otherwise than the reference.
    pub(super) fn depart(&mut self, suspects: &[usize], case: &Case) -> bool {
        let expected = self.reference(case);
        suspects.iter().any(|index| !agrees(&expected, &self.ask(*index, case)))
    }

    /// The comparison that there would be if the engine had this misreading.
    pub(super) fn predicted(&mut self, suspect: usize, case: Case) -> Comparison {
        let (expected, got) = (self.reference(&case), self.ask(suspect, &case));
        Comparison { agrees: agrees(&expected, &got), case, expected, got, columns: None }
    }

    /// The answer of the reference.
    pub(super) fn reference(&mut self, case: &Case) -> Answer {
        self.reference.ask(case.function.name(), &case.args)
    }

    fn ask(&mut self, index: usize, case: &Case) -> Answer {
        self.engines[index].ask(case.function.name(), &case.args)
    }

    /// The clauses that what is wrong in this case depends on: those of the misreadings that get the
    /// same wrong, in this case or else in a vector. Of the whole rule, those of its own chapter come
    /// first.
    pub(super) fn clauses(&mut self, compared: &Comparison) -> Vec<String> {
        let shape = Shape::of(compared);
        let mut clauses = self.clauses_of(&compared.case, &shape);
        if clauses.is_empty() && shape.is_telling() {
            let function = compared.case.function;
            let suite = vectors().unwrap_or_default().into_iter();
            let cases = suite.filter(|vector| vector.r#fn == function.name());
            let mut cases = cases.map(|vector| Case { function, args: vector.args });
            clauses = cases
                .find_map(|case| Some(self.clauses_of(&case, &shape)).filter(|found| !found.is_empty()))
                .unwrap_or_default();
        }
        clauses
    }

    /// The clauses of the misreadings that get this wrong in a case.
    fn clauses_of(&mut self, case: &Case, shape: &Shape) -> Vec<String> {
        let mut clauses: Vec<String> = vec![];
        for (index, misreading) in all().iter().enumerate() {
            let predicted = self.predicted(index, case.clone());
            let is_new = !clauses.iter().any(|clause| clause == misreading.breaks);
            if is_new && !predicted.agrees && Shape::of(&predicted) == *shape {
                clauses.push(misreading.breaks.to_owned());
            }
        }
        let is_of_rule = |clause: &String| clause.starts_with(RULE_CHAPTER);
        if case.function == Function::BitsadminActivity && clauses.iter().any(is_of_rule) {
            clauses.retain(is_of_rule);
        }
        clauses
    }
}
