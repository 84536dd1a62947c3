//! Runs a bound query: the reference.

use std::cmp::Ordering;

use super::bound::{BoundQuery, BoundSource, Scalar, ScalarKind, SortKey, Step};

use crate::kql::{Argument, Datetime, Dynamic, Error, ErrorKind, Row, Semantics, Table, limited};

/// What the values of expressions depend on besides the row.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The functions that are called.
    pub kql: &'a Semantics,
    /// What `now()` returns.
    pub now: Datetime,
}

impl BoundQuery {
    /// Runs the query over the table that it reads.
    ///
    /// # Errors
    ///
    /// Returns [`ErrorKind::UnknownColumn`] if the table does not have the columns that the query was
    /// bound to, or the first error of a function.
    pub fn run(&self, table: &Table, context: Context<'_>) -> Result<Table, Error> {
        let mut table = self.source.rows(table)?.clone();
        for step in &self.steps {
            table = step.run(&table, context)?;
        }
        Ok(table)
    }
}

impl BoundSource {
    /// The rows that the query reads, given the table.
    ///
    /// # Errors
    ///
    /// Returns [`ErrorKind::UnknownColumn`] if the table does not have the columns that the query was
    /// bound to.
    pub(crate) fn rows<'a>(&'a self, table: &'a Table) -> Result<&'a Table, Error> {
        match self {
            Self::Rows(rows) => Ok(rows),
            Self::Table(_, columns) if columns == table.columns() => Ok(table),
            Self::Table(name, _) => {
                let detail = format!("the query is bound to other columns of {name}");
                Err(Error::new(ErrorKind::UnknownColumn, detail))
            }
        }
    }
}

impl Step {
    /// Applies the step to a table.
    ///
    /// # Errors
    ///
    /// Returns the first error of a function.
    pub fn run(&self, table: &Table, context: Context<'_>) -> Result<Table, Error> {
        let kql = context.kql;
        match self {
            Self::Where(predicate) => {
                (kql.filter)(kql, table, &|row| Ok(predicate.evaluate(row, context)?.as_bool()))
            }
            Self::Extend(assigned) => {
                let columns: Vec<_> = assigned.iter().map(|(column, _)| column.clone()).collect();
                let value = |row: Row<'_>, number: usize| assigned[number].1.evaluate(row, context);
                (kql.extend)(kql, table, &columns, &value)
            }
            Self::Project(assigned) => {
                let columns: Vec<_> = assigned.iter().map(|(column, _)| column.clone()).collect();
                table.project(columns, &|row, number| assigned[number].1.evaluate(row, context))
            }
            Self::Reorder(listed) => {
                let listed: Vec<&str> = listed.iter().map(String::as_str).collect();
                (kql.project_reorder)(kql, table, &listed)
            }
            Self::Distinct => Ok(table.distinct()),
            Self::Take(count) => Ok(table.take(*count)),
            Self::Sort(keys) => Ok(table.select(&sorted(table, keys, context)?)),
            Self::Count(name) => Ok(table.count(name)),
        }
    }
}

/// The indices of the rows in the order of the keys.
///
/// Spec: TAB-21, TAB-22
pub(super) fn sorted(table: &Table, keys: &[SortKey], context: Context<'_>) -> Result<Vec<usize>, Error> {
    let mut values = vec![];
    for row in table.rows_by_name() {
        let row = keys.iter().map(|key| key.value.evaluate(row, context));
        values.push(row.collect::<Result<Vec<_>, _>>()?);
    }
    Ok(sorted_by(keys, &values))
}

/// The indices of rows in the order of the keys, given the values of the keys in each row. Equal rows
/// keep their order.
///
/// Spec: TAB-21, TAB-22
pub(crate) fn sorted_by(keys: &[SortKey], values: &[Vec<Dynamic>]) -> Vec<usize> {
    let compare = |a: &usize, b: &usize| {
        let pairs = keys.iter().zip(values[*a].iter().zip(&values[*b]));
        let orders = pairs.map(|(key, (a, b))| key.compare(a, b));
        orders.fold(Ordering::Equal, Ordering::then)
    };
    let mut indices: Vec<usize> = (0..values.len()).collect();
    indices.sort_by(compare);
    indices
}

impl SortKey {
    /// Compares two values of the key. NaN is between the nulls and the other values.
    ///
    /// Spec: TAB-21, TAB-22
    fn compare(&self, a: &Dynamic, b: &Dynamic) -> Ordering {
        let rank = |value: &Dynamic| match value {
            Dynamic::Null => 0,
            Dynamic::Real(value) if value.is_nan() => 1,
            _ => 2,
        };
        let ranks = rank(a).cmp(&rank(b));
        let ranks = if self.nulls_first { ranks } else { ranks.reverse() };
        let values = crate::kql::order(a, b).unwrap_or(Ordering::Equal);
        ranks.then(if self.is_descending { values.reverse() } else { values })
    }
}

impl Scalar {
    /// The value of the expression for one row.
    ///
    /// # Errors
    ///
    /// Returns the first error of a function.
    pub fn evaluate(&self, row: Row<'_>, context: Context<'_>) -> Result<Dynamic, Error> {
        let value = match &self.kind {
            ScalarKind::Column(index) => return Ok(row.cells().get(*index).cloned().unwrap_or_default()),
            ScalarKind::Constant(value) => return Ok(value.clone()),
            ScalarKind::Call(function, operands) => {
                let mut arguments = vec![];
                for operand in operands {
                    arguments
                        .push(Argument { value: operand.evaluate(row, context)?, r#type: operand.r#type });
                }
                function.call(context, &arguments)?
            }
        };
        limited(value.as_str().map_or(0, str::len))?;
        // A string is never null: see TXT-04.
        Ok(if value.is_null() { self.r#type.empty() } else { value })
    }
}

/// Returns the value of an expression that refers to no column.
pub(crate) fn evaluate_constant(scalar: &Scalar, context: Context<'_>) -> Result<Dynamic, Error> {
    let mut table = Table::new(vec![])?;
    table.push(vec![])?;
    let row = table.rows_by_name().next();
    row.map_or(Ok(Dynamic::Null), |row| scalar.evaluate(row, context))
}
