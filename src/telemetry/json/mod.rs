//! JSON exports, told apart object by object.
//!
//! | module | what |
//! |---|---|
//! | `split` | text → objects, whatever stands around them |
//! | `fields` | one object → its values, as many as are wanted |
//! | `unwanted` | values that are read and dropped |
//! | `shape` | what an object is → an item |

mod fields;
mod repair;
mod shape;
mod split;
mod unwanted;

use std::borrow::Cow;
use std::io::BufRead;
use std::ops::ControlFlow;
use std::sync::Arc;

use serde_json::{Map, Value as Json};

use super::lines::{self, Part};
use super::{Fault, Item, Options, Place, Position, Sink, Skip};
use split::{Found, Splitter, What};

/// A line longer than this is never held as a whole.
const LONGEST_LINE: usize = 1 << 20;

/// Reads JSON Lines, objects one after the other, arrays of objects, and objects
/// that wrap such an array, and hands on each object as an item.
///
/// It holds one object at a time, at most 16 MiB of it, and what is broken costs
/// no other line's object. Returns `Break` only where `sink` did.
///
/// ```
/// use std::ops::ControlFlow;
/// use rulespec::telemetry::{Item, Options, json};
///
/// let line = r#"{"Timestamp": "2026-01-02T03:04:05Z", "FileName": "a.exe", "ProcessCommandLine": "a"}"#;
/// let options = Options { format: None, keep: &|_| true, progress: Default::default() };
/// let mut events = 0;
/// let _ = json::read(line.as_bytes(), &"a.jsonl".into(), &options, &mut |item| {
///     events += usize::from(matches!(item, Item::Event(_)));
///     ControlFlow::Continue(())
/// });
/// assert_eq!(events, 1);
/// ```
///
/// Spec: TEL-62, TEL-63, TEL-64, TEL-65, TEL-66, TEL-67
pub fn read(
    mut input: impl BufRead,
    name: &Arc<str>,
    options: &Options<'_>,
    sink: &mut Sink<'_>,
) -> ControlFlow<()> {
    let mut reader = Reader { name, options, sink };
    let mut splitter = Splitter::default();
    let (mut buffer, mut line, mut starts_line) = (vec![], 1, true);
    loop {
        let part = match lines::next(&mut input, LONGEST_LINE, &mut buffer) {
            Ok(Part::Nothing) => break,
            Ok(part) => part,
            Err(error) => {
                return reader.fault(Position::Line(line), error.to_string(), lines::remedy(&error));
            }
        };
        let piece = match buffer.strip_prefix(b"\xef\xbb\xbf") {
            Some(rest) if line == 1 && starts_line => rest,
            _ => &buffer,
        };
        let whole = starts_line && part == Part::Rest && splitter.is_idle();
        if !(whole && reader.line(piece, line)?) {
            splitter.feed(piece, line, starts_line, &mut |found| reader.found(found))?;
        }
        starts_line = part == Part::Rest;
        line += u64::from(starts_line);
    }
    splitter.finish(&mut |found| reader.found(found))
}

struct Reader<'r, 'o, 's> {
    name: &'r Arc<str>,
    options: &'r Options<'o>,
    sink: &'r mut Sink<'s>,
}

impl Reader<'_, '_, '_> {
    /// Hands on a line that is one object of a known shape; says whether it was.
    fn line(&mut self, line: &[u8], number: u64) -> ControlFlow<(), bool> {
        let line = line.trim_ascii();
        if !line.starts_with(b"{") {
            return ControlFlow::Continue(false);
        }
        let place = self.place(Position::Line(number));
        match std::str::from_utf8(line).map(|text| shape::hand_on(text, place, self.options, self.sink)) {
            Ok(Ok(Some(flow))) => flow.map_continue(|()| true),
            _ => ControlFlow::Continue(false),
        }
    }

    fn found(&mut self, found: Found<'_>) -> ControlFlow<()> {
        let position = found.position;
        let (bytes, columns) = match found.what {
            What::Broken(what) => return self.fault(position, what, "correct the line, or export it again"),
            What::Object(bytes) => (bytes, None),
            What::Row(bytes, columns) => (bytes, Some(columns)),
        };
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => repair::lone_surrogates(text),
            Err(error) => {
                let what = format!("byte {} of the object is no utf-8", error.valid_up_to());
                return self.fault(position, what, "save the export as utf-8");
            }
        };
        match self.object(&text, columns, position) {
            Ok(flow) => flow,
            Err(error) => self.fault(position, reason(&error), "correct the object, or export it again"),
        }
    }

    fn object(
        &mut self,
        text: &str,
        columns: Option<&[String]>,
        position: Position,
    ) -> Result<ControlFlow<()>, serde_json::Error> {
        let text = match columns {
            None => Cow::Borrowed(text),
            Some(columns) => Cow::Owned(named(columns, text)?),
        };
        let flow = shape::hand_on(&text, self.place(position), self.options, self.sink)?;
        Ok(flow.unwrap_or_else(|| (self.sink)(Item::Skipped(Skip::UnknownShape))))
    }

    fn fault(&mut self, position: Position, what: String, remedy: &str) -> ControlFlow<()> {
        let place = self.place(position);
        (self.sink)(Item::Fault(Fault { place, what, remedy: remedy.to_owned() }))
    }

    fn place(&self, position: Position) -> Place {
        Place { file: self.name.clone(), position }
    }
}

/// What is wrong with an object, and where in it: the error counts lines and
/// columns from the object's start, which would be taken for the file's.
fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    match (text.strip_suffix(&place), error.line()) {
        (Some(what), 1) => format!("{what} at byte {} of the object", error.column()),
        (Some(what), line) => format!("{what} at byte {} of line {line} of the object", error.column()),
        (None, _) => text,
    }
}

/// A row of a table as an object.
///
/// Spec: TEL-65
fn named(columns: &[String], row: &str) -> Result<String, serde_json::Error> {
    unwanted::bounded(row)?;
    let cells: Vec<Json> = serde_json::from_str(row)?;
    if cells.len() != columns.len() {
        let what = format!("a row of {} cells in a table of {} columns", cells.len(), columns.len());
        return Err(serde::de::Error::custom(what));
    }
    let object: Map<String, Json> = columns.iter().cloned().zip(cells).collect();
    serde_json::to_string(&object)
}

#[cfg(test)]
mod tests;
