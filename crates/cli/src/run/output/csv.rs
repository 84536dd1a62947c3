//! Output as CSV with a fixed set of columns.

use std::rc::Rc;

use rulespec_check::printable::printable;
use rulespec_check::spreadsheet::Cells;

use super::rule::{self, About};
use super::{Output, Target, entity, explanation};
use crate::run::Arguments;
use crate::run::finding::Finding;
use crate::run::summary::Tally;
use crate::run::terminal::Screen;

/// The columns about the origin of the event.
const ORIGIN: [&str; 3] = ["Source", "Place", "DuplicateOf"];

/// A CSV writer.
pub struct Sheet {
    writer: csv::Writer<Target>,
    /// Whether to escape fields, because a terminal would interpret control characters.
    escapes: bool,
    cells: Cells,
}

impl Sheet {
    /// A sheet written to `target`.
    pub fn new(cells: Cells, screen: Screen, target: Target) -> Self {
        Self { writer: csv::Writer::from_writer(target), escapes: screen.is_terminal, cells }
    }

    /// Writes a record.
    pub fn record<S: AsRef<str>>(&mut self, fields: &[S]) -> anyhow::Result<()> {
        for field in fields.iter().map(AsRef::as_ref) {
            let field = if self.escapes { printable(field) } else { field.into() };
            self.writer.write_field(&*self.cells.text(&field))?;
        }
        self.writer.write_record(None::<&[u8]>)?;
        Ok(self.writer.flush()?)
    }
}

/// Writes one record per event, after a header.
pub struct Records {
    sheet: Sheet,
    about: Rc<About>,
    begun: bool,
    all: bool,
    entities: bool,
    explain: bool,
}

impl Records {
    /// Records written to `target`, with the fixed columns and those of `--all`, `--entities` and
    /// `--explain`.
    pub fn new(arguments: &Arguments, about: Rc<About>, screen: Screen, target: Target) -> Self {
        let &Arguments { all, entities, explain, cells, .. } = arguments;
        Self { sheet: Sheet::new(cells.cells(), screen, target), about, begun: false, all, entities, explain }
    }

    fn begin(&mut self) -> anyhow::Result<()> {
        if self.begun {
            return Ok(());
        }
        self.begun = true;
        let optional = [(self.all, "Match"), (self.entities, "Entities"), (self.explain, "Explanation")];
        let optional = optional.into_iter().filter_map(|(is_shown, name)| is_shown.then_some(name));
        let columns = self.about.columns.iter().map(String::as_str);
        self.sheet.record(&columns.chain(ORIGIN).chain(rule::COLUMNS).chain(optional).collect::<Vec<_>>())
    }
}

impl Output for Records {
    fn finding(&mut self, finding: &Finding) -> anyhow::Result<()> {
        self.begin()?;
        let mut fields: Vec<String> = self.about.columns.iter().map(|name| finding.text(name)).collect();
        fields.push(finding.event.source.to_string());
        fields.push(finding.event.place.to_string());
        fields.push(finding.duplicate_of.as_ref().map(ToString::to_string).unwrap_or_default());
        fields.extend(self.about.texts());
        if self.all {
            fields.push(finding.detection.is_some().to_string());
        }
        // An event that does not match has no entities, but still needs a field for them.
        if self.entities {
            let json = finding.entities.as_deref().map(entity::json_array);
            fields.push(json.map(|json| json.to_string()).unwrap_or_default());
        }
        if self.explain {
            let json = |explanation| explanation::json(explanation).to_string();
            fields.push(finding.explanation.as_ref().map(json).unwrap_or_default());
        }
        self.sheet.record(&fields)
    }

    /// Writes the header even if nothing matched.
    fn end(&mut self, _: &Tally) -> anyhow::Result<()> {
        self.begin()
    }
}
