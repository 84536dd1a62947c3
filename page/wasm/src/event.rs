//! The event that a user types: a JSON object of columns.

use std::collections::BTreeSet;

use rulespec::json::from_slice;
use rulespec::kql::{Column, Dynamic, Table, Type};
use serde_json::{Map, Value as Json};

/// The cells of an event. Numbers keep their kind and value.
pub fn cells(event: &str) -> Result<Map<String, Json>, String> {
    from_slice(event.as_bytes(), usize::MAX)
        .map_err(|error| format!("the event cannot be read as a JSON object: {error}"))
}

/// The event with an empty cell more, as text.
pub fn with_column(event: &str, name: &str, r#type: Type) -> Result<String, String> {
    let mut cells = cells(event)?;
    cells.entry(name).or_insert_with(|| r#type.empty().to_json());
    Ok(text(&cells))
}

/// An event as it is shown.
pub fn text(cells: &Map<String, Json>) -> String {
    serde_json::to_string_pretty(cells).unwrap_or_default()
}

/// The columns that the rule names and the table does not have. Their types are those of the values in the
/// event. If there is no value, the type is that in `declared`.
pub fn assumed(
    cells: &Map<String, Json>,
    declared: &[Column],
    known: &[Column],
    named: &BTreeSet<&str>,
) -> Vec<Column> {
    let is_new = |name: &str| known.iter().all(|column| column.name != name) && named.contains(name);
    let is_given = |name: &str| cells.get(name).is_some_and(|value| !value.is_null());
    let declared = declared.iter().filter(|column| is_new(&column.name) && !is_given(&column.name));
    let mut columns: Vec<Column> = declared.cloned().collect();
    for (name, value) in cells.iter().filter(|(name, _)| is_new(name)) {
        if columns.iter().all(|column| column.name != *name) {
            columns.push(Column { name: name.clone(), r#type: type_of(value) });
        }
    }
    columns
}

/// The type that a column has if it is known by this value only.
fn type_of(value: &Json) -> Type {
    match value {
        Json::Bool(_) => Type::Bool,
        Json::Number(number) if number.is_f64() => Type::Real,
        Json::Number(_) => Type::Long,
        // Digits alone could be a date, too.
        Json::String(text) if text.contains('-') && Type::Datetime.cell(value).is_some() => Type::Datetime,
        Json::String(_) => Type::String,
        Json::Null | Json::Array(_) | Json::Object(_) => Type::Dynamic,
    }
}

/// The names in the event that the table does not have, and that nobody could mean for one of its columns.
pub fn unused<'a>(cells: &'a Map<String, Json>, columns: &[Column]) -> Vec<&'a str> {
    let names = cells.keys().map(String::as_str);
    names.filter(|name| columns.iter().all(|column| !column.name.eq_ignore_ascii_case(name))).collect()
}

/// The event as a table of one row, which lacks the columns `absent`.
pub fn table(cells: &Map<String, Json>, columns: Vec<Column>, absent: &[String]) -> Result<Table, String> {
    let has = |name: &str| columns.iter().any(|column| column.name == name);
    for name in cells.keys().filter(|name| !has(name)) {
        if absent.contains(name) {
            return Err(format!("the table has no column {name:?}, but the event has a value for it"));
        }
        if let Some(Column { name: known, .. }) =
            columns.iter().find(|one| one.name.eq_ignore_ascii_case(name))
        {
            let why = "column names are case-sensitive";
            return Err(format!("the table has no column {name:?}; {why}: write {known:?}"));
        }
    }
    let cell = |column: &Column| match cells.get(&column.name) {
        None => Ok(column.r#type.empty()),
        Some(json) => column
            .r#type
            .cell(json)
            .ok_or_else(|| format!("{} is of type {}, and cannot be {json}", column.name, column.r#type)),
    };
    let row: Vec<Dynamic> = columns.iter().map(cell).collect::<Result<_, _>>()?;
    let mut table = Table::new(columns).map_err(|error| error.to_string())?;
    table.push(row).map_err(|error| error.to_string())?;
    Ok(table)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_added_and_numbers_stay_exact() {
        let event = r#"{"ProcessId": 9007199254740993, "A": 1.0}"#;
        let added = with_column(event, "FileName", Type::String).unwrap();
        assert_eq!(added, "{\n  \"ProcessId\": 9007199254740993,\n  \"A\": 1.0,\n  \"FileName\": \"\"\n}");
        assert_eq!(with_column(&added, "ProcessId", Type::Long).unwrap(), added);
        for (event, why) in
            [("[]", "invalid type"), (r#"{"A": 9223372036854775808}"#, "outside signed 64 bits")]
        {
            let error = with_column(event, "A", Type::Long).unwrap_err();
            assert!(error.contains(why), "{error}");
        }
    }

    #[test]
    fn the_type_of_a_column_is_that_of_its_value() {
        let cells = cells(
            r#"{"a": true, "b": -0, "c": 1e3, "d": "2026-01-02T03:04:05Z", "e": "20260102", "f": "", "g": null,
                "h": [1], "i": {}, "FileName": "x", "other": 1}"#,
        );
        let names = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "FileName"].into();
        let known = crate::rule::known_columns();
        let assumed = assumed(&cells.unwrap(), &[], &known, &names);
        let types: Vec<&str> = assumed.iter().map(|column| column.r#type.as_str()).collect();
        let expected =
            ["bool", "long", "real", "datetime", "string", "string", "dynamic", "dynamic", "dynamic"];
        assert_eq!(types, expected);
    }

    #[test]
    fn a_column_without_a_value_has_the_type_that_it_had() {
        let column = |name: &str, r#type| Column { name: name.to_owned(), r#type };
        let cells = cells(r#"{"a": null, "b": "x"}"#).unwrap();
        let declared = ["a", "b", "c", "other", "FileName"].map(|name| column(name, Type::Long));
        let names = ["a", "b", "c", "FileName"].into();
        let assumed = assumed(&cells, &declared, &crate::rule::known_columns(), &names);
        assert_eq!(assumed, [column("a", Type::Long), column("c", Type::Long), column("b", Type::String)]);
    }
}
