//! The exit status.

use std::process::ExitCode;

/// The exit status of the `rulespec` command.
///
/// If several apply, one that says what went wrong takes precedence over [`Failed`](Self::Failed).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// The command succeeded; every answer of a tested engine is right.
    Success = 0,
    /// An answer of a tested engine is wrong, or nothing was asked. For `run`, a file that is named gave nothing, the
    /// output is incomplete or, with `--strict`, part of the input could not be read.
    Failed = 1,
    /// Wrong usage. This includes a file that an argument names and that cannot be opened, or that
    /// is not of the expected kind.
    Usage = 2,
    /// The engine could not be run.
    Engine = 3,
    /// The suite is invalid.
    Suite = 4,
    /// A file or standard output could not be read or written.
    Io = 5,
    /// Ended by a hang-up. This and the following are those that shells use.
    HungUp = 129,
    /// Ended by Ctrl-C.
    Interrupted = 130,
    /// Ended by a termination signal.
    Terminated = 143,
}

impl Status {
    /// [`Success`](Self::Success) if `ok`, otherwise [`Failed`](Self::Failed).
    pub(super) fn from_ok(ok: bool) -> Self {
        if ok { Self::Success } else { Self::Failed }
    }
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        Self::from(status as u8)
    }
}
