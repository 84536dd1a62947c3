//! Two reports of one process, as when Sysmon and the Security log both have it.

use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasher, RandomState};

use rulespec::kql::{Dynamic, Table};
use rulespec::telemetry::Place;

use super::finding::cell;

/// How many matches are remembered. A report is recognised as the second only
/// among so many matches after the first, so that memory stays flat.
const REMEMBERED: usize = 65_536;

/// How far apart two reports of one process may be, in ticks of 100 ns.
const APART: u64 = 5 * 10_000_000;

/// The matches so far, as far as it takes to recognise a second report.
pub struct Reports {
    hasher: RandomState,
    first: HashMap<u64, (i64, Place)>,
    order: VecDeque<u64>,
}

impl Reports {
    /// No match so far.
    pub fn new() -> Self {
        Self { hasher: RandomState::new(), first: HashMap::new(), order: VecDeque::new() }
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
        if self.order.len() > REMEMBERED
            && let Some(oldest) = self.order.pop_front()
        {
            self.first.remove(&oldest);
        }
    }
}
