//! The reference as functions for a browser. Requests and results are JSON; what they mean is defined
//! by the libraries.

mod command_line;
mod difference;
mod engines;
mod event;
mod lookup;
mod rule;

use rulespec::kql::{Column, Type};
use rulespec_check::engine::{Reference, serve};
use serde_json::{Value as Json, json};
use wasm_bindgen::prelude::wasm_bindgen;

/// Answers one message of the protocol of chapter 80, as `rulespec serve` does.
#[wasm_bindgen]
pub fn ask(message: &str) -> String {
    let mut answer = vec![];
    let mut problem = None;
    let served = serve(&mut Reference::default(), message.as_bytes(), &mut answer, &mut |_, why| {
        problem = Some(why.to_owned());
    });
    match problem.or(served.err().map(|error| error.to_string())) {
        Some(problem) => json!({ "error": problem }).to_string(),
        None => String::from_utf8_lossy(&answer).trim_end().to_owned(),
    }
}

/// The arguments of a command line, and which clause decided about each part of it.
#[wasm_bindgen]
pub fn command_line(line: &str) -> String {
    command_line::explain(line).to_string()
}

/// Whether a text operator finds lookups in a text, and where. The lookups are a JSON array of strings.
#[wasm_bindgen]
pub fn look_up(operator: &str, text: &str, lookups: &str) -> String {
    let lookups: Vec<String> = serde_json::from_str(lookups).unwrap_or_default();
    lookup::look_up(operator, text, &lookups).to_string()
}

/// The operators of `look_up`: for each, whether it compares terms, and whether it takes a list.
#[wasm_bindgen]
pub fn operators() -> String {
    lookup::operators().to_string()
}

/// What recorded engines would answer to a call. The arguments are a JSON array.
#[wasm_bindgen]
pub fn engines(function: &str, arguments: &str) -> String {
    let arguments: Vec<Json> = serde_json::from_str(arguments).unwrap_or_default();
    engines::answers(function, &arguments).to_string()
}

/// The columns of DeviceProcessEvents, with their types.
#[wasm_bindgen]
pub fn columns() -> String {
    rule::COLUMNS.to_owned()
}

/// An event with an empty column more, or why it is none.
#[wasm_bindgen]
pub fn add_column(event: &str, name: &str, r#type: &str) -> String {
    let r#type = Type::from_name(r#type).unwrap_or(Type::Dynamic);
    match event::with_column(event, name, r#type) {
        Ok(event) => json!({ "event": event }).to_string(),
        Err(error) => json!({ "error": error }).to_string(),
    }
}

/// The text of the rule that is specified.
#[wasm_bindgen]
pub fn original() -> String {
    rulespec::rule::Rule::bitsadmin_activity().text().to_owned()
}

/// What is wrong with a rule; if nothing is, whether it selects an event, and why. The event is a
/// JSON object of columns; `absent` is a JSON array of columns that the table does not have, and `columns`
/// one of columns, with types, that it has besides those of DeviceProcessEvents.
#[wasm_bindgen]
pub fn run_rule(text: &str, event: &str, absent: &str, columns: &str) -> String {
    let absent: Vec<String> = serde_json::from_str(absent).unwrap_or_default();
    let columns: Vec<Column> = serde_json::from_str(columns).unwrap_or_default();
    rule::run(text, event, &absent, &columns).to_string()
}

/// The difference between a rule and the original. `columns` is a JSON array of the columns that events
/// have besides those of DeviceProcessEvents. `each` is called with each finding when it is found.
#[wasm_bindgen]
pub fn compare(text: &str, columns: &str, cases: u32, seconds: u32, each: &js_sys::Function) -> String {
    let columns = serde_json::from_str(columns).unwrap_or_default();
    difference::compare(text, columns, cases, seconds, &mut |finding| {
        // A page that fails to show a finding still gets the result.
        _ = each.call1(&wasm_bindgen::JsValue::NULL, &finding.into());
    })
    .to_string()
}
