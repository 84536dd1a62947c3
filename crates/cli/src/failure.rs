//! Why a command has no result, and the exit status that says so.

use std::fmt::Display;

use super::status::Status;
use rulespec_check::engine::StartError;

/// A failure with an exit status of its own.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct Failure {
    /// The exit status.
    pub status: Status,
    message: String,
}

impl Failure {
    /// Wrong usage.
    pub fn usage(message: &dyn Display) -> Self {
        Self { status: Status::Usage, message: message.to_string() }
    }

    /// An engine that cannot be run.
    pub fn engine(error: &StartError) -> Self {
        Self { status: Status::Engine, message: error.to_string() }
    }

    /// A suite that cannot be used.
    pub fn suite(message: &dyn Display) -> Self {
        Self { status: Status::Suite, message: message.to_string() }
    }
}
