//! The vector files are well-formed: by their schema, in their canonical form,
//! and in their ids, titles, clauses and functions.

use std::collections::HashMap;

use rulespec::engine::inside::FUNCTIONS;
use rulespec::suite::{self, VECTOR_FILES, Vector};
use serde_json::{Value as Json, json};

const SCHEMA: &str = include_str!("../spec/schema/vector.schema.json");

fn validator() -> jsonschema::Validator {
    jsonschema::draft202012::new(&serde_json::from_str(SCHEMA).unwrap()).unwrap()
}

/// Every vector with the file that holds it.
fn located() -> Vec<(&'static str, Vector)> {
    let of_file = |(file, text): &(&'static str, &str)| {
        let vectors = suite::load(file, text).unwrap();
        vectors.into_iter().map(|vector| (*file, vector)).collect::<Vec<_>>()
    };
    VECTOR_FILES.iter().flat_map(of_file).collect()
}

fn assert_none(offences: Vec<String>) {
    assert!(offences.is_empty(), "{} offences:\n{}", offences.len(), offences.join("\n"));
}

/// The chapter's letters, as its ids begin: those of the first clause in the
/// chapter that has the vector file's name.
fn chapter_of(file: &str) -> String {
    let chapter = file.replace(".json", ".md");
    let clauses = suite::clauses();
    let clause = clauses.iter().find(|clause| clause.file == chapter);
    clause.map(|clause| clause.chapter().to_lowercase()).unwrap_or_default()
}

#[test]
fn every_file_is_valid_by_the_schema() {
    let validator = validator();
    let mut offences = vec![];
    for (file, text) in VECTOR_FILES {
        let json: Json = serde_json::from_str(text).unwrap();
        for error in validator.iter_errors(&json) {
            let path = error.instance_path().to_string();
            let number = path.split('/').nth(1).and_then(|number| number.parse::<usize>().ok());
            let id = number.and_then(|number| json[number]["id"].as_str()).unwrap_or("?");
            offences.push(format!("{file} {id}: {path}: {error}"));
        }
    }
    assert_none(offences);
}

#[test]
fn the_schema_refuses_what_is_no_vector() {
    let good = json!({"id": "cmd-0001", "title": "a", "clauses": ["CMD-01"], "fn": "has",
        "args": ["a", "b"], "want": true});
    let validator = validator();
    assert!(validator.is_valid(&json!([good])));
    let changes = [
        ("id", json!("cmd-1")),
        ("title", json!("A sentence.")),
        ("title", json!("x".repeat(61))),
        ("clauses", json!([])),
        ("clauses", json!(["OPEN-NUL"])),
        ("fn", json!("contains")),
        ("args", json!(["a"])),
        ("args", json!(["a", 1])),
        ("want", json!({"error": "oh"})),
        ("open", json!("OPEN-NUL")),
        ("remark", json!("x")),
    ];
    for (field, value) in changes {
        let mut bad = good.clone();
        bad[field] = value;
        assert!(!validator.is_valid(&json!([bad])), "{bad}");
    }
    let mut without = good;
    without.as_object_mut().unwrap().remove("want");
    assert!(!validator.is_valid(&json!([without])));
}

#[test]
fn every_file_is_in_its_canonical_form() {
    let mut offences = vec![];
    for (file, text) in VECTOR_FILES {
        let canonical = serde_json::to_string_pretty(&suite::load(file, text).unwrap()).unwrap() + "\n";
        let differ = canonical.lines().zip(text.lines()).position(|(want, got)| want != got);
        if let Some(line) = differ {
            offences.push(format!("{file}:{}: not as serde_json prints it", line + 1));
        } else if canonical != *text {
            offences.push(format!("{file}: its end is not as serde_json prints it"));
        }
    }
    assert_none(offences);
}

#[test]
fn ids_are_of_their_chapter_ascending_and_unique() {
    let mut offences = vec![];
    for (file, text) in VECTOR_FILES {
        let prefix = format!("{}-", chapter_of(file));
        let mut last = 0;
        for vector in suite::load(file, text).unwrap() {
            let digits = vector.id.strip_prefix(&prefix).filter(|digits| digits.len() == 4);
            match digits.and_then(|digits| digits.parse::<u32>().ok()) {
                Some(number) if number > last => last = number,
                Some(_) => offences.push(format!("{file} {}: not above the id before it", vector.id)),
                None => offences.push(format!("{file} {}: not of the form {prefix}0000", vector.id)),
            }
        }
    }
    assert_none(offences);
}

#[test]
fn titles_are_unique_and_no_sentences() {
    let mut offences = vec![];
    let mut seen: HashMap<String, String> = HashMap::new();
    for (file, Vector { id, title, .. }) in located() {
        if title.chars().count() > 60 || title.ends_with('.') {
            offences.push(format!("{file} {id}: {title:?} is over 60 characters or ends in a full stop"));
        }
        if let Some(other) = seen.insert(title, id.clone()) {
            offences.push(format!("{file} {id}: has the title of {other}"));
        }
    }
    assert_none(offences);
}

#[test]
fn no_question_is_asked_twice_for_one_clause() {
    let mut offences = vec![];
    let mut seen: HashMap<String, String> = HashMap::new();
    for (file, vector) in located() {
        for clause in &vector.clauses {
            let question = json!([clause, vector.r#fn, vector.args]).to_string();
            if let Some(other) = seen.insert(question, vector.id.clone()) {
                offences.push(format!("{file} {}: asks for {clause} what {other} asks", vector.id));
            }
        }
    }
    assert_none(offences);
}

#[test]
fn clauses_and_functions_exist() {
    let clauses = suite::clauses();
    let mut offences = vec![];
    for (file, vector) in located() {
        for id in &vector.clauses {
            if !clauses.iter().any(|clause| clause.id == *id) {
                offences.push(format!("{file} {}: there is no clause {id}", vector.id));
            }
        }
        if !FUNCTIONS.contains(&vector.r#fn.as_str()) {
            offences.push(format!("{file} {}: there is no function {}", vector.id, vector.r#fn));
        }
    }
    assert_none(offences);
}

#[test]
fn evidence_names_a_source() {
    let sources = include_str!("../spec/sources.md");
    let mut offences = vec![];
    for (file, vector) in located() {
        let Some(source) = &vector.evidence else { continue };
        if !sources.contains(&format!("| {source} |")) {
            offences.push(format!("{file} {}: there is no source {source}", vector.id));
        }
    }
    assert_none(offences);
}

#[test]
fn a_vector_is_refused_where_a_field_is_wrong() {
    let load = |vector: Json| suite::load("mine.json", &json!([vector]).to_string());
    let good = json!({"id": "cmd-0001", "title": "a", "clauses": [], "fn": "has", "args": [], "want": null});
    assert_eq!(load(good.clone()).unwrap()[0].want, suite::Want::Settled { want: Json::Null });
    let mut misspelt = good.clone();
    misspelt["notes"] = json!("x");
    assert!(load(misspelt).unwrap_err().to_string().starts_with("mine.json: unknown field `notes`"));
    let mut both = good;
    both["open"] = json!("OPEN-NUL");
    let error = load(both).unwrap_err().to_string();
    assert!(error.starts_with("mine.json: vector cmd-0001 has neither"), "{error}");
}
