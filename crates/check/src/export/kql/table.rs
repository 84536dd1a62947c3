//! Operators on tables: a `datatable`, the operator, and the result as a single value.

use serde_json::Value as Json;

use super::literal::{ascii, bracketed, dynamic, literal, string, type_of};
use super::{is_open, wanted};
use rulespec::Function::{
    self, BitsadminActivity, ColumnIfExists, Element, EqCi, Extend, Has, HasAny, Iff, IndexOf,
    ParseCommandLine, ProjectReorder, Query, Substring, ToString, Where,
};
use rulespec::kql::{Dynamic, Table};
use rulespec::query::syntax::Source;
use rulespec::rule::Rule;
use rulespec::suite::{Vector, Want};

/// Whether a function takes tables; the others are [scalar](super::scalar).
pub const fn takes_tables(function: Function) -> bool {
    match function {
        ColumnIfExists | Where | Extend | ProjectReorder | BitsadminActivity | Query => true,
        EqCi | Has | HasAny | ParseCommandLine | Element | ToString | IndexOf | Substring | Iff => false,
    }
}

/// Lists the columns of a result in order.
const COLUMNS: &str = "getschema | sort by ColumnOrdinal asc | summarize make_list";

/// A vector about a table in KQL.
pub struct Question {
    /// The `let` statement that names the result.
    pub definition: String,
    /// The table of one row with `id`, `open`, `got` and `want`.
    pub row: String,
}

/// The KQL of a vector about a table. `None` if the function is scalar, or if KQL cannot express
/// the call, because a table or list has no columns.
pub fn question(vector: &Vector) -> Option<Question> {
    let name = vector.id.replace('-', "_");
    let function = vector.r#fn.parse().ok()?;
    let (definition, got) = match function {
        Query => (query(vector, &name)?, table_text(&name, vector)),
        function => {
            let [source, stages, got] = pipeline(function, vector, &name)?;
            (format!("let {name} = {source}\n{stages};\n"), got)
        }
    };
    Some(Question {
        definition,
        row: format!(
            "print id = {}, open = {}, got = {got}, want = {}",
            string(&vector.id),
            is_open(vector),
            dynamic(wanted(vector))
        ),
    })
}

/// The statements that name the tables of a query, what it declares, and its result.
fn query(vector: &Vector, name: &str) -> Option<String> {
    let [text, tables] = vector.args.as_slice() else { return None };
    let query: rulespec::query::Query = text.as_str()?.parse().ok()?;
    let mut statements = vec![];
    for (table, rows) in tables.as_object()? {
        statements.push(format!("let {} = {};\n", bracketed(table), datatable(rows)?));
    }
    statements.extend(query.lets.iter().map(|declared| ascii(&format!("{declared};\n"))));
    statements.push(ascii(&format!("let {name} = {};\n", query.pipeline)));
    Some(statements.concat())
}

/// A table of one row with `id` and `got` for a query that reads a table and declares nothing.
pub fn one_query(vector: &Vector) -> Option<String> {
    let [text, tables] = vector.args.as_slice() else { return None };
    let query: rulespec::query::Query = text.as_str()?.parse().ok()?;
    let Source::Table(name) = &query.pipeline.source else { return None };
    let source = datatable(tables.get(&name.text)?)?;
    let operators: String =
        query.pipeline.operators.iter().map(|operator| format!("\n| {operator}")).collect();
    let columns = format!("[{{\"columns\":{},\"rows\":[", wanted_columns(vector)?);
    let result = format!(
        "print id = {}, got = strcat({}, toscalar({source}{}\n\
         | summarize rows = make_list(tostring(pack_array({})))\n\
         | project strcat_array(rows, \",\")), \"]}}]\")",
        string(&vector.id),
        string(&columns),
        ascii(&operators),
        result_columns(vector).join(", ")
    );
    query.lets.is_empty().then_some(result)
}

