//! Chapter 80: the messages of protocol 1, one JSON object a line.
//!
//! What is written has exactly one form. What is read may have more members than
//! the protocol names; they are passed over. A member that the protocol names may
//! not come twice; within a value, of members of one name the last counts.

use std::fmt;

use rulespec::json::{present, without_lone_surrogates};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::{Answer, Hello};

/// The number of this protocol.
pub const PROTOCOL: u64 = 1;

/// What an engine is sent.
///
/// Spec: PRO-02, PRO-04
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Request {
    /// The first message: who are you?
    Hello {
        /// The word `hello`.
        op: HelloOp,
        /// The number of the protocol.
        protocol: u64,
    },
    /// A call.
    Call {
        /// What the answer must carry.
        id: u64,
        /// The function, by the name KQL gives it.
        #[serde(rename = "fn")]
        function: String,
        /// Its arguments.
        args: Vec<Json>,
    },
}

/// The word `hello`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum HelloOp {
    /// The word.
    Hello,
}

impl Request {
    /// The first message.
    pub fn hello() -> Self {
        Self::Hello { op: HelloOp::Hello, protocol: PROTOCOL }
    }
}

/// A call whose parts are borrowed; written as [`Request::Call`] is.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Call<'a> {
    /// What the answer must carry.
    pub id: u64,
    /// The function.
    #[serde(rename = "fn")]
    pub function: &'a str,
    /// Its arguments.
    pub args: &'a [Json],
}

/// What an engine answers to a call.
///
/// Spec: PRO-05, PRO-06
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Reply {
    /// The id of the call.
    pub id: u64,
    /// What became of it.
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// What an engine made of a call.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// A value, which may be null.
    Ok(Json),
    /// An error, in a word of the specification or in any other.
    Error(String),
    /// The engine does not have the function.
    Unsupported(String),
}

impl From<Outcome> for Answer {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Ok(value) => Self::Value(value),
            Outcome::Error(text) => Self::Error(text),
            Outcome::Unsupported(text) => Self::Unsupported(text),
        }
    }
}

impl From<Answer> for Outcome {
    fn from(answer: Answer) -> Self {
        match answer {
            Answer::Value(value) => Self::Ok(value),
            Answer::Unsupported(text) => Self::Unsupported(text),
            Answer::Error(text) => Self::Error(text),
            other => Self::Error(other.to_string()),
        }
    }
}

/// A line that is not the message that is due.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub struct Garbled {
    /// The id in it, where one can be told.
    pub id: Option<u64>,
    what: String,
}

impl Garbled {
    fn new(line: &[u8], what: impl fmt::Display) -> Self {
        #[derive(Deserialize)]
        struct OnlyId {
            id: u64,
        }
        let id = serde_json::from_slice(line).ok().map(|OnlyId { id }| id);
        Self { id, what: format!("{what}: {}", excerpt(line)) }
    }
}

/// The start of a line, for a message.
fn excerpt(line: &[u8]) -> String {
    const SHOWN: usize = 200;
    let start = String::from_utf8_lossy(line.get(..SHOWN).unwrap_or(line));
    let more = if line.len() > SHOWN { "…" } else { "" };
    format!("{start}{more}")
}

/// An answer to a call as it stands in a line; a member that is there and null
/// is not the same as none.
#[derive(Deserialize)]
struct RawReply {
    id: u64,
    #[serde(default, deserialize_with = "present")]
    ok: Option<Json>,
    #[serde(default, deserialize_with = "present")]
    error: Option<String>,
    #[serde(default, deserialize_with = "present")]
    unsupported: Option<String>,
}

/// Reads an engine's answer to a call.
///
/// # Errors
///
/// [`Garbled`] where the line is no such answer, with its id where it has one.
///
/// ```
/// use rulespec_check::engine::protocol::{Outcome, read_reply};
///
/// let reply = read_reply(br#"{"id": 17, "ok": null, "took_ms": 3}"#)?;
/// assert_eq!((reply.id, reply.outcome), (17, Outcome::Ok(serde_json::Value::Null)));
/// assert_eq!(read_reply(br#"{"id": 17}"#).unwrap_err().id, Some(17));
/// # Ok::<(), rulespec_check::engine::protocol::Garbled>(())
/// ```
///
/// Spec: PRO-05, PRO-06, PRO-07, PRO-08, PRO-09
pub fn read_reply(line: &[u8]) -> Result<Reply, Garbled> {
    let raw: RawReply = read(line)?;
    let outcome = match (raw.ok, raw.error, raw.unsupported) {
        (Some(value), None, None) => Outcome::Ok(value),
        (None, Some(text), None) => Outcome::Error(text),
        (None, None, Some(text)) => Outcome::Unsupported(text),
        _ => return Err(Garbled::new(line, "not exactly one of ok, error and unsupported")),
    };
    Ok(Reply { id: raw.id, outcome })
}

/// Reads an engine's answer to hello, which is who it is or, in an `error`, why
/// it cannot be asked.
///
/// # Errors
///
/// [`Garbled`] where the line is neither, or names another protocol.
///
/// Spec: PRO-03
pub fn read_hello(line: &[u8]) -> Result<Result<Hello, String>, Garbled> {
    #[derive(Deserialize)]
    struct Refusal {
        error: String,
    }
    #[derive(Deserialize)]
    struct Number {
        protocol: Option<Json>,
    }
    if let Ok(Refusal { error }) = read(line) {
        return Ok(Err(error));
    }
    match read(line)? {
        Number { protocol: Some(number) } if number != PROTOCOL => {
            Err(Garbled::new(line, format_args!("it speaks protocol {number}, not {PROTOCOL}")))
        }
        _ => read(line).map(Ok),
    }
}

/// Reads what an engine is sent.
///
/// # Errors
///
/// [`Garbled`] where the line is neither hello nor a call.
///
/// Spec: PRO-02, PRO-04, PRO-08
pub fn read_request(line: &[u8]) -> Result<Request, Garbled> {
    read(line)
}

fn read<T: serde::de::DeserializeOwned>(line: &[u8]) -> Result<T, Garbled> {
    let line = without_lone_surrogates(line);
    serde_json::from_slice(&line).map_err(|error| Garbled::new(&line, error))
}

/// A message as a line, its line feed included.
pub fn line(message: &impl Serialize) -> Vec<u8> {
    // These types have string keys and no failing parts.
    let mut line = serde_json::to_vec(message).unwrap_or_default();
    line.push(b'\n');
    line
}

#[cfg(test)]
mod tests;
