//! What became of one question.

use std::fmt;

use serde_json::Value as Json;

use crate::engine::Answer;
use rulespec::kql::ErrorKind;
use rulespec::suite::Want;

/// What an answer is worth, held against what was wanted.
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The wanted answer.
    Pass,
    /// Another value than the wanted one.
    Fail,
    /// The engine says it does not have the function.
    Unsupported,
    /// An error where a value was due.
    Refused,
    /// A value where an error was due.
    Accepted,
    /// The engine ended before it answered.
    Crashed,
    /// No answer within the time limit.
    Stalled,
    /// Something that is not the protocol.
    Garbled,
    /// An open point: the alternatives that this answer follows, or none.
    Open(Vec<String>),
}

impl Verdict {
    /// The word that reports use.
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
            Self::Open(_) => "open",
        }
    }

    /// Whether an engine with this verdict does not conform. An open point never
    /// makes it so.
    pub fn is_failure(&self) -> bool {
        !matches!(self, Self::Pass | Self::Open(_))
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Judges an answer.
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
        Answer::Value(_) | Answer::Error(_) => {}
    }
    match want {
        Want::Settled { want } => match (wanted_error(want), answer) {
            (None, Answer::Error(_)) => Verdict::Refused,
            (Some(_), Answer::Value(_)) => Verdict::Accepted,
            _ if meets(want, answer) => Verdict::Pass,
            _ => Verdict::Fail,
        },
        Want::Open { wants, .. } => {
            let followed = wants.iter().filter(|(_, want)| meets(want, answer));
            Verdict::Open(followed.map(|(alternative, _)| alternative.clone()).collect())
        }
    }
}

/// The kind of error that is wanted, where one is.
pub fn wanted_error(want: &Json) -> Option<&str> {
    let object = want.as_object().filter(|object| object.len() == 1)?;
    object.get("error")?.as_str()
}

/// Whether an answer is the wanted one. Where an error is wanted, an engine may
/// word it as it likes; only another kind's very word is not the wanted error.
fn meets(want: &Json, answer: &Answer) -> bool {
    match (wanted_error(want), answer) {
        (None, Answer::Value(got)) => same(want, got),
        (Some(kind), Answer::Error(text)) => {
            text == kind || ErrorKind::ALL.iter().all(|other| other.as_str() != text)
        }
        _ => false,
    }
}

/// Whether two JSON values are the same answer: numbers by their value, objects
/// whatever the order of their members.
///
/// ```
/// use serde_json::json;
///
/// assert!(rulespec_check::verdict::same(&json!([1, {"a": null}]), &json!([1.0, {"a": null}])));
/// assert!(!rulespec_check::verdict::same(&json!(1), &json!(true)));
/// ```
pub fn same(a: &Json, b: &Json) -> bool {
    match (a, b) {
        (Json::Number(a), Json::Number(b)) => match (a.as_i64(), b.as_i64()) {
            (Some(a), Some(b)) => a == b,
            _ => a.as_f64() == b.as_f64(),
        },
        (Json::Array(a), Json::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Json::Object(a), Json::Object(b)) => {
            let matches = |(name, a): (&String, &Json)| b.get(name).is_some_and(|b| same(a, b));
            a.len() == b.len() && a.iter().all(matches)
        }
        (a, b) => a == b,
    }
}
