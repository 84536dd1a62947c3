//! Every clause that engines are asked about has a misreading; the vectors catch
//! each, and `check` names it.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use rulespec::suite::{self, Kind, Vector};
use rulespec_check::check;
use rulespec_check::engine::Reference;
use rulespec_check::misreading::{Misreading, all, named};
use rulespec_check::report::{Explanation, Report};
use rulespec_check::verdict::Verdict;

/// What came of a misreading.
struct Trial {
    misreading: &'static Misreading,
    /// The vectors that are answered wrongly, or at an open point by no alternative.
    wrong: Vec<Vector>,
    explanations: Vec<Explanation>,
}

/// What came of each; found out once for all tests.
static TRIALS: LazyLock<Vec<Trial>> = LazyLock::new(|| {
    let vectors = suite::vectors().unwrap();
    let trial = |misreading: &'static Misreading| {
        let report = report(&mut misreading.engine(), &vectors);
        Trial { misreading, wrong: wrong(&report).cloned().collect(), explanations: report.explanations }
    };
    all().iter().map(trial).collect()
});

fn report(engine: &mut Reference, vectors: &[Vector]) -> Report {
    check(engine, vectors).unwrap()
}

fn assert_none(what: &str, offences: &[String]) {
    assert!(offences.is_empty(), "{} {what}:\n{}", offences.len(), offences.join("\n"));
}

/// The vectors that are answered wrongly, or at an open point by no alternative.
fn wrong(report: &Report) -> impl Iterator<Item = &Vector> {
    let wrong = report.outcomes.iter().filter(|outcome| match &outcome.verdict {
        Verdict::Open(followed) => followed.is_empty(),
        verdict => verdict.is_failure(),
    });
    wrong.map(|outcome| &outcome.vector)
}

fn shown(explanation: Option<&Explanation>) -> String {
    explanation.map_or("nothing".to_owned(), |explanation| {
        let names = explanation.misreadings.join(" and ");
        format!("{names} ({} of {})", explanation.predicts, explanation.answers)
    })
}

#[test]
fn every_misreading_has_a_name_of_its_own_and_breaks_a_clause() {
    let clauses: BTreeSet<String> =
        suite::clauses().into_iter().filter(|c| c.kind == Kind::Asked).map(|c| c.id).collect();
    let mut seen = BTreeSet::new();
    let mut offences = vec![];
    for misreading in all() {
        let Misreading { name, says, breaks, .. } = misreading;
        let is_kebab = name.split('-').all(|word| {
            !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        });
        if !is_kebab || !seen.insert(*name) {
            offences.push(format!("{name} is not kebab-case, or is there twice"));
        }
        if says.is_empty() || says.ends_with('.') || !seen.insert(*says) {
            offences.push(format!("{name} says nothing of its own, or ends in a full stop"));
        }
        if !clauses.contains(*breaks) {
            offences.push(format!("{name} breaks {breaks}, and no engine is asked about that"));
        }
    }
    assert_none("misreadings are out of order", &offences);
}

#[test]
fn every_misreading_is_caught_by_its_clause() {
    let is_caught = |trial: &Trial| {
        trial.wrong.iter().any(|vector| vector.clauses.iter().any(|id| id == trial.misreading.breaks))
    };
    let missed = TRIALS.iter().filter(|trial| !is_caught(trial));
    let missed: Vec<String> = missed
        .map(|Trial { misreading, wrong, .. }| {
            let elsewhere: Vec<&str> = wrong.iter().map(|vector| vector.id.as_str()).take(5).collect();
            format!("{}: no vector of {} fails, but {elsewhere:?}", misreading.name, misreading.breaks)
        })
        .collect();
    assert_none("misreadings slip through", &missed);
}

#[test]
fn every_misreading_is_named_first() {
    let mut offences = vec![];
    for Trial { misreading, explanations, .. } in TRIALS.iter() {
        let first = explanations.first();
        if first.is_none_or(|first| first.misreadings != [misreading.name]) {
            let second = shown(explanations.get(1));
            offences.push(format!("{}: {} comes first, then {second}", misreading.name, shown(first)));
        }
    }
    assert_none("misreadings are not named first", &offences);
}

#[test]
fn a_misreading_predicts_every_answer_of_itself() {
    let predicted = |trial: &Trial| {
        let first = trial.explanations.first();
        first.is_some_and(|first| first.predicts == first.answers && first.explains.len() == first.failures)
    };
    let others = TRIALS.iter().filter(|trial| !predicted(trial));
    let others: Vec<String> = others.map(|trial| trial.misreading.name.to_owned()).collect();
    assert_none("misreadings do not predict themselves", &others);
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
    let mut offences = vec![];
    for names in PAIRS {
        let mut engine = Reference::default();
        names.iter().for_each(|name| named(name).unwrap().apply(&mut engine));
        let report = report(&mut engine, &vectors);
        let first = report.explanations.first();
        let found: BTreeSet<&str> =
            first.iter().flat_map(|first| &first.misreadings).map(String::as_str).collect();
        if found != BTreeSet::from(names) {
            offences.push(format!("{}: {} comes first", names.join(" and "), shown(first)));
        }
    }
    assert_none("pairs are not named first", &offences);
}

#[test]
fn an_engine_that_conforms_needs_no_explanation() {
    let report = report(&mut Reference::default(), &suite::vectors().unwrap());
    assert_eq!(report.explanations, []);
}
