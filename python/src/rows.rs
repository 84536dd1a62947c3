//! A rule over a list of dicts.

use std::collections::{BTreeSet, HashMap, HashSet};

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};
use rulespec::fast::plan::Plan;
use rulespec::kql::{Column, Datetime, Dynamic, Table, Type};
use rulespec::query::BoundQuery;
use rulespec::rule::Rule;
use rulespec_events::{known_column, known_columns};

use crate::error::Failure;
use crate::rule::bind;
use crate::value::{Text, from_python, to_python};

/// Returns the rows of the rule's result.
///
/// A value that the rule does not change is the same object in the result.
pub fn select<'py>(rule: &Rule, rows: &Bound<'py, PyList>, now: Datetime) -> PyResult<Bound<'py, PyList>> {
    let py = rows.py();
    let Prepared { rows, plan, computes } = prepare(rule, dicts(rows)?, now)?;
    let table = &rows.table;
    let (result, origins) = py.detach(|| computes.trace(table, now)).map_err(Failure::from)?;
    let indices: HashMap<&str, usize> =
        result.columns().iter().enumerate().map(|(index, column)| (column.name.as_str(), index)).collect();
    let columns = plan.query().columns.iter().enumerate().map(|(index, column)| {
        let of_input = plan.input_column(index).and_then(|index| rows.columns.get(index));
        (&column.name, of_input, indices.get(column.name.as_str()))
    });
    let columns: Vec<_> = columns.collect();
    let selected = PyList::empty(py);
    for (index, row) in result.rows().iter().enumerate() {
        let origin = origins.as_ref().and_then(|origins| rows.dicts.get(*origins.get(index)?));
        let dict = PyDict::new(py);
        for (name, of_input, index) in &columns {
            let value = match of_input.zip(origin) {
                Some((column, origin)) => origin.get_item(&column.name)?,
                None => {
                    index.and_then(|index| row.get(*index)).map(|cell| to_python(py, cell)).transpose()?
                }
            };
            dict.set_item(name, value)?;
        }
        selected.append(dict)?;
    }
    Ok(selected)
}

/// Dicts, and a rule that is bound to them.
struct Prepared<'py> {
    rows: Rows<'py>,
    /// The rule over all columns.
    plan: Plan,
    /// The rule over the columns of the table, which lacks those that only pass through the rule.
    computes: Plan,
}

/// Converts dicts to a table, and binds a rule to it.
///
/// Columns that the rule does not name are converted only if it reads them, as `distinct *` does. Dicts
/// of parsed JSON may have many of these, each in a few dicts.
fn prepare<'py>(rule: &Rule, dicts: Vec<Bound<'py, PyDict>>, now: Datetime) -> PyResult<Prepared<'py>> {
    let named = named_columns(rule);
    let rows = Rows::new(dicts, |name| named.contains(name))?;
    match rows.plan(rule, now) {
        Ok(plan) => {
            if let Ok(bound) = bind(rule, rows.table.columns(), now) {
                return Ok(Prepared { rows, plan, computes: Plan::new(&bound) });
            }
        }
        Err(failure) if !failure.is_about_types() => return Err(failure.into()),
        Err(_) => {}
    }
    let rows = Rows::new(rows.dicts, |_| true)?;
    let plan = rows.plan(rule, now)?;
    Ok(Prepared { rows, computes: plan.clone(), plan })
}

fn named_columns(rule: &Rule) -> BTreeSet<&str> {
    let mut named = rule.query.column_names();
    named.extend(rule.query.optional_column_names());
    named
}

/// Dicts, and a table of their values.
pub struct Rows<'py> {
    dicts: Vec<Bound<'py, PyDict>>,
    /// All columns of the dicts.
    columns: Vec<Column>,
    /// The columns that are read. One is null if KQL cannot represent its values.
    pub table: Table,
    /// The columns without values in the table, and why.
    unreadable: Vec<(String, String)>,
}

