//! A port as one of the sides: an implementation of a rule in another language, which can only be run.

mod command;
mod query;

use std::collections::HashMap;
use std::sync::Arc;

use rulespec::kql::{Column, Dynamic, Table};
use serde_json::{Map, Value as Json};

use super::answer::{Answer, Cell, Row, departures};
use super::event::{Event, Schema};

pub use command::CommandPort;
pub use query::QueryPort;

/// An implementation of a rule that selects rows of a table.
pub trait Port {
    /// What it is called in results, such as `port.sql on duckdb 1.4.0`.
    fn name(&self) -> String;

    /// Runs it over a table of process creations, and returns the rows that it selects.
    ///
    /// # Errors
    ///
    /// Returns an error if it has one, or cannot be run.
    fn select(&mut self, table: &Table) -> Result<Selected, PortError>;

    /// The text of the port, from which words are taken for events. It may be empty.
    fn text(&self) -> &str {
        ""
    }

    /// How many events it is asked about at once.
    fn batch(&self) -> usize {
        256
    }
}

/// What a port selects.
#[derive(Debug, Clone, PartialEq)]
pub enum Selected {
    /// Rows with values of their own.
    Rows(Vec<Map<String, Json>>),
    /// The numbers of rows of the table, from 0.
    Numbers(Vec<usize>),
}

/// Why a port selects nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PortError {
    /// It has an error for this table.
    #[error("{0}")]
    Refused(String),
    /// It can no longer be asked.
    #[error("{0}")]
    Gone(String),
}

/// A port that is asked about events.
pub(super) struct PortSide<'a> {
    port: &'a mut dyn Port,
    /// All columns of its table.
    columns: Vec<Column>,
    /// Why it can no longer be asked.
    pub(super) gone: Option<String>,
    /// How often it was run.
    pub(super) runs: u64,
    /// The names of its columns, and whether they were told by another case.
    pub(super) output: Vec<String>,
}

/// The column whose values identify the rows of a table that has it.
const KEY: &str = "ReportId";

impl<'a> PortSide<'a> {
    pub(super) fn new(port: &'a mut dyn Port, columns: Vec<Column>) -> Self {
        Self { port, columns, gone: None, runs: 0, output: vec![] }
    }

    pub(super) fn batch(&self) -> usize {
        self.port.batch().max(1)
    }

    /// Asks about events that have the same schema. If the rows cannot be assigned to events, and they are
    /// not those that are expected, halves of the events are asked about.
    pub(super) fn ask(
        &mut self,
        schema: &Schema,
        events: &[&Event],
        expected: Option<&[Answer]>,
    ) -> Vec<Answer> {
        self.ask_part(schema, events, 0, expected)
    }

    /// Asks about events that are part of a table, from the row with this number on.
    fn ask_part(
        &mut self,
        schema: &Schema,
        events: &[&Event],
        number: usize,
        expected: Option<&[Answer]>,
    ) -> Vec<Answer> {
        if events.is_empty() {
            return vec![];
        }
        let selected = match (&self.gone, self.table(schema, events, number)) {
            (None, Ok(table)) => {
                self.runs += 1;
                self.port.select(&table).map(|selected| (table, selected))
            }
            (None, Err(error)) => Err(PortError::Refused(error.to_string())),
            (Some(why), _) => Err(PortError::Gone(why.clone())),
        };
        match selected {
            Err(PortError::Gone(why)) => {
                self.gone = Some(why);
                return vec![Answer::NotAsked; events.len()];
            }
            Err(PortError::Refused(what)) if events.len() == 1 => return vec![Answer::Error(what)],
            Err(PortError::Refused(_)) => {}
            Ok((table, selected)) => {
                let rows = match selected {
                    Selected::Numbers(numbers) => return by_number(&numbers, events.len()),
                    Selected::Rows(rows) => rows,
                };
                if let Some(first) = rows.first() {
                    self.output = first.keys().cloned().collect();
                }
                let rows: Vec<Row> = rows.into_iter().map(row).collect();
                if let [_] = events {
                    return vec![Answer::Rows(rows)];
                }
                let keys = self.keys(schema, &table);
                if let Some(answers) =
                    by_key(&keys, &rows, events.len()).or_else(|| as_expected(&rows, expected))
                {
                    return answers;
                }
            }
        }
        let (first, second) = events.split_at(events.len() / 2);
        let (of_first, of_second) = expected.map(|all| all.split_at(first.len())).unzip();
        let mut answers = self.ask_part(schema, first, number, of_first);
        answers.extend(self.ask_part(schema, second, number + first.len(), of_second));
        answers
    }

