//! Operators on tables: a `datatable`, the operator, and the result as one value.

use serde_json::Value as Json;

use super::literal::{bracketed, literal, string, type_of};
use super::{is_open, wanted};
use crate::kql::{Table, Type};
use crate::rule;
use crate::suite::Vector;

/// The functions that are asked of tables.
pub const FUNCTIONS: &[&str] =
    &["column_ifexists", "where", "extend", "project-reorder", "bitsadmin_activity"];

/// The columns of a result, in order.
const COLUMNS: &str = "getschema | sort by ColumnOrdinal asc | summarize make_list";

/// A vector about a table in KQL.
pub struct Question {
    /// The `let` that names the result.
    pub definition: String,
    /// The table of one row with `id`, `open`, `got` and `want`.
    pub row: String,
}

/// The question of a vector, where it is about a table and KQL can say it: there is
/// neither a table nor a list without columns.
pub fn question(vector: &Vector) -> Option<Question> {
    let (source, stages) = pipeline(vector)?;
    let name = vector.id.replace('-', "_");
    let got = match vector.r#fn.as_str() {
        "column_ifexists" => one(&format!("toscalar({name} | project answer)")),
        "project-reorder" => one(&format!("toscalar({name} | {COLUMNS}(ColumnName))")),
        _ => table_text(&name, &result_columns(vector)),
    };
    Some(Question {
        definition: format!("let {name} = {source}\n{stages};\n"),
        row: format!(
            "print id = {}, open = {}, got = {got}, want = {}",
            string(&vector.id),
            is_open(vector),
            literal(wanted(vector), Type::Dynamic)
        ),
    })
}

/// A value as the JSON text of an array that holds it.
fn one(value: &str) -> String {
    format!("tostring(pack_array({value}))")
}

/// A whole table as the JSON text of an array that holds it, in the form that vectors have.
/// A list of rows is made of texts: `make_list` puts the elements of arrays side by side
/// (S-KQL2SQL).
fn table_text(name: &str, columns: &[String]) -> String {
    format!(
        "strcat(\"[{{\\\"columns\\\":\", \
         tostring(toscalar({name} | {COLUMNS}(bag_pack(\"name\", ColumnName, \"type\", ColumnType)))), \
         \",\\\"rows\\\":[\", \
         toscalar({name} | summarize rows = make_list(tostring(pack_array({}))) | project strcat_array(rows, \",\")), \
         \"]}}]\")",
        columns.join(", ")
    )
}

/// The columns whose cells are read: those that some wanted answer has.
fn result_columns(vector: &Vector) -> Vec<String> {
    let want = match &vector.want {
        crate::suite::Want::Settled { want } => Some(want),
        crate::suite::Want::Open { wants, .. } => wants.values().find(|want| want.get("columns").is_some()),
    };
    let columns =
        want.and_then(|want| want.get("columns")?.as_array()).map(Vec::as_slice).unwrap_or_default();
    columns.iter().filter_map(|column| Some(bracketed(column.get("name")?.as_str()?))).collect()
}

/// The source of a vector, and what is piped from it.
fn pipeline(vector: &Vector) -> Option<(String, String)> {
    Some(match (vector.r#fn.as_str(), vector.args.as_slice()) {
        ("where", [table, name]) => (datatable(table)?, format!("| where {}", bracketed(name.as_str()?))),
        ("extend", [table, assignments]) => {
            let pairs: Vec<(String, String)> = serde_json::from_value(assignments.clone()).ok()?;
            let pairs = pairs.iter().map(|(name, from)| format!("{} = {}", bracketed(name), bracketed(from)));
            (datatable(table)?, format!("| extend {}", list(pairs)?))
        }
        ("project-reorder", [columns, listed]) => {
            let heads = names(columns)?.into_iter().map(|name| format!("{name}: long"));
            (format!("datatable({})[]", list(heads)?), format!("| project-reorder {}", list(names(listed)?)?))
        }
        ("column_ifexists", [row, name, default]) => {
            let default = literal(default, type_of(default));
            let call = format!("column_ifexists({}, {default})", string(name.as_str()?));
            (row_table(row)?, format!("| project answer = {call}"))
        }
        ("bitsadmin_activity", [table]) => {
            let stages: Vec<String> = rule::stages().iter().map(|stage| format!("| {stage}")).collect();
            (datatable(table)?, stages.join("\n"))
        }
        _ => return None,
    })
}

fn names(list: &Json) -> Option<Vec<String>> {
    list.as_array()?.iter().map(|name| Some(bracketed(name.as_str()?))).collect()
}

/// A list with commas; `None` where it would be empty.
fn list(parts: impl IntoIterator<Item = String>) -> Option<String> {
    let parts: Vec<String> = parts.into_iter().collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// A row given as an object.
fn row_table(row: &Json) -> Option<String> {
    let object = row.as_object()?;
    let heads = object.iter().map(|(name, cell)| format!("{}: {}", bracketed(name), type_of(cell)));
    let cells: Vec<String> = object.values().map(|cell| literal(cell, type_of(cell))).collect();
    Some(format!("datatable({})[{}]", list(heads)?, cells.join(", ")))
}

/// A table as KQL's `datatable`.
fn datatable(json: &Json) -> Option<String> {
    let table = Table::from_json(json).ok()?;
    let heads =
        table.columns().iter().map(|column| format!("{}: {}", bracketed(&column.name), column.r#type));
    let rows: Vec<String> = table
        .rows()
        .iter()
        .map(|row| {
            let cells = row.iter().zip(table.columns());
            let cells = cells.map(|(cell, column)| literal(&cell.to_json(), column.r#type));
            format!("    {}", cells.collect::<Vec<_>>().join(", "))
        })
        .collect();
    let rows = if rows.is_empty() { String::new() } else { format!("\n{}\n", rows.join(",\n")) };
    Some(format!("datatable({})[{rows}]", list(heads)?))
}
