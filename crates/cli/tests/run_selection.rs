//! `rulespec run --since --until`, and what the summary says of the events.

use std::fs;
use std::path::PathBuf;

use serde_json::{Value as Json, json};

use super::screen::{Screen, rulespec};

/// An export with an event at each of these times; an empty one is left out.
fn export(times: &[&str], command_line: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("events.jsonl");
    let line = |time: &&str| {
        let mut row = json!({"FileName": "bitsadmin.exe", "ProcessCommandLine": command_line});
        row["Timestamp"] = json!(time);
        format!("{row}\n")
    };
    fs::write(&path, times.iter().map(line).collect::<String>()).unwrap();
    (folder, path)
}

const TIMES: [&str; 5] =
    ["2026-01-01T23:59:59Z", "2026-01-02T00:00:00Z", "2026-01-02T12:00:00Z", "2026-01-03T00:00:00Z", ""];

fn run(path: &std::path::Path, options: &[&str]) -> Screen {
    rulespec([&["run", path.to_str().unwrap(), "--format", "jsonl"], options].concat())
}

#[test]
fn events_outside_the_range_of_time_do_not_count() {
    let (_folder, path) = export(&TIMES, "bitsadmin /addfile j u f");
    for (options, kept) in [
        (&["--since", "2026-01-02"][..], &[1, 2, 3][..]),
        (&["--until", "2026-01-02"], &[0, 1, 2]),
        (&["--until", "2026-01-02T00:00"], &[0]),
        (&["--since", "2026-01-02", "--until", "2026-01-02"], &[1, 2]),
        (&["--since", "2026-01-02T13:00+01:00", "--until", "2026-01-03T00:00:00Z"], &[2]),
        (&["--since", "2026-02-01"], &[]),
    ] {
        let screen = run(&path, options);
        let shown: Vec<Json> = screen.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let times: Vec<&str> =
            shown.iter().map(|event| event["TimeGenerated"].as_str().unwrap_or_default()).collect();
        let expected: Vec<String> = kept.iter().map(|at| TIMES[*at].replace('Z', ".0000000Z")).collect();
        assert_eq!(times[..times.len() - 1], expected, "{options:?}");
        assert_eq!((times.last(), screen.status), (Some(&""), 0), "an event without a time is kept");
        let (inside, outside) = (kept.len() + 1, 4 - kept.len());
        let summary = format!(
            "events    {inside}: {inside} Defender\nrange     {outside} events outside it; 1 without a time, \
             kept\nmatches   {inside}: 1 without a time\n"
        );
        assert!(screen.err.ends_with(&summary), "{screen}");
    }
    for (options, counts) in [
        (&[][..], "events    5: 5 Defender\nmatches   5: 1 without a time\n"),
        (&["--all"], "events    5: 5 Defender\n          1 without a time\nmatches   5: 1 without a time\n"),
    ] {
        let screen = run(&path, options);
        assert!(screen.err.ends_with(counts), "{screen}");
    }
}

#[test]
fn a_range_selects_events_before_the_alerts_and_the_other_events() {
    let (_folder, path) = export(&TIMES[..4], "bitsadmin /list");
    let all = run(&path, &["--all", "--since", "2026-01-03"]);
    assert_eq!(all.out.lines().count(), 1);
    // Events that cannot match are counted in the range, too.
    assert!(run(&path, &["--since", "2026-01-03"]).err.contains("events    1: 1 Defender\n"));
    let (_folder, path) = export(&TIMES[..4], "bitsadmin /addfile j u f");
    assert_eq!(run(&path, &["--alerts", "--since", "2026-01-02T12:00"]).out.lines().count(), 2);
}

