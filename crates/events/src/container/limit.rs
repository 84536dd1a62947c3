//! A limit on what an archive may decompress to, and a count of what is read.

use std::cell::Cell;
use std::io::{self, Read, Seek, SeekFrom};
use std::sync::atomic::Ordering;

use crate::Options;

const MIB: u64 = 1 << 20;
/// The limit in bytes for a small archive.
const MIN_LIMIT: u64 = 256 * MIB;
/// The maximum ratio of the decompressed size to the size of the archive.
const MAX_RATIO: u64 = 250;

/// The limit on what one input may decompress to, counting all its members together.
///
/// Spec: TEL-37
pub(super) struct Limit {
    min: u64,
    compressed: Cell<u64>,
    decompressed: Cell<u64>,
}

impl Limit {
    /// The limit for an input of this size.
    pub(super) fn new(size: u64) -> Self {
        Self::with_min(MIN_LIMIT, size)
    }

    /// The limit for an input of this size, but at least `min` bytes.
    pub(super) fn with_min(min: u64, size: u64) -> Self {
        Self { min, compressed: Cell::new(size), decompressed: Cell::new(0) }
    }

    pub(super) fn bytes(&self) -> u64 {
        self.min.max(self.compressed.get().saturating_mul(MAX_RATIO))
    }

    pub(super) fn is_exceeded(&self) -> bool {
        self.decompressed.get() > self.bytes()
    }
}

/// The error of an input after a stop. It is never shown: no item is passed to the sink any more.
pub(super) fn stopped() -> io::Error {
    io::Error::other("the reading was stopped")
}

/// Reads decompressed bytes until they exceed the limit. An error is returned again by every later
/// read.
pub(super) struct LimitedReader<'l, R> {
    inner: R,
    error: Option<(io::ErrorKind, String)>,
    limit: &'l Limit,
    options: &'l Options,
}

impl<'l, R> LimitedReader<'l, R> {
    pub(super) fn new(inner: R, limit: &'l Limit, options: &'l Options) -> Self {
        Self { inner, error: None, limit, options }
    }
}

impl<R: Read> Read for LimitedReader<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if (self.options.is_stopped)() {
            return Err(stopped());
        }
        if self.limit.is_exceeded() {
            let min = self.limit.min / MIB;
            let what = format!("the archive unpacks to more than {min} MiB and {MAX_RATIO} times its size");
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, what));
        }
        if let Some((kind, what)) = &self.error {
            return Err(io::Error::new(*kind, what.clone()));
        }
        let read = self.inner.read(buffer).inspect_err(|error| {
            if error.kind() != io::ErrorKind::Interrupted {
                self.error = Some((error.kind(), error.to_string()));
            }
        })?;
        self.limit.decompressed.set(self.limit.decompressed.get().saturating_add(read as u64));
        Ok(read)
    }
}

/// Counts the bytes read of an input as it is stored, and ends with an error after a stop.
///
/// Spec: TEL-38
pub(super) struct CountingReader<'a, R> {
    inner: R,
    options: &'a Options,
    /// A limit whose input's size is not known beforehand.
    limit: Option<&'a Limit>,
}

impl<'a, R> CountingReader<'a, R> {
    pub(super) fn new(inner: R, options: &'a Options, limit: Option<&'a Limit>) -> Self {
        Self { inner, options, limit }
    }
}

impl<R: Read> Read for CountingReader<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if (self.options.is_stopped)() {
            return Err(stopped());
        }
        let read = self.inner.read(buffer)?;
        self.options.progress.fetch_add(read as u64, Ordering::Relaxed);
        if let Some(limit) = self.limit {
            limit.compressed.set(limit.compressed.get().saturating_add(read as u64));
        }
        Ok(read)
    }
}

impl<R: Seek> Seek for CountingReader<'_, R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.inner.seek(to)
    }
}
