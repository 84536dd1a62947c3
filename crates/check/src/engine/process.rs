//! An engine in its own process, asked through protocol 1 (chapter 80).

mod batch;
mod child;
mod group;
#[cfg(windows)]
mod job;
mod limits;
#[cfg(feature = "diff")]
mod once;
mod pipe;
mod remedy;
mod stderr_tail;
mod stragglers;

use std::ffi::OsString;
use std::io;
use std::process::ExitStatus;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value as Json;

use super::{Answer, Engine, Hello, Question, STDERR_MARK, StartError, protocol};
use crate::stop::{Reason, Stop};
use batch::{Batch, LineUse};
use child::{Child, Event, TERMINATION_TIMEOUT};
use rulespec::Function;

use limits::ANSWERS_PER_STALL;

pub use group::end_all;
pub use limits::Limits;
#[cfg(feature = "diff")]
pub(crate) use once::{OnceError, run_once};

/// How many characters of an engine's name and version are kept.
const MAX_NAME_LEN: usize = 256;

/// An engine in its own process.
///
/// The process is started when it is first needed. It is started again after a crash or a
/// timeout, so that one bad answer does not affect others. When this is dropped, the process
/// ends with its whole process group.
///
/// ```no_run
/// use rulespec_check::engine::{Engine, process::{Limits, Process}};
/// use serde_json::json;
///
/// let argv = ["python3", "engines/python/engine.py"].map(Into::into);
/// let mut engine = Process::new(argv.to_vec(), Limits::default());
/// println!("{}", engine.hello()?.engine);
/// println!("{}", engine.ask("has", &[json!("host.corp"), json!(".")]));
/// # Ok::<(), rulespec_check::engine::StartError>(())
/// ```
///
/// Spec: PRO-01
#[derive(Debug)]
pub struct Process {
    argv: Vec<OsString>,
    limits: Limits,
    child: Option<Child>,
    functions: Option<Vec<String>>,
    next_id: u64,
    /// Failures since the last answer.
    failures: u32,
    stalls: u32,
    answers: u64,
    strays: u64,
    starts: u64,
    /// Why the engine is no longer asked.
    given_up: Option<String>,
    stop: Stop,
    /// How many of the current questions have an answer.
    answered: Arc<AtomicU64>,
}

/// How an engine ended after its standard input was closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// It exited by itself before the timeout.
    Exited(ExitStatus),
    /// It had to be killed.
    Killed,
    /// It was not running.
    NotRunning,
}

impl Process {
    /// An engine that is run by this argument vector: the program, then its arguments. No shell
    /// is involved.
    pub fn new(argv: Vec<OsString>, limits: Limits) -> Self {
        Self {
            argv,
            limits,
            child: None,
            functions: None,
            next_id: 1,
            failures: 0,
            stalls: 0,
            answers: 0,
            strays: 0,
            starts: 0,
            given_up: None,
            stop: Stop::default(),
            answered: Arc::default(),
        }
    }

    /// Sets `answered` to the number of questions that have an answer, for a progress bar. Answers
    /// are handed over later, because the engine may still break the protocol.
    #[must_use]
    pub fn counted_by(mut self, answered: Arc<AtomicU64>) -> Self {
        self.answered = answered;
        self
    }

    /// Once `stop` is set, the engine is killed and further questions are not asked.
    #[must_use]
    pub fn stopped_by(mut self, stop: Stop) -> Self {
        self.stop = stop;
        self
    }

    /// The number of lines from the engine that belong to no question.
    ///
    /// Spec: PRO-12
    pub fn strays(&self) -> u64 {
        self.strays
    }

    /// Closes the engine's standard input, waits for it to exit, and kills what is left of its
    /// process group.
    ///
    /// Spec: PRO-14
    pub fn finish(&mut self) -> End {
        let Some(child) = self.child.take() else { return End::NotRunning };
        let (status, late_lines) = child.finish(self.limits.exit_timeout, &self.stop);
        self.strays += late_lines;
        status.map_or(End::Killed, End::Exited)
    }

