//! Options that choose the engine and its time limits.

use std::ffi::OsString;
use std::time::Duration;

use clap::{Args, ValueEnum};

use rulespec_check::engine::process::{Limits, Process};
use rulespec_check::engine::{Engine, Fast, Reference};

/// The embedded engines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Embedded {
    /// Optimised implementation.
    Fast,
    /// Reference implementation.
    Reference,
}

impl Embedded {
    /// The engine itself.
    pub fn engine(self) -> Box<dyn Engine> {
        match self {
            Self::Fast => Box::new(Fast::default()),
            Self::Reference => Box::new(Reference::default()),
        }
    }
}

/// The engine command after `--`, or an embedded engine. Each command sets the help text of
/// `--engine` itself.
#[derive(Debug, Args)]
pub struct EngineArguments {
    /// Engine command: a program and its arguments, run without a shell
    #[arg(last = true, value_name = "ENGINE")]
    pub command: Vec<OsString>,

    #[arg(long, value_enum, value_name = "NAME", default_value = "fast", conflicts_with = "command")]
    pub engine: Embedded,
}

impl EngineArguments {
    /// Whether an engine command was given.
    pub fn is_external(&self) -> bool {
        !self.command.is_empty()
    }

    /// The engine, not yet started.
    pub fn engine(&self, limits: Limits) -> Box<dyn Engine> {
        match self.is_external() {
            true => Box::new(Process::new(self.command.clone(), limits)),
            false => self.engine.engine(),
        }
    }

    /// The engine command for display; empty for an embedded engine.
    pub fn words(&self) -> Vec<String> {
        self.command.iter().map(|word| word.to_string_lossy().into_owned()).collect()
    }
}

/// Time limits of an engine.
#[derive(Debug, Args)]
pub struct TimeoutArguments {
    /// Time limit for the next answer of an engine, in seconds
    #[arg(long, value_name = "SECONDS", value_parser = seconds, default_value = "5")]
    timeout: Duration,

    /// Time limit for an engine to start, in seconds
    #[arg(long, value_name = "SECONDS", value_parser = seconds, default_value = "30")]
    start_timeout: Duration,
}

impl TimeoutArguments {
    /// The limits for an engine process.
    pub fn limits(&self) -> Limits {
        Limits { call_timeout: self.timeout, start_timeout: self.start_timeout, ..Limits::default() }
    }
}

/// Parses a positive number of seconds.
pub fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    seconds
        .filter(|limit| !limit.is_zero())
        .ok_or_else(|| "expected a number of seconds greater than 0".to_owned())
}
