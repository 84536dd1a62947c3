//! Pipes to an engine whose reads and writes can be ended.
//!
//! A process that the engine left behind may keep its pipes open for ever. On Unix, a thread that
//! reads or writes them would be leaked with every restart, so it waits with `poll` and ends when
//! the engine has ended. On Windows the job object ends every process that has the pipe.

use std::io::{self, Read, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Ends all reads and writes of the pipes that share it.
#[derive(Debug, Clone, Default)]
pub(super) struct PipeEnd(Arc<AtomicBool>);

impl PipeEnd {
    /// Ends them. A read or write that waits ends soon after.
    pub(super) fn end(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    fn has_ended(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// A pipe that reads as closed, and to which writes fail, once its [`PipeEnd`] has ended.
#[derive(Debug)]
pub(super) struct Pipe<P> {
    pipe: P,
    end: PipeEnd,
}

#[cfg(unix)]
mod unix {
    use std::io;
    use std::os::fd::AsFd;

    use rustix::event::{PollFd, PollFlags, Timespec, poll};

    use super::{Pipe, PipeEnd};

    /// How soon a wait ends.
    const INTERVAL: Timespec = Timespec { tv_sec: 0, tv_nsec: 50_000_000 };

    impl<P: AsFd> Pipe<P> {
        /// Wraps a pipe.
        ///
        /// # Errors
        ///
        /// Returns an error if the pipe cannot be made non-blocking.
        pub(in super::super) fn new(pipe: P, end: PipeEnd) -> io::Result<Self> {
            rustix::io::ioctl_fionbio(&pipe, true)?;
            Ok(Self { pipe, end })
        }

        /// Waits until the pipe is ready. Returns `false` if it has ended first.
        pub(super) fn wait(&self, flags: PollFlags) -> io::Result<bool> {
            while !self.end.has_ended() {
                match poll(&mut [PollFd::new(&self.pipe, flags)], Some(&INTERVAL)) {
                    Ok(0) | Err(rustix::io::Errno::INTR) => {}
                    Ok(_) => return Ok(true),
                    Err(error) => return Err(error.into()),
                }
            }
            Ok(false)
        }
    }

    pub(super) const READABLE: PollFlags = PollFlags::IN;
    pub(super) const WRITABLE: PollFlags = PollFlags::OUT;
}

#[cfg(not(unix))]
impl<P> Pipe<P> {
    /// Wraps a pipe.
    pub(super) fn new(pipe: P, end: PipeEnd) -> io::Result<Self> {
        Ok(Self { pipe, end })
    }
}

#[cfg(unix)]
impl<P: Read + std::os::fd::AsFd> Read for Pipe<P> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            if !self.wait(unix::READABLE)? {
                return Ok(0);
            }
            match self.pipe.read(buffer) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                read => return read,
            }
        }
    }
}

#[cfg(unix)]
impl<P: Write + std::os::fd::AsFd> Write for Pipe<P> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        loop {
            if !self.wait(unix::WRITABLE)? {
                return Err(io::ErrorKind::BrokenPipe.into());
            }
            match self.pipe.write(bytes) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                written => return written,
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.pipe.flush()
    }
}

#[cfg(not(unix))]
impl<P: Read> Read for Pipe<P> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.end.has_ended() { Ok(0) } else { self.pipe.read(buffer) }
    }
}

#[cfg(not(unix))]
impl<P: Write> Write for Pipe<P> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.end.has_ended() { Err(io::ErrorKind::BrokenPipe.into()) } else { self.pipe.write(bytes) }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.pipe.flush()
    }
}
