//! Which misreading an engine's answers look like.

use std::cmp::Reverse;
use std::sync::Arc;

use super::departures::{Departures, agree};
use super::{Misreading, all};
use crate::engine::{Answer, Engine, Reference};
use crate::report::{Explanation, Outcome};
use crate::suite::Vector;
use crate::verdict::Verdict;

/// How many explanations are worth showing.
const SHOWN: usize = 5;
/// How many misreadings are tried in pairs.
const PAIRED: usize = 20;

/// The misreadings, and pairs of them, that predict the engine's answers best,
/// the best first.
///
/// A misreading is an explanation only where it predicts some wrong answer, and
/// more answers in all than the reference does; a pair only where it predicts
/// more than either of the two. Answers to open points count only where they
/// follow no alternative. Of explanations that predict as many, the one of fewer
/// misreadings comes first, then the one that predicts more wrong answers.
///
/// ```
/// use rulespec::{check::check, misreading, suite};
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
    let best = &found[..found.len().min(PAIRED)];
    let pairs = (0..best.len()).flat_map(|b| (0..b).map(move |a| (&best[a], &best[b])));
    let pairs: Vec<Prediction> = pairs.filter_map(|(a, b)| Prediction::of_pair(a, b, &clues)).collect();
    found.extend(pairs);
    let baseline = clues.iter().filter(|clue| clue.right_fits).count();
    found.retain(|prediction| prediction.count() > baseline);
    found.sort_by_key(|prediction| prediction.rank(&clues));
    found.truncate(SHOWN);
    found.iter().map(|prediction| prediction.explanation(&clues)).collect()
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

    /// Two together; `None` where that predicts no more than one of them. Where
    /// one departs from the reference, its answer is that of both; only where
    /// both do is an engine asked that has both.
    fn of_pair(a: &Self, b: &Self, clues: &[Clue<'_>]) -> Option<Self> {
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
        let pair = Self { misreadings, hits };
        (pair.count() > a.count().max(b.count())).then_some(pair)
    }

    /// How many of the answers it predicts.
    fn count(&self) -> usize {
        self.hits.iter().filter(|hit| **hit).count()
    }

    /// The vectors whose wrong answers it predicts.
    fn explains<'a>(&self, clues: &'a [Clue<'_>]) -> impl Iterator<Item = &'a str> {
        let hits = clues.iter().zip(&self.hits).filter(|(clue, hit)| clue.is_wrong && **hit);
        hits.map(|(clue, _)| clue.vector.id.as_str())
    }

    /// Less is better.
    fn rank(&self, clues: &[Clue<'_>]) -> impl Ord + use<> {
        let names: Vec<&str> = chosen(&self.misreadings).map(|misreading| misreading.name).collect();
        (Reverse(self.count()), names.len(), Reverse(self.explains(clues).count()), names)
    }

    fn explanation(&self, clues: &[Clue<'_>]) -> Explanation {
        Explanation {
            misreadings: chosen(&self.misreadings).map(|misreading| misreading.name.to_owned()).collect(),
            explains: self.explains(clues).map(str::to_owned).collect(),
            failures: clues.iter().filter(|clue| clue.is_wrong).count(),
            predicts: self.count(),
            answers: clues.len(),
        }
    }
}

fn chosen(numbers: &[usize]) -> impl Iterator<Item = &'static Misreading> {
    numbers.iter().filter_map(|&number| all().get(number))
}
