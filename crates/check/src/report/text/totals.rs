//! The summary of a report, and its last line.

use std::fmt::Write;

use super::options::Options;
use super::wrap::wrapped;
use crate::printable::{inert, printable};
use crate::report::chapter::{Chapter, chapter_id, chapters};
use crate::report::model::{ClauseOutcome, OpenPointOutcome, Outcome, Report};
use crate::report::painter::Painter;
use crate::report::standing::{Counts, Standing};
use crate::report::wording::{clauses, engine, looks_like, more, notes, open_point, unsupported, vectors};
use crate::verdict::Verdict;

/// The maximum number of misreadings, of clauses with a state, and of functions that are listed.
const MAX_MISREADINGS: usize = 3;
const MAX_CLAUSES: usize = 10;
const MAX_FUNCTIONS: usize = 4;

/// The outcomes and the states of the clauses, in all and by chapter; open points; and what the
/// failures look like.
pub fn summary(report: &Report, options: Options) -> String {
    let painter = options.painter();
    let notes = notes(report);
    let notes = notes.iter().map(|note| painter.warning(wrapped("", 2, note).trim_end()) + "\n");
    let parts = [
        outcomes(report),
        states(&report.counts(), painter),
        by_chapter(report, painter) + &listed(report, options) + &open_points(report, options),
        explanations(report, options),
        notes.collect(),
    ];
    parts.into_iter().filter(|part| !part.is_empty()).map(|part| part + "\n").collect()
}

/// The number of vectors, the time they took, and how many have which outcome.
fn outcomes(report: &Report) -> String {
    let mut counts: Vec<(&str, usize)> = vec![];
    for word in report.outcomes.iter().map(Outcome::word) {
        match counts.iter_mut().find(|(counted, _)| *counted == word) {
            Some((_, count)) => *count += 1,
            None => counts.push((word, 1)),
        }
    }
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let counts: Vec<String> = counts.iter().map(|(word, count)| format!("{count} {word}")).collect();
    let asked = vectors(report.outcomes.len());
    let head = format!("{}: {asked}, {}\n", engine(report, 120), report.took());
    inert(&head).into_owned() + &wrapped("  ", 2, &counts.join(", "))
}

/// How many clauses have which state, and what the state means.
fn states(counts: &Counts, painter: Painter) -> String {
    let mut out = match counts.total() {
        0 => String::new(),
        total => format!("{}, of which\n", painter.strong(&clauses(total))),
    };
    for standing in present(counts) {
        let (count, word) = (counts.of(standing), format!("{:12}", standing.as_str()));
        let meaning = painter.muted(standing.meaning());
        _ = writeln!(out, "{count:>6} {}  {meaning}", painted(standing, &word, painter));
    }
    let open = counts.of(Standing::Open);
    if open > 0 {
        let beside = if counts.total() > 0 { "; not counted above" } else { "" };
        let verb = if open == 1 { "has" } else { "have" };
        let line = format!("{} {verb} {}{beside}", clauses(open), Standing::Open.meaning());
        out += &wrapped("", 2, &line);
    }
    out
}

/// The states that some clause has.
fn present(counts: &Counts) -> impl Iterator<Item = Standing> {
    Standing::COUNTED.into_iter().filter(|standing| counts.of(*standing) > 0)
}

fn painted(standing: Standing, text: &str, painter: Painter) -> String {
    match standing {
        Standing::Met => painter.success(text),
        Standing::Missed => painter.error(text),
        Standing::PartlyAsked | Standing::Unsupported | Standing::NotAsked | Standing::Open => {
            painter.warning(text)
        }
    }
}

/// A table of the chapters of which something was asked, and the names of the others.
fn by_chapter(report: &Report, painter: Painter) -> String {
    let chapters = chapters(report);
    let chapters: Vec<&Chapter> = chapters.iter().filter(|chapter| chapter.counts.total() > 0).collect();
    if chapters.len() < 2 {
        return String::new();
    }
    let states: Vec<Standing> = present(&report.counts()).collect();
    let name = |chapter: &Chapter| format!("{}  {}", printable(&chapter.id), printable(&chapter.title));
    let (asked, others): (Vec<&Chapter>, Vec<&Chapter>) =
        chapters.into_iter().partition(|chapter| chapter.counts.asked() > 0);
    let width = asked.iter().map(|chapter| name(chapter).chars().count()).max().unwrap_or_default();
    let mut out = format!("{:width$}  clauses", "");
    out.extend(states.iter().map(|standing| format!("  {}", standing.as_str())));
    out = if asked.is_empty() { String::new() } else { painter.muted(&out) + "\n" };
    for chapter in asked {
        out += &inert(&format!("{:width$}  {:>7}", name(chapter), chapter.counts.total()));
        for standing in &states {
            let (count, word) = (chapter.counts.of(*standing), standing.as_str());
            let cell = format!("  {count:>0$}", word.len());
            out += &if count > 0 { painted(*standing, &cell, painter) } else { painter.muted(&cell) };
        }
        out.push('\n');
    }
    let others: Vec<String> = others.into_iter().map(|chapter| printable(&chapter.id).into_owned()).collect();
    match others.is_empty() {
        true => out,
        false => out + &wrapped("", 2, &format!("nothing was asked of {}", others.join(", "))),
    }
}

