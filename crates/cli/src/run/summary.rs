//! The summary on standard error.

use std::collections::BTreeMap;
use std::fmt::{self, Display};
use std::io::Write;

use super::terminal::stderr_painter;
use rulespec_check::report::Painter;
use rulespec_events::{Filtered, Skip, Source};

/// What is said of a run that a signal ended.
pub const INTERRUPTED: &str = "only part of the input was read";

/// Counts of the input.
#[derive(Debug, Default)]
pub struct Tally {
    /// Files that could be read, at least in part.
    pub read: u64,
    /// Those of them that also have errors.
    pub read_in_part: u64,
    /// Files that could not be read, or in which nothing was recognised.
    pub unreadable: u64,
    /// Files, directories and patterns of the command line that gave nothing.
    pub failed: u64,
    /// What directories and archives have that is not telemetry, by kind.
    pub skipped_files: BTreeMap<&'static str, u64>,
    /// Inputs that were not read to the end when the run ended early.
    pub unfinished: u64,
    /// Whether a signal ended the run.
    pub interrupted: bool,
    /// Process creations in the range of time, by source.
    pub events: BTreeMap<Source, u64>,
    /// Those that do not report their command line.
    pub without_command_line: BTreeMap<Source, u64>,
    /// Those that do not report their program.
    pub without_program: BTreeMap<Source, u64>,
    /// Whether there is a range of time.
    pub has_range: bool,
    /// Process creations outside the range of time.
    pub outside_range: u64,
    /// Process creations without a time, which are kept, if the time of each was looked at.
    pub untimed: u64,
    /// Events that match the rule.
    pub matches: u64,
    /// Matches without a time.
    pub untimed_matches: u64,
    /// Matches that report the same process as an earlier match.
    pub duplicates: u64,
    /// Matches in no alert window, because they have no time.
    pub outside: u64,
    /// Matches in no alert, because there was no memory for more alerts.
    pub unplaced: u64,
    /// Matches in an alert without their entities, because there was no memory for these.
    pub unexamined: u64,
    /// Input other than process creations, by kind.
    pub skipped: BTreeMap<Skip, u64>,
    /// Errors of the input.
    pub faults: u64,
    /// Events on which the rule could not be run, and other errors in running it.
    pub rule_faults: u64,
}

impl Tally {
    /// Counts a process creation and what it does not report.
    pub fn count(&mut self, event: Filtered) {
        let count = |counts: &mut BTreeMap<Source, u64>| *counts.entry(event.source).or_default() += 1;
        count(&mut self.events);
        if event.missing.command_line {
            count(&mut self.without_command_line);
        }
        if event.missing.program {
            count(&mut self.without_program);
        }
    }

    /// Whether nothing could be read, and not because a signal ended the run.
    pub fn is_blank(&self) -> bool {
        !self.interrupted && self.read == 0 && self.events.is_empty() && self.outside_range == 0
    }

    /// Whether each argument was read and, if `strict`, all of it, and whether the output has
    /// everything that the rule makes of it.
    pub fn is_complete(&self, strict: bool) -> bool {
        let is_read = self.failed == 0 && !(strict && self.faults > 0);
        is_read && self.rule_faults == 0 && self.unplaced == 0 && self.unexamined == 0
    }

    /// Counts files that are not telemetry.
    pub fn skip(&mut self, kind: &'static str, count: u64) {
        *self.skipped_files.entry(kind).or_default() += count;
    }

    /// The lines about what was read, with their labels. Those without an answer are left out.
    pub fn input(&self) -> Vec<(&'static str, String)> {
        let read = [format!("{} read", grouped(self.read)), some(self.read_in_part, "of them with errors")];
        let files = [
            joined(read, ", "),
            some(self.unreadable, "could not be read"),
            some(self.unfinished, "not read to the end"),
        ];
        let skipped = match self.skipped_files.is_empty() {
            true => String::new(),
            false => format!("{} skipped: {}", total(&self.skipped_files), kinds(&self.skipped_files)),
        };
        let lines = [("files", joined(files, "; ")), ("skipped", skipped), ("events", parts(&self.events))];
        lines.into_iter().filter(|(_, text)| !text.is_empty()).collect()
    }

