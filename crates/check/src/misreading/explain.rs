//! Which misreadings explain an engine's answers.

use std::cmp::Reverse;
use std::collections::HashSet;

use super::catalogue::all;
use super::clue::{Clue, is_wrong};
use super::definition::Misreading;
use crate::engine::Reference;
use crate::report::{Explanation, Outcome};

/// How many explanations are shown at most.
const MAX_SHOWN: usize = 12;
/// How many misreadings are tried in pairs.
const MAX_PAIRED: usize = 20;
/// A pair is tried as one engine only if its members together miss at most this many
/// answers.
const MAX_MISSED: usize = 32;

/// The misreadings that may explain an engine's wrong answers, the best first. Each
/// explains only the wrong answers that those before it do not.
///
/// If one misreading, or a pair, predicts every answer, it is the only explanation.
/// Otherwise the first is the misreading that predicts most answers, right and wrong
/// ones; the next is the one that adds most to it, and so on. A misreading that does not
/// predict more answers than those before it is not an explanation. Answers to open
/// points count only if they follow no alternative.
///
/// If a table has other columns than expected and no misreading explains that, it is compared on
/// the columns that both have. Otherwise nothing would explain an engine with columns of its own.
///
/// ```
/// use rulespec::suite;
/// use rulespec_check::{check, misreading};
///
/// let mut engine = misreading::named("drops-empty-arguments").unwrap().engine();
/// let report = check(&mut engine, &suite::vectors()?)?;
/// assert_eq!(report.explanations[0].misreadings, ["drops-empty-arguments"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn explanations(outcomes: &[Outcome]) -> Vec<Explanation> {
    if !outcomes.iter().any(|outcome| is_wrong(&outcome.verdict)) {
        return vec![];
    }
    let clues: Vec<Clue> = outcomes.iter().filter_map(Clue::of).collect();
    let found = explained(&clues);
    let is_explained = |clue: &Clue<'_>| found.iter().any(|one| one.explains.contains(&clue.vector.id));
    let has_own_columns =
        |clue: &Clue<'_>| clue.is_wrong && !is_explained(clue) && clue.common_columns().is_some();
    let own: HashSet<&str> =
        clues.iter().filter(|clue| has_own_columns(clue)).map(|clue| clue.vector.id.as_str()).collect();
    if own.is_empty() {
        return found;
    }
    let mut clues = clues.clone();
    clues.iter_mut().filter(|clue| own.contains(clue.vector.id.as_str())).for_each(Clue::use_common_columns);
    explained(&clues)
}

