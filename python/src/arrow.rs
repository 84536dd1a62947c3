//! A rule over the Arrow tables of any library.
//!
//! Tables are exchanged by the Arrow PyCapsule interface. Buffers are read without a copy,
//! and with the interpreter detached, so that other Python threads run.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::{Array, ArrayRef, RecordBatch, RecordBatchIterator, RecordBatchOptions, StructArray};
use arrow_schema::{DataType, Schema, SchemaRef};
use arrow_select::concat::concat_batches;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;
use pyo3_arrow::ffi::{ArrayIterator, ArrayReader, to_schema_pycapsule};
use pyo3_arrow::{PyArray, PyArrayReader, PySchema};
use rulespec::fast::plan::{self, BatchPlan};
use rulespec::kql::Datetime;
use rulespec::query::bound::BoundSource;
use rulespec::rule::Rule;
use rulespec_check::panic_text;

use crate::error::Failure;
use crate::rule::bind;
use crate::value::Now;

/// Whether an object implements the interface.
pub fn is_table(object: &Bound<'_, PyAny>) -> PyResult<bool> {
    Ok(object.hasattr("__arrow_c_stream__")? || object.hasattr("__arrow_c_array__")?)
}

/// Runs a rule over a table.
pub fn select(rule: &Rule, table: &Bound<'_, PyAny>, now: Datetime) -> PyResult<Table> {
    let reader = reader(table)?;
    let selected = table.py().detach(|| -> Result<_, Failure> {
        let plan = Plan::bind(rule, columns_of(&*reader)?, Some(now))?;
        Ok((plan.select(reader, now)?, plan.bound.columns_out().clone()))
    });
    let (batches, columns) = selected?;
    Ok(Table { batches, columns })
}

/// Streams the record batches of a table.
fn reader(table: &Bound<'_, PyAny>) -> PyResult<Box<dyn ArrayReader + Send>> {
    if table.hasattr("__arrow_c_stream__")? {
        return table.extract::<PyArrayReader>()?.into_reader();
    }
    let (array, field) = catch_panics(|| table.extract::<PyArray>())?.into_inner();
    Ok(Box::new(ArrayIterator::new([Ok(array)], field)))
}

/// Calls a function that reads another library's memory, and converts a panic to an error.
/// If that library violates Arrow's memory layout, reading can panic, also while the rule runs: what an
/// offset or a length refers to is not validated before.
fn catch_panics<T, E: From<Failure>>(read: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|panic| {
        let text = panic_text(&*panic).unwrap_or("no message");
        let what = format!("its memory layout is not that of Arrow, or this is a bug of rulespec: {text}");
        Err(Failure::unreadable(what).into())
    })
}

fn columns_of(reader: &dyn ArrayReader) -> Result<SchemaRef, Failure> {
    let field = reader.field();
    match field.data_type() {
        DataType::Struct(columns) => {
            Ok(Arc::new(Schema::new_with_metadata(columns.clone(), field.metadata().clone())))
        }
        other => Err(Failure::invalid(format!("expected a table, got an array of {other}"))),
    }
}

/// A rule, bound to columns by :meth:`Rule.plan`.
///
/// Binding takes as long as evaluating a few thousand rows. For many small batches, bind
/// once. As an Arrow schema, a plan is the schema of the answer.
#[pyclass(frozen, module = "rulespec")]
pub struct Plan {
    columns: SchemaRef,
    bound: BatchPlan,
    now: Option<Datetime>,
    needs_all_rows: bool,
}

impl Plan {
    /// Binds a rule to the columns of a Python object. Without `now`, each run takes the current time.
    pub fn new(rule: &Rule, columns: &Bound<'_, PyAny>, now: Option<Datetime>) -> PyResult<Self> {
        let schema = columns.extract::<PySchema>();
        let schema = schema.map_err(|_| Failure::wrong_type("an Arrow schema", columns))?;
        Ok(Self::bind(rule, schema.into_inner(), now)?)
    }

    fn bind(rule: &Rule, columns: SchemaRef, now: Option<Datetime>) -> Result<Self, Failure> {
        let time = Now::or_current(now.map(Now))?;
        let query = bind(rule, &plan::columns_of(&columns)?, time)?;
        let reads_rows = matches!(query.source, BoundSource::Table(..));
        let needs_all_rows = !reads_rows || query.row_steps() < query.steps.len();
        Ok(Self { bound: BatchPlan::new(&query, columns.clone())?, columns, now, needs_all_rows })
    }

    /// Returns the rows of the result, without empty batches.
    fn select(
        &self,
        reader: Box<dyn ArrayReader + Send>,
        now: Datetime,
    ) -> Result<Vec<RecordBatch>, Failure> {
        catch_panics(|| self.select_unguarded(reader, now))
    }

    fn select_unguarded(
        &self,
        reader: Box<dyn ArrayReader + Send>,
        now: Datetime,
    ) -> Result<Vec<RecordBatch>, Failure> {
        let batches = reader.map(|array| self.batch(&array.map_err(Failure::unreadable)?));
        let selected: Vec<RecordBatch> = if self.needs_all_rows {
            vec![self.bound.run(&self.all(&batches.collect::<Result<Vec<_>, _>>()?)?, now)?]
        } else {
            batches.map(|batch| Ok(self.bound.run(&batch?, now)?)).collect::<Result<_, Failure>>()?
        };
        Ok(selected.into_iter().filter(|batch| batch.num_rows() > 0).collect())
    }

