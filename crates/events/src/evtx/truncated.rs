//! Truncated logs, padded so that they can be parsed.

use std::io::{self, Read, Seek, SeekFrom};

use super::{CHUNK_SIZE, HEADER_SIZE};

/// The size of the header of a chunk, before its first record.
const CHUNK_HEADER_SIZE: usize = 512;

/// The offset in the header of the number of chunks.
const CHUNK_COUNT_OFFSET: usize = 42;

/// Reads a log as if its last complete record were followed by zeros up to the end of the chunk.
/// Without them, the parser would not read any record of a truncated chunk.
///
/// Spec: TEL-27
pub(super) struct TruncatedLog<R> {
    inner: R,
    /// The length of the log.
    len: u64,
    /// The end of the last complete record.
    records_end: u64,
    /// The length including the zeros.
    padded_len: u64,
    /// The length according to the header.
    expected_len: u64,
    position: u64,
}

impl<R: Read + Seek> TruncatedLog<R> {
    /// # Errors
    ///
    /// Returns an error if the log cannot be read.
    pub(super) fn new(mut inner: R) -> io::Result<Self> {
        let expected_len = expected_len(&mut inner)?;
        let len = inner.seek(SeekFrom::End(0))?;
        let tail_len = len.saturating_sub(HEADER_SIZE) % CHUNK_SIZE;
        let (mut records_end, mut padded_len) = (len, len);
        if tail_len > 0 {
            let tail_start = len - tail_len;
            inner.seek(SeekFrom::Start(tail_start))?;
            let mut tail = Vec::new();
            inner.by_ref().take(CHUNK_SIZE).read_to_end(&mut tail)?;
            records_end = tail_start + complete_records_end(&tail);
            padded_len = tail_start.saturating_add(CHUNK_SIZE);
        }
        inner.rewind()?;
        Ok(Self { inner, len, records_end, padded_len, expected_len, position: 0 })
    }

    /// The end of the log if it is inside a chunk or before the last chunk.
    pub(super) fn truncated_at(&self) -> Option<u64> {
        (self.len != self.padded_len || self.len < self.expected_len).then_some(self.len)
    }

    /// Returns the log itself, which is faster to read, if it needs no padding.
    ///
    /// # Errors
    ///
    /// Returns this reader if the log needs padding.
    pub(super) fn into_complete(self) -> Result<R, Self> {
        if self.records_end == self.padded_len { Ok(self.inner) } else { Err(self) }
    }
}

/// The length of a log with as many chunks as its header says. A log that is still being written
/// may be longer.
fn expected_len<R: Read + Seek>(log: &mut R) -> io::Result<u64> {
    let mut header = Vec::new();
    log.rewind()?;
    log.take(HEADER_SIZE).read_to_end(&mut header)?;
    let count = header.get(CHUNK_COUNT_OFFSET..).and_then(<[u8]>::first_chunk);
    let count = count.map_or(0, |bytes| u16::from_le_bytes(*bytes));
    Ok(HEADER_SIZE.saturating_add(CHUNK_SIZE.saturating_mul(u64::from(count))))
}

/// The offset in a chunk of the end of its last complete record, or 0 if it has none.
fn complete_records_end(chunk: &[u8]) -> u64 {
    let mut end = 0;
    let mut next = CHUNK_HEADER_SIZE;
    while let Some([0x2a, 0x2a, 0, 0, size @ ..]) = chunk.get(next..).and_then(<[u8]>::first_chunk::<8>) {
        let size = u32::from_le_bytes(*size) as usize;
        next = next.saturating_add(size.max(1));
        if next > chunk.len() {
            break;
        }
        end = next;
    }
    end as u64
}

impl<R: Read> Read for TruncatedLog<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = if self.position < self.records_end {
            let remaining = self.records_end - self.position;
            self.inner.by_ref().take(remaining).read(buffer)?
        } else {
            let zeros = self.padded_len.saturating_sub(self.position).min(buffer.len() as u64);
            io::repeat(0).take(zeros).read(buffer)?
        };
        self.position = self.position.saturating_add(read as u64);
        Ok(read)
    }
}

impl<R: Seek> Seek for TruncatedLog<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let position = match to {
            SeekFrom::Start(position) => Some(position),
            SeekFrom::End(offset) => self.padded_len.checked_add_signed(offset),
            SeekFrom::Current(offset) => self.position.checked_add_signed(offset),
        };
        self.position = position.ok_or(io::ErrorKind::InvalidInput)?;
        self.inner.seek(SeekFrom::Start(self.position.min(self.records_end)))?;
        Ok(self.position)
    }
}
