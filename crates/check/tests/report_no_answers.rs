//! Every rendering distinguishes a missing answer from a wrong one.

use std::time::Duration;

use rulespec::suite::{Vector, clauses, load_directory};
use rulespec_check::check;
use rulespec_check::engine::{Answer, Engine, Hello, StartError};
use rulespec_check::report::{self, Report, github, junit, text};
use rulespec_testing::files::path;
use serde_json::{Value as Json, json};

/// An engine that gives these answers in turn.
struct Faulty(Vec<Answer>);

impl Engine for Faulty {
    fn hello(&mut self) -> Result<Hello, StartError> {
        Ok(Hello { engine: "faulty".to_owned(), version: "1".to_owned(), functions: None })
    }

    fn ask(&mut self, _: &str, _: &[Json]) -> Answer {
        self.0.rotate_left(1);
        self.0.last().unwrap().clone()
    }
}

fn vectors() -> Vec<Vector> {
    load_directory(&path("tests/fixtures/terms"), &clauses()).unwrap()
}

fn report() -> Report {
    let answers = vec![
        Answer::Crashed("exit status 7: cannot divide \x1b[31m by zero".to_owned()),
        Answer::Stalled(Duration::from_millis(5000)),
        Answer::Garbled("not JSON: <b>".to_owned()),
    ];
    check(&mut Faulty(answers), vectors().get(..6).unwrap()).unwrap()
}

#[test]
fn text_shows_one_example_of_each_kind_and_lists_the_others() {
    let shown = text::render(&report(), text::Options::default());
    let heads: Vec<&str> = shown.lines().filter(|line| line.contains(" h-")).collect();
    insta::assert_snapshot!(heads.join("\n"));
    assert!(shown.contains("  got    crashed: exit status 7: cannot divide \\x1b[31m by zero\n"));
    assert!(shown.contains("  got    no answer within 5000 ms\n"));
    assert!(shown.contains("  got    garbled: not JSON: <b>\n"));
}

#[test]
fn junit_has_errors_and_no_failures() {
    let shown = junit::render(&report());
    assert!(shown.contains(r#"tests="6" failures="0" errors="6" skipped="0""#), "{shown}");
    assert!(
        shown.contains(r#"<error type="garbled" message="want false, got garbled: not JSON: &lt;b&gt;">"#)
    );
}

#[test]
fn github_has_one_annotation_per_kind() {
    let shown = github::render(&report());
    let titles: Vec<&str> = shown.lines().filter_map(|line| line.split("::").nth(1)).collect();
    assert_eq!(
        titles,
        [
            "error title=2 vectors%3A crashed",
            "error title=2 vectors%3A stalled",
            "error title=2 vectors%3A garbled",
            "notice title=rulespec"
        ]
    );
}

#[test]
fn pro_18_an_answer_nested_too_deep_for_json_readers_is_garbled() {
    let nested = |depth: usize| (0..depth).fold(json!(1), |value, _| json!([value]));
    let answers = vec![Answer::Value(nested(100)), Answer::Value(nested(101))];
    let report = check(&mut Faulty(answers), vectors().get(..2).unwrap()).unwrap();
    let words: Vec<&str> = report.outcomes.iter().map(|outcome| outcome.word()).collect();
    assert_eq!(words, ["fail", "garbled"]);
    assert_eq!(report::json::load("deep.json", &report::json::render(&report)).unwrap(), report);
}

#[test]
fn the_conclusion_has_the_words_of_the_legend() {
    let vectors = rulespec::suite::vectors().unwrap();
    let of = |clause: &str| vectors.iter().find(|vector| vector.clauses == [clause]).unwrap().clone();
    let asked = ["TRM-01", "TRM-05", "TRM-10"].map(of);
    let answers = vec![
        Answer::Value(json!(true)),
        Answer::Unsupported("there is no has".to_owned()),
        Answer::NotAsked("the run was interrupted".to_owned()),
    ];
    let shown = text::render(&check(&mut Faulty(answers), &asked).unwrap(), text::Options::default());
    let last = shown.split("\n\n").last().unwrap().replace("\n  ", " ");
    assert!(last.ends_with("; 1 of 3 is unsupported; 1 of 3 was not asked; the run ended early\n"), "{last}");
}
