//! The operators on tables.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

use super::{Assignments, Column, Predicate, Table, check_unique, position, unknown_column};
use crate::kql::{Dynamic, Error, Type};

impl Table {
    /// `where`: the table with only the rows for which the predicate is true.
    ///
    /// # Errors
    ///
    /// Returns the first error of the predicate.
    ///
    /// Spec: TAB-01, TAB-02
    pub fn filter(&self, predicate: &Predicate<'_>) -> Result<Self, Error> {
        let mut kept = Self { columns: self.columns.clone(), rows: vec![] };
        for cells in &self.rows {
            if predicate(self.row(cells))? == Some(true) {
                kept.rows.push(cells.clone());
            }
        }
        Ok(kept)
    }

    /// `extend`: the table with columns that are computed from each of its rows.
    ///
    /// # Errors
    ///
    /// Returns [`RepeatedColumn`](crate::kql::ErrorKind::RepeatedColumn) if a name is assigned twice,
    /// [`WrongType`](crate::kql::ErrorKind::WrongType) if a value is not of its column's type, or the first error of
    /// `value`.
    ///
    /// Spec: TAB-03, TAB-04, TAB-05, TAB-06
    pub fn extend(&self, assigned: &[Column], value: &Assignments<'_>) -> Result<Self, Error> {
        check_unique(assigned.iter().map(|column| column.name.as_str()))?;
        let mut columns = self.columns.clone();
        let mut places = vec![];
        for column in assigned {
            if let Some(place) = position(&columns, &column.name) {
                columns[place] = column.clone();
                places.push(place);
            } else {
                places.push(columns.len());
                columns.push(column.clone());
            }
        }
        let mut extended = Self { columns, rows: vec![] };
        for cells in &self.rows {
            let mut row = cells.clone();
            row.resize(extended.columns.len(), Dynamic::Null);
            for (number, &place) in places.iter().enumerate() {
                row[place] = value(self.row(cells), number)?;
            }
            extended.push(row)?;
        }
        Ok(extended)
    }

    /// `project-reorder`: the table with the listed columns first.
    ///
    /// # Errors
    ///
    /// Returns [`UnknownColumn`](crate::kql::ErrorKind::UnknownColumn) if the table lacks a listed column, and
    /// [`RepeatedColumn`](crate::kql::ErrorKind::RepeatedColumn) if a column is listed twice.
    ///
    /// Spec: TAB-11, TAB-12, TAB-13, TAB-14
    pub fn project_reorder(&self, listed: &[&str]) -> Result<Self, Error> {
        check_unique(listed.iter().copied())?;
        let place = |name: &&str| position(&self.columns, name).ok_or_else(|| unknown_column(name));
        let mut order = listed.iter().map(place).collect::<Result<Vec<_>, _>>()?;
        let others: Vec<usize> = (0..self.columns.len()).filter(|place| !order.contains(place)).collect();
        order.extend(others);
        let reordered = |cells: &Vec<Dynamic>| order.iter().map(|&place| cells[place].clone()).collect();
        Ok(Self {
            columns: order.iter().map(|&place| self.columns[place].clone()).collect(),
            rows: self.rows.iter().map(reordered).collect(),
        })
    }

    /// `project`: the table with only columns that are computed from each of its rows.
    ///
    /// # Errors
    ///
    /// Returns [`RepeatedColumn`](crate::kql::ErrorKind::RepeatedColumn) if a name is assigned twice,
    /// [`WrongType`](crate::kql::ErrorKind::WrongType) if a value is not of its column's type, or the first error of
    /// `value`.
    ///
    /// Spec: TAB-16
    pub fn project(&self, columns: Vec<Column>, value: &Assignments<'_>) -> Result<Self, Error> {
        let mut projected = Self::new(columns)?;
        for cells in &self.rows {
            let row = self.row(cells);
            let cells = (0..projected.columns.len()).map(|number| value(row, number));
            projected.push(cells.collect::<Result<_, _>>()?)?;
        }
        Ok(projected)
    }

    /// `distinct *`: the table with the first of equal rows.
    ///
    /// Spec: TAB-20
    #[must_use]
    pub fn distinct(&self) -> Self {
        self.select(&first_of_equal(&self.rows))
    }

    /// `take`: the first rows of the table, at most `count`.
    ///
    /// Spec: TAB-23
    #[must_use]
    pub fn take(&self, count: i64) -> Self {
        let count = usize::try_from(count).unwrap_or_default();
        let rows = self.rows.iter().take(count).cloned().collect();
        Self { columns: self.columns.clone(), rows }
    }

    /// The table with the rows at these indices, in this order.
    ///
    /// Spec: TAB-21
    #[must_use]
    pub fn select(&self, indices: &[usize]) -> Self {
        let rows = indices.iter().filter_map(|index| self.rows.get(*index).cloned()).collect();
        Self { columns: self.columns.clone(), rows }
    }

    /// `count`: one row with the number of rows.
    ///
    /// Spec: TAB-24
    #[must_use]
    pub fn count(&self, name: &str) -> Self {
        let rows = vec![vec![Dynamic::Long(self.rows.len() as i64)]];
        Self { columns: vec![Column::new(name, Type::Long)], rows }
    }
}

/// The indices of the rows that are equal to none before them. Rows are equal if all their cells are;
/// NaN is equal to nothing.
#[allow(clippy::eq_op, reason = "a row with NaN is not equal to itself")]
pub(crate) fn first_of_equal(rows: &[Vec<Dynamic>]) -> Vec<usize> {
    let mut with_hash: HashMap<u64, Vec<usize>> = HashMap::new();
    let hasher = RandomState::new();
    let is_first = |index: &usize| {
        let row = &rows[*index];
        let others = with_hash.entry(hasher.hash_one(row)).or_default();
        let is_first = row != row || !others.iter().any(|other| rows[*other] == *row);
        if is_first && row == row {
            others.push(*index);
        }
        is_first
    };
    (0..rows.len()).filter(is_first).collect()
}
