//! Bytes that can be read out of order, and bytes that pass once.

use std::fs::File;
use std::io::{self, Read, Seek, Write};

use super::super::format::{HEAD, is_enough};

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
    /// The first bytes, as many as it takes to recognise the input; what follows
    /// them is read next.
    ///
    /// # Errors
    ///
    /// Where not even one byte can be read.
    ///
    /// Spec: TEL-71
    pub(super) fn head(&mut self) -> io::Result<Vec<u8>> {
        let mut head = Vec::new();
        let read = match self {
            Self::Seekable(input) => input.take(HEAD as u64).read_to_end(&mut head).map(drop),
            Self::Stream(input) => read_enough(input, &mut head),
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

/// Reads what has arrived, and more only while that is not enough.
fn read_enough(input: &mut dyn Read, head: &mut Vec<u8>) -> io::Result<()> {
    let mut buffer = vec![0; HEAD];
    while !is_enough(head) {
        let room = HEAD.saturating_sub(head.len()) as u64;
        match input.take(room).read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => head.extend(buffer.iter().take(read)),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
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
