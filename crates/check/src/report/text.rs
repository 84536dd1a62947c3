//! A result for people: what fails and why, grouped by cause; then the sums.

mod failure;
mod paint;
mod sums;

use std::fmt::Write;

use super::cause::groups;
use super::{Report, call::Limit};
pub use failure::shell_word;
pub(super) use failure::{again, looks_like, vectors};
pub(crate) use paint::Paint;
pub(super) use sums::follows;

/// How a result is shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Options {
    /// With colours, by ANSI escapes.
    pub colour: bool,
    /// Every outcome, not only the failures, and long values at length.
    pub verbose: bool,
}

impl Options {
    pub(crate) fn paint(self) -> Paint {
        Paint { colour: self.colour }
    }

    fn limit(self) -> Limit {
        match self.verbose {
            true => Limit::LONG,
            false => Limit::SHORT,
        }
    }
}

/// Renders a result for people.
///
/// Whatever the engine wrote is shown with escapes in place of control and
/// invisible characters, and long values are cut visibly.
///
/// ```
/// use rulespec::suite;
/// use rulespec_check::{check, engine::Reference, report::text};
///
/// let report = check(&mut Reference::default(), &suite::vectors()?)?;
/// assert!(text::render(&report, text::Options::default()).contains("clauses met"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn render(report: &Report, options: Options) -> String {
    let mut out = String::new();
    if options.verbose {
        out += &others(report, options);
    }
    out += &failures(report, options);
    for stale in &report.stale {
        out += &failure::stale(stale, options.paint());
    }
    if !out.is_empty() {
        _ = writeln!(out, "{}", options.paint().quiet(&"─".repeat(60)));
    }
    out + &sums::sums(report, options.paint())
}

/// Everything in a result that needs somebody's attention, by its cause.
pub(crate) fn failures(report: &Report, options: Options) -> String {
    groups(report).iter().map(|group| failure::group(group, report, options)).collect()
}

/// Everything else, in the order of the suite.
pub(crate) fn others(report: &Report, options: Options) -> String {
    let others = report.outcomes.iter().filter(|outcome| !outcome.is_news());
    others.map(|outcome| failure::in_order(outcome, report, options)).collect()
}
