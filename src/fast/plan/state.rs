//! The rows that are selected so far, and the columns that have been computed for them.

mod predicates;

use std::cell::OnceCell;

use super::expr::Expr;
use super::input::Input;
use super::value::Value;
use crate::kql::{Error, ErrorKind};
use crate::query::Context;

/// The values that are computed in a run. They may be borrowed from the input, and from each other.
#[derive(Default)]
pub(super) struct Storage<'a> {
    /// The expressions without columns that depend on the time of the run.
    per_run: Vec<Result<Value<'a>, Error>>,
    computed: Vec<OnceCell<Vec<Value<'a>>>>,
}

impl<'a> Storage<'a> {
    /// Stores these values, and reserves space for a number of columns.
    pub(super) fn new(per_run: Vec<Result<Value<'a>, Error>>, columns: usize) -> Self {
        Self { per_run, computed: vec![OnceCell::new(); columns] }
    }
}

/// A computed column.
struct Computed<'a> {
    values: &'a [Value<'a>],
    /// The index of the value of each selected row; `None` if it is the position of the row.
    indices: Option<Vec<u32>>,
}

/// The state of a run.
pub(super) struct State<'a, I> {
    input: &'a I,
    storage: &'a Storage<'a>,
    /// The number of columns of the input.
    columns: usize,
    /// The rows that are selected, in order; `None` if all are.
    rows: Option<Vec<u32>>,
    computed: Vec<Computed<'a>>,
    context: Context<'a>,
    /// The length in bytes of the longest text that a function may return without an error.
    max_len: usize,
}

/// The length in bytes of a text that no function makes too long.
pub(super) const SHORT: usize = 64 << 10;

impl<'a, I: Input> State<'a, I> {
    pub(super) fn new(
        input: &'a I,
        storage: &'a Storage<'a>,
        columns: usize,
        context: Context<'a>,
        max_len: usize,
    ) -> Self {
        Self { input, storage, columns, rows: None, computed: vec![], context, max_len }
    }

    pub(super) fn context(&self) -> Context<'a> {
        self.context
    }

    /// The number of selected rows.
    pub(super) fn len(&self) -> usize {
        self.rows.as_ref().map_or(self.input.len(), Vec::len)
    }

    /// The row at a position.
    pub(super) fn row(&self, position: usize) -> usize {
        match &self.rows {
            Some(rows) => rows.get(position).map_or(usize::MAX, |row| *row as usize),
            None => position,
        }
    }

    /// The value of a column in the row at a position.
    #[inline]
    pub(super) fn slot(&self, slot: usize, position: usize) -> Value<'a> {
        match slot.checked_sub(self.columns) {
            None => self.input.cell(slot, self.row(position)),
            Some(index) => self.computed.get(index).map(|column| column.value(position)).unwrap_or_default(),
        }
    }

    /// The value of a column of longs, or the ticks of one of times, in the row at a position.
    #[inline]
    pub(super) fn number(&self, slot: usize, position: usize) -> Option<i64> {
        match slot < self.columns {
            true => self.input.number(slot, self.row(position)),
            false => self.slot(slot, position).number(),
        }
    }

    pub(super) fn per_run(&self, index: usize) -> Result<Value<'a>, Error> {
        match self.storage.per_run.get(index) {
            Some(Ok(value)) => Ok(value.borrowed()),
            Some(Err(error)) => Err(error.clone()),
            None => Ok(Value::Null),
        }
    }

    /// Returns an error if a function returned a text that the reference may refuse.
    #[inline]
    pub(super) fn check_length(&self, value: &Value<'_>) -> Result<(), Error> {
        match value {
            Value::Text(text) if text.len() > self.max_len => {
                Err(Error::new(ErrorKind::Unsupported, "a long string"))
            }
            _ => Ok(()),
        }
    }

    /// Returns an error if a text of a column is so long that functions may make it too long.
    pub(super) fn check_short(&self, slot: usize) -> Result<(), Error> {
        let longest = match &self.rows {
            None if slot < self.columns => self.input.longest_text(slot),
            _ => (0..self.len()).map(|position| self.slot(slot, position).text().len()).max().unwrap_or(0),
        };
        match self.max_len < usize::MAX && longest > SHORT {
            true => Err(Error::new(ErrorKind::Unsupported, "a long string")),
            false => Ok(()),
        }
    }

    /// Adds a column that is computed for all selected rows.
    pub(super) fn compute(&mut self, expr: &'a Expr) -> Result<(), Error> {
        let values = (0..self.len()).map(|position| expr.value(self, position));
        let values = values.collect::<Result<Vec<_>, Error>>()?;
        let values = match self.storage.computed.get(self.computed.len()) {
            Some(column) => &**column.get_or_init(|| values),
            None => &[],
        };
        self.computed.push(Computed { values, indices: None });
        Ok(())
    }

    /// Selects the rows at these positions, in this order.
    pub(super) fn select(&mut self, positions: &[u32]) {
        for indices in self.computed.iter_mut().map(|column| &mut column.indices).chain([&mut self.rows]) {
            let index = |position: &u32| match indices {
                Some(indices) => indices.get(*position as usize).copied().unwrap_or(u32::MAX),
                None => *position,
            };
            *indices = Some(positions.iter().map(index).collect());
        }
    }
}

impl<'a> Computed<'a> {
    #[inline]
    fn value(&self, position: usize) -> Value<'a> {
        let index = match &self.indices {
            Some(indices) => indices.get(position).map_or(usize::MAX, |index| *index as usize),
            None => position,
        };
        self.values.get(index).map(Value::borrowed).unwrap_or_default()
    }
}
