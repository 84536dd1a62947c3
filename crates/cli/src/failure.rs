//! Errors that determine the exit status.

use std::fmt::Display;
use std::io::{self, ErrorKind};
use std::path::Path;

use super::status::Status;
use super::stderr;
use rulespec_check::printable::{lines, printable};

/// What is said of a file that does not exist, as for a file of events.
pub const NO_SUCH_FILE: &str = "there is no such file; check the path";

/// An error with an exit status of its own.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct Failure {
    /// The exit status.
    pub status: Status,
    message: String,
}

impl Failure {
    /// The machine lacks what the command needs, or the command has a bug.
    #[cfg(feature = "events")]
    pub fn failed(message: &dyn Display) -> Self {
        Self { status: Status::Io, message: message.to_string() }
    }

    /// Wrong usage.
    pub fn usage(message: &dyn Display) -> Self {
        Self { status: Status::Usage, message: message.to_string() }
    }

    /// A file named by an argument cannot be opened, or is not of the expected kind.
    pub fn file(file: &Path, error: &io::Error) -> Self {
        let file = file.display();
        match error.kind() {
            ErrorKind::NotFound => Self::usage(&format!("{file}: {NO_SUCH_FILE}")),
            ErrorKind::NotADirectory => Self::usage(&format!("{file}: {error}; check the path")),
            _ => Self::usage(&format!("{file}: {error}")),
        }
    }

    /// A file could not be read or locked after it was opened.
    pub fn io(file: &dyn Display, what: &str, error: &io::Error) -> Self {
        Self { status: Status::Io, message: format!("{file}: {what}: {error}") }
    }

    /// A file could not be written.
    pub fn unwritten(file: &dyn Display, error: &dyn Display) -> Self {
        Self { status: Status::Io, message: format!("{file}: cannot be written: {error}") }
    }

    /// Standard output could not be written.
    pub fn stdout(error: &dyn Display) -> Self {
        Self { status: Status::Io, message: format!("cannot write to standard output: {error}") }
    }

    /// The engine cannot be run, or not to the end.
    pub fn engine(message: &dyn Display) -> Self {
        Self { status: Status::Engine, message: message.to_string() }
    }

    /// The suite is invalid.
    pub fn suite(message: &dyn Display) -> Self {
        Self { status: Status::Suite, message: message.to_string() }
    }

    /// Reports all but the last of some failures, and returns the last.
    pub fn all(failures: impl IntoIterator<Item = Self>) -> Result<(), Self> {
        let mut failures: Vec<Self> = failures.into_iter().collect();
        let last = failures.pop();
        failures.iter().for_each(Self::report);
        last.map_or(Ok(()), Err)
    }

    /// Prints the message to standard error.
    pub fn report(&self) {
        stderr::print(&format_args!("rulespec: {}", self.shown()));
    }

    /// The message, escaped. What an engine has written to its standard error keeps its lines, which
    /// are indented, so that none looks like one of ours.
    pub fn shown(&self) -> String {
        match self.status {
            Status::Engine => lines(&self.message, usize::MAX).collect::<Vec<_>>().join("\n    "),
            _ => printable(&self.message).into_owned(),
        }
    }
}
