//! Inputs that are seekable, and streams.

use std::fs::File;
use std::io::{self, Read, Seek, Write};

use crate::format::{HEAD_LEN, is_sufficient};

pub(super) trait ReadSeek: Read + Seek {}

impl<T: Read + Seek> ReadSeek for T {}

/// The bytes of an input.
pub(super) enum Bytes<'a> {
    Seekable(&'a mut dyn ReadSeek),
    Stream(&'a mut dyn Read),
}

impl<'a> Bytes<'a> {
    /// Reads as many of the first bytes as it takes to detect the format.
    ///
    /// # Errors
    ///
    /// Returns an error if not even one byte can be read.
    ///
    /// Spec: TEL-71
    pub(super) fn head(&mut self) -> io::Result<Vec<u8>> {
        let mut head = Vec::new();
        let result = match self {
            Self::Seekable(input) => input.take(HEAD_LEN as u64).read_to_end(&mut head).map(drop),
            Self::Stream(input) => read_head(input, &mut head),
        };
        match result {
            Err(error) if head.is_empty() => Err(error),
            _ => Ok(head),
        }
    }

    /// Returns a reader of the remaining bytes.
    pub(super) fn reader(self) -> Box<dyn Read + 'a> {
        match self {
            Self::Seekable(input) => Box::new(input),
            Self::Stream(input) => Box::new(input),
        }
    }
}

/// Reads what has arrived, and waits for more only if that is not sufficient.
fn read_head(input: &mut dyn Read, head: &mut Vec<u8>) -> io::Result<()> {
    let mut buffer = vec![0; HEAD_LEN];
    while !is_sufficient(head) {
        let room = HEAD_LEN.saturating_sub(head.len()) as u64;
        match input.take(room).read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => head.extend(buffer.iter().take(read)),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Copies a stream to an anonymous temporary file. Also returns the error that ended the stream
/// early, if there was one.
///
/// # Errors
///
/// Returns an error if the temporary file cannot be written.
pub(super) fn spool(stream: &mut dyn Read) -> io::Result<(File, Option<io::Error>)> {
    let mut file = tempfile::tempfile()?;
    let mut buffer = vec![0; 64 << 10];
    let stream_error = loop {
        match stream.read(&mut buffer) {
            Ok(0) => break None,
            Ok(read) => file.write_all(buffer.get(..read).unwrap_or_default())?,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => break Some(error),
        }
    };
    file.rewind()?;
    Ok((file, stream_error))
}
