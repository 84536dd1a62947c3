//! Engines: implementations of KQL functions that can be tested.
//!
//! Implement [`Engine`] for an implementation in Rust. [`process::Process`] runs a program in any
//! language that speaks the protocol of chapter 80, and [`serve()`] is the other side of that
//! protocol. [`Reference`] and [`Fast`] are the implementations of `rulespec`; [`Recorded`]
//! replays answers that were given earlier.

mod as_queries;
mod builtin;
#[cfg(not(target_family = "wasm"))]
pub mod process;
#[doc(hidden)]
pub mod protocol;
mod query;
mod read_line;
pub mod recorded;
mod serve;
#[cfg(not(target_family = "wasm"))]
#[doc(hidden)]
pub mod smoke;

use std::fmt;
use std::time::Duration;

use serde_json::Value as Json;

pub use as_queries::AsQueries;
pub use builtin::{Fast, Reference};
pub use query::{NOW, RunQuery, Tables};
pub(crate) use query::{run_changed, run_query};
pub use recorded::Recorded;
pub use serve::serve;

/// An implementation of KQL functions.
///
/// ```
/// use rulespec_check::engine::{Answer, Engine, Hello, StartError};
/// use serde_json::{Value, json};
///
/// struct Mine;
///
/// impl Engine for Mine {
///     fn hello(&mut self) -> Result<Hello, StartError> {
///         let functions = Some(vec!["indexof".to_owned()]);
///         Ok(Hello { engine: "mine".to_owned(), version: "0.1".to_owned(), functions })
///     }
///
///     fn ask(&mut self, function: &str, args: &[Value]) -> Answer {
///         match (function, args) {
///             ("indexof", [Value::String(text), Value::String(lookup)]) => {
///                 Answer::Value(json!(text.find(lookup).map_or(-1, |index| index as i64)))
///             }
///             _ => Answer::Unsupported(format!("there is no {function}")),
///         }
///     }
/// }
/// ```
pub trait Engine {
    /// The engine's name and version. Called once, before any question.
    ///
    /// # Errors
    ///
    /// Returns an error if the engine cannot be run.
    fn hello(&mut self) -> Result<Hello, StartError>;

    /// Calls one function by its KQL name. Arguments have the JSON form of the protocol.
    fn ask(&mut self, function: &str, args: &[Json]) -> Answer;

    /// How often the engine had to be started again.
    fn restarts(&self) -> u64 {
        0
    }

    /// Asks several questions. Calls `each` exactly once for each question, in any order, with
    /// its index and answer.
    ///
    /// Override this if the engine is faster when it gets several questions at once.
    fn ask_all(&mut self, questions: &[Question<'_>], each: &mut dyn FnMut(usize, Answer)) {
        for (index, question) in questions.iter().enumerate() {
            each(index, self.ask(question.function, question.args));
        }
    }
}

/// A call to be made.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Question<'a> {
    /// The function, by its KQL name.
    pub function: &'a str,
    /// Its arguments.
    pub args: &'a [Json],
}

/// How an engine describes itself.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Hello {
    /// Its name.
    pub engine: String,
    /// Its version.
    pub version: String,
    /// The functions it has. `None` means all of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub functions: Option<Vec<String>>,
}

impl Hello {
    /// Whether the engine claims to have a function.
    pub fn has(&self, function: &str) -> bool {
        self.functions.as_ref().is_none_or(|listed| listed.iter().any(|listed| listed == function))
    }
}

/// An engine cannot be run.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what}; {remedy}")]
pub struct StartError {
    /// The problem, in lower case and without a full stop.
    pub what: String,
    /// What the user can do about it.
    pub remedy: String,
}

/// What separates how an engine ended from the end of its standard error.
pub(crate) const STDERR_MARK: &str = "; its standard error ends:\n";

/// An engine's answer to a question.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// A value.
    Value(Json),
    /// An error: a kind of error from the specification, or any other text.
    Error(String),
    /// The engine does not have the function. The text is the engine's.
    Unsupported(String),
    /// The engine ended before it answered: how, and the end of its standard error.
    Crashed(String),
    /// The engine did not answer within this time limit.
    Stalled(Duration),
    /// The engine violated the protocol: how.
    Garbled(String),
    /// The engine was not asked, because the run ended early or the engine was given up: why.
    NotAsked(String),
    /// The engine answered only when it was asked again.
    Retried {
        /// What happened the first time.
        failure: String,
        /// The answer to the second question.
        answer: Box<Answer>,
    },
    /// A value that is too large to keep. It was judged when it arrived.
    Excerpt(Excerpt),
}

/// What is kept of a value that is too large to keep.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Excerpt {
    /// The length of the value as JSON, in bytes.
    pub bytes: u64,
    /// The SHA-256 of the value as JSON, in lowercase hexadecimal.
    pub sha256: String,
    /// The first characters of the value as JSON.
    pub start: String,
}

impl Answer {
    /// The answer to a question that the engine has not answered.
    pub(crate) fn missing() -> Self {
        Self::Garbled("no answer".to_owned())
    }

    /// Whether the engine gave a value or an error.
    pub(crate) fn is_given(&self) -> bool {
        match self {
            Self::Value(_) | Self::Error(_) | Self::Excerpt(_) => true,
            Self::Unsupported(_)
            | Self::Crashed(_)
            | Self::Stalled(_)
            | Self::Garbled(_)
            | Self::NotAsked(_)
            | Self::Retried { .. } => false,
        }
    }

    /// The answer without the failure before it.
    #[cfg(feature = "explore")]
    pub(crate) fn without_retry(self) -> Self {
        match self {
            Self::Retried { answer, .. } => *answer,
            answer => answer,
        }
    }
}

impl fmt::Display for Answer {
    /// The answer in one line. It contains untrusted text: escape it before you print it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Value(value) => write!(f, "{value}"),
            Self::Error(text) => write!(f, "error: {text}"),
            Self::Unsupported(text) => write!(f, "unsupported: {text}"),
            Self::Crashed(text) => write!(f, "crashed: {text}"),
            Self::Stalled(limit) => write!(f, "no answer within {} ms", limit.as_millis()),
            Self::Garbled(text) => write!(f, "garbled: {text}"),
            Self::NotAsked(why) => write!(f, "not asked: {why}"),
            Self::Retried { failure, answer } => {
                write!(f, "{answer}, only when asked again; at first {failure}")
            }
            Self::Excerpt(Excerpt { bytes, start, .. }) => write!(f, "{start}… ({bytes} bytes)"),
        }
    }
}
