//! The vectors catch every misreading, and `check` names it as the explanation.

use std::collections::BTreeSet;
use std::sync::LazyLock;
use std::thread;

use rulespec::suite::{self, Kind, Vector};
use rulespec_check::check;
use rulespec_check::engine::Reference;
use rulespec_check::misreading::{Misreading, all, named};
use rulespec_check::report::{Explanation, Report};
use rulespec_check::verdict::Verdict;
use rulespec_testing::assert_none;

/// The result of checking a misreading.
struct Trial {
    misreading: &'static Misreading,
    failed: Vec<Vector>,
    explanations: Vec<Explanation>,
}

/// How many threads test the misreadings. The tests that wait for them occupy as many.
const THREADS: usize = 4;

/// The results of all misreadings, computed once for all tests.
static TRIALS: LazyLock<Vec<Trial>> = LazyLock::new(|| {
    let vectors = suite::vectors().unwrap();
    let trial = |misreading: &'static Misreading| {
        let report = report(&mut misreading.engine(), &vectors);
        Trial { misreading, failed: failed(&report), explanations: report.explanations }
    };
    let parts = all().chunks(all().len().div_ceil(THREADS));
    thread::scope(|scope| {
        let trials = |part: &'static [Misreading]| scope.spawn(|| part.iter().map(trial).collect::<Vec<_>>());
        let threads: Vec<_> = parts.map(trials).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    })
});

fn report(engine: &mut Reference, vectors: &[Vector]) -> Report {
    check(engine, vectors).unwrap()
}

/// The vectors that fail, or whose answer follows no alternative of an open point.
fn failed(report: &Report) -> Vec<Vector> {
    let failed = report.outcomes.iter().filter(|outcome| match &outcome.verdict {
        Verdict::Open(followed) => followed.is_empty(),
        verdict => verdict.is_failure(),
    });
    failed.map(|outcome| outcome.vector.clone()).collect()
}

fn shown(explanation: Option<&Explanation>) -> String {
    explanation.map_or("nothing".to_owned(), |explanation| {
        let names = explanation.misreadings.join(" and ");
        format!("{names} ({} of {})", explanation.predicts, explanation.answers)
    })
}

#[test]
fn every_misreading_has_its_own_name_and_breaks_a_clause() {
    let clauses: BTreeSet<String> =
        suite::clauses().into_iter().filter(|c| c.kind == Kind::Asked).map(|c| c.id).collect();
    let mut seen = BTreeSet::new();
    let mut problems = vec![];
    for misreading in all() {
        let Misreading { name, says, breaks, .. } = misreading;
        let is_kebab = name.split('-').all(|word| {
            !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        });
        if !is_kebab || !seen.insert(*name) {
            problems.push(format!("{name} is not kebab-case or not unique"));
        }
        if says.is_empty() || says.ends_with('.') || !seen.insert(*says) {
            problems
                .push(format!("the description of {name} is empty, not unique, or ends with a full stop"));
        }
        if !clauses.contains(*breaks) {
            problems.push(format!("{name} breaks {breaks}, which is not a clause with vectors"));
        }
    }
    assert_none("misreadings are badly defined", &problems);
}

#[test]
fn every_misreading_is_caught_by_its_clause() {
    let is_caught = |trial: &Trial| {
        trial.failed.iter().any(|vector| vector.clauses.iter().any(|id| id == trial.misreading.breaks))
    };
    let missed = TRIALS.iter().filter(|trial| !is_caught(trial));
    let missed: Vec<String> = missed
        .map(|Trial { misreading, failed, .. }| {
            let others: Vec<&str> = failed.iter().map(|vector| vector.id.as_str()).take(5).collect();
            format!("{}: no vector of {} fails, but {others:?}", misreading.name, misreading.breaks)
        })
        .collect();
    assert_none("misreadings are not caught", &missed);
}

#[test]
fn every_misreading_is_named_first() {
    let mut problems = vec![];
    for Trial { misreading, explanations, .. } in TRIALS.iter() {
        let first = explanations.first();
        if first.is_none_or(|first| first.misreadings != [misreading.name]) {
            let second = shown(explanations.get(1));
            problems.push(format!("{}: {} comes first, then {second}", misreading.name, shown(first)));
        }
    }
    assert_none("misreadings are not named first", &problems);
}

#[test]
fn a_misreading_predicts_all_of_its_own_answers() {
    let predicted = |trial: &Trial| {
        let first = trial.explanations.first();
        first.is_some_and(|first| first.predicts == first.answers && first.explains.len() == first.failures)
    };
    let others = TRIALS.iter().filter(|trial| !predicted(trial));
    let others: Vec<String> = others.map(|trial| trial.misreading.name.to_owned()).collect();
    assert_none("misreadings do not predict their own answers", &others);
}

#[test]
fn two_misreadings_are_named_as_a_pair() {
    const PAIRS: [[&str; 2]; 8] = [
        ["ucrt-double-quotes", "has-as-substring"],
        ["drops-empty-arguments", "boundary-at-punctuation"],
        ["regex-word-boundary", "negative-start-clamped"],
        ["negative-index-is-null", "null-where-absent"],
        ["extend-appends-replaced-column", "case-sensitive-equality"],
        ["posix-shell-split", "one-based-substring"],
        ["upload-unless-download", "first-occurrence-only"],
        ["null-as-null-text", "reorder-as-project"],
    ];
    let vectors = suite::vectors().unwrap();
    let mut problems = vec![];
    for names in PAIRS {
        let mut engine = Reference::default();
        names.iter().for_each(|name| named(name).unwrap().apply(&mut engine));
        let report = report(&mut engine, &vectors);
        let first = report.explanations.first();
        let found: BTreeSet<&str> =
            first.iter().flat_map(|first| &first.misreadings).map(String::as_str).collect();
        if found != BTreeSet::from(names) {
            problems.push(format!("{}: {} comes first", names.join(" and "), shown(first)));
        }
    }
    assert_none("pairs are not named first", &problems);
}

#[test]
fn a_conforming_engine_has_no_explanation() {
    let report = report(&mut Reference::default(), &suite::vectors().unwrap());
    assert_eq!(report.explanations, []);
}
