//! Windows event logs, `.evtx`.
//!
//! The `evtx` crate decodes each record to JSON text. The fields that the filter sees are taken
//! from that text first, and the rest only if the event is wanted.

mod event_text;
mod record;
mod truncated;

use std::error::Error as _;
use std::io::{Read, Seek};
use std::ops::ControlFlow;
use std::sync::Arc;

use evtx::err::EvtxError;
use evtx::{EvtxChunkData, EvtxParser, ParserSettings};

use super::ordered::{no_threads, process_in_order};
use super::time::settle;
use super::{Item, Options, Place, Position, Sink};
use truncated::TruncatedLog;

/// The size of the header of a log, before its first chunk.
const HEADER_SIZE: u64 = 4096;
const CHUNK_SIZE: u64 = 65536;

/// How many chunks a thread reads at a time if there are several threads.
const CHUNKS_PER_TASK: usize = 2;

const REMEDY: &str = "everything else was read; copy or export the log again if you can";

/// Reads an event log, starting with its oldest record.
///
/// A chunk or a record that cannot be read is one [fault](Item::Fault), and all others are read. A truncated
/// log is read up to its end.
///
/// Spec: TEL-25, TEL-26, TEL-27, TEL-75
pub fn read(
    input: impl Read + Seek,
    name: &Arc<str>,
    options: &Options,
    sink: &mut Sink<'_>,
) -> ControlFlow<()> {
    let log = match TruncatedLog::new(input) {
        Ok(log) => log,
        Err(error) => return sink(unreadable(name, &error.to_string())),
    };
    let end = log.truncated_at();
    match log.into_complete() {
        Ok(log) => settle(name, sink, |sink| read_records(log, name, options, sink))?,
        Err(log) => settle(name, sink, |sink| read_records(log, name, options, sink))?,
    }
    end.map_or(ControlFlow::Continue(()), |end| sink(truncated(name, end)))
}

fn read_records(
    log: impl Read + Seek,
    name: &Arc<str>,
    options: &Options,
    sink: &mut Sink<'_>,
) -> ControlFlow<()> {
    let parser = match EvtxParser::from_read_seek(log) {
        Ok(parser) => parser,
        Err(error) => return sink(unreadable(name, &root_cause(&error))),
    };
    let settings = Arc::new(ParserSettings::new().indent(false));
    let mut chunks = parser.into_chunks();
    let chunks_per_task = if options.jobs > 1 { CHUNKS_PER_TASK } else { 1 };
    let tasks = std::iter::from_fn(|| {
        let task: Vec<_> = chunks.by_ref().take(chunks_per_task).collect();
        (!task.is_empty()).then_some(task)
    });
    let work = |task: Vec<Result<EvtxChunkData, EvtxError>>| {
        let mut items = Vec::new();
        task.into_iter().for_each(|chunk| read_chunk(chunk, &settings, name, options, &mut items));
        items
    };
    let take = |items: Vec<Item>| items.into_iter().try_for_each(&mut *sink);
    match process_in_order(options.jobs, tasks, work, take) {
        Ok(flow) => flow,
        Err(error) => sink(no_threads(name, &error)),
    }
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
        Err(error) => return items.push(fault(name, &error)),
    };
    let chunk_id = chunk.number.unwrap_or_default();
    match chunk.parse(settings.clone()) {
        Ok(mut chunk) => {
            let mut sink = |item| {
                items.push(item);
                ControlFlow::Continue(())
            };
            for record in chunk.iter() {
                // The sink never breaks.
                let _ = match record {
                    Ok(record) => record::report(record, name, options, &mut sink),
                    Err(error) => sink(fault(name, &error)),
                };
            }
        }
        Err(source) => {
            let error = EvtxError::FailedToParseChunk { chunk_id, source: Box::new(source) };
            items.push(fault(name, &error));
        }
    }
}

/// Spec: TEL-26
fn fault(name: &Arc<str>, error: &EvtxError) -> Item {
    let chunk_start = |chunk: u64| HEADER_SIZE.saturating_add(chunk.saturating_mul(CHUNK_SIZE));
    let (position, part) = match error {
        EvtxError::FailedToParseRecord { record_id, .. } => {
            (Position::Record(*record_id), "the record".to_owned())
        }
        EvtxError::FailedToParseChunk { chunk_id, .. } => {
            (Position::Byte(chunk_start(*chunk_id)), format!("chunk {chunk_id}"))
        }
        EvtxError::FailedToReadRecordAt { chunk: Some(chunk), offset, .. } => {
            let byte = chunk_start(*chunk).saturating_add(*offset);
            (Position::Byte(byte), format!("a record of chunk {chunk}"))
        }
        _ => (Position::Whole, "a part".to_owned()),
    };
    let what = format!("{part} cannot be read: {}", root_cause(error));
    Item::fault(Place::new(name, position), what, REMEDY)
}

fn unreadable(name: &Arc<str>, cause: &str) -> Item {
    let what = format!("the event log cannot be read: {cause}");
    Item::fault(Place::new(name, Position::Whole), what, "copy or export the log again")
}

/// Spec: TEL-27
fn truncated(name: &Arc<str>, end: u64) -> Item {
    let what = "the event log is truncated here, before the end of its last chunk";
    let remedy = "everything before it was read; copy the log again";
    Item::fault(Place::new(name, Position::Byte(end)), what, remedy)
}

/// The innermost cause of an error, in the style of our faults.
fn root_cause(error: &EvtxError) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        text = inner.to_string();
        source = inner.source();
    }
    let mut letters = text.trim_end_matches('.').chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}
