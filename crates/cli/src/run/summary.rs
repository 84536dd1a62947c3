//! What became of the input, counted and told on standard error.

use std::collections::BTreeMap;
use std::fmt::{self, Display};
use std::io::Write;

use crate::palette::{Palette, Styled};
use rulespec_events::{Skip, Source};

/// What became of the input, counted.
#[derive(Debug, Default)]
pub struct Tally {
    /// Inputs that something was read of.
    pub read: u64,
    /// Inputs that nothing could be read of.
    pub unreadable: u64,
    /// Process creations, by source.
    pub events: BTreeMap<Source, u64>,
    /// Events that match the rule.
    pub matches: u64,
    /// Matches that report a process which another match reported before.
    pub duplicates: u64,
    /// Matches that no run of the rule sees, for want of a time.
    pub outside: u64,
    /// What is no process creation, by reason.
    pub skipped: BTreeMap<Skip, u64>,
    /// What could not be read.
    pub faults: u64,
}

impl Tally {
    /// How many items could be read.
    pub fn good(&self) -> u64 {
        self.events.values().sum::<u64>() + self.skipped.values().sum::<u64>()
    }

    /// Tells the summary on standard error, below a blank line where other output
    /// is right above it.
    pub fn tell(&self, apart: bool) {
        let blank = if apart { "\n" } else { "" };
        let summary = self.summary(Palette::stderr());
        // Where standard error is gone there is nobody to tell.
        let _ = write!(std::io::stderr().lock(), "{blank}{summary}");
    }

    fn summary(&self, palette: Palette) -> Summary<'_> {
        Summary { tally: self, palette }
    }
}

/// The summary for people, with labels in their style.
struct Summary<'a> {
    tally: &'a Tally,
    palette: Palette,
}

impl Display for Summary<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tally = self.tally;
        let files = [format!("{} read", grouped(tally.read)), some(tally.unreadable, "could not be read")];
        self.line(f, "files", &joined(files, "; "))?;
        self.line(f, "events", &parts(&tally.events))?;
        let again = some(tally.duplicates, "for a process that another match reports too");
        let outside = some(tally.outside, "without a time, which no run of the rule sees");
        let matches = [grouped(tally.matches), joined([again, outside], "; ")];
        self.line(f, "matches", &joined(matches, ": "))?;
        if !tally.skipped.is_empty() {
            self.line(f, "skipped", &parts(&tally.skipped))?;
        }
        if tally.faults > 0 {
            let label = Styled(self.palette.wrong, "faults");
            writeln!(f, "{label}    {}", grouped(tally.faults))?;
        }
        Ok(())
    }
}

impl Summary<'_> {
    fn line(&self, f: &mut fmt::Formatter<'_>, label: &str, text: &str) -> fmt::Result {
        writeln!(f, "{}  {text}", Styled(self.palette.quiet, format!("{label:<8}")))
    }
}

fn some(count: u64, what: &str) -> String {
    match count {
        0 => String::new(),
        count => format!("{} {what}", grouped(count)),
    }
}

/// The counts: their sum, and what it is made of.
fn parts<K: Display>(counts: &BTreeMap<K, u64>) -> String {
    let part = |(what, count): (&K, &u64)| format!("{} {what}", grouped(*count));
    joined([grouped(counts.values().sum()), joined(counts.iter().map(part), "; ")], ": ")
}

fn joined(parts: impl IntoIterator<Item = String>, separator: &str) -> String {
    let parts = parts.into_iter().filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join(separator)
}

/// A number with its digits in groups of three: `1,204`.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_in_groups_of_three() {
        let shown: Vec<String> = [0, 999, 1000, 12_345, 1_234_567].map(grouped).to_vec();
        assert_eq!(shown, ["0", "999", "1,000", "12,345", "1,234,567"]);
    }

    #[test]
    fn the_summary_names_only_what_there_is() {
        let tally = Tally { read: 1, ..Tally::default() };
        let shown = tally.summary(Palette::default()).to_string();
        assert_eq!(shown, "files     1 read\nevents    0\nmatches   0\n");
    }

    #[test]
    fn the_summary_gives_sources_reasons_and_faults() {
        let tally = Tally {
            read: 2,
            unreadable: 1,
            events: [(Source::Security, 4), (Source::Sysmon, 1511)].into(),
            matches: 2,
            duplicates: 1,
            outside: 1,
            skipped: [(Skip::OtherProvider, 3)].into(),
            faults: 5,
        };
        let shown = tally.summary(Palette::default()).to_string();
        let want = "files     2 read; 1 could not be read\n\
                    events    1,515: 1,511 Sysmon 1; 4 Security 4688\n\
                    matches   2: 1 for a process that another match reports too; \
                    1 without a time, which no run of the rule sees\n\
                    skipped   3: 3 another provider's event\n\
                    faults    5\n";
        assert_eq!(shown, want);
    }
}
