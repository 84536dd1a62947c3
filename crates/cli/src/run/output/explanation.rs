//! Why the rule selects an event or not, as text and as JSON.

use rulespec::kql::{Dynamic, Type, tostring};
use rulespec::rule::explain::{Computed, Explanation, Finding, Occurrence};
use serde_json::{Value as Json, json};

use crate::run::summary::grouped;

/// How many arguments of a command line are shown before the last two.
const MAX_ARGUMENTS: usize = 40;

/// The explanation as lines of a card.
pub fn lines(explanation: &Explanation) -> Vec<(&'static str, String)> {
    let findings = explanation.findings.iter().enumerate().map(|(number, finding)| {
        let decides = explanation.decided_by.contains(&number);
        (if decides { "decides" } else { "also" }, predicate(finding))
    });
    let mut lines: Vec<(&'static str, String)> = findings.collect();
    if let Some(direction) = computed(explanation, "Direction").filter(|_| explanation.matched) {
        lines.extend(direction.condition.first().map(|finding| ("direction", chosen(direction, finding))));
    }
    lines.extend(arguments(explanation));
    lines
}

/// The explanation as JSON.
pub fn json(explanation: &Explanation) -> Json {
    let finding = |(number, finding): (usize, &Finding)| {
        json!({
            "predicate": finding.predicate,
            "holds": finding.holds,
            "decides": explanation.decided_by.contains(&number),
            "looked_at": finding.looked_at,
            "value": finding.value.to_json(),
            "absent_column": finding.absent,
            "found": finding.occurrence.as_ref().map(occurrence),
        })
    };
    json!({
        "matched": explanation.matched,
        "predicates": explanation.findings.iter().enumerate().map(finding).collect::<Json>(),
        "arguments": arguments_of(explanation).map(Dynamic::to_json),
        "remote_url": index(explanation, "RemoteUrl"),
        "local_file": index(explanation, "LocalFile"),
        "upload": computed(explanation, "Direction")
            .and_then(|direction| direction.condition.first()?.occurrence.as_ref())
            .map(occurrence),
    })
}

fn occurrence(occurrence: &Occurrence) -> Json {
    json!({"term": occurrence.term, "at": occurrence.at, "length": occurrence.length})
}

fn predicate(finding: &Finding) -> String {
    let holds = match finding.holds {
        Some(true) => "true",
        Some(false) => "false",
        None => "null",
    };
    format!("{} is {holds}: {}", finding.predicate, reason(finding))
}

fn reason(finding: &Finding) -> String {
    match (&finding.absent, &finding.occurrence) {
        (Some(column), _) => format!("the table has no column {column}"),
        (None, Some(found)) => format!("found {} at offset {}", found.term, found.at),
        // The card shows the command line in a line of its own.
        (None, None) if finding.looked_at == "ProcessCommandLine" => "no term found".to_owned(),
        (None, None) => format!("the value is \"{}\"", tostring(&finding.value, Type::Dynamic)),
    }
}

/// A column that the query computes.
fn computed<'a>(explanation: &'a Explanation, column: &str) -> Option<&'a Computed> {
    explanation.computed.iter().find(|computed| computed.column == column)
}

/// The index of the argument that a column is.
fn index(explanation: &Explanation, column: &str) -> Option<usize> {
    computed(explanation, column)?.element.as_ref()?.1
}

/// The first array of which another column is an element: the arguments of the command line.
fn arguments_of(explanation: &Explanation) -> Option<&Dynamic> {
    let mut arrays = explanation.computed.iter().filter_map(|computed| computed.element.as_ref());
    computed(explanation, &arrays.next()?.0).map(|array| &array.value)
}

/// The value of a column, and the predicate that chose it.
fn chosen(column: &Computed, finding: &Finding) -> String {
    let value = tostring(&column.value, Type::Dynamic);
    match &finding.occurrence {
        Some(found) => format!("{value}: found {} at offset {}", found.term, found.at),
        None => format!("{value}: {} not found", finding.terms.join(", ")),
    }
}

fn arguments(explanation: &Explanation) -> Vec<(&'static str, String)> {
    let arguments = match arguments_of(explanation) {
        None => return vec![],
        Some(Dynamic::Array(arguments)) => arguments,
        Some(_) => return vec![("arguments", "null".to_owned())],
    };
    let last = arguments.len().saturating_sub(2);
    let shown = arguments.iter().enumerate().filter(|(number, _)| *number < MAX_ARGUMENTS || *number >= last);
    let mut lines: Vec<String> = shown
        .map(|(number, argument)| {
            let text = tostring(argument, Type::Dynamic);
            format!("[{number}] \"{text}\"{}", role(explanation, number))
        })
        .collect();
    if let Some(hidden @ 1..) = last.checked_sub(MAX_ARGUMENTS) {
        lines.insert(MAX_ARGUMENTS, format!("… {} more", grouped(hidden as u64)));
    }
    let labels = std::iter::once("arguments").chain(std::iter::repeat(""));
    labels.zip(lines).collect()
}

/// The column that an argument is.
fn role(explanation: &Explanation, number: usize) -> String {
    let is_here = |computed: &&Computed| computed.element.as_ref().is_some_and(|(_, at)| *at == Some(number));
    let column = explanation.computed.iter().find(is_here).filter(|_| explanation.matched);
    column.map(|computed| format!(" = {}", computed.column)).unwrap_or_default()
}
