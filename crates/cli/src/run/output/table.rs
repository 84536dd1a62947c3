//! A row a detection, for people.

use std::io::Write;

use super::grid::{Entry, GAP, Grid, Look};
use super::{Output, Target};
use crate::run::finding::Finding;

/// The narrowest output that has room for rows.
pub const MIN_WIDTH: u16 = 110;

const TIME: u16 = 19;
const DIRECTION: u16 = 9;
/// The most lines one row takes.
const LINES: usize = 4;

const HEADER: [[&str; 2]; 5] =
    [["TIME", "SOURCE"], ["DEVICE", "ACCOUNT"], ["DIRECTION", ""], ["REMOTE URL", ""], ["LOCAL FILE", ""]];

/// Writes a row a detection, under a header.
pub struct Rows {
    grid: Grid,
    target: Target,
    begun: bool,
}

impl Rows {
    /// Rows that are so wide.
    pub fn new(width: u16, coloured: bool, target: Target) -> Self {
        let rest = width.saturating_sub(TIME + DIRECTION + 4 * GAP);
        let device = rest / 4;
        let file = (rest - device) * 2 / 5;
        let widths = vec![TIME, device, DIRECTION, rest - device - file, file];
        Self { grid: Grid::new(widths, LINES, coloured), target, begun: false }
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
            self.row(HEADER.map(|[name, under]| Entry::new(Look::Quiet, name).under(under)))?;
        }
        let again = if finding.duplicate_of.is_some() { "second report" } else { "" };
        let plain = |text: &str| Entry::new(Look::Plain, text);
        self.row([
            plain(&finding.shown_time()).under(&finding.event.source.to_string()).under(again),
            plain(&finding.text("DeviceName")).under(&finding.account()),
            Entry::new(Look::Strong, &finding.text("Direction")),
            plain(&finding.text("RemoteUrl")),
            plain(&finding.text("LocalFile")),
        ])
    }

    fn end(&mut self) -> anyhow::Result<()> {
        Ok(())
    }
}
