//! Why the rule selects an event or not, as text and as JSON.

use rulespec::kql::{Dynamic, Type, tostring};
use rulespec::rule::explain::{Explanation, Finding, Occurrence};
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
    if explanation.matched {
        lines.push(("direction", direction(explanation.upload.as_ref())));
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
        "arguments": explanation.arguments.to_json(),
        "remote_url": explanation.remote_url,
        "local_file": explanation.local_file,
        "upload": explanation.upload.as_ref().map(occurrence),
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

fn direction(upload: Option<&Occurrence>) -> String {
    match upload {
        Some(found) => format!("Upload: found {} at offset {}", found.term, found.at),
        None => "Download: /Upload not found".to_owned(),
    }
}

fn arguments(explanation: &Explanation) -> Vec<(&'static str, String)> {
    let Dynamic::Array(arguments) = &explanation.arguments else {
        return vec![("arguments", "null".to_owned())];
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

fn role(explanation: &Explanation, number: usize) -> &'static str {
    match number {
        _ if !explanation.matched => "",
        number if explanation.remote_url == Some(number) => " = RemoteUrl",
        number if explanation.local_file == Some(number) => " = LocalFile",
        _ => "",
    }
}
