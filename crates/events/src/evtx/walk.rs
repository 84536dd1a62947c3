//! The records of a chunk, found by what they say of themselves.
//!
//! A record begins with a signature (4 bytes), its size (4 bytes) and its id (8 bytes), and ends
//! with a copy of its size. The ids of a chunk increase by one. Bytes after the last record may
//! belong to an earlier use of the chunk, so a record there counts only if its id continues.

use evtx::EvtxChunkHeader;
use memchr::memmem;

use super::CHUNK_HEADER_SIZE;

/// The first bytes of a record.
pub(super) const RECORD_SIGNATURE: &[u8; 4] = &[0x2a, 0x2a, 0, 0];
/// The size of the header of a record: signature, size, id and time.
const RECORD_HEADER_SIZE: usize = 24;
/// The size of the smallest record: the header, and the copy of the size.
const MIN_RECORD_SIZE: usize = RECORD_HEADER_SIZE + SIZE_COPY_LEN;
const SIZE_COPY_LEN: usize = 4;
const SIZE_OFFSET: usize = 4;
const ID_OFFSET: usize = 8;

/// The live records of a chunk.
pub(super) struct Walk {
    /// The offset of the end of the live records.
    pub(super) end: usize,
    /// The number of live records whose header can be read.
    pub(super) count: u64,
    /// Whether the first of them is where the first record of a chunk must be.
    pub(super) is_first_in_place: bool,
    /// The offset of each record whose size is damaged, and the size that it must have.
    sizes: Vec<(usize, u32)>,
    /// The offset of each record that has the highest possible id, which is damaged.
    highest_ids: Vec<usize>,
}

#[derive(Clone, Copy)]
struct Record {
    start: usize,
    end: usize,
    id: u64,
}

impl Walk {
    /// Walks the records of a chunk. If its header can be trusted, all records before the end that
    /// it gives are live.
    ///
    /// Spec: TEL-85
    pub(super) fn new(chunk: &[u8], header: &EvtxChunkHeader, is_trusted: bool) -> Self {
        let mut walker = Walker {
            chunk,
            header_end: header.free_space_offset as usize,
            last_start: header.last_event_record_data_offset as usize,
            first_id: header.first_event_record_id,
            last_id: header.last_event_record_id,
            is_trusted,
            smallest: chunk.len(),
        };
        let mut walk = Self {
            end: CHUNK_HEADER_SIZE,
            count: 0,
            is_first_in_place: false,
            sizes: Vec::new(),
            highest_ids: Vec::new(),
        };
        let mut previous = None;
        while let Some(record) = walker.next(walk.end, previous, &mut walk) {
            walk.is_first_in_place |= record.start == CHUNK_HEADER_SIZE;
            walk.count += 1;
            walk.end = record.end;
            previous = Some(record.id);
            walker.smallest = walker.smallest.min(record.end - record.start);
            walk.highest_ids.extend(walker.has_highest_id(record.start).then_some(record.start));
        }
        walk
    }

    /// Writes the sizes that damaged records must have, so that the decoder finds the records after
    /// them. Also lowers the highest id, so that no record has it.
    pub(super) fn repair(&self, chunk: &mut [u8]) {
        let mut write = |offset: usize, bytes: &[u8]| {
            if let Some(field) = chunk.get_mut(offset..offset + bytes.len()) {
                field.copy_from_slice(bytes);
            }
        };
        self.sizes.iter().for_each(|(start, size)| write(start + SIZE_OFFSET, &size.to_le_bytes()));
        let lowered = (u64::MAX - 1).to_le_bytes();
        self.highest_ids.iter().for_each(|start| write(start + ID_OFFSET, &lowered));
    }
}

struct Walker<'a> {
    chunk: &'a [u8],
    /// The end of the records according to the header of the chunk.
    header_end: usize,
    /// The offset of the last record according to the header.
    last_start: usize,
    /// The ids of the first and the last record according to the header.
    first_id: u64,
    last_id: u64,
    is_trusted: bool,
    /// The size of the smallest record so far.
    smallest: usize,
}

