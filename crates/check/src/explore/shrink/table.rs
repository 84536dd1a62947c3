//! Simpler tables.

use serde_json::{Map, Value as Json, json};

use super::list::{Steps, each, none, shorter};
use super::value::{simpler_of_type, simpler_value};

/// The table with fewer rows or columns, or one simpler cell. A value that is not a
/// table has no simpler versions.
pub(super) fn simpler_table(table: &Json) -> Steps<'_> {
    let part = |name: &str| table.get(name).and_then(Json::as_array);
    let (Some(columns), Some(rows)) = (part("columns"), part("rows")) else {
        return none();
    };
    let with_rows = move |rows: Vec<Json>| json!({"columns": columns, "rows": rows});
    let fewer_rows = shorter(rows).map(with_rows);
    let indexes: Vec<usize> = (0..columns.len()).collect();
    let fewer_columns = shorter(&indexes).map(move |kept| {
        let rows: Json = rows.iter().map(|row| only(row, &kept)).collect();
        json!({"columns": only(&table["columns"], &kept), "rows": rows})
    });
    let simpler_rows = each(rows, move |_, row| simpler_row(columns, row)).map(with_rows);
    Box::new(fewer_rows.chain(fewer_columns).chain(simpler_rows))
}

/// The tables with one of them simpler: with fewer rows, or one simpler cell.
pub(super) fn simpler_tables(tables: &Map<String, Json>) -> Steps<'_> {
    let simpler = tables.iter().flat_map(move |(name, table)| {
        let is_same = move |simpler: &Json| simpler["columns"] == table["columns"];
        simpler_table(table).filter(is_same).map(move |simpler| {
            let mut tables = tables.clone();
            tables.insert(name.clone(), simpler);
            Json::Object(tables)
        })
    });
    Box::new(simpler)
}

fn only(list: &Json, kept: &[usize]) -> Json {
    kept.iter().filter_map(|at| list.get(*at)).cloned().collect()
}

fn simpler_row<'a>(columns: &'a [Json], row: &'a Json) -> Steps<'a> {
    let cells = row.as_array().map(Vec::as_slice).unwrap_or_default();
    let simpler = move |at, cell| columns.get(at).map_or_else(none, |column| simpler_cell(column, cell));
    Box::new(each(cells, simpler).map(Json::from))
}

/// Simpler cells of the same column. The simplest is `""` in a column of strings and
/// null in any other. Cells of other types, such as datetimes, only become null.
fn simpler_cell<'a>(column: &Json, cell: &'a Json) -> Steps<'a> {
    let null = (!cell.is_null()).then_some(Json::Null).into_iter();
    match column["type"].as_str().unwrap_or_default() {
        "string" => simpler_of_type(cell),
        "dynamic" => simpler_value(cell),
        "int" | "long" => Box::new(null.chain(simpler_of_type(cell))),
        _ => Box::new(null),
    }
}
