//! A row a detection, for people.

use std::io::Write;

use rulespec::rule::schedule::Alert;

use super::cards::Cards;
use super::grid::{Grid, Look};
use super::{Output, Target};
use crate::cli::run::finding::Finding;

/// The narrowest output that has room for rows.
pub const MIN_WIDTH: u16 = 110;

const HEADER: [&str; 5] = ["TIME, SOURCE", "DEVICE, ACCOUNT", "DIRECTION", "REMOTE URL", "LOCAL FILE"];

/// Writes a row a detection, under a header.
pub struct Rows {
    grid: Grid,
    target: Target,
    begun: bool,
}

impl Rows {
    /// Rows that are so wide.
    pub fn new(width: u16, coloured: bool, target: Target) -> Self {
        let rest = width.saturating_sub(19 + 9 + 4 * 2);
        let (device, url) = (rest / 4, rest * 9 / 20);
        let file = rest.saturating_sub(device + url);
        Self { grid: Grid::new(vec![19, device, 9, url, file], coloured), target, begun: false }
    }

    fn line(&mut self, cells: [(&str, Look); 5]) -> anyhow::Result<()> {
        writeln!(self.target, "{}", self.grid.line(cells))?;
        Ok(self.target.flush()?)
    }
}

impl Output for Rows {
    fn finding(&mut self, finding: &Finding) -> anyhow::Result<()> {
        if !self.begun {
            self.begun = true;
            self.line(HEADER.map(|name| (name, Look::Quiet)))?;
        }
        let source = match &finding.duplicate_of {
            Some(_) => format!("{}, again", finding.event.source),
            None => finding.event.source.to_string(),
        };
        let lines = [
            finding.time(),
            finding.text("DeviceName"),
            finding.text("Direction"),
            finding.text("RemoteUrl"),
            finding.text("LocalFile"),
        ];
        self.line(lines.each_ref().map(|text| (text.as_str(), Look::Plain)))?;
        Ok(())
    }
}
