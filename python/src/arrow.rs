//! The rule over the Arrow tables of any library.
//!
//! Tables are exchanged by the Arrow PyCapsule interface. Buffers are read without a copy,
//! and with the interpreter detached, so that other Python threads run.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, RecordBatch, RecordBatchOptions, StructArray};
use arrow_schema::{DataType, Schema, SchemaRef};
use pyo3::prelude::*;
use pyo3::types::PyCapsule;
use pyo3_arrow::ffi::{ArrayIterator, ArrayReader, to_schema_pycapsule};
use pyo3_arrow::{PyArray, PyArrayReader, PySchema, PyTable};
use rulespec::fast::columns;

use crate::error::Failure;

/// Whether an object implements the interface.
pub fn is_table(object: &Bound<'_, PyAny>) -> PyResult<bool> {
    Ok(object.hasattr("__arrow_c_stream__")? || object.hasattr("__arrow_c_array__")?)
}

/// Runs the rule over a table.
pub fn select(table: &Bound<'_, PyAny>) -> PyResult<Table> {
    let reader = reader(table)?;
    let selected = table.py().detach(|| {
        catch_panics(|| {
            let plan = Plan::bind(columns_of(&*reader)?)?;
            Ok((plan.select(reader)?, plan.bound.columns_out().clone()))
        })
    });
    let (batches, columns) = selected?;
    Table::new(table.py(), batches, columns)
}

/// Streams the record batches of a table.
fn reader(table: &Bound<'_, PyAny>) -> PyResult<Box<dyn ArrayReader + Send>> {
    if table.hasattr("__arrow_c_stream__")? {
        return table.extract::<PyArrayReader>()?.into_reader();
    }
    let (array, field) = table.extract::<PyArray>()?.into_inner();
    Ok(Box::new(ArrayIterator::new([Ok(array)], field)))
}

/// Calls a function that reads another library's memory, and converts a panic to an error.
/// If that library violates Arrow's memory layout, reading can panic.
fn catch_panics<T>(read: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    let unreadable = |_| Err(Failure::unreadable("its memory layout is not that of Arrow"));
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(unreadable)
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

/// The rule, bound to columns.
///
/// Binding takes as long as evaluating a few thousand rows. For many small batches, bind
/// once. As an Arrow schema, a plan is the schema of the answer.
#[pyclass(frozen, module = "rulespec")]
pub struct Plan {
    columns: SchemaRef,
    bound: columns::Plan,
}

impl Plan {
    fn bind(columns: SchemaRef) -> Result<Self, Failure> {
        let bound = columns::Plan::new(columns.clone())?;
        Ok(Self { columns, bound })
    }

    /// Returns the selected rows, without empty batches.
    fn select(&self, reader: Box<dyn ArrayReader + Send>) -> Result<Vec<RecordBatch>, Failure> {
        let mut selected = vec![];
        for array in reader {
            let batch = self.batch(&array.map_err(Failure::unreadable)?)?;
            let rows = self.bound.run(&batch)?;
            if rows.num_rows() > 0 {
                selected.push(rows);
            }
        }
        Ok(selected)
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
    /// Bind the rule to the columns of a schema.
    #[new]
    fn new(columns: PySchema) -> PyResult<Self> {
        Ok(Self::bind(columns.into_inner())?)
    }

    /// Run the rule over a record batch or a table with these columns.
    fn run(&self, batch: &Bound<'_, PyAny>) -> PyResult<Table> {
        let reader = reader(batch)?;
        let selected = batch.py().detach(|| catch_panics(|| self.select(reader)))?;
        Table::new(batch.py(), selected, self.bound.columns_out().clone())
    }

    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        Ok(to_schema_pycapsule(py, &**self.bound.columns_out())?)
    }
}

/// The rows of an Arrow table that the rule selects.
///
/// Any library with the Arrow PyCapsule interface reads it without a copy:
/// ``pyarrow.table(answer)``, ``polars.DataFrame(answer)``, or DuckDB by variable name.
#[pyclass(frozen, module = "rulespec")]
pub struct Table(Py<PyTable>);

impl Table {
    fn new(py: Python<'_>, batches: Vec<RecordBatch>, columns: SchemaRef) -> PyResult<Self> {
        Ok(Self(Py::new(py, PyTable::try_new(batches, columns)?)?))
    }
}

#[pymethods]
impl Table {
    /// The number of rows.
    #[getter]
    fn num_rows(&self) -> usize {
        self.0.get().batches().iter().map(RecordBatch::num_rows).sum()
    }

    /// The names of the columns, in order.
    #[getter]
    fn column_names(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        self.0.getattr(py, "column_names")
    }

    fn __len__(&self) -> usize {
        self.num_rows()
    }

    fn __repr__(&self) -> String {
        format!("<rulespec.Table: {} rows>", self.num_rows())
    }

    fn __arrow_c_schema__(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        self.0.call_method0(py, "__arrow_c_schema__")
    }

    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__(&self, py: Python<'_>, requested_schema: Option<Py<PyAny>>) -> PyResult<Py<PyAny>> {
        self.0.call_method1(py, "__arrow_c_stream__", (requested_schema,))
    }
}
