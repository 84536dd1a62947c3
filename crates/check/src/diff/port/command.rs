//! A port that is a program: it reads events and writes those that it selects.

use std::ffi::OsString;

use rulespec::kql::Table;
use serde_json::{Map, Value as Json};

use super::{Port, PortError, Selected};
use crate::engine::process::{Limits, OnceError, run_once};
use crate::engine::protocol::MAX_VALUES;
use crate::stop::Stop;

/// The byte order mark of UTF-8, with which some programs begin their output.
const BOM: &[u8] = "\u{feff}".as_bytes();

/// A program that reads process creations as JSON Lines from standard input, and writes those that it
/// selects as JSON Lines to standard output. It is started for each table.
pub struct CommandPort {
    argv: Vec<OsString>,
    limits: Limits,
    stop: Stop,
}

impl CommandPort {
    /// A program and its arguments, run without a shell.
    pub fn new(argv: Vec<OsString>, limits: Limits, stop: Stop) -> Self {
        Self { argv, limits, stop }
    }
}

impl From<OnceError> for PortError {
    fn from(error: OnceError) -> Self {
        match error {
            OnceError::Failed(how) => Self::Refused(how),
            OnceError::NotStarted(why) | OnceError::Exceeded(why) => Self::Gone(why),
            OnceError::Stopped(reason) => Self::Gone(reason.to_string()),
        }
    }
}

impl Port for CommandPort {
    fn name(&self) -> String {
        let words: Vec<_> = self.argv.iter().map(|word| word.to_string_lossy()).collect();
        words.join(" ")
    }

    fn accepts_missing_columns(&self) -> bool {
        true
    }

    fn select(&mut self, table: &Table) -> Result<Selected, PortError> {
        let input = table.rows().iter().map(|row| {
            let cells = table.columns().iter().zip(row);
            let object: Map<String, Json> =
                cells.map(|(column, cell)| (column.name.clone(), cell.to_json())).collect();
            (Json::Object(object).to_string() + "\n").into_bytes()
        });
        let lines = run_once(&self.argv, &self.limits, &self.stop, input)?;
        let mut rows = vec![];
        for (number, line) in lines.iter().enumerate() {
            let line = line.strip_prefix(BOM).filter(|_| number == 0).unwrap_or(line);
            if line.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            let row: Map<String, Json> = rulespec::json::from_slice(line, MAX_VALUES).map_err(|error| {
                PortError::Refused(format!(
                    "line {} of its output is no JSON object: {error}; write one selected row per line",
                    number + 1
                ))
            })?;
            rows.push(row);
        }
        Ok(Selected::Rows(rows))
    }
}
