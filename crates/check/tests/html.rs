//! The page as a browser without scripts reads it.

use std::collections::HashSet;

use rulespec::suite::{self, Want};
use rulespec_check::check;
use rulespec_check::engine::{Answer, Hello, Recorded};
use rulespec_check::known::{self, KnownFailures};
use rulespec_check::report::{Report, Standing, html, json};
use rulespec_check::verdict::Verdict;
use rulespec_testing::files::files;
use serde_json::json;

/// The largest page of one engine, in bytes.
const MAX_SIZE: usize = 300_000;
const HOSTILE: &str = "</script><img src=x onerror='alert(1)'>\"&]]>\u{1b}[31m\0\u{202e}\u{2028}\r\n";

/// A report of an engine that gives one answer to every question of the suite. The verdict is given,
/// because to find out which misreadings explain an engine takes longer than to render its page.
fn report(name: &str, answer: &Answer, verdict: &Verdict) -> Report {
    let unnamed = Hello { engine: name.to_owned(), version: "1".to_owned(), functions: None };
    let vectors = suite::vectors().unwrap();
    let mut report = check(&mut Recorded::new(unnamed, &vectors, []), &vectors).unwrap();
    for outcome in &mut report.outcomes {
        (outcome.answer, outcome.verdict) = (answer.clone(), verdict.clone());
    }
    // The states of clauses are computed when a report is loaded.
    json::load(name, &json::render(&report)).unwrap()
}

/// The saved reports of real engines.
fn observed() -> Vec<Report> {
    let files = files("spec/observed", "json").into_iter();
    files.map(|(path, text)| json::load(&path, &text).unwrap()).collect()
}

/// The values of an attribute, in the order of the page.
fn values<'a>(page: &'a str, attribute: &str) -> Vec<&'a str> {
    let start = format!(" {attribute}=");
    let values = page.split(start.as_str()).skip(1);
    values.map(|rest| rest.split([' ', '>']).next().unwrap().trim_matches('"')).collect()
}

/// Asserts that a page has each clause that was asked about, and each failure of the engine.
fn assert_complete(page: &str, report: &Report, slug: &str) {
    let ids: HashSet<&str> = values(page, "id").into_iter().collect();
    for clause in report.clauses.iter().filter(|clause| clause.standing != Standing::NotAsked) {
        assert!(ids.contains(clause.id.as_str()), "{slug}: {}", clause.id);
        assert!(
            ids.contains(format!("{}/{slug}", clause.id).as_str()),
            "{slug}: {} has an address",
            clause.id
        );
        assert!(page.contains(&format!("<b>{}</b>", clause.id)), "{slug}: {}", clause.id);
    }
    let failures = report.outcomes.iter().filter(|outcome| outcome.verdict.is_failure());
    let mut count = 0;
    for outcome in failures {
        let address = format!("{}/{slug}", outcome.vector.id);
        assert!(ids.contains(address.as_str()), "{address}");
        count += 1;
    }
    assert_eq!(count > 0, slug != "unsupported", "{slug} has failures");
}

/// Asserts that each address occurs once, and that each link of the page has a target.
fn assert_linked(page: &str) {
    let ids = values(page, "id");
    let unique: HashSet<&str> = ids.iter().copied().collect();
    assert_eq!(ids.len(), unique.len(), "addresses occur once");
    let links = values(page, "href");
    let broken: Vec<_> = links.iter().filter_map(|link| link.strip_prefix('#')).collect();
    let broken: Vec<_> = broken.into_iter().filter(|link| !unique.contains(link)).collect();
    assert_eq!(broken, [""; 0]);
    assert!(!links.is_empty());
}

#[test]
fn a_page_without_scripts_has_every_clause_and_every_failure() {
    let reports = observed();
    let page = html::render(&reports, "");
    for (report, slug) in reports.iter().zip(["adxlite", "clickhouse", "duckdb-kql", "streaming-kql", "wine"])
    {
        assert_complete(&page, report, slug);
        let alone = html::render(std::slice::from_ref(report), "");
        assert_complete(&alone, report, slug);
        assert_linked(&alone);
        assert!(alone.len() <= MAX_SIZE, "{slug}: {} bytes", alone.len());
    }
    assert_linked(&page);
    assert!(page.len() <= reports.len() * MAX_SIZE);
    for words in [
        "that no misreading explains</h3>",
        "<h3>24 vectors: looks like regex-word-boundary</h3>",
        "<dt>wanted<dd>",
        "<dt>got<dd>",
    ] {
        assert!(page.contains(words), "{words}");
    }
    assert!(page.contains("match <code>\\b</code> of a regular expression"), "what the misreading assumes");
}

