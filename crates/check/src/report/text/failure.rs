//! One outcome, or the failures with one cause.

use std::fmt::Write;

use super::options::Options;
use crate::printable::printable;
use crate::report::call;
use crate::report::cause::{Cause, Group};
use crate::report::model::{Explained, Outcome, Report, Stale};
use crate::report::painter::Painter;
use crate::report::rows::is_of_columns_only;
#[cfg(feature = "explore")]
use crate::report::wording::assumption;
use crate::report::wording::{again, followed, looks_like, vectors};
use crate::verdict::Verdict;

/// The maximum number of other failures that are listed for a cause.
const MAX_LISTED: usize = 8;

/// One failure, with the misreading that explains it and how many others it explains.
fn failure(outcome: &Outcome, report: &Report, explained: &Explained<'_>, options: Options) -> String {
    let like = explained.get(outcome).map(looks_like);
    let is_of_clause = like.is_some() || !is_of_columns_only(outcome);
    described(outcome, report, like, is_of_clause, options)
}

/// A find of a search, with the misreading that explains it and what that assumes.
#[cfg(feature = "explore")]
pub fn find(outcome: &Outcome, report: &Report, options: Options) -> String {
    let explained = report.explained();
    if !outcome.verdict.is_failure() {
        return other(outcome, report, &explained, options);
    }
    described(outcome, report, explained.get(outcome).map(assumption), true, options)
}

/// One failure: the call, the expected and the actual answer, the clause, the likely
/// misreading, and the command that asks again.
fn described(
    outcome: &Outcome,
    report: &Report,
    like: Option<String>,
    is_of_clause: bool,
    options: Options,
) -> String {
    let painter = options.painter();
    let mut out = head(outcome, painter) + &question(outcome, options);
    out += &line(painter, "got", &painter.error(&call::answered(&outcome.answer, options.limit())));
    for difference in call::differences(outcome, options.limit()) {
        _ = writeln!(out, "         {difference}");
    }
    for clause in report.clauses_of(outcome).filter(|_| is_of_clause) {
        _ = writeln!(
            out,
            "  {} {}  {}",
            painter.strong(&printable(&clause.id)),
            printable(&clause.text),
            painter.muted(&printable(&clause.place))
        );
    }
    if let Some(note) = &outcome.vector.note {
        out += &line(painter, "note", &printable(note));
    }
    if let Some(reason) = &outcome.known {
        out += &line(painter, "known", &printable(reason));
    }
    if let Some(like) = like {
        out += &line(painter, "looks like ", &painter.warning(&like));
    }
    out + &line(painter, "again", &again(&outcome.vector.id, report)) + "\n"
}

/// An outcome that needs no attention: in full if it is a known failure, or else only
/// the question and the expected answer.
pub fn other(outcome: &Outcome, report: &Report, explained: &Explained<'_>, options: Options) -> String {
    if outcome.verdict.is_failure() {
        return failure(outcome, report, explained, options);
    }
    let painter = options.painter();
    let mut out = head(outcome, painter) + &question(outcome, options);
    if let Verdict::Open(alternatives) = &outcome.verdict {
        out += &line(painter, "got", &call::answered(&outcome.answer, options.limit()));
        out += &line(painter, "follows", &printable(&followed(alternatives)));
    }
    out + "\n"
}

/// The failures with one cause: one example per clause with the ids of the others, or
/// all of them in full if verbose.
pub fn group(group: &Group<'_>, report: &Report, explained: &Explained<'_>, options: Options) -> String {
    if let Cause::Unsupported(function) = group.cause {
        return unsupported(function, &group.failures, options);
    }
    let mut out = String::new();
    for (example, others) in group.examples() {
        if options.verbose {
            for outcome in std::iter::once(&example).chain(&others) {
                out += &failure(outcome, report, explained, options);
            }
        } else {
            let shown = failure(example, report, explained, options);
            out += shown.strip_suffix('\n').unwrap_or(&shown);
            out += &also(&others, options);
            out += "\n";
        }
    }
    out
}

/// A function that the engine does not have, with the vectors that call it.
fn unsupported(function: &str, outcomes: &[&Outcome], options: Options) -> String {
    let painter = options.painter();
    let Some((first, others)) = outcomes.split_first() else { return String::new() };
    let (word, function) = (painter.error("UNSUPPORTED"), painter.strong(&printable(function)));
    format!("{word} {function}  {}\n", vectors(outcomes.len()))
        + &line(painter, "got", &call::answered(&first.answer, options.limit()))
        + &line(painter, "asked", &printable(&first.vector.id))
        + &also(others, options)
        + "\n"
}

/// A known failure whose vector no longer exists.
pub fn stale(stale: &Stale, painter: Painter) -> String {
    let remedy = format!("remove {}:{}", printable(&stale.file), stale.line);
    format!("{} {}  no vector has this id\n", painter.error("STALE"), printable(&stale.id))
        + &line(painter, "remedy", &remedy)
        + "\n"
}

fn head(outcome: &Outcome, painter: Painter) -> String {
    let word = outcome.word();
    let word = match (outcome.is_news(), outcome.verdict == Verdict::Pass) {
        (true, _) => painter.error(&word.to_uppercase()),
        (false, true) => painter.success(word),
        (false, false) => painter.warning(word),
    };
    format!(
        "{word} {}  {}\n",
        painter.strong(&printable(&outcome.vector.id)),
        printable(&outcome.vector.title)
    )
}

fn question(outcome: &Outcome, options: Options) -> String {
    let (painter, limit) = (options.painter(), options.limit());
    let want = painter.success(&call::wanted(&outcome.vector.want, limit));
    line(painter, "call", &call::call(&outcome.vector, limit)) + &line(painter, "want", &want)
}

fn also(others: &[&Outcome], options: Options) -> String {
    if others.is_empty() {
        return String::new();
    }
    let limit = if options.verbose { others.len() } else { MAX_LISTED };
    let listed: Vec<_> = others.iter().take(limit).map(|outcome| printable(&outcome.vector.id)).collect();
    let more = match others.len().saturating_sub(limit) {
        0 => String::new(),
        more => format!(" and {more} more; -v names each"),
    };
    line(options.painter(), "also", &(listed.join(", ") + &more))
}

fn line(painter: Painter, label: &str, text: &str) -> String {
    format!("  {} {text}\n", painter.muted(&format!("{label:<6}")))
}
