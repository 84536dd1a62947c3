//! One chunk: what is wrong with it, and its records.

use std::ops::ControlFlow;
use std::sync::Arc;

use evtx::err::{ChunkError, EvtxError};
use evtx::{ChunkFlags, EvtxChunkData, EvtxChunkHeader, ParserSettings};

use super::log::{Layout, Slot};
use super::walk::Walk;
use super::{
    CHUNK_HEADER_SIZE, CHUNK_REMEDY, CHUNK_SIGNATURE, CHUNK_SIZE, REMEDY, fault, record, root_cause,
};
use crate::{Item, Options, Place, Position};

/// Where the header of a chunk has the offsets of the names that its records use. The decoder only
/// reads them early because of this table. A name is also found without it.
const NAME_TABLE: std::ops::Range<usize> = 128..384;

/// Reads slots of a log. Several threads may do so at the same time.
pub(super) struct Reader<'a> {
    pub(super) name: &'a Arc<str>,
    pub(super) options: &'a Options,
    pub(super) layout: &'a Layout,
    pub(super) settings: Arc<ParserSettings>,
}

/// What a slot holds.
pub(super) struct Outcome {
    pub(super) number: u64,
    pub(super) content: Content,
}

pub(super) enum Content {
    Chunk {
        items: Vec<Item>,
        /// Whether a checksum of the chunk is wrong, although the log is still being written.
        is_stale: bool,
    },
    /// Only zeros.
    Empty,
    /// Neither the signature of a chunk, nor records.
    Unknown,
}

/// A chunk with a header that suits its records.
struct Prepared {
    data: EvtxChunkData,
    /// What is wrong with the checksums.
    wrong_checksums: Vec<&'static str>,
    /// What else is wrong.
    damages: Vec<String>,
}

impl Reader<'_> {
    /// Reads the records of a slot.
    pub(super) fn read(&self, slot: Slot) -> Outcome {
        let Slot { number, bytes } = slot;
        let content = match bytes {
            Err(error) => {
                let what = format!("chunk {number} cannot be read: {error}");
                Content::Chunk { items: vec![self.fault_at(number, 0, what)], is_stale: false }
            }
            // The log is truncated before the records.
            Ok(bytes) if bytes.len() < CHUNK_HEADER_SIZE => Content::Chunk { items: vec![], is_stale: false },
            Ok(bytes) if bytes.iter().all(|byte| *byte == 0) => Content::Empty,
            Ok(bytes) => match self.prepare(bytes, number) {
                Some(chunk) => self.read_chunk(chunk, number),
                None => Content::Unknown,
            },
        };
        Outcome { number, content }
    }

    /// Makes the header of a chunk suit its records. Returns `None` if it is no chunk.
    ///
    /// Spec: TEL-85, TEL-86
    fn prepare(&self, mut bytes: Vec<u8>, number: u64) -> Option<Prepared> {
        let len = bytes.len();
        let has_signature = bytes.starts_with(CHUNK_SIGNATURE);
        bytes.resize(CHUNK_SIZE, 0);
        bytes.get_mut(..CHUNK_SIGNATURE.len())?.copy_from_slice(CHUNK_SIGNATURE);
        let mut data = EvtxChunkData::new(bytes, false).ok()?;
        data.number = Some(number);
        let header = &mut data.header;
        let has_checksum = header.header_chunk_checksum != 0 || header.events_checksum != 0;
        if has_checksum || !has_signature {
            header.flags.remove(ChunkFlags::NO_CRC32);
        }
        let header_end = header.free_space_offset as usize;
        let is_trusted = data.validate_header_checksum();
        let walk = Walk::new(data.data.get(..len)?, &data.header, is_trusted);
        let may_be_chunk = walk.is_first_in_place || walk.count > 0 && self.layout.may_hold_chunk(number);
        if !(has_signature || is_trusted || may_be_chunk) {
            return None;
        }
        let (mut wrong_checksums, mut damages) = (vec![], vec![]);
        if !has_signature {
            damages.push("it lacks the signature of a chunk".to_owned());
        }
        if !is_trusted {
            wrong_checksums.push("its header does not match its checksum");
        }
        let mut end = walk.end;
        if len >= CHUNK_SIZE {
            if !matches_checksum(&mut data, walk.end) {
                wrong_checksums.push("its records do not match their checksum");
            }
            if is_trusted {
                damages.extend(missing_records(&data.header, walk.count));
                end = end.max(header_end);
            }
        }
        walk.repair(&mut data.data);
        set_end(&mut data.header, end);
        Some(Prepared { data, wrong_checksums, damages })
    }

    fn read_chunk(&self, chunk: Prepared, number: u64) -> Content {
        let Prepared { mut data, wrong_checksums, mut damages } = chunk;
        let mut records = vec![];
        let mut read = self.read_records(&mut data, &mut records);
        if let Err(error) = read {
            let cause = root_cause(&error);
            damages.push(format!("its table of names cannot be read ({cause}), so it was not used"));
            read = without_names(data).and_then(|mut data| self.read_records(&mut data, &mut records));
        }
        damages.extend(read.err().map(|error| format!("it cannot be read: {}", root_cause(&error))));
        let is_stale = self.layout.is_dirty && !wrong_checksums.is_empty();
        if !is_stale {
            damages.extend(wrong_checksums.into_iter().map(str::to_owned));
        }
        let mut items = vec![];
        if !damages.is_empty() {
            let place = Place::new(self.name, Position::Byte(self.layout.slot_start(number)));
            let what = format!("chunk {number}: {}", damages.join(", and "));
            items.push(Item::fault(place, what, CHUNK_REMEDY));
        }
        items.append(&mut records);
        Content::Chunk { items, is_stale }
    }

    /// # Errors
    ///
    /// Returns an error if the table of names is damaged. No record has been read then.
    fn read_records(&self, data: &mut EvtxChunkData, items: &mut Vec<Item>) -> Result<(), ChunkError> {
        let number = data.number.unwrap_or_default();
        let mut chunk = data.parse(self.settings.clone())?;
        let mut sink = |item| {
            items.push(item);
            ControlFlow::Continue(())
        };
        for record in chunk.iter() {
            // The sink never breaks.
            let _ = match record {
                Ok(record) => record::report(record, self.name, self.options, &mut sink),
                Err(EvtxError::FailedToReadRecordAt { offset, source, .. }) => {
                    let what = format!("a record of chunk {number} cannot be read: {}", root_cause(&*source));
                    sink(self.fault_at(number, offset, what))
                }
                Err(error) => sink(fault(self.name, &error)),
            };
        }
        Ok(())
    }

    /// A fault at an offset in a chunk.
    fn fault_at(&self, number: u64, offset: u64, what: String) -> Item {
        let byte = self.layout.slot_start(number).saturating_add(offset);
        Item::fault(Place::new(self.name, Position::Byte(byte)), what, REMEDY)
    }
}