    /// Prints the summary on standard error, after a blank line if `apart`. If `quiet`, it prints
    /// only that the run was interrupted, if it was.
    pub fn print(&self, quiet: bool, apart: bool) {
        let summary = self.summary(stderr_painter(), quiet).to_string();
        if summary.is_empty() {
            return;
        }
        let blank = if apart { "\n" } else { "" };
        // A failure to write to standard error cannot be reported anywhere.
        let _ = write!(std::io::stderr().lock(), "{blank}{summary}");
    }

    fn summary(&self, painter: Painter, quiet: bool) -> Summary<'_> {
        Summary { tally: self, painter, quiet }
    }
}

/// The summary as text.
struct Summary<'a> {
    tally: &'a Tally,
    painter: Painter,
    quiet: bool,
}

impl Display for Summary<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tally = self.tally;
        if tally.interrupted {
            let label = self.painter.error("interrupted");
            writeln!(f, "{label}: {INTERRUPTED}")?;
        }
        if self.quiet {
            return Ok(());
        }
        for (label, text) in tally.input() {
            // What is skipped is a part of the files.
            self.line(f, if label == "skipped" { "" } else { label }, &text)?;
        }
        self.part(f, "without a command line", &tally.without_command_line)?;
        self.part(f, "without a program", &tally.without_program)?;
        if tally.untimed > 0 && !tally.has_range {
            self.line(f, "", &some(tally.untimed, "without a time"))?;
        }
        if tally.has_range {
            let [outside, untimed] = [tally.outside_range, tally.untimed].map(grouped);
            self.line(f, "range", &format!("{outside} events outside it; {untimed} without a time, kept"))?;
        }
        let duplicates = some(tally.duplicates, "for a process reported by an earlier match");
        // Those in no alert are counted as such.
        let untimed = some(tally.untimed_matches.saturating_sub(tally.outside), "without a time");
        let outside = some(tally.outside, "without a time, in no alert window");
        let unplaced = some(tally.unplaced, "in no alert, for want of memory");
        let unexamined = some(tally.unexamined, "without their entities, for want of memory");
        let details = joined([duplicates, untimed, outside, unplaced, unexamined], "; ");
        let matches = [grouped(tally.matches), details];
        self.line(f, "matches", &joined(matches, ": "))?;
        if !tally.skipped.is_empty() {
            let text = [total(&tally.skipped), kinds(&tally.skipped)];
            self.line(f, "skipped", &joined(text, ": "))?;
        }
        let errors = tally.faults + tally.rule_faults;
        if errors > 0 {
            let label = self.painter.error("errors");
            let details = some(tally.rule_faults, "in running the rule");
            writeln!(f, "{label}    {}", joined([grouped(errors), details], ": "))?;
        }
        Ok(())
    }
}

impl Summary<'_> {
    fn line(&self, f: &mut fmt::Formatter<'_>, label: &str, text: &str) -> fmt::Result {
        writeln!(f, "{}  {text}", self.painter.muted(&format!("{label:<8}")))
    }

    /// A line about a part of what the line above it counts.
    fn part<K: Display>(
        &self,
        f: &mut fmt::Formatter<'_>,
        what: &str,
        counts: &BTreeMap<K, u64>,
    ) -> fmt::Result {
        match counts.is_empty() {
            true => Ok(()),
            false => self.line(f, "", &format!("{} {what}: {}", total(counts), list(counts))),
        }
    }
}

fn some(count: u64, what: &str) -> String {
    match count {
        0 => String::new(),
        count => format!("{} {what}", grouped(count)),
    }
}

/// The sum of the counts, then each count.
fn parts<K: Display>(counts: &BTreeMap<K, u64>) -> String {
    joined([total(counts), list(counts)], ": ")
}

fn total<K>(counts: &BTreeMap<K, u64>) -> String {
    grouped(counts.values().sum())
}

fn list<K: Display>(counts: &BTreeMap<K, u64>) -> String {
    joined(counts.iter().map(|(what, count)| format!("{} {what}", grouped(*count))), "; ")
}

