//! The rule over Arrow record batches.

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;

use super::plan::{BatchPlan, columns_of};
use super::rule::bind;
use crate::kql::{Datetime, Error};

/// Runs the rule over one record batch, under the default [`Profile`](crate::kql::Profile).
///
/// The result is that of [`Rule::run`](crate::rule::Rule::run), with the same
/// order of rows and columns. `ParsedCommandLine` is a list of Utf8 and the other five new columns are
/// Utf8. A column with the same name as a new one is replaced in place. All other columns keep their
/// types and nulls. [`BatchPlan`] says which Arrow types the columns may have.
///
/// # Errors
///
/// Returns an error of the same kind as `Rule::run` for a table with these columns,
/// even without rows: [`UnknownColumn`](crate::kql::ErrorKind::UnknownColumn),
/// [`WrongType`](crate::kql::ErrorKind::WrongType) or
/// [`RepeatedColumn`](crate::kql::ErrorKind::RepeatedColumn). It is `WrongType` too if the rule reads a
/// column of an Arrow type that [`BatchPlan`] does not read.
///
/// ```
/// use std::sync::Arc;
/// use arrow_array::{Array, RecordBatch, StringArray, cast::AsArray};
/// use rulespec::fast::columns::bitsadmin_activity;
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

/// The rule, bound to a schema.
///
/// Binding takes as long as processing a few thousand rows, so bind once for many small
/// batches.
#[derive(Debug, Clone)]
pub struct Plan(BatchPlan);

impl Plan {
    /// Binds the rule to a schema.
    ///
    /// # Errors
    ///
    /// Returns the same errors as [`bitsadmin_activity`].
    ///
    /// Spec: RUL-14, RUL-15
    pub fn new(columns: SchemaRef) -> Result<Self, Error> {
        Ok(Self(BatchPlan::new(&bind(&columns_of(&columns)?)?, columns)?))
    }

    /// The schema of the output.
    pub fn columns_out(&self) -> &SchemaRef {
        self.0.columns_out()
    }

    /// Runs the rule over one record batch.
    ///
    /// # Errors
    ///
    /// Returns [`WrongType`](crate::kql::ErrorKind::WrongType) if the schema of the batch is not that of
    /// the plan.
    ///
    /// Spec: RUL-01, RUL-02, RUL-03, RUL-04, RUL-12, RUL-13
    pub fn run(&self, batch: &RecordBatch) -> Result<RecordBatch, Error> {
        self.0.run(batch, Datetime::UNIX_EPOCH)
    }
}
