//! An engine that replays recorded answers.

use std::collections::HashMap;

use serde_json::{Value as Json, json};

use super::protocol::{MAX_VALUES, RawReply};
use super::{Answer, Engine, Hello, StartError};
use rulespec::json::{from_slice, without_lone_surrogates};
use rulespec::suite::Vector;

/// An engine that replays recorded answers. A question without a recorded answer gets a garbled
/// answer, which conforms to nothing.
///
/// ```
/// use rulespec_check::engine::{Answer, Engine, Hello, Recorded};
/// use serde_json::json;
///
/// let vectors = rulespec::suite::vectors()?;
/// let hello = Hello { engine: "mine".into(), version: "1".into(), functions: None };
/// let answers = [(vectors[0].id.clone(), Answer::Value(json!([])))];
/// let mut engine = Recorded::new(hello, &vectors, answers);
/// assert_eq!(engine.ask(&vectors[0].r#fn, &vectors[0].args), Answer::Value(json!([])));
/// # Ok::<(), rulespec::suite::LoadError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Recorded {
    hello: Hello,
    /// By [`key`].
    answers: HashMap<String, Answer>,
}

impl Recorded {
    /// Creates the engine from answers and the ids of their vectors. If several vectors make the
    /// same call, the last answer is used.
    pub fn new(
        hello: Hello,
        vectors: &[Vector],
        answers: impl IntoIterator<Item = (String, Answer)>,
    ) -> Self {
        let calls: HashMap<&str, String> =
            vectors.iter().map(|vector| (vector.id.as_str(), key(&vector.r#fn, &vector.args))).collect();
        let by_call = |(id, answer): (String, Answer)| Some((calls.get(id.as_str())?.clone(), answer));
        Self { hello, answers: answers.into_iter().filter_map(by_call).collect() }
    }
}

impl Engine for Recorded {
    fn hello(&mut self) -> Result<Hello, StartError> {
        Ok(self.hello.clone())
    }

    fn ask(&mut self, function: &str, args: &[Json]) -> Answer {
        let answer = self.answers.get(&key(function, args)).cloned();
        answer.unwrap_or_else(|| Answer::Garbled("no answer is recorded".to_owned()))
    }
}

/// A call as JSON text.
fn key(function: &str, args: &[Json]) -> String {
    json!([function, args]).to_string()
}

/// A line of a file is not a recorded answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {what}")]
pub struct RecordError {
    file: String,
    line: usize,
    what: String,
}

/// The content of a file of recorded answers.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// The engine that answered, if the file names it.
    pub hello: Option<Hello>,
    /// The answers, with the ids of their vectors.
    pub answers: Vec<(String, Answer)>,
}

/// Parses recorded answers in JSON Lines: replies of the protocol with vector ids, such as
/// `{"id":"cmd-0007","ok":…}`. A line `{"engine":…,"version":…}` names the engine that answered.
/// `file` is the file name for error messages.
///
/// # Errors
///
/// Returns an error if a line is neither, or if its vector is unknown or already has an answer.
/// Numbers and the number of values are limited as in the protocol.
///
/// ```
/// use rulespec_check::engine::{Answer, recorded::read};
///
/// let vectors = rulespec::suite::vectors()?;
/// let record = read("a.jsonl", "{\"id\":\"cmd-0001\",\"error\":\"none\"}\n", &vectors)?;
/// assert_eq!(record.answers, [("cmd-0001".to_owned(), Answer::Error("none".to_owned()))]);
/// let error = read("a.jsonl", "\n{\"id\":\"cmd-9999\",\"ok\":1}\n", &vectors).unwrap_err();
/// assert!(error.to_string().starts_with("a.jsonl:2: there is no vector"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Spec: PRO-19, PRO-20
pub fn read(file: &str, text: &str, vectors: &[Vector]) -> Result<Record, RecordError> {
    let mut record = Record { hello: None, answers: vec![] };
    for (number, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        let error = |what: String| RecordError { file: file.to_owned(), line: number + 1, what };
        if line.trim().is_empty() {
            continue;
        }
        let line = &*without_lone_surrogates(line.as_bytes());
        if let Ok(hello) = from_slice(line, MAX_VALUES) {
            record.hello = Some(hello);
            continue;
        }
        let reply: RawReply<String> = from_slice(line, MAX_VALUES).map_err(|e| error(e.to_string()))?;
        let id = reply.id.clone();
        let outcome = reply.outcome().map_err(|problem| error(format!("{id} has {problem}")))?;
        if !vectors.iter().any(|vector| vector.id == id) {
            return Err(error(format!("there is no vector {id:?}; see `rulespec list vectors`")));
        }
        if record.answers.iter().any(|(other, _)| *other == id) {
            return Err(error(format!("{id} already has an answer; keep one")));
        }
        record.answers.push((id, outcome.into()));
    }
    Ok(record)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pro_09_lone_surrogates_are_replaced_in_recorded_answers() {
        let vectors = rulespec::suite::vectors().unwrap();
        let record = read("a.jsonl", r#"{"id":"trm-0001","ok":"\ud800x"}"#, &vectors).unwrap();
        assert_eq!(record.answers[0].1, Answer::Value(Json::from("\u{fffd}x")));
    }

    #[test]
    fn pro_19_recorded_whole_numbers_keep_their_digits() {
        let vectors = rulespec::suite::vectors().unwrap();
        let read = |number: &str| read("a.jsonl", &format!(r#"{{"id":"dyn-0034","ok":{number}}}"#), &vectors);
        assert_eq!(read("-0").unwrap().answers[0].1, Answer::Value(json!(0)));
        assert_eq!(read("1.0").unwrap().answers[0].1, Answer::Value(json!(1.0)));
        let error = read("18446744073709551615").unwrap_err().to_string();
        assert!(error.starts_with("a.jsonl:1: 18446744073709551615 is outside signed 64 bits"), "{error}");
    }

    #[test]
    fn pro_20_a_recorded_answer_has_a_limited_number_of_values() {
        let vectors = rulespec::suite::vectors().unwrap();
        let line = format!(r#"{{"id":"dyn-0034","ok":[{}1]}}"#, "[],".repeat(MAX_VALUES / 2));
        let error = read("a.jsonl", &line, &vectors).unwrap_err().to_string();
        assert!(error.starts_with("a.jsonl:1: more than 262144 values"), "{error}");
    }
}