/// Each count with its kind, which has an article or none: `9 × a PNG image`.
fn kinds<K: Display>(counts: &BTreeMap<K, u64>) -> String {
    joined(counts.iter().map(|(what, count)| format!("{} × {what}", grouped(*count))), "; ")
}

fn joined(parts: impl IntoIterator<Item = String>, separator: &str) -> String {
    let parts = parts.into_iter().filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join(separator)
}

/// A number with thousands separators: `1,204`.
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
    fn thousands_are_separated() {
        let shown: Vec<String> = [0, 999, 1000, 12_345, 1_234_567].map(grouped).to_vec();
        assert_eq!(shown, ["0", "999", "1,000", "12,345", "1,234,567"]);
    }

    #[test]
    fn the_summary_omits_empty_lines() {
        let tally = Tally { read: 1, ..Tally::default() };
        let shown = tally.summary(Painter::default(), false).to_string();
        assert_eq!(shown, "files     1 read\nevents    0\nmatches   0\n");
    }

    #[test]
    fn a_run_is_complete_if_the_arguments_were_read_and_the_output_has_everything() {
        let is_complete = |tally: &Tally| [false, true].map(|strict| tally.is_complete(strict));
        assert_eq!(is_complete(&Tally { outside: 1, untimed: 1, ..Tally::default() }), [true, true]);
        assert_eq!(is_complete(&Tally { faults: 1, ..Tally::default() }), [true, false]);
        for tally in [
            Tally { failed: 1, ..Tally::default() },
            Tally { rule_faults: 1, ..Tally::default() },
            Tally { unplaced: 1, ..Tally::default() },
            Tally { unexamined: 1, ..Tally::default() },
        ] {
            assert_eq!(is_complete(&tally), [false, false], "{tally:?}");
        }
    }

    #[test]
    fn the_summary_shows_sources_kinds_and_errors() {
        let tally = Tally {
            read: 2,
            read_in_part: 1,
            unreadable: 1,
            failed: 1,
            skipped_files: [("a PNG image", 9), ("an empty file", 1_003)].into(),
            unfinished: 3,
            interrupted: true,
            events: [(Source::Security, 4), (Source::Sysmon, 1511)].into(),
            without_command_line: [(Source::Security, 3)].into(),
            without_program: [(Source::Security, 1), (Source::Sysmon, 2)].into(),
            has_range: true,
            outside_range: 1_000,
            untimed: 7,
            matches: 2,
            untimed_matches: 3,
            duplicates: 1,
            outside: 1,
            unplaced: 4,
            unexamined: 6,
            skipped: [(Skip::OtherProvider, 3)].into(),
            faults: 5,
            rule_faults: 2,
        };
        let shown = tally.summary(Painter::default(), false).to_string();
        let want = "interrupted: only part of the input was read\n\
                    files     2 read, 1 of them with errors; 1 could not be read; 3 not read to the end\n\
                    \x20         1,012 skipped: 9 × a PNG image; 1,003 × an empty file\n\
                    events    1,515: 1,511 Sysmon 1; 4 Security 4688\n\
                    \x20         3 without a command line: 3 Security 4688\n\
                    \x20         3 without a program: 2 Sysmon 1; 1 Security 4688\n\
                    range     1,000 events outside it; 7 without a time, kept\n\
                    matches   2: 1 for a process reported by an earlier match; \
                    2 without a time; 1 without a time, in no alert window; 4 in no alert, for want of memory; \
                    6 without their entities, for want of memory\n\
                    skipped   3: 3 × another provider's event\n\
                    errors    7: 2 in running the rule\n";
        assert_eq!(shown, want);
        let everything = Tally { has_range: false, ..tally };
        let shown = everything.summary(Painter::default(), false).to_string();
        assert!(shown.contains("Sysmon 1; 1 Security 4688\n          7 without a time\nmatches"), "{shown}");
        let quiet = everything.summary(Painter::default(), true).to_string();
        assert_eq!(quiet, "interrupted: only part of the input was read\n");
    }
}
