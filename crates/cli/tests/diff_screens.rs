//! The output of `rulespec diff`.

use serde_json::{Value as Json, json};

use super::screen::{Screen, rulespec};

const RULES: &str = "tests/fixtures/diff";
const NOW: &str = "2026-01-02T03:04:05Z";

/// The output of the command, without its duration. Names of files are in `tests/fixtures/diff`.
fn diff(arguments: &[&str]) -> Screen {
    let is_rule = |word: &&str| !word.contains('/') && (word.ends_with(".kql") || word.ends_with(".sql"));
    let full = |word: &&str| if is_rule(word) { format!("{RULES}/{word}") } else { (*word).to_owned() };
    let fixed = ["diff", "--now", NOW].map(str::to_owned);
    let mut screen = rulespec(fixed.into_iter().chain(arguments.iter().map(full)));
    screen.out = screen.out.split_inclusive('\n').map(without_time).collect();
    screen
}

fn without_time(line: &str) -> String {
    let is_number = |text: &str| text.chars().all(|c| c.is_ascii_digit() || c == '.') && !text.is_empty();
    if let Some((start, _)) = line.split_once("\"took_ms\": ") {
        return format!("{start}\"took_ms\": TIME,\n");
    }
    match line.rsplit_once(", ") {
        Some((start, end)) if start.contains(", seed ") && is_number(end.split(' ').next().unwrap_or("")) => {
            let rest = end.find([';', '\n']).map_or("", |at| &end[at..]);
            format!("{start}, TIME{rest}")
        }
        _ => line.to_owned(),
    }
}

#[test]
fn two_rules_are_compared_in_each_format() {
    for format in ["text", "json", "github", "markdown"] {
        let screen = diff(&["certutil.kql", "other.kql", "--cases", "3000", "--format", format]);
        insta::assert_snapshot!(format!("two_rules_as_{format}"), screen);
    }
}

#[test]
fn rules_with_the_same_meaning_have_no_difference() {
    insta::assert_snapshot!(diff(&["certutil.kql", "certutil.kql", "--cases", "2000"]));
    let published = diff(&["spec/rule.yaml", "--cases", "2000"]);
    assert_eq!(published.status, 0, "{published}");
    assert!(published.out.contains("\n\nno difference among 2000 events"), "{published}");
}

#[test]
fn the_same_seed_gives_the_same_result() {
    let of = |seed| diff(&["certutil.kql", "other.kql", "--cases", "500", "--seed", seed]).out;
    assert_eq!(of("3"), of("3"));
    assert_ne!(of("3"), of("4"));
}

#[test]
fn wrong_usage_names_the_remedy() {
    for (arguments, status, message) in [
        (
            &[][..],
            2,
            "nothing to compare; name one or two rules, or a port with --sql, --sigma or -- PROGRAM",
        ),
        (&["certutil.kql", "other.kql", "name.kql"], 2, "unexpected value"),
        (&["certutil.kql", "other.kql", "--", "true"], 2, "name at most one rule with a port"),
        (&["--sql", "name.sql"], 2, "that runs the statement: duckdb, sqlite, chdb, polars, spark"),
        (&["name.sql"], 2, "this is SQL, and rules are KQL; compare it with a rule: rulespec diff --sql "),
        (&["--sql", "name.sql", "--on", "sqlite", "--", "true"], 2, "cannot be used with"),
        (&["no-rule.kql"], 2, "no-rule.kql:1:29"),
        (&["missing.kql"], 2, "missing.kql"),
        (&["name.kql", "--sql", "missing.sql", "--on", "sqlite"], 2, "missing.sql"),
        (&["name.kql", "certutil.kql", "--events", "missing.json"], 1, "missing.json"),
        (&["name.kql", "--", "no-such-program-here"], 3, "cannot run \"no-such-program-here\""),
        (&["name.kql", "--sql", "name.sql", "--on", "sqlite", "--python", "no-python"], 3, "no-python"),
    ] {
        let screen = diff(arguments);
        assert_eq!(screen.status, status, "{arguments:?} {screen}");
        assert!(screen.err.contains(message), "{arguments:?} {screen}");
    }
}

#[test]
fn recorded_events_are_asked_about_first() {
    let arguments =
        ["name.kql", "spec/rule.kql", "--cases", "0", "--events", "examples/events/defender.jsonl"];
    insta::assert_snapshot!(diff(&arguments));
}

#[test]
fn what_cannot_be_read_of_recorded_events_is_told_in_each_format() {
    let folder = tempfile::tempdir().unwrap();
    let damaged = folder.path().join("damaged.jsonl");
    let event = r#"{"Timestamp": "2026-01-02T03:04:05Z", "FileName": "a.exe", "ProcessCommandLine": "a"}"#;
    std::fs::write(&damaged, format!("{event}\n{}{event}\n", "{\"FileName\": \n".repeat(25))).unwrap();
    let damaged = damaged.to_str().unwrap();
    let of = |format| {
        let files = ["--events", damaged, "--events", "missing.json"];
        diff(&[&["name.kql", "name.kql", "--cases", "100", "--format", format][..], &files].concat())
    };
    for format in ["text", "github", "markdown"] {
        let screen = of(format);
        assert_eq!(screen.status, 1, "{screen}");
        assert!(screen.out.contains("26 parts of the recorded events could not be read"), "{screen}");
        assert!(screen.out.contains("no difference so far among 102 events, 2 of them recorded"), "{screen}");
        assert!(screen.err.contains("damaged.jsonl:2: "), "{screen}");
        assert!(screen.err.ends_with("missing.json: there is no such file; check the path\n"), "{screen}");
        assert_eq!(screen.err.lines().filter(|line| line.contains("damaged.jsonl")).count(), 21, "{screen}");
        assert!(screen.err.contains("damaged.jsonl: more errors not shown\n"), "{screen}");
    }
    let github = of("github").out;
    let missing = "::error file=missing.json,title=cannot be read::there is no such file%0Acheck the path\n";
    assert!(
        github.contains("damaged.jsonl,line=2,title=cannot be read::") && github.contains(missing),
        "{github}"
    );
    let screen = of("json");
    let found: Json = serde_json::from_str(&screen.out.replace(": TIME", ": 1")).unwrap();
    let unread = &found["unread"];
    let faults = unread["faults"].as_array().unwrap();
    assert_eq!(
        (&unread["count"], faults.len(), &found["complete"]),
        (&json!(26), 21, &json!(true)),
        "{screen}"
    );
    assert_eq!(faults[0]["place"], json!({"file": damaged, "line": 2}));
    let missing = json!({
        "place": {"file": "missing.json"},
        "what": "there is no such file",
        "remedy": "check the path",
    });
    assert_eq!(faults[20], missing);
}

