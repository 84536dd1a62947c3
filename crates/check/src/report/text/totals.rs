//! The totals of a report.

use std::fmt::Write;

use crate::printable::printable;
use crate::report::chapter::{Chapter, chapters};
use crate::report::model::{OpenPointOutcome, Report};
use crate::report::painter::Painter;
use crate::report::wording::{conclusion, engine, looks_like, notes, open_point, vectors};

/// One line per chapter, the clauses met, open points, explanations, and the verdict.
pub fn totals(report: &Report, painter: Painter) -> String {
    let mut out = String::new();
    let chapters = chapters(report);
    let width = chapters.iter().map(|chapter| chapter.title.len()).max().unwrap_or_default();
    for chapter in &chapters {
        out += &chapter_line(chapter, width, painter);
    }
    let (met, asked) = report.clauses_met();
    _ = writeln!(out, "\n{}", painter.strong(&format!("{met} of {asked} clauses met")));
    out += &open_points(&report.open_points, painter);
    out += &explanations(report, painter);
    for (number, note) in notes(report).iter().enumerate() {
        let space = if number == 0 { "\n" } else { "" };
        _ = writeln!(out, "{space}{}", painter.warning(note));
    }
    out + &verdict(report, painter)
}

fn chapter_line(chapter: &Chapter, width: usize, painter: Painter) -> String {
    let (id, title) = (printable(&chapter.id), printable(&chapter.title));
    let name = format!("{}  {title:width$}", painter.strong(&id));
    if chapter.asked == 0 {
        return format!("{name}  only open points\n");
    }
    let met = format!("{:>2} of {:>2} clauses met", chapter.met, chapter.asked);
    let met = if chapter.met == chapter.asked { painter.success(&met) } else { painter.error(&met) };
    let passed = painter.muted(&format!("{:>3} of {} pass", chapter.passed, vectors(chapter.vectors)));
    let mut line = format!("{name}  {met}  {passed}");
    for (word, clauses) in [("missed", &chapter.missed), ("unsupported", &chapter.unsupported)] {
        if !clauses.is_empty() {
            _ = write!(line, "  {word} {}", printable(&clauses.join(" ")));
        }
    }
    line + "\n"
}

fn open_points(points: &[OpenPointOutcome], painter: Painter) -> String {
    if points.is_empty() {
        return String::new();
    }
    let mut out = "\nOpen points, which no engine fails\n".to_owned();
    let width = points.iter().map(|point| point.id.len()).max().unwrap_or_default();
    for point in points {
        let line = format!("  {:width$}  {}", point.id, open_point(point));
        let line = printable(&line);
        let is_default = point.follows.contains(&point.default);
        _ = writeln!(out, "{}", if is_default { painter.muted(&line) } else { line.into_owned() });
    }
    out
}

fn explanations(report: &Report, painter: Painter) -> String {
    let mut out = String::new();
    for (number, explanation) in report.explanations.iter().enumerate() {
        let predicts = format!("predicts {} of {} answers", explanation.predicts, explanation.answers);
        let (name, count) = (explanation.misreadings.join(" + "), explanation.explains.len());
        let (what, together) = match number {
            0 => (looks_like(explanation), ""),
            _ => (format!("then {}: explains {count} more", printable(&name)), "with those above "),
        };
        let predicts = painter.muted(&format!("{together}{predicts}"));
        _ = writeln!(out, "  {}, {predicts}", painter.warning(&what));
    }
    match out.is_empty() {
        true => out,
        false => "\nWhat it looks like\n".to_owned() + &out + &unexplained(report),
    }
}

/// The number of failures without an explanation.
fn unexplained(report: &Report) -> String {
    let explained: usize = report.explanations.iter().map(|explanation| explanation.explains.len()).sum();
    let failures = report.explanations.first().map_or(0, |explanation| explanation.failures);
    match failures.saturating_sub(explained) {
        0 => String::new(),
        left => format!("  {left} of {failures} failures look like nothing known\n"),
    }
}

/// The engine, whether it conforms, and the time it took.
fn verdict(report: &Report, painter: Painter) -> String {
    let conclusion = conclusion(report);
    let verdict = match report.conforms() {
        true => painter.success(conclusion),
        false => painter.error(conclusion),
    };
    let known = match report.outcomes.iter().filter(|outcome| outcome.word() == "known").count() {
        0 => String::new(),
        1 => ", 1 known failure".to_owned(),
        known => format!(", {known} known failures"),
    };
    let asked = vectors(report.outcomes.len());
    format!("\n{} {verdict}: {asked}{known}, {}\n", engine(report, 120), report.took())
}
