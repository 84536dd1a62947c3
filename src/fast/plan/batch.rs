//! Plans over Arrow record batches.

mod arrays;
mod cells;

use std::cell::OnceCell;
use std::ops::RangeInclusive;
use std::sync::Arc;

use arrow_array::{ArrayRef, RecordBatch, RecordBatchOptions, UInt32Array};
use arrow_schema::{ArrowError, FieldRef, Schema, SchemaRef};
use arrow_select::take::take;

use super::expr::Expr;
use super::input::Input;
use super::state::State;
use super::text_predicate::TextPredicate;
use super::value::Value;
use super::{Plan, Selected};
use crate::kql::{Column, Datetime, Dynamic, Error, ErrorKind, Table, Type};
use crate::query::BoundQuery;
use crate::query::bound::BoundSource;
use arrays::{array, field};
use cells::{Cells, is_readable, type_of};

/// A query that is prepared to run over Arrow record batches of one schema.
///
/// A string column may be Utf8, LargeUtf8, Utf8View, or a dictionary of these; a null is `""`. Integers
/// but UInt64 are longs, Float32 and Float64 are reals, and Boolean is a bool. Timestamps and dates are
/// datetimes, of which digits beyond 100 ns are cut off and years before 1 or after 9999 are null.
/// Durations are timespans, and lists of Utf8 are dynamic arrays. An expression cannot read a
/// column of another type, but all columns can be part of the result.
///
/// In the result, columns of the input keep their types. Others have these:
///
/// | type in KQL | Arrow type |
/// |---|---|
/// | `string` and `guid` | Utf8; a `string` is never null |
/// | `bool`, `int`, `long`, `real` | Boolean, Int32, Int64, Float64 |
/// | `datetime` | Timestamp in nanoseconds, UTC |
/// | `timespan` | Duration in nanoseconds |
/// | `dynamic` from `parse_command_line`, or from `split` with two arguments | list of Utf8, never null |
/// | any other `dynamic` | Utf8: the value as JSON |
#[derive(Debug, Clone)]
pub struct BatchPlan {
    plan: Plan,
    columns_in: SchemaRef,
    columns_out: SchemaRef,
}

/// Returns the columns of a schema as a query sees them.
///
/// # Errors
///
/// Returns [`ErrorKind::RepeatedColumn`] if two columns have the same name.
pub fn columns_of(schema: &Schema) -> Result<Vec<Column>, Error> {
    let column = |field: &FieldRef| Column::new(field.name(), type_of(field.data_type()));
    Ok(Table::new(schema.fields().iter().map(column).collect())?.columns().to_vec())
}

impl BatchPlan {
    /// Prepares a query that is bound to the [columns](columns_of) of a schema.
    ///
    /// # Errors
    ///
    /// Returns [`ErrorKind::UnknownColumn`] if it is bound to other columns, and
    /// [`ErrorKind::WrongType`] if an expression reads a column of an Arrow type that is not supported.
    pub fn new(query: &BoundQuery, columns: SchemaRef) -> Result<Self, Error> {
        let plan = Plan::new(query);
        let is_table = match &query.source {
            BoundSource::Rows(_) => false,
            BoundSource::Table(..) => true,
        };
        if is_table && query.source.columns() != columns_of(&columns)? {
            return Err(Error::new(ErrorKind::UnknownColumn, "the query is bound to other columns"));
        }
        for column in plan.read_columns().filter(|_| is_table) {
            let field = columns.field(column);
            if !is_readable(field.data_type()) {
                let (name, r#type) = (field.name(), field.data_type());
                let detail =
                    format!("column {name:?} has the Arrow type {type}, which no expression can read");
                return Err(Error::new(ErrorKind::WrongType, detail));
            }
        }
        let fields = query.columns.iter().enumerate().map(|(index, column)| match plan.input_column(index) {
            Some(input) if is_table => Arc::new(columns.field(input).clone().with_name(&column.name)),
            _ => field(column, plan.is_list(index)),
        });
        let columns_out = Schema::new_with_metadata(fields.collect::<Vec<_>>(), columns.metadata().clone());
        Ok(Self { plan, columns_in: columns, columns_out: Arc::new(columns_out) })
    }

    /// Returns the schema of the result.
    pub fn columns_out(&self) -> &SchemaRef {
        &self.columns_out
    }

    /// Runs the query over a record batch. `now` is what `now()` returns.
    ///
    /// # Errors
    ///
    /// Returns [`ErrorKind::WrongType`] if the schema of the batch is not that of the plan,
    /// [`ErrorKind::Unsupported`] if a datetime or a timespan of the result does not fit in Arrow's type,
    /// or the error that [`BoundQuery::run`] returns.
    pub fn run(&self, batch: &RecordBatch, now: Datetime) -> Result<RecordBatch, Error> {
        if *batch.schema_ref() != self.columns_in {
            let detail = "the schema of the record batch is not that of the plan";
            return Err(Error::new(ErrorKind::WrongType, detail));
        }
        if let BoundSource::Rows(rows) = &self.plan.query().source {
            return self.of_table(&self.plan.run(rows, now)?);
        }
        let batch = Batch::new(batch);
        self.plan.run_over(&batch, now, |selected| match selected {
            Selected::Rows(state, _) if state.len() == 0 => {
                Ok(RecordBatch::new_empty(self.columns_out.clone()))
            }
            Selected::Rows(state, output) => self.of_rows(&batch, &state, output),
            Selected::Table(table) => self.of_table(&table),
        })
    }

    /// The selected rows as a record batch.
    fn of_rows<'a>(
        &self,
        batch: &Batch<'_>,
        state: &State<'a, Batch<'_>>,
        output: &'a [Expr],
    ) -> Result<RecordBatch, Error> {
        let positions = 0..state.len();
        let indices =
            UInt32Array::from_iter_values(positions.clone().map(|position| state.row(position) as u32));
        let column = |(index, value): (usize, &'a Expr)| match self.plan.input_column(index) {
            Some(column) => {
                take(batch.batch.column(column), &indices, None).map_err(|error| invalid_batch(&error))
            }
            None => {
                let values = positions.clone().map(|position| value.value(state, position));
                self.array(index, values.collect::<Result<Vec<_>, _>>()?.into_iter())
            }
        };
        self.batch(output.iter().enumerate().map(column).collect::<Result<_, _>>()?, state.len())
    }

