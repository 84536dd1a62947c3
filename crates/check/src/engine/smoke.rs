//! A smoke test: whether an engine implements the protocol correctly.
//!
//! Wrong answers do not matter here, only missing ones and those of the wrong type.

use serde_json::{Value as Json, json};

use super::process::{End, Process};
use super::{Answer, Engine, Question, StartError};
use crate::bounded::shortened;
use crate::rule_columns::RuleColumns;
use crate::verdict::{is_same, json_eq};
use rulespec::Function;
use rulespec::rule::Rule;

/// One step of the smoke test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// What is expected.
    pub what: String,
    /// Why the engine fails the check, if it does.
    pub problem: Option<Problem>,
}

/// Why an engine fails a check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What happened instead. It may contain untrusted text from the engine.
    pub seen: String,
    /// What to change in the engine.
    pub remedy: &'static str,
}

/// How many characters are kept of what happened.
const MAX_SEEN: usize = 2_000;
/// How many calls are sent without waiting for answers.
const CALLS_AT_ONCE: usize = 1_000;

/// Runs the smoke test on an engine, and ends the engine.
///
/// # Errors
///
/// Returns an error if the engine cannot be started or does not answer hello.
///
/// Spec: PRO-03, PRO-04, PRO-06, PRO-09, PRO-14
pub fn smoke(engine: &mut Process) -> Result<Vec<Check>, StartError> {
    let hello = engine.hello()?;
    let functions: Vec<Function> =
        Function::ALL.into_iter().filter(|function| hello.has(function.name())).collect();
    let mut checks = vec![
        check(&format!("it answers hello as {} {}", hello.engine, hello.version), Ok(())),
        check("it has a function of the specification", lists_a_function(&functions)),
    ];
    checks.extend(functions.iter().map(|function| {
        let (args, result_type) = simple_call(*function);
        let answer = engine.ask(function.name(), &args);
        check(&format!("it answers a call to {function}"), has_type(&answer, result_type))
    }));
    for (what, value, remedy) in round_trips() {
        if let Some((function, args)) = echo(&functions, &value) {
            let answer = engine.ask(function.name(), &args);
            let what = format!("{what} survive a round trip");
            checks.push(check(&what, is_unchanged(&answer, &value, remedy)));
        }
    }
    for (what, function, args) in out_of_range() {
        if functions.contains(&function) {
            let answer = engine.ask(function.name(), &args);
            checks.push(check(&format!("it survives {what}"), is_answer(&answer)));
        }
    }
    if let Some(function) = functions.first() {
        let what = format!("it answers {CALLS_AT_ONCE} calls that are sent without waiting");
        checks.push(check(&what, answers_many(engine, *function)));
    }
    checks.push(check("it exits with 0 at the end of its standard input", exits(engine.finish())));
    checks.push(check("it writes nothing but answers", writes_only_answers(engine.strays())));
    Ok(checks)
}

fn check(what: &str, outcome: Result<(), Problem>) -> Check {
    let cut = |Problem { seen, remedy }| Problem { seen: shortened(seen, MAX_SEEN), remedy };
    Check { what: what.to_owned(), problem: outcome.err().map(cut) }
}

fn lists_a_function(functions: &[Function]) -> Result<(), Problem> {
    let remedy = "list functions by their KQL names in the answer to hello";
    match functions {
        [] => Err(Problem { seen: "its hello lists no known function".to_owned(), remedy }),
        _ => Ok(()),
    }
}

/// The expected type of an answer.
#[derive(Debug, Clone, Copy)]
enum ResultType {
    Any,
    Bool,
    String,
    Integer,
    Array,
    Table,
}

impl ResultType {
    fn matches(self, value: &Json) -> bool {
        match self {
            Self::Any => true,
            Self::Bool => value.is_boolean(),
            Self::String => value.is_string(),
            Self::Integer => value.is_i64(),
            Self::Array => value.is_array(),
            Self::Table => ["columns", "rows"].iter().all(|name| value.get(name).is_some_and(Json::is_array)),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Any => "a value",
            Self::Bool => "true or false",
            Self::String => "a string",
            Self::Integer => "an integer",
            Self::Array => "an array",
            Self::Table => "a table: an object with columns and rows",
        }
    }
}

/// A call that any engine with the function should be able to answer.
fn simple_call(function: Function) -> (Vec<Json>, ResultType) {
    let table = json!({"columns": [{"name": "k", "type": "bool"}], "rows": [[true]]});
    let (args, result_type) = match function {
        Function::EqCi | Function::Has => (json!(["a b", "a"]), ResultType::Bool),
        Function::HasAny => (json!(["a b", ["a"]]), ResultType::Bool),
        Function::ParseCommandLine => (json!(["a b", "windows"]), ResultType::Array),
        Function::Element => (json!([["a"], 0]), ResultType::Any),
        Function::ToString => (json!(["a"]), ResultType::String),
        Function::IndexOf => (json!(["ab", "b"]), ResultType::Integer),
        Function::Substring => (json!(["ab", 1]), ResultType::String),
        Function::Iff => (json!([true, "a", "b"]), ResultType::Any),
        Function::ColumnIfExists => (json!([{"k": "a"}, "k", "b"]), ResultType::Any),
        Function::Where => (json!([table, "k"]), ResultType::Table),
        Function::Extend => (json!([table, [["l", "k"]]]), ResultType::Table),
        Function::ProjectReorder => (json!([["a", "b"], ["b"]]), ResultType::Array),
        Function::BitsadminActivity => (json!([process_table()]), ResultType::Table),
        Function::Query => (json!(["T | where k", {"T": table}]), ResultType::Table),
    };
    (args.as_array().cloned().unwrap_or_default(), result_type)
}

