//! A report as JUnit XML, which most CI systems can show.

use std::fmt::Write;

use super::call::{self, Limit};
use super::escape::xml;
use super::model::{Explained, Outcome, Report, Stale};
use super::wording::{again, engine, followed, looks_like, notes};
use crate::verdict::Verdict;

/// Renders a report as JUnit XML: one test case per vector, with the clause as its class.
///
/// Known failures and vectors whose functions the engine does not have are skipped tests, and open
/// points pass. If the engine gave no answer, the test case is an error; any other failure is a
/// failure.
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
    let explained = report.explained();
    let case = |outcome: &Outcome| case(outcome, report, &explained);
    let mut cases: Vec<Case> = report.outcomes.iter().map(case).collect();
    cases.extend(report.stale.iter().map(stale));
    let count = |element: &str| cases.iter().filter(|case| case.element == Some(element)).count();
    let counts = format!(
        r#"tests="{}" failures="{}" errors="{}" skipped="{}" time="{:.3}""#,
        cases.len(),
        count("failure"),
        count("error"),
        count("skipped"),
        report.took_ms as f64 / 1000.0
    );
    let engine = xml(&engine(report, 200));
    let date = xml(report.date.trim_end_matches('Z'));
    let mut out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned();
    _ = writeln!(out, r#"<testsuites name="rulespec" {counts}>"#);
    _ = writeln!(out, r#"  <testsuite name="{engine}" {counts} timestamp="{date}">"#);
    out.extend(cases.iter().map(Case::render));
    let notes = notes(report);
    if !notes.is_empty() {
        _ = writeln!(out, "    <system-out>{}</system-out>", xml(&notes.join("\n")));
    }
    out + "  </testsuite>\n</testsuites>\n"
}

/// One test case; its text is not yet escaped.
struct Case {
    class: String,
    name: String,
    /// The element inside; `None` for a plain pass.
    element: Option<&'static str>,
    kind: String,
    message: String,
    detail: String,
}

fn case(outcome: &Outcome, report: &Report, explained: &Explained<'_>) -> Case {
    let element = match (&outcome.verdict, &outcome.known) {
        (Verdict::Pass | Verdict::Open(_), Some(_)) => Some("failure"),
        (Verdict::NotAsked, _) => Some("error"),
        (_, Some(_)) | (Verdict::Unsupported, None) => Some("skipped"),
        (Verdict::Pass, None) => None,
        (Verdict::Open(_), None) => Some("system-out"),
        (Verdict::Crashed | Verdict::Stalled | Verdict::Garbled, None) => Some("error"),
        (Verdict::Fail | Verdict::Refused | Verdict::Accepted | Verdict::Flaky, None) => Some("failure"),
    };
    Case {
        class: outcome.clause().to_owned(),
        name: format!("{} {}", outcome.vector.id, outcome.vector.title),
        element,
        kind: outcome.word().to_owned(),
        message: message(outcome),
        detail: detail(outcome, report, explained),
    }
}

fn message(outcome: &Outcome) -> String {
    let limit = Limit(80);
    match (&outcome.verdict, &outcome.known) {
        (Verdict::Open(alternatives), None) => format!("follows {}", followed(alternatives)),
        (Verdict::Unsupported, _) => call::answered(&outcome.answer, Limit::SHORT),
        (verdict, Some(reason)) if verdict.is_failure() => format!("known: {reason}"),
        (_, Some(reason)) => format!("a known failure passes: {reason}"),
        (_, None) => format!(
            "want {}, got {}",
            call::wanted(&outcome.vector.want, limit),
            call::answered(&outcome.answer, limit)
        ),
    }
}

/// The lines that explain a failure.
fn detail(outcome: &Outcome, report: &Report, explained: &Explained<'_>) -> String {
    let limit = Limit(2000);
    let mut lines = vec![
        format!("call   {}", call::call(&outcome.vector, limit)),
        format!("want   {}", call::wanted(&outcome.vector.want, limit)),
    ];
    let answer = call::answer_lines(&outcome.answer, limit, true);
    lines.push(format!("got    {}", answer.join("\n       ")));
    lines.extend(call::differences(outcome, limit));
    let clauses = report.clauses_of(outcome);
    lines.extend(clauses.map(|clause| format!("{} {}  {}", clause.id, clause.text, clause.place)));
    lines.extend(explained.get(outcome).map(|found| format!("looks like  {}", looks_like(found))));
    lines.push(format!("again  {}", again(&outcome.vector.id, report)));
    lines.join("\n")
}

fn stale(stale: &Stale) -> Case {
    Case {
        class: "known failures".to_owned(),
        name: stale.id.clone(),
        element: Some("failure"),
        kind: "stale".to_owned(),
        message: "no vector has this id".to_owned(),
        detail: format!("remove {}:{}", stale.file, stale.line),
    }
}

impl Case {
    fn render(&self) -> String {
        let [class, name, kind, message, detail] =
            [&self.class, &self.name, &self.kind, &self.message, &self.detail].map(|text| xml(text));
        let body = match self.element {
            None => "/>".to_owned(),
            Some("skipped") => format!("><skipped message=\"{message}\"/></testcase>"),
            Some("system-out") => format!("><system-out>{message}</system-out></testcase>"),
            Some(element) => {
                format!("><{element} type=\"{kind}\" message=\"{message}\">{detail}</{element}></testcase>")
            }
        };
        format!("    <testcase classname=\"{class}\" name=\"{name}\" time=\"0\"{body}\n")
    }
}
