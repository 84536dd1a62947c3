//! JSON exports, told apart object by object.
//!
//! | module | what |
//! |---|---|
//! | `split` | text → objects, whatever stands around them |
//! | `fields` | one object → its values, as many as are wanted |
//! | `unwanted` | values that are read and dropped |
//! | `shape` | what an object is → an item |

mod fields;

mod shape;
mod split;
mod unwanted;

use std::borrow::Cow;
use std::io::BufRead;
use std::ops::ControlFlow;
use std::sync::Arc;

use rulespec::json::without_lone_surrogates;
use serde_json::{Map, Value as Json};

use super::blocks::{Block, Blocks, Line};
use super::lines;
use super::ordered::in_order;
use super::{Fault, Item, Options, Place, Position, Sink, Skip};
use split::{Found, Splitter, What};

/// How much one of several jobs reads at a time.
const TASK: usize = 256 << 10;

/// Reads JSON Lines, objects one after the other, arrays of objects, and objects
/// that wrap such an array, and hands on each object as an item.
///
/// It holds one object at a time, at most 16 MiB of it, and what is broken costs
/// no other line's object. Returns `Break` only where `sink` did.
///
/// ```
/// use std::ops::ControlFlow;
/// use std::sync::Arc;
///
/// use rulespec_events::{Item, Options, json};
///
/// let line = r#"{"Timestamp": "2026-01-02T03:04:05Z", "FileName": "a.exe", "ProcessCommandLine": "a"}"#;
/// let options = Options { format: None, keep: Arc::new(|_| true), progress: Default::default(), jobs: 1 };
/// let mut events = 0;
/// let _ = json::read(line.as_bytes(), &"a.jsonl".into(), &options, &mut |item| {
///     events += usize::from(matches!(item, Item::Event(_)));
///     ControlFlow::Continue(())
/// });
/// assert_eq!(events, 1);
/// ```
///
/// Spec: TEL-62, TEL-63, TEL-64, TEL-65, TEL-66, TEL-67, TEL-71, TEL-75
pub fn read(input: impl BufRead, name: &Arc<str>, options: &Options, sink: &mut Sink<'_>) -> ControlFlow<()> {
    let blocks = Blocks::new(input, if options.jobs > 1 { TASK } else { 1 });
    let mut reader = Reader { name, options, sink };
    let mut splitter = Splitter::default();
    let mut error = None;
    in_order(
        options.jobs,
        blocks,
        |block| match options.jobs {
            ..=1 => Ahead { block, items: vec![], end: 0, lines: 0 },
            _ => Ahead::read(block, name, options),
        },
        |mut ahead| {
            error = ahead.block.error.take();
            reader.block(ahead, &mut splitter)
        },
    )?;
    match error {
        Some((line, error)) => reader.fault(Position::Line(line), error.to_string(), lines::remedy(&error)),
        None => splitter.finish(&mut |found| reader.found(found)),
    }
}

/// A block of lines, read as if nothing were open before it.
struct Ahead {
    block: Block,
    /// What its first lines hold, each of which is one object of a known shape, and
    /// how often in a row.
    items: Vec<(Item, u64)>,
    /// How many bytes and lines that are.
    end: usize,
    lines: u64,
}

impl Ahead {
    fn read(block: Block, name: &Arc<str>, options: &Options) -> Self {
        let (mut items, mut end, mut lines) = (vec![], 0, 0);
        let mut sink = |item| {
            push(&mut items, item);
            ControlFlow::Continue(())
        };
        let mut reader = Reader { name, options, sink: &mut sink };
        for line in block.lines(0, 0) {
            if reader.line(&line) != ControlFlow::Continue(true) {
                break;
            }
            end = line.end;
            lines += 1;
        }
        Self { block, items, end, lines }
    }
}

/// Puts an item behind others. Most are the same as the one before, and so many of
/// them cost more to hold than to read.
fn push(items: &mut Vec<(Item, u64)>, item: Item) {
    let is_counted = matches!(item, Item::Passed(_) | Item::Skipped(_));
    match items.last_mut() {
        Some((last, count)) if is_counted && *last == item => *count += 1,
        _ => items.push((item, 1)),
    }
}

struct Reader<'r, 's> {
    name: &'r Arc<str>,
    options: &'r Options,
    sink: &'r mut Sink<'s>,
}

impl Reader<'_, '_> {
    /// Hands on what a block holds.
    fn block(&mut self, ahead: Ahead, splitter: &mut Splitter) -> ControlFlow<()> {
        let (from, before) = match splitter.is_idle() {
            true => (ahead.end, ahead.lines),
            false => (0, 0),
        };
        if from > 0 {
            let runs = ahead.items.into_iter();
            let mut items = runs.flat_map(|(item, count)| (0..count).map(move |_| item.clone()));
            items.try_for_each(&mut *self.sink)?;
        }
        for line in ahead.block.lines(from, before) {
            if !(splitter.is_idle() && self.line(&line)?) {
                let piece = without_mark(&line);
                splitter.feed(piece, line.number, line.starts, &mut |found| self.found(found))?;
            }
        }
        ControlFlow::Continue(())
    }

    /// Hands on a line that is one object of a known shape; says whether it was.
    fn line(&mut self, line: &Line<'_>) -> ControlFlow<(), bool> {
        let text = without_mark(line).trim_ascii();
        if !(line.starts && line.ends && text.starts_with(b"{")) {
            return ControlFlow::Continue(false);
        }
        let place = self.place(Position::Line(line.number));
        match std::str::from_utf8(text).map(|text| shape::hand_on(text, place, self.options, self.sink)) {
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
        let bytes = without_lone_surrogates(bytes);
        let text = match std::str::from_utf8(&bytes) {
            Ok(text) => text,
            Err(error) => {
                let what = format!("byte {} of the object is no utf-8", error.valid_up_to());
                return self.fault(position, what, "save the export as utf-8");
            }
        };
        match self.object(text, columns, position) {
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

/// The text of a line without the byte order mark that an input may begin with.
fn without_mark<'b>(line: &Line<'b>) -> &'b [u8] {
    let rest = line.bytes.strip_prefix(b"\xef\xbb\xbf");
    rest.filter(|_| line.number == 1 && line.starts).unwrap_or(line.bytes)
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
