//! The scripts of open points say what holds, and their results are understood.

use std::collections::{BTreeMap, BTreeSet};

use rulespec::kql::Profile;
use rulespec::suite::{self, Vector};
use rulespec_check::check;
use rulespec_check::engine::{Answer, Engine, Hello, Recorded, Reference};
use rulespec_check::export::kql::{self, Expects, Script};
use rulespec_check::import::Results;
use serde_json::{Value as Json, json};

type Rows = Vec<[String; 2]>;

/// The cells of a row of a `datatable`, whose literals are JSON's too.
fn cells(line: &str) -> Option<Vec<Json>> {
    let row = line.strip_prefix("    ")?;
    serde_json::from_str(&format!("[{}]", row.trim_end_matches(','))).ok()
}

fn text(cell: &Json) -> String {
    cell.as_str().unwrap().to_owned()
}

/// The function and the arguments of a call in a row.
fn question(call: &str, row: &[Json]) -> (&'static str, Vec<Json>) {
    match call {
        "a =~ b" => ("=~", row[1..].to_vec()),
        "a has b" => ("has", row[1..].to_vec()),
        _ => {
            let kind = call.strip_prefix("parse_command_line(a, ").unwrap().strip_suffix(')').unwrap();
            ("parse_command_line", vec![row[1].clone(), serde_json::from_str(kind).unwrap()])
        }
    }
}

/// The answers to the questions of a script, as texts by vector; or the first error.
fn answers(questions: &str, engine: &mut dyn Engine) -> Result<BTreeMap<String, String>, String> {
    let mut answers = BTreeMap::new();
    let mut rows = vec![];
    for line in questions.lines() {
        let call = line.strip_prefix("| extend got = tostring(pack_array(");
        match call.and_then(|line| line.strip_suffix("))")) {
            None => rows.extend(cells(line)),
            Some(call) => {
                for row in std::mem::take(&mut rows) {
                    let (function, args) = question(call, &row);
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

/// The rows that a Kusto which answers as this engine returns for a script, worked out
/// from the text of the script; or its error.
fn run(script: &Script, engine: &mut dyn Engine) -> Result<Rows, String> {
    let (questions, wants) = script.text.split_once("\n);\n").unwrap();
    let answers = answers(questions, engine)?;
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

/// Which alternatives are imported of a Kusto that answers as the reference does under
/// a profile.
fn imported(vectors: &[Vector], profile: Profile) -> BTreeMap<String, Vec<String>> {
    let mut results = Results::new(vectors);
    for script in kql::open_points(vectors) {
        let file = format!("results/{}.csv", script.name);
        match run(&script, &mut Reference::under(profile)) {
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
fn what_holds_is_what_a_kusto_answers() {
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
fn every_alternative_has_a_row_of_its_own() {
    let vectors = suite::vectors().unwrap();
    let scripts = kql::open_points(&vectors);
    let rows = run(&scripts[0], &mut Reference::default()).unwrap();
    let shown: Vec<String> = rows.iter().map(|row| row.join("  ")).collect();
    insta::assert_snapshot!(shown.join("\n"));
}

#[test]
fn an_answer_of_no_alternative_is_none_and_is_imported() {
    let vectors = suite::vectors().unwrap();
    let rows = "id,got\nOPEN-EMPTY-COMMAND-LINE,none\nanswers,\"{\"\"cmd-0216\"\":[[1]]}\"\n";
    let mut results = Results::new(&vectors);
    results.read("open-points.csv", rows).unwrap();
    assert_eq!(results.end().1, [("cmd-0216".to_owned(), Answer::Value(json!([1])))]);
}

#[test]
fn a_kusto_that_writes_an_answer_otherwise_is_believed() {
    let vectors = suite::vectors().unwrap();
    let rows = "id,got\nOPEN-EMPTY-COMMAND-LINE,none\nanswers,\"{\"\"cmd-0216\"\": [ null ]}\"\n";
    let mut results = Results::new(&vectors);
    results.read("open-points.csv", rows).unwrap();
    assert_eq!(results.end().1, [("cmd-0216".to_owned(), Answer::Value(Json::Null))]);
}

#[test]
fn a_point_that_was_settled_since_is_passed_over() {
    let vectors = suite::vectors().unwrap();
    let rows = "id,got\nOPEN-INDEXOF-EMPTY,zero\nanswers,\"{\"\"txt-0094\"\":[0]}\"\n";
    let mut results = Results::new(&vectors);
    results.read("open-points.csv", rows).unwrap();
    assert_eq!(results.end().1, [("txt-0094".to_owned(), Answer::Value(json!(0)))]);
}

#[test]
fn a_point_is_held_against_the_answers_of_its_own_file() {
    let vectors = suite::vectors().unwrap();
    let mut results = Results::new(&vectors);
    let others = "id,got\ncmd-0217,[null]\ncmd-0218,[null]\ncmd-0219,[null]\n";
    results.read("other.csv", others).unwrap();
    let rows = |answers: &str| format!("id,got\nOPEN-BLANK-COMMAND-LINE,null\nanswers,\"{{{answers}}}\"\n");
    let last = "\"\"cmd-0220\"\":[null]";
    let refused = results.read("open-points.csv", &rows(last)).unwrap_err().to_string();
    assert!(refused.contains("not all of its answers are in `answers`"), "{refused}");
    let first = "\"\"cmd-0217\"\":[null],\"\"cmd-0218\"\":[null],\"\"cmd-0219\"\":[null]";
    results.read("open-points.csv", &rows(&format!("{first},{last}"))).unwrap();
}
