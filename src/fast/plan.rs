//! Prepared plans for bound queries.
//!
//! A plan gives the rows that [`BoundQuery::run`] gives under the default
//! [`Profile`](crate::kql::Profile):
//!
//! ```
//! use rulespec::fast::plan::Plan;
//! use rulespec::kql::{Column, Semantics, Table, Type};
//! use rulespec::query::{Context, Query, Schemas};
//!
//! let mut events = Table::new(vec![Column::new("FileName", Type::String)])?;
//! events.push(vec!["BITSADMIN.EXE".into()])?;
//! let query: Query = "Events | where FileName =~ 'bitsadmin.exe'".parse()?;
//!
//! let schemas = Schemas::from([("Events".to_owned(), events.columns().to_vec())]);
//! let now = "2026-01-02".parse().unwrap();
//! let kql = Semantics::default();
//! let plan = Plan::new(&query.bind(&schemas, Context { kql: &kql, now })?);
//! assert_eq!(plan.run(&events, now)?.rows().len(), 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Expressions without columns are evaluated once, and the constants of `has_any`, `in`, `matches
//! regex` and so on are prepared once. Predicates are evaluated column by column, cheap ones first, on
//! the rows that are left. A column that `extend` adds is computed for the rows that need it. All other
//! functions are those of the reference.
//!
//! An expression that can return an error is evaluated for every row for which the reference
//! evaluates it. If there is an error, the reference runs and says which.

#[cfg(feature = "arrow")]
mod batch;
mod call;
mod early;
mod expr;
mod forms;
mod input;
mod prepare;
mod safety;
mod state;
mod text_predicate;
mod value;

use std::collections::BTreeSet;

use crate::kql::{Column, Datetime, Dynamic, Error, Semantics, Table, first_of_equal};
use crate::query::bound::{BoundSource, Scalar, SortKey, Step};
use crate::query::{BoundQuery, Context, evaluate_constant, sorted_by};
use expr::{Expr, Logic};
use input::Input;
use prepare::Preparation;
use state::{State, Storage};

#[cfg(feature = "arrow")]
#[cfg_attr(docsrs, doc(cfg(feature = "arrow")))]
pub use batch::{BatchPlan, columns_of};
pub use early::EarlyFilter;

/// A query that is prepared to run over many tables.
#[derive(Debug, Clone)]
pub struct Plan {
    query: BoundQuery,
    operations: Vec<Operation>,
    /// The columns of the result.
    output: Vec<Expr>,
    /// What is left once all rows are replaced by their number, in a column with this name.
    count: Option<(String, Vec<Step>)>,
    /// The expressions without columns that depend on the time of the run.
    per_run: Vec<Scalar>,
    /// The columns of the input that are read, apart from those that are only part of the result.
    read_columns: BTreeSet<usize>,
    /// The columns of the result, by their index, whose values are always arrays of strings.
    #[cfg(feature = "arrow")]
    lists: BTreeSet<usize>,
    semantics: Semantics,
}

/// One operation on the selected rows.
#[derive(Debug, Clone)]
enum Operation {
    /// Checks that the texts in this column are so short that the next expressions return no error.
    CheckShort(usize),
    Filter(Logic),
    Compute(Expr),
    /// Sorts by keys, given their values.
    Sort(Vec<Expr>, Vec<SortKey>),
    Take(i64),
    /// Keeps the first of the rows that are equal in these columns.
    Distinct(Vec<usize>),
}

/// The length in bytes of the longest text that a function may return for sure.
const MAX_LEN: usize = 1 << 20;

/// The rows that a plan selects.
enum Selected<'a, I> {
    /// The rows, and the columns of the result.
    Rows(State<'a, I>, &'a [Expr]),
    /// Rows that are no longer those of the input.
    Table(Table),
}

impl Plan {
    /// Prepares a query.
    pub fn new(query: &BoundQuery) -> Self {
        let semantics = crate::fast::semantics();
        Preparation::new(query, &semantics).plan()
    }

    /// Returns the query.
    pub fn query(&self) -> &BoundQuery {
        &self.query
    }

    /// Returns the columns of the input that are read to select rows or to compute values, by their index.
    pub fn read_columns(&self) -> impl Iterator<Item = usize> {
        self.read_columns.iter().copied()
    }

    /// Returns the index of the column of the table whose values a column of the result has, unchanged.
    pub fn input_column(&self, index: usize) -> Option<usize> {
        match (self.output.get(index)?, &self.query.source) {
            (Expr::Slot(slot), BoundSource::Table(_, columns)) if *slot < columns.len() => Some(*slot),
            _ => None,
        }
    }

    /// Whether the values of a column of the result are always arrays of strings.
    #[cfg(feature = "arrow")]
    fn is_list(&self, index: usize) -> bool {
        self.lists.contains(&index)
    }

    /// Runs the query over the table that it reads. `now` is what `now()` returns.
    ///
    /// # Errors
    ///
    /// Returns the error that [`BoundQuery::run`] returns.
    pub fn run(&self, table: &Table, now: Datetime) -> Result<Table, Error> {
        Ok(self.trace(table, now)?.0)
    }

