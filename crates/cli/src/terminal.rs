//! What standard output and standard error are.

use std::io::{self, IsTerminal};
use std::ops::RangeInclusive;

/// How wide output for people is where nothing says so.
const DEFAULT_WIDTH: u16 = 120;

/// The narrowest and the widest that output for people gets.
const WIDTHS: RangeInclusive<u16> = 40..=240;

/// The width for people: what `COLUMNS` says, else the terminal's, else 120.
pub fn width() -> u16 {
    let columns = std::env::var("COLUMNS").ok().and_then(|text| text.parse().ok());
    let terminal = || io::stdout().is_terminal().then(|| comfy_table::Table::new().width()).flatten();
    columns
        .filter(|columns| *columns > 0)
        .or_else(terminal)
        .unwrap_or(DEFAULT_WIDTH)
        .clamp(*WIDTHS.start(), *WIDTHS.end())
}

/// Whether standard output is a terminal.
pub fn shows_output() -> bool {
    io::stdout().is_terminal()
}

/// Whether standard error is a terminal.
pub fn shows_errors() -> bool {
    io::stderr().is_terminal()
}
