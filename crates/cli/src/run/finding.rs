//! One event as `rulespec run` shows it.

use rulespec::kql::{Datetime, Dynamic, Table, Type, tostring};
use rulespec::rule::entities::Entity;
use rulespec::rule::explain::Explanation;
use rulespec_events::{Event, Place};

/// One event, with what the rule makes of it.
pub struct Finding {
    /// The event.
    pub event: Event,
    /// What the rule makes of it, a table of one row; `None` where it does not
    /// match.
    pub detection: Option<Table>,
    /// Where the same process was reported before.
    pub duplicate_of: Option<Place>,
    /// Its entities, where they are asked for.
    pub entities: Option<Vec<Entity>>,
    /// Why it matches or does not, where that is asked for.
    pub explanation: Option<Explanation>,
}

impl Finding {
    /// Columns and cells: of the detection, else of the event.
    pub fn cells(&self) -> impl Iterator<Item = (&str, &Dynamic)> {
        let (columns, cells) = match &self.detection {
            Some(table) => (table.columns(), table.rows().first().map_or(&[][..], Vec::as_slice)),
            None => (&self.event.columns[..], &self.event.row[..]),
        };
        columns.iter().map(|column| column.name.as_str()).zip(cells)
    }

    /// The text of a column; empty where there is none.
    pub fn text(&self, name: &str) -> String {
        let cell = self.cells().find(|(column, _)| *column == name);
        cell.map_or_else(String::new, |(_, cell)| tostring(cell, Type::Dynamic))
    }

    /// When it was recorded, where that is known.
    pub fn time(&self) -> Option<Datetime> {
        self.cells().find(|(column, _)| *column == "TimeGenerated")?.1.as_datetime()
    }

    /// When it was recorded, as people read it; empty where that is not known.
    pub fn shown_time(&self) -> String {
        self.time().map(to_the_second).unwrap_or_default()
    }

    /// Whose process it is: the account of the initiating process, which the rule
    /// puts out, else the account of the process itself.
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

/// The cell of a column in a table's first row.
pub fn cell<'a>(table: &'a Table, name: &str) -> Option<&'a Dynamic> {
    let at = table.columns().iter().position(|column| column.name == name)?;
    table.rows().first()?.get(at)
}

/// A time as people read it: `2026-01-02 03:04:05`.
pub fn to_the_second(time: Datetime) -> String {
    let text = time.to_string();
    text.split('.').next().unwrap_or_default().replace('T', " ")
}
