//! Operators on tables: a `datatable`, the operator, and the result as one value.

use serde_json::Value as Json;

use super::literal::{bracketed, dynamic, literal, string, type_of};
use super::{is_open, wanted};
use rulespec::Function::{
    self, BitsadminActivity, ColumnIfExists, Element, EqCi, Extend, Has, HasAny, Iff, IndexOf,
    ParseCommandLine, ProjectReorder, Substring, ToString, Where,
};
use rulespec::kql::{Dynamic, Table};
use rulespec::rule;
use rulespec::suite::Vector;

/// Whether a function is asked of tables; the others are [scalar](super::scalar).
pub const fn is_of_tables(function: Function) -> bool {
    match function {
        ColumnIfExists | Where | Extend | ProjectReorder | BitsadminActivity => true,
        EqCi | Has | HasAny | ParseCommandLine | Element | ToString | IndexOf | Substring | Iff => false,
    }
}

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
    let function = vector.r#fn.parse().ok()?;
    let (source, stages) = pipeline(function, &vector.args)?;
    let name = vector.id.replace('-', "_");
    let got = match function {
        ColumnIfExists => one(&format!("toscalar({name} | project answer)")),
        ProjectReorder => one(&format!("toscalar({name} | {COLUMNS}(ColumnName))")),
        Where | Extend | BitsadminActivity => table_text(&name, &result_columns(vector)),
        EqCi | Has | HasAny | ParseCommandLine | Element | ToString | IndexOf | Substring | Iff => {
            return None;
        }
    };
    Some(Question {
        definition: format!("let {name} = {source}\n{stages};\n"),
        row: format!(
            "print id = {}, open = {}, got = {got}, want = {}",
            string(&vector.id),
            is_open(vector),
            dynamic(wanted(vector))
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
        rulespec::suite::Want::Settled { want } => Some(want),
        rulespec::suite::Want::Open { wants, .. } => {
            wants.values().find(|want| want.get("columns").is_some())
        }
    };
    let columns =
        want.and_then(|want| want.get("columns")?.as_array()).map(Vec::as_slice).unwrap_or_default();
    columns.iter().filter_map(|column| Some(bracketed(column.get("name")?.as_str()?))).collect()
}

/// The source of a call about a table, and what is piped from it.
fn pipeline(function: Function, args: &[Json]) -> Option<(String, String)> {
    Some(match (function, args) {
        (Where, [table, name]) => (datatable(table)?, format!("| where {}", bracketed(name.as_str()?))),
        (Extend, [table, assignments]) => {
            let pairs: Vec<(String, String)> = serde_json::from_value(assignments.clone()).ok()?;
            let pairs = pairs.iter().map(|(name, from)| format!("{} = {}", bracketed(name), bracketed(from)));
            (datatable(table)?, format!("| extend {}", list(pairs)?))
        }
        (ProjectReorder, [columns, listed]) => {
            let heads = names(columns)?.into_iter().map(|name| format!("{name}: long"));
            (format!("datatable({})[]", list(heads)?), format!("| project-reorder {}", list(names(listed)?)?))
        }
        (ColumnIfExists, [row, name, default]) => {
            let default = literal(default, type_of(default))?;
            let call = format!("column_ifexists({}, {default})", string(name.as_str()?));
            (row_table(row)?, format!("| project answer = {call}"))
        }
        (BitsadminActivity, [table]) => {
            let stages: Vec<String> = rule::stages().iter().map(|stage| format!("| {stage}")).collect();
            (datatable(table)?, stages.join("\n"))
        }
        (
            EqCi | Has | HasAny | ParseCommandLine | Element | ToString | IndexOf | Substring | Iff
            | ColumnIfExists | Where | Extend | ProjectReorder | BitsadminActivity,
            _,
        ) => return None,
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
    let cells = object.values().map(|cell| literal(cell, type_of(cell)));
    let cells: Vec<String> = cells.collect::<Option<_>>()?;
    Some(format!("datatable({})[{}]", list(heads)?, cells.join(", ")))
}

/// A table as KQL's `datatable`.
fn datatable(json: &Json) -> Option<String> {
    let table = Table::from_json(json).ok()?;
    let heads =
        table.columns().iter().map(|column| format!("{}: {}", bracketed(&column.name), column.r#type));
    let row = |row: &Vec<Dynamic>| {
        let cells = row.iter().zip(table.columns());
        let cells = cells.map(|(cell, column)| literal(&cell.to_json(), column.r#type));
        Some(format!("    {}", cells.collect::<Option<Vec<_>>>()?.join(", ")))
    };
    let rows: Vec<String> = table.rows().iter().map(row).collect::<Option<_>>()?;
    let rows = if rows.is_empty() { String::new() } else { format!("\n{}\n", rows.join(",\n")) };
    Some(format!("datatable({})[{rows}]", list(heads)?))
}
