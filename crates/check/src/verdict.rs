//! Compares an answer with what a vector wants.

use std::fmt;

use serde_json::{Number, Value as Json};

use crate::engine::Answer;
use rulespec::kql::ErrorKind;
use rulespec::suite::Want;

/// The result of comparing an answer with what a vector wants.
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The answer is the wanted one.
    Pass,
    /// The answer is another value, or another kind of error.
    Fail,
    /// The engine does not have the function.
    Unsupported,
    /// The answer is an error instead of a value.
    Refused,
    /// The answer is a value instead of an error.
    Accepted,
    /// The engine ended before it answered.
    Crashed,
    /// The engine did not answer within the time limit.
    Stalled,
    /// The engine violated the protocol.
    Garbled,
    /// The engine gave the wanted answer, but only when it was asked again after a failure.
    Flaky,
    /// The engine was not asked.
    NotAsked,
    /// The vector is about an open point. Lists the alternatives that the answer follows.
    Open(Vec<String>),
}

impl Verdict {
    /// The word for this verdict in reports.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Unsupported => "unsupported",
            Self::Refused => "refused",
            Self::Accepted => "accepted",
            Self::Crashed => "crashed",
            Self::Stalled => "stalled",
            Self::Garbled => "garbled",
            Self::Flaky => "flaky",
            Self::NotAsked => "not asked",
            Self::Open(_) => "open",
        }
    }

    /// Whether the engine gave a wrong answer or none. An open point is never a failure, and
    /// neither is a function that the engine does not have.
    pub fn is_failure(&self) -> bool {
        !matches!(self, Self::Pass | Self::Open(_) | Self::Unsupported)
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Compares an answer with what a vector wants.
///
/// ```
/// use rulespec_check::engine::Answer;
/// use rulespec::suite::Want;
/// use rulespec_check::verdict::{Verdict, judge};
/// use serde_json::json;
///
/// let want = Want::Settled { want: json!(["a", ""]) };
/// assert_eq!(judge(&want, &Answer::Value(json!(["a"]))), Verdict::Fail);
/// ```
pub fn judge(want: &Want, answer: &Answer) -> Verdict {
    match answer {
        Answer::Unsupported(_) => return Verdict::Unsupported,
        Answer::Crashed(_) => return Verdict::Crashed,
        Answer::Stalled(_) => return Verdict::Stalled,
        Answer::Garbled(_) => return Verdict::Garbled,
        Answer::NotAsked(_) => return Verdict::NotAsked,
        Answer::Retried { answer, .. } => {
            return match judge(want, answer) {
                Verdict::Pass | Verdict::Open(_) => Verdict::Flaky,
                verdict => verdict,
            };
        }
        Answer::Value(_) | Answer::Error(_) | Answer::Excerpt(_) => {}
    }
    match want {
        Want::Settled { want } => match (wanted_error(want), answer) {
            (None, Answer::Error(_)) => Verdict::Refused,
            (Some(_), Answer::Value(_) | Answer::Excerpt(_)) => Verdict::Accepted,
            _ if meets(want, answer) => Verdict::Pass,
            _ => Verdict::Fail,
        },
        Want::Open { wants, .. } => {
            let followed = wants.iter().filter(|(_, want)| meets(want, answer));
            Verdict::Open(followed.map(|(alternative, _)| alternative.clone()).collect())
        }
    }
}

/// The kind of error that is wanted, if an error is wanted.
pub(crate) fn wanted_error(want: &Json) -> Option<&str> {
    let object = want.as_object().filter(|object| object.len() == 1)?;
    object.get("error")?.as_str()
}

/// Whether an answer is the wanted one.
fn meets(want: &Json, answer: &Answer) -> bool {
    match (wanted_error(want), answer) {
        (None, Answer::Value(got)) => json_eq(want, got),
        (Some(kind), Answer::Error(text)) => is_error(kind, text),
        _ => false,
    }
}

/// Whether an error text counts as this kind of error. An engine may use its own words, but not
/// the name of another kind. So an error of another kind passes if it is in the engine's own
/// words: the price of asking no engine for ours.
fn is_error(kind: &str, text: &str) -> bool {
    text == kind || ErrorKind::ALL.iter().all(|other| other.as_str() != text)
}

/// Whether an answer agrees with the one that is expected of the engine.
pub(crate) fn agrees(expected: &Answer, got: &Answer) -> bool {
    match (expected, got) {
        (Answer::Value(expected), Answer::Value(got)) => json_eq(expected, got),
        (Answer::Error(kind), Answer::Error(text)) => is_error(kind, text),
        (Answer::Excerpt(expected), Answer::Excerpt(got)) => expected == got,
        _ => false,
    }
}

/// Whether two answers are the same. Unlike [`agrees`], this compares the words of errors.
pub(crate) fn is_same(a: &Answer, b: &Answer) -> bool {
    match (a, b) {
        (Answer::Value(a), Answer::Value(b)) => json_eq(a, b),
        (a, b) => a == b,
    }
}

/// Whether two JSON values are equal. All comparisons of answers use this function.
///
/// A long equals the same long, and a real equals the real of the same bits; a long equals no
/// real. Strings are equal if their characters are, so times and other values that are written
/// as strings are compared as they are written. The order of members is ignored.
///
/// Spec: PRO-19
pub(crate) fn json_eq(a: &Json, b: &Json) -> bool {
    match (a, b) {
        (Json::Number(a), Json::Number(b)) => number_eq(a, b),
        (Json::Array(a), Json::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| json_eq(a, b)),
        (Json::Object(a), Json::Object(b)) => {
            let matches = |(name, a): (&String, &Json)| b.get(name).is_some_and(|b| json_eq(a, b));
            a.len() == b.len() && a.iter().all(matches)
        }
        (a, b) => a == b,
    }
}

/// Whether two numbers are equal. `serde_json` compares 0.0 and -0.0 as equal.
fn number_eq(a: &Number, b: &Number) -> bool {
    match (a.is_f64(), b.is_f64()) {
        (true, true) => a.as_f64().map(f64::to_bits) == b.as_f64().map(f64::to_bits),
        _ => a == b,
    }
}

#[cfg(test)]
mod tests;