    /// Starts the engine and sends hello.
    ///
    /// Spec: PRO-02, PRO-03
    fn start(&mut self) -> Result<Hello, StartError> {
        let mut child = Child::start(&self.argv, &self.limits).map_err(|error| self.cannot_run(&error))?;
        self.starts += 1;
        child.send(protocol::line(&protocol::Request::hello()));
        let timeout = self.limits.start_timeout;
        let hello = match child.receive(deadline(Instant::now(), timeout), &self.stop) {
            Event::Line(line) => read_hello(&line)?,
            Event::LineTooLong => return Err(bad_hello("its first line is too long")),
            Event::Timeout => {
                return Err(StartError {
                    what: format!("the engine did not answer hello within {} ms", timeout.as_millis()),
                    remedy: "flush standard output after each answer, or allow more time to start".to_owned(),
                });
            }
            Event::Stopped(reason) => {
                return Err(StartError {
                    what: format!("{reason} before the engine answered hello"),
                    remedy: "allow more time".to_owned(),
                });
            }
            Event::Closed | Event::Incomplete(_) => {
                return Err(ended(&child.kill(TERMINATION_TIMEOUT)));
            }
        };
        self.functions.clone_from(&hello.functions);
        self.child = Some(child);
        Ok(hello)
    }

    fn cannot_run(&self, error: &io::Error) -> StartError {
        let program = self.argv.first().map(|program| program.display().to_string()).unwrap_or_default();
        let remedy = remedy::of_start(&self.argv, error);
        StartError { what: format!("cannot run {program:?}: {error}"), remedy }
    }

    /// The answer for a function that the engine's hello does not list; it is not asked for.
    ///
    /// Spec: PRO-03
    fn unsupported(&self, function: &str) -> Option<Answer> {
        let functions = self.functions.as_ref()?;
        let is_listed = functions.iter().any(|listed| listed == function);
        (!is_listed).then(|| Answer::Unsupported("its hello does not list the function".to_owned()))
    }

    /// Sends the calls that may be sent and processes the next event. Returns how the engine
    /// failed, if it did.
    fn step(&mut self, batch: &mut Batch<'_>) -> Option<Failure> {
        let child = self.child.as_mut()?;
        let Limits { window, window_bytes, call_timeout, .. } = self.limits;
        while let Some(call) = batch.next_call(self.next_id, window, window_bytes) {
            self.next_id += 1;
            child.send(call);
        }
        match child.receive(batch.deadline(call_timeout), &self.stop) {
            Event::Line(line) => {
                match batch.receive(&line) {
                    LineUse::Answered => {
                        self.failures = 0;
                        self.answers += 1;
                    }
                    LineUse::Garbled => {}
                    LineUse::Stray => self.strays += 1,
                }
                // An endless stream of lines that answer nothing is a timeout, too.
                (Instant::now() > batch.deadline(call_timeout)).then_some(Failure::Stall)
            }
            Event::LineTooLong => Some(Failure::LineTooLong),
            Event::Closed | Event::Incomplete(_) => Some(Failure::Crash),
            Event::Timeout => Some(Failure::Stall),
            Event::Stopped(reason) => Some(Failure::Stopped(reason)),
        }
    }

    /// Kills an engine that has failed and describes the failure as an answer.
    ///
    /// Spec: PRO-10, PRO-11, PRO-13
    fn fail(&mut self, failure: Failure) -> Answer {
        self.failures += 1;
        let grace = if failure == Failure::Crash { TERMINATION_TIMEOUT } else { Duration::ZERO };
        let how = self.child.take().map(|child| child.kill(grace)).unwrap_or_default();
        match failure {
            Failure::Crash => Answer::Crashed(how),
            Failure::Stall => {
                self.stalls += 1;
                Answer::Stalled(self.limits.call_timeout)
            }
            Failure::LineTooLong => {
                Answer::Garbled(format!("a line of over {} bytes", self.limits.max_line_len))
            }
            Failure::Stopped(reason) => Answer::NotAsked(reason.to_string()),
        }
    }

    /// Why the rest of the questions should not be asked after a failure, if so.
    ///
    /// Spec: PRO-22
    fn reason_to_give_up(&self, failure: Failure) -> Option<String> {
        let Limits { max_stalls, max_crashes, max_stalls_in_all, .. } = self.limits;
        let (in_a_row, what) = match failure {
            // The stop is still set before the next question.
            Failure::Stopped(_) => return None,
            Failure::Stall => (max_stalls, "timeouts"),
            Failure::Crash => (max_crashes, "crashes"),
            Failure::LineTooLong => (max_crashes, "lines that are too long"),
        };
        let (failures, stalls, answers) = (self.failures, self.stalls, self.answers);
        if failures >= in_a_row {
            return Some(format!("the engine was given up after {failures} {what} in a row"));
        }
        let is_slow = stalls > max_stalls_in_all && u64::from(stalls) * ANSWERS_PER_STALL > answers;
        (failure == Failure::Stall && is_slow)
            .then(|| format!("the engine was given up after {stalls} timeouts and {answers} answers"))
    }
}

