//! A report as annotations of a GitHub workflow.

use super::call::{self, Limit};
use super::cause::{Cause, Group, groups};
use super::model::Report;
use super::wording::{again, conclusion, looks_like, notes, unsupported, vectors};
use crate::printable::printable;

/// Renders a report as workflow commands: one error per cause of failures, with its
/// quickest example; one error per stale known failure; and a notice with the conclusion and the
/// functions that the engine does not have.
///
/// GitHub shows only the first few annotations of a step, so the causes that explain
/// most come first.
///
/// ```
/// use rulespec::suite;
/// use rulespec_check::{check, engine::Reference, report::github};
///
/// let report = check(&mut Reference::default(), &suite::vectors()?)?;
/// assert!(github::render(&report).starts_with("::notice title=rulespec::"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn render(report: &Report) -> String {
    let mut out: String = groups(report).iter().map(|group| cause(group, report)).collect();
    for stale in &report.stale {
        let (file, line) = (property(&stale.file), stale.line);
        let message = message(&[format!("no vector is {}", stale.id)]);
        out += &format!("::error file={file},line={line},title=stale known failure::{message}\n");
    }
    let engine = format!("{} {}", report.engine.engine, report.engine.version);
    let mut lines = vec![format!("{engine} {}: {}", conclusion(report), vectors(report.outcomes.len()))];
    lines.extend(unsupported(report, usize::MAX));
    let warning = |note: String| format!("::warning title=rulespec::{}\n", message(&[note]));
    out += &notes(report).into_iter().map(warning).collect::<String>();
    out + &format!("::notice title=rulespec::{}\n", message(&lines))
}

fn cause(group: &Group<'_>, report: &Report) -> String {
    let Some(example) = group.failures.first() else { return String::new() };
    let title = format!("{}: {}", vectors(group.failures.len()), group.cause.title());
    let limit = Limit::SHORT;
    let mut lines = vec![
        format!("{} {}  {}", example.word(), example.vector.id, example.vector.title),
        format!("call {}", call::call(&example.vector, limit)),
        format!("want {}", call::wanted(&example.vector.want, limit)),
    ];
    let mut answer = call::answer_lines(&example.answer, limit, false).into_iter();
    lines.extend(answer.next().map(|first| format!("got {first}")));
    lines.extend(answer);
    lines.extend(call::differences(example, limit));
    if group.cause.is_of_clause() {
        lines.extend(report.clauses_of(example).map(|clause| format!("{} {}", clause.id, clause.text)));
    }
    if let Cause::Misreading(found) = group.cause {
        lines.push(looks_like(found));
    }
    lines.push(format!("again: {}", again(&example.vector.id, report)));
    format!("::error title={}::{}\n", property(&title), message(&lines))
}

/// Escapes lines as the message of a workflow command.
pub(crate) fn message(lines: &[String]) -> String {
    let escaped = lines.iter().map(|line| printable(line).replace('%', "%25"));
    escaped.collect::<Vec<_>>().join("%0A")
}

/// Escapes text as a property of a workflow command.
pub(crate) fn property(text: &str) -> String {
    printable(text).replace('%', "%25").replace(':', "%3A").replace(',', "%2C")
}
