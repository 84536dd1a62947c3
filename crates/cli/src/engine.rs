//! Options that choose the engine and its limits.

use std::ffi::OsString;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use clap::{Args, ValueEnum, value_parser};

use super::interrupt;
use rulespec_check::engine::process::{Limits, Process};
use rulespec_check::engine::{AsQueries, Engine, Fast, Reference};
use rulespec_check::stop::Stop;

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
    pub fn engine(&self, limits: Limits, stop: &Stop) -> Box<dyn Engine> {
        self.counted_engine(limits, stop, &Arc::default())
    }

    /// The same. If it is a process, `answered` is set to the number of answers that it has given.
    pub fn counted_engine(&self, limits: Limits, stop: &Stop, answered: &Arc<AtomicU64>) -> Box<dyn Engine> {
        match self.is_external() {
            true => {
                let process = process(&self.command, limits, stop).counted_by(Arc::clone(answered));
                Box::new(AsQueries::new(process))
            }
            false => self.engine.engine(),
        }
    }

    /// The engine command for display; empty for an embedded engine.
    pub fn words(&self) -> Vec<String> {
        self.command.iter().map(|word| word.to_string_lossy().into_owned()).collect()
    }
}

/// An engine command, not yet started.
pub fn external(command: &[OsString], limits: &Limits, stop: &Stop) -> Box<dyn Engine> {
    Box::new(AsQueries::new(process(command, limits.clone(), stop)))
}

fn process(command: &[OsString], limits: Limits, stop: &Stop) -> Process {
    Process::new(command.to_vec(), limits).stopped_by(stop.clone())
}

/// Limits of an engine.
#[derive(Debug, Args)]
#[command(next_help_heading = "Limits")]
pub struct LimitArguments {
    /// Time limit for the next answer of an engine, in seconds
    #[arg(long, value_name = "SECONDS", value_parser = seconds, default_value = "5")]
    timeout: Duration,

    /// Time limit for an engine to start, in seconds
    #[arg(long, value_name = "SECONDS", value_parser = seconds, default_value = "30")]
    start_timeout: Duration,

    /// Memory for the answers of all engines, in MiB; longer lines and answers are cut
    #[arg(long, value_name = "MIB", value_parser = value_parser!(u32).range(16..), default_value = "256")]
    max_memory: u32,

    /// Address space of each process of an engine, in MiB; only on Linux
    #[arg(long, value_name = "MIB", value_parser = value_parser!(u32).range(1..))]
    engine_memory: Option<u32>,
}

/// The part of the memory that is for answers that are kept.
const KEPT: usize = 16;

impl LimitArguments {
    /// The limits for one of several engine processes that run at once.
    pub fn limits(&self, engines: usize) -> Limits {
        let limits = Limits {
            call_timeout: self.timeout,
            start_timeout: self.start_timeout,
            engine_memory: self.engine_memory.map(|mib| u64::from(mib) << 20),
            ..Limits::default()
        };
        limits.with_memory(self.max_memory(), engines)
    }

    /// How many bytes of memory the answers in a report may take.
    pub fn memory_for_report(&self) -> usize {
        self.max_memory() / KEPT
    }

    fn max_memory(&self) -> usize {
        usize::try_from(u64::from(self.max_memory) << 20).unwrap_or(usize::MAX)
    }
}

/// The time limit of a whole run.
#[derive(Debug, Args)]
#[command(next_help_heading = "Limits")]
pub struct MaxTimeArguments {
    /// Time limit of the whole run, in seconds; 600 by default with ENGINE. The result says what
    /// was not asked
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    max_time: Option<Duration>,
}

impl MaxTimeArguments {
    /// The stop of the run: at its time limit, or on the first signal.
    pub fn stop(&self, is_external: bool) -> Stop {
        let stop = interrupt::stop();
        match self.max_time.or_else(|| is_external.then_some(DEFAULT_MAX_TIME)) {
            Some(time) => stop.after(time),
            None => stop,
        }
    }
}

const DEFAULT_MAX_TIME: Duration = Duration::from_secs(600);

/// Parses a positive number of seconds.
pub fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    seconds
        .filter(|limit| !limit.is_zero())
        .ok_or_else(|| "expected a number of seconds greater than 0".to_owned())
}
