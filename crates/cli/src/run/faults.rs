//! Error messages about input that cannot be read.

use std::io::Write;
use std::path::Path;

use super::summary::grouped;
use super::terminal::stderr_painter;
use crate::progress::Progress;
use rulespec_check::printable::{printable, shortened};
use rulespec_events::Fault;

/// How many faults of one input are shown.
const MAX_SHOWN: u64 = 20;

/// The maximum length of an error message, in characters.
const MAX_MESSAGE_LEN: usize = 1_000;

/// The faults of one input.
#[derive(Debug, Default)]
pub struct Faults {
    count: u64,
}

impl Faults {
    /// Counts a fault, and prints it if it is one of the first.
    pub fn report(&mut self, fault: &Fault, progress: &Progress) {
        self.count += 1;
        if self.count <= MAX_SHOWN {
            progress.while_hidden(|| print(&shortened(&fault.to_string(), MAX_MESSAGE_LEN)));
        }
    }

    /// Prints what is to be said of an input, and is no fault.
    pub fn note(&self, prefix: &str, path: &str, what: &str, progress: &Progress) {
        let message = shortened(&format!("{path}: {what}"), MAX_MESSAGE_LEN);
        let prefix = stderr_painter().muted(prefix);
        // A failure to write to standard error cannot be reported anywhere.
        progress.while_hidden(|| _ = writeln!(std::io::stderr().lock(), "{prefix} {message}"));
    }

    /// Prints how many faults of the input were not shown. The arguments themselves are no input.
    pub fn end(&self, input: Option<&Path>, progress: &Progress) {
        if let Some(hidden @ 1..) = self.count.checked_sub(MAX_SHOWN) {
            let input = input.map_or("the arguments".into(), Path::to_string_lossy);
            let message = format!("{}: {} more errors not shown", printable(&input), grouped(hidden));
            progress.while_hidden(|| print(&message));
        }
    }
}

/// Prints that the output is not written, because nothing could be read.
pub fn not_written(file: &Path) {
    let file = file.to_string_lossy();
    print(&format!("{}: not written, because nothing could be read", printable(&file)));
}

fn print(message: &str) {
    let prefix = stderr_painter().error("rulespec:");
    // A failure to write to standard error cannot be reported anywhere.
    let _ = writeln!(std::io::stderr().lock(), "{prefix} {message}");
}
