//! A port as one of the sides: an implementation of a rule in another language, which can only be run.

#[cfg(not(target_family = "wasm"))]
mod command;
mod query;

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;

use rulespec::kql::{Column, Dynamic, Table};
use serde_json::{Map, Value as Json};

use super::answer::{Answer, Cell, Row, departures};
use super::event::{Event, Schema};

#[cfg(not(target_family = "wasm"))]
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

    /// Whether it is also asked about tables that lack an optional column of the rule. A port that reads each
    /// event as an object must accept them; one with a fixed table cannot.
    fn accepts_missing_columns(&self) -> bool {
        false
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
    /// How often it was run, and whether it ever answered without an error.
    runs: u64,
    has_answered: bool,
    /// The names of the columns that it returned last.
    pub(super) output: Vec<String>,
}

/// The column whose values identify the rows of a table that has it.
const KEY: &str = "ReportId";
/// How often the port is run for one table, if its rows do not say to which events they belong. It is
/// enough to ask about each of the first 32 events.
const MAX_RUNS: u64 = 64;
/// After how many errors a port is given up that never answered.
const MAX_REFUSED: u64 = 16;

impl<'a> PortSide<'a> {
    pub(super) fn new(port: &'a mut dyn Port, columns: Vec<Column>) -> Self {
        Self { port, columns, gone: None, runs: 0, has_answered: false, output: vec![] }
    }

    pub(super) fn batch(&self) -> usize {
        self.port.batch().max(1)
    }

    /// How many rows it selects of a table of some events, or its error. `None` if it cannot be asked.
    pub(super) fn count(&mut self, schema: &Schema, events: &[&Event]) -> Option<Result<usize, String>> {
        let numbered: Vec<(usize, &Event)> = events.iter().copied().enumerate().collect();
        let table = self.table(schema, &numbered).ok()?;
        self.runs += 1;
        match self.port.select(&table) {
            Ok(Selected::Rows(rows)) => Some(Ok(rows.len())),
            Ok(Selected::Numbers(numbers)) => Some(Ok(numbers.len())),
            Err(PortError::Refused(what)) => Some(Err(what)),
            Err(PortError::Gone(why)) => {
                self.gone = Some(why);
                None
            }
        }
    }

    /// Asks about events that have the same schema. If the rows cannot be assigned to events, and they are
    /// not those that are expected, halves of the events are asked about. Events that were not reached after
    /// [`MAX_RUNS`] runs have the answer that they were not asked about.
    pub(super) fn ask(
        &mut self,
        schema: &Schema,
        events: &[&Event],
        expected: Option<&[Answer]>,
    ) -> Vec<Answer> {
        let mut answers = vec![Answer::NotAsked; events.len()];
        let mut parts = vec![(0..events.len()).collect::<Vec<usize>>()];
        let last_run = self.runs + MAX_RUNS;
        while let Some(part) = parts.pop().filter(|_| self.gone.is_none() && self.runs < last_run) {
            if part.is_empty() {
                continue;
            }
            let expected = expected.map(|all| part.iter().map(|number| &all[*number]).collect::<Vec<_>>());
            let of_part: Vec<(usize, &Event)> =
                part.iter().map(|number| (*number, events[*number])).collect();
            match self.run(schema, &of_part, expected.as_deref()) {
                Some(found) => {
                    part.into_iter().zip(found).for_each(|(number, answer)| answers[number] = answer);
                }
                None => {
                    // Those that are not reached are spread over all events.
                    parts.push(part.iter().skip(1).step_by(2).copied().collect());
                    parts.push(part.into_iter().step_by(2).collect());
                }
            }
        }
        if self.gone.is_some() && !self.has_answered {
            answers.fill(Answer::NotAsked);
        }
        answers
    }

