//! Queries over a table of texts.

use arbitrary::{Result, Unstructured};
use rulespec::kql::Type;
use rulespec::query::Function;
use rulespec::query::function::{Parameter, Returns};
use serde_json::{Value as Json, json};

use super::style::Style;
use super::terms;

/// A query that calls a function of texts for each row of a table, and the table.
pub(super) fn query_and_tables<S: Style>(bytes: &mut Unstructured<'_>) -> Result<[Json; 2]> {
    let functions: Vec<&Function> = Function::all().filter(|function| is_of_texts(function)).collect();
    let function = bytes.choose(&functions)?;
    let mut rows = vec![];
    for _ in 0..bytes.int_in_range(1..=3)? {
        rows.push(terms::text_and_term::<S>(bytes)?);
    }
    let columns = ["a", "b"].map(|name| json!({"name": name, "type": Type::String}));
    let query = match call(function) {
        (call, Returns::Type(Type::Bool)) if bytes.ratio(1, 2)? => format!("T | where {call}"),
        (call, _) => format!("T | project answer = {call}"),
    };
    Ok([json!(query), json!({"T": {"columns": columns, "rows": rows}})])
}

/// Whether a function needs one to three arguments, and all of them can be strings.
fn is_of_texts(function: &Function) -> bool {
    let accepts_text =
        |parameter: Option<Parameter>| parameter.is_some_and(|parameter| parameter.accepts(Type::String));
    let is_constant = ["parse_command_line", "column_ifexists"];
    let takes_columns = function.check.is_none_or(|check| check(&[None, None]).is_ok());
    takes_columns
        && (1..=3).contains(&function.required.len())
        && (0..function.required.len())
            .all(|index| accepts_text(function.parameter(index, function.required.len())))
        && !is_constant.contains(&function.name)
        && returned(function).is_some()
}

/// The type of the result for strings, if there is one.
fn returned(function: &Function) -> Option<Returns> {
    match function.returns {
        Returns::Of(of) => of(&vec![Type::String; function.required.len()]).ok().map(Returns::Type),
        returns => Some(returns),
    }
}

/// A call of a function with the columns of the table, and the type of its result.
fn call(function: &Function) -> (String, Returns) {
    let name = function.name;
    let call = match (name, function.required.len()) {
        ("[]", _) => "parse_json(a)[b]".to_owned(),
        (_, 1) if name.starts_with(|c: char| c.is_ascii_alphabetic()) && function.rest.is_none() => {
            format!("{name}(a)")
        }
        ("in" | "!in" | "in~" | "!in~" | "has_any" | "has_all", _) => format!("a {name} (b, 'x')"),
        (_, 3) => format!("{name}(a, b, 'x')"),
        (_, _) if rulespec::query::syntax::is_operator(name) => format!("a {name} b"),
        (_, _) => format!("{name}(a, b)"),
    };
    (call, returned(function).unwrap_or(function.returns))
}
