//! An engine made of answers that were recorded earlier.

use std::collections::HashMap;

use serde_json::{Value as Json, json};

use super::{Answer, Engine, Hello, StartError};
use crate::suite::Vector;

/// Answers given earlier, as an engine. A question that has no recorded answer gets
/// the answer that says so, which conforms to nothing.
///
/// ```
/// use rulespec::engine::{Answer, Engine, Hello, Recorded};
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
