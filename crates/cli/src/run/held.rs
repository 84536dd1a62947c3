//! Detections that are held until all events are read, because the rule has steps that need all rows.

use rulespec::kql::{Column, Dynamic, Error, Table};
use rulespec::rule::Explanation;
use rulespec::rule::explain;
use rulespec_events::{Event, size_of_content, size_of_row};

use super::finding::retain_shown;
use super::judge::Judge;

/// How many bytes of detections are held. Sorting them takes as much again.
pub const MAX_SIZE: usize = 256 << 20;

/// The detections that are held.
pub struct Held {
    /// The columns of all of them.
    columns: Vec<Column>,
    rows: Vec<Vec<Dynamic>>,
    /// For each row, the event that it comes from.
    origins: Vec<Origin>,
    /// How many bytes more can be held.
    free: usize,
    /// How many detections were left out.
    pub left_out: u64,
}

/// An event, and why it matches, if requested.
type Origin = (Event, Option<Explanation>);

impl Default for Held {
    fn default() -> Self {
        Self::with_size(MAX_SIZE)
    }
}

impl Held {
    fn with_size(size: usize) -> Self {
        Self { columns: vec![], rows: vec![], origins: vec![], free: size, left_out: 0 }
    }

    /// Holds a detection, if it fits. All of them have the same columns.
    pub fn add(&mut self, mut event: Event, detection: &Table, explanation: Option<Explanation>) {
        let Some(row) = detection.rows().first() else { return };
        retain_shown(&mut event);
        let rows = size_of::<Vec<Dynamic>>() + size_of_row(row) + size_of_row(&event.row);
        let size = size_of::<Origin>() + rows + explanation.as_ref().map_or(0, size_of_explanation);
        match self.free.checked_sub(size) {
            Some(free) => self.free = free,
            None => {
                self.left_out += 1;
                return;
            }
        }
        if self.rows.is_empty() {
            self.columns = detection.columns().to_vec();
        }
        self.rows.push(row.clone());
        self.origins.push((event, explanation));
    }

    /// Applies the steps that need all rows. Returns what is left, in order: events with their
    /// detections.
    ///
    /// # Errors
    ///
    /// Returns the error of a function.
    pub fn finish(
        self,
        judge: &Judge,
    ) -> Result<impl Iterator<Item = (Event, Table, Option<Explanation>)> + use<>, Error> {
        let steps = if self.rows.is_empty() { &[] } else { judge.last_steps() };
        let mut table = Table::new(self.columns)?;
        self.rows.into_iter().try_for_each(|row| table.push(row))?;
        let mut indices: Vec<usize> = (0..table.rows().len()).collect();
        for step in steps {
            let (output, rows) = judge.apply(step, &table)?;
            indices = rows.into_iter().filter_map(|row| indices.get(row).copied()).collect();
            table = output;
        }
        let mut origins: Vec<Option<Origin>> = self.origins.into_iter().map(Some).collect();
        Ok(indices.into_iter().enumerate().filter_map(move |(row, index)| {
            let (event, explanation) = origins.get_mut(index)?.take()?;
            Some((event, table.select(&[row]), explanation))
        }))
    }
}

/// The approximate size of what an explanation holds outside itself, in bytes.
fn size_of_explanation(explanation: &Explanation) -> usize {
    let computed = explanation.computed.iter().map(|computed| {
        size_of_val(computed) + size_of_content(&computed.value) + size_of_findings(&computed.condition)
    });
    size_of_findings(&explanation.findings) + computed.sum::<usize>()
}

fn size_of_findings(findings: &[explain::Finding]) -> usize {
    let texts = |finding: &explain::Finding| {
        let terms = finding.terms.iter().map(|term| size_of_val(term) + term.len());
        finding.predicate.len() + finding.looked_at.len() + terms.sum::<usize>()
    };
    let content = findings.iter().map(|finding| texts(finding) + size_of_content(&finding.value));
    size_of_val(findings) + content.sum::<usize>()
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;

    use rulespec::kql::{Datetime, Semantics};
    use rulespec::query::Context;
    use rulespec::rule::Rule;
    use rulespec_events::{Item, known_columns, read_bytes};
    use serde_json::json;

    use super::*;

    #[test]
    fn detections_are_held_up_to_a_size_and_the_others_are_counted() {
        const COMMAND_LINE_LEN: usize = 3_000;
        let text =
            "DeviceProcessEvents | sort by ProcessId desc | project Id = ProcessId, ProcessCommandLine";
        let (rule, now) = (Rule::parse(text).unwrap(), Datetime::UNIX_EPOCH);
        let bound = rule.bind(&known_columns(), Context { kql: &Semantics::default(), now }).unwrap();
        let mut judge = Judge::new(rule, &bound, now);
        let mut held = Held::with_size(40 * COMMAND_LINE_LEN);
        let row = |id| {
            json!({"Timestamp": "2026-01-02T03:04:05Z", "FileName": "x.exe", "ProcessId": id,
                "ProcessCommandLine": "x".repeat(COMMAND_LINE_LEN)})
        };
        let rows: String = (0..40).map(|id| format!("{}\n", row(id))).collect();
        let flow = read_bytes(rows.as_bytes(), &"a.jsonl".into(), &Default::default(), &mut |item| {
            let Item::Event(event) = item else { panic!("{item:?}") };
            let (detection, explanation) = judge.judge(&event, false).unwrap();
            held.add(*event, &detection.unwrap(), explanation);
            ControlFlow::Continue(())
        });
        assert_eq!(flow, ControlFlow::Continue(()));
        let count = held.rows.len();
        assert!((5..40).contains(&count), "{count}");
        assert_eq!(count as u64 + held.left_out, 40);
        let left: Vec<_> = held.finish(&judge).unwrap().collect();
        let ids: Vec<i64> = left.iter().map(|(_, table, _)| table.rows()[0][0].as_long().unwrap()).collect();
        assert_eq!(ids, (0..count as i64).rev().collect::<Vec<_>>());
        for (event, detection, _) in &left {
            assert_eq!((detection.columns().len(), detection.rows().len()), (2, 1));
            assert_eq!(event.cell("ProcessId"), Some(&detection.rows()[0][0]));
            assert_eq!(event.cell("ProcessCommandLine"), None, "only what is shown is held");
        }
    }
}