fn explained(clues: &[Clue<'_>]) -> Vec<Explanation> {
    let wrong: Vec<&Clue> = clues.iter().filter(|clue| clue.is_wrong).collect();
    let suspects = (0..all().len()).filter(|&index| wrong.iter().any(|clue| clue.fits(index)));
    let mut found: Vec<Prediction> = suspects.map(|index| Prediction::of(index, clues)).collect();
    found.sort_by_key(|prediction| prediction.rank(clues));
    match complete(&found, clues) {
        Some(prediction) => vec![prediction.explanation(clues, &vec![false; clues.len()])],
        None => greedy(&found, clues),
    }
}

/// The misreading, or the pair, that predicts every answer.
fn complete(found: &[Prediction], clues: &[Clue<'_>]) -> Option<Prediction> {
    if let Some(single) = found.iter().find(|prediction| prediction.count() == clues.len()) {
        return Some(single.clone());
    }
    // A second one that explains no wrong answer only makes up for a right one.
    let wrong = clues.iter().filter(|clue| clue.is_wrong).count();
    if found.iter().any(|single| single.explained(clues) == wrong) {
        return None;
    }
    let best = &found[..found.len().min(MAX_PAIRED)];
    let pairs = (0..best.len()).flat_map(|b| (0..b).map(move |a| (&best[a], &best[b])));
    pairs.map(|(a, b)| Prediction::of_pair(a, b, clues)).find_map(|pair| pair.if_complete(clues))
}

/// The misreading that predicts most, then the one that adds most to it, and so on.
fn greedy(found: &[Prediction], clues: &[Clue<'_>]) -> Vec<Explanation> {
    let mut predicted: Vec<bool> = clues.iter().map(|clue| clue.reference_fits).collect();
    let mut explained: Vec<bool> = vec![false; clues.len()];
    let mut explanations = vec![];
    while explanations.len() < MAX_SHOWN {
        let together = |single: &Prediction| single.on_top_of(&predicted, &explained, clues);
        // Of those that add equally many, `rev` makes the best by itself win.
        let Some(next) = found.iter().rev().map(together).max_by_key(Prediction::count) else { break };
        let explanation = next.explanation(clues, &explained);
        if next.count() <= count(&predicted) || explanation.explains.is_empty() {
            break;
        }
        explanations.push(explanation);
        for ((explained, clue), hit) in explained.iter_mut().zip(clues).zip(&next.hits) {
            *explained |= clue.is_wrong && *hit;
        }
        predicted = next.hits;
    }
    explanations
}

/// Which of the engine's answers some misreadings predict.
#[derive(Clone)]
struct Prediction {
    /// The misreadings, by their indexes in [`all`].
    misreadings: Vec<usize>,
    /// One per clue.
    hits: Vec<bool>,
}

impl Prediction {
    fn of(index: usize, clues: &[Clue<'_>]) -> Self {
        let hit = |clue: &Clue<'_>| if clue.departs(index) { clue.fits(index) } else { clue.reference_fits };
        Self { misreadings: vec![index], hits: clues.iter().map(hit).collect() }
    }

    /// Two misreadings together. If only one departs from the reference, its answer is
    /// that of both. If both do, an engine that has both is asked.
    fn of_pair(a: &Self, b: &Self, clues: &[Clue<'_>]) -> Self {
        let misreadings = [&a.misreadings[..], &b.misreadings].concat();
        let mut engine = engine(&misreadings);
        let mut hits = vec![];
        for (clue, (&of_a, &of_b)) in clues.iter().zip(a.hits.iter().zip(&b.hits)) {
            hits.push(match (a.departs(clue), b.departs(clue)) {
                (true, true) => clue.fits_engine(&mut engine),
                (false, true) => of_b,
                (_, false) => of_a,
            });
        }
        Self { misreadings, hits }
    }

    /// This prediction, if it predicts every answer. An engine with all its misreadings
    /// is asked for the answers that they do not predict one by one.
    fn if_complete(self, clues: &[Clue<'_>]) -> Option<Self> {
        let mut engine = engine(&self.misreadings);
        let missed = || clues.iter().zip(&self.hits).filter(|(_, hit)| !**hit).map(|(clue, _)| clue);
        let is_complete =
            missed().count() <= MAX_MISSED && missed().all(|clue| clue.fits_engine(&mut engine));
        is_complete.then(|| Self { hits: vec![true; clues.len()], ..self })
    }

    /// Applies this misreading after others. Answers that they already explain stay
    /// explained; for the rest, its prediction counts if it differs from the reference.
    fn on_top_of(&self, predicted: &[bool], explained: &[bool], clues: &[Clue<'_>]) -> Self {
        let others = predicted.iter().zip(explained);
        let hits = clues.iter().zip(&self.hits).zip(others).map(|((clue, &own), (&before, &explained))| {
            explained || if self.departs(clue) { own } else { before }
        });
        Self { misreadings: self.misreadings.clone(), hits: hits.collect() }
    }

    fn departs(&self, clue: &Clue<'_>) -> bool {
        self.misreadings.iter().any(|&index| clue.departs(index))
    }

    /// How many of the answers it predicts.
    fn count(&self) -> usize {
        count(&self.hits)
    }

    /// How many of the wrong answers it predicts.
    fn explained(&self, clues: &[Clue<'_>]) -> usize {
        clues.iter().zip(&self.hits).filter(|(clue, hit)| clue.is_wrong && **hit).count()
    }

    /// The sort key: the lowest is the best.
    fn rank(&self, clues: &[Clue<'_>]) -> impl Ord + use<> {
        let names: Vec<&str> = chosen(&self.misreadings).map(|misreading| misreading.name).collect();
        (Reverse(self.count()), Reverse(self.explained(clues)), names)
    }

    /// The explanation of the wrong answers that it predicts, except those `explained`
    /// before.
    fn explanation(&self, clues: &[Clue<'_>], explained: &[bool]) -> Explanation {
        let hits = clues.iter().zip(&self.hits).zip(explained);
        let hits = hits.filter(|((clue, hit), explained)| clue.is_wrong && **hit && !**explained);
        Explanation {
            misreadings: chosen(&self.misreadings).map(|misreading| misreading.name.to_owned()).collect(),
            explains: hits.map(|((clue, _), _)| clue.vector.id.clone()).collect(),
            failures: clues.iter().filter(|clue| clue.is_wrong).count(),
            predicts: self.count(),
            answers: clues.len(),
        }
    }
}

fn count(hits: &[bool]) -> usize {
    hits.iter().filter(|hit| **hit).count()
}

fn chosen(indexes: &[usize]) -> impl Iterator<Item = &'static Misreading> {
    indexes.iter().filter_map(|&index| all().get(index))
}

/// An engine with all of these misreadings.
fn engine(indexes: &[usize]) -> Reference {
    let mut engine = Reference::default();
    chosen(indexes).for_each(|misreading| misreading.apply(&mut engine));
    engine
}
