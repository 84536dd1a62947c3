//! A result as JUnit XML, which most machines that run tests can show.

use std::fmt::Write;

use super::cause::explanation;
use super::text::{again, looks_like};
use super::{Outcome, Report, Stale, call, call::Limit};
use crate::printable::{printable, shortened};
use crate::verdict::Verdict;

/// Renders a result as JUnit XML: a test case a vector, its class the clause.
///
/// Known failures are skipped ones, open points pass, and what is no answer at
/// all is an error; everything else that is wrong is a failure.
///
/// ```
/// use rulespec::suite;
/// use rulespec_check::{check, engine::Reference, report::junit};
///
/// let report = check(&mut Reference::default(), &suite::vectors()?)?;
/// assert!(junit::render(&report).contains(r#"failures="0" errors="0""#));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn render(report: &Report) -> String {
    let cases: Vec<Case> = report.outcomes.iter().map(|outcome| case(outcome, report)).collect();
    let count = |element: &str| cases.iter().filter(|case| case.element == Some(element)).count();
    let counts = format!(
        r#"tests="{}" failures="{}" errors="{}" skipped="{}" time="{:.3}""#,
        cases.len() + report.stale.len(),
        count("failure") + report.stale.len(),
        count("error"),
        count("skipped"),
        report.took_ms as f64 / 1000.0
    );
    let engine = xml(&shortened(format!("{} {}", report.engine.engine, report.engine.version).trim(), 200));
    let date = xml(report.date.trim_end_matches('Z'));
    let mut out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned();
    _ = writeln!(out, r#"<testsuites name="rulespec" {counts}>"#);
    _ = writeln!(out, r#"  <testsuite name="{engine}" {counts} timestamp="{date}">"#);
    out.extend(cases.iter().map(Case::render));
    out.extend(report.stale.iter().map(stale));
    out + "  </testsuite>\n</testsuites>\n"
}

/// One test case, nothing of it escaped for XML yet.
struct Case {
    class: String,
    name: String,
    /// What is said inside: the element, `None` for a plain pass.
    element: Option<&'static str>,
    kind: String,
    message: String,
    detail: String,
}

fn case(outcome: &Outcome, report: &Report) -> Case {
    let element = match (&outcome.verdict, outcome.word()) {
        (_, "known") => Some("skipped"),
        (_, "unexpected pass") => Some("failure"),
        (Verdict::Pass, _) => None,
        (Verdict::Open(_), _) => Some("system-out"),
        (Verdict::Crashed | Verdict::Stalled | Verdict::Garbled, _) => Some("error"),
        _ => Some("failure"),
    };
    Case {
        class: outcome.clause().to_owned(),
        name: format!("{} {}", outcome.vector.id, outcome.vector.title),
        element,
        kind: outcome.word().to_owned(),
        message: message(outcome),
        detail: detail(outcome, report),
    }
}

fn message(outcome: &Outcome) -> String {
    let want = || call::wanted(&outcome.vector.want, Limit(80));
    match (&outcome.verdict, &outcome.known) {
        (Verdict::Open(followed), None) if followed.is_empty() => "follows no alternative".to_owned(),
        (Verdict::Open(followed), None) => format!("follows {}", followed.join(", ")),
        (verdict, Some(reason)) if verdict.is_failure() => format!("known: {reason}"),
        (_, Some(reason)) => format!("a known failure passes: {reason}"),
        (_, None) => format!("want {}, got {}", want(), call::answered(&outcome.answer, Limit(80))),
    }
}

/// The lines that explain a failure.
fn detail(outcome: &Outcome, report: &Report) -> String {
    let limit = Limit(2000);
    let mut lines = vec![
        format!("call   {}", call::call(&outcome.vector, limit)),
        format!("want   {}", call::wanted(&outcome.vector.want, limit)),
        format!("got    {}", call::answered(&outcome.answer, limit)),
    ];
    lines.extend(call::difference(outcome, limit));
    let clauses = report.clauses.iter().filter(|clause| outcome.vector.clauses.contains(&clause.id));
    lines.extend(clauses.map(|clause| format!("{} {}  {}", clause.id, clause.text, clause.place)));
    lines.extend(explanation(outcome, report).map(|found| format!("looks like  {}", looks_like(found))));
    lines.push(format!("again  {}", again(&outcome.vector.id, report)));
    lines.join("\n")
}

impl Case {
    fn render(&self) -> String {
        let mut out =
            format!(r#"    <testcase classname="{}" name="{}" time="0""#, xml(&self.class), xml(&self.name));
        let (kind, message) = (xml(&self.kind), xml(&self.message));
        out += &match self.element {
            None => "/>\n".to_owned(),
            Some("skipped") => format!("><skipped message=\"{message}\"/></testcase>\n"),
            Some("system-out") => format!("><system-out>{message}</system-out></testcase>\n"),
            Some(element) => format!(
                "><{element} type=\"{kind}\" message=\"{message}\">{}</{element}></testcase>\n",
                xml(&self.detail)
            ),
        };
        out
    }
}

fn stale(stale: &Stale) -> String {
    let case = Case {
        class: "known failures".to_owned(),
        name: stale.id.clone(),
        element: Some("failure"),
        kind: "stale".to_owned(),
        message: "no vector has this id".to_owned(),
        detail: format!("remove {}:{}", stale.file, stale.line),
    };
    case.render()
}

/// Text for an element or an attribute. Characters that XML 1.0 forbids are among
/// those that do not show, and so are escapes by now; line ends are kept.
fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (number, line) in text.split('\n').enumerate() {
        if number > 0 {
            out.push('\n');
        }
        for c in printable(line).chars() {
            match c {
                '&' => out += "&amp;",
                '<' => out += "&lt;",
                '>' => out += "&gt;",
                '"' => out += "&quot;",
                c => out.push(c),
            }
        }
    }
    out
}
