//! The rule over tables of Arrow, in whatever library they lie.
//!
//! A table comes and goes by the Arrow PyCapsule interface: its buffers are read where
//! they are, and the interpreter is free meanwhile.

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

/// Whether an object speaks the interface.
pub fn is_table(object: &Bound<'_, PyAny>) -> PyResult<bool> {
    Ok(object.hasattr("__arrow_c_stream__")? || object.hasattr("__arrow_c_array__")?)
}

/// The rule over a table.
pub fn select(table: &Bound<'_, PyAny>) -> PyResult<Table> {
    let reader = reader(table)?;
    let selected = table.py().detach(|| {
        guarded(|| {
            let plan = Plan::bound(columns_of(&*reader)?)?;
            Ok((plan.select(reader)?, plan.bound.columns_out().clone()))
        })
    });
    let (batches, columns) = selected?;
    Table::new(table.py(), batches, columns)
}

/// The record batches of a table, one after the other.
fn reader(table: &Bound<'_, PyAny>) -> PyResult<Box<dyn ArrayReader + Send>> {
    if table.hasattr("__arrow_c_stream__")? {
        return table.extract::<PyArrayReader>()?.into_reader();
    }
    let (array, field) = table.extract::<PyArray>()?.into_inner();
    Ok(Box::new(ArrayIterator::new([Ok(array)], field)))
}

/// What reads memory that others have laid out. A library that lays it out as Arrow does
/// not allow could make it panic, which is an error of that library and none to end a
/// process for.
fn guarded<T>(read: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    let unreadable = |_| Err(Failure::unreadable("its memory is not laid out as Arrow says"));
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(unreadable)
}

fn columns_of(reader: &dyn ArrayReader) -> Result<SchemaRef, Failure> {
    let field = reader.field();
    match field.data_type() {
        DataType::Struct(columns) => {
            Ok(Arc::new(Schema::new_with_metadata(columns.clone(), field.metadata().clone())))
        }
        other => Err(Failure::wrong(format!("wanted a table, got an array of {other}"))),
    }
}

/// The rule, bound to columns.
///
/// Binding costs as much as looking at a few thousand rows, so that for many small
/// batches it is better done once. As a schema, it is that of the answer.
#[pyclass(frozen, module = "rulespec")]
pub struct Plan {
    columns: SchemaRef,
    bound: columns::Plan,
}

impl Plan {
    fn bound(columns: SchemaRef) -> Result<Self, Failure> {
        let bound = columns::Plan::new(columns.clone())?;
        Ok(Self { columns, bound })
    }

    /// What the rule selects; batches of which it selects nothing are left out.
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

    /// A record batch of these columns, of an array of structs that has none missing.
    fn batch(&self, array: &ArrayRef) -> Result<RecordBatch, Failure> {
        let rows =
            array.as_struct_opt().ok_or_else(|| Failure::wrong("a record batch is no array of structs"))?;
        if rows.logical_null_count() > 0 {
            return Err(Failure::wrong("a row of the table is null as a whole"));
        }
        if !self.has_the_columns_of(rows) {
            return Err(Failure::wrong("the record batch has other columns than the plan"));
        }
        let options = RecordBatchOptions::new().with_row_count(Some(rows.len()));
        let batch =
            RecordBatch::try_new_with_options(self.columns.clone(), rows.columns().to_vec(), &options);
        batch.map_err(Failure::wrong)
    }

    fn has_the_columns_of(&self, rows: &StructArray) -> bool {
        let ours = self.columns.fields().iter().map(|field| (field.name(), field.data_type()));
        ours.eq(rows.fields().iter().map(|field| (field.name(), field.data_type())))
    }
}

#[pymethods]
impl Plan {
    /// Binds the rule to the columns of a schema.
    #[new]
    fn new(columns: PySchema) -> PyResult<Self> {
        Ok(Self::bound(columns.into_inner())?)
    }

    /// What the rule selects of a record batch, or of a table, of these columns.
    fn run(&self, batch: &Bound<'_, PyAny>) -> PyResult<Table> {
        let reader = reader(batch)?;
        let selected = batch.py().detach(|| guarded(|| self.select(reader)))?;
        Table::new(batch.py(), selected, self.bound.columns_out().clone())
    }

    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        Ok(to_schema_pycapsule(py, &**self.bound.columns_out())?)
    }
}

/// What the rule selects of a table of Arrow.
///
/// Anything that speaks the Arrow PyCapsule interface takes it without a copy:
/// ``pyarrow.table(answer)``, ``polars.DataFrame(answer)``, DuckDB by its name.
#[pyclass(frozen, module = "rulespec")]
pub struct Table(Py<PyTable>);

impl Table {
    fn new(py: Python<'_>, batches: Vec<RecordBatch>, columns: SchemaRef) -> PyResult<Self> {
        Ok(Self(Py::new(py, PyTable::try_new(batches, columns)?)?))
    }
}

#[pymethods]
impl Table {
    /// How many rows there are.
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
