use std::ffi::OsString;
use std::io::{self, BufReader, Read, Write};
use std::mem::take;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender, SyncSender};
use std::thread;
use std::time::{Duration, Instant};
use std::vec;

use super::group::Group;
use super::pipe::{Pipe, PipeEnd};
use super::stderr_tail::StderrTail;
use super::{Limits, deadline, wait_until};
use crate::engine::read_line::{LineTooLong, read_line};
use crate::stop::{Reason, Stop};

/// The size of one read, and how many batches of lines may wait to be processed. A batch has at
/// most one line that is longer than a read.
const BUFFER_LEN: usize = 64 * 1024;
const MAX_QUEUED_BATCHES: usize = 1;
/// How often a wait for the engine checks whether the run is stopped, and the engine has exited.
const POLL_INTERVAL: Duration = Duration::from_millis(50);
/// How long a process may take to exit after it was asked to.
pub(super) const TERMINATION_TIMEOUT: Duration = Duration::from_millis(300);

/// What stands between how a process ended and the end of its standard error.
pub(super) const TAIL: &str = "; its standard error ends:\n";

type Line = Result<Vec<u8>, LineTooLong>;

/// A running engine. Two threads write to it and read from it, so that a full pipe blocks
/// neither side. A third thread keeps the end of its standard error.
///
/// Spec: PRO-01, PRO-13, PRO-15
#[derive(Debug)]
pub(super) struct Child {
    group: Group,
    /// Lines to write to standard input. `None` closes it.
    input: Option<Sender<Vec<u8>>>,
    output: Receiver<Vec<Line>>,
    /// The rest of the last batch from `output`.
    lines: vec::IntoIter<Line>,
    stderr: StderrTail,
    pipes: PipeEnd,
}

/// What an engine sent.
#[derive(Debug)]
pub(super) enum Event {
    Line(Vec<u8>),
    /// What it wrote after its last complete line when it closed its standard output.
    #[cfg_attr(not(feature = "diff"), expect(dead_code, reason = "an engine's incomplete line is no answer"))]
    Incomplete(Vec<u8>),
    /// A line longer than the limit.
    LineTooLong,
    /// The engine exited or closed its standard output.
    Closed,
    /// Nothing before the deadline.
    Timeout,
    /// The run ends early.
    Stopped(Reason),
}

impl Child {
    /// Starts the program that an argument vector names, without a shell.
    ///
    /// # Errors
    ///
    /// Returns an error if the program or a thread cannot be started.
    pub(super) fn start(argv: &[OsString], limits: &Limits) -> io::Result<Self> {
        let (program, arguments) =
            argv.split_first().ok_or_else(|| io::Error::other("no program is named"))?;
        let mut command = Command::new(program);
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let group = Group::start(command, limits.engine_memory)?;
        let (stdin, stdout, stderr) =
            group.take_pipes().ok_or_else(|| io::Error::other("its pipes are missing"))?;
        let pipes = PipeEnd::default();
        let stdin = Pipe::new(stdin, pipes.clone())?;
        let stdout = Pipe::new(stdout, pipes.clone())?;
        let (input, to_write) = mpsc::channel();
        let (batches, output) = mpsc::sync_channel(MAX_QUEUED_BATCHES);
        let max_line_len = limits.max_line_len;
        // Created first, so that the threads end if one of them cannot be started.
        let child = Self {
            group,
            input: Some(input),
            output,
            lines: vec![].into_iter(),
            stderr: StderrTail::read(Pipe::new(stderr, pipes.clone())?)?,
            pipes,
        };
        thread::Builder::new().spawn(move || write_lines(stdin, &to_write))?;
        thread::Builder::new().spawn(move || read_lines(stdout, max_line_len, &batches))?;
        Ok(child)
    }

    /// Queues a line. If the engine no longer reads, the line is lost; its closed output shows
    /// that it has ended.
    pub(super) fn send(&mut self, line: Vec<u8>) {
        if let Some(input) = &self.input {
            _ = input.send(line);
        }
    }

    /// Closes standard input once all lines are written.
    #[cfg(feature = "diff")]
    pub(super) fn close_input(&mut self) {
        self.input = None;
    }

