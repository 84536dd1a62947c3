//! The progress bar of `rulespec run`.

use std::io::{self, IsTerminal};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use super::Progress;

const BYTES: &str = "{bar:30} {bytes} of {total_bytes}, {bytes_per_sec}, {eta} left";
const UNKNOWN_TOTAL: &str = "{spinner} {bytes}, {bytes_per_sec}";

impl Progress {
    /// A bar for input files, which follows the number of bytes `read`.
    pub fn of_files(files: &[impl AsRef<Path>], read: Arc<AtomicU64>) -> Self {
        let total: Option<u64> = files.iter().map(|file| size(file.as_ref())).sum();
        Self::of_counter(total, if total.is_some() { BYTES } else { UNKNOWN_TOTAL }, read)
    }

    /// Runs `write`, which writes to standard output, with the bar hidden if both share a terminal.
    pub fn while_writing_output<T>(&self, write: impl FnOnce() -> T) -> T {
        match io::stdout().is_terminal() {
            true => self.while_hidden(write),
            false => write(),
        }
    }

    /// Runs `write`, which writes to the terminal, with the bar hidden.
    pub fn while_hidden<T>(&self, write: impl FnOnce() -> T) -> T {
        match self.updater {
            Some(_) => self.bar.suspend(write),
            None => write(),
        }
    }
}

/// The size of a file: `None` for standard input, 0 if it cannot be read.
fn size(file: &Path) -> Option<u64> {
    match file.as_os_str() == "-" {
        true => None,
        false => Some(file.metadata().map_or(0, |metadata| metadata.len())),
    }
}
