//! The exit status if the reader of standard output leaves, or if standard output cannot be written.

use std::fs::OpenOptions;
use std::process::{Command, Output, Stdio};

use assert_cmd::cargo::cargo_bin;

const NAIVE: &str = "tests/engines/naive.py";
const SAVED: &str = "spec/observed/adxlite.json";
#[cfg(feature = "events")]
const EVENTS: &str = "examples/events/sysmon.xml";

fn command(arguments: &str) -> Command {
    let mut command = Command::new(cargo_bin("rulespec"));
    command.current_dir(rulespec_testing::files::ROOT).args(arguments.split(' '));
    command.stdin(Stdio::null()).stderr(Stdio::piped());
    command
}

/// Runs the command with a pipe that nobody reads as its standard output.
fn without_reader(arguments: &str) -> Output {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    command(arguments).stdout(writer).output().unwrap()
}

#[test]
fn a_closed_pipe_does_not_change_the_exit_status() {
    let naive = format!("-- python3 {NAIVE}");
    for (arguments, status) in [
        (format!("check -v {naive}"), 1),
        (format!("check --format junit {naive}"), 1),
        (format!("digest --fn has {naive}"), 1),
        (format!("explore --seed 7 --cases 300 --fn has {naive}"), 1),
        (format!("explore --seed 7 --cases 300 --fn has --format json {naive}"), 1),
        ("smoke -- python3 tests/engines/faulty.py exits-3".to_owned(), 1),
        ("lint tests/fixtures/suite".to_owned(), 4),
        ("check -v".to_owned(), 0),
        ("check --fn has -o /dev/stdout".to_owned(), 0),
        ("export csv".to_owned(), 0),
        ("export jsonl".to_owned(), 0),
        ("export kql".to_owned(), 0),
        ("list vectors".to_owned(), 0),
        ("show CMD-07".to_owned(), 0),
        ("man".to_owned(), 0),
        ("completions bash".to_owned(), 0),
        ("--help".to_owned(), 0),
        ("digest --fn has --lines".to_owned(), 0),
        (format!("report {SAVED}"), 0),
    ] {
        let Output { status: ended, stderr, .. } = without_reader(&arguments);
        let stderr = String::from_utf8(stderr).unwrap();
        assert_eq!(
            (ended.code(), stderr.contains("rulespec:")),
            (Some(status), false),
            "{arguments}: {stderr}"
        );
    }
}

#[cfg(feature = "events")]
#[test]
fn run_without_a_reader_fails_only_for_what_it_has_read() {
    for format in ["table", "jsonl", "json", "csv", "markdown"] {
        for more in ["", " --all", " --alerts"] {
            let arguments = format!("run --quiet --format {format}{more} {EVENTS} {EVENTS}");
            let output = without_reader(&arguments);
            assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]), "{arguments}");
        }
    }
    let output = without_reader(&format!("run --quiet --strict --format json no/such/file {EVENTS}"));
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(without_reader("run --quiet --format json no/such/file").status.code(), Some(1));
    let both = without_reader(&format!("run --quiet --format json no/such/file {EVENTS}"));
    assert_eq!(both.status.code(), Some(1), "what was read before the reader left decides");
}

#[test]
fn standard_output_that_cannot_be_written_exits_with_5() {
    for arguments in [
        "--help",
        "--version",
        "check --help",
        "check --fn has",
        "check --fn has --format html",
        "explore --cases 10",
        "bench --fn has --time 0.01 --rounds 6",
        "digest --fn has --length 2",
        "digest --fn has --length 2 --lines",
        "digest --fn has --length 2 --format csv",
        "smoke -- python3 engines/python/engine.py",
        &format!("report {SAVED}"),
        "export csv",
        "export jsonl",
        "export kql",
        "export kql --rule",
        "export kql --open-points",
        "list vectors",
        "list vectors --format json",
        "show CMD-07",
        "lint",
        "man",
        "completions bash",
        #[cfg(feature = "events")]
        &format!("run {EVENTS}"),
    ] {
        let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
        let output = command(arguments).stdout(full).output().unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(
            error.contains("rulespec: cannot write to standard output: No space left"),
            "{arguments}: {error}"
        );
        assert_eq!(output.status.code(), Some(5), "{arguments}");
    }
}

#[test]
fn standard_error_that_cannot_be_written_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("spec");
    for (arguments, status) in
        [("show CMD-99", 2), ("no-such", 2), (&format!("copy {}", target.display()), 0)]
    {
        let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
        assert_eq!(
            command(arguments).stderr(full).output().unwrap().status.code(),
            Some(status),
            "{arguments}"
        );
    }
}

#[test]
fn serve_ends_if_its_reader_leaves_and_fails_if_it_cannot_write() {
    let serve = |stdout: Stdio| {
        let mut command = command("serve");
        let (input, mut calls) = std::io::pipe().unwrap();
        std::io::Write::write_all(&mut calls, b"{\"op\":\"hello\",\"protocol\":1}\n").unwrap();
        drop(calls);
        command.stdin(input).stdout(stdout).output().unwrap().status.code()
    };
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    assert_eq!(serve(writer.into()), Some(0));
    assert_eq!(serve(OpenOptions::new().write(true).open("/dev/full").unwrap().into()), Some(5));
}
