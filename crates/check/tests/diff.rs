//! Comparisons of rules and ports.

mod mutants;
mod ports;

use std::time::{Duration, Instant};

use mutants::{Mutant, mutants};
use rulespec::kql::{Column, Datetime, Type};
use rulespec::rule::Rule;
use rulespec_check::diff::{Difference, Input, Plan, What, Which, diff};
use rulespec_testing::rule::{ORIGINAL_FILE_NAME, required_columns};

/// What `now()` returns.
fn now() -> Datetime {
    "2026-01-02T03:04:05Z".parse().unwrap()
}

/// The columns of `DeviceProcessEvents` that these tests need.
fn columns() -> Vec<Column> {
    let texts =
        ["FolderPath", "InitiatingProcessCommandLine", "InitiatingProcessFileName", ORIGINAL_FILE_NAME];
    let mut columns = required_columns();
    columns.extend(texts.map(|name| Column::new(name, Type::String)));
    columns.push(Column::new("ReportId", Type::Long));
    columns.sort_by(|a, b| a.name.cmp(&b.name));
    columns
}

fn plan(cases: u64) -> Plan {
    Plan { columns: columns(), now: now(), seed: 1, cases }
}

fn compared(a: &Rule, b: &Rule, cases: u64) -> Difference {
    diff(("a", a), Input::Rule("b", b), &mut std::iter::empty(), &plan(cases), Default::default()).unwrap()
}

fn rule(text: &str) -> Rule {
    Rule::from_kql(&format!("DeviceProcessEvents | {text}")).unwrap()
}

/// The columns of the smallest event of each finding.
fn events(difference: &Difference) -> Vec<String> {
    difference.findings.iter().map(|finding| serde_json::to_string(&finding.event).unwrap()).collect()
}

/// The published rule with other texts in place of some parts.
fn edited(edits: &[(&str, &str)]) -> Rule {
    let published = Rule::bitsadmin_activity().text().to_owned();
    let text = edits.iter().fold(published, |text, (part, other)| {
        assert!(text.contains(part), "{part}");
        text.replace(part, other)
    });
    Rule::from_kql(&text).unwrap()
}

const LIST: &str =
    r#"ProcessCommandLine has_any ("/Transfer", "/AddFile", "/AddFileSet", "/AddFileWithRanges")"#;

#[test]
fn rewritten_rules_are_not_told_apart() {
    let words = ["/Transfer", "/AddFile", "/AddFileSet", "/AddFileWithRanges"];
    let each = words.map(|word| format!("ProcessCommandLine has {word:?}"));
    let none = words.map(|word| format!("ProcessCommandLine !has {word:?}"));
    let (any, not_none) = (format!("({})", each.join(" or ")), format!("not({})", none.join(" and ")));
    let rewritten = [
        edited(&[(LIST, &any)]),
        edited(&[(LIST, &not_none)]),
        edited(&[(LIST, &format!("true | where {LIST}"))]),
        edited(&[(
            "| extend ParsedCommandLine",
            "| extend A = 1 | project-away A | extend ParsedCommandLine",
        )]),
        edited(&[("/Upload\", \"Upload\", \"Download\"", "/UPLOAD\", strcat('Up', 'load'), \"Download\"")]),
    ];
    for other in rewritten {
        let found = compared(Rule::bitsadmin_activity(), &other, 1_500);
        assert!(found.is_none(), "{}\n{}", other.text(), found.json());
        assert!(found.selected > 400, "{} of {} events are selected", found.selected, found.events);
    }
}

