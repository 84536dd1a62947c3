//! A log that was cut off, filled up to whole chunks.

use std::io::{self, Read, Seek, SeekFrom};

use super::{CHUNK, HEADER};

/// Reads a log as if zeros followed it up to the end of its last chunk, so that
/// the records of a chunk that was cut off are not lost with it.
///
/// Spec: TEL-27
pub(super) struct Padded<R> {
    inner: R,
    /// Where the log ends.
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
        let end = inner.seek(SeekFrom::End(0))?;
        inner.rewind()?;
        let in_chunks = end.saturating_sub(HEADER).checked_next_multiple_of(CHUNK);
        let padded_end = in_chunks.and_then(|length| length.checked_add(HEADER)).unwrap_or(end);
        Ok(Self { inner, end, padded_end, position: 0 })
    }

    /// Where the log ends, where that is not the end of a chunk.
    pub(super) fn cut_off_at(&self) -> Option<u64> {
        (self.end != self.padded_end).then_some(self.end)
    }
}

impl<R: Read> Read for Padded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = if self.position < self.end {
            self.inner.read(buffer)?
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
