//! Exported rows of DeviceProcessEvents.
//!
//! Two products export the table with different columns: Defender XDR calls the time `Timestamp`,
//! Log Analytics calls it `TimeGenerated`. The rule reads `TimeGenerated`, so that column comes
//! first in both.

mod cell;
mod schema;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::ops::ControlFlow;
use std::sync::{Arc, LazyLock};

use super::time::{self, DateOrders, RowTimes, shown};
use super::value::Value;
use super::{Event, Item, Names, Options, Place, Sink, Source, prefilter};
use rulespec::kql::{Column, Dynamic, Type};
use rulespec::rule::Rule;

pub(super) const FILE_NAME: &str = "FileName";
pub(super) const ORIGINAL_FILE_NAME: &str = "ProcessVersionInfoOriginalFileName";
pub(super) const COMMAND_LINE: &str = "ProcessCommandLine";

/// The columns that may have the time of a row, in order of preference.
pub(super) const TIMES: [&str; 2] = ["TimeGenerated", "Timestamp"];

/// The columns of either schema that are times.
const TIME_COLUMNS: [&str; 5] = [
    "TimeGenerated",
    "Timestamp",
    "ProcessCreationTime",
    "InitiatingProcessCreationTime",
    "InitiatingProcessParentCreationTime",
];

/// The columns that decide whether a row is one of this table, whether it is wanted, and in which order its
/// times have day and month.
pub(super) const DECISIVE: [&str; 14] = [
    "category",
    "TimeGenerated",
    "Timestamp",
    "Type",
    "_OriginalType",
    "ActionType",
    "DeviceId",
    "TenantId",
    FILE_NAME,
    ORIGINAL_FILE_NAME,
    COMMAND_LINE,
    "ProcessCreationTime",
    "InitiatingProcessCreationTime",
    "InitiatingProcessParentCreationTime",
];

/// Whether a row with a time is one of this table. Returns `None` if nothing suggests that it is a row of
/// any table.
///
/// Spec: TEL-60
pub(super) fn is_row<'t>(text: &dyn Fn(&str) -> Cow<'t, str>, has: &dyn Fn(&str) -> bool) -> Option<bool> {
    let (original, current) = (text("_OriginalType"), text("Type"));
    let (original, current) = (original.trim(), current.trim());
    let is_copy = current.ends_with("_SRCH") || current.ends_with("_RST");
    let table = match (original, current) {
        ("", current) if is_copy => current.trim_end_matches("_SRCH").trim_end_matches("_RST"),
        ("", current) => current,
        (original, _) => original,
    };
    if table.eq_ignore_ascii_case(TABLE) {
        return Some(true);
    }
    // Without a file name, it is a process creation that lost a column.
    if (table.is_empty() || is_copy && original.is_empty()) && has(COMMAND_LINE) {
        let action = text("ActionType");
        let action = action.trim();
        let is_creation = matches!(action, "" | "-") || action.eq_ignore_ascii_case("ProcessCreated");
        let is_known = has(FILE_NAME) || has("DeviceId") || has("DeviceName");
        return Some(is_creation).filter(|_| is_known);
    }
    (has("DeviceId") || has("TenantId")).then_some(false)
}

const TABLE: &str = "DeviceProcessEvents";

/// How many columns a table may have. It limits the work on a malicious table, as the maximum number
/// of values does for an object.
pub(super) const MAX_COLUMNS: usize = 1_000;

/// Where the columns of a table are. If several have the same name, the first one counts.
pub(super) struct ColumnIndex(HashMap<String, usize>);

impl ColumnIndex {
    pub(super) fn new(names: &[String]) -> Self {
        let names = names.iter().enumerate().rev();
        Self(names.map(|(index, name)| (name.clone(), index)).collect())
    }

    pub(super) fn get(&self, name: &str) -> Option<usize> {
        self.0.get(name).copied()
    }
}

