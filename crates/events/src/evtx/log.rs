//! The parts of a log: its header, and slots of one size that hold a chunk each.

use std::io::{self, Read, Seek, SeekFrom};

use evtx::{EvtxChunkHeader, EvtxFileHeader, HeaderFlags};

use super::walk::RECORD_SIGNATURE;
use super::{CHUNK_HEADER_SIZE, CHUNK_SIGNATURE, CHUNK_SIZE, HEADER_SIZE, starts_with_chunk};

const LOG_SIGNATURE: &[u8; 8] = b"ElfFile\0";
/// How much of the input can show that it is a log: up to the signature of the first record.
const HEAD_LEN: u64 = HEADER_SIZE + 520;
const NOT_A_LOG: &str = "it has neither the signature of a log nor that of a chunk or a record";

/// What is known of a log before its chunks are read.
#[derive(Clone, Copy)]
pub(super) struct Layout {
    /// Where the first slot begins.
    pub(super) start: u64,
    /// Where the log ends.
    pub(super) end: u64,
    /// The number of chunks that the header of the log counts. It is 0 if the header is missing or
    /// damaged. A log that is still being written has more.
    pub(super) counted: u64,
    /// The same number, even if the header is damaged.
    claimed: u64,
    /// The number of slots up to the last one with the signature of a chunk.
    pub(super) used: u64,
    /// The number of slots, with the last one that may be incomplete.
    slots: u64,
    /// The slot of the oldest chunk.
    oldest: u64,
    /// Whether the header says that the log was not closed.
    pub(super) is_dirty: bool,
    /// Whether the header of the log matches its checksum, or there is no such header.
    pub(super) is_header_valid: bool,
}

impl Layout {
    /// The offset in the log at which a slot begins.
    pub(super) fn slot_start(&self, number: u64) -> u64 {
        self.start.saturating_add(number.saturating_mul(CHUNK_SIZE as u64))
    }

    /// Whether a slot is before the end of the chunks, so that it must hold one.
    pub(super) fn must_hold_chunk(&self, number: u64) -> bool {
        number < self.counted.max(self.used)
    }

    /// Whether records in a slot belong to the log, although nothing else there is a chunk.
    pub(super) fn may_hold_chunk(&self, number: u64) -> bool {
        number < self.claimed.max(self.used)
    }

    /// Whether the log ends inside a chunk, or before the last chunk that its header counts.
    ///
    /// Spec: TEL-27
    pub(super) fn is_truncated(&self) -> bool {
        self.end < self.slot_start(self.slots) || self.end < self.slot_start(self.counted)
    }
}

/// A log whose slots can be read.
pub(super) struct Log<R> {
    input: R,
    layout: Layout,
}

/// The content of a slot.
pub(super) struct Slot {
    /// The number of the slot, from 0.
    pub(super) number: u64,
    /// The bytes, fewer than a chunk has if the log is truncated here.
    pub(super) bytes: io::Result<Vec<u8>>,
}

impl<R: Read + Seek> Log<R> {
    /// Reads the header of the log and those of its chunks.
    ///
    /// # Errors
    ///
    /// Returns an error if the input cannot be read, or is not an event log.
    pub(super) fn open(mut input: R) -> io::Result<Self> {
        let mut head = Vec::new();
        input.rewind()?;
        input.by_ref().take(HEAD_LEN).read_to_end(&mut head)?;
        let end = input.seek(SeekFrom::End(0))?;
        let starts: &[u64] = if head.starts_with(CHUNK_SIGNATURE) {
            &[0]
        } else if head.starts_with(LOG_SIGNATURE) || starts_with_chunk(&head) {
            &[HEADER_SIZE]
        } else {
            // These signatures are damaged, or this is no log.
            &[HEADER_SIZE, 0]
        };
        let has_record = |layout: &Layout| {
            let first = layout.start as usize + CHUNK_HEADER_SIZE;
            head.get(first..).is_some_and(|bytes| bytes.starts_with(RECORD_SIGNATURE))
        };
        let mut layouts = starts.iter().map(|start| Layout::survey(&mut input, &head, *start, end));
        match layouts.find(|layout| starts.len() == 1 || layout.used > 0 || has_record(layout)) {
            Some(layout) => Ok(Self { input, layout }),
            None => Err(io::Error::new(io::ErrorKind::InvalidData, NOT_A_LOG)),
        }
    }

    /// Returns what is known of the log.
    pub(super) fn layout(&self) -> Layout {
        self.layout
    }

    /// Reads the slots, starting with the oldest chunk. A full log is a ring: Windows writes each
    /// new chunk over the oldest one.
    pub(super) fn slots(&mut self) -> impl Iterator<Item = Slot> {
        let Layout { oldest, slots, .. } = self.layout;
        let numbers = (oldest..slots).chain(0..oldest);
        numbers.map(|number| {
            let start = self.layout.slot_start(number);
            Slot { number, bytes: read_at(&mut self.input, start, CHUNK_SIZE) }
        })
    }
}

impl Layout {
    /// Reads the headers of the chunks if the first slot begins at `start`. `head` is the start of the
    /// log, and `end` its length.
    fn survey<R: Read + Seek>(input: &mut R, head: &[u8], start: u64, end: u64) -> Self {
        let header = EvtxFileHeader::from_bytes(head).ok().filter(|_| start > 0);
        let is_header_valid = start == 0 || header.as_ref().is_some_and(is_valid);
        let claimed = header.as_ref().map_or(0, |header| header.chunk_count.into());
        let counted = if is_header_valid { claimed } else { 0 };
        let slots = end.saturating_sub(start).div_ceil(CHUNK_SIZE as u64);
        let is_dirty = header.is_some_and(|header| header.flags.contains(HeaderFlags::DIRTY));
        let mut layout =
            Self { start, end, counted, claimed, used: 0, slots, oldest: 0, is_dirty, is_header_valid };
        let mut lowest = u64::MAX;
        for number in 0..slots {
            // An error is reported if the slot itself cannot be read.
            let Ok(header) = read_at(input, layout.slot_start(number), CHUNK_HEADER_SIZE) else { continue };
            let Ok(header) = EvtxChunkHeader::from_bytes(&header) else { continue };
            layout.used = number.saturating_add(1);
            // A reversed range says nothing about where the records belong.
            let first = header.first_event_record_id;
            if first <= header.last_event_record_id && first < lowest {
                (lowest, layout.oldest) = (first, number);
            }
        }
        layout
    }
}

/// Whether a header of a log matches its checksum, or it is one without a checksum.
fn is_valid(header: &EvtxFileHeader) -> bool {
    let has_checksum = !header.flags.contains(HeaderFlags::NO_CRC32) || header.checksum != 0;
    !has_checksum || header.checksum == header.computed_checksum
}

/// Reads bytes at an offset, fewer only at the end of the input.
fn read_at<R: Read + Seek>(input: &mut R, offset: u64, len: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(len);
    input.seek(SeekFrom::Start(offset))?;
    input.take(len as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}
