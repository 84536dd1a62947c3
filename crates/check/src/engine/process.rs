//! An engine in a process of its own, asked by protocol 1 (chapter 80).

mod batch;
mod child;
mod group;
mod tail;

use std::ffi::OsString;
use std::process::ExitStatus;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value as Json;

use super::{Answer, Engine, Hello, Question, StartError, protocol};
use batch::{Batch, Taken};
use child::{Child, Event, TERMINATION};
use rulespec::Function;

pub use group::end_all;

/// What an engine in a process is granted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// How long it may take to start and say hello.
    pub start: Duration,
    /// How long it may take to the next answer.
    pub call: Duration,
    /// How long it may take to end, once its standard input is closed.
    pub end: Duration,
    /// How many calls may be open at once.
    pub window: usize,
    /// After how many bytes of open calls no further one is sent.
    pub window_bytes: usize,
    /// How many bytes a line of its output may have.
    pub line: usize,
    /// How often in a row it may crash or garble its output without a single
    /// answer between, before it is given up.
    pub crashes: u32,
    /// The same for not answering in time.
    pub stalls: u32,
}

impl Default for Limits {
    /// Spec: PRO-04, PRO-10, PRO-11, PRO-13, PRO-14
    fn default() -> Self {
        Self {
            start: Duration::from_secs(30),
            call: Duration::from_secs(5),
            end: Duration::from_secs(1),
            window: 256,
            window_bytes: 1 << 20,
            line: 16 << 20,
            crashes: 16,
            stalls: 3,
        }
    }
}

/// An engine in a process of its own.
///
/// It is started when it is first needed and again when it has crashed or
/// stalled, so that one bad answer costs no other. It ends, with every process of
/// its group, when this is dropped.
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
    /// How often in a row it has ended without an answer between.
    fruitless: u32,
    strays: u64,
}

/// How an engine ended after its standard input was closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// By itself, in time.
    Exited(ExitStatus),
    /// It had to be ended.
    Killed,
    /// It did not run.
    NotRunning,
}

impl Process {
    /// An engine that will be run by this argument vector: the program, then its
    /// arguments, without any shell between.
    pub fn new(argv: Vec<OsString>, limits: Limits) -> Self {
        Self { argv, limits, child: None, functions: None, next_id: 1, fruitless: 0, strays: 0 }
    }

    /// How many lines the engine has written that belong to no question.
    ///
    /// Spec: PRO-12
    pub fn strays(&self) -> u64 {
        self.strays
    }

    /// Closes the engine's standard input, waits for it to end, and ends what is
    /// left of its process group.
    ///
    /// Spec: PRO-14
    pub fn finish(&mut self) -> End {
        let Some(child) = self.child.take() else { return End::NotRunning };
        let (status, late) = child.finish(self.limits.end);
        self.strays += late;
        status.map_or(End::Killed, End::Exited)
    }

    /// Starts the engine and asks who it is.
    ///
    /// Spec: PRO-02, PRO-03
    fn start(&mut self) -> Result<Hello, StartError> {
        let program = self.argv.first().map(|program| program.display().to_string()).unwrap_or_default();
        let mut child = Child::start(&self.argv, self.limits.line).map_err(|error| StartError {
            what: format!("cannot run {program:?}: {error}"),
            remedy: "name a program and its arguments after --, without a shell's syntax".to_owned(),
        })?;
        child.send(protocol::line(&protocol::Request::hello()));
        let hello = match child.receive(deadline(Instant::now(), self.limits.start)) {
            Event::Line(line) => read_hello(&line),
            Event::TooLong => Err(bad_hello("its first line is too long")),
            Event::Silence => Err(StartError {
                what: format!("the engine did not answer hello within {} ms", self.limits.start.as_millis()),
                remedy: "let it flush its standard output after each answer, or grant it more time"
                    .to_owned(),
            }),
            Event::Closed => {
                return Err(StartError {
                    what: format!("the engine ended before it answered hello: {}", child.kill(TERMINATION)),
                    remedy: "run the same command by hand and see what it says".to_owned(),
                });
            }
        }?;
        self.functions.clone_from(&hello.functions);
        self.child = Some(child);
        Ok(hello)
    }

    /// Why a function is not even asked for, where that is so.
    ///
    /// Spec: PRO-03
    fn unsupported(&self, function: &str) -> Option<Answer> {
        let functions = self.functions.as_ref()?;
        let is_listed = functions.iter().any(|listed| listed == function);
        (!is_listed).then(|| Answer::Unsupported("its hello does not list the function".to_owned()))
    }

    /// Starts the engine where none runs.
    fn ensure_running(&mut self) -> Result<(), StartError> {
        if self.child.as_mut().is_none_or(Child::has_ended) {
            self.child = None;
            self.start()?;
        }
        Ok(())
    }

