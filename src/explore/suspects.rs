//! Which misreadings answer a question as an engine does.

use super::asked::Asked;
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
            let answer = self.0[*number].ask(asked.case.function, &asked.case.args);
            !agrees(&asked.right, &answer) && is_alike(&answer, &asked.got)
        };
        numbers.iter().copied().filter(answers_so).collect()
    }

    /// The clauses, each once, whose misreading would show in the answer.
    pub(super) fn clauses(&mut self, asked: &Asked) -> Vec<String> {
        let mut clauses = vec![];
        for (misreading, engine) in all().iter().zip(&mut self.0) {
            let answer = engine.ask(asked.case.function, &asked.case.args);
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