/// Whether the records match their checksum, up to the end in the header or up to `end`.
fn matches_checksum(data: &mut EvtxChunkData, end: usize) -> bool {
    if data.validate_data_checksum() {
        return true;
    }
    data.header.free_space_offset = end as u32;
    data.validate_data_checksum()
}

/// What to say if there are fewer records than the header counts. The header of a chunk without
/// records counts them from 1 to the highest number.
fn missing_records(header: &EvtxChunkHeader, count: u64) -> Option<String> {
    if header.free_space_offset as usize <= CHUNK_HEADER_SIZE {
        return None;
    }
    let range = header.last_event_record_number.checked_sub(header.first_event_record_number)?;
    let expected = range.saturating_add(1);
    let missing = expected.checked_sub(count).filter(|missing| *missing > 0)?;
    let (first, last) = (header.first_event_record_id, header.last_event_record_id);
    Some(format!(
        "{missing} of the {expected} records that its header counts, {first} to {last}, cannot be found"
    ))
}

/// Makes the decoder read all records before this end. It must neither stop earlier nor pass over a
/// record because of its id.
fn set_end(header: &mut EvtxChunkHeader, end: usize) {
    header.free_space_offset = end.min(CHUNK_SIZE) as u32;
    header.last_event_record_data_offset = header.free_space_offset;
    (header.first_event_record_id, header.last_event_record_id) = (0, u64::MAX);
}

/// Empties the table of names.
///
/// Spec: TEL-87
fn without_names(mut data: EvtxChunkData) -> Result<EvtxChunkData, ChunkError> {
    if let Some(table) = data.data.get_mut(NAME_TABLE) {
        table.fill(0);
    }
    let mut emptied = EvtxChunkData::new(data.data, false)?;
    emptied.number = data.number;
    set_end(&mut emptied.header, data.header.free_space_offset as usize);
    Ok(emptied)
}
