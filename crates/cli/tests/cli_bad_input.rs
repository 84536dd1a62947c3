//! `rulespec run` on invalid input: each error is reported with its place and remedy, and the input
//! around it is still read.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use assert_cmd::cargo::cargo_bin;
use flate2::Compression;
use flate2::write::GzEncoder;
use rulespec_testing::files::ROOT;
use serde_json::{Value as Json, json};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// The results for one file.
struct Output {
    /// The command line of each match, in order.
    matches: Vec<String>,
    /// The error messages, without the path of the file.
    faults: Vec<String>,
    code: Option<i32>,
}

fn run(path: &Path, options: &[&str]) -> Output {
    let mut command = Command::new(cargo_bin("rulespec"));
    command.args(["run", "--quiet", "--format", "jsonl"]).args(options).arg(path).stdin(Stdio::null());
    let output = command.output().unwrap();
    let lines = String::from_utf8(output.stdout).unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    let command_line = |line: &str| {
        let detection: Json = serde_json::from_str(line).unwrap();
        detection["ProcessCommandLine"].as_str().unwrap().to_owned()
    };
    let prefix = format!("rulespec: {}", path.display());
    Output {
        matches: lines.lines().map(command_line).collect(),
        faults: errors.lines().map(|line| line.strip_prefix(&prefix).unwrap().to_owned()).collect(),
        code: output.status.code(),
    }
}

/// Asserts that a file has these matches and error messages, and that it only fails without matches
/// or with `--strict`.
#[track_caller]
fn assert_output(path: &Path, matches: &[&str], faults: &[&str]) {
    let output = run(path, &[]);
    assert_eq!((&output.matches[..], &output.faults[..]), (&*owned(matches), &*owned(faults)));
    assert_eq!(output.code, Some(i32::from(matches.is_empty())));
    let strict = run(path, &["--strict"]);
    assert_eq!((strict.matches, strict.faults, strict.code), (output.matches, output.faults, Some(1)));
}

fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

const BEFORE: &str = "before /addfile u f";
const AFTER: &str = "after /addfile u f";

fn object(command_line: &str) -> Json {
    json!({"Timestamp": "2026-01-02T03:04:05Z", "FileName": "bitsadmin.exe", "ProcessCommandLine": command_line})
}

/// A line of JSON Lines.
fn row(command_line: &str) -> Vec<u8> {
    format!("{}\n", object(command_line)).into_bytes()
}

/// An event as XML.
fn event(command_line: &str) -> String {
    format!(
        "<Event><System><Provider Name='Microsoft-Windows-Sysmon'/><EventID>1</EventID></System>\
         <EventData><Data Name='Image'>bitsadmin.exe</Data>\
         <Data Name='CommandLine'>{command_line}</Data></EventData></Event>"
    )
}

/// A file in a temporary folder, which must be kept alive.
fn file(bytes: impl AsRef<[u8]>) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bad");
    fs::write(&path, bytes).unwrap();
    (folder, path)
}

/// A JSON Lines file with a bad line between two good ones.
fn between(bad: &[u8]) -> (tempfile::TempDir, PathBuf) {
    file([&row(BEFORE), bad, b"\n", &row(AFTER)].concat())
}

#[test]
fn empty_files_are_reported() {
    let (_folder, path) = file("");
    assert_output(&path, &[], &[": is empty; name a file that has events"]);
    let (_folder, path) = file(" \n\n");
    assert_output(&path, &[], &[": is a blank text; name a file that has events"]);
}

#[test]
fn missing_files_and_directories_are_reported() {
    let folder = tempfile::tempdir().unwrap();
    assert_output(folder.path(), &[], &[": has no files; name one that has"]);
    assert_output(&folder.path().join("none"), &[], &[": there is no such file; check the path"]);
}

#[test]
fn files_of_unknown_format_are_reported() {
    for (bytes, expected) in [
        (&b"MZ\x90\0\x03"[..], ": is a Windows program; name a file that has events"),
        (b"name,age\nx,1\n", ": is a text of an unknown format; name the format with --input-format"),
        (&[0; 10_000], ": is a file of zeros; get an undamaged copy"),
        // What follows a hole may be events.
        (&[0; 100_000], ":1: more than 64 KiB of U+0000; correct the line, or export it again"),
        ("Grüße\n".as_bytes(), ": is a text of an unknown format; name the format with --input-format"),
    ] {
        let (_folder, path) = file(bytes);
        assert_output(&path, &[], &[expected]);
    }
}

#[test]
fn invalid_utf_8_loses_only_its_line() {
    let bad = [&row("x")[..40], b"\xff\xfe", &row("x")[40..]].concat();
    let (_folder, path) = between(bad.trim_ascii_end());
    let fault = ":2: byte 40 of the object is not UTF-8; save the export as UTF-8";
    assert_output(&path, &[BEFORE, AFTER], &[fault]);

    let xml = [event(BEFORE).as_bytes(), b"<Event>\xff</Event>", event(AFTER).as_bytes()].concat();
    let (_folder, path) = file(xml);
    let at = event(BEFORE).len() + "<Event>".len();
    let fault =
        format!(": byte {at}: the event here is not UTF-8; the events around it were read; export it again");
    assert_output(&path, &[BEFORE, AFTER], &[&fault]);
}

#[test]
fn a_json_line_of_50_mb_loses_only_itself() {
    let remedy = "correct the line, or export it again";
    let (_folder, path) =
        between(&[b"{\"x\": \"".to_vec(), vec![b'x'; 50_000_000], b"\"}".to_vec()].concat());
    let fault = format!(":2: an object of 50000009 bytes is longer than 16777216 bytes; {remedy}");
    assert_output(&path, &[BEFORE, AFTER], &[&fault]);
}

