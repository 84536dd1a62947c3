//! The rule over Arrow record batches.
//!
//! File names are checked first, column by column. Command lines are read only if a name
//! matches, and the new columns are built only for selected rows.

mod added;

use std::sync::Arc;

use arrow_array::{RecordBatch, UInt64Array};
use arrow_schema::{ArrowError, DataType, FieldRef, Schema, SchemaRef};
use arrow_select::take::take;

use super::rule::{ORIGINAL_FILE_NAME, PROGRAM_NAME, has_switch, run};
use super::text_column::{TextColumn, is_text};
use crate::kql::{Column, Error, ErrorKind, Table, Type};
use added::{AddedColumn, AddedColumns, AddedColumnsBuilder};

/// Runs the rule over one record batch, under the default [`Profile`](crate::kql::Profile).
///
/// The result is that of [`Rule::run`](crate::rule::Rule::run), with the same order of rows and
/// columns. `ParsedCommandLine` is a list of Utf8 and the other five new columns are Utf8.
/// A column with the same name as a new one is replaced in place. All other columns keep
/// their types and nulls. String columns may be Utf8, LargeUtf8, Utf8View, or a dictionary
/// of these. The rule treats a null string as `""`.
///
/// # Errors
///
/// Returns the same errors as [`Rule::run`](crate::rule::Rule::run) for a table with these columns,
/// even without rows: [`ErrorKind::UnknownColumn`], [`ErrorKind::WrongType`] or
/// [`ErrorKind::RepeatedColumn`]. Arrow has no `dynamic`, so a `FileName` column that is
/// not a string is [`ErrorKind::WrongType`] too.
///
/// ```
/// use std::sync::Arc;
/// use arrow_array::{Array, RecordBatch, StringArray, cast::AsArray};
/// use rulespec::fast::columns::bitsadmin_activity;
/// ///
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

/// The rule, bound to a schema.
///
/// Binding takes as long as processing a few thousand rows, so bind once for many small
/// batches.
#[derive(Debug, Clone)]
pub struct Plan {
    columns_in: SchemaRef,
    columns_out: SchemaRef,
    /// The source of each output column.
    sources: Vec<Source>,
    file_name: usize,
    original_file_name: Option<usize>,
    command_line: usize,
    device_name: usize,
}

#[derive(Debug, Clone, Copy)]
enum Source {
    /// The input column at this index.
    Input(usize),
    /// A column that the rule adds.
    Added(AddedColumn),
}

impl Plan {
    /// Binds the rule to a schema.
    ///
    /// # Errors
    ///
    /// Returns the same errors as [`bitsadmin_activity`].
    ///
    /// Spec: RUL-14, RUL-15
    pub fn new(columns: SchemaRef) -> Result<Self, Error> {
        let column = |field: &FieldRef| Column::new(field.name(), type_of(field.data_type()));
        let table = Table::new(columns.fields().iter().map(column).collect())?;
        let output = run(&table)?;
        let index = |name: &str| columns.index_of(name).map_err(|error| invalid_batch(&error));
        let text = |name: &str| match index(name)? {
            index if is_text(columns.field(index).data_type()) => Ok(index),
            _ => Err(Error::new(ErrorKind::WrongType, format!("column {name} must be {TEXT_TYPES}"))),
        };
        let mut fields = vec![];
        let mut sources = vec![];
        for column in output.columns() {
            let (field, source) = match AddedColumn::named(&column.name) {
                Some(added) => (added.field(), Source::Added(added)),
                None => {
                    let index = index(&column.name)?;
                    (columns.fields()[index].clone(), Source::Input(index))
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
            original_file_name: index(ORIGINAL_FILE_NAME).ok(),
            command_line: text("ProcessCommandLine")?,
            device_name: text("DeviceName")?,
            columns_in: columns,
        })
    }

    /// The schema of the output.
    pub fn columns_out(&self) -> &SchemaRef {
        &self.columns_out
    }

    /// Runs the rule over one record batch.
    ///
    /// # Errors
    ///
    /// Returns [`ErrorKind::WrongType`] if the schema of the batch is not that of the plan.
    ///
    /// Spec: RUL-01, RUL-02, RUL-03, RUL-04, RUL-12, RUL-13
    pub fn run(&self, batch: &RecordBatch) -> Result<RecordBatch, Error> {
        if *batch.schema_ref() != self.columns_in {
            let detail = "the schema of the record batch is not that of the plan";
            return Err(Error::new(ErrorKind::WrongType, detail));
        }
        let rows = self.rows(batch)?;
        if rows.is_empty() {
            return Ok(RecordBatch::new_empty(self.columns_out.clone()));
        }
        let added = self.added_columns(batch, &rows)?;
        let indices = UInt64Array::from_iter_values(rows.iter().map(|row| *row as u64));
        let column = |source: &Source| match source {
            Source::Added(column) => Ok(added.column(*column)),
            Source::Input(index) => {
                take(batch.column(*index), &indices, None).map_err(|error| invalid_batch(&error))
            }
        };
        let columns = self.sources.iter().map(column).collect::<Result<Vec<_>, _>>()?;
        RecordBatch::try_new(self.columns_out.clone(), columns).map_err(|error| invalid_batch(&error))
    }

    /// The rows that the rule selects.
    ///
    /// Spec: RUL-01, RUL-02, RUL-03, RUL-04
    fn rows(&self, batch: &RecordBatch) -> Result<Vec<usize>, Error> {
        let mut rows = texts(batch, self.file_name)?.rows_equal_to(PROGRAM_NAME);
        if let Some(index) = self.original_file_name {
            rows.extend(texts(batch, index)?.rows_equal_to(PROGRAM_NAME));
            rows.sort();
            rows.dedup();
        }
        if !rows.is_empty() {
            let command_lines = texts(batch, self.command_line)?;
            rows.retain(|row| has_switch(command_lines.text(*row)));
        }
        Ok(rows)
    }

    fn added_columns(&self, batch: &RecordBatch, rows: &[usize]) -> Result<AddedColumns, Error> {
        let command_lines = texts(batch, self.command_line)?;
        let device_names = texts(batch, self.device_name)?;
        let mut builder = AddedColumnsBuilder::default();
        for row in rows {
            builder.push(command_lines.text(*row), device_names.text(*row));
        }
        Ok(builder.finish())
    }
}

/// The types of string columns, for error messages.
const TEXT_TYPES: &str = "Utf8, LargeUtf8, Utf8View, or a dictionary of them";

fn texts(batch: &RecordBatch, index: usize) -> Result<TextColumn<'_>, Error> {
    let column = batch.columns().get(index).and_then(|column| TextColumn::new(column));
    column.ok_or_else(|| Error::new(ErrorKind::WrongType, format!("column {index} must be {TEXT_TYPES}")))
}

/// The KQL type of a column. For the rule, only the distinction between strings and other
/// types matters.
fn type_of(r#type: &DataType) -> Type {
    match r#type {
        text if is_text(text) => Type::String,
        DataType::Boolean => Type::Bool,
        integer if integer.is_integer() => Type::Long,
        real if real.is_floating() => Type::Real,
        DataType::Timestamp(..) | DataType::Date32 | DataType::Date64 => Type::Datetime,
        DataType::Duration(_) => Type::Timespan,
        _ => Type::Dynamic,
    }
}

fn invalid_batch(error: &ArrowError) -> Error {
    Error::new(ErrorKind::WrongType, format!("the record batch cannot be read: {error}"))
}
