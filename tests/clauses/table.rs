//! Chapter 50, clause by clause.

use rulespec::kql::{Column, Datetime, Dynamic, Error, ErrorKind, Table, Timespan, Type, column_ifexists};
use serde_json::{Value as Json, json};

/// A table of the columns `keep: bool`, `number: long`, `text: string`.
fn table(rows: Json) -> Table {
    Table::from_json(&json!({
        "columns": [
            {"name": "keep", "type": "bool"},
            {"name": "number", "type": "long"},
            {"name": "text", "type": "string"},
        ],
        "rows": rows,
    }))
    .unwrap()
}

fn names(table: &Table) -> Vec<&str> {
    table.columns().iter().map(|column| column.name.as_str()).collect()
}

fn rows(table: &Table) -> Json {
    table.to_json()["rows"].clone()
}

fn kept(table: &Table) -> Table {
    table.filter(&|row| Ok(row.cell("keep")?.as_bool())).unwrap()
}

/// `extend` with assignments of one column to another, and a type each.
fn extend(table: &Table, assigned: &[(&str, Type, &str)]) -> Result<Table, Error> {
    let columns: Vec<Column> = assigned.iter().map(|(name, r#type, _)| Column::new(*name, *r#type)).collect();
    table.extend(&columns, &|row, number| Ok(row.cell(assigned[number].2)?.clone()))
}

fn kind<T: std::fmt::Debug>(result: Result<T, Error>) -> ErrorKind {
    result.unwrap_err().kind()
}

#[test]
fn tab_01_where_keeps_the_true_rows_whole_and_in_order() {
    let kept = kept(&table(json!([[true, 3, "c"], [false, 2, "b"], [true, 1, "a"], [true, 3, "c"]])));
    assert_eq!(names(&kept), ["keep", "number", "text"]);
    assert_eq!(rows(&kept), json!([[true, 3, "c"], [true, 1, "a"], [true, 3, "c"]]));
}

#[test]
fn tab_02_where_drops_a_null_predicate() {
    let kept = kept(&table(json!([[null, 1, "a"], [true, 2, "b"], [null, 3, "c"]])));
    assert_eq!(rows(&kept), json!([[true, 2, "b"]]));
}

#[test]
fn tab_03_new_columns_come_last_in_order() {
    let table = table(json!([[true, 1, "a"]]));
    let extended = extend(&table, &[("z", Type::String, "text"), ("a", Type::Long, "number")]).unwrap();
    assert_eq!(names(&extended), ["keep", "number", "text", "z", "a"]);
    assert_eq!(rows(&extended), json!([[true, 1, "a", "a", 1]]));
    assert_eq!(extended.columns()[3].r#type, Type::String);
    assert_eq!(extend(&table, &[]).unwrap(), table);
}

#[test]
fn tab_04_a_column_that_exists_is_replaced_in_place() {
    let table = table(json!([[true, 1, "a"], [false, 2, "b"]]));
    let extended = extend(&table, &[("keep", Type::String, "text"), ("n", Type::Bool, "keep")]).unwrap();
    assert_eq!(names(&extended), ["keep", "number", "text", "n"]);
    assert_eq!(extended.columns()[0].r#type, Type::String);
    assert_eq!(rows(&extended), json!([["a", 1, "a", true], ["b", 2, "b", false]]));
}

#[test]
fn tab_05_assignments_read_the_row_as_it_came_in() {
    let table = table(json!([[true, 1, "a"]]));
    let swapped =
        extend(&table, &[("number", Type::String, "text"), ("text", Type::Long, "number")]).unwrap();
    assert_eq!(rows(&swapped), json!([[true, "a", 1]]));
    let chained = extend(&table, &[("x", Type::Long, "number"), ("y", Type::Long, "x")]);
    assert_eq!(kind(chained), ErrorKind::UnknownColumn);
}

#[test]
fn tab_06_one_name_assigned_twice_is_an_error() {
    for rows in [json!([[true, 1, "a"]]), json!([])] {
        let table = table(rows);
        let twice = extend(&table, &[("x", Type::Long, "number"), ("x", Type::Long, "number")]);
        assert_eq!(kind(twice), ErrorKind::RepeatedColumn);
        let replaced = extend(&table, &[("number", Type::Long, "number"), ("number", Type::Long, "number")]);
        assert_eq!(kind(replaced), ErrorKind::RepeatedColumn);
    }
}

#[test]
fn tab_07_column_ifexists_is_the_cell_of_a_column_that_is_there() {
    let table = table(json!([[null, 0, ""], [false, 7, "x"]]));
    let cells = |name| -> Vec<Dynamic> {
        table.rows_by_name().map(|row| column_ifexists(row, name, "default".into())).collect()
    };
    assert_eq!(cells("keep"), [Dynamic::Null, false.into()]);
    assert_eq!(cells("number"), [Dynamic::from(0), 7.into()]);
    assert_eq!(cells("text"), [Dynamic::from(""), "x".into()]);
}

#[test]
fn tab_08_column_ifexists_is_the_default_where_there_is_no_column() {
    let table = table(json!([[true, 1, "a"]]));
    let row = table.rows_by_name().next().unwrap();
    for default in [Dynamic::from("number"), "".into(), Dynamic::Null, 7.into()] {
        assert_eq!(column_ifexists(row, "numbe", default.clone()), default);
        assert_eq!(column_ifexists(row, "numbers", default.clone()), default);
        assert_eq!(column_ifexists(row, "", default.clone()), default);
    }
}

#[test]
fn tab_09_the_default_comes_out_in_its_own_type() {
    let table = table(json!([[true, 1, "a"]]));
    let row = table.rows_by_name().next().unwrap();
    assert_eq!(column_ifexists(row, "none", Dynamic::from(1)), Dynamic::Long(1));
}

#[test]
fn tab_10_names_mind_case() {
    let table = table(json!([[true, 1, "a"]]));
    let row = table.rows_by_name().next().unwrap();
    assert_eq!(row.get("number"), Some(&Dynamic::from(1)));
    assert_eq!(row.get("Number"), None);
    assert_eq!(kind(row.cell("Number")), ErrorKind::UnknownColumn);
    let extended = extend(&table, &[("Number", Type::String, "text")]).unwrap();
    assert_eq!(names(&extended), ["keep", "number", "text", "Number"]);
    assert_eq!(kind(table.project_reorder(&["TEXT"])), ErrorKind::UnknownColumn);
}

#[test]
fn tab_11_listed_columns_come_first_in_the_lists_order() {
    let reordered = table(json!([[true, 1, "a"]])).project_reorder(&["text", "number"]).unwrap();
    assert_eq!(names(&reordered), ["text", "number", "keep"]);
    assert_eq!(rows(&reordered), json!([["a", 1, true]]));
}

#[test]
fn tab_12_the_others_follow_in_their_order() {
    let table = table(json!([[true, 1, "a"]]));
    assert_eq!(names(&table.project_reorder(&["number"]).unwrap()), ["number", "keep", "text"]);
    assert_eq!(table.project_reorder(&[]).unwrap(), table);
}

#[test]
fn tab_13_an_unknown_listed_column_is_an_error() {
    let table = table(json!([]));
    for listed in [&["none"][..], &["text", "none"], &[""]] {
        let result = table.project_reorder(listed);
        assert_eq!(kind(result), ErrorKind::UnknownColumn);
    }
    let error = table.project_reorder(&["none"]).unwrap_err().to_string();
    assert_eq!(error, r#"unknown-column: there is no column "none""#);
}

#[test]
fn tab_14_a_column_listed_twice_is_an_error() {
    let table = table(json!([]));
    for listed in [&["text", "text"][..], &["text", "keep", "text"]] {
        let result = table.project_reorder(listed);
        assert_eq!(kind(result), ErrorKind::RepeatedColumn);
    }
}

#[test]
fn tab_15_nothing_is_empty_in_a_string_column_and_null_in_others() {
    assert_eq!(rows(&table(json!([[null, null, null]]))), json!([[null, null, ""]]));
    let others = [Type::Bool, Type::Int, Type::Long, Type::Real, Type::Datetime, Type::Timespan, Type::Guid];
    for r#type in others.into_iter().chain([Type::Dynamic]) {
        assert_eq!(r#type.empty(), Dynamic::Null);
        assert_eq!(r#type.cell(&Json::Null), Some(Dynamic::Null));
        assert!(r#type.admits(&Dynamic::Null));
    }
    let mut table = table(json!([]));
    let error = table.push(vec![Dynamic::Null, Dynamic::Null, Dynamic::Null]);
    assert_eq!(kind(error), ErrorKind::WrongType);
    let short = table.push(vec![Dynamic::Null]);
    assert_eq!(kind(short), ErrorKind::WrongType);
}

#[test]
fn a_datetime_reaches_from_year_1_to_year_9999() {
    for text in ["0001-01-01T00:00:00.0000000Z", "9999-12-31T23:59:59.9999999Z"] {
        assert_eq!(text.parse::<Datetime>().unwrap().to_string(), text);
    }
    assert!("9999-12-31T23:59:59.9999999-01:00".parse::<Datetime>().is_err());
    assert!("0000-12-31T23:59:59Z".parse::<Datetime>().is_err());
}

#[test]
fn the_longest_timespans_are_read_back() {
    for minutes in [i64::MIN, i64::MAX] {
        let span = Timespan::from_minutes(minutes);
        assert_eq!(span.to_string().parse(), Ok(span));
    }
}

#[test]
fn a_timespan_is_read_only_in_its_own_form() {
    assert_eq!(Timespan::from_minutes(0).to_string(), "00:00:00");
    assert_eq!("23:59:59.5".parse::<Timespan>().unwrap().to_string(), "23:59:59.5000000");
    for text in ["24:00:00", "00:60:00", "00:00:60", "00:+5:00", "00:00", "00:00:00.12345678", "a:00:00", ""]
    {
        assert!(text.parse::<Timespan>().is_err(), "{text:?}");
    }
}

#[test]
fn a_value_is_told_by_its_kind() {
    let time: Datetime = "2026-01-02T03:04:05Z".parse().unwrap();
    let values = [Dynamic::Bool(true), Dynamic::Long(-7), Dynamic::from("x"), Dynamic::Datetime(time)];
    let [bools, longs, strings, times] = [
        values.each_ref().map(|value| value.as_bool().is_some()),
        values.each_ref().map(|value| value.as_long() == Some(-7)),
        values.each_ref().map(|value| value.as_str() == Some("x")),
        values.each_ref().map(|value| value.as_datetime() == Some(time)),
    ];
    assert_eq!(bools, [true, false, false, false]);
    assert_eq!(longs, [false, true, false, false]);
    assert_eq!(strings, [false, false, true, false]);
    assert_eq!(times, [false, false, false, true]);
}

#[test]
fn a_real_that_is_not_finite_is_written_as_text() {
    let texts = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY].map(|value| Dynamic::Real(value).to_json());
    assert_eq!(texts, ["NaN", "Infinity", "-Infinity"].map(|text| json!(text)));
}

#[test]
fn a_row_knows_its_columns() {
    let mut table = Table::new(vec![Column::new("a", Type::Long), Column::new("b", Type::String)]).unwrap();
    table.push(vec![Dynamic::Long(1), Dynamic::from("")]).unwrap();
    let row = table.rows_by_name().next().unwrap();
    assert_eq!(row.columns(), table.columns());
}
