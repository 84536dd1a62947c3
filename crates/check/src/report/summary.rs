//! Several reports in short: a line per engine.

use super::escape::markdown as cell;
use super::matrix::{footnotes, name, row};
use super::model::{Report, Standing};

/// A Markdown table for a README: how many clauses each engine meets, misses and does
/// not support, and the misreading that explains most of its failures.
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
    let head = "| engine | date | clauses met | missed | unsupported | closest misreading |\n\
                |---|---|---:|---:|---:|---|\n";
    let table = reports.iter().fold(head.to_owned(), |out, report| out + &line(report));
    table + &footnotes(reports, cell)
}

fn line(report: &Report) -> String {
    let (met, asked) = report.clauses_met();
    let cells = [
        cell(report.date.split('T').next().unwrap_or_default()),
        format!("{met} of {asked}"),
        report.count(Standing::Missed).to_string(),
        report.count(Standing::Unsupported).to_string(),
        explanation(report),
    ];
    row(&cell(&name(report)), cells.into_iter())
}

/// The best explanation and its share of the failures.
fn explanation(report: &Report) -> String {
    let Some(first) = report.explanations.first() else { return "–".to_owned() };
    let misreadings = cell(&first.misreadings.join(" + "));
    format!("{misreadings} ({} of {} wrong answers)", first.explains.len(), first.failures)
}
