//! DeviceProcessEvents as exported → a row.
//!
//! Two products export the table with different columns: Defender XDR calls the
//! time `Timestamp`, Log Analytics `TimeGenerated`. The rule reads
//! `TimeGenerated`, so that column comes first in both.

mod cell;
mod schema;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::ops::ControlFlow;
use std::sync::{Arc, LazyLock};

use super::unwanted::unwanted as decide;
use super::value::Value;
use super::{Event, Fault, Item, Names, Place, Sink, Source};
use rulespec::kql::{Column, Dynamic, Type};
use rulespec::rule::REQUIRED_COLUMNS;

/// Where a row has its time, the first that has one.
pub(super) const TIMES: [&str; 2] = ["TimeGenerated", "Timestamp"];

static XDR: LazyLock<Arc<[Column]>> = LazyLock::new(|| time_first(schema::XDR));
static LOG_ANALYTICS: LazyLock<Arc<[Column]>> = LazyLock::new(|| time_first(schema::LOG_ANALYTICS));

/// Spec: TEL-40
fn time_first(columns: &[(&str, Type)]) -> Arc<[Column]> {
    let others = columns.iter().filter(|(name, _)| *name != "TimeGenerated");
    let others = others.map(|(name, of_type)| Column::new(*name, *of_type));
    [Column::new("TimeGenerated", Type::Datetime)].into_iter().chain(others).collect()
}

/// The known columns of a row that has columns of these names.
///
/// Spec: TEL-41, TEL-42
pub(super) fn known_columns<'a>(mut names: impl Iterator<Item = &'a str>) -> Arc<[Column]> {
    let mut only_timestamp = false;
    let log_analytics = names.any(|name| {
        only_timestamp |= name == "Timestamp";
        name == "TimeGenerated"
    });
    if only_timestamp && !log_analytics { XDR.clone() } else { LOG_ANALYTICS.clone() }
}

/// The columns of a table whose header is given: those known ones that it names
/// or that the rule cannot do without, then the unknown ones, as strings.
///
/// Spec: TEL-43, TEL-45
pub(super) fn columns_of_header(header: &[String]) -> Arc<[Column]> {
    let known = known_columns(header.iter().map(String::as_str));
    let named = |column: &&Column| {
        REQUIRED_COLUMNS.iter().any(|(name, _)| *name == column.name) || header.contains(&column.name)
    };
    let mut columns: Vec<Column> = known.iter().filter(named).cloned().collect();
    for name in header {
        if !columns.iter().any(|column| column.name == *name) {
            columns.push(Column::new(name, Type::String));
        }
    }
    columns.into()
}

/// The columns without which a table's rows cannot be read, of those it lacks.
///
/// Spec: TEL-45
pub(super) fn lacking(has: &dyn Fn(&str) -> bool) -> Vec<&'static str> {
    let mut lacking = vec!["FileName", "ProcessCommandLine"];
    lacking.retain(|name| !has(name));
    if !TIMES.into_iter().any(has) {
        lacking.push("Timestamp or TimeGenerated");
    }
    lacking
}

/// Whether a table of DeviceProcessEvents may have a column of that name.
pub(super) fn is_known(name: &str) -> bool {
    [schema::XDR, schema::LOG_ANALYTICS].into_iter().flatten().any(|(its, _)| *its == name)
}

/// Finds a row's value by its column's name.
pub(super) type Find<'f, 'v> = &'f dyn Fn(&str) -> Option<&'v Value<'v>>;

/// What is handed on instead of a row, decided by the three values the rule's first
/// stage looks at; `None` where the row is due.
///
/// Spec: TEL-44, TEL-70
pub(super) fn unwanted(
    find: Find<'_, '_>,
    has_original: bool,
    place: &Place,
    keep: &dyn Fn(Names<'_>) -> bool,
) -> Option<Item> {
    let text = |name| find(name).map_or(Cow::Borrowed(""), Value::text);
    let original = has_original.then(|| text("ProcessVersionInfoOriginalFileName"));
    let (file_name, command_line) = (text("FileName"), text("ProcessCommandLine"));
    let names = Names::new(&file_name, original.as_deref(), &command_line);
    decide(names, Source::Defender, || place.clone(), keep)
}

/// Hands on the row with these values, the last of several of one name, in a
/// table with all columns of its schema and the unknown ones after them.
///
/// Spec: TEL-41, TEL-42, TEL-43
pub(super) fn hand_on(values: &[(&str, &Value<'_>)], place: Place, sink: &mut Sink<'_>) -> ControlFlow<()> {
    let by_name: HashMap<&str, &Value<'_>> = values.iter().copied().collect();
    let known = known_columns(values.iter().map(|(name, _)| *name));
    let mut seen: HashSet<&str> = known.iter().map(|column| column.name.as_str()).collect();
    let unknown = values.iter().map(|(name, _)| *name).filter(|name| seen.insert(name));
    let unknown: Vec<Column> = unknown.map(|name| Column::new(name, Type::Dynamic)).collect();
    let columns = match unknown.is_empty() {
        true => known,
        false => known.iter().cloned().chain(unknown).collect(),
    };
    hand_on_row(columns, &|name| by_name.get(name).copied(), place, sink)
}

/// Hands on the row with these columns, and after it a fault that names the
/// columns whose value did not fit, where there are any.
///
/// Spec: TEL-40, TEL-44, TEL-51
pub(super) fn hand_on_row(
    columns: Arc<[Column]>,
    find: Find<'_, '_>,
    place: Place,
    sink: &mut Sink<'_>,
) -> ControlFlow<()> {
    let mut misfits: Vec<&str> = vec![];
    let mut row: Vec<Dynamic> = vec![];
    for column in columns.iter() {
        let value = find_cell(find, &column.name).map(|value| cell::cell(column.r#type, value));
        if value == Some(None) {
            misfits.push(&column.name);
        }
        row.push(value.flatten().unwrap_or_else(|| column.r#type.empty()));
    }
    let fault = (!misfits.is_empty()).then(|| Fault {
        place: place.clone(),
        what: format!("what stands in {} is not of the column's type", misfits.join(", ")),
        remedy: "the cell is left empty: correct the export".to_owned(),
    });
    sink(Item::Event(Box::new(Event { source: Source::Defender, place, columns, row })))?;
    fault.map_or(ControlFlow::Continue(()), |fault| sink(Item::Fault(fault)))
}

/// Spec: TEL-40
fn find_cell<'v>(find: Find<'_, 'v>, name: &str) -> Option<&'v Value<'v>> {
    match name {
        "TimeGenerated" => TIMES.iter().find_map(|time| find(time).filter(|value| !value.is_empty())),
        name => find(name),
    }
}

#[cfg(test)]
mod tests;
