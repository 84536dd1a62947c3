//! The answers of an engine that show how it reads a clause.

use std::sync::Arc;

use super::departures::Departures;
use crate::engine::{Answer, Engine, Reference};
use crate::report::Outcome;
use crate::table_difference::{agrees_on, common_columns};
use crate::verdict::{Verdict, agrees};
use rulespec::suite::Vector;

/// An answer of the engine that shows how it reads a clause.
#[derive(Clone)]
pub(super) struct Clue<'a> {
    pub(super) vector: &'a Vector,
    answer: &'a Answer,
    pub(super) is_wrong: bool,
    departures: Arc<Departures>,
    /// Whether the engine agrees with the reference.
    pub(super) reference_fits: bool,
    /// The columns of a table that are compared. `None` is the whole answer.
    columns: Option<Vec<String>>,
}

impl<'a> Clue<'a> {
    pub(super) fn of(outcome: &'a Outcome) -> Option<Self> {
        let Outcome { vector, answer, verdict, .. } = outcome;
        let answered = matches!(answer, Answer::Value(_) | Answer::Error(_));
        let follows_an_alternative = matches!(verdict, Verdict::Open(followed) if !followed.is_empty());
        if !answered || follows_an_alternative {
            return None;
        }
        let departures = Departures::of(vector);
        let reference_fits = agrees(departures.expected(vector), answer);
        let is_wrong = is_wrong(verdict);
        Some(Self { vector, answer, is_wrong, departures, reference_fits, columns: None })
    }

    /// The columns that the answer has in common with the expected one, if it has others as well.
    pub(super) fn common_columns(&self) -> Option<Vec<String>> {
        match (self.departures.expected(self.vector), self.answer) {
            (Answer::Value(expected), Answer::Value(got)) => common_columns(expected, got),
            _ => None,
        }
    }

    /// Compares the answer on the columns that it has in common with the expected one.
    pub(super) fn use_common_columns(&mut self) {
        self.columns = self.common_columns();
        self.reference_fits = self.agrees(self.departures.expected(self.vector), self.answer);
        self.is_wrong &= !self.reference_fits;
    }

    /// Whether an answer agrees with another one on the columns that are compared.
    fn agrees(&self, expected: &Answer, got: &Answer) -> bool {
        agrees_on(self.columns.as_deref(), expected, got)
    }

    /// Whether this misreading departs from the reference and agrees with the engine.
    pub(super) fn fits(&self, index: usize) -> bool {
        self.departure(index).is_some_and(|answer| self.agrees(answer, self.answer))
    }

    pub(super) fn departs(&self, index: usize) -> bool {
        self.departure(index).is_some()
    }

    /// The answer of a misreading, if it departs from the reference on the columns that are compared.
    fn departure(&self, index: usize) -> Option<&Answer> {
        let answer = self.departures.wrong(index, self.vector)?;
        let is_same = self.columns.is_some() && self.agrees(self.departures.expected(self.vector), answer);
        (!is_same).then_some(answer)
    }

    /// Whether this engine agrees with the one that is explained.
    pub(super) fn fits_engine(&self, engine: &mut Reference) -> bool {
        self.agrees(&engine.ask(&self.vector.r#fn, &self.vector.args), self.answer)
    }
}

/// Whether a verdict needs an explanation. At an open point, it does if the answer
/// follows no alternative.
pub(super) fn is_wrong(verdict: &Verdict) -> bool {
    match verdict {
        Verdict::Open(followed) => followed.is_empty(),
        verdict => verdict.is_failure(),
    }
}
