use serde_json::json;

use super::*;
use rulespec::kql::Type;
use rulespec::suite;

fn vector(function: &str, args: Json, want: Json) -> Vector {
    let fields =
        json!({"id": "t-1", "title": "t", "clauses": [], "fn": function, "args": args, "want": want});
    serde_json::from_value(fields).unwrap()
}

fn only(function: &str, args: Json, want: Json) -> String {
    let scripts = scripts(&[vector(function, args, want)]);
    assert_eq!(scripts.len(), 1);
    scripts[0].text.clone()
}

#[test]
fn a_function_of_values_is_asked_of_columns() {
    let expected = "\
datatable(id: string, a: string, b: string, open: bool, want: dynamic)[
    \"t-1\", \"\\u00e4 \\\"\", \"\", false, dynamic(true)
]
| extend got = tostring(pack_array(a has b))
| where open or got != tostring(pack_array(want))
| project id, got
| union (print id = \"asked\", got = tostring(dynamic([\"t-1\"])))
";
    assert_eq!(only("has", json!(["ä \"", ""]), json!(true)), expected);
}

#[test]
fn what_kusto_takes_only_as_a_literal_is_one() {
    let text = only("has_any", json!(["a", ["b", 1]]), json!(false));
    assert!(text.contains("| extend got = tostring(pack_array(a has_any (dynamic([\"b\",1]))))\n"), "{text}");
    let text = only("parse_command_line", json!(["a", "windows"]), json!(["a"]));
    assert!(text.contains("parse_command_line(a, \"windows\")"), "{text}");
}

#[test]
fn a_table_is_compared_whole() {
    let table = json!({"columns": [{"name": "a b", "type": "long"}], "rows": [[1], [null]]});
    let expected = "\
let t_1 = datatable([\"a b\"]: long)[
    long(1),
    long(null)
]
| extend [\"c\\\"\"] = [\"a b\"];
print id = \"t-1\", open = false, got = strcat(\"[{\\\"columns\\\":\", tostring(toscalar(t_1 | getschema | \
sort by ColumnOrdinal asc | summarize make_list(bag_pack(\"name\", ColumnName, \"type\", ColumnType)))), \
\",\\\"rows\\\":[\", toscalar(t_1 | summarize rows = make_list(tostring(pack_array([\"a b\"]))) | project strcat_array(rows, \",\")), \
\"]}]\"), want = dynamic({\"columns\":[{\"name\":\"a b\",\"type\":\"long\"}],\"rows\":[[1],[null]]})
| where open or got != tostring(pack_array(want))
";
    let text = only("extend", json!([table, [["c\"", "a b"]]]), table.clone());
    assert!(text.starts_with(expected), "{text}");
}

#[test]
fn an_error_that_is_wanted_has_a_script_of_its_own() {
    let good = vector("project-reorder", json!([["a"], ["a"]]), json!(["a"]));
    let mut bad = vector("project-reorder", json!([["a"], ["x"]]), json!({"error": "unknown-column"}));
    bad.id = "t-2".to_owned();
    let scripts = scripts(&[good, bad]);
    let heads: Vec<_> = scripts.iter().map(|script| (script.name.as_str(), script.expects)).collect();
    assert_eq!(heads, [("project-reorder-1", Expects::Rows), ("t-2", Expects::Failure)]);
    assert!(
        file(&scripts[1])
            .contains("\n// Should fail: an error is the wanted answer.\nlet t_2 = datatable(a: long)[]\n")
    );
}

#[test]
fn every_vector_is_in_one_script_or_kql_cannot_ask_it() {
    let vectors = suite::vectors().unwrap();
    let mut asked: Vec<String> = scripts(&vectors).into_iter().flat_map(|script| script.vectors).collect();
    let count = asked.len();
    asked.sort();
    asked.dedup();
    assert_eq!(asked.len(), count);
    let left_out = vectors.iter().filter(|vector| !asked.contains(&vector.id));
    // They have a table, a row or a list without columns.
    let left_out: Vec<&str> = left_out.map(|vector| vector.id.as_str()).collect();
    assert_eq!(left_out, ["tab-0071", "tab-0092", "tab-0098"]);
}

#[test]
fn every_script_is_ascii_without_a_blank_line_and_has_a_name_of_its_own() {
    let mut names = vec![];
    let vectors = suite::vectors().unwrap();
    for script in [scripts(&vectors), open_points(&vectors)].concat() {
        let text = file(&script);
        let odd = text.bytes().find(|byte| !matches!(byte, b' '..=b'~' | b'\n'));
        assert_eq!(odd, None, "{}", script.name);
        assert!(!text.contains("\n\n"), "{}", script.name);
        assert!(!names.contains(&script.name), "{} is there twice", script.name);
        names.push(script.name);
    }
}

fn open(function: &str, args: Json, open: &str, wants: Json) -> Vector {
    let fields = json!({"id": "t-1", "title": "t", "clauses": [], "fn": function, "args": args, "open": open, "wants": wants});
    serde_json::from_value(fields).unwrap()
}

