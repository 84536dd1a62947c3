//! Is an engine wired to the protocol as it should be? Apart from conformance:
//! a wrong answer is no matter here, a missing one is.

use serde_json::{Value as Json, json};

use super::process::{End, Process};
use super::{Answer, Engine, Hello, Question, StartError};
use rulespec::Function;
use rulespec::rule::REQUIRED_COLUMNS;

/// One thing that was tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// What was to hold.
    pub what: String,
    /// Why it does not, where it does not.
    pub problem: Option<Problem>,
}

/// Why a check did not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What was seen instead; it may hold text of the engine's.
    pub seen: String,
    /// What can be done.
    pub remedy: &'static str,
}

/// How many calls are sent at once.
const AT_ONCE: usize = 1_000;

/// Tries an engine out, and ends it.
///
/// # Errors
///
/// Where it cannot be started, or its hello is not as it must be.
///
/// Spec: PRO-03, PRO-04, PRO-06, PRO-09, PRO-14
pub fn smoke(engine: &mut Process) -> Result<Vec<Check>, StartError> {
    let hello = engine.hello()?;
    let functions = functions(&hello);
    let name = format!("it starts and says hello, as {} {}", hello.engine, hello.version);
    let mut checks = vec![
        check(&name, Ok(())),
        check("it has a function of the specification", claims_something(&functions)),
    ];
    checks.extend(functions.iter().map(|function| {
        let (args, shape) = trivial_call(*function);
        let answer = engine.ask(function.name(), &args);
        check(&format!("it answers a call of {function}"), is_shaped(&answer, shape))
    }));
    for (what, sent, remedy) in round_trips() {
        if let Some((function, args)) = echo(&functions, &sent) {
            checks.push(check(what, comes_back(&engine.ask(function.name(), &args), &sent, remedy)));
        }
    }
    for (what, function, args) in out_of_range() {
        if functions.contains(&function) {
            checks.push(check(what, is_answer(&engine.ask(function.name(), &args))));
        }
    }
    if let Some(function) = functions.first() {
        let what = format!("it answers {AT_ONCE} calls that are sent without waiting");
        checks.push(check(&what, answers_many(engine, *function)));
    }
    checks.push(check("it ends with 0 when its standard input does", ends_well(engine.finish())));
    checks.push(check("it writes nothing but answers", writes_no_more(engine.strays())));
    Ok(checks)
}

fn check(what: &str, outcome: Result<(), Problem>) -> Check {
    Check { what: what.to_owned(), problem: outcome.err() }
}

fn functions(hello: &Hello) -> Vec<Function> {
    Function::ALL.into_iter().filter(|function| hello.has(function.name())).collect()
}

fn claims_something(functions: &[Function]) -> Result<(), Problem> {
    let remedy = "list functions in the answer to hello by the names KQL gives them";
    match functions {
        [] => Err(Problem { seen: "its hello lists none that is known".to_owned(), remedy }),
        _ => Ok(()),
    }
}

/// What kind of JSON value is due.
#[derive(Debug, Clone, Copy)]
enum Shape {
    Any,
    Bool,
    String,
    Whole,
    Array,
    Table,
}

impl Shape {
    fn fits(self, value: &Json) -> bool {
        match self {
            Self::Any => true,
            Self::Bool => value.is_boolean(),
            Self::String => value.is_string(),
            Self::Whole => value.is_i64(),
            Self::Array => value.is_array(),
            Self::Table => ["columns", "rows"].iter().all(|name| value.get(name).is_some_and(Json::is_array)),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Any => "a value",
            Self::Bool => "true or false",
            Self::String => "a string",
            Self::Whole => "a whole number",
            Self::Array => "an array",
            Self::Table => "a table, an object with columns and rows",
        }
    }
}

/// A call that any engine with the function should have an answer to.
fn trivial_call(function: Function) -> (Vec<Json>, Shape) {
    let table = json!({"columns": [{"name": "k", "type": "bool"}], "rows": [[true]]});
    let (args, shape) = match function {
        Function::EqCi | Function::Has => (json!(["a b", "a"]), Shape::Bool),
        Function::HasAny => (json!(["a b", ["a"]]), Shape::Bool),
        Function::ParseCommandLine => (json!(["a b", "windows"]), Shape::Array),
        Function::Element => (json!([["a"], 0]), Shape::Any),
        Function::ToString => (json!(["a"]), Shape::String),
        Function::IndexOf => (json!(["ab", "b"]), Shape::Whole),
        Function::Substring => (json!(["ab", 1]), Shape::String),
        Function::Iff => (json!([true, "a", "b"]), Shape::Any),
        Function::ColumnIfExists => (json!([{"k": "a"}, "k", "b"]), Shape::Any),
        Function::Where => (json!([table, "k"]), Shape::Table),
        Function::Extend => (json!([table, [["l", "k"]]]), Shape::Table),
        Function::ProjectReorder => (json!([["a", "b"], ["b"]]), Shape::Array),
        Function::BitsadminActivity => (json!([process_table()]), Shape::Table),
    };
    (args.as_array().cloned().unwrap_or_default(), shape)
}