    fn array<'a>(&self, index: usize, values: impl Iterator<Item = Value<'a>>) -> Result<ArrayRef, Error> {
        let is_guid = self.plan.query.columns.get(index).is_some_and(|column| column.r#type == Type::Guid);
        array(self.columns_out.field(index), is_guid, values)
    }

    /// A table as a record batch.
    fn of_table(&self, table: &Table) -> Result<RecordBatch, Error> {
        let column = |index: usize| {
            let values = table.rows().iter().filter_map(|row| row.get(index)).map(Value::from);
            self.array(index, values)
        };
        let columns = (0..table.columns().len()).map(column).collect::<Result<_, _>>()?;
        self.batch(columns, table.rows().len())
    }

    fn batch(&self, columns: Vec<ArrayRef>, rows: usize) -> Result<RecordBatch, Error> {
        let options = RecordBatchOptions::new().with_row_count(Some(rows));
        let batch = RecordBatch::try_new_with_options(self.columns_out.clone(), columns, &options);
        batch.map_err(|error| invalid_batch(&error))
    }
}

fn invalid_batch(error: &ArrowError) -> Error {
    Error::new(ErrorKind::WrongType, format!("the record batch cannot be read: {error}"))
}

/// A record batch whose columns are read when they are needed.
struct Batch<'a> {
    batch: &'a RecordBatch,
    cells: Vec<OnceCell<Cells<'a>>>,
}

impl<'a> Batch<'a> {
    fn new(batch: &'a RecordBatch) -> Self {
        Self { batch, cells: vec![OnceCell::new(); batch.num_columns()] }
    }

    fn cells(&self, column: usize) -> &Cells<'a> {
        const NONE: &Cells<'static> = &Cells::Nulls;
        match self.cells.get(column) {
            Some(cells) => cells.get_or_init(|| Cells::new(self.batch.column(column))),
            None => NONE,
        }
    }
}

impl Input for Batch<'_> {
    fn len(&self) -> usize {
        self.batch.num_rows()
    }

    fn cell(&self, column: usize, row: usize) -> Value<'_> {
        self.cells(column).value(row)
    }

    fn number(&self, column: usize, row: usize) -> Option<i64> {
        match self.cells(column) {
            Cells::Numbers(numbers) => numbers.number(row),
            _ => None,
        }
    }

    fn numbers(&self, column: usize) -> Vec<Option<i64>> {
        match self.cells(column) {
            Cells::Numbers(numbers) => (0..self.len()).map(|row| numbers.number(row)).collect(),
            _ => vec![None; self.len()],
        }
    }

    fn table(&self) -> Result<Table, Error> {
        let columns = columns_of(self.batch.schema_ref())?;
        let types: Vec<Type> = columns.iter().map(|column| column.r#type).collect();
        let mut table = Table::new(columns)?;
        for row in 0..self.len() {
            let cell = |(column, r#type): (usize, &Type)| match self.cell(column, row) {
                Value::Null => r#type.empty(),
                value => Dynamic::from(value),
            };
            table.push(types.iter().enumerate().map(cell).collect())?;
        }
        Ok(table)
    }

    fn rows_with_text(
        &self,
        column: usize,
        test: &TextPredicate,
        expected: bool,
        among: usize,
    ) -> Option<Vec<u32>> {
        match self.cells(column) {
            Cells::Text(texts) => (among == self.len() || test.is_searched_for(texts, among))
                .then(|| test.rows(texts, expected)),
            _ => Some(vec![]),
        }
    }

    fn is_searched(&self, column: usize, test: &TextPredicate) -> bool {
        match self.cells(column) {
            Cells::Text(texts) => test.is_search(texts),
            _ => false,
        }
    }

    fn rows_in_range(&self, column: usize, range: &RangeInclusive<i64>, expected: bool) -> Vec<u32> {
        match self.cells(column) {
            Cells::Numbers(numbers) => numbers.rows_in_range(range, expected),
            _ => vec![],
        }
    }

    fn rows_with_difference(
        &self,
        columns: [usize; 2],
        range: &RangeInclusive<i64>,
        expected: bool,
    ) -> Option<Vec<u32>> {
        match columns.map(|column| self.cells(column)) {
            [Cells::Numbers(a), Cells::Numbers(b)] => Some(a.rows_with_difference(b, range, expected)),
            _ => None,
        }
    }

    fn longest_text(&self, column: usize) -> usize {
        match self.cells(column) {
            Cells::Text(texts) => texts.longest(),
            _ => 0,
        }
    }
}
