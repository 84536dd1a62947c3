//! A function or an operator.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json, json};

use super::{Sheet, Shown, clause_line, ids, vector_line};
use rulespec::Function;
use rulespec::query::OPERATORS;
use rulespec::query::function::{self, Parameter, Returns};
use rulespec::suite::{self, Clause, Vector};
use rulespec_check::misreading::{self, Misreading};

/// How many clauses, misreadings and vectors the text shows.
const MAX_SHOWN: usize = 10;

/// Shows the function or operator with this name: the clauses about it, their misreadings, and the
/// vectors that call it; of each, those that are closest come first. An operator of tables has no signature.
pub fn find(name: &str, clauses: &[Clause], vectors: &[Vector], all: bool) -> Option<Shown> {
    let signature = signature(name);
    let operator = OPERATORS.into_iter().find(|operator| operator.eq_ignore_ascii_case(name));
    let name = signature.as_ref().map(|signature| signature.name.as_str()).or(operator)?;
    let vectors: Vec<&Vector> = vectors.iter().filter(|vector| vector.r#fn == name).collect();
    let tested: BTreeSet<&String> = vectors.iter().flat_map(|vector| &vector.clauses).collect();
    let is_about = |clause: &&Clause| tested.contains(&clause.id) || mentions(&clause.text, name);
    let mut clauses: Vec<&Clause> = clauses.iter().filter(is_about).collect();
    clauses.sort_by_key(|clause| (!tested.contains(&clause.id), !mentions(&clause.text, name)));
    // The rule mentions functions, but its misreadings are not theirs.
    let is_close = |clause: &&&Clause| tested.is_empty() || tested.contains(&clause.id);
    let close: Vec<&str> = clauses.iter().filter(is_close).map(|clause| clause.id.as_str()).collect();
    let breaks = |misreading: &&Misreading| close.contains(&misreading.breaks);
    let mut misreadings: Vec<&Misreading> = misreading::all().iter().filter(breaks).collect();
    misreadings.sort_by_key(|misreading| !mentions(misreading.says, name));
    let mut sheet = Sheet::new(name, &headline(signature.as_ref()));
    let limit = if all { usize::MAX } else { MAX_SHOWN };
    let mut add = |label, lines: Vec<String>| {
        let more = lines.len().saturating_sub(limit);
        sheet.add(label, lines.into_iter().take(limit));
        sheet.add("", (more > 0).then(|| format!("{more} more: rulespec show --all {}", quoted(name))));
    };
    add("clauses", clauses.iter().map(|clause| clause_line(clause)).collect());
    add("misread", misreadings.iter().map(|one| format!("{}: {}", one.name, one.says)).collect());
    add("vectors", vectors.iter().map(|vector| vector_line(vector)).collect());
    let says = misreadings.iter().map(|misreading| (misreading.name.to_owned(), misreading.says.into()));
    let json = json!({
        "fn": name,
        "asked": name.parse::<Function>().is_ok(),
        "arguments": signature.as_ref().map(|signature| &signature.arguments),
        "answer": signature.as_ref().map(|signature| &signature.answer),
        "clauses": clauses.iter().map(|clause| clause.id.as_str()).collect::<Json>(),
        "misreadings": says.collect::<Map<String, Json>>(),
        "vectors": ids(vectors.into_iter()),
    });
    Some(Shown { text: sheet.0, json })
}

fn headline(signature: Option<&Signature>) -> String {
    match signature {
        Some(Signature { arguments, answer, .. }) => format!("({arguments}) -> {answer}"),
        None => "an operator of queries".to_owned(),
    }
}

fn quoted(name: &str) -> String {
    rulespec_check::report::text::shell_word(name)
}

/// Whether a text has a name in code, alone or with what follows it.
fn mentions(text: &str, name: &str) -> bool {
    let is_end = |rest: &str| !rest.starts_with(|c: char| c.is_alphanumeric() || "_-~=".contains(c));
    let code = text.split('`').skip(1).step_by(2);
    code.into_iter().any(|code| code.strip_prefix(name).is_some_and(is_end))
}

/// The name of a function, its arguments and its answer, in words.
pub struct Signature {
    name: String,
    pub arguments: String,
    pub answer: String,
}

/// The signature of a function that engines are asked to call, as chapter 80 has it, or else of one that
/// only queries call.
pub fn signature(name: &str) -> Option<Signature> {
    let asked = || {
        let function =
            Function::ALL.into_iter().find(|function| function.name().eq_ignore_ascii_case(name))?;
        of_chapter(function)
    };
    let of_query = || {
        let function = function::Function::all().find(|function| function.name.eq_ignore_ascii_case(name))?;
        Some(of_parameters(function))
    };
    asked().or_else(of_query)
}

fn of_chapter(function: Function) -> Option<Signature> {
    let files = suite::files();
    let (_, chapter) = files.iter().find(|(path, _)| path == "80-protocol.md")?;
    let row = format!("| `{function}` | ");
    let (arguments, answer) =
        chapter.lines().find_map(|line| line.strip_prefix(&row)?.strip_suffix(" |")?.split_once(" | "))?;
    Some(Signature { name: function.to_string(), arguments: arguments.to_owned(), answer: answer.to_owned() })
}

fn of_parameters(function: &function::Function) -> Signature {
    let expected = |parameter: &Parameter| parameter.expected().to_owned();
    let required = function.required.iter().map(expected);
    let optional = function.optional.iter().map(|parameter| format!("optionally {}", parameter.expected()));
    let rest = function.rest.iter().map(|parameter| format!("any number of: {}", parameter.expected()));
    let arguments: Vec<String> = required.chain(optional).chain(rest).collect();
    let answer = match function.returns {
        Returns::Type(r#type) => r#type.to_string(),
        Returns::Of(_) => "a type that depends on the arguments".to_owned(),
        Returns::Common(_) => "the common type of the arguments".to_owned(),
    };
    Signature { name: function.name.to_owned(), arguments: arguments.join(", "), answer }
}
