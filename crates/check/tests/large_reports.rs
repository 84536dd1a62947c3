//! Large reports are made and rendered in linear time.

use std::time::{Duration, Instant};

use rulespec::suite::{self, Vector};
use rulespec_check::check;
use rulespec_check::engine::Reference;
use rulespec_check::known::{self, KnownFailures};
use rulespec_check::report::{Outcome, Report, junit, text};
use serde_json::json;

const COUNT: usize = 40_000;
/// If each of the steps compared every pair of vectors, they would take several minutes.
const LIMIT: Duration = Duration::from_secs(60);

/// A report of many failures, all of which one misreading explains.
fn report() -> (Report, Vec<Vector>) {
    let mut substring = Reference::default();
    substring.semantics.has = |_, text, lookup| text.contains(lookup);
    let vector = suite::vectors().unwrap().into_iter().find(|vector| vector.id == "trm-0001").unwrap();
    let vector = Vector {
        args: vec![json!("xax"), json!("a")],
        want: suite::Want::Settled { want: json!(false) },
        ..vector
    };
    let mut report = check(&mut substring, &[vector]).unwrap();
    let [first] = report.outcomes.as_slice() else { panic!("one outcome") };
    let outcome = |number: usize| {
        let vector = Vector { id: format!("big-{number}"), ..first.vector.clone() };
        Outcome { vector, ..first.clone() }
    };
    report.outcomes = (0..COUNT).map(outcome).collect();
    let vectors: Vec<Vector> = report.outcomes.iter().map(|outcome| outcome.vector.clone()).collect();
    report.explanations[0].explains = vectors.iter().map(|vector| vector.id.clone()).collect();
    (report, vectors)
}

#[test]
fn large_reports_take_linear_time() {
    let (mut report, vectors) = report();
    let start = Instant::now();
    let shown = text::render(&report, text::Options::default());
    assert!(shown.contains(&format!(" and {} more\n", COUNT - 6)), "{shown}");
    assert_eq!(junit::render(&report).matches("looks like").count(), COUNT);
    let known = known::render(&report, &KnownFailures::default(), &vectors);
    assert_eq!(known.matches("looks like has-as-substring").count(), COUNT);
    let known = KnownFailures::parse("known.txt", &known).unwrap();
    assert_eq!(known::render(&report, &known, &vectors).lines().count(), COUNT + 1);
    known.mark(&mut report, &vectors);
    assert!(report.conforms());
    let verbose = text::render(&report, text::Options { verbose: true, ..text::Options::default() });
    assert!(verbose.matches("\n  looks like ").count() >= COUNT);
    assert!(start.elapsed() < LIMIT, "{:?}", start.elapsed());
}
