//! What to do if the machine lacks what the reading needs: threads, descriptors or space.

use std::io::{Error, ErrorKind};

/// The error codes for too many open files: of the process, and of the system.
#[cfg(unix)]
const TOO_MANY_OPEN_FILES: [i32; 2] = [24, 23];
#[cfg(not(unix))]
const TOO_MANY_OPEN_FILES: [i32; 1] = [4];

/// What to do about threads that cannot be started.
pub(super) const THREADS: &str = "use fewer jobs, or raise the limit on processes (ulimit -u)";

/// What to do about this error, if it means that the machine lacks something.
pub(super) fn remedy(error: &Error) -> Option<&'static str> {
    if error.raw_os_error().is_some_and(|code| TOO_MANY_OPEN_FILES.contains(&code)) {
        return Some("use fewer jobs, or raise the limit on open files (ulimit -n)");
    }
    match error.kind() {
        ErrorKind::StorageFull => Some("free space in the directory TMPDIR"),
        ErrorKind::QuotaExceeded => Some("raise the quota of the directory TMPDIR"),
        ErrorKind::FileTooLarge => Some("raise the limit on the size of files (ulimit -f)"),
        ErrorKind::OutOfMemory => Some("free memory, or raise its limit (ulimit -v)"),
        _ => None,
    }
}