/// The clauses that are missed or, if verbose, that are not met; and the functions that the engine
/// does not have.
fn listed(report: &Report, options: Options) -> String {
    let all = [Standing::Missed, Standing::PartlyAsked, Standing::Unsupported, Standing::NotAsked];
    let shown = if options.verbose { &all[..] } else { &all[..2] };
    let mut out = String::new();
    for standing in shown {
        let has = |clause: &&ClauseOutcome| clause.is_selected() && clause.standing == *standing;
        let mut ids: Vec<&str> = report.clauses.iter().filter(has).map(|clause| clause.id.as_str()).collect();
        ids.chunk_by_mut(|a, b| chapter_id(a) == chapter_id(b)).for_each(<[&str]>::sort_unstable);
        let max = options.max_listed(MAX_CLAUSES);
        if !ids.is_empty() {
            let listed = ids.iter().take(max).copied().collect::<Vec<_>>().join(" ");
            let line = format!("{}: {}{}", standing.as_str(), printable(&listed), more(&ids, max));
            out += &wrapped("", 2, &line);
        }
    }
    let functions = unsupported(report, options.max_listed(MAX_FUNCTIONS));
    out + &functions.map(|line| wrapped("", 2, &line)).unwrap_or_default()
}

/// Each open point, if verbose or if nothing else was asked; or else how many follow the reference.
fn open_points(report: &Report, options: Options) -> String {
    let (points, painter) = (&report.open_points, options.painter());
    if points.is_empty() {
        return String::new();
    }
    let is_default = |point: &OpenPointOutcome| point.follows.contains(&point.default);
    if !options.verbose && report.counts().total() > 0 {
        let (same, all) = (points.iter().filter(|point| is_default(point)).count(), points.len());
        let more = if same < all { "; -v shows each" } else { "" };
        return format!("open points, which no engine fails: {same} of {all} as the reference{more}\n");
    }
    let mut out = "Open points, which no engine fails\n".to_owned();
    let width = points.iter().map(|point| point.id.len()).max().unwrap_or_default();
    for point in points {
        let line =
            wrapped("  ", width + 4, &printable(&format!("{:width$}  {}", point.id, open_point(point))));
        out += &if is_default(point) { painter.muted(line.trim_end()) + "\n" } else { line };
    }
    out
}

/// The misreadings that explain the failures.
fn explanations(report: &Report, options: Options) -> String {
    let painter = options.painter();
    let mut out = String::new();
    let max = options.max_listed(MAX_MISREADINGS);
    for (number, explanation) in report.explanations.iter().take(max).enumerate() {
        let predicts = format!("predicts {} of {} answers", explanation.predicts, explanation.answers);
        let (name, count) = (explanation.misreadings.join(" + "), explanation.explains.len());
        let line = match number {
            0 => format!("{}, {predicts}", looks_like(explanation)),
            _ => format!("then {}: {count} more, together {predicts}", printable(&name)),
        };
        out += &(painter.warning(wrapped("  ", 4, &line).trim_end()) + "\n");
    }
    match report.explanations.len() {
        0 => out,
        all => {
            let rest =
                if all > max { format!("  and {} more misreadings\n", all - max) } else { String::new() };
            heading(report) + &out + &rest + &unexplained(report)
        }
    }
}

fn heading(report: &Report) -> String {
    let is_outside =
        |outcome: &&Outcome| matches!(&outcome.verdict, Verdict::Open(followed) if followed.is_empty());
    match report.outcomes.iter().filter(is_outside).count() {
        0 => "What the failures look like\n".to_owned(),
        at_points => format!("What the failures look like, with {at_points} at open points\n"),
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

/// The engine, and how it does. It is green only if everything was asked and is right.
pub fn conclusion(report: &Report, painter: Painter) -> String {
    let text = format!("{} {}", engine(report, 120), report.conclusion());
    let text = wrapped("", 2, &text);
    let text = text.trim_end();
    let is_known = report.outcomes.iter().any(|outcome| outcome.known.is_some());
    let painted = match report.conforms() {
        false => painter.error(text),
        true if report.is_complete() && !is_known => painter.success(text),
        true => painter.warning(text),
    };
    painted + "\n"
}