/// How a running engine failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Failure {
    Crash,
    Stall,
    LineTooLong,
    /// It did not fail, but the run ends early.
    Stopped(Reason),
}

impl Engine for Process {
    fn hello(&mut self) -> Result<Hello, StartError> {
        self.start()
    }

    fn ask(&mut self, function: &str, args: &[Json]) -> Answer {
        let mut answer = Answer::missing();
        self.ask_all(&[Question { function, args }], &mut |_, given| answer = given);
        answer
    }

    fn restarts(&self) -> u64 {
        self.starts.saturating_sub(1)
    }

    /// Spec: PRO-04, PRO-11
    fn ask_all(&mut self, questions: &[Question<'_>], each: &mut dyn FnMut(usize, Answer)) {
        if self.child.as_ref().is_some_and(Child::has_ended) {
            self.child = None;
        }
        let mut batch = Batch::new(questions);
        batch.answer_unsent(|function| self.unsupported(function), each);
        while !batch.is_answered() {
            let stopped = self.stop.reason().map(|reason| reason.to_string());
            if let Some(reason) = stopped.or_else(|| self.given_up.clone()) {
                self.child = None;
                return batch.answer_rest(&Answer::NotAsked(reason), each);
            }
            if self.child.is_none()
                && let Err(error) = self.start()
            {
                self.given_up = Some(format!("the engine could not be started: {error}"));
                continue;
            }
            if let Some(failure) = self.step(&mut batch) {
                let answer = self.fail(failure);
                batch.engine_ended(answer);
                // With nothing left to ask, there is nothing to give up.
                self.given_up = self.reason_to_give_up(failure).filter(|_| !batch.is_answered());
            }
            self.answered.fetch_max(batch.count_answered(), Ordering::Relaxed);
            batch.flush(each);
        }
        batch.flush(each);
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.finish();
    }
}

/// Spec: PRO-03
fn read_hello(line: &[u8]) -> Result<Hello, StartError> {
    match protocol::read_hello(line) {
        Ok(Ok(mut hello)) => {
            for name in [&mut hello.engine, &mut hello.version] {
                if let Some((end, _)) = name.char_indices().nth(MAX_NAME_LEN) {
                    name.truncate(end);
                    name.push('…');
                }
            }
            if let Some(functions) = &mut hello.functions {
                functions.retain(|name| name.parse::<Function>().is_ok());
            }
            Ok(hello)
        }
        Ok(Err(text)) => Err(StartError {
            remedy: remedy::of_text(&text).unwrap_or_else(|| "see the engine's own documentation".to_owned()),
            what: format!("the engine says that it cannot run: {text}"),
        }),
        Err(error) if protocol::is_object(line) => Err(StartError {
            what: format!("the engine's answer to hello does not follow protocol 1: {error}"),
            remedy: r#"answer {"engine":"NAME","version":"1.0"}, see spec/80-protocol.md"#.to_owned(),
        }),
        Err(error) => Err(bad_hello(&error.to_string())),
    }
}

/// An engine ended before it answered hello. Its standard error comes last, because it can have many
/// lines.
fn ended(how: &str) -> StartError {
    let (status, tail) = how.split_once(STDERR_MARK).unwrap_or((how, ""));
    let remedy = remedy::of_text(tail);
    let remedy = remedy.as_deref().unwrap_or("run the same command by hand to see what it prints");
    let tail = if tail.is_empty() { String::new() } else { format!("{}{tail}", STDERR_MARK) };
    StartError {
        what: format!("the engine ended before it answered hello: {status}"),
        remedy: format!("{remedy}{tail}"),
    }
}

fn bad_hello(problem: &str) -> StartError {
    StartError {
        what: format!("the engine's answer to hello does not follow protocol 1: {problem}"),
        remedy: "print nothing but answers to standard output, see spec/80-protocol.md".to_owned(),
    }
}

/// A deadline. A timeout that the clock cannot represent becomes a year.
fn deadline(since: Instant, timeout: Duration) -> Instant {
    const YEAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);
    since + timeout.min(YEAR)
}

/// Waits until a condition holds, or until the timeout.
fn wait_until(timeout: Duration, mut condition: impl FnMut() -> bool) {
    let deadline = deadline(Instant::now(), timeout);
    while !condition() && Instant::now() < deadline {
        thread::sleep(Duration::from_millis(2));
    }
}
