use serde::{Deserialize, Serialize};

use super::machine::Machine;
use super::statistics::Interval;
use crate::engine::Hello;

/// The measurements of one engine.
///
/// The JSON format is that of `spec/schema/bench.schema.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// The version of the format.
    pub bench: u64,
    /// The version of this library.
    pub rulespec: String,
    /// How this library was built. Runs of different builds cannot be compared.
    pub build: Build,
    /// The date in RFC 3339, UTC.
    pub date: String,
    /// The machine.
    pub machine: Machine,
    /// The engine's answer to `hello`.
    pub engine: Hello,
    /// The command that ran the engine; empty for an embedded engine.
    pub command: Vec<String>,
    /// How the reference was asked.
    pub reference: Asked,
    /// One per function, in the order of [`Function::ALL`](rulespec::Function::ALL).
    pub figures: Vec<Figure>,
}

/// How this library was built.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Build {
    /// Optimised.
    Release,
    /// Not optimised. The times mean little.
    Debug,
}

impl Build {
    /// The build of the running program.
    pub const OWN: Self = if cfg!(debug_assertions) { Self::Debug } else { Self::Release };
}

/// How the reference is asked: the same way as the engine, so that both have the same
/// overhead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Asked {
    /// In this process.
    Inside,
    /// By the protocol, in another process.
    Served,
}

/// The measurements of one function.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// The function.
    pub r#fn: String,
    /// A digest of the questions. Figures for different questions cannot be compared.
    pub workload: String,
    /// The number of questions.
    pub questions: usize,
    /// Whether the answers were right.
    pub outcome: Outcome,
    /// The times; `None` if the engine gave no answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<Times>,
    /// The wrong answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wrong: Option<Wrong>,
}

/// Whether the answers to the questions about one function were right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// All answers were right.
    Right,
    /// Some answers were wrong, so the times do not count.
    Wrong,
    /// The engine does not have the function.
    Unsupported,
}

/// The time of one call, in nanoseconds, over all rounds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Times {
    /// The number of rounds.
    pub rounds: usize,
    /// A call to the engine.
    pub engine_ns: Interval,
    /// A call to the reference, asked in the same way.
    pub reference_ns: Interval,
    /// The engine's time divided by the reference's time in the same round.
    pub ratio: Interval,
    /// If the reference is served: a call to the reference in this process. The
    /// difference is the cost of the protocol.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inside_ns: Option<Interval>,
}

/// The wrong answers, with the shortest question as an example. Every text is escaped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wrong {
    /// The number of questions that were answered wrongly.
    pub count: usize,
    /// The verdict on the example.
    pub verdict: String,
    /// The call.
    pub call: String,
    /// The expected answer.
    pub want: String,
    /// The actual answer.
    pub got: String,
}

impl Run {
    /// Whether no answer was wrong, and some were right.
    pub fn is_right(&self) -> bool {
        let has = |outcome| self.figures.iter().any(|figure| figure.outcome == outcome);
        !has(Outcome::Wrong) && has(Outcome::Right)
    }

    /// The figure of a function.
    pub fn figure(&self, function: &str) -> Option<&Figure> {
        self.figures.iter().find(|figure| figure.r#fn == function)
    }
}

impl Figure {
    /// The ratio to the reference; `None` unless all answers were right.
    pub fn ratio(&self) -> Option<Interval> {
        let times = self.times.filter(|_| self.outcome == Outcome::Right)?;
        Some(times.ratio)
    }
}
