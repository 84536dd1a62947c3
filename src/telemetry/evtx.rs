//! The Windows event log, `.evtx`.
//!
//! The `evtx` crate decodes each record to JSON. What the rule's first stage
//! looks at is read out of that text first; the whole event is built only for a
//! process creation that is wanted.

mod glance;
mod padded;
mod record;
#[cfg(test)]
pub(in crate::telemetry) mod sample;
#[cfg(test)]
mod tests;

use std::error::Error as _;
use std::io::{Read, Seek};
use std::ops::ControlFlow;
use std::sync::Arc;

use evtx::err::EvtxError;
use evtx::{EvtxParser, EvtxRecord, ParserSettings};

use super::{Fault, Item, Options, Place, Position, Sink};
use glance::Glance;
use padded::Padded;

/// The size of the header of a log, before its first chunk.
const HEADER: u64 = 4096;
/// The size of a chunk.
const CHUNK: u64 = 65536;

/// How often the decoder may have two chunks ahead for each of several jobs. It names
/// threads for that; how many there are says the pool, and with fewer chunks ahead they
/// sleep and wake for every one.
const AHEAD: usize = 4;

const REMEDY: &str = "what stands around it is read; copy or export the log again, if you can";

/// Reads an event log, the oldest record first.
///
/// A chunk or a record that cannot be read is one [`Fault`], and all others are
/// read. A log that was cut off is read as far as it goes. Several jobs work in the
/// threads of rayon's pool.
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
    let threads = if options.jobs > 1 { options.jobs.saturating_mul(AHEAD) } else { 1 };
    let settings = ParserSettings::new().indent(false).num_threads(threads);
    let reading = Arc::new(Reading { name: name.clone(), options: options.clone(), glance: Glance::new() });
    // Decided on beside the decoder, while what it has just written is at hand.
    let items = move |record: Result<EvtxRecord<'_>, EvtxError>| Ok(reading.record(record));
    let mut parser = parser.with_configuration(settings);
    parser
        .serialized_records(items)
        .try_for_each(|item| sink(item.unwrap_or_else(|error| Item::Fault(fault(name, &error)))))
}

struct Reading {
    name: Arc<str>,
    options: Options,
    glance: Glance,
}

impl Reading {
    /// Spec: TEL-26
    fn record(&self, record: Result<EvtxRecord<'_>, EvtxError>) -> Item {
        match record.and_then(EvtxRecord::into_json_bytes) {
            Ok(record) => {
                let position = Position::Record(record.event_record_id);
                let place = || Place { file: self.name.clone(), position };
                record::item(&record.data, place, &self.glance, &self.options)
            }
            Err(error) => Item::Fault(fault(&self.name, &error)),
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
