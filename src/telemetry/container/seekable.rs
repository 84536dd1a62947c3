//! Bytes that can be read out of order, and bytes that pass once.

use std::fs::File;
use std::io::{self, Read, Seek, Write};

/// What can be read out of order.
pub(super) trait Input: Read + Seek {}

impl<T: Read + Seek> Input for T {}

/// Where the bytes of an input come from.
pub(super) enum Bytes<'a> {
    /// From what can be read out of order.
    Seekable(&'a mut dyn Input),
    /// From what passes once.
    Stream(&'a mut dyn Read),
}

impl<'a> Bytes<'a> {
    /// The first bytes, at most so many; what follows them is read next.
    ///
    /// # Errors
    ///
    /// Where not even one byte can be read.
    pub(super) fn head(&mut self, most: usize) -> io::Result<Vec<u8>> {
        let mut head = Vec::new();
        let read = match self {
            Self::Seekable(input) => input.take(most as u64).read_to_end(&mut head),
            Self::Stream(input) => input.take(most as u64).read_to_end(&mut head),
        };
        match read {
            Err(error) if head.is_empty() => Err(error),
            _ => Ok(head),
        }
    }

    /// The bytes in their order.
    pub(super) fn reader(self) -> Box<dyn Read + 'a> {
        match self {
            Self::Seekable(input) => Box::new(input),
            Self::Stream(input) => Box::new(input),
        }
    }
}

/// Copies a stream into a temporary file that nobody else sees and that goes
/// away by itself; with the error that ended the stream early, if one did.
///
/// # Errors
///
/// Where the temporary file cannot be written.
pub(super) fn spool(stream: &mut dyn Read) -> io::Result<(File, Option<io::Error>)> {
    let mut file = tempfile::tempfile()?;
    let mut buffer = vec![0; 64 << 10];
    let broken = loop {
        match stream.read(&mut buffer) {
            Ok(0) => break None,
            Ok(read) => file.write_all(buffer.get(..read).unwrap_or_default())?,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => break Some(error),
        }
    };
    file.rewind()?;
    Ok((file, broken))
}
