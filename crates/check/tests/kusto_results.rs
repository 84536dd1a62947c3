//! Results of the exported scripts, imported again.

use std::collections::HashSet;

use rulespec::suite::{self, Vector};
use rulespec_check::engine::{Answer, Engine, Reference};
use rulespec_check::export::kql::{self, Expects, Script};
use rulespec_check::import::Results;
use rulespec_check::misreading;
use rulespec_check::verdict::{Verdict, judge};
use serde_json::{Value as Json, json};

/// The rows that a Kusto with the answers of this engine would return for a script, or its error.
fn run(script: &Script, vectors: &[Vector], engine: &mut dyn Engine) -> Result<Vec<[String; 2]>, String> {
    let mut rows = vec![];
    for vector in vectors.iter().filter(|vector| script.vectors.contains(&vector.id)) {
        let answer = engine.ask(&vector.r#fn, &vector.args);
        match (judge(&vector.want, &answer), answer) {
            (Verdict::Pass, Answer::Value(_)) if script.expects == Expects::Rows => {}
            (_, Answer::Value(value)) => rows.push([vector.id.clone(), json!([value]).to_string()]),
            (_, other) => return Err(other.to_string()),
        }
    }
    if script.expects == Expects::Rows {
        rows.push([kql::ASKED.to_owned(), json!(script.vectors).to_string()]);
    }
    Ok(rows)
}

type Format = fn(&[[String; 2]]) -> String;

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

/// The verdicts on the imported answers of an engine, after saving its results in a format.
fn imported(engine: &mut dyn Engine, vectors: &[Vector], format: Format) -> Vec<(String, Verdict)> {
    let mut results = Results::new(vectors);
    for script in kql::scripts(vectors) {
        let file = format!("results/{}.json", script.name);
        let error = |message| {
            json!({"error": {"code": "General_BadRequest", "message": "no", "@message": message}}).to_string()
        };
        match run(&script, vectors, engine) {
            Ok(rows) => results.read(&file, &format(&rows)).unwrap(),
            Err(message) => results.read(&file, &error(message)).unwrap(),
        }
    }
    let (asked, answers) = results.end();
    let judged = asked.iter().zip(&answers).map(|(vector, (id, answer))| {
        assert_eq!(vector.id, *id);
        (id.clone(), judge(&vector.want, answer))
    });
    judged.collect()
}

const FORMATS: [Format; 7] = [rest_1, rest_2, fragments, log_analytics, lines, objects, csv_text];

/// The vectors that can be expressed in KQL.
fn exported() -> Vec<Vector> {
    let vectors = suite::vectors().unwrap();
    let asked: HashSet<String> =
        kql::scripts(&vectors).into_iter().flat_map(|script| script.vectors).collect();
    vectors.into_iter().filter(|vector| asked.contains(&vector.id)).collect()
}

#[test]
fn imported_results_have_the_verdicts_of_the_engine_in_every_format() {
    let vectors = exported();
    let mut engines = vec![Reference::default()];
    for name in ["has-as-substring", "drops-empty-arguments", "negative-index-is-null"] {
        engines.push(misreading::named(name).unwrap().engine());
    }
    for (number, engine) in engines.iter_mut().enumerate() {
        let mut verdict = |vector: &Vector| judge(&vector.want, &engine.ask(&vector.r#fn, &vector.args));
        let expected: Vec<(String, Verdict)> =
            vectors.iter().map(|vector| (vector.id.clone(), verdict(vector))).collect();
        assert_eq!(expected.iter().any(|(_, verdict)| verdict.is_failure()), number > 0);
        for format in FORMATS {
            assert_eq!(imported(engine, &vectors, format), expected);
        }
    }
}

fn outcome_of(file: &str, text: &str) -> (Vec<Vector>, Vec<(String, Answer)>) {
    let vectors = suite::vectors().unwrap();
    let mut results = Results::new(&vectors);
    results.read(file, text).unwrap();
    results.end()
}

#[test]
fn vectors_that_were_not_asked_are_not_imported() {
    let (asked, answers) = outcome_of("has.csv", "got,note,id\n\"[\"\"trm-0002\"\"]\",x,asked\n");
    assert_eq!(asked.iter().map(|vector| &vector.id).collect::<Vec<_>>(), ["trm-0002"]);
    assert_eq!(answers, [("trm-0002".to_owned(), Answer::Value(json!(false)))]);
}

#[test]
fn an_open_point_that_was_not_returned_has_no_answer() {
    let (_, answers) = outcome_of("x.jsonl", r#"{"id":"asked","got":"[\"txt-0001\",\"cmd-0222\"]"}"#);
    assert_eq!(answers[0], ("cmd-0222".to_owned(), Answer::Garbled("asked, but not returned".to_owned())));
}

#[test]
fn an_error_is_the_answer_of_every_vector_of_its_script() {
    let error = r#"{"error":{"code":"BadArgumentError","message":"unknown function"}}"#;
    let (asked, answers) = outcome_of("out/iff.json", error);
    assert_eq!(asked.len(), 25);
    assert!(answers.iter().all(|(_, answer)| *answer == Answer::Error("unknown function".to_owned())));
    let frames = r#"[{"FrameType":"DataSetCompletion"},{"OneApiErrors":[{"error":{"code":"x","@type":"Kusto.SemanticException"}}]}]"#;
    assert_eq!(outcome_of("tab-0094.json", frames).1[0].1, Answer::Error("no message".to_owned()));
}

#[test]
fn invalid_results_are_reported_with_their_place() {
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
        ("a.txt", "Semantic error: SEM0100"),
        ("open-points.txt", "Semantic error: SEM0100"),
        ("a.csv", "id,got\nanswers,\"{\"\"cmd-0216\"\":[[]\"\n"),
        ("a.csv", "id,got\nanswers,[]\n"),
        ("a.csv", "id,got\nanswers,\"{\"\"cmd-0216\"\":[]}\"\n"),
        ("a.csv", "id,got\nanswers,\"{\"\"cmd-9999\"\":[1]}\"\n"),
        ("a.csv", "id,got\nOPEN-EMPTY-COMMAND-LINE,null\n"),
        ("a.csv", "id,got\nOPEN-SESAME,none\nanswers,\"{\"\"cmd-0216\"\":[null]}\"\n"),
        ("a.csv", "id,got\nOPEN-EMPTY-COMMAND-LINE,empty-array\nanswers,\"{\"\"cmd-0216\"\":[null]}\"\n"),
        ("a.csv", "id,got\nOPEN-EMPTY-COMMAND-LINE,null\nanswers,\"{\"\"cmd-0216\"\":[1]}\"\n"),
    ];
    let vectors = suite::vectors().unwrap();
    let errors = cases.map(|(file, text)| Results::new(&vectors).read(file, text).unwrap_err().to_string());
    insta::assert_snapshot!(errors.join("\n"));
}

#[test]
fn files_with_different_answers_are_rejected() {
    let vectors = suite::vectors().unwrap();
    for answers in [["[null]", "[[]]"], ["[[]]", "[null]"]] {
        let mut results = Results::new(&vectors);
        let [first, second] = answers.map(|answer| format!(r#"[{{"id":"cmd-0216","got":"{answer}"}}]"#));
        results.read("a.json", &first).unwrap();
        results.read("a.json", &first).unwrap();
        let error = results.read("b.json", &second).unwrap_err().to_string();
        assert!(error.starts_with("b.json: cmd-0216 has a different answer in an earlier file"), "{error}");
        assert_eq!(results.end().1.len(), 1);
    }
}

#[test]
fn only_text_with_an_error_code_is_an_error_message() {
    let vectors = suite::vectors().unwrap();
    for text in ["400 Bad Request", "there is no syntax error", "a note: assem0bly", "SEM01000"] {
        assert!(Results::new(&vectors).read("open-parser-case.txt", text).is_err(), "{text}");
    }
    let message = "Semantic error: SEM0100: 'parse_command_line' was refused";
    Results::new(&vectors).read("cmd-0228.txt", message).unwrap();
}

#[test]
fn a_partly_invalid_file_is_ignored_as_a_whole() {
    let vectors = suite::vectors().unwrap();
    let mut results = Results::new(&vectors);
    let text = r#"[{"id":"asked","got":"[\"trm-0001\"]"},{"id":"trm-0002","got":"no array"}]"#;
    assert!(results.read("has.json", text).is_err());
    assert_eq!(results.end().0, []);
}
