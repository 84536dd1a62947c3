//! The format of the recorded answers of the emulator.

use rulespec::kql::{Dynamic, Type};
use serde_json::Value as Json;

/// The expected text of a cell of a recorded row.
#[derive(Debug)]
pub enum Cell {
    /// This text.
    Text(String),
    /// Any value of this type.
    Any(String),
}

/// Returns the name that a record has for a type.
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

/// Formats a value as a record does, or returns `None` if that format is not supported: reals.
pub fn text(value: &Dynamic, of_type: Type) -> Option<String> {
    match value {
        Dynamic::Null => Some("null".to_owned()),
        value if of_type == Type::Dynamic => {
            has_no_real(value).then(|| serde_json::to_string_pretty(&value.to_json()).unwrap_or_default())
        }
        Dynamic::String(text) => Some(format!("'{text}'")),
        Dynamic::Bool(value) => Some(if *value { "True" } else { "False" }.to_owned()),
        Dynamic::Long(value) => Some(value.to_string()),
        Dynamic::Datetime(time) => Some(time.to_string()),
        Dynamic::Timespan(span) => Some(span.to_string()),
        Dynamic::Real(_) | Dynamic::Array(_) | Dynamic::Bag(_) => None,
    }
}

fn has_no_real(value: &Dynamic) -> bool {
    match value {
        Dynamic::Real(_) => false,
        Dynamic::Array(elements) => elements.iter().all(has_no_real),
        Dynamic::Bag(members) => members.iter().all(|(_, member)| has_no_real(member)),
        Dynamic::Null
        | Dynamic::Bool(_)
        | Dynamic::Long(_)
        | Dynamic::String(_)
        | Dynamic::Datetime(_)
        | Dynamic::Timespan(_) => true,
    }
}

/// Whether a recorded row, `(cell, cell)`, has these cells.
///
/// The quotes in a recorded string are not escaped, so a row cannot be parsed. Instead, it is
/// matched from left to right.
pub fn is_row(row: &str, cells: &[Cell]) -> bool {
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
