//! The rows for which predicates are true.

use std::ops::RangeInclusive;

use super::State;
use crate::fast::plan::expr::{Expr, Logic};
use crate::fast::plan::input::Input;
use crate::kql::Error;

/// The number of rows from which the share of rows that pass is estimated.
const SAMPLE_LEN: usize = 128;

/// Positions of the selection; `None` if they are all.
type Positions<'s> = Option<&'s [u32]>;

impl<'a, I: Input> State<'a, I> {
    /// Selects the rows for which all of these predicates are true.
    pub(in crate::fast::plan) fn filter(&mut self, predicates: &'a Logic) -> Result<(), Error> {
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
    // Two sorted runs, which a stable sort merges.
    both.sort();
    both.dedup();
    both
}
