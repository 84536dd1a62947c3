//! A rule as one of the sides.

use std::sync::Arc;

use rulespec::fast::plan::Plan;
use rulespec::kql::{Column, Datetime, Error, Semantics, Table};
use rulespec::query::{BoundQuery, Context, Diagnostics};
use rulespec::rule::{Explanation, Rule};

use super::answer::{Answer, Cell, Row};
use super::event::{Event, Schema};
use super::formula::Formula;

/// A rule, bound to each of the schemas.
#[derive(Debug)]
pub(super) struct RuleSide {
    pub(super) rule: Rule,
    pub(super) formula: Formula,
    /// The columns of the result over all columns.
    pub(super) output: Vec<Column>,
    plans: Vec<Plan>,
    kql: Semantics,
    now: Datetime,
}

impl RuleSide {
    /// Binds a rule to each of the schemas, and to all columns.
    pub(super) fn new(
        rule: &Rule,
        schema: &Schema,
        all: &[Column],
        now: Datetime,
    ) -> Result<Self, Diagnostics> {
        let kql = Semantics::default();
        let context = Context { kql: &kql, now };
        let bind = |schema_index| rule.bind(&schema.columns_of(schema_index), context);
        let bound = (0..schema.absent.len()).map(bind).collect::<Result<Vec<BoundQuery>, _>>()?;
        let output = rule.bind(all, context)?.columns;
        let formula = bound.first().map(Formula::new).unwrap_or_default();
        let plans = bound.iter().map(Plan::new).collect();
        Ok(Self { rule: rule.clone(), formula, output, plans, kql, now })
    }

    /// Asks about events that have the same schema, each as if it were alone.
    pub(super) fn ask(&self, schema: &Schema, events: &[&Event]) -> Vec<Answer> {
        let Some(plan) = events.first().and_then(|event| self.plans.get(event.schema)) else {
            return vec![];
        };
        let together =
            if self.is_row_by_row() { self.together(plan, schema, events).ok().flatten() } else { None };
        together.unwrap_or_else(|| {
            // As in the table of a port, each event has its own keys.
            let alone = |(number, event): (usize, &&Event)| {
                let table = schema.part(&[(number, *event)])?;
                plan.run(&table, self.now)
            };
            let answers = events.iter().enumerate().map(alone);
            answers.map(answer).collect()
        })
    }

    /// Asks about all events at once. Fails if one of them has an error.
    fn together(
        &self,
        plan: &Plan,
        schema: &Schema,
        events: &[&Event],
    ) -> Result<Option<Vec<Answer>>, Error> {
        let (result, places) = plan.trace(&schema.table(events)?, self.now)?;
        Ok(places.map(|places| {
            let mut answers = vec![Answer::Rows(vec![]); events.len()];
            for (row, place) in rows(&result).into_iter().zip(places) {
                if let Some(Answer::Rows(found)) = answers.get_mut(place) {
                    found.push(row);
                }
            }
            answers
        }))
    }

    /// Asks about several events as one table.
    pub(super) fn ask_as_table(&self, schema: &Schema, events: &[&Event]) -> Answer {
        let Some(plan) = self.plans.first() else { return Answer::NotAsked };
        answer(schema.table(events).and_then(|table| plan.run(&table, self.now)))
    }

    /// Whether the result for a table is that for each of its rows.
    pub(super) fn is_row_by_row(&self) -> bool {
        self.plans.iter().all(|plan| plan.query().row_steps() == plan.query().steps.len())
    }

    /// Why the rule selects an event or not.
    pub(super) fn explain(&self, schema: &Schema, event: &Event) -> Option<Explanation> {
        let plan = self.plans.get(event.schema)?;
        let table = schema.table(&[event]).ok()?;
        let context = Context { kql: &self.kql, now: self.now };
        self.rule.explain(plan.query(), table.rows_by_name().next()?, context).ok()
    }
}

/// What a run of the rule says.
pub(super) fn answer(result: Result<Table, Error>) -> Answer {
    result.map_or_else(|error| Answer::Error(error.to_string()), |result| Answer::Rows(rows(&result)))
}

/// The rows of a result.
fn rows(result: &Table) -> Vec<Row> {
    let columns: Vec<(Arc<str>, _)> =
        result.columns().iter().map(|column| (Arc::from(column.name.as_str()), column.r#type)).collect();
    let row = |cells: &Vec<rulespec::kql::Dynamic>| -> Row {
        let cells = columns.iter().zip(cells);
        cells.map(|((name, of_type), cell)| (Arc::clone(name), Cell::Typed(*of_type, cell.clone()))).collect()
    };
    result.rows().iter().map(row).collect()
}
