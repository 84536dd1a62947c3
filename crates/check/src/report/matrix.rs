//! Several results side by side: clauses by engines.

use std::fmt::Write;

use super::chapter::{chapters, letters, title};
use super::{ClauseOutcome, Report, Standing};
use crate::printable::{printable, shortened};

/// How many characters of an engine's name are shown.
const NAME: usize = 60;

/// A Markdown table for a README: a row a chapter, then its clauses.
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
    let mut out = "| clause |".to_owned();
    for report in reports {
        _ = write!(out, " {} |", cell(&name(report)));
    }
    _ = writeln!(out, "\n|---|{}", ":---:|".repeat(reports.len()));
    let total = |report: &Report| Some(report.clauses_met());
    out += &row("**all clauses**", reports.iter().map(|report| fraction(total(report))));
    let mut last = String::new();
    for clause in asked_clauses(reports) {
        let chapter = letters(&clause.id);
        if chapter != last {
            let label = format!("**{}** {}", cell(chapter), cell(&title(&clause.place)));
            out += &row(&label, reports.iter().map(|report| fraction(chapter_sum(report, chapter))));
            last = chapter.to_owned();
        }
        let label = format!("{} {}", cell(&clause.id), sentence(&clause.text));
        out += &row(&label, reports.iter().map(|report| mark(report, &clause.id)));
    }
    out
}

/// A plain table: a line a chapter, a column an engine.
pub fn text(reports: &[Report]) -> String {
    let mut rows = vec![std::iter::once(String::new()).chain(reports.iter().map(name)).collect::<Vec<_>>()];
    let mut seen: Vec<String> = vec![];
    for clause in asked_clauses(reports) {
        let id = letters(&clause.id).to_owned();
        if seen.contains(&id) {
            continue;
        }
        let label = printable(&format!("{id}  {}", title(&clause.place))).into_owned();
        let sums = reports.iter().map(|report| fraction(chapter_sum(report, &id)));
        rows.push(std::iter::once(label).chain(sums).collect());
        seen.push(id);
    }
    let totals = reports.iter().map(|report| fraction(Some(report.clauses_met())));
    rows.push(std::iter::once("clauses met".to_owned()).chain(totals).collect());
    aligned(&rows)
}

/// Every clause that some engine was asked about, in the order of the reports.
pub(super) fn asked_clauses(reports: &[Report]) -> Vec<&ClauseOutcome> {
    let mut clauses: Vec<&ClauseOutcome> = vec![];
    let asked = |clause: &&ClauseOutcome| clause.standing != Standing::NotAsked;
    for clause in reports.iter().flat_map(|report| report.clauses.iter().filter(asked)) {
        if !clauses.iter().any(|other| other.id == clause.id) {
            clauses.push(clause);
        }
    }
    clauses.sort_by(|a, b| (file(&a.place), &a.id).cmp(&(file(&b.place), &b.id)));
    clauses
}

fn file(place: &str) -> &str {
    place.split(':').next().unwrap_or_default()
}

pub(super) fn name(report: &Report) -> String {
    let name = format!("{} {}", report.engine.engine, report.engine.version);
    shortened(name.trim(), NAME)
}

fn chapter_sum(report: &Report, id: &str) -> Option<(usize, usize)> {
    let chapter = chapters(report).into_iter().find(|chapter| chapter.id == id)?;
    Some((chapter.met, chapter.asked))
}

fn fraction(sum: Option<(usize, usize)>) -> String {
    sum.map_or("·".to_owned(), |(met, asked)| format!("{met} of {asked}"))
}

fn mark(report: &Report, id: &str) -> String {
    let clause = report.clauses.iter().find(|clause| clause.id == id);
    match clause.map(|clause| (clause.standing, clause)) {
        Some((Standing::Met, _)) => "✓".to_owned(),
        Some((Standing::Missed, clause)) => format!("✗ {} of {}", clause.passed, clause.asked),
        Some((Standing::Unsupported, _)) => "–".to_owned(),
        Some((Standing::Open, _)) => "open".to_owned(),
        Some((Standing::NotAsked, _)) | None => "·".to_owned(),
    }
}

pub(super) fn row(label: &str, cells: impl Iterator<Item = String>) -> String {
    cells.fold(format!("| {label} |"), |row, cell| row + " " + &cell + " |") + "\n"
}

/// A clause's sentence; what stands between backquotes is code.
fn sentence(text: &str) -> String {
    let parts: Vec<&str> = text.split('`').collect();
    if parts.len().is_multiple_of(2) {
        return cell(text);
    }
    let part = |(number, part): (usize, &&str)| match number % 2 {
        1 => format!("<code>{}</code>", cell(part)),
        _ => cell(part),
    };
    parts.iter().enumerate().map(part).collect()
}

/// Text as a cell of a Markdown table takes it: nothing of it is markup.
pub(super) fn cell(text: &str) -> String {
    let mut out = String::new();
    for c in printable(text).chars() {
        match c {
            '&' => out += "&amp;",
            '<' => out += "&lt;",
            '\\' | '|' | '`' | '*' | '_' | '[' | ']' | '!' | '~' | '#' => out.extend(['\\', c]),
            c => out.push(c),
        }
    }
    out
}

fn aligned(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or_default()
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut out = String::new();
    for row in rows {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}"));
        _ = writeln!(out, "{}", cells.collect::<Vec<_>>().join("  ").trim_end());
    }
    out
}
