//! Several reports side by side: clauses by engines.

use std::fmt::Write;

use super::chapter::{chapter_id, chapters, selected_clauses, title};
use super::escape::markdown as cell;
use super::model::Report;
use super::standing::{Counts, Standing};
use super::wording;
use crate::printable::printable;

/// A Markdown table for a README: a row per chapter, followed by rows for its clauses.
///
/// ```
/// use rulespec::suite;
/// use rulespec_check::{check, engine::Reference, report::matrix};
///
/// let report = check(&mut Reference::default(), &suite::vectors()?)?;
/// assert!(matrix::markdown(&[report]).starts_with("| clause | rulespec reference"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn markdown(reports: &[Report]) -> String {
    let mut out = row("clause", reports.iter().map(|report| cell(&name(report))));
    _ = writeln!(out, "|---|{}", ":---:|".repeat(reports.len()));
    out += &row("**all clauses**", reports.iter().map(|report| fraction(Some(report.counts()))));
    for clauses in selected_clauses(reports).chunk_by(|a, b| chapter_id(&a.id) == chapter_id(&b.id)) {
        let Some(first) = clauses.first() else { continue };
        let id = chapter_id(&first.id);
        let label = format!("**{}** {}", cell(id), cell(&title(&first.place)));
        out += &row(&label, reports.iter().map(|report| fraction(chapter_counts(report, id))));
        for clause in clauses {
            let label = format!("{} {}", cell(&clause.id), sentence(&clause.text));
            out += &row(&label, reports.iter().map(|report| mark(report, &clause.id)));
        }
    }
    out + &footnotes(reports, cell)
}

/// A paragraph for each thing that a reader must know about how an engine was asked.
pub(super) fn footnotes(reports: &[Report], escape: impl Fn(&str) -> String) -> String {
    let notes = reports.iter().flat_map(|report| {
        let paragraph = |note| format!("\n{}\n", escape(&format!("{}: {note}", name(report))));
        wording::notes(report).into_iter().map(paragraph).collect::<Vec<_>>()
    });
    notes.collect()
}

/// A plain table: a line per chapter, a column per engine.
pub fn text(reports: &[Report]) -> String {
    let row = |label: String, cells: Vec<String>| [vec![label], cells].concat();
    let mut rows = vec![row(String::new(), reports.iter().map(name).collect())];
    let mut clauses = selected_clauses(reports);
    clauses.dedup_by_key(|clause| chapter_id(&clause.id));
    for clause in clauses {
        let id = chapter_id(&clause.id);
        let label = printable(&format!("{id}  {}", title(&clause.place))).into_owned();
        rows.push(row(label, reports.iter().map(|report| fraction(chapter_counts(report, id))).collect()));
    }
    let totals = reports.iter().map(|report| fraction(Some(report.counts())));
    rows.push(row("clauses met".to_owned(), totals.collect()));
    aligned(&rows) + &footnotes(reports, str::to_owned)
}

/// The engine's name and version, for the head of a column.
pub(super) fn name(report: &Report) -> String {
    wording::engine(report, 60)
}

fn chapter_counts(report: &Report, id: &str) -> Option<Counts> {
    chapters(report).into_iter().find(|chapter| chapter.id == id).map(|chapter| chapter.counts)
}

/// The number of clauses that are met, of those that can be met or missed.
fn fraction(counts: Option<Counts>) -> String {
    counts.map_or("·".to_owned(), |counts| format!("{} of {}", counts.of(Standing::Met), counts.total()))
}

fn mark(report: &Report, id: &str) -> String {
    let Some(clause) = report.clauses.iter().find(|clause| clause.id == id) else { return "·".to_owned() };
    match clause.standing {
        Standing::Met => "✓".to_owned(),
        Standing::Missed => format!("✗ {} of {}", clause.passed, clause.asked),
        Standing::PartlyAsked => format!("◐ {} of {}", clause.passed, clause.asked),
        Standing::Unsupported => "–".to_owned(),
        Standing::Open => "open".to_owned(),
        Standing::NotAsked => "·".to_owned(),
    }
}

/// A row of a Markdown table.
pub(super) fn row(label: &str, cells: impl Iterator<Item = String>) -> String {
    cells.fold(format!("| {label} |"), |row, cell| row + " " + &cell + " |") + "\n"
}

/// A clause's sentence; text between backquotes is code.
fn sentence(text: &str) -> String {
    let part = |(is_code, part): (bool, &str)| match is_code {
        true => format!("<code>{}</code>", cell(part)),
        false => cell(part),
    };
    wording::code_parts(text).into_iter().map(part).collect()
}

fn aligned(rows: &[Vec<String>]) -> String {
    let mut widths = vec![0; rows.first().map_or(0, Vec::len)];
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.chars().count().max(*width);
        }
    }
    let mut out = String::new();
    for row in rows {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}"));
        _ = writeln!(out, "{}", cells.collect::<Vec<_>>().join("  ").trim_end());
    }
    out
}
