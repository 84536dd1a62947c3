//! `rulespec diff` and programs that are ports, right, wrong and hostile.

use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use assert_cmd::cargo::cargo_bin;
use rustix::process::{Pid, Signal, kill_process};

use super::screen::{Screen, rulespec};

const RULE: &str = "tests/fixtures/diff/certutil.kql";
const PORT: &str = "tests/engines/port.py";
/// More than any port may take, on a busy machine.
const MAX_TIME: Duration = Duration::from_secs(240);

/// Compares the rule with a port, asked about a few events.
fn port(mode: &str, options: &[&str]) -> Screen {
    let started = Instant::now();
    let cases = if mode.starts_with("substring") { "300" } else { "40" };
    let port = ["--cases", cases, "--", "python3", PORT, mode];
    let screen = rulespec([&["diff", RULE], options, &port].concat());
    assert!(started.elapsed() < MAX_TIME, "{mode} took {:?}", started.elapsed());
    assert!(!screen.err.contains("panicked"), "{mode} {screen}");
    let is_printable = |c: char| c == '\n' || !c.is_control() && c != '\u{202e}';
    assert!(screen.to_string().chars().all(is_printable), "{mode} {screen}");
    screen
}

#[test]
fn a_right_port_has_no_difference() {
    for mode in ["right", "no-key", "no-line-feed", "shuffled", "shuffled-no-key", "bom", "crlf"] {
        let screen = port(mode, &[]);
        assert_eq!(screen.status, 0, "{mode} {screen}");
        assert!(screen.out.contains("no difference among 40 events, "), "{mode} {screen}");
    }
}

#[test]
fn what_a_port_leaves_behind_is_not_waited_for() {
    for mode in ["leaves-a-child", "leaves-a-session"] {
        assert_eq!(port(mode, &[]).status, 0, "{mode}");
    }
}

#[test]
fn a_wrong_port_is_found() {
    for (mode, message) in [
        ("substring", "has-as-substring"),
        ("substring-no-key", "has-as-substring"),
        ("nothing", "only A selects this event"),
        ("never-reads-and-exits", "only A selects this event"),
        ("twice", "A returns 1 rows for this event, B 2"),
        ("crashes-on-a-kind", "ValueError: no command line"),
        ("killed-on-a-kind", "signal: 9"),
    ] {
        let screen = port(mode, &[]);
        assert_eq!(screen.status, 1, "{mode} {screen}");
        assert!(screen.out.contains(message), "{mode} {screen}");
    }
}

#[test]
fn a_port_that_cannot_be_used_is_given_up() {
    let line_of = |bytes: usize| format!("it wrote a line of over {bytes} bytes");
    for (mode, message) in [
        ("invented", "it returned a row with a ReportId that no event has: 4711"),
        ("exits", "it had an error each of 16 times: it ended with exit status: 1"),
        ("exits", "port: cannot find my configuration"),
        ("escapes-in-stderr", "\\x1b[31mred"),
        ("garbage", "line 1 of its output is no JSON object"),
        ("array", "line 1 of its output is no JSON object"),
        ("deep", "line 1 of its output is no JSON object"),
        ("not-utf8", "line 1 of its output is no JSON object"),
        ("long-line", &line_of(16 << 20)),
        ("endless", "it wrote over "),
        ("endless-blank", "it wrote over 131072 lines"),
    ] {
        let screen = port(mode, &[]);
        assert_eq!(screen.status, 3, "{mode} {screen}");
        assert!(screen.err.contains(message), "{mode} {screen}");
        assert!(screen.out.contains("no difference so far among 0 events"), "{mode} {screen}");
        assert!(!screen.out.contains(message), "{mode} {screen}");
    }
}

#[test]
fn why_a_port_was_given_up_is_told_once_and_where_a_format_is_read() {
    for format in ["text", "json", "github", "markdown"] {
        let screen = port("exits", &["--format", format]);
        assert_eq!(screen.status, 3, "{format} {screen}");
        let told =
            [&screen.err, &screen.out].map(|text| text.matches("cannot find my configuration").count());
        assert_eq!(told, if format == "text" { [1, 0] } else { [0, 1] }, "{format} {screen}");
        assert!(screen.err.contains("the port was given up"), "{format} {screen}");
    }
}

#[test]
fn a_port_that_does_not_end_is_given_up() {
    for (mode, message) in [
        ("endless-stderr", "it did not end within 1 seconds"),
        ("never-ends", "it did not end within 1 seconds"),
        ("never-reads", "it did not end within 1 seconds"),
        ("closes-stdout-and-sleeps", "it closed its standard output, but did not end within 1 seconds"),
    ] {
        let screen = port(mode, &["--start-timeout", "1"]);
        assert_eq!(screen.status, 3, "{mode} {screen}");
        // On a busy machine, a program may not have started yet.
        assert!(screen.err.contains(message) || screen.err.contains("it did not end"), "{mode} {screen}");
    }
}

#[test]
fn no_format_shows_what_acts_on_a_terminal_or_as_markup() {
    for format in ["text", "json", "github", "markdown"] {
        for mode in ["escapes", "escapes-in-stderr", "crashes-on-a-kind"] {
            let screen = port(mode, &["--format", format]);
            assert_ne!(screen.status, 0, "{screen}");
            let commands = screen.out.lines().filter(|line| line.starts_with("::"));
            let ours = |line: &str| {
                line.starts_with("::error ") || line.starts_with("::notice title=rulespec diff::")
            };
            assert!(commands.clone().all(ours), "{screen}");
            assert_eq!(commands.count() > 0, format == "github", "{screen}");
        }
    }
}

#[test]
fn a_port_that_changes_its_answers_is_not_called_equal() {
    for mode in ["flaky", "flaky-no-key", "reads-half"] {
        let screen = port(mode, &[]);
        assert_eq!(screen.status, 1, "{mode} {screen}");
    }
}

#[test]
fn what_was_found_before_an_interrupt_is_kept() {
    let mut command = Command::new(cargo_bin("rulespec"));
    command.current_dir(rulespec_testing::files::ROOT);
    command.args(["diff", RULE, "--cases", "1000000", "--", "python3", PORT, "substring"]);
    let mut child =
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut text = String::new();
    while !text.contains("1  only B selects this event") {
        assert_ne!(out.read_line(&mut text).unwrap(), 0, "{text}");
    }
    kill_process(Pid::from_child(&child), Signal::INT).unwrap();
    let signalled = Instant::now();
    out.read_to_string(&mut text).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130), "{text}");
    assert!(signalled.elapsed() < Duration::from_secs(10), "{text}");
    assert!(text.trim_end().ends_with("; interrupted"), "{text}");
}
