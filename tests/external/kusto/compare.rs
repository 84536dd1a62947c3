//! Comparing our result of a query with the recorded one.

use std::collections::BTreeSet;

use rulespec::kql::Dynamic;
use serde::Deserialize;

use super::evaluate::Call;
use super::format::{Cell, is_row, text, type_name};
use super::frame::{Frame, Lineage};

/// A query and the recorded result of the emulator.
#[derive(Debug, Deserialize)]
pub struct Record {
    pub query: String,
    /// The columns, in the form `name:Type`.
    columns: Vec<String>,
    /// The number of rows of the result, of which at most twenty are recorded.
    row_count: usize,
    rows: Vec<String>,
}

/// The calls that the recorded result confirms and contradicts, and the differences.
#[derive(Debug, Default)]
pub struct Comparison {
    pub agreed: BTreeSet<Call>,
    pub disagreed: BTreeSet<Call>,
    pub differences: Vec<String>,
}

impl Comparison {
    /// Compares our result with a record. If the columns or the number of rows differ, no call
    /// is confirmed.
    pub fn new(record: &Record, frame: &Frame<'_>) -> Self {
        let mut comparison = Self::default();
        comparison.compare_columns(record, frame);
        let rows = frame.table.rows();
        if rows.len() != record.row_count {
            comparison.differences.push(format!("{} rows, not {}", rows.len(), record.row_count));
        }
        let is_same_shape = comparison.differences.is_empty();
        comparison.add(frame.dropped.clone(), is_same_shape);
        for ((cells, lineage), recorded) in rows.iter().zip(&frame.rows).zip(&record.rows) {
            let (cells, calls) = expected(record, frame, cells, lineage);
            let agrees = is_row(recorded, &cells);
            if !agrees {
                comparison.differences.push(format!("{recorded} is not {cells:?}"));
            }
            comparison.add(calls, is_same_shape && agrees);
        }
        comparison
    }

    /// Adds calls as confirmed or contradicted.
    fn add(&mut self, calls: BTreeSet<Call>, agrees: bool) {
        let set = if agrees { &mut self.agreed } else { &mut self.disagreed };
        set.extend(calls);
    }

    /// Compares the names of the columns, and the types of those with a supported cell.
    fn compare_columns(&mut self, record: &Record, frame: &Frame<'_>) {
        let has_type = |name| frame.rows.iter().any(|lineage| lineage.notes[name].unsupported.is_none());
        let ours = frame.table.columns().iter().map(|column| {
            let type_name = if has_type(&column.name) { type_name(column.r#type) } else { "" };
            format!("{}:{type_name}", column.name)
        });
        let ours: Vec<String> = ours.collect();
        let is_same = |(ours, recorded): (&String, &String)| {
            ours == recorded || ours.ends_with(':') && recorded.starts_with(ours)
        };
        if ours.len() != record.columns.len() || !ours.iter().zip(&record.columns).all(is_same) {
            self.differences.push(format!("columns {ours:?}, not {:?}", record.columns));
        }
    }

    /// Whether a call that a clause specifies was compared.
    pub fn has_specified_call(&self) -> bool {
        self.agreed.union(&self.disagreed).any(|call| call.is_specified)
    }
}

/// Returns the expected cells of a row, and the calls that they depend on.
fn expected(
    record: &Record,
    frame: &Frame<'_>,
    cells: &[Dynamic],
    lineage: &Lineage,
) -> (Vec<Cell>, BTreeSet<Call>) {
    let mut calls = lineage.kept.clone();
    let columns = frame.table.columns().iter().zip(cells).enumerate();
    let cells = columns.map(|(index, (column, cell))| {
        let note = &lineage.notes[&column.name];
        match text(cell, column.r#type).filter(|_| note.unsupported.is_none()) {
            Some(text) => {
                calls.extend(note.calls.iter().cloned());
                Cell::Text(text)
            }
            None => {
                let recorded_type = record.columns.get(index).and_then(|column| column.rsplit(':').next());
                Cell::Any(recorded_type.unwrap_or_default().to_owned())
            }
        }
    });
    (cells.collect(), calls)
}
