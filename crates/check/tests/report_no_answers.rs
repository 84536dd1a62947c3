//! What is no answer at all has its own word in every rendering.

use std::time::Duration;

use rulespec::suite::{clauses, load_directory};
use rulespec_check::check;
use rulespec_check::engine::{Answer, Engine, Hello, StartError};
use rulespec_check::report::{self, Report, github, junit, text};
use rulespec_testing::files::at;
use serde_json::{Value as Json, json};

/// An engine that gives one after another of these.
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

fn report() -> Report {
    let vectors = load_directory(&at("tests/fixtures/terms"), &clauses()).unwrap();
    let answers = vec![
        Answer::Crashed("exit status 7: cannot divide \x1b[31m by zero".to_owned()),
        Answer::Stalled(Duration::from_millis(5000)),
        Answer::Garbled("not JSON: <b>".to_owned()),
    ];
    check(&mut Faulty(answers), vectors.get(..6).unwrap()).unwrap()
}

#[test]
fn one_example_is_shown_of_each_and_the_others_named() {
    let shown = text::render(&report(), text::Options::default());
    let heads: Vec<&str> = shown.lines().filter(|line| line.contains(" h-")).collect();
    insta::assert_snapshot!(heads.join("\n"));
    assert!(shown.contains("  got    crashed: exit status 7: cannot divide \\x1b[31m by zero\n"));
    assert!(shown.contains("  got    no answer within 5000 ms\n"));
    assert!(shown.contains("  got    garbled: not JSON: <b>\n"));
}

#[test]
fn they_are_errors_in_junit() {
    let shown = junit::render(&report());
    assert!(shown.contains(r#"tests="6" failures="0" errors="6" skipped="0""#), "{shown}");
    assert!(
        shown.contains(r#"<error type="garbled" message="want false, got garbled: not JSON: &lt;b&gt;">"#)
    );
}

#[test]
fn they_are_one_annotation_each_on_github() {
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
fn pro_18_an_answer_too_deep_for_readers_of_json_is_garbled() {
    let nested = |depth: usize| (0..depth).fold(json!(1), |value, _| json!([value]));
    let vectors = load_directory(&at("tests/fixtures/terms"), &clauses()).unwrap();
    let answers = vec![Answer::Value(nested(100)), Answer::Value(nested(101))];
    let report = check(&mut Faulty(answers), vectors.get(..2).unwrap()).unwrap();
    let words: Vec<&str> = report.outcomes.iter().map(|outcome| outcome.word()).collect();
    assert_eq!(words, ["fail", "garbled"]);
    assert_eq!(report::json::load("deep.json", &report::json::render(&report)).unwrap(), report);
}
