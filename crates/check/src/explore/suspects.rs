//! Which misreadings answer a question as an engine does.

use super::asked::Asked;
use super::generate::Case;
use super::judge::agrees;
use crate::engine::{Answer, Engine, Reference};
use crate::misreading::{Misreading, all};

/// Every misreading as an engine, in the order of [`all`].
pub(super) struct Suspects(Vec<Reference>);

impl Suspects {
    pub(super) fn new() -> Self {
        Self(all().iter().map(Misreading::engine).collect())
    }

    /// Those that answer so: their numbers in [`all`].
    pub(super) fn of(&mut self, asked: &Asked) -> Vec<usize> {
        self.among(&(0..self.0.len()).collect::<Vec<_>>(), asked)
    }

    /// Those that answer so, of these.
    pub(super) fn among(&mut self, numbers: &[usize], asked: &Asked) -> Vec<usize> {
        if !asked.is_answered() {
            return vec![];
        }
        let answers_so = |number: &usize| {
            let answer = self.ask(*number, &asked.case);
            !agrees(&asked.right, &answer) && is_alike(&answer, &asked.got)
        };
        numbers.iter().copied().filter(answers_so).collect()
    }

    /// Those that answer as the engine does, right or wrong, of these.
    pub(super) fn alike(&mut self, numbers: &[usize], asked: &Asked) -> Vec<usize> {
        let mut is_like = |number: &usize| is_alike(&self.ask(*number, &asked.case), &asked.got);
        numbers.iter().copied().filter(&mut is_like).collect()
    }

    /// Whether not all of these answer a question alike.
    pub(super) fn disagree(&mut self, numbers: &[usize], case: &Case) -> bool {
        let mut answers = numbers.iter().map(|number| self.ask(*number, case));
        let first = answers.next();
        answers.any(|answer| first.as_ref().is_some_and(|first| !is_alike(first, &answer)))
    }

    fn ask(&mut self, number: usize, case: &Case) -> Answer {
        self.0[number].ask(case.function.name(), &case.args)
    }

    /// The clauses, each once, whose misreading would show in the answer.
    pub(super) fn clauses(&mut self, asked: &Asked) -> Vec<String> {
        let mut clauses = vec![];
        for (misreading, engine) in all().iter().zip(&mut self.0) {
            let answer = engine.ask(asked.case.function.name(), &asked.case.args);
            if !agrees(&asked.right, &answer) && clauses.last().is_none_or(|last| last != misreading.breaks) {
                clauses.push(misreading.breaks.to_owned());
            }
        }
        clauses
    }
}

/// Whether two engines answer alike; how they word an error does not matter.
fn is_alike(a: &Answer, b: &Answer) -> bool {
    matches!((a, b), (Answer::Error(_), Answer::Error(_))) || agrees(a, b)
}
