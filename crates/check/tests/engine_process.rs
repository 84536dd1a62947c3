//! Engines in processes of their own, most of them with one fault: each fault has
//! its own verdict, costs no other question its answer, and leaves nothing running.

#![cfg(target_os = "linux")]

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use rulespec_check::engine::process::{End, Limits, Process};
use rulespec_check::engine::{Answer, Engine, Question};
use serde_json::{Value as Json, json};

const ROOT: &str = rulespec_testing::files::ROOT;

/// Python itself, and not what may stand before it on the path and be slow.
fn python() -> OsString {
    static PYTHON: LazyLock<OsString> = LazyLock::new(|| {
        let asked = Command::new("python3").args(["-c", "import sys; print(sys.executable)"]).output();
        String::from_utf8(asked.expect("python3 is on the path").stdout).unwrap().trim_end().into()
    });
    PYTHON.clone()
}

/// An engine with a fault, and a word that the command lines of its processes,
/// and of no others, contain.
struct Faulty {
    process: Process,
    mark: String,
}

/// Limits for engines that answer in time, on a busy machine too.
fn patient() -> Limits {
    Limits { call: Duration::from_secs(20), end: Duration::from_secs(5), ..Limits::default() }
}

/// Limits for engines that do not.
fn quick() -> Limits {
    Limits { call: Duration::from_millis(600), end: Duration::from_millis(300), ..Limits::default() }
}

fn faulty(fault: &str, limits: Limits) -> Faulty {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let mark = format!("mark-{}-{count}-{fault}", std::process::id());
    let script = Path::new(ROOT).join("tests/engines/faulty.py").display().to_string();
    let argv = vec![python(), script.into(), fault.into(), mark.clone().into()];
    Faulty { process: Process::new(argv, limits), mark }
}

impl Faulty {
    /// Asks about all of the texts at once.
    fn ask(&mut self, texts: &[&str]) -> Vec<Answer> {
        let args: Vec<[Json; 2]> = texts.iter().map(|text| [json!(text), json!("x")]).collect();
        let questions: Vec<_> = args.iter().map(|args| Question { function: "has", args }).collect();
        let mut answers = vec![None; texts.len()];
        self.process.ask_all(&questions, &mut |number, answer| {
            assert_eq!(answers[number].replace(answer), None, "question {number} is answered once");
        });
        answers.into_iter().map(|answer| answer.expect("every question is answered")).collect()
    }

    fn processes(&self) -> usize {
        let folders = fs::read_dir("/proc").unwrap().filter_map(Result::ok);
        let lines = folders.filter_map(|folder| fs::read(folder.path().join("cmdline")).ok());
        lines.filter(|line| String::from_utf8_lossy(line).contains(&self.mark)).count()
    }

    /// Ends the engine and asserts that nothing of it is left.
    fn end(mut self) -> (End, u64) {
        let end = self.process.finish();
        let deadline = Instant::now() + Duration::from_secs(2);
        while self.processes() > 0 {
            assert!(Instant::now() < deadline, "{} is still running", self.mark);
            std::thread::sleep(Duration::from_millis(5));
        }
        (end, self.process.strays())
    }
}

fn yes() -> Answer {
    Answer::Value(json!(true))
}

/// Ten questions of which only the fifth meets the fault.
const ONE_BAD: [&str; 10] = ["", "", "", "", "bad", "", "", "", "", ""];

/// Asks [`ONE_BAD`], asserts that all other questions get their answers, and
/// returns that of the bad one.
fn answer_to_the_bad_one(fault: &str, limits: Limits) -> Answer {
    let mut engine = faulty(fault, limits);
    let mut answers = engine.ask(&ONE_BAD);
    let bad = answers.remove(4);
    assert_eq!(answers, vec![yes(); 9], "{fault}");
    engine.end();
    bad
}

fn exited_with_0(end: End) -> bool {
    matches!(end, End::Exited(status) if status.success())
}

#[test]
fn pro_01_a_well_wired_engine_answers_and_ends_by_itself() {
    let mut engine = faulty("none", patient());
    let hello = engine.process.hello().unwrap();
    assert_eq!((hello.engine.as_str(), hello.version.as_str()), ("faulty", "1"));
    assert_eq!(engine.ask(&[""; 1000]), vec![yes(); 1000]);
    let (end, strays) = engine.end();
    assert!(exited_with_0(end), "{end:?}");
    assert_eq!(strays, 0);
}

#[test]
fn pro_01_no_shell_reads_the_arguments() {
    let script = "import sys, json; input(); print(json.dumps({'engine': sys.argv[1], 'version': ''}))";
    let argv = vec![python(), "-c".into(), script.into(), "$HOME; `ls` \"*\"".into()];
    let hello = Process::new(argv, Limits::default()).hello().unwrap();
    assert_eq!(hello.engine, "$HOME; `ls` \"*\"");
}

