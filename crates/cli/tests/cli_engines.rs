//! `rulespec smoke` and `rulespec serve`.

#![cfg(target_os = "linux")]

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use assert_cmd::cargo::cargo_bin;
use rulespec::suite;
use rulespec_check::engine::process::{End, Limits, Process};
use rulespec_check::engine::{Answer, Engine, Question, smoke};
use rulespec_check::verdict::{Verdict, judge};

fn rulespec(arguments: &[&str]) -> Command {
    let mut command = Command::new(cargo_bin("rulespec"));
    command.current_dir(rulespec_testing::files::ROOT).args(arguments);
    command
}

fn smoke_of(fault: &str) -> (Option<i32>, String) {
    let arguments = ["smoke", "--", "python3", "tests/engines/faulty.py", fault];
    let Output { status, stdout, stderr } = rulespec(&arguments).output().unwrap();
    (status.code(), String::from_utf8([stdout, stderr].concat()).unwrap())
}

#[test]
fn the_python_engine_passes_smoke() {
    let output = rulespec(&["smoke", "--", "python3", "engines/python/engine.py"]).output().unwrap();
    insta::assert_snapshot!(String::from_utf8(output.stdout).unwrap());
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn smoke_shows_problems_with_their_remedies() {
    let (status, text) = smoke_of("exits-3");
    let wanted = "not ok  it exits with 0 at the end of its standard input\n        it ended with exit status: 3\n        \
                  remedy: leave the loop at the end of standard input, and exit with 0\n";
    assert!(text.contains(wanted), "{text}");
    assert!(text.ends_with("5 of 6 checks passed\n"), "{text}");
    assert_eq!(status, Some(1));
    let (status, text) = smoke_of("always-twice");
    assert!(text.contains("not ok  it writes nothing but answers"), "{text}");
    assert_eq!(status, Some(1));
}

#[test]
fn smoke_shows_a_trace_line_by_line() {
    let engine = r#"
import sys
print(input() and '{"engine": "e", "version": "1", "functions": ["has"]}')
print(input() and "::error::x", file=sys.stderr)
1 / 0
"#;
    let output = rulespec(&["smoke", "--", "python3", "-u", "-c", engine]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let shown =
        "its standard error ends:\n        \\x3a:error::x\n        Traceback (most recent call last):\n";
    assert!(text.contains(shown), "{text}");
    assert!(text.contains("\n        ZeroDivisionError: division by zero\n"), "{text}");
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn smoke_exits_with_3_if_the_engine_cannot_be_run() {
    let (status, text) = smoke_of("banner");
    assert!(text.starts_with("rulespec: the engine's answer to hello does not follow protocol 1"), "{text}");
    assert_eq!(status, Some(3));
}

#[test]
fn pro_17_each_served_engine_conforms() {
    conforms_when_served("reference");
    conforms_when_served("fast");
}

fn conforms_when_served(name: &str) {
    let argv = vec![cargo_bin("rulespec").into(), "serve".into(), "--engine".into(), name.into()];
    let checks = smoke::smoke(&mut Process::new(argv.clone(), Limits::default())).unwrap();
    let failed: Vec<_> = checks.iter().filter(|check| check.problem.is_some()).collect();
    assert_eq!(failed, Vec::<&smoke::Check>::new());

    let mut engine = Process::new(argv, Limits::default());
    let vectors = suite::vectors().unwrap();
    let questions: Vec<_> =
        vectors.iter().map(|vector| Question { function: &vector.r#fn, args: &vector.args }).collect();
    engine.ask_all(&questions, &mut |number, answer: Answer| {
        let verdict = judge(&vectors[number].want, &answer);
        assert!(matches!(verdict, Verdict::Pass | Verdict::Open(_)), "{}: {answer}", vectors[number].id);
    });
    assert!(matches!(engine.finish(), End::Exited(status) if status.success()));
}

#[test]
fn pro_17_serve_answers_each_call_without_waiting_for_more() {
    let mut child = rulespec(&["serve"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    for id in 0..100 {
        writeln!(input, r#"{{"id":{id},"fn":"has","args":["a","a"]}}"#).unwrap();
        let mut answer = String::new();
        output.read_line(&mut answer).unwrap();
        assert_eq!(answer, format!("{{\"id\":{id},\"ok\":true}}\n"));
    }
    drop(input);
    assert!(child.wait().unwrap().success());
}

/// The processes whose command line contains a word.
fn processes(word: &str) -> Vec<i32> {
    let folders = fs::read_dir("/proc").unwrap().filter_map(Result::ok);
    let with_word = folders.filter(|folder| {
        let line = fs::read(folder.path().join("cmdline")).unwrap_or_default();
        String::from_utf8_lossy(&line).contains(word)
    });
    with_word.filter_map(|folder| folder.file_name().to_str()?.parse().ok()).collect()
}

fn wait_until(what: &str, holds: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(10);
    while !holds() {
        assert!(Instant::now() < deadline, "{what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn pro_16_an_interrupt_kills_the_engine_and_its_children() {
    let mark = format!("interrupted-{}", std::process::id());
    let arguments = ["smoke", "--", "python3", "tests/engines/faulty.py", "forks-and-never-answers", &mark];
    let mut child = rulespec(&arguments).stdout(Stdio::null()).spawn().unwrap();
    // The command line of rulespec itself contains the word too.
    wait_until("it starts", || processes(&mark).len() == 3);
    let id = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(id, rustix::process::Signal::INT).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130));
    wait_until("it ends", || processes(&mark).is_empty());
}