    /// Runs the port once. Returns no answers if it cannot be said to which events its rows belong.
    fn run(
        &mut self,
        schema: &Schema,
        events: &[(usize, &Event)],
        expected: Option<&[&Answer]>,
    ) -> Option<Vec<Answer>> {
        self.runs += 1;
        let table = self.table(schema, events);
        let selected = table
            .map_err(|error| PortError::Refused(error.to_string()))
            .and_then(|table| Ok((self.port.select(&table)?, table)));
        let (selected, table) = match selected {
            Ok(selected) => selected,
            Err(PortError::Gone(why)) => {
                self.gone = Some(why);
                return None;
            }
            Err(PortError::Refused(what)) => {
                if !self.has_answered && self.runs >= MAX_REFUSED {
                    self.gone = Some(format!("it had an error each of {} times: {what}", self.runs));
                }
                return (events.len() == 1).then(|| vec![Answer::Error(what)]);
            }
        };
        self.has_answered = true;
        let rows = match selected {
            Selected::Numbers(numbers) => {
                if let Some(number) = numbers.iter().find(|number| **number >= events.len()) {
                    self.gone = Some(format!("it returned the row {number} of {}", events.len()));
                    return None;
                }
                return Some(by_number(&numbers, events.len()));
            }
            Selected::Rows(rows) => rows,
        };
        let has_all_columns = events.iter().all(|(_, event)| event.schema == 0);
        if let Some(first) = rows.first().filter(|_| has_all_columns) {
            self.output = first.keys().cloned().collect();
        }
        if let Some(id) = unknown_id(&rows, &table) {
            self.gone = Some(format!("it returned a row with a {KEY} that no event has: {id}"));
            return None;
        }
        let rows: Vec<Row> = rows.into_iter().map(row).collect();
        if events.len() == 1 {
            return Some(vec![Answer::Rows(rows)]);
        }
        by_key(&self.keys(schema, &table), &rows, events.len()).or_else(|| as_expected(&rows, expected?))
    }

    /// A table of some events with all columns but the one that their schema lacks, given their numbers.
    fn table(&self, schema: &Schema, events: &[(usize, &Event)]) -> Result<Table, rulespec::kql::Error> {
        let narrow = schema.part(events)?;
        let number = events.first().map_or(0, |(_, event)| event.schema);
        let absent = schema.absent_in(number);
        let is_absent =
            |column: &Column| absent.is_some_and(|index| schema.columns[index].name == column.name);
        let columns: Vec<Column> = self.columns.iter().filter(|column| !is_absent(column)).cloned().collect();
        let places: Vec<Option<usize>> = columns
            .iter()
            .map(|column| narrow.columns().iter().position(|other| other.name == column.name))
            .collect();
        let mut table = Table::new(columns.clone())?;
        for ((number, _), cells) in events.iter().zip(narrow.rows()) {
            let cell = |(column, place): (&Column, &Option<usize>)| match place {
                Some(place) => cells[*place].clone(),
                None if column.name == KEY => Dynamic::Long(1 + *number as i64),
                None => column.r#type.empty(),
            };
            table.push(columns.iter().zip(&places).map(cell).collect())?;
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

/// The id of a row that is none of the table.
fn unknown_id(rows: &[Map<String, Json>], table: &Table) -> Option<String> {
    let place = table.columns().iter().position(|column| column.name == KEY)?;
    let known: HashSet<String> = table.rows().iter().map(|row| key_text(&row[place].to_json())).collect();
    let ids = rows.iter().filter_map(|row| row.get(KEY)).map(key_text);
    ids.into_iter().find(|id| !known.contains(id))
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

/// The expected answers, if the rows are those that are expected, in any order.
fn as_expected(rows: &[Row], expected: &[&Answer]) -> Option<Vec<Answer>> {
    let mut left: VecDeque<&Row> = rows.iter().collect();
    let mut answers = vec![];
    for answer in expected {
        let Answer::Rows(wanted) = answer else { return None };
        let mut found = vec![];
        for wanted in wanted {
            let wanted = Answer::Rows(vec![wanted.clone()]);
            let is_wanted = |row: &&Row| departures(&wanted, &Answer::Rows(vec![(*row).clone()])).is_empty();
            // The first one, if the rows are in this order.
            found.push(left.remove(left.iter().position(is_wanted)?)?.clone());
        }
        answers.push(Answer::Rows(found));
    }
    left.is_empty().then_some(answers)
}
