//! The rows that are selected so far, and the columns that have been computed for them.

use std::cell::OnceCell;
use std::ops::RangeInclusive;

use super::expr::{Expr, Logic};
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

/// The number of rows from which the share of rows that pass is estimated.
const SAMPLE_LEN: usize = 128;

/// Positions of the selection; `None` if they are all.
type Positions<'s> = Option<&'s [u32]>;

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

    /// Selects the rows for which all of these predicates are true.
    pub(super) fn filter(&mut self, predicates: &'a Logic) -> Result<(), Error> {
        let positions = self.passing_all(predicates, None)?;
        if positions.len() < self.len() {
            self.select(&positions);
        }
        Ok(())
    }

    /// Those of the positions, in order, at which a predicate is true.
    fn passing(&self, predicate: &'a Expr, of: Positions<'_>) -> Result<Vec<u32>, Error> {
        match predicate {
            Expr::Logic(logic) if logic.all => self.passing_all(logic, of),
            Expr::Logic(logic) => self.passing_any(logic, of),
            predicate => match self.passing_column(predicate, of)? {
                Some(passing) => Ok(passing),
                None => self.passing_each(predicate, of),
            },
        }
    }

    fn passing_each(&self, predicate: &'a Expr, of: Positions<'_>) -> Result<Vec<u32>, Error> {
        let mut passing = vec![];
        let mut push_if_true = |position: u32| {
            if predicate.truth(self, position as usize)? == Some(true) {
                passing.push(position);
            }
            Ok::<(), Error>(())
        };
        match of {
            Some(positions) => positions.iter().copied().try_for_each(&mut push_if_true)?,
            None => (0..self.len() as u32).try_for_each(&mut push_if_true)?,
        }
        Ok(passing)
    }

    /// Evaluates a predicate over a whole column of the input, if it is that simple and enough rows are
    /// needed.
    fn passing_column(&self, predicate: &'a Expr, of: Positions<'_>) -> Result<Option<Vec<u32>>, Error> {
        if self.rows.is_some() {
            return Ok(None);
        }
        if let Expr::Text(tested, expected) = predicate {
            let (value, test) = &**tested;
            let Expr::Slot(slot) = *value else { return Ok(None) };
            if slot >= self.columns {
                return Ok(None);
            }
            let among = of.map_or(self.len(), <[u32]>::len);
            let passing = self.input.rows_with_text(slot, test, *expected, among);
            return Ok(passing.map(|passing| match of {
                Some(of) => intersection(of, &passing),
                None => passing,
            }));
        }
        if of.is_some() {
            return Ok(None);
        }
        let (slot, (range, expected)) = match predicate {
            Expr::Compare(comparison, operands) => {
                let [value, with] = &**operands;
                let with = if with.is_constant() { with.number(self, 0)? } else { None };
                let Some(with) = with else { return Ok(None) };
                match value {
                    Expr::Slot(slot) => (*slot, comparison.range(with)),
                    Expr::Number(_) => return self.passing_numbers(value, comparison.range(with)).map(Some),
                    _ => return Ok(None),
                }
            }
            Expr::Between(operands, true) => {
                let [Expr::Slot(slot), low, high] = &**operands else { return Ok(None) };
                if !(low.is_constant() && high.is_constant()) {
                    return Ok(None);
                }
                let limits = low.number(self, 0)?.zip(high.number(self, 0)?);
                let Some((low, high)) = limits else { return Ok(None) };
                (*slot, (low..=high, true))
            }
            _ => return Ok(None),
        };
        Ok((slot < self.columns).then(|| self.input.rows_in_range(slot, &range, expected)))
    }

    /// The rows for which the value of an expression is in a range, or those for which it is not, or null.
    fn passing_numbers(
        &self,
        value: &'a Expr,
        (range, expected): (RangeInclusive<i64>, bool),
    ) -> Result<Vec<u32>, Error> {
        if let Expr::Number(call) = value
            && let Some([Expr::Slot(a), Expr::Slot(b)]) = call.difference()
            && *a.max(b) < self.columns
            && let Some(rows) = self.input.rows_with_difference([*a, *b], &range, expected)
        {
            return Ok(rows);
        }
        let is_inside = |number: &Option<i64>| number.is_some_and(|number| range.contains(&number));
        let numbers = self.numbers(value)?;
        let passing = numbers.iter().zip(0..).filter(|(number, _)| is_inside(number) == expected);
        Ok(passing.map(|(_, row)| row).collect())
    }

    /// The value of an expression for all rows of the input, as longs or ticks.
    fn numbers(&self, value: &'a Expr) -> Result<Vec<Option<i64>>, Error> {
        match value {
            Expr::Slot(slot) if *slot < self.columns => Ok(self.input.numbers(*slot)),
            Expr::Number(call) => {
                let [a, b] = call.operands();
                Ok(call.of_all(&self.numbers(a)?, &self.numbers(b)?))
            }
            value if value.is_constant() => Ok(vec![value.number(self, 0)?; self.len()]),
            value => (0..self.len()).map(|position| value.number(self, position)).collect(),
        }
    }

    fn passing_all(&self, logic: &'a Logic, of: Positions<'_>) -> Result<Vec<u32>, Error> {
        let mut passing: Option<Vec<u32>> = None;
        for (index, operand) in self.ordered(logic, of).into_iter().enumerate() {
            let of = if index < logic.fallible { of } else { passing.as_deref().or(of) };
            let next = self.passing(operand, of)?;
            passing = Some(match passing {
                Some(before) if index < logic.fallible => intersection(&before, &next),
                _ => next,
            });
        }
        Ok(passing.unwrap_or_default())
    }

    /// The operands of `and` in the order in which they are evaluated. If many rows pass a test, it does not
    /// save the search of a whole column, but the search may save the test.
    fn ordered(&self, logic: &'a Logic, of: Positions<'_>) -> Vec<&'a Expr> {
        let mut operands: Vec<&Expr> = logic.operands.iter().collect();
        let is_large = of.is_none() && self.rows.is_none() && self.len() >= 16 * SAMPLE_LEN;
        let infallible = operands.get_mut(logic.fallible..).unwrap_or_default();
        if is_large && let Some(search) = infallible.iter().position(|operand| self.is_search(operand)) {
            let sample: Vec<u32> = (0..SAMPLE_LEN as u32).collect();
            let passes_many = |operand: &'a Expr| {
                self.passing(operand, Some(&sample)).is_ok_and(|passing| passing.len() > SAMPLE_LEN / 32)
            };
            infallible[..=search].sort_by_cached_key(|operand| match self.is_search(operand) {
                true => 1,
                false => {
                    if passes_many(operand) {
                        2
                    } else {
                        0
                    }
                }
            });
        }
        operands
    }

    /// Whether a predicate is a search of a whole column.
    fn is_search(&self, predicate: &Expr) -> bool {
        let Expr::Text(tested, _) = predicate else { return false };
        match &**tested {
            (Expr::Slot(slot), test) if *slot < self.columns => self.input.is_searched(*slot, test),
            _ => false,
        }
    }

    fn passing_any(&self, logic: &'a Logic, of: Positions<'_>) -> Result<Vec<u32>, Error> {
        let all = of.map_or(self.len(), <[u32]>::len);
        let mut passing: Vec<u32> = vec![];
        for (index, operand) in logic.operands.iter().enumerate() {
            // A few rows more do not matter, but whole columns are read faster.
            let rest = match index >= logic.fallible && passing.len() > all / 8 {
                true => Some(self.without(of, &passing)),
                false => None,
            };
            let next = self.passing(operand, rest.as_deref().or(of))?;
            passing = union(passing, next);
        }
        Ok(passing)
    }

    fn without(&self, of: Positions<'_>, removed: &[u32]) -> Vec<u32> {
        let mut removed = removed.iter().peekable();
        let mut is_kept = |position: &u32| removed.next_if_eq(&position).is_none();
        match of {
            Some(positions) => positions.iter().copied().filter(&mut is_kept).collect(),
            None => (0..self.len() as u32).filter(is_kept).collect(),
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

fn intersection(a: &[u32], b: &[u32]) -> Vec<u32> {
    let mut b = b.iter().copied().peekable();
    let is_in_b = |position: &u32| {
        while b.next_if(|other| other < position).is_some() {}
        b.next_if_eq(position).is_some()
    };
    a.iter().copied().filter(is_in_b).collect()
}

fn union(a: Vec<u32>, b: Vec<u32>) -> Vec<u32> {
    if a.is_empty() {
        return b;
    }
    let mut both = [a, b].concat();
    both.sort_unstable();
    both.dedup();
    both
}