#[test]
fn pro_03_functions_nobody_knows_are_passed_over_and_unlisted_ones_not_asked() {
    let mut engine = faulty("none", patient());
    assert_eq!(engine.process.hello().unwrap().functions, Some(vec!["has".to_owned()]));
    let unlisted = engine.process.ask("tostring", &[json!(1)]);
    assert!(matches!(unlisted, Answer::Unsupported(_)), "{unlisted}");
    assert_eq!(engine.ask(&[""]), [yes()]);
}

#[test]
fn pro_03_an_engine_that_cannot_be_asked_says_why() {
    for (fault, wanted) in [
        ("exits-at-start", "exit status: 1; its standard error ends:\nno licence found; run the same"),
        ("banner", "column 1: Welcome to the engine; print nothing but answers"),
        ("other-protocol", "it speaks protocol 2, not 1"),
    ] {
        let mut engine = faulty(fault, patient());
        let error = engine.process.hello().unwrap_err().to_string();
        assert!(error.contains(wanted), "{fault}: {error}");
        let answers = engine.ask(&["", ""]);
        assert!(answers.iter().all(|answer| matches!(answer, Answer::Crashed(_))), "{fault}: {answers:?}");
        engine.end();
    }
    let absent = Process::new(vec!["/nowhere/engine".into()], patient()).hello().unwrap_err();
    assert!(absent.to_string().starts_with("cannot run \"/nowhere/engine\": No such file"), "{absent}");
    let none = Process::new(vec![], patient()).hello().unwrap_err();
    assert!(none.to_string().contains("no program is named"), "{none}");
}

#[test]
fn pro_04_a_window_bounds_the_open_calls_and_order_is_free() {
    let mut engine = faulty("backwards", Limits { window: 10, ..patient() });
    assert_eq!(engine.ask(&[""; 100]), vec![yes(); 100]);
    let mut narrow = faulty("backwards", Limits { window: 9, stalls: 1, ..quick() });
    assert_eq!(narrow.ask(&[""; 10]), vec![Answer::Stalled(quick().call); 10]);
    let mut small = faulty("backwards", Limits { window_bytes: 1, stalls: 1, ..quick() });
    assert_eq!(small.ask(&[""; 10]), vec![Answer::Stalled(quick().call); 10]);
}

#[test]
fn pro_04_long_questions_and_answers_do_not_block() {
    let long = "x".repeat(300_000);
    let mut engine = faulty("none", patient());
    assert_eq!(engine.ask(&[long.as_str(); 50]), vec![yes(); 50]);
}

#[test]
fn pro_05_an_answer_without_an_outcome_is_garbled() {
    let answer = answer_to_the_bad_one("no-outcome-on-bad", patient());
    assert!(matches!(&answer, Answer::Garbled(text) if text.starts_with("not exactly one of")), "{answer}");
}

#[test]
fn pro_07_extra_members_do_no_harm() {
    assert_eq!(answer_to_the_bad_one("extra-fields", patient()), yes());
}

#[test]
fn pro_10_a_question_without_an_answer_in_time_is_stalled() {
    assert_eq!(answer_to_the_bad_one("stalls-on-bad", quick()), Answer::Stalled(quick().call));
    assert_eq!(answer_to_the_bad_one("late-on-bad", quick()), Answer::Stalled(quick().call));
}

#[test]
fn pro_10_an_engine_that_never_says_hello_cannot_be_asked() {
    let mut engine = faulty("never-says-hello", Limits { start: Duration::from_millis(300), ..quick() });
    let error = engine.process.hello().unwrap_err().to_string();
    assert!(error.contains("did not answer hello within 300 ms"), "{error}");
    engine.end();
}

#[test]
fn pro_10_an_engine_that_never_answers_is_given_up_soon() {
    let mut engine = faulty("never-answers", quick());
    let start = Instant::now();
    assert_eq!(engine.ask(&[""; 500]), vec![Answer::Stalled(quick().call); 500]);
    assert!(start.elapsed() < Duration::from_secs(4), "{:?}", start.elapsed());
    engine.end();
}

#[test]
fn pro_11_a_question_that_crashes_the_engine_is_the_only_one_lost() {
    for fault in ["crashes-on-bad", "loses-answers-on-bad"] {
        let answer = answer_to_the_bad_one(fault, patient());
        assert!(matches!(&answer, Answer::Crashed(text) if text.contains("exit status: 7")), "{answer}");
    }
    let answer = answer_to_the_bad_one("crashes-on-bad", patient());
    assert!(answer.to_string().ends_with("its standard error ends:\ncannot divide by zero"), "{answer}");
}