/// The source of a call, the stages piped from it, and the result `name` as JSON text.
fn pipeline(function: Function, vector: &Vector, name: &str) -> Option<[String; 3]> {
    Some(match function {
        Where => {
            let [table, column] = vector.args.as_slice() else { return None };
            let stage = format!("| where {}", bracketed(column.as_str()?));
            [datatable(table)?, stage, table_text(name, vector)]
        }
        Extend => {
            let [table, assignments] = vector.args.as_slice() else { return None };
            let pairs: Vec<(String, String)> = serde_json::from_value(assignments.clone()).ok()?;
            let pairs = pairs.iter().map(|(name, from)| format!("{} = {}", bracketed(name), bracketed(from)));
            [datatable(table)?, format!("| extend {}", list(pairs)?), table_text(name, vector)]
        }
        ProjectReorder => {
            let [columns, listed] = vector.args.as_slice() else { return None };
            let header = list(names(columns)?.into_iter().map(|name| format!("{name}: long")))?;
            let stage = format!("| project-reorder {}", list(names(listed)?)?);
            let got = array_text(&format!("toscalar({name} | {COLUMNS}(ColumnName))"));
            [format!("datatable({header})[]"), stage, got]
        }
        ColumnIfExists => {
            let [row, column, default] = vector.args.as_slice() else { return None };
            let default = literal(default, type_of(default))?;
            let call = format!("column_ifexists({}, {default})", string(column.as_str()?));
            let got = array_text(&format!("toscalar({name} | project answer)"));
            [row_table(row)?, format!("| project answer = {call}"), got]
        }
        BitsadminActivity => {
            let [table] = vector.args.as_slice() else { return None };
            let operators = &Rule::bitsadmin_activity().query.pipeline.operators;
            let stages: Vec<String> = operators.iter().map(|operator| format!("| {operator}")).collect();
            [datatable(table)?, stages.join("\n"), table_text(name, vector)]
        }
        EqCi | Has | HasAny | ParseCommandLine | Element | ToString | IndexOf | Substring | Iff | Query => {
            return None;
        }
    })
}

/// A value as the JSON text of an array of it.
fn array_text(value: &str) -> String {
    format!("tostring(pack_array({value}))")
}

/// A table as the JSON text of an array of it, in the format of vectors.
///
/// The rows are joined as text, because `make_list` would flatten arrays (S-KQL2SQL).
fn table_text(name: &str, vector: &Vector) -> String {
    format!(
        "strcat(\"[{{\\\"columns\\\":\", \
         tostring(toscalar({name} | {COLUMNS}(bag_pack(\"name\", ColumnName, \"type\", ColumnType)))), \
         \",\\\"rows\\\":[\", \
         toscalar({name} | summarize rows = make_list(tostring(pack_array({}))) | project strcat_array(rows, \",\")), \
         \"]}}]\")",
        result_columns(vector).join(", ")
    )
}

/// The columns of a wanted answer.
fn wanted_columns(vector: &Vector) -> Option<&Json> {
    match &vector.want {
        Want::Settled { want } => want.get("columns"),
        Want::Open { wants, .. } => wants.values().find_map(|want| want.get("columns")),
    }
}

/// The names of the columns of the result, which are those of a wanted answer.
fn result_columns(vector: &Vector) -> Vec<String> {
    let columns = wanted_columns(vector).and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
    columns.iter().filter_map(|column| Some(bracketed(column.get("name")?.as_str()?))).collect()
}

fn names(list: &Json) -> Option<Vec<String>> {
    list.as_array()?.iter().map(|name| Some(bracketed(name.as_str()?))).collect()
}

/// A comma-separated list; `None` if it is empty.
fn list(parts: impl IntoIterator<Item = String>) -> Option<String> {
    let parts: Vec<String> = parts.into_iter().collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// A row, given as an object, as a `datatable`.
fn row_table(row: &Json) -> Option<String> {
    let object = row.as_object()?;
    let header = object.iter().map(|(name, cell)| format!("{}: {}", bracketed(name), type_of(cell)));
    let cells = object.values().map(|cell| literal(cell, type_of(cell)));
    let cells: Vec<String> = cells.collect::<Option<_>>()?;
    Some(format!("datatable({})[{}]", list(header)?, cells.join(", ")))
}

/// A table as a `datatable`.
fn datatable(json: &Json) -> Option<String> {
    let table = Table::from_json(json).ok()?;
    let header =
        table.columns().iter().map(|column| format!("{}: {}", bracketed(&column.name), column.r#type));
    let row = |row: &Vec<Dynamic>| {
        let cells = row.iter().zip(table.columns());
        let cells = cells.map(|(cell, column)| literal(&cell.to_json(), column.r#type));
        Some(format!("    {}", cells.collect::<Option<Vec<_>>>()?.join(", ")))
    };
    let rows: Vec<String> = table.rows().iter().map(row).collect::<Option<_>>()?;
    let rows = if rows.is_empty() { String::new() } else { format!("\n{}\n", rows.join(",\n")) };
    Some(format!("datatable({})[{rows}]", list(header)?))
}
