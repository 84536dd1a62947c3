//! `rulespec run --rule`: rules that cannot be run on an event, and rules that need all events.

use std::fs;
use std::path::Path;

use serde_json::{Value as Json, json};
use tempfile::TempDir;

use super::screen::{Screen, rulespec};

/// A folder with a rule and an export of these rows.
fn folder(rule: &str, rows: &[Json]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("rule"), rule).unwrap();
    let lines: String = rows.iter().map(|row| format!("{row}\n")).collect();
    fs::write(folder.path().join("export.jsonl"), lines).unwrap();
    folder
}

fn row(device: &str, second: u32, command_line: &str) -> Json {
    json!({"TimeGenerated": format!("2026-01-02T03:04:{second:02}Z"), "DeviceName": device,
        "FileName": "x.exe", "ProcessId": 7, "ProcessCommandLine": command_line})
}

fn run(folder: &Path, options: &[&str]) -> Screen {
    let paths = [folder.join("rule"), folder.join("export.jsonl")].map(|path| path.display().to_string());
    rulespec([&["run", "--rule", &paths[0], &paths[1]], options].concat())
}

fn objects(screen: &Screen) -> Vec<Json> {
    screen.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn a_rule_that_cannot_be_run_on_an_event_exits_with_1_and_the_remedy_fits() {
    let mut named_name = row("a", 1, "x");
    named_name["Name"] = json!("y");
    // In Defender XDR, AdditionalFields is a string.
    let mut of_xdr = row("a", 1, "x");
    let time = of_xdr.as_object_mut().unwrap().remove("TimeGenerated").unwrap();
    of_xdr["Timestamp"] = time;
    let other = "change this part of the rule, or exclude such events before it";
    let wrong = "leave the column of another type out of the export, or convert it in the rule";
    let named = "leave this column out of the export, or give that of the rule another name";
    for (rule, bad, what) in [
        (
            "extend A = replace_regex(ProcessCommandLine, 'z*', 'y')",
            row("a", 1, "x"),
            format!("unsupported: a match of no characters; {other}"),
        ),
        (
            "extend A = replace_string(ProcessCommandLine, 'x', strrep('long', 1000))",
            row("a", 1, &"x".repeat(2_000)),
            format!("unsupported: a string of more than 4 MiB; {other}"),
        ),
        (
            "where AdditionalFields.a == 'x'",
            of_xdr,
            format!("wrong-type: 1:29: this is of type string, but [] needs a dynamic here; {wrong}"),
        ),
        (
            "project-rename Name = FileName",
            named_name,
            format!("repeated-column: 1:38: column \"Name\" is named twice; {named}"),
        ),
    ] {
        let folder = folder(&format!("DeviceProcessEvents | {rule}"), &[bad]);
        let expected = format!("export.jsonl:1: the rule cannot run: {what}\n");
        for options in [&[][..], &["--strict"]] {
            let screen = run(folder.path(), options);
            assert!(screen.err.contains(&expected), "{expected} {screen}");
            assert!(screen.err.ends_with("errors    1: 1 in running the rule\n"), "{screen}");
            assert_eq!(screen.status, 1, "{screen}");
        }
    }
}

#[test]
fn a_rule_may_read_the_time_of_the_other_schema() {
    let [absent, mut empty, mut both] = [(); 3].map(|()| row("a", 1, "x"));
    empty["Timestamp"] = Json::Null;
    both["Timestamp"] = json!("2026-01-02T03:04:05Z");
    let rows = [absent, empty, both];
    for sort in ["", " | sort by FileName asc"] {
        let rule = format!("DeviceProcessEvents | where Timestamp > datetime(2020-01-01){sort}");
        let screen = run(folder(&rule, &rows).path(), &["--format=jsonl"]);
        assert_eq!((screen.status, objects(&screen).len()), (0, 3), "{screen}");
    }
}

#[test]
fn an_error_in_a_step_that_needs_all_events_exits_with_1() {
    let rule = "DeviceProcessEvents | sort by FileName | extend A = replace_regex(DeviceName, 'z*', 'y')";
    let folder = folder(rule, &[row("a", 1, "x")]);
    let screen = run(folder.path(), &["--quiet"]);
    let expected = "the rule cannot run: unsupported: a match of no characters; \
                    change this part of the rule, or exclude such events before it\n";
    assert!(screen.err.ends_with(expected), "{screen}");
    assert_eq!((screen.status, screen.out.as_str()), (1, ""));
}

#[test]
fn held_detections_are_shown_in_order_and_otherwise_like_others() {
    let rows =
        [row("a", 1, "x 1"), row("b", 3, "x 3"), row("a", 2, "x 2"), row("b", 4, "x 3"), row("c", 5, "y")];
    let rule = "DeviceProcessEvents | where ProcessCommandLine has 'x'";
    let (held, plain) = (folder(&format!("{rule} | sort by TimeGenerated asc"), &rows), folder(rule, &rows));
    let run = |folder: &TempDir, options: &[&str]| {
        let screen = run(folder.path(), options);
        let path = folder.path().to_str().unwrap();
        assert_eq!(screen.status, 0, "{screen}");
        assert!(
            screen.err.contains("matches   4: 1 for a process reported by an earlier match\n"),
            "{screen}"
        );
        Screen { out: screen.out.replace(path, ""), ..screen }
    };
    // What is from the event, or about it. The columns of held detections are all that are known.
    let about = |folder: &TempDir| {
        let screen = run(folder, &["--format=jsonl", "--explain", "--entities"]);
        let objects = objects(&screen).into_iter();
        objects.map(|object| [object["ProcessCommandLine"].clone(), object["_rulespec"].clone()]).collect()
    };
    let (sorted, mut expected): (Vec<[Json; 2]>, Vec<[Json; 2]>) = (about(&held), about(&plain));
    expected.swap(1, 2);
    assert_eq!(sorted, expected);
    assert!(sorted[3][1]["duplicate_of"].is_object(), "{sorted:?}");
    let process = |folder: &TempDir| {
        let screen = run(folder, &["--format=markdown"]);
        let lines = screen.out.lines().filter(|line| line.starts_with("- process: `x.exe`"));
        lines.count()
    };
    assert_eq!((process(&held), process(&plain)), (4, 4));
}

#[test]
fn the_entities_of_a_held_detection_are_those_of_its_last_columns() {
    let rule = "name: Test\nquery: |\n  DeviceProcessEvents | sort by TimeGenerated asc | project Host = DeviceName\n\
                entityMappings:\n  - entityType: Host\n    fieldMappings:\n      - identifier: HostName\n        columnName: Host\n";
    let folder = folder(rule, &[row("a", 1, "x")]);
    let screen = run(folder.path(), &["--format=jsonl", "--entities"]);
    let entities = &objects(&screen)[0]["_rulespec"]["entities"];
    assert_eq!(entities[0]["identifiers"]["HostName"], "a", "{screen}");
}