#[test]
fn an_open_point_is_asked_of_rows_and_judged_by_texts() {
    let wants = json!({"simple-folding": true, "lower-case": false, "upper-case": true});
    let vectors = [
        open("=~", json!(["\u{17f}", "s"]), "OPEN-CASE-FOLDING", wants),
        vector("has", json!(["", ""]), json!(true)),
    ];
    let scripts = open_points(&vectors);
    let expected = "\
let answers = materialize(
datatable(id: string, a: string, b: string)[
    \"t-1\", \"\\u017f\", \"s\"
]
| extend got = tostring(pack_array(a =~ b))
| project id, got
);
datatable(place: long, point: string, alternative: string, id: string, want: string)[
    0, \"OPEN-CASE-FOLDING\", \"simple-folding\", \"t-1\", \"[true]\",
    1, \"OPEN-CASE-FOLDING\", \"lower-case\", \"t-1\", \"[false]\",
    2, \"OPEN-CASE-FOLDING\", \"upper-case\", \"t-1\", \"[true]\"
]
| join kind=inner answers on id
";
    assert_eq!((scripts.len(), scripts[0].expects), (1, Expects::Rows));
    assert!(scripts[0].text.starts_with(expected), "{}", scripts[0].text);
    for name in [ANSWERS, NONE] {
        assert!(scripts[0].text.contains(&format!("\"{name}\"")), "{name}");
    }
}

#[test]
fn an_error_is_no_row_of_an_open_point() {
    let wants = json!({"error": {"error": "unknown-parser"}, "null": null});
    let scripts =
        open_points(&[open("parse_command_line", json!(["a", "Windows"]), "OPEN-PARSER-CASE", wants)]);
    assert_eq!((scripts[0].name.as_str(), scripts[0].expects), ("open-parser-case", Expects::Either));
    let rows = "want: string)[\n    1, \"OPEN-PARSER-CASE\", \"null\", \"t-1\", \"[null]\"\n]\n| join";
    assert!(scripts[0].text.contains(rows), "{}", scripts[0].text);
    let wants = json!({"error": {"error": "unknown-parser"}, "null": {"error": "unknown-parser"}});
    let scripts =
        open_points(&[open("parse_command_line", json!(["a", "Windows"]), "OPEN-PARSER-CASE", wants)]);
    assert!(scripts[0].text.contains("want: string)[]\n| join"), "{}", scripts[0].text);
}

#[test]
fn only_functions_of_single_values_are_asked_of_an_open_point() {
    let table = json!({"columns": [], "rows": []});
    assert_eq!(open_points(&[open("where", json!([table, "a"]), "OPEN-NUL", json!({}))]), []);
    let vectors = suite::vectors().unwrap();
    let asked: Vec<String> = open_points(&vectors).into_iter().flat_map(|script| script.vectors).collect();
    let open = vectors.iter().filter(|vector| is_open(vector));
    assert!(open.clone().all(|vector| asked.contains(&vector.id) != (vector.r#fn == "bitsadmin_activity")));
}

#[test]
fn the_query_of_all_points_is_small_enough_to_paste() {
    let scripts = open_points(&suite::vectors().unwrap());
    assert!(file(&scripts[0]).len() < 16_000, "{}", file(&scripts[0]).len());
}

#[test]
fn nothing_but_a_value_of_the_type_is_written_outside_quotes() {
    let text = "null), false, dynamic(\"\"), \"forged\", guid(null";
    for name in ["guid", "datetime", "timespan", "int", "long", "real", "bool"] {
        let forged = vector("tostring", json!([text, name]), json!("x"));
        assert_eq!(scripts(&[forged]).len(), 0, "{name}");
    }
    for (function, args) in [("substring", json!(["a", text])), ("[]", json!([["a"], text]))] {
        assert_eq!(scripts(&[vector(function, args, json!("x"))]).len(), 0, "{function}");
    }
    let table = json!({"columns": [{"name": "g", "type": "guid"}], "rows": [[text]]});
    assert_eq!(scripts(&[vector("extend", json!([table, [["h", "g"]]]), json!(null))]).len(), 0);
}

#[test]
fn a_literal_is_written_as_its_type() {
    let guid = "6f9619ff-8b86-d011-b42d-00c04fc964ff";
    for (value, kind, text) in [
        (json!(-7), Type::Int, "int(-7)"),
        (json!(0.5), Type::Real, "real(0.5)"),
        (json!("NaN"), Type::Real, "real(nan)"),
        (json!("2026-01-02T03:04:05Z"), Type::Datetime, "datetime(2026-01-02T03:04:05.0000000Z)"),
        (json!("1.02:03:04"), Type::Timespan, "timespan(1.02:03:04)"),
        (json!(guid), Type::Guid, "guid(6f9619ff-8b86-d011-b42d-00c04fc964ff)"),
        (json!(true), Type::Bool, "true"),
    ] {
        assert_eq!(literal(&value, kind).as_deref(), Some(text));
    }
}
