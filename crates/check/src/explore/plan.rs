//! What to search, and the progress of a search.

use std::sync::atomic::AtomicU64;

use crate::stop::Stop;
use rulespec::Function;

/// What to search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The seed of the cases.
    pub seed: u64,
    /// How many cases to ask. `None` is no limit.
    pub cases: Option<u64>,
    /// The functions to call. If it is empty, all that the engine has.
    pub functions: Vec<Function>,
    /// How many threads ask, each with its own engine.
    pub jobs: usize,
    /// Whether to include cases that the specification leaves undefined.
    pub wild: bool,
    /// Whether an answer counts that was given only when the engine was asked again.
    pub allow_retries: bool,
}

impl Default for Plan {
    /// Ten thousand calls of all functions, in one thread.
    fn default() -> Self {
        Self { seed: 0, cases: Some(10_000), functions: vec![], jobs: 1, wild: false, allow_retries: false }
    }
}

/// The progress of a search, and a way to stop it.
#[derive(Debug, Default)]
pub struct Watch {
    /// How many cases have been answered.
    pub cases: AtomicU64,
    /// How many causes of wrong answers have been found.
    pub finds: AtomicU64,
    /// Stops the search, which keeps what it has found. Engines in a process should have the same
    /// one, so that they do not go on answering.
    pub stop: Stop,
}
