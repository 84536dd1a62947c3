//! The rule over a list of dicts.

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString};
use rulespec::fast::rule::bitsadmin_activity;
use rulespec::kql::{Column, Dynamic, Table, Type};
use rulespec::rule::metadata;

use crate::error::Failure;
use crate::value::{Text, to_python};

/// The rows that the rule selects, each with the columns it adds, in the order of its
/// answer.
///
/// What the rule only passes on is not looked at and is the same object after it as
/// before. So that it can be found again, each row's number goes through the rule in
/// a column of its own. Where there are no rows, no column is missing.
pub fn select<'py>(rows: &Bound<'py, PyList>) -> PyResult<Bound<'py, PyList>> {
    if rows.is_empty() {
        return Ok(PyList::empty(rows.py()));
    }
    let (py, rows) = (rows.py(), dicts(rows)?);
    let names = names(&rows)?;
    let number = unused(&names);
    let answer = bitsadmin_activity(&table(&rows, &names, &number)?).map_err(Failure::from)?;
    let selected = PyList::empty(py);
    for row in answer.rows_by_name() {
        let at = row.get(&number).and_then(Dynamic::as_long).and_then(|at| usize::try_from(at).ok());
        let before = at.and_then(|at| rows.get(at));
        let after = PyDict::new(py);
        for Column { name, .. } in row.columns().iter().filter(|column| column.name != number) {
            let passed = before.filter(|_| !metadata().output_fields.contains(&name.as_str()));
            let value = match passed {
                Some(before) => before.get_item(name)?,
                None => row.get(name).map(|value| to_python(py, value)).transpose()?,
            };
            after.set_item(name, value)?;
        }
        selected.append(after)?;
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

/// The names of all columns, in the order in which they first come.
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

/// A name that no column has.
fn unused(names: &[String]) -> String {
    let longest = names.iter().map(String::len).max().unwrap_or_default();
    "#".repeat(longest + 1)
}

/// The table of all texts; what is no text has a column of another type, and null in
/// each cell.
fn table(rows: &[Bound<'_, PyDict>], names: &[String], number: &str) -> PyResult<Table> {
    let types = names.iter().map(|name| type_of(rows, name)).collect::<PyResult<Vec<_>>>()?;
    let columns = names.iter().zip(&types).map(|(name, r#type)| Column::new(name, *r#type));
    let columns = columns.chain([Column::new(number, Type::Long)]).collect();
    let mut table = Table::new(columns).map_err(Failure::from)?;
    for (at, row) in rows.iter().enumerate() {
        let cell = |(name, r#type): (&String, &Type)| match (r#type, row.get_item(name)?) {
            (Type::String, Some(text)) if !text.is_none() => {
                Ok(Dynamic::String(text.extract::<Text<'_>>()?.0.into_owned()))
            }
            (r#type, _) => Ok(r#type.empty()),
        };
        let mut cells = names.iter().zip(&types).map(cell).collect::<PyResult<Vec<_>>>()?;
        cells.push(Dynamic::Long(at as i64));
        table.push(cells).map_err(Failure::from)?;
    }
    Ok(table)
}

/// A column is of strings where nothing else is in it but None.
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
