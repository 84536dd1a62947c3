//! The rule that is run, bound to the columns of each kind of event.

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

use super::filter::NameFilter;
use rulespec::fast::plan::EarlyFilter;
use rulespec::kql::{Column, Datetime, Error, Semantics, Table, Type};
use rulespec::query::bound::Step;
use rulespec::query::{BoundQuery, Context};
use rulespec::rule::{Explanation, Rule};
use rulespec_events::{Event, Names, known_column, known_columns};

/// The two names of the time of an event: that of Log Analytics, which events have, and that of
/// Defender XDR.
const TIMES: [&str; 2] = ["TimeGenerated", "Timestamp"];

/// How many bound queries are kept. A file may have events with any number of different columns.
const MAX_BOUND: usize = 16;

/// Applies a rule to events.
pub struct Judge {
    rule: Rule,
    kql: Semantics,
    now: Datetime,
    /// The steps that need all rows. If there are any, all rows must have the same columns.
    last_steps: Vec<Step>,
    /// The query, bound to the columns of the latest events.
    bound: VecDeque<Bound>,
    /// The columns that the rule names and that some events did not have.
    absent: BTreeSet<String>,
}

/// The query, bound to the columns of some events.
struct Bound {
    /// The columns of the events.
    of_events: Arc<[Column]>,
    /// The columns that the query is bound to.
    columns: Vec<Column>,
    query: BoundQuery,
    /// A filter that knows the string columns of the events.
    texts: EarlyFilter,
}

