//! Which misreading an engine's answers look like.

use std::cmp::Reverse;
use std::sync::Arc;

use super::departures::{Departures, agree};
use super::{Misreading, all};
use crate::engine::{Answer, Engine, Reference};
use crate::report::{Explanation, Outcome};
use crate::verdict::Verdict;
use rulespec::suite::Vector;

/// How many explanations are worth showing.
const SHOWN: usize = 12;
/// How many misreadings are tried in pairs.
const PAIRED: usize = 20;
/// How many answers a pair may miss, by what each of the two answers alone, to be
/// asked for them as one engine.
const NEAR: usize = 32;

/// What the engine may be misreading, the best explanation first, each on top of
/// those before it: the wrong answers it explains are those that they leave.
///
/// Where one misreading, or a pair, predicts every answer, it is the only
/// explanation. Else the misreading comes first that predicts most answers, right
/// and wrong ones, then the one that adds most to it, and so on. None is an
/// explanation that does not predict more than was predicted without it. Answers
/// to open points count only where they follow no alternative.
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
    let wrong: Vec<&Clue> = clues.iter().filter(|clue| clue.is_wrong).collect();
    let suspects = (0..all().len()).filter(|&number| wrong.iter().any(|clue| clue.fits(number)));
    let mut found: Vec<Prediction> = suspects.map(|number| Prediction::of(number, &clues)).collect();
    found.sort_by_key(|prediction| prediction.rank(&clues));
    match whole(&found, &clues) {
        Some(prediction) => vec![prediction.explanation(&clues, &vec![false; clues.len()])],
        None => one_after_another(&found, &clues),
    }
}