    /// All batches as one.
    fn all(&self, batches: &[RecordBatch]) -> Result<RecordBatch, Failure> {
        check_count(batches.iter().map(RecordBatch::num_rows).sum())?;
        match batches {
            [batch] => Ok(batch.clone()),
            batches => concat_batches(&self.columns, batches).map_err(Failure::unreadable),
        }
    }

    /// Converts an array of structs, none of them null, to a record batch.
    fn batch(&self, array: &ArrayRef) -> Result<RecordBatch, Failure> {
        let rows = array
            .as_struct_opt()
            .ok_or_else(|| Failure::invalid("a record batch is not an array of structs"))?;
        if rows.logical_null_count() > 0 {
            return Err(Failure::invalid("a row of the table is null"));
        }
        if !self.has_columns_of(rows) {
            return Err(Failure::invalid("the columns of the record batch are not those of the plan"));
        }
        check_count(rows.len())?;
        let options = RecordBatchOptions::new().with_row_count(Some(rows.len()));
        let batch =
            RecordBatch::try_new_with_options(self.columns.clone(), rows.columns().to_vec(), &options);
        batch.map_err(Failure::invalid)
    }

    fn has_columns_of(&self, rows: &StructArray) -> bool {
        let ours = self.columns.fields().iter().map(|field| (field.name(), field.data_type()));
        ours.eq(rows.fields().iter().map(|field| (field.name(), field.data_type())))
    }
}

#[pymethods]
impl Plan {
    /// Whether the rule needs all rows at once, as with ``sort``, ``top``, ``take``, ``distinct``
    /// and ``count``. If so, run it over a whole table. If not, the answer to a table is that to its
    /// batches, one after the other.
    #[getter]
    fn needs_all_rows(&self) -> bool {
        self.needs_all_rows
    }

    /// Run the rule over a record batch or a table with these columns.
    #[pyo3(signature = (table, /))]
    fn run(&self, table: &Bound<'_, PyAny>) -> PyResult<Table> {
        let now = Now::or_current(self.now.map(Now))?;
        if !is_table(table)? {
            return Err(Failure::wrong_type("an Arrow table", table).into());
        }
        let reader = reader(table)?;
        let batches = table.py().detach(|| self.select(reader, now))?;
        Ok(Table { batches, columns: self.bound.columns_out().clone() })
    }

    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        Ok(to_schema_pycapsule(py, &**self.bound.columns_out())?)
    }
}

/// Plans number rows with 32 bits.
fn check_count(rows: usize) -> Result<(), Failure> {
    match u32::try_from(rows) {
        Ok(_) => Ok(()),
        Err(_) => Err(Failure::unreadable(format!("it has more than {} rows in one piece", u32::MAX))),
    }
}

/// The rows of an Arrow table that a rule selects.
///
/// Any library with the Arrow PyCapsule interface reads it without a copy:
/// ``pyarrow.table(answer)``, ``polars.DataFrame(answer)``, or DuckDB by variable name.
#[pyclass(frozen, module = "rulespec")]
pub struct Table {
    batches: Vec<RecordBatch>,
    columns: SchemaRef,
}

#[pymethods]
impl Table {
    /// The number of rows.
    #[getter]
    fn num_rows(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }

    /// The names of the columns, in order.
    #[getter]
    fn column_names(&self) -> Vec<&str> {
        self.columns.fields().iter().map(|field| field.name().as_str()).collect()
    }

    fn __len__(&self) -> usize {
        self.num_rows()
    }

    fn __repr__(&self) -> String {
        format!("<rulespec.Table: {} rows>", self.num_rows())
    }

    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        Ok(to_schema_pycapsule(py, &*self.columns)?)
    }

    /// The stream has the schema of the rows. A requested schema may have other types, and the consumer
    /// then casts: the interface permits this, and casts would make this module much larger.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyCapsule>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        if let Some(capsule) = requested_schema {
            check_requested(&self.columns, &PySchema::from_arrow_pycapsule(&capsule)?.into_inner())?;
        }
        let batches = self.batches.clone().into_iter().map(Ok);
        let reader = RecordBatchIterator::new(batches, self.columns.clone());
        PyCapsule::new_with_value(py, FFI_ArrowArrayStream::new(Box::new(reader)), c"arrow_array_stream")
    }
}

/// Returns an error if a consumer requests other columns than there are, or the same in another order.
fn check_requested(columns: &Schema, requested: &Schema) -> Result<(), Failure> {
    let names = |schema: &Schema| -> Vec<String> {
        schema.fields().iter().map(|field| field.name().clone()).collect()
    };
    let (ours, theirs) = (names(columns), names(requested));
    if ours == theirs {
        return Ok(());
    }
    let without = |names: &[String], others: &[String]| -> Vec<String> {
        names.iter().filter(|name| !others.contains(name)).cloned().collect()
    };
    let (unknown, left_out) = (without(&theirs, &ours), without(&ours, &theirs));
    let mut differences = vec![];
    if !unknown.is_empty() {
        differences.push(format!("the table does not have {}", unknown.join(", ")));
    }
    if !left_out.is_empty() {
        differences.push(format!("the schema leaves out {}", left_out.join(", ")));
    }
    if differences.is_empty() {
        differences.push(format!("the columns in order are {}", ours.join(", ")));
    }
    Err(Failure::usage(format!(
        "a schema was requested whose columns are not those of the table: {}; select columns afterwards",
        differences.join(", and ")
    )))
}
