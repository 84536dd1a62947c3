//! The output of `rulespec check` and `rulespec report`.

use std::fs;

use super::screen::{HOSTILE, SUITE, Screen, rulespec};
use serde_json::{Value as Json, json};

/// A suite that the embedded engines conform to.
const TERMS: &str = "tests/fixtures/terms";
/// An engine with misreadings.
const NAIVE: &str = "tests/engines/naive.py";
/// An engine that has only `has`, without a fault if the fault is `sound`.
const FRAGILE: &str = "tests/engines/fragile.py";

#[test]
fn the_embedded_engine_conforms() {
    insta::assert_snapshot!(rulespec(["check", "--suite", TERMS]));
}

#[test]
fn the_whole_suite_is_tested_by_default() {
    let screen = rulespec(["check", "--format", "json"]);
    let asked = json_of(&screen)["outcomes"].as_array().unwrap().len();
    assert_eq!(asked, rulespec::suite::vectors().unwrap().len());
    assert_eq!(screen.status, 0);
}

#[test]
fn a_single_failure_is_shown_in_full() {
    insta::assert_snapshot!(rulespec([
        "check", "--suite", SUITE, "--only", "t-0001", "--", "python3", NAIVE
    ]));
}

#[test]
fn failures_are_grouped_by_their_cause() {
    insta::assert_snapshot!(rulespec(["check", "--suite", TERMS, "--", "python3", NAIVE]));
}

#[test]
fn every_verdict_has_a_word() {
    insta::assert_snapshot!(rulespec(["check", "--suite", SUITE, "--max-failures", "all"]));
}

#[test]
fn the_first_screen_of_an_engine_that_is_mostly_wrong_is_short() {
    let screen = rulespec(["check", "--", "python3", NAIVE]);
    assert!(screen.out.lines().count() <= 66, "{}", screen.out);
    assert!(screen.out.lines().all(|line| line.chars().count() <= 80), "{}", screen.out);
    let last = screen.out.lines().last().unwrap();
    assert!(last.starts_with("naive 1.2 misses ") && last.ends_with(" are unsupported"), "{last}");
    let counts = rulespec(["check", "-q", "--", "python3", NAIVE]).out;
    let number = |line: &str| line.split_whitespace().next()?.parse::<usize>().ok();
    let (_, states) = counts.split_once(" clauses, of which\n").unwrap();
    let states = states.lines().map_while(|line| line.starts_with("   ").then(|| number(line)).flatten());
    let total = counts.lines().find_map(|line| number(line.strip_suffix(" clauses, of which")?)).unwrap();
    assert_eq!(states.sum::<usize>(), total, "{counts}");
}

#[test]
fn the_number_of_failures_can_be_chosen() {
    let check = ["check", "--suite", TERMS, "--max-failures", "2", "--", "python3", NAIVE];
    insta::assert_snapshot!("two_failures_of_one_cause", rulespec(check));
    insta::assert_snapshot!("only_the_summary", rulespec(["check", "--suite", SUITE, "-q"]));
    for (number, shown) in [("0", 0), ("1", 1), ("5", 5), ("all", 7)] {
        let out = rulespec(["check", "--suite", SUITE, "--max-failures", number]).out;
        assert_eq!(out.matches("\n  again  ").count(), shown, "{number}: {out}");
    }
}

#[test]
fn an_engine_that_is_right_as_far_as_it_was_asked_is_in_order() {
    let partly = ["check", "--clause", "TRM-02,TRM-12,TRM-17", "--", "python3", FRAGILE, "sound"];
    let screen = rulespec(partly);
    let strict = rulespec([&["check", "--strict"], &partly[1..]].concat());
    assert_eq!((screen.status, strict.status), (0, 1));
    assert_eq!(strict.err, "rulespec: not every vector was asked, which --strict requires\n");
    insta::assert_snapshot!(screen);
    let colour = rulespec([&["check", "--color", "always"], &partly[1..]].concat()).out;
    assert!(colour.contains("\x1b[33mfragile 1 meets all 5 clauses"), "{colour:?}");
    assert_eq!(rulespec(["check", "--strict", "--clause", "TRM-02"]).status, 0);
}

#[test]
fn an_engine_that_was_asked_nothing_is_not_in_order() {
    let screen = rulespec(["check", "--clause", "TRM-17", "--", "python3", FRAGILE, "sound"]);
    assert_eq!(screen.status, 1);
    assert!(screen.out.ends_with("\nfragile 1 was asked none of the 1 clause\n"), "{screen}");
}

