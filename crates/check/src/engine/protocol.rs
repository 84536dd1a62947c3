//! The messages of protocol 1 (chapter 80): one JSON object per line.
//!
//! Each message is written in exactly one form. Members that the protocol does not name are
//! ignored when a message is read. A member that it names may not occur twice; within a value,
//! the last member of a name counts. Whole numbers keep all their digits.

mod problem;

use std::fmt;

use rulespec::json::{from_slice, present, without_lone_surrogates};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::{Answer, Hello};

/// The version of this protocol.
pub const PROTOCOL: u64 = 1;

/// The maximum number of bytes in a line.
///
/// Spec: PRO-13
pub const MAX_LINE_LEN: usize = 16 << 20;

/// The maximum number of values in a message. Each takes 72 bytes of memory or more, and as few as
/// two bytes of text.
///
/// Spec: PRO-20
pub const MAX_VALUES: usize = 262_144;

/// A message to an engine.
///
/// Spec: PRO-02, PRO-04
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Request {
    /// The first message, which asks the engine for its name.
    Hello {
        /// The word `hello`.
        op: HelloOp,
        /// The version of the protocol.
        protocol: u64,
    },
    /// A call.
    Call {
        /// The id that the reply must carry.
        id: u64,
        /// The function, by its KQL name.
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

/// A [`Request::Call`] that borrows its parts.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Call<'a> {
    /// The id that the reply must carry.
    pub id: u64,
    /// The function, by its KQL name.
    #[serde(rename = "fn")]
    pub function: &'a str,
    /// Its arguments.
    pub args: &'a [Json],
}

/// An engine's reply to a call.
///
/// Spec: PRO-05, PRO-06
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Reply {
    /// The id of the call.
    pub id: u64,
    /// The result of the call.
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// The result of a call.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// A value, which may be null.
    Ok(Json),
    /// An error: a kind of error from the specification, or any other text.
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
            Answer::Retried { answer, .. } => (*answer).into(),
            Answer::Crashed(_)
            | Answer::Stalled(_)
            | Answer::Garbled(_)
            | Answer::NotAsked(_)
            | Answer::Excerpt(_) => Self::Error(answer.to_string()),
        }
    }
}

/// A line is not the expected message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub struct MessageError {
    /// The id in the line, if it can be read.
    pub id: Option<u64>,
    what: String,
}

impl MessageError {
    fn new(line: &[u8], problem: impl fmt::Display) -> Self {
        #[derive(Deserialize)]
        struct OnlyId {
            id: u64,
        }
        // Also if the rest of the line breaks a limit. An array is no message.
        let id = serde_json::from_slice(line).ok().filter(|_| !is_array(line)).map(|OnlyId { id }| id);
        Self { id, what: format!("{problem}: {}", excerpt(line)) }
    }
}

/// The start of a line, for an error message.
fn excerpt(line: &[u8]) -> String {
    const MAX_LEN: usize = 200;
    let start = String::from_utf8_lossy(line.get(..MAX_LEN).unwrap_or(line));
    let ellipsis = if line.len() > MAX_LEN { "…" } else { "" };
    format!("{start}{ellipsis}")
}

/// A reply as written. `Some(Json::Null)` is a null, `None` a missing member.
#[derive(Deserialize)]
pub(super) struct RawReply<Id> {
    pub(super) id: Id,
    #[serde(default, deserialize_with = "present")]
    ok: Option<Json>,
    #[serde(default, deserialize_with = "present")]
    error: Option<String>,
    #[serde(default, deserialize_with = "present")]
    unsupported: Option<String>,
}

impl<Id> RawReply<Id> {
    /// The result, or an error if there is not exactly one.
    pub(super) fn outcome(self) -> Result<Outcome, &'static str> {
        match (self.ok, self.error, self.unsupported) {
            (Some(value), None, None) => Ok(Outcome::Ok(value)),
            (None, Some(text), None) => Ok(Outcome::Error(text)),
            (None, None, Some(text)) => Ok(Outcome::Unsupported(text)),
            _ => Err("not exactly one of ok, error and unsupported"),
        }
    }
}

