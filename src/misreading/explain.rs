//! Which misreading an engine's answers look like.

use std::cmp::Reverse;

use super::{Misreading, all};
use crate::engine::{Answer, Engine, Reference};
use crate::report::{Explanation, Outcome};
use crate::verdict::{Verdict, same};

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
pub fn explanations(outcomes: &[Outcome]) -> Vec<Explanation> {
    let answers: Vec<&Outcome> = outcomes.iter().filter(|outcome| is_evidence(outcome)).collect();
    let wrong: Vec<usize> = (0..answers.len()).filter(|&n| answers[n].verdict != Verdict::Pass).collect();
    if wrong.is_empty() {
        return vec![];
    }
    let right = Prediction::of(&[], &answers);
    let mut singles: Vec<Prediction> = all()
        .iter()
        .filter(|misreading| explains_any(misreading, &answers, &wrong))
        .map(|misreading| Prediction::of(&[misreading], &answers).against(&right))
        .collect();
    singles.sort_by_key(|single| single.rank(&wrong));
    let best = &singles[..singles.len().min(PAIRED)];
    let pairs = (0..best.len()).flat_map(|a| (0..a).map(move |b| (&best[b], &best[a])));
    let pairs: Vec<Prediction> =
        pairs.filter_map(|(a, b)| Prediction::of_pair(a, b, &right, &answers)).collect();
    let mut found = [singles, pairs].concat();
    found.retain(|prediction| prediction.count() > right.count());
    found.sort_by_key(|prediction| prediction.rank(&wrong));
    found.truncate(SHOWN);
    found.iter().map(|prediction| prediction.explanation(&answers, &wrong)).collect()
}

/// Whether an outcome says something about how the engine reads a clause.
fn is_evidence(outcome: &Outcome) -> bool {
    let answered = matches!(outcome.answer, Answer::Value(_) | Answer::Error(_));
    let follows_an_alternative = matches!(&outcome.verdict, Verdict::Open(followed) if !followed.is_empty());
    answered && !follows_an_alternative
}

fn explains_any(misreading: &Misreading, answers: &[&Outcome], wrong: &[usize]) -> bool {
    let mut engine = misreading.engine();
    wrong.iter().any(|&number| agree(&ask(&mut engine, answers[number]), &answers[number].answer))
}

fn ask(engine: &mut Reference, outcome: &Outcome) -> Answer {
    engine.ask(&outcome.vector.r#fn, &outcome.vector.args)
}

/// Whether two engines answer alike; how they word an error does not matter.
fn agree(a: &Answer, b: &Answer) -> bool {
    match (a, b) {
        (Answer::Value(a), Answer::Value(b)) => same(a, b),
        (Answer::Error(_), Answer::Error(_)) => true,
        _ => false,
    }
}

/// What an engine with these misreadings answers, held against the answers there
/// are.
#[derive(Clone)]
struct Prediction {
    misreadings: Vec<&'static Misreading>,
    answers: Vec<Answer>,
    /// Which answers are the ones there are.
    hits: Vec<bool>,
    /// Which answers are not the reference's.
    departs: Vec<bool>,
}

impl Prediction {
    fn of(misreadings: &[&'static Misreading], outcomes: &[&Outcome]) -> Self {
        let mut engine = Reference::default();
        misreadings.iter().for_each(|misreading| misreading.apply(&mut engine));
        let answers: Vec<Answer> = outcomes.iter().map(|outcome| ask(&mut engine, outcome)).collect();
        let hits = answers.iter().zip(outcomes).map(|(answer, outcome)| agree(answer, &outcome.answer));
        let (hits, departs) = (hits.collect(), vec![false; outcomes.len()]);
        Self { misreadings: misreadings.to_vec(), answers, hits, departs }
    }

    fn against(mut self, right: &Self) -> Self {
        self.departs =
            self.answers.iter().zip(&right.answers).map(|(own, right)| !agree(own, right)).collect();
        self
    }

    /// Both together; `None` where that predicts no more than one of them. Where
    /// one departs from the reference, its answer is that of both; only where
    /// both do is an engine asked that has both.
    fn of_pair(a: &Self, b: &Self, right: &Self, outcomes: &[&Outcome]) -> Option<Self> {
        let mut pair = Self { misreadings: [&a.misreadings[..], &b.misreadings].concat(), ..right.clone() };
        let mut engine = Reference::default();
        pair.misreadings.iter().for_each(|misreading| misreading.apply(&mut engine));
        for number in 0..outcomes.len() {
            pair.hits[number] = match (a.departs[number], b.departs[number]) {
                (false, false) => right.hits[number],
                (true, false) => a.hits[number],
                (false, true) => b.hits[number],
                (true, true) => agree(&ask(&mut engine, outcomes[number]), &outcomes[number].answer),
            };
        }
        (pair.count() > a.count().max(b.count())).then_some(pair)
    }

    /// How many of the answers there are it predicts.
    fn count(&self) -> usize {
        self.hits.iter().filter(|hit| **hit).count()
    }

    fn explained(&self, wrong: &[usize]) -> usize {
        wrong.iter().filter(|&&number| self.hits[number]).count()
    }

    fn names(&self) -> Vec<String> {
        self.misreadings.iter().map(|misreading| misreading.name.to_owned()).collect()
    }

    /// Less is better.
    fn rank(&self, wrong: &[usize]) -> impl Ord + use<> {
        let explained = self.explained(wrong);
        (Reverse(self.count()), self.misreadings.len(), Reverse(explained), self.names())
    }

    fn explanation(&self, outcomes: &[&Outcome], wrong: &[usize]) -> Explanation {
        let explained = wrong.iter().filter(|&&number| self.hits[number]);
        Explanation {
            misreadings: self.names(),
            explains: explained.map(|&number| outcomes[number].vector.id.clone()).collect(),
            failures: wrong.len(),
            predicts: self.count(),
            answers: outcomes.len(),
        }
    }
}