#[test]
fn a_line_of_50_mb_without_json_loses_only_itself() {
    let (_folder, path) = between(&vec![b'x'; 50_000_000]);
    let fault = ":2: not a JSON object; correct the line, or export it again";
    assert_output(&path, &[BEFORE, AFTER], &[fault]);
}

#[test]
fn deep_nesting_loses_only_itself() {
    let (open, close) = (r#"{"a":"#.repeat(10_000), "}".repeat(10_000));
    let (_folder, path) = between(format!("{open}1{close}").as_bytes());
    let fault =
        ":2: recursion limit exceeded at byte 636 of the object; correct the object, or export it again";
    assert_output(&path, &[BEFORE, AFTER], &[fault]);
    let (_folder, path) = between(open.as_bytes());
    let fault = ":2: the object is cut off by the next one; correct the line, or export it again";
    assert_output(&path, &[BEFORE, AFTER], &[fault]);
    let deep = event(&"<a>".repeat(10_000));
    let (_folder, path) = file([event(BEFORE), deep, event(AFTER)].concat());
    let output = run(&path, &[]);
    assert_eq!(output.matches, [BEFORE, AFTER]);
    assert_eq!(output.faults.len(), 1);
}

#[test]
fn missing_csv_columns_are_reported() {
    let (_folder, path) = file("Timestamp,DeviceId,DeviceName\n2026-01-02T03:04:05Z,d,n\n");
    let lacks = ": the header lacks FileName, ProcessCommandLine";
    let remedy = "export the rows of DeviceProcessEvents with these columns";
    assert_output(&path, &[], &[&format!("{lacks}; {remedy}")]);
}

#[test]
fn a_short_csv_row_loses_only_itself() {
    let good = |line: &str| format!("2026-01-02T03:04:05Z,bitsadmin.exe,{line}\n");
    let rows = [good(BEFORE), "2026-01-02T03:04:05Z,bitsadmin.exe\n".to_owned(), good(AFTER)].concat();
    let (_folder, path) = file(format!("Timestamp,FileName,ProcessCommandLine\n{rows}"));
    let fault = ":3: the row has 2 fields, but the header has 3; correct the row, or export it again";
    assert_output(&path, &[BEFORE, AFTER], &[fault]);
}

#[test]
fn a_zip_bomb_is_abandoned() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bad");
    let mut writer = ZipWriter::new(File::create(&path).unwrap());
    let (start, mebibyte) = ([row(BEFORE), b"{\"x\": \"".to_vec()].concat(), vec![b'x'; 1 << 20]);
    writer.start_file("bomb", SimpleFileOptions::default()).unwrap();
    writer.write_all(&start).unwrap();
    for _ in 0..257 {
        writer.write_all(&mebibyte).unwrap();
    }
    writer.finish().unwrap();
    let fault = "!bomb:2: the archive unpacks to more than 256 MiB and 250 times its size; \
                 everything before it was read; unpack it yourself if you trust it";
    let output = run(&path, &[]);
    assert_eq!(
        (&*output.matches, &*output.faults, output.code),
        (&*owned(&[BEFORE]), &*owned(&[fault]), Some(0))
    );
}

#[test]
fn a_truncated_gz_is_read_up_to_its_end() {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::none());
    encoder.write_all(&[row(BEFORE), row(AFTER)].concat()).unwrap();
    let whole = encoder.finish().unwrap();
    let (_folder, path) = file(&whole[..whole.len() - 30]);
    let fault = ":2: incomplete deflate stream; everything before it was read; get an undamaged copy";
    assert_output(&path, &[BEFORE], &[fault]);
}

/// The event log of the examples: one chunk, and two matches.
fn log() -> Vec<u8> {
    fs::read(Path::new(ROOT).join("examples/events/sysmon.evtx")).unwrap()
}

#[test]
fn a_truncated_event_log_is_read_up_to_its_end() {
    let whole = log();
    let (_folder, path) = file(&whole[..whole.len() - 1_000]);
    let output = run(&path, &[]);
    assert_eq!((output.matches.len(), output.code), (2, Some(0)));
    let at = whole.len() - 1_000;
    let fault = format!(
        ": byte {at}: the event log is truncated here, before the end of its last chunk; everything before it was read; copy the log again"
    );
    assert_eq!(output.faults, [fault]);
    let (_folder, path) = file(&whole[..200]);
    let output = run(&path, &[]);
    assert_eq!((output.matches.len(), output.code), (0, Some(1)));
    assert!(
        output.faults[0].starts_with(": byte 200: the event log is truncated here"),
        "{:?}",
        output.faults
    );
}

#[test]
fn a_corrupt_chunk_loses_only_itself() {
    let whole = log();
    let (header, chunk) = whole.split_at(4096);
    let broken = vec![b'x'; chunk.len()];
    let (_folder, path) = file([header, chunk, &broken, chunk].concat());
    let output = run(&path, &[]);
    assert_eq!((output.matches.len(), output.code), (4, Some(0)));
    let fault = ": byte 69632: there is neither the signature of a chunk nor a record in place of chunk 1; ";
    assert_eq!(output.faults.len(), 1);
    assert!(output.faults[0].starts_with(fault), "{:?}", output.faults);
    assert_eq!(run(&path, &["--strict"]).code, Some(1));
}
