//! How long an engine takes, function by function, beside the reference.
//!
//! Every function of the protocol has a fixed [workload]. It is asked in rounds, the
//! engine and the reference in turn, and what counts is the ratio of the two in one
//! round: it says little about the machine, so that runs of two machines can be
//! [compared](compare). Answers are held against the reference's while they are timed.
//!
//! | module | what |
//! |---|---|
//! | [workload] | the questions of each function |
//! | [measure](mod@measure) | rounds, clocks and answers |
//! | [statistics] | the median and how sure it is |
//! | [saved] | a run as JSON, and read again |
//! | [compare] | what became slower |
//! | [text], [csv] | a run for people, and for spreadsheets |

pub mod compare;
pub mod csv;
#[doc(hidden)]
pub mod data;
mod machine;
pub mod measure;
pub mod saved;
pub mod statistics;
pub mod text;
pub mod workload;

use serde::{Deserialize, Serialize};

use crate::engine::Hello;
pub use machine::Machine;
pub use measure::{Effort, Sides, measure};
pub use statistics::Interval;

/// All that came of timing one engine.
///
/// The form is that of `spec/schema/bench.schema.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// The number of this form.
    pub bench: u64,
    /// The version of this library.
    pub rulespec: String,
    /// How this library was built: figures of two builds do not compare.
    pub build: Build,
    /// When, in RFC 3339, UTC.
    pub date: String,
    /// On what.
    pub machine: Machine,
    /// Who the engine said it is.
    pub engine: Hello,
    /// The command that ran it; empty for an engine inside.
    pub command: Vec<String>,
    /// How the reference was asked.
    pub reference: Asked,
    /// One a function, in the order of the protocol's list.
    pub figures: Vec<Figure>,
}

/// How this library was built.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Build {
    /// Optimised.
    Release,
    /// Not optimised: its figures say little.
    Debug,
}

impl Build {
    /// The one that runs.
    pub const OWN: Self = if cfg!(debug_assertions) { Self::Debug } else { Self::Release };
}

/// How the reference is asked: as the engine is, so that both bear the same costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Asked {
    /// In this process.
    Inside,
    /// By the protocol, in a process of its own.
    Served,
}

/// What came of one function.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// The function.
    pub r#fn: String,
    /// A digest of the questions; figures of other questions do not compare.
    pub workload: String,
    /// How many questions.
    pub questions: usize,
    /// What the answers were worth.
    pub outcome: Outcome,
    /// The times; none where the engine does not answer at all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<Times>,
    /// How it was wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wrong: Option<Wrong>,
}

/// What the answers to one function's questions were worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// All right.
    Right,
    /// Some wrong: whatever the times are, they are not those of this function.
    Wrong,
    /// The engine does not have the function.
    Unsupported,
}

/// How long a call takes, in nanoseconds, over the rounds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Times {
    /// How many rounds.
    pub rounds: usize,
    /// A call to the engine.
    pub engine_ns: Interval,
    /// A call to the reference, asked in the same way.
    pub reference_ns: Interval,
    /// The engine's time by the reference's of the same round.
    pub ratio: Interval,
    /// A call to the reference inside, where the other one is served: what is
    /// between the two is the protocol's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inside_ns: Option<Interval>,
}

/// The wrong answers, by the one to the shortest question, each text ready to be shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wrong {
    /// How many of the questions were answered wrongly.
    pub count: usize,
    /// The verdict on the shortest of them.
    pub verdict: String,
    /// The call.
    pub call: String,
    /// What was due.
    pub want: String,
    /// What came.
    pub got: String,
}

impl Outcome {
    /// The word that is saved.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Right => "right",
            Self::Wrong => "wrong",
            Self::Unsupported => "unsupported",
        }
    }
}

impl Run {
    /// Whether no answer was wrong.
    pub fn is_right(&self) -> bool {
        self.figures.iter().all(|figure| figure.outcome != Outcome::Wrong)
    }

    /// What came of a function.
    pub fn figure(&self, function: &str) -> Option<&Figure> {
        self.figures.iter().find(|figure| figure.r#fn == function)
    }
}

impl Figure {
    /// The ratio to the reference, where all answers were right.
    pub fn ratio(&self) -> Option<Interval> {
        let times = self.times.filter(|_| self.outcome == Outcome::Right)?;
        Some(times.ratio)
    }
}
