//! What all outcomes come to.

use std::fmt::Write;

use super::Paint;
use super::failure::{looks_like, vectors};
use crate::printable::{printable, shortened};
use crate::report::chapter::{Chapter, chapters};
use crate::report::{OpenPointOutcome, Report};

/// How many explanations are named.
const NAMED: usize = 5;

/// A line a chapter, the clauses met, open points, explanations, the time.
pub fn sums(report: &Report, paint: Paint) -> String {
    let mut out = String::new();
    let chapters = chapters(report);
    let width = chapters.iter().map(|chapter| chapter.title.len()).max().unwrap_or_default();
    for chapter in &chapters {
        out += &chapter_line(chapter, width, paint);
    }
    let (met, asked) = report.clauses_met();
    _ = writeln!(out, "\n{}", paint.strong(&format!("{met} of {asked} clauses met")));
    out += &open_points(&report.open_points, paint);
    out += &explanations(report, paint);
    out + &close(report, paint)
}

fn chapter_line(chapter: &Chapter, width: usize, paint: Paint) -> String {
    let (id, title) = (printable(&chapter.id), printable(&chapter.title));
    let name = format!("{}  {title:width$}", paint.strong(&id));
    if chapter.asked == 0 {
        return format!("{name}  only open points\n");
    }
    let all = chapter.met == chapter.asked;
    let met = format!("{:>2} of {:>2} clauses met", chapter.met, chapter.asked);
    let met = if all { paint.right(&met) } else { paint.wrong(&met) };
    let passed = paint.quiet(&format!("{:>3} of {} pass", chapter.passed, vectors(chapter.vectors)));
    let mut line = format!("{name}  {met}  {passed}");
    for (word, clauses) in [("missed", &chapter.missed), ("unsupported", &chapter.unsupported)] {
        if !clauses.is_empty() {
            _ = write!(line, "  {word} {}", printable(&clauses.join(" ")));
        }
    }
    line + "\n"
}

fn open_points(points: &[OpenPointOutcome], paint: Paint) -> String {
    if points.is_empty() {
        return String::new();
    }
    let mut out = "\nOpen points, which no engine fails\n".to_owned();
    let width = points.iter().map(|point| point.id.len()).max().unwrap_or_default();
    for point in points {
        let line = format!("  {:width$}  {}", point.id, follows(point));
        let usual = point.follows.contains(&point.default);
        _ = writeln!(out, "{}", if usual { paint.quiet(&printable(&line)) } else { printable(&line).into() });
    }
    out
}

/// Which alternative an engine follows, in words.
pub fn follows(point: &OpenPointOutcome) -> String {
    match (point.follows.as_slice(), point.outside.as_slice()) {
        ([], []) => format!("follows no one alternative in all {}", vectors(point.asked)),
        ([], [first, ..]) => {
            format!("{} of {} follow no alternative: {first}", point.outside.len(), vectors(point.asked))
        }
        (followed, _) if followed.contains(&point.default) => {
            format!("as the reference: {}", point.default)
        }
        (followed, _) => format!("{} (the reference: {})", followed.join(" or "), point.default),
    }
}

fn explanations(report: &Report, paint: Paint) -> String {
    if report.explanations.is_empty() {
        return String::new();
    }
    let mut out = "\nWhat it looks like\n".to_owned();
    for explanation in report.explanations.iter().take(NAMED) {
        let predicts = format!("predicts {} of {} answers", explanation.predicts, explanation.answers);
        _ = writeln!(out, "  {}, {}", paint.neutral(&looks_like(explanation)), paint.quiet(&predicts));
    }
    out
}

/// The engine, whether it conforms, and how long it took.
fn close(report: &Report, paint: Paint) -> String {
    let verdict = match report.conforms() {
        true => paint.right("conforms"),
        false => paint.wrong("does not conform"),
    };
    let known = report.outcomes.iter().filter(|outcome| outcome.word() == "known").count();
    let known = match known {
        0 => String::new(),
        known => format!(", {known} known failure{}", if known == 1 { "" } else { "s" }),
    };
    let engine = format!("{} {}", report.engine.engine, report.engine.version);
    let asked = vectors(report.outcomes.len());
    format!("\n{} {verdict}: {asked}{known}, {}\n", shortened(engine.trim(), 120), report.took())
}
