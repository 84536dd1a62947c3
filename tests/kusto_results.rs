//! Results of the exported scripts are read back as what they are.

#![cfg(feature = "cli")]

use rulespec::check::check;
use rulespec::engine::{Answer, Engine, Hello, Recorded, Reference};
use rulespec::export::kql::{self, Expects, Script};
use rulespec::import::Results;
use rulespec::misreading;
use rulespec::report::Outcome;
use rulespec::suite::{self, Vector};
use rulespec::verdict::{Verdict, judge};
use serde_json::{Value as Json, json};

/// The rows that a Kusto which answers as this engine returns for a script, or its
/// error.
fn run(script: &Script, vectors: &[Vector], engine: &mut dyn Engine) -> Result<Vec<[String; 2]>, String> {
    let mut rows = vec![];
    for vector in vectors.iter().filter(|vector| script.vectors.contains(&vector.id)) {
        let answer = engine.ask(&vector.r#fn, &vector.args);
        match (judge(&vector.want, &answer), answer) {
            (Verdict::Pass, Answer::Value(_)) => {}
            (_, Answer::Value(value)) => rows.push([vector.id.clone(), json!([value]).to_string()]),
            (_, other) => return Err(other.to_string()),
        }
    }
    if script.expects == Expects::Rows {
        rows.push([kql::ASKED.to_owned(), json!(script.vectors).to_string()]);
    }
    Ok(rows)
}

type Form = fn(&[[String; 2]]) -> String;

fn rest_1(rows: &[[String; 2]]) -> String {
    let columns =
        json!([{"ColumnName": "id", "DataType": "String"}, {"ColumnName": "got", "DataType": "String"}]);
    let status = json!({"TableName": "Table_1", "Columns": [{"ColumnName": "Value"}], "Rows": [["{}"]]});
    json!({"Tables": [{"TableName": "Table_0", "Columns": columns, "Rows": rows}, status]}).to_string()
}

fn rest_2(rows: &[[String; 2]]) -> String {
    let columns =
        json!([{"ColumnName": "id", "ColumnType": "string"}, {"ColumnName": "got", "ColumnType": "string"}]);
    let frames = json!([
        {"FrameType": "DataSetHeader", "Version": "v2.0"},
        {"FrameType": "DataTable", "TableKind": "QueryProperties", "Columns": [{"ColumnName": "Key"}], "Rows": [[1]]},
        {"FrameType": "DataTable", "TableKind": "PrimaryResult", "Columns": columns, "Rows": rows},
        {"FrameType": "DataSetCompletion", "HasErrors": false}
    ]);
    format!("{frames:#}")
}

fn fragments(rows: &[[String; 2]]) -> String {
    let columns = json!([{"ColumnName": "id"}, {"ColumnName": "got"}]);
    let mut frames = vec![json!({"FrameType": "TableHeader", "TableId": 1, "Columns": columns})];
    frames
        .extend(rows.chunks(2).map(|rows| json!({"FrameType": "TableFragment", "TableId": 1, "Rows": rows})));
    json!(frames).to_string()
}

fn log_analytics(rows: &[[String; 2]]) -> String {
    let columns = json!([{"name": "id", "type": "string"}, {"name": "got", "type": "string"}]);
    json!({"tables": [{"name": "PrimaryResult", "columns": columns, "rows": rows}]}).to_string()
}

fn lines(rows: &[[String; 2]]) -> String {
    let line = |[id, got]: &[String; 2]| json!({"id": id, "got": got}).to_string() + "\n";
    rows.iter().map(line).collect()
}

fn objects(rows: &[[String; 2]]) -> String {
    let parsed =
        |[id, got]: &[String; 2]| json!({"id": id, "got": serde_json::from_str::<Json>(got).unwrap()});
    json!(rows.iter().map(parsed).collect::<Vec<_>>()).to_string()
}

fn csv_text(rows: &[[String; 2]]) -> String {
    let cell = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let line = |[id, got]: &[String; 2]| format!("{},{}\r\n", cell(id), cell(got));
    format!("\u{feff}id,got\r\n{}", rows.iter().map(line).collect::<String>())
}

/// What is imported of an engine, saved in a form.
fn imported(engine: &mut dyn Engine, form: Form) -> Vec<Outcome> {
    let vectors = suite::vectors().unwrap();
    let mut results = Results::new(&vectors);
    for script in kql::scripts(&vectors) {
        let file = format!("results/{}.json", script.name);
        let error = |message| {
            json!({"error": {"code": "General_BadRequest", "message": "no", "@message": message}}).to_string()
        };
        match run(&script, &vectors, engine) {
            Ok(rows) => results.read(&file, &form(&rows)).unwrap(),
            Err(message) => results.read(&file, &error(message)).unwrap(),
        }
    }
    let (asked, answers) = results.end();
    let hello = Hello { engine: "a Kusto".to_owned(), version: "1".to_owned(), functions: None };
    check(&mut Recorded::new(hello, &asked, answers), &asked).unwrap().outcomes
}

const FORMS: [Form; 7] = [rest_1, rest_2, fragments, log_analytics, lines, objects, csv_text];

/// The verdicts of `check`, of the vectors that KQL can ask.
fn checked(engine: &mut dyn Engine) -> Vec<(String, Verdict)> {
    let vectors = suite::vectors().unwrap();
    let scripts = kql::scripts(&vectors);
    let asked = |vector: &&Vector| scripts.iter().any(|script| script.vectors.contains(&vector.id));
    let vectors: Vec<Vector> = vectors.iter().filter(asked).cloned().collect();
    verdicts(&check(engine, &vectors).unwrap().outcomes)
}

fn verdicts(outcomes: &[Outcome]) -> Vec<(String, Verdict)> {
    outcomes.iter().map(|outcome| (outcome.vector.id.clone(), outcome.verdict.clone())).collect()
}

#[test]
fn results_in_every_form_are_what_check_finds() {
    for name in ["has-as-substring", "drops-empty-arguments", "negative-index-is-null"] {
        let mut engine = misreading::named(name).unwrap().engine();
        let expected = checked(&mut engine);
        assert!(expected.iter().any(|(_, verdict)| verdict.is_failure()));
        for (number, form) in FORMS.into_iter().enumerate() {
            assert_eq!(verdicts(&imported(&mut engine, form)), expected, "{name}, form {number}");
        }
    }
    let mut reference = Reference::default();
    assert_eq!(verdicts(&imported(&mut reference, csv_text)), checked(&mut reference));
}

fn outcome_of(file: &str, text: &str) -> (Vec<Vector>, Vec<(String, Answer)>) {
    let vectors = suite::vectors().unwrap();
    let mut results = Results::new(&vectors);
    results.read(file, text).unwrap();
    results.end()
}

#[test]
fn what_was_not_asked_is_in_no_report() {
    let (asked, answers) = outcome_of("has.csv", "got,note,id\n\"[\"\"trm-0002\"\"]\",x,asked\n");
    assert_eq!(asked.iter().map(|vector| &vector.id).collect::<Vec<_>>(), ["trm-0002"]);
    assert_eq!(answers, [("trm-0002".to_owned(), Answer::Value(json!(false)))]);
}

#[test]
fn an_open_point_that_is_not_returned_is_not_taken_for_answered() {
    let (_, answers) = outcome_of("x.jsonl", r#"{"id":"asked","got":"[\"txt-0001\",\"cmd-0222\"]"}"#);
    assert_eq!(answers[0], ("cmd-0222".to_owned(), Answer::Garbled("asked, and not returned".to_owned())));
}

#[test]
fn an_error_is_the_answer_of_every_vector_of_its_script() {
    let error = r#"{"error":{"code":"BadArgumentError","message":"unknown function"}}"#;
    let (asked, answers) = outcome_of("out/iff.json", error);
    assert_eq!(asked.len(), 22);
    assert!(answers.iter().all(|(_, answer)| *answer == Answer::Error("unknown function".to_owned())));
    let frames = r#"[{"FrameType":"DataSetCompletion"},{"OneApiErrors":[{"error":{"code":"x","@type":"Kusto.SemanticException"}}]}]"#;
    assert_eq!(outcome_of("tab-0094.json", frames).1[0].1, Answer::Error("no message".to_owned()));
}

#[test]
fn what_holds_no_results_is_told_with_its_place() {
    let throttled = r#"{"error":{"code":"TooManyRequests","message":"throttled"}}"#;
    let cases = [
        ("a.csv", ""),
        ("a.csv", "a,b\n1,2\n"),
        ("a.csv", "id,got\n"),
        ("a.csv", "id,got\ntrm-0001\n"),
        ("a.csv", "id,got\n\nnope,[1]\n"),
        ("a.csv", "id,got\ntrm-0001,\"[1,2]\"\n"),
        ("a.csv", "id,got\nasked,[1]\n"),
        ("a.jsonl", "{\"id\":\"trm-0001\",\"got\":[true]}\n{\"id\":1}\n"),
        ("a.jsonl", "{\"id\":\"trm-0001\",\"got\":[true]}\n{\"id\"\n"),
        ("a.json", "{\n  \"Tables\": [\n"),
        ("a.json", "{\"Tables\":[]}"),
        ("a.json", "{\"other\":1}"),
        ("a.json", "[1]"),
        (
            "a.json",
            r#"{"Tables":[{"Columns":[{"ColumnName":"id"},{"ColumnName":"got"}],"Rows":[["trm-0001"]]}]}"#,
        ),
        ("a.json", r#"{"error":{"code":"BadRequest","message":"syntax"}}"#),
        ("iff.json", throttled),
    ];
    let vectors = suite::vectors().unwrap();
    let told = cases.map(|(file, text)| Results::new(&vectors).read(file, text).unwrap_err().to_string());
    insta::assert_snapshot!(told.join("\n"));
}
