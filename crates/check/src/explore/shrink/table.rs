//! Simpler tables.

use serde_json::{Value as Json, json};

use super::Steps;
use super::value::{each, shorter, simpler_of_type, simpler_value};

/// The table with fewer rows or columns, or a simpler cell. What is no table stays
/// as it is.
pub(super) fn simpler_table(table: &Json) -> Steps<'_> {
    let part = |name: &str| table.get(name).and_then(Json::as_array);
    let (Some(columns), Some(rows)) = (part("columns"), part("rows")) else {
        return Box::new(std::iter::empty());
    };
    let with_rows = move |rows: Vec<Json>| json!({"columns": columns, "rows": rows});
    let fewer_rows = shorter(rows).map(with_rows);
    let places: Vec<usize> = (0..columns.len()).collect();
    let fewer_columns = shorter(&places).map(move |kept| {
        let rows: Json = rows.iter().map(|row| only(row, &kept)).collect();
        json!({"columns": only(&table["columns"], &kept), "rows": rows})
    });
    let simpler_rows = each(rows, move |row| simpler_cells(columns, row)).map(with_rows);
    Box::new(fewer_rows.chain(fewer_columns).chain(simpler_rows))
}

fn only(list: &Json, kept: &[usize]) -> Json {
    kept.iter().filter_map(|place| list.get(*place)).cloned().collect()
}

fn simpler_cells<'a>(columns: &'a [Json], row: &'a Json) -> Steps<'a> {
    let cells = row.as_array().map(Vec::as_slice).unwrap_or_default();
    let steps = cells.iter().zip(columns).enumerate();
    let steps = steps.flat_map(|(at, (cell, column))| simpler_cell(column, cell).map(move |step| (at, step)));
    Box::new(steps.map(|(at, step)| {
        let mut row = cells.to_vec();
        row[at] = step;
        Json::from(row)
    }))
}

/// A simpler cell of the same column. In a column of strings `""` is the simplest,
/// in any other null; a time is nothing but there or not.
fn simpler_cell<'a>(column: &'a Json, cell: &'a Json) -> Steps<'a> {
    let null = (!cell.is_null()).then_some(Json::Null).into_iter();
    match column["type"].as_str().unwrap_or_default() {
        "string" => simpler_of_type(cell),
        "dynamic" => simpler_value(cell),
        "int" | "long" => Box::new(null.chain(simpler_of_type(cell))),
        _ => Box::new(null),
    }
}
