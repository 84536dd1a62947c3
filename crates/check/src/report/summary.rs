//! Several reports in short: a line per engine.

use super::escape::markdown as cell;
use super::matrix::{footnotes, name, row};
use super::model::Report;
use super::standing::Standing;

/// A Markdown table for a README: how many clauses have which state, and the misreading that
/// explains most failures. The states of a row add up to its clauses, except for those that were
/// not asked because the run ended early, which a note below the table tells.
///
/// ```
/// use rulespec::suite;
/// use rulespec_check::{check, engine::Reference, report::summary};
///
/// let report = check(&mut Reference::default(), &suite::vectors()?)?;
/// assert!(summary::markdown(&[report]).starts_with("| engine | date | clauses | met |"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn markdown(reports: &[Report]) -> String {
    let head = "| engine | date | clauses | met | missed | partly asked | unsupported | closest misreading |\n\
                |---|---|---:|---:|---:|---:|---:|---|\n";
    let table = reports.iter().fold(head.to_owned(), |out, report| out + &line(report));
    table + &footnotes(reports, cell)
}

fn line(report: &Report) -> String {
    let counts = report.counts();
    let mut cells = vec![cell(report.date.split('T').next().unwrap_or_default()), counts.total().to_string()];
    let shown = [Standing::Met, Standing::Missed, Standing::PartlyAsked, Standing::Unsupported];
    cells.extend(shown.map(|standing| counts.of(standing).to_string()));
    cells.push(explanation(report));
    row(&cell(&name(report)), cells.into_iter())
}

/// The best explanation and its share of the failures.
fn explanation(report: &Report) -> String {
    let Some(first) = report.explanations.first() else { return "–".to_owned() };
    let misreadings = cell(&first.misreadings.join(" + "));
    format!("{misreadings} ({} of {} wrong answers)", first.explains.len(), first.failures)
}
