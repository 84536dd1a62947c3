//! A program that is run once: it reads all of its standard input, and writes its result.

use std::ffi::OsString;
use std::io;
use std::time::{Duration, Instant};

use super::child::{Child, Event};
use super::{Limits, deadline, remedy, wait_until};
use crate::stop::{Reason, Stop};

/// How many bytes a program may write in all.
const MAX_OUTPUT: usize = 64 << 20;
/// How many lines it may write. Empty lines take memory, too.
const MAX_LINES: usize = 1 << 17;

/// Why a program that was run once has no result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum OnceError {
    /// It cannot be started: why.
    NotStarted(String),
    /// It ended with an error: how, and the end of its standard error.
    Failed(String),
    /// It did not end in time, or wrote too much.
    Exceeded(String),
    /// The run ends early.
    Stopped(Reason),
}

/// Runs a program without a shell, writes lines to its standard input, and returns the lines of its
/// standard output.
pub(crate) fn run_once(
    argv: &[OsString],
    limits: &Limits,
    stop: &Stop,
    input: impl Iterator<Item = Vec<u8>>,
) -> Result<Vec<Vec<u8>>, OnceError> {
    let mut child =
        Child::start(argv, limits).map_err(|error| OnceError::NotStarted(not_started(argv, &error)))?;
    input.for_each(|line| child.send(line));
    child.close_input();
    let deadline = deadline(Instant::now(), limits.start_timeout);
    let (mut lines, mut bytes) = (vec![], 0);
    loop {
        match child.receive(deadline, stop) {
            Event::Line(_) if lines.len() == MAX_LINES => {
                return Err(OnceError::Exceeded(format!("it wrote over {MAX_LINES} lines")));
            }
            Event::Line(line) | Event::Incomplete(line) if bytes + line.len() <= MAX_OUTPUT => {
                bytes += line.len();
                lines.push(line);
            }
            Event::Line(_) | Event::Incomplete(_) => {
                return Err(OnceError::Exceeded(format!("it wrote over {MAX_OUTPUT} bytes")));
            }
            Event::LineTooLong => {
                return Err(OnceError::Exceeded(format!(
                    "it wrote a line of over {} bytes",
                    limits.max_line_len
                )));
            }
            Event::Timeout => {
                let limit = limits.start_timeout.as_secs_f64();
                return Err(OnceError::Exceeded(format!("it did not end within {limit} seconds")));
            }
            Event::Stopped(reason) => return Err(OnceError::Stopped(reason)),
            Event::Closed => break,
        }
    }
    wait_until(deadline.saturating_duration_since(Instant::now()), || child.has_ended() || stop.is_set());
    if let Some(reason) = stop.reason() {
        return Err(OnceError::Stopped(reason));
    }
    if !child.has_ended() {
        let limit = limits.start_timeout.as_secs_f64();
        let how = child.kill(Duration::ZERO);
        return Err(OnceError::Exceeded(format!(
            "it closed its standard output, but did not end within {limit} seconds; {how}"
        )));
    }
    match child.end() {
        Ok(()) => Ok(lines),
        Err(how) => Err(OnceError::Failed(remedy::insert(how))),
    }
}

fn not_started(argv: &[OsString], error: &io::Error) -> String {
    let program = argv.first().map(|program| program.display().to_string()).unwrap_or_default();
    let remedy = remedy::of_start(argv, error);
    format!("cannot run {program:?}: {error}; {remedy}")
}
