//! How an engine is asked, whatever it is made of.

pub mod inside;
mod lines;
pub mod process;
pub mod protocol;
pub mod recorded;
mod serve;
pub mod smoke;

use std::fmt;
use std::time::Duration;

use serde_json::Value as Json;

pub use inside::{Fast, Reference};
pub use recorded::Recorded;
pub use serve::serve;

/// Something that answers questions about KQL functions.
pub trait Engine {
    /// Who the engine is. Asked once, before anything else.
    ///
    /// # Errors
    ///
    /// Where the engine cannot be run at all.
    fn hello(&mut self) -> Result<Hello, StartError>;

    /// Calls one function, by the name KQL gives it, with arguments as the
    /// protocol writes them.
    fn ask(&mut self, function: &str, args: &[Json]) -> Answer;

    /// Asks many questions and hands over each answer with its question's
    /// number, in any order, exactly one for each question.
    ///
    /// An engine that gains from having several questions at once overrides this.
    fn ask_all(&mut self, questions: &[Question<'_>], each: &mut dyn FnMut(usize, Answer)) {
        for (number, question) in questions.iter().enumerate() {
            each(number, self.ask(question.function, question.args));
        }
    }
}

/// Asks many questions, and puts the answers in the order of the questions; `None`
/// stands where one was not answered. Calls `answered` after each answer.
pub(crate) fn ask_in_order(
    engine: &mut dyn Engine,
    questions: &[Question<'_>],
    answered: &mut dyn FnMut(),
) -> Vec<Option<Answer>> {
    let mut answers = vec![None; questions.len()];
    engine.ask_all(questions, &mut |number, answer| {
        if let Some(place) = answers.get_mut(number) {
            *place = Some(answer);
        }
        answered();
    });
    answers
}

/// One call, not yet made.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Question<'a> {
    /// The function, by the name KQL gives it.
    pub function: &'a str,
    /// Its arguments.
    pub args: &'a [Json],
}

/// Who an engine is, in its own words.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Hello {
    /// Its name.
    pub engine: String,
    /// Its version.
    pub version: String,
    /// The functions it has; all of them where `None`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub functions: Option<Vec<String>>,
}

impl Hello {
    /// Whether the engine can be asked for a function, as far as it said.
    pub fn has(&self, function: &str) -> bool {
        self.functions.as_ref().is_none_or(|listed| listed.iter().any(|listed| listed == function))
    }
}

/// Why an engine cannot be run at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what}; {remedy}")]
pub struct StartError {
    /// What is wrong, in lower case, without a full stop.
    pub what: String,
    /// What the reader of the message can do.
    pub remedy: String,
}

/// What an engine made of one question.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// A value.
    Value(Json),
    /// An error, in the engine's own words or by a kind of this specification.
    Error(String),
    /// The engine does not have the function, in its own words.
    Unsupported(String),
    /// The engine ended before it answered: how, and the last it said.
    Crashed(String),
    /// The engine did not answer within the time limit.
    Stalled(Duration),
    /// The engine answered something that is not the protocol: what.
    Garbled(String),
}

impl Answer {
    /// What a question has that was not answered.
    pub(crate) fn missing() -> Self {
        Self::Garbled("no answer".to_owned())
    }
}

impl fmt::Display for Answer {
    /// The answer in a line, unsafe to print on a terminal as it is: it is the
    /// engine's text.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Value(value) => write!(f, "{value}"),
            Self::Error(text) => write!(f, "error: {text}"),
            Self::Unsupported(text) => write!(f, "unsupported: {text}"),
            Self::Crashed(text) => write!(f, "crashed: {text}"),
            Self::Stalled(limit) => write!(f, "no answer within {} ms", limit.as_millis()),
            Self::Garbled(text) => write!(f, "garbled: {text}"),
        }
    }
}