    /// Waits for the next line until `deadline`, or until the run is stopped.
    ///
    /// Spec: PRO-10, PRO-13
    pub(super) fn receive(&mut self, deadline: Instant, stop: &Stop) -> Event {
        loop {
            // Also while lines keep coming.
            if let Some(reason) = stop.reason() {
                return Event::Stopped(reason);
            }
            match self.lines.next() {
                Some(Ok(mut line)) => match line.pop() {
                    Some(b'\n') => return Event::Line(line),
                    last => return Event::Incomplete(line.into_iter().chain(last).collect()),
                },
                Some(Err(LineTooLong)) => return Event::LineTooLong,
                None => {}
            }
            // Once the engine has exited its output counts as closed, even if a process that it
            // left behind keeps the pipe open.
            let had_ended = self.group.has_ended();
            let left = stop.sooner(deadline).saturating_duration_since(Instant::now());
            match self.output.recv_timeout(left.min(POLL_INTERVAL)) {
                Ok(lines) => self.lines = lines.into_iter(),
                Err(RecvTimeoutError::Disconnected) => return Event::Closed,
                Err(RecvTimeoutError::Timeout) if had_ended => return Event::Closed,
                Err(RecvTimeoutError::Timeout) if Instant::now() < deadline => {}
                Err(RecvTimeoutError::Timeout) => return Event::Timeout,
            }
        }
    }

    /// Whether the engine has exited.
    pub(super) fn has_ended(&self) -> bool {
        self.group.has_ended()
    }

    /// Kills the engine's group, and describes how the engine ended and the end of its standard
    /// error. Gives the engine `grace` to exit by itself first.
    pub(super) fn kill(self, grace: Duration) -> String {
        wait_until(grace, || self.group.has_ended());
        let how = if self.group.has_ended() { "it ended with " } else { "it was killed: " };
        let status = self.group.end().map_or_else(|error| error.to_string(), |status| status.to_string());
        let tail = self.stderr.text();
        let separator = if tail.is_empty() { "" } else { TAIL };
        format!("{how}{status}{separator}{tail}")
    }

    /// Ends the group of a program that has exited.
    ///
    /// # Errors
    ///
    /// Returns how it ended and the end of its standard error, if it had an error.
    #[cfg(feature = "diff")]
    pub(super) fn end(self) -> Result<(), String> {
        match self.group.end() {
            Ok(status) if status.success() => Ok(()),
            _ => Err(self.kill(Duration::ZERO)),
        }
    }

    /// Closes standard input, waits for the engine to exit, and kills what is left of its group.
    /// Returns the exit status if the engine exited by itself, and the number of lines that it
    /// still wrote.
    ///
    /// Spec: PRO-14
    pub(super) fn finish(mut self, timeout: Duration, stop: &Stop) -> (Option<ExitStatus>, u64) {
        self.input = None;
        let timeout = if stop.is_set() { Duration::ZERO } else { timeout };
        let deadline = deadline(Instant::now(), timeout);
        let mut late_lines = 0;
        while Instant::now() < deadline
            && let Event::Line(_) = self.receive(deadline, stop)
        {
            late_lines += 1;
        }
        wait_until(deadline.saturating_duration_since(Instant::now()), || self.group.has_ended());
        if self.group.has_ended() {
            return (self.group.end().ok(), late_lines);
        }
        if !stop.is_set() {
            self.group.terminate();
            wait_until(TERMINATION_TIMEOUT, || self.group.has_ended());
        }
        (None, late_lines)
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        self.pipes.end();
    }
}

/// Writes lines until the channel is closed, then closes the pipe.
fn write_lines(mut stdin: impl Write, lines: &Receiver<Vec<u8>>) {
    for line in lines {
        if stdin.write_all(&line).is_err() {
            return;
        }
    }
}

/// Sends the lines of standard output in batches, up to a line that is too long. The bounded
/// channel limits how far it reads ahead.
fn read_lines(stdout: impl Read, max_len: usize, batches: &SyncSender<Vec<Line>>) {
    let mut stdout = BufReader::with_capacity(BUFFER_LEN, stdout);
    let mut batch = vec![];
    while let Ok(Some(line)) = read_line(&mut stdout, max_len) {
        let is_too_long = line.is_err();
        batch.push(line);
        // Sends the batch before a read that may block.
        if is_too_long || !stdout.buffer().contains(&b'\n') {
            let is_sent = batches.send(take(&mut batch)).is_ok();
            if is_too_long || !is_sent {
                return;
            }
        }
    }
}