#[test]
fn the_default_of_an_absent_column_is_compared() {
    insta::assert_snapshot!(diff(&["absent.kql", "absent-empty.kql", "--cases", "500"]));
}

#[test]
fn tables_of_several_events_are_compared() {
    insta::assert_snapshot!("tables_distinct", diff(&["all-names.kql", "distinct.kql", "--cases", "500"]));
}

#[test]
fn a_port_in_sql_is_run() {
    let right = diff(&["name.kql", "--sql", "name.sql", "--on", "sqlite", "--cases", "600"]);
    assert_eq!(right.status, 0, "{right}");
    let wrong = diff(&["certutil.kql", "--sql", "certutil.sql", "--on", "sqlite", "--cases", "2000"]);
    assert_eq!(wrong.status, 1, "{wrong}");
    assert!(wrong.out.contains("has-as-substring"), "{wrong}");
    let broken = diff(&["name.kql", "--sql", "syntax-error.sql", "--on", "sqlite", "--cases", "600"]);
    assert_eq!(broken.status, 3, "{broken}");
    assert!(broken.err.contains("syntax error"), "{broken}");
}

#[cfg(unix)]
#[test]
fn a_package_that_is_missing_is_told_with_its_python() {
    use std::os::unix::fs::PermissionsExt;

    let folder = tempfile::tempdir().unwrap();
    let python = folder.path().join("python");
    std::fs::write(&python, "#!/bin/sh\nexec python3 -S \"$@\"\n").unwrap();
    std::fs::set_permissions(&python, std::fs::Permissions::from_mode(0o755)).unwrap();
    let python = python.to_str().unwrap();
    let screen = diff(&["name.kql", "--sql", "name.sql", "--on", "duckdb", "--python", python]);
    let message = format!(
        "rulespec: the engine says that it cannot run: No module named 'duckdb': run `pip install duckdb`; \
         use the pip of {python}, or name a Python that has the package with --python\n"
    );
    assert_eq!((screen.status, screen.err, screen.out.as_str()), (3, message, ""));
}

fn problems(difference: &Json) -> Vec<String> {
    let mut schema: Json =
        serde_json::from_str(include_str!("../../../spec/schema/diff.schema.json")).unwrap();
    schema["additionalProperties"] = json!(false);
    schema["properties"]["unread"]["additionalProperties"] = json!(false);
    for name in ["finding", "decider", "columns", "fault"] {
        schema["$defs"][name]["additionalProperties"] = json!(false);
    }
    let detection = include_str!("../../../spec/schema/detection.schema.json");
    schema["$defs"]["of-detection"] = serde_json::from_str(detection).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    validator.iter_errors(difference).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

#[test]
fn the_json_has_the_form_of_its_schema() {
    let port = ["--", "python3", "tests/engines/port.py"];
    let of_port = |mode| [&["certutil.kql", "--cases", "40"][..], &port, &[mode]].concat();
    for arguments in [
        vec!["certutil.kql", "other.kql", "--cases", "1000"],
        vec!["absent.kql", "absent-empty.kql", "--cases", "300"],
        vec!["all-names.kql", "distinct.kql", "--cases", "300"],
        vec!["name.kql", "spec/rule.kql", "--cases", "0", "--events", "examples/events/defender.jsonl"],
        vec!["name.kql", "name.kql", "--cases", "0", "--events", "missing.json"],
        of_port("exits"),
        of_port("twice"),
        of_port("crashes-on-a-kind"),
    ] {
        let arguments = [&["--format", "json"][..], &arguments].concat();
        let out = diff(&arguments).out.replace("\"took_ms\": TIME", "\"took_ms\": 1");
        let mut difference: Json = serde_json::from_str(&out).unwrap();
        assert_eq!(problems(&difference), Vec::<String>::new(), "{difference:#}");
        for (path, value) in [
            ("/more", json!(-1)),
            ("/findings", json!({})),
            ("/given_up", json!(1)),
            ("/columns/only_a", json!(0)),
            ("/unread/count", json!(-1)),
            ("/unread/faults", json!([{"place": "a.json:1", "what": "", "remedy": ""}])),
        ] {
            let right = difference.pointer(path).unwrap().clone();
            *difference.pointer_mut(path).unwrap() = value;
            assert_ne!(problems(&difference), Vec::<String>::new(), "{path}");
            *difference.pointer_mut(path).unwrap() = right;
        }
    }
}
