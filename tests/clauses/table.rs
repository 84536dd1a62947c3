//! The clauses of chapter 50.

use rulespec::kql::{Column, Datetime, Dynamic, Error, ErrorKind, Table, Timespan, Type, column_ifexists};
use serde_json::{Value as Json, json};

/// Creates a table with the columns `keep: bool`, `number: long`, `text: string`.
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

fn filter_by_keep(table: &Table) -> Table {
    table.filter(&|row| Ok(row.cell("keep")?.as_bool())).unwrap()
}

/// `extend` with assignments that copy a column: new name, type, and existing name.
fn extend(table: &Table, assigned: &[(&str, Type, &str)]) -> Result<Table, Error> {
    let columns: Vec<Column> = assigned.iter().map(|(name, r#type, _)| Column::new(*name, *r#type)).collect();
    table.extend(&columns, &|row, number| Ok(row.cell(assigned[number].2)?.clone()))
}

fn kind<T: std::fmt::Debug>(result: Result<T, Error>) -> ErrorKind {
    result.unwrap_err().kind()
}

#[test]
fn tab_01_where_keeps_the_rows_with_a_true_predicate_in_order() {
    let kept =
        filter_by_keep(&table(json!([[true, 3, "c"], [false, 2, "b"], [true, 1, "a"], [true, 3, "c"]])));
    assert_eq!(names(&kept), ["keep", "number", "text"]);
    assert_eq!(rows(&kept), json!([[true, 3, "c"], [true, 1, "a"], [true, 3, "c"]]));
}

#[test]
fn tab_02_where_drops_rows_with_a_null_predicate() {
    let kept = filter_by_keep(&table(json!([[null, 1, "a"], [true, 2, "b"], [null, 3, "c"]])));
    assert_eq!(rows(&kept), json!([[true, 2, "b"]]));
}

#[test]
fn tab_03_new_columns_are_appended_in_order() {
    let table = table(json!([[true, 1, "a"]]));
    let extended = extend(&table, &[("z", Type::String, "text"), ("a", Type::Long, "number")]).unwrap();
    assert_eq!(names(&extended), ["keep", "number", "text", "z", "a"]);
    assert_eq!(rows(&extended), json!([[true, 1, "a", "a", 1]]));
    assert_eq!(extended.columns()[3].r#type, Type::String);
    assert_eq!(extend(&table, &[]).unwrap(), table);
}

#[test]
fn tab_04_an_existing_column_is_replaced_in_place() {
    let table = table(json!([[true, 1, "a"], [false, 2, "b"]]));
    let extended = extend(&table, &[("keep", Type::String, "text"), ("n", Type::Bool, "keep")]).unwrap();
    assert_eq!(names(&extended), ["keep", "number", "text", "n"]);
    assert_eq!(extended.columns()[0].r#type, Type::String);
    assert_eq!(rows(&extended), json!([["a", 1, "a", true], ["b", 2, "b", false]]));
}

#[test]
fn tab_05_assignments_read_the_original_row() {
    let table = table(json!([[true, 1, "a"]]));
    let swapped =
        extend(&table, &[("number", Type::String, "text"), ("text", Type::Long, "number")]).unwrap();
    assert_eq!(rows(&swapped), json!([[true, "a", 1]]));
    let chained = extend(&table, &[("x", Type::Long, "number"), ("y", Type::Long, "x")]);
    assert_eq!(kind(chained), ErrorKind::UnknownColumn);
}

#[test]
fn tab_06_assigning_a_name_twice_is_an_error() {
    for rows in [json!([[true, 1, "a"]]), json!([])] {
        let table = table(rows);
        let twice = extend(&table, &[("x", Type::Long, "number"), ("x", Type::Long, "number")]);
        assert_eq!(kind(twice), ErrorKind::RepeatedColumn);
        let replaced = extend(&table, &[("number", Type::Long, "number"), ("number", Type::Long, "number")]);
        assert_eq!(kind(replaced), ErrorKind::RepeatedColumn);
    }
}

#[test]
fn tab_07_column_ifexists_is_the_cell_of_an_existing_column() {
    let table = table(json!([[null, 0, ""], [false, 7, "x"]]));
    let cells = |name| -> Vec<Dynamic> {
        table.rows_by_name().map(|row| column_ifexists(row, name, "default".into())).collect()
    };
    assert_eq!(cells("keep"), [Dynamic::Null, false.into()]);
    assert_eq!(cells("number"), [Dynamic::from(0), 7.into()]);
    assert_eq!(cells("text"), [Dynamic::from(""), "x".into()]);
}

#[test]
fn tab_08_column_ifexists_is_the_default_if_there_is_no_column() {
    let table = table(json!([[true, 1, "a"]]));
    let row = table.rows_by_name().next().unwrap();
    for default in [Dynamic::from("number"), "".into(), Dynamic::Null, 7.into()] {
        assert_eq!(column_ifexists(row, "numbe", default.clone()), default);
        assert_eq!(column_ifexists(row, "numbers", default.clone()), default);
        assert_eq!(column_ifexists(row, "", default.clone()), default);
    }
}

#[test]
fn tab_09_the_default_keeps_its_type() {
    let table = table(json!([[true, 1, "a"]]));
    let row = table.rows_by_name().next().unwrap();
    assert_eq!(column_ifexists(row, "none", Dynamic::from(1)), Dynamic::Long(1));
}

#[test]
fn tab_10_column_names_are_case_sensitive() {
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
fn tab_11_listed_columns_come_first_in_the_order_of_the_list() {
    let reordered = table(json!([[true, 1, "a"]])).project_reorder(&["text", "number"]).unwrap();
    assert_eq!(names(&reordered), ["text", "number", "keep"]);
    assert_eq!(rows(&reordered), json!([["a", 1, true]]));
}

#[test]
fn tab_12_the_other_columns_follow_in_their_order() {
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
fn tab_15_an_empty_cell_is_an_empty_string_or_null() {
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

/// The rows of a query over a table with some nulls and some equal values.
fn queried(operators: &str) -> Json {
    let table = "datatable(a: string, n: long, r: real) ['b', 2, 1.0, 'a', long(null), real(nan), 'B', 1, real(null), 'b', 3, real(-inf)]";
    super::rows(&format!("{table} | {operators}")).unwrap_or_else(|error| error.kind().as_str().into())
}

#[test]
fn tab_16_project_gives_its_columns_only() {
    assert_eq!(queried("where a has 'a' | project n, a, x = a"), json!([[null, "a", "a"]]));
    assert_eq!(queried("take 1 | project a = n, n = a"), json!([[2, "b"]]));
    assert_eq!(queried("project a, a = n"), "repeated-column");
}

#[test]
fn tab_17_project_keep_keeps_the_order() {
    assert_eq!(queried("take 1 | project-keep n, a*"), json!([["b", 2]]));
}

#[test]
fn tab_18_project_away_leaves_columns_out() {
    assert_eq!(queried("take 1 | project-away r, a*"), json!([[2]]));
    assert_eq!(queried("project-away nosuch"), "unknown-column");
}

#[test]
fn tab_19_project_rename_keeps_places() {
    assert_eq!(queried("take 1 | project-rename x = n | project x, a"), json!([[2, "b"]]));
    for renaming in ["a = n", "a = n, n = a", "a = a", "x = a, x = n"] {
        assert_eq!(queried(&format!("project-rename {renaming}")), "repeated-column", "{renaming}");
    }
    assert_eq!(queried("project-rename x = a, y = x"), "unknown-column");
    assert_eq!(queried("project-rename x = a, y = a"), "unsupported");
}

#[test]
fn tab_20_distinct_gives_each_combination_once() {
    assert_eq!(queried("distinct a | sort by a asc"), json!([["B"], ["a"], ["b"]]));
    assert_eq!(queried("project a | distinct * | count"), json!([[3]]));
    assert_eq!(queried("extend d = dynamic(1) | distinct *"), "wrong-type");
}

#[test]
fn tab_21_sort_compares_key_by_key() {
    assert_eq!(queried("sort by n | project n"), json!([[3], [2], [1], [null]]));
    assert_eq!(
        queried("sort by a asc, n asc | project a, n"),
        json!([["B", 1], ["a", null], ["b", 2], ["b", 3]])
    );
}

#[test]
fn tab_22_nulls_and_nan_come_together() {
    assert_eq!(queried("sort by r asc | project r"), json!([[null], ["NaN"], ["-Infinity"], [1.0]]));
    assert_eq!(queried("sort by r | project r"), json!([[1.0], ["-Infinity"], ["NaN"], [null]]));
    assert_eq!(queried("sort by r nulls first | project r"), json!([[null], ["NaN"], [1.0], ["-Infinity"]]));
    assert_eq!(queried("sort by n asc nulls last | project n"), json!([[1], [2], [3], [null]]));
}

#[test]
fn tab_23_take_gives_some_rows() {
    assert_eq!(queried("take 3 | count"), json!([[3]]));
    assert_eq!(queried("take 9 | count"), json!([[4]]));
    assert_eq!(queried("sort by n | take 1 | project n"), json!([[3]]));
}

#[test]
fn tab_24_count_counts_rows() {
    assert_eq!(queried("count"), json!([[4]]));
    assert_eq!(queried("where false | count as c | project c"), json!([[0]]));
}

#[test]
fn tab_25_top_gives_the_first_rows_of_a_sort() {
    assert_eq!(queried("top 2 by n | project n"), json!([[3], [2]]));
    assert_eq!(queried("top 2 by n asc | project n"), json!([[null], [1]]));
}

#[test]
fn tab_26_operators_have_other_names() {
    assert_eq!(queried("filter a has 'b' | order by n | limit 1 | project n"), json!([[3]]));
}

#[test]
fn tab_27_patterns_list_columns_in_some_order() {
    let reordered =
        |list: &str| super::rows(&format!("print a = 1, bz = 2, ba = 3 | project-reorder {list}"));
    assert_eq!(reordered("b*").unwrap(), json!([[2, 3, 1]]));
    assert_eq!(reordered("b* asc").unwrap(), json!([[3, 2, 1]]));
    assert_eq!(reordered("ba, * desc").unwrap(), json!([[3, 2, 1]]));
    for list in ["b*, ba", "ba, ba*", "b* granny-asc"] {
        assert_eq!(kind(reordered(list)), ErrorKind::Unsupported, "{list}");
    }
    for list in ["a, *", "a, * asc", "*, a", "*, *"] {
        let query = format!("print a = 1 | project-reorder {list}");
        assert_eq!(kind(super::rows(&query)), ErrorKind::Unsupported, "{list}");
    }
    assert_eq!(kind(super::rows("print ab = 1, aB = 2 | project-reorder * asc")), ErrorKind::Unsupported);
}

#[test]
fn datetimes_range_from_year_1_to_year_9999() {
    for text in ["0001-01-01T00:00:00.0000000Z", "9999-12-31T23:59:59.9999999Z"] {
        assert_eq!(text.parse::<Datetime>().unwrap().to_string(), text);
    }
    assert!("9999-12-31T23:59:59.9999999-01:00".parse::<Datetime>().is_err());
    assert!("0000-12-31T23:59:59Z".parse::<Datetime>().is_err());
}

#[test]
fn the_longest_timespans_survive_a_round_trip() {
    for minutes in [i64::MIN, i64::MAX] {
        let span = Timespan::from_minutes(minutes);
        assert_eq!(span.to_string().parse(), Ok(span));
    }
}

#[test]
fn timespans_are_parsed_only_in_their_own_format() {
    assert_eq!(Timespan::from_minutes(0).to_string(), "00:00:00");
    assert_eq!("23:59:59.5".parse::<Timespan>().unwrap().to_string(), "23:59:59.5000000");
    for text in ["24:00:00", "00:60:00", "00:00:60", "00:+5:00", "00:00", "00:00:00.12345678", "a:00:00", ""]
    {
        assert!(text.parse::<Timespan>().is_err(), "{text:?}");
    }
}

#[test]
fn accessors_return_only_values_of_their_kind() {
    let time: Datetime = "2026-01-02T03:04:05Z".parse().unwrap();
    let values = [Dynamic::Bool(true), Dynamic::Long(-7), Dynamic::from("x"), Dynamic::Datetime(time)];
    assert_eq!(values.each_ref().map(Dynamic::as_bool), [Some(true), None, None, None]);
    assert_eq!(values.each_ref().map(Dynamic::as_long), [None, Some(-7), None, None]);
    assert_eq!(values.each_ref().map(|value| value.as_str()), [None, None, Some("x"), None]);
    assert_eq!(values.each_ref().map(Dynamic::as_datetime), [None, None, None, Some(time)]);
}

#[test]
fn a_real_that_is_not_finite_becomes_a_json_string() {
    let texts = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY].map(|value| Dynamic::Real(value).to_json());
    assert_eq!(texts, ["NaN", "Infinity", "-Infinity"].map(|text| json!(text)));
}

#[test]
fn a_datetime_is_truncated_to_a_tick_and_a_timespan_is_not() {
    for (text, time) in [
        ("2026-01-02T03:04:05.12Z", "2026-01-02T03:04:05.1200000Z"),
        ("2026-01-02T03:04:05.123456789Z", "2026-01-02T03:04:05.1234567Z"),
        ("1969-12-31T23:59:59.999999999Z", "1969-12-31T23:59:59.9999999Z"),
    ] {
        assert_eq!(text.parse::<Datetime>().unwrap().to_string(), time);
    }
    assert!("2026-01-02T03:04:05.1234567890Z".parse::<Datetime>().is_err());
    assert_eq!("00:00:00.12".parse::<Timespan>().unwrap().to_string(), "00:00:00.1200000");
    assert!("00:00:00.12345678".parse::<Timespan>().is_err());
}

#[test]
fn a_row_knows_its_columns() {
    let mut table = Table::new(vec![Column::new("a", Type::Long), Column::new("b", Type::String)]).unwrap();
    table.push(vec![Dynamic::Long(1), Dynamic::from("")]).unwrap();
    let row = table.rows_by_name().next().unwrap();
    assert_eq!(row.columns(), table.columns());
}

#[test]
fn tab_15_only_reals_that_are_not_finite_are_strings_in_json() {
    for text in ["NaN", "Infinity", "-Infinity"] {
        let cell = Type::Real.cell(&json!(text)).unwrap();
        assert_eq!(cell.to_json(), json!(text));
    }
    for text in ["7", "1.5", "inf", "nan", "+Infinity", "infinity", ""] {
        assert_eq!(Type::Real.cell(&json!(text)), None, "{text}");
    }
}
