//! The JSON of `list`, `show` and `explore` has the form of its schemas, and each schema has its `$id`.

use std::fs;
use std::process::{Command, Stdio};

use jsonschema::Validator;
use rulespec_testing::files::{ROOT, path};
use serde_json::{Value as Json, json};

use super::screen::{HOSTILE, SUITE, rulespec};
use assert_cmd::cargo::cargo_bin;

fn schema(name: &str) -> Json {
    serde_json::from_str(&fs::read_to_string(path(&format!("spec/schema/{name}.schema.json"))).unwrap())
        .unwrap()
}

/// A schema that also rejects members that it does not document, with the schemas that it refers to.
fn validator(name: &str) -> Validator {
    let mut schema = schema(name);
    let definitions = schema["$defs"].as_object_mut().unwrap();
    for definition in definitions.values_mut().filter(|definition| definition.get("properties").is_some()) {
        definition["unevaluatedProperties"] = json!(false);
    }
    for other in ["report", "vector"] {
        definitions.insert(format!("of-{other}"), self::schema(other));
    }
    if schema.get("properties").is_some() {
        schema["unevaluatedProperties"] = json!(false);
    }
    jsonschema::validator_for(&schema).unwrap()
}

/// Standard output as it is; a screen leaves out lines and versions.
fn output(arguments: &[&str]) -> String {
    let mut command = Command::new(cargo_bin("rulespec"));
    let output = command.current_dir(ROOT).args(arguments).stdin(Stdio::null()).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

fn parsed(text: &str) -> Json {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

#[track_caller]
fn assert_valid(validator: &Validator, json: &Json) {
    let errors = validator.iter_errors(json).map(|error| format!("{}: {error}", error.instance_path()));
    assert_eq!(errors.collect::<Vec<_>>(), Vec::<String>::new(), "{json}");
}

#[test]
fn every_schema_is_listed_with_its_id() {
    let list = fs::read_to_string(path("spec/schema/README.md")).unwrap();
    let names = fs::read_dir(path("spec/schema")).unwrap().map(|file| file.unwrap().file_name());
    let names: Vec<String> = names.map(|name| name.into_string().unwrap()).collect();
    let names: Vec<&str> = names.iter().filter_map(|name| name.strip_suffix(".schema.json")).collect();
    assert_eq!(names.len(), 10);
    for name in names {
        let id = format!("urn:rulespec:schema:{name}:1");
        assert_eq!(schema(name)["$id"], id);
        assert!(list.contains(&format!("| [{name}]({name}.schema.json) | `{id}` | ")), "{name}");
        let files = rulespec::suite::files();
        assert!(files.iter().any(|(path, _)| *path == format!("schema/{name}.schema.json")), "{name}");
    }
}

#[test]
fn lists_match_their_schema() {
    let validator = validator("list");
    let mut lists =
        vec!["clauses", "vectors", "functions", "open-points", "misreadings", "sources", "engines"];
    lists.extend(cfg!(feature = "events").then_some("shapes"));
    for what in lists {
        assert_valid(&validator, &parsed(&output(&["list", what, "--format", "json"])));
        let lines = output(&["list", what, "--format", "jsonl"]);
        assert_valid(&validator, &parsed(lines.lines().next().unwrap()));
    }
    assert_valid(&validator, &parsed(&output(&["list", "vectors", "--suite", SUITE, "--format", "json"])));
    for wrong in [json!([]), json!({"id": "CMD-07"}), json!([{"clause": "CMD-07", "name": 1, "says": ""}])] {
        assert!(!validator.is_valid(&wrong), "{wrong}");
    }
}

/// At least one item of each kind.
const ITEMS: [&str; 17] = [
    "CMD-07",
    "TEL-01",
    "cmd-0007",
    "cmd-0222",
    "OPEN-NUL",
    "OPEN-INDEXOF-EMPTY",
    "has",
    "contains",
    "take",
    "[]",
    "has-as-substring",
    "S-REGEX",
    "S-HAS",
    "duckdb-kql",
    "wine",
    "ClickHouse",
    "not-asked",
];

#[test]
fn items_match_their_schema() {
    let validator = validator("show");
    for name in ITEMS {
        let mut json = parsed(&output(&["show", "--format", "json", name]));
        assert_valid(&validator, &json);
        // The schema of vectors is not made strict here.
        if json.get("args").is_none() {
            json.as_object_mut().unwrap().insert("surprise".to_owned(), json!(1));
            assert!(!validator.is_valid(&json), "{name}");
        }
    }
}

#[test]
fn explorations_match_their_schema_also_if_engines_fail() {
    let validator = validator("explore");
    let search =
        ["explore", "--seed", "7", "--cases", "60", "--jobs", "1", "--fn", "has", "--format", "json"];
    let faulty = ["--timeout", "0.2", "--", "python3", "tests/engines/faulty.py"];
    for more in [
        vec![],
        vec!["--against", "fast", "--", "python3", "tests/engines/naive.py"],
        vec!["--", "python3", HOSTILE],
        [&faulty[..], &["always-crashes"]].concat(),
        [&faulty[..], &["never-answers"]].concat(),
    ] {
        assert_valid(&validator, &parsed(&output(&[&search[..], &more].concat())));
    }
    assert!(!validator.is_valid(&json!({"rulespec": "0.1.0"})));
}

#[test]
fn errors_write_no_json() {
    for arguments in [
        &["show", "--format", "json", "CMD-7"][..],
        &["list", "clauses", "--chapter", "NONE", "--format", "json"],
        &["explore", "--format", "json", "--", "no/such/engine"],
    ] {
        let screen = rulespec(arguments);
        assert!(screen.out.is_empty() && screen.err.starts_with("rulespec: "), "{screen}");
    }
}
