//! Standard output and standard error that cannot be written.

use std::fs::OpenOptions;
use std::io::Read;
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use rulespec_testing::assert_none;

use super::{NAIVE, Outcome, outcome_of, rulespec, status_of};

/// Every command that writes, and arguments with which most of them have something to complain of.
const COMMANDS: &[&[&str]] = &[
    &["check", "-v", "--", "python3", NAIVE],
    &["check", "--format", "json", "--", "python3", NAIVE],
    &["check", "--format", "junit", "--", "python3", NAIVE],
    &["check", "--format", "github", "--", "python3", NAIVE],
    &["check", "--format", "html", "--", "python3", NAIVE],
    &["check"],
    &["explore", "--cases", "200", "--seed", "7", "--fn", "has", "--", "python3", NAIVE],
    &["explore", "--cases", "200", "--seed", "7", "--fn", "has", "--format", "json", "--", "python3", NAIVE],
    &["digest", "--fn", "has", "--length", "1", "--lines"],
    &["digest", "--fn", "has", "--length", "1", "--", "python3", NAIVE],
    &["digest", "--fn", "has", "--length", "1", "--format", "csv"],
    &["bench", "--fn", "has", "--time", "0.01", "--rounds", "6", "--", "python3", NAIVE],
    &["bench", "--fn", "has", "--time", "0.01", "--rounds", "6", "--format", "json"],
    &["smoke", "--", "python3", "tests/engines/faulty.py", "exits-3"],
    &["report", "spec/observed/wine.json"],
    &["report", "--format", "markdown", "spec/observed/wine.json", "spec/observed/chdb.json"],
    &["list", "vectors"],
    &["list", "clauses", "--format", "jsonl"],
    &["show", "CMD-07"],
    &["export", "kql"],
    &["export", "jsonl"],
    &["export", "csv"],
    &["lint", "tests/fixtures/suite"],
    &["man"],
    &["completions", "bash"],
    &["--help"],
    &["check", "--help"],
    #[cfg(feature = "events")]
    &["run", "--all", "--explain", "examples/events/sysmon.xml"],
    #[cfg(feature = "events")]
    &["run", "--format", "jsonl", "--all", "examples/events/sysmon.xml"],
    #[cfg(feature = "events")]
    &["run", "--format", "json", "--all", "examples/events/sysmon.xml"],
    #[cfg(feature = "events")]
    &["run", "--format", "csv", "--all", "examples/events/sysmon.xml"],
    #[cfg(feature = "events")]
    &["run", "--alerts", "--strict", "examples/events/sysmon.xml", "no-such-file"],
];

/// Every command, and its outcome if everything can be written.
fn commands() -> impl Iterator<Item = (&'static [&'static str], &'static Outcome)> {
    static WHOLE: LazyLock<Vec<Outcome>> =
        LazyLock::new(|| COMMANDS.iter().map(|arguments| outcome_of(rulespec(*arguments))).collect());
    COMMANDS.iter().copied().zip(&*WHOLE)
}

/// The exit status if the reader of standard output goes away after so many bytes.
fn status_if_closed_after(bytes: usize, mut command: Command) -> Option<i32> {
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut pipe = child.stdout.take().unwrap();
    let mut read = vec![0; bytes];
    let _ = pipe.read_exact(&mut read);
    drop(pipe);
    status_of(&mut child)
}

#[test]
fn a_closed_pipe_keeps_the_exit_status() {
    let mut wrong = vec![];
    for (arguments, whole) in commands() {
        let length = whole.out.len();
        assert!(length > 0 && whole.status.is_some(), "{arguments:?}: {}", whole.err);
        for position in [0, 80, length - 1] {
            let errors = tempfile::NamedTempFile::new().unwrap();
            let mut command = rulespec(arguments);
            command.stderr(errors.reopen().unwrap());
            let status = status_if_closed_after(position, command);
            let shown = super::text(errors.path());
            if status != whole.status || shown.contains("panicked at") {
                wrong.push(format!("{arguments:?} after {position} of {length} bytes: {status:?} {shown}"));
            }
        }
    }
    assert_none("the exit status changes", &wrong);
}

#[test]
fn a_closed_standard_error_keeps_the_exit_status_and_the_output() {
    let mut wrong = vec![];
    for (arguments, whole) in commands() {
        let mut command = rulespec(arguments);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stderr.take());
        let mut out = String::new();
        child.stdout.take().unwrap().read_to_string(&mut out).unwrap();
        let status = status_of(&mut child);
        if status != whole.status || out.is_empty() != whole.out.is_empty() {
            wrong.push(format!("{arguments:?}: {status:?}, {} of {} bytes", out.len(), whole.out.len()));
        }
    }
    assert_none("the exit status or the output changes", &wrong);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_standard_output_has_a_status_of_its_own() {
    let mut wrong = vec![];
    // The parser of arguments writes the help, and ignores errors.
    for arguments in COMMANDS.iter().copied().filter(|arguments| !arguments.contains(&"--help")) {
        let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
        let errors = tempfile::NamedTempFile::new().unwrap();
        let mut command = rulespec(arguments);
        let mut child = command.stdout(full).stderr(errors.reopen().unwrap()).spawn().unwrap();
        let status = status_of(&mut child);
        let shown = super::text(errors.path());
        let is_named = shown.contains("standard output") && !shown.contains("panicked at");
        if !is_named || status != Some(5) {
            wrong.push(format!("{arguments:?}: {status:?} {shown}"));
        }
    }
    assert_none("a full standard output is not an error of its own", &wrong);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_standard_error_keeps_the_exit_status() {
    let mut wrong = vec![];
    for (arguments, whole) in commands() {
        let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
        let mut command = rulespec(arguments);
        let mut child = command.stdout(Stdio::null()).stderr(full).spawn().unwrap();
        let status = status_of(&mut child);
        if status != whole.status {
            wrong.push(format!("{arguments:?}: {status:?}, not {:?}", whole.status));
        }
    }
    assert_none("the exit status changes", &wrong);
}
