//! Human-readable output with a row per detection.

use std::io::Write;

use super::grid::{Entry, GAP, Grid, Layout, Look};
use super::{Output, Target};
use crate::run::finding::Finding;
use crate::run::summary::Tally;
use crate::run::terminal::Screen;

/// The minimum width of the output for rows.
pub const MIN_WIDTH: u16 = 110;

const TIME: u16 = 19;
const DIRECTION: u16 = 9;
/// The maximum number of lines of a row.
const MAX_LINES: usize = 4;

const HEADER: [[&str; 2]; 5] =
    [["TIME", "SOURCE"], ["DEVICE", "ACCOUNT"], ["DIRECTION", ""], ["REMOTE URL", ""], ["LOCAL FILE", ""]];

/// The maximum number of rows that are held until their widths are known.
const MAX_HELD: usize = 1_000;

/// Writes one row per detection, after a header. On a terminal, the columns have fixed widths, and
/// each row is written at once. Otherwise, the widths are those of the content, and so rows are
/// held.
pub struct Rows {
    grid: Grid,
    max_held: usize,
    held: Vec<[Entry; 5]>,
    target: Target,
    begun: bool,
}

impl Rows {
    /// Rows for this screen.
    pub fn new(screen: Screen, target: Target) -> Self {
        let rest = screen.width.saturating_sub(TIME + DIRECTION + 4 * GAP);
        let device = rest / 4;
        let file = (rest - device) * 2 / 5;
        let (widths, max_held) = match screen.wraps {
            true => (vec![TIME, device, DIRECTION, rest - device - file, file], 0),
            false => (vec![0; 5], MAX_HELD),
        };
        let grid = Grid::new(widths, Layout::new(screen, MAX_LINES), screen.coloured);
        Self { grid, max_held, held: vec![], target, begun: false }
    }

    fn row(&mut self, entries: [Entry; 5]) -> anyhow::Result<()> {
        self.held.push(entries);
        if self.held.len() > self.max_held { self.write() } else { Ok(()) }
    }

    /// Writes the rows that are held.
    fn write(&mut self) -> anyhow::Result<()> {
        if !self.held.is_empty() {
            writeln!(self.target, "{}", self.grid.rows(self.held.drain(..)))?;
        }
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

    fn end(&mut self, _: &Tally) -> anyhow::Result<()> {
        self.write()
    }
}
