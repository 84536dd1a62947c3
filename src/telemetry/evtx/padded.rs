//! A log that was cut off, as one of whole records and whole chunks.

use std::io::{self, Read, Seek, SeekFrom};

use super::{CHUNK, HEADER};

/// The size of the header of a chunk, before its first record.
const CHUNK_HEADER: usize = 512;

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
    position: u64,
}

impl<R: Read + Seek> Padded<R> {
    /// # Errors
    ///
    /// Where the length of the log cannot be told.
    pub(super) fn new(mut inner: R) -> io::Result<Self> {
        let cut_off = inner.seek(SeekFrom::End(0))?;
        let in_tail = cut_off.saturating_sub(HEADER) % CHUNK;
        if in_tail == 0 {
            inner.rewind()?;
            return Ok(Self { inner, cut_off, end: cut_off, padded_end: cut_off, position: 0 });
        }
        let tail_starts = cut_off - in_tail;
        inner.seek(SeekFrom::Start(tail_starts))?;
        let mut tail = Vec::new();
        inner.by_ref().take(CHUNK).read_to_end(&mut tail)?;
        inner.rewind()?;
        let end = tail_starts + whole_records(&tail);
        Ok(Self { inner, cut_off, end, padded_end: tail_starts.saturating_add(CHUNK), position: 0 })
    }

    /// Where the log ends, where that is not the end of a chunk.
    pub(super) fn cut_off_at(&self) -> Option<u64> {
        (self.cut_off != self.padded_end).then_some(self.cut_off)
    }
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
