//! The clauses of chapters 10 to 55, with a test each.

mod command_line;
mod dynamic;
mod patterns;
mod query;
mod strings;
mod table;
mod terms;
mod text;
mod times;
mod values;

use rulespec::kql::{Error, Semantics, Table};
use rulespec::query::{Context, Query, Schemas};
use serde_json::Value as Json;

/// The result of a query that reads no table. `now()` is 2026-01-02T03:04:05Z.
fn rows(query: &str) -> Result<Json, Error> {
    let kql = Semantics::default();
    let context = Context { kql: &kql, now: "2026-01-02T03:04:05Z".parse().unwrap() };
    let bound = query.parse::<Query>()?.bind(&Schemas::new(), context)?;
    Ok(bound.run(&Table::default(), context)?.to_json()["rows"].take())
}

/// The value of an expression, or the kind of its error.
fn value(expression: &str) -> Json {
    match rows(&format!("print answer = {expression}")) {
        Ok(mut rows) => rows[0][0].take(),
        Err(error) => error.kind().as_str().into(),
    }
}

/// Asserts the values of expressions.
fn assert_values<const N: usize>(cases: [(&str, Json); N]) {
    for (expression, expected) in cases {
        assert_eq!(value(expression), expected, "{expression}");
    }
}