static XDR: LazyLock<Arc<[Column]>> = LazyLock::new(|| time_first(schema::XDR));
static LOG_ANALYTICS: LazyLock<Arc<[Column]>> = LazyLock::new(|| time_first(schema::LOG_ANALYTICS));

/// Spec: TEL-40
fn time_first(columns: &[(&str, Type)]) -> Arc<[Column]> {
    let others = columns.iter().filter(|(name, _)| *name != "TimeGenerated");
    let others = others.map(|(name, of_type)| Column::new(*name, *of_type));
    [Column::new("TimeGenerated", Type::Datetime)].into_iter().chain(others).collect()
}

/// The columns of the schema of a row that has columns with these names.
///
/// Spec: TEL-41, TEL-42
fn schema_columns<'a>(mut names: impl Iterator<Item = &'a str>) -> Arc<[Column]> {
    let mut has_timestamp = false;
    let has_time_generated = names.any(|name| {
        has_timestamp |= name == "Timestamp";
        name == "TimeGenerated"
    });
    if has_timestamp && !has_time_generated { XDR.clone() } else { LOG_ANALYTICS.clone() }
}

/// The columns of a table with this header: those of the schema that the header names or that the
/// rule requires, followed by the others.
///
/// Spec: TEL-43, TEL-45
pub(super) fn columns_of_header(header: &[String]) -> Arc<[Column]> {
    let schema = schema_columns(header.iter().map(String::as_str));
    let names: HashSet<&str> = header.iter().map(String::as_str).collect();
    let read = Rule::bitsadmin_activity().query.column_names();
    let is_included = |column: &&Column| read.contains(&*column.name) || names.contains(&*column.name);
    let known: Vec<Column> = schema.iter().filter(is_included).cloned().collect();
    let mut seen: HashSet<&str> = known.iter().map(|column| &*column.name).collect();
    let others = header.iter().filter(|name| seen.insert(name));
    let others: Vec<Column> = others.map(|name| other_column(name, Type::String)).collect();
    known.into_iter().chain(others).collect()
}

/// A column that the schema of its row does not have. It may be one of the other schema.
///
/// Spec: TEL-43
fn other_column(name: &str, of_unknown: Type) -> Column {
    Column::new(name, known_column(name).unwrap_or(of_unknown))
}

/// The columns that a table lacks and without which its rows cannot be read.
///
/// Spec: TEL-45
pub(super) fn missing_columns(has: &dyn Fn(&str) -> bool) -> Vec<&'static str> {
    let mut missing = vec![FILE_NAME, COMMAND_LINE];
    missing.retain(|name| !has(name));
    if !TIMES.into_iter().any(has) {
        missing.push("Timestamp or TimeGenerated");
    }
    missing
}

/// Whether either schema of DeviceProcessEvents has a column with this name.
pub(super) fn is_known_column(name: &str) -> bool {
    known_column(name).is_some()
}

/// Returns every column of DeviceProcessEvents, in Log Analytics or in Defender XDR.
///
/// Spec: TEL-41, TEL-42
pub fn known_columns() -> Vec<Column> {
    let of_xdr = XDR.iter().filter(|column| LOG_ANALYTICS.iter().all(|other| other.name != column.name));
    LOG_ANALYTICS.iter().chain(of_xdr).cloned().collect()
}

/// Returns the type of the column of DeviceProcessEvents with this name, in Defender XDR or in Log
/// Analytics.
///
/// ```
/// use rulespec::kql::Type;
/// use rulespec_events::known_column;
///
/// assert_eq!(known_column("ProcessId"), Some(Type::Long));
/// assert_eq!(known_column("processid"), None);
/// ```
///
/// Spec: TEL-41, TEL-42
pub fn known_column(name: &str) -> Option<Type> {
    let mut columns = [schema::XDR, schema::LOG_ANALYTICS].into_iter().flatten();
    columns.find(|(known, _)| *known == name).map(|(_, of_type)| *of_type)
}

