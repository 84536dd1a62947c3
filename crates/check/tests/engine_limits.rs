//! Bounds on engines in processes: what is asked again, what is not asked, and what they may take.

#![cfg(target_os = "linux")]

use std::fs;
use std::time::{Duration, Instant};

use crate::engine_process::{ONE_BAD, assert_ended, faulty, patient, processes, quick, yes};
use rulespec::suite::{self, Vector};
use rulespec_check::engine::process::{Limits, Process};
use rulespec_check::engine::{Answer, Engine};
use rulespec_check::report::Report;
use rulespec_check::stop::Stop;
use rulespec_check::verdict::Verdict;
use rulespec_check::{CheckOptions, check, check_with};
use serde_json::json;

fn is_retried(answer: &Answer) -> bool {
    matches!(answer, Answer::Retried { answer, .. } if **answer == yes())
}

#[test]
fn pro_21_a_failure_that_does_not_repeat_makes_the_oldest_open_call_flaky() {
    for (fault, limits, wanted) in [
        ("crashes-once-on-bad", patient(), "crashed: it ended with exit status: 7"),
        ("stalls-once-on-bad", quick(), "no answer within 600 ms"),
    ] {
        let mut engine = faulty(fault, limits);
        let answers = engine.ask(&ONE_BAD);
        let retried: Vec<&Answer> = answers.iter().filter(|answer| is_retried(answer)).collect();
        assert_eq!(retried.len(), 1, "{fault}: {answers:?}");
        assert!(retried[0].to_string().contains(wanted), "{}", retried[0]);
        assert_eq!(answers.iter().filter(|answer| **answer == yes()).count(), 9);
        assert_eq!(engine.process.restarts(), 1);
    }
}

