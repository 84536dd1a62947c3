//! A report for people: the totals, then failures grouped by cause.

mod failure;
mod failures;
mod options;
mod totals;
mod wrap;

#[cfg(feature = "diff")]
pub(crate) use wrap::wrapped;

#[cfg(feature = "explore")]
use super::model::Outcome;
use super::model::Report;
pub use super::wording::shell_word;
pub use options::Options;

/// Renders a report for people: the summary, then failures.
///
/// Control and invisible characters from the engine are shown as escapes. Long values
/// are cut, with a mark.
///
/// ```
/// use rulespec::suite;
/// use rulespec_check::{check, engine::Reference, report::text};
///
/// let report = check(&mut Reference::default(), &suite::vectors()?)?;
/// let shown = text::render(&report, text::Options::default());
/// assert!(shown.lines().last().unwrap().contains(" meets all "));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn render(report: &Report, options: Options) -> String {
    let others = if options.verbose { others(report, options) } else { String::new() };
    totals::summary(report, options)
        + &others
        + &failures(report, options)
        + &totals::conclusion(report, options.painter())
}

/// Renders the failures that [`render`] shows, without the summary.
pub fn failures(report: &Report, options: Options) -> String {
    failures::failures(report, options)
}

/// A find of a search.
#[cfg(feature = "explore")]
pub(crate) fn find(outcome: &Outcome, report: &Report, options: Options) -> String {
    failure::find(outcome, report, options)
}

/// All other outcomes, in the order of the suite.
fn others(report: &Report, options: Options) -> String {
    let explained = report.explained();
    let others = report.outcomes.iter().filter(|outcome| !outcome.is_news());
    others.map(|outcome| failure::other(outcome, report, &explained, options)).collect()
}
