//! JSON exports of several formats. The format is determined for each object.

mod split;
pub(crate) mod value_count;

use std::borrow::Cow;
use std::io::BufRead;
use std::ops::ControlFlow;
use std::sync::Arc;

use rulespec::json::without_lone_surrogates;
use serde_json::Value as Json;
use serde_json::value::RawValue;

use super::format::preamble;
use super::line_blocks::{Block, BlockReader, Line};
use super::lines;
use super::ordered::{no_threads, process_in_order};
use super::recognition::Recognition;
use super::time::settle;
use super::{Item, Options, Place, Position, Sink, Skip, resolve, syslog, tree};
use split::{Content, Fragment, ObjectSplitter};

/// How many bytes a thread reads at a time if there are several threads.
const BLOCK_LEN: usize = 256 << 10;

/// Reads JSON Lines, concatenated objects, arrays of objects, and objects that wrap such an array.
/// Passes each event to the sink.
///
/// One object is in memory at a time, at most 16 MiB of it. A damaged object does not affect the
/// objects on other lines. Returns `Break` only if the sink does.
///
/// ```
/// use std::ops::ControlFlow;
///
/// use rulespec_events::{Item, Options, json};
///
/// let line = r#"{"Timestamp": "2026-01-02T03:04:05Z", "FileName": "a.exe", "ProcessCommandLine": "a"}"#;
/// let mut events = 0;
/// let _ = json::read(line.as_bytes(), &"a.jsonl".into(), &Options::default(), &mut |item| {
///     events += usize::from(matches!(item, Item::Event(_)));
///     ControlFlow::Continue(())
/// });
/// assert_eq!(events, 1);
/// ```
///
/// Spec: TEL-62, TEL-63, TEL-64, TEL-65, TEL-66, TEL-67, TEL-71, TEL-75, TEL-107
pub fn read(input: impl BufRead, name: &Arc<str>, options: &Options, sink: &mut Sink<'_>) -> ControlFlow<()> {
    settle(name, options, sink, |sink| read_objects(input, name, options, sink))
}

fn read_objects(
    input: impl BufRead,
    name: &Arc<str>,
    options: &Options,
    sink: &mut Sink<'_>,
) -> ControlFlow<()> {
    let is_parallel = options.jobs > 1;
    let blocks = BlockReader::new(input, if is_parallel { BLOCK_LEN } else { 1 });
    let mut recognition = Recognition::new(sink);
    let mut sink = |item| recognition.take(item);
    let mut unknown = vec![];
    let mut reader = Reader::new(name, options, &mut sink, &mut unknown);
    let mut splitter = ObjectSplitter::default();
    let mut error = None;
    let flow = process_in_order(
        options.jobs,
        blocks,
        |block| match is_parallel {
            true => ParsedBlock::parse(block, name, options),
            false => ParsedBlock { block, items: vec![], end: 0, line_count: 0 },
        },
        |mut parsed| {
            error = parsed.block.error.take();
            reader.read_block(parsed, &mut splitter)
        },
    );
    match flow {
        Ok(flow) => flow?,
        Err(error) => return (reader.sink)(no_threads(name, &error)),
    }
    match error {
        Some((line, error)) => {
            reader.fault(Position::Line(line), error.to_string(), lines::remedy(&error))?
        }
        None => splitter.finish(&mut |fragment| reader.read_fragment(fragment))?,
    }
    recognition.finish(name, &options.shapes, "object", &unknown)
}

/// A block of lines that were parsed on the assumption that no object continues from the block
/// before.
struct ParsedBlock {
    block: Block,
    /// The items of the leading lines that are one object each, with the number of repetitions.
    items: Vec<(Item, u64)>,
    /// The offset of the first line that was not parsed.
    end: usize,
    /// The number of lines that were parsed.
    line_count: u64,
}

