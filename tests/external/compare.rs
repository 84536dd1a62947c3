//! A record, and how what its query makes compares with what was recorded.

use std::collections::BTreeSet;

use rulespec::kql::Dynamic;
use serde::Deserialize;

use super::evaluate::Call;
use super::form::{Cell, is_row, text, type_name};
use super::frame::{Frame, Lineage};
use super::value::Value;

/// A query and what the emulator answered.
#[derive(Debug, Deserialize)]
pub struct Record {
    pub query: String,
    /// `name:Type`.
    columns: Vec<String>,
    /// How many rows there were; at most twenty are recorded.
    row_count: usize,
    rows: Vec<String>,
}

/// The calls that a recorded answer confirms, those that it contradicts, and how.
#[derive(Debug, Default)]
pub struct Comparison {
    pub agreed: BTreeSet<Call>,
    pub disagreed: BTreeSet<Call>,
    pub differences: Vec<String>,
}

impl Comparison {
    /// Compares what a query makes with what was recorded. If the columns or the number
    /// of rows differ, no call is confirmed.
    pub fn new(record: &Record, frame: &Frame<'_>) -> Self {
        let mut this = Self::default();
        this.compare_columns(record, frame);
        let rows = frame.table.rows();
        if rows.len() != record.row_count {
            this.differences.push(format!("{} rows, not {}", rows.len(), record.row_count));
        }
        let is_whole = this.differences.is_empty();
        this.add(frame.dropped.clone(), is_whole);
        for ((cells, lineage), recorded) in rows.iter().zip(&frame.rows).zip(&record.rows) {
            let (cells, calls) = expected(record, frame, cells, lineage);
            let agrees = is_row(recorded, &cells);
            if !agrees {
                this.differences.push(format!("{recorded} is not {cells:?}"));
            }
            this.add(calls, is_whole && agrees);
        }
        this
    }

    /// Counts calls as confirmed or contradicted.
    fn add(&mut self, calls: BTreeSet<Call>, agrees: bool) {
        let to = if agrees { &mut self.agreed } else { &mut self.disagreed };
        to.extend(calls);
    }

    /// Compares the names of the columns, and their types as far as they are known.
    fn compare_columns(&mut self, record: &Record, frame: &Frame<'_>) {
        let is_known = |name| frame.rows.iter().any(|lineage| lineage.notes[name].unknown.is_none());
        let columns = frame.table.columns().iter();
        let ours: Vec<String> = columns
            .map(|column| match is_known(&column.name) {
                true => format!("{}:{}", column.name, type_name(column.r#type)),
                false => format!("{}:", column.name),
            })
            .collect();
        let is_same = |(ours, recorded): (&String, &String)| {
            ours == recorded || ours.ends_with(':') && recorded.starts_with(ours)
        };
        if ours.len() != record.columns.len() || !ours.iter().zip(&record.columns).all(is_same) {
            self.differences.push(format!("columns {ours:?}, not {:?}", record.columns));
        }
    }

    /// Whether some answer was compared that a clause describes.
    pub fn is_of_a_clause(&self) -> bool {
        self.agreed.union(&self.disagreed).any(|call| !call.is_glue)
    }
}

/// What the cells of a row must be, and the calls that they rest on.
fn expected(
    record: &Record,
    frame: &Frame<'_>,
    cells: &[Dynamic],
    lineage: &Lineage,
) -> (Vec<Cell>, BTreeSet<Call>) {
    let mut calls = lineage.kept.clone();
    let columns = frame.table.columns().iter().zip(cells).enumerate();
    let cells = columns.map(|(place, (column, cell))| {
        let note = &lineage.notes[&column.name];
        let known = text(&Value { dynamic: cell.clone(), of_type: column.r#type });
        match known.filter(|_| note.unknown.is_none()) {
            Some(text) => {
                calls.extend(note.calls.iter().cloned());
                Cell::Text(text)
            }
            None => {
                let recorded = record.columns.get(place).and_then(|column| column.rsplit(':').next());
                Cell::Any(recorded.unwrap_or_default().to_owned())
            }
        }
    });
    (cells.collect(), calls)
}
