//! Saved runs of `rulespec bench`: their format, comparison and charts.

use super::runs::{figure, run};
use super::screen::rulespec;
use rulespec_check::bench::compare::{Change, compare};
use rulespec_check::bench::{Run, saved};
use serde_json::{Value as Json, json};

const MONDAY: &str = "2026-11-23T08:00:00Z";
const TUESDAY: &str = "2026-11-24T08:00:00Z";

fn read(run: &Json) -> Run {
    saved::load("run.json", &run.to_string()).unwrap()
}

/// A run with one value replaced.
fn with(pointer: &str, value: Json) -> Json {
    let mut run = run("mine", MONDAY);
    *run.pointer_mut(pointer).unwrap() = value;
    run
}

fn schema() -> jsonschema::Validator {
    let schema = include_str!("../../../spec/schema/bench.schema.json");
    jsonschema::validator_for(&serde_json::from_str(schema).unwrap()).unwrap()
}

#[test]
fn a_saved_run_round_trips() {
    let run = read(&run("mine", MONDAY));
    assert_eq!(saved::load("run.json", &saved::render(&run)).unwrap(), run);
    assert!(schema().is_valid(&serde_json::from_str(&saved::render(&run)).unwrap()));
}

#[test]
fn additions_of_a_newer_version_are_ignored() {
    let mut newer = run("mine", MONDAY);
    newer["weather"] = json!("fine");
    newer["figures"].as_array_mut().unwrap().push(figure("a_later_function", [1.0, 1.0, 1.0]));
    assert_eq!(read(&newer), read(&run("mine", MONDAY)));
}

#[test]
fn invalid_runs_are_rejected_with_their_place() {
    let ratio = "/figures/0/times/ratio";
    let twice = json!([figure("has", [1.0, 1.0, 1.0]), figure("has", [1.0, 1.0, 1.0])]);
    for (run, message, matches_schema) in [
        (with("/bench", json!(2)), "it has form 2, and this version of rulespec reads form 1", false),
        (with("/date", json!("yesterday")), "its date: ", false),
        (with("/figures", twice), "it has two figures of has", true),
        (with(&format!("{ratio}/low"), json!(-0.1)), "has: -0.1 ≤ 0.21 ≤ 0.22 is no interval", false),
        (with(&format!("{ratio}/low"), json!(0)), "has: 0 ≤ 0.21 ≤ 0.22 is no interval", false),
        (with(&format!("{ratio}/high"), json!(1e300)), "has: 0.2 ≤ 0.21 ≤ 1000", false),
        (with(&format!("{ratio}/median"), json!(0.3)), "has: 0.2 ≤ 0.3 ≤ 0.22 is no interval", true),
        (with(&format!("{ratio}/median"), json!(null)), "invalid type: null, expected f64", false),
        (with("/figures/0/times/rounds", json!(5)), "has: 5 rounds; 6 to 1000 are possible", false),
        (with("/figures/2/outcome", json!("right")), "[]: it is right and has no times", false),
        (with("/figures/0/outcome", json!("splendid")), "unknown variant `splendid`", false),
        (with("/machine/cores", json!(-1)), "invalid value: integer `-1`", false),
        (json!([]), "invalid length 0", false),
    ] {
        let error = saved::load("run.json", &run.to_string()).unwrap_err().to_string();
        assert!(error.starts_with("run.json: not a saved run: ") && error.contains(message), "{error}");
        assert_eq!(schema().is_valid(&run), matches_schema, "{message}");
    }
    for (text, message) in [
        ("", "EOF while parsing"),
        ("{\"bench\": 1, \"date\": NaN", "expected value"),
        ("\u{0}", "expected value"),
    ] {
        let error = saved::load("run.json", text).unwrap_err().to_string();
        assert!(error.contains(message), "{error}");
    }
    let too_large = run("mine", MONDAY).to_string().replacen("0.21", "1e999", 1);
    assert!(saved::load("run.json", &too_large).unwrap_err().to_string().contains("number out of range"));
}

/// The change of `has` from one interval of its ratio to another.
fn change(before: [f64; 3], now: [f64; 3]) -> Change {
    let of = |interval| read(&with("/figures/0", figure("has", interval)));
    compare(&of(before), &of(now)).unwrap().changes[0].1
}

#[test]
fn slower_means_disjoint_intervals_and_more_than_the_margin() {
    assert_eq!(change([0.9, 1.0, 1.1], [1.2, 1.3, 1.4]), Change::Slower);
    assert_eq!(change([1.2, 1.3, 1.4], [0.9, 1.0, 1.1]), Change::Faster);
    assert_eq!(change([0.9, 1.0, 1.2], [1.2, 1.3, 1.4]), Change::Same, "they touch");
    assert_eq!(change([1.0, 1.0, 1.01], [1.02, 1.19, 1.22]), Change::Same, "within the margin");
    assert_eq!(change([1.0, 1.0, 1.01], [1.02, 1.21, 1.22]), Change::Slower, "just beyond it");
    assert_eq!(change([1.02, 1.19, 1.22], [1.0, 1.0, 1.01]), Change::Same, "within the margin");
}

