//! The vector files are valid, and invalid ones are detected.

use rulespec::suite::{self, VECTOR_FILES, VECTOR_SCHEMA};
use rulespec_check::lint::lint;
use rulespec_testing::assert_none;
use serde_json::{Value as Json, json};

fn validator() -> jsonschema::Validator {
    jsonschema::draft202012::new(&serde_json::from_str(VECTOR_SCHEMA).unwrap()).unwrap()
}

#[test]
fn the_suite_has_no_violations() {
    let violations: Vec<String> = lint(VECTOR_FILES).iter().map(ToString::to_string).collect();
    assert_none("violations", &violations);
}

/// The violations in a file of two vectors, after a change to the second.
fn violations_after(change: impl Fn(&mut Json)) -> Vec<String> {
    let vector = |id: &str, title: &str, line: &str| {
        json!({"id": id, "title": title, "clauses": ["CMD-01"], "fn": "parse_command_line",
            "args": [line, "windows"], "want": [line]})
    };
    let mut second = vector("cmd-0002", "another", "b");
    change(&mut second);
    let vectors = json!([vector("cmd-0001", "one", "a"), second]);
    let text = format!("{vectors:#}\n");
    lint(&[("own/10-command-line.json", text)]).iter().map(ToString::to_string).collect()
}

#[test]
fn a_violation_names_file_vector_and_remedy() {
    assert_eq!(violations_after(|_| ()), Vec::<String>::new());
    let cases: [(&str, Json, &str); 9] = [
        ("id", json!("cmd-0001"), "cmd-0001: the id is not above the one before it"),
        ("id", json!("trm-0001"), "trm-0001: the id is not of the form cmd-0000"),
        ("title", json!("one"), "cmd-0002: has the title of cmd-0001"),
        ("title", json!("One."), r#"cmd-0002: /1/title: value does not match "^\S(.*[^\s.])?$""#),
        ("clauses", json!(["CMD-99"]), "cmd-0002: there is no clause CMD-99; see `rulespec list clauses`"),
        ("args", json!(["a", "windows"]), "cmd-0002: makes the same call for CMD-01 as cmd-0001"),
        ("args", json!(["b"]), "cmd-0002: /1/args: value has less than 2 items"),
        ("evidence", json!("S-NONE"), "cmd-0002: there is no source S-NONE; see spec/sources.md"),
        (
            "fn",
            json!("upper"),
            "cmd-0002: there is no function \"upper\"; `rulespec list functions` names all",
        ),
    ];
    for (member, value, wanted) in cases {
        let violations = violations_after(|vector| vector[member] = value.clone());
        let wanted = format!("own/10-command-line.json: {wanted}");
        assert!(violations.contains(&wanted), "{wanted}\n{}", violations.join("\n"));
    }
}

#[test]
fn an_open_point_has_an_answer_for_each_alternative() {
    let violations = violations_after(|vector| {
        let object = vector.as_object_mut().unwrap();
        object.shift_remove("want");
        object.insert("open".to_owned(), json!("OPEN-NUL"));
        object.insert("wants".to_owned(), json!({"other": 1, "ordinary": 2}));
    });
    let wanted = "own/10-command-line.json: cmd-0002: there is no answer for the alternative ends-the-line of \
                  OPEN-NUL";
    assert!(violations.contains(&wanted.to_owned()), "{violations:?}");
}

#[test]
fn a_file_in_another_form_is_reported_with_its_line() {
    let violations =
        |text: &str| lint(&[("a.json", text)]).iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(violations("[ ]\n"), ["a.json: line 1 is not in canonical form; expected []"]);
    assert_eq!(violations("[]"), ["a.json: line 2 is not in canonical form; expected the end"]);
    assert_eq!(violations("[\n"), ["a.json: EOF while parsing a list at line 2 column 0"]);
    assert_eq!(lint(&[("a.json", "[]"), ("b.json", "[\n")]).len(), 2);
    assert_eq!(violations("{}"), ["a.json: : value is not of type \"array\""]);
}

#[test]
fn the_schema_rejects_an_invalid_vector() {
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
fn a_vector_with_a_wrong_field_cannot_be_loaded() {
    let load = |vector: Json| suite::load("mine.json", &json!([vector]).to_string());
    let good = json!({"id": "cmd-0001", "title": "a", "clauses": [], "fn": "has", "args": [], "want": null});
    assert_eq!(load(good.clone()).unwrap()[0].want, suite::Want::Settled { want: Json::Null });
    let mut misspelt = good.clone();
    misspelt["notes"] = json!("x");
    assert!(load(misspelt).unwrap_err().to_string().starts_with("mine.json: unknown field `notes`"));
    let mut both = good;
    both["open"] = json!("OPEN-NUL");
    let error = load(both).unwrap_err().to_string();
    assert!(error.starts_with("mine.json: vector cmd-0001 must have either"), "{error}");
}