impl ParsedBlock {
    fn parse(block: Block, name: &Arc<str>, options: &Options) -> Self {
        let (mut items, mut end, mut line_count) = (vec![], 0, 0);
        let mut sink = |item| {
            push_or_count(&mut items, item);
            ControlFlow::Continue(())
        };
        let mut unknown = vec![];
        let mut reader = Reader::new(name, options, &mut sink, &mut unknown);
        for line in block.lines(0, 0) {
            if reader.read_line(&line) != ControlFlow::Continue(true) {
                break;
            }
            end = line.next_offset;
            line_count += 1;
        }
        Self { block, items, end, line_count }
    }
}

/// Adds an item. Most items are equal to the one before, and it is faster to count them than to
/// store them.
fn push_or_count(items: &mut Vec<(Item, u64)>, item: Item) {
    let is_counted = matches!(item, Item::Filtered(_) | Item::Skipped(_));
    match items.last_mut() {
        Some((last, count)) if is_counted && *last == item => *count += 1,
        _ => items.push((item, 1)),
    }
}

struct Reader<'r, 's> {
    name: &'r Arc<str>,
    options: &'r Options,
    sink: &'r mut Sink<'s>,
    /// The keys of the first object of an unknown structure.
    unknown: &'r mut Vec<String>,
    /// Whether the current line has a syslog header. What it contains ends with the line.
    is_in_payload: bool,
}

impl<'r, 's> Reader<'r, 's> {
    fn new(
        name: &'r Arc<str>,
        options: &'r Options,
        sink: &'r mut Sink<'s>,
        unknown: &'r mut Vec<String>,
    ) -> Self {
        Self { name, options, sink, unknown, is_in_payload: false }
    }
}

impl Reader<'_, '_> {
    fn read_block(&mut self, parsed: ParsedBlock, splitter: &mut ObjectSplitter) -> ControlFlow<()> {
        let (mut offset, mut index) = (0, 0);
        if splitter.is_idle() {
            (offset, index) = (parsed.end, parsed.line_count);
            let items = parsed.items.into_iter();
            let mut items = items.flat_map(|(item, count)| (0..count).map(move |_| item.clone()));
            items.try_for_each(&mut *self.sink)?;
        }
        for line in parsed.block.lines(offset, index) {
            if splitter.is_idle() && self.read_line(&line)? {
                continue;
            }
            let payload = syslog_payload(&line).filter(|_| splitter.is_idle());
            self.is_in_payload |= payload.is_some();
            let has_payload_ended = line.is_end && std::mem::take(&mut self.is_in_payload);
            let text = payload.unwrap_or_else(|| without_byte_order_mark(&line));
            let mut sink = |fragment: Fragment<'_>| self.read_fragment(fragment);
            splitter.feed(text, line.number, line.is_start, &mut sink)?;
            if has_payload_ended {
                splitter.finish_line(&mut sink)?;
            }
        }
        ControlFlow::Continue(())
    }

    /// Reports a line that is one object of a known structure. Returns whether it is.
    fn read_line(&mut self, line: &Line<'_>) -> ControlFlow<(), bool> {
        let text = syslog_payload(line).unwrap_or_else(|| without_byte_order_mark(line)).trim_ascii();
        if line.is_start && line.is_end && preamble::is_record_number(text) {
            return ControlFlow::Continue(true);
        }
        if !(line.is_start && line.is_end && text.starts_with(b"{")) {
            return ControlFlow::Continue(false);
        }
        let place = Place::new(self.name, Position::Line(line.number));
        match std::str::from_utf8(text)
            .map(|text| resolve::report(text, false, &place, self.options, self.sink))
        {
            Ok(Ok(Some(flow))) => flow.map_continue(|()| true),
            Ok(Ok(None) | Err(_)) | Err(_) => ControlFlow::Continue(false),
        }
    }

