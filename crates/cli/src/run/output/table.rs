//! Human-readable output with a row per detection.

use std::io::Write;

use super::grid::{Entry, GAP, Grid, Look};
use super::{Output, Target};
use crate::run::finding::Finding;

/// The minimum width of the output for rows.
pub const MIN_WIDTH: u16 = 110;

const TIME: u16 = 19;
const DIRECTION: u16 = 9;
/// The maximum number of lines of a row.
const MAX_LINES: usize = 4;

const HEADER: [[&str; 2]; 5] =
    [["TIME", "SOURCE"], ["DEVICE", "ACCOUNT"], ["DIRECTION", ""], ["REMOTE URL", ""], ["LOCAL FILE", ""]];

/// Writes one row per detection, after a header.
pub struct Rows {
    grid: Grid,
    target: Target,
    begun: bool,
}

impl Rows {
    /// Rows of this width.
    pub fn new(width: u16, coloured: bool, target: Target) -> Self {
        let rest = width.saturating_sub(TIME + DIRECTION + 4 * GAP);
        let device = rest / 4;
        let file = (rest - device) * 2 / 5;
        let widths = vec![TIME, device, DIRECTION, rest - device - file, file];
        Self { grid: Grid::new(widths, MAX_LINES, coloured), target, begun: false }
    }

    fn row(&mut self, entries: [Entry; 5]) -> anyhow::Result<()> {
        writeln!(self.target, "{}", self.grid.row(entries))?;
        Ok(self.target.flush()?)
    }
}

impl Output for Rows {
    fn finding(&mut self, finding: &Finding) -> anyhow::Result<()> {
        if !self.begun {
            self.begun = true;
            self.row(HEADER.map(|[name, under]| Entry::new(Look::Dim, name).under(under)))?;
        }
        let duplicate = if finding.duplicate_of.is_some() { "duplicate" } else { "" };
        let plain = |text: &str| Entry::new(Look::Plain, text);
        self.row([
            plain(&finding.time_text()).under(&finding.event.source.to_string()).under(duplicate),
            plain(&finding.text("DeviceName")).under(&finding.account()),
            Entry::new(Look::Bold, &finding.text("Direction")),
            plain(&finding.text("RemoteUrl")),
            plain(&finding.text("LocalFile")),
        ])
    }

    fn end(&mut self) -> anyhow::Result<()> {
        Ok(())
    }
}
