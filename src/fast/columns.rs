//! The rule over Arrow record batches.
//!
//! Names are looked at first, column by column, and for most rows that is all;
//! command lines are looked at only where a name fits, and only for the rows that
//! match the new columns are made.

mod added;

use std::sync::Arc;

use arrow_array::{RecordBatch, UInt64Array};
use arrow_schema::{ArrowError, DataType, FieldRef, Schema, SchemaRef};
use arrow_select::take::take;

use super::rule::{PROGRAM_NAME, has_switch};
use super::semantics;
use super::text_column::{TextColumn, is_text};
use crate::kql::{Column, Error, ErrorKind, Table, Type};
use crate::rule::{self, ORIGINAL_FILE_NAME};
use added::{Added, Making};

/// The rule over one record batch, under the default [`Profile`](crate::kql::Profile).
///
/// The answer is that of [`rule::bitsadmin_activity`]: each selected row once, in
/// its place, and the columns in the same order. `ParsedCommandLine` is a list of
/// Utf8 and the other five new columns are Utf8; a column of such a name is
/// replaced where it stands. A column that is only passed on keeps its type and
/// its nulls. Texts may be Utf8, LargeUtf8, Utf8View, or a dictionary of these;
/// a null text is `""` to the rule.
///
/// # Errors
///
/// As [`rule::bitsadmin_activity`] for a table of these columns, whether there are
/// rows or not: [`ErrorKind::UnknownColumn`], [`ErrorKind::WrongType`],
/// [`ErrorKind::RepeatedColumn`]. Arrow has no `dynamic`, so a `FileName` that holds anything but
/// texts is [`ErrorKind::WrongType`] too.
///
/// ```
/// use std::sync::Arc;
/// use arrow_array::{Array, RecordBatch, StringArray, cast::AsArray};
/// use rulespec::fast::columns::bitsadmin_activity;
/// use rulespec::rule::metadata;
///
/// let cell = |name: &str| match name {
///     "FileName" => "bitsadmin.exe",
///     "ProcessCommandLine" => r"bitsadmin /transfer j http://x/a C:\a",
///     _ => "",
/// };
/// let names = ["TimeGenerated", "DeviceId", "DeviceName", "FileName", "ProcessId",
///     "InitiatingProcessFolderPath", "InitiatingProcessAccountDomain",
///     "InitiatingProcessAccountName", "InitiatingProcessSHA256", "ProcessCommandLine"];
/// let column = |name| (name, Arc::new(StringArray::from(vec![cell(name)])) as Arc<dyn Array>);
/// let batch = RecordBatch::try_from_iter(names.map(column))?;
///
/// let selected = bitsadmin_activity(&batch)?;
/// assert_eq!(selected["RemoteUrl"].as_string::<i32>().value(0), "http://x/a");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Spec: RUL-12, RUL-13, RUL-14, RUL-15, RUL-16
pub fn bitsadmin_activity(batch: &RecordBatch) -> Result<RecordBatch, Error> {
    Plan::new(batch.schema())?.run(batch)
}

/// The rule, bound to the columns of record batches that will come.
///
/// Binding costs as much as looking at a few thousand rows, so for many small
/// batches it is better done once.
#[derive(Debug, Clone)]
pub struct Plan {
    columns_in: SchemaRef,
    columns_out: SchemaRef,
    /// Where each column of the answer comes from.
    sources: Vec<Source>,
    file_name: usize,
    original_file_name: Option<usize>,
    command_line: usize,
    device_name: usize,
}

#[derive(Debug, Clone, Copy)]
enum Source {
    /// The column of that number of the batch.
    Passed(usize),
    /// A column that the rule adds.
    Added(Added),
}

