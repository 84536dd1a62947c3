//! Errors that determine the exit status.

use std::fmt::Display;
use std::io;
use std::path::Path;

use super::status::Status;
use rulespec_check::engine::StartError;

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
        Self { status: Status::Failed, message: message.to_string() }
    }

    /// Wrong usage.
    pub fn usage(message: &dyn Display) -> Self {
        Self { status: Status::Usage, message: message.to_string() }
    }

    /// A file named by an option cannot be read or written.
    pub fn file(file: &Path, error: &io::Error) -> Self {
        Self::usage(&format!("{}: {error}", file.display()))
    }

    /// The engine cannot be run.
    pub fn engine(error: &StartError) -> Self {
        Self { status: Status::Engine, message: error.to_string() }
    }

    /// The suite is invalid.
    pub fn suite(message: &dyn Display) -> Self {
        Self { status: Status::Suite, message: message.to_string() }
    }
}
