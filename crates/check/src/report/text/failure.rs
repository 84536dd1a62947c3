//! One failure, and failures of one cause.

use std::fmt::Write;

use super::{Options, Paint};
use crate::printable::printable;
use crate::report::cause::{Cause, Group, explanation};
use crate::report::{ClauseOutcome, Explanation, Outcome, Report, Stale, call};
use crate::verdict::Verdict;

/// How many other failures of a cause are named.
const NAMED: usize = 8;

/// One failure: the call, what was wanted, what came, the clause, what it looks
/// like and how to ask again.
pub fn failure(outcome: &Outcome, report: &Report, options: Options) -> String {
    let paint = options.paint();
    let mut out = head(outcome, paint) + &question(outcome, options);
    let line = |label: &str, text: &str| format!("  {} {text}\n", paint.quiet(label));
    out += &line("got   ", &paint.wrong(&call::answered(&outcome.answer, options.limit())));
    if let Some(difference) = call::difference(outcome, options.limit()) {
        _ = writeln!(out, "         {difference}");
    }
    for clause in clauses_of(outcome, report) {
        _ = writeln!(
            out,
            "  {} {}  {}",
            paint.strong(&printable(&clause.id)),
            printable(&clause.text),
            paint.quiet(&printable(&clause.place))
        );
    }
    if let Some(note) = &outcome.vector.note {
        out += &line("note  ", &printable(note));
    }
    if let Some(reason) = &outcome.known {
        out += &line("known ", &printable(reason));
    }
    if let Some(explanation) = explanation(outcome, report) {
        out += &line("looks like ", &paint.neutral(&looks_like(explanation)));
    }
    out + &line("again ", &again(&outcome.vector.id, report)) + "\n"
}

/// What needs nobody's attention: in full where it is a known failure, else only
/// the question and the wanted answer.
pub fn in_order(outcome: &Outcome, report: &Report, options: Options) -> String {
    if outcome.verdict.is_failure() {
        return failure(outcome, report, options);
    }
    let paint = options.paint();
    let mut out = head(outcome, paint) + &question(outcome, options);
    if let Verdict::Open(followed) = &outcome.verdict {
        let answer = call::answered(&outcome.answer, options.limit());
        let followed = if followed.is_empty() { "no alternative".to_owned() } else { followed.join(", ") };
        _ = writeln!(out, "  {} {answer}", paint.quiet("got   "));
        _ = writeln!(out, "  {} {}", paint.quiet("follows"), printable(&followed));
    }
    out + "\n"
}

/// The failures of one cause: an example for each clause, and the names of the
/// others; every one in full where much is wanted.
pub fn group(group: &Group<'_>, report: &Report, options: Options) -> String {
    if let Cause::Unsupported(function) = group.cause {
        return unsupported(function, &group.failures, options);
    }
    let mut out = String::new();
    for (example, others) in examples(group) {
        if options.verbose {
            for outcome in std::iter::once(&example).chain(&others) {
                out += &failure(outcome, report, options);
            }
        } else {
            let shown = failure(example, report, options);
            out += shown.strip_suffix('\n').unwrap_or(&shown);
            out += &also(&others, options);
            out += "\n";
        }
    }
    out
}

/// A function that the engine does not have, with all that asks for it.
fn unsupported(function: &str, outcomes: &[&Outcome], options: Options) -> String {
    let paint = options.paint();
    let Some((first, others)) = outcomes.split_first() else { return String::new() };
    let mut out = format!(
        "{} {}  {}\n",
        paint.wrong("UNSUPPORTED"),
        paint.strong(&printable(function)),
        vectors(outcomes.len())
    );
    let got = call::answered(&first.answer, options.limit());
    _ = writeln!(out, "  {} {got}", paint.quiet("got   "));
    _ = writeln!(out, "  {} {}", paint.quiet("asked "), printable(&first.vector.id));
    out + &also(others, options) + "\n"
}

/// A known failure of a vector that is no more.
pub fn stale(stale: &Stale, paint: Paint) -> String {
    format!(
        "{} {}  no vector has this id\n  {} remove {}:{}\n\n",
        paint.wrong("STALE"),
        printable(&stale.id),
        paint.quiet("remedy"),
        printable(&stale.file),
        stale.line
    )
}

