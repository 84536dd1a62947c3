//! Engines in processes, most of them with one fault. Each fault has its own verdict, does not
//! affect other questions, and leaves no process running.

#![cfg(target_os = "linux")]

use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use rulespec_check::engine::process::{End, Limits, Process};
use rulespec_check::engine::{Answer, Engine, Question};
use serde_json::{Value as Json, json};

const ROOT: &str = rulespec_testing::files::ROOT;

/// The Python executable itself. A wrapper on the path may start slowly.
fn python() -> OsString {
    static PYTHON: LazyLock<OsString> = LazyLock::new(|| {
        let output = Command::new("python3").args(["-c", "import sys; print(sys.executable)"]).output();
        String::from_utf8(output.expect("python3 is on the path").stdout).unwrap().trim_end().into()
    });
    PYTHON.clone()
}

/// An engine with a fault, and a word that only the command lines of its processes contain.
pub(crate) struct FaultyEngine {
    pub(crate) process: Process,
    pub(crate) mark: String,
}

/// Limits for engines that answer, even on a busy machine.
pub(crate) fn patient() -> Limits {
    Limits {
        call_timeout: Duration::from_secs(20),
        exit_timeout: Duration::from_secs(5),
        ..Limits::default()
    }
}

/// Limits for engines that do not answer.
pub(crate) fn quick() -> Limits {
    Limits {
        call_timeout: Duration::from_millis(600),
        exit_timeout: Duration::from_millis(300),
        ..Limits::default()
    }
}

pub(crate) fn faulty(fault: &str, limits: Limits) -> FaultyEngine {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let mark = format!("mark-{}-{count}-{fault}", std::process::id());
    let script = Path::new(ROOT).join("tests/engines/faulty.py");
    let argv = vec![python(), script.into(), fault.into(), mark.clone().into()];
    FaultyEngine { process: Process::new(argv, limits), mark }
}

impl FaultyEngine {
    /// Asks about all texts at once.
    pub(crate) fn ask(&mut self, texts: &[&str]) -> Vec<Answer> {
        let args: Vec<[Json; 2]> = texts.iter().map(|text| [json!(text), json!("x")]).collect();
        let questions: Vec<_> = args.iter().map(|args| Question { function: "has", args }).collect();
        let mut answers = vec![None; texts.len()];
        self.process.ask_all(&questions, &mut |index, answer| {
            assert_eq!(answers[index].replace(answer), None, "question {index} is answered once");
        });
        answers.into_iter().map(|answer| answer.expect("every question is answered")).collect()
    }

    /// Ends the engine and asserts that none of its processes is left.
    pub(crate) fn end(mut self) -> (End, u64) {
        let end = self.process.finish();
        assert_ended(&self.mark);
        (end, self.process.strays())
    }
}

/// The number of processes whose command line contains the mark.
pub(crate) fn processes(mark: &str) -> usize {
    let folders = fs::read_dir("/proc").unwrap().filter_map(Result::ok);
    let lines = folders.filter_map(|folder| fs::read(folder.path().join("cmdline")).ok());
    lines.filter(|line| String::from_utf8_lossy(line).contains(mark)).count()
}

pub(crate) fn assert_ended(mark: &str) {
    let deadline = Instant::now() + Duration::from_secs(2);
    while processes(mark) > 0 {
        assert!(Instant::now() < deadline, "{mark} is still running");
        std::thread::sleep(Duration::from_millis(5));
    }
}

pub(crate) fn yes() -> Answer {
    Answer::Value(json!(true))
}

/// Ten questions, of which only the fifth triggers the fault.
pub(crate) const ONE_BAD: [&str; 10] = ["", "", "", "", "bad", "", "", "", "", ""];