    fn read_fragment(&mut self, fragment: Fragment<'_>) -> ControlFlow<()> {
        let position = fragment.position;
        let (bytes, columns) = match fragment.content {
            Content::Invalid(what) => {
                return self.fault(position, what, "correct the line, or export it again");
            }
            Content::Wrapper(bytes) => return self.read_wrapper(bytes, position),
            Content::Object(bytes) => (bytes, None),
            Content::Row(bytes, columns) => (bytes, Some(columns)),
        };
        let bytes = without_lone_surrogates(bytes);
        let text = match std::str::from_utf8(&bytes) {
            Ok(text) => text,
            Err(error) => {
                let what = format!("byte {} of the object is not UTF-8", error.valid_up_to());
                return self.fault(position, what, "save the export as UTF-8");
            }
        };
        match self.read_object(text, columns, position) {
            Ok(flow) => flow,
            Err(error) => self.fault(position, describe(&error), "correct the object, or export it again"),
        }
    }

    /// Reads an object around lists. Most are no events themselves, which needs no word.
    fn read_wrapper(&mut self, bytes: &[u8], position: Position) -> ControlFlow<()> {
        let place = Place::new(self.name, position);
        let bytes = without_lone_surrogates(bytes);
        let text = std::str::from_utf8(&bytes).unwrap_or_default();
        match resolve::report(text, true, &place, self.options, self.sink) {
            Ok(Some(flow)) => flow,
            Ok(None) | Err(_) => ControlFlow::Continue(()),
        }
    }

    fn read_object(
        &mut self,
        text: &str,
        columns: Option<&[String]>,
        position: Position,
    ) -> Result<ControlFlow<()>, serde_json::Error> {
        let text = match columns {
            None => Cow::Borrowed(text),
            Some(columns) => Cow::Owned(object_of_row(columns, text)?),
        };
        let flow = resolve::report(&text, true, &Place::new(self.name, position), self.options, self.sink)?;
        if flow.is_none() && self.unknown.is_empty() {
            *self.unknown = resolve::keys(&tree::parse(&text)?.value);
        }
        Ok(flow.unwrap_or_else(|| (self.sink)(Item::Skipped(Skip::UnknownShape))))
    }

    fn fault(&mut self, position: Position, what: String, remedy: &str) -> ControlFlow<()> {
        (self.sink)(Item::fault(Place::new(self.name, position), what, remedy))
    }
}

/// The object after the syslog header of a line.
///
/// Spec: TEL-93
fn syslog_payload<'b>(line: &Line<'b>) -> Option<&'b [u8]> {
    let is_object = line.bytes.starts_with(b"{") || !line.is_start;
    let payload = if is_object { None } else { syslog::payload(without_byte_order_mark(line)) };
    payload.filter(|payload| payload.starts_with(b"{"))
}

/// The text of a line without the byte order mark at the start of the input.
fn without_byte_order_mark<'b>(line: &Line<'b>) -> &'b [u8] {
    let rest = line.bytes.strip_prefix(b"\xef\xbb\xbf");
    rest.filter(|_| line.number == 1 && line.is_start).unwrap_or(line.bytes)
}

/// Describes an error and its position in the object. The error counts lines and columns from the
/// start of the object, which could be mistaken for those of the file.
fn describe(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    match (text.strip_suffix(&place), error.line()) {
        (Some(what), 1) => format!("{what} at byte {} of the object", error.column()),
        (Some(what), line) => format!("{what} at byte {} of line {line} of the object", error.column()),
        (None, _) => text,
    }
}

/// Returns a row of a table as an object, which has a name more than once if several columns have it.
///
/// Spec: TEL-65
fn object_of_row(columns: &[String], row: &str) -> Result<String, serde_json::Error> {
    value_count::check(row)?;
    let cells: Vec<&RawValue> = serde_json::from_str(row)?;
    if cells.len() != columns.len() {
        let what = format!("a row of {} cells in a table of {} columns", cells.len(), columns.len());
        return Err(serde::de::Error::custom(what));
    }
    let members = columns.iter().zip(cells);
    let members: Vec<String> =
        members.map(|(name, cell)| format!("{}:{cell}", Json::from(name.as_str()))).collect();
    Ok(format!("{{{}}}", members.join(",")))
}

#[cfg(test)]
mod tests;
