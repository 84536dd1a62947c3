//! The form in which the emulator's answers were recorded.

use rulespec::kql::{Dynamic, Type};
use serde_json::Value as Json;

use super::value::Value;

/// What a cell of a recorded row must be.
#[derive(Debug)]
pub enum Cell {
    /// This text.
    Text(String),
    /// Any value of the type that the record names: ours is not known.
    Any(String),
}

/// How a type is named in a record.
pub fn type_name(of_type: Type) -> &'static str {
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

/// A value as a record has it, or `None` if that form is not covered: reals.
pub fn text(value: &Value) -> Option<String> {
    match &value.dynamic {
        Dynamic::Null => Some("null".to_owned()),
        dynamic if value.of_type == Type::Dynamic => {
            has_no_real(dynamic).then(|| serde_json::to_string_pretty(&dynamic.to_json()).unwrap_or_default())
        }
        Dynamic::String(text) => Some(format!("'{text}'")),
        Dynamic::Bool(value) => Some(if *value { "True" } else { "False" }.to_owned()),
        Dynamic::Long(value) => Some(value.to_string()),
        Dynamic::Datetime(time) => Some(time.to_string()),
        Dynamic::Timespan(span) => Some(span.to_string()),
        _ => None,
    }
}

/// Whether a value can be written as a record has it.
fn has_no_real(value: &Dynamic) -> bool {
    match value {
        Dynamic::Real(_) => false,
        Dynamic::Array(elements) => elements.iter().all(has_no_real),
        Dynamic::Bag(members) => members.iter().all(|(_, member)| has_no_real(member)),
        _ => true,
    }
}

/// Whether a recorded row, `(cell, cell)`, has these cells.
///
/// The quotes in a recorded string are not escaped, so a row is not taken apart: it is
/// compared with what it must be, from left to right.
pub fn is_row(row: &str, cells: &[Cell]) -> bool {
    row.strip_prefix('(').is_some_and(|left| continues(left, cells))
}

/// Whether a text is these cells and the closing parenthesis.
fn continues(left: &str, cells: &[Cell]) -> bool {
    let Some((cell, others)) = cells.split_first() else { return left == ")" };
    ends(left, cell).into_iter().any(|end| {
        let left = &left[end..];
        if others.is_empty() {
            left == ")"
        } else {
            left.strip_prefix(", ").is_some_and(|left| continues(left, others))
        }
    })
}

/// Where a cell at the beginning of a text can end.
fn ends(left: &str, cell: &Cell) -> Vec<usize> {
    match cell {
        Cell::Text(text) => left.starts_with(text.as_str()).then_some(text.len()).into_iter().collect(),
        Cell::Any(of_type) if of_type == "String" => {
            let quotes = left.match_indices('\'').skip(1);
            quotes.map(|(at, _)| at + 1).filter(|_| left.starts_with('\'')).collect()
        }
        Cell::Any(of_type) if of_type == "Dynamic" => {
            let mut json = serde_json::Deserializer::from_str(left).into_iter::<Json>();
            let is_json = json.next().is_some_and(|value| value.is_ok());
            is_json.then(|| json.byte_offset()).into_iter().collect()
        }
        Cell::Any(_) => left.find([',', ')']).into_iter().collect(),
    }
}
