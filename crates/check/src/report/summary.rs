//! Several results in short: a line an engine.

use super::matrix::{cell, name, row};
use super::{Report, Standing};

/// A Markdown table for a README: what each engine meets, misses and does not
/// have, and the misreading that explains most of what it gets wrong.
///
/// ```
/// use rulespec::suite;
/// use rulespec_check::{check, engine::Reference, report::summary};
///
/// let report = check(&mut Reference::default(), &suite::vectors()?)?;
/// assert!(summary::markdown(&[report]).starts_with("| engine | date | clauses met |"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn markdown(reports: &[Report]) -> String {
    let head = "| engine | date | clauses met | missed | not there | looks most like |\n\
                |---|---|---:|---:|---:|---|\n";
    reports.iter().fold(head.to_owned(), |out, report| out + &line(report))
}

fn line(report: &Report) -> String {
    let (met, asked) = report.clauses_met();
    let count = |standing| report.clauses.iter().filter(|clause| clause.standing == standing).count();
    let cells = [
        cell(report.date.split('T').next().unwrap_or_default()),
        format!("{met} of {asked}"),
        count(Standing::Missed).to_string(),
        count(Standing::Unsupported).to_string(),
        cause(report),
    ];
    row(&cell(&name(report)), cells.into_iter())
}

/// The first explanation and its share of the failures.
fn cause(report: &Report) -> String {
    let Some(first) = report.explanations.first() else { return "–".to_owned() };
    let misreadings = cell(&first.misreadings.join(" + "));
    format!("{misreadings} ({} of {} wrong answers)", first.explains.len(), first.failures)
}
