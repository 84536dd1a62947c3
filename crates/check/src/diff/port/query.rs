//! A port that an engine runs: a statement in its own language.

use rulespec::kql::Table;
use serde_json::{Map, Value as Json, json};

use super::{Port, PortError, Selected};
use crate::engine::{Answer, Engine, StartError};
use crate::table_difference::TableView;
use rulespec::Function;

/// The name of the table that the statement reads.
const TABLE: &str = "DeviceProcessEvents";

/// A statement that an engine runs over a table. The engine has the function `query`, and takes its
/// first argument in the language of the statement.
pub struct QueryPort {
    engine: Box<dyn Engine>,
    name: String,
    text: String,
}

impl QueryPort {
    /// Starts an engine that runs a statement.
    ///
    /// # Errors
    ///
    /// Returns an error if the engine cannot be run.
    pub fn start(mut engine: Box<dyn Engine>, name: &str, text: &str) -> Result<Self, StartError> {
        let hello = engine.hello()?;
        let name = format!("{name} on {} {}", hello.engine, hello.version);
        Ok(Self { engine, name: name.trim_end().to_owned(), text: text.to_owned() })
    }
}

impl Port for QueryPort {
    fn name(&self) -> String {
        self.name.clone()
    }

    fn text(&self) -> &str {
        &self.text
    }

    fn select(&mut self, table: &Table) -> Result<Selected, PortError> {
        let tables = json!({TABLE: table.to_json()});
        match self.engine.ask(Function::Query.name(), &[json!(self.text), tables]) {
            Answer::Value(table) => rows(&table)
                .map(Selected::Rows)
                .ok_or_else(|| PortError::Refused("the answer is no table with columns and rows".to_owned())),
            answer @ (Answer::NotAsked(_) | Answer::Unsupported(_)) => {
                Err(PortError::Gone(answer.to_string()))
            }
            Answer::Error(what) => Err(PortError::Refused(what)),
            answer => Err(PortError::Refused(answer.to_string())),
        }
    }
}

/// The rows of a table in JSON, by the names of their columns.
fn rows(table: &Json) -> Option<Vec<Map<String, Json>>> {
    let table = TableView::of(table)?;
    let names = || table.columns.iter().map(|(name, _)| (*name).to_owned());
    Some(table.rows.iter().map(|row| names().zip(row.iter().cloned()).collect()).collect())
}
