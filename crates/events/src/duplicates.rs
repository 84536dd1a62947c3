//! Finds second reports of one process, as when both Sysmon and the Security log recorded it.

use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasher, RandomState};

use rulespec::kql::{Dynamic, Table};

use crate::Place;

/// How many processes are remembered by default. A duplicate is found only if no more than this
/// many other processes were reported since, so that memory stays bounded.
const DEFAULT_CAPACITY: usize = 65_536;

/// How far apart two reports of one process may be, in ticks of 100 ns.
const MAX_DISTANCE: u64 = 5 * 10_000_000;

/// Remembers reported processes in order to recognise duplicates.
#[derive(Debug)]
pub struct DuplicateFinder {
    hasher: RandomState,
    /// The time and place of the first report, by the hash of the process.
    reports: HashMap<u64, (i64, Place)>,
    /// The keys of `reports`, oldest first.
    order: VecDeque<u64>,
    capacity: usize,
}

impl Default for DuplicateFinder {
    fn default() -> Self {
        Self::with_capacity(DEFAULT_CAPACITY)
    }
}

impl DuplicateFinder {
    fn with_capacity(capacity: usize) -> Self {
        Self { hasher: RandomState::new(), reports: HashMap::new(), order: VecDeque::new(), capacity }
    }

    /// Takes a process, the first row of a table, and returns the place of an earlier report of it:
    /// one with the same device, process id and command line, at most five seconds away.
    pub fn check(&mut self, row: &Table, place: &Place) -> Option<Place> {
        let time = cell(row, "TimeGenerated")?.as_datetime()?.ticks_since_1970();
        let key = self.key(row)?;
        match self.reports.insert(key, (time, place.clone())) {
            Some((before, earlier)) if before.abs_diff(time) <= MAX_DISTANCE => {
                self.reports.insert(key, (before, earlier.clone()));
                Some(earlier)
            }
            Some(_) => None,
            None => {
                self.remember(key);
                None
            }
        }
    }

    fn key(&self, row: &Table) -> Option<u64> {
        let device = cell(row, "DeviceName")?.as_str()?.to_ascii_lowercase();
        let process = cell(row, "ProcessId").and_then(Dynamic::as_long)?;
        let command_line = cell(row, "ProcessCommandLine")?.as_str()?;
        Some(self.hasher.hash_one((device, process, command_line)))
    }

    fn remember(&mut self, key: u64) {
        self.order.push_back(key);
        if self.order.len() > self.capacity
            && let Some(oldest) = self.order.pop_front()
        {
            self.reports.remove(&oldest);
        }
    }
}

/// The cell of a column in a table's first row.
fn cell<'a>(table: &'a Table, name: &str) -> Option<&'a Dynamic> {
    let at = table.columns().iter().position(|column| column.name == name)?;
    table.rows().first()?.get(at)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::Position;

    fn row(time: &str, device: &str, process: i64, command_line: &str) -> Table {
        let columns = [
            json!({"name": "TimeGenerated", "type": "datetime"}),
            json!({"name": "DeviceName", "type": "string"}),
            json!({"name": "ProcessId", "type": "long"}),
            json!({"name": "ProcessCommandLine", "type": "string"}),
        ];
        let row = json!([format!("2026-01-02T03:04:{time}Z"), device, process, command_line]);
        Table::from_json(&json!({"columns": columns, "rows": [row]})).unwrap()
    }

    fn place(line: u64) -> Place {
        Place { file: "x".into(), position: Position::Line(line) }
    }

    #[test]
    fn a_duplicate_is_the_same_process_within_five_seconds() {
        let mut finder = DuplicateFinder::default();
        for (line, (time, device, process, command_line), earlier) in [
            (1, ("05", "pc.corp", 7, "x"), None),
            (2, ("05", "pc.other", 7, "x"), None),
            (3, ("05", "pc.corp", 8, "x"), None),
            (4, ("05", "pc.corp", 7, "X"), None),
            (5, ("10", "PC.corp", 7, "x"), Some(place(1))),
            (6, ("00", "pc.corp", 7, "x"), Some(place(1))),
            (7, ("10.0000001", "pc.corp", 7, "x"), None),
            (8, ("15", "pc.corp", 7, "x"), Some(place(7))),
        ] {
            let row = row(time, device, process, command_line);
            assert_eq!(finder.check(&row, &place(line)), earlier, "{line}");
        }
    }

    #[test]
    fn the_oldest_report_is_forgotten_first() {
        let mut finder = DuplicateFinder::with_capacity(2);
        for process in 0..3 {
            assert_eq!(finder.check(&row("05", "pc", process, "x"), &place(1)), None);
        }
        assert_eq!(finder.reports.len(), 2);
        assert_eq!(finder.check(&row("05", "pc", 2, "x"), &place(2)), Some(place(1)));
        assert_eq!(finder.check(&row("05", "pc", 0, "x"), &place(2)), None);
    }
}
