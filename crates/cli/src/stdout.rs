//! Standard output.
//!
//! A reader that closes the pipe early, as in `rulespec … | head`, is not an error, and does not
//! change the exit status.

#[cfg(feature = "events")]
use std::fmt::Display;
use std::io::{self, ErrorKind, Write};

use super::failure::Failure;

/// Writes to standard output. The caller has decided the exit status before.
///
/// # Errors
///
/// Returns an I/O error if not everything could be written and the reader has not left.
pub fn print(content: impl AsRef<[u8]>) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    streamed(out.write_all(content.as_ref()).and_then(|()| out.flush()).map_err(Into::into)).map(|_| ())
}

/// The result of a function all of whose errors are about writing to standard output; `None` if
/// the reader has left.
///
/// # Errors
///
/// Returns an I/O error if not everything could be written and the reader has not left.
pub fn streamed<T>(result: anyhow::Result<T>) -> Result<Option<T>, Failure> {
    unless_left(result).map_err(|error| Failure::stdout(&format!("{error:#}")))
}

/// Like [`streamed`], for another pipe, device or file.
///
/// # Errors
///
/// Returns an I/O error with the name of the file.
#[cfg(feature = "events")]
pub fn streamed_to<T>(name: &dyn Display, result: anyhow::Result<T>) -> Result<Option<T>, Failure> {
    unless_left(result).map_err(|error| Failure::unwritten(name, &format!("{error:#}")))
}

/// `None` in place of the error that the reader has left.
fn unless_left<T>(result: anyhow::Result<T>) -> anyhow::Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if io_error_kind(&error) == Some(ErrorKind::BrokenPipe) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The kind of the I/O error that an error wraps.
fn io_error_kind(error: &anyhow::Error) -> Option<ErrorKind> {
    error.chain().find_map(|cause| {
        if let Some(error) = cause.downcast_ref::<io::Error>() {
            return Some(error.kind());
        }
        if let Some(csv::ErrorKind::Io(error)) = cause.downcast_ref().map(csv::Error::kind) {
            return Some(error.kind());
        }
        cause.downcast_ref::<serde_json::Error>()?.io_error_kind()
    })
}