/// Asks [`ONE_BAD`], asserts that the other questions get their answers, and returns the answer to
/// the bad one.
fn answer_to_the_bad_one(fault: &str, limits: Limits) -> Answer {
    let mut engine = faulty(fault, limits);
    let mut answers = engine.ask(&ONE_BAD);
    let bad = answers.remove(4);
    assert_eq!(answers, vec![yes(); 9], "{fault}");
    engine.end();
    bad
}

/// Asserts that the answer to the bad question of [`ONE_BAD`] is garbled, for this reason.
fn assert_garbled(fault: &str, limits: Limits, reason: &str) {
    let answer = answer_to_the_bad_one(fault, limits);
    assert!(matches!(&answer, Answer::Garbled(text) if text.contains(reason)), "{fault}: {answer}");
}

fn exited_with_0(end: End) -> bool {
    matches!(end, End::Exited(status) if status.success())
}

#[test]
fn pro_01_a_correct_engine_answers_and_exits() {
    let mut engine = faulty("none", patient());
    let hello = engine.process.hello().unwrap();
    assert_eq!((hello.engine.as_str(), hello.version.as_str()), ("faulty", "1"));
    assert_eq!(engine.ask(&[""; 1000]), vec![yes(); 1000]);
    let (end, strays) = engine.end();
    assert!(exited_with_0(end), "{end:?}");
    assert_eq!(strays, 0);
}

#[test]
fn pro_01_no_shell_parses_the_arguments() {
    let script = "import sys, json; input(); print(json.dumps({'engine': sys.argv[1], 'version': ''}))";
    let argv = vec![python(), "-c".into(), script.into(), "$HOME; `ls` \"*\"".into()];
    let hello = Process::new(argv, Limits::default()).hello().unwrap();
    assert_eq!(hello.engine, "$HOME; `ls` \"*\"");
}

#[test]
fn pro_03_unknown_functions_are_ignored_and_unlisted_ones_are_not_called() {
    let mut engine = faulty("none", patient());
    assert_eq!(engine.process.hello().unwrap().functions, Some(vec!["has".to_owned()]));
    let unlisted = engine.process.ask("tostring", &[json!(1)]);
    assert!(matches!(unlisted, Answer::Unsupported(_)), "{unlisted}");
    assert_eq!(engine.ask(&[""]), [yes()]);
}

#[test]
fn pro_03_long_names_are_cut() {
    let script = "import json; input(); print(json.dumps({'engine': 'é' * 1000, 'version': 'v' * 256}))";
    let argv = vec![python(), "-c".into(), script.into()];
    let hello = Process::new(argv, patient()).hello().unwrap();
    assert_eq!(hello.engine, "é".repeat(256) + "…");
    assert_eq!(hello.version, "v".repeat(256));
}

#[test]
fn pro_03_an_engine_that_cannot_be_run_says_why() {
    for (fault, wanted) in [
        (
            "exits-at-start",
            "exit status: 1; run the same command by hand to see what it prints; its standard error ends:\nno licence found",
        ),
        ("banner", "column 1: Welcome to the engine; print nothing but answers"),
        ("other-protocol", "it speaks protocol 2, not 1"),
    ] {
        let mut engine = faulty(fault, patient());
        let error = engine.process.hello().unwrap_err().to_string();
        assert!(error.contains(wanted), "{fault}: {error}");
        let answers = engine.ask(&["", ""]);
        let is_told = |answer: &Answer| matches!(answer, Answer::NotAsked(why) if why.contains(wanted));
        assert!(answers.iter().all(is_told), "{fault}: {answers:?}");
        engine.end();
    }
    let missing = Process::new(vec!["/nowhere/engine".into()], patient()).hello().unwrap_err();
    assert!(missing.to_string().starts_with("cannot run \"/nowhere/engine\": No such file"), "{missing}");
    let unnamed = Process::new(vec![], patient()).hello().unwrap_err();
    assert!(unnamed.to_string().contains("no program is named"), "{unnamed}");
}

