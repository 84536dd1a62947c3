//! A report for people: failures grouped by cause, then the totals.

mod failure;
mod options;
mod totals;

use std::fmt::Write;

use super::cause::groups;
#[cfg(feature = "explore")]
use super::model::Outcome;
use super::model::Report;
pub use super::wording::shell_word;
pub use options::Options;

/// Renders a report for people.
///
/// Control and invisible characters from the engine are shown as escapes. Long values
/// are cut, with a mark.
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
    let painter = options.painter();
    let mut out = String::new();
    if options.verbose {
        out += &others(report, options);
    }
    out += &failures(report, options);
    for stale in &report.stale {
        out += &failure::stale(stale, painter);
    }
    if !out.is_empty() {
        _ = writeln!(out, "{}", painter.muted(&"─".repeat(60)));
    }
    out + &totals::totals(report, painter)
}

/// A find of a search.
#[cfg(feature = "explore")]
pub(crate) fn find(outcome: &Outcome, report: &Report, options: Options) -> String {
    failure::find(outcome, report, options)
}

/// The outcomes that need attention, grouped by cause.
fn failures(report: &Report, options: Options) -> String {
    let explained = report.explained();
    groups(report).iter().map(|group| failure::group(group, report, &explained, options)).collect()
}

/// All other outcomes, in the order of the suite.
fn others(report: &Report, options: Options) -> String {
    let explained = report.explained();
    let others = report.outcomes.iter().filter(|outcome| !outcome.is_news());
    others.map(|outcome| failure::other(outcome, report, &explained, options)).collect()
}
