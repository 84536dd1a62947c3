//! The rule that is run, bound to the columns of each kind of event.

use std::collections::BTreeSet;
use std::sync::Arc;

use rulespec::kql::{Column, Datetime, Dynamic, Error, Row, Semantics, Table};
use rulespec::query::{BoundQuery, Context, Query, Schemas};
use rulespec_events::{Event, known_column};

/// The table that a rule reads.
const TABLE: &str = "DeviceProcessEvents";

/// The two names of the time of an event: that of Log Analytics, which events have, and that of
/// Defender XDR.
const TIMES: [&str; 2] = ["TimeGenerated", "Timestamp"];

/// Applies a rule to events.
pub struct Judge {
    query: Query,
    kql: Semantics,
    now: Datetime,
    /// The query, bound to the columns of the events that were judged so far.
    bound: Vec<Bound>,
}

/// The query, bound to the columns of some events.
struct Bound {
    columns: Arc<[Column]>,
    /// The columns of DeviceProcessEvents that the query names and that the events do not have.
    added: Vec<Column>,
    query: BoundQuery,
}

impl Judge {
    /// A judge that has not seen an event.
    pub fn new(query: Query, now: Datetime) -> Self {
        Self { query, kql: Semantics::default(), now, bound: vec![] }
    }

    fn context(&self) -> Context<'_> {
        Context { kql: &self.kql, now: self.now }
    }

    /// What the steps of the rule that look at each row alone make of an event: a table of one row,
    /// or of none if the event is not selected.
    ///
    /// # Errors
    ///
    /// Returns an error if the rule cannot be bound to the columns of the event, or the error of a
    /// function.
    pub fn judge(&mut self, event: &Event) -> Result<Table, Error> {
        let index = match self.bound.iter().position(|bound| is_same(&bound.columns, &event.columns)) {
            Some(index) => index,
            None => {
                self.bound.push(self.bind(&event.columns)?);
                self.bound.len() - 1
            }
        };
        let Bound { added, query, .. } = &self.bound[index];
        let mut table = input(event, added)?;
        for step in &query.steps[..query.row_steps()] {
            table = step.run(&table, self.context())?;
        }
        Ok(table)
    }

    fn bind(&self, columns: &Arc<[Column]>) -> Result<Bound, Error> {
        let added = missing(&self.query, columns);
        let all = columns.iter().chain(&added).cloned().collect();
        let query = self.query.bind(&Schemas::from([(TABLE.to_owned(), all)]), self.context())?;
        Ok(Bound { columns: columns.clone(), added, query })
    }

    /// The columns that the rule names and that some events did not have.
    pub fn added(&self) -> BTreeSet<&str> {
        let added = self.bound.iter().flat_map(|bound| &bound.added);
        added.map(|column| column.name.as_str()).filter(|name| !TIMES.contains(name)).collect()
    }
}

fn is_same(a: &Arc<[Column]>, b: &Arc<[Column]>) -> bool {
    Arc::ptr_eq(a, b) || a == b
}

/// The columns of DeviceProcessEvents that a query names and that are not among these. As in that
/// table, they are there, and empty.
fn missing(query: &Query, columns: &[Column]) -> Vec<Column> {
    let names = query.column_names().into_iter();
    let missing = names.filter(|name| columns.iter().all(|column| column.name != *name));
    missing.filter_map(|name| Some(Column::new(name, known_column(name)?))).collect()
}

/// The event as a table of one row.
fn input(event: &Event, added: &[Column]) -> Result<Table, Error> {
    let mut table = Table::new(event.columns.iter().chain(added).cloned().collect())?;
    let cell = |column: &Column| match TIMES.contains(&column.name.as_str()) {
        true => TIMES.iter().find_map(|time| event.cell(time)).cloned().unwrap_or(Dynamic::Null),
        false => column.r#type.empty(),
    };
    table.push(event.row.iter().cloned().chain(added.iter().map(cell)).collect())?;
    Ok(table)
}
