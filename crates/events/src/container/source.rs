//! Inputs that are seekable, and streams.

use std::fs::File;
use std::io::{self, Read, Seek, Write};

use crate::Shapes;
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
    pub(super) fn head(&mut self, shapes: &Shapes) -> io::Result<Vec<u8>> {
        let mut head = Vec::new();
        let result = match self {
            Self::Seekable(input) => input.take(HEAD_LEN as u64).read_to_end(&mut head).map(drop),
            Self::Stream(input) => read_head(input, &mut head, shapes),
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
fn read_head(input: &mut dyn Read, head: &mut Vec<u8>, shapes: &Shapes) -> io::Result<()> {
    let mut buffer = vec![0; HEAD_LEN];
    while !is_sufficient(head, shapes) {
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

/// A stream in a temporary file.
pub(super) struct Spooled<F> {
    pub(super) file: F,
    /// How much of the stream the file has, in bytes.
    pub(super) len: u64,
    pub(super) error: Option<SpoolError>,
}

/// Why the end of a stream is not in its temporary file.
pub(super) enum SpoolError {
    /// The stream could not be read.
    Read(io::Error),
    /// The temporary file could not be written.
    Write(io::Error),
}

/// Copies a stream to an anonymous temporary file, as far as the stream can be read and the file
/// can be written.
///
/// # Errors
///
/// Returns an error if there can be no temporary file.
pub(super) fn spool(stream: &mut dyn Read) -> io::Result<Spooled<File>> {
    copy(stream, tempfile::tempfile()?)
}

fn copy<F: Write + Seek>(stream: &mut dyn Read, mut file: F) -> io::Result<Spooled<F>> {
    let mut buffer = vec![0; 64 << 10];
    let error = loop {
        match stream.read(&mut buffer) {
            Ok(0) => break None,
            Ok(read) => {
                // If this fails, the file has the bytes that still fitted.
                if let Err(error) = file.write_all(buffer.get(..read).unwrap_or_default()) {
                    break Some(SpoolError::Write(error));
                }
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => break Some(SpoolError::Read(error)),
        }
    };
    let len = file.stream_position()?;
    file.rewind()?;
    Ok(Spooled { file, len, error })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file on a disk that has room for this many bytes.
    struct SmallDisk(io::Cursor<Vec<u8>>, usize);

    impl Write for SmallDisk {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            match self.1.saturating_sub(self.0.get_ref().len()).min(bytes.len()) {
                0 => Err(io::ErrorKind::StorageFull.into()),
                room => self.0.write(&bytes[..room]),
            }
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Seek for SmallDisk {
        fn seek(&mut self, to: io::SeekFrom) -> io::Result<u64> {
            self.0.seek(to)
        }
    }

    #[test]
    fn tel_36_a_spooled_stream_has_the_content_of_the_stream() {
        let Spooled { mut file, len, error } = spool(&mut &b"abc"[..]).unwrap();
        file.seek(io::SeekFrom::Start(1)).unwrap();
        let mut rest = String::new();
        file.read_to_string(&mut rest).unwrap();
        assert_eq!((rest.as_str(), len, error.is_none()), ("bc", 3, true));
    }

    #[test]
    fn tel_36_what_fits_on_a_full_disk_is_kept() {
        let mut stream = io::repeat(b'x').take(1 << 20);
        let spooled = copy(&mut stream, SmallDisk(io::Cursor::default(), 100_000)).unwrap();
        assert_eq!((spooled.len, spooled.file.0.position()), (100_000, 0));
        assert_eq!(spooled.file.0.get_ref().len(), 100_000);
        assert!(
            matches!(spooled.error, Some(SpoolError::Write(error)) if error.kind() == io::ErrorKind::StorageFull)
        );
    }
}
