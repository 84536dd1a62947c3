//! What recorded engines would answer, if the misreading that explains their answers best is theirs.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use rulespec_check::engine::{Answer, Engine, Reference};
use rulespec_check::misreading::{Misreading, named};
use serde::Deserialize;
use serde_json::{Value as Json, json};

/// An engine whose answers are in `spec/observed`.
#[derive(Deserialize)]
struct Observed {
    engine: String,
    version: String,
    date: String,
    functions: BTreeMap<String, Record>,
}

/// What its answers to one function show.
#[derive(Deserialize)]
struct Record {
    /// How many questions it answered, and how many of them wrongly.
    answers: u64,
    wrong: u64,
    closest: Option<Closest>,
}

/// The misreadings that explain most of the wrong answers, and how many.
#[derive(Deserialize)]
struct Closest {
    misreadings: Vec<String>,
    explains: u64,
}

static ENGINES: LazyLock<Vec<Observed>> = LazyLock::new(|| {
    serde_json::from_str(include_str!(concat!(env!("OUT_DIR"), "/engines.json"))).unwrap_or_default()
});

/// What each engine would answer to a call, and how far that can be trusted.
pub fn answers(function: &str, arguments: &[Json]) -> Json {
    ENGINES.iter().map(|engine| engine.answer(function, arguments)).collect()
}

impl Observed {
    fn answer(&self, function: &str, arguments: &[Json]) -> Json {
        let mut answer = json!({"engine": self.engine, "version": self.version, "date": self.date});
        let basis = match self.functions.get(function) {
            None => json!({"basis": "not asked"}),
            Some(Record { answers: 0, .. }) => json!({"basis": "unsupported"}),
            Some(record) => record.answer(function, arguments),
        };
        if let (Some(answer), Json::Object(basis)) = (answer.as_object_mut(), basis) {
            answer.extend(basis);
        }
        answer
    }
}

impl Record {
    fn answer(&self, function: &str, arguments: &[Json]) -> Json {
        let Self { answers, wrong, closest } = self;
        let mut engine = Reference::default();
        match closest {
            None if *wrong > 0 => json!({"basis": "unexplained", "answers": answers, "wrong": wrong}),
            None => json!({
                "basis": "right",
                "answers": answers,
                "answer": given(&engine.ask(function, arguments)),
            }),
            Some(Closest { misreadings, explains }) => {
                let misreadings: Vec<&Misreading> =
                    misreadings.iter().filter_map(|name| named(name)).collect();
                misreadings.iter().for_each(|misreading| misreading.apply(&mut engine));
                let named =
                    |one: &&Misreading| json!({"name": one.name, "says": one.says, "breaks": one.breaks});
                json!({
                    "basis": "misreading",
                    "answers": answers,
                    "wrong": wrong,
                    "explains": explains,
                    "misreadings": misreadings.iter().map(named).collect::<Json>(),
                    "answer": given(&engine.ask(function, arguments)),
                })
            }
        }
    }
}

/// An answer as a value, or as an error.
fn given(answer: &Answer) -> Json {
    match answer {
        Answer::Value(value) => json!({ "value": value }),
        other => json!({ "error": other.to_string() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn basis(engine: &str, function: &str, arguments: &[Json]) -> Json {
        let answers = answers(function, arguments);
        let found = answers.as_array().unwrap().iter().find(|answer| answer["engine"] == json!(engine));
        found.unwrap().clone()
    }

    #[test]
    fn an_engine_answers_as_its_misreading_does_and_nothing_is_guessed() {
        let punctuation = [json!("see /transfer"), json!("/Transfer")];
        let chdb = basis("ClickHouse (chdb)", "has", &punctuation);
        assert_eq!(chdb["basis"], "misreading");
        assert_eq!(chdb["misreadings"][0]["name"], "boundary-at-punctuation");
        assert_eq!(chdb["answer"], json!({"value": true}));
        let chdb = basis("ClickHouse (chdb)", "has", &[json!("see/transfer"), json!("/Transfer")]);
        assert_eq!(chdb["answer"], json!({"value": false}));
        assert_eq!(basis("duckdb-kql", "has", &punctuation)["basis"], "right");
        assert_eq!(basis("adxlite", "has_any", &punctuation)["basis"], "unsupported");
        assert_eq!(basis("Wine", "has", &punctuation)["basis"], "not asked");
        assert_eq!(basis("Wine", "contains", &punctuation)["basis"], "not asked");
    }

    #[test]
    fn every_misreading_that_was_found_is_known() {
        let records = ENGINES.iter().flat_map(|engine| engine.functions.values());
        let names: Vec<&String> =
            records.filter_map(|record| record.closest.as_ref()).flat_map(|one| &one.misreadings).collect();
        assert!(names.len() >= 3 && names.iter().all(|name| named(name).is_some()), "{names:?}");
    }
}
