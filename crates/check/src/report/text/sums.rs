//! What all outcomes come to.

use std::fmt::Write;

use super::Paint;
use super::failure::{looks_like, vectors};
use crate::printable::{printable, shortened};
use crate::report::chapter::{Chapter, chapters};
use crate::report::{OpenPointOutcome, Report};
use rulespec::kql::Profile;

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
    if let Some((_, holds)) = Profile::SETTLED.iter().find(|(id, _)| *id == point.id) {
        // A report of before may have another answer for the reference.
        return format!("{}; settled since: {holds}", point.follows.join(" or "));
    }
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
    let mut out = String::new();
    for (number, explanation) in report.explanations.iter().enumerate() {
        let predicts = format!("predicts {} of {} answers", explanation.predicts, explanation.answers);
        let (name, how_many) = (explanation.misreadings.join(" + "), explanation.explains.len());
        let (what, together) = match number {
            0 => (looks_like(explanation), ""),
            _ => (format!("then {}: explains {how_many} more", printable(&name)), "with those above "),
        };
        let predicts = paint.quiet(&format!("{together}{predicts}"));
        _ = writeln!(out, "  {}, {predicts}", paint.neutral(&what));
    }
    match out.is_empty() {
        true => out,
        false => "\nWhat it looks like\n".to_owned() + &out + &unexplained(report),
    }
}

/// How many failures no explanation accounts for.
fn unexplained(report: &Report) -> String {
    let explained: usize = report.explanations.iter().map(|explanation| explanation.explains.len()).sum();
    let failures = report.explanations.first().map_or(0, |explanation| explanation.failures);
    match failures.saturating_sub(explained) {
        0 => String::new(),
        left => format!("  {left} of {failures} failures look like nothing known\n"),
    }
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