#[test]
fn a_crash_is_shown_with_the_exception_and_the_retry() {
    let check = ["check", "--clause", "TRM-10", "--", "python3", FRAGILE, "raises"];
    insta::assert_snapshot!("a_crash", rulespec(check));
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("crashed");
    let check = ["check", "--clause", "TRM-10", "--", "python3", FRAGILE, "raises-once"];
    let screen = rulespec(check.into_iter().chain(state.to_str()));
    insta::assert_snapshot!("a_retry", screen.out.replace(folder.path().to_str().unwrap(), "FOLDER"));
}

#[test]
fn states_of_an_older_report_are_computed_again() {
    let old =
        rulespec(["check", "--clause", "TRM-12", "--format", "json", "--", "python3", FRAGILE, "sound"]).out;
    let mut report: Json = serde_json::from_str(&old).unwrap();
    let clauses = report["clauses"].as_array_mut().unwrap();
    clauses.iter_mut().for_each(|clause| clause["standing"] = json!("missed"));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("old.json");
    fs::write(&file, report.to_string()).unwrap();
    let screen = rulespec(["report", "-q", file.to_str().unwrap()]);
    assert!(screen.out.contains("1 partly asked") && !screen.out.contains("missed"), "{screen}");
}

#[test]
fn all_outcomes_are_shown_with_verbose() {
    insta::assert_snapshot!(rulespec(["check", "--suite", SUITE, "--clause", "CMD-07,CMD-19,TXT-01", "-v"]));
}

#[test]
fn known_failures_are_allowed_but_stale_ones_and_unexpected_passes_are_not() {
    insta::assert_snapshot!(rulespec([
        "check",
        "--suite",
        SUITE,
        "--clause",
        "CMD-07",
        "--known",
        "tests/fixtures/known.txt"
    ]));
}

#[test]
fn colours_are_used_on_request() {
    let screen = rulespec(["check", "--suite", SUITE, "--only", "t-0002", "--color", "always"]);
    assert!(screen.out.contains("\x1b[1;31mFAIL\x1b[0m \x1b[1mt-0002\x1b[0m"), "{}", screen.out);
    assert!(!rulespec(["check", "--suite", SUITE, "--only", "t-0002"]).out.contains('\x1b'));
}

#[test]
fn junit_has_a_test_case_per_vector() {
    insta::assert_snapshot!(rulespec([
        "check",
        "--suite",
        SUITE,
        "--known",
        "tests/fixtures/known.txt",
        "--format",
        "junit"
    ]));
}

#[test]
fn github_has_an_error_per_cause() {
    insta::assert_snapshot!(rulespec([
        "check",
        "--suite",
        SUITE,
        "--known",
        "tests/fixtures/known.txt",
        "--format",
        "github"
    ]));
}

#[test]
fn json_has_the_complete_outcome_of_a_vector() {
    let screen = rulespec(["check", "--suite", SUITE, "--only", "t-0002", "--format", "json"]);
    let report = json_of(&screen);
    assert_eq!(
        report["outcomes"],
        json!([{
            "id": "t-0002",
            "title": "an empty quoted argument is dropped",
            "clauses": ["CMD-07"],
            "fn": "parse_command_line",
            "args": ["foo \"\" bar", "windows"],
            "want": ["foo", "bar"],
            "answer": {"value": ["foo", "", "bar"]},
            "verdict": "fail",
        }])
    );
    assert_eq!(report["suite"], SUITE);
}

#[test]
fn the_exit_status_tells_whether_an_external_engine_conforms() {
    let naive = rulespec(["check", "--fn", "has", "--", "python3", NAIVE]);
    let reference = rulespec(["check", "--fn", "has"]);
    assert_eq!((naive.status, reference.status), (1, 0));
}

#[test]
fn with_an_output_file_the_text_report_is_still_printed() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("check.xml");
    let name = file.to_str().unwrap();
    let screen = rulespec(["check", "--chapter", "TAB", "--format", "junit", "--output", name]);
    assert!(screen.out.contains(" vectors, TIME\n") && screen.out.contains(" meets all "), "{}", screen.out);
    assert!(fs::read_to_string(file).unwrap().starts_with("<?xml"));
}

#[test]
fn wrong_usage_exits_with_2() {
    let folder = tempfile::tempdir().unwrap();
    let broken = folder.path().join("known.txt");
    fs::write(&broken, "t-0001\n").unwrap();
    let cases: [&[&str]; 7] = [
        &["check", "--only", "cmd-9999"],
        &["check", "--clause", "CMD-01", "--fn", "has"],
        &["check", "--fn", "no_such"],
        &["check", "--known", "no/such/file"],
        &["check", "--suite", SUITE, "--known", broken.to_str().unwrap()],
        &["check", "--chapter", "TAB", "--output", "no/such/folder/check.json"],
        &["check", "--timeout", "0"],
    ];
    let screens = cases.map(rulespec);
    assert!(screens.iter().all(|screen| screen.status == 2 && screen.out.is_empty()));
    let errors = screens.map(|screen| screen.err.replace(folder.path().to_str().unwrap(), "FOLDER"));
    insta::assert_snapshot!(errors.concat());
}