impl Walker<'_> {
    /// Returns the next live record at an offset or after damaged bytes, after the record with the
    /// id `previous`.
    fn next(&self, at: usize, previous: Option<u64>, walk: &mut Walk) -> Option<Record> {
        let here = self.record_at(at).map(|record| self.with_probable_id(record, previous));
        let continues = |record: &Record| self.is_live(record, at, previous);
        if let Some(record) = here.filter(continues)
            && (self.has_size_copy(&record) || self.follows(&record))
        {
            return Some(record);
        }
        if self.is_trusted && at >= self.header_end {
            return None;
        }
        let Some(next) = self.find_after(at, previous) else {
            return here.filter(continues);
        };
        if self.has_signature(at) && next.start - at >= MIN_RECORD_SIZE {
            walk.sizes.push((at, (next.start - at) as u32));
            walk.count += 1;
            walk.is_first_in_place |= at == CHUNK_HEADER_SIZE;
        }
        Some(next)
    }

    /// Whether a record belongs to the present use of the chunk. It begins at `at`, or after
    /// damaged bytes that do.
    fn is_live(&self, record: &Record, at: usize, previous: Option<u64>) -> bool {
        if self.is_trusted && record.start < self.header_end {
            return true;
        }
        let Some(previous) = previous else { return !self.is_trusted };
        let Some(step) = record.id.checked_sub(previous).filter(|step| *step > 0) else { return false };
        if record.start == at && step == 1 {
            return true;
        }
        !self.is_trusted && (self.is_counted(record) || self.is_plausible(record.start - at, step))
    }

    /// Whether a header that is damaged counts a record. Two of three fields decide, because
    /// usually only one is damaged.
    fn is_counted(&self, record: &Record) -> bool {
        let votes =
            [record.start < self.header_end, record.start <= self.last_start, record.id <= self.last_id];
        votes.into_iter().filter(|vote| *vote).count() >= 2
    }

    /// Whether damaged bytes have room for the records whose ids are passed over.
    fn is_plausible(&self, damaged: usize, step: u64) -> bool {
        damaged > 0 && step <= 2 + (damaged / self.smallest) as u64
    }

    /// Corrects the id of a record if two others show that it is damaged: those of the previous and
    /// the next record. For the first record, these are the next one and the header's first id, or
    /// the next two.
    fn with_probable_id(&self, record: Record, previous: Option<u64>) -> Record {
        let next_of = |record: &Record| self.record_at(record.end).filter(|next| self.has_size_copy(next));
        let Some(next) = next_of(&record) else { return record };
        let expected = match previous {
            Some(previous) => previous.checked_add(2),
            None if self.first_id.checked_add(1) == Some(next.id) => Some(next.id),
            None => next_of(&next).and_then(|second| second.id.checked_sub(1)),
        };
        let id = next.id.checked_sub(1).filter(|_| expected == Some(next.id));
        Record { id: id.unwrap_or(record.id), ..record }
    }

    fn has_highest_id(&self, start: usize) -> bool {
        let id = self.chunk.get(start + ID_OFFSET..).and_then(<[u8]>::first_chunk);
        id == Some(&u64::MAX.to_le_bytes())
    }

    /// Whether the record with the next id begins where this one ends, according to its size.
    fn follows(&self, record: &Record) -> bool {
        self.record_at(record.end).is_some_and(|next| Some(next.id) == record.id.checked_add(1))
    }

    /// Returns the first whole live record after an offset.
    fn find_after(&self, at: usize, previous: Option<u64>) -> Option<Record> {
        let from = at.saturating_add(1);
        memmem::find_iter(self.chunk.get(from..)?, RECORD_SIGNATURE)
            .filter_map(|found| self.record_at(from + found))
            .find(|record| self.has_size_copy(record) && self.is_live(record, at, previous))
    }

    fn has_signature(&self, at: usize) -> bool {
        self.chunk.get(at..).is_some_and(|bytes| bytes.starts_with(RECORD_SIGNATURE))
    }

    /// Returns the record at an offset if its size is possible.
    fn record_at(&self, start: usize) -> Option<Record> {
        let header: &[u8; RECORD_HEADER_SIZE] = self.chunk.get(start..)?.first_chunk()?;
        let (RECORD_SIGNATURE, rest) = header.split_first_chunk()? else { return None };
        let (size, rest) = rest.split_first_chunk()?;
        let size = u32::from_le_bytes(*size) as usize;
        let id = u64::from_le_bytes(*rest.first_chunk()?);
        let end = start.checked_add(size)?;
        (size >= MIN_RECORD_SIZE && end <= self.chunk.len()).then_some(Record { start, end, id })
    }

    /// Whether a record ends with a copy of its size.
    fn has_size_copy(&self, record: &Record) -> bool {
        let size = (record.end - record.start) as u32;
        self.chunk.get(record.end - SIZE_COPY_LEN..record.end) == Some(&size.to_le_bytes())
    }
}
