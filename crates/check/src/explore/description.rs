//! How a find is described: its id, title and clauses, and the misreading that explains it.

use std::cmp::Reverse;
use std::collections::HashSet;

use super::cause::Cause;
use super::found;
use super::suspects::Suspects;
use crate::misreading::{Misreading, all};
use crate::report::{Explanation, Outcome};
use rulespec::suite::{Vector, vectors};

/// How many clauses are named if no misreading explains a find.
const MAX_CLAUSES: usize = 3;

/// Describes finds, one after another.
pub(super) struct Descriptions {
    seed: u64,
    /// The number of the next find.
    number: usize,
    /// The titles that are taken.
    titles: HashSet<String>,
}

impl Descriptions {
    pub(super) fn new(seed: u64, saved: &[Vector]) -> Self {
        let titles = saved.iter().map(|vector| vector.title.clone()).collect();
        Self { seed, number: found::last(saved) + 1, titles }
    }

    /// Keeps the id of a find that need not be described.
    pub(super) fn skip(&mut self, cause: &Cause) {
        self.number += usize::from(cause.saved.is_none());
    }

    /// The next find as an outcome, and what explains it.
    pub(super) fn add(&mut self, cause: &Cause, suspects: &mut Suspects) -> (Outcome, Option<Explanation>) {
        let suspect = best(cause, suspects);
        let vector = match &cause.saved {
            Some(vector) => vector.clone(),
            None => self.vector(cause, suspect.map(|(misreading, _)| misreading), suspects),
        };
        self.skip(cause);
        let explanation = suspect.map(|(misreading, predicts)| Explanation {
            misreadings: vec![misreading.name.to_owned()],
            explains: vec![vector.id.clone()],
            failures: 1,
            predicts,
            answers: cause.evidence.len(),
        });
        let (answer, verdict) = (cause.shown.got.clone(), cause.verdict.clone());
        (Outcome { vector, answer, verdict, known: None }, explanation)
    }

    fn vector(&mut self, cause: &Cause, misreading: Option<&Misreading>, suspects: &mut Suspects) -> Vector {
        let case = &cause.shown.case;
        let what = match misreading {
            Some(misreading) => format!("not {}", misreading.name),
            None => cause.shape.title(),
        };
        let title = format!("seed {}, case {}: {what}", self.seed, cause.number.unwrap_or_default());
        Vector {
            id: format!("fnd-{:04}", self.number),
            title: found::unique_title(&title, &mut self.titles),
            clauses: misreading
                .map_or_else(|| clauses(cause, suspects), |misreading| vec![misreading.breaks.to_owned()]),
            r#fn: case.function.to_string(),
            args: case.args.clone(),
            want: cause.want.clone(),
            evidence: None,
            note: None,
        }
    }
}

/// The misreading that explains a cause and predicts most of the evidence, and how much it predicts.
fn best(cause: &Cause, suspects: &mut Suspects) -> Option<(&'static Misreading, usize)> {
    let mut predicts = |index: usize| {
        let fits =
            cause.evidence.iter().filter(|compared| !suspects.consistent(&[index], compared).is_empty());
        fits.count()
    };
    let ranked = cause.suspects.iter().map(|&index| (index, predicts(index)));
    let (index, predicts) = ranked.min_by_key(|(_, predicts)| Reverse(*predicts))?;
    Some((all().get(index)?, predicts))
}

/// The clauses that a find without an explanation depends on. A vector must have one.
fn clauses(cause: &Cause, suspects: &mut Suspects) -> Vec<String> {
    let mut clauses = suspects.clauses(&cause.shown);
    clauses.truncate(MAX_CLAUSES);
    if clauses.is_empty() {
        let suite = vectors().unwrap_or_default();
        let first = suite.into_iter().find(|vector| vector.r#fn == cause.shown.case.function.name());
        clauses = first.map(|first| first.clauses).unwrap_or_default();
    }
    clauses
}
