//! Whether two rules mean the same, or a rule and a port of it: which events each selects, and what it
//! computes.
//!
//! [`diff`] asks both sides about events that are made from the predicates and literals of the rules:
//! values that satisfy a predicate, and values that almost do. An event about which they disagree is
//! reduced to the smallest one that still shows it, and assigned to a cause.
//!
//! | item | purpose |
//! |---|---|
//! | [`Port`] | an implementation of a rule that is asked by running it |
//! | [`CommandPort`] | a program that reads events and writes those that it selects |
//! | [`QueryPort`] | a statement in the language of an engine |
//! | [`Difference`] | the result |

mod answer;
mod cause;
mod difference;
mod event;
mod formula;
mod generate;
mod kind;
mod markdown;
mod misread;
mod port;
mod rule_side;
mod search;
mod shrink;
mod sides;
mod solve;
mod tables;
mod text;
mod values;

use rulespec::kql::{Column, Datetime, Dynamic};
use rulespec::query::Diagnostics;
use rulespec::rule::Rule;

pub use answer::Which;
pub use difference::{ColumnNotes, Decider, Difference, Fault, Finding, Open, Reading, Unread, Values, What};
#[cfg(not(target_family = "wasm"))]
pub use port::CommandPort;
pub use port::{Port, PortError, QueryPort, Selected};
pub use search::{Watch, diff};
pub use text::{finding_text, names_text};

/// A side of a comparison.
pub enum Input<'a> {
    /// A rule, and its name in the result.
    Rule(&'a str, &'a Rule),
    /// A port.
    Port(&'a mut dyn Port),
}

/// What is compared.
///
/// The command and the Python package ask about [`RULE_CASES`](Plan::RULE_CASES) or
/// [`PORT_CASES`](Plan::PORT_CASES) events by default.
#[derive(Debug, Clone)]
pub struct Plan {
    /// All columns of `DeviceProcessEvents`.
    pub columns: Vec<Column>,
    /// What `now()` returns in rules, and shortly after all events.
    pub now: Datetime,
    /// The seed of the events.
    pub seed: u64,
    /// How many events both sides are asked about, besides recorded ones.
    pub cases: u64,
}

impl Plan {
    /// How many events are enough for two rules.
    pub const RULE_CASES: u64 = 20_000;
    /// How many events are enough for a rule and a port, which is slower.
    pub const PORT_CASES: u64 = 8_192;
}

/// An event that was recorded.
#[derive(Debug, Clone, PartialEq)]
pub struct Recorded {
    /// Its cells, by the names of their columns.
    pub cells: Vec<(String, Dynamic)>,
    /// Where it is, such as `log.json:17`.
    pub place: String,
}

/// Why two sides cannot be compared.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum DiffError {
    /// A rule cannot be bound to the columns.
    #[error("{1}")]
    Rule(Which, Diagnostics),
    /// A function of this library failed.
    #[error(transparent)]
    Kql(#[from] rulespec::kql::Error),
}
