use super::*;
use serde_json::{Value as Json, json};

/// The case after repeatedly taking the first step that keeps `shows` true.
fn simplest(mut case: Case, shows: impl Fn(&Case) -> bool) -> Vec<Json> {
    loop {
        let step = case.simpler().find(&shows);
        match step {
            Some(simpler) => case = simpler,
            None => return case.args,
        }
    }
}

fn case(function: Function, args: &[Json]) -> Case {
    Case { function, args: args.to_vec() }
}

#[test]
fn without_a_condition_shrinking_ends_in_the_simplest_case() {
    let table = json!({"columns": [{"name": "k", "type": "bool"}, {"name": "d", "type": "dynamic"}],
        "rows": [[true, [1, "x"]], [null, null]]});
    let cases = [
        (case(Function::Has, &[json!("foo \"bar\" é"), json!("É")]), vec![json!(""), json!("")]),
        (case(Function::HasAny, &[json!("x"), json!(["a", 7, null])]), vec![json!(""), json!([])]),
        (case(Function::Element, &[json!([1, [2]]), json!(-3)]), vec![json!([]), json!(0)]),
        (
            case(Function::Substring, &[json!("abc"), json!(i64::MIN), json!(2)]),
            vec![json!(""), json!(0), json!(0)],
        ),
        (
            case(Function::Iff, &[json!(true), json!({"a": 1}), json!("x")]),
            vec![json!(true), Json::Null, Json::Null],
        ),
        (
            case(Function::ColumnIfExists, &[json!({"a": 1}), json!("a"), json!(1)]),
            vec![json!({}), json!("a"), Json::Null],
        ),
        (case(Function::Where, &[table, json!("k")]), vec![json!({"columns": [], "rows": []}), json!("a")]),
        (case(Function::ProjectReorder, &[json!(["a"]), json!(["b"])]), vec![json!([]), json!([])]),
    ];
    for (case, wanted) in cases {
        assert_eq!(simplest(case.clone(), |_| true), wanted, "{case:?}");
    }
}

#[test]
fn shrinking_keeps_what_the_condition_needs() {
    let quoted = case(Function::ParseCommandLine, &[json!(r#"x.exe "a b" "" \\"c"#), json!("windows")]);
    let shows = |case: &Case| case.args[0].as_str().unwrap().contains("\"\"");
    assert_eq!(simplest(quoted, shows), [json!("\"\""), json!("windows")]);
    let equal = case(Function::EqCi, &[json!("xÉy é"), json!("XÉY é")]);
    let shows = |case: &Case| case.args[0] == case.args[1] && case.args[0].as_str().unwrap().contains('é');
    assert_eq!(simplest(equal, shows), [json!("é"), json!("é")]);
    let far = case(Function::Element, &[json!(["x", "y"]), json!(-9)]);
    let shows =
        |case: &Case| case.args[1].as_i64().unwrap() < -(case.args[0].as_array().unwrap().len() as i64);
    assert_eq!(simplest(far, shows), [json!([]), json!(-1)]);
}

#[test]
fn names_are_simplified_in_all_arguments() {
    let other_case = case(Function::ProjectReorder, &[json!(["ä", "FileName"]), json!(["filename"])]);
    let shows = |case: &Case| match (&case.args[0][0], &case.args[0][1], &case.args[1][0]) {
        (_, Json::String(name), Json::String(other)) => name != other && name.eq_ignore_ascii_case(other),
        _ => false,
    };
    assert_eq!(simplest(other_case, shows), [json!(["a", "B"]), json!(["b"])]);
    let table = json!({"columns": [{"name": "FileName", "type": "bool"}], "rows": [[null]]});
    let null = case(Function::Where, &[table, json!("FileName")]);
    let shows = |case: &Case| case.args[0]["columns"][0]["name"] == case.args[1];
    let plain = json!({"columns": [{"name": "a", "type": "bool"}], "rows": []});
    assert_eq!(simplest(null, shows), [plain, json!("a")]);
}

#[test]
fn several_arguments_are_simplified_together() {
    let step = |from: Case, to: &[Json]| from.simpler().any(|case| case.args == to);
    assert!(step(case(Function::Has, &[json!("a  a"), json!("a a")]), &[json!(" "), json!("  ")]));
    assert!(step(case(Function::Element, &[json!([false, null]), json!(-2)]), &[json!([false]), json!(-1)]));
    assert!(step(
        case(Function::Substring, &[json!("ab"), json!(-2), json!(2)]),
        &[json!("b"), json!(-1), json!(1)]
    ));
    assert!(step(case(Function::HasAny, &[json!("[7]a"), json!([[7]])]), &[json!("[]a"), json!([[]])]));
}

#[test]
fn operands_keep_their_types() {
    let has = case(Function::Has, &[json!("a b"), json!("b")]);
    assert!(has.simpler().all(|case| case.args.iter().all(Json::is_string)));
    let table = json!({"columns": [{"name": "s", "type": "string"}], "rows": [["x"]]});
    let whole = case(Function::BitsadminActivity, &[table]);
    let steps: Vec<Json> = whole.simpler().map(|case| case.args[0]["rows"].clone()).collect();
    assert_eq!(steps, [json!([]), json!([[]]), json!([[""]]), json!([["a"]]), json!([["b"]])]);
}