impl Plan {
    /// Binds the rule to columns.
    ///
    /// # Errors
    ///
    /// As [`bitsadmin_activity`].
    ///
    /// Spec: RUL-14, RUL-15
    pub fn new(columns: SchemaRef) -> Result<Self, Error> {
        let column = |field: &FieldRef| Column::new(field.name(), type_of(field.data_type()));
        let table = Table::new(columns.fields().iter().map(column).collect())?;
        let after = rule::run(rule::stages(), &table, &semantics())?;
        let place = |name: &str| columns.index_of(name).map_err(|error| unfit(&error));
        let text = |name: &str| match place(name)? {
            place if is_text(columns.field(place).data_type()) => Ok(place),
            _ => Err(Error::new(ErrorKind::WrongType, format!("column {name} must be {TEXTS}"))),
        };
        let mut fields = vec![];
        let mut sources = vec![];
        for column in after.columns() {
            let (field, source) = match Added::named(&column.name) {
                Some(added) => (added.field(), Source::Added(added)),
                None => {
                    let place = place(&column.name)?;
                    (columns.fields()[place].clone(), Source::Passed(place))
                }
            };
            fields.push(field);
            sources.push(source);
        }
        let columns_out = Arc::new(Schema::new_with_metadata(fields, columns.metadata().clone()));
        Ok(Self {
            columns_out,
            sources,
            file_name: text("FileName")?,
            original_file_name: place(ORIGINAL_FILE_NAME).ok(),
            command_line: text("ProcessCommandLine")?,
            device_name: text("DeviceName")?,
            columns_in: columns,
        })
    }

    /// The columns that come out.
    pub fn columns_out(&self) -> &SchemaRef {
        &self.columns_out
    }

    /// The rule over one record batch.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::WrongType`] where the batch has other columns than the plan.
    ///
    /// Spec: RUL-01, RUL-02, RUL-03, RUL-04, RUL-12, RUL-13
    pub fn run(&self, batch: &RecordBatch) -> Result<RecordBatch, Error> {
        if *batch.schema_ref() != self.columns_in {
            let detail = "the record batch has other columns than the plan";
            return Err(Error::new(ErrorKind::WrongType, detail));
        }
        let rows = self.rows(batch)?;
        if rows.is_empty() {
            return Ok(RecordBatch::new_empty(self.columns_out.clone()));
        }
        let made = self.make(batch, &rows)?;
        let indices = UInt64Array::from_iter_values(rows.iter().map(|row| *row as u64));
        let column = |source: &Source| match source {
            Source::Added(added) => Ok(made.column(*added)),
            Source::Passed(place) => {
                take(batch.column(*place), &indices, None).map_err(|error| unfit(&error))
            }
        };
        let columns = self.sources.iter().map(column).collect::<Result<Vec<_>, _>>()?;
        RecordBatch::try_new(self.columns_out.clone(), columns).map_err(|error| unfit(&error))
    }

    /// The rows that the rule selects.
    ///
    /// Spec: RUL-01, RUL-02, RUL-03, RUL-04
    fn rows(&self, batch: &RecordBatch) -> Result<Vec<usize>, Error> {
        let mut rows = texts(batch, self.file_name)?.rows_that_are(PROGRAM_NAME);
        if let Some(place) = self.original_file_name {
            rows.extend(texts(batch, place)?.rows_that_are(PROGRAM_NAME));
            rows.sort();
            rows.dedup();
        }
        if !rows.is_empty() {
            let command_lines = texts(batch, self.command_line)?;
            rows.retain(|row| has_switch(command_lines.text(*row)));
        }
        Ok(rows)
    }

    fn make(&self, batch: &RecordBatch, rows: &[usize]) -> Result<added::Made, Error> {
        let command_lines = texts(batch, self.command_line)?;
        let device_names = texts(batch, self.device_name)?;
        let mut making = Making::default();
        for row in rows {
            making.row(command_lines.text(*row), device_names.text(*row));
        }
        Ok(making.end())
    }
}

/// The types of columns that hold texts.
const TEXTS: &str = "Utf8, LargeUtf8, Utf8View, or a dictionary of them";

fn texts(batch: &RecordBatch, place: usize) -> Result<TextColumn<'_>, Error> {
    let column = batch.columns().get(place).and_then(|column| TextColumn::new(column));
    column.ok_or_else(|| Error::new(ErrorKind::WrongType, format!("column {place} must be {TEXTS}")))
}

/// The type that a column has in the words of KQL; the rule asks only which are
/// strings.
fn type_of(of_type: &DataType) -> Type {
    match of_type {
        text if is_text(text) => Type::String,
        DataType::Boolean => Type::Bool,
        whole if whole.is_integer() => Type::Long,
        real if real.is_floating() => Type::Real,
        DataType::Timestamp(..) | DataType::Date32 | DataType::Date64 => Type::Datetime,
        DataType::Duration(_) => Type::Timespan,
        _ => Type::Dynamic,
    }
}

fn unfit(error: &ArrowError) -> Error {
    Error::new(ErrorKind::WrongType, format!("the record batch cannot be read: {error}"))
}