#[test]
fn a_function_without_times_is_gone_and_a_wrong_one_is_not_compared() {
    let before = read(&run("mine", MONDAY));
    let mut now = before.clone();
    now.figures.swap(0, 2);
    now.figures[0].r#fn = "has".to_owned();
    now.figures[0].workload = "digest of has".to_owned();
    now.figures[2].r#fn = "[]".to_owned();
    now.figures[2].workload = "digest of []".to_owned();
    let changes = [("has", Change::Gone), ("indexof", Change::Same), ("[]", Change::New)];
    assert_eq!(
        compare(&before, &now).unwrap().changes,
        changes.map(|(name, change)| (name.to_owned(), change))
    );
    let wrong = read(&with("/figures/0/outcome", json!("wrong")));
    assert_eq!(compare(&before, &wrong).unwrap().changes, [("indexof".to_owned(), Change::Same)]);
}

#[test]
fn incomparable_runs_are_rejected() {
    let before = read(&run("mine", MONDAY));
    for (now, message) in [
        (with("/figures/0/workload", json!("another")), "it asked other questions of has; measure both with"),
        (with("/build", json!("debug")), "is of a build of rulespec that is not optimised; "),
        (with("/reference", json!("served")), "mine was asked in this process, and the other engine by"),
        (with("/figures", json!([figure("iff", [1.0, 1.0, 1.0])])), "it has none of these functions; "),
    ] {
        let error = compare(&before, &read(&now)).unwrap_err().to_string();
        assert!(error.contains(message), "{error}");
    }
}

#[test]
fn another_engine_machine_or_version_is_a_difference() {
    let before = read(&run("mine", MONDAY));
    assert_eq!(compare(&before, &read(&run("mine", TUESDAY))).unwrap().differences, []);
    for (pointer, value, what) in [
        ("/engine/engine", json!("theirs\u{1b}"), "engine: mine → theirs\\x1b"),
        ("/engine/version", json!("1.3"), "engine version: 1.2 → 1.3"),
        ("/rulespec", json!("0.2.0"), "rulespec version: 0.1.0 → 0.2.0"),
        ("/machine/cpu", json!("Example 10"), "processor: Example 9 → Example 10"),
        ("/machine/cores", json!(8), "cores: 4 → 8"),
        ("/machine/os", json!("windows x86_64"), "system: linux x86_64 → windows x86_64"),
    ] {
        let comparison = compare(&before, &read(&with(pointer, value))).unwrap();
        assert_eq!(comparison.changes, compare(&before, &before).unwrap().changes);
        let shown = comparison.differences.iter().map(|d| format!("{}: {} → {}", d.what, d.before, d.now));
        assert_eq!(shown.collect::<Vec<_>>(), [what]);
    }
}

/// The page with the charts of these runs.
fn page(runs: &[Json]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let files: Vec<_> = (0..runs.len()).map(|number| folder.path().join(format!("{number}.json"))).collect();
    for (file, run) in files.iter().zip(runs) {
        std::fs::write(file, run.to_string()).unwrap();
    }
    let files = files.iter().map(|file| file.to_str().unwrap());
    let screen = rulespec(["report", "--format", "html", "--bench"].into_iter().chain(files));
    assert_eq!(screen.status, 0, "{}", screen.err);
    screen.out
}

#[test]
fn the_chart_has_a_figure_per_function_and_a_column_per_run_in_order_of_time() {
    let page = page(&[run("theirs", TUESDAY), run("mine", MONDAY)]);
    assert_eq!(page.matches("<figure>").count(), 2, "functions without times have no figure");
    assert_eq!(page.matches("<title>2026").count(), 4);
    assert!(page.contains("aria-label=\"has: 2 runs, the figures are in the table below\""));
    let column = |engine: &str| page.find(&format!("<th scope=\"col\">{engine} 1.2")).unwrap();
    assert!(column("mine") < column("theirs"));
    assert!(page.contains("<td>0.21 <span class=\"quiet\">(0.20–0.22)<br>21.0 ns</span></td>"));
    assert!(page.contains("<td class=\"unsupported\">– unsupported</td>"));
}

#[test]
fn extreme_values_and_empty_runs_give_finite_coordinates() {
    let extreme = figure("has", [1e-6, 1.0, 1e16]);
    let page = page(&[with("/figures/0", extreme), with("/figures", json!([]))]);
    let figures = page.split("<section id=\"speed\"").nth(1).unwrap();
    assert!(!figures.contains("NaN") && !figures.contains("inf"), "{figures}");
    assert!(
        !rulespec(["report", "--format", "html", "spec/observed/wine.json"]).out.contains("id=\"speed\"")
    );
}

#[test]
fn names_are_escaped() {
    let bad = "</table><script>alert(1)</script>\u{1b}[31m\u{202e}\"onload='x'&amp;";
    let mut run = run(bad, MONDAY);
    run["engine"]["version"] = json!(bad);
    run["machine"]["cpu"] = json!(bad);
    run["command"] = json!([bad]);
    let page = page(&[run]);
    assert_eq!(page.matches("</script>").count(), 1, "the page has one");
    assert!(page.contains("&lt;script&gt;alert(1)") && page.contains("&amp;amp;"));
    assert!(!page.contains(['\u{1b}', '\u{202e}']) && !page.contains("\"onload"));
}

#[test]
fn a_chart_requires_html_and_valid_runs() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), run("mine", MONDAY).to_string()).unwrap();
    let text = rulespec(["report", "--bench", file.path().to_str().unwrap()]);
    assert_eq!((text.status, text.err.as_str()), (2, "rulespec: --bench requires --format html\n"));
    let other = rulespec(["report", "--format", "html", "--bench", "spec/observed/wine.json"]);
    assert_eq!(other.status, 2);
    assert!(
        other.err.contains("spec/observed/wine.json: not a saved run: missing field `bench`"),
        "{}",
        other.err
    );
}
