//! Standard error.

use std::fmt::Display;
use std::io::Write;

/// Prints a line to standard error. A failure to do so cannot be reported anywhere.
pub fn print(line: &dyn Display) {
    let _ = writeln!(anstream::stderr(), "{line}");
}