#[test]
fn pro_04_answers_may_come_in_any_order_within_the_window() {
    let mut engine = faulty("backwards", Limits { window: 10, ..patient() });
    assert_eq!(engine.ask(&[""; 100]), vec![yes(); 100]);
    let stall = Limits { max_stalls: 2, ..quick() };
    for limits in [Limits { window: 9, ..stall.clone() }, Limits { window_bytes: 1, ..stall }] {
        let mut engine = faulty("backwards", limits);
        let answers = engine.ask(&[""; 10]);
        assert_eq!(answers[0], Answer::Stalled(quick().call_timeout));
        assert!(!answers.contains(&yes()), "{answers:?}");
    }
}

#[test]
fn pro_04_long_questions_and_answers_do_not_block() {
    let long = "x".repeat(300_000);
    let mut engine = faulty("none", patient());
    assert_eq!(engine.ask(&[long.as_str(); 50]), vec![yes(); 50]);
}

#[test]
fn pro_05_an_answer_without_an_outcome_is_garbled() {
    assert_garbled("no-outcome-on-bad", patient(), "not exactly one of");
}

#[test]
fn pro_07_other_members_are_ignored() {
    assert_eq!(answer_to_the_bad_one("extra-fields", patient()), yes());
}

#[test]
fn pro_10_a_question_without_an_answer_in_time_is_stalled() {
    for fault in ["stalls-on-bad", "late-on-bad"] {
        assert_eq!(answer_to_the_bad_one(fault, quick()), Answer::Stalled(quick().call_timeout));
    }
}

#[test]
fn pro_10_an_engine_that_does_not_answer_hello_cannot_be_run() {
    let limits = Limits { start_timeout: Duration::from_millis(300), ..quick() };
    let mut engine = faulty("never-says-hello", limits);
    let error = engine.process.hello().unwrap_err().to_string();
    assert!(error.contains("did not answer hello within 300 ms"), "{error}");
    engine.end();
}

#[test]
fn pro_22_an_engine_that_never_answers_is_soon_given_up() {
    let mut engine = faulty("never-answers", quick());
    let start = Instant::now();
    let answers = engine.ask(&[""; 500]);
    let why = "the engine was given up after 3 timeouts in a row";
    assert_eq!(answers[..2], vec![Answer::Stalled(quick().call_timeout); 2]);
    assert_eq!(answers[2..], vec![Answer::NotAsked(why.to_owned()); 498]);
    assert!(start.elapsed() < Duration::from_secs(4), "{:?}", start.elapsed());
    engine.end();
}

#[test]
fn pro_11_only_the_question_that_crashes_the_engine_is_lost() {
    for fault in ["crashes-on-bad", "loses-answers-on-bad"] {
        let answer = answer_to_the_bad_one(fault, patient());
        assert!(matches!(&answer, Answer::Crashed(text) if text.contains("exit status: 7")), "{answer}");
    }
    let answer = answer_to_the_bad_one("crashes-on-bad", patient());
    assert!(answer.to_string().ends_with("its standard error ends:\ncannot divide by zero"), "{answer}");
}

#[test]
fn pro_22_an_engine_that_always_crashes_is_soon_given_up() {
    let mut engine = faulty("always-crashes", Limits { max_crashes: 4, ..patient() });
    let answers = engine.ask(&[""; 500]);
    assert!(answers[..3].iter().all(|answer| matches!(answer, Answer::Crashed(_))), "{answers:?}");
    let why = "the engine was given up after 4 crashes in a row";
    assert_eq!(answers[3..], vec![Answer::NotAsked(why.to_owned()); 497]);
    engine.end();
}

#[test]
fn pro_11_closing_standard_output_is_a_crash() {
    let answer = answer_to_the_bad_one("closes-stdout-on-bad", patient());
    assert!(matches!(&answer, Answer::Crashed(text) if text.starts_with("it was killed")), "{answer}");
}