    /// Sends what may be sent and takes what comes next. Returns how the engine
    /// failed, where it did.
    fn step(&mut self, batch: &mut Batch<'_>) -> Option<Failure> {
        let limits = self.limits.clone();
        let child = self.child.as_mut()?;
        while let Some(call) = batch.next_call(self.next_id, limits.window, limits.window_bytes) {
            self.next_id += 1;
            child.send(call);
        }
        match child.receive(batch.deadline(limits.call)) {
            Event::Line(line) => {
                match batch.take(&line) {
                    Taken::Answer => self.fruitless = 0,
                    Taken::Spoiled => {}
                    Taken::Stray => self.strays += 1,
                }
                // Lines without end that settle nothing are no answer either.
                (Instant::now() > batch.deadline(limits.call)).then_some(Failure::Stall)
            }
            Event::TooLong => Some(Failure::TooLong),
            Event::Closed => Some(Failure::Crash),
            Event::Silence => Some(Failure::Stall),
        }
    }

    /// Ends an engine that has failed, and says what that is as an answer.
    ///
    /// Spec: PRO-10, PRO-11, PRO-13
    fn fail(&mut self, failure: Failure) -> Answer {
        self.fruitless += 1;
        let patience = if failure == Failure::Crash { TERMINATION } else { Duration::ZERO };
        let how = self.child.take().map(|child| child.kill(patience)).unwrap_or_default();
        match failure {
            Failure::Crash => Answer::Crashed(how),
            Failure::Stall => Answer::Stalled(self.limits.call),
            Failure::TooLong => Answer::Garbled(format!("a line of over {} bytes", self.limits.line)),
        }
    }

    /// What is answered for every question left, once the engine has failed too
    /// often in a row.
    fn verdict_on_the_rest(&self, answer: &Answer) -> Option<Answer> {
        let remark = |text: &str| format!("given up after {} failures in a row; {text}", self.fruitless);
        let (limit, rest) = match answer {
            Answer::Stalled(_) => (self.limits.stalls, answer.clone()),
            Answer::Garbled(text) => (self.limits.crashes, Answer::Garbled(remark(text))),
            other => (self.limits.crashes, Answer::Crashed(remark(&other.to_string()))),
        };
        (self.fruitless >= limit).then_some(rest)
    }
}

/// How a running engine failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Failure {
    Crash,
    Stall,
    TooLong,
}

impl Engine for Process {
    fn hello(&mut self) -> Result<Hello, StartError> {
        self.start()
    }

    fn ask(&mut self, function: &str, args: &[Json]) -> Answer {
        let mut answer = Answer::Crashed("it was not asked".to_owned());
        self.ask_all(&[Question { function, args }], &mut |_, given| answer = given);
        answer
    }

    /// Spec: PRO-04, PRO-11
    fn ask_all(&mut self, questions: &[Question<'_>], each: &mut dyn FnMut(usize, Answer)) {
        let not_started = |error| Answer::Crashed(format!("it could not be started: {error}"));
        let mut batch = Batch::new(questions);
        if let Err(error) = self.ensure_running() {
            return batch.give_up(&not_started(error), each);
        }
        batch.settle_unasked(|function| self.unsupported(function), each);
        while !batch.is_answered() {
            if self.child.is_none()
                && let Err(error) = self.start()
            {
                return batch.give_up(&not_started(error), each);
            }
            if let Some(failure) = self.step(&mut batch) {
                let answer = self.fail(failure);
                batch.end(answer.clone());
                if let Some(rest) = self.verdict_on_the_rest(&answer) {
                    return batch.give_up(&rest, each);
                }
            }
            batch.hand_over(each);
        }
        batch.hand_over(each);
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
            if let Some(functions) = &mut hello.functions {
                functions.retain(|name| name.parse::<Function>().is_ok());
            }
            Ok(hello)
        }
        Ok(Err(text)) => Err(StartError {
            what: format!("the engine answered hello with an error: {text}"),
            remedy: "see the engine's own documentation".to_owned(),
        }),
        Err(garbled) => Err(bad_hello(&garbled.to_string())),
    }
}

fn bad_hello(what: &str) -> StartError {
    StartError {
        what: format!("the engine did not answer hello as protocol 1 wants it: {what}"),
        remedy: "print nothing but answers to standard output, see spec/80-protocol.md".to_owned(),
    }
}

/// A deadline; in a year where the limit is beyond what a clock can hold.
fn deadline(since: Instant, limit: Duration) -> Instant {
    const YEAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);
    since + limit.min(YEAR)
}

/// Waits until something holds, but not for longer than a limit.
fn wait_until(limit: Duration, mut holds: impl FnMut() -> bool) {
    let deadline = deadline(Instant::now(), limit);
    while !holds() && Instant::now() < deadline {
        thread::sleep(Duration::from_millis(2));
    }
}
