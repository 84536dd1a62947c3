//! Tables of DeviceProcessEvents in columns: Parquet and Arrow IPC.
//!
//! The columns that the filter sees and those that tell other tables are read first. In Parquet, the other columns are read
//! only for the row groups and rows that the filter accepts.

pub(super) mod arrow_file;
mod cell;
mod footer;
pub(super) mod parquet_file;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::Schema;

use super::defender::{self, ColumnIndex, MAX_COLUMNS, ORIGINAL_FILE_NAME};
use super::prefilter::prefilter;
use super::value::Value;
use super::{Item, Names, Options, Place, Position, Sink, Skip, Source};
use rulespec::fast::text_column::{TextColumn, is_text};
use rulespec::kql::Column;

/// The columns that tell rows of other tables.
const TABLE_COLUMNS: [&str; 3] = ["Type", "_OriginalType", "ActionType"];

/// Turns a panic of a decoder into an error. Damaged input can make the decoders panic.
fn catch_panic<T>(decode: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(decode)).unwrap_or_else(|_| Err("the decoder panicked".to_owned()))
}

fn message(error: impl ToString) -> String {
    error.to_string()
}

fn unreadable(place: Place, error: &str) -> Item {
    let what = format!("cannot be read: {error}");
    Item::fault(place, what, "everything before it was read; export the table again")
}

/// The columns of a table.
struct Header {
    index: ColumnIndex,
    columns: Arc<[Column]>,
    has_original_file_name: bool,
    /// The columns of types that are not supported.
    unsupported: Vec<String>,
}

impl Header {
    /// Spec: TEL-45, TEL-73
    fn new(schema: &Schema) -> Result<Self, String> {
        let count = schema.fields().len();
        if count > MAX_COLUMNS {
            return Err(format!("it has {count} columns, more than {MAX_COLUMNS}"));
        }
        let names: Vec<String> = schema.fields().iter().map(|field| field.name().clone()).collect();
        let index = ColumnIndex::new(&names);
        let has = |name: &str| index.get(name).is_some();
        let missing = defender::missing_columns(&has);
        if !missing.is_empty() {
            return Err(format!("it lacks the columns {}", missing.join(", ")));
        }
        let is_not_text =
            |name: &&str| schema.field_with_name(name).is_ok_and(|field| !is_text(field.data_type()));
        if let Some(name) = Names::COLUMNS.iter().find(|name| is_not_text(name)) {
            return Err(format!("its column {name} does not have text"));
        }
        let unsupported = schema.fields().iter().filter(|field| !cell::is_supported(field.data_type()));
        let unsupported = unsupported.map(|field| field.name().clone()).collect();
        let has_original_file_name = has(ORIGINAL_FILE_NAME);
        Ok(Self { columns: defender::columns_of_header(&names), index, has_original_file_name, unsupported })
    }
}

/// Reports the rows of one table.
struct RowReporter<'r, 's> {
    header: Header,
    name: &'r Arc<str>,
    options: &'r Options,
    sink: &'r mut Sink<'s>,
    /// The number of rows before the current batch.
    rows_before: u64,
}

impl<'r, 's> RowReporter<'r, 's> {
    fn new(header: Header, name: &'r Arc<str>, options: &'r Options, sink: &'r mut Sink<'s>) -> Self {
        Self { header, name, options, sink, rows_before: 0 }
    }

    /// Spec: TEL-74
    fn report_unsupported_columns(&mut self) -> ControlFlow<()> {
        if self.header.unsupported.is_empty() {
            return ControlFlow::Continue(());
        }
        let what = format!("the columns {} have an unsupported type", self.header.unsupported.join(", "));
        let remedy = "their cells are left empty; export them as text";
        (self.sink)(Item::fault(Place::new(self.name, Position::Whole), what, remedy))
    }

    /// Returns the rows of a batch that must be built, and reports the others.
    ///
    /// Spec: TEL-44, TEL-60, TEL-70
    fn filter(&mut self, batch: &RecordBatch) -> ControlFlow<(), Vec<usize>> {
        let text_column = |name| batch.column_by_name(name).and_then(|column| TextColumn::new(column));
        let columns = Names::COLUMNS.map(text_column);
        let [file_name, original_file_name, command_line] =
            columns.each_ref().map(|column| |row| column.as_ref().map_or("", |texts| texts.text(row)));
        let table_columns = TABLE_COLUMNS.map(|name| (name, text_column(name)));
        let mut rows = vec![];
        for row in 0..batch.num_rows() {
            if self.is_of_other_table(&table_columns, row) {
                (self.sink)(Item::Skipped(Skip::OtherTable))?;
                continue;
            }
            let original_file_name = self.header.has_original_file_name.then(|| original_file_name(row));
            let names = Names::new(file_name(row), original_file_name, command_line(row));
            let place = || self.place(self.number(row));
            match prefilter(names, Source::Defender, place, &*self.options.keep) {
                None => rows.push(row),
                Some(item) => (self.sink)(item)?,
            }
        }
        ControlFlow::Continue(rows)
    }

    fn is_of_other_table(&self, columns: &[(&str, Option<TextColumn<'_>>)], row: usize) -> bool {
        let text = |name: &str| {
            let column = columns.iter().find(|(other, _)| *other == name);
            let texts = column.and_then(|(_, texts)| texts.as_ref());
            texts.map_or(Cow::Borrowed(""), |texts| Cow::Borrowed(texts.text(row)))
        };
        defender::is_row(&text, &|name| self.header.index.get(name).is_some()) == Some(false)
    }

    /// Reports rows of a batch, each with its number in the table.
    fn report(&mut self, batch: &RecordBatch, rows: impl Iterator<Item = (usize, u64)>) -> ControlFlow<()> {
        for (row, number) in rows {
            let place = self.place(number);
            let mut budget = cell::MAX_VALUES;
            let values = batch.columns().iter().map(|column| cell::value(column, row, &mut budget));
            let Some(values) = values.collect::<Option<Vec<Value<'_>>>>() else {
                self.report_too_many_values(place)?;
                continue;
            };
            let find = |name: &str| values.get(self.header.index.get(name)?);
            let columns = self.header.columns.clone();
            defender::report_row(columns, &find, place, self.options, self.sink)?;
        }
        ControlFlow::Continue(())
    }

    /// Spec: TEL-72
    fn report_too_many_values(&mut self, place: Place) -> ControlFlow<()> {
        let what = format!("more than {} values in one row", cell::MAX_VALUES);
        (self.sink)(Item::fault(place, what, "the event is left out; export the row again"))
    }

    fn report_error(&mut self, error: &str) -> ControlFlow<()> {
        let place = self.place(self.number(0));
        (self.sink)(unreadable(place, error))
    }

    /// The number in the table, counted from 1, of a row of the current batch.
    fn number(&self, row: usize) -> u64 {
        self.rows_before.saturating_add(row as u64).saturating_add(1)
    }

    fn place(&self, number: u64) -> Place {
        Place::new(self.name, Position::Element(number))
    }
}
