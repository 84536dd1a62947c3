//! Which engine a command is about, and how long it is waited for.

use std::ffi::OsString;
use std::time::Duration;

use clap::Args;

use super::Embedded;
use rulespec_check::engine::Engine;
use rulespec_check::engine::process::{Limits, Process};

/// The engine behind `--`; an embedded one where there is none. A command says in its
/// help what it does with that.
#[derive(Debug, Args)]
pub struct Chosen {
    /// The engine: a program and its arguments, run without a shell
    #[arg(last = true, value_name = "ENGINE")]
    pub command: Vec<OsString>,

    #[arg(long, value_enum, value_name = "NAME", default_value = "fast", conflicts_with = "command")]
    pub engine: Embedded,
}

impl Chosen {
    /// Whether it is one of the user's own.
    pub fn is_own(&self) -> bool {
        !self.command.is_empty()
    }

    /// The engine, not yet started.
    pub fn engine(&self, limits: Limits) -> Box<dyn Engine> {
        match self.is_own() {
            true => Box::new(Process::new(self.command.clone(), limits)),
            false => self.engine.engine(),
        }
    }

    /// Its command, for people; empty for an embedded one.
    pub fn words(&self) -> Vec<String> {
        self.command.iter().map(|word| word.to_string_lossy().into_owned()).collect()
    }
}

/// How long an engine is waited for.
#[derive(Debug, Args)]
pub struct Patience {
    /// How long the engine may take to the next answer, in seconds
    #[arg(long, value_name = "SECONDS", value_parser = seconds, default_value = "5")]
    timeout: Duration,

    /// How long the engine may take to start, in seconds
    #[arg(long, value_name = "SECONDS", value_parser = seconds, default_value = "30")]
    start_timeout: Duration,
}

impl Patience {
    /// The limits that this sets.
    pub fn limits(&self) -> Limits {
        Limits { call: self.timeout, start: self.start_timeout, ..Limits::default() }
    }
}

/// A time limit in seconds, more than none.
pub fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    seconds.filter(|limit| !limit.is_zero()).ok_or_else(|| "not a number of seconds above 0".to_owned())
}
