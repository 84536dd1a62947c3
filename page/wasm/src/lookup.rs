//! Operators that look for a text in another.

use rulespec::kql::{
    Argument, Case, Dynamic, Occurrence, Part, Profile, Semantics, Type, is_term_character, occurrences,
};
use rulespec::query::{Context, Function};
use rulespec_check::engine::NOW;
use serde_json::{Value as Json, json};

/// How many lookups are shown, how many occurrences of each, and how many characters around them.
const MAX_LOOKUPS: usize = 50;
const MAX_SHOWN: usize = 20;
const AROUND: usize = 16;

/// The operators that look for a text in another: those that compare terms, and the others.
const OF_TERMS: [&str; 8] =
    ["has", "has_cs", "hasprefix", "hasprefix_cs", "hassuffix", "hassuffix_cs", "has_any", "has_all"];
const OF_TEXTS: [&str; 8] =
    ["contains", "contains_cs", "startswith", "startswith_cs", "endswith", "endswith_cs", "=~", "=="];

/// Every operator, whether it compares terms, and whether it takes a list.
pub fn operators() -> Json {
    let operator = |(name, terms)| json!({"name": name, "terms": terms, "list": takes_list(name)});
    names().map(operator).collect()
}

/// The names of the operators, and whether they compare terms.
fn names() -> impl Iterator<Item = (&'static str, bool)> {
    OF_TERMS.map(|name| (name, true)).into_iter().chain(OF_TEXTS.map(|name| (name, false)))
}

fn takes_list(operator: &str) -> bool {
    matches!(operator, "has_any" | "has_all")
}

/// The answer of an operator, the parts of the text, and the occurrences of each lookup.
pub fn look_up(operator: &str, text: &str, lookups: &[String]) -> Json {
    let answer = match answer(operator, text, lookups) {
        Ok(answer) => answer,
        Err(error) => return json!({ "error": error }),
    };
    let characters: Vec<char> = text.chars().collect();
    let profile = Profile::default();
    let case = match operator {
        "==" => Case::Sensitive,
        operator if operator.ends_with("_cs") => Case::Sensitive,
        _ => Case::Ignored(&profile),
    };
    let mut marks = vec![Mark::None; characters.len()];
    let mut shown = vec![];
    for lookup in lookups {
        let length = lookup.chars().count();
        let found: Vec<(Occurrence, bool)> = occurrences(text, lookup, case)
            .map(|found| (found, accepts(operator, found, length, characters.len())))
            .collect();
        for (Occurrence { at, .. }, is_accepted) in &found {
            let mark = if *is_accepted { Mark::Accepted } else { Mark::Rejected };
            marks[*at..at + length].iter_mut().for_each(|old| *old = mark.max(*old));
        }
        if shown.len() == MAX_LOOKUPS {
            continue;
        }
        let places: Json =
            found.iter().take(MAX_SHOWN).map(|found| place(*found, length, &characters)).collect();
        shown
            .push(json!({"lookup": lookup, "places": places, "more": found.len().saturating_sub(MAX_SHOWN)}));
    }
    json!({"answer": answer, "parts": parts(&characters, &marks), "lookups": shown, "more": lookups.len() - shown.len()})
}

/// What became of the occurrences that a character is part of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Mark {
    None,
    Rejected,
    Accepted,
}

impl Mark {
    fn json(self) -> Json {
        match self {
            Self::None => Json::Null,
            Self::Rejected => json!("rejected"),
            Self::Accepted => json!("accepted"),
        }
    }
}

/// The answer of the reference.
fn answer(operator: &str, text: &str, lookups: &[String]) -> Result<bool, String> {
    let function = Function::find(operator).filter(|_| names().any(|(name, _)| name == operator));
    let function = function.ok_or_else(|| format!("{operator:?} does not look for a text in another"))?;
    let kql = Semantics::default();
    let now = NOW.parse().map_err(|error| format!("{NOW}: {error}"))?;
    let lookups = match takes_list(operator) {
        true => Argument {
            value: Dynamic::Array(lookups.iter().map(|lookup| Dynamic::from(lookup.as_str())).collect()),
            r#type: Type::Dynamic,
        },
        false => string(lookups.first().map(String::as_str).unwrap_or_default()),
    };
    let answer = function.call(Context { kql: &kql, now }, &[string(text), lookups]);
    Ok(answer.map_err(|error| error.to_string())?.as_bool() == Some(true))
}

