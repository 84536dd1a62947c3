//! Windows event logs, `.evtx`.
//!
//! The `evtx` crate decodes each record to JSON text. The fields that the filter sees are taken
//! from that text first, and the rest only if the event is wanted.
//!
//! A header of a log can be wrong: damaged, or older than the records after it. So
//! `log` finds the chunks by their place, `walk` finds the records of a chunk by their own
//! signatures, and `chunk` gives the decoder a header that fits them.

mod chunk;
mod event_text;
mod log;
mod record;
mod summary;
mod walk;

use std::error::Error;
use std::io::{Read, Seek};
use std::ops::ControlFlow;
use std::sync::Arc;

use evtx::ParserSettings;
use evtx::err::EvtxError;

use super::ordered::{no_threads, process_in_order};
use super::time::settle;
use super::{Item, Options, Place, Position, Sink};
use chunk::Reader;
use log::{Log, Slot};
use summary::Summary;

/// The size of the header of a log, before its first chunk.
const HEADER_SIZE: u64 = 4096;
const CHUNK_SIZE: usize = 65536;
/// The size of the header of a chunk, before its first record.
const CHUNK_HEADER_SIZE: usize = 512;
/// The first bytes of a chunk.
const CHUNK_SIGNATURE: &[u8; 8] = b"ElfChnk\0";

/// How many chunks a thread reads at a time if there are several threads.
const CHUNKS_PER_TASK: usize = 2;

const REMEDY: &str = "everything else was read; copy or export the log again if you can";

/// What to do if a header or a checksum is wrong.
const CHUNK_REMEDY: &str =
    "its records were read as far as possible; copy or export the log again if you can";

/// Reads an event log, starting with its oldest record. The input may also be chunks without the
/// header of a log.
///
/// A chunk or a record that cannot be read is one [fault](Item::Fault), and all others are read. A truncated
/// log is read up to its end. Headers and checksums that do not fit the records are faults too.
///
/// Spec: TEL-25, TEL-26, TEL-27, TEL-75, TEL-89
pub fn read(
    input: impl Read + Seek,
    name: &Arc<str>,
    options: &Options,
    sink: &mut Sink<'_>,
) -> ControlFlow<()> {
    settle(name, options, sink, |sink| read_log(input, name, options, sink))
}

fn read_log(
    input: impl Read + Seek,
    name: &Arc<str>,
    options: &Options,
    sink: &mut Sink<'_>,
) -> ControlFlow<()> {
    let mut log = match Log::open(input) {
        Ok(log) => log,
        Err(error) => return sink(unreadable(name, &error.to_string())),
    };
    let layout = log.layout();
    let chunks_per_task = if options.jobs > 1 { CHUNKS_PER_TASK } else { 1 };
    let mut slots = log.slots();
    let tasks = std::iter::from_fn(|| {
        let task: Vec<_> = slots.by_ref().take(chunks_per_task).collect();
        (!task.is_empty()).then_some(task)
    });
    let reader =
        Reader { name, options, layout: &layout, settings: Arc::new(ParserSettings::new().indent(false)) };
    let work = |task: Vec<Slot>| task.into_iter().map(|slot| reader.read(slot)).collect::<Vec<_>>();
    let mut summary = Summary::new(name, &layout);
    let take = |task: Vec<_>| task.into_iter().try_for_each(|outcome| summary.take(outcome, sink));
    match process_in_order(options.jobs, tasks, work, take) {
        Ok(flow) => flow?,
        Err(error) => return sink(no_threads(name, &error)),
    }
    summary.finish(sink)
}

/// Whether an input begins with a chunk, or with a header of a log and a chunk. The header may be
/// damaged.
///
/// Spec: TEL-89
pub(crate) fn starts_with_chunk(head: &[u8]) -> bool {
    let is_chunk = |start| head.get(start..).is_some_and(|bytes| bytes.starts_with(CHUNK_SIGNATURE));
    is_chunk(0) || is_chunk(HEADER_SIZE as usize)
}

/// The fault of a record that the decoder refuses.
///
/// Spec: TEL-26
fn fault(name: &Arc<str>, error: &EvtxError) -> Item {
    let (position, part) = match error {
        EvtxError::FailedToParseRecord { record_id, .. } => (Position::Record(*record_id), "the record"),
        _ => (Position::Whole, "a part"),
    };
    let what = format!("{part} cannot be read: {}", root_cause(error));
    Item::fault(Place::new(name, position), what, REMEDY)
}

fn unreadable(name: &Arc<str>, cause: &str) -> Item {
    let what = format!("the event log cannot be read: {cause}");
    Item::fault(Place::new(name, Position::Whole), what, "copy or export the log again")
}

/// The innermost cause of an error, in the style of our faults.
fn root_cause(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        text = inner.to_string();
        source = inner.source();
    }
    let mut letters = text.trim_end_matches('.').chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}