/// Finds a value of a row by the name of its column.
pub(super) type Find<'f, 'v> = &'f dyn Fn(&str) -> Option<&'v Value<'v>>;

/// Returns the item to report instead of a row, or `None` if the row must be built.
///
/// Spec: TEL-44, TEL-70, TEL-81
pub(super) fn prefilter(
    find: Find<'_, '_>,
    has_original_file_name: bool,
    place: &Place,
    keep: &dyn Fn(Names<'_>) -> bool,
) -> Option<Item> {
    let text = |name| find(name).map_or(Cow::Borrowed(""), Value::text);
    let original_file_name = has_original_file_name.then(|| text(ORIGINAL_FILE_NAME));
    let (file_name, command_line) = (text(FILE_NAME), text(COMMAND_LINE));
    let names = Names::new(&file_name, original_file_name.as_deref(), &command_line);
    let item = prefilter::prefilter(names, Source::Defender, || place.clone(), keep)?;
    Some(item.with_orders(|| {
        let times = TIME_COLUMNS.into_iter().filter_map(find);
        times.fold(DateOrders::default(), |orders, time| orders.union(time::orders(&time.text())))
    }))
}

/// Reports the row that an object with these values is. It has all columns of its schema, followed
/// by the others. If several values have the same name, the last one counts.
///
/// Spec: TEL-41, TEL-42, TEL-43
pub(super) fn report_object(
    values: &[(&str, &Value<'_>)],
    place: Place,
    options: &Options,
    sink: &mut Sink<'_>,
) -> ControlFlow<()> {
    let by_name: HashMap<&str, &Value<'_>> = values.iter().copied().collect();
    let schema = schema_columns(values.iter().map(|(name, _)| *name));
    let mut seen: HashSet<&str> = schema.iter().map(|column| column.name.as_str()).collect();
    let others = values.iter().map(|(name, _)| *name).filter(|name| seen.insert(name));
    let others: Vec<Column> = others.map(|name| other_column(name, Type::Dynamic)).collect();
    let columns = match others.is_empty() {
        true => schema,
        false => schema.iter().cloned().chain(others).collect(),
    };
    report_row(columns, &|name| by_name.get(name).copied(), place, options, sink)
}

/// Reports a row, followed by a fault that names the columns whose values do not fit, if any.
///
/// Spec: TEL-40, TEL-44, TEL-51
pub(super) fn report_row(
    columns: Arc<[Column]>,
    find: Find<'_, '_>,
    place: Place,
    options: &Options,
    sink: &mut Sink<'_>,
) -> ControlFlow<()> {
    let mut misfits: Vec<String> = vec![];
    let mut times = RowTimes::new(options);
    let mut row: Vec<Dynamic> = vec![];
    for (index, Column { name, r#type: of_type }) in columns.iter().enumerate() {
        let cell = find_cell(find, name).map(|value| {
            let cell = cell::cell(index, *of_type, value, &mut times);
            if cell.is_none() {
                misfits.push(shown(name, &value.text()));
            }
            cell
        });
        row.push(cell.flatten().unwrap_or_else(|| of_type.empty()));
    }
    let fault = (!misfits.is_empty()).then(|| {
        let what = format!("the value does not fit the type of its column: {}", misfits.join(", "));
        Item::fault(place.clone(), what, "the cell is left empty; correct the export")
    });
    let times = times.into_notes();
    sink(Item::Event(Box::new(Event { source: Source::Defender, place, columns, row, times })))?;
    fault.map_or(ControlFlow::Continue(()), sink)
}

/// Spec: TEL-40
fn find_cell<'v>(find: Find<'_, 'v>, name: &str) -> Option<&'v Value<'v>> {
    match name {
        "TimeGenerated" => TIMES.into_iter().filter_map(find).find(|value| !value.is_empty()),
        name => find(name),
    }
}

#[cfg(test)]
mod tests;
