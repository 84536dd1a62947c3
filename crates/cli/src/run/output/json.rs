//! Output as JSON: one object per line, or one array.
//!
//! Each object has the columns of the rule in their order, then `_rulespec` with metadata. Its form
//! is `spec/schema/detection.schema.json`.

use std::io::Write;
use std::rc::Rc;

use rulespec_check::printable;
use serde_json::{Map, Value as Json, json};

use super::rule::{self, About};
use super::{Output, Target, entity, explanation};
use crate::place::place;
use crate::run::finding::Finding;
use crate::run::summary::Tally;

/// Writes one object per line.
pub struct Lines {
    about: Rc<About>,
    target: Target,
}

impl Lines {
    /// Lines written to `target`.
    pub fn new(about: Rc<About>, target: Target) -> Self {
        Self { about, target }
    }

    /// Writes a line.
    pub fn line(&mut self, json: &Json) -> anyhow::Result<()> {
        writeln!(self.target, "{}", printable::json(&json.to_string()))?;
        Ok(self.target.flush()?)
    }
}

impl Output for Lines {
    fn finding(&mut self, finding: &Finding) -> anyhow::Result<()> {
        self.line(&object(finding, &self.about))
    }

    fn end(&mut self, _: &Tally) -> anyhow::Result<()> {
        Ok(())
    }
}

/// Writes one array, with one element per line.
pub struct Array {
    about: Rc<About>,
    target: Target,
    begun: bool,
}

impl Array {
    /// An array written to `target`.
    pub fn new(about: Rc<About>, target: Target) -> Self {
        Self { about, target, begun: false }
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
        self.element(&object(finding, &self.about))
    }

    fn end(&mut self, _: &Tally) -> anyhow::Result<()> {
        self.target.write_all(if self.begun { b"\n]\n" } else { b"[]\n" })?;
        Ok(self.target.flush()?)
    }
}

fn object(finding: &Finding, about: &About) -> Json {
    let cells = finding.cells().map(|(name, cell)| (name.to_owned(), cell.to_json()));
    let mut object: Map<String, Json> = cells.collect();
    object.insert("_rulespec".to_owned(), metadata(finding, about));
    Json::Object(object)
}

fn metadata(finding: &Finding, about: &About) -> Json {
    let mut metadata = json!({
        "match": finding.detection.is_some(),
        "source": finding.event.source.to_string(),
        "place": place(&finding.event.place),
    });
    for (name, value) in rule::MEMBERS.into_iter().zip(about.values()) {
        metadata[name] = value;
    }
    let duplicate_of = finding.duplicate_of.as_ref().map(place);
    let entities = finding.entities.as_deref().map(entity::json_array);
    let explanation = finding.explanation.as_ref().map(explanation::json);
    let optional = [("duplicate_of", duplicate_of), ("entities", entities), ("explanation", explanation)];
    for (name, value) in optional {
        if let Some(value) = value {
            metadata[name] = value;
        }
    }
    metadata
}
