//! Command lines.

use rulespec::kql::{Profile, Step, explain_command_line, parse_command_line};
use serde_json::{Value as Json, json};

/// The arguments of a line, and its parts with the clauses that decided about them.
pub fn explain(line: &str) -> Json {
    let arguments = parse_command_line(line, "windows", &Profile::default());
    let steps: Json = explain_command_line(line).iter().map(step).collect();
    json!({"arguments": arguments.map(|arguments| arguments.to_json()).unwrap_or_default(), "steps": steps})
}

fn step(step: &Step) -> Json {
    let Step { text, gives, argument, clause, says } = step;
    json!({"text": text, "gives": gives, "argument": argument, "clause": clause, "says": says})
}