/// The misreading, or the pair, that predicts every answer.
fn whole(found: &[Prediction], clues: &[Clue<'_>]) -> Option<Prediction> {
    let is_whole = |prediction: &Prediction| prediction.count() == clues.len();
    if let Some(single) = found.iter().find(|prediction| is_whole(prediction)) {
        return Some(single.clone());
    }
    let best = &found[..found.len().min(PAIRED)];
    let pairs = (0..best.len()).flat_map(|b| (0..b).map(move |a| (&best[a], &best[b])));
    pairs.map(|(a, b)| Prediction::of_pair(a, b, clues)).find_map(|pair| pair.in_full(clues))
}

/// The misreading that predicts most, then the one that adds most to it, and so on.
fn one_after_another(found: &[Prediction], clues: &[Clue<'_>]) -> Vec<Explanation> {
    let mut predicted: Vec<bool> = clues.iter().map(|clue| clue.right_fits).collect();
    let mut explained: Vec<bool> = vec![false; clues.len()];
    let mut explanations = vec![];
    while explanations.len() < SHOWN {
        let together = |single: &Prediction| single.on_top_of(&predicted, &explained, clues);
        // Of those that add as much, the one that ranks first by itself.
        let Some(next) = found.iter().rev().map(together).max_by_key(Prediction::count) else { break };
        if next.count() <= predicted.iter().filter(|hit| **hit).count() {
            break;
        }
        explanations.push(next.explanation(clues, &explained));
        for ((explained, clue), hit) in explained.iter_mut().zip(clues).zip(&next.hits) {
            *explained |= clue.is_wrong && *hit;
        }
        predicted = next.hits;
    }
    explanations
}

/// Whether a verdict calls for an explanation: at an open point, where the answer
/// follows no alternative.
fn is_wrong(verdict: &Verdict) -> bool {
    match verdict {
        Verdict::Open(followed) => followed.is_empty(),
        verdict => verdict.is_failure(),
    }
}

/// An answer of the engine that says something about how it reads a clause.
struct Clue<'a> {
    vector: &'a Vector,
    answer: &'a Answer,
    is_wrong: bool,
    departures: Arc<Departures>,
    /// Whether the reference answers so too.
    right_fits: bool,
}

impl<'a> Clue<'a> {
    fn of(outcome: &'a Outcome) -> Option<Self> {
        let Outcome { vector, answer, verdict, .. } = outcome;
        let answered = matches!(answer, Answer::Value(_) | Answer::Error(_));
        let follows_an_alternative = matches!(verdict, Verdict::Open(followed) if !followed.is_empty());
        if !answered || follows_an_alternative {
            return None;
        }
        let departures = Departures::of(vector);
        let right_fits = agree(departures.right(vector), answer);
        Some(Self { vector, answer, is_wrong: is_wrong(verdict), departures, right_fits })
    }

    /// Whether the misreading of this number departs from the reference and
    /// answers as the engine does.
    fn fits(&self, number: usize) -> bool {
        self.departures.wrong(number, self.vector).is_some_and(|answer| agree(answer, self.answer))
    }

    fn departs(&self, number: usize) -> bool {
        self.departures.wrong(number, self.vector).is_some()
    }
}

/// Which of the engine's answers some misreadings predict.
#[derive(Clone)]
struct Prediction {
    /// The misreadings, by their numbers in [`all`].
    misreadings: Vec<usize>,
    /// One a clue.
    hits: Vec<bool>,
}

impl Prediction {
    fn of(number: usize, clues: &[Clue<'_>]) -> Self {
        let hit = |clue: &Clue<'_>| if clue.departs(number) { clue.fits(number) } else { clue.right_fits };
        Self { misreadings: vec![number], hits: clues.iter().map(hit).collect() }
    }

    /// Two together. Where one departs from the reference, its answer is that of
    /// both; only where both do is an engine asked that has both.
    fn of_pair(a: &Self, b: &Self, clues: &[Clue<'_>]) -> Self {
        let misreadings = [&a.misreadings[..], &b.misreadings].concat();
        let departs = |of: &Self, clue: &Clue<'_>| of.misreadings.iter().any(|&number| clue.departs(number));
        let mut engine = Reference::default();
        chosen(&misreadings).for_each(|misreading| misreading.apply(&mut engine));
        let mut hits = vec![];
        for (clue, (&of_a, &of_b)) in clues.iter().zip(a.hits.iter().zip(&b.hits)) {
            hits.push(match (departs(a, clue), departs(b, clue)) {
                (true, true) => agree(&engine.ask(&clue.vector.r#fn, &clue.vector.args), clue.answer),
                (false, true) => of_b,
                (_, false) => of_a,
            });
        }
        Self { misreadings, hits }
    }

    /// Itself, where it predicts every answer; the misreadings together are asked
    /// for those that neither answers alone.
    fn in_full(self, clues: &[Clue<'_>]) -> Option<Self> {
        let mut engine = Reference::default();
        chosen(&self.misreadings).for_each(|misreading| misreading.apply(&mut engine));
        let missed = || clues.iter().zip(&self.hits).filter(|(_, hit)| !**hit).map(|(clue, _)| clue);
        let mut fits =
            |clue: &Clue<'_>| agree(&engine.ask(&clue.vector.r#fn, &clue.vector.args), clue.answer);
        let is_whole = missed().count() <= NEAR && missed().all(&mut fits);
        is_whole.then(|| Self { hits: vec![true; clues.len()], ..self })
    }

    /// This one misreading on top of others, which predict some answers and
    /// explain some of those that are wrong. What they explain stays explained;
    /// elsewhere this one has its say where it departs from the reference.
    fn on_top_of(&self, predicted: &[bool], explained: &[bool], clues: &[Clue<'_>]) -> Self {
        let departs = |clue: &Clue<'_>| self.misreadings.iter().any(|&number| clue.departs(number));
        let others = predicted.iter().zip(explained);
        let hits = clues.iter().zip(&self.hits).zip(others).map(|((clue, &own), (&before, &explained))| {
            explained || if departs(clue) { own } else { before }
        });
        Self { misreadings: self.misreadings.clone(), hits: hits.collect() }
    }

    /// How many of the answers it predicts.
    fn count(&self) -> usize {
        self.hits.iter().filter(|hit| **hit).count()
    }

    /// The vectors whose wrong answers it predicts, but for those explained before.
    fn explains<'a>(&self, clues: &'a [Clue<'_>], before: &[bool]) -> impl Iterator<Item = &'a str> {
        let hits = clues.iter().zip(&self.hits).zip(before);
        let hits = hits.filter(|((clue, hit), before)| clue.is_wrong && **hit && !**before);
        hits.map(|((clue, _), _)| clue.vector.id.as_str())
    }

    /// Less is better.
    fn rank(&self, clues: &[Clue<'_>]) -> impl Ord + use<> {
        let names: Vec<&str> = chosen(&self.misreadings).map(|misreading| misreading.name).collect();
        let wrong = clues.iter().zip(&self.hits).filter(|(clue, hit)| clue.is_wrong && **hit).count();
        (Reverse(self.count()), Reverse(wrong), names)
    }

    fn explanation(&self, clues: &[Clue<'_>], before: &[bool]) -> Explanation {
        Explanation {
            misreadings: chosen(&self.misreadings).map(|misreading| misreading.name.to_owned()).collect(),
            explains: self.explains(clues, before).map(str::to_owned).collect(),
            failures: clues.iter().filter(|clue| clue.is_wrong).count(),
            predicts: self.count(),
            answers: clues.len(),
        }
    }
}

fn chosen(numbers: &[usize]) -> impl Iterator<Item = &'static Misreading> {
    numbers.iter().filter_map(|&number| all().get(number))
}
