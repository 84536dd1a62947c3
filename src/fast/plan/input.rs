//! The rows that a plan reads.

use std::ops::RangeInclusive;

use super::text_predicate::TextPredicate;
use super::value::Value;
use crate::kql::{Error, Table};

/// Rows, of which a plan reads single cells or whole columns.
///
/// The default methods read cell by cell.
pub(super) trait Input {
    /// The number of rows.
    fn len(&self) -> usize;

    /// The cell of a column in a row.
    fn cell(&self, column: usize, row: usize) -> Value<'_>;

    /// The cell of a column of longs, or the ticks of one of times; none if it is null.
    fn number(&self, column: usize, row: usize) -> Option<i64> {
        self.cell(column, row).number()
    }

    /// All cells of such a column.
    fn numbers(&self, column: usize) -> Vec<Option<i64>> {
        (0..self.len()).map(|row| self.number(column, row)).collect()
    }

    /// The rows as a table for the reference. Columns that the plan does not read may be empty.
    fn table(&self) -> Result<Table, Error>;

    /// The rows of a string column whose text passes a test, of all rows, or those whose text does not.
    /// `None` if it is faster to test the texts one by one, given how many rows matter.
    fn rows_with_text(
        &self,
        column: usize,
        test: &TextPredicate,
        expected: bool,
        among: usize,
    ) -> Option<Vec<u32>> {
        let passes = |row: &u32| test.holds(self.cell(column, *row as usize).text()) == expected;
        (among == self.len()).then(|| (0..self.len() as u32).filter(passes).collect())
    }

    /// Whether a column is searched as a whole for the texts that pass a test.
    fn is_searched(&self, _column: usize, _test: &TextPredicate) -> bool {
        false
    }

    /// The rows of a column of longs, datetimes or timespans whose value, in ticks if it is a time,
    /// is in a range, of all rows; or those whose value is null or outside.
    fn rows_in_range(&self, column: usize, range: &RangeInclusive<i64>, expected: bool) -> Vec<u32> {
        let is_inside = |row: &u32| {
            self.number(column, *row as usize).is_some_and(|number| range.contains(&number)) == expected
        };
        (0..self.len() as u32).filter(is_inside).collect()
    }

    /// The rows in which the difference of two columns of datetimes, in ticks, is in a range, of all rows; or
    /// those in which it is null or outside. `None` if it must be computed row by row.
    fn rows_with_difference(
        &self,
        _columns: [usize; 2],
        _range: &RangeInclusive<i64>,
        _expected: bool,
    ) -> Option<Vec<u32>> {
        None
    }

    /// The length in bytes of the longest text of a string column.
    fn longest_text(&self, column: usize) -> usize {
        (0..self.len()).map(|row| self.cell(column, row).text().len()).max().unwrap_or_default()
    }
}

impl Input for Table {
    fn len(&self) -> usize {
        self.rows().len()
    }

    fn cell(&self, column: usize, row: usize) -> Value<'_> {
        self.rows().get(row).and_then(|row| row.get(column)).map(Value::from).unwrap_or_default()
    }

    fn table(&self) -> Result<Table, Error> {
        Ok(self.clone())
    }
}
