//! Human-readable output with a card per event: a headline followed by labelled lines.

use std::io::Write;

use super::grid::{Entry, GAP, Grid, Layout, Look};
use super::{Output, Target, entity, explanation};
use crate::run::finding::Finding;
use crate::run::summary::Tally;
use crate::run::terminal::Screen;

const TIME: u16 = 19;
const VERDICT: u16 = 8;
const INDENT: u16 = 1;
const LABEL: u16 = 9;
/// The maximum number of lines of a value.
const MAX_LINES: usize = 40;

/// Writes one card per event, separated by blank lines.
pub struct Cards {
    head: Grid,
    body: Grid,
    target: Target,
    begun: bool,
}

/// A labelled line of a card.
pub type Line = (&'static str, String);

impl Cards {
    /// Cards for this screen.
    pub fn new(screen: Screen, target: Target) -> Self {
        let rest = screen.width.saturating_sub(TIME + VERDICT + 3 * GAP);
        let device = rest / 2;
        let value = screen.width.saturating_sub(INDENT + LABEL + 2 * GAP);
        let grid = |widths| Grid::new(widths, Layout::new(screen, MAX_LINES), screen.coloured);
        Self {
            head: grid(vec![TIME, VERDICT, device, rest - device]),
            body: grid(vec![INDENT, LABEL, value]),
            target,
            begun: false,
        }
    }
}

impl Output for Cards {
    fn finding(&mut self, finding: &Finding) -> anyhow::Result<()> {
        if self.begun {
            writeln!(self.target)?;
        }
        self.begun = true;
        writeln!(self.target, "{}", self.head.row(headline(finding)))?;
        for (label, value) in lines(finding) {
            let blank = Entry::new(Look::Plain, "");
            let entries = [blank, Entry::new(Look::Dim, label), Entry::new(Look::Plain, &value)];
            writeln!(self.target, "{}", self.body.row(entries))?;
        }
        Ok(self.target.flush()?)
    }

    fn end(&mut self, _: &Tally) -> anyhow::Result<()> {
        Ok(())
    }
}

fn headline(finding: &Finding) -> [Entry; 4] {
    let verdict = match finding.detection {
        Some(_) => Entry::new(Look::Bold, &finding.text("Direction")),
        None => Entry::new(Look::Dim, "no match"),
    };
    let plain = |text: &str| Entry::new(Look::Plain, text);
    [plain(&finding.time_text()), verdict, plain(&finding.text("DeviceName")), plain(&finding.account())]
}

/// What a card shows of a finding under its headline.
pub fn lines(finding: &Finding) -> Vec<Line> {
    let mut lines = vec![];
    if finding.detection.is_some() {
        lines.push(("remote", finding.text("RemoteUrl")));
        lines.push(("local", finding.text("LocalFile")));
    }
    lines.push(("command", finding.text("ProcessCommandLine")));
    lines.push(("seen in", format!("{}, {}", finding.event.source, finding.event.place)));
    if let Some(earlier) = &finding.duplicate_of {
        lines.push(("duplicate", format!("same process as {earlier}")));
    }
    lines.extend(finding.entities.iter().flatten().map(|entity| ("entity", entity::text(entity))));
    lines.extend(finding.explanation.iter().flat_map(explanation::lines));
    lines
}
