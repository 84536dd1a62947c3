//! What rules say, as values: explanations, entities, problems and schedules.

use rulespec::kql::Dynamic;
use rulespec::query::{Diagnostics, Span};
use rulespec::rule::explain::{Computed, Finding, Occurrence};
use rulespec::rule::schedule::{Schedule, TriggerOperator};
use rulespec::rule::{Entity, Explanation, Problem};

/// An object with these members.
fn bag<const N: usize>(members: [(&str, Dynamic); N]) -> Dynamic {
    Dynamic::Bag(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

fn text(text: &str) -> Dynamic {
    text.into()
}

fn number(number: usize) -> Dynamic {
    i64::try_from(number).ok().into()
}

/// The line and the column of a place in the text of a rule, as two members.
fn place(span: Option<Span>, rule: &str) -> [(&'static str, Dynamic); 2] {
    let place = span.map(|span| span.line_and_column(rule));
    [
        ("line", place.map(|(line, _)| number(line)).into()),
        ("column", place.map(|(_, column)| number(column)).into()),
    ]
}

/// Why a query cannot be run.
pub fn diagnostics(diagnostics: &Diagnostics, rule: &str) -> Dynamic {
    let described = diagnostics.all().iter().map(|diagnostic| {
        let [line, column] = place(Some(diagnostic.span), rule);
        let help = diagnostic.help.as_deref().into();
        let (kind, message) = (text(diagnostic.kind.as_str()), text(&diagnostic.message));
        bag([("kind", kind), ("message", message), line, column, ("help", help)])
    });
    Dynamic::Array(described.collect())
}

/// What is wrong with a rule besides its query.
pub fn problems(problems: &[Problem], rule: &str) -> Dynamic {
    let described = problems.iter().map(|problem| {
        let [line, column] = place(problem.span, rule);
        let help = problem.help.as_deref().into();
        bag([("message", text(&problem.message)), line, column, ("help", help)])
    });
    Dynamic::Array(described.collect())
}

/// An entity with its identifiers.
pub fn entity(entity: Entity) -> Dynamic {
    let identifiers = entity.identifiers.into_iter();
    let identifiers = identifiers.map(|(name, value)| (name.to_string(), Dynamic::String(value)));
    bag([("type", text(&entity.kind)), ("identifiers", Dynamic::Bag(identifiers.collect()))])
}

/// When a rule runs.
pub fn schedule(schedule: Schedule) -> Dynamic {
    let operator = match schedule.operator() {
        TriggerOperator::GreaterThan => "gt",
        TriggerOperator::LessThan => "lt",
        TriggerOperator::Equal => "eq",
        TriggerOperator::NotEqual => "ne",
    };
    bag([
        ("frequency", Dynamic::Timespan(schedule.frequency())),
        ("period", Dynamic::Timespan(schedule.period())),
        ("operator", text(operator)),
        ("threshold", Dynamic::Long(schedule.threshold().into())),
    ])
}

/// Why a rule selects a row or not.
pub fn explanation(explanation: &Explanation, rule: &str) -> Dynamic {
    let findings = explanation.findings.iter().enumerate();
    let findings =
        findings.map(|(index, found)| finding(found, explanation.decided_by.contains(&index), rule));
    bag([
        ("matched", Dynamic::Bool(explanation.matched)),
        ("findings", Dynamic::Array(findings.collect())),
        ("computed", Dynamic::Array(explanation.computed.iter().map(computed).collect())),
    ])
}

fn finding(finding: &Finding, decides: bool, rule: &str) -> Dynamic {
    let [line, column] = place(Some(finding.span), rule);
    bag([
        ("predicate", text(&finding.predicate)),
        ("holds", finding.holds.into()),
        ("decides", Dynamic::Bool(decides)),
        ("operand", text(&finding.looked_at)),
        ("value", finding.value.clone()),
        ("absent", finding.absent.as_deref().into()),
        ("terms", Dynamic::strings(finding.terms.iter().cloned())),
        ("occurrence", finding.occurrence.as_ref().map(occurrence).into()),
        line,
        column,
    ])
}

fn occurrence(found: &Occurrence) -> Dynamic {
    bag([("term", text(&found.term)), ("at", number(found.at)), ("length", number(found.length))])
}

fn computed(computed: &Computed) -> Dynamic {
    bag([("column", text(&computed.column)), ("value", computed.value.clone())])
}
