//! Reading files.

use std::fs::File;
use std::io::{self, BufReader, ErrorKind, Read};
use std::path::Path;

use super::descriptor;
use crate::failure::Failure;

/// The size of the largest file that is read, in bytes.
const MAX_LEN: u64 = 256 << 20;

/// Reads a whole file as text. `-` is standard input.
///
/// # Errors
///
/// Returns wrong usage if the file cannot be opened, is no file or pipe, is larger than 256 MiB or
/// is not UTF-8; and an I/O error if reading fails afterwards.
pub fn read(path: &Path) -> Result<String, Failure> {
    let mut bytes = vec![];
    open(path)?.read_to_end(&mut bytes).map_err(|error| read_failure(path, &error))?;
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        Failure::usage(&format!("{}: byte {at} is not UTF-8; save the file as UTF-8", path.display()))
    })
}

/// Opens a file that is read as a stream. `-` is standard input.
///
/// # Errors
///
/// Returns wrong usage if the file cannot be opened, is no file or pipe, or is larger than
/// 256 MiB. The errors of the reader are for [`read_failure`].
pub fn open(path: &Path) -> Result<BufReader<impl Read + use<>>, Failure> {
    let source = source(path).map_err(|error| Failure::file(path, &error))?;
    Ok(BufReader::new(Bounded { source, left: MAX_LEN }))
}

/// The failure for an error that occurred while a file was being read.
pub fn read_failure(path: &Path, error: &io::Error) -> Failure {
    match error.kind() {
        ErrorKind::FileTooLarge => Failure::file(path, error),
        _ => Failure::io(&path.display(), "cannot be read", error),
    }
}

fn source(path: &Path) -> io::Result<Box<dyn Read>> {
    if path == Path::new("-") || descriptor(path) == Some(0) {
        return Ok(Box::new(io::stdin()));
    }
    let file = open_now(path)?;
    let metadata = file.metadata()?;
    if metadata.is_dir() {
        return Err(io::Error::new(ErrorKind::IsADirectory, "is a directory; name a file"));
    }
    if !metadata.is_file() {
        return special(path, file);
    }
    if metadata.len() > MAX_LEN {
        return Err(too_large(&format!("has {} bytes", metadata.len())));
    }
    Ok(Box::new(file))
}

/// Opens a file without waiting for the other end of a pipe.
fn open_now(path: &Path) -> io::Result<File> {
    #[cfg(unix)]
    return super::pipe::open(std::fs::OpenOptions::new().read(true), path);
    #[cfg(not(unix))]
    File::open(path)
}

/// A pipe, or an open device that was passed on to this process. Other devices are refused, because
/// they may have no end.
fn special(path: &Path, file: File) -> io::Result<Box<dyn Read>> {
    #[cfg(unix)]
    if std::os::unix::fs::FileTypeExt::is_fifo(&file.metadata()?.file_type()) {
        return match descriptor(path) {
            Some(_) => Ok(Box::new(super::pipe::blocking(file)?)),
            None => super::pipe::reader(file),
        };
    }
    match descriptor(path).is_some() || path == Path::new("/dev/null") {
        true => Ok(Box::new(file)),
        false => Err(io::Error::new(ErrorKind::InvalidInput, "is a device; name a file")),
    }
}

fn too_large(what: &str) -> io::Error {
    let remedy = format!("the limit is {} MiB; split it", MAX_LEN >> 20);
    io::Error::new(ErrorKind::FileTooLarge, format!("{what}; {remedy}"))
}

/// A reader that fails after a number of bytes.
struct Bounded<R> {
    source: R,
    left: u64,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.source.read(buffer)?;
        let left = self.left.checked_sub(length as u64);
        self.left = left.ok_or_else(|| too_large(&format!("has more than {MAX_LEN} bytes")))?;
        Ok(length)
    }
}
