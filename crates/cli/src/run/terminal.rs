//! The width and colours of human-readable output.

use std::io::{self, IsTerminal};
use std::ops::RangeInclusive;

use rulespec_check::report::Painter;

/// The width if neither `COLUMNS` nor a terminal gives one.
const DEFAULT_WIDTH: u16 = 120;

/// The supported widths.
const WIDTHS: RangeInclusive<u16> = 40..=240;

/// The width of human-readable output: `COLUMNS`, or the width of the terminal, or 120.
pub fn width() -> u16 {
    let columns = std::env::var("COLUMNS").ok().and_then(|text| text.parse().ok());
    let terminal = || io::stdout().is_terminal().then(|| comfy_table::Table::new().width()).flatten();
    columns
        .filter(|columns| *columns > 0)
        .or_else(terminal)
        .unwrap_or(DEFAULT_WIDTH)
        .clamp(*WIDTHS.start(), *WIDTHS.end())
}

/// The painter for standard error.
pub fn stderr_painter() -> Painter {
    Painter { colour: anstream::AutoStream::choice(&io::stderr()) != anstream::ColorChoice::Never }
}
