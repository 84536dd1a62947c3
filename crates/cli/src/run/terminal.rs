//! The width and colours of human-readable output.

use std::io::{self, IsTerminal};
use std::ops::RangeInclusive;

use anstream::ColorChoice;
use rulespec_check::report::Painter;

use crate::file::Output;

/// The width if neither `COLUMNS` nor a terminal gives one.
const DEFAULT_WIDTH: u16 = 120;

/// The supported widths.
const WIDTHS: RangeInclusive<u16> = 40..=240;

/// What human-readable output is written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Screen {
    /// The width that the layout is chosen for: `COLUMNS`, or the width of the terminal, or 120.
    pub width: u16,
    /// Whether lines are wrapped at this width. A pipe, a file and a terminal of unknown size get
    /// each value whole, on one line.
    pub wraps: bool,
    /// Whether it is a terminal, which interprets control characters.
    pub is_terminal: bool,
    /// Whether to use colours.
    pub coloured: bool,
}

impl Screen {
    /// What an output is written to.
    pub fn of(output: &Output) -> Self {
        match output.is_stdout() {
            true => Self::of_stdout(),
            false => Self { is_terminal: output.is_other_terminal(), ..Self::of_file() },
        }
    }

    fn of_stdout() -> Self {
        let is_terminal = io::stdout().is_terminal();
        let size = || comfy_table::Table::new().width();
        let width = columns().or_else(|| is_terminal.then(size).flatten().filter(|width| *width > 0));
        Self {
            wraps: is_terminal && width.is_some(),
            is_terminal,
            coloured: crate::stdout_is_coloured(),
            ..Self::of_width(width)
        }
    }

    fn of_file() -> Self {
        let choice = ColorChoice::global();
        let coloured = matches!(choice, ColorChoice::Always | ColorChoice::AlwaysAnsi);
        Self { coloured, ..Self::of_width(columns()) }
    }

    fn of_width(width: Option<u16>) -> Self {
        let width = width.unwrap_or(DEFAULT_WIDTH).clamp(*WIDTHS.start(), *WIDTHS.end());
        Self { width, wraps: false, is_terminal: false, coloured: false }
    }
}

/// The width that the environment asks for.
fn columns() -> Option<u16> {
    let columns: Option<u16> = std::env::var("COLUMNS").ok().and_then(|text| text.parse().ok());
    columns.filter(|columns| *columns > 0)
}

/// The painter for standard error.
pub fn stderr_painter() -> Painter {
    Painter { colour: anstream::AutoStream::choice(&io::stderr()) != ColorChoice::Never }
}
