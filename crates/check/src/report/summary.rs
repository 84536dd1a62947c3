//! Several reports in short: a line per engine.

use super::escape::markdown as cell;
use super::matrix::{footnotes, name, row};
use super::model::Report;
use super::standing::Standing;

/// A Markdown table for a README: how many clauses have which state, which adds up, and the
/// misreading that explains most failures.
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
    let is_shown = |standing: &Standing| {
        *standing != Standing::NotAsked || reports.iter().any(|report| report.counts().of(*standing) > 0)
    };
    let states: Vec<Standing> = Standing::COUNTED.into_iter().filter(is_shown).collect();
    let words = states.iter().map(|standing| standing.as_str()).collect::<Vec<_>>().join(" | ");
    let numbers = "---:|".repeat(states.len());
    let head =
        format!("| engine | date | clauses | {words} | closest misreading |\n|---|---|---:|{numbers}---|\n");
    let table = reports.iter().fold(head, |out, report| out + &line(report, &states));
    table + &footnotes(reports, cell)
}

fn line(report: &Report, states: &[Standing]) -> String {
    let counts = report.counts();
    let mut cells = vec![cell(report.date.split('T').next().unwrap_or_default()), counts.total().to_string()];
    cells.extend(states.iter().map(|standing| counts.of(*standing).to_string()));
    cells.push(explanation(report));
    row(&cell(&name(report)), cells.into_iter())
}

/// The best explanation and its share of the failures.
fn explanation(report: &Report) -> String {
    let Some(first) = report.explanations.first() else { return "–".to_owned() };
    let misreadings = cell(&first.misreadings.join(" + "));
    format!("{misreadings} ({} of {} wrong answers)", first.explains.len(), first.failures)
}