    /// The table of some events with all columns.
    fn table(&self, schema: &Schema, events: &[&Event], first: usize) -> Result<Table, rulespec::kql::Error> {
        let narrow = schema.part(events, first)?;
        let mut table = Table::new(self.columns.clone())?;
        let places: Vec<Option<usize>> = self
            .columns
            .iter()
            .map(|column| narrow.columns().iter().position(|other| other.name == column.name))
            .collect();
        for (number, cells) in narrow.rows().iter().enumerate() {
            let cell = |(column, place): (&Column, &Option<usize>)| match place {
                Some(place) => cells[*place].clone(),
                None if column.name == KEY => Dynamic::Long((1 + first + number) as i64),
                None => column.r#type.empty(),
            };
            table.push(self.columns.iter().zip(&places).map(cell).collect())?;
        }
        Ok(table)
    }

    /// The columns that differ in each row of the table, with the number of the row for each value.
    fn keys(&self, schema: &Schema, table: &Table) -> Vec<(String, HashMap<String, usize>)> {
        let narrow = schema.keys.iter().map(|key| schema.columns[*key].name.clone());
        let names = narrow.chain([KEY.to_owned()]);
        let keys = names.filter_map(|name| {
            let place = table.columns().iter().position(|column| column.name == name)?;
            let values = table.rows().iter().enumerate();
            let numbers: HashMap<String, usize> =
                values.map(|(number, row)| (key_text(&row[place].to_json()), number)).collect();
            (numbers.len() == table.rows().len()).then_some((name, numbers))
        });
        keys.collect()
    }
}

/// The text of a key. A time is cut to seconds, because a port may write it in its own form.
fn key_text(value: &Json) -> String {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let time: Option<rulespec::kql::Datetime> = text.parse().ok().filter(|_| text.contains(':'));
    time.map_or(text, |time| (time.ticks_since_1970() / 10_000_000).to_string())
}

fn row(row: Map<String, Json>) -> Row {
    row.into_iter().map(|(name, value)| (Arc::from(name), Cell::Json(value))).collect()
}

fn by_number(numbers: &[usize], count: usize) -> Vec<Answer> {
    let mut rows = vec![vec![]; count];
    for number in numbers {
        if let Some(rows) = rows.get_mut(*number) {
            rows.push(Row::new());
        }
    }
    rows.into_iter().map(Answer::Rows).collect()
}

/// Assigns the rows to events by the first key that each row has. `None` if there is none.
fn by_key(keys: &[(String, HashMap<String, usize>)], rows: &[Row], count: usize) -> Option<Vec<Answer>> {
    let mut found = vec![vec![]; count];
    let places = keys.iter().find_map(|(name, numbers)| {
        let place = |row: &Row| {
            let (_, cell) = row.iter().find(|(other, _)| other.eq_ignore_ascii_case(name))?;
            numbers.get(&key_text(&cell.json())).copied()
        };
        rows.iter().map(place).collect::<Option<Vec<usize>>>()
    })?;
    for (row, place) in rows.iter().zip(places) {
        found[place].push(row.clone());
    }
    Some(found.into_iter().map(Answer::Rows).collect())
}

/// The expected answers, if the rows are those that are expected, in this order.
fn as_expected(rows: &[Row], expected: Option<&[Answer]>) -> Option<Vec<Answer>> {
    let mut left = rows.iter();
    let mut answers = vec![];
    for answer in expected? {
        let Answer::Rows(wanted) = answer else { return None };
        let found = Answer::Rows(left.by_ref().take(wanted.len()).cloned().collect());
        if !departures(answer, &found).is_empty() {
            return None;
        }
        answers.push(found);
    }
    left.next().is_none().then_some(answers)
}