#[test]
fn pro_11_an_engine_that_always_crashes_is_given_up_soon() {
    let mut engine = faulty("always-crashes", Limits { crashes: 4, ..patient() });
    let answers = engine.ask(&[""; 500]);
    assert!(answers.iter().all(|answer| matches!(answer, Answer::Crashed(_))));
    assert!(answers[499].to_string().contains("given up after 4 failures in a row"), "{}", answers[499]);
    engine.end();
}

#[test]
fn pro_11_closing_standard_output_is_a_crash() {
    let answer = answer_to_the_bad_one("closes-stdout-on-bad", patient());
    assert!(matches!(&answer, Answer::Crashed(text) if text.starts_with("it was ended")), "{answer}");
}

#[test]
fn pro_12_what_is_no_answer_garbles_the_oldest_open_question() {
    let answer = answer_to_the_bad_one("not-json-on-bad", patient());
    assert!(matches!(&answer, Answer::Garbled(text) if text.contains("oops <b>")), "{answer}");
    let answer = answer_to_the_bad_one("wrong-id-on-bad", patient());
    assert!(matches!(&answer, Answer::Garbled(text) if text.contains("an answer to call 1000")), "{answer}");
    let answer = answer_to_the_bad_one("unknown-id-on-bad", patient());
    assert!(matches!(&answer, Answer::Garbled(text) if text.contains("invalid type: string")), "{answer}");
}

#[test]
fn pro_12_two_answers_to_one_call_garble_it() {
    let answer = answer_to_the_bad_one("twice-on-bad", patient());
    assert!(matches!(&answer, Answer::Garbled(text) if text.contains("answered twice")), "{answer}");
}

#[test]
fn pro_12_answers_without_end_garble_one_question_and_end() {
    let answer = answer_to_the_bad_one("repeats-for-ever-on-bad", quick());
    assert!(matches!(&answer, Answer::Garbled(text) if text.contains("answered twice")), "{answer}");
}

#[test]
fn pro_12_a_line_that_belongs_to_no_question_is_counted() {
    let mut engine = faulty("twice-on-bad", patient());
    assert_eq!(engine.ask(&["bad"]), [yes()]);
    assert_eq!(engine.end().1, 1);
}

#[test]
fn pro_13_an_endless_line_is_garbled_and_not_kept() {
    let answer = answer_to_the_bad_one("long-line-on-bad", patient());
    assert_eq!(answer, Answer::Garbled("a line of over 16777216 bytes".to_owned()));
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.strip_suffix("kB")).unwrap();
    assert!(peak.trim().parse::<u64>().unwrap() < 200_000, "{peak} kB");
}

#[test]
fn pro_14_an_engine_that_ignores_the_end_of_its_input_is_ended() {
    let mut engine = faulty("ignores-end-of-input", quick());
    assert_eq!(engine.ask(&[""]), [yes()]);
    assert_eq!(engine.end().0, End::Killed);
}

#[test]
fn pro_14_a_process_that_the_engine_leaves_behind_is_ended() {
    let mut engine = faulty("forks", patient());
    assert_eq!(engine.ask(&[""]), [yes()]);
    assert_eq!(engine.processes(), 2);
    engine.end();
}

#[test]
fn pro_14_an_engine_that_is_let_go_is_ended() {
    let mut engine = faulty("forks", patient());
    assert_eq!(engine.ask(&[""]), [yes()]);
    let mark = engine.mark.clone();
    drop(engine);
    let left = Faulty { process: Process::new(vec![], patient()), mark };
    left.end();
}

#[test]
fn pro_14_how_it_ended_is_told() {
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
    let seconds = Duration::from_secs;
    let (start, call, end) = (seconds(30), seconds(5), seconds(1));
    let (window, window_bytes, line) = (256, 1024 * 1024, 16 * 1024 * 1024);
    let wanted = Limits { start, call, end, window, window_bytes, line, crashes: 16, stalls: 3 };
    assert_eq!(Limits::default(), wanted);
}

#[test]
fn the_engine_in_the_chapter_works_as_it_stands() {
    let chapter = fs::read_to_string(Path::new(ROOT).join("spec/80-protocol.md")).unwrap();
    let (_, example) = chapter.split_once("```python\n").unwrap();
    let (example, _) = example.split_once("```").unwrap();
    assert!(example.lines().count() <= 20);
    let folder = tempfile::tempdir().unwrap();
    let file: PathBuf = folder.path().join("engine.py");
    fs::write(&file, example).unwrap();
    let mut engine = Process::new(vec![python(), file.into()], Limits::default());
    assert_eq!(engine.hello().unwrap().engine, "mine");
    assert_eq!(engine.ask("indexof", &[json!("host.corp"), json!(".")]), Answer::Value(json!(4)));
    let wrong = engine.ask("indexof", &[json!("host.corp"), json!(null)]);
    assert!(matches!(wrong, Answer::Error(_)), "{wrong}");
    assert!(exited_with_0(engine.finish()));
}