#[test]
fn an_engine_that_cannot_be_run_exits_with_3() {
    insta::assert_snapshot!(rulespec(["check", "--", "no-such-engine-anywhere"]));
}

#[test]
fn an_invalid_suite_exits_with_4() {
    let vector = |id: &str, more: Json| {
        let mut vector = json!({"id": id, "title": id, "clauses": ["CMD-07"], "fn": "has", "args": []});
        vector.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        vector
    };
    let settled = || vector("a", json!({"want": 1}));
    let suites = [
        json!([{"id": "a"}]),
        json!([settled(), settled()]),
        json!([vector("a", json!({"want": 1, "clauses": ["CMD-99"]}))]),
        json!([vector("a", json!({"want": 1, "clauses": []}))]),
        json!([vector("a", json!({"open": "OPEN-NOTHING", "wants": {}}))]),
        json!([]),
    ];
    let mut errors = String::new();
    for suite in suites {
        let folder = tempfile::tempdir().unwrap();
        let name = folder.path().to_str().unwrap();
        fs::write(folder.path().join("own.json"), suite.to_string()).unwrap();
        let screen = rulespec(["check", "--suite", name]);
        assert_eq!(screen.status, 4);
        errors += &screen.err.replace(name, "FOLDER");
    }
    insta::assert_snapshot!(errors);
}

#[test]
fn write_known_covers_all_failures_and_keeps_reasons() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("known.txt");
    let name = file.to_str().unwrap();
    fs::write(&file, "t-0002  # mine\nt-0001  # passes\ngone  # stale\n").unwrap();
    let written = rulespec(["check", "--suite", SUITE, "--write-known", name]);
    let again = rulespec(["check", "--suite", SUITE, "--known", name]);
    assert_eq!((written.status, again.status), (0, 0), "{}", again.out);
    insta::assert_snapshot!(fs::read_to_string(file).unwrap());
}

#[test]
fn saved_results_are_rendered_alone_and_side_by_side() {
    let folder = tempfile::tempdir().unwrap();
    let save = |name: &str, engine: &[&str]| {
        let file = folder.path().join(name).to_str().unwrap().to_owned();
        let check = ["check", "--suite", SUITE, "--format", "json", "--output", &file];
        rulespec(check.into_iter().chain(engine.iter().copied()));
        file
    };
    let (own, naive) = (save("own.json", &[]), save("naive.json", &["--", "python3", NAIVE]));
    let direct = rulespec(["check", "--suite", SUITE]);
    assert_eq!(rulespec(["report", &own]).out, direct.out);
    let side_by_side = rulespec(["report", &own, &naive]);
    let markdown = rulespec(["report", "--format", "markdown", &own, &naive]);
    insta::assert_snapshot!(side_by_side.out + "\n" + &markdown.out);
    assert!(rulespec(["report", "--format", "html", &own, &naive]).out.starts_with("<!doctype html>"));
    let broken = rulespec(["report", "tests/fixtures/known.txt"]);
    assert_eq!((broken.status, broken.out.as_str()), (2, ""));
    assert!(broken.err.contains("tests/fixtures/known.txt: not a report"), "{}", broken.err);
}

#[test]
fn hostile_answers_are_escaped_in_every_format() {
    for format in ["text", "json", "junit", "github", "html"] {
        let hostile = ["check", "--suite", SUITE, "-v", "--format", format, "--", "python3", HOSTILE];
        let shown = rulespec(hostile).out;
        let unsafe_ones: Vec<char> = shown
            .chars()
            .filter(|c| c.is_control() && *c != '\n' || "\u{202e}\u{2028}\u{fffe}".contains(*c))
            .collect();
        assert_eq!(unsafe_ones, [], "{format}");
        assert!(shown.contains("alert(1)"), "{format} shows the answer");
        assert!(!shown.contains("\n::error::"), "{format} forges no command");
        match format {
            "html" => assert_eq!(shown.matches("</script>").count(), 1, "the page has one"),
            "junit" => assert!(!shown.contains("<img") && !shown.contains("]]>")),
            _ => {}
        }
    }
}

#[test]
fn hostile_answers_stay_readable() {
    insta::assert_snapshot!(rulespec(["check", "--suite", SUITE, "--", "python3", HOSTILE]));
}

fn json_of(screen: &Screen) -> Json {
    serde_json::from_str(&screen.out).unwrap()
}
