//! The output of `rulespec digest`.

use super::screen::{HOSTILE, SUITE, rulespec};
use serde_json::{Value as Json, json};

/// An engine with misreadings.
const NAIVE: &str = "tests/engines/naive.py";

#[test]
fn parts_are_shown_with_their_hashes() {
    insta::assert_snapshot!(rulespec(["digest", "--fn", "iff", "--prefix", r#""a""#]));
}

#[test]
fn the_first_difference_of_an_engine_is_shown() {
    insta::assert_snapshot!(rulespec(["digest", "--fn", "has", "--length", "2", "--", "python3", NAIVE]));
}

#[test]
fn an_engine_that_agrees_has_the_same_hash() {
    let own = rulespec(["digest", "--fn", "[]", "--fn", "tostring", "--length", "2"]);
    let python = ["--length", "2", "--", "python3", "engines/python/engine.py"];
    let asked = rulespec([&["digest", "--fn", "[]", "--fn", "tostring"], &python[..]].concat());
    let hashes = asked.out.lines().take_while(|line| !line.starts_with("the engine"));
    let hashes: String = hashes.map(|line| format!("{line}\n")).collect();
    assert_eq!((asked.status, hashes), (0, own.out));
}

#[test]
fn every_function_with_a_scope_has_a_line() {
    let screen = rulespec(["digest", "--length", "1", "--engine", "reference", "--format", "csv", "--raw"]);
    let functions: Vec<&str> =
        screen.out.lines().skip(1).map(|line| line.split(',').next().unwrap()).collect();
    let scopes: Vec<&str> =
        rulespec_check::digest::SCOPES.iter().map(|scope| scope.function.name()).collect();
    assert_eq!(functions, scopes);
}

#[test]
fn json_of_a_difference_has_the_arguments() {
    let engine = ["--", "python3", NAIVE];
    let arguments = ["digest", "--fn", "has", "--length", "2", "--format", "json"];
    let rows: Json = serde_json::from_str(&rulespec([&arguments[..], &engine].concat()).out).unwrap();
    assert_eq!(
        rows,
        json!([{"fn": "has", "length": 2, "part": "\"\"", "differs_at": ["aa", "a"], "want": "false", "got": "true"}])
    );
}

#[test]
fn lines_prints_the_hashed_lines() {
    let screen = rulespec(["digest", "--fn", "[]", "--length", "1", "--prefix", r#""b""#, "--lines"]);
    let line = |index: i64, answer: &str| format!("{{\"args\":[[\"b\"],{index}],\"ok\":{answer}}}\n");
    let lines = [line(-2, "null"), line(-1, "\"b\""), line(0, "\"b\""), line(1, "null"), line(2, "null")];
    assert_eq!(screen.out, lines.concat());
}

#[test]
fn hostile_answers_stay_readable() {
    let screen = rulespec(["digest", "--length", "1", "--", "python3", HOSTILE]);
    assert!(screen.status != 0 && !screen.out.contains('\x1b'), "{screen}");
}

#[test]
fn wrong_usage_exits_with_2() {
    let cases: [&[&str]; 6] = [
        &["--fn", "where"],
        &["--length", "13"],
        &["--fn", "has", "--prefix", "ab"],
        &["--fn", "has", "--prefix", r#""b""#],
        &["--fn", "has", "--length", "1", "--prefix", r#""aa""#],
        &["--fn", "has", "--fn", "[]", "--lines"],
    ];
    let screens = cases.map(|case| rulespec([&["digest"], case].concat()).to_string());
    insta::assert_snapshot!(screens.join("\n"));
    let no_engine = rulespec(["digest", "--", "no/such/engine", SUITE]);
    assert_eq!(no_engine.status, 3);
}
