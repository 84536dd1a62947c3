//! One outcome, or the failures with one cause.

use super::options::Options;
use super::wrap::wrapped;
use crate::engine::Answer;
use crate::printable::{inert, printable};
use crate::report::call;
use crate::report::cause::Group;
use crate::report::model::{Explained, Outcome, Report, Stale};
use crate::report::painter::Painter;
use crate::report::rows::is_of_columns_only;
#[cfg(feature = "explore")]
use crate::report::wording::assumption;
use crate::report::wording::{again, followed, looks_like, more};
use crate::verdict::Verdict;

/// The maximum number of other failures that are named for a cause.
const MAX_NAMED: usize = 5;

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
    out += &answer(outcome, options);
    for difference in call::differences(outcome, options.limit()) {
        out += &inert(&format!("         {difference}\n"));
    }
    for clause in report.clauses_of(outcome).filter(|_| is_of_clause) {
        let (id, place) = (painter.strong(&printable(&clause.id)), painter.muted(&printable(&clause.place)));
        out += &wrapped("  ", 4, &format!("{id} {}  {place}", printable(&clause.text)));
    }
    for (label, text) in [("note", &outcome.vector.note), ("known", &outcome.known)] {
        if let Some(text) = text {
            out += &prose(painter, label, &printable(text));
        }
    }
    if let Some(like) = like {
        out += &prose(painter, "looks like ", &painter.warning(&like));
    }
    out + &line(painter, "again", &again(&outcome.vector.id, report)) + "\n"
}

/// An outcome that needs no attention: in full if it is a known failure, or else only
/// the question, the expected answer, and what was special about the answer.
pub fn other(outcome: &Outcome, report: &Report, explained: &Explained<'_>, options: Options) -> String {
    if outcome.verdict.is_failure() {
        return failure(outcome, report, explained, options);
    }
    let painter = options.painter();
    let mut out = head(outcome, painter) + &question(outcome, options);
    match &outcome.verdict {
        Verdict::Open(alternatives) => {
            out += &answer(outcome, options);
            out += &prose(painter, "follows", &printable(&followed(alternatives)));
        }
        Verdict::Unsupported => out += &answer(outcome, options),
        _ => {}
    }
    out + "\n"
}

/// Some failures with one cause, and the ids of others.
pub fn group(
    group: &Group<'_>,
    count: usize,
    report: &Report,
    explained: &Explained<'_>,
    options: Options,
) -> String {
    let (shown, others) = group.failures.split_at(count.min(group.failures.len()));
    let mut out: String = shown.iter().map(|outcome| failure(outcome, report, explained, options)).collect();
    if !shown.is_empty() && !others.is_empty() {
        out.truncate(out.trim_end().len());
        let named: Vec<_> =
            others.iter().take(MAX_NAMED).map(|outcome| printable(&outcome.vector.id)).collect();
        let named = named.join(", ") + &more(others, MAX_NAMED);
        out += &format!("\n{}\n", prose(options.painter(), "also", &named));
    }
    out
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

/// The answer. Only text that is not a value is wrapped.
fn answer(outcome: &Outcome, options: Options) -> String {
    let painter = options.painter();
    let paint = |text: &str| if outcome.is_news() { painter.error(text) } else { text.to_owned() };
    let lines = call::answer_lines(&outcome.answer, options.limit(), options.verbose);
    if matches!(outcome.answer, Answer::Value(_) | Answer::Excerpt(_)) {
        return line(painter, "got", &paint(&lines.concat()));
    }
    let label = painter.muted("got   ");
    let mut out = String::new();
    for (number, text) in lines.iter().enumerate() {
        let first = if number == 0 { format!("  {label} ") } else { " ".repeat(9) };
        out += &wrapped(&first, 9, &paint(text));
    }
    out
}

fn line(painter: Painter, label: &str, text: &str) -> String {
    format!("  {} {text}\n", painter.muted(&format!("{label:<6}")))
}

/// Like [`line`], but wrapped.
fn prose(painter: Painter, label: &str, text: &str) -> String {
    wrapped(&format!("  {} ", painter.muted(&format!("{label:<6}"))), 9, text)
}