impl<'py> Rows<'py> {
    /// Converts some columns of dicts to a table. Without dicts, it has the columns of
    /// DeviceProcessEvents.
    pub fn new(dicts: Vec<Bound<'py, PyDict>>, is_read: impl Fn(&str) -> bool) -> PyResult<Self> {
        let mut rows = Self { dicts, columns: vec![], table: Table::default(), unreadable: vec![] };
        let (mut columns, mut cells) = (vec![], vec![]);
        for name in names(&rows.dicts)? {
            if !is_read(&name) {
                rows.unreadable.push((name.clone(), "not converted".to_owned()));
                rows.columns.push(Column::new(name, Type::Dynamic));
                continue;
            }
            let values = rows.values(&name)?;
            let r#type = values.as_ref().map_or(Type::Dynamic, |values| type_of(&name, values));
            let values = values.unwrap_or_else(|reason| {
                rows.unreadable.push((name.clone(), reason));
                vec![Dynamic::Null; rows.dicts.len()]
            });
            cells.push(values.into_iter().map(move |value| converted(value, r#type)));
            columns.push(Column::new(name, r#type));
            rows.columns.extend(columns.last().cloned());
        }
        if rows.dicts.is_empty() {
            columns = known_columns();
            rows.columns.clone_from(&columns);
        }
        rows.table = Table::new(columns).map_err(Failure::from)?;
        for _ in &rows.dicts {
            rows.table.push(cells.iter_mut().filter_map(Iterator::next).collect()).map_err(Failure::from)?;
        }
        Ok(rows)
    }

    /// The values of a column, or why KQL cannot represent them. A missing value is null.
    fn values(&self, name: &str) -> PyResult<Result<Vec<Dynamic>, String>> {
        let mut values = vec![];
        for dict in &self.dicts {
            match dict.get_item(name)?.map(|value| from_python(&value)).transpose() {
                Ok(value) => values.push(value.unwrap_or(Dynamic::Null)),
                Err(error) => return Ok(Err(error.value(dict.py()).to_string())),
            }
        }
        Ok(Ok(values))
    }

    /// Refuses a column that the rule reads if KQL cannot represent its values.
    pub fn check_readable<'a>(&self, read: impl Iterator<Item = &'a str>) -> Result<(), Failure> {
        let read: BTreeSet<&str> = read.collect();
        match self.unreadable.iter().find(|(name, _)| read.contains(name.as_str())) {
            Some((name, reason)) => {
                let reason = reason.trim_start_matches("wrong-type: ");
                Err(Failure::invalid(format!("the rule cannot read column {name:?}: {reason}")))
            }
            None => Ok(()),
        }
    }

    /// Refuses a column that the rule names if KQL cannot represent its values.
    pub fn check_named(&self, rule: &Rule) -> Result<(), Failure> {
        self.check_readable(named_columns(rule).into_iter())
    }

    /// Prepares a rule, and refuses a column that it reads if KQL cannot represent its values.
    fn plan(&self, rule: &Rule, now: Datetime) -> Result<Plan, Failure> {
        let plan = Plan::new(&self.bind(rule, now)?);
        let column = |index: usize| Some(self.columns.get(index)?.name.as_str());
        self.check_readable(plan.read_columns().filter_map(column))?;
        Ok(plan)
    }

    /// Binds a rule to the columns.
    pub fn bind(&self, rule: &Rule, now: Datetime) -> Result<BoundQuery, Failure> {
        let bound = bind(rule, &self.columns, now);
        // Otherwise, the error would be about the type that such a column has in the table.
        bound.or_else(|error| self.check_named(rule).and(Err(error)))
    }
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
    let mut seen = HashSet::new();
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

/// The type of a column with these values.
///
/// Without any value, it is the type that the column has in DeviceProcessEvents. JSON has no
/// datetimes, so texts are datetimes if all of them can be, in a column that has datetimes there.
fn type_of(name: &str, values: &[Dynamic]) -> Type {
    let mut types: Vec<Type> = vec![];
    for r#type in values.iter().filter_map(scalar_type) {
        if !types.contains(&r#type) {
            types.push(r#type);
        }
    }
    let known = known_column(name);
    match types[..] {
        [] => known.unwrap_or(Type::String),
        [Type::String] if known == Some(Type::Datetime) && values.iter().all(is_time) => Type::Datetime,
        [r#type] => r#type,
        [Type::Long, Type::Real] | [Type::Real, Type::Long] => Type::Real,
        _ => Type::Dynamic,
    }
}

/// The type of a value that is not null.
fn scalar_type(value: &Dynamic) -> Option<Type> {
    Some(match value {
        Dynamic::Null => return None,
        Dynamic::Bool(_) => Type::Bool,
        Dynamic::Long(_) => Type::Long,
        Dynamic::Real(_) => Type::Real,
        Dynamic::String(_) => Type::String,
        Dynamic::Datetime(_) => Type::Datetime,
        Dynamic::Timespan(_) => Type::Timespan,
        Dynamic::Array(_) | Dynamic::Bag(_) => Type::Dynamic,
    })
}

/// Whether a text is a datetime, or empty.
fn is_time(value: &Dynamic) -> bool {
    value.as_str().is_none_or(|text| text.is_empty() || text.parse::<Datetime>().is_ok())
}

/// A value as a cell of a column of this type.
fn converted(value: Dynamic, r#type: Type) -> Dynamic {
    match (value, r#type) {
        (Dynamic::Null, r#type) => r#type.empty(),
        (Dynamic::Long(number), Type::Real) => Dynamic::Real(number as f64),
        (Dynamic::String(text), Type::Datetime) => text.parse().map_or(Dynamic::Null, Dynamic::Datetime),
        (value, _) => value,
    }
}
