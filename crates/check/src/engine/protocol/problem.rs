//! Why a line is not a certain message. The errors of serde are about our types.

use rulespec::json::from_slice;
use serde::de::IgnoredAny;
use serde_json::{Map, Value as Json};

use super::MAX_VALUES;

/// What a member must be: its name, the test, and the words for it.
type Member = (&'static str, fn(&Json) -> bool, &'static str);

const CALL: [Member; 3] = [
    ("id", Json::is_u64, "an integer from 0 to 2^63 - 1"),
    ("fn", Json::is_string, "a string"),
    ("args", Json::is_array, "an array"),
];
const HELLO: [Member; 2] = [("op", is_hello, "`hello`"), ("protocol", Json::is_u64, "a version number")];
const GREETING: [Member; 2] =
    [("engine", Json::is_string, "a string"), ("version", Json::is_string, "a string")];

/// Why a line is not a message to an engine.
pub(super) fn of_request(line: &[u8]) -> String {
    let message = match members(line) {
        Ok(message) => message,
        Err(problem) => return problem,
    };
    let has = |name: &str| message.contains_key(name);
    if has("op") && !has("fn") {
        first_of(&message, &HELLO)
    } else if has("fn") || has("id") || has("args") {
        first_of(&message, &CALL)
    } else {
        "neither a call, which has `id`, `fn` and `args`, nor hello".to_owned()
    }
}

/// Why a line is not an answer to hello.
pub(super) fn of_greeting(line: &[u8]) -> String {
    let message = match members(line) {
        Ok(message) => message,
        Err(problem) => return problem,
    };
    match message.get("functions") {
        Some(functions) if !is_list_of_names(functions) => {
            "`functions` is not an array of strings".to_owned()
        }
        _ => first_of(&message, &GREETING),
    }
}

fn is_hello(op: &Json) -> bool {
    op == "hello"
}

fn is_list_of_names(functions: &Json) -> bool {
    functions.is_null() || functions.as_array().is_some_and(|names| names.iter().all(Json::is_string))
}

fn members(line: &[u8]) -> Result<Map<String, Json>, String> {
    if let Err(error) = serde_json::from_slice::<IgnoredAny>(line) {
        return Err(format!("cannot be read as JSON: {error}"));
    }
    match from_slice(line, MAX_VALUES) {
        Ok(Json::Object(message)) => Ok(message),
        Ok(_) => Err("not a JSON object".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

/// The first member that is missing or wrong.
fn first_of(message: &Map<String, Json>, wanted: &[Member]) -> String {
    let problem = |(name, is_valid, kind): &Member| match message.get(*name) {
        None => Some(format!("`{name}` is missing; it must be {kind}")),
        Some(value) if !is_valid(value) => Some(format!("`{name}` is not {kind}")),
        Some(_) => None,
    };
    wanted.iter().find_map(problem).unwrap_or_else(|| "a member occurs twice".to_owned())
}
