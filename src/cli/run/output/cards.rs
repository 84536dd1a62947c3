//! A card an event, for people: a headline, and under it a labelled line for
//! whatever else is known.

use std::io::Write;

use rulespec::rule::schedule::Alert;

use super::grid::{Grid, Look};
use super::{Output, Target, explain};
use crate::cli::run::finding::Finding;

const LABEL_WIDTH: u16 = 9;
const INDENT: u16 = 2;

/// Writes a card an event, a blank line apart.
pub struct Cards {
    head: Grid,
    body: Grid,
    target: Target,
    begun: bool,
}

/// A labelled line of a card.
pub type Line = (&'static str, String);

impl Cards {
    /// Cards that are so wide.
    pub fn new(width: u16, coloured: bool, target: Target) -> Self {
        let rest = width.saturating_sub(19 + 9 + 3 * 2);
        let device = rest / 2;
        let value = width.saturating_sub(INDENT + LABEL_WIDTH + 2 * 2);
        Self {
            head: Grid::new(vec![19, 9, device, rest - device], coloured),
            body: Grid::new(vec![INDENT.saturating_sub(2), LABEL_WIDTH, value], coloured),
            target,
            begun: false,
        }
    }

    fn card(&mut self, head: [(&str, Look); 4], lines: &[Line]) -> anyhow::Result<()> {
        if self.begun {
            writeln!(self.target)?;
        }
        self.begun = true;
        writeln!(self.target, "{}", self.head.line(head))?;
        for (label, value) in lines {
            let cells = [("", Look::Plain), (label, Look::Quiet), (value, Look::Plain)];
            writeln!(self.target, "{}", self.body.line(cells))?;
        }
        Ok(self.target.flush()?)
    }
}

impl Output for Cards {
    fn finding(&mut self, finding: &Finding) -> anyhow::Result<()> {
        let (verdict, look) = match finding.detection {
            Some(_) => (finding.text("Direction"), Look::Strong),
            None => ("no match".to_owned(), Look::Quiet),
        };
        let (time, device, account) = (finding.time(), finding.text("DeviceName"), finding.account());
        let head =
            [(&*time, Look::Plain), (&*verdict, look), (&*device, Look::Plain), (&*account, Look::Plain)];
        self.card(head, &lines(finding))
    }

    fn alert(&mut self, alert: &Alert) -> anyhow::Result<()> {
        todo!()
    }

    fn end(&mut self) -> anyhow::Result<()> {
        Ok(())
    }
}

fn lines(finding: &Finding) -> Vec<Line> {
    let mut lines = vec![];
    if finding.detection.is_some() {
        lines.push(("remote", finding.text("RemoteUrl")));
        lines.push(("local", finding.text("LocalFile")));
    }
    lines.push(("command", finding.text("ProcessCommandLine")));
    lines.push(("seen in", format!("{}, {}", finding.event.source, finding.event.place)));
    if let Some(earlier) = &finding.duplicate_of {
        lines.push(("again", format!("the same process as in {earlier}")));
    }
    lines.extend(finding.entities.iter().flatten().map(explain::entity));
    lines.extend(finding.explanation.iter().flat_map(explain::lines));
    lines
}
