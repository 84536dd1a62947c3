//! `rulespec run` with open pipes and with an output that fails.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use assert_cmd::cargo::cargo_bin;
use serde_json::{Value as Json, json};

const EXAMPLE: &str = "examples/events/sysmon.xml";

fn rulespec(options: &[&str]) -> Command {
    let mut command = Command::new(cargo_bin("rulespec"));
    command.current_dir(rulespec_testing::files::ROOT).arg("run").args(options);
    command.env("COLUMNS", "120").stdin(Stdio::null());
    command
}

#[test]
fn tel_71_events_from_a_pipe_are_reported_while_it_is_open() {
    let line = json!({"Timestamp": "2026-01-02T03:04:05Z", "FileName": "bitsadmin.exe",
        "ProcessCommandLine": "x /addfile u f"});
    let xml = "<Event><System><Provider Name='Microsoft-Windows-Sysmon'/><EventID>1</EventID></System>\
               <EventData><Data Name='Image'>bitsadmin.exe</Data>\
               <Data Name='CommandLine'>x /addfile u f</Data></EventData></Event>";
    let row = "2026-01-02T03:04:05Z,bitsadmin.exe,x /addfile u f\n";
    let inputs = [
        (format!("{line}\n"), format!("{line}\n")),
        (format!("[\n{line},\n"), format!("{line}\n]")),
        (format!("<Events>{xml}"), format!("{xml}</Events>")),
        (format!("Timestamp,FileName,ProcessCommandLine\n{row}"), row.to_owned()),
    ];
    for (first, second) in inputs {
        let mut command = rulespec(&["--format", "jsonl", "-"]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let (mut pipe, output) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        let mut lines = BufReader::new(output).lines();
        for text in [first, second] {
            pipe.write_all(text.as_bytes()).unwrap();
            // This would block forever if the command waited for the end of the pipe.
            let detection: Json = serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap();
            assert_eq!(detection["_rulespec"]["match"], json!(true));
        }
        drop(pipe);
        assert_eq!(lines.count(), 0);
        assert!(child.wait().unwrap().success());
    }
}

#[test]
fn csv_rows_have_the_same_number_of_fields() {
    for more in [&["--entities"][..], &["--explain"], &["--entities", "--explain"]] {
        let output = rulespec(&["--format", "csv", "--all", EXAMPLE]).args(more).output().unwrap();
        assert_eq!((output.status.code(), output.stderr.starts_with(b"files")), (Some(0), true));
        let mut reader = csv::Reader::from_reader(output.stdout.as_slice());
        let fields: Vec<usize> = reader.records().map(|record| record.unwrap().len()).collect();
        assert!(fields.len() > 2);
        assert!(fields.iter().all(|&count| count == 23 + more.len()), "{fields:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_failure_to_write_output_is_reported() {
    for format in ["table", "jsonl", "json", "csv", "markdown"] {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let output = rulespec(&["--format", format, EXAMPLE]).stdout(full).output().unwrap();
        assert_eq!(output.status.code(), Some(5));
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(error.starts_with("rulespec: cannot write to standard output: "), "{format}: {error}");
    }
}