impl Bound {
    fn new(of_events: Arc<[Column]>, columns: Vec<Column>, query: BoundQuery) -> Self {
        let texts = of_events.iter().filter(|column| column.r#type == Type::String);
        let names: Vec<&str> = texts.map(|column| column.name.as_str()).collect();
        let texts = EarlyFilter::new(&query, &names);
        Self { of_events, columns, query, texts }
    }

    /// Whether the query may select an event. The steps of the reference take much longer.
    fn may_select(&self, event: &Event) -> bool {
        let cells = event.columns.iter().zip(&event.row).filter(|(column, _)| column.r#type == Type::String);
        let texts: Option<Vec<&str>> = cells.map(|(_, cell)| cell.as_str()).collect();
        texts.is_none_or(|texts| self.texts.may_select(&texts))
    }
}

impl Judge {
    /// A judge that has not seen an event. `bound` is the rule bound to all columns of
    /// DeviceProcessEvents.
    pub fn new(rule: Rule, bound: &BoundQuery, now: Datetime) -> Self {
        let last_steps = bound.steps[bound.row_steps()..].to_vec();
        let (bound, absent) = (VecDeque::new(), BTreeSet::new());
        Self { rule, kql: Semantics::default(), now, last_steps, bound, absent }
    }

    /// The rule.
    pub fn rule(&self) -> &Rule {
        &self.rule
    }

    fn context(&self) -> Context<'_> {
        Context { kql: &self.kql, now: self.now }
    }

    /// What the steps of the rule that look at each row alone make of an event: a table of one row, if
    /// the event is selected. Also why, if `explains`.
    ///
    /// # Errors
    ///
    /// Returns an error if the rule cannot be bound to the columns of the event, or the error of a
    /// function.
    pub fn judge(
        &mut self,
        event: &Event,
        explains: bool,
    ) -> Result<(Option<Table>, Option<Explanation>), Error> {
        let index = match self.bound.iter().position(|bound| is_same(&bound.of_events, &event.columns)) {
            Some(index) => index,
            None => self.bind(event.columns.clone())?,
        };
        let bound = &self.bound[index];
        if !explains && !bound.may_select(event) {
            return Ok((None, None));
        }
        let Bound { columns, query, .. } = bound;
        let mut table = input(event, columns)?;
        let row = table.rows_by_name().next().filter(|_| explains);
        let explanation = row.map(|row| self.rule.explain(query, row, self.context())).transpose()?;
        for step in &query.steps[..query.row_steps()] {
            table = step.run(&table, self.context())?;
        }
        Ok((Some(table).filter(|table| !table.rows().is_empty()), explanation))
    }

    /// Binds the query to the columns of some events. Returns the index of the bound query.
    fn bind(&mut self, of_events: Arc<[Column]>) -> Result<usize, Error> {
        let columns = self.columns(&of_events);
        let query = self.rule.bind(&columns, self.context())?;
        let has = |columns: &[Column], name: &str| columns.iter().any(|column| column.name == name);
        let is_absent = |name: &&str| has(&columns, name) && !has(&of_events, name) && !TIMES.contains(name);
        self.absent.extend(self.rule.query.column_names().into_iter().filter(is_absent).map(str::to_owned));
        self.bound.truncate(MAX_BOUND - 1);
        self.bound.push_front(Bound::new(of_events, columns, query));
        Ok(0)
    }

    /// The columns that the query is bound to for events with these columns.
    fn columns(&self, of_events: &[Column]) -> Vec<Column> {
        match self.last_steps.is_empty() {
            false => known_columns(),
            true => of_events.iter().cloned().chain(missing(&self.rule, of_events)).collect(),
        }
    }

    /// A filter of events that the rule does not select, whatever their other columns are. `bound` is the
    /// rule bound to all columns of DeviceProcessEvents.
    pub fn name_filter(&self, bound: &BoundQuery) -> NameFilter {
        let [_, original, _] = Names::COLUMNS;
        let others = known_columns().into_iter().filter(|column| column.name != original);
        let columns = self.columns(&others.collect::<Vec<_>>());
        NameFilter::new(bound, self.rule.bind(&columns, self.context()).ok().as_ref())
    }

    /// The steps that need all rows, if there are any, bound to the rows of [`Judge::judge`].
    pub fn last_steps(&self) -> &[Step] {
        &self.last_steps
    }

    /// Applies a step that needs all rows. Returns the rows, each with the index of the row that it
    /// comes from.
    ///
    /// # Errors
    ///
    /// Returns the error of a function.
    pub fn apply(&self, step: &Step, table: &Table) -> Result<(Table, Vec<usize>), Error> {
        let rows = step.rows(table, self.context())?.unwrap_or_default();
        let output = match step {
            Step::Distinct | Step::Sort(_) | Step::Take(_) | Step::Where(_) => table.select(&rows),
            _ => step.run(table, self.context())?,
        };
        Ok((output, rows))
    }

    /// The columns that the rule names and that some events did not have.
    pub fn absent(&self) -> &BTreeSet<String> {
        &self.absent
    }
}

fn is_same(a: &Arc<[Column]>, b: &Arc<[Column]>) -> bool {
    Arc::ptr_eq(a, b) || a == b
}

/// The columns of DeviceProcessEvents that a rule names and that are not among these. As in that
/// table, they are there, and empty.
fn missing(rule: &Rule, columns: &[Column]) -> Vec<Column> {
    let names = rule.query.column_names().into_iter();
    let missing = names.filter(|name| columns.iter().all(|column| column.name != *name));
    missing.filter_map(|name| Some(Column::new(name, known_column(name)?))).collect()
}

/// The event as a table of one row with these columns. A time that is empty or missing is the other one.
fn input(event: &Event, columns: &[Column]) -> Result<Table, Error> {
    let mut table = Table::new(columns.to_vec())?;
    let cell = |column: &Column| {
        let of_event = |name: &str| event.cell(name).filter(|cell| !cell.is_null());
        let others: &[&str] = if TIMES.contains(&&*column.name) { &TIMES } else { &[] };
        let cell = of_event(&column.name).or_else(|| others.iter().find_map(|time| of_event(time)));
        cell.cloned().unwrap_or_else(|| column.r#type.empty())
    };
    table.push(columns.iter().map(cell).collect())?;
    Ok(table)
}
