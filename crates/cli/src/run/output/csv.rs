//! Detections as CSV, always with the same columns.

use rulespec::rule::entities::Entity;
use serde_json::Value as Json;

use super::{Output, Target, entity, explanation};
use crate::printable::printable;
use crate::run::Arguments;
use crate::run::finding::Finding;
use crate::terminal;
use rulespec::rule::FIRST_COLUMNS;

/// The columns the rule adds behind all others of the input.
const LAST_COLUMNS: [&str; 3] = ["ParsedCommandLine", "HostName", "DnsDomain"];
/// Where the event was seen.
const SEEN: [&str; 3] = ["Source", "Place", "DuplicateOf"];

/// The columns of every row that the rule makes.
fn columns() -> impl Iterator<Item = &'static str> {
    FIRST_COLUMNS.into_iter().chain(LAST_COLUMNS)
}

/// Records of fields.
pub struct Sheet {
    writer: csv::Writer<Target>,
    /// Data goes out exactly, except to a terminal, which would obey it.
    exact: bool,
}

impl Sheet {
    /// A sheet that goes there.
    pub fn new(target: Target) -> Self {
        Self { writer: csv::Writer::from_writer(target), exact: !terminal::shows_output() }
    }

    /// Writes a record.
    pub fn record<S: AsRef<str>>(&mut self, fields: &[S]) -> anyhow::Result<()> {
        for field in fields.iter().map(AsRef::as_ref) {
            match self.exact {
                true => self.writer.write_field(field)?,
                false => self.writer.write_field(&*printable(field))?,
            }
        }
        self.writer.write_record(None::<&[u8]>)?;
        Ok(self.writer.flush()?)
    }
}

/// Writes a record an event, under a header.
pub struct Records {
    sheet: Sheet,
    begun: bool,
    all: bool,
    entities: bool,
    explain: bool,
}

impl Records {
    /// Records that go there, with the columns that the arguments ask for beside
    /// the fixed ones.
    pub fn new(arguments: &Arguments, target: Target) -> Self {
        let &Arguments { all, entities, explain, .. } = arguments;
        Self { sheet: Sheet::new(target), begun: false, all, entities, explain }
    }

    fn begin(&mut self) -> anyhow::Result<()> {
        if self.begun {
            return Ok(());
        }
        self.begun = true;
        let asked = [(self.all, "Match"), (self.entities, "Entities"), (self.explain, "Explanation")];
        let asked = asked.into_iter().filter_map(|(asked, name)| asked.then_some(name));
        self.sheet.record(&columns().chain(SEEN).chain(asked).collect::<Vec<_>>())
    }
}

impl Output for Records {
    fn finding(&mut self, finding: &Finding) -> anyhow::Result<()> {
        self.begin()?;
        let mut fields = columns().map(|name| finding.text(name)).collect::<Vec<_>>();
        fields.push(finding.event.source.to_string());
        fields.push(finding.event.place.to_string());
        fields.push(finding.duplicate_of.as_ref().map(ToString::to_string).unwrap_or_default());
        if self.all {
            fields.push(finding.detection.is_some().to_string());
        }
        // An event that does not match has no entities, and yet a field for them.
        if self.entities {
            let entities = finding.entities.as_ref();
            let json =
                |entities: &Vec<Entity>| entities.iter().map(entity::json).collect::<Json>().to_string();
            fields.push(entities.map(json).unwrap_or_default());
        }
        if self.explain {
            let json = |explanation| explanation::json(explanation).to_string();
            fields.push(finding.explanation.as_ref().map(json).unwrap_or_default());
        }
        self.sheet.record(&fields)
    }

    /// Even where nothing matches the columns are named.
    fn end(&mut self) -> anyhow::Result<()> {
        self.begin()
    }
}
