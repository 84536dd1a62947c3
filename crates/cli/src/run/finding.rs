//! An event with the results of the rule.

use std::sync::{Arc, LazyLock};

use rulespec::kql::{Column, Datetime, Dynamic, Table, Type, tostring};
use rulespec::rule::entities::Entity;
use rulespec::rule::explain::Explanation;
use rulespec_events::{Event, Place};

/// The columns of an event that are shown of a detection that does not have them.
static SHOWN: LazyLock<Arc<[Column]>> = LazyLock::new(|| {
    let names = ["TimeGenerated", "FolderPath", "FileName", "ProcessId", "InitiatingProcessFileName"];
    names.map(|name| Column::new(name, Type::Dynamic)).into()
});

/// An event with the results of the rule.
pub struct Finding {
    /// The event.
    pub event: Event,
    /// The output of the rule, a table of one row; `None` if the event does not match.
    pub detection: Option<Table>,
    /// The place of an earlier report of the same process.
    pub duplicate_of: Option<Place>,
    /// Its entities, if requested.
    pub entities: Option<Vec<Entity>>,
    /// Why it matches or not, if requested.
    pub explanation: Option<Explanation>,
}

impl Finding {
    /// The columns and cells of the detection or, without one, of the event.
    pub fn cells(&self) -> impl Iterator<Item = (&str, &Dynamic)> {
        let (columns, cells) = match &self.detection {
            Some(table) => (table.columns(), table.rows().first().map_or(&[][..], Vec::as_slice)),
            None => (&self.event.columns[..], &self.event.row[..]),
        };
        columns.iter().map(|column| column.name.as_str()).zip(cells)
    }

    /// The text of a column; empty if there is no such column.
    pub fn text(&self, name: &str) -> String {
        let cell = self.cells().find(|(column, _)| *column == name);
        cell.map_or_else(String::new, |(_, cell)| tostring(cell, Type::Dynamic))
    }

    /// The text of a column of the event, also if the rule leaves it out of the detection. It is empty if
    /// the event does not have the column.
    pub fn text_of_event(&self, name: &str) -> String {
        self.of_event(name).map_or_else(String::new, |cell| tostring(cell, Type::Dynamic))
    }

    fn of_event(&self, name: &str) -> Option<&Dynamic> {
        debug_assert!(SHOWN.iter().any(|column| column.name == name), "{name} is not retained");
        self.event.cell(name)
    }

    /// When the event was recorded, if known. The result of a rule need not have the time.
    pub fn time(&self) -> Option<Datetime> {
        let of_result = self.cells().find(|(column, _)| *column == "TimeGenerated").map(|(_, cell)| cell);
        of_result.or_else(|| self.of_event("TimeGenerated"))?.as_datetime()
    }

    /// When the event was recorded, to the second; empty if unknown.
    pub fn time_text(&self) -> String {
        self.time().map(to_the_second).unwrap_or_default()
    }

    /// The account of the initiating process, which the rule outputs, or else of the process
    /// itself.
    pub fn account(&self) -> String {
        let initiating = ["InitiatingProcessAccountDomain", "InitiatingProcessAccountName"];
        let accounts = [initiating, ["AccountDomain", "AccountName"]];
        let accounts = accounts.map(|[domain, name]| (self.text(domain), self.text(name)));
        let account = accounts.into_iter().find(|(_, name)| !name.is_empty());
        match account {
            Some((domain, name)) if !domain.is_empty() => format!("{domain}\\{name}"),
            Some((_, name)) => name,
            None => String::new(),
        }
    }
}

/// Leaves out the cells of an event that are not shown of its detection.
pub fn retain_shown(event: &mut Event) {
    event.row = SHOWN.iter().map(|column| event.cell(&column.name).cloned().unwrap_or_default()).collect();
    event.columns = SHOWN.clone();
}

/// A time to the second: `2026-01-02 03:04:05`.
pub fn to_the_second(time: Datetime) -> String {
    let text = time.to_string();
    text.split('.').next().unwrap_or_default().replace('T', " ")
}
