//! A log that was cut off, as one of whole records and whole chunks.

use std::io::{self, Read, Seek, SeekFrom};

use super::{CHUNK, HEADER};

/// The size of the header of a chunk, before its first record.
pub(super) const CHUNK_HEADER: usize = 512;

/// Where the header says how many chunks the log has.
const CHUNK_COUNT: usize = 42;

/// Reads a log as if zeros followed its last whole record up to the end of the
/// chunk, so that the records of a chunk that was cut off are not lost with it.
///
/// Spec: TEL-27
pub(super) struct Padded<R> {
    inner: R,
    /// Where the log ends.
    cut_off: u64,
    /// Where its last whole record ends.
    end: u64,
    /// Where the zeros end.
    padded_end: u64,
    /// Where the log would end, by its header.
    whole_end: u64,
    position: u64,
}

impl<R: Read + Seek> Padded<R> {
    /// # Errors
    ///
    /// Where the length of the log cannot be told.
    pub(super) fn new(mut inner: R) -> io::Result<Self> {
        let whole_end = whole_end(&mut inner)?;
        let cut_off = inner.seek(SeekFrom::End(0))?;
        let in_tail = cut_off.saturating_sub(HEADER) % CHUNK;
        if in_tail == 0 {
            inner.rewind()?;
            return Ok(Self { inner, cut_off, end: cut_off, padded_end: cut_off, whole_end, position: 0 });
        }
        let tail_starts = cut_off - in_tail;
        inner.seek(SeekFrom::Start(tail_starts))?;
        let mut tail = Vec::new();
        inner.by_ref().take(CHUNK).read_to_end(&mut tail)?;
        inner.rewind()?;
        let end = tail_starts + whole_records(&tail);
        let padded_end = tail_starts.saturating_add(CHUNK);
        Ok(Self { inner, cut_off, end, padded_end, whole_end, position: 0 })
    }

    /// Where the log ends, where that is inside a chunk or before its last one.
    pub(super) fn cut_off_at(&self) -> Option<u64> {
        (self.cut_off != self.padded_end || self.cut_off < self.whole_end).then_some(self.cut_off)
    }

    /// The log as it is, which is quicker to read, where it needs no zeros.
    ///
    /// # Errors
    ///
    /// This, where it needs some.
    pub(super) fn into_unpadded(self) -> Result<R, Self> {
        if self.end == self.padded_end { Ok(self.inner) } else { Err(self) }
    }
}

/// Where a log ends that has as many chunks as its header says. A log that is still
/// written may have more.
fn whole_end<R: Read + Seek>(log: &mut R) -> io::Result<u64> {
    let mut header = Vec::new();
    log.rewind()?;
    log.take(HEADER).read_to_end(&mut header)?;
    let chunks =
        header.get(CHUNK_COUNT..).and_then(<[u8]>::first_chunk).map_or(0, |two| u16::from_le_bytes(*two));
    Ok(HEADER.saturating_add(CHUNK.saturating_mul(u64::from(chunks))))
}

/// Where the last whole record of a chunk ends; 0 where it has none.
fn whole_records(chunk: &[u8]) -> u64 {
    let mut end = 0;
    let mut next = CHUNK_HEADER;
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

impl<R: Read> Read for Padded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = if self.position < self.end {
            let left = self.end - self.position;
            self.inner.by_ref().take(left).read(buffer)?
        } else {
            let zeros = self.padded_end.saturating_sub(self.position).min(buffer.len() as u64);
            io::repeat(0).take(zeros).read(buffer)?
        };
        self.position = self.position.saturating_add(read as u64);
        Ok(read)
    }
}

impl<R: Seek> Seek for Padded<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let position = match to {
            SeekFrom::Start(position) => Some(position),
            SeekFrom::End(offset) => self.padded_end.checked_add_signed(offset),
            SeekFrom::Current(offset) => self.position.checked_add_signed(offset),
        };
        self.position = position.ok_or(io::ErrorKind::InvalidInput)?;
        self.inner.seek(SeekFrom::Start(self.position.min(self.end)))?;
        Ok(self.position)
    }
}