#[test]
fn an_engine_that_gets_everything_wrong_has_a_small_page() {
    let value = |value| (Answer::Value(value), Verdict::Fail);
    for (name, (answer, verdict)) in [
        ("wrong", value(json!({"wrong": ["answer"]}))),
        ("escaped", value(json!("&<>\"".repeat(100)))),
        ("control", value(json!("\u{202e}\u{1b}".repeat(100)))),
        ("unsupported", (Answer::Unsupported("no such function".repeat(100)), Verdict::Unsupported)),
        ("crashed", (Answer::Crashed("exit status 1".repeat(100)), Verdict::Crashed)),
    ] {
        let mut report = report(name, &answer, &verdict);
        let page = html::render(std::slice::from_ref(&report), "");
        assert!(page.len() <= MAX_SIZE, "{name}: {} bytes", page.len());
        assert_complete(&page, &report, name);
        assert_linked(&page);

        let vectors = suite::vectors().unwrap();
        let known = known::render(&report, &KnownFailures::default(), &vectors);
        KnownFailures::parse("known.txt", &known).unwrap().mark(&mut report, &vectors);
        let page = html::render(std::slice::from_ref(&report), "");
        assert!(page.len() <= MAX_SIZE, "{name}, known: {} bytes", page.len());
        assert_complete_if_known(&page, &report, name);
    }
}

/// Asserts that known failures are listed. Their clauses have no list of failures.
fn assert_complete_if_known(page: &str, report: &Report, slug: &str) {
    let ids: HashSet<&str> = values(page, "id").into_iter().collect();
    for outcome in report.outcomes.iter().filter(|outcome| outcome.verdict.is_failure()) {
        assert!(outcome.known.is_some());
        assert!(ids.contains(format!("{}/{slug}", outcome.vector.id).as_str()), "{}", outcome.vector.id);
    }
    assert_linked(page);
}

#[test]
fn nothing_from_an_engine_is_markup() {
    let mut report = report(HOSTILE, &Answer::Value(json!({ HOSTILE: HOSTILE })), &Verdict::Fail);
    report.command = vec![HOSTILE.to_owned()];
    report.suite = Some(HOSTILE.to_owned());
    report.date = HOSTILE.to_owned();
    for outcome in report.outcomes.iter_mut().take(50) {
        outcome.vector.id += HOSTILE;
        outcome.vector.title += HOSTILE;
        outcome.vector.clauses.push(HOSTILE.to_owned());
        outcome.vector.note = Some(HOSTILE.to_owned());
        outcome.vector.want = Want::Settled { want: json!([HOSTILE]) };
    }
    report.clauses[0].id += HOSTILE;
    report.clauses[0].text += HOSTILE;
    report.clauses[0].place += HOSTILE;
    report.explanations = observed().remove(0).explanations;
    report.explanations[0].misreadings.push(HOSTILE.to_owned());
    let page = html::render(&[report.clone(), report], "");
    assert!(page.contains("alert(1)"), "the text is displayed");
    let elements = |name: &str| page.matches(name).count();
    assert_eq!(
        (elements("<img"), elements("<script"), elements("</script"), elements("<style")),
        (0, 1, 1, 1)
    );
    assert!(!page.contains("onerror='alert(1)'>\""), "no attribute ends early");
    let control = |c: char| c.is_control() && c != '\n' || "\u{202e}\u{2028}".contains(c);
    assert_eq!(page.chars().filter(|c| control(*c)).collect::<String>(), "");
    assert!(
        values(&page, "id")
            .iter()
            .all(|id| id.chars().all(|c| c.is_ascii_alphanumeric() || "-_./".contains(c)))
    );
}

#[test]
fn the_browser_may_use_only_the_script_and_the_style_of_the_page() {
    let page = html::render(&observed(), "");
    let policy = page.split("Content-Security-Policy content=\"").nth(1).unwrap().split('"').next().unwrap();
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
    assert!(policy.contains("; script-src 'sha256-") && !policy.contains("unsafe"), "{policy}");
    for forbidden in [" style=", " onclick=", " src=", "<link", "<base", "@import", "url("] {
        assert!(!page.contains(forbidden), "{forbidden}");
    }
}

#[test]
fn a_page_without_engines_has_only_its_section() {
    let page = html::render(&[], "<section id=speed>chart</section>");
    assert!(page.contains("<section id=speed>chart</section>"));
    assert_eq!(values(&page, "id"), ["speed"]);
}