#[test]
fn a_range_without_times_and_text_that_is_no_time_are_wrong_usage() {
    for (options, message) in [
        (&["--since", "2026-01-03", "--until", "2026-01-02"][..], "no time is in the range"),
        (&["--since", "yesterday"], "write it as 2026-01-02"),
        (&["--until", "2026-02-30"], "write it as 2026-01-02"),
    ] {
        let screen = run("x".as_ref(), options);
        assert!(screen.status == 2 && screen.err.contains(message), "{screen}");
    }
}

#[test]
fn events_without_a_command_line_or_a_program_are_counted_by_source() {
    let event = |provider: &str, id: u32, data: &[(&str, &str)]| {
        let data: String =
            data.iter().map(|(name, value)| format!("<Data Name='{name}'>{value}</Data>")).collect();
        format!(
            "<Event><System><Provider Name='Microsoft-Windows-{provider}'/><EventID>{id}</EventID>\
             </System><EventData>{data}</EventData></Event>"
        )
    };
    let program = ("NewProcessName", r"C:\a.exe");
    let events = [
        event("Security-Auditing", 4688, &[program, ("CommandLine", "")]),
        event("Security-Auditing", 4688, &[program]),
        event("Security-Auditing", 4688, &[program, ("CommandLine", "a")]),
        event("Security-Auditing", 4688, &[("NewProcessName", ""), ("CommandLine", "a")]),
        event("Sysmon", 1, &[("Image", r"C:\bitsadmin.exe"), ("CommandLine", "")]),
    ];
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.xml");
    fs::write(&path, format!("<Events>{}</Events>", events.concat())).unwrap();
    for options in [&[][..], &["--all"], &["--since", "2026-01-01"]] {
        let counts = "          3 without a command line: 1 Sysmon 1; 2 Security 4688\n          \
                      1 without a program: 1 Security 4688\n";
        let screen = run(&path, options);
        assert!(screen.err.contains(counts), "{screen}");
    }
}

#[test]
fn the_order_of_day_and_month_can_be_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("dates.csv");
    let header = "Timestamp,FileName,ProcessCommandLine";
    fs::write(&path, format!("{header}\n6/3/2026 18:20,bitsadmin.exe,x /addfile u f\n")).unwrap();
    for (order, expected) in
        [("month-first", "2026-06-03T18:20:00.0000000Z"), ("day-first", "2026-03-06T18:20:00.0000000Z")]
    {
        let screen = run(&path, &["--strict", "--date-order", order]);
        let event: Json = serde_json::from_str(&screen.out).unwrap();
        assert_eq!((screen.status, &event["TimeGenerated"]), (0, &json!(expected)), "{screen}");
    }
    let without = run(&path, &["--strict"]);
    assert!(without.status == 1 && without.err.contains("name the order with --date-order"), "{without}");
    assert!(without.err.contains("the first \"6/3/2026 18:20\" in "), "{without}");
}

#[test]
fn the_zone_of_local_times_can_be_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("local.csv");
    let header = "Timestamp [Local Time],FileName,ProcessCommandLine";
    fs::write(&path, format!("{header}\n2026-07-02 03:04:05,bitsadmin.exe,x /addfile u f\n")).unwrap();
    for (options, expected) in [
        (&["--time-zone", "Europe/Berlin"][..], "2026-07-02T01:04:05.0000000Z"),
        (&["--time-zone", "-05:00"], "2026-07-02T08:04:05.0000000Z"),
        (&["--time-zone", "+02:00", "--until", "2026-07-02T01:05"], "2026-07-02T01:04:05.0000000Z"),
    ] {
        let screen = run(&path, options);
        let event: Json = serde_json::from_str(&screen.out).unwrap();
        assert_eq!((screen.status, &event["TimeGenerated"]), (0, &json!(expected)), "{screen}");
    }
    let without = run(&path, &["--strict"]);
    assert!(without.status == 1 && without.err.contains("name the zone with --time-zone"), "{without}");
    let wrong = run(&path, &["--time-zone", "Nowhere"]);
    assert!(wrong.status == 2 && wrong.err.contains("name one such as Europe/Berlin"), "{wrong}");
}