#[test]
fn one_cause_is_one_finding_with_its_predicate_clause_and_misreading() {
    let other =
        edited(&[(LIST, r#"ProcessCommandLine has_any ("/Transfer", "/AddFileSet", "/AddFileWithRanges")"#)]);
    let found = compared(Rule::bitsadmin_activity(), &other, 2_000);
    assert_eq!(events(&found), [r#"{"FileName":"bitsadmin.exe","ProcessCommandLine":"/addfile"}"#]);
    let finding = &found.findings[0];
    assert_eq!(finding.what, What::Selected { by: Which::A });
    assert_eq!(finding.decided_by.len(), 1);
    assert_eq!((finding.decided_by[0].side, finding.decided_by[0].line), (Which::B, 3));
    assert!(finding.count > 10, "{}", finding.count);

    let other = edited(&[("FileName =~ \"bitsadmin.exe\" or", "FileName has \"bitsadmin\" or")]);
    let found = compared(Rule::bitsadmin_activity(), &other, 2_000);
    let readings = found.findings.iter().filter_map(|finding| finding.misreading.as_ref());
    assert_eq!(readings.map(|reading| reading.name.as_str()).collect::<Vec<_>>(), ["file-name-as-term"]);
    assert_eq!(found.findings[0].clauses, ["RUL-01"]);
}

#[test]
fn a_table_without_an_optional_column_is_asked_about() {
    let other = edited(&[("ColumnNotAvailable", "bitsadmin.exe")]);
    let found = compared(Rule::bitsadmin_activity(), &other, 2_000);
    assert_eq!(events(&found), [r#"{"ProcessCommandLine":"/transfer"}"#]);
    assert_eq!(found.findings[0].absent.as_deref(), Some("ProcessVersionInfoOriginalFileName"));
}

#[test]
fn the_name_of_a_program_and_its_path_agree() {
    let by_name = rule("where FileName =~ 'a.exe'");
    let found = compared(&by_name, &rule(r"where FolderPath endswith '\\a.exe'"), 2_000);
    assert!(found.is_none(), "{}", found.json());
    let found = compared(&by_name, &rule("where FolderPath endswith 'a.exe'"), 2_000);
    assert_eq!(events(&found), [r#"{"FileName":"aa.exe","FolderPath":"C:\\aa.exe"}"#]);
}

#[test]
fn numbers_times_patterns_and_lengths_have_edges() {
    let pairs = [
        ("where ProcessId > 1000", "where ProcessId >= 1000", r#"{"ProcessId":1000}"#),
        (
            "where strlen(FileName) > 30",
            "where strlen(FileName) >= 30",
            r#"{"FileName":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}"#,
        ),
        (
            "where TimeGenerated > ago(1h)",
            "where TimeGenerated >= ago(1h)",
            r#"{"TimeGenerated":"2026-01-02T02:04:05.0000000Z"}"#,
        ),
        (
            "where FileName matches regex '^[a-c]{2}[0-9]+$'",
            "where FileName matches regex '^[a-c]{2,3}[0-9]+$'",
            r#"{"FileName":"aaa1"}"#,
        ),
        (
            "where FileName has 'x' and FileName has 'y' and FileName !has 'z'",
            "where FileName has_all ('x', 'y')",
            r#"{"FileName":"x y z"}"#,
        ),
        ("where FileName in~ ('a', 'b')", "where FileName in ('a', 'b')", r#"{"FileName":"A"}"#),
        ("where isnotempty(FileName)", "where isnotnull(FileName)", "{}"),
    ];
    for (a, b, event) in pairs {
        let found = compared(&rule(a), &rule(b), 4_000);
        assert_eq!(events(&found)[0].len(), event.len(), "{a} and {b}: {}", events(&found)[0]);
    }
}

#[test]
fn the_order_of_rows_and_how_many_are_left_differ_only_in_tables() {
    let select = "where FileName startswith 'a'";
    let pairs = [
        (format!("{select} | sort by FileName asc"), format!("{select} | sort by FileName desc")),
        (format!("{select} | take 1"), format!("{select} | take 2")),
        (format!("{select} | distinct DeviceName"), format!("{select} | project DeviceName")),
    ];
    for (a, b) in pairs {
        let found = compared(&rule(&a), &rule(&b), 1_000);
        let What::Table { more_events, .. } = &found.findings[0].what else { panic!("{}", found.json()) };
        assert_eq!((found.findings.len(), more_events.len()), (1, 1));
        assert!(compared(&rule(&a), &rule(&a), 1_000).is_none());
    }
}

#[test]
fn columns_that_only_one_rule_has_are_a_difference_and_their_order_is_none() {
    let (a, b) = (rule("extend A = 1"), rule("where true"));
    let found = compared(&a, &b, 100);
    assert_eq!((found.is_none(), found.columns.only_a.len(), found.findings.len()), (false, 1, 0));
    let reordered = compared(&b, &rule("project-reorder ProcessId"), 100);
    assert!(reordered.is_none() && reordered.columns.other_order);
}

#[test]
fn the_same_seed_gives_the_same_result() {
    let other = edited(&[("[-2]", "[3]")]);
    let run = || Difference { took_ms: 0, ..compared(Rule::bitsadmin_activity(), &other, 1_000) };
    assert_eq!(run(), run());
}

/// How a mutant is judged, in one line.
fn judged(found: &Difference) -> String {
    match found.findings.first() {
        None if !found.columns.agree() => "other columns".to_owned(),
        None if found.columns.other_order => "another order of columns".to_owned(),
        None => "equivalent".to_owned(),
        Some(finding) => {
            let what = match &finding.what {
                What::Selected { by } => format!("only {by}"),
                What::Columns { columns } => columns
                    .iter()
                    .map(|one| format!("{} {} {}", one.column, one.a, one.b))
                    .collect::<Vec<_>>()
                    .join(", "),
                other => serde_json::to_string(other).unwrap(),
            };
            format!("{what}: {}", serde_json::to_string(&finding.event).unwrap())
        }
    }
}

#[test]
fn a_sample_of_the_mutants_of_the_rule_is_told_apart() {
    // What these change does not matter, as the list of all mutants shows.
    const EQUIVALENT: [&str; 3] = ["doubles", "ColumnNotAvailable", "operator: has -> "];
    let rule = Rule::bitsadmin_activity();
    let all = mutants(rule);
    let is_equivalent = |mutant: &&Mutant| {
        let literals = mutant.change.trim_start_matches("literal: ").split_once(" -> ");
        literals.is_some_and(|(a, b)| a.eq_ignore_ascii_case(b))
            || EQUIVALENT.iter().any(|part| mutant.change.contains(part))
    };
    let sample = all.iter().filter(|mutant| !is_equivalent(mutant)).step_by(19);
    for Mutant { change, rule: mutant } in sample {
        let found = compared(rule, mutant, 2_000);
        assert_ne!(judged(&found), "equivalent", "{change}");
    }
}

/// Prints every mutant of the published rule with its smallest event. Those that are called equivalent were
/// judged by hand: case does not matter to `=~`, `has` and `has_any`; a doubled predicate is the same; a
/// default that is no program never matches; and a dot has no case and no neighbors that matter.
#[test]
#[ignore = "takes minutes"]
fn every_mutant_of_the_rule_is_told_apart_or_equivalent() {
    let rule = Rule::bitsadmin_activity();
    let (mut out, mut times, mut lengths) = (String::new(), vec![], vec![]);
    for mutant in mutants(rule) {
        let start = Instant::now();
        let found = compared(rule, &mutant.rule, 20_000);
        times.push(start.elapsed());
        let event = found.findings.first().map(|finding| &finding.event);
        let line = event.and_then(|event| event.get("ProcessCommandLine")).and_then(|line| line.as_str());
        lengths.extend(event.map(|_| line.unwrap_or_default().chars().count()));
        out += &format!("{}\n    {}\n", mutant.change, judged(&found));
    }
    times.sort();
    lengths.sort_unstable();
    let (time, length) = (times[times.len() / 2], lengths[lengths.len() / 2]);
    println!("{} mutants: median {time:?}, command line of {length} characters in the median", times.len());
    insta::assert_snapshot!("every_mutant_of_the_rule", out);
    assert!(time < Duration::from_secs(1), "the median is {time:?}");
    assert!(length <= 40, "the median is {length} characters");
}
