//! How much an archive may unpack to.

use std::cell::Cell;
use std::io::{self, Read, Seek, SeekFrom};
use std::sync::atomic::{AtomicU64, Ordering};

/// What any archive may unpack to, however small it is.
const ALWAYS: u64 = 256 << 20;
/// How many times its own size an archive may unpack to.
const TIMES: u64 = 250;

/// The size of one input as it lies there, and what all in it unpacked to.
///
/// Spec: TEL-37
pub(super) struct Bound {
    packed: Cell<u64>,
    unpacked: Cell<u64>,
}

impl Bound {
    /// The bound for an input of so many bytes.
    pub(super) fn of(packed: u64) -> Self {
        Self { packed: Cell::new(packed), unpacked: Cell::new(0) }
    }

    /// Whether more was unpacked than can be honest.
    pub(super) fn is_exceeded(&self) -> bool {
        self.unpacked.get() > ALWAYS.max(self.packed.get().saturating_mul(TIMES))
    }
}

/// Reads what was unpacked, until that is more than the bound allows.
pub(super) struct Bounded<'b, R> {
    inner: R,
    bound: &'b Bound,
}

impl<'b, R> Bounded<'b, R> {
    pub(super) fn new(inner: R, bound: &'b Bound) -> Self {
        Self { inner, bound }
    }
}

impl<R: Read> Read for Bounded<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.bound.is_exceeded() {
            let what = format!("it unpacks to more than 256 MiB and {TIMES} times its size");
            return Err(io::Error::other(what));
        }
        let read = self.inner.read(buffer)?;
        self.bound.unpacked.set(self.bound.unpacked.get().saturating_add(read as u64));
        Ok(read)
    }
}

/// Counts what is read of an input as it lies there.
///
/// Spec: TEL-38
pub(super) struct Counted<'a, R> {
    inner: R,
    progress: &'a AtomicU64,
    bound: Option<&'a Bound>,
}

impl<'a, R> Counted<'a, R> {
    pub(super) fn new(inner: R, progress: &'a AtomicU64) -> Self {
        Self { inner, progress, bound: None }
    }

    /// Counts for a bound, too, whose input's size cannot be told beforehand.
    pub(super) fn filling(self, bound: &'a Bound) -> Self {
        Self { bound: Some(bound), ..self }
    }
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.progress.fetch_add(read as u64, Ordering::Relaxed);
        if let Some(bound) = self.bound {
            bound.packed.set(bound.packed.get().saturating_add(read as u64));
        }
        Ok(read)
    }
}

impl<R: Seek> Seek for Counted<'_, R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.inner.seek(to)
    }
}
