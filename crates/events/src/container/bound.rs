//! How much an archive may unpack to.

use std::cell::Cell;
use std::io::{self, Read, Seek, SeekFrom};
use std::sync::atomic::{AtomicU64, Ordering};

/// What any archive may unpack to, however small it is.
const ALWAYS: u64 = 256 * MIB;
const MIB: u64 = 1 << 20;
/// How many times its own size an archive may unpack to.
const TIMES: u64 = 250;

/// The size of one input as it lies there, and what all in it unpacked to.
///
/// Spec: TEL-37
pub(super) struct Bound {
    always: u64,
    packed: Cell<u64>,
    unpacked: Cell<u64>,
}

impl Bound {
    /// The bound for an input of so many bytes.
    pub(super) fn of(packed: u64) -> Self {
        Self::of_at_least(ALWAYS, packed)
    }

    /// The bound for an input of so many bytes, which may unpack to `always` bytes,
    /// however small it is.
    pub(super) fn of_at_least(always: u64, packed: u64) -> Self {
        Self { always, packed: Cell::new(packed), unpacked: Cell::new(0) }
    }

    /// How much may be unpacked.
    pub(super) fn allowed(&self) -> u64 {
        self.always.max(self.packed.get().saturating_mul(TIMES))
    }

    /// Whether more was unpacked than can be honest.
    pub(super) fn is_exceeded(&self) -> bool {
        self.unpacked.get() > self.allowed()
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
            let always = self.bound.always / MIB;
            let what = format!("the archive unpacks to more than {always} MiB and {TIMES} times its size");
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, what));
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
