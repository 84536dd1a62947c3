//! Saved results: their schema, and compatibility between versions.

use super::screen::{HOSTILE, SUITE, rulespec};
use rulespec::suite::{clauses, load_directory};
use rulespec_check::check;
use rulespec_check::engine::Reference;
use rulespec_check::known::KnownFailures;
use rulespec_check::report::{Report, json};
use rulespec_testing::files::path;
use serde_json::{Value as Json, json};

/// A result with data in each field.
fn report() -> Report {
    let vectors = load_directory(&path(SUITE), &clauses()).unwrap();
    let mut substring = Reference::default();
    substring.semantics.has = |_, text, lookup| text.contains(lookup);
    let terms = load_directory(&path("tests/fixtures/terms"), &clauses()).unwrap();
    let mut report = check(&mut substring, &[vectors.clone(), terms].concat()).unwrap();
    KnownFailures::parse("known.txt", "t-0002 # mine\ngone # stale\n").unwrap().mark(&mut report, &vectors);
    report
}

fn validator() -> jsonschema::Validator {
    let schema = include_str!("../../../spec/schema/report.schema.json");
    jsonschema::validator_for(&serde_json::from_str(schema).unwrap()).unwrap()
}

#[test]
fn reports_match_their_schema() {
    let report = report();
    assert!(!report.explanations.is_empty() && !report.stale.is_empty() && !report.open_points.is_empty());
    let own: Json = serde_json::from_str(&json::render(&report)).unwrap();
    let hostile = rulespec(["check", "--suite", SUITE, "--format", "json", "--", "python3", HOSTILE]).out;
    for report in [own, serde_json::from_str(&hostile).unwrap()] {
        let errors: Vec<String> = validator()
            .iter_errors(&report)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert_eq!(errors, Vec::<String>::new());
    }
}

#[test]
fn the_schema_rejects_unknown_verdicts() {
    let mut report: Json = serde_json::from_str(&json::render(&report())).unwrap();
    assert!(validator().is_valid(&report));
    report["outcomes"][0]["verdict"] = json!("acceptable");
    assert!(!validator().is_valid(&report));
}

#[test]
fn a_report_round_trips() {
    let report = report();
    assert_eq!(json::load("report.json", &json::render(&report)).unwrap(), report);
}

#[test]
fn fields_of_a_newer_version_are_ignored() {
    let report = report();
    let mut newer = serde_json::to_value(&report).unwrap();
    for place in ["", "/engine", "/outcomes/0", "/clauses/0", "/open_points/0", "/explanations/0", "/stale/0"]
    {
        newer.pointer_mut(place).unwrap()["new"] = json!({"of": ["a", "later", "version"]});
    }
    assert!(validator().is_valid(&newer));
    assert_eq!(json::load("newer.json", &newer.to_string()).unwrap(), report);
}

#[test]
fn fields_missing_in_an_older_version_are_none() {
    let mut older = serde_json::to_value(report()).unwrap();
    let fields = older.as_object_mut().unwrap();
    fields.remove("suite");
    fields.remove("stale");
    assert!(validator().is_valid(&older));
    let read = json::load("older.json", &older.to_string()).unwrap();
    assert_eq!((read.suite, read.stale), (None, vec![]));
}

#[test]
fn an_invalid_report_is_rejected_with_its_place() {
    let error = json::load("mine.json", "{\n  \"rulespec\": 1}").unwrap_err().to_string();
    assert!(error.starts_with("mine.json: not a report: invalid type: integer `1`"), "{error}");
    assert!(error.contains("at line 2 column 15; save one with"), "{error}");
}
