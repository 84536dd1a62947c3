//! Detections as JSON: an object a line, or one array.
//!
//! An object has the rule's columns in the rule's order, then `_rulespec`, which
//! says what is known beyond them.

use std::io::Write;

use rulespec_events::{Place, Position};
use serde_json::{Map, Value as Json, json};

use super::{Output, Target, entity, explanation};
use crate::printable;
use crate::run::finding::Finding;

/// Writes one object a line.
pub struct Lines(Target);

impl Lines {
    /// Lines that go there.
    pub fn new(target: Target) -> Self {
        Self(target)
    }

    /// Writes a line.
    pub fn line(&mut self, json: &Json) -> anyhow::Result<()> {
        writeln!(self.0, "{}", printable::json(&json.to_string()))?;
        Ok(self.0.flush()?)
    }
}

impl Output for Lines {
    fn finding(&mut self, finding: &Finding) -> anyhow::Result<()> {
        self.line(&object(finding))
    }

    fn end(&mut self) -> anyhow::Result<()> {
        Ok(())
    }
}

/// Writes one array, an element a line.
pub struct Array {
    target: Target,
    begun: bool,
}

impl Array {
    /// An array that goes there.
    pub fn new(target: Target) -> Self {
        Self { target, begun: false }
    }

    /// Writes an element.
    pub fn element(&mut self, json: &Json) -> anyhow::Result<()> {
        let before = if self.begun { ",\n" } else { "[\n" };
        self.begun = true;
        write!(self.target, "{before}{}", printable::json(&json.to_string()))?;
        Ok(self.target.flush()?)
    }
}

impl Output for Array {
    fn finding(&mut self, finding: &Finding) -> anyhow::Result<()> {
        self.element(&object(finding))
    }

    fn end(&mut self) -> anyhow::Result<()> {
        self.target.write_all(if self.begun { b"\n]\n" } else { b"[]\n" })?;
        Ok(self.target.flush()?)
    }
}

fn object(finding: &Finding) -> Json {
    let cells = finding.cells().map(|(name, cell)| (name.to_owned(), cell.to_json()));
    let mut object: Map<String, Json> = cells.collect();
    object.insert("_rulespec".to_owned(), known(finding));
    Json::Object(object)
}

fn known(finding: &Finding) -> Json {
    let mut known = json!({
        "match": finding.detection.is_some(),
        "source": finding.event.source.to_string(),
        "place": place(&finding.event.place),
    });
    let duplicate_of = finding.duplicate_of.as_ref().map(place);
    let entities = finding.entities.as_ref().map(|entities| entities.iter().map(entity::json).collect());
    let explanation = finding.explanation.as_ref().map(explanation::json);
    let more = [("duplicate_of", duplicate_of), ("entities", entities), ("explanation", explanation)];
    for (name, value) in more {
        if let Some(value) = value {
            known[name] = value;
        }
    }
    known
}

fn place(place: &Place) -> Json {
    let (name, number) = match place.position {
        Position::Whole => return json!({"file": &*place.file}),
        Position::Record(number) => ("record", number),
        Position::Line(number) => ("line", number),
        Position::Element(number) => ("event", number),
        Position::Byte(number) => ("byte", number),
    };
    json!({"file": &*place.file, name: number})
}
