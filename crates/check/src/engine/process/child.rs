use std::ffi::OsString;
use std::io::{self, Read, Write};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender, SyncSender};
use std::thread;
use std::time::{Duration, Instant};

use super::group::{Group, Signal};
use super::tail::Tail;
use super::{deadline, wait_until};
use crate::engine::lines::{Lines, TooLong};

/// How much is read at once, and how many such pieces wait to be looked at.
const PIECE: usize = 64 * 1024;
const PIECES: usize = 16;
/// How long a process may take to end after it was told to.
pub(super) const TERMINATION: Duration = Duration::from_millis(300);

/// A running engine. Two threads of its own write to it and read from it, so that
/// full pipes block neither side; a third keeps the last of its standard error.
///
/// Spec: PRO-01, PRO-13, PRO-15
#[derive(Debug)]
pub(super) struct Child {
    group: Group,
    /// Lines on their way to standard input, which is closed where this is `None`.
    input: Option<Sender<Vec<u8>>>,
    output: Receiver<Vec<u8>>,
    lines: Lines,
    errors: Tail,
}

/// What comes from an engine.
#[derive(Debug)]
pub(super) enum Event {
    /// A whole line.
    Line(Vec<u8>),
    /// A line longer than allowed.
    TooLong,
    /// Nothing more: it has ended, or closed its standard output.
    Closed,
    /// Nothing in time.
    Silence,
}

impl Child {
    /// Starts the program that an argument vector names, with no shell between.
    pub(super) fn start(argv: &[OsString], line_limit: usize) -> io::Result<Self> {
        let (program, arguments) =
            argv.split_first().ok_or_else(|| io::Error::other("no program is named"))?;
        let mut command = Command::new(program);
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut group = Group::start(&mut command)?;
        let leader = group.leader();
        let pipes = (leader.stdin.take(), leader.stdout.take(), leader.stderr.take());
        let (Some(stdin), Some(stdout), Some(stderr)) = pipes else {
            return Err(io::Error::other("its pipes are missing"));
        };
        let (input, to_write) = mpsc::channel();
        thread::spawn(move || write(stdin, &to_write));
        let (read, output) = mpsc::sync_channel(PIECES);
        thread::spawn(move || forward(stdout, &read));
        Ok(Self {
            group,
            input: Some(input),
            output,
            lines: Lines::new(line_limit),
            errors: Tail::of(stderr),
        })
    }

    /// Puts a line on its way. Where the engine no longer reads, nothing happens;
    /// that it has ended is seen from its output.
    pub(super) fn send(&mut self, line: Vec<u8>) {
        if let Some(input) = &self.input {
            _ = input.send(line);
        }
    }

    /// The next line, waited for until `deadline`.
    ///
    /// Spec: PRO-10, PRO-13
    pub(super) fn receive(&mut self, deadline: Instant) -> Event {
        loop {
            match self.lines.next() {
                Some(Ok(line)) => return Event::Line(line.to_vec()),
                Some(Err(TooLong)) => return Event::TooLong,
                None => {}
            }
            match self.piece(deadline) {
                Ok(piece) => self.lines.push(&piece),
                Err(RecvTimeoutError::Timeout) => return Event::Silence,
                Err(RecvTimeoutError::Disconnected) => return Event::Closed,
            }
        }
    }

    /// The next piece of output. An engine that has ended says nothing more, even
    /// where a process that it left behind holds its standard output open.
    fn piece(&mut self, deadline: Instant) -> Result<Vec<u8>, RecvTimeoutError> {
        const LOOK: Duration = Duration::from_millis(50);
        loop {
            let had_ended = self.group.has_ended();
            let left = deadline.saturating_duration_since(Instant::now());
            match self.output.recv_timeout(left.min(LOOK)) {
                Err(RecvTimeoutError::Timeout) if had_ended => return Err(RecvTimeoutError::Disconnected),
                Err(RecvTimeoutError::Timeout) if left > LOOK => {}
                other => return other,
            }
        }
    }

    /// Whether the engine has ended.
    pub(super) fn has_ended(&mut self) -> bool {
        self.group.has_ended()
    }

    /// Ends the engine with its whole group, and says how it had ended and the
    /// last it said. One that has closed its output, and so is about to end by
    /// itself, is given the patience to do so.
    pub(super) fn kill(mut self, patience: Duration) -> String {
        wait_until(patience, || self.group.has_ended());
        let how = if self.group.has_ended() { "it ended with " } else { "it was ended: " };
        let status = self.group.end().map_or_else(|error| error.to_string(), |status| status.to_string());
        let last = self.errors.text();
        let colon = if last.is_empty() { "" } else { "; its standard error ends:\n" };
        format!("{how}{status}{colon}{last}")
    }

    /// Closes standard input, waits for the engine to end, and ends what is left
    /// of its group. Says how the engine ended where it did so by itself, and how
    /// many lines it still had to say.
    ///
    /// Spec: PRO-14
    pub(super) fn finish(mut self, grace: Duration) -> (Option<ExitStatus>, u64) {
        self.input = None;
        let deadline = deadline(Instant::now(), grace);
        let mut late = 0;
        while Instant::now() < deadline
            && let Event::Line(_) = self.receive(deadline)
        {
            late += 1;
        }
        wait_until(deadline.saturating_duration_since(Instant::now()), || self.group.has_ended());
        let by_itself = self.group.has_ended();
        if !by_itself {
            self.group.signal(Signal::Terminate);
            wait_until(TERMINATION, || self.group.has_ended());
        }
        let status = self.group.end().ok().filter(|_| by_itself);
        (status, late)
    }
}

/// Writes lines as they come; ends, and so closes the pipe, when none can come.
fn write(mut stdin: impl Write, lines: &Receiver<Vec<u8>>) {
    for line in lines {
        if stdin.write_all(&line).is_err() {
            return;
        }
    }
}

/// Hands output on as it comes, and reads no faster than it is looked at.
fn forward(mut stdout: impl Read, pieces: &SyncSender<Vec<u8>>) {
    let mut piece = vec![0; PIECE];
    loop {
        match stdout.read(&mut piece) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Ok(length @ 1..) => {
                let read = piece.get(..length).unwrap_or_default().to_vec();
                if pieces.send(read).is_err() {
                    return;
                }
            }
            Ok(0) | Err(_) => return,
        }
    }
}