    /// Runs the query as [`Plan::run`] does, and also returns, for each row of the result, the index of
    /// the row of the table that it comes from. The indices are `None` if the query reads no table, or
    /// counts its rows.
    ///
    /// # Errors
    ///
    /// Returns the error that [`BoundQuery::run`] returns.
    ///
    /// ```
    /// use rulespec::fast::plan::Plan;
    /// use rulespec::kql::{Column, Datetime, Semantics, Table, Type};
    /// use rulespec::query::{Context, Query, Schemas};
    ///
    /// let mut table = Table::new(vec![Column::new("A", Type::String), Column::new("B", Type::String)])?;
    /// table.push(vec!["x".into(), "1".into()])?;
    /// table.push(vec!["y".into(), "2".into()])?;
    /// let query: Query = "T | where A == 'y' | project C = strlen(A), B".parse()?;
    ///
    /// let schemas = Schemas::from([("T".to_owned(), table.columns().to_vec())]);
    /// let context = Context { kql: &Semantics::default(), now: Datetime::UNIX_EPOCH };
    /// let plan = Plan::new(&query.bind(&schemas, context)?);
    /// assert_eq!(plan.trace(&table, Datetime::UNIX_EPOCH)?.1, Some(vec![1]));
    /// assert_eq!([plan.input_column(0), plan.input_column(1)], [None, Some(1)]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn trace(&self, table: &Table, now: Datetime) -> Result<(Table, Option<Vec<usize>>), Error> {
        let input = self.query.source.rows(table)?;
        let reads_table = matches!(self.query.source, BoundSource::Table(..));
        self.run_over(input, now, |selected| {
            let (state, output) = match selected {
                Selected::Rows(state, output) => (state, output),
                Selected::Table(table) => return Ok((table, None)),
            };
            let mut result = Table::new(self.query.columns.clone())?;
            for position in 0..state.len() {
                let cell = |value| Ok(Expr::value(value, &state, position)?.into());
                result.push(output.iter().map(cell).collect::<Result<_, Error>>()?)?;
            }
            let rows = (0..state.len()).map(|position| state.row(position)).collect();
            Ok((result, reads_table.then_some(rows)))
        })
    }

    /// Selects rows, and makes the result of them. If that is an error, the reference tells whether it
    /// really is one, and which.
    fn run_over<I: Input, T>(
        &self,
        input: &I,
        now: Datetime,
        result: impl Fn(Selected<'_, I>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let context = Context { kql: &self.semantics, now };
        let run = |max_len| {
            let storage = self.storage(context);
            let state = State::new(input, &storage, self.query.source.columns().len(), context, max_len);
            self.select(state).and_then(&result)
        };
        run(MAX_LEN).or_else(|_| {
            self.query.run(&input.table()?, Context { kql: &Semantics::default(), now })?;
            run(usize::MAX)
        })
    }

    fn storage<'a>(&self, context: Context<'_>) -> Storage<'a> {
        let per_run = self.per_run.iter().map(|scalar| Ok(evaluate_constant(scalar, context)?.into()));
        let is_computed = |operation: &&Operation| matches!(operation, Operation::Compute(_));
        Storage::new(per_run.collect(), self.operations.iter().filter(is_computed).count())
    }

    fn select<'a, I: Input>(&'a self, mut state: State<'a, I>) -> Result<Selected<'a, I>, Error> {
        for operation in &self.operations {
            operation.apply(&mut state)?;
        }
        let Some((name, steps)) = &self.count else { return Ok(Selected::Rows(state, &self.output)) };
        let mut table = Table::new(vec![Column::new(name, crate::kql::Type::Long)])?;
        table.push(vec![Dynamic::Long(state.len() as i64)])?;
        let table = steps.iter().try_fold(table, |table, step| step.run(&table, state.context()))?;
        Ok(Selected::Table(table))
    }
}

impl Operation {
    fn apply<'a, I: Input>(&'a self, state: &mut State<'a, I>) -> Result<(), Error> {
        match self {
            Self::CheckShort(slot) => state.check_short(*slot)?,
            Self::Filter(predicate) => state.filter(predicate)?,
            Self::Compute(expr) => state.compute(expr)?,
            Self::Take(count) => {
                let count = usize::try_from(*count).unwrap_or_default().min(state.len());
                state.select(&(0..count as u32).collect::<Vec<_>>());
            }
            Self::Sort(values, keys) => {
                let positions = sorted(state, values, keys)?;
                state.select(&positions);
            }
            Self::Distinct(slots) => {
                let positions = distinct(state, slots);
                state.select(&positions);
            }
        }
        Ok(())
    }
}

fn sorted<'a, I: Input>(
    state: &State<'a, I>,
    values: &'a [Expr],
    keys: &[SortKey],
) -> Result<Vec<u32>, Error> {
    let row = |position: usize| {
        let row = values.iter().map(|value| Ok(value.value(state, position)?.into()));
        row.collect::<Result<Vec<Dynamic>, Error>>()
    };
    let rows = (0..state.len()).map(row).collect::<Result<Vec<_>, Error>>()?;
    Ok(sorted_by(keys, &rows).into_iter().map(|position| position as u32).collect())
}

fn distinct<I: Input>(state: &State<'_, I>, slots: &[usize]) -> Vec<u32> {
    let row = |position: usize| slots.iter().map(move |slot| state.slot(*slot, position).into()).collect();
    let rows: Vec<Vec<Dynamic>> = (0..state.len()).map(row).collect();
    first_of_equal(&rows).into_iter().map(|position| position as u32).collect()
}
