//! A recorded answer of the emulator, and its format.

use rulespec::kql::{Dynamic, Table, Type};
use serde::Deserialize;
use serde_json::Value as Json;

/// A query and the recorded result of the emulator.
#[derive(Debug, Deserialize)]
pub struct Record {
    pub family: String,
    pub query: String,
    /// The columns, in the form `name:Type`.
    columns: Vec<String>,
    /// The number of rows of the result, of which at most twenty are recorded.
    row_count: usize,
    rows: Vec<String>,
}

impl Record {
    /// Compares our result of the query with the recorded one.
    pub fn differences(&self, table: &Table) -> Vec<String> {
        let mut differences = vec![];
        let columns = table.columns().iter();
        let columns: Vec<String> =
            columns.map(|column| format!("{}:{}", column.name, type_name(column.r#type))).collect();
        if columns != self.columns {
            differences.push(format!("columns {columns:?}, not {:?}", self.columns));
        }
        if table.rows().len() != self.row_count {
            differences.push(format!("{} rows, not {}", table.rows().len(), self.row_count));
        }
        for (row, recorded) in table.rows().iter().zip(&self.rows) {
            let cells = row.iter().zip(table.columns());
            let cells: Vec<Cell> = cells.map(|(cell, column)| cell_of(cell, column.r#type)).collect();
            if !is_row(recorded, &cells) {
                differences.push(format!("{recorded} is not {cells:?}"));
            }
        }
        differences
    }
}

/// The expected text of a cell of a recorded row.
#[derive(Debug)]
enum Cell {
    /// This text.
    Text(String),
    /// A text that is this number.
    Real(f64),
    /// A text that is this JSON.
    Json(Json),
}

/// Returns the name that a record has for a type.
fn type_name(of_type: Type) -> &'static str {
    match of_type {
        Type::String => "String",
        Type::Bool => "Bool",
        Type::Int | Type::Long => "Int",
        Type::Real => "Real",
        Type::Datetime => "DateTime",
        Type::Timespan => "TimeSpan",
        Type::Guid => "Guid",
        Type::Dynamic => "Dynamic",
    }
}

/// How a record has a value.
fn cell_of(value: &Dynamic, of_type: Type) -> Cell {
    match value {
        Dynamic::Null => Cell::Text("null".to_owned()),
        value if of_type == Type::Dynamic => Cell::Json(value.to_json()),
        Dynamic::String(text) if of_type == Type::Guid => Cell::Text(text.clone()),
        Dynamic::String(text) => Cell::Text(format!("'{text}'")),
        Dynamic::Bool(value) => Cell::Text(if *value { "True" } else { "False" }.to_owned()),
        Dynamic::Long(value) => Cell::Text(value.to_string()),
        Dynamic::Datetime(time) => Cell::Text(time.to_string()),
        Dynamic::Timespan(span) => Cell::Text(span.to_string()),
        Dynamic::Real(value) => Cell::Real(*value),
        Dynamic::Array(_) | Dynamic::Bag(_) => Cell::Json(value.to_json()),
    }
}

/// Whether a recorded row, `(cell, cell)`, has these cells.
///
/// The quotes in a recorded string are not escaped, so a row cannot be parsed. Instead, it is
/// matched from left to right.
fn is_row(row: &str, cells: &[Cell]) -> bool {
    row.strip_prefix('(').is_some_and(|left| matches_cells(left, cells))
}

/// Whether a text is these cells and the closing parenthesis.
fn matches_cells(left: &str, cells: &[Cell]) -> bool {
    let Some((cell, others)) = cells.split_first() else { return left == ")" };
    ends(left, cell).into_iter().any(|end| {
        let left = &left[end..];
        if others.is_empty() {
            left == ")"
        } else {
            left.strip_prefix(", ").is_some_and(|left| matches_cells(left, others))
        }
    })
}

/// Returns the offsets at which a cell at the start of a text can end.
fn ends(left: &str, cell: &Cell) -> Vec<usize> {
    match cell {
        Cell::Text(text) => left.starts_with(text.as_str()).then_some(text.len()).into_iter().collect(),
        Cell::Real(value) => {
            let end = left.find([',', ')']).unwrap_or(left.len());
            let recorded: Option<f64> = left[..end].replace("∞", "inf").parse().ok();
            let is_same = |recorded: &f64| recorded == value || recorded.is_nan() && value.is_nan();
            recorded.filter(is_same).map(|_| end).into_iter().collect()
        }
        Cell::Json(scalar @ (Json::Bool(_) | Json::Number(_))) => {
            let end = left.find([',', ')']).unwrap_or(left.len());
            let recorded: Option<Json> = serde_json::from_str(&left[..end]).ok();
            let is_same = |recorded: &Json| recorded == scalar || recorded.as_f64() == scalar.as_f64();
            recorded.filter(is_same).map(|_| end).into_iter().collect()
        }
        Cell::Json(value) => {
            let mut json = serde_json::Deserializer::from_str(left).into_iter::<Json>();
            let is_same =
                json.next().is_some_and(|recorded| recorded.is_ok_and(|recorded| recorded == *value));
            is_same.then(|| json.byte_offset()).into_iter().collect()
        }
    }
}