/// The smallest table that the rule accepts.
fn process_table() -> Json {
    let RuleColumns { required, .. } = RuleColumns::of(Rule::bitsadmin_activity());
    json!({"columns": required, "rows": []})
}

/// Values that must survive a round trip to the engine, and the remedies if they do not.
fn round_trips() -> [(&'static str, Json, &'static str); 4] {
    let escapes = json!("\t\n\r\"\\/\u{1}\u{1f}\u{7f}<b>&amp;\u{1b}[31m");
    let unicode = json!("é文\u{301}\u{2028}\u{feff}\u{fffd}😀");
    [
        ("nulls", Json::Null, "write \"ok\": null, and distinguish null from a missing member"),
        ("escapes", escapes, "read and write JSON with a library"),
        ("non-ASCII characters", unicode, "read and write UTF-8, whatever the locale"),
        ("64-bit integers", json!(9_007_199_254_740_993_i64), "parse integers as integers, not as doubles"),
    ]
}

/// A call that returns its argument unchanged, of a function that the engine has.
fn echo(functions: &[Function], value: &Json) -> Option<(Function, Vec<Json>)> {
    let any_type = [
        // KQL requires both branches to have the same type.
        (Function::Iff, vec![json!(true), value.clone(), value.clone()]),
        (Function::Element, vec![json!([value]), json!(0)]),
        (Function::ColumnIfExists, vec![json!({"column": value}), json!("column"), json!("default")]),
    ];
    let strings =
        [(Function::ToString, vec![value.clone()]), (Function::Substring, vec![value.clone(), json!(0)])];
    let strings = strings.into_iter().filter(|_| value.is_string());
    any_type.into_iter().chain(strings).find(|(function, _)| functions.contains(function))
}

fn out_of_range() -> [(&'static str, Function, Vec<Json>); 4] {
    let (min, max) = (json!(i64::MIN), json!(i64::MAX));
    [
        ("an index far too large", Function::Element, vec![json!(["a"]), max.clone()]),
        ("an index far too small", Function::Element, vec![json!(["a"]), min.clone()]),
        ("a substring far too long", Function::Substring, vec![json!("a"), max.clone(), max]),
        ("a substring far before the start", Function::Substring, vec![json!("a"), min]),
    ]
}

/// Spec: PRO-05
fn is_answer(answer: &Answer) -> Result<(), Problem> {
    let remedy = match answer {
        Answer::Value(_) | Answer::Error(_) | Answer::Excerpt(_) => return Ok(()),
        Answer::Unsupported(_) => "list only functions that exist in the answer to hello",
        Answer::Crashed(_) => "catch exceptions of a call, and answer with an error",
        Answer::Stalled(_) => "flush standard output after each answer",
        Answer::Retried { .. } => "find out why it failed the first time",
        Answer::NotAsked(_) => "mend the problems above first, or allow more time",
        Answer::Garbled(_) => "print one answer per call, and debug output to standard error",
    };
    Err(Problem { seen: answer.to_string(), remedy })
}

fn has_type(answer: &Answer, result_type: ResultType) -> Result<(), Problem> {
    is_answer(answer)?;
    match answer {
        Answer::Value(value) if result_type.matches(value) => Ok(()),
        Answer::Value(value) => {
            let seen = format!("the answer should be {}, but is {value}", result_type.name());
            Err(Problem { seen, remedy: "see the table of functions in spec/80-protocol.md" })
        }
        other => Err(Problem { seen: other.to_string(), remedy: "check how the arguments are read" }),
    }
}

fn is_unchanged(answer: &Answer, value: &Json, remedy: &'static str) -> Result<(), Problem> {
    is_answer(answer)?;
    match answer {
        Answer::Value(returned) if json_eq(returned, value) => Ok(()),
        other => Err(Problem { seen: format!("{value} came back as {other}"), remedy }),
    }
}

fn answers_many(engine: &mut Process, function: Function) -> Result<(), Problem> {
    let (args, _) = simple_call(function);
    let function = function.name();
    let expected = engine.ask(function, &args);
    let mut others = 0;
    let mut last_other = None;
    engine.ask_all(&[Question { function, args: &args }; CALLS_AT_ONCE], &mut |_, answer| {
        if !is_same(&answer, &expected) {
            others += 1;
            last_other = Some(answer);
        }
    });
    let Some(last) = last_other else { return Ok(()) };
    is_answer(&last)?;
    let seen = format!("{others} calls got another answer than the first call: {last}");
    Err(Problem { seen, remedy: "give each answer the id of its call" })
}

fn exits(end: End) -> Result<(), Problem> {
    let seen = match end {
        End::Exited(status) if status.success() => return Ok(()),
        End::Exited(status) => format!("it ended with {status}"),
        End::Killed => "it had to be killed".to_owned(),
        End::NotRunning => "it was no longer running".to_owned(),
    };
    Err(Problem { seen, remedy: "leave the loop at the end of standard input, and exit with 0" })
}

fn writes_only_answers(strays: u64) -> Result<(), Problem> {
    let remedy = "print one line per call, and debug output to standard error";
    match strays {
        0 => Ok(()),
        count => Err(Problem { seen: format!("{count} lines belong to no call"), remedy }),
    }
}
