//! Human-readable output with a card per event: a headline followed by labelled lines.

use std::borrow::Cow;
use std::io::Write;
use std::rc::Rc;

use super::grid::{Entry, GAP, Grid, Layout, Look};
use super::rule::About;
use super::{Output, Target, entity, explanation};
use crate::run::finding::Finding;
use crate::run::summary::Tally;
use crate::run::terminal::Screen;

const TIME: u16 = 19;
const VERDICT: u16 = 8;
const INDENT: u16 = 1;
const LABEL: u16 = 9;
/// The length of the longest label.
const MAX_LABEL: usize = 34;
/// The columns that the headline shows.
const IN_HEADLINE: [&str; 6] = [
    "TimeGenerated",
    "Timestamp",
    "DeviceName",
    "AccountDomain",
    "AccountName",
    "InitiatingProcessAccountName",
];
/// The maximum number of lines of a value.
const MAX_LINES: usize = 40;

/// Writes one card per event, separated by blank lines.
pub struct Cards {
    about: Rc<About>,
    head: Grid,
    body: Grid,
    target: Target,
    begun: bool,
}

/// A labelled line of a card.
pub type Line = (Cow<'static, str>, String);

impl Cards {
    /// Cards for this screen.
    pub fn new(about: Rc<About>, screen: Screen, target: Target) -> Self {
        let rest = screen.width.saturating_sub(TIME + VERDICT + 3 * GAP);
        let device = rest / 2;
        let label = label_width(&about);
        let value = screen.width.saturating_sub(INDENT + label + 2 * GAP);
        let grid = |widths| Grid::new(widths, Layout::new(screen, MAX_LINES), screen.coloured);
        Self {
            head: grid(vec![TIME, VERDICT, device, rest - device]),
            body: grid(vec![INDENT, label, value]),
            about,
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
        writeln!(self.target, "{}", self.head.row(headline(finding, &self.about)))?;
        for (label, value) in lines(finding, &self.about) {
            let blank = Entry::new(Look::Plain, "");
            let entries = [blank, Entry::new(Look::Dim, &label), Entry::new(Look::Plain, &value)];
            writeln!(self.target, "{}", self.body.row(entries))?;
        }
        Ok(self.target.flush()?)
    }

    fn end(&mut self, _: &Tally) -> anyhow::Result<()> {
        Ok(())
    }
}

fn headline(finding: &Finding, about: &About) -> [Entry; 4] {
    let verdict = match finding.detection {
        Some(_) if !about.is_transfer() => Entry::new(Look::Bold, "match"),
        Some(_) => Entry::new(Look::Bold, &finding.text("Direction")),
        None => Entry::new(Look::Dim, "no match"),
    };
    let plain = |text: &str| Entry::new(Look::Plain, text);
    [plain(&finding.time_text()), verdict, plain(&finding.text("DeviceName")), plain(&finding.account())]
}

/// The width of the longest label.
fn label_width(about: &About) -> u16 {
    let names = if about.is_transfer() { &[][..] } else { &about.columns };
    let longest = names.iter().map(|name| name.chars().count()).max().unwrap_or_default();
    u16::try_from(longest.min(MAX_LABEL)).unwrap_or(LABEL).max(LABEL)
}

/// What a card shows of a finding under its headline.
pub fn lines(finding: &Finding, about: &About) -> Vec<Line> {
    let mut lines: Vec<Line> = vec![];
    if finding.detection.is_some() && about.is_transfer() {
        lines.push(("remote".into(), finding.text("RemoteUrl")));
        lines.push(("local".into(), finding.text("LocalFile")));
    }
    match finding.detection.is_some() && !about.is_transfer() {
        true => {
            let names = about.columns.iter().filter(|name| !IN_HEADLINE.contains(&name.as_str()));
            let cells = names.map(|name| (name.clone().into(), finding.text(name)));
            lines.extend(cells.filter(|(_, text): &Line| !text.is_empty()));
        }
        false => lines.push(("command".into(), finding.text("ProcessCommandLine"))),
    }
    lines.push(("seen in".into(), format!("{}, {}", finding.event.source, finding.event.place)));
    if let Some(earlier) = &finding.duplicate_of {
        lines.push(("duplicate".into(), format!("same process as {earlier}")));
    }
    lines.extend(finding.entities.iter().flatten().map(|entity| ("entity".into(), entity::text(entity))));
    let explained = finding.explanation.iter().flat_map(explanation::lines);
    lines.extend(explained.map(|(label, text)| (label.into(), text)));
    lines
}
