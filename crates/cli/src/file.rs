//! The files that the command reads and writes, except the events that `rulespec run` reads.
//!
//! * [`read()`] and [`open()`] bound the size of a file, and wait for no named pipe that nobody
//!   writes to.
//! * [`Output`] replaces a file in one step, so that no reader ever sees part of it. `save` does
//!   the same for a file that is written as a stream.
//! * [`directory`] writes many files to a directory, and follows no link out of it.
//! * [`lock()`] keeps two commands from changing one directory at the same time.

pub mod directory;
mod input;
mod lock;
mod output;
#[cfg(unix)]
mod pipe;
#[cfg(feature = "events")]
mod save;

pub use input::{open, read, read_failure};
pub use lock::lock;
pub use output::Output;

use std::path::Path;

/// The number of an open file that this path names: `/dev/stdin`, `/dev/fd/63`, `/proc/self/fd/1`.
///
/// Such a path is a link to whatever is open there, which may have no name of its own.
fn descriptor(path: &Path) -> Option<u32> {
    let named = [("/dev/stdin", 0), ("/dev/stdout", 1), ("/dev/stderr", 2)];
    let named = named.iter().find(|(name, _)| path == Path::new(name)).map(|(_, number)| *number);
    let numbered = || {
        let folders = ["/dev/fd", "/proc/self/fd"].into_iter();
        let rest = folders.filter_map(|folder| path.strip_prefix(folder).ok()).next()?;
        rest.to_str()?.parse().ok()
    };
    named.or_else(numbered)
}
