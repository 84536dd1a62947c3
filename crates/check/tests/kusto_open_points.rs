//! The scripts of open points, simulated, and the import of their results.

use std::collections::{BTreeMap, BTreeSet};

use rulespec::kql::Profile;
use rulespec::suite::{self, Vector};
use rulespec_check::check;
use rulespec_check::engine::{Answer, Engine, Hello, Recorded, Reference};
use rulespec_check::export::kql::{self, Expects, Script};
use rulespec_check::import::Results;
use serde_json::{Value as Json, json};

type Rows = Vec<[String; 2]>;

/// The cells of a `datatable` row, whose literals are valid JSON.
fn cells(line: &str) -> Option<Vec<Json>> {
    let row = line.strip_prefix("    ")?;
    serde_json::from_str(&format!("[{}]", row.trim_end_matches(','))).ok()
}

fn text(cell: &Json) -> String {
    cell.as_str().unwrap().to_owned()
}

/// The function and arguments of the call in a row.
fn parse_call(expression: &str, row: &[Json]) -> (&'static str, Vec<Json>) {
    match expression {
        "a =~ b" => ("=~", row[1..].to_vec()),
        "a has b" => ("has", row[1..].to_vec()),
        _ => {
            let kind = expression.strip_prefix("parse_command_line(a, ").unwrap().strip_suffix(')').unwrap();
            ("parse_command_line", vec![row[1].clone(), serde_json::from_str(kind).unwrap()])
        }
    }
}

