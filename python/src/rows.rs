//! The rule over a list of dicts.

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString};
use rulespec::fast::rule::bitsadmin_activity;
use rulespec::kql::{Column, Dynamic, Table, Type};

use crate::error::Failure;
use crate::value::{Text, to_python};

/// The columns that the rule adds.
const ADDED: [&str; 6] =
    ["ParsedCommandLine", "Direction", "LocalFile", "RemoteUrl", "HostName", "DnsDomain"];

/// Returns the rows that the rule selects, each with the columns that it adds.
///
/// A value that the rule does not change is the same object in the answer, and is not
/// converted. An extra column with the row's index goes through the rule, to find those
/// objects again. An empty list is valid: it has no rows that could lack a column.
pub fn select<'py>(rows: &Bound<'py, PyList>) -> PyResult<Bound<'py, PyList>> {
    if rows.is_empty() {
        return Ok(PyList::empty(rows.py()));
    }
    let (py, rows) = (rows.py(), dicts(rows)?);
    let names = names(&rows)?;
    let index_name = unused_name(&names);
    let answer = bitsadmin_activity(&table(&rows, &names, &index_name)?).map_err(Failure::from)?;
    let selected = PyList::empty(py);
    for row in answer.rows_by_name() {
        let index = row.get(&index_name).and_then(Dynamic::as_long).and_then(|at| usize::try_from(at).ok());
        let original = index.and_then(|index| rows.get(index));
        let answer = PyDict::new(py);
        for Column { name, .. } in row.columns().iter().filter(|column| column.name != index_name) {
            let unchanged = original.filter(|_| !ADDED.contains(&name.as_str()));
            let value = match unchanged {
                Some(original) => original.get_item(name)?,
                None => row.get(name).map(|value| to_python(py, value)).transpose()?,
            };
            answer.set_item(name, value)?;
        }
        selected.append(answer)?;
    }
    Ok(selected)
}

fn dicts<'py>(rows: &Bound<'py, PyList>) -> PyResult<Vec<Bound<'py, PyDict>>> {
    let dict = |row: Bound<'py, PyAny>| match row.cast_into::<PyDict>() {
        Ok(row) => Ok(row),
        Err(error) => Err(Failure::wrong_type("a list of dicts", &error.into_inner()).into()),
    };
    rows.iter().map(dict).collect()
}

/// Returns the names of all columns, in order of their first appearance.
fn names(rows: &[Bound<'_, PyDict>]) -> PyResult<Vec<String>> {
    let mut names: Vec<String> = vec![];
    let mut seen = std::collections::HashSet::new();
    for row in rows {
        for name in row.keys() {
            let name = name.extract::<Text<'_>>()?.0;
            if !seen.contains(name.as_ref()) {
                seen.insert(name.clone().into_owned());
                names.push(name.into_owned());
            }
        }
    }
    Ok(names)
}

/// Returns a name that no column has.
fn unused_name(names: &[String]) -> String {
    let longest = names.iter().map(String::len).max().unwrap_or_default();
    "#".repeat(longest + 1)
}

/// Converts the string columns to a table. A column with other values has nulls and another
/// type; the last column has the index of the row.
fn table(rows: &[Bound<'_, PyDict>], names: &[String], index_name: &str) -> PyResult<Table> {
    let types = names.iter().map(|name| type_of(rows, name)).collect::<PyResult<Vec<_>>>()?;
    let columns = names.iter().zip(&types).map(|(name, r#type)| Column::new(name, *r#type));
    let columns = columns.chain([Column::new(index_name, Type::Long)]).collect();
    let mut table = Table::new(columns).map_err(Failure::from)?;
    for (index, row) in rows.iter().enumerate() {
        let cell = |(name, r#type): (&String, &Type)| match (r#type, row.get_item(name)?) {
            (Type::String, Some(text)) if !text.is_none() => {
                Ok(Dynamic::String(text.extract::<Text<'_>>()?.0.into_owned()))
            }
            (r#type, _) => Ok(r#type.empty()),
        };
        let mut cells = names.iter().zip(&types).map(cell).collect::<PyResult<Vec<_>>>()?;
        cells.push(Dynamic::Long(index as i64));
        table.push(cells).map_err(Failure::from)?;
    }
    Ok(table)
}

/// Returns `string` if the column contains only strings and `None`.
fn type_of(rows: &[Bound<'_, PyDict>], name: &str) -> PyResult<Type> {
    for row in rows {
        let other =
            row.get_item(name)?.filter(|value| !value.is_none() && !value.is_instance_of::<PyString>());
        if other.is_some() {
            return Ok(Type::Dynamic);
        }
    }
    Ok(Type::String)
}