/// The smallest table that the rule takes.
fn process_table() -> Json {
    let columns = REQUIRED_COLUMNS.map(|(name, r#type)| json!({"name": name, "type": r#type.as_str()}));
    json!({"columns": columns, "rows": []})
}

/// Values that must survive the way to an engine and back, and what to do where
/// they do not.
fn round_trips() -> [(&'static str, Json, &'static str); 4] {
    let escapes = json!("\t\n\r\"\\/\u{1}\u{1f}\u{7f}<b>&amp;\u{1b}[31m");
    let unicode = json!("é文\u{301}\u{2028}\u{feff}\u{fffd}😀");
    [
        ("null comes back as null", Json::Null, "write \"ok\": null, and tell null from a missing member"),
        ("escapes come back as they were", escapes, "read and write JSON by a library, not by hand"),
        ("Unicode comes back as it was", unicode, "read and write UTF-8, whatever the locale says"),
        (
            "whole numbers of 64 bits come back unrounded",
            json!(9_007_199_254_740_993_i64),
            "read whole numbers as such, not as doubles",
        ),
    ]
}

/// A call that gives back its argument as it is, of a function that is there.
fn echo(functions: &[Function], value: &Json) -> Option<(Function, Vec<Json>)> {
    let calls = [
        // KQL has both branches of one type.
        (Function::Iff, vec![json!(true), value.clone(), value.clone()]),
        (Function::Element, vec![json!([value]), json!(0)]),
        (Function::ColumnIfExists, vec![json!({"column": value}), json!("column"), json!("default")]),
        (Function::ToString, vec![value.clone()]),
        (Function::Substring, vec![value.clone(), json!(0)]),
    ];
    let is_of_texts = |function| [Function::ToString, Function::Substring].contains(&function);
    let echoes = |function| value.is_string() || !is_of_texts(function);
    calls.into_iter().find(|(function, _)| functions.contains(function) && echoes(*function))
}

fn out_of_range() -> [(&'static str, Function, Vec<Json>); 4] {
    let (least, most) = (json!(i64::MIN), json!(i64::MAX));
    [
        ("it outlives an index far too large", Function::Element, vec![json!(["a"]), most.clone()]),
        ("it outlives an index far too small", Function::Element, vec![json!(["a"]), least.clone()]),
        ("it outlives a substring far too long", Function::Substring, vec![json!("a"), most.clone(), most]),
        ("it outlives a substring far before the start", Function::Substring, vec![json!("a"), least]),
    ]
}

/// Spec: PRO-05
fn is_answer(answer: &Answer) -> Result<(), Problem> {
    let remedy = match answer {
        Answer::Value(_) | Answer::Error(_) => return Ok(()),
        Answer::Unsupported(_) => "list in the answer to hello only functions that are there",
        Answer::Crashed(_) => "catch what a call throws, and answer it with an error",
        Answer::Stalled(_) => "flush standard output after each answer",
        Answer::Garbled(_) => "print nothing but one answer a call, and debug output to standard error",
    };
    Err(Problem { seen: answer.to_string(), remedy })
}

fn is_shaped(answer: &Answer, shape: Shape) -> Result<(), Problem> {
    is_answer(answer)?;
    match answer {
        Answer::Value(value) if shape.fits(value) => Ok(()),
        Answer::Value(value) => {
            let seen = format!("the answer should be {}, and is {value}", shape.name());
            Err(Problem { seen, remedy: "see the table of functions in spec/README.md" })
        }
        other => Err(Problem { seen: other.to_string(), remedy: "see how the call's arguments are read" }),
    }
}

fn comes_back(answer: &Answer, sent: &Json, remedy: &'static str) -> Result<(), Problem> {
    is_answer(answer)?;
    match answer {
        Answer::Value(value) if value == sent => Ok(()),
        other => Err(Problem { seen: format!("{sent} came back as {other}"), remedy }),
    }
}

fn answers_many(engine: &mut Process, function: Function) -> Result<(), Problem> {
    let (args, _) = trivial_call(function);
    let function = function.name();
    let alone = engine.ask(function, &args);
    let (mut same, mut other) = (0, None);
    engine.ask_all(&[Question { function, args: &args }; AT_ONCE], &mut |_, answer| {
        if answer == alone {
            same += 1;
        } else {
            other = Some(answer);
        }
    });
    match other {
        None => Ok(()),
        Some(other) => {
            is_answer(&other)?;
            let seen = format!("{} calls were answered otherwise than alone: {other}", AT_ONCE - same);
            Err(Problem { seen, remedy: "answer each call by its own id" })
        }
    }
}

fn ends_well(end: End) -> Result<(), Problem> {
    let remedy = "leave the loop at the end of standard input, and exit with 0";
    match end {
        End::Exited(status) if status.success() => Ok(()),
        End::Exited(status) => Err(Problem { seen: format!("it ended with {status}"), remedy }),
        End::Killed => Err(Problem { seen: "it had to be killed".to_owned(), remedy }),
        End::NotRunning => Err(Problem { seen: "it ran no longer".to_owned(), remedy }),
    }
}

fn writes_no_more(strays: u64) -> Result<(), Problem> {
    let remedy = "print one line a call, and debug output to standard error";
    match strays {
        0 => Ok(()),
        more => Err(Problem { seen: format!("{more} lines were answers to nothing"), remedy }),
    }
}