/// The answers to the calls of a script, as text by vector, or the first error.
fn answers(calls: &str, engine: &mut dyn Engine) -> Result<BTreeMap<String, String>, String> {
    let mut answers = BTreeMap::new();
    let mut rows = vec![];
    let mut lines = calls.lines();
    while let Some(line) = lines.next() {
        if let Some(id) = line.strip_prefix("print id = \"").and_then(|rest| rest.split('"').next()) {
            let vectors = suite::vectors().unwrap();
            let vector = vectors.iter().find(|vector| vector.id == id).unwrap();
            let Answer::Value(value) = engine.ask(&vector.r#fn, &vector.args) else { panic!("{id}") };
            answers.insert(id.to_owned(), json!([value]).to_string());
            lines.find(|line| line.ends_with("\"]}]\")")).unwrap();
            continue;
        }
        let expression = line.strip_prefix("| extend got = tostring(pack_array(");
        match expression.and_then(|line| line.strip_suffix("))")) {
            None => rows.extend(cells(line)),
            Some(expression) => {
                for row in std::mem::take(&mut rows) {
                    let (function, args) = parse_call(expression, &row);
                    match engine.ask(function, &args) {
                        Answer::Value(value) => answers.insert(text(&row[0]), json!([value]).to_string()),
                        other => return Err(other.to_string()),
                    };
                }
            }
        }
    }
    Ok(answers)
}

/// The rows that a Kusto with the answers of this engine would return for a script, computed from
/// the text of the script, or its error.
fn run(script: &Script, engine: &mut dyn Engine) -> Result<Rows, String> {
    let (calls, wants) = script.text.split_once("\n);\n").unwrap();
    let answers = answers(calls, engine)?;
    let wants: Vec<Vec<Json>> = wants.lines().filter_map(cells).collect();
    let mut points: Vec<(String, Vec<String>)> = vec![];
    let places: BTreeSet<u64> = wants.iter().map(|row| row[0].as_u64().unwrap()).collect();
    for place in places {
        let rows: Vec<_> = wants.iter().filter(|row| row[0] == place).collect();
        let (point, alternative) = (text(&rows[0][1]), text(&rows[0][2]));
        if points.last().is_none_or(|(last, _)| *last != point) {
            points.push((point, vec![]));
        }
        if rows.iter().all(|row| answers[&text(&row[3])] == text(&row[4])) {
            points.last_mut().unwrap().1.push(alternative);
        }
    }
    let got = |names: Vec<String>| if names.is_empty() { "none".to_owned() } else { names.join(", ") };
    let mut rows: Rows = points.into_iter().map(|(point, names)| [point, got(names)]).collect();
    let pairs: Vec<String> = answers.iter().map(|(id, got)| format!("\"{id}\":{got}")).collect();
    rows.push(["answers".to_owned(), format!("{{{}}}", pairs.join(","))]);
    Ok(rows)
}

fn csv_text(rows: &Rows) -> String {
    let cell = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let lines: Vec<String> = rows.iter().map(|[id, got]| format!("{},{}\n", cell(id), cell(got))).collect();
    format!("id,got\n{}", lines.concat())
}

/// The imported alternatives of a Kusto with the answers of the reference under a profile.
fn imported(vectors: &[Vector], profile: Profile) -> BTreeMap<String, Vec<String>> {
    let mut results = Results::new(vectors);
    for script in kql::open_points(vectors) {
        let file = format!("results/{}.csv", script.name);
        match run(&script, &mut Reference::with_profile(profile)) {
            Ok(rows) => results.read(&file, &csv_text(&rows)).unwrap(),
            Err(error) => {
                assert_eq!(script.expects, Expects::Either);
                results.read(&file, &format!("Semantic error\nSEM0000: {error}\n")).unwrap();
            }
        }
    }
    let (asked, answers) = results.end();
    let hello = Hello { engine: "a Kusto".to_owned(), version: "1".to_owned(), functions: None };
    let report = check(&mut Recorded::new(hello, &asked, answers), &asked).unwrap();
    report.open_points.into_iter().map(|point| (point.id, point.follows)).collect()
}

#[test]
fn the_imported_alternatives_are_those_of_the_kusto() {
    let vectors = suite::vectors().unwrap();
    for (point, alternatives) in Profile::POINTS {
        for alternative in *alternatives {
            let mut profile = Profile::default();
            assert!(profile.choose(point, alternative));
            let imported = imported(&vectors, profile);
            assert_eq!(imported.len(), Profile::POINTS.len());
            for (other, names) in Profile::POINTS {
                let holds = if other == point { alternative } else { &names[0] };
                assert_eq!(imported[*other], [*holds], "{other}, with {alternative} at {point}");
            }
        }
    }
}

#[test]
fn the_rows_name_the_alternatives_and_have_all_answers() {
    let vectors = suite::vectors().unwrap();
    let scripts = kql::open_points(&vectors);
    let rows = run(&scripts[0], &mut Reference::default()).unwrap();
    let shown: Vec<String> = rows.iter().map(|row| row.join("  ")).collect();
    insta::assert_snapshot!(shown.join("\n"));
}

#[test]
fn an_answer_of_no_alternative_is_imported() {
    let vectors = suite::vectors().unwrap();
    let rows = "id,got\nOPEN-EMPTY-COMMAND-LINE,none\nanswers,\"{\"\"cmd-0216\"\":[[1]]}\"\n";
    let mut results = Results::new(&vectors);
    results.read("open-points.csv", rows).unwrap();
    assert_eq!(results.end().1, [("cmd-0216".to_owned(), Answer::Value(json!([1])))]);
}

#[test]
fn an_answer_may_be_formatted_differently() {
    let vectors = suite::vectors().unwrap();
    let rows = "id,got\nOPEN-EMPTY-COMMAND-LINE,none\nanswers,\"{\"\"cmd-0216\"\": [ null ]}\"\n";
    let mut results = Results::new(&vectors);
    results.read("open-points.csv", rows).unwrap();
    assert_eq!(results.end().1, [("cmd-0216".to_owned(), Answer::Value(Json::Null))]);
}

#[test]
fn a_settled_point_is_skipped() {
    let vectors = suite::vectors().unwrap();
    let rows = "id,got\nOPEN-INDEXOF-EMPTY,zero\nanswers,\"{\"\"txt-0094\"\":[0]}\"\n";
    let mut results = Results::new(&vectors);
    results.read("open-points.csv", rows).unwrap();
    assert_eq!(results.end().1, [("txt-0094".to_owned(), Answer::Value(json!(0)))]);
}

#[test]
fn a_point_is_compared_with_the_answers_of_the_same_file() {
    let vectors = suite::vectors().unwrap();
    let mut results = Results::new(&vectors);
    let others = "id,got\ncmd-0217,[null]\ncmd-0218,[null]\ncmd-0219,[null]\n";
    results.read("other.csv", others).unwrap();
    let rows = |answers: &str| format!("id,got\nOPEN-BLANK-COMMAND-LINE,null\nanswers,\"{{{answers}}}\"\n");
    let last = "\"\"cmd-0220\"\":[null]";
    let error = results.read("open-points.csv", &rows(last)).unwrap_err().to_string();
    assert!(error.contains("not all answers for OPEN-BLANK-COMMAND-LINE are in `answers`"), "{error}");
    let first = "\"\"cmd-0217\"\":[null],\"\"cmd-0218\"\":[null],\"\"cmd-0219\"\":[null]";
    results.read("open-points.csv", &rows(&format!("{first},{last}"))).unwrap();
}
