//! An engine made of answers that were recorded earlier.

use std::collections::HashMap;

use serde_json::{Value as Json, json};

use super::{Answer, Engine, Hello, StartError};
use rulespec::suite::Vector;

/// Answers given earlier, as an engine. A question that has no recorded answer gets
/// the answer that says so, which conforms to nothing.
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
    answers: HashMap<String, Answer>,
}

impl Recorded {
    /// The engine that gave these answers, by the ids of their vectors. Of vectors
    /// that ask the same, the answer given last holds.
    pub fn new(
        hello: Hello,
        vectors: &[Vector],
        answers: impl IntoIterator<Item = (String, Answer)>,
    ) -> Self {
        let questions: HashMap<&str, String> =
            vectors.iter().map(|vector| (vector.id.as_str(), key(&vector.r#fn, &vector.args))).collect();
        let answers = answers
            .into_iter()
            .filter_map(|(id, answer)| Some((questions.get(id.as_str())?.clone(), answer)))
            .collect();
        Self { hello, answers }
    }
}

impl Engine for Recorded {
    fn hello(&mut self) -> Result<Hello, StartError> {
        Ok(self.hello.clone())
    }

    fn ask(&mut self, function: &str, args: &[Json]) -> Answer {
        let missing = || Answer::Garbled("no answer is recorded".to_owned());
        self.answers.get(&key(function, args)).cloned().unwrap_or_else(missing)
    }
}

fn key(function: &str, args: &[Json]) -> String {
    json!([function, args]).to_string()
}

/// A file that holds no recorded answers.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {what}")]
pub struct RecordError {
    file: String,
    line: usize,
    what: String,
}

/// Recorded answers, by the ids of their vectors, and who gave them.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// Who answered, where the record says so.
    pub hello: Option<Hello>,
    /// The answers.
    pub answers: Vec<(String, Answer)>,
}

/// One line of a record.
#[derive(serde::Deserialize)]
struct Line {
    id: String,
    #[serde(default, deserialize_with = "rulespec::json::present")]
    ok: Option<Json>,
    error: Option<String>,
    unsupported: Option<String>,
}

/// Reads answers as JSON Lines, in the protocol's form with the ids of vectors:
/// `{"id":"cmd-0007","ok":…}`, or `error` or `unsupported` with a text. A line
/// `{"engine":…,"version":…}` says who answered. `file` names them in errors.
///
/// # Errors
///
/// Where a line is neither, or is about a vector that is not among these.
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
pub fn read(file: &str, text: &str, vectors: &[Vector]) -> Result<Record, RecordError> {
    let mut record = Record { hello: None, answers: vec![] };
    for (number, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        let wrong = |what: String| RecordError { file: file.to_owned(), line: number + 1, what };
        if line.trim().is_empty() {
            continue;
        }
        if let Ok(hello) = serde_json::from_str(line) {
            record.hello = Some(hello);
            continue;
        }
        let (id, answer) = answer(line).map_err(wrong)?;
        if !vectors.iter().any(|vector| vector.id == id) {
            return Err(wrong(format!("there is no vector {id:?}; `rulespec list vectors` names all")));
        }
        if record.answers.iter().any(|(other, _)| *other == id) {
            return Err(wrong(format!("{id} has an answer already; keep one")));
        }
        record.answers.push((id, answer));
    }
    Ok(record)
}

fn answer(line: &str) -> Result<(String, Answer), String> {
    let line: Line = serde_json::from_str(line).map_err(|error| error.to_string())?;
    let answer = match (line.ok, line.error, line.unsupported) {
        (Some(value), None, None) => Answer::Value(value),
        (None, Some(text), None) => Answer::Error(text),
        (None, None, Some(text)) => Answer::Unsupported(text),
        _ => return Err(format!("{} has not one of `ok`, `error` and `unsupported`", line.id)),
    };
    Ok((line.id, answer))
}
