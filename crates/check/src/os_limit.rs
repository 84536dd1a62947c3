//! Limits of the operating system.

use std::io;

/// What to do if a process or thread cannot be started, or a pipe created, because a limit of the
/// operating system is reached.
pub(crate) fn remedy(error: &io::Error) -> Option<&'static str> {
    #[cfg(unix)]
    {
        use rustix::io::Errno;
        let remedy = match Errno::from_io_error(error)? {
            Errno::AGAIN => {
                "the limit of processes and threads is reached: raise `ulimit -u`, or use fewer --jobs"
            }
            Errno::MFILE => "the limit of open files is reached: raise `ulimit -n`, or use fewer --jobs",
            Errno::NFILE => "the system has too many open files: close other programs",
            Errno::NOMEM => "there is not enough memory: raise `ulimit -v`, or close other programs",
            _ => return None,
        };
        Some(remedy)
    }
    #[cfg(not(unix))]
    {
        _ = error;
        None
    }
}
