//! The rule over any kind of table that Python has.

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};
use rulespec::fast::rule;
use rulespec::kql::{Dynamic, Table};

use crate::error::Failure;
use crate::value::{from_python, to_python};
use crate::{arrow, rows};

/// Run the rule, Bitsadmin Activity, over a table of process creations.
///
/// >>> columns = ["TimeGenerated", "DeviceId", "DeviceName", "FileName", "ProcessId",
/// ...     "InitiatingProcessFolderPath", "InitiatingProcessAccountDomain",
/// ...     "InitiatingProcessAccountName", "InitiatingProcessSHA256"]
/// >>> event = dict.fromkeys(columns) | {"FileName": "bitsadmin.exe",
/// ...     "ProcessCommandLine": r"bitsadmin /transfer j http://x/a C:\a"}
/// >>> bitsadmin_activity([event])[0]["RemoteUrl"]
/// 'http://x/a'
#[pyfunction]
#[pyo3(signature = (table, /))]
pub fn bitsadmin_activity<'py>(table: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    if let Ok(rows) = table.cast::<PyList>() {
        rows::select(rows).map(Bound::into_any)
    } else if let Ok(dict) = table.cast::<PyDict>() {
        select_from_protocol(dict)
    } else if arrow::is_table(table)? {
        Ok(Bound::new(table.py(), arrow::select(table)?)?.into_any())
    } else {
        let expected = "an Arrow table, a list of dicts, or a dict of columns and rows";
        Err(Failure::wrong_type(expected, table).into())
    }
}

/// Runs the rule over a table in the form of the protocol, which is that of the vectors.
///
/// Spec: PRO-04
fn select_from_protocol<'py>(dict: &Bound<'py, PyDict>) -> PyResult<Bound<'py, PyAny>> {
    let table = Table::from_json(&from_python(dict)?.to_json()).map_err(Failure::from)?;
    let selected = rule::bitsadmin_activity(&table).map_err(Failure::from)?;
    to_python(dict.py(), &Dynamic::from_json(&selected.to_json()))
}
