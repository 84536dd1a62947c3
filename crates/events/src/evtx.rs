//! The Windows event log, `.evtx`.
//!
//! The `evtx` crate decodes each record. What the rule's first stage looks at is
//! taken of the values of a record; its text is made, and an event built of that, only
//! where it is wanted, or is not written as Windows writes events.

mod padded;
mod record;
mod text;

use std::error::Error as _;
use std::io::{Read, Seek};
use std::ops::ControlFlow;
use std::sync::Arc;

use evtx::err::EvtxError;
use evtx::{EvtxChunkData, EvtxParser, ParserSettings};

use super::ordered::in_order;
use super::{Fault, Item, Options, Place, Position, Sink};
use padded::Padded;

/// The size of the header of a log, before its first chunk.
const HEADER: u64 = 4096;
/// The size of a chunk.
const CHUNK: u64 = 65536;

/// How many chunks one of several jobs reads at a time.
const TASK: usize = 2;

const REMEDY: &str = "what stands around it is read; copy or export the log again, if you can";

/// Reads an event log, the oldest record first.
///
/// A chunk or a record that cannot be read is one [`Fault`], and all others are
/// read. A log that was cut off is read as far as it goes.
///
/// Spec: TEL-25, TEL-26, TEL-27, TEL-75
pub fn read(
    input: impl Read + Seek,
    name: &Arc<str>,
    options: &Options,
    sink: &mut Sink<'_>,
) -> ControlFlow<()> {
    let log = match Padded::new(input) {
        Ok(log) => log,
        Err(error) => return sink(Item::Fault(unreadable(name, &error.to_string()))),
    };
    let cut_off = log.cut_off_at().map(|end| cut_off(name, end));
    match log.into_unpadded() {
        Ok(log) => records(log, name, options, sink)?,
        Err(log) => records(log, name, options, sink)?,
    }
    cut_off.map_or(ControlFlow::Continue(()), |fault| sink(Item::Fault(fault)))
}

fn records(
    log: impl Read + Seek,
    name: &Arc<str>,
    options: &Options,
    sink: &mut Sink<'_>,
) -> ControlFlow<()> {
    let parser = match EvtxParser::from_read_seek(log) {
        Ok(parser) => parser,
        Err(error) => return sink(Item::Fault(unreadable(name, &cause(&error)))),
    };
    let settings = Arc::new(ParserSettings::new().indent(false));
    let mut chunks = parser.into_chunks();
    let at_once = if options.jobs > 1 { TASK } else { 1 };
    let tasks = std::iter::from_fn(|| {
        let task: Vec<_> = chunks.by_ref().take(at_once).collect();
        (!task.is_empty()).then_some(task)
    });
    let work = |task: Vec<Result<EvtxChunkData, EvtxError>>| {
        let mut items = Vec::new();
        task.into_iter().for_each(|chunk| read_chunk(chunk, &settings, name, options, &mut items));
        items
    };
    in_order(options.jobs, tasks, work, |items| items.into_iter().try_for_each(&mut *sink))
}

fn read_chunk(
    chunk: Result<EvtxChunkData, EvtxError>,
    settings: &Arc<ParserSettings>,
    name: &Arc<str>,
    options: &Options,
    items: &mut Vec<Item>,
) {
    let mut chunk = match chunk {
        Ok(chunk) => chunk,
        Err(error) => return items.push(Item::Fault(fault(name, &error))),
    };
    let chunk_id = chunk.number.unwrap_or_default();
    match chunk.parse(settings.clone()) {
        Ok(mut chunk) => {
            items.extend(chunk.iter().map(|record| match record {
                Ok(record) => record::item(record, name, options),
                Err(error) => Item::Fault(fault(name, &error)),
            }));
        }
        Err(source) => {
            let error = EvtxError::FailedToParseChunk { chunk_id, source: Box::new(source) };
            items.push(Item::Fault(fault(name, &error)));
        }
    }
}

/// Spec: TEL-26
fn fault(name: &Arc<str>, error: &EvtxError) -> Fault {
    let chunk_starts = |chunk: u64| HEADER.saturating_add(chunk.saturating_mul(CHUNK));
    let (position, what) = match error {
        EvtxError::FailedToParseRecord { record_id, .. } => {
            (Position::Record(*record_id), "the record".to_owned())
        }
        EvtxError::FailedToParseChunk { chunk_id, .. } => {
            (Position::Byte(chunk_starts(*chunk_id)), format!("chunk {chunk_id}"))
        }
        EvtxError::FailedToReadRecordAt { chunk: Some(chunk), offset, .. } => {
            let byte = chunk_starts(*chunk).saturating_add(*offset);
            (Position::Byte(byte), format!("a record of chunk {chunk}"))
        }
        _ => (Position::Whole, "a part".to_owned()),
    };
    Fault {
        place: Place { file: name.clone(), position },
        what: format!("{what} cannot be read: {}", cause(error)),
        remedy: REMEDY.to_owned(),
    }
}

fn unreadable(name: &Arc<str>, cause: &str) -> Fault {
    Fault {
        place: Place { file: name.clone(), position: Position::Whole },
        what: format!("the event log cannot be read: {cause}"),
        remedy: "copy or export the log again".to_owned(),
    }
}

/// Spec: TEL-27
fn cut_off(name: &Arc<str>, end: u64) -> Fault {
    Fault {
        place: Place { file: name.clone(), position: Position::Byte(end) },
        what: "the event log is cut off here, before its last chunk ends".to_owned(),
        remedy: "what stands before is read; copy the log again".to_owned(),
    }
}

/// The innermost cause of an error, as errors are worded here.
fn cause(error: &EvtxError) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        text = inner.to_string();
        source = inner.source();
    }
    let mut letters = text.trim_end_matches('.').chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}
