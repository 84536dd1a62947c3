//! What a command exits with.

use std::process::ExitCode;

/// The exit status of the `rulespec` command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// It conforms; it is done.
    Done = 0,
    /// It does not conform; something could not be read or written.
    Failed = 1,
    /// Wrong usage.
    Usage = 2,
    /// The engine could not be run.
    Engine = 3,
    /// The suite itself is wrong.
    Suite = 4,
    /// Ctrl-C, as shells write it.
    Interrupted = 130,
}

impl Status {
    /// [`Done`](Self::Done) where it went well, else [`Failed`](Self::Failed).
    pub(super) fn of(well: bool) -> Self {
        if well { Self::Done } else { Self::Failed }
    }
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        Self::from(status as u8)
    }
}