/// Parses an engine's reply to a call.
///
/// # Errors
///
/// Returns an error if the line is not a reply.
///
/// ```
/// use rulespec_check::engine::protocol::{Outcome, read_reply};
///
/// let reply = read_reply(br#"{"id": 17, "ok": null, "took_ms": 3}"#)?;
/// assert_eq!((reply.id, reply.outcome), (17, Outcome::Ok(serde_json::Value::Null)));
/// assert_eq!(read_reply(br#"{"id": 17}"#).unwrap_err().id, Some(17));
/// # Ok::<(), rulespec_check::engine::protocol::MessageError>(())
/// ```
///
/// Spec: PRO-05, PRO-06, PRO-07, PRO-08, PRO-09, PRO-19, PRO-20
pub fn read_reply(line: &[u8]) -> Result<Reply, MessageError> {
    let raw: RawReply<u64> = read(line)?;
    let id = raw.id;
    let outcome = raw.outcome().map_err(|problem| MessageError::new(line, problem))?;
    Ok(Reply { id, outcome })
}

/// Parses an engine's answer to hello. The inner `Err` is the reason why the engine says that it
/// cannot be run.
///
/// # Errors
///
/// Returns an error if the line is not an answer to hello, or names another protocol.
///
/// Spec: PRO-03
pub fn read_hello(line: &[u8]) -> Result<Result<Hello, String>, MessageError> {
    #[derive(Deserialize)]
    struct Refusal {
        error: String,
    }
    #[derive(Deserialize)]
    struct Version {
        protocol: Option<Json>,
    }
    if let Ok(Refusal { error }) = read(line) {
        return Ok(Err(error));
    }
    match read(line)? {
        Version { protocol: Some(version) } if version != PROTOCOL => {
            Err(MessageError::new(line, format_args!("it speaks protocol {version}, not {PROTOCOL}")))
        }
        Version { .. } => {
            let line = without_lone_surrogates(line);
            object(&line).map(Ok).map_err(|_| MessageError::new(&line, problem::of_greeting(&line)))
        }
    }
}

/// Parses a message to an engine.
///
/// # Errors
///
/// Returns an error if the line is neither hello nor a call.
///
/// Spec: PRO-02, PRO-04, PRO-08, PRO-19, PRO-20
pub fn read_request(line: &[u8]) -> Result<Request, MessageError> {
    let line = without_lone_surrogates(line);
    object(&line).map_err(|_| MessageError::new(&line, problem::of_request(&line)))
}

fn read<T: serde::de::DeserializeOwned>(line: &[u8]) -> Result<T, MessageError> {
    let line = without_lone_surrogates(line);
    object(&line).map_err(|error| MessageError::new(&line, error))
}

/// Parses a JSON object. Serde also takes an array for the members of a type, one after the other.
///
/// Spec: PRO-19, PRO-20
pub(super) fn object<T: serde::de::DeserializeOwned>(line: &[u8]) -> serde_json::Result<T> {
    match is_array(line) {
        true => Err(serde::de::Error::custom("not a JSON object")),
        false => from_slice(line, MAX_VALUES),
    }
}

/// Whether a line begins as a JSON object does.
#[cfg(not(target_family = "wasm"))] // only processes are asked by lines
pub(super) fn is_object(line: &[u8]) -> bool {
    line.trim_ascii_start().starts_with(b"{")
}

fn is_array(line: &[u8]) -> bool {
    line.trim_ascii_start().starts_with(b"[")
}

/// Serializes a message as a line, including the line feed.
pub fn line(message: &impl Serialize) -> Vec<u8> {
    // Serialization cannot fail: these types have only string keys.
    let mut line = serde_json::to_vec(message).unwrap_or_default();
    line.push(b'\n');
    line
}

#[cfg(test)]
mod tests;