/// The vectors of `has` for which the faulty engine has the right answer.
fn vectors_with_true() -> Vec<Vector> {
    let mut vectors = suite::vectors().unwrap();
    vectors.retain(|vector| vector.r#fn == "has" && suite_wants_true(vector));
    vectors.truncate(20);
    vectors[10].args[0] = json!("bad");
    vectors
}

fn suite_wants_true(vector: &Vector) -> bool {
    matches!(&vector.want, suite::Want::Settled { want } if *want == json!(true))
}

fn verdicts(report: &Report, verdict: &Verdict) -> usize {
    report.outcomes.iter().filter(|outcome| outcome.verdict == *verdict).count()
}

#[test]
fn pro_21_a_flaky_answer_counts_only_if_retries_are_allowed() {
    let vectors = vectors_with_true();
    let mut engine = faulty("crashes-once-on-bad", patient());
    let report = check(&mut engine.process, &vectors).unwrap();
    assert_eq!((verdicts(&report, &Verdict::Flaky), verdicts(&report, &Verdict::Pass)), (1, 19));
    assert!(!report.conforms());
    assert_eq!(report.restarts, 1);

    let mut options = CheckOptions::default();
    options.allow_retries = true;
    let mut engine = faulty("crashes-once-on-bad", patient());
    let report = check_with(&mut engine.process, &vectors, options, &mut || ()).unwrap();
    assert!(report.conforms());
    assert!(report.outcomes.iter().any(|outcome| is_retried(&outcome.answer)), "the report says so");
}

#[test]
fn pro_21_a_failure_that_cannot_be_looked_into_is_one_of_the_oldest_open_call() {
    let mut engine = faulty("crashes-and-does-not-start-again", patient());
    let answers = engine.ask(&[""; 10]);
    assert!(matches!(&answers[0], Answer::Crashed(_)), "{answers:?}");
    assert!(answers[1..].iter().all(|answer| matches!(answer, Answer::NotAsked(_))), "{answers:?}");
}

#[test]
fn pro_22_an_engine_that_stalls_now_and_then_is_given_up() {
    let mut engine = faulty("stalls-now-and-then", Limits { max_stalls_in_all: 2, ..quick() });
    let answers = engine.ask(&[""; 100]);
    let given_up = |answer: &Answer| matches!(answer, Answer::NotAsked(why) if why.contains("given up after 3 timeouts and"));
    assert!(answers.iter().any(given_up), "{:?}", answers.last());
    engine.end();
}

#[test]
fn pro_23_an_engine_has_a_session_and_a_variable_of_its_own() {
    let answer = faulty("describes-itself", patient()).ask(&[""]).remove(0);
    let here = std::env::current_dir().unwrap();
    assert_eq!(answer, Answer::Value(json!([false, true, true, here.to_str().unwrap()])));
}

#[test]
fn pro_23_the_memory_of_an_engine_can_be_limited() {
    let limits = Limits { engine_memory: Some(300 << 20), ..patient() };
    assert_eq!(faulty("takes-memory", limits).ask(&[""]), [Answer::Value(json!("out of memory"))]);
    assert_eq!(faulty("takes-memory", patient()).ask(&[""]), [Answer::Value(json!(1 << 30))]);
}

fn threads_and_descriptors() -> (usize, usize) {
    let count = |folder: &str| fs::read_dir(folder).unwrap().count();
    (count("/proc/self/task"), count("/proc/self/fd"))
}

#[test]
fn pro_23_a_process_that_left_the_session_is_killed_and_keeps_nothing() {
    let mut engine = faulty("leaves-the-session", Limits { max_crashes: 50, ..patient() });
    engine.ask(&[""; 5]);
    assert_eq!(processes(&engine.mark), 0);
    let (threads, descriptors) = threads_and_descriptors();
    engine.ask(&[""; 40]);
    assert_ended(&engine.mark);
    // Other tests run at the same time, but do not start a hundred threads.
    let (more_threads, more_descriptors) = threads_and_descriptors();
    assert!(more_threads < threads + 60, "{threads} threads, then {more_threads}");
    assert!(more_descriptors < descriptors + 60, "{descriptors} descriptors, then {more_descriptors}");
}

#[test]
fn pro_24_the_engine_is_not_asked_after_the_time_limit() {
    let mut engine = faulty("late-on-bad", patient());
    engine.process.hello().unwrap();
    engine.process = std::mem::replace(&mut engine.process, Process::new(vec![], patient()))
        .stopped_by(Stop::default().after(Duration::from_millis(500)));
    let start = Instant::now();
    let answers = engine.ask(&ONE_BAD);
    assert!(start.elapsed() < Duration::from_millis(1500), "{:?}", start.elapsed());
    assert_eq!(answers[..4], [yes(), yes(), yes(), yes()]);
    let why = "the time limit of the run was reached";
    assert_eq!(answers[4..], vec![Answer::NotAsked(why.to_owned()); 6]);
    assert_ended(&engine.mark);
}

#[test]
fn pro_24_a_request_ends_a_run_at_once() {
    let stop = Stop::default();
    let mut engine = faulty("never-answers", patient());
    engine.process =
        std::mem::replace(&mut engine.process, Process::new(vec![], patient())).stopped_by(stop.clone());
    let report = std::thread::scope(|scope| {
        scope.spawn(|| {
            std::thread::sleep(Duration::from_millis(300));
            stop.request();
        });
        check(&mut engine.process, &vectors_with_true()).unwrap()
    });
    assert_eq!(verdicts(&report, &Verdict::NotAsked), 20);
    assert!(!report.conforms());
    assert_ended(&engine.mark);
}

#[test]
fn pro_13_the_memory_for_answers_is_bounded() {
    const COUNT: usize = 120;
    let vectors: Vec<Vector> = vectors_with_true().into_iter().cycle().take(COUNT).collect();
    let mut engine = faulty("large-answers", patient());
    let mut options = CheckOptions::default();
    options.max_memory = 100_000;
    let report = check_with(&mut engine.process, &vectors, options, &mut || ()).unwrap();
    let excerpt = |answer: &Answer| matches!(answer, Answer::Excerpt(one) if one.bytes == 1_000_002 && one.start.len() < 1000);
    assert!(report.outcomes.iter().all(|outcome| excerpt(&outcome.answer)));
    assert_eq!(verdicts(&report, &Verdict::Fail), COUNT);
    let limits = Limits::default().with_memory(60 << 20, 4);
    assert_eq!(limits.max_line_len, 3 << 20);
    assert_eq!(Limits::default().with_memory(256 << 20, 3).max_line_len, 16 << 20);
}