fn head(outcome: &Outcome, paint: Paint) -> String {
    let word = outcome.word();
    let word = match (outcome.is_news(), outcome.verdict == Verdict::Pass) {
        (true, _) => paint.wrong(&word.to_uppercase()),
        (false, true) => paint.right(word),
        (false, false) => paint.neutral(word),
    };
    format!("{word} {}  {}\n", paint.strong(&printable(&outcome.vector.id)), printable(&outcome.vector.title))
}

fn question(outcome: &Outcome, options: Options) -> String {
    let (paint, limit) = (options.paint(), options.limit());
    let call = call::call(&outcome.vector, limit);
    let want = paint.right(&call::wanted(&outcome.vector.want, limit));
    format!("  {} {call}\n  {} {want}\n", paint.quiet("call  "), paint.quiet("want  "))
}

fn clauses_of<'a>(outcome: &'a Outcome, report: &'a Report) -> impl Iterator<Item = &'a ClauseOutcome> {
    report.clauses.iter().filter(|clause| outcome.vector.clauses.contains(&clause.id))
}

/// `drops-empty-arguments: explains all 9 failures`.
pub fn looks_like(explanation: &Explanation) -> String {
    let name = explanation.misreadings.join(" + ");
    let (explains, failures) = (explanation.explains.len(), explanation.failures);
    let how_many = match failures {
        1 if explains == 1 => "the one failure".to_owned(),
        _ if explains == failures => format!("all {failures} failures"),
        _ => format!("{explains} of {failures} failures"),
    };
    format!("{}: explains {how_many}", printable(&name))
}

/// The first failure of each clause, with the others of that clause; the first of
/// all where the engine gave no answer, whatever the clause.
fn examples<'a>(group: &Group<'a>) -> Vec<(&'a Outcome, Vec<&'a Outcome>)> {
    let one = matches!(group.cause, Cause::NoAnswer(_));
    let mut clauses: Vec<(&Outcome, Vec<&Outcome>)> = vec![];
    for outcome in &group.failures {
        match clauses.iter_mut().find(|(first, _)| one || first.clause() == outcome.clause()) {
            Some((_, others)) => others.push(outcome),
            None => clauses.push((outcome, vec![])),
        }
    }
    clauses
}

fn also(others: &[&Outcome], options: Options) -> String {
    if others.is_empty() {
        return String::new();
    }
    let limit = if options.verbose { others.len() } else { NAMED };
    let named: Vec<_> = others.iter().take(limit).map(|outcome| printable(&outcome.vector.id)).collect();
    let more = match others.len().saturating_sub(limit) {
        0 => String::new(),
        more => format!(" and {more} more; -v names each"),
    };
    format!("  {} {}{more}\n", options.paint().quiet("also  "), named.join(", "))
}

/// `1 vector`, `2 vectors`.
pub fn vectors(count: usize) -> String {
    format!("{count} vector{}", if count == 1 { "" } else { "s" })
}

/// The command that asks one vector again.
///
/// Answers that were recorded cannot be had again, and an engine that lives in the
/// process of its caller cannot be had by a command; the question can be looked at.
pub fn again(id: &str, report: &Report) -> String {
    if let Some(again) = report.again.get(id) {
        return again.clone();
    }
    let is_callers = report.command.is_empty() && !report.engine.engine.starts_with("rulespec ");
    if report.answers.is_some() || is_callers {
        return format!("rulespec show {}", shell_word(id));
    }
    let mut words = vec!["rulespec".to_owned(), "check".to_owned()];
    if let Some(suite) = &report.suite {
        words.extend(["--suite".to_owned(), shell_word(suite)]);
    }
    words.extend(["--only".to_owned(), shell_word(id), "-v".to_owned()]);
    if !report.command.is_empty() {
        words.push("--".to_owned());
        words.extend(report.command.iter().map(|word| shell_word(word)));
    }
    words.join(" ")
}

/// A word as a POSIX shell takes it.
pub fn shell_word(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "_-./:=@%+,".contains(c);
    match !word.is_empty() && word.chars().all(plain) {
        true => word.to_owned(),
        false => format!("'{}'", printable(word).replace('\'', r"'\''")),
    }
}