fn string(text: &str) -> Argument {
    Argument { value: Dynamic::from(text), r#type: Type::String }
}

/// Whether an occurrence makes the operator true of this lookup.
fn accepts(operator: &str, found: Occurrence, length: usize, of: usize) -> bool {
    let is_first = found.at == 0;
    let is_last = found.at + length == of;
    match operator.trim_end_matches("_cs") {
        "has" | "has_any" | "has_all" => found.is_bounded(Part::Whole),
        "hasprefix" => found.is_bounded(Part::Prefix),
        "hassuffix" => found.is_bounded(Part::Suffix),
        "startswith" => is_first,
        "endswith" => is_last,
        "=~" | "==" => is_first && is_last,
        _ => true,
    }
}

fn place((found, is_accepted): (Occurrence, bool), length: usize, text: &[char]) -> Json {
    let end = found.at + length;
    let part = |from: usize, to: usize| text[from..to].iter().collect::<String>();
    json!({
        "before": part(found.at.saturating_sub(AROUND), found.at),
        "found": part(found.at, end),
        "after": part(end, text.len().min(end + AROUND)),
        "at": found.at,
        "begins_inside": found.begins_inside,
        "ends_inside": found.ends_inside,
        "accepted": is_accepted,
    })
}

/// The text in parts that are alike: within a term or not, and found or not.
fn parts(text: &[char], marks: &[Mark]) -> Json {
    let alike: Vec<(bool, Mark)> =
        text.iter().map(|&c| is_term_character(c)).zip(marks.iter().copied()).collect();
    let mut at = 0;
    let parts = alike.chunk_by(|a, b| a == b).map(|part| {
        let start = at;
        at += part.len();
        let (term, mark) = part[0];
        json!({"text": text[start..at].iter().collect::<String>(), "term": term, "mark": mark.json()})
    });
    parts.collect()
}

#[cfg(test)]
mod tests {
    use rulespec_check::engine::{Answer, Engine, Reference};

    use super::*;

    #[test]
    fn an_occurrence_is_accepted_if_and_only_if_the_reference_is_true() {
        let texts = ["", "a", "ab a", "A-b", "ba/A", "/ab", "aab", "É_é", "ab"];
        for (operator, _) in names() {
            for (text, lookup) in texts.iter().flat_map(|text| texts.map(|lookup| (text, lookup))) {
                let result = look_up(operator, text, &[lookup.to_owned()]);
                let places = result["lookups"][0]["places"].as_array().unwrap();
                let is_accepted = places.iter().any(|place| place["accepted"] == json!(true));
                assert_eq!(result["answer"], json!(is_accepted), "{text:?} {operator} {lookup:?}");
            }
        }
    }

    #[test]
    fn the_answer_is_that_of_the_engine_for_every_vector() {
        let vectors = rulespec::suite::vectors().unwrap();
        let mut asked = 0;
        for vector in vectors.iter().filter(|vector| ["=~", "has", "has_any"].contains(&vector.r#fn.as_str()))
        {
            let [Json::String(text), lookup] = &vector.args[..] else { continue };
            let lookups: Vec<String> = match lookup {
                Json::Array(elements) if elements.iter().all(Json::is_string) => {
                    serde_json::from_value(lookup.clone()).unwrap()
                }
                Json::String(lookup) => vec![lookup.clone()],
                _ => continue,
            };
            let Answer::Value(answer) = Reference::default().ask(&vector.r#fn, &vector.args) else {
                panic!()
            };
            assert_eq!(look_up(&vector.r#fn, text, &lookups)["answer"], answer, "{}", vector.id);
            asked += 1;
        }
        assert!(asked > 300, "{asked}");
    }

    #[test]
    fn another_function_is_an_error() {
        for name in ["strlen", "!has", ""] {
            assert!(look_up(name, "a", &["a".to_owned()])["error"].is_string(), "{name}");
        }
    }

    #[test]
    fn the_parts_are_the_text() {
        let result = look_up("has", "bitsadmin /Transfers /transfer", &["/Transfer".to_owned()]);
        let parts: Vec<(&str, bool, Json)> = result["parts"]
            .as_array()
            .unwrap()
            .iter()
            .map(|part| (part["text"].as_str().unwrap(), part["term"] == json!(true), part["mark"].clone()))
            .collect();
        let (none, rejected, accepted) = (Json::Null, json!("rejected"), json!("accepted"));
        assert_eq!(
            parts,
            [
                ("bitsadmin", true, none.clone()),
                (" ", false, none.clone()),
                ("/", false, rejected.clone()),
                ("Transfer", true, rejected),
                ("s", true, none.clone()),
                (" ", false, none),
                ("/", false, accepted.clone()),
                ("transfer", true, accepted),
            ]
        );
    }
}
