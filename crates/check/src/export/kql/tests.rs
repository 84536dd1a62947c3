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
fn a_scalar_function_is_called_with_columns() {
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
fn an_argument_that_kusto_only_accepts_as_a_literal_is_one() {
    let text = only("has_any", json!(["a", ["b", 1]]), json!(false));
    assert!(text.contains("| extend got = tostring(pack_array(a has_any (dynamic([\"b\",1]))))\n"), "{text}");
    let text = only("parse_command_line", json!(["a", "windows"]), json!(["a"]));
    assert!(text.contains("parse_command_line(a, \"windows\")"), "{text}");
}

#[test]
fn a_table_is_compared_as_a_whole() {
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
fn a_wanted_error_has_its_own_script() {
    let good = vector("project-reorder", json!([["a"], ["a"]]), json!(["a"]));
    let mut bad = vector("project-reorder", json!([["a"], ["x"]]), json!({"error": "unknown-column"}));
    bad.id = "t-2".to_owned();
    let scripts = scripts(&[good, bad]);
    let summaries: Vec<_> = scripts.iter().map(|script| (script.name.as_str(), script.expects)).collect();
    assert_eq!(summaries, [("project-reorder-1", Expects::Rows), ("t-2", Expects::Failure)]);
    assert!(
        file(&scripts[1])
            .contains("\n// Should fail: an error is the wanted answer.\nlet t_2 = datatable(a: long)[]\n")
    );
}

#[test]
fn every_vector_is_in_one_script_unless_kql_cannot_express_it() {
    let vectors = suite::vectors().unwrap();
    let mut asked: Vec<String> = scripts(&vectors).into_iter().flat_map(|script| script.vectors).collect();
    let count = asked.len();
    asked.sort();
    asked.dedup();
    assert_eq!(asked.len(), count);
    // A text that is no KQL cannot be part of a script.
    let is_kql = |vector: &&Vector| vector.want != Want::Settled { want: json!({"error": "syntax"}) };
    let left_out = vectors.iter().filter(is_kql).filter(|vector| !asked.contains(&vector.id));
    // These have a table, row or list without columns.
    let left_out: Vec<&str> = left_out.map(|vector| vector.id.as_str()).collect();
    assert_eq!(left_out, ["tab-0071", "tab-0092", "tab-0098"]);
}

#[test]
fn every_script_is_ascii_without_blank_lines_and_has_a_unique_name() {
    let mut names = vec![];
    let vectors = suite::vectors().unwrap();
    for script in [scripts(&vectors), open_points(&vectors)].concat() {
        let text = file(&script);
        let invalid = text.bytes().find(|byte| !matches!(byte, b' '..=b'~' | b'\n'));
        assert_eq!(invalid, None, "{}", script.name);
        assert!(!text.contains("\n\n"), "{}", script.name);
        assert!(!names.contains(&script.name), "{} is not unique", script.name);
        names.push(script.name);
    }
}

fn open(function: &str, args: Json, open: &str, wants: Json) -> Vector {
    let fields = json!({"id": "t-1", "title": "t", "clauses": [], "fn": function, "args": args, "open": open, "wants": wants});
    serde_json::from_value(fields).unwrap()
}

#[test]
fn an_open_point_is_settled_by_comparing_text() {
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
fn an_alternative_with_an_error_has_no_row() {
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
fn only_scalar_functions_and_queries_are_asked_at_open_points() {
    let table = json!({"columns": [], "rows": []});
    assert_eq!(open_points(&[open("where", json!([table, "a"]), "OPEN-NUL", json!({}))]), []);
    let vectors = suite::vectors().unwrap();
    let asked: Vec<String> = open_points(&vectors).into_iter().flat_map(|script| script.vectors).collect();
    let open = vectors.iter().filter(|vector| is_open(vector));
    assert!(open.clone().all(|vector| asked.contains(&vector.id) != (vector.r#fn == "bitsadmin_activity")));
}

#[test]
fn the_query_for_all_points_is_small_enough_to_paste() {
    let scripts = open_points(&suite::vectors().unwrap());
    assert!(file(&scripts[0]).len() < 16_000, "{}", file(&scripts[0]).len());
}

#[test]
fn untrusted_text_is_never_written_outside_quotes() {
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
fn literals_have_the_syntax_of_their_type() {
    let guid = "6f9619ff-8b86-d011-b42d-00c04fc964ff";
    for (value, kind, text) in [
        (json!(-7), Type::Int, "int(-7)"),
        (json!(0.5), Type::Real, "real(0.5)"),
        (json!("NaN"), Type::Real, "real(nan)"),
        (json!("2026-01-02T03:04:05Z"), Type::Datetime, "datetime(2026-01-02T03:04:05.0000000Z)"),
        (json!("1.02:03:04"), Type::Timespan, "timespan(1.02:03:04)"),
        (json!(guid), Type::Guid, "guid(6f9619ff-8b86-d011-b42d-00c04fc964ff)"),
        (json!(true), Type::Bool, "true"),
        (json!(null), Type::Bool, "bool(null)"),
        (json!("a\"\\"), Type::String, r#""a\"\\""#),
    ] {
        assert_eq!(literal::literal(&value, kind).as_deref(), Some(text));
    }
}
