//! Detections as CSV, always with the same columns.

use rulespec::kql::{Profile, tostring};
use rulespec::rule::schedule::Alert;

use super::{Output, Target};
use crate::cli::printable::printable;
use crate::cli::run::Arguments;
use crate::cli::run::finding::Finding;
use crate::cli::terminal;

/// The columns of every row: the rule's own, and where the event was seen.
const COLUMNS: [&str; 15] = [
    "TimeGenerated",
    "DeviceId",
    "DeviceName",
    "Direction",
    "RemoteUrl",
    "LocalFile",
    "InitiatingProcessFolderPath",
    "InitiatingProcessAccountDomain",
    "InitiatingProcessAccountName",
    "InitiatingProcessSHA256",
    "ProcessId",
    "ProcessCommandLine",
    "ParsedCommandLine",
    "HostName",
    "DnsDomain",
];
const SEEN: [&str; 3] = ["Source", "Place", "DuplicateOf"];

/// Writes a record an event, under a header.
pub struct Records {
    writer: csv::Writer<Target>,
    begun: bool,
    /// Data goes out exactly, except to a terminal, which would obey it.
    exact: bool,
    all: bool,
    entities: bool,
    explain: bool,
}

impl Records {
    /// Records that go there, with the columns that the arguments ask for beside
    /// the fixed ones.
    pub fn new(arguments: &Arguments, target: Target) -> Self {
        let &Arguments { all, entities, explain, .. } = arguments;
        let writer = csv::Writer::from_writer(target);
        Self { writer, begun: false, exact: !terminal::shows_output(), all, entities, explain }
    }

    fn header(&self) -> Vec<&'static str> {
        let asked = [(self.all, "Match"), (self.entities, "Entities"), (self.explain, "Explanation")];
        let asked = asked.into_iter().filter_map(|(asked, name)| asked.then_some(name));
        COLUMNS.into_iter().chain(SEEN).chain(asked).collect()
    }

    fn record(&mut self, record: &[String]) -> anyhow::Result<()> {
        match self.exact {
            true => self.writer.write_record(record)?,
            false => self.writer.write_record(record.iter().map(|field| printable(field).into_owned()))?,
        }
        Ok(self.writer.flush()?)
    }
}