#[test]
fn pro_12_a_line_that_is_not_an_answer_garbles_the_oldest_open_question() {
    for (fault, reason) in [
        ("not-json-on-bad", "oops <b>"),
        ("wrong-id-on-bad", "an answer to call 1000"),
        ("unknown-id-on-bad", "invalid type: string"),
    ] {
        assert_garbled(fault, patient(), reason);
    }
}

#[test]
fn pro_12_a_second_answer_garbles_its_call() {
    assert_garbled("twice-on-bad", patient(), "answered twice");
    assert_garbled("repeats-for-ever-on-bad", quick(), "answered twice");
}

#[test]
fn pro_12_a_line_that_belongs_to_no_question_is_counted() {
    let mut engine = faulty("twice-on-bad", patient());
    assert_eq!(engine.ask(&["bad"]), [yes()]);
    assert_eq!(engine.end().1, 1);
}

#[test]
fn pro_13_a_line_that_is_too_long_is_garbled_and_not_buffered() {
    assert_garbled("long-line-on-bad", patient(), "a line of over 16777216 bytes");
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.strip_suffix("kB")).unwrap();
    assert!(peak.trim().parse::<u64>().unwrap() < 200_000, "{peak} kB");
}

#[test]
fn pro_14_an_engine_that_ignores_the_end_of_its_input_is_killed() {
    let mut engine = faulty("ignores-end-of-input", quick());
    assert_eq!(engine.ask(&[""]), [yes()]);
    assert_eq!(engine.end().0, End::Killed);
}

#[test]
fn pro_14_a_process_that_the_engine_leaves_behind_is_killed() {
    let mut engine = faulty("forks", patient());
    assert_eq!(engine.ask(&[""]), [yes()]);
    assert_eq!(processes(&engine.mark), 2);
    engine.end();
}

#[test]
fn pro_14_dropping_an_engine_ends_it() {
    let mut engine = faulty("forks", patient());
    assert_eq!(engine.ask(&[""]), [yes()]);
    drop(engine.process);
    assert_ended(&engine.mark);
}

#[test]
fn pro_14_the_exit_status_is_reported() {
    let mut engine = faulty("exits-3", patient());
    assert_eq!(engine.process.finish(), End::NotRunning);
    assert_eq!(engine.ask(&[""]), [yes()]);
    let (end, _) = engine.end();
    assert!(matches!(end, End::Exited(status) if status.code() == Some(3)), "{end:?}");
}

#[test]
fn pro_15_standard_error_neither_blocks_nor_decides() {
    assert_eq!(answer_to_the_bad_one("floods-stderr", patient()), yes());
}

#[test]
fn the_limits_are_those_of_the_chapter() {
    let wanted = Limits {
        start_timeout: Duration::from_secs(30),
        call_timeout: Duration::from_secs(5),
        exit_timeout: Duration::from_secs(1),
        window: 256,
        window_bytes: 1024 * 1024,
        max_line_len: 16 * 1024 * 1024,
        max_crashes: 16,
        max_stalls: 3,
        max_stalls_in_all: 8,
        engine_memory: None,
    };
    assert_eq!(Limits::default(), wanted);
}

#[test]
fn the_example_engine_of_the_chapter_works() {
    let chapter = fs::read_to_string(Path::new(ROOT).join("spec/80-protocol.md")).unwrap();
    let (_, example) = chapter.split_once("```python\n").unwrap();
    let (example, _) = example.split_once("```").unwrap();
    assert!(example.lines().count() <= 20);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("engine.py");
    fs::write(&file, example).unwrap();
    let mut engine = Process::new(vec![python(), file.into()], Limits::default());
    assert_eq!(engine.hello().unwrap().engine, "mine");
    assert_eq!(engine.ask("indexof", &[json!("host.corp"), json!(".")]), Answer::Value(json!(4)));
    let error = engine.ask("indexof", &[json!("host.corp"), json!(null)]);
    assert!(matches!(error, Answer::Error(_)), "{error}");
    assert!(exited_with_0(engine.finish()));
}
