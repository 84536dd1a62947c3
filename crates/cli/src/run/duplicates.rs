//! Two reports of one process, as when Sysmon and the Security log both have it.

use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasher, RandomState};

use super::finding::cell;
use rulespec::kql::{Dynamic, Table};
use rulespec_events::Place;

/// How many matches are remembered. A report is recognised as the second only
/// among so many matches after the first, so that memory stays flat.
pub const REMEMBERED: usize = 65_536;

/// How far apart two reports of one process may be, in ticks of 100 ns.
const APART: u64 = 5 * 10_000_000;

/// The matches so far, as far as it takes to recognise a second report.
pub struct Reports {
    hasher: RandomState,
    first: HashMap<u64, (i64, Place)>,
    order: VecDeque<u64>,
    remembered: usize,
}

impl Reports {
    /// No match so far, of which so many will be remembered.
    pub fn new(remembered: usize) -> Self {
        Self { hasher: RandomState::new(), first: HashMap::new(), order: VecDeque::new(), remembered }
    }

    /// Where the same process was reported before: a match with the same device,
    /// process id and command line, at most five seconds away.
    pub fn earlier(&mut self, detection: &Table, place: &Place) -> Option<Place> {
        let time = cell(detection, "TimeGenerated")?.as_datetime()?.ticks_since_1970();
        let key = self.key(detection)?;
        match self.first.insert(key, (time, place.clone())) {
            Some((before, earlier)) if before.abs_diff(time) <= APART => {
                self.first.insert(key, (before, earlier.clone()));
                Some(earlier)
            }
            Some(_) => None,
            None => {
                self.remember(key);
                None
            }
        }
    }

    fn key(&self, detection: &Table) -> Option<u64> {
        let device = cell(detection, "DeviceName")?.as_str()?.to_ascii_lowercase();
        let process = cell(detection, "ProcessId").and_then(Dynamic::as_long)?;
        let command_line = cell(detection, "ProcessCommandLine")?.as_str()?;
        Some(self.hasher.hash_one((device, process, command_line)))
    }

    fn remember(&mut self, key: u64) {
        self.order.push_back(key);
        if self.order.len() > self.remembered
            && let Some(oldest) = self.order.pop_front()
        {
            self.first.remove(&oldest);
        }
    }
}

#[cfg(test)]
mod tests {
    use rulespec_events::Position;
    use serde_json::json;

    use super::*;

    fn detection(time: &str, device: &str, process: i64, command_line: &str) -> Table {
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
    fn a_report_is_the_second_only_of_the_same_process_at_about_the_same_time() {
        let mut reports = Reports::new(REMEMBERED);
        let mut earlier = |line, time, device, process, command_line| {
            reports.earlier(&detection(time, device, process, command_line), &place(line))
        };
        assert_eq!(earlier(1, "05", "pc.corp", 7, "x"), None);
        assert_eq!(earlier(2, "05", "pc.other", 7, "x"), None);
        assert_eq!(earlier(3, "05", "pc.corp", 8, "x"), None);
        assert_eq!(earlier(4, "05", "pc.corp", 7, "X"), None);
        assert_eq!(earlier(5, "10", "PC.corp", 7, "x"), Some(place(1)));
        assert_eq!(earlier(6, "00", "pc.corp", 7, "x"), Some(place(1)));
        assert_eq!(earlier(7, "10.0000001", "pc.corp", 7, "x"), None);
        assert_eq!(earlier(8, "15", "pc.corp", 7, "x"), Some(place(7)));
    }

    #[test]
    fn only_so_many_reports_are_remembered() {
        let mut reports = Reports::new(2);
        for process in 0..3 {
            assert_eq!(reports.earlier(&detection("05", "pc", process, "x"), &place(1)), None);
        }
        assert_eq!(reports.first.len(), 2);
        assert_eq!(reports.earlier(&detection("05", "pc", 2, "x"), &place(2)), Some(place(1)));
        assert_eq!(reports.earlier(&detection("05", "pc", 0, "x"), &place(2)), None);
    }
}
